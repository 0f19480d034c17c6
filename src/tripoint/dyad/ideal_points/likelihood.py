"""The ordered probit of one vote: log-probability and derivatives, compiled.

A state at ``theta`` votes on an item with discrimination ``beta`` and cut points ``g1 <= g2``::

    eta = beta . theta,   z = eta + e,   e ~ N(0, 1)
    yes (1) if z < g1,   abstain (2) if g1 < z < g2,   no (3) if z > g2

Yes and no need only ``log Phi`` and its slope, read from a table by cubic Hermite interpolation (error below 1e-7);
abstentions, about a vote in nine, are computed from ``erfc``. Importing this module loads numba.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

TABLE_LOW = -10.0
TABLE_HIGH = 10.0
NODES_PER_UNIT = 16.0
_LOG_SQRT_2PI = 0.5 * math.log(2.0 * math.pi)
_SQRT_HALF = math.sqrt(0.5)
_TINY = 1e-290
#: Liberties with rounding that leave infinities and NaN alone.
FAST = {"contract", "arcp", "reassoc", "nsz"}


def normal_table() -> NDArray[np.float64]:
    """Nodes of log Phi, its slope (the inverse Mills ratio) and the slope's slope, shape (nodes, 3)."""
    from scipy.special import log_ndtr

    x = np.arange(TABLE_LOW, TABLE_HIGH + 1.5 / NODES_PER_UNIT, 1.0 / NODES_PER_UNIT)
    value = log_ndtr(x)
    mills = np.exp(-0.5 * x * x - _LOG_SQRT_2PI - value)
    return np.ascontiguousarray(np.column_stack([value, mills, -mills * (mills + x)]))


@njit(cache=True, nogil=True, inline="always", fastmath=FAST)
def log_phi(x, table):  # type: ignore[no-untyped-def]
    """Return log Phi(x) and phi(x) / Phi(x)."""
    t = (x - TABLE_LOW) * NODES_PER_UNIT
    if t < 0.0:
        r = 1.0 / (x * x)
        series = 1.0 - r * (1.0 - 3.0 * r * (1.0 - 5.0 * r))
        return -0.5 * x * x - math.log(-x) - _LOG_SQRT_2PI + math.log(series), -x / series
    k = int(t)
    if k >= table.shape[0] - 1:
        return 0.0, 0.0
    f = t - k
    step = 1.0 / NODES_PER_UNIT
    f2 = f * f
    f3 = f2 * f
    h01 = 3.0 * f2 - 2.0 * f3
    h00 = 1.0 - h01
    h10 = (f3 - 2.0 * f2 + f) * step
    h11 = (f3 - f2) * step
    value = h00 * table[k, 0] + h01 * table[k + 1, 0] + h10 * table[k, 1] + h11 * table[k + 1, 1]
    mills = h00 * table[k, 1] + h01 * table[k + 1, 1] + h10 * table[k, 2] + h11 * table[k + 1, 2]
    return value, mills


@njit(cache=True, nogil=True, inline="always", fastmath=FAST)
def normal_cdf(x):  # type: ignore[no-untyped-def]
    """Return Phi(x)."""
    return 0.5 * math.erfc(-x * _SQRT_HALF)


@njit(cache=True, nogil=True, inline="always", fastmath=FAST)
def between(a, b):  # type: ignore[no-untyped-def]
    """Return Phi(b) - Phi(a) for a < b, accurate in both tails, and phi(a), phi(b)."""
    if a > 0.0:
        p = 0.5 * (math.erfc(a * _SQRT_HALF) - math.erfc(b * _SQRT_HALF))
    else:
        p = 0.5 * (math.erfc(-b * _SQRT_HALF) - math.erfc(-a * _SQRT_HALF))
    fa = math.exp(-0.5 * a * a - _LOG_SQRT_2PI)
    fb = math.exp(-0.5 * b * b - _LOG_SQRT_2PI)
    return max(p, _TINY), fa, fb


@njit(cache=True, nogil=True, inline="always", fastmath=FAST)
def log_vote(y, eta, g1, g2, table):  # type: ignore[no-untyped-def]
    """Return the log-probability of choice ``y``."""
    if y == 1:
        return log_phi(g1 - eta, table)[0]
    if y == 3:
        return log_phi(eta - g2, table)[0]
    return math.log(between(g1 - eta, g2 - eta)[0])


@njit(cache=True, nogil=True, inline="always", fastmath=FAST)
def vote_in_eta(y, eta, g1, g2, table):  # type: ignore[no-untyped-def]
    """Return the log-probability of ``y``, its slope in eta, and minus its curvature in eta."""
    if y == 1:
        x = g1 - eta
        value, m = log_phi(x, table)
        return value, -m, m * (m + x)
    if y == 3:
        x = eta - g2
        value, m = log_phi(x, table)
        return value, m, m * (m + x)
    a = g1 - eta
    b = g2 - eta
    p, fa, fb = between(a, b)
    ra = fa / p
    rb = fb / p
    slope = ra - rb
    return math.log(p), slope, slope * slope + b * rb - a * ra


@njit(cache=True, nogil=True)
def cholesky(h, p):  # type: ignore[no-untyped-def]
    """Factor the leading p x p block of ``h`` in place (lower triangle); False when it is not positive."""
    for i in range(p):
        for j in range(i + 1):
            s = h[i, j]
            for k in range(j):
                s -= h[i, k] * h[j, k]
            if i == j:
                if not s > 1e-12:
                    return False
                h[i, i] = math.sqrt(s)
            else:
                h[i, j] = s / h[j, j]
    return True


@njit(cache=True, nogil=True)
def solve_both(low, g, out, p):  # type: ignore[no-untyped-def]
    """Solve (L L') out = g."""
    for i in range(p):
        s = g[i]
        for k in range(i):
            s -= low[i, k] * out[k]
        out[i] = s / low[i, i]
    solve_upper(low, out, p)


@njit(cache=True, nogil=True)
def solve_upper(low, v, p):  # type: ignore[no-untyped-def]
    """Solve L' x = v in place."""
    for i in range(p - 1, -1, -1):
        s = v[i]
        for k in range(i + 1, p):
            s -= low[k, i] * v[k]
        v[i] = s / low[i, i]
