"""Claim files that ship with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from tripoint.errors import unknown


def shipped(name: str) -> Path:
    """Path of a claim file that ships with the package; raises ``UnknownNameError`` for another name."""
    known = {path.stem: path for path in library()}
    if name not in known:
        raise unknown("claim file", name, known)
    return known[name]


def library() -> tuple[Path, ...]:
    """Paths of the claim files that ship with the package, sorted by name."""
    folder = Path(str(resources.files("tripoint.claims") / "library"))
    return tuple(sorted(p for p in folder.glob("*.toml") if not p.stem.endswith(".counts")))
