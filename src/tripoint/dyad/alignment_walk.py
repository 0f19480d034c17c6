"""The walk of alignment: steps with heavy tails, so that most years are quiet and a few are ruptures.

A step is Student's t, a mixture of normals over the weight w of the year,

    u_dt | w_dt ~ N(0, q / w_dt),      w_dt ~ Gamma(tail / 2, tail / 2),

with the gamma on a fixed grid. Given weights the path is Gaussian and linear in the indicators. The weights are found
by expectation propagation with sites that have no mean of their own: each replaces the t density of one step by
exp(-w u^2 / 2q), with the w that gives E[u^2] the value it has under the t density and everything else
(Minka 2001, arXiv:1301.2294). Where nothing is seen, that is the variance of t itself, so that intervals widen as
the heavy tails demand; a plain variational mean, E[w], would there fall back on the normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Points of the grid of weights, and its ends.
_GRID, _LIGHTEST, _HEAVIEST = 25, 1e-3, 8.0
#: Rounds of propagation, after how many only half of a change is taken, and the change of a log weight that ends them.
_ROUNDS, _BOLD, _SETTLED = 40, 6, 1e-3
#: Least precision of what the rest says of a step, in units of the step's own.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Walk:
    """Posterior of ``p`` paths of ``t`` years and a constant.

    Attributes
    ----------
    cov
        (p, t + 1, t + 1).
    weight
        (p, t - 1) of each step: 1 for an ordinary year, near 0 for a rupture.
    moment
        (p, t - 1) E[w u^2] of each step; what q is the mean of.
    logdet
        (p,) log-determinant of the precision, and the terms of the steps in the log-likelihood.
    """

    cov: Floats
    weight: Floats
    moment: Floats
    logdet: Floats


def starts(active: Bools) -> NDArray[np.int64]:
    """(p,) column of the first active year, the last column where there is none."""
    return np.asarray(np.where(active.any(axis=1), active.argmax(axis=1), active.shape[1] - 1), dtype=np.int64)


def walk_precision(first: NDArray[np.int64], step: Floats) -> Floats:
    """Inverse covariance (p, t, t) of walks that begin at ``first``, with (p, t - 1) precisions of the steps.

    Years before the first are independent standard normals that touch nothing.
    """
    t = step.shape[1] + 1
    step = step * (np.arange(1, t)[None, :] > first[:, None])
    matrix = np.zeros((step.shape[0], t, t))
    i = np.arange(t)
    matrix[:, i, i] = (i[None, :] <= first[:, None]).astype(float)
    matrix[:, i[1:], i[1:]] += step
    matrix[:, i[:-1], i[:-1]] += step
    matrix[:, i[1:], i[:-1]] -= step
    matrix[:, i[:-1], i[1:]] -= step
    return matrix


def solve_walk(seen: Floats, pull: Floats, active: Bools, step_var: float, tail: float, weight: Floats | None) -> Walk:
    """Find the weights of the steps and the covariance of each path.

    Parameters
    ----------
    seen
        (p, t + 1, t + 1) precision that the indicators and the prior of the constant bring.
    pull
        (p, t + 1) precision times mean that the indicators bring.
    active
        (p, t) years in which the dyad exists.
    step_var, tail
        q, and the degrees of freedom of t; infinite for normal steps.
    weight
        (p, t - 1) where to begin; 1 when absent.
    """
    p, t = active.shape
    first = starts(active)
    live = np.arange(1, t)[None, :] > first[:, None]
    weight = np.ones((p, t - 1)) if weight is None or not np.isfinite(tail) else weight.copy()
    out = Walk(np.empty_like(seen), weight, np.zeros((p, t - 1)), np.zeros(p))
    todo = np.arange(p)
    for round_ in range(_ROUNDS if np.isfinite(tail) else 1):
        last = round_ == _ROUNDS - 1 or not np.isfinite(tail)
        precision = seen[todo]
        precision[:, :t, :t] += walk_precision(first[todo], weight[todo] / step_var)
        cov = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        mean, var = _steps(cov, pull[todo], t)
        fresh, moment, score = _sites(mean, var, weight[todo], step_var, tail)
        moved = np.abs(np.log(fresh / weight[todo])) * live[todo]
        done = (moved.max(axis=1, initial=0.0) < _SETTLED) | last
        at = todo[done]
        out.cov[at], out.moment[at] = cov[done], moment[done]
        out.logdet[at] = np.linalg.slogdet(precision[done])[1] - 2 * (score * live[todo])[done].sum(axis=1)
        todo, fresh = todo[~done], fresh[~done]
        if todo.size == 0:
            break
        share = 1.0 if round_ < _BOLD else 0.5
        weight[todo] = np.where(live[todo], weight[todo] ** (1 - share) * fresh**share, 1.0)
    return out


def _steps(cov: Floats, pull: Floats, t: int) -> tuple[Floats, Floats]:
    """(p, t - 1) means and variances of the steps."""
    mean = (cov @ pull[:, :, None])[:, :t, 0]
    i = np.arange(t - 1)
    return np.diff(mean, axis=1), cov[:, i + 1, i + 1] + cov[:, i, i] - 2 * cov[:, i + 1, i]


@cache
def _grid(tail: float) -> tuple[Floats, Floats]:
    """Weights and their log-probabilities under Gamma(tail / 2, tail / 2)."""
    log_w = np.linspace(np.log(_LIGHTEST), np.log(_HEAVIEST), _GRID)
    log_p = tail / 2 * log_w - tail / 2 * np.exp(log_w)
    return np.exp(log_w), log_p - np.logaddexp.reduce(log_p)


def _sites(mean: Floats, var: Floats, weight: Floats, step_var: float, tail: float) -> tuple[Floats, Floats, Floats]:
    """New weights of the steps, E[w u^2], and what each step adds to the log-likelihood."""
    if not np.isfinite(tail):
        return weight, mean**2 + var, np.full(mean.shape, -0.5 * np.log(step_var))
    own = weight / step_var
    rest = np.maximum(1 / var - own, _LEAST / step_var)
    center = mean / var / rest
    w, log_p = _grid(tail)
    reach = 1 / rest[..., None] + step_var / w
    log_share = log_p - 0.5 * np.log(reach) - 0.5 * center[..., None] ** 2 / reach
    total = np.logaddexp.reduce(log_share, axis=-1)
    share = np.exp(log_share - total[..., None])
    joint = rest[..., None] + w / step_var
    second = 1 / joint + ((rest * center)[..., None] / joint) ** 2
    target = (share * second).sum(axis=-1)
    shrink = 2 * target * rest / (1 + np.sqrt(1 + 4 * target * (rest * center) ** 2))
    fresh = np.clip((1 / shrink - 1) * rest * step_var, w[0], w[-1])
    flat = -0.5 * np.log1p(own / rest) - 0.5 * center**2 * own / (1 + own / rest)
    return fresh, (share * w * second).sum(axis=-1), total - flat
