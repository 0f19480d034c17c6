"""The sampler of the random-walk model: chains in threads, started apart.

    theta_i,first ~ N(0, 1)            theta_it ~ N(theta_i,t-1, omega^2 gap)        omega^2 ~ IG(1, 0.01)
    beta_v ~ N(0, I)                   cut points ~ N(0, 3^2), in order

Given items, positions carry all votes of a state before and after (a smoother, not a filter). Nothing is
approximated: intervals come from the joint posterior of positions, items and the size of the walk's steps.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.drift_steps import drift_sweep, scale_step
from tripoint.dyad.ideal_points.initial import starting_values
from tripoint.dyad.ideal_points.item_steps import JOINT, item_sweep
from tripoint.dyad.ideal_points.layout import Layout
from tripoint.dyad.ideal_points.likelihood import normal_table
from tripoint.dyad.ideal_points.state_steps import state_sweep

FIRST_PRECISION = 1.0
DISCRIMINATION_PRECISION = 1.0
CUT_PRECISION = 1.0 / 9.0
WALK_SHAPE = 1.0
WALK_RATE = 0.01
NO_BOUND = 1e9
_SCALE_SPREAD = 0.02


@dataclass(frozen=True, slots=True)
class Chain:
    """Kept draws of one chain: theta (kept, U, D), beta (kept, J, D), cut (kept, J, 2), omega (kept,).

    ``accepted`` holds the mean acceptance of states, items, shifts, stretches and turns.
    """

    theta: NDArray[np.float32]
    beta: NDArray[np.float32]
    cut: NDArray[np.float32]
    omega: NDArray[np.float64]
    accepted: NDArray[np.float64]


def run_chain(
    layout: Layout, dimensions: int, *, warmup: int, draws: int, thin: int, rng: np.random.Generator
) -> Chain:
    """Run one chain of the random-walk model."""
    theta, beta, cut = starting_values(layout, dimensions, rng)
    joint = layout.kind == JOINT
    cut[joint] = cut[joint].mean(axis=1, keepdims=True)
    table = normal_table()
    prior = np.array([DISCRIMINATION_PRECISION, CUT_PRECISION, NO_BOUND])
    width = np.full((3, layout.sessions), math.log(0.02))
    precision = 1.0 / 0.15**2
    steps = (len(layout.gap) - int((layout.gap == 0).sum())) * dimensions
    kept = draws // thin
    out_theta = np.empty((kept, layout.units, dimensions), dtype=np.float32)
    out_beta = np.empty((kept, layout.items, dimensions), dtype=np.float32)
    out_cut = np.empty((kept, layout.items, 2), dtype=np.float32)
    out_omega = np.empty(kept)
    accepted = np.zeros(5)
    votes_by_item = (layout.item_start, layout.item_unit, layout.item_choice)
    for sweep in range(warmup + draws):
        items = item_sweep(rng, theta, beta, cut, layout.kind, *votes_by_item, prior, table)
        states = state_sweep(
            rng, theta, beta, cut, layout.unit_start, layout.unit_item, layout.unit_choice,
            layout.gap, precision, FIRST_PRECISION, table,
        )  # fmt: skip
        learning = 1.0 / math.sqrt(1.0 + sweep) if sweep < warmup else 0.0
        drift = drift_sweep(
            rng, theta, beta, cut, layout.order, layout.order_start,
            layout.unit_session, layout.gap, layout.first, joint, *votes_by_item,
            layout.cross_start, layout.cross_item, layout.cross_from,
            precision, FIRST_PRECISION, prior, table, width, learning,
        )  # fmt: skip
        precision = _walk_precision(theta, layout.gap, steps, rng)
        precision = scale_step(
            rng, theta, beta, layout.gap, precision, FIRST_PRECISION, prior, WALK_SHAPE, WALK_RATE, _SCALE_SPREAD
        )
        if sweep < warmup:
            continue
        accepted += (states, items, *drift)
        k, extra = divmod(sweep - warmup, thin)
        if extra == thin - 1 and k < kept:
            out_theta[k], out_beta[k], out_cut[k] = theta, beta, cut
            out_omega[k] = 1.0 / math.sqrt(precision)
    return Chain(out_theta, out_beta, out_cut, out_omega, accepted / max(draws, 1))


def _walk_precision(
    theta: NDArray[np.float64], gap: NDArray[np.float64], steps: int, rng: np.random.Generator
) -> float:
    later = np.flatnonzero(gap > 0)
    change = theta[later] - theta[later - 1]
    squares = float(np.sum(change * change / gap[later, None]))
    return float(rng.gamma(WALK_SHAPE + 0.5 * steps) / (WALK_RATE + 0.5 * squares))


def run_chains(
    layout: Layout, dimensions: int, *, chains: int, warmup: int, draws: int, thin: int, seed: int
) -> list[Chain]:
    """Run chains side by side in threads; the kernels release the interpreter lock."""
    generators = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(chains)]
    with ThreadPoolExecutor(max_workers=chains) as pool:
        jobs = [
            pool.submit(run_chain, layout, dimensions, warmup=warmup, draws=draws, thin=thin, rng=rng)
            for rng in generators
        ]
        return [job.result() for job in jobs]
