"""Interventions in a local-level model: what a regressor gains, at many candidates and for many series at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tripoint.numerics.local_level import Innovations, Variances, coarse_points, innovations, loglik

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: How far below its maximum a log-likelihood still counts as compatible (95 % for one variance).
COMPATIBLE = 1.92
#: Regressors filtered at once, to bound memory.
BATCH = 256


def scan(
    responses: Floats,
    paths: Floats,
    observed: Bools,
    error_var: Floats | None,
    initial_var: float | None,
) -> Floats:
    """Gain in log-likelihood of each path (c, responses) over no change, variances refitted on the grid for both."""
    if initial_var is not None and error_var is None:
        error_var = np.zeros(len(responses))
    points = coarse_points(np.where(observed, responses[:, 0], np.nan), error_var)
    base = innovations(responses, observed, error_var, points, initial_var=initial_var)
    total = np.einsum("gnb,gnb->gb", base.error, base.error)
    # Minus twice the log-likelihood is log_var + residual, or count * log(residual * exp(log_var / count)) + constant.
    times = np.exp((base.log_var - base.log_var.min()) / base.count) if points.scaled else np.ones(len(total))
    plus = np.zeros(len(total)) if points.scaled else base.log_var
    none = (total * times[:, None] + plus[:, None]).min(axis=0)
    misfit = np.full((paths.shape[1], responses.shape[1]), np.inf)
    for start in range(0, paths.shape[1], BATCH):
        batch = slice(start, start + BATCH)
        x = innovations(paths[:, batch], observed, error_var, points, initial_var=initial_var).error
        norm = np.sqrt(np.einsum("gnc,gnc->gc", x, x))
        x /= np.where(norm > 0, norm, np.inf)[:, None, :]
        for g in range(len(total)):
            here = x[g].T @ base.error[g]
            np.square(here, out=here)
            np.subtract(total[g], here, out=here)
            here *= times[g]
            here += plus[g]
            np.minimum(misfit[batch], here, out=misfit[batch])
    if points.scaled:
        tiny = np.finfo(float).tiny
        return np.asarray(0.5 * base.count * (np.log(none) - np.log(np.maximum(misfit, tiny))))
    return np.asarray(0.5 * (none - misfit))


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
    drift_share = points.drift[near] / (points.irregular[near] + points.drift[near])
    ends = near[[int(np.nanargmin(drift_share)), int(np.nanargmax(drift_share))]]
    factor = residual / parts.count if points.scaled else np.ones_like(residual)
    return [Variances(points.irregular[[g]] * factor[g], points.drift[[g]] * factor[g], scaled=False) for g in ends]


def simulate(point: Variances, observed: Bools, error_var: Floats | None, draws: int, seed: int) -> Floats:
    """Series (n, draws) without a change, at the given variances."""
    rng = np.random.default_rng(seed)
    n = observed.size
    noise = point.irregular[0] + (np.zeros(n) if error_var is None else error_var)
    level = np.cumsum(np.sqrt(point.drift[0]) * rng.standard_normal((n, draws)), axis=0)
    return np.asarray(level + np.sqrt(noise)[:, None] * rng.standard_normal((n, draws)))
