"""Policies compared: pressure and concession as paths through the same war, and what one would have to believe.

A policy has a target, one of the two sides; the actor is the other side with its backers. Pressure makes battles
cost the target more or shifts the odds of a battle against it; a concession is an offer to the target, at a date,
whose refusal may encourage it. Each path is one :class:`~tripoint.bargain.war_solution.Schedule` for
:func:`~tripoint.bargain.war.solve_war`, so that everything else is held equal. Both sides foresee the whole path.
Nothing here knows which is better.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks, walk
from tripoint.bargain.war import solve_war
from tripoint.bargain.war_solution import Foresight, Schedule, WarSolution
from tripoint.errors import InputError, unknown

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class War:
    """The war that policies are tried on: the arguments of :func:`tripoint.bargain.war.solve_war`.

    ``rearmament`` and ``drift`` describe what happens after a settlement; see :func:`chance_of_renewed_war`.
    """

    n: int
    N: int
    prior_a: tuple[float, float]
    prior_b: tuple[float, float]
    cost_a: float
    cost_b: float
    truth: float | tuple[float, float] | None = None
    discount_a: float = 1.0
    discount_b: float = 1.0
    split: float | None = 0.5
    horizon: int = 200
    foresight: Foresight = "settlement"
    news_a: float = 1.0
    news_b: float = 1.0
    bar_a: float = 1.0
    bar_b: float = 1.0
    rearmament: float = 0.1
    drift: float = 0.0

    def solve(self, schedule: Schedule | None = None) -> WarSolution:
        """Solve the war under a schedule."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("rearmament", "drift")}
        return solve_war(**given, schedule=schedule)


@dataclass(frozen=True, slots=True)
class Policy:
    """A path of pressure or concession toward one side by the other and its backers.

    Attributes
    ----------
    name
        Any text.
    target
        The side that is pressed or offered something, ``"a"`` or ``"b"``.
    cost
        Added to the target's cost of each battle while pressure lasts [share of the pie].
    own_cost
        What the pressure costs the actor in each such battle [share of the pie].
    power
        How much it lowers the target's chance in each such battle [log-odds, >= 0].
    start, stop, ramp
        First battle of pressure, first battle without it (None: it lasts), and battles until full strength.
    credibility
        How much of the pressure the target counts on when it decides whether to fight on [0-1]: below 1 it
        doubts that the pressure lasts, and goes on doubting although it pays in full.
    offer
        Share offered to the target from ``offer_start`` to ``offer_stop`` (None: none), taken where the target
        prefers it to fighting on, whether or not the actor gains by it.
    offer_start, offer_stop
        First battle before which it is offered, and first before which it is not (None: it stands).
    encouragement
        Won battles that the target adds to its own record once it has refused the offer: the reputation effect
        of offering [battles, >= 0].
    """

    name: str
    target: Literal["a", "b"] = "a"
    cost: float = 0.0
    own_cost: float = 0.0
    power: float = 0.0
    start: int = 0
    stop: int | None = None
    ramp: int = 0
    credibility: float = 1.0
    offer: float | None = None
    offer_start: int = 0
    offer_stop: int | None = None
    encouragement: float = 0.0

    def schedule(self, horizon: int) -> Schedule:
        """Lay the policy out over the battles of a war; InputError where a number is out of range."""
        where = f"policy '{self.name}'"
        if self.target not in ("a", "b"):
            raise unknown("target", str(self.target), ("a", "b"), where=where)
        cost = checks.nonnegative(f"{where}: cost", self.cost)
        own = checks.nonnegative(f"{where}: own_cost", self.own_cost)
        power = checks.nonnegative(f"{where}: power", self.power)
        lift = checks.nonnegative(f"{where}: encouragement", self.encouragement)
        trust = checks.probability(f"{where}: credibility", self.credibility)
        t = np.arange(horizon + 1)
        pressure = _window(where, "start", t, self.start, self.stop).astype(np.float64)
        ramp = checks.count(f"{where}: ramp", self.ramp, least=0)
        if ramp:
            pressure *= np.clip((t - self.start + 1) / ramp, 0.0, 1.0)
        offers = np.full(horizon + 1, np.nan)
        boost = np.zeros(horizon + 1)
        if self.offer is not None:
            offers[_window(where, "offer_start", t, self.offer_start, self.offer_stop)] = checks.probability(
                f"{where}: offer", self.offer
            )
            boost[t > self.offer_start] = lift
        if self.target == "a":
            return Schedule(
                cost * pressure, own * pressure, -power * pressure, boost_a=boost, offer_b=offers, foreseen_a=trust
            )
        return Schedule(
            own * pressure, cost * pressure, power * pressure, boost_b=boost, offer_a=1.0 - offers, foreseen_b=trust
        )


def _window(where: str, key: str, t: NDArray[np.int_], start: int, stop: int | None) -> NDArray[np.bool_]:
    first = checks.count(f"{where}: {key}", start, least=0)
    last = math.inf if stop is None else checks.count(f"{where}: {key.replace('start', 'stop')}", stop)
    if last <= first:
        raise InputError(f"{where}: it stops at battle {last} before it starts at {first}")
    return np.asarray((t >= first) & (t < last))


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """What a policy leads to.

    Attributes
    ----------
    name
        The policy.
    battles
        Mean length of the war [battles].
    share_a
        A's mean share in the end [0-1].
    cost_a, cost_b
        Mean cost of the fighting, pressure included [share of the pie].
    settled, a_wins, b_wins, undecided
        Chance of each ending; sum to 1.
    renewed
        Chance that a settlement is reached and then broken [0-1].
    net_a, net_b
        A side's mean share less its cost: what it is left with, renewed war aside.
    regret
        Chance of a settlement that gives the side that offered it less than it expected from fighting on [0-1].
    settles_at_once
        Whether the sides settle before the first battle.
    war
        The solved war behind the numbers; None where it was not kept (it takes most of a megabyte).
    """

    name: str
    battles: float
    share_a: float
    cost_a: float
    cost_b: float
    settled: float
    a_wins: float
    b_wins: float
    undecided: float
    renewed: float
    net_a: float
    net_b: float
    regret: float
    settles_at_once: bool
    war: WarSolution | None = field(default=None, repr=False)


CRITERIA = ("battles", "share_a", "cost_a", "cost_b", "renewed", "net_a", "net_b", "settled", "regret")


def chance_of_renewed_war(solution: WarSolution, *, rearmament: float, drift: float = 0.0) -> float:
    """Chance that a settlement is reached and later broken.

    After a settlement at share x, A's chance of winning a new war moves by a Normal(``drift``, ``rearmament``)
    amount, and B's by its opposite. A attacks where its value of a war to the finish now exceeds x, B where its
    own exceeds 1 - x (Powell's commitment problem with a random shift). Beliefs are those held at the
    settlement, so terms near either side's value of war break more easily. Victory ends the matter.

    Parameters
    ----------
    solution
        A solved war.
    rearmament
        Standard deviation of the shift [share of the pie, >= 0].
    drift
        Mean shift toward A [share of the pie].
    """
    sigma = checks.nonnegative("rearmament", rearmament)
    mean = checks.finite("drift", drift)
    settled = (solution.kind == 2) & (solution.mass > 0.0)
    weights = solution.mass[settled]
    if not len(weights):
        return 0.0
    share = solution.share[settled]
    slack_a = share - np.maximum(solution.finish_a[settled], 0.0)
    slack_b = 1.0 - share - np.maximum(solution.finish_b[settled], 0.0)
    if sigma == 0.0:
        broken = (mean > slack_a + 1e-12) | (-mean > slack_b + 1e-12)
        return float(weights @ broken)
    from scipy.special import ndtr

    keeps = np.maximum(ndtr((slack_a - mean) / sigma) - ndtr((-slack_b - mean) / sigma), 0.0)
    return float(weights @ (1.0 - keeps))


def try_policy(war: War, policy: Policy) -> PolicyOutcome:
    """Solve a war under one policy and sum it up."""
    return summarize_war(policy.name, war, war.solve(policy.schedule(war.horizon)))


def summarize_war(name: str, war: War, solved: WarSolution, *, keep: bool = True) -> PolicyOutcome:
    """Sum up a solved war; ``war`` says what happens after a settlement, ``keep`` whether the solution is kept."""
    chances = solved.chances
    share = solved.mean_share
    cost_a, cost_b = solved.mean_cost("a"), solved.mean_cost("b")
    at = (solved.kind == 2) & (solved.mass > 0.0)
    poor = (solved.share[at] < solved.value_a[at] - 1e-9) | (1.0 - solved.share[at] < solved.value_b[at] - 1e-9)
    return PolicyOutcome(
        name=name,
        battles=solved.mean_battles,
        share_a=share,
        cost_a=cost_a,
        cost_b=cost_b,
        settled=chances["settled"],
        a_wins=chances["a_wins"],
        b_wins=chances["b_wins"],
        undecided=chances["undecided"],
        renewed=chance_of_renewed_war(solved, rearmament=war.rearmament, drift=war.drift),
        net_a=share - cost_a,
        net_b=1.0 - share - cost_b,
        regret=float(solved.mass[at] @ poor),
        settles_at_once=solved.settles_at_once,
        war=solved if keep else None,
    )


def compare_policies(war: War, policies: Sequence[Policy]) -> tuple[PolicyOutcome, ...]:
    """Try every policy on the same war; InputError where two share a name."""
    names = [policy.name for policy in policies]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InputError(f"two policies are named '{min(twice)}'; give each its own name")
    return tuple(try_policy(war, policy) for policy in policies)


@dataclass(frozen=True, slots=True)
class RequiredBelief:
    """What a side would have to believe for holding out to be rational.

    Attributes
    ----------
    demand
        What it insists on, or the offer it refuses [share of the pie].
    p
        Least mean belief in winning one battle [0-1], or None where no belief suffices.
    victory
        The same as a belief in winning the whole war [0-1], or None.
    confidence
        Weight of the prior, a + b [battles].
    believed, believed_victory
        What the side is taken to believe, as given [0-1].
    """

    _shown: ClassVar[tuple[str, ...]] = ("verdict",)

    demand: float
    p: float | None
    victory: float | None
    confidence: float
    believed: float
    believed_victory: float

    @property
    def rational(self) -> bool:
        """Whether the belief that the side is taken to hold is enough."""
        return self.p is not None and self.believed >= self.p - 1e-9

    @property
    def verdict(self) -> str:
        """Which policy does better, in words."""
        if self.p is None or self.victory is None:
            return f"no belief makes it rational to hold out for {self.demand:.2f}: fighting costs too much"
        return (
            f"holding out for {self.demand:.2f} is rational with a belief in victory of at least "
            f"{self.victory:.0%} ({self.p:.3f} a battle); assumed: {self.believed_victory:.0%}"
        )


def required_belief(
    n: int, N: int, demand: float, cost: float, prior: tuple[float, float], *, discount: float = 1.0
) -> RequiredBelief:
    """Find the prior belief at which a side holding n of N forts rationally takes nothing less than ``demand``.

    A side holds out where fighting to the finish is worth at least what it would have to accept. The weight
    a + b of the prior is kept and its mean moved. For side B give its own forts and a prior about its own
    chance.

    Parameters
    ----------
    n, N
        Forts it holds, and all.
    demand
        Share demanded; or an offer, to learn what belief makes refusing it rational [0-1].
    cost
        Its cost of a battle [share of the pie].
    prior
        Its Beta belief in winning a battle.
    discount
        Discount factor per battle.
    """
    held, total = checks.forts(n, N)
    if held in (0, total):
        raise InputError(f"the war is over: {held} of {total} forts; give 0 < n < N")
    goal = checks.probability("demand", demand)
    k = checks.nonnegative("cost", cost)
    a, b = checks.beta("prior", prior)
    delta = checks.discount_factor("discount", discount)
    weight = a + b

    def worth(mean: Array) -> Array:
        beliefs = mean * weight, (1.0 - mean) * weight
        end = walk.finish(np.full_like(mean, held), total, *beliefs, discount=delta)
        return np.asarray(end.win - k * end.battles)

    believed = a / weight
    now = walk.win_probability(held, total, prior=(a, b))
    # Worth rises with the mean belief except where a long, even war makes it dip: look for the first mean on a grid
    # that suffices, then again between it and the one before, until they are 1e-7 apart.
    # The first grid is dense near 0 and 1 and ends at .999: a demand that needs more has no belief to rest on.
    low, high = 0.0, 1.0
    grid = (1.0 - np.cos(np.pi * np.arange(1, 51) / 51.0)) / 2.0
    while high - low > 1e-7:
        enough = np.flatnonzero(worth(grid) >= goal)
        if not len(enough):
            return RequiredBelief(goal, None, None, weight, believed, now)
        first = int(enough[0])
        low, high = (float(grid[first - 1]) if first else low), float(grid[first])
        grid = np.linspace(low, high, 10)[1:]
    victory = walk.win_probability(held, total, prior=(high * weight, (1.0 - high) * weight))
    return RequiredBelief(goal, high, victory, weight, believed, now)


def with_values(war: War, values: Mapping[str, float]) -> War:
    """Return the war with some of its numbers replaced; the names are those of ``PARAMETERS``.

    ``belief_a`` and ``belief_b`` move the mean of a prior and keep its weight, ``confidence_a`` and
    ``confidence_b`` the weight and keep the mean; ``truth`` may be moved as a known p.
    """
    changed: dict[str, Any] = {}
    for side in ("a", "b"):
        a, b = getattr(war, f"prior_{side}")
        weight = checks.positive(f"confidence_{side}", values.get(f"confidence_{side}", a + b))
        mean = checks.inner_probability(f"belief_{side}", values.get(f"belief_{side}", a / (a + b)))
        changed[f"prior_{side}"] = (mean * weight, (1.0 - mean) * weight)
    changed |= {k: v for k, v in values.items() if k in PLAIN_PARAMETERS}
    return replace(war, **changed)


PLAIN_PARAMETERS = (
    "cost_a", "cost_b", "truth", "discount_a", "discount_b", "split", "news_a", "news_b", "bar_a", "bar_b",
    "rearmament", "drift",
)  # fmt: skip
PARAMETERS = (*PLAIN_PARAMETERS, "belief_a", "belief_b", "confidence_a", "confidence_b")
