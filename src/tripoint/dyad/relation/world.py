"""All pairs of states by year, and how the evidence is laid over them: spells, counts, decay and coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint import states as registry
from tripoint.record import KINDS

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: First year of the measure: before it the Assembly did not vote.
FIRST_YEAR = 1946
#: A state exists where either system has it as a member.
_SYSTEMS: tuple[Literal["cow"], Literal["un"]] = ("cow", "un")
_VALUE = {"commitments": "level", "flows": "value", "events": "intensity"}


@dataclass(frozen=True, eq=False)
class World:
    """Every pair of states that existed at once in some years, and the evidence to fill them from.

    Parameters
    ----------
    evidence
        Open evidence.
    start, end
        First and last year.
    """

    evidence: Evidence
    start: int
    end: int
    memory: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """(n,) ids, each state under its latest, sorted."""
        members = {m for y in self.years for s in _SYSTEMS for m in registry.members(int(y), system=s)}
        return tuple(sorted({registry.lineage(m)[0] for m in members}))

    @cached_property
    def years(self) -> Ints:
        """The years, (t,)."""
        return np.arange(self.start, self.end + 1)

    @cached_property
    def first(self) -> Ints:
        """(p,) place of the first state of each pair."""
        return np.triu_indices(len(self.states), 1)[0]

    @cached_property
    def second(self) -> Ints:
        """(p,) place of the second state of each pair."""
        return np.triu_indices(len(self.states), 1)[1]

    @cached_property
    def number(self) -> Ints:
        """(n, n) number of the pair of two states; -1 on the diagonal."""
        table = np.full((len(self.states),) * 2, -1)
        table[self.first, self.second] = table[self.second, self.first] = np.arange(self.first.size)
        return table

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each id, earlier ids of the same state included."""
        return {old: i for i, state in enumerate(self.states) for old in registry.lineage(state)}

    @property
    def shape(self) -> tuple[int, int]:
        """Number of pairs and of years, (p, t)."""
        return self.first.size, self.years.size

    @cached_property
    def alive(self) -> Bools:
        """(n, t) whether a state is a member of the system in the year."""
        known = np.zeros((len(self.states), self.years.size), bool)
        for t, year in enumerate(self.years):
            for system in _SYSTEMS:
                known[[self.place[m] for m in registry.members(int(year), system=system) if m in self.place], t] = True
        return known

    @cached_property
    def exists(self) -> Bools:
        """(p, t) whether both states are."""
        return np.asarray(self.alive[self.first] & self.alive[self.second])

    def zeros(self) -> Floats:
        """A new array (p, t) of zeros."""
        return np.zeros(self.shape, np.float32)

    def rows(self, kinds: str | Sequence[str]) -> pl.DataFrame:
        """Rows of some kinds of one table that tie two states: ``pair a b first last value count kind
        source_id words members locator``.

        ``first`` is the year in which it began, ``last`` the last year at whose end it was in force: the end of the
        panel where no end is known, so that a tie whose coding stopped is carried as last known. ``a`` and ``b`` are
        the places of the two states as the row names them.
        """
        names = [kinds] if isinstance(kinds, str) else list(kinds)
        names = [k for k in names if k in KINDS]
        key = "rows " + "|".join(names)
        if key not in self.memory:
            self.memory[key] = self._read(names) if names else self._read(["clash"]).head(0)
        found: pl.DataFrame = self.memory[key]
        return found

    def _read(self, kinds: Sequence[str]) -> pl.DataFrame:
        import polars as pl

        table = KINDS[kinds[0]].table
        words = {"commitments": "instrument", "flows": "item", "events": "title"}[table]
        count = '"count"' if table == "events" else "1"
        size = {"commitments": "members", "events": "participants", "flows": "NULL"}[table]
        frame = self.evidence.sql(
            f'SELECT state_a, state_b, kind, "start", "end", {_VALUE[table]}::FLOAT AS value, '
            f"coalesce({count}, 1)::FLOAT AS count, source_id, {words} AS words, "
            f"{size}::INT AS members, locator FROM {table} "
            "WHERE list_contains(?::VARCHAR[], kind) AND state_b IS NOT NULL ORDER BY fact_id",
            [list(kinds)],
        )
        places = pl.DataFrame({"id": list(self.place), "at": list(self.place.values())})
        frame = (
            frame.join(places.rename({"id": "state_a", "at": "a"}), on="state_a", maintain_order="left")
            .join(places.rename({"id": "state_b", "at": "b"}), on="state_b", maintain_order="left")
            .filter(pl.col("a") != pl.col("b"))
        )
        began = pl.col("start").dt.year().fill_null(self.start)
        stop = pl.col("end")
        if table == "commitments":  # in force at the end of the year
            whole = (stop.dt.month() == 12) & (stop.dt.day() == 31)
            last = pl.when(stop.is_null()).then(self.end).when(whole).then(stop.dt.year()).otherwise(stop.dt.year() - 1)
        else:
            last = stop.dt.year().fill_null(began)
        pair = self.number[frame["a"].to_numpy(), frame["b"].to_numpy()]
        return (
            frame.select(
                pl.Series("pair", pair),
                "a",
                "b",
                began.alias("first"),
                last.alias("last"),
                "value",
                "count",
                "kind",
                "source_id",
                "words",
                "members",
                "locator",
            )
            .filter((pl.col("first") <= self.end) & (pl.col("last") >= self.start))
            .with_columns(pl.col("first").clip(self.start, self.end), pl.col("last").clip(self.start, self.end))
        )

    def held(self, rows: pl.DataFrame, values: Iterable[float] | None = None) -> Floats:
        """(p, t) the highest value of the rows that hold in a year; 1 where ``values`` is None."""
        out = self.zeros()
        heights = np.ones(rows.height, np.float32) if values is None else np.asarray(list(values), np.float32)
        spells = zip(rows["pair"], rows["first"], rows["last"], heights, strict=True)
        for pair, first, last, height in spells:
            cells = out[pair, first - self.start : last - self.start + 1]
            np.maximum(cells, height, out=cells)
        return out

    def begun(self, rows: pl.DataFrame, values: Sequence[float] | NDArray[np.floating[Any]] | None = None) -> Floats:
        """(p, t) sum over the rows that begin in a year; of 1 where ``values`` is None."""
        weights = np.ones(rows.height) if values is None else np.asarray(values, float)
        at = rows["pair"].to_numpy() * self.years.size + rows["first"].to_numpy() - self.start
        flat = np.bincount(at.astype(np.int64), weights, minlength=self.shape[0] * self.shape[1])
        return flat.reshape(self.shape).astype(np.float32)

    def directed(self, rows: pl.DataFrame, values: NDArray[np.floating[Any]]) -> Floats:
        """(n, n, t) sum over rows that begin in a year, from the first state of a row to the second."""
        n, t = len(self.states), self.years.size
        at = (rows["a"].to_numpy() * n + rows["b"].to_numpy()) * t + rows["first"].to_numpy() - self.start
        return (
            np.bincount(at.astype(np.int64), np.asarray(values, float), minlength=n * n * t)
            .reshape(n, n, t)
            .astype(np.float32)
        )

    def squares(self, values: Floats) -> Floats:
        """(n, n, t) of pairs' values; zero on the diagonal."""
        n = len(self.states)
        out = np.zeros((n, n, values.shape[1]), np.float32)
        out[self.first, self.second] = out[self.second, self.first] = values
        return out

    def coverage_end(self, kinds: Iterable[str]) -> int | None:
        """Last whole year that a source which lists all pairs covers completely for one of the kinds; None: none."""
        frame = self.evidence.sql(
            'SELECT max(year("end" + INTERVAL 31 DAY) - 1)::INT AS last FROM coverage '
            "WHERE complete AND states = '*' "
            "AND partners IN ('*', '') AND list_contains(?::VARCHAR[], kind)",
            [list(kinds)],
        )
        last = frame["last"][0]
        return None if last is None else min(int(last), self.end)

    def newest(self, kinds: Iterable[str]) -> int | None:
        """Last year that any source covers for one of the kinds, completely or in part; None: none does."""
        last = self.evidence.sql(
            'SELECT max(year("end"))::INT AS last FROM coverage WHERE list_contains(?::VARCHAR[], kind)', [list(kinds)]
        )["last"][0]
        return None if last is None else min(int(last), self.end)


def fading(values: Floats, keep: float) -> Floats:
    """(p, t) highest of the year's value and what is left of earlier ones, a share ``keep`` each year."""
    out = values.copy()
    for t in range(1, out.shape[1]):
        np.maximum(out[:, t], keep * out[:, t - 1], out=out[:, t])
    return out


def piling(values: Floats, keep: float) -> Floats:
    """(p, t) sum of the year's value and what is left of earlier ones, a share ``keep`` each year."""
    out = values.copy()
    for t in range(1, out.shape[1]):
        out[:, t] += keep * out[:, t - 1]
    return out


def window(values: Floats, length: int) -> Floats:
    """Sum over the last ``length`` years along the last axis."""
    total = np.cumsum(values, axis=-1, dtype=np.float64)
    out = total.copy()
    out[..., length:] -= total[..., :-length]
    return out.astype(np.float32)


def over_years(build: Callable[[int], Floats], years: int) -> Floats:
    """(p, t) of one column a year."""
    return np.stack([build(t) for t in range(years)], axis=1)
