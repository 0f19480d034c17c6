"""Pairs of states bound by a pledge, year by year: what could be known then, and what became of the tie.

At risk is every pair with a pledge of defense, offense, neutrality or consultation in force at the end of a year
(consultation and neutrality in treaties of at most 12 members). What became of it within five years: the pledge
ended while both states lived; it hollowed, as the two moved apart in the General Assembly by :data:`HOLLOW` standard
deviations of that year's pairs; or a strategic rivalry between them began. Everything about a year is known by the end
of that year, as later coded: codings made with hindsight are an advantage that no forecaster then had.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.errors import CoverageError
from tripoint.evidence.choice import reference
from tripoint.sources.getting import how_to_get
from tripoint.triad.strain.arrays import Bools, Cells, Floats, Pledges

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: First and last year of the pledges used.
FIRST, LAST = 1870, 2018
#: Years within which an end counts.
HORIZON = 5
#: How far two states move apart for a tie to count as hollowed. Vote distances of a pair, less the mean of all pairs
#: and in their standard deviations, are compared: the last three of the five years ahead with the three to now.
HOLLOW = 0.75
#: Kinds of which the panel needs the source that is about all states.
NEEDED = ("defense pact", "rivalry", "dispute", "capability index", "polyarchy", "goods trade", "assembly vote")
#: What is known of a pair and year, and the sign that theories of strain give it; 0 where they give none.
SIGNS = {
    "vote distance": 1,
    "votes known": 0,
    "vote distance, change in 5 years": 1,
    "rivals of one are allies of the other": 1,
    "rivals in common": -1,
    "rivalry between the two": 1,
    "dispute in 5 years": 1,
    "regime distance": 1,
    "regime change in 3 years": 1,
    "one-sided trade": 1,
    "trade with each other": -1,
    "capability ratio": 0,
    "defense or offense pledge": -1,
    "two parties only": 0,
    "age of the pledge": 0,
    "term runs out in 5 years": 1,
    "renewed automatically": -1,
}
FEATURES = tuple(SIGNS)


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
    ended, hollowed, onset
        (n,) whether within ``HORIZON`` years the pledge ended, it hollowed, or a rivalry began.
    resolved
        (n,) whether the horizon lies within the evidence; False also where a state died first.
    compared
        (n,) whether the two have cast enough votes together to be compared with later ones.
    bilateral
        (n,) whether a treaty of two parties is among the pledges.
    """

    states: tuple[str, ...]
    pair: NDArray[np.int64]
    year: NDArray[np.int64]
    features: Floats
    ended: Bools
    hollowed: Bools
    onset: Bools
    resolved: Bools
    compared: Bools
    bilateral: Bools

    @property
    def outcome(self) -> Bools:
        """Whether the pledge ended, it hollowed, or a rivalry began."""
        return np.asarray(self.ended | self.hollowed | self.onset)

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
    missing = [s for s in map(reference, NEEDED) if s not in have]
    if missing:
        raise CoverageError(f"the strain panel needs {', '.join(missing)}; {how_to_get(missing)}")
    years = np.arange(first, last + 1)
    heads = tuple(sorted({states.lineage(m)[0] for y in years for m in states.members(int(y))}))
    place = {old: i for i, h in enumerate(heads) for old in states.lineage(h)}
    exist = np.zeros((len(heads), years.size), dtype=bool)
    for k, y in enumerate(years):  # on the last day: a state that ended in the year did not leave its treaties
        exist[[place[m] for m in states.members(date(int(y), 12, 31))], k] = True
    cells = Cells(evidence, heads, place, years)
    pledges, rivalry, votes = cells.pledges(), cells.rivalries(), cells.vote_distance()
    upper = np.triu(np.ones((len(heads),) * 2, dtype=bool), 1)[:, :, None]
    at = np.nonzero(upper & pledges.some)
    one, other, when = at
    ended, onset, resolved = _outcomes(exist, pledges.some, rivalry, *at)
    hollowed, compared = find_hollowed(votes, *at)
    return StrainPanel(
        states=heads,
        pair=np.stack([one, other], axis=1),
        year=years[when],
        features=_features(cells, pledges, rivalry, votes, *at),
        ended=ended,
        hollowed=hollowed,
        onset=onset,
        resolved=resolved,
        compared=compared,
        bilateral=pledges.two[at],
    )


def _features(
    cells: Cells,
    pledges: Pledges,
    rivalry: Bools,
    votes: NDArray[np.float32],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    when: NDArray[np.int64],
) -> Floats:
    at = (one, other, when)
    now = votes[at].astype(float)
    before = votes[one, other, np.maximum(when - 5, 0)].astype(float)
    known = np.isfinite(now)
    rivals = rivalry.astype(np.float32)
    allies = pledges.some.astype(np.float32)
    cross = np.einsum("ikt,jkt->ijt", rivals, allies, optimize=True)
    cross = cross + cross.transpose(1, 0, 2)
    common = np.einsum("ikt,jkt->ijt", rivals, rivals, optimize=True)
    disputes = cells.disputes()
    recent = np.zeros(len(one), dtype=bool)
    for back in range(5):
        recent |= disputes[one, other, np.maximum(when - back, 0)]
    regime = _carried(cells.attribute("polyarchy"))
    shift = np.abs(regime - np.roll(regime, 3, axis=1))
    shift[:, :3] = np.nan
    power = _carried(cells.attribute("capability index"))
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
        pledges.strong[at],
        pledges.two[at],
        np.log1p(_age(pledges.some)[at]),
        pledges.until[at] <= cells.years[when] + 1 + HORIZON,
        pledges.renewed[at],
    )
    table = np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)
    return np.asarray(np.nan_to_num(table, posinf=0.0, neginf=0.0))


def _carried(values: Floats) -> Floats:
    """Fill a missing value with the last one known."""
    known = np.isfinite(values)
    index = np.where(known, np.arange(values.shape[1]), 0)
    return np.asarray(values[np.arange(values.shape[0])[:, None], np.maximum.accumulate(index, axis=1)])


def _age(pledge: Bools) -> NDArray[np.int16]:
    """Years since a pledge without a break was first in force."""
    age = np.zeros(pledge.shape, dtype=np.int16)
    for k in range(1, pledge.shape[2]):
        age[:, :, k] = np.where(pledge[:, :, k] & pledge[:, :, k - 1], age[:, :, k - 1] + 1, 0)
    return age


def _outcomes(
    exist: Bools,
    pledge: Bools,
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
        ended |= alive & ~pledge[one, other, u]
        onset |= alive & rivalry[one, other, u] & ~rivalry[one, other, u - 1]
    return ended, onset, (when + HORIZON <= last) & (alive | ended | onset)


def find_hollowed(
    votes: NDArray[np.float32], one: NDArray[np.int64], other: NDArray[np.int64], when: NDArray[np.int64]
) -> tuple[Bools, Bools]:
    """Whether two states moved apart by ``HOLLOW`` within the horizon, and whether votes of now can be compared."""
    upper = np.triu_indices(votes.shape[0], 1)
    standing = np.full_like(votes, np.nan)
    for k in range(votes.shape[2]):
        pairs = votes[:, :, k][upper]
        pairs = pairs[np.isfinite(pairs)]
        if pairs.size > 1:
            standing[:, :, k] = (votes[:, :, k] - pairs.mean()) / pairs.std()
    now = standing[one, other, when]
    later = standing[one, other, np.minimum(when + HORIZON, votes.shape[2] - 1)]
    return np.asarray(later - now >= HOLLOW), np.isfinite(now)
