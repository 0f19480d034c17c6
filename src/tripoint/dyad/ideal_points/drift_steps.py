"""Compiled Metropolis steps that move many sessions at once.

Adding a constant to all positions of sessions t, t+1, ... hardly changes the likelihood, for the cut points
follow; one unit at a time such a drift takes thousands of sweeps. ``drift_sweep`` proposes just that: a shift,
a stretch and, in two dimensions, a turn of all positions from t on, together with the items that live wholly
there, so that only the items that bridge the break and the random walk at the break have their say.
``scale_step`` stretches everything. Arrays as in ``item_steps`` and ``Layout``.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from tripoint.dyad.ideal_points.likelihood import log_vote
from tripoint.dyad.ideal_points.state_steps import fill_moments, spread_prior, sum_squares


@njit(cache=True, nogil=True)
def drift_matrix(kind, size):  # type: ignore[no-untyped-def]
    """Stretch by exp(size) (kind 1) or turn by ``size`` (kind 2) as (p, q): v -> (p v0 - q v1, q v0 + p v1)."""
    if kind == 1:
        return math.exp(size), 0.0
    if kind == 2:
        return math.cos(size), math.sin(size)
    return 1.0, 0.0


@njit(cache=True, nogil=True, inline="always")
def drift_one(p, q, shift, axis, v, out):  # type: ignore[no-untyped-def]
    """Position ``v`` turned by (p, q) and shifted along one axis; on a line, scaled by p and shifted."""
    if v.shape[0] == 1:
        out[0] = p * v[0] + shift
        return
    v0 = v[0]
    out[0] = p * v0 - q * v[1]
    out[1] = q * v0 + p * v[1]
    out[axis] += shift


@njit(cache=True, nogil=True)
def drift_ratio(  # type: ignore[no-untyped-def]
    kind,
    size,
    axis,
    t,
    theta,
    beta,
    cut,
    suffix,
    session,
    gap,
    first,
    joint,
    item_start,
    item_unit,
    item_choice,
    cross_start,
    cross_item,
    cross_from,
    precision,
    first_precision,
    prior,
    tie,
    moments,
    proposed,
    table,
    moved,
):
    """Log acceptance ratio of transforming the units in ``suffix``; fills ``moved`` with their new positions."""
    dim = theta.shape[1]
    ratio = 0.0
    p, q = drift_matrix(kind, size)
    shift = size if kind == 0 else 0.0
    for d in range(dim + 1):
        proposed[d] = moments[d]
    for u in suffix:
        drift_one(p, q, shift, axis, theta[u], moved[u])
        for d in range(dim):
            proposed[d] += moved[u, d] - theta[u, d]
            proposed[dim] += moved[u, d] ** 2 - theta[u, d] ** 2
        if gap[u] == 0:
            for d in range(dim):
                ratio -= 0.5 * first_precision * (moved[u, d] ** 2 - theta[u, d] ** 2)
        elif kind == 1 or session[u - 1] < t:
            for d in range(dim):
                before = moved[u - 1, d] if session[u - 1] >= t else theta[u - 1, d]
                old = theta[u, d] - theta[u - 1, d]
                new = moved[u, d] - before
                ratio -= 0.5 * precision / gap[u] * (new * new - old * old)
    items = 0
    suffix_squares = 0.0
    for j in range(beta.shape[0]):
        if first[j] < t:
            continue
        items += 1
        if kind == 0:
            add = beta[j, axis] * size
            for k in range(1 if joint[j] else 2):
                ratio -= 0.5 * prior[1] * add * (2.0 * cut[j, k] + add)
        elif kind == 1:
            for d in range(dim):
                suffix_squares += beta[j, d] ** 2
    if kind == 1:
        ratio += size * dim * (len(suffix) - items)
    squares = sum_squares(beta)
    count = beta.shape[0] * dim
    ratio -= spread_prior(moments, theta.shape[0], tie, squares, count)
    squares += suffix_squares * (1.0 / (p * p) - 1.0) if kind == 1 else 0.0
    ratio += spread_prior(proposed, theta.shape[0], tie, squares, count)
    for c in range(cross_start[t], cross_start[t + 1]):
        j = cross_item[c]
        for o in range(cross_from[c], item_start[j + 1]):
            u = item_unit[o]
            old = 0.0
            new = 0.0
            for d in range(dim):
                old += beta[j, d] * theta[u, d]
                new += beta[j, d] * moved[u, d]
            ratio += log_vote(item_choice[o], new, cut[j, 0], cut[j, 1], table)
            ratio -= log_vote(item_choice[o], old, cut[j, 0], cut[j, 1], table)
    return ratio


@njit(cache=True, nogil=True)
def drift_sweep(  # type: ignore[no-untyped-def]
    rng,
    theta,
    beta,
    cut,
    order,
    order_start,
    session,
    gap,
    first,
    joint,
    item_start,
    item_unit,
    item_choice,
    cross_start,
    cross_item,
    cross_from,
    precision,
    first_precision,
    prior,
    tie,
    table,
    width,
    learning,
):
    """Propose a shift, a stretch and a turn from every session on; return the shares accepted by kind.

    ``order`` lists the units by session (within a session by state), ``order_start`` (sessions + 1) where each
    session begins. ``width`` (kinds, sessions) are log step sizes, moved toward an acceptance of .44 at rate
    ``learning``.
    """
    dim = theta.shape[1]
    moved = np.empty_like(theta)
    moments = np.empty(dim + 1)
    proposed = np.empty(dim + 1)
    fill_moments(theta, moments)
    hits = np.zeros(3)
    sessions = width.shape[1]
    kinds = 2 if dim == 1 else 3
    for t in range(sessions):
        suffix = order[order_start[t] :]
        for kind in range(kinds):
            if kind == 2 and t == 0:
                continue  # a turn of everything changes nothing
            axis = int(rng.random() * dim) if kind == 0 else 0
            size = math.exp(width[kind, t]) * rng.standard_normal()
            ratio = drift_ratio(
                kind,
                size,
                axis,
                t,
                theta,
                beta,
                cut,
                suffix,
                session,
                gap,
                first,
                joint,
                item_start,
                item_unit,
                item_choice,
                cross_start,
                cross_item,
                cross_from,
                precision,
                first_precision,
                prior,
                tie,
                moments,
                proposed,
                table,
                moved,
            )
            chance = 1.0 if ratio >= 0.0 else math.exp(ratio)
            width[kind, t] += learning * (chance - 0.44)
            if rng.random() >= chance:
                continue
            hits[kind] += 1.0
            moments[:] = proposed
            for u in suffix:
                for d in range(dim):
                    theta[u, d] = moved[u, d]
            p, q = drift_matrix(kind, size)
            for j in range(beta.shape[0]):
                if first[j] < t:
                    continue
                if kind == 0:
                    cut[j, 0] += beta[j, axis] * size
                    cut[j, 1] += beta[j, axis] * size
                elif kind == 1:
                    for d in range(dim):
                        beta[j, d] /= p
                else:
                    drift_one(p, q, 0.0, 0, beta[j], beta[j])
    return hits / sessions


@njit(cache=True, nogil=True)
def scale_step(rng, theta, beta, precision, first_precision, hyper, tie, spread):  # type: ignore[no-untyped-def]
    """Stretch everything at once, spread of first positions and of steps included; return the factor.

    The likelihood, the standardized positions and discriminations times the overall spread stay as they are, so
    only the tie of the spread to one and the priors of the two variances (inverse gamma; ``hyper`` holds shape and
    rate of the walk's and of first positions') decide. The two precisions must be divided by the square of the
    factor.
    """
    size = spread * rng.standard_normal()
    s = math.exp(size)
    s2 = s * s
    moments = np.empty(theta.shape[1] + 1)
    fill_moments(theta, moments)
    ratio = -spread_prior(moments, theta.shape[0], tie, 0.0, 0)
    for d in range(theta.shape[1]):
        moments[d] *= s
    moments[theta.shape[1]] *= s2
    ratio += spread_prior(moments, theta.shape[0], tie, 0.0, 0)
    ratio -= 2.0 * size * (hyper[0] + hyper[2])
    ratio -= (hyper[1] * precision + hyper[3] * first_precision) * (1.0 / s2 - 1.0)
    if math.log(1.0 - rng.random()) >= ratio:
        return 1.0
    for u in range(theta.shape[0]):
        for d in range(theta.shape[1]):
            theta[u, d] *= s
    for j in range(beta.shape[0]):
        for d in range(beta.shape[1]):
            beta[j, d] /= s
    return s
