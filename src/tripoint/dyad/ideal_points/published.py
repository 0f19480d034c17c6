"""The published sampler (``prior="bsv"``) of Bailey, Strezhnev and Voeten (2017), doi 10.1177/0022002715595700.

Its prior looks one way. A state's position in a session is drawn toward the *conditional mean* that the previous
sweep gave its last session (its first session: toward its second), with variance ``smooth * n / (n + n_lag)``
where ``n`` counts votes; draws are cut to +-5 and standardized over all state-sessions in every sweep.
Discriminations are N(0, 1), cut points uniform on -7 < g1 < g2 < 7.

These conditional distributions fit no joint one, so where the chain settles depends on how it moves, the
levels of the first sessions most of all. The moves are therefore the published ones: utilities drawn
in every sweep, cut points by a random walk of step 0.2 / 3 (Cowles), discriminations given utilities. The
acceptance ratio of cut points is also taken as published: it leaves out one of two constants of truncation,
which is as if the prior of the gap between cut points were Phi(gap / step). Only the start differs: a
short run of the random-walk model in place of values set by hand.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.layout import Layout
from tripoint.dyad.ideal_points.likelihood import FAST, log_phi_value, normal_cdf, normal_table
from tripoint.dyad.ideal_points.sampler import ROUNDS, Chain, State

CUT_BOUND = 7.0
CUT_STEP = 0.2 / 3.0
POSITION_BOUND = 5.0
_START_SWEEPS = 100
_TINY = 1e-290


@njit(cache=True, nogil=True)
def normal_above(rng, a):  # type: ignore[no-untyped-def]
    """Draw a standard normal given that it exceeds ``a`` (exponential rejection in the tail)."""
    if a < 0.5:
        while True:
            x = rng.standard_normal()
            if x > a:
                return x
    rate = 0.5 * (a + math.sqrt(a * a + 4.0))
    while True:
        x = a - math.log(1.0 - rng.random()) / rate
        if math.log(1.0 - rng.random()) <= -0.5 * (x - rate) ** 2:
            return x


@njit(cache=True, nogil=True)
def normal_between(rng, a, b):  # type: ignore[no-untyped-def]
    """Draw a standard normal given that it lies between ``a`` and ``b``."""
    if b < 0.0:
        return -normal_between_right(rng, -b, -a)
    return normal_between_right(rng, a, b)


@njit(cache=True, nogil=True)
def normal_between_right(rng, a, b):  # type: ignore[no-untyped-def]
    """Draw as ``normal_between`` where b >= 0."""
    if b - a > 1.5:
        while True:
            x = normal_above(rng, a)
            if x < b:
                return x
    near = max(a, 0.0)
    while True:
        x = a + (b - a) * rng.random()
        if math.log(1.0 - rng.random()) <= 0.5 * (near * near - x * x):
            return x


@njit(cache=True, nogil=True, fastmath=FAST)
def log_choice(y, eta, g1, g2, table):  # type: ignore[no-untyped-def]
    """Log-probability of a choice."""
    if y == 1:
        return log_phi_value(g1 - eta, table)
    if y == 3:
        return log_phi_value(eta - g2, table)
    lo = g1 - eta
    hi = g2 - eta
    p = normal_cdf(-lo) - normal_cdf(-hi) if lo > 0.0 else normal_cdf(hi) - normal_cdf(lo)
    return math.log(max(p, _TINY))


@njit(cache=True, nogil=True)
def item_pass(  # type: ignore[no-untyped-def]
    rng, theta, beta, cut, item_start, item_unit, item_choice, table, buffer, weighted, squares
):
    """Update cut points, utilities and discrimination of every item; return the share of cut points accepted.

    ``weighted`` and ``squares`` (units) are filled with the sums over a unit's votes of beta times utility and of
    beta squared, ``buffer`` has room for the votes of one item.
    """
    weighted[:] = 0.0
    squares[:] = 0.0
    accepted = 0
    for j in range(beta.shape[0]):
        start = item_start[j]
        end = item_start[j + 1]
        g1 = cut[j, 0]
        g2 = cut[j, 1]
        b = beta[j, 0]
        h1 = g1 + CUT_STEP * normal_between(rng, (-CUT_BOUND - g1) / CUT_STEP, (g2 - g1) / CUT_STEP)
        h2 = g2 + CUT_STEP * normal_between(rng, (h1 - g2) / CUT_STEP, (CUT_BOUND - g2) / CUT_STEP)
        ratio = math.log(max(normal_cdf((g2 - h1) / CUT_STEP), _TINY))
        ratio -= math.log(max(normal_cdf((h2 - g1) / CUT_STEP), _TINY))
        for o in range(start, end):
            eta = b * theta[item_unit[o], 0]
            y = item_choice[o]
            ratio += log_choice(y, eta, h1, h2, table) - log_choice(y, eta, g1, g2, table)
        if math.log(1.0 - rng.random()) < ratio:
            accepted += 1
            g1 = h1
            g2 = h2
            cut[j, 0] = h1
            cut[j, 1] = h2
        total = 0.0
        precision = 1.0
        for o in range(start, end):
            position = theta[item_unit[o], 0]
            z = b * position
            y = item_choice[o]
            if y == 1:
                z -= normal_above(rng, z - g1)
            elif y == 3:
                z += normal_above(rng, g2 - z)
            else:
                z += normal_between(rng, g1 - z, g2 - z)
            buffer[o - start] = z
            total += position * z
            precision += position * position
        b = total / precision + rng.standard_normal() / math.sqrt(precision)
        beta[j, 0] = b
        for o in range(start, end):
            u = item_unit[o]
            weighted[u] += b * buffer[o - start]
            squares[u] += b * b
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


def lag_weights(layout: Layout, smooth: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return, for each unit, the unit whose mean it is drawn to and the precision of that pull.

    The lag is the state's previous session with votes; its next one for its first session; -1 (toward zero)
    where a state voted in one session only.
    """
    units = layout.units
    n = np.diff(layout.unit_start).astype(np.float64)
    index = np.arange(units)
    begins = layout.gap == 0
    lag = index - 1
    has_next = np.zeros(units, dtype=bool)
    has_next[:-1] = layout.gap[1:] > 0
    lag[begins] = np.where(has_next[begins], index[begins] + 1, -1)
    of_lag = np.where(lag >= 0, n[lag], 0.0)
    return lag, 1.0 / (smooth * n / (n + of_lag))


def _start(
    layout: Layout, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Start from a short run of the random-walk model, which finds the levels of sessions far sooner."""
    state = State(layout, 1, rng)
    state.walk_forward(ROUNDS)
    for sweep in range(_START_SWEEPS):
        state.sweep(1.0 / math.sqrt(1.0 + sweep))
    center, spread = state.theta.mean(), state.theta.std(ddof=1)
    cut = np.clip(state.cut - state.beta * center, -CUT_BOUND + 0.5, CUT_BOUND - 0.5)
    cut[:, 1] = np.maximum(cut[:, 1], cut[:, 0] + 0.05)
    return (state.theta - center) / spread, state.beta * spread, cut


def run_published_chain(
    layout: Layout, *, smooth: float, warmup: int, draws: int, thin: int, rng: np.random.Generator
) -> Chain:
    """Run one chain; the layout must be built with ``collapse=False``."""
    theta, beta, cut = _start(layout, rng)
    mean = theta[:, 0].copy()
    lag, weight = lag_weights(layout, smooth)
    table = normal_table()
    buffer = np.empty(int(np.diff(layout.item_start).max()))
    weighted, squares = np.empty(layout.units), np.empty(layout.units)
    kept = draws // thin
    out_theta = np.empty((kept, layout.units, 1), dtype=np.float32)
    out_beta = np.empty((kept, layout.items, 1), dtype=np.float32)
    out_cut = np.empty((kept, layout.items, 2), dtype=np.float32)
    shares = 0.0
    for sweep in range(-warmup, kept * thin):
        share = item_pass(
            rng, theta, beta, cut, layout.item_start, layout.item_unit, layout.item_choice, table,
            buffer, weighted, squares,
        )  # fmt: skip
        position_pass(rng, theta, mean, lag, weight, weighted, squares)
        if sweep < 0:
            continue
        shares += share
        k, extra = divmod(sweep, thin)
        if extra == thin - 1:
            out_theta[k], out_beta[k], out_cut[k] = theta, beta, cut
    accepted = np.array([1.0, shares / max(kept * thin, 1), 0.0, 0.0, 0.0])
    return Chain(out_theta, out_beta, out_cut, np.full(kept, math.nan), accepted)


def run_published_chains(
    layout: Layout, *, smooth: float, chains: int, warmup: int, draws: int, thin: int, seed: int
) -> list[Chain]:
    """Run chains side by side in threads."""
    generators = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(chains)]
    with ThreadPoolExecutor(max_workers=chains) as pool:
        jobs = [
            pool.submit(run_published_chain, layout, smooth=smooth, warmup=warmup, draws=draws, thin=thin, rng=rng)
            for rng in generators
        ]
        return [job.result() for job in jobs]
