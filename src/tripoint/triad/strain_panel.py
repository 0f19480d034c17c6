"""Pairs of states bound by a pledge, year by year: what could be known then, and what became of the tie.

At risk is every pair with a pledge of defense, offense, neutrality or consultation in force at the end of a year
(consultation and neutrality in treaties of at most 12 members). What became of it within five years: the pledge
ended while both states lived, or a strategic rivalry between them began. Everything about a year is known by the
end of that year, as later coded: codings made with hindsight are an advantage that no forecaster then had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.errors import CoverageError
from tripoint.triad.domains import MOST_MEMBERS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: First and last year of the pledges used.
FIRST, LAST = 1870, 2018
#: Years within which an end counts.
HORIZON = 5
#: Sources that the panel needs.
NEEDED = ("atop", "tss-rivalries", "gml-mid", "cow-nmc", "democracy", "cow-trade", "un-ga-votes")
PLEDGES = ("defense pact", "offense pact", "neutrality pact", "consultation pact")
FEATURES = (
    "vote distance",
    "votes known",
    "vote distance, change in 5 years",
    "rivals of one are allies of the other",
    "rivals in common",
    "rivalry between the two",
    "dispute in 5 years",
    "regime distance",
    "regime change in 3 years",
    "one-sided trade",
    "trade with each other",
    "capability ratio",
    "defense or offense pledge",
    "two parties only",
    "age of the pledge",
)


@dataclass(frozen=True, slots=True, eq=False)
class StrainPanel:
    """Pairs at risk.

    Attributes
    ----------
    states
        Ids of states, by the place used in ``pair``.
    pair
        (n, 2) places.
    year
        (n,).
    features
        (n, k) in the order of ``FEATURES``; 0 where the evidence is silent.
    ended, onset
        (n,) whether within ``HORIZON`` years the pledge ended, or a rivalry began.
    resolved
        (n,) whether the horizon lies within the evidence; False also where a state died first.
    bilateral
        (n,) whether a treaty of two parties is among the pledges.
    """

    states: tuple[str, ...]
    pair: NDArray[np.int64]
    year: NDArray[np.int64]
    features: Floats
    ended: Bools
    onset: Bools
    resolved: Bools
    bilateral: Bools

    @property
    def outcome(self) -> Bools:
        """Whether the pledge ended or a rivalry began."""
        return np.asarray(self.ended | self.onset)

    def rows_of(self, a: str, b: str) -> NDArray[np.int64]:
        """Rows of one pair, by year."""
        place = {s: i for i, s in enumerate(self.states)}
        one, other = sorted((place[states.lineage(a)[0]], place[states.lineage(b)[0]]))
        return np.flatnonzero((self.pair[:, 0] == one) & (self.pair[:, 1] == other))


def build_strain_panel(evidence: Evidence, *, first: int = FIRST, last: int = LAST) -> StrainPanel:
    """Build the panel of pairs at risk.

    Raises
    ------
    CoverageError
        When a source that it needs is not loaded.
    """
    have = {e.source_id for e in evidence.editions}
    missing = [s for s in NEEDED if s not in have]
    if missing:
        raise CoverageError(f"the strain panel needs {', '.join(missing)}; run: tripoint load {' '.join(missing)}")
    years = np.arange(first, last + 1)
    heads = tuple(sorted({states.lineage(m)[0] for y in years for m in states.members(int(y))}))
    place = {old: i for i, h in enumerate(heads) for old in states.lineage(h)}
    exist = np.zeros((len(heads), years.size), dtype=bool)
    for k, y in enumerate(years):  # on the last day: a state that ended in the year did not leave its treaties
        exist[[place[m] for m in states.members(date(int(y), 12, 31))], k] = True
    cells = _Cells(evidence, heads, place, years)
    pledge, bilateral, strong = cells.pledges()
    rivalry = cells.rivalries()
    one, other, when = np.nonzero(np.triu(np.ones((len(heads),) * 2, dtype=bool), 1)[:, :, None] & (pledge > 0))
    features = _features(cells, exist, pledge, bilateral, strong, rivalry, one, other, when)
    ended, onset, resolved = _outcomes(exist, pledge, rivalry, one, other, when)
    return StrainPanel(
        heads,
        np.stack([one, other], axis=1),
        years[when],
        features,
        ended,
        onset,
        resolved,
        bilateral[one, other, when],
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Dense arrays (states, states, years) or (states, years) from the evidence."""

    evidence: Evidence
    heads: tuple[str, ...]
    place: dict[str, int]
    years: NDArray[np.int64]

    def _shape(self) -> tuple[int, int, int]:
        return len(self.heads), len(self.heads), self.years.size

    def _at(self, ids: Sequence[str]) -> NDArray[np.int64]:
        return np.array([self.place.get(i, -1) for i in ids], dtype=np.int64)

    def pledges(self) -> tuple[NDArray[np.int8], Bools, Bools]:
        rows = self.evidence.sql(
            """
            SELECT state_a, state_b, kind, year("start") AS s, "end" AS e, note FROM commitments
            WHERE source_id = 'atop' AND list_contains(?::VARCHAR[], kind)
            """,
            [list(PLEDGES)],
        )
        some = np.zeros(self._shape(), dtype=np.int8)
        two, strong = np.zeros(self._shape(), dtype=bool), np.zeros(self._shape(), dtype=bool)
        first, last = int(self.years[0]), int(self.years[-1])
        for a, b, kind, start, end, note in rows.iter_rows():
            i, j = self.place.get(a, -1), self.place.get(b, -1)
            firm = kind in ("defense pact", "offense pact")
            members = 2 if not note or "bilateral" in note else int(note.split("multilateral, ")[1].split(" ")[0])
            if i < 0 or j < 0 or i == j or (not firm and members > MOST_MEMBERS):
                continue
            # In force at the end of a year: until the year before the one in which it ended.
            stop = last if end is None else end.year - 1
            span = slice(max(start, first) - first, max(stop - first + 1, 0))
            for x, y in ((i, j), (j, i)):
                some[x, y, span] = 1
                two[x, y, span] |= members == 2
                strong[x, y, span] |= firm
        return some, two, strong

    def rivalries(self) -> Bools:
        rows = self.evidence.sql(
            'SELECT state_a, state_b, year("start") AS s, year("end") AS e FROM commitments '
            "WHERE source_id = 'tss-rivalries' AND kind = 'rivalry'"
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
            "SELECT state_a, state_b, year(\"start\") AS y FROM events WHERE source_id = 'gml-mid' AND intensity >= 4"
        )
        found = np.zeros(self._shape(), dtype=bool)
        i, j, k = self._at(rows["state_a"].to_list()), self._at(rows["state_b"].to_list()), rows["y"].to_numpy()
        keep = (i >= 0) & (j >= 0) & (k >= self.years[0]) & (k <= self.years[-1])
        found[i[keep], j[keep], k[keep] - self.years[0]] = True
        return found | found.transpose(1, 0, 2)

    def attribute(self, kind: str, source: str) -> Floats:
        rows = self.evidence.sql(
            'SELECT state, year("start") AS y, value FROM attributes WHERE kind = ? AND source_id = ?', [kind, source]
        )
        found = np.full((len(self.heads), self.years.size), np.nan)
        i, k = self._at(rows["state"].to_list()), rows["y"].to_numpy()
        keep = (i >= 0) & (k >= self.years[0]) & (k <= self.years[-1])
        found[i[keep], k[keep] - self.years[0]] = rows["value"].to_numpy()[keep]
        return found

    def trade(self) -> NDArray[np.float32]:
        """Share of each state's goods trade with each other state; the last year known serves the four after it."""
        rows = self.evidence.sql(
            "SELECT state_a, state_b, year(\"start\")::INT AS y, value FROM flows WHERE source_id = 'cow-trade'"
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
        """Half the mean distance of votes on divided items of three years; NaN where fewer than 10 are shared."""
        rows = self.evidence.sql(
            """
            WITH v AS (SELECT state, item, "date", value FROM positions
                       WHERE source_id = 'un-ga-votes' AND value IS NOT NULL AND year("date") BETWEEN ? AND ?)
            SELECT state, dense_rank() OVER (ORDER BY "date", item) - 1 AS item, year("date")::INT AS y, value::INT AS v
            FROM v JOIN (SELECT item, "date" FROM v GROUP BY ALL HAVING min(value) < max(value)) USING (item, "date")
            """,
            [int(self.years[0]), int(self.years[-1])],
        )
        found = np.full(self._shape(), np.nan, dtype=np.float32)
        i, item = self._at(rows["state"].to_list()), rows["item"].to_numpy()
        year, value = rows["y"].to_numpy(), rows["v"].to_numpy()
        apart = np.zeros((self.years.size, len(self.heads), len(self.heads)), dtype=np.float32)
        shared = np.zeros_like(apart)
        for k, y in enumerate(self.years):
            here = np.flatnonzero((year == y) & (i >= 0))
            if not here.size:
                continue
            _, column = np.unique(item[here], return_inverse=True)
            hot = np.zeros((3, len(self.heads), column.max() + 1), dtype=np.float32)
            hot[value[here] - 1, i[here], column] = 1
            yes, abstain, no = hot
            apart[k] = (yes + no) @ abstain.T + abstain @ (yes + no).T + 2 * (yes @ no.T + no @ yes.T)
            shared[k] = hot.sum(axis=0) @ hot.sum(axis=0).T
        for k in range(self.years.size):
            span = slice(max(k - 2, 0), k + 1)
            n = shared[span].sum(axis=0)
            with np.errstate(invalid="ignore", divide="ignore"):
                found[:, :, k] = np.where(n >= 10, apart[span].sum(axis=0) / (2 * n), np.nan)
        return found


def _features(
    cells: _Cells,
    exist: Bools,
    pledge: NDArray[np.int8],
    bilateral: Bools,
    strong: Bools,
    rivalry: Bools,
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    when: NDArray[np.int64],
) -> Floats:
    at = (one, other, when)
    votes = cells.vote_distance()
    now = votes[at].astype(float)
    before = votes[one, other, np.maximum(when - 5, 0)].astype(float)
    known = np.isfinite(now)
    rivals = rivalry.astype(np.float32)
    allies = pledge.astype(np.float32)
    cross = np.einsum("ikt,jkt->ijt", rivals, allies, optimize=True)
    cross = cross + cross.transpose(1, 0, 2)
    common = np.einsum("ikt,jkt->ijt", rivals, rivals, optimize=True)
    disputes = cells.disputes()
    recent = np.zeros(len(one), dtype=bool)
    for back in range(5):
        recent |= disputes[one, other, np.maximum(when - back, 0)]
    regime = _carried(cells.attribute("polyarchy", "democracy"))
    shift = np.abs(regime - np.roll(regime, 3, axis=1))
    shift[:, :3] = np.nan
    power = _carried(cells.attribute("capability index", "cow-nmc"))
    share = cells.trade()
    mine, theirs = share[at].astype(float), share[other, one, when].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(np.log(power[one, when]) - np.log(power[other, when]))
    columns = (
        np.where(known, now, 0.0),
        known,
        np.nan_to_num(now - before),
        np.log1p(cross[at]),
        np.log1p(common[at]),
        rivalry[at],
        recent,
        np.abs(regime[one, when] - regime[other, when]),
        np.fmax(shift[one, when], shift[other, when]),
        np.abs(mine - theirs),
        np.minimum(mine, theirs),
        ratio,
        strong[at],
        bilateral[at],
        np.log1p(_age(pledge)[at]),
    )
    table = np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)
    return np.asarray(np.nan_to_num(table, posinf=0.0, neginf=0.0))


def _carried(values: Floats) -> Floats:
    """Fill a missing value with the last one known."""
    known = np.isfinite(values)
    index = np.where(known, np.arange(values.shape[1]), 0)
    return np.asarray(values[np.arange(values.shape[0])[:, None], np.maximum.accumulate(index, axis=1)])


def _age(pledge: NDArray[np.int8]) -> NDArray[np.int16]:
    """Years since a pledge without a break was first in force."""
    age = np.zeros(pledge.shape, dtype=np.int16)
    for k in range(1, pledge.shape[2]):
        age[:, :, k] = np.where((pledge[:, :, k] > 0) & (pledge[:, :, k - 1] > 0), age[:, :, k - 1] + 1, 0)
    return age


def _outcomes(
    exist: Bools,
    pledge: NDArray[np.int8],
    rivalry: Bools,
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    when: NDArray[np.int64],
) -> tuple[Bools, Bools, Bools]:
    """Whether the pledge ended, a rivalry began, and all of the horizon is known."""
    n, last = len(one), pledge.shape[2] - 1
    ended, onset, alive = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), np.ones(n, dtype=bool)
    for ahead in range(1, HORIZON + 1):
        u = np.minimum(when + ahead, last)
        alive &= exist[one, u] & exist[other, u]
        ended |= alive & (pledge[one, other, u] == 0)
        onset |= alive & rivalry[one, other, u] & ~rivalry[one, other, u - 1]
    return ended, onset, (when + HORIZON <= last) & (alive | ended | onset)
