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
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks, walk
from tripoint.bargain.walk import disagreement, expected_battles, win_probability
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
Foresight = Literal["finish", "settlement"]
_FORESIGHT: tuple[Foresight, ...] = ("finish", "settlement")
WAR_LIMIT = 20_000_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """What changes as battles go by: the policy side of a war.

    Every field is None (nothing) or an array of shape (horizon + 1,), one value a battle.

    Attributes
    ----------
    extra_cost_a, extra_cost_b
        Added to a side's cost of that battle [share of the pie]; the total must not be negative.
    shift
        Added to the log-odds of A's chance in that battle; both sides know it and neither learns from it.
    boost_a, boost_b
        Added from outside to A's count of its own wins, or to B's count of its own wins: what an offer does
        to the belief of the side that gets it.
    offer_a, offer_b
        A standing offer by A or B: the share for A, NaN where none. The other side takes it where it is at
        least as good as fighting on, whether or not the side that offers would gain.
    """

    extra_cost_a: Array | None = None
    extra_cost_b: Array | None = None
    shift: Array | None = None
    boost_a: Array | None = None
    boost_b: Array | None = None
    offer_a: Array | None = None
    offer_b: Array | None = None

    def row(self, name: str, horizon: int, default: float) -> Array:
        """Return one field as an array of shape (horizon + 1,); InputError where its shape differs."""
        values = getattr(self, name)
        if values is None:
            return np.full(horizon + 1, default)
        row = np.asarray(values, dtype=np.float64)
        if row.shape != (horizon + 1,):
            raise InputError(
                f"schedule: {name} has shape {row.shape}, but a horizon of {horizon} battles needs "
                f"({horizon + 1},)"
            )
        return row


@dataclass(frozen=True, slots=True)
class WarSolution:
    """A solved war.

    Attributes
    ----------
    n, N, prior_a, prior_b, truth, discounts, split, foresight, news, bars, horizon
        What was given. ``truth`` is what the distributions below are computed under: p, or (a, b) of a Beta.
    costs
        Cost of each battle to A and B [share of the pie], shape (2, T + 1), T the horizon.
    shift
        Log-odds added to A's chance in each battle, shape (T + 1,).
    value_a, value_b
        Value of fighting on after t battles of which A won w [share of the pie], shape (T + 1, T + 1).
    share
        A's share where the sides settle, NaN elsewhere, shape (T + 1, T + 1).
    kind
        0 over or not reachable, 1 fighting, 2 settled; shape (T + 1, T + 1).
    mass
        Probability of reaching each state, shape (T + 1, T + 1).
    ends
        Probability that the war ends after t battles, shape (T + 1, 4): settled, A wins, B wins, undecided
        at the horizon.
    """

    n: int
    N: int
    prior_a: tuple[float, float]
    prior_b: tuple[float, float]
    truth: float | tuple[float, float]
    discounts: tuple[float, float]
    split: float
    foresight: Foresight
    news: tuple[float, float]
    bars: tuple[float, float]
    horizon: int
    costs: Array = field(repr=False)
    shift: Array = field(repr=False)
    value_a: Array = field(repr=False)
    value_b: Array = field(repr=False)
    share: Array = field(repr=False)
    kind: NDArray[np.int8] = field(repr=False)
    mass: Array = field(repr=False)
    ends: Array = field(repr=False)

    @property
    def settles_at_once(self) -> bool:
        """Whether the sides settle before the first battle."""
        return bool(self.ends[0, 0] > 0.0)

    @property
    def bargaining_range(self) -> tuple[float, float]:
        """A's shares that both prefer to fighting, before the first battle; low > high where there are none."""
        low = max(float(self.value_a[0, 0]), 0.0) * self.bars[0]
        high = 1.0 - max(float(self.value_b[0, 0]), 0.0) * self.bars[1]
        return low, high

    @property
    def chances(self) -> dict[str, float]:
        """Probability of each ending; the four sum to one."""
        names = ("settled", "a_wins", "b_wins", "undecided")
        return dict(zip(names, self.ends.sum(axis=0).tolist(), strict=True))

    @property
    def duration(self) -> Array:
        """Probability that the war lasts t battles, t = 0 .. T; undecided wars count as T."""
        return np.asarray(self.ends.sum(axis=1))

    @property
    def mean_battles(self) -> float:
        """Mean length [battles]; a lower bound where some wars are undecided at the horizon."""
        return float(np.arange(self.horizon + 1) @ self.duration)

    def terms(self) -> tuple[Array, Array]:
        """A's share in the end and its probability, over all endings but the undecided; ascending.

        A settlement gives its terms, a victory 1 or 0. Weights sum to one less the undecided.
        """
        settled = (self.kind == 2) & (self.mass > 0.0)
        chance = self.ends.sum(axis=0)
        values = np.concatenate([self.share[settled], [1.0, 0.0]])
        weights = np.concatenate([self.mass[settled], chance[1:3]])
        kept = weights > 0.0
        order = np.argsort(values[kept], kind="stable")
        return values[kept][order], weights[kept][order]

    @property
    def mean_share(self) -> float:
        """A's mean share in the end [0-1]; an undecided war counts as the forts held at the horizon."""
        values, weights = self.terms()
        held = (self.n + 2 * np.arange(self.horizon + 1) - self.horizon) / self.N
        open_end = (self.kind[-1] == 1) * self.mass[-1]
        return float(values @ weights + held @ open_end)

    def cost(self, side: Literal["a", "b"]) -> Array:
        """Cost to a side of a war of t battles, t = 0 .. T, discounted to the start [share of the pie]."""
        row = 0 if side == "a" else 1
        paid = self.costs[row] * self.discounts[row] ** np.arange(self.horizon + 1)
        return np.concatenate([[0.0], np.cumsum(paid)[:-1]])

    def mean_cost(self, side: Literal["a", "b"]) -> float:
        """Mean cost to a side [share of the pie]."""
        return float(self.cost(side) @ self.duration)

    def beliefs(self, side: Literal["a", "b"]) -> Array:
        """A side's mean belief about A's chance in a battle by state, shape (T + 1, T + 1), NaN where w > t.

        What outside events add (``Schedule.boost_a``, ``boost_b``) is left out: this is what battles teach.
        """
        (a, b), credit = (self.prior_a, self.news[0]) if side == "a" else (self.prior_b, self.news[1])
        t, w = np.mgrid[0 : self.horizon + 1, 0 : self.horizon + 1]
        belief = (a + credit * w) / (a + b + credit * t)
        return np.where(w <= t, belief, np.nan)

    @property
    def convergence(self) -> str:
        """One sentence on how exact the answer is."""
        return (
            f"exact recursion over {self.horizon} battles; {self.chances['undecided']:.2g} of the probability "
            "is still undecided there"
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the answer rests on, one sentence each."""
        look = "fighting to the finish" if self.foresight == "finish" else "settling when it pays"
        lines = [
            f"A holds {self.n} of {self.N} forts; each battle moves one",
            f"A believes Beta{self.prior_a}, B believes Beta{self.prior_b} about A's chance in a battle",
            f"values foresee {look}; of a surplus A gets {self.split:g}"
            if self.split >= 0
            else f"values foresee {look}; no side offers less than its demand",
            f"distributions computed under {self.truth}",
        ]
        if self.news != (1.0, 1.0):
            lines.append(f"a battle counts as {self.news[0]:g} (A) and {self.news[1]:g} (B) observations")
        if self.bars != (1.0, 1.0):
            lines.append(f"to settle, A asks {self.bars[0]:g} and B {self.bars[1]:g} times its value of war")
        if np.any(self.shift):
            lines.append("sides count battles as news about p without allowing for the known shift")
        return tuple(lines)


def _horizon_values(
    n: int, N: int, T: int, prior: checks.Beta, credit: float, boost: tuple[float, float], shift: float,
    discount: float, cost: float, side: int,
) -> Array:
    """Value of fighting to the finish from each state at the horizon, shape (T + 1,)."""
    values = np.zeros(T + 1)
    w = np.arange(T + 1, dtype=np.float64)
    held = n + 2 * w - T
    inside = (held > 0) & (held < N)
    if not inside.any():
        return values
    a = prior[0] + boost[0] + credit * w[inside]
    b = prior[1] + boost[1] + credit * (T - w[inside])
    end = walk.finish(held[inside], N, a, b, shift=shift, discount=discount)
    values[inside] = (end.win if side == 0 else end.lose) - cost * end.battles
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
    if foresight not in _FORESIGHT:
        raise unknown("foresight", str(foresight), _FORESIGHT)
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
    plan = schedule or Schedule()
    costs = np.stack(
        [
            checks.nonnegative("cost_a", cost_a) + plan.row("extra_cost_a", T, 0.0),
            checks.nonnegative("cost_b", cost_b) + plan.row("extra_cost_b", T, 0.0),
        ]
    )
    if np.any(costs < 0.0):
        raise InputError(f"schedule: the cost of a battle falls to {costs.min():g}; it must not be negative")
    boost = np.stack([plan.row("boost_a", T, 0.0), plan.row("boost_b", T, 0.0)])
    if np.any(boost < 0.0):
        raise InputError(f"schedule: a boost of {boost.min():g} is negative; boosts add to a count of wins")
    offers = np.stack([plan.row("offer_a", T, np.nan), plan.row("offer_b", T, np.nan)])
    if np.any((offers < 0.0) | (offers > 1.0)):
        raise InputError("schedule: an offer lies outside 0 to 1; offers are shares for A, NaN for none")
    shift = plan.row("shift", T, 0.0)

    from tripoint.bargain import war_kernels  # compiled; costs an import of numba

    ahead = float(shift[T])
    last_a = _horizon_values(
        held, total, T, prior_a, news[0], (float(boost[0, T]), 0.0), ahead, discounts[0], float(costs[0, T]), 0
    )
    last_b = _horizon_values(
        held, total, T, prior_b, news[1], (0.0, float(boost[1, T])), ahead, discounts[1], float(costs[1, T]), 1
    )
    value_a, value_b, share, kind = war_kernels.solve_back(
        held, total, np.array([*prior_a, *prior_b]), np.array(news), boost, shift, costs, np.array(discounts),
        offers, np.array(bars), part, foresight == "settlement", last_a, last_b,
    )
    beliefs = np.array([truth, 0.0]) if known else np.array(truth)
    mass, ends = war_kernels.run_forward(held, total, kind, beliefs, known, shift)
    return WarSolution(
        n=held, N=total, prior_a=prior_a, prior_b=prior_b, truth=truth, discounts=discounts, split=part,
        foresight=foresight, news=news, bars=bars, horizon=T, costs=costs, shift=shift, value_a=value_a,
        value_b=value_b, share=share, kind=kind, mass=mass, ends=ends,
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
