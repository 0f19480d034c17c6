"""Claim files that ship with the package, and the questions asked of any pair."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

from tripoint import states
from tripoint.claims.files import ClaimFile, parse_claims
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
    return tuple(sorted(p for p in folder.glob("*.toml") if p.stem != "pair"))


def pair_claims(a: str, b: str, *, as_of: date) -> ClaimFile:
    """The claims that are asked of any two states, filled in for these two.

    The two take their places in the order of their ids, so that naming them the other way round gives the same brief.
    """
    one, other = sorted((states.find(a), states.find(b)), key=lambda s: s.id)
    if one.id == other.id:
        raise InputError(f"'{a}' and '{b}' are the same state; name two")
    text = (resources.files("tripoint.claims") / "library" / "pair.toml").read_text("utf-8")
    year = as_of.year
    for mark, value in (
        ("{A}", one.id),
        ("{B}", other.id),
        ("{name_a}", one.name),
        ("{name_b}", other.name),
        ("{date}", as_of.isoformat()),
        ("{now}", str(year)),
        ("{-1}", str(year - 1)),
        ("{-2}", str(year - 2)),
        ("{-5}", str(year - 5)),
        ("{-6}", str(year - 6)),
        ("{-10}", str(year - 10)),
        ("{-11}", str(year - 11)),
        ("{-20}", str(year - 20)),
    ):
        text = text.replace(mark, value)
    return parse_claims(text, name="pair.toml")
