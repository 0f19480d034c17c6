"""Compiled steps of the published sampler: cut points, utilities and discriminations, then positions.

Votes come sorted by item, then choice: those of item j are ``bounds[3 j]`` to ``bounds[3 j + 3]``, yes first, then
abstain, then no, so that each loop handles one choice. Arrays as in ``item_steps``.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, uint32, uint64
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.likelihood import FAST, normal_cdf

Floats = NDArray[np.float64]

CUT_BOUND = 7.0
CUT_STEP = 0.2 / 3.0
POSITION_BOUND = 5.0
UTILITY_BOUND = 9.0
#: Share of the upper tail below which a double holds 1 for the rest, whose quantile is infinite.
_LOST = 2.0**-54
#: Where a double holds 1 for Phi.
_ONE = 8.2924
_TINY = 1e-290
_LOW, _HIGH, _CELLS = -40.0, 10.0, 800
_PER_UNIT = _CELLS / (_HIGH - _LOW)
_LAST = _CELLS - 1e-9
#: Where the tables begin.
LOGS, CDF, CENTER, TAIL = (4 * _CELLS * i for i in range(4))


def probit_tables() -> Floats:
    """Make four cubic interpolants on one grid over [-40, 10], in one array: the loops are slow with several.

    ``LOGS`` and ``CDF`` hold log Phi and Phi at x, ``CENTER`` the quantile of v at 50 v - 40 for v from 0.01 to 0.99,
    and ``TAIL`` the quantile of v at -sqrt(-2 log v) for v to 0.5; all are off by less than 1e-6.
    """
    from scipy.interpolate import CubicHermiteSpline
    from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

    x = np.linspace(_LOW, _HIGH, _CELLS + 1)
    log_root = 0.5 * math.log(2.0 * math.pi)
    log_density = -0.5 * x * x - log_root
    middle = ndtri(np.clip((x - _LOW) / (_HIGH - _LOW), 1e-3, 1.0 - 1e-3))
    s = np.minimum(x, -1.0)
    far = ndtri_exp(-0.5 * s * s)
    knots = (
        (log_ndtr(x), np.exp(log_density - log_ndtr(x))),
        (ndtr(x), np.exp(log_density)),
        (middle, np.exp(0.5 * middle**2 + log_root) / (_HIGH - _LOW)),
        (far, -s * np.exp(-0.5 * s * s + 0.5 * far**2 + log_root)),
    )
    return np.concatenate([CubicHermiteSpline(x, *knot).c[::-1].T.ravel() for knot in knots])


@njit(cache=True, nogil=True, fastmath=FAST)
def interpolate(x, which, tables):  # type: ignore[no-untyped-def]
    """Read a table at ``x``; beyond its ends it is constant."""
    f = (x - _LOW) * _PER_UNIT
    f = 0.0 if f < 0.0 else f
    f = _LAST if f > _LAST else f
    k = uint32(f)
    f -= k
    f /= _PER_UNIT
    k = uint64(4 * k + which)  # unsigned, or every look-up first asks whether to count from the end
    return tables[k] + f * (tables[k + 1] + f * (tables[k + 2] + f * tables[k + 3]))


@njit(cache=True, nogil=True, fastmath=FAST)
def log_between(lo, hi, tables):  # type: ignore[no-untyped-def]
    """Return log(Phi(hi) - Phi(lo)), taken in the tail where the difference keeps its digits."""
    if lo + hi > 0.0:
        lo, hi = -hi, -lo
    return math.log(max(interpolate(hi, CDF, tables) - interpolate(lo, CDF, tables), _TINY))


@njit(cache=True, nogil=True, fastmath=FAST)
def share_between(u, lo, hi, tables):  # type: ignore[no-untyped-def]
    """Return the share v of the normal that ``u`` in (0, 1) picks between ``lo`` and ``hi``; -v of the upper tail."""
    sign = 1.0
    if lo + hi > 0.0:
        lo, hi = -hi, -lo
        sign = -1.0
    low = interpolate(lo, CDF, tables)
    return sign * (low + u * (interpolate(hi, CDF, tables) - low))


@njit(cache=True, nogil=True, fastmath=FAST)
def quantile(v, tables):  # type: ignore[no-untyped-def]
    """Return the normal quantile of a share ``v`` in (0, 1), or of one of the upper tail, given as -v."""
    w = abs(v)
    z = interpolate(_LOW + (_HIGH - _LOW) * w, CENTER, tables)
    if w < 0.01 or w > 0.99:
        z = far_quantile(w, tables)
    return z if v >= 0.0 else -z


@njit(cache=True, nogil=True, fastmath=FAST)
def far_quantile(v, tables):  # type: ignore[no-untyped-def]
    """Return the normal quantile of ``v`` outside the table of the center."""
    if v <= 0.5:
        return interpolate(-math.sqrt(-2.0 * math.log(max(v, _TINY))), TAIL, tables)
    return -interpolate(-math.sqrt(-2.0 * math.log(max(1.0 - v, _TINY))), TAIL, tables)


@njit(cache=True, nogil=True, fastmath=FAST)
def draw_utilities(rng, places, n1, n2, n3, b, g1, g2, tables, out):  # type: ignore[no-untyped-def]
    """Draw the utility of each vote on an item, between the cut points that its choice names, by inversion.

    As published, utilities are cut to +-9, and one so far above what was expected that Phi is 1 there becomes 9.
    """
    for o in range(n1):
        out[o] = rng.random() * interpolate(g1 - b * places[o], CDF, tables)
    for o in range(n1, n2):
        eta = b * places[o]
        out[o] = share_between(rng.random(), g1 - eta, g2 - eta, tables)
    for o in range(n2, n3):
        out[o] = -rng.random() * interpolate(b * places[o] - g2, CDF, tables)
    for o in range(n3):  # as in quantile, which is called out of line
        v = out[o]
        w = abs(v)
        z = interpolate(_LOW + (_HIGH - _LOW) * w, CENTER, tables)
        if w < 0.01 or w > 0.99:
            z = far_quantile(w, tables)
        z = b * places[o] + (z if v >= 0.0 else -z)
        if v < 0.0 and w < _LOST:
            z = UTILITY_BOUND
        out[o] = min(max(z, -UTILITY_BOUND), UTILITY_BOUND)


@njit(cache=True, nogil=True, fastmath=FAST)
def log_ratio(places, n1, n2, n3, b, g1, g2, h1, h2, tables):  # type: ignore[no-untyped-def]
    """Log-likelihood of one item's votes at cut points ``h`` over that at ``g``.

    ``places`` holds the positions of those who voted yes (to ``n1``), abstained (to ``n2``) and voted no (to ``n3``).
    A no whose probability a double holds as 0 at either, taken as published, says nothing.
    """
    value = 0.0
    for o in range(n1):
        eta = b * places[o]
        value += interpolate(h1 - eta, LOGS, tables) - interpolate(g1 - eta, LOGS, tables)
    for o in range(n1, n2):
        eta = b * places[o]
        value += log_between(h1 - eta, h2 - eta, tables) - log_between(g1 - eta, g2 - eta, tables)
    for o in range(n2, n3):
        eta = b * places[o]
        value += interpolate(max(eta - h2, -_ONE), LOGS, tables) - interpolate(max(eta - g2, -_ONE), LOGS, tables)
    return value


@njit(cache=True, nogil=True)
def add_votes(units, b, utility, weighted, squares):  # type: ignore[no-untyped-def]
    """Add an item's votes to the sums of its voters: discrimination times utility, and discrimination squared."""
    for o in range(units.shape[0]):
        u = units[o]
        weighted[u] += b * utility[o]
        squares[u] += b * b


@njit(cache=True, nogil=True)
def start_pass(rng, beta, cut, bounds, unit, tables, places, buffer, weighted, squares):  # type: ignore[no-untyped-def]
    """Draw first utilities, as if all positions were 0, and sum them as ``item_pass`` does."""
    weighted[:] = 0.0
    squares[:] = 0.0
    places[:] = 0.0
    for j in range(beta.shape[0]):
        start = bounds[3 * j]
        n1, n2, n3 = bounds[3 * j + 1] - start, bounds[3 * j + 2] - start, bounds[3 * j + 3] - start
        draw_utilities(rng, places, n1, n2, n3, 0.0, cut[j, 0], cut[j, 1], tables, buffer)
        add_votes(unit[start : start + n3], beta[j, 0], buffer, weighted, squares)


@njit(cache=True, nogil=True, fastmath=FAST)
def item_pass(rng, theta, beta, cut, bounds, unit, tables, places, buffer, weighted, squares):  # type: ignore[no-untyped-def]
    """Update cut points, utilities and discrimination of every item; return the share of cut points accepted.

    ``weighted`` and ``squares`` (units) are filled with the sums over a unit's votes of beta times utility and of
    beta squared; ``places`` and ``buffer`` have room for the votes of one item.
    """
    weighted[:] = 0.0
    squares[:] = 0.0
    accepted = 0
    for j in range(beta.shape[0]):
        start = bounds[3 * j]
        n1 = bounds[3 * j + 1] - start
        n2 = bounds[3 * j + 2] - start
        n3 = bounds[3 * j + 3] - start
        for o in range(n3):
            places[o] = theta[unit[start + o], 0]
        g1 = cut[j, 0]
        g2 = cut[j, 1]
        b = beta[j, 0]
        v = share_between(rng.random(), (-CUT_BOUND - g1) / CUT_STEP, (g2 - g1) / CUT_STEP, tables)
        h1 = g1 + CUT_STEP * quantile(v, tables)
        v = share_between(rng.random(), (h1 - g2) / CUT_STEP, (CUT_BOUND - g2) / CUT_STEP, tables)
        h2 = max(h1, g2 + CUT_STEP * quantile(v, tables))
        ratio = math.log(max(normal_cdf((g2 - h1) / CUT_STEP), _TINY))
        ratio -= math.log(max(normal_cdf((h2 - g1) / CUT_STEP), _TINY))
        ratio += log_ratio(places, n1, n2, n3, b, g1, g2, h1, h2, tables)
        if -rng.standard_exponential() < ratio:
            accepted += 1
            g1 = h1
            g2 = h2
            cut[j, 0] = h1
            cut[j, 1] = h2
        draw_utilities(rng, places, n1, n2, n3, b, g1, g2, tables, buffer)
        total = 0.0
        precision = 1.0
        for o in range(n3):
            total += places[o] * buffer[o]
            precision += places[o] * places[o]
        b = total / precision + rng.standard_normal() / math.sqrt(precision)
        beta[j, 0] = b
        add_votes(unit[start : start + n3], b, buffer, weighted, squares)
    return accepted / beta.shape[0]


@njit(cache=True, nogil=True)
def position_pass(rng, theta, mean, lag, weight, weighted, squares):  # type: ignore[no-untyped-def]
    """Draw positions and standardize them; ``mean`` (units) goes in as the last sweep's and out as this one's."""
    units = theta.shape[0]
    new = np.empty(units)
    for u in range(units):
        precision = squares[u] + weight[u]
        new[u] = weighted[u] / precision
        if lag[u] >= 0:
            new[u] += weight[u] * mean[lag[u]] / precision
        drawn = new[u] + rng.standard_normal() / math.sqrt(precision)
        theta[u, 0] = min(max(drawn, -POSITION_BOUND), POSITION_BOUND)
    center = theta.mean()
    spread = math.sqrt(((theta - center) ** 2).sum() / (units - 1))
    for u in range(units):
        theta[u, 0] = (theta[u, 0] - center) / spread
        mean[u] = new[u]
