"""Interventions in a local-level model: what a regressor gains, at many candidates and for many series at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tripoint.numerics.local_level import Innovations, Variances, coarse_points, innovations, loglik

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: How far below its maximum a log-likelihood still counts as compatible (95 % for one variance).
COMPATIBLE = 1.92
#: Numbers held at once in the filtered series and regressors, to bound memory (8 bytes each, twice).
MOST_NUMBERS = 10_000_000
#: Smallest share of a sum of squares that is left after a regressor: below it only rounding is left.
ROUNDING = 1e-12
#: Regressors filtered at once.
BATCH = 256


def scan(
    responses: Floats,
    paths: Floats,
    observed: Bools,
    error_var: Floats | None,
    initial_var: float | None,
) -> Floats:
    """Gain in log-likelihood of each path over no change, the variances refitted on a grid for both.

    Parameters
    ----------
    responses
        (n, b) series; the grid of variances is laid around the first.
    paths
        (n, c) regressors, tried one at a time.
    observed
        (n,) periods in which the series were observed.
    error_var
        (n,) known measurement-error variance, or None.
    initial_var
        Variance of the first level around 0; None is exactly diffuse.

    Returns
    -------
    ndarray
        (c, b) gains >= 0, up to the grid.
    """
    if initial_var is not None and error_var is None:
        error_var = np.zeros(len(responses))
    points = coarse_points(np.where(observed, responses[:, 0], np.nan), error_var)
    none = np.full(responses.shape[1], np.inf)
    misfit = np.full((paths.shape[1], responses.shape[1]), np.inf)
    step = max(1, MOST_NUMBERS // max(responses.size, len(paths) * BATCH))
    for start in range(0, points.irregular.size, step):
        some = slice(start, start + step)
        part = Variances(points.irregular[some], points.drift[some], points.scaled)
        base = innovations(responses, observed, error_var, part, initial_var=initial_var)

        def whiten(x: Floats, part: Variances = part) -> Floats:
            return innovations(x, observed, error_var, part, initial_var=initial_var).error

        _lower(none, misfit, paths, base, part, whiten)
    if points.scaled:
        tiny = np.finfo(float).tiny
        return np.asarray(0.5 * base.count * (np.log(none) - np.log(np.maximum(misfit, tiny))))
    return np.asarray(0.5 * (none - misfit))


def _lower(
    none: Floats,
    misfit: Floats,
    paths: Floats,
    base: Innovations,
    points: Variances,
    whiten: Callable[[Floats], Floats],
) -> None:
    """Lower each misfit, in place, to the least over the points.

    Minus twice the log-likelihood is log_var + residual, or, where the scale is estimated, a constant plus
    count * log(residual * exp(log_var / count)): the misfit is what stands inside that logarithm.
    """
    g = len(base.error)
    times = np.exp(base.log_var / base.count) if points.scaled else np.ones(g)
    plus = np.zeros(g) if points.scaled else base.log_var
    total = np.einsum("gnb,gnb->gb", base.error, base.error)
    np.minimum(none, (total * times[:, None] + plus[:, None]).min(axis=0), out=none)
    for start in range(0, paths.shape[1], BATCH):
        batch = slice(start, start + BATCH)
        x = whiten(paths[:, batch])
        norm = np.sqrt(np.einsum("gnc,gnc->gc", x, x))
        x /= np.where(norm > 0, norm, np.inf)[:, None, :]
        for k in range(g):
            here = x[k].T @ base.error[k]
            np.square(here, out=here)
            np.subtract(total[k], here, out=here)
            np.maximum(here, ROUNDING * total[k], out=here)
            here *= times[k]
            here += plus[k]
            np.minimum(misfit[batch], here, out=misfit[batch])


def regress(parts: Innovations) -> tuple[float, float]:
    """Coefficient of the second column on the first, and its variance, at the first point."""
    y, x = parts.error[0, :, 0], parts.error[0, :, 1]
    information = float(x @ x)
    return float(x @ y) / information, 1 / information


def extremes(y: Floats, observed: Bools, error_var: Floats | None, initial_var: float | None) -> list[Variances]:
    """Least and most drift that the series without a change is compatible with (likelihood within ``COMPATIBLE``)."""
    if initial_var is not None and error_var is None:
        error_var = np.zeros(y.size)
    points = coarse_points(np.where(observed, y, np.nan), error_var)
    parts = innovations(y[:, None], observed, error_var, points, initial_var=initial_var)
    residual = np.einsum("gn,gn->g", parts.error[:, :, 0], parts.error[:, :, 0])
    value = loglik(residual, parts, points)
    near = np.flatnonzero(value >= value.max() - COMPATIBLE)
    total = points.irregular[near] + points.drift[near]
    drift_share = points.drift[near] / np.where(total > 0, total, 1.0)
    ends = near[[int(drift_share.argmin()), int(drift_share.argmax())]]
    factor = residual / parts.count if points.scaled else np.ones_like(residual)
    return [Variances(points.irregular[[g]] * factor[g], points.drift[[g]] * factor[g], scaled=False) for g in ends]


def simulate(point: Variances, n: int, error_var: Floats | None, draws: int, seed: int) -> Floats:
    """Series (n, draws) without a change, at the given variances."""
    rng = np.random.default_rng(seed)
    noise = point.irregular[0] + (np.zeros(n) if error_var is None else error_var)
    level = np.cumsum(np.sqrt(point.drift[0]) * rng.standard_normal((n, draws)), axis=0)
    return np.asarray(level + np.sqrt(noise)[:, None] * rng.standard_normal((n, draws)))
