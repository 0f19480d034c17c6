"""Second stage: what the pair's own past adds. One logit a cut, on the first stage and on what the ladder last told.

The first stage sees columns only. Two pairs with like columns may stand differently for reasons that no column
holds, and this lasts: the residual of the coded rungs, averaged and fading, and the rung that deeds and the last
code tell, correct it; the older the code, the less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import CUTS, Array, settle

#: Weight of the newest residual in the average, and what is left of it after a year without a code.
NEWEST, KEPT = 0.3, 0.95
#: Years in which the weight of a code falls by 1 / e: what the year itself tells, and what lasts.
_FADES = (1.0, 12.0)
#: Rungs that pairs leave at rates of their own as the code ages.
_LEFT = (-2, -1, 1, 2)
#: Strength of the penalty of the logits (inverse).
_C = 1.0
#: Features that never lower the chance of standing above a cut: all but the two of agreement with what is told.
_SIGNED = 9
#: Log odds of a cut that all rows, or none, are above.
_SURE = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class SecondStage:
    """(6, f) coefficients and (6,) intercepts of the logits."""

    slope: Array
    intercept: Array

    def above(self, first: Array, residual: Array, told: Array, age: NDArray[Any]) -> Array:
        """(rows, 6) P(rung > k)."""
        from scipy.special import expit

        parts = [
            expit(_features(first, residual, told, age, k) @ self.slope[k] + self.intercept[k])
            for k in range(len(CUTS))
        ]
        return settle(np.column_stack(parts))


def residuals(rung: Array, first: Array) -> Array:
    """(p, t) averaged residual of the rungs up to and with each year, carried and fading where there is none.

    Parameters
    ----------
    rung
        (p, t) rungs; NaN where not coded.
    first
        (p, t) mean rung of the first stage.
    """
    out = np.zeros(rung.shape)
    for t in range(rung.shape[1]):
        before = out[:, t - 1] if t else np.zeros(rung.shape[0])
        gap = rung[:, t] - first[:, t]
        seen = np.isfinite(gap)
        fresh = np.where(before == 0, gap, (1 - NEWEST) * before + NEWEST * gap)
        out[:, t] = np.where(seen, fresh, KEPT * before)
    return out


def fit_second(
    first: Array, residual: Array, told: Array, age: NDArray[Any], rung: Array, weight: Array
) -> SecondStage:
    """Fit the logits to rows: first-stage means (rows, 2), and (rows,) residual, rung told, age of code, rung."""
    slope: list[Array] = []
    intercept: list[float] = []
    for k, cut in enumerate(CUTS):
        x = _features(first, residual, told, age, k)
        above = rung > cut
        if above.all() or not above.any():
            slope.append(np.zeros(x.shape[1]))
            intercept.append(_SURE if above.all() else -_SURE)
            continue
        of_cut, base = _within_signs(x, above, weight)
        slope.append(of_cut)
        intercept.append(base)
    return SecondStage(np.array(slope), np.array(intercept))


def _within_signs(x: Array, above: NDArray[np.bool_], weight: Array) -> tuple[Array, float]:
    """Coefficients and intercept of a logit in which no feature of one sign counts the other way."""
    from sklearn.linear_model import LogisticRegression

    kept = list(range(x.shape[1]))
    while True:
        fit = LogisticRegression(C=_C, solver="newton-cholesky").fit(x[:, kept], above, sample_weight=weight)
        found = fit.coef_[0]
        wrong = {at for value, at in zip(found, kept, strict=True) if value < 0 and at < _SIGNED}
        if not wrong:
            slope = np.zeros(x.shape[1])
            slope[kept] = found
            return slope, float(fit.intercept_[0])
        kept = [at for at in kept if at not in wrong]


def _features(first: Array, residual: Array, told: Array, age: NDArray[Any], k: int) -> Array:
    middle = CUTS[k] + 0.5
    near = np.clip(first - middle, -1.5, 1.5)
    side = np.clip(told - middle, -3.5, 3.5)
    sign = np.sign(side)
    fresh = [np.exp(-np.minimum(age, 99) / years) * (age < 99) for years in _FADES]
    both = np.clip(first.mean(axis=1) - middle, -1.5, 1.5)
    old = 1 - np.exp(-np.minimum(age, 99) / _FADES[-1])
    return np.column_stack(
        [
            *(near, first - middle, np.clip(residual, -3, 3), *(side * f for f in fresh), *(sign * f for f in fresh)),
            *(both * sign, np.abs(both) * sign, *(old * (np.round(told) == rung) for rung in _LEFT)),
        ]
    )
