"""The rows of a panel, born sorted: state-years, and directed dyad-years over them, with an index from place to row.

A state is a member of a year when it belonged to the system on any of its days. Two states make a dyad-year when they
belonged on a same day, so that states of which one followed the other within a year are no dyad. Units are the system's
codes: a code that passes from one state to its successor (365 from the Soviet Union to Russia) stays one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from tripoint.errors import InputError
from tripoint.states.timeline import LAST_YEAR, Stretch, bearers

System = Literal["cow", "gw"]
SYSTEMS: tuple[System, ...] = ("cow", "gw")
EARLIEST = 1816

Ints = npt.NDArray[np.integer]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class StateYears:
    """Members of a state system by year, sorted by code and year.

    Attributes
    ----------
    system
        Whose list of members it is.
    codes
        Codes of the units that are a member in any of the years, ascending, shape (s,).
    first, last
        The years.
    member
        Whether a unit is a member in a year, shape (s, y).
    side, year
        Unit and year of every row, as positions, shape (n,).
    at
        Row of a unit and year, -1 where it is no member, shape (s, y).
    """

    system: System
    codes: Ints
    first: int
    last: int
    member: Bools
    side: Ints
    year: Ints
    at: Ints

    @property
    def rows(self) -> int:
        """State-years."""
        return int(self.side.size)

    @property
    def span(self) -> int:
        """Number of years."""
        return self.last - self.first + 1

    @cached_property
    def dyads(self) -> DyadYears:
        """Directed dyad-years of the same members."""
        return _dyad_years(self)


@dataclass(frozen=True)
class DyadYears:
    """Directed dyad-years, sorted by the two codes and the year.

    Attributes
    ----------
    states
        The members that they pair.
    one, two, year
        Units and year of every row, as positions, shape (n,).
    at
        Row of two units and a year, -1 where there is none, shape (s, s, y).
    """

    states: StateYears
    one: Ints
    two: Ints
    year: Ints
    at: Ints

    @property
    def rows(self) -> int:
        """Directed dyad-years."""
        return int(self.one.size)

    @cached_property
    def mirror(self) -> Ints:
        """Row of the same pair the other way round, shape (n,)."""
        s, y = len(self.states.codes), self.states.span
        found: Ints = self.at.reshape(-1)[(self.two.astype(np.int32) * s + self.one) * y + self.year]
        return found


def state_years(system: System, first: int, last: int) -> StateYears:
    """Members of ``system`` in every year from ``first`` to ``last``.

    Raises
    ------
    InputError
        When the years are the wrong way round, or before or after the lists of members.
    """
    if first > last:
        raise InputError(f"years from {first} to {last}: the first comes after the last")
    if first < EARLIEST or last > LAST_YEAR:
        raise InputError(f"years from {first} to {last}: the state systems are listed from {EARLIEST} to {LAST_YEAR}")
    book = bearers(system, True)
    every = sorted(int(code) for code in book)
    member = np.zeros((len(every), last - first + 1), bool)
    for unit, code in enumerate(every):
        for stretch in book[str(code)]:
            a, z = max(stretch.span.start.year, first), min(stretch.span.end.year, last)
            if a <= z:
                member[unit, a - first : z - first + 1] = True
    kept = member.any(axis=1)
    member = member[kept]
    codes = np.array(every, np.int16)[kept]
    side, year = np.nonzero(member)
    at = np.full(member.shape, -1, np.int32)
    at[side, year] = np.arange(side.size, dtype=np.int32)
    return StateYears(system, codes, first, last, member, side.astype(np.int16), year.astype(np.int16), at)


def _dyad_years(states: StateYears) -> DyadYears:
    present = states.member[:, None, :] & states.member[None, :, :]
    units = np.arange(len(states.codes))
    present[units, units] = False
    for a, b, y in _never_together(states):
        present[a, b, y] = present[b, a, y] = False
    flat = np.flatnonzero(present)
    at = np.full(present.size, -1, np.int32)
    at[flat] = np.arange(flat.size, dtype=np.int32)
    pair, year = np.divmod(flat.astype(np.int32), np.int32(states.span))
    one, two = np.divmod(pair, np.int32(len(units)))
    return DyadYears(
        states, one.astype(np.int16), two.astype(np.int16), year.astype(np.int16), at.reshape(present.shape)
    )


def _never_together(states: StateYears) -> list[tuple[int, int, int]]:
    """Pairs of units that are members in a year but on no same day of it."""
    book = bearers(states.system, True)
    partial: dict[int, dict[int, list[tuple[date, date]]]] = {}
    for unit, code in enumerate(states.codes):
        for year in np.flatnonzero(states.member[unit]):
            calendar = int(year) + states.first
            days = _days(book[str(code)], calendar)
            if sum((z - a).days + 1 for a, z in days) < 365:
                partial.setdefault(int(year), {})[unit] = days
    return [
        (one, two, year)
        for year, here in partial.items()
        for one in here
        for two in here
        if one < two and not any(a[0] <= b[1] and b[0] <= a[1] for a in here[one] for b in here[two])
    ]


def _days(stretches: tuple[Stretch, ...], year: int) -> list[tuple[date, date]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return [
        (max(s.span.start, first), min(s.span.end, last))
        for s in stretches
        if s.span.start <= last and s.span.end >= first
    ]
