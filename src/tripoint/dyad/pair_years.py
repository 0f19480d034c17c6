"""Pairs by years: what the evidence holds of each kind between all pairs of some states, year by year.

A cell is a number only where some source speaks: the facts found, or zero where a source covers the pair, the
kind and the year completely and has nothing. Everything else is NaN, "not covered". Facts of different sources
are never added up: for counts and amounts one source is chosen for each pair and year, by an order that the
caller states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint import states as registry
from tripoint.errors import InputError
from tripoint.evidence.coverage import REACH_DAYS, coverage_of
from tripoint.evidence.freshness import holds_to, lasts
from tripoint.record import KINDS

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: A state exists where either system has it as a member.
_SYSTEMS: tuple[Literal["cow"], Literal["un"]] = ("cow", "un")
#: A source covers a year when it reaches this day of it, and began by its first day.
_REACHES = (12, 1)
#: Last day to which days can be added.
_LATEST = date(9000, 1, 1)


def canonical(names: Sequence[str]) -> tuple[str, ...]:
    """Ids of the states named, each under its latest id (Russia for the Soviet Union), sorted.

    Raises :class:`~tripoint.errors.InputError` for fewer than two states or one named twice.
    """
    ids = [registry.lineage(registry.find(name).id)[0] for name in names]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise InputError(f"{', '.join(twice)} named twice among {list(names)}; name each state once")
    if len(ids) < 2:
        raise InputError(f"two states at least make a pair, not {list(names)}")
    return tuple(sorted(ids))


@dataclass(frozen=True, eq=False)
class PairYears:
    """All unordered pairs of some states in some years, and the evidence to fill them from.

    Parameters
    ----------
    evidence
        Open evidence.
    states
        Ids of ``n`` states, sorted, as :func:`canonical` gives them.
    start, end
        First and last year.
    without
        Ids of sources to leave out.
    memory
        What has been read, so that it is read once.
    """

    evidence: Evidence
    states: tuple[str, ...]
    start: int
    end: int
    without: tuple[str, ...] = ()
    memory: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The ``p`` pairs, each and all in alphabetical order."""
        return tuple(combinations(self.states, 2))

    @cached_property
    def years(self) -> Ints:
        """(t,) the years, first to last."""
        return np.arange(self.start, self.end + 1)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of pairs and of years, (p, t)."""
        return len(self.pairs), self.years.size

    @cached_property
    def number(self) -> Ints:
        """(n, n) number of the pair of two states; -1 on the diagonal."""
        n = len(self.states)
        table = np.full((n, n), -1)
        first, second = np.triu_indices(n, 1)
        table[first, second] = table[second, first] = np.arange(first.size)
        return table

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Place of each id, earlier ids of the same state included."""
        return {old: i for i, state in enumerate(self.states) for old in registry.lineage(state)}

    @cached_property
    def exists(self) -> Bools:
        """(p, t) whether both states are members of the system in the year."""
        known = np.zeros((len(self.states), self.years.size), bool)
        for t, year in enumerate(self.years):
            for system in _SYSTEMS:
                for member in registry.members(int(year), system=system):
                    if member in self.place:
                        known[self.place[member], t] = True
        first, second = np.triu_indices(len(self.states), 1)
        return np.asarray(known[first] & known[second])

    @cached_property
    def coverage(self) -> pl.DataFrame:
        """The coverage table without the sources left out."""
        import polars as pl

        frame = self.evidence.sql('SELECT * FROM coverage WHERE "end" >= ?', [date(self.start, 1, 1)])
        return frame.filter(~pl.col("source_id").is_in(list(self.without)))

    def empty(self) -> Floats:
        """A new array (p, t) in which nothing is known: NaN in every cell."""
        return np.full(self.shape, np.nan)

    def complete(self, kind: str, source: str | None = None) -> Bools:
        """(p, t) where a source covers the kind completely."""
        return self._cover(kind, source, complete=True)

    def searched_in_part(self, kind: str) -> Bools:
        """(p, t) where some source covers the kind, but none completely."""
        return self._cover(kind, None, complete=False) & ~self.complete(kind)

    def _cover(self, kind: str, source: str | None, *, complete: bool) -> Bools:
        import polars as pl

        rows = self.coverage.filter((pl.col("kind") == kind) & (pl.col("complete") == complete))
        if source:
            rows = rows.filter(pl.col("source_id") == source)
        first, second = np.triu_indices(len(self.states), 1)
        whole = np.zeros(self.shape, bool)
        for row in rows.iter_rows(named=True):
            left, right = self._named(row["states"]), self._named(row["partners"])
            some = (left[first] & right[second]) | (left[second] & right[first])
            whole[np.ix_(some, self._covered(kind, row["start"], row["end"], complete=complete))] = True
        return whole & self.exists

    def facts(self, kind: str) -> pl.DataFrame:
        """Facts of one kind between the states: ``pair first last value count participants source_id fact_id a_to_b``.

        ``first`` and ``last`` are years; a tie or war without an end lasts for the shelf life of its
        kind after its source was last searched.
        """
        import polars as pl

        if kind in self.memory:
            found: pl.DataFrame = self.memory[kind]
            return found
        table = KINDS[kind].table
        value = {"commitments": "level", "flows": "value", "events": "intensity"}[table]
        count, states = ('"count"', "participants") if table == "events" else ("1", "2")
        # All of the coverage: a source that ended before the first year must not seem to have no end.
        seen = coverage_of(self.evidence).ends(kind)
        known_to = {source: holds_to({"kind": kind}, day) for source, day in seen.items()}
        frame = self.evidence.sql(
            f'SELECT state_a, state_b, "start", "end", {value} AS value, coalesce({count}, 1)::DOUBLE AS count, '
            f"coalesce({states}, 2) AS participants, source_id, fact_id "
            f"FROM {table} WHERE kind = ? AND state_b IS NOT NULL "
            'AND ("end" IS NULL OR "end" >= ?) AND ("start" IS NULL OR "start" <= ?) ORDER BY fact_id',
            [kind, date(self.start, 1, 1), date(self.end, 12, 31)],
        )
        places = pl.DataFrame({"id": list(self.place), "at": list(self.place.values())})
        frame = (
            frame.filter(~pl.col("source_id").is_in(list(self.without)))
            .join(places.rename({"id": "state_a", "at": "a"}), on="state_a", maintain_order="left")
            .join(places.rename({"id": "state_b", "at": "b"}), on="state_b", maintain_order="left")
            .filter(pl.col("a") != pl.col("b"))
        )
        ends = pl.col("end")
        if table == "events" and lasts(kind):  # no war lasts a day: such a row gives its beginning
            ends = pl.when(pl.col("end") > pl.col("start")).then(pl.col("end"))
        known = pl.col("source_id").replace_strict(known_to, default=None, return_dtype=pl.Date)
        last = ends.fill_null(known if lasts(kind) else pl.col("start"))
        frame = frame.filter(last.is_null() | (last.dt.year() >= self.start))
        numbers = self.number[frame["a"].to_numpy(), frame["b"].to_numpy()]
        found = frame.select(
            pl.Series("pair", numbers),
            pl.col("start").dt.year().fill_null(self.start).clip(self.start, self.end).alias("first"),
            last.dt.year().fill_null(self.end).clip(self.start, self.end).alias("last"),
            "value",
            "count",
            "participants",
            "source_id",
            "fact_id",
            (pl.col("a") < pl.col("b")).alias("a_to_b"),
        )
        self.memory[kind] = found
        return found

    def held(self, kind: str, *, level: float | None = None, sources: Sequence[str] = ()) -> Floats:
        """(p, t) highest level of a kind in the year: 1 or ``value / level`` where found, 0 where covered.

        ``sources`` narrows to some sources; the highest of several sources counts, nothing is added. A fact whose
        level is not known counts as the kind's median, and not at all where no level of the kind is known.
        """
        out = self.empty()
        usual = self._usual(kind) if level is not None else np.nan
        for source in sources or (None,):
            out[self.complete(kind, source)] = 0.0
        facts = self.facts(kind)
        if sources:
            import polars as pl

            facts = facts.filter(pl.col("source_id").is_in(list(sources)))
        for pair, first, last, value in facts.select("pair", "first", "last", "value").iter_rows():
            height = 1.0 if level is None else min((usual if value is None else value) / level, 1.0)
            years = out[pair, first - self.start : last - self.start + 1]
            np.fmax(years, height, out=years)
        return self._masked(out)

    def _usual(self, kind: str) -> float:
        """Median of what the evidence holds as level of a kind; NaN where it holds none."""
        table = KINDS[kind].table
        value = {"commitments": "level", "flows": "value", "events": "intensity"}[table]
        (found,) = self.evidence.sql(f"SELECT median({value}) FROM {table} WHERE kind = ?", [kind]).row(0)
        return np.nan if found is None else float(found)

    def counted(self, kind: str, preference: Sequence[str], *, amount: bool = False, shared: bool = False) -> Floats:
        """(p, t) count (or amount) of a kind begun in the year, from one source for each cell.

        The first source of ``preference`` that covers the cell completely decides; where none does, the first that
        found something. Where ``shared``, an event of n states counts 1 / (n - 1) for each of their pairs.
        """
        out = self.empty()
        facts = self.facts(kind)
        weight = facts["value" if amount else "count"].fill_null(0.0)
        if shared:
            weight = weight / (facts["participants"] - 1)
        for partial in (True, False):
            for source in reversed(list(preference)):
                here = facts["source_id"] == source
                mine = facts.filter(here)
                sums = np.zeros(self.shape)
                at = (mine["pair"].to_numpy(), mine["first"].to_numpy() - self.start)
                np.add.at(sums, at, weight.filter(here).to_numpy())
                cells = (sums > 0) if partial else self.complete(kind, source)
                out[cells] = sums[cells]
        return self._masked(out)

    def _masked(self, values: Floats) -> Floats:
        return np.where(self.exists, values, np.nan)

    def _named(self, cell: str) -> Bools:
        if cell == "*":
            return np.ones(len(self.states), bool)
        ids = set(cell.split())
        return np.array([bool(ids & set(registry.lineage(s))) for s in self.states])

    def _covered(self, kind: str, start: date, end: date, *, complete: bool) -> Bools:
        reaches = _REACHES
        if complete and KINDS[kind].table == "commitments":  # as Coverage.complete: no standing tie comes overnight
            end, reaches = min(end, _LATEST) + timedelta(days=REACH_DAYS), (12, 31)
        last = end.year if (end.month, end.day) >= reaches else end.year - 1
        first = start.year if (start.month, start.day) == (1, 1) else start.year + 1
        return np.asarray((self.years >= first) & (self.years <= last))
