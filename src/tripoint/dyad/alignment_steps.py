"""Estimation of the alignment model: maximization steps for lines, the walk and the errors of each indicator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.alignment_model import (
    LARGEST_PERSISTENCE,
    SMALLEST_NOISE,
    Bools,
    Floats,
    Parameters,
    Paths,
    patterns,
    smooth_paths,
    weights,
)
from tripoint.errors import ConvergenceError

#: Quasi-Newton steps on an indicator's error covariance in one round.
_INNER_STEPS = 4


def estimate(
    y: Floats,
    active: Bools,
    known: Floats,
    start: Parameters,
    *,
    max_iterations: int = 60,
    tolerance: float = 1e-4,
    strict: bool = False,
) -> tuple[Parameters, Floats]:
    """Estimate the parameters by expectation and conditional maximization.

    Parameters
    ----------
    y, active, known
        As in :func:`smooth_paths`.
    start
        Where to begin. Its standardization, the signs of its loadings, and contact loadings of 0 are kept.
    max_iterations
        Limit of the iteration.
    tolerance
        Change of the log-likelihood a dyad-year at which it stops.
    strict
        Whether reaching the limit is an error.

    Returns
    -------
    tuple
        The parameters, and the log-likelihood of each iteration.

    Raises
    ------
    ConvergenceError
        The limit was reached first, where ``strict``.

    Notes
    -----
    Shumway and Stoffer 1982, doi:10.1111/j.1467-9892.1982.tb00349.x, for the walk; the covariance of each
    indicator's errors is improved by a few quasi-Newton steps (Meng and Rubin 1993, doi:10.1093/biomet/80.2.267).
    """
    parameters, trace = start, list[float]()
    cells = max(int(active.sum()), 1)
    paths = None
    for iteration in range(max_iterations):
        paths = smooth_paths(y, active, known, parameters, paths.weight if paths else None)
        trace.append(float(paths.loglik.sum()))
        if iteration and trace[-1] - trace[-2] < tolerance * cells and iteration % 3 == 1:
            break
        parameters = improve_lines(y, known, paths, parameters, start)
        parameters = improve_walk(active, paths, parameters)
        if iteration % 3 == 0:
            parameters = improve_errors(y, known, paths, parameters)
    else:
        if strict:
            raise ConvergenceError(
                f"alignment still gained {trace[-1] - trace[-2]:.1f} in log-likelihood after {max_iterations} steps"
            )
    return parameters, np.array(trace)


def improve_lines(y: Floats, known: Floats, paths: Paths, parameters: Parameters, start: Parameters) -> Parameters:
    """Intercepts and loadings by generalized least squares given the posterior, within the signs of ``start``."""
    lines = np.column_stack([parameters.intercept, parameters.loading, parameters.contact])
    for i in range(y.shape[2]):
        left, right = np.zeros((3, 3)), np.zeros(3)
        for members, seen, inverse, _ in weights(y[:, :, i], known[:, :, i], parameters, i):
            part, pull = _normal_equations(y[np.ix_(members, seen)][:, :, i], paths, members, seen, inverse)
            left += part
            right += pull
        if left[0, 0] > 0:
            lines[i] = _bounded(left, right, np.sign(start.loading[i]), start.contact[i] > 0)
    return replace(parameters, intercept=lines[:, 0], loading=lines[:, 1], contact=lines[:, 2])


def _normal_equations(
    values: Floats, paths: Paths, members: NDArray[np.intp], seen: NDArray[np.intp], inverse: Floats
) -> tuple[Floats, Floats]:
    """Moments of (1, a, x) with each other, and with the values, weighted by the errors' inverse covariance."""
    last = paths.mean.shape[1] - 1
    a, x = paths.mean[np.ix_(members, seen)], paths.mean[members, last]
    ones, total = inverse.sum(axis=0), float(inverse.sum())
    spread = paths.cov[np.ix_(members, seen, seen)].sum(axis=0)
    across = paths.cov[members][:, seen, last].sum(axis=0)
    aa = float(((a @ inverse) * a).sum() + (inverse * spread).sum())
    ax = float((a @ ones) @ x + ones @ across)
    xx = total * float((x**2).sum() + paths.cov[members, last, last].sum())
    one_a, one_x = float((a @ ones).sum()), total * float(x.sum())
    left = np.array([[members.size * total, one_a, one_x], [one_a, aa, ax], [one_x, ax, xx]])
    heavy = values @ inverse
    return left, np.array([heavy.sum(), (heavy * a).sum(), heavy.sum(axis=1) @ x])


def _bounded(left: Floats, right: Floats, sign: float, touches: bool) -> Floats:
    """Least b' L b / 2 - r' b with the loading's sign kept and contact at 0 or above."""
    from scipy.optimize import lsq_linear

    root = np.linalg.cholesky(left + 1e-9 * np.trace(left) * np.eye(3))
    low = [-np.inf, 0.0 if sign > 0 else -np.inf, 0.0]
    high = [np.inf, np.inf if sign > 0 else 1e-12, np.inf if touches else 1e-12]
    found = lsq_linear(root.T, np.linalg.solve(root, right), bounds=(low, high)).x
    return np.asarray(found * [1, 1, float(touches)])


def improve_walk(active: Bools, paths: Paths, parameters: Parameters) -> Parameters:
    """Squared scale of a year's step, from the weighted second moments of the smoothed steps.

    The variances of first years and of contact are 1 by definition; what their second moments say instead rescales
    the loadings, which speeds the iteration up (Liu, Rubin and Wu 1998, doi:10.1093/biomet/85.4.755).
    """
    t = active.shape[1]
    begun = np.maximum.accumulate(active, axis=1)
    still = np.maximum.accumulate(active[:, ::-1], axis=1)[:, ::-1]
    both = (begun & still)[:, 1:] & (begun & still)[:, :-1]
    rows, first = np.flatnonzero(active.any(axis=1)), active.argmax(axis=1)
    first = first[rows]
    unit = float((paths.mean[rows, first] ** 2 + paths.cov[rows, first, first]).mean())
    touch = float((paths.mean[rows, t] ** 2 + paths.cov[rows, t, t]).mean())
    return replace(
        parameters,
        loading=parameters.loading * np.sqrt(unit),
        contact=parameters.contact * np.sqrt(touch),
        step_var=float(paths.moment[both].mean()) / unit,
    )


def improve_errors(y: Floats, known: Floats, paths: Paths, parameters: Parameters) -> Parameters:
    """Persistence and variances of each indicator's errors, by a few steps uphill."""
    from scipy.optimize import minimize

    persistence, lasting, noise = (
        parameters.persistence.copy(),
        parameters.lasting_var.copy(),
        parameters.noise_var.copy(),
    )
    top = np.log(LARGEST_PERSISTENCE / (1 - LARGEST_PERSISTENCE))
    for i in range(y.shape[2]):
        moments = _moments(y[:, :, i], known[:, :, i], paths, parameters, i)
        if not moments:
            continue
        start = np.array(
            [
                np.log(persistence[i] / (1 - persistence[i])),
                np.log(lasting[i]),
                np.log(noise[i]),
            ]
        )
        found = minimize(
            _cost,
            start,
            args=(moments, y.shape[1]),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-2.0, top), (np.log(SMALLEST_NOISE), 3.0), (np.log(SMALLEST_NOISE), 3.0)],
            options={"maxiter": _INNER_STEPS},
        )
        persistence[i] = 1 / (1 + np.exp(-found.x[0]))
        lasting[i], noise[i] = np.exp(found.x[1:])
    return replace(parameters, persistence=persistence, lasting_var=lasting, noise_var=noise)


#: By pattern of gaps: how many dyads, the years seen, the known variances, and the residuals' summed second moments.
_Moment = tuple[int, NDArray[np.intp], Floats, Floats]


def _moments(values: Floats, known: Floats, paths: Paths, parameters: Parameters, i: int) -> list[_Moment]:
    slope, touch, last = parameters.loading[i], parameters.contact[i], paths.mean.shape[1] - 1
    out = []
    for members, seen, extra in patterns(values, known):
        fitted = slope * paths.mean[np.ix_(members, seen)] + touch * paths.mean[members, last][:, None]
        residual = values[np.ix_(members, seen)] - parameters.intercept[i] - fitted
        spread = slope**2 * paths.cov[np.ix_(members, seen, seen)].sum(axis=0)
        across = slope * touch * paths.cov[members][:, seen, last].sum(axis=0)
        spread = spread + across[:, None] + across[None, :] + touch**2 * paths.cov[members, last, last].sum()
        out.append((int(members.size), seen, extra, residual.T @ residual + spread))
    return out


def _cost(point: Floats, moments: list[_Moment], years: int) -> tuple[float, Any]:
    """Twice the negative expected log-likelihood of the errors, and its gradient."""
    phi, tau2, sigma2 = 1 / (1 + np.exp(-point[0])), np.exp(point[1]), np.exp(point[2])
    gap = np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
    shape = phi**gap
    bend = gap * phi ** np.maximum(gap - 1, 0) * phi * (1 - phi)
    whole = tau2 * shape
    value, slope = 0.0, np.zeros(3)
    for count, seen, extra, moment in moments:
        at = np.ix_(seen, seen)
        part = whole[at] + np.diag(sigma2 + extra)
        inverse = np.linalg.inv(part)
        weighted = inverse @ moment
        value += count * np.linalg.slogdet(part)[1] + np.trace(weighted)
        pull = count * inverse - weighted @ inverse
        slope += [tau2 * (pull * bend[at]).sum(), tau2 * (pull * shape[at]).sum(), sigma2 * np.trace(pull)]
    return float(value), slope
