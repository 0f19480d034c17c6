"""One offer, take it or leave it: why sides that could agree may still fight.

Fearon (1995), Rationalist explanations for war, International Organization 49(3):379-414,
doi 10.1017/S0020818300033324. The pie is 1; ``p`` is A's chance of winning it in a war that costs A
``cost_a`` and B ``cost_b``. Any division that gives A between ``p - cost_a`` and ``p + cost_b`` is better for
both than fighting.
"""

from __future__ import annotations

from dataclasses import dataclass

from tripoint.bargain import checks


@dataclass(frozen=True, slots=True)
class UltimatumSolution:
    """A's best demand when it does not know what war would cost B.

    Attributes
    ----------
    p, cost_a, cost_b_max
        What was given: A's chance of winning [0-1], A's cost and the most that war can cost B [share of the
        pie]; B's cost is uniform on [0, ``cost_b_max``].
    demand
        A's best demand, its share of the pie [0-1].
    chance_of_war
        Chance that B refuses [0-1].
    value_a, value_b
        What each side can expect before B's cost is known [share of the pie]; ``value_a`` includes A's cost.
    accepted_by_all
        The most that A could demand without any risk of war [0-1].
    """

    p: float
    cost_a: float
    cost_b_max: float
    demand: float
    chance_of_war: float
    value_a: float
    value_b: float
    accepted_by_all: float

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the answer rests on."""
        return (
            "one offer by A, take it or leave it; pie of 1, divisible; both risk-neutral",
            f"B's cost uniform on [0, {self.cost_b_max:g}], known to B alone",
        )


def solve_ultimatum(p: float, cost_a: float, cost_b_max: float) -> UltimatumSolution:
    """Solve Fearon's ultimatum with B's cost uniform on [0, ``cost_b_max``].

    A demands x and B accepts where its cost is at least x - p, so A maximizes
    x (1 - (x - p)/c) + (p - cost_a)(x - p)/c. The best demand is p + max(c - cost_a, 0)/2, but never more
    than the whole pie.

    Parameters
    ----------
    p
        A's chance of winning a war [0-1].
    cost_a
        A's cost of war [share of the pie, >= 0].
    cost_b_max
        The most that war can cost B [share of the pie, >= 0].

    Raises
    ------
    InputError
        Where ``p`` is outside [0, 1] or a cost is negative.

    References
    ----------
    Fearon (1995), doi 10.1017/S0020818300033324.
    """
    p = checks.probability("p (A's chance of winning)", p)
    cost_a = checks.nonnegative("cost_a", cost_a)
    c = checks.nonnegative("cost_b_max", cost_b_max)
    beyond = min(max(c - cost_a, 0.0) / 2.0, 1.0 - p)
    demand = p + beyond
    war = beyond / c if c > 0.0 else 0.0
    return UltimatumSolution(
        p=p,
        cost_a=cost_a,
        cost_b_max=c,
        demand=demand,
        chance_of_war=war,
        value_a=(1.0 - war) * demand + war * (p - cost_a),
        value_b=(1.0 - war) * (1.0 - demand) + war * (1.0 - p - beyond / 2.0),
        accepted_by_all=p,
    )
