"""First stage: the mean rung from what is observed, by boosted trees and by a ridge proportional-odds logit.

Both have monotone signs: more of what speaks for a tie never lowers the estimate. Pairs are in three folds by their
names, and no pair
is estimated by a model that saw it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.ladder import LOWEST, RUNGS

Array = NDArray[np.floating[Any]]

#: Folds of pairs, and the six places where the ladder is cut.
FOLDS = 3
CUTS: tuple[int, ...] = tuple(range(LOWEST, LOWEST + len(RUNGS) - 1))
#: Settings of the trees.
TREES = {
    "max_iter": 120,
    "learning_rate": 0.08,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 60,
    "l2_regularization": 10.0,
    "max_bins": 64,
    "early_stopping": False,
    "random_state": 0,
}
#: Ridge of the logit, in units of observations.
RIDGE = 20.0
_FLOOR = 1e-4


def fold_of(pairs: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """Fold of each pair, from its names alone."""
    return np.array([int(hashlib.sha256("-".join(p).encode()).hexdigest()[:8], 16) % FOLDS for p in pairs])


@dataclass(frozen=True, slots=True, eq=False)
class Logit:
    """A proportional-odds logit.

    Attributes
    ----------
    cut
        (6,) thresholds.
    slope
        (k,) coefficients on standardized columns.
    middle, spread
        (k,) by which columns are standardized; a missing value stands at the middle.
    """

    cut: Array
    slope: Array
    middle: Array
    spread: Array

    def standard(self, x: NDArray[Any]) -> Array:
        """(rows, k) standardized columns, within four spreads."""
        with np.errstate(invalid="ignore"):
            z = np.clip((x - self.middle) / self.spread, -4, 4)
        return np.asarray(np.where(np.isnan(z), 0.0, z))

    def above(self, x: NDArray[Any]) -> Array:
        """(rows, 6) P(rung > k)."""
        return _expit(self.standard(x) @ self.slope[:, None] - self.cut[None, :])


def fit_logit(x: NDArray[Any], rung: Array, weight: Array, signs: NDArray[np.int64]) -> Logit:
    """Fit by penalized likelihood within the signs."""
    from scipy.optimize import minimize

    middle = np.nanmean(x, axis=0)
    spread = np.maximum(np.nanstd(x, axis=0), 1e-6)
    model = Logit(np.zeros(len(CUTS)), np.zeros(x.shape[1]), middle, spread)
    z = model.standard(x)
    above = rung[:, None] > np.asarray(CUTS)[None, :]
    share = np.clip((above * weight[:, None]).sum(axis=0) / weight.sum(), 1e-3, 1 - 1e-3)
    begin = np.concatenate([-np.log(share / (1 - share)), np.zeros(z.shape[1])])
    level = rung.astype(int) - LOWEST
    n = len(CUTS)

    def loss(theta: Array) -> tuple[float, Array]:
        edges = np.concatenate([[-np.inf], np.maximum.accumulate(theta[:n]), [np.inf]])
        eta = z @ theta[n:]
        reached, passed = _expit(eta - edges[level]), _expit(eta - edges[level + 1])  # P(rung >= own), P(rung > own)
        p = np.maximum(reached - passed, 1e-9)
        share = weight / p
        up, down = share * reached * (1 - reached), share * passed * (1 - passed)
        by_edge = np.bincount(level, up, n + 2)[1:-1] - np.bincount(level + 1, down, n + 2)[1:-1]
        slope = theta[n:]
        value = -(weight * np.log(p)).sum() + RIDGE / 2 * slope @ slope
        return float(value), np.concatenate([by_edge, RIDGE * slope - z.T @ (up - down)])

    bounds = [(None, None)] * n + [(0, None) if s > 0 else (None, 0) if s < 0 else (None, None) for s in signs]
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 100})
    return Logit(np.maximum.accumulate(found.x[:n]), found.x[n:], middle, spread)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Trees of the mean rung (the learner, or its plain arrays), and the logit, fitted to one set of rows."""

    trees: Any
    logit: Logit

    def mean(self, x: NDArray[Any]) -> Array:
        """(rows, 2) mean rung by the trees and by the logit."""
        grown = np.clip(self.trees.predict(x), LOWEST, -LOWEST)
        return np.column_stack([grown, expected(self.logit.above(x))])


def fit_model(x: NDArray[Any], rung: Array, weight: Array, signs: NDArray[np.int64]) -> Model:
    """Fit trees and logit to rows of columns and rungs."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    trees = HistGradientBoostingRegressor(monotonic_cst=signs, **TREES).fit(x, rung, sample_weight=weight)
    return Model(trees, fit_logit(x, rung, weight, signs))


def settle(above: Array) -> Array:
    """Cumulative chances made to fall from cut to cut, and away from 0 and 1."""
    return np.asarray(np.clip(np.minimum.accumulate(above, axis=-1), _FLOOR, 1 - _FLOOR))


def expected(above: Array) -> Array:
    """Mean rung of cumulative chances."""
    return np.asarray(LOWEST + above.sum(axis=-1))


def _expit(x: Array) -> Array:
    from scipy.special import expit

    return np.asarray(expit(x))
