"""From the evidence's states and days to the rows of a panel: ids to units, spells to years, coverage to rows.

A fact names states by id and time by days; a row is a code and a year. An id is found under the code that it bears
in that year. Where an id bears two codes in one year (Germany in 1990: 260, then 255) the code in the fact's own
locator decides for a fact about that one year, and otherwise the days do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.panels.base import Bools, Ints, StateYears, System
from tripoint.panels.landing import Cover
from tripoint.states.timeline import bearers

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

_CODE = re.compile(r"(?<!\d)\d+(?=-)|(?<=-)\d+")
_SEVERAL = -2


@dataclass(frozen=True)
class Facts:
    """Facts of one kind, ready to be placed; positions of ids are those of :attr:`Places.ids`.

    Attributes
    ----------
    a, b
        Position of either state's id, -1 where it has none, shape (m,).
    first, last
        Calendar years that the fact touches, shape (m,).
    value
        Its value, NaN where it has none, shape (m,).
    frame
        The rows as they were asked for, m of them.
    """

    a: Ints
    b: Ints
    first: Ints
    last: Ints
    frame: pl.DataFrame

    @property
    def value(self) -> np.ndarray:
        """Values, NaN where a fact has none, shape (m,)."""
        return self.frame["value"].to_numpy()


@dataclass(frozen=True)
class Places:
    """Finds rows for facts, and coverage for rows."""

    states: StateYears
    evidence: Evidence
    _covers: dict[Any, Cover] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def ids(self) -> list[str]:
        """Ids of all states that ever bore a code of the system."""
        return sorted({s.id for found in bearers(self.states.system).values() for s in found})

    @cached_property
    def _candidates(self) -> dict[tuple[int, int], list[tuple[int, float, date, date]]]:
        """(id, year) -> unit, rank, first and last day, for every unit that is a member in that year."""
        base, position = self.states, {name: k for k, name in enumerate(self.ids)}
        found: dict[tuple[int, int], list[tuple[int, float, date, date]]] = {}
        book = bearers(base.system)
        for unit, code in enumerate(base.codes):
            for s in book[str(code)]:
                a, z = max(s.span.start.year, base.first), min(s.span.end.year, base.last)
                for year in range(a, z + 1):
                    if base.member[unit, year - base.first]:
                        key = (position[s.id], year - base.first)
                        found.setdefault(key, []).append((unit, s.rank, s.span.start, s.span.end))
        return found

    @cached_property
    def _unit(self) -> Ints:
        """Unit of an id in a year: -1 for none, -2 where there are several, shape (ids, years)."""
        table = np.full((len(self.ids), self.states.span), -1, np.int16)
        for key, options in self._candidates.items():
            units = {unit for unit, *_ in options}
            table[key] = units.pop() if len(units) == 1 else _SEVERAL
        return table

    @cached_property
    def _shared(self) -> list[str]:
        """Ids that bear several codes in one of the years."""
        return [self.ids[k] for k in np.flatnonzero((self._unit == _SEVERAL).any(axis=1))]

    def facts(self, table: str, source: str, kinds: Sequence[str], columns: str) -> Facts:
        """Facts of a source and some kinds that touch the years of the panel.

        ``columns`` names further columns for the frame, one of them ``value``.
        """
        import polars as pl

        two = table not in ("attributes", "positions")
        a, b = ("state_a", "state_b") if two else ("state", "NULL")
        shared = ", ".join(f"'{i}'" for i in self._shared) or "''"
        locator = f"CASE WHEN {a} IN ({shared}) OR {b} IN ({shared}) THEN locator END"
        rows: str = table
        if table == "positions":  # a choice is of one day, and the numbers in its locator are not codes
            rows, locator = '(SELECT *, "date" AS "start", "date" AS "end" FROM positions)', "NULL::VARCHAR"
        first, last = self.states.first, self.states.last
        frame = self.evidence.sql(
            f'SELECT {a} AS a, {b}::VARCHAR AS b, kind, greatest(year("start"), ?)::INTEGER AS first, '
            f'least(coalesce(year("end"), ?), ?)::INTEGER AS last, "start", "end", {locator} AS locator, {columns} '
            f"FROM {rows} WHERE source_id = ? AND list_contains(?::VARCHAR[], kind) "
            'AND "start" <= make_date(?, 12, 31) AND ("end" IS NULL OR "end" >= make_date(?, 1, 1))',
            [first, last, last, source, list(kinds), last, first],
        )
        kind = pl.Enum(self.ids)
        sides = [
            frame[c].cast(kind, strict=False).to_physical().cast(pl.Int32).fill_null(-1).to_numpy() for c in ("a", "b")
        ]
        years = [frame[c].to_numpy() for c in ("first", "last")]
        return Facts(sides[0], sides[1], years[0], years[1], frame.drop("a", "b", "first", "last"))

    def expand(self, facts: Facts) -> tuple[Ints, Ints]:
        """Spread facts over the years they touch: fact and year of every pair of the two, as positions."""
        length = facts.last - facts.first + 1
        fact = np.repeat(np.arange(length.size, dtype=np.int32), length)
        within = np.arange(fact.size, dtype=np.int32) - np.repeat(np.cumsum(length) - length, length)
        return fact, (facts.first[fact] + within - self.states.first).astype(np.int32)

    def state_rows(self, facts: Facts) -> tuple[Ints, Ints]:
        """Facts about one state: fact and state-year row of every year that it touches (-1: no member)."""
        fact, year = self.expand(facts)
        fact, year, (unit,) = self._with_units(facts, fact, year, (facts.a,))
        return fact, np.where(unit >= 0, self.states.at[unit, year], -1)

    def dyad_rows(self, facts: Facts) -> tuple[Ints, Ints]:
        """Facts about two states: fact and directed dyad-year row of every year that it touches (-1: no dyad)."""
        fact, year = self.expand(facts)
        fact, year, (one, two) = self._with_units(facts, fact, year, (facts.a, facts.b))
        here = (one >= 0) & (two >= 0)
        return fact, np.where(here, self.states.dyads.at[one, two, year], -1)

    def _with_units(
        self, facts: Facts, fact: Ints, year: Ints, sides: tuple[Ints, ...]
    ) -> tuple[Ints, Ints, list[Ints]]:
        """Units of every fact and year; a pair is repeated where a side stands for several units."""
        units: list[Ints] = []
        for side in sides:
            ids = side[fact]
            unit = np.where(ids >= 0, self._unit[ids, year], -1).astype(np.int32)
            units.append(unit)
        for k, side in enumerate(sides):
            many = np.flatnonzero(units[k] == _SEVERAL)
            if not many.size:
                continue
            extra_at, extra_unit = [], []
            for at in many:
                meant = self._which(facts, int(fact[at]), int(year[at]), int(side[fact[at]]))
                extra_at += [at] * len(meant)
                extra_unit += meant
            keep = np.flatnonzero(units[k] != _SEVERAL)
            order = np.concatenate([keep, np.array(extra_at, np.int64)])
            mine = np.concatenate([units[k][keep], np.array(extra_unit, np.int32)])
            units = [u[order] for u in units]
            units[k] = mine
            fact, year = fact[order], year[order]
        return fact, year, units

    def _which(self, facts: Facts, fact: int, year: int, state: int) -> list[int]:
        """Units that a fact about an id with several codes in a year is about."""
        options = self._candidates[state, year]
        row = facts.frame.row(fact, named=True)
        start, end = row["start"], row["end"] or date.max
        if start.year == end.year and row["locator"]:
            named = set(_CODE.findall(row["locator"]))
            meant = {unit for unit, *_ in options if str(self.states.codes[unit]) in named}
            if len(meant) == 1:
                return list(meant)
        calendar = year + self.states.first
        start, end = max(start, date(calendar, 1, 1)), min(end, date(calendar, 12, 31))
        held = [(rank, unit) for unit, rank, a, z in options if a <= end and start <= z]
        if not held:
            return []
        best = min(rank for rank, _ in held)
        return sorted({unit for rank, unit in held if rank == best})

    def cover(self, source: str, kind: str, system: System | None, *, dyads: bool, directed: bool = False) -> Cover:
        """What a source covers of a kind, by state-year or directed dyad-year row.

        A row is covered when its first state is on the one side of a line of coverage and its second on the other,
        or, where it is not ``directed``, the other way round: who lists what A does to B need not list what B does.
        """
        rows = tuple(
            self.evidence.sql(
                'SELECT states, partners, "start", "end", complete FROM coverage WHERE source_id = ? AND kind = ?',
                [source, kind],
            ).rows()
        )
        key = (rows, system, dyads, directed)
        if key not in self._covers:
            self._covers[key] = self._cover(rows, system, dyads=dyads, directed=directed)
        return self._covers[key]

    def _cover(
        self, rows: tuple[tuple[str, str, date, date, bool], ...], system: System | None, *, dyads: bool, directed: bool
    ) -> Cover:
        n = self.states.dyads.rows if dyads else self.states.rows
        some, whole = np.zeros(n, bool), np.zeros(n, bool)
        for states, partners, start, end, complete in rows:
            touched, full = self._years(start, end)
            here = self._between(states, partners, system, dyads=dyads, directed=directed)
            year = self.states.dyads.year if dyads else self.states.year
            some |= touched[year] if here is None else touched[year] & here
            if complete:
                whole |= full[year] if here is None else full[year] & here
        return Cover(some, whole)

    def _years(self, start: date, end: date) -> tuple[Bools, Bools]:
        years = np.arange(self.states.first, self.states.last + 1)
        touched = (years >= start.year) & (years <= end.year)
        from_, to = start.year + (start > date(start.year, 1, 1)), end.year - (end < date(end.year, 12, 31))
        return touched, (years >= from_) & (years <= to)

    def _between(
        self, states: str, partners: str, system: System | None, *, dyads: bool, directed: bool
    ) -> Bools | None:
        """Rows whose states a line of coverage names; None for all."""
        if states == "*" and partners in ("*", "") and system in (None, self.states.system):
            return None
        one = self._named(states, system)
        if not dyads:
            return one[self.states.side, self.states.year]
        two = self._named(partners, system)
        pairs = self.states.dyads
        there = one[pairs.one, pairs.year] & two[pairs.two, pairs.year]
        if not directed and states != partners:
            there |= two[pairs.one, pairs.year] & one[pairs.two, pairs.year]
        return there

    def _named(self, listed: str, system: System | None) -> Bools:
        """Units and years that listed ids stand for, or ``*`` for all members of a system (None: any), shape (s, y)."""
        base = self.states
        named = np.zeros(base.member.shape, bool)
        ids = None if listed == "*" else set(listed.split())
        others = self._members_elsewhere(system) if system and system != base.system else None
        for (state, year), options in self._candidates.items():
            if ids is not None and self.ids[state] not in ids:
                continue
            if others is not None and (self.ids[state], year) not in others:
                continue
            for unit, rank, *_ in options:
                if rank < 1:
                    named[unit, year] = True
        return named

    def _members_elsewhere(self, system: System) -> set[tuple[str, int]]:
        """(id, year) of the members of another system."""
        base = self.states
        return {
            (s.id, year - base.first)
            for found in bearers(system, True).values()
            for s in found
            for year in range(max(s.span.start.year, base.first), min(s.span.end.year, base.last) + 1)
        }
