"""The table of states: one row a spell, read once and kept.

A row of ``spells.csv`` is a phase of a state: the years in which one id went by one name with one set of codes.
Its three pairs of dates are the days on which the Correlates of War (``cow``), Gleditsch and Ward (``gw``) and
the United Nations (``un``, the seat) count it in. The pairs differ, and any of them may be empty.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

Membership = Literal["cow", "gw", "un"]
MEMBERSHIPS: tuple[Membership, ...] = ("cow", "gw", "un")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` to ``end``, both included; ``date.max`` is still running."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        """Say whether ``day`` falls in the span."""
        return self.start <= day <= self.end

    def days_in(self, year: int) -> int:
        """Count the days of ``year`` in the span [days]."""
        first, last = max(self.start, date(year, 1, 1)), min(self.end, date(year, 12, 31))
        return max((last - first).days + 1, 0)


@dataclass(frozen=True, slots=True)
class Phase:
    """One row of the table.

    ``codes`` maps a system to the row's code there and the other codes accepted for it; ``spans`` maps a system
    to its days, and ``none`` to the days of a state that no system counts.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]
    spans: dict[str, Span]
    continues: str | None
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    capital: str
    lat: float
    lon: float
    region: str
    continent: str

    @property
    def span(self) -> Span:
        """First to last day over all systems."""
        return Span(min(s.start for s in self.spans.values()), max(s.end for s in self.spans.values()))


#: Names that take the article in a sentence.
_WITH_ARTICLE = re.compile(
    r"(Islands|Republic|Union|Emirates|Kingdom|States?|Empire)$|^(Federal|Democratic|German Democratic) Republic\b"
    r"|^(Netherlands|Philippines|Bahamas|Maldives|Gambia|Comoros|Seychelles|Holy See|Two Sicilies)$"
)


@dataclass(frozen=True, slots=True)
class State:
    """A state as it was at the time asked about.

    Attributes
    ----------
    id
        ISO3-like id, unique among present and past states.
    name, aliases
        English short name in that phase, and other names of any phase.
    cow, gw
        Correlates of War and Gleditsch-Ward numbers, or None where that system never counted it.
    un
        UN Digital Library code as of the vote, or None for a state that never had the seat.
    iso3, iso2, iso_num, sipri
        ISO 3166 codes (withdrawn ones for former states), and SIPRI's own three letters where known.
    start, end
        First and last day over all phases and systems (1816-01-01 also where it is older); ``end`` is None
        while the state lasts.
    spells
        (system, code, first day, last day or None) for every spell in the three systems.
    continues
        Id whose international personality this one carried on, if another's.
    predecessors, successors
        Ids that the state was formed from, and that were formed from it.
    capital, lat, lon
        Seat of government at that time, and its position [degrees, WGS 84].
    region, continent
        As the UN geoscheme draws them.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    cow: int | None
    gw: int | None
    un: str | None
    iso3: str | None
    iso2: str | None
    iso_num: str | None
    sipri: str | None
    start: date
    end: date | None
    spells: tuple[tuple[Membership, str, date, date | None], ...]
    continues: str | None
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    capital: str
    lat: float
    lon: float
    region: str
    continent: str

    @property
    def in_text(self) -> str:
        """The name as a sentence has it: ``the United States``, ``the Netherlands``, ``Russia``."""
        return f"the {self.name}" if _WITH_ARTICLE.search(self.name) else self.name

    def member(self, when: int | date, *, system: Membership = "cow") -> bool:
        """Say whether the state belonged to ``system`` on a day, or on any day of a year."""
        first, last = (date(when, 1, 1), date(when, 12, 31)) if isinstance(when, int) else (when, when)
        return any(s == system and start <= last and first <= (end or date.max) for s, _code, start, end in self.spells)


def _many(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _phase(row: dict[str, str]) -> Phase:
    spans: dict[str, Span] = {}
    for system, prefix in (*((m, f"{m}_") for m in MEMBERSHIPS), ("none", "")):
        if first := row[f"{prefix}start"]:
            last = row[f"{prefix}end"]
            spans[system] = Span(date.fromisoformat(first), date.fromisoformat(last) if last else date.max)
    systems = ("cow", "gw", "un", "iso3", "iso2", "iso_num", "sipri")
    return Phase(
        id=row["id"],
        name=row["name"],
        aliases=_many(row["aliases"]),
        codes={s: _many(row[s]) for s in systems if row[s]},
        spans=spans,
        continues=row["continues"] or None,
        predecessors=_many(row["predecessors"]),
        successors=_many(row["successors"]),
        capital=row["capital"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        region=row["region"],
        continent=row["continent"],
    )


def read_rows(name: str) -> list[dict[str, str]]:
    """Read one of the package's own tables as it is written."""
    text = resources.files("tripoint.states").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def phases() -> tuple[Phase, ...]:
    """Every row of the table, in its order."""
    return tuple(_phase(row) for row in read_rows("spells.csv"))


@cache
def foreign_names() -> dict[str, tuple[str, ...]]:
    """Names of each id in other languages than English."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read_rows("names.csv"):
        found[row["id"]] = (*found.get(row["id"], ()), row["name"])
    return found


@cache
def by_id() -> dict[str, tuple[Phase, ...]]:
    """The phases of each id, earliest first."""
    found: dict[str, list[Phase]] = {}
    for phase in phases():
        found.setdefault(phase.id, []).append(phase)
    return {k: tuple(sorted(v, key=lambda p: p.span.start)) for k, v in found.items()}


@dataclass(frozen=True, slots=True)
class Seat:
    """A capital that later moved; ``until`` is its last day."""

    until: date
    capital: str
    lat: float
    lon: float


@cache
def capitals() -> dict[str, tuple[Seat, ...]]:
    """Former capitals of each id that moved its own within a phase, earliest first."""
    found: dict[str, list[Seat]] = {}
    for row in read_rows("capitals.csv"):
        seat = Seat(date.fromisoformat(row["until"]), row["capital"], float(row["lat"]), float(row["lon"]))
        found.setdefault(row["id"], []).append(seat)
    return {key: tuple(sorted(seats, key=lambda s: s.until)) for key, seats in found.items()}


@cache
def cow_letters() -> dict[str, str]:
    """Letters that the Correlates of War writes for its numbers: ``SWZ`` is Switzerland, ``AUS`` Austria."""
    text = resources.files("tripoint.states").joinpath("cow_letters.csv").read_text("utf-8")
    return {row["letters"]: row["cow"] for row in csv.DictReader(text.splitlines())}
