"""From the evidence's states and days to the rows of a panel: spells to periods, coverage to rows.

A fact names states by id and time by days; a row is a code and a period. A fact whose dates are coarser than the
periods holds for sure only in those that it touches whatever its true days are; in others it is a doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.panels.base import Bools, StatePeriods, System, state_periods
from tripoint.panels.landing import Cover
from tripoint.panels.periods import GRAINS, Grain, Ints, Periods, finer
from tripoint.panels.units import SEVERAL, Units

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

_NEVER = date.max


@dataclass(frozen=True)
class Facts:
    """Facts of one kind, ready to be placed; positions of ids are those of :attr:`Places.ids`.

    Attributes
    ----------
    a, b
        Position of either state's id, -1 where it has none, shape (m,).
    first, last
        Positions of the periods that the fact touches, or may touch, shape (m,).
    frame
        The rows as they were asked for, m of them.
    vague
        Whether its dates are coarser than the periods, shape (m,); None where those of no fact are.
    sure
        First and last period that the fact touches for sure, shape (m,) each; the first is later where there is none.
    """

    a: Ints
    b: Ints
    first: Ints
    last: Ints
    frame: pl.DataFrame
    vague: Bools | None = None
    sure: tuple[Ints, Ints] | None = None

    @property
    def value(self) -> np.ndarray:
        """Values, NaN where a fact has none, shape (m,)."""
        return self.frame["value"].to_numpy()

    def surely(self, fact: Ints, period: Ints) -> Bools:
        """Whether facts hold in periods for sure, or only may."""
        if self.sure is None:
            return np.ones(fact.size, bool)
        return np.asarray((self.sure[0][fact] <= period) & (period <= self.sure[1][fact]))

    def begins(self, fact: Ints, period: Ints, start: date) -> Bools:
        """Whether facts begin in periods by their first days; ``start`` is the first day of the panel."""
        within = (self.frame["start"] >= start).to_numpy()
        return np.asarray(within[fact] & (self.first[fact] == period))

    def maybe_first(self, fact: Ints, period: Ints) -> Bools:
        """Whether periods may be those in which facts begin, as their dates are too coarse to say."""
        if self.sure is None or self.vague is None:
            return np.zeros(fact.size, bool)
        return np.asarray(self.vague[fact] & (period <= self.sure[0][fact]))


@dataclass(frozen=True)
class Places:
    """Finds rows for facts, and coverage for rows.

    ``kept`` says which directed dyads and periods are left in a panel that was filtered, shape (n,); None for all.
    """

    states: StatePeriods
    evidence: Evidence
    kept: Bools | None = None
    _covers: dict[Any, Cover] = field(default_factory=dict, repr=False, compare=False)
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    _others: dict[Periods, Places] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def units(self) -> Units:
        """Units by id."""
        return Units(self.states)

    @property
    def ids(self) -> list[str]:
        """Ids of all states that ever bore a code of the system."""
        return self.units.ids

    def within(self, part: tuple[int, int], *, directed: bool) -> Places:
        """The same places for a part of the dyads; what does not depend on the part is kept for every one."""
        made = Places(self.states.within(part, directed=directed), self.evidence, None, {}, self._kept)
        made.units.__dict__.update({k: v for k, v in self.units.__dict__.items() if k in ("ids", "table", "_options")})
        return made

    def coarser(self, grain: Grain) -> Places:
        """The same states by the coarser periods that hold these."""
        return self.over(self.states.periods.in_coarser(grain)[0])

    def over(self, periods: Periods) -> Places:
        """Members of the same system in other periods, in the same part of the dyads; years are never in parts."""
        if periods not in self._others:
            whole = self.keep(periods, lambda: Places(state_periods(self.states.system, periods), self.evidence))
            in_part = self.states.part is not None and periods.grain != "year"
            self._others[periods] = whole.within(self.states.part, directed=self.states.directed) if in_part else whole
        return self._others[periods]

    def keep(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made once under a key, for every part of a panel that comes in parts; else made anew."""
        if self.states.part is None:
            return make()
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def rows_of_coarser(self, grain: Grain, *, dyads: bool) -> Ints:
        """Row of :meth:`coarser` that holds every row of states, or of directed dyads."""
        there, (_, position) = self.coarser(grain).states, self.states.periods.in_coarser(grain)
        unit = np.searchsorted(there.codes, self.states.codes)
        if not dyads:
            return there.at[unit[self.states.side], position[self.states.period]]
        pairs = self.states.dyads
        return there.dyads.at(unit[pairs.one], unit[pairs.two], position[pairs.period])

    def facts(self, table: str, source: str, kinds: Sequence[str], columns: str) -> Facts:
        """Facts of a source and some kinds that touch the periods of the panel.

        ``columns`` names further columns for the frame, one of them ``value``.
        """
        made: Facts = self.keep(
            (table, source, tuple(kinds), columns), lambda: self._ask(table, source, kinds, columns)
        )
        return made

    def _ask(self, table: str, source: str, kinds: Sequence[str], columns: str) -> Facts:
        import polars as pl

        two = table not in ("attributes", "positions")
        a, b = ("state_a", "state_b") if two else ("state", "NULL")
        shared = ", ".join(f"'{i}'" for i in self.units.shared) or "''"
        periods = self.states.periods
        precision = "precision, " if periods.grain != "year" else ""
        about = (
            f"{b}::VARCHAR AS b, kind, CASE WHEN {a} IN ({shared}) OR {b} IN ({shared}) THEN locator END AS locator, "
        )
        rows: str = table
        if table == "positions":  # a choice is of one day, and the numbers in its locator are not codes
            rows, about = '(SELECT *, "date" AS "start", "date" AS "end" FROM positions)', ""
        frame = self.evidence.sql(
            f'SELECT {a} AS a, "start", "end", {about}{precision}{columns} '
            f"FROM {rows} WHERE source_id = ? AND list_contains(?::VARCHAR[], kind) "
            'AND "start" <= ?::DATE AND ("end" IS NULL OR "end" >= ?::DATE)',
            [source, list(kinds), periods.end, periods.start],
        )
        kind = pl.Enum(self.ids)
        one, other = [
            frame[c].cast(kind, strict=False).to_physical().cast(pl.Int32).fill_null(-1).to_numpy()
            if c in frame.columns
            else np.full(frame.height, -1, np.int32)
            for c in ("a", "b")
        ]
        start, end = frame["start"], frame["end"].fill_null(periods.end)
        first, last = (np.clip(periods.positions(days), 0, periods.span - 1) for days in (start, end))
        doubt = () if periods.grain == "year" else _doubt(periods, frame, start, end)
        return Facts(
            one, other, first.astype(np.int32), last.astype(np.int32), frame.drop("a", "b", strict=False), *doubt
        )

    def expand(self, facts: Facts, only: Bools | None = None) -> tuple[Ints, Ints]:
        """Spread facts over the periods they touch: fact and period of every pair of the two, as positions."""
        length = facts.last - facts.first + 1
        if only is not None:
            length = np.where(only, length, 0)
        fact = np.repeat(np.arange(length.size, dtype=np.int32), length)
        within = np.arange(fact.size, dtype=np.int32) - np.repeat(np.cumsum(length) - length, length)
        return fact, (facts.first[fact] + within).astype(np.int32)

    def state_rows(self, facts: Facts) -> tuple[Ints, Ints]:
        """Facts about one state: fact and row of every period that it touches (-1: no member)."""
        fact, period = self.expand(facts)
        fact, period, (unit,) = self._with_units(facts, fact, period, (facts.a,))
        return fact, np.where(unit >= 0, self.states.at[unit, period], -1)

    def dyad_rows(self, facts: Facts) -> tuple[Ints, Ints]:
        """Facts about two states: fact and directed dyad row of every period that it touches (-1: no dyad)."""
        only = None
        if self.states.part is not None:
            inside = np.append(self.units.within, False)  # the last is of facts without the state
            only = (facts.a >= 0) & (facts.b >= 0) & (inside[facts.a] | inside[facts.b])
        fact, period = self.expand(facts, only)
        fact, period, (one, two) = self._with_units(facts, fact, period, (facts.a, facts.b))
        here = (one >= 0) & (two >= 0)
        return fact, np.where(here, self.states.dyads.at(one, two, period), -1)

    def surely(self, facts: Facts, fact: Ints, row: Ints, *, dyads: bool) -> Bools:
        """Whether facts hold on rows for sure; a row of -1 is not sure."""
        if facts.sure is None:
            return row >= 0
        base = self.states.dyads if dyads else self.states
        return (row >= 0) & facts.surely(fact, base.period[np.maximum(row, 0)])

    def _with_units(
        self, facts: Facts, fact: Ints, period: Ints, sides: tuple[Ints, ...]
    ) -> tuple[Ints, Ints, list[Ints]]:
        """Units of every fact and period; a pair is repeated where a side stands for several units."""
        units: list[Ints] = []
        for side in sides:
            ids = side[fact]
            unit = np.where(ids >= 0, self.units.table[ids, period], -1).astype(np.int32)
            units.append(unit)
        for k, side in enumerate(sides):
            many = np.flatnonzero(units[k] == SEVERAL)
            if not many.size:
                continue
            extra_at, extra_unit = [], []
            for at in many:
                meant = self._which(facts, int(fact[at]), int(period[at]), int(side[fact[at]]))
                extra_at += [at] * len(meant)
                extra_unit += meant
            keep = np.flatnonzero(units[k] != SEVERAL)
            order = np.concatenate([keep, np.array(extra_at, np.int64)])
            mine = np.concatenate([units[k][keep], np.array(extra_unit, np.int32)])
            units = [u[order] for u in units]
            units[k] = mine
            fact, period = fact[order], period[order]
        return fact, period, units

    def _which(self, facts: Facts, fact: int, period: int, state: int) -> list[int]:
        """Units that a fact about an id with several codes in a period is about."""
        row = facts.frame.row(fact, named=True)
        return self.units.meant(state, period, row["start"], row["end"] or _NEVER, row.get("locator"))

    def vague(self, table: str, source: str, kind: str) -> int:
        """How many facts that touch the periods are dated more coarsely than those."""
        periods = self.states.periods
        coarser = [g for g in GRAINS if finer(periods.grain, g)]
        if not coarser or not source or table == "positions":
            return 0
        return int(
            self.evidence.sql(
                f"SELECT count(*) FROM {table} WHERE source_id = ? AND kind = ? AND list_contains(?::VARCHAR[], "
                'precision) AND "start" <= ?::DATE AND ("end" IS NULL OR "end" >= ?::DATE)',
                [source, kind, coarser, periods.end, periods.start],
            ).item()
        )

    def cover(self, source: str, kind: str, system: System | None, *, dyads: bool, directed: bool = False) -> Cover:
        """What a source covers of a kind, by row of states or of directed dyads.

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

    def reach(self, source: str, kind: str) -> date | None:
        """Last day that a source covers of a kind; None where it covers none."""
        end = self.evidence.sql(
            'SELECT max("end") FROM coverage WHERE source_id = ? AND kind = ?', [source, kind]
        ).item()
        return end if isinstance(end, date) else None

    def _cover(
        self, rows: tuple[tuple[str, str, date, date, bool], ...], system: System | None, *, dyads: bool, directed: bool
    ) -> Cover:
        n = self.states.dyads.rows if dyads else self.states.rows
        some, whole = np.zeros(n, bool), np.zeros(n, bool)
        for states, partners, start, end, complete in rows:
            touched, full = self._covered(start, end)
            here = self._between(states, partners, system, dyads=dyads, directed=directed)
            period = self.states.dyads.period if dyads else self.states.period
            some |= touched[period] if here is None else touched[period] & here
            if complete:
                whole |= full[period] if here is None else full[period] & here
        return Cover(some, whole)

    def _covered(self, start: date, end: date) -> tuple[Bools, Bools]:
        """Whether days from ``start`` to ``end`` touch a period, and fill it, shape (p,) each."""
        periods = self.states.periods
        at = np.arange(periods.span)
        a, z = periods.position(start), periods.position(end)
        touched = (at >= a) & (at <= z)
        fills_first = start == periods.days(a)[0]
        fills_last = end == periods.days(z)[1]
        return touched, (at >= a + (not fills_first)) & (at <= z - (not fills_last))

    def _between(
        self, states: str, partners: str, system: System | None, *, dyads: bool, directed: bool
    ) -> Bools | None:
        """Rows whose states a line of coverage names; None for all."""
        if states == "*" and partners in ("*", "") and system in (None, self.states.system):
            return None
        one = self.units.named(states, system)
        if not dyads:
            return one[self.states.side, self.states.period]
        two = self.units.named(partners, system)
        pairs = self.states.dyads
        there = one[pairs.one, pairs.period] & two[pairs.two, pairs.period]
        if not directed and states != partners:
            there |= two[pairs.one, pairs.period] & one[pairs.two, pairs.period]
        return there


def _doubt(
    periods: Periods, frame: pl.DataFrame, start: pl.Series, end: pl.Series
) -> tuple[()] | tuple[Bools, tuple[Ints, Ints]]:
    """Which facts are dated more coarsely than the periods, and the first and last period that they touch for sure.

    A fact dated by months may begin on the last day of its first month, and end on the first of its last.
    """
    coarse: list[Grain] = [g for g in GRAINS if finer(periods.grain, g)]
    vague = frame["precision"].is_in(coarse)
    if not vague.any():
        return ()
    import polars as pl

    days = pl.DataFrame({"start": start, "end": end, "open": frame["end"].is_null(), "precision": frame["precision"]})
    for grain in coarse:
        step = {"year": "1y", "month": "1mo"}[grain]
        latest = pl.col("start").dt.truncate(step).dt.offset_by(step).dt.offset_by("-1d")
        of_it = pl.col("precision") == grain
        days = days.with_columns(
            start=pl.when(of_it).then(latest).otherwise("start"),
            end=pl.when(of_it & ~pl.col("open")).then(pl.col("end").dt.truncate(step)).otherwise("end"),
        )
    first, last = (periods.positions(days[c]).astype(np.int32) for c in ("start", "end"))
    return vague.to_numpy(), (first, last)
