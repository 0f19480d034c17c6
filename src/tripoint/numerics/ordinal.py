"""One latent factor behind ordered items: ordered probit, marginal maximum likelihood by quadrature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import ConvergenceError, InputError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Prior mass of the factor left out at each end of the quadrature grid.
GRID_TAIL = 1e-9
#: Points of the grid. A step of about 0.1 standard deviations resolves items with loadings up to about 10.
GRID_POINTS = 121
#: Smallest probability of a category, so that an impossible answer costs much but not everything.
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class OrdinalFactor:
    """A fitted one-factor ordered-probit model of ``n`` units and ``p`` items.

    Attributes
    ----------
    loadings
        (p,) slope of each item on the factor, error variance 1; > 0 where the item rises with the factor.
    loadings_se
        (p,) standard errors, from the curvature at the maximum.
    thresholds
        p increasing arrays, one cut point between two neighboring categories.
    score, score_sd
        (n,) posterior mean and standard deviation of the factor, which has mean 0 and variance 1.
    low, high
        (n,) bounds of the interval at ``level``, item parameters being uncertain too.
    level
        Probability that the interval holds [0-1].
    loglik
        Marginal log-likelihood at the estimate, prior left out.
    prior_sd
        Standard deviation of the normal prior on each loading.
    skewness
        Skewness of the factor's distribution.
    converged, iterations
        What the optimizer reported.
    draws, seed
        Draws of the item parameters behind ``score``, ``score_sd``, ``low`` and ``high``, and their seed.
    """

    loadings: Floats
    loadings_se: Floats
    thresholds: tuple[Floats, ...]
    score: Floats
    score_sd: Floats
    low: Floats
    high: Floats
    level: float
    loglik: float
    prior_sd: float
    skewness: float
    converged: bool
    iterations: int
    draws: int
    seed: int


def fit_ordinal_factor(
    codes: ArrayLike,
    *,
    prior_sd: float = 3.0,
    skewness: float = 0.0,
    level: float = 0.9,
    draws: int = 200,
    seed: int = 0,
    max_iterations: int = 500,
) -> OrdinalFactor:
    """Fit one factor to ordered items: P(code <= c) = Phi(tau_c - lambda theta), theta of mean 0, variance 1.

    Parameters
    ----------
    codes
        (n, p) whole numbers: 0, 1, ... are the categories of an item in order, each of which occurs;
        negative is missing, and is left out of the unit's likelihood.
    prior_sd
        Standard deviation of the normal prior on each loading, > 0: it keeps a loading finite where an
        item separates the units perfectly.
    skewness
        Skewness of the factor's distribution, 0 to 4: 0 is the normal, s > 0 the gamma of shape 4 / s^2,
        shifted and scaled. A long right tail suits a trait that most units lack.
    level
        Probability that each score interval holds, 0 < level < 1.
    draws
        Draws of the item parameters from their normal approximation, over which the posterior of each
        score is averaged; 0 takes the item parameters as known.
    seed
        Seed of those draws.
    max_iterations
        Limit of the optimizer.

    Returns
    -------
    OrdinalFactor
        Where the factor is symmetric, its sign is set so that the loadings sum to a positive number.

    Raises
    ------
    InputError
        Fewer than two units or items, an item without variation, or a category that never occurs.
    ConvergenceError
        The optimizer stopped before the gradient vanished.

    Notes
    -----
    The marginal likelihood of Bock and Aitkin 1981, doi:10.1007/BF02293801, with a probit link; the
    integral is a sum over a fixed grid, so that steep items do no harm.
    """
    from scipy.optimize import minimize

    y = _check_codes(codes)
    if not (prior_sd > 0 and 0 < level < 1 and draws >= 0 and 0 <= skewness <= 4):
        raise InputError(
            f"prior_sd {prior_sd} must be > 0, level {level} in (0, 1), "
            f"draws {draws} >= 0, skewness {skewness} in [0, 4]"
        )
    model = _Model(y, prior_sd, *_factor_grid(skewness))
    fit = minimize(
        model.objective, model.start(), jac=True, method="L-BFGS-B", options={"maxiter": max_iterations, "ftol": 1e-12}
    )
    if not fit.success and float(np.abs(fit.jac).max()) > 1e-2:
        raise ConvergenceError(
            f"the factor model of {y.shape[0]} units and {y.shape[1]} items stopped after {fit.nit} iterations "
            f"({fit.message}); raise max_iterations or lower prior_sd"
        )
    best = np.asarray(fit.x)
    if skewness == 0 and best[: y.shape[1]].sum() < 0:
        best = model.flip(best)
    covariance = model.covariance(best)
    weights = model.posterior(best)
    if draws:
        weights = np.zeros_like(weights)
        root = np.linalg.cholesky(covariance)
        for z in np.random.default_rng(seed).standard_normal((draws, best.size)):
            weights += model.posterior(best + root @ z) / draws
    mean = weights @ model.grid
    spread = np.sqrt(np.maximum(weights @ model.grid**2 - mean**2, 0.0))
    low, high = (_quantiles(weights, model.grid, q)[model.place] for q in ((1 - level) / 2, (1 + level) / 2))
    p = y.shape[1]
    return OrdinalFactor(
        loadings=best[:p],
        loadings_se=np.sqrt(np.diag(covariance)[:p]),
        thresholds=model.thresholds(best),
        score=mean[model.place],
        score_sd=spread[model.place],
        low=low,
        high=high,
        level=level,
        loglik=model.loglik(best),
        prior_sd=prior_sd,
        skewness=skewness,
        converged=bool(fit.success),
        iterations=int(fit.nit),
        draws=draws,
        seed=seed,
    )


def ordered_codes(values: ArrayLike) -> tuple[Codes, tuple[Floats, ...]]:
    """Turn (n, p) values (NaN missing) into codes 0, 1, ... by the values that occur in each column.

    Returns the codes, with -1 for missing, and each column's values in order.
    """
    x = np.asarray(values, dtype=float)
    if x.ndim != 2:
        raise InputError(f"the items must be a table of units by items, not an array of shape {x.shape}")
    codes = np.full(x.shape, -1, dtype=np.int64)
    scales = []
    for j in range(x.shape[1]):
        known = np.isfinite(x[:, j])
        scale, codes[known, j] = np.unique(x[known, j], return_inverse=True)
        scales.append(scale)
    return codes, tuple(scales)


def _check_codes(codes: ArrayLike) -> Codes:
    y = np.asarray(codes)
    if y.ndim != 2 or y.shape[0] < 2 or y.shape[1] < 2:
        raise InputError(f"a factor needs two units and two items at least, not an array of shape {y.shape}")
    if not np.issubdtype(y.dtype, np.integer):
        raise InputError(f"codes must be whole numbers, not {y.dtype}; ordered_codes() makes them from values")
    for j in range(y.shape[1]):
        seen = np.unique(y[y[:, j] >= 0, j])
        if seen.size < 2:
            raise InputError(f"item {j} has no variation: {seen.size} category occurs; leave the item out")
        if seen[-1] != seen.size - 1:
            raise InputError(f"item {j} has codes {seen.tolist()}, with a gap; ordered_codes() closes gaps")
    return np.asarray(np.maximum(y, -1), dtype=np.int64)


def _factor_grid(skewness: float) -> tuple[Floats, Floats]:
    """Return grid points and log masses of a distribution of mean 0, variance 1 and the given skewness."""
    from scipy.special import gammainc, gammaincinv, ndtr, ndtri

    if skewness == 0:
        edges = np.linspace(ndtri(GRID_TAIL), -ndtri(GRID_TAIL), GRID_POINTS + 1)
        below = ndtr(edges)
    else:
        shape = 4 / skewness**2
        ends = gammaincinv(shape, [GRID_TAIL, 1 - GRID_TAIL])
        quantity = np.linspace(ends[0], ends[1], GRID_POINTS + 1)
        below = gammainc(shape, quantity)
        edges = (quantity - shape) / np.sqrt(shape)
    mass = np.diff(below)
    return (edges[1:] + edges[:-1]) / 2, np.log(mass / mass.sum())


def _quantiles(weights: Floats, grid: Floats, q: float) -> Floats:
    """Quantile of each row's discrete distribution on the grid, linear between the points' midpoints."""
    middle = np.cumsum(weights, axis=1) - weights / 2
    return np.array([np.interp(q, row, grid) for row in middle])


class _Model:
    """The likelihood: parameters are p loadings, then for each item a first cut and the logs of the gaps."""

    def __init__(self, y: Codes, prior_sd: float, grid: Floats, log_prior: Floats) -> None:
        self.prior_sd, self.grid, self.log_prior = prior_sd, grid, log_prior
        # Units that answer alike are one row, counted.
        self.y, place, self.times = np.unique(y, axis=0, return_inverse=True, return_counts=True)
        self.place = place.reshape(-1)
        self.sizes = y.max(axis=0) + 1
        ends = y.shape[1] + np.cumsum(self.sizes - 1)
        self.slices = [slice(int(e - k + 1), int(e)) for e, k in zip(ends, self.sizes, strict=True)]
        self.indicators = [(self.y[:, [j]] == np.arange(k)).astype(float) for j, k in enumerate(self.sizes)]

    def start(self) -> Floats:
        from scipy.special import ndtri

        p = self.y.shape[1]
        x = np.zeros(p + int((self.sizes - 1).sum()))
        x[:p] = 1.0
        for block, seen in zip(self.slices, self.indicators, strict=True):
            counts = self.times @ seen
            share = np.cumsum(counts)[:-1] / counts.sum()
            cuts = ndtri(share) * np.sqrt(2.0)
            x[block] = np.concatenate([cuts[:1], np.log(np.maximum(np.diff(cuts), 1e-3))])
        return x

    def thresholds(self, x: Floats) -> tuple[Floats, ...]:
        return tuple(np.cumsum(np.concatenate([x[b][:1], np.exp(x[b][1:])])) for b in self.slices)

    def flip(self, x: Floats) -> Floats:
        out = x.copy()
        out[: self.y.shape[1]] *= -1
        return out

    def _tables(self, x: Floats) -> list[tuple[Floats, Floats]]:
        """For each item: P(category | theta), (k, grid), and the normal density at each cut, (k - 1, grid)."""
        from scipy.special import ndtr

        tables = []
        for j, cuts in enumerate(self.thresholds(x)):
            at = cuts[:, None] - x[j] * self.grid
            below = np.vstack([np.zeros_like(self.grid), ndtr(at), np.ones_like(self.grid)])
            density = np.exp(-0.5 * at**2) / np.sqrt(2 * np.pi)
            tables.append((np.maximum(np.diff(below, axis=0), TINY), density))
        return tables

    def _joint(self, tables: list[tuple[Floats, Floats]]) -> Floats:
        joint = np.tile(self.log_prior, (self.y.shape[0], 1))
        for codes, (probability, _) in zip(self.y.T, tables, strict=True):
            # Code -1, missing, meets the last row: log 1.
            joint += np.vstack([np.log(probability), np.zeros_like(self.grid)])[codes]
        return joint

    def loglik(self, x: Floats) -> float:
        joint = self._joint(self._tables(x))
        top = joint.max(axis=1)
        return float(self.times @ (np.log(np.exp(joint - top[:, None]).sum(axis=1)) + top))

    def posterior(self, x: Floats) -> Floats:
        """Posterior mass of the factor on the grid, for each distinct row of answers."""
        joint = self._joint(self._tables(x))
        weights = np.exp(joint - joint.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def objective(self, x: Floats) -> tuple[float, Floats]:
        """Minus the log posterior and its gradient (Fisher's identity: the expected complete-data gradient)."""
        tables = self._tables(x)
        joint = self._joint(tables)
        top = joint.max(axis=1, keepdims=True)
        weights = np.exp(joint - top)
        total = weights.sum(axis=1, keepdims=True)
        value = float(self.times @ (np.log(total) + top)[:, 0])
        weights *= self.times[:, None] / total
        p = self.y.shape[1]
        gradient = np.zeros_like(x)
        for j, (block, seen, (probability, density)) in enumerate(
            zip(self.slices, self.indicators, tables, strict=True)
        ):
            ratio = (seen.T @ weights) / probability
            at_cut = density * (ratio[:-1] - ratio[1:])
            gradient[j] = -(at_cut.sum(axis=0) @ self.grid)
            by_cut = at_cut.sum(axis=1)
            later = np.cumsum(by_cut[::-1])[::-1]
            gradient[block] = np.concatenate([later[:1], later[1:] * np.exp(x[block][1:])])
        loading = x[:p] / self.prior_sd
        value -= 0.5 * float(loading @ loading)
        gradient[:p] -= loading / self.prior_sd
        return -value, -gradient

    def covariance(self, x: Floats) -> Floats:
        """Inverse curvature of the log posterior, by central differences of the gradient."""
        step = 1e-4
        size = x.size
        curvature = np.empty((size, size))
        for i in range(size):
            shift = np.zeros(size)
            shift[i] = step
            curvature[i] = (self.objective(x + shift)[1] - self.objective(x - shift)[1]) / (2 * step)
        values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
        return np.asarray((vectors / np.maximum(values, 1e-4)) @ vectors.T)
