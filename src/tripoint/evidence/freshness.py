"""How long what a source said last may be taken to hold: shelf lives by kind, and whether a tie is in force on a day.

The shelf lives stand with their reasons in ``evidence/freshness.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal

from tripoint.record import KINDS

#: Kinds of event that go on where no end is known.
ONGOING = ("war", "troop support")
#: Days of a year of shelf life.
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class ShelfLife:
    """How long what a source said last of a kind may be taken to hold, and why.

    Attributes
    ----------
    years
        Years after the last day on which a tie was observed.
    term
        Whether a tie that states its own term is over when that is.
    because
        The reason, in words.
    """

    years: float
    term: bool
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a tie is in force on a day, as far as anyone has looked.

    Attributes
    ----------
    state
        ``in force``, ``ended``, ``not begun``, or ``not known``: seen in force, longer ago than its kind allows.
    seen
        Last day on which it was observed to be in force.
    until
        Last day to which it may be taken to hold; its own end where that is known.
    """

    state: Literal["in force", "ended", "not begun", "not known"]
    seen: date | None
    until: date | None

    @property
    def words(self) -> str:
        """The standing as an answer prints it: ``in force, last seen 2023-11``."""
        if self.state == "in force":
            return f"in force, last seen {self.seen:%Y-%m}" if self.seen else "in force"
        if self.state == "not known":
            return f"not known since {self.seen:%Y-%m}" if self.seen else "not known"
        return f"ended {self.until:%Y-%m}" if self.state == "ended" and self.until else self.state


@cache
def _shelf_lives() -> Mapping[str, ShelfLife]:
    text = (resources.files("tripoint.evidence") / "freshness.toml").read_text("utf-8")
    return {
        kind: ShelfLife(float(row["years"]), bool(row.get("term")), row["because"])
        for kind, row in tomllib.loads(text).items()
    }


def shelf_life(kind: str) -> ShelfLife:
    """How long what was last said of a kind may be taken to hold; see ``evidence/freshness.toml``."""
    return _shelf_lives().get(kind) or _shelf_lives()["default"]


def lasts(kind: str) -> bool:
    """Whether a fact of the kind without an end goes on: a standing tie, a war, troops beside another's."""
    return KINDS[kind].table == "commitments" or kind in ONGOING


def holds_to(fact: Mapping[str, Any], seen: date | None) -> date | None:
    """Last day to which a tie without an end may be taken to hold."""
    life = shelf_life(fact["kind"])
    if life.term and fact.get("term") and fact.get("start") and not fact.get("renewed"):
        return _day(fact["start"] + timedelta(days=round(fact["term"] * _YEAR / 12)))
    return _day(seen + timedelta(days=round(life.years * _YEAR))) if seen else None


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a day")
    return value
