"""War as learning: two sides fight battles, learn from them, and settle when fighting on promises too little.

The walk is that of :mod:`tripoint.bargain.walk`. Each side has its own Beta belief about A's chance of winning
a battle, and the two need not agree; every battle adds one to a side's count of wins or losses. Fighting on is
worth

    V_i(n, w, l) = d_i (E_i[p] V_i(n + 1, w + 1, l) + (1 - E_i[p]) V_i(n - 1, w, l + 1)) - k_i

and the sides settle where V_A + V_B <= 1: then there is a division that both prefer. Values come by backward
induction, and the distributions of duration, terms and cost by forward recursion: both exact, up to wars still
undecided at the horizon, whose probability is reported.

Smith & Stam (2004), Bargaining and the nature of war, JCR 48(6):783, doi 10.1177/0022002704268026.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks, walk
from tripoint.bargain.walk import disagreement, expected_battles, win_probability
from tripoint.bargain.war_solution import FORESIGHTS, Foresight, Schedule, WarSolution
from tripoint.errors import InputError, unknown

__all__ = [
    "Foresight",
    "Schedule",
    "SimulatedWars",
    "WarSolution",
    "disagreement",
    "expected_battles",
    "simulate_wars",
    "solve_war",
    "win_probability",
]

Array = NDArray[np.float64]
WAR_LIMIT = 20_000_000


@dataclass(frozen=True, slots=True)
class _Plan:
    """A schedule laid out: arrays of shape (2, T + 1) by side, ``shift`` (T + 1,); ``seen`` as foreseen."""

    costs: Array
    seen_costs: Array
    shift: Array
    seen_shift: Array
    boost: Array
    offers: Array


def _lay_out(schedule: Schedule, costs: tuple[float, float], T: int) -> _Plan:
    """Check a schedule and lay it out; InputError where a number in it cannot be."""
    base = np.array([[checks.nonnegative("cost_a", costs[0])], [checks.nonnegative("cost_b", costs[1])]])
    extra = np.stack([schedule.row("extra_cost_a", T, 0.0), schedule.row("extra_cost_b", T, 0.0)])
    if np.any(base + extra < 0.0):
        low = float((base + extra).min())
        raise InputError(f"schedule: the cost of a battle falls to {low:g}; it must not be negative")
    boost = np.stack([schedule.row("boost_a", T, 0.0), schedule.row("boost_b", T, 0.0)])
    if np.any(boost < 0.0):
        raise InputError(f"schedule: a boost of {boost.min():g} is negative; boosts add to a count of wins")
    offers = np.stack([schedule.row("offer_a", T, np.nan), schedule.row("offer_b", T, np.nan)])
    if np.any((offers < 0.0) | (offers > 1.0)):
        raise InputError("schedule: an offer lies outside 0 to 1; offers are shares for A, NaN for none")
    shift = schedule.row("shift", T, 0.0)
    foreseen = np.array(
        [
            [checks.probability("schedule: foreseen_a", schedule.foreseen_a)],
            [checks.probability("schedule: foreseen_b", schedule.foreseen_b)],
        ]
    )
    return _Plan(base + extra, base + foreseen * extra, shift, foreseen * shift, boost, offers)


def _horizon_values(
    n: int, N: int, prior: checks.Beta, credit: float, plan: _Plan, discount: float, side: int
) -> Array:
    """Value of fighting to the finish from each state at the horizon, shape (T + 1,)."""
    T = len(plan.shift) - 1
    values = np.zeros(T + 1)
    w = np.arange(T + 1, dtype=np.float64)
    held = n + 2 * w - T
    inside = (held > 0) & (held < N)
    if not inside.any():
        return values
    a, b = prior[0] + credit * w[inside], prior[1] + credit * (T - w[inside])
    if side == 0:
        a = a + plan.boost[0, T]
    else:
        b = b + plan.boost[1, T]
    end = walk.finish(held[inside], N, a, b, shift=float(plan.seen_shift[side, T]), discount=discount)
    values[inside] = (end.win if side == 0 else end.lose) - float(plan.seen_costs[side, T]) * end.battles
    return values


def solve_war(
    n: int,
    N: int,
    *,
    prior_a: tuple[float, float],
    prior_b: tuple[float, float],
    cost_a: float,
    cost_b: float,
    truth: float | tuple[float, float] | None = None,
    discount_a: float = 1.0,
    discount_b: float = 1.0,
    split: float | None = 0.5,
    horizon: int = 200,
    foresight: Foresight = "finish",
    news_a: float = 1.0,
    news_b: float = 1.0,
    bar_a: float = 1.0,
    bar_b: float = 1.0,
    schedule: Schedule | None = None,
) -> WarSolution:
    """Solve a war between sides that learn from battles, exactly.

    Parameters
    ----------
    n, N
        Forts that A holds, and all forts; 0 < n < N.
    prior_a, prior_b
        Each side's Beta belief about A's chance of winning one battle. Equal for a common prior.
    cost_a, cost_b
        Cost of one battle to each side [share of the pie, >= 0].
    truth
        What the distributions of duration, terms and cost are computed under: a known p, or the analyst's own
        Beta. The values and the terms do not depend on it. By default the mean of the two priors' parameters.
    discount_a, discount_b
        Discount factor per battle (0-1].
    split
        A's part of the surplus from settling [0-1]: 1 where A makes the last offer, 0 where B does. None where
        neither side compromises, so that only offers in the schedule can be taken.
    horizon
        Battles after which the exact program stops; beyond it values are those of fighting to the finish.
    foresight
        ``"finish"``: fighting on means fighting to the finish (the formula above, read literally).
        ``"settlement"``: each side also foresees the settlements ahead, so that a war goes on only where the
        disagreement about the next battle is worth more than that battle costs.
    news_a, news_b
        How much of a battle a side takes as evidence: 1 is Bayes' rule, 0 no learning.
    bar_a, bar_b
        What a side must get to settle, as a multiple of its value of war (1 or more): see
        :func:`tripoint.bargain.rivals.disposition_bar`.
    schedule
        Costs, power, beliefs and offers that change as battles go by.

    Raises
    ------
    InputError
        Where a number is out of range or the state space would be too large.

    References
    ----------
    Smith & Stam (2004), doi 10.1177/0022002704268026.
    """
    held, total = checks.forts(n, N)
    if held in (0, total):
        raise InputError(f"the war is over before it starts: A holds {held} of {total} forts; give 0 < n < N")
    if foresight not in FORESIGHTS:
        raise unknown("foresight", str(foresight), FORESIGHTS)
    T = checks.count("horizon", horizon)
    checks.states(T)
    prior_a, prior_b = checks.beta("prior_a", prior_a), checks.beta("prior_b", prior_b)
    if truth is None:
        truth = ((prior_a[0] + prior_b[0]) / 2.0, (prior_a[1] + prior_b[1]) / 2.0)
    known = not isinstance(truth, tuple | list)
    truth = (
        checks.probability("truth", truth)  # type: ignore[arg-type]
        if known
        else checks.beta("truth", truth)  # type: ignore[arg-type]
    )
    discounts = (
        checks.discount_factor("discount_a", discount_a),
        checks.discount_factor("discount_b", discount_b),
    )
    part = -1.0 if split is None else checks.probability("split", split)
    news = checks.nonnegative("news_a", news_a), checks.nonnegative("news_b", news_b)
    bars = checks.positive("bar_a", bar_a), checks.positive("bar_b", bar_b)
    plan = _lay_out(schedule or Schedule(), (cost_a, cost_b), T)

    from tripoint.bargain import war_kernels  # compiled; costs an import of numba

    last = [
        _horizon_values(held, total, prior, credit, plan, discount, side)
        for side, (prior, credit, discount) in enumerate(zip((prior_a, prior_b), news, discounts, strict=True))
    ]
    value_a, value_b, finish_a, finish_b, share, kind = war_kernels.solve_back(
        held,
        total,
        np.array([*prior_a, *prior_b]),
        np.array(news),
        plan.boost,
        plan.seen_shift,
        plan.seen_costs,
        np.array(discounts),
        plan.offers,
        np.array(bars),
        part,
        foresight == "settlement",
        *last,
    )
    beliefs = np.array([truth, 0.0]) if known else np.array(truth)
    mass, ends = war_kernels.run_forward(held, total, kind, beliefs, known, plan.shift)
    return WarSolution(
        n=held,
        N=total,
        prior_a=prior_a,
        prior_b=prior_b,
        truth=truth,
        discounts=discounts,
        split=part,
        foresight=foresight,
        news=news,
        bars=bars,
        horizon=T,
        costs=plan.costs,
        shift=plan.shift,
        value_a=value_a,
        value_b=value_b,
        finish_a=finish_a,
        finish_b=finish_b,
        share=share,
        kind=kind,
        mass=mass,
        ends=ends,
    )


@dataclass(frozen=True, slots=True)
class SimulatedWars:
    """Wars fought one by one: arrays of shape (wars,).

    ``battles`` is the length, ``end`` 0 settled, 1 A wins, 2 B wins, 3 undecided, ``share`` A's share in the
    end (forts held where undecided). ``seed`` gives the same wars again.
    """

    seed: int
    battles: NDArray[np.int64] = field(repr=False)
    end: NDArray[np.int8] = field(repr=False)
    share: Array = field(repr=False)


def simulate_wars(solution: WarSolution, wars: int, *, seed: int) -> SimulatedWars:
    """Fight ``wars`` wars under a solution's truth: a check on the exact distributions, and raw draws.

    Raises
    ------
    InputError
        Where more than 20 million wars are asked for at once.
    """
    size = checks.count("wars", wars)
    if size > WAR_LIMIT:
        raise InputError(f"{size:,} wars would need {size * 25 / 1e9:.1f} GB; ask for at most {WAR_LIMIT:,}")
    from tripoint.bargain import war_kernels  # compiled

    rng = np.random.default_rng(seed)
    truth = solution.truth
    chances = rng.beta(*truth, size) if isinstance(truth, tuple) else np.full(size, truth)
    battles, end, share = war_kernels.run_wars(
        solution.n, solution.N, solution.kind, solution.share, chances, solution.shift, rng
    )
    return SimulatedWars(seed=seed, battles=battles, end=end, share=share)
