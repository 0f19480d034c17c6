"""Theories that compete with "pressure teaches the other side what it cannot have".

Each is a selectable assumption: a change to the war that :func:`tripoint.bargain.war.solve_war` solves, or a
small model of its own. None is built in as the truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks, walk
from tripoint.bargain.war_solution import Schedule
from tripoint.errors import InputError

Array = NDArray[np.float64]
TheoryName = Literal[
    "learning", "slow-learning", "standing-firm", "disposition", "no-separation", "appeasement", "commitment"
]


@dataclass(frozen=True, slots=True)
class Theory:
    """One account of why a war goes on, and what would speak for and against it.

    ``says`` in one sentence, ``expects`` what one would see if it were true, ``against`` what would count against
    it, ``source`` where it comes from, ``model`` how it is computed here.
    """

    says: str
    expects: str
    against: str
    source: str
    model: str


THEORIES: Mapping[TheoryName, Theory] = {
    "learning": Theory(
        says="Sides fight because they disagree about their chances, and battles teach both.",
        expects="demands follow the front: they fall after losses and rise after gains",
        against="demands that stay the same through gains and losses",
        source="Smith & Stam 2004, doi 10.1177/0022002704268026; Slantchev 2003, doi 10.1017/S0003055403000911",
        model="solve_war with each side's own prior",
    ),
    "slow-learning": Theory(
        says="Battles are weak evidence for leaders, who discount bad news.",
        expects="demands follow the front with a long lag",
        against="demands that change within weeks of a battle",
        source="a departure from Bayes' rule within Smith & Stam's model",
        model="solve_war with news_a and news_b below 1",
    ),
    "standing-firm": Theory(
        says="Sides learn but do not narrow their demands: each waits for the other to give in.",
        expects="no intermediate offers for most of the war, then one side takes the other's terms",
        against="a sequence of offers that approach each other",
        source="Langlois & Langlois 2012, Does the principle of convergence really hold?, British Journal of "
        "Political Science",
        model="solve_war with split None and the two stated demands as standing offers",
    ),
    "disposition": Theory(
        says="One side believes that the other will attack again whatever is agreed, so terms are worth little.",
        expects="refusal of terms better than the military outlook; insistence on guarantees or on disarming",
        against="a side that takes terms no better than its military outlook",
        source="Weisiger 2013, Logics of War, Cornell University Press",
        model="solve_war with bar_a or bar_b above 1",
    ),
    "no-separation": Theory(
        says="What is unknown is how much one side wants, and fighting does not reveal it: a side with limited "
        "aims and one with total aims fight alike.",
        expects="no change in what is believed about aims while the front is short of the limited aim",
        against="a side that stops, or offers to, at a limited aim that it could have passed",
        source="Spaniel & Bils 2018, doi 10.1177/0022002716662688",
        model="solve_separation",
    ),
    "appeasement": Theory(
        says="A defender with scarce means may rationally yield one stake to keep its strength for others.",
        expects="concessions where other challengers are near and means are short",
        against="concessions by a defender with means to spare and one challenger",
        source="Treisman 2004, Rational appeasement, International Organization 58(2):345",
        model="solve_appeasement",
    ),
    "commitment": Theory(
        says="The balance is moving, and a side that will be weaker fights now because no promise binds later.",
        expects="war when power is about to shift, with no disagreement about the odds",
        against="a settlement reached while the shift is still ahead",
        source="Powell 2006, doi 10.1017/S0020818306060061",
        model="solve_commitment",
    ),
}


def standing_firm(demand_a: float, demand_b: float, horizon: int) -> Schedule:
    """Return the schedule in which each side's demand stands and nothing between them is offered.

    ``demand_a`` is the share that A demands, ``demand_b`` the share that B's demand leaves to A; use it with
    ``split=None``.
    """
    a = checks.probability("demand_a", demand_a)
    b = checks.probability("demand_b (the share that B's demand leaves to A)", demand_b)
    if b > a:
        raise InputError(f"demands do not conflict: A demands {a:g} and B would leave it {b:g}")
    size = checks.count("horizon", horizon) + 1
    return Schedule(offer_a=np.full(size, a), offer_b=np.full(size, b))


def disposition_bar(chance: float, discount: float = 1.0) -> float:
    """How many times its value of war a side must get to settle with one that may attack again regardless.

    With chance d the other side attacks next period whatever was agreed, and the side has its value of war V
    then. Terms x are worth (1 - d) x + d delta V, so x must be at least V (1 - d delta) / (1 - d): with
    delta = 1 the doubt alone changes nothing, because the war is only put off.

    Parameters
    ----------
    chance
        d, at least 0 and below 1.
    discount
        delta, what a war next period is worth now (0-1].
    """
    d = checks.probability("chance of a new attack", chance)
    if d == 1.0:
        raise InputError("a chance of 1 of a new attack rules out every settlement; give a chance below 1")
    return (1.0 - d * checks.discount_factor("discount", discount)) / (1.0 - d)


@dataclass(frozen=True, slots=True)
class SeparationSolution:
    """Can B tell a side A with limited aims from one with total aims? Arrays over n = 1 .. N - 1 forts.

    Attributes
    ----------
    N, p, aim, doubt, cost_total, cost_limited, cost_b
        What was given.
    asks_total, asks_limited
        The least share that each type takes rather than fight another battle.
    separable
        Whether some offer is taken by the limited type and refused by the total one.
    screens
        Whether B prefers such an offer to one that both take.
    offer
        B's best offer, the share for A.
    chance_of_fighting
        Chance of another battle after that offer.
    """

    N: int
    p: float
    aim: float
    doubt: float
    cost_total: float
    cost_limited: float
    cost_b: float
    asks_total: Array = field(repr=False)
    asks_limited: Array = field(repr=False)
    separable: NDArray[np.bool_] = field(repr=False)
    screens: NDArray[np.bool_] = field(repr=False)
    offer: Array = field(repr=False)
    chance_of_fighting: Array = field(repr=False)


def solve_separation(
    N: int,
    p: float,
    *,
    aim: float,
    doubt: float,
    cost_total: float,
    cost_b: float,
    cost_limited: float | None = None,
) -> SeparationSolution:
    """Solve B's offers to an opponent whose aims it does not know, at every position of the front.

    A is total (values every share) with chance ``doubt``, or limited (a share beyond ``aim`` is worth nothing
    more to it). Both fight alike: each battle is won with the same known chance p. B offers before each battle;
    a type that refuses is taken for total from then on and is offered just what a total type asks. That is also
    what a limited type gets by refusing, less the cost of a battle, so where the two pay the same for delay
    and the front is short of the limited aim, no offer tells them apart.

    Parameters
    ----------
    N
        All forts, at least 2.
    p
        A's chance of winning a battle (0-1), known to both.
    aim
        What the limited type wants [share of the pie, 0-1].
    doubt
        Chance that A is total [0-1].
    cost_total, cost_limited, cost_b
        Cost of a battle [share of the pie]; ``cost_limited`` is that of the total type unless given.

    Raises
    ------
    InputError
        Where a number is out of range.

    References
    ----------
    Spaniel & Bils (2018), doi 10.1177/0022002716662688; the random walk in place of their battle technology.
    """
    total = checks.count("N (all forts)", N, least=2)
    chance = checks.inner_probability("p (A's chance in one battle)", p)
    limit = checks.probability("aim", aim)
    mu = checks.probability("doubt", doubt)
    k_total = checks.nonnegative("cost_total", cost_total)
    k_limited = k_total if cost_limited is None else checks.nonnegative("cost_limited", cost_limited)
    k_b = checks.nonnegative("cost_b", cost_b)
    asks = _worth_with_exit(total, chance, k_total)
    ahead = chance * asks[2:] + (1.0 - chance) * asks[:-2]
    capped = np.minimum(asks, limit)
    limited = np.maximum(chance * capped[2:] + (1.0 - chance) * capped[:-2] - k_limited, 0.0)
    everyone = asks[1:-1]
    separable = limited < everyone - 1e-12
    pooled = 1.0 - np.maximum(everyone, limited)
    screened = (1.0 - mu) * (1.0 - limited) + mu * (1.0 - ahead - k_b)
    screens = separable & (screened > pooled + 1e-12)
    return SeparationSolution(
        N=total,
        p=chance,
        aim=limit,
        doubt=mu,
        cost_total=k_total,
        cost_limited=k_limited,
        cost_b=k_b,
        asks_total=everyone,
        asks_limited=limited,
        separable=separable,
        screens=screens,
        offer=np.where(screens, limited, np.maximum(everyone, limited)),
        chance_of_fighting=np.where(screens, mu, 0.0),
    )


def _worth_with_exit(N: int, p: float, cost: float) -> Array:
    """Value of fighting for a side that may give up at any n, for n = 0 .. N: the best exit q < n."""
    worth = np.zeros(N + 1)
    worth[N] = 1.0
    for n in range(1, N):
        worth[n] = max(
            0.0,
            *(walk.win_probability(n - q, N - q, p) - cost * walk.expected_battles(n - q, N - q, p) for q in range(n)),
        )
    return worth


@dataclass(frozen=True, slots=True)
class AppeasementSolution:
    """What a defender with scarce means does against a row of challengers.

    Attributes
    ----------
    fight
        Whether it fights challenger j with r units of means left, last having yielded (0) or fought (1);
        shape (J, R + 1, 2).
    value
        Its expected gains (losses are negative) from challenger j on; shape (J + 1, R + 1, 2).
    deterrence_needed
        The least deterrent effect of fighting at which it fights the first challenger, or None where no effect
        suffices [0-1].
    """

    fight: NDArray[np.bool_] = field(repr=False)
    value: Array = field(repr=False)
    deterrence_needed: float | None

    @property
    def yields_first(self) -> bool:
        """Whether the defender, with all its means, yields to the first challenger."""
        return not bool(self.fight[0, -1, 0])


def solve_appeasement(
    stakes: Sequence[float],
    win_chances: Sequence[float],
    *,
    cost: float,
    arrival: float,
    deterrence: float,
) -> AppeasementSolution:
    """Solve a defender's choice between fighting and yielding, challenger by challenger.

    Challenger j comes with chance ``arrival``, less by the factor 1 - ``deterrence`` where the defender fought
    the last one that came. Yielding loses the stake; fighting costs ``cost`` and one unit of means, and loses the
    stake where the defender is beaten.

    Parameters
    ----------
    stakes
        What each challenger wants, in order, >= 0; any unit.
    win_chances
        The defender's chance of winning with r = 0, 1, ..., R units of means [0-1], not falling; it starts
        with R.
    cost
        Cost of a fight in the unit of the stakes, >= 0.
    arrival
        Chance that a challenger comes when not deterred [0-1].
    deterrence
        Part of later challenges that a fight prevents [0-1].

    Raises
    ------
    InputError
        Where a number is out of range or a list is empty.

    References
    ----------
    Treisman (2004), Rational appeasement, International Organization 58(2):345.
    """
    if not len(stakes) or not len(win_chances):
        raise InputError("stakes and win_chances must each hold at least one number")
    prizes = np.array([checks.nonnegative("stake", v) for v in stakes])
    odds = np.array([checks.probability("win chance", v) for v in win_chances])
    if (np.diff(odds) < 0).any():
        raise InputError(f"win_chances must not fall with more means, got {list(odds)}")
    price = checks.nonnegative("cost", cost)
    comes = checks.probability("arrival", arrival)
    effect = checks.probability("deterrence", deterrence)
    fight, value = _appeasement_table(prizes, odds, price, comes, effect)
    needed = _least_deterrence(prizes, odds, price, comes)
    return AppeasementSolution(fight=fight, value=value, deterrence_needed=needed)


def _least_deterrence(stakes: Array, odds: Array, cost: float, arrival: float) -> float | None:
    """Least effect at which the first fight pays: a scan, since the choice need not be monotone, then bisection."""

    def fights(effect: float) -> bool:
        return bool(_appeasement_table(stakes, odds, cost, arrival, effect)[0][0, -1, 0])

    grid = np.linspace(0.0, 1.0, 201)
    first = next((i for i, effect in enumerate(grid) if fights(float(effect))), None)
    if first is None or first == 0:
        return None if first is None else 0.0
    low, high = float(grid[first - 1]), float(grid[first])
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        low, high = (low, middle) if fights(middle) else (middle, high)
    return high


def _appeasement_table(
    stakes: Array, odds: Array, cost: float, arrival: float, deterrence: float
) -> tuple[NDArray[np.bool_], Array]:
    J, R = len(stakes), len(odds) - 1
    value = np.zeros((J + 1, R + 1, 2))
    fight = np.zeros((J, R + 1, 2), dtype=np.bool_)
    left = np.maximum(np.arange(R + 1) - 1, 0)
    for j in range(J - 1, -1, -1):
        yields = -stakes[j] + value[j + 1, :, 0]
        fights = -cost - (1.0 - odds) * stakes[j] + value[j + 1, left, 1]
        better = fights > yields
        best = np.where(better, fights, yields)
        for last, comes in ((0, arrival), (1, arrival * (1.0 - deterrence))):
            value[j, :, last] = comes * best + (1.0 - comes) * value[j + 1, :, last]
            fight[j, :, last] = better
    return fight, value
