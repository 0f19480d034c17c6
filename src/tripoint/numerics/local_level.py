"""The local-level model: a random walk seen with error, for one series at many variances at once.

    y_t = level_t + m_t + e_t,          e_t ~ N(0, irregular), m_t ~ N(0, error_var_t) known
    level_{t+1} = level_t + u_t,        u_t ~ N(0, drift)

The level starts diffuse, exactly: the first observation sets it and has no likelihood of its own.
Durbin and Koopman 2012, doi:10.1093/acprof:oso/9780199641178.001.0001, chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError
from tripoint.numerics.kalman import StateSpace, kalman_smooth

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Smallest number of observations that can tell the two variances apart at all.
FEWEST = 5
#: Shares of drift in the two variances, as logits, at which the likelihood is first looked at; 0 and 1 are added.
LOGIT_SHARES: Floats = np.linspace(-9.0, 9.0, 25)
#: Sum of the two variances, as a multiple of the variance of first differences, where error is known; 0 is added.
SCALES: Floats = np.geomspace(1e-3, 4.0, 12)
#: On two axes, every how many-th share is looked at first.
THINNED = 2
#: Rounds of looking closer around the best point; each narrows the grid by ``ZOOM``.
ROUNDS = 14
ZOOM = 0.5


@dataclass(frozen=True, slots=True)
class Variances:
    """``g`` points at which a likelihood is evaluated.

    Attributes
    ----------
    irregular, drift
        (g,) variances, in units of the series squared; up to a common factor where ``scaled``.
    scaled
        True where the common factor is estimated in closed form (no known measurement error).
    """

    irregular: Floats
    drift: Floats
    scaled: bool


@dataclass(frozen=True, slots=True)
class Innovations:
    """One-step errors of ``c`` columns at ``g`` points: what generalized least squares needs.

    Attributes
    ----------
    error
        (g, n, c) one-step errors divided by their standard deviation; 0 where nothing was observed.
    log_var
        (g,) sum of the logs of the error variances.
    count
        Observations with a likelihood: all but the first.
    final, final_var
        (g, c) and (g,): the level after the last period, and its variance.
    """

    error: Floats
    log_var: Floats
    count: int
    final: Floats
    final_var: Floats


@dataclass(frozen=True, slots=True)
class LocalLevel:
    """A fitted local-level model of ``n`` periods.

    Attributes
    ----------
    irregular, drift
        Variances of the error and of the level's steps, in units of the series squared.
    loglik
        Diffuse log-likelihood.
    level, level_sd
        (n,) smoothed level and its standard deviation, the variances taken as known.
    observed
        Observations used.
    """

    irregular: float
    drift: float
    loglik: float
    level: Floats
    level_sd: Floats
    observed: int


def innovations(
    columns: Floats,
    observed: Bools,
    error_var: Floats | None,
    points: Variances,
    *,
    initial_var: float | None = None,
) -> Innovations:
    """Filter every column at every point; the gains depend on the point only.

    Parameters
    ----------
    columns
        (n, c) series and regressors; values in periods not observed are ignored.
    observed
        (n,) True where the series has a value.
    error_var
        (n,) known measurement-error variance, or None.
    points
        Where to evaluate.
    initial_var
        Variance of the first level around 0; None is exactly diffuse.
    """
    n, c = columns.shape
    g = points.irregular.size
    error = np.zeros((g, n, c))
    log_var = np.zeros(g)
    level, spread = np.zeros((g, c)), np.zeros(g)
    started, count = False, 0
    for t in range(n):
        spread = spread + points.drift
        if not observed[t]:
            continue
        noise = points.irregular if error_var is None else points.irregular + error_var[t]
        if not started:
            weight = np.ones(g) if initial_var is None else initial_var / (initial_var + noise)
            level, spread, started = weight[:, None] * columns[t], weight * noise, True
            continue
        total = spread + noise
        gap = columns[t] - level
        level += (spread / total)[:, None] * gap
        error[:, t] = gap / np.sqrt(total)[:, None]
        log_var += np.log(total)
        spread = spread * noise / total
        count += 1
    return Innovations(error, log_var, count, level, spread)


def loglik(residual: Floats, parts: Innovations, points: Variances) -> Floats:
    """Log-likelihood (g, ...) from the sum of squared standardized errors (g, ...) at each point."""
    shape = (-1,) + (1,) * (residual.ndim - 1)
    log_var = parts.log_var.reshape(shape)
    if points.scaled:
        tiny = np.finfo(float).tiny
        residual = parts.count * (1 + np.log(np.maximum(residual, tiny) / parts.count))
    return np.asarray(-0.5 * (parts.count * np.log(2 * np.pi) + log_var + residual))


def coarse_points(series: Floats, error_var: Floats | None) -> Variances:
    """Return the points at which a likelihood is first looked at."""
    share = np.concatenate([[0.0], 1 / (1 + np.exp(-LOGIT_SHARES)), [1.0]])
    if error_var is None:
        return Variances(1 - share, share, scaled=True)
    known = series[np.isfinite(series)]
    scale = np.concatenate([[0.0], SCALES * max(float(np.var(np.diff(known))), np.finfo(float).tiny)])
    scale, share = (x.ravel() for x in np.meshgrid(scale, share[::THINNED], indexing="ij"))
    if (error_var[np.isfinite(series)] <= 0).any():
        share, scale = share[scale > 0], scale[scale > 0]
    return Variances(scale * (1 - share), scale * share, scaled=False)


def maximize(
    columns: Floats, observed: Bools, error_var: Floats | None, *, initial_var: float | None = None
) -> tuple[Variances, float, Innovations]:
    """Fit the variances of the first column, the other columns being its regressors.

    A finite ``initial_var`` has a scale of its own, so that the variances are then sought on two axes.
    Returns the best point, as one ``Variances`` with its true scale, the log-likelihood, and the innovations there.
    """
    series = np.where(observed, columns[:, 0], np.nan)
    if initial_var is not None and error_var is None:
        error_var = np.zeros(len(columns))
    points = coarse_points(series, error_var)
    width = float(LOGIT_SHARES[1] - LOGIT_SHARES[0]) * (1 if points.scaled else THINNED)
    spread = 1.0
    for _ in range(ROUNDS):
        parts = innovations(columns, observed, error_var, points, initial_var=initial_var)
        value = loglik(_residual(parts.error), parts, points)
        best = int(np.argmax(value))
        irregular, drift = float(points.irregular[best]), float(points.drift[best])
        points = _closer(irregular, drift, width, spread, scaled=points.scaled)
        width, spread = width * ZOOM, spread * ZOOM
    parts = innovations(columns, observed, error_var, points, initial_var=initial_var)
    residual = _residual(parts.error)
    value = loglik(residual, parts, points)
    best = int(np.argmax(value))
    factor = float(residual[best]) / parts.count if points.scaled else 1.0
    point = Variances(points.irregular[[best]] * factor, points.drift[[best]] * factor, scaled=False)
    return point, float(value[best]), innovations(columns, observed, error_var, point, initial_var=initial_var)


def fit_local_level(series: ArrayLike, *, error_var: ArrayLike | None = None) -> LocalLevel:
    """Fit the local-level model by maximum likelihood.

    Parameters
    ----------
    series
        (n,) values, NaN missing; ``FEWEST`` observations at least.
    error_var
        (n,) or one number: known variance of each value's measurement error, >= 0, in units of the series
        squared. An irregular error is estimated beside it.

    Raises
    ------
    InputError
        Too few observations, no variation, or an error variance that is negative or missing.
    """
    y, known, observed = check_series(series, error_var)
    point, value, _ = maximize(y[:, None], observed, known)
    noise = point.irregular[0] + (np.zeros(y.size) if known is None else known)
    first = int(np.argmax(observed))
    model = StateSpace(
        design=np.ones((1, 1)),
        error_cov=np.maximum(noise[first + 1 :], np.finfo(float).tiny)[:, None, None],
        transition=np.ones((1, 1)),
        state_cov=point.drift[:, None],
        initial_mean=y[[first]],
        initial_cov=np.full((1, 1), noise[first] + point.drift[0]),
    )
    after = kalman_smooth(y[first + 1 :], model)
    level, variance = np.empty(y.size), np.empty(y.size)
    level[first + 1 :], variance[first + 1 :] = after.mean[:, 0], after.cov[:, 0, 0]
    _smooth_start(level, variance, y, float(noise[first]), float(point.drift[0]), first)
    return LocalLevel(
        irregular=float(point.irregular[0]),
        drift=float(point.drift[0]),
        loglik=value,
        level=level,
        level_sd=np.sqrt(np.maximum(variance, 0.0)),
        observed=int(observed.sum()),
    )


def check_series(series: ArrayLike, error_var: ArrayLike | None) -> tuple[Floats, Floats | None, Bools]:
    """Check a series and its error variances; return both as (n,) arrays, and where the series is observed."""
    y = np.asarray(series, dtype=float)
    if y.ndim != 1:
        raise InputError(f"a series must be one-dimensional, not of shape {y.shape}")
    observed = np.isfinite(y)
    if observed.sum() < FEWEST:
        raise InputError(
            f"the series has {int(observed.sum())} observations; {FEWEST} are the fewest that can be fitted"
        )
    if np.ptp(y[observed]) == 0:
        raise InputError(f"the series has no variation: every value is {y[observed][0]:g}")
    if error_var is None:
        return y, None, observed
    known = np.broadcast_to(np.asarray(error_var, dtype=float), y.shape).copy()
    bad = observed & ~(known >= 0)
    if bad.any():
        raise InputError(f"error variance {known[bad][0]} in period {int(np.argmax(bad))} must be a number >= 0")
    if not known[observed].any():
        return y, None, observed
    known[~observed] = known[observed].mean()
    return y, known, observed


def _residual(error: Floats) -> Floats:
    """Sum of squares (g,) of the first column once the others are regressed out."""
    y = error[:, :, 0]
    if error.shape[2] == 1:
        return np.asarray(np.einsum("gn,gn->g", y, y))
    X = error[:, :, 1:]
    gram = np.einsum("gnc,gnd->gcd", X, X)
    cross = np.einsum("gnc,gn->gc", X, y)
    left = y - np.einsum("gnc,gcd,gd->gn", X, np.linalg.pinv(gram, hermitian=True), cross)
    return np.asarray(np.einsum("gn,gn->g", left, left))


def _closer(irregular: float, drift: float, width: float, spread: float, *, scaled: bool) -> Variances:
    """Return a finer grid around a point; the limits 0 and 1 of the share of drift stay in reach."""
    total = irregular + drift
    share = np.clip(drift / total if total > 0 else 0.5, 1e-9, 1 - 1e-9)
    at = np.log(share / (1 - share)) + np.linspace(-width, width, 9)
    shares = np.concatenate([1 / (1 + np.exp(-at)), [0.0 if share < 0.5 else 1.0]])
    if scaled:
        return Variances(1 - shares, shares, scaled=True)
    scales = total * np.exp(np.linspace(-spread, spread, 9))
    scales, shares = (x.ravel() for x in np.meshgrid(scales, shares, indexing="ij"))
    keep_irregular, keep_drift = np.append(scales * (1 - shares), irregular), np.append(scales * shares, drift)
    return Variances(keep_irregular, keep_drift, scaled=False)


def _smooth_start(level: Floats, variance: Floats, y: Floats, noise: float, drift: float, first: int) -> None:
    """Fill in the first observed period and those before it, which the filter's start leaves out.

    Given the level of the next period, the first level weighs that level (variance ``drift``) against the
    first observation (variance ``noise``).
    """
    weight = 0.5 if noise + drift == 0 else noise / (noise + drift)
    level[first] = y[first] + weight * (level[first + 1] - y[first])
    variance[first] = weight * drift + weight**2 * variance[first + 1]
    for t in range(first - 1, -1, -1):
        level[t], variance[t] = level[t + 1], variance[t + 1] + drift
