"""What goes into a war as it unfolds, and what comes out: plain records with the sums that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.errors import InputError

Array = NDArray[np.float64]
Foresight = Literal["finish", "settlement"]
FORESIGHTS: tuple[Foresight, ...] = ("finish", "settlement")


@dataclass(frozen=True, slots=True)
class Schedule:
    """What changes as battles go by: the policy side of a war.

    Every field but the last two is None (nothing) or an array of shape (horizon + 1,), one value a battle.

    Attributes
    ----------
    extra_cost_a, extra_cost_b
        Added to a side's cost of that battle [share of the pie]; the total must not be negative.
    shift
        Added to the log-odds of A's chance in that battle; neither side learns from it.
    foreseen_a, foreseen_b
        How much of its own extra cost and of the shift a side counts on when it values fighting on: 1 all of it
        (the default), 0 none; one number for the whole schedule.
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
    foreseen_a: float = 1.0
    foreseen_b: float = 1.0

    def row(self, name: str, horizon: int, default: float) -> Array:
        """Return one field as an array of shape (horizon + 1,); InputError where its shape differs."""
        values = getattr(self, name)
        if values is None:
            return np.full(horizon + 1, default)
        row = np.asarray(values, dtype=np.float64)
        if row.shape != (horizon + 1,):
            raise InputError(
                f"schedule: {name} has shape {row.shape}, but a horizon of {horizon} battles needs ({horizon + 1},)"
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
    finish_a, finish_b
        The same for fighting to the finish; equal to ``value_a`` and ``value_b`` with that foresight.
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

    _shown: ClassVar[tuple[str, ...]] = ("convergence",)

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
    finish_a: Array = field(repr=False)
    finish_b: Array = field(repr=False)
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
