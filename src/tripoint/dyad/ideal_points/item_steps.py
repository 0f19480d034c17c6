"""Compiled Metropolis steps on items: discrimination and cut points, the latent utilities integrated out.

Each item gets a Newton proposal (Gaussian at the local Newton step with the local curvature), accepted against
the reverse proposal: a few sweeps mix what data augmentation needs hundreds for. Arrays (units are
state-sessions, sorted by state, then session; D dimensions):

- ``theta`` (units, D), ``beta`` (items, D), ``cut`` (items, 2)
- ``item_start`` (items + 1), ``item_unit``, ``item_choice``: votes sorted by item, then session
- ``kind`` (items): which cut points are free, see ``layout``
- ``prior``: precision of beta, precision of the cut points, bound on the cut points
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from tripoint.dyad.ideal_points.layout import BOTH, JOINT, LOWER, UPPER
from tripoint.dyad.ideal_points.likelihood import FAST, between, cholesky, log_phi, solve_both, solve_upper

_RANDOM_WALK_SHARE = 0.15  # of the proposals: a plain random walk, which cannot be trapped by a bad curvature
_WALK_SCALE = 0.6


@njit(cache=True, nogil=True, fastmath=FAST)
def item_target(start, end, units, choices, theta, b, kind, prior, table, grad, hess):  # type: ignore[no-untyped-def]
    """Log-posterior of one item's parameters ``b`` = (beta, g1, g2), its gradient and minus its Hessian.

    ``prior`` holds the precision of beta, the precision of the cut points, and the bound on the cut points.
    """
    dim = theta.shape[1]
    two = dim == 2
    g1 = b[dim]
    g2 = b[dim + 1]
    b0 = b[0]
    b1 = b[1] if two else 0.0
    t1 = 0.0
    value = 0.0
    d0 = d1 = dg1 = dg2 = 0.0  # gradient
    h00 = h10 = h11 = 0.0  # minus the Hessian: discriminations,
    k10 = k11 = k20 = k21 = 0.0  # cut points with discriminations,
    c11 = c21 = c22 = 0.0  # and cut points
    for o in range(start, end):
        u = units[o]
        y = choices[o]
        t0 = theta[u, 0]
        eta = b0 * t0
        if two:
            t1 = theta[u, 1]
            eta += b1 * t1
        w1 = w2 = 0.0
        if y == 2:
            lo = g1 - eta
            hi = g2 - eta
            prob, fa, fb = between(lo, hi)
            ra = fa / prob
            rb = fb / prob
            value += math.log(prob)
            naa = ra * ra - lo * ra
            nbb = rb * rb + hi * rb
            nab = -ra * rb
            slope = ra - rb
            w = naa + nbb + 2.0 * nab
            w1 = -(naa + nab)
            w2 = -(nbb + nab)
            dg1 -= ra
            dg2 += rb
            c11 += naa
            c22 += nbb
            c21 += nab
        elif y == 1:
            x = g1 - eta
            v, m = log_phi(x, table)
            value += v
            slope = -m
            w = m * (m + x)
            w1 = -w
            dg1 += m
            c11 += w
        else:
            x = eta - g2
            v, m = log_phi(x, table)
            value += v
            slope = m
            w = m * (m + x)
            w2 = -w
            dg2 -= m
            c22 += w
        d0 += slope * t0
        h00 += w * t0 * t0
        k10 += w1 * t0
        k20 += w2 * t0
        if two:
            d1 += slope * t1
            h10 += w * t0 * t1
            h11 += w * t1 * t1
            k11 += w1 * t1
            k21 += w2 * t1
    grad[0] = d0
    hess[0, 0] = h00
    if two:
        grad[1] = d1
        hess[1, 0] = h10
        hess[1, 1] = h11
        hess[2, 1] = k11
        hess[3, 1] = k21
    grad[dim] = dg1
    grad[dim + 1] = dg2
    hess[dim, 0] = k10
    hess[dim + 1, 0] = k20
    hess[dim, dim] = c11
    hess[dim + 1, dim] = c21
    hess[dim + 1, dim + 1] = c22
    for d in range(dim):
        value -= 0.5 * prior[0] * b[d] * b[d]
        grad[d] -= prior[0] * b[d]
        hess[d, d] += prior[0]
    if kind == JOINT:
        value -= 0.5 * prior[1] * g1 * g1
        grad[dim] += grad[dim + 1] - prior[1] * g1
        hess[dim, dim] += hess[dim + 1, dim + 1] + 2.0 * hess[dim + 1, dim] + prior[1]
        for d in range(dim):
            hess[dim, d] += hess[dim + 1, d]
        return value
    value -= 0.5 * prior[1] * (g1 * g1 + g2 * g2)
    grad[dim] -= prior[1] * g1
    grad[dim + 1] -= prior[1] * g2
    hess[dim, dim] += prior[1]
    hess[dim + 1, dim + 1] += prior[1]
    if kind == UPPER:
        grad[dim] = grad[dim + 1]
        hess[dim, dim] = hess[dim + 1, dim + 1]
        for d in range(dim):
            hess[dim, d] = hess[dim + 1, d]
    return value


@njit(cache=True, nogil=True)
def item_sweep(rng, which, theta, beta, cut, kind, item_start, item_unit, item_choice, prior, table):  # type: ignore[no-untyped-def]
    """Update discrimination and cut points of the items ``which``; return the share of proposals accepted."""
    dim = theta.shape[1]
    p = dim + 2
    here = np.empty(p)
    there = np.empty(p)
    grad = np.empty(p)
    hess = np.empty((p, p))
    step = np.empty(p)
    noise = np.empty(p)
    back = np.empty(p)
    grad2 = np.empty(p)
    hess2 = np.empty((p, p))
    accepted = 0
    for j in which:
        free = p if kind[j] == BOTH else p - 1
        for d in range(dim):
            here[d] = beta[j, d]
        here[dim] = cut[j, 0]
        here[dim + 1] = cut[j, 1]
        start = item_start[j]
        end = item_start[j + 1]
        now = item_target(start, end, item_unit, item_choice, theta, here, kind[j], prior, table, grad, hess)
        if not cholesky(hess, free):
            continue
        newton = rng.random() >= _RANDOM_WALK_SHARE
        scale = 1.0 if newton else _WALK_SCALE
        solve_both(hess, grad, step, free)
        forward = 0.0
        for i in range(free):
            noise[i] = rng.standard_normal()
            forward += math.log(hess[i, i]) - 0.5 * noise[i] * noise[i]
        solve_upper(hess, noise, free)
        for i in range(p):
            there[i] = here[i]
        for i in range(free):
            move = scale * noise[i] + (step[i] if newton else 0.0)
            if i < dim or kind[j] == BOTH or kind[j] == LOWER:
                there[i] += move
            elif kind[j] == UPPER:
                there[dim + 1] += move
            else:
                there[dim] += move
                there[dim + 1] += move
        if (
            (kind[j] != JOINT and there[dim] >= there[dim + 1])
            or abs(there[dim]) > prior[2]
            or abs(there[dim + 1]) > prior[2]
        ):
            continue
        then = item_target(start, end, item_unit, item_choice, theta, there, kind[j], prior, table, grad2, hess2)
        if not cholesky(hess2, free):
            continue
        solve_both(hess2, grad2, step, free)
        for i in range(free):
            slot = dim + 1 if (i == dim and kind[j] == UPPER) else i
            back[i] = (here[slot] - there[slot] - (step[i] if newton else 0.0)) / scale
        reverse = 0.0
        for i in range(free):
            e = 0.0
            for k in range(i, free):
                e += hess2[k, i] * back[k]
            reverse += math.log(hess2[i, i]) - 0.5 * e * e
        if math.log(1.0 - rng.random()) < then - now + reverse - forward:
            accepted += 1
            for d in range(dim):
                beta[j, d] = there[d]
            cut[j, 0] = there[dim]
            cut[j, 1] = there[dim + 1]
    return accepted / max(len(which), 1)
