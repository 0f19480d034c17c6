"""Battles from the front: areas held over time become battles won and lost, a chance, and a rate. Numbers only.

A battle is a period, won by the side that gained ground in it. Wins and losses with a Beta prior give a Beta
posterior for A's chance in one battle; the changes themselves give km2 a month. Periods that follow each other are
alike, because an offensive lasts longer than a month: by their lag-one correlation r, n of them count as
n (1 - r) / (1 + r), the effective size of a first-order autoregression.

Producers draw maps by different definitions, so that a change is only taken between two areas of one producer;
where several cover a period they share its weight. Between values far apart only the net change is known, and
counts as one battle; it is left out where another producer shows the battles that it is the net of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain.demands import AreaSeries
from tripoint.errors import InputError

Array = NDArray[np.float64]
DAYS_PER_MONTH = 365.2425 / 12
_LEVEL = 0.9
_LONG = 2  # a step longer than this many battles shows the net of several
_FEW = 4  # steps below which a correlation between them means nothing


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean and central interval at ``level``."""

    mean: float
    low: float
    high: float
    level: float = _LEVEL


@dataclass(frozen=True, slots=True)
class Steps:
    """Changes of the area held between two values of one producer; arrays of shape (steps,).

    Attributes
    ----------
    start, end
        Ordinals of the days.
    change
        Area gained by A [km2].
    weight
        One over the number of producers that cover the step's middle.
    series
        Which producer, as an index.
    """

    start: Array
    end: Array
    change: Array
    weight: Array
    series: NDArray[np.int64]

    @property
    def months(self) -> Array:
        """Length of each step [months]."""
        return np.asarray((self.end - self.start) / DAYS_PER_MONTH)


@dataclass(frozen=True, slots=True)
class Battles:
    """Battles won and lost by A (weights, so not always whole), and those in which the front stood still.

    ``alike`` is the lag-one correlation of outcomes, 0 where there are too few; ``effective`` the part of the count
    that it leaves [0-1].
    """

    won: float
    lost: float
    still: float
    steps: int
    alike: float
    effective: float


def step_areas(series: Sequence[AreaSeries], *, days: int = 30) -> Steps:
    """Cut series into steps of at least ``days`` days, and share the weight where producers overlap.

    Raises
    ------
    InputError
        Where ``days`` is below 1.
    """
    if days < 1:
        raise InputError(f"days={days}: a battle lasts at least 1 day")
    rows = []
    for k, one in enumerate(series):
        at = 0
        while (to := int(np.searchsorted(one.days, one.days[at] + days))) < len(one.days):
            rows.append((one.days[at], one.days[to], one.area[to] - one.area[at], k))
            at = to
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    table = table[[not _resolved(row, table, days) for row in table]] if len(table) else table
    start, end, change = table[:, 0], table[:, 1], table[:, 2]
    middle = (start + end) / 2.0
    own = table[:, 3].astype(np.int64)
    covers = [[np.any((own == k) & (start <= m) & (m <= end)) for k in range(len(series))] for m in middle]
    weight = np.array([1.0 / max(sum(row), 1) for row in covers])
    return Steps(start, end, change, weight, own)


def _resolved(row: Array, table: Array, days: int) -> bool:
    """Whether a long step is covered, for four fifths at least, by another producer's steps of a battle's length."""
    start, end, _, own = row
    if end - start <= _LONG * days:
        return False
    fine = table[(table[:, 3] != own) & (table[:, 1] - table[:, 0] <= _LONG * days)]
    overlap = np.minimum(fine[:, 1], end) - np.maximum(fine[:, 0], start)
    covered = np.bincount(fine[:, 3].astype(np.int64), np.maximum(overlap, 0.0)) if len(fine) else np.zeros(1)
    return bool(covered.max() >= 0.8 * (end - start))


def _alike(values: Array, series: NDArray[np.int64]) -> float:
    """Lag-one correlation within series, pooled; 0 where fewer than four values or no variation."""
    if len(values) < _FEW:
        return 0.0
    centered = values - values.mean()
    total = float(centered @ centered)
    same = series[1:] == series[:-1]
    return float((centered[1:] * centered[:-1])[same].sum()) / total if total > 0 else 0.0


def count_battles(steps: Steps, *, still: float = 25.0) -> Battles:
    """Count the steps that A won and lost; a change of no more than ``still`` [km2] counts for neither."""
    outcome = np.where(steps.change > still, 1.0, np.where(steps.change < -still, -1.0, 0.0))
    won, lost, calm = (float(steps.weight[outcome == k].sum()) for k in (1.0, -1.0, 0.0))
    alike = _alike(outcome, steps.series)
    r = min(max(alike, 0.0), 0.95)
    return Battles(won, lost, calm, len(outcome), alike, (1.0 - r) / (1.0 + r))


def fit_chance(battles: Battles, *, prior: tuple[float, float] = (1.0, 1.0), independent: bool = False) -> Estimate:
    """Posterior of A's chance in one battle: Beta(a + won, b + lost), counts cut to their effective number.

    Raises
    ------
    InputError
        Where the prior is not two positive numbers.
    """
    alpha, beta = posterior(battles, prior=prior, independent=independent)
    from scipy.special import betaincinv

    low, high = (float(betaincinv(alpha, beta, q)) for q in ((1 - _LEVEL) / 2, (1 + _LEVEL) / 2))
    return Estimate(alpha / (alpha + beta), low, high)


def posterior(
    battles: Battles, *, prior: tuple[float, float] = (1.0, 1.0), independent: bool = False
) -> tuple[float, float]:
    """Posterior (alpha, beta) of A's chance in one battle."""
    if not (prior[0] > 0 and prior[1] > 0):
        raise InputError(f"prior {prior} must be two numbers above 0")
    part = 1.0 if independent else battles.effective
    return prior[0] + part * battles.won, prior[1] + part * battles.lost


def fit_rate(steps: Steps, *, still: float = 25.0) -> Estimate | None:
    """Area that A gains a month [km2], with a t interval over effective steps; None with fewer than two.

    Steps weigh by their length, and vary at least by an error of ``still`` [km2] in either of their two areas, so
    that values published as the same do not pass for certainty. The interval is of the mean over the record, not of
    the next month; where early months differ from late ones it says so by its width only.
    """
    weight = steps.weight * steps.months
    if len(weight) < 2:
        return None
    rate = steps.change / steps.months
    mean = float(weight @ rate / weight.sum())
    r = min(max(_alike(rate, steps.series), 0.0), 0.95)
    size = max(float(weight.sum() ** 2 / (weight @ weight)) * (1.0 - r) / (1.0 + r), 2.0)
    varies = float(weight @ (rate - mean) ** 2 / weight.sum()) * size / (size - 1.0)
    least = 2.0 * float(weight @ (still / steps.months) ** 2 / weight.sum())
    spread = math.sqrt(max(varies, least) / size)
    from scipy.special import stdtrit

    reach = float(stdtrit(size - 1.0, (1 + _LEVEL) / 2)) * spread
    return Estimate(mean, mean - reach, mean + reach)
