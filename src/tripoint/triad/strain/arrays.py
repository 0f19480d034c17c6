"""The evidence that strain is measured from, as dense arrays over states and years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.similarity.matrix import similarity_matrix
from tripoint.evidence.choice import reference
from tripoint.evidence.roll_calls import LEVELS, roll_calls
from tripoint.triad.ties.domains import MOST_MEMBERS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PLEDGES = ("defense pact", "offense pact", "neutrality pact", "consultation pact")

#: Roll calls that two states share, fewer than which say nothing of how they vote.
FEWEST_VOTES = 10


@dataclass(frozen=True, slots=True)
class Pledges:
    """(states, states, years) pledges: any, of two parties only, of defense or offense; and their terms.

    ``until`` is the year in which the last of them runs out unless renewed, infinite where one has no term or renews
    itself; ``renewed`` is whether one renews itself.
    """

    some: Bools
    two: Bools
    strong: Bools
    until: NDArray[np.float32]
    renewed: Bools


@dataclass(frozen=True, slots=True)
class Cells:
    """Dense arrays (states, states, years) or (states, years) from the evidence."""

    evidence: Evidence
    heads: tuple[str, ...]
    place: dict[str, int]
    years: NDArray[np.int64]

    def _shape(self) -> tuple[int, int, int]:
        return len(self.heads), len(self.heads), self.years.size

    def _at(self, ids: Sequence[str]) -> NDArray[np.int64]:
        return np.array([self.place.get(i, -1) for i in ids], dtype=np.int64)

    def pledges(self) -> Pledges:
        """Pledges in force at the end of each year, with their terms."""
        rows = self.evidence.sql(
            """
            SELECT state_a, state_b, "start" AS s, "end" AS e, kind IN ('defense pact', 'offense pact') AS firm,
                members, term, coalesce(renewed, false) AS renewed
            FROM commitments WHERE source_id = ? AND list_contains(?::VARCHAR[], kind)
            """,
            [reference("defense pact"), list(PLEDGES)],
        )
        some, two, strong, renewed = (np.zeros(self._shape(), dtype=bool) for _ in range(4))
        until = np.full(self._shape(), -np.inf, dtype=np.float32)
        first, last = int(self.years[0]), int(self.years[-1])
        for a, b, start, end, firm, members, term, again in rows.iter_rows():
            i, j = self.place.get(a, -1), self.place.get(b, -1)
            # In force at the end of a year: until the year before the one in which it ended.
            years = np.arange(max(start.year, first), (last if end is None else end.year - 1) + 1)
            few = members is not None and members <= MOST_MEMBERS
            if i < 0 or j < 0 or i == j or not years.size or not (firm or few):
                continue
            for x, y in ((i, j), (j, i)):
                at = (x, y, years - first)
                some[at] = True
                two[at] |= members == 2
                strong[at] |= firm
                renewed[at] |= bool(again)
                until[at] = np.maximum(until[at], runs_out(start, term, again, years))
        return Pledges(some, two, strong, until, renewed)

    def rivalries(self) -> Bools:
        """Years in which a strategic rivalry was coded."""
        rows = self.evidence.sql(
            'SELECT state_a, state_b, year("start") AS s, year("end") AS e FROM commitments '
            "WHERE source_id = ? AND kind = 'rivalry'",
            [reference("rivalry")],
        )
        found = np.zeros(self._shape(), dtype=bool)
        first, last = int(self.years[0]), int(self.years[-1])
        for a, b, start, end in rows.iter_rows():
            i, j = self.place.get(a, -1), self.place.get(b, -1)
            span = slice(max(start - first, 0), max((last if end is None else end) - first + 1, 0))
            if i >= 0 and j >= 0 and i != j:
                found[i, j, span] = found[j, i, span] = True
        return found

    def disputes(self) -> Bools:
        """Years in which a militarized dispute with use of force began."""
        rows = self.evidence.sql(
            'SELECT state_a, state_b, year("start") AS y FROM events '
            "WHERE source_id = ? AND kind = 'dispute' AND intensity >= 4",
            [reference("dispute")],
        )
        found = np.zeros(self._shape(), dtype=bool)
        i, j, k = self._at(rows["state_a"].to_list()), self._at(rows["state_b"].to_list()), rows["y"].to_numpy()
        keep = (i >= 0) & (j >= 0) & (k >= self.years[0]) & (k <= self.years[-1])
        found[i[keep], j[keep], k[keep] - self.years[0]] = True
        return found | found.transpose(1, 0, 2)

    def attribute(self, kind: str) -> Floats:
        """(states, years) values of one kind, NaN where there is none."""
        rows = self.evidence.sql(
            'SELECT state, year("start") AS y, value FROM attributes WHERE kind = ? AND source_id = ?',
            [kind, reference(kind)],
        )
        found = np.full((len(self.heads), self.years.size), np.nan)
        i, k = self._at(rows["state"].to_list()), rows["y"].to_numpy()
        keep = (i >= 0) & (k >= self.years[0]) & (k <= self.years[-1])
        found[i[keep], k[keep] - self.years[0]] = rows["value"].to_numpy()[keep]
        return found

    def trade(self) -> NDArray[np.float32]:
        """Share of each state's goods trade with each other state; the last year known serves the four after it."""
        rows = self.evidence.sql(
            'SELECT state_a, state_b, year("start")::INT AS y, value FROM flows '
            "WHERE source_id = ? AND kind = 'goods trade'",
            [reference("goods trade")],
        )
        amount = np.zeros(self._shape(), dtype=np.float32)
        names = rows["state_a"].unique().to_list() + rows["state_b"].unique().to_list()
        code = {n: self.place.get(n, -1) for n in names}
        i = rows["state_a"].replace_strict(code).to_numpy()
        j = rows["state_b"].replace_strict(code).to_numpy()
        k = rows["y"].to_numpy() - self.years[0]
        keep = (i >= 0) & (j >= 0) & (i != j) & (k >= 0) & (k < self.years.size)
        np.add.at(amount, (i[keep], j[keep], k[keep]), rows["value"].to_numpy()[keep].astype(np.float32))
        amount += amount.transpose(1, 0, 2).copy()
        known = np.flatnonzero(amount.any(axis=(0, 1)))
        amount[:, :, known[-1] + 1 : known[-1] + 5] = amount[:, :, known[-1]][:, :, None]
        total = amount.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(amount, total, out=np.zeros_like(amount), where=total > 0))

    def vote_distance(self) -> NDArray[np.float32]:
        """1 less agreement on the divided roll calls of three years; NaN where fewer than 10 are shared."""
        import polars as pl

        first, last = date(int(self.years[0]), 1, 1), date(int(self.years[-1]), 12, 31)
        votes = roll_calls(self.evidence, since=first, until=last, ids=False)
        votes = votes.with_columns(year=pl.col("date").dt.year(), at=pl.Series(self._at(votes["state"].to_list())))
        apart = np.zeros((self.years.size, len(self.heads), len(self.heads)), dtype=np.float32)
        shared = np.zeros_like(apart)
        for (year,), rows in votes.filter(pl.col("at") >= 0).group_by("year"):
            _, column = np.unique(rows["item"].to_numpy(), return_inverse=True)
            choices = np.full((len(self.heads), column.max() + 1), np.nan)
            choices[rows["at"].to_numpy(), column] = rows["value"].to_numpy()
            alike = similarity_matrix(choices, ["agreement"], levels=LEVELS)
            k = int(str(year)) - first.year
            for i, j in ((alike.first, alike.second), (alike.second, alike.first)):
                shared[k, i, j] = alike.items
                apart[k, i, j] = np.where(alike.items > 0, (1 - alike.values["agreement"]) * alike.items, 0.0)
        found = np.full(self._shape(), np.nan, dtype=np.float32)
        for k in range(self.years.size):
            span = slice(max(k - 2, 0), k + 1)
            n = shared[span].sum(axis=0)
            with np.errstate(invalid="ignore", divide="ignore"):
                found[:, :, k] = np.where(n >= FEWEST_VOTES, apart[span].sum(axis=0) / n, np.nan)
        return found


def runs_out(start: date, term: int | None, again: bool, years: NDArray[np.int64]) -> Floats:
    """Year in which a term [months] that is running in each of ``years`` is over; after the first, as long again."""
    if not term or again:
        return np.full(years.size, np.inf)
    length = term / 12
    begun = start.year + (start.month - 1) / 12
    terms = np.maximum(np.ceil((years + 1 - begun) / length), 1)
    return np.asarray(begun + terms * length)
