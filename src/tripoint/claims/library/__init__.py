"""Claim files that ship with the package, and one to begin with."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

from tripoint import states
from tripoint.errors import InputError, unknown


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


def new_file(a: str, b: str, *, on: date) -> str:
    """A commented claim file about two states, as TOML; raises ``InputError`` where they are one."""
    one, other = states.find(a), states.find(b)
    if one.id == other.id:
        raise InputError(f"'{a}' and '{b}' are the same state; name two")
    text = (resources.files("tripoint.claims") / "library" / "template.txt").read_text("utf-8")
    return text.format(
        title=f"{one.name} and {other.name}",
        day=on.isoformat(),
        name_a=one.name,
        name_b=other.name,
        a=one.id,
        b=other.id,
        last=on.year - 1,
        next=on.year + 1,
        **{"from": on.year - 4},
    )
