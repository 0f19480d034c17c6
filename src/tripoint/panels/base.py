"""The rows of a panel, born sorted: states by period, and directed dyads over them, with an index from place to row.

A state is a member in a period when it belonged to the system on any of its days. Two states make a dyad in it when
they belonged on a same day, so that states of which one followed the other within a year are no dyad. Units are the
system's codes: a code that passes from one state to its successor (365 from the Soviet Union to Russia) stays one unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from tripoint.errors import InputError
from tripoint.panels.periods import Ints, Periods, between
from tripoint.states.timeline import LAST_YEAR, Stretch, bearers

System = Literal["cow", "gw"]
SYSTEMS: tuple[System, ...] = ("cow", "gw")
EARLIEST = 1816
#: Year to whose end the lists of members are known; later ones would repeat its members.
LISTED_TO = 2026

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class StatePeriods:
    """Members of a state system by period, sorted by code and period.

    Attributes
    ----------
    system
        Whose list of members it is.
    codes
        Codes of the units that are a member in any of the periods, ascending, shape (s,).
    periods
        The years, months or days.
    member
        Whether a unit is a member in a period, shape (s, p).
    side, period
        Unit and period of every row, as positions, shape (n,).
    at
        Row of a unit and period, -1 where it is no member, shape (s, p).
    part
        Lowest and highest code of the first states whose :attr:`dyads` are made; None for all. A part holds either
        direction of a pair, so that what is undirected can be told to both.
    directed
        Whether a part is of the rows with those first states, or of the pairs with those lower codes.
    """

    system: System
    codes: Ints
    periods: Periods
    member: Bools
    side: Ints
    period: Ints
    at: Ints
    part: tuple[int, int] | None = None
    directed: bool = True

    @property
    def rows(self) -> int:
        """Rows of states and periods."""
        return int(self.side.size)

    @property
    def span(self) -> int:
        """Number of periods."""
        return self.periods.span

    @property
    def first(self) -> int:
        """First calendar year."""
        return self.periods.start.year

    @property
    def last(self) -> int:
        """Last calendar year."""
        return self.periods.end.year

    @cached_property
    def apart(self) -> list[tuple[int, int, int]]:
        """Pairs of units, lower first, that are members in a period but on no same day of it."""
        return _never_together(self)

    @cached_property
    def dyad_rows(self) -> int:
        """Directed dyads and periods, counted without making them."""
        here = self.member.sum(axis=0, dtype=np.int64)
        return int((here * (here - 1)).sum()) - 2 * len(self.apart)

    @cached_property
    def dyads(self) -> DyadPeriods:
        """Directed dyads of the same members and periods, or of a part of them."""
        return _dyad_periods(self)

    def within(self, part: tuple[int, int], *, directed: bool) -> StatePeriods:
        """The same states and periods, with the dyads of a part only."""
        made = replace(self, part=part, directed=directed)
        made.__dict__["apart"] = self.apart
        return made

    def in_part(self) -> Bools:
        """Whether a unit is a first state of the part, shape (s,)."""
        low, high = self.part or (self.codes[0], self.codes[-1])
        return np.asarray((self.codes >= low) & (self.codes <= high))


@dataclass(frozen=True)
class DyadPeriods:
    """Directed dyads by period, sorted by the two codes and the period.

    Attributes
    ----------
    states
        The members that they pair.
    one, two, period
        Units and period of every row, as positions, shape (n,).
    pair
        Position of two units among the pairs that are here, -1 where they are not, shape (s, s).
    row
        Row of a pair and period, -1 where there is none, shape (pairs + 1, p); the last line is of no pair.
    """

    states: StatePeriods
    one: Ints
    two: Ints
    period: Ints
    pair: Ints
    row: Ints

    @property
    def rows(self) -> int:
        """Directed dyads and periods."""
        return int(self.one.size)

    def at(self, one: Ints, two: Ints, period: Ints | int) -> Ints:
        """Row of two units and a period, -1 where there is none; the three are broadcast."""
        found: Ints = self.row[self.pair[one, two], period]
        return found

    @cached_property
    def mirror(self) -> Ints:
        """Row of the same pair the other way round, shape (n,)."""
        return self.at(self.two, self.one, self.period)


def state_years(system: System, first: int, last: int) -> StatePeriods:
    """Members of ``system`` in every year from ``first`` to ``last``, as :func:`state_periods`."""
    return state_periods(system, between("year", first, last))


def state_periods(system: System, periods: Periods) -> StatePeriods:
    """Members of ``system`` in every one of the periods.

    Raises
    ------
    InputError
        For periods before or after the lists of members.
    """
    if periods.start.year < EARLIEST or periods.end.year > LAST_YEAR:
        raise InputError(
            f"{periods.grain}s from {periods.label(0)} to {periods.label(periods.span - 1)}: "
            f"the state systems are listed from {EARLIEST} to {LAST_YEAR}"
        )
    book = bearers(system, True)
    every = sorted(int(code) for code in book)
    member = np.zeros((len(every), periods.span), bool)
    for unit, code in enumerate(every):
        for stretch in book[str(code)]:
            a, z = clipped(periods, stretch.span.start, stretch.span.end)
            if a <= z:
                member[unit, a : z + 1] = True
    kept = member.any(axis=1)
    member = member[kept]
    codes = np.array(every, np.int16)[kept]
    side, period = np.nonzero(member)
    at = np.full(member.shape, -1, np.int32)
    at[side, period] = np.arange(side.size, dtype=np.int32)
    return StatePeriods(system, codes, periods, member, side.astype(np.int16), period.astype(periods.dtype), at)


def clipped(periods: Periods, start: date, end: date) -> tuple[int, int]:
    """Positions of the first and last period that a span of days touches; the first is later where it touches none."""
    return max(periods.position(start), 0), min(periods.position(end), periods.span - 1)


def _dyad_periods(states: StatePeriods) -> DyadPeriods:
    s, span = states.member.shape
    inside = states.in_part()
    units = np.arange(s)
    lower = np.minimum(units[:, None], units[None, :])
    kept = inside[:, None] | inside[None, :] if states.directed else inside[lower]
    kept = kept & (units[:, None] != units[None, :])
    first, second = np.nonzero(kept)
    pair = np.full((s, s), -1, np.int32)
    pair[first, second] = np.arange(first.size, dtype=np.int32)
    present = states.member[first] & states.member[second]
    for a, b, p in states.apart:
        for k in (pair[a, b], pair[b, a]):
            if k >= 0:
                present[k, p] = False
    flat = np.flatnonzero(present)
    row = np.full((first.size + 1, span), -1, np.int32)
    row.reshape(-1)[flat] = np.arange(flat.size, dtype=np.int32)
    which, period = np.divmod(flat if flat.size > 1 << 24 else flat.astype(np.int32), span)
    period = period.astype(states.periods.dtype)
    return DyadPeriods(states, first.astype(np.int16)[which], second.astype(np.int16)[which], period, pair, row)


def _never_together(states: StatePeriods) -> list[tuple[int, int, int]]:
    """Pairs of units that are members in a period but on no same day of it."""
    if states.periods.grain == "day":
        return []
    book, periods = bearers(states.system, True), states.periods
    partial: dict[int, dict[int, list[tuple[date, date]]]] = {}
    for unit, code in enumerate(states.codes):
        stretches = book[str(code)]
        bounds = {periods.position(day) for s in stretches for day in (s.span.start, s.span.end)}
        for period in sorted(bounds):
            if not (0 <= period < states.span and states.member[unit, period]):
                continue
            first, last = periods.days(period)
            days = _days(stretches, first, last)
            if sum((z - a).days + 1 for a, z in days) <= (last - first).days:
                partial.setdefault(period, {})[unit] = days
    return [
        (one, two, period)
        for period, here in partial.items()
        for one in here
        for two in here
        if one < two and not any(a[0] <= b[1] and b[0] <= a[1] for a in here[one] for b in here[two])
    ]


def _days(stretches: tuple[Stretch, ...], first: date, last: date) -> list[tuple[date, date]]:
    return [
        (max(s.span.start, first), min(s.span.end, last))
        for s in stretches
        if s.span.start <= last and s.span.end >= first
    ]
