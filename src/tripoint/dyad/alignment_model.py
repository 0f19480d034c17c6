"""The numbers of alignment: one latent random walk a dyad behind indicators with gaps and errors that last.

    y_dit = c_i + lambda_i a_dt + gamma_i x_d + e_dit + w_dit
    a_d,t+1 = a_dt + u_dt,      u ~ t(tail) with scale sqrt(q),  a at the first year ~ N(0, 1)
    x_d ~ N(0, 1)
    e_di,t+1 = phi_i e_dit + v, stationary with variance tau2_i
    w_dit ~ N(0, sigma2_i + known_dti)

Neighbors and great powers sign more treaties with each other and quarrel more. That is contact (x): it raises
cooperation and conflict alike, gamma_i >= 0. Alignment (a) is what moves them apart: lambda_i has the sign of
the indicator.

A pact that lasts twenty years is not twenty independent observations: what is peculiar to one indicator of one
dyad (e) lasts too, and is kept apart from alignment (a). The model is a linear Gaussian state space. As its
state has one dimension an indicator but the years are few, it is solved for all years at once: given the gaps,
the covariance of an indicator's errors is one matrix over years, and the posterior of a dyad's path is

    V = (K^-1 + sum_i Z_i' W_i Z_i)^-1,   m = V sum_i Z_i' W_i (y_i - c_i),   W_i = (K_e + K_w)^-1,

of (a, x) with Z_i = (lambda_i I, gamma_i 1), which is the Kalman smoother's answer
(Durbin and Koopman 2012, doi:10.1093/acprof:oso/9780199641178.001.0001).
As m is a sum over indicators, each indicator's contribution to it is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.alignment_walk import solve_walk
from tripoint.errors import InputError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Dyads solved at a time: bounds the memory of their (years, years) covariances.
_CHUNK = 1000
#: Smallest variance of an indicator's white error, in units of its own variance.
SMALLEST_NOISE = 1e-3
#: Standard deviations from its mean beyond which an indicator says no more: wars and arms deals are rare and large.
FARTHEST = 3.0
#: Largest persistence of an indicator's own error.
LARGEST_PERSISTENCE = 0.995


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of the model for ``k`` indicators, in units of standardized indicators.

    Attributes
    ----------
    indicators
        Their names.
    shift, spread
        (k,) mean and standard deviation that standardize each indicator.
    intercept, loading, contact
        (k,) c, lambda and gamma.
    persistence, lasting_var, noise_var
        (k,) phi, tau2 and sigma2.
    step_var
        q, squared scale of a year's step of alignment.
    tail
        Degrees of freedom of a step; infinite for normal steps.
    center, scale
        Mean and standard deviation of alignment over the dyad-years that the parameters were estimated on.
    """

    indicators: tuple[str, ...]
    shift: Floats
    spread: Floats
    intercept: Floats
    loading: Floats
    contact: Floats
    persistence: Floats
    lasting_var: Floats
    noise_var: Floats
    step_var: float
    tail: float
    center: float
    scale: float


@dataclass(frozen=True, slots=True)
class Paths:
    """Posterior of the latents of ``p`` dyads: ``t`` years of alignment, and contact last.

    Attributes
    ----------
    mean
        (p, t + 1).
    cov
        (p, t + 1, t + 1).
    contributions
        (p, t + 1, k) parts of the mean that each indicator brings; they sum to it.
    weight, moment
        (p, t - 1) weight w of each step, and E[w u^2]: :class:`tripoint.dyad.alignment_walk.Walk`.
    loglik
        (p,) log-likelihood of what was observed; exact for normal steps.
    """

    mean: Floats
    cov: Floats
    contributions: Floats
    weight: Floats
    moment: Floats
    loglik: Floats


def standardize(values: Floats, parameters: Parameters) -> Floats:
    """(p, t, k) indicators in units of the parameters, no farther than ``FARTHEST`` from their mean."""
    return np.clip((values - parameters.shift) / parameters.spread, -FARTHEST, FARTHEST)


def smooth_paths(
    y: Floats, active: Bools, known: Floats, parameters: Parameters, weight: Floats | None = None
) -> Paths:
    """Posterior of every dyad's path.

    Parameters
    ----------
    y
        (p, t, k) standardized indicators, NaN missing.
    active
        (p, t) years in which the dyad exists; the path begins with the first of them.
    known
        (p, t, k) known variance of the white error, in standardized units.
    parameters
        The model.
    weight
        (p, t - 1) weights of the steps to begin with; 1 when absent.
    """
    _check(y, active, known, parameters)
    p, t, k = y.shape
    out = Paths(
        mean=np.zeros((p, t + 1)),
        cov=np.zeros((p, t + 1, t + 1)),
        contributions=np.zeros((p, t + 1, k)),
        weight=np.ones((p, t - 1)),
        moment=np.zeros((p, t - 1)),
        loglik=np.zeros(p),
    )
    for some in chunks(p):
        seen, pull, loglik = _told(y[some], known[some], parameters)
        begin = None if weight is None else weight[some]
        walk = solve_walk(seen, pull.sum(axis=2), active[some], parameters.step_var, parameters.tail, begin)
        parts = walk.cov @ pull
        out.mean[some], out.cov[some], out.contributions[some] = parts.sum(axis=2), walk.cov, parts
        out.weight[some], out.moment[some] = walk.weight, walk.moment
        out.loglik[some] = loglik + 0.5 * (out.mean[some] * pull.sum(axis=2)).sum(axis=1) - 0.5 * walk.logdet
    return out


def chunks(p: int) -> Iterator[slice]:
    """Slices of at most so many dyads as memory bears."""
    for start in range(0, p, _CHUNK):
        yield slice(start, start + _CHUNK)


def _check(y: Floats, active: Bools, known: Floats, parameters: Parameters) -> None:
    p, t, k = y.shape
    if active.shape != (p, t) or known.shape != y.shape or parameters.loading.shape != (k,):
        raise InputError(
            f"indicators of shape {y.shape} need active years of {(p, t)}, known variances of the same and {k} loadings"
        )


def _told(y: Floats, known: Floats, parameters: Parameters) -> tuple[Floats, Floats, Floats]:
    """What the indicators say of (a, x): (p, t + 1, t + 1) precisions, (p, t + 1, k) pulls and (p,) log-likelihoods."""
    p, t, k = y.shape
    precision, pull, loglik = np.zeros((p, t + 1, t + 1)), np.zeros((p, t + 1, k)), np.zeros(p)
    precision[:, t, t] = 1.0
    for i in range(k):
        slope, touch = parameters.loading[i], parameters.contact[i]
        for members, seen, inverse, logdet in weights(y[:, :, i], known[:, :, i], parameters, i):
            residual = y[np.ix_(members, seen)][:, :, i] - parameters.intercept[i]
            weighted = residual @ inverse
            pull[members[:, None], seen, i] = slope * weighted
            pull[members, t, i] = touch * weighted.sum(axis=1)
            ones = inverse.sum(axis=0)
            precision[np.ix_(members, seen, seen)] += slope**2 * inverse
            precision[np.ix_(members, seen, [t])] += slope * touch * ones[:, None]
            precision[np.ix_(members, [t], seen)] += slope * touch * ones
            precision[members, t, t] += touch**2 * ones.sum()
            loglik[members] -= 0.5 * ((weighted * residual).sum(axis=1) + logdet + seen.size * np.log(2 * np.pi))
    return precision, pull, loglik


def weights(
    values: Floats, known: Floats, parameters: Parameters, i: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], Floats, float]]:
    """For dyads with the same gaps: which they are, the years seen, the inverse covariance and its log-determinant."""
    years = np.arange(values.shape[1])
    gap = np.abs(np.subtract.outer(years, years))
    lasting = parameters.lasting_var[i] * parameters.persistence[i] ** gap
    for members, seen, extra in patterns(values, known):
        part = lasting[np.ix_(seen, seen)] + np.diag(parameters.noise_var[i] + extra)
        inverse = np.asarray(np.linalg.inv(part), dtype=np.float64)
        yield members, seen, inverse, float(np.linalg.slogdet(part)[1])


def patterns(values: Floats, known: Floats) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], Floats]]:
    """Dyads with the same gaps and known variances: which they are, the years seen, the variances in them."""
    key = np.where(np.isfinite(values), known, -1.0)
    unique, inverse = np.unique(key, axis=0, return_inverse=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    bounds = np.searchsorted(inverse.ravel()[order], np.arange(len(unique) + 1))
    for u, row in enumerate(unique):
        seen = np.flatnonzero(row >= 0)
        if seen.size:
            yield order[bounds[u] : bounds[u + 1]], seen, row[seen]


def draw_paths(mean: Floats, cov: Floats, draws: int, seed: int) -> Floats:
    """(draws, p, t) paths from the posterior, dyads independent of each other."""
    if draws < 1:
        raise InputError(f"draws {draws} must be >= 1")
    p, t = mean.shape
    root = np.linalg.cholesky(cov + 1e-10 * np.eye(t))
    noise = np.random.default_rng(seed).standard_normal((p, t, draws))
    return np.asarray((mean[:, :, None] + root @ noise).transpose(2, 0, 1))
