"""The published sampler (``prior="bsv"``) of Bailey, Strezhnev and Voeten (2017), doi 10.1177/0022002715595700.

Its prior looks one way. A state's position in a session is drawn toward the *conditional mean* that the previous
sweep gave its last session (its first session: toward its second), with variance ``smooth * n / (n + n_lag)``
where ``n`` counts votes; draws are cut to +-5 and standardized over all state-sessions in every sweep.
Discriminations are N(0, 1), cut points uniform on -7 < g1 < g2 < 7, and utilities are cut to +-9, which holds the ends
of the line back: without it the United States is at 3.3 in session 74 and not at 2.7.

These conditional distributions fit no joint one, so where the chain settles depends on how it moves, the
levels of the first sessions most of all, and it takes ten thousand sweeps and more to forget where it began. Moves and
start are therefore the published ones. Utilities are drawn in every sweep, cut points by a random walk of step 0.2 / 3
(Cowles), discriminations given utilities. The acceptance ratio of cut points is also taken as published: it leaves out
one of two constants of truncation, which is as if the prior of the gap between cut points were Phi(gap / step).
Conditional means start at 3 for four Western states, at -2 for two of the Soviet bloc and at 0 for the rest,
discriminations at 1, -1 or 0 as the United States said no, yes or the same where the Soviet Union did not, and
cut points at the shares of the choices.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.layout import Layout
from tripoint.dyad.ideal_points.published_steps import item_pass, position_pass, probit_tables, start_pass
from tripoint.dyad.ideal_points.sampler import Chain

Floats = NDArray[np.float64]

#: States whose conditional means start on either side, by ISO3-like ids and COW numbers.
RIGHT, RIGHT_START = frozenset(("USA", "GBR", "CAN", "ISR", 2, 200, 20, 666)), 3.0
LEFT, LEFT_START = frozenset(("RUS", "SUN", "DDR", 365, 265)), -2.0
#: States whose votes say where an item starts, each list in order of preference.
ANCHOR, OPPOSITE = ("USA", 2), ("RUS", "SUN", 365)


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


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes sorted by item, then choice: where each item's yes, abstain and no begin, and whose they are."""

    bounds: NDArray[np.int64]
    unit: NDArray[np.int32]
    longest: int


def sort_votes(layout: Layout) -> Votes:
    """Sort votes as ``published_steps`` wants them."""
    votes = np.diff(layout.item_start)
    key = 3 * np.repeat(np.arange(layout.items), votes) + layout.item_choice - 1
    counts = np.bincount(key, minlength=3 * layout.items)
    order = np.argsort(key, kind="stable")
    return Votes(np.concatenate([[0], np.cumsum(counts)]), layout.item_unit[order], int(votes.max()))


def starting_cuts(votes: Votes) -> Floats:
    """(items, 2) cut points at the shares of yes, and of yes and abstain, on a scale from -1 to 1."""
    n = np.diff(votes.bounds).reshape(-1, 3)
    return np.asarray(-1.0 + 2.0 * n.cumsum(axis=1)[:, :2] / n.sum(axis=1, keepdims=True))


def starting_discriminations(layout: Layout, states: NDArray[Any]) -> Floats:
    """Compare the anchor's choice (1 yes, 3 no) with its opposite's: (items,) 1, -1, or 0 where equal or unknown.

    Parameters
    ----------
    layout
        The votes.
    states
        Id of each state code.
    """
    of_unit = states[layout.unit_state]
    item = np.repeat(np.arange(layout.items), np.diff(layout.item_start))
    sides = []
    for names in (ANCHOR, OPPOSITE):
        choice = np.full(layout.items, np.nan)
        for name in reversed(names):
            rows = np.flatnonzero((of_unit == name)[layout.item_unit])[::-1]  # the first session's choice stays
            choice[item[rows]] = layout.item_choice[rows]
        sides.append(choice)
    return np.asarray(np.nan_to_num(np.sign(sides[0] - sides[1])))


def run_published_chain(
    layout: Layout,
    states: NDArray[Any],
    *,
    smooth: float,
    warmup: int,
    draws: int,
    thin: int,
    rng: np.random.Generator,
) -> Chain:
    """Run one chain; the layout must be built with ``collapse=False``."""
    votes, tables = sort_votes(layout), probit_tables()
    lag, weight = lag_weights(layout, smooth)
    theta, mean = np.zeros((layout.units, 1)), np.zeros(layout.units)
    of_unit = states[layout.unit_state].tolist()
    mean[[s in RIGHT for s in of_unit]] = RIGHT_START
    mean[[s in LEFT for s in of_unit]] = LEFT_START
    beta, cut = starting_discriminations(layout, states)[:, None], starting_cuts(votes)
    places, buffer = np.empty(votes.longest), np.empty(votes.longest)
    weighted, squares = np.empty(layout.units), np.empty(layout.units)
    start_pass(rng, beta, cut, votes.bounds, votes.unit, tables, places, buffer, weighted, squares)
    position_pass(rng, theta, mean, lag, weight, weighted, squares)
    kept = draws // thin
    out_theta = np.empty((kept, layout.units, 1), dtype=np.float32)
    out_beta = np.empty((kept, layout.items, 1), dtype=np.float32)
    out_cut = np.empty((kept, layout.items, 2), dtype=np.float32)
    shares = 0.0
    for sweep in range(-warmup, kept * thin):
        share = item_pass(
            rng, theta, beta, cut, votes.bounds, votes.unit, tables, places, buffer, weighted, squares
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
    layout: Layout,
    states: NDArray[Any],
    *,
    smooth: float,
    chains: int,
    warmup: int,
    draws: int,
    thin: int,
    seed: int,
) -> list[Chain]:
    """Run chains side by side in threads."""
    generators = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(chains)]
    run = partial(run_published_chain, layout, states, smooth=smooth, warmup=warmup, draws=draws, thin=thin)
    with ThreadPoolExecutor(max_workers=chains) as pool:
        jobs = [pool.submit(run, rng=rng) for rng in generators]
        return [job.result() for job in jobs]
