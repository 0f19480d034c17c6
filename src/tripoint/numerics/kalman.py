"""The linear Gaussian state-space model: filter, smoother and log-likelihood, with missing values.

    y_t = Z_t a_t + e_t,        e_t ~ N(0, H_t)
    a_{t+1} = T a_t + u_t,      u_t ~ N(0, Q)
    a_1 ~ N(a, P)

Notation and recursions of Durbin and Koopman 2012, doi:10.1093/acprof:oso/9780199641178.001.0001.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError

Floats = NDArray[np.float64]

#: Variance that stands for "unknown" where a caller asks for a diffuse start, in units of the data's variance.
DIFFUSE = 1e7


@dataclass(frozen=True, slots=True)
class StateSpace:
    """A linear Gaussian model of ``p`` series and ``m`` states over ``n`` periods.

    Attributes
    ----------
    design
        (p, m), or (n, p, m) where it varies: Z.
    error_cov
        (p, p), or (n, p, p) where it varies, as known measurement error does: H.
    transition
        (m, m): T.
    state_cov
        (m, m): Q, positive semidefinite.
    initial_mean, initial_cov
        (m,) and (m, m): the state before the first period is seen.
    """

    design: Floats
    error_cov: Floats
    transition: Floats
    state_cov: Floats
    initial_mean: Floats
    initial_cov: Floats


@dataclass(frozen=True, slots=True)
class Filtered:
    """The state given the series so far.

    Attributes
    ----------
    mean, cov
        (n, m), (n, m, m): the state given y_1 .. y_t.
    predicted_mean, predicted_cov
        (n + 1, m), (n + 1, m, m): the state given y_1 .. y_{t-1}; the last is one step ahead.
    innovation, innovation_var
        (n, p): one-step errors and their variances, NaN where nothing was observed.
    loglik
        (n,): each period's log-likelihood, 0 where nothing was observed.
    """

    mean: Floats
    cov: Floats
    predicted_mean: Floats
    predicted_cov: Floats
    innovation: Floats
    innovation_var: Floats
    loglik: Floats


@dataclass(frozen=True, slots=True)
class Smoothed:
    """The state given the whole series.

    Attributes
    ----------
    mean, cov
        (n, m), (n, m, m).
    lag_cov
        (n - 1, m, m): covariance of the states at t + 1 and t, as the EM algorithm needs it.
    filtered
        The forward pass.
    """

    mean: Floats
    cov: Floats
    lag_cov: Floats
    filtered: Filtered

    @property
    def loglik(self) -> float:
        """Log-likelihood of the whole series."""
        return float(self.filtered.loglik.sum())


def diffuse_start(series: ArrayLike, states: int) -> tuple[Floats, Floats]:
    """Return a mean of zeros and a covariance so wide that the first observations decide.

    The width is ``DIFFUSE`` times the mean square of ``series`` (1 where it is all zero or missing).
    The log-likelihood then has a constant that depends on the width: leave out the first periods, or
    compare only models with the same start.
    """
    y = np.asarray(series, dtype=float)
    known = y[np.isfinite(y)]
    scale = float(np.mean(known**2)) if known.size else 1.0
    return np.zeros(states), np.eye(states) * DIFFUSE * (scale or 1.0)


def kalman_filter(series: ArrayLike, model: StateSpace) -> Filtered:
    """Run the filter over a series in which any value may be missing (NaN).

    Parameters
    ----------
    series
        (n, p), or (n,) where p = 1.
    model
        The model; its shapes must agree with the series.

    Raises
    ------
    InputError
        Shapes disagree, or the variance of an observed combination is not positive.
    """
    y, design, error_cov = _expand(series, model)
    n, p = y.shape
    m = model.transition.shape[0]
    mean, cov = np.empty((n, m)), np.empty((n, m, m))
    ahead, ahead_cov = np.empty((n + 1, m)), np.empty((n + 1, m, m))
    innovation, innovation_var = np.full((n, p), np.nan), np.full((n, p), np.nan)
    loglik = np.zeros(n)
    ahead[0], ahead_cov[0] = model.initial_mean, model.initial_cov
    for t in range(n):
        a, P = ahead[t], ahead_cov[t]
        seen = np.isfinite(y[t])
        if seen.any():
            Z, H = design[t][seen], error_cov[t][np.ix_(seen, seen)]
            v, F = y[t, seen] - Z @ a, Z @ P @ Z.T + H
            root = _root(F, t)
            half = np.linalg.solve(root, Z @ P)
            shock = np.linalg.solve(root, v)
            a, P = a + half.T @ shock, P - half.T @ half
            innovation[t, seen], innovation_var[t, seen] = v, np.diag(F)
            loglik[t] = -0.5 * (v.size * np.log(2 * np.pi) + shock @ shock) - np.log(np.diag(root)).sum()
        mean[t], cov[t] = a, (P + P.T) / 2
        ahead[t + 1] = model.transition @ a
        ahead_cov[t + 1] = model.transition @ cov[t] @ model.transition.T + model.state_cov
    return Filtered(mean, cov, ahead, ahead_cov, innovation, innovation_var, loglik)


def kalman_smooth(series: ArrayLike, model: StateSpace) -> Smoothed:
    """Run the filter and the backward pass.

    Parameters and errors as :func:`kalman_filter`. The backward pass needs no inverse of a state
    covariance, so that states without noise are allowed.
    """
    forward = kalman_filter(series, model)
    y, design, error_cov = _expand(series, model)
    n, m = forward.mean.shape
    mean, cov, lag = np.empty((n, m)), np.empty((n, m, m)), np.empty((max(n - 1, 0), m, m))
    r, N, identity = np.zeros(m), np.zeros((m, m)), np.eye(m)
    for t in range(n - 1, -1, -1):
        P, seen = forward.predicted_cov[t], np.isfinite(y[t])
        update = identity
        r_next, N_next = model.transition.T @ r, model.transition.T @ N @ model.transition
        if seen.any():
            Z, H = design[t][seen], error_cov[t][np.ix_(seen, seen)]
            inverse_Z = np.linalg.solve(Z @ P @ Z.T + H, Z)
            update = identity - P @ Z.T @ inverse_Z
            r_next = inverse_Z.T @ forward.innovation[t, seen] + update.T @ r_next
            N_next = Z.T @ inverse_Z + update.T @ N_next @ update
        if t < n - 1:
            step = model.transition @ update
            lag[t] = (identity - forward.predicted_cov[t + 1] @ N) @ step @ P
        mean[t] = forward.predicted_mean[t] + P @ r_next
        spread = P - P @ N_next @ P
        cov[t] = (spread + spread.T) / 2
        r, N = r_next, N_next
    return Smoothed(mean, cov, lag, forward)


def _root(F: Floats, t: int) -> Floats:
    try:
        return np.asarray(np.linalg.cholesky(F))
    except np.linalg.LinAlgError:
        raise InputError(
            f"the variance of what is observed in period {t} is not positive definite; "
            "give the series some error variance or drop a series that others determine"
        ) from None


def _expand(series: ArrayLike, model: StateSpace) -> tuple[Floats, Floats, Floats]:
    """Return the series as (n, p), Z as (n, p, m) and H as (n, p, p)."""
    y = np.asarray(series, dtype=float)
    y = y[:, None] if y.ndim == 1 else y
    m = model.transition.shape[0]
    n, p = y.shape
    if model.design.shape not in {(p, m), (n, p, m)} or model.error_cov.shape not in {(p, p), (n, p, p)}:
        raise InputError(
            f"a series of shape {y.shape} and {m} states need a design of {(p, m)} and an error covariance of "
            f"{(p, p)}, with or without periods in front, not {model.design.shape} and {model.error_cov.shape}"
        )
    if model.transition.shape != (m, m) or model.state_cov.shape != (m, m) or model.initial_cov.shape != (m, m):
        raise InputError(f"transition, state covariance and initial covariance must all be {(m, m)}")
    if model.initial_mean.shape != (m,):
        raise InputError(f"the initial mean must be {(m,)}, not {model.initial_mean.shape}")
    return y, np.broadcast_to(model.design, (n, p, m)), np.broadcast_to(model.error_cov, (n, p, p))
