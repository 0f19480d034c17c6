"""Commitment: war because today's balance of power will not last.

Powell (2004), The inefficient use of power, APSR 98(2):231, and Powell (2006), War as a commitment problem,
IO 60(1):169, doi 10.1017/S0020818306060061. Each period yields a pie of 1. A is declining: it would win a war
with chance p1 today and p2 from tomorrow on. War decides all later pies and leaves a side's cost to be paid in
every period. In peace the rising side B makes the offer. Today it can give A at most the whole pie; from
tomorrow on it gives A no more than A's value of war. So A fights now exactly where

    p1 - delta p2 > (1 - delta) (1 + cost_a).
"""

from __future__ import annotations

from dataclasses import dataclass

from tripoint.bargain import checks


@dataclass(frozen=True, slots=True)
class CommitmentSolution:
    """Whether a shift in power makes peace impossible.

    Attributes
    ----------
    p1, p2, discount, cost_a
        What was given: A's chance of winning today and from tomorrow on [0-1], the discount factor (0-1), and
        A's flow cost of war [share of a period's pie].
    fights
        Whether the declining side fights today.
    excess
        p1 - delta p2 - (1 - delta)(1 + cost_a): above 0 it fights [share of the pie].
    safe_shift
        The largest fall p1 - p2 that keeps the peace; never below 0 and never above p1.
    demand_today
        What A must be offered today to forgo war [share of today's pie]: above 1 it cannot be had.
    applies
        Whether ``p2 >= cost_a``. Below, A would rather have nothing than fight later, and the published
        condition overstates the danger.
    """

    p1: float
    p2: float
    discount: float
    cost_a: float
    fights: bool
    excess: float
    safe_shift: float
    demand_today: float
    applies: bool

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the answer rests on."""
        return (
            "complete information; one shift of power, tomorrow, whatever is agreed today",
            "the rising side makes the offers and cannot bind itself beyond today",
        )


def solve_commitment(p1: float, p2: float, discount: float, cost_a: float) -> CommitmentSolution:
    """Tell whether the declining side A fights before power shifts from p1 to p2.

    Parameters
    ----------
    p1, p2
        A's chance of winning a war fought today, and one fought from tomorrow on [0-1].
    discount
        delta, strictly between 0 and 1.
    cost_a
        A's cost of war per period [share of a period's pie, >= 0].

    Raises
    ------
    InputError
        Where a number is out of range.

    References
    ----------
    Powell (2006), doi 10.1017/S0020818306060061.
    """
    p1 = checks.probability("p1 (A's chance today)", p1)
    p2 = checks.probability("p2 (A's chance from tomorrow on)", p2)
    delta = checks.inner_probability("discount", discount)
    cost = checks.nonnegative("cost_a", cost_a)
    excess = p1 - delta * p2 - (1.0 - delta) * (1.0 + cost)
    return CommitmentSolution(
        p1=p1,
        p2=p2,
        discount=delta,
        cost_a=cost,
        fights=excess > 0.0,
        excess=excess,
        safe_shift=min(max((1.0 - delta) * (1.0 + cost - p1) / delta, 0.0), p1),
        demand_today=max((p1 - cost - delta * (p2 - cost)) / (1.0 - delta), 0.0),
        applies=p2 >= cost,
    )
