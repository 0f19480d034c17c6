"""The sampler of the random-walk model: chains in threads, started apart.

    theta_i,first ~ N(0, tau^2)        theta_it ~ N(theta_i,t-1, omega^2 gap)
    s beta_v ~ N(0, I)                 cut points ~ N(0, 5^2), in order
    omega^2 ~ IG(1, 0.01)              tau^2 ~ IG(1, 1)
    log s ~ N(0, 0.02^2)               s: root mean variance of all positions

Discriminations are standard normal where positions have unit spread, as in the published model; s itself means
nothing, and the last line only keeps it near one.

Given items, a state's positions rest on all its votes before and after: a smoother, not a filter. Nothing is
approximated: intervals come from the joint posterior of positions, items and variances.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.drift_steps import drift_sweep, scale_step
from tripoint.dyad.ideal_points.initial import starting_values
from tripoint.dyad.ideal_points.item_steps import item_sweep
from tripoint.dyad.ideal_points.layout import JOINT, Layout
from tripoint.dyad.ideal_points.likelihood import normal_table
from tripoint.dyad.ideal_points.state_steps import state_sweep

CUT_PRECISION = 0.04
SPREAD_PRECISION = 1.0 / 0.02**2
NO_BOUND = 1e9
#: Shape and rate of the inverse-gamma priors of the walk's variance, then of the variance of first positions.
HYPER = np.array([1.0, 0.01, 1.0, 1.0])
_SCALE_SPREAD = 0.02
_FIRST_WIDTH = math.log(0.05)
_START_PRECISION = (25.0, 1.0)
ROUNDS = 20


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


class State:
    """Where a chain is; ``sweep`` moves it on."""

    __slots__ = (
        "all_items",
        "all_units",
        "beta",
        "cut",
        "first_precision",
        "joint",
        "layout",
        "moments",
        "precision",
        "prior",
        "rng",
        "table",
        "theta",
        "width",
    )

    def __init__(self, layout: Layout, dimensions: int, rng: np.random.Generator) -> None:
        self.layout = layout
        self.rng = rng
        self.theta, self.beta, self.cut = starting_values(layout, dimensions, rng)
        self.joint = layout.kind == JOINT
        self.cut[self.joint] = self.cut[self.joint].mean(axis=1, keepdims=True)
        self.table = normal_table()
        self.width = np.full((3, layout.sessions), _FIRST_WIDTH)
        self.precision, self.first_precision = _START_PRECISION
        self.prior = np.array([1.0, CUT_PRECISION, NO_BOUND])
        self.moments = np.empty(dimensions + 1)
        self.all_items = np.arange(layout.items)
        self.all_units = np.arange(layout.units)

    def items(self, which: NDArray[np.int64]) -> float:
        """Update some items; return the share accepted."""
        own = self.layout
        self.prior[0] = float(np.mean(self.theta.var(axis=0)))
        return float(
            item_sweep(
                self.rng, which, self.theta, self.beta, self.cut, own.kind,
                own.item_start, own.item_unit, own.item_choice, self.prior, self.table,
            )
        )  # fmt: skip

    def units(self, which: NDArray[np.int64]) -> float:
        """Update some positions; return the share accepted."""
        own = self.layout
        return float(
            state_sweep(
                self.rng, which, self.theta, self.beta, self.cut, own.unit_start, own.unit_item, own.unit_choice,
                own.gap, self.precision, self.first_precision, SPREAD_PRECISION, self.moments, self.table,
            )
        )  # fmt: skip

    def sweep(self, learning: float) -> NDArray[np.float64]:
        """Update everything once; return the shares accepted as ``Chain.accepted`` lists them."""
        own = self.layout
        items = self.items(self.all_items)
        states = self.units(self.all_units)
        drift = drift_sweep(
            self.rng, self.theta, self.beta, self.cut, own.order, own.order_start, own.unit_session, own.gap,
            own.first, self.joint, own.item_start, own.item_unit, own.item_choice,
            own.cross_start, own.cross_item, own.cross_from,
            self.precision, self.first_precision, self.prior, SPREAD_PRECISION, self.table, self.width, learning,
        )  # fmt: skip
        self.variances()
        factor = scale_step(
            self.rng, self.theta, self.beta, self.precision, self.first_precision, HYPER,
            SPREAD_PRECISION, _SCALE_SPREAD,
        )  # fmt: skip
        self.precision /= factor**2
        self.first_precision /= factor**2
        return np.array([states, items, *drift])

    def variances(self) -> None:
        """Draw the two precisions given the positions."""
        gap = self.layout.gap
        later = np.flatnonzero(gap > 0)
        change = self.theta[later] - self.theta[later - 1]
        start = self.theta[gap == 0]
        squares = float(np.sum(change * change / gap[later, None]))
        self.precision = self.rng.gamma(HYPER[0] + 0.5 * change.size) / (HYPER[1] + 0.5 * squares)
        squares = float(np.sum(start * start))
        self.first_precision = self.rng.gamma(HYPER[2] + 0.5 * start.size) / (HYPER[3] + 0.5 * squares)

    def walk_forward(self, rounds: int) -> None:
        """Start from the first sessions and carry positions forward, fitting each session's items on the way.

        The axis that divides the states may turn over the years; a start from one axis for all years would
        leave whole blocs on the wrong side, from where chains take long to return.
        """
        own = self.layout
        units_of = np.split(own.order, own.order_start[1:-1])
        items_by_first = np.argsort(own.first, kind="stable")
        items_of = np.split(items_by_first, np.searchsorted(own.first[items_by_first], np.arange(1, own.sessions)))
        ends = np.append(own.gap[1:] == 0, True)
        for units, items in zip(units_of, items_of, strict=True):
            for _ in range(rounds):
                self.items(items)
                self.units(units)
            for u in units[~ends[units]]:
                stop = u + 1
                while stop < own.units and own.gap[stop] > 0:
                    stop += 1
                self.theta[u + 1 : stop] = self.theta[u]


def run_chain(
    layout: Layout, dimensions: int, *, warmup: int, draws: int, thin: int, rng: np.random.Generator
) -> Chain:
    """Run one chain of the random-walk model."""
    state = State(layout, dimensions, rng)
    state.walk_forward(ROUNDS)
    kept = draws // thin
    out_theta = np.empty((kept, layout.units, dimensions), dtype=np.float32)
    out_beta = np.empty((kept, layout.items, dimensions), dtype=np.float32)
    out_cut = np.empty((kept, layout.items, 2), dtype=np.float32)
    out_omega = np.empty(kept)
    accepted = np.zeros(5)
    for sweep in range(warmup):
        state.sweep(1.0 / math.sqrt(1.0 + sweep))
    for sweep in range(kept * thin):
        accepted += state.sweep(0.0)
        k, extra = divmod(sweep, thin)
        if extra == thin - 1:
            out_theta[k], out_beta[k], out_cut[k] = state.theta, state.beta, state.cut
            out_omega[k] = 1.0 / math.sqrt(state.precision)
    return Chain(out_theta, out_beta, out_cut, out_omega, accepted / max(kept * thin, 1))


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
