"""From ids of states to units of a panel: which code an id bears in a period, and which units a list of ids means.

An id is found under the code that it bears in that period. Where it bears two codes in one (Germany in 1990: 260, then
255) the code in the fact's own locator decides for a fact about that one year, and otherwise the days do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from tripoint.panels.base import Bools, StatePeriods, System, clipped
from tripoint.panels.periods import Ints
from tripoint.states.timeline import bearers

_CODE = re.compile(r"(?<!\d)\d+(?=-)|(?<=-)\d+")
#: In :attr:`Units.table`: the id bears several codes in that period.
SEVERAL = -2


@dataclass(frozen=True)
class Units:
    """Units of the states of a panel by the ids that they bear."""

    states: StatePeriods

    @cached_property
    def ids(self) -> list[str]:
        """Ids of all states that ever bore a code of the system."""
        return sorted({s.id for found in bearers(self.states.system).values() for s in found})

    @cached_property
    def table(self) -> Ints:
        """Unit of an id in a period: -1 for none, -2 where there are several, shape (ids, p)."""
        table = np.full((len(self.ids), self.states.span), -1, np.int16)
        for state, unit, _, a, z in self._spells():
            here = np.flatnonzero(self.states.member[unit, a : z + 1]) + a
            before = table[state, here]
            table[state, here] = np.where((before == -1) | (before == unit), unit, SEVERAL)
        if self.states.periods.grain != "year":
            self._fill_years(table)
        return table

    def _fill_years(self, table: Ints) -> None:
        """Let an id stand for its code in all of a year of succession: sources by year name one state for it."""
        book, position = bearers(self.states.system), {name: k for k, name in enumerate(self.ids)}
        own = [(s.rank, position[s.id], unit, s.span) for unit, c in enumerate(self.states.codes) for s in book[str(c)]]
        for _, state, unit, span in sorted(own, key=lambda each: each[0]):
            first, last = date(span.start.year, 1, 1), date(span.end.year, 12, 31)
            a, z = clipped(self.states.periods, first, last)
            if a <= z:
                free = self.states.member[unit, a : z + 1] & (table[state, a : z + 1] == -1)
                table[state, a : z + 1][free] = unit

    @cached_property
    def shared(self) -> list[str]:
        """Ids that bear several codes in one of the periods."""
        return [self.ids[k] for k in np.flatnonzero((self.table == SEVERAL).any(axis=1))]

    @cached_property
    def within(self) -> Bools:
        """Whether an id ever bears the code of a unit in the panel's part, shape (ids,)."""
        inside = self.states.in_part()
        found = np.zeros(len(self.ids), bool)
        for state, unit, *_ in self._spells():
            found[state] |= inside[unit]
        return found

    def named(self, listed: str, system: System | None) -> Bools:
        """Units and periods that listed ids stand for, ``*`` for all members of a system (None: any), shape (s, p)."""
        base = self.states
        named = np.zeros(base.member.shape, bool)
        ids = None if listed == "*" else set(listed.split())
        others = self._members_elsewhere(system) if system and system != base.system else None
        for state, unit, rank, a, z in self._spells():
            if rank >= 1 or (ids is not None and self.ids[state] not in ids):
                continue
            here = base.member[unit, a : z + 1]
            if others is not None:
                here = here & others[state, a : z + 1]
            named[unit, a : z + 1] |= here
        return named

    def meant(self, state: int, period: int, start: date, end: date, locator: str | None) -> list[int]:
        """Units that a fact about an id with several codes in a period is about.

        Parameters
        ----------
        state, period
            Position of the id, and of the period.
        start, end
            First and last day of the fact.
        locator
            Key of the fact, with the codes that the source itself writes.
        """
        options = self._options[state, period]
        if locator and start.year == end.year:
            named = set(_CODE.findall(locator))
            meant = {unit for unit, *_ in options if str(self.states.codes[unit]) in named}
            if len(meant) == 1:
                return list(meant)
        first, last = self.states.periods.days(period)
        start, end = max(start, first), min(end, last)
        held = [(rank, unit) for unit, rank, a, z in options if a <= end and start <= z]
        if not held:
            return []
        best = min(rank for rank, _ in held)
        return sorted({unit for rank, unit in held if rank == best})

    @cached_property
    def _options(self) -> dict[tuple[int, int], list[tuple[int, float, date, date]]]:
        """(id, period) -> unit, rank, first and last day, where an id has several units."""
        book, found = bearers(self.states.system), {}
        position = {name: k for k, name in enumerate(self.ids)}
        for state, period in zip(*np.nonzero(self.table == SEVERAL), strict=True):
            first, last = self.states.periods.days(int(period))
            found[int(state), int(period)] = [
                (unit, s.rank, s.span.start, s.span.end)
                for unit, code in enumerate(self.states.codes)
                if self.states.member[unit, period]
                for s in book[str(code)]
                if position[s.id] == state and s.span.start <= last and first <= s.span.end
            ]
        return found

    def _spells(self) -> Iterator[tuple[int, int, float, int, int]]:
        """Id, unit, rank, and first and last period of every stretch in which an id bears a code."""
        book, position = bearers(self.states.system), {name: k for k, name in enumerate(self.ids)}
        for unit, code in enumerate(self.states.codes):
            for s in book[str(code)]:
                a, z = clipped(self.states.periods, s.span.start, s.span.end)
                if a <= z:
                    yield position[s.id], unit, s.rank, a, z

    def _members_elsewhere(self, system: System) -> Bools:
        """Whether an id is a member of another system in a period, shape (ids, p)."""
        position = {name: k for k, name in enumerate(self.ids)}
        found: Any = np.zeros((len(self.ids), self.states.span), bool)
        for stretches in bearers(system, True).values():
            for s in stretches:
                a, z = clipped(self.states.periods, s.span.start, s.span.end)
                if s.id in position and a <= z:
                    found[position[s.id], a : z + 1] = True
        return np.asarray(found)
