"""The published sampler (``prior="bsv"``) of Bailey, Strezhnev and Voeten (2017), doi 10.1177/0022002715595700.

Its prior looks one way. A state's position in a session is drawn toward the *conditional mean* that the previous
sweep gave its last session (its first session: toward its second), with variance ``smooth * n / (n + n_lag)``
where ``n`` counts votes; draws are cut to +-5 and standardized over all state-sessions in every sweep.
Because information flows forward only, this is not the posterior of any one model; it is here to be
comparable with the published series. What differs from the published program is how fast it mixes: cut points
and discrimination are updated with the latent utilities integrated out (same conditional distribution:
beta ~ N(0, 1), cut points uniform on -7 < g1 < g2 < 7).
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.item_steps import BOTH, JOINT, LOWER, UPPER, item_sweep
from tripoint.dyad.ideal_points.layout import Layout
from tripoint.dyad.ideal_points.likelihood import log_phi, log_vote, normal_table
from tripoint.dyad.ideal_points.sampler import ROUNDS, Chain, State

CUT_BOUND = 7.0
POSITION_BOUND = 5.0
_START_SWEEPS = 100


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


@njit(cache=True, nogil=True)
def position_sweep(  # type: ignore[no-untyped-def]
    rng, theta, beta, cut, unit_start, unit_item, unit_choice, lag, weight, mean
):
    """Draw latent utilities and positions; ``mean`` (units) goes in as the last sweep's and out as this one's."""
    units = theta.shape[0]
    new = np.empty(units)
    for u in range(units):
        precision = weight[u]
        total = weight[u] * mean[lag[u]] if lag[u] >= 0 else 0.0
        here = theta[u, 0]
        for o in range(unit_start[u], unit_start[u + 1]):
            j = unit_item[o]
            b = beta[j, 0]
            eta = b * here
            y = unit_choice[o]
            if y == 1:
                e = -normal_above(rng, eta - cut[j, 0])
            elif y == 3:
                e = normal_above(rng, cut[j, 1] - eta)
            else:
                e = normal_between(rng, cut[j, 0] - eta, cut[j, 1] - eta)
            total += b * (eta + e)
            precision += b * b
        new[u] = total / precision
        drawn = new[u] + rng.standard_normal() / math.sqrt(precision)
        theta[u, 0] = min(max(drawn, -POSITION_BOUND), POSITION_BOUND)
    center = theta.mean()
    spread = math.sqrt(((theta - center) ** 2).sum() / (units - 1))
    for u in range(units):
        theta[u, 0] = (theta[u, 0] - center) / spread
        mean[u] = new[u]


@njit(cache=True, nogil=True)
def free_cut_sweep(rng, theta, beta, cut, kind, item_start, item_unit, item_choice, table):  # type: ignore[no-untyped-def]
    """Update the cut points that a missing category leaves loose."""
    for j in range(beta.shape[0]):
        if kind[j] == BOTH:
            continue
        start = item_start[j]
        end = item_start[j + 1]
        b = beta[j, 0]
        g1 = cut[j, 0]
        g2 = cut[j, 1]
        h1 = g1
        h2 = g2
        ratio = 0.0
        if kind[j] == LOWER:
            h2 = g1 + (CUT_BOUND - g1) * rng.random()
        elif kind[j] == UPPER:
            h1 = g2 - (CUT_BOUND + g2) * rng.random()
        else:
            rate = 0.0
            for o in range(start, end):
                if item_choice[o] == 3:
                    rate += log_phi(b * theta[item_unit[o], 0] - g1, table)[1]
            rate = max(rate, 1e-6)
            h2 = g1 - math.log(1.0 - rng.random()) / rate
            if h2 >= CUT_BOUND:
                continue
            ratio = rate * (h2 - g2)
        for o in range(start, end):
            y = item_choice[o]
            if y == 2 or kind[j] == JOINT:
                eta = b * theta[item_unit[o], 0]
                ratio += log_vote(y, eta, h1, h2, table) - log_vote(y, eta, g1, g2, table)
        if math.log(1.0 - rng.random()) < ratio:
            cut[j, 0] = h1
            cut[j, 1] = h2


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
    prior = np.array([1.0, 0.0, CUT_BOUND])
    kept = draws // thin
    out_theta = np.empty((kept, layout.units, 1), dtype=np.float32)
    out_beta = np.empty((kept, layout.items, 1), dtype=np.float32)
    out_cut = np.empty((kept, layout.items, 2), dtype=np.float32)
    accepted = np.zeros(5)
    everything = np.arange(layout.items)
    votes_by_item = (layout.item_start, layout.item_unit, layout.item_choice)
    for sweep in range(warmup + draws):
        share = item_sweep(rng, everything, theta, beta, cut, layout.kind, *votes_by_item, prior, table)
        free_cut_sweep(rng, theta, beta, cut, layout.kind, *votes_by_item, table)
        position_sweep(
            rng, theta, beta, cut, layout.unit_start, layout.unit_item, layout.unit_choice, lag, weight, mean
        )
        if sweep < warmup:
            continue
        accepted += (1.0, share, 0.0, 0.0, 0.0)
        k, extra = divmod(sweep - warmup, thin)
        if extra == thin - 1 and k < kept:
            out_theta[k], out_beta[k], out_cut[k] = theta, beta, cut
    return Chain(out_theta, out_beta, out_cut, np.full(kept, math.nan), accepted / max(draws, 1))


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
