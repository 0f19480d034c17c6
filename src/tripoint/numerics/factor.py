"""One latent factor behind continuous items: the Gaussian model, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import ConvergenceError, InputError

Floats = NDArray[np.float64]

#: Smallest share of an item's variance left to its own error: below it the item would be the factor.
SMALLEST_UNIQUENESS = 1e-3
#: Largest change of a loading at which the iteration counts as finished.
TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class LinearFactor:
    """A fitted one-factor Gaussian model of ``n`` units and ``p`` standardized items.

    Attributes
    ----------
    loadings
        (p,) correlation of each item with the factor [-1..+1].
    uniqueness
        (p,) share of each item's variance that the factor leaves [0-1].
    score
        (n,) posterior mean of the factor, which has mean 0 and variance 1.
    score_sd
        Posterior standard deviation of each score, the same for all units.
    loglik
        Log-likelihood of the standardized items.
    iterations
        Steps taken.
    """

    loadings: Floats
    uniqueness: Floats
    score: Floats
    score_sd: float
    loglik: float
    iterations: int


def fit_linear_factor(values: ArrayLike, *, max_iterations: int = 5000) -> LinearFactor:
    """Fit x = lambda theta + e to standardized items by the EM algorithm.

    Parameters
    ----------
    values
        (n, p) items, each standardized here; no missing values.
    max_iterations
        Limit of the iteration.

    Raises
    ------
    InputError
        Fewer than three items or units, a missing value, or an item without variation.
    ConvergenceError
        The limit was reached first.

    Notes
    -----
    Rubin and Thayer 1982, doi:10.1007/BF02293851. The sign is set so that the loadings sum to a positive number.
    """
    x = np.asarray(values, dtype=float)
    if x.ndim != 2 or min(x.shape) < 3:
        raise InputError(f"a linear factor needs three units and three items at least, not shape {x.shape}")
    if not np.isfinite(x).all():
        raise InputError(f"{int((~np.isfinite(x)).sum())} values are missing; leave those units out first")
    spread = x.std(axis=0)
    if (spread == 0).any():
        raise InputError(f"item {int(np.argmin(spread))} has no variation; leave the item out")
    z = (x - x.mean(axis=0)) / spread
    correlation = z.T @ z / len(z)
    values_, vectors = np.linalg.eigh(correlation)
    loadings = vectors[:, -1] * np.sqrt(values_[-1])
    loadings *= 1.0 if loadings.sum() >= 0 else -1.0
    loadings = np.clip(loadings, -0.95, 0.95)
    uniqueness = 1 - loadings**2
    iterations, change = 0, float("inf")
    while change >= TOLERANCE:
        if iterations == max_iterations:
            raise ConvergenceError(f"the linear factor still moved by {change:.1e} after {max_iterations} steps")
        iterations += 1
        precision = loadings / uniqueness
        weights = precision / (1 + loadings @ precision)
        cross = correlation @ weights
        second = 1 - weights @ loadings + weights @ cross
        new = cross / second
        uniqueness = np.maximum(1 - new * cross, SMALLEST_UNIQUENESS)
        change, loadings = float(np.abs(new - loadings).max()), new
    precision = loadings / uniqueness
    information = 1 + loadings @ precision
    covariance = np.outer(loadings, loadings) + np.diag(uniqueness)
    loglik = (
        -0.5
        * len(z)
        * (
            z.shape[1] * np.log(2 * np.pi)
            + np.linalg.slogdet(covariance)[1]
            + np.trace(np.linalg.solve(covariance, correlation))
        )
    )
    return LinearFactor(
        loadings=loadings,
        uniqueness=uniqueness,
        score=z @ precision / information,
        score_sd=float(1 / np.sqrt(information)),
        loglik=float(loglik),
        iterations=iterations,
    )
