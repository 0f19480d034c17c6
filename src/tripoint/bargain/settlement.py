"""What there is to settle: issues, demands, reservations, and the range between them.

All shares are A's: B has one less that share. Utilities are linear in shares and add over issues by weight, each
side by its own weights, which sum to 1.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks
from tripoint.errors import InputError

Array = NDArray[np.float64]
Interval = tuple[float, float]
# 2**12 ways to award indivisible issues; each costs one sweep over the divisible ones.
INDIVISIBLE_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing in dispute.

    Attributes
    ----------
    name
        Any text.
    weight_a, weight_b
        How much each side cares, relative to its other issues, >= 0.
    held
        What A has of it now [0-1].
    demand_a, demand_b
        The share that A demands, and the share that B's demand leaves to A [0-1].
    divisible
        Whether it can be shared; otherwise one side gets it all.
    """

    name: str
    weight_a: float
    weight_b: float
    held: float
    demand_a: float
    demand_b: float
    divisible: bool = True


@dataclass(frozen=True, slots=True)
class Weighted:
    """Several issues added up: each side's weights (summing to 1) and the shares of the whole they imply."""

    names: tuple[str, ...]
    weight_a: Array
    weight_b: Array
    held_a: float
    held_b: float
    demand_a: float
    demand_b: float


def _share(weights: Array, shares: Array) -> float:
    return min(float(weights @ shares), 1.0)  # rounding may carry a sum of weights past 1


def weigh_issues(issues: Sequence[Issue]) -> Weighted:
    """Add issues up into shares of one pie.

    ``held_a`` is what A holds by A's weights, ``held_b`` what is left to A by B's; ``demand_a`` what A's demand
    would give it by A's weights, ``demand_b`` what B's demand would leave to A by B's.

    Raises
    ------
    InputError
        Where there is no issue, a share is outside [0, 1], a name comes twice or a side's weights are all 0.
    """
    if not issues:
        raise InputError("give at least one issue")
    names = [issue.name for issue in issues]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InputError(f"two issues are named '{min(twice)}'; give each its own name")
    for issue in issues:
        for key in ("held", "demand_a", "demand_b"):
            checks.probability(f"{key} of issue '{issue.name}'", getattr(issue, key))
    sides = []
    for key in ("weight_a", "weight_b"):
        w = np.array([checks.nonnegative(f"{key} of issue '{i.name}'", getattr(i, key)) for i in issues])
        if not w.sum() > 0.0:
            raise InputError(f"{key} is 0 for every issue; at least one must matter")
        sides.append(w / w.sum())
    a, b = sides
    held = np.array([i.held for i in issues])
    return Weighted(
        names=tuple(names),
        weight_a=a,
        weight_b=b,
        held_a=_share(a, held),
        held_b=_share(b, held),
        demand_a=_share(a, np.array([i.demand_a for i in issues])),
        demand_b=_share(b, np.array([i.demand_b for i in issues])),
    )


@dataclass(frozen=True, slots=True)
class BargainingRange:
    """The divisions that both sides prefer to fighting.

    Attributes
    ----------
    low, high
        The least that A takes and the most that B leaves to it, at the middle of the inputs [0-1].
    low_interval, high_interval
        Where those ends may lie, given the ranges of the inputs.
    chance_open
        Part of the draws over the ranges in which ``low <= high`` [0-1]; 0 or 1 where no input is a range.
    draws, seed
        How ``chance_open`` was computed.
    """

    _shown: ClassVar[tuple[str, ...]] = ("verdict",)

    low: float
    high: float
    low_interval: Interval
    high_interval: Interval
    chance_open: float
    draws: int
    seed: int

    @property
    def empty(self) -> bool:
        """Whether, at the middle of the inputs, no division satisfies both."""
        return self.low > self.high

    @property
    def verdict(self) -> str:
        """Plain words on whether there is anything to agree on."""
        if self.chance_open == 1.0:
            return f"the range is open over all of the inputs: about {self.low:.2f} to {self.high:.2f} for A"
        if self.chance_open == 0.0:
            return f"the range is empty over all of the inputs: A asks {self.low:.2f}, B leaves {self.high:.2f}"
        return f"the range is open in {self.chance_open:.0%} of the draws over the inputs"


def _interval(name: str, value: float | Interval, top: float | None) -> Interval:
    low, high = value if isinstance(value, tuple) else (value, value)
    low, high = checks.nonnegative(f"{name}: low", low), checks.nonnegative(f"{name}: high", high)
    if top is not None:
        low, high = checks.probability(name, low), checks.probability(name, high)
    if low > high:
        raise InputError(f"{name} runs from {low:g} to {high:g}; give the lower end first")
    return low, high


def bargaining_range(
    p: float | Interval,
    cost_a: float | Interval,
    cost_b: float | Interval,
    *,
    p_b: float | Interval | None = None,
    draws: int = 20_000,
    seed: int = 0,
) -> BargainingRange:
    """Return the range p - cost_a to p_b + cost_b, cut to [0, 1]; every input a number or a (low, high) range.

    Parameters
    ----------
    p
        A's chance of winning as A sees it [0-1].
    cost_a, cost_b
        What war costs each side [share of the pie, >= 0].
    p_b
        A's chance as B sees it; by default the same number as ``p``, so that the range cannot be empty.
    draws, seed
        For the chance that the range is open where inputs are ranges: independent uniform draws.

    References
    ----------
    Fearon (1995), doi 10.1017/S0020818300033324.
    """
    pa, ca, cb = _interval("p", p, 1.0), _interval("cost_a", cost_a, None), _interval("cost_b", cost_b, None)
    pb = pa if p_b is None else _interval("p_b", p_b, 1.0)
    size = checks.count("draws", draws)

    def cut(value: float) -> float:
        return min(max(value, 0.0), 1.0)

    unit = np.random.default_rng(seed).random((4, size))
    a, b, c, d = (low + (high - low) * u for (low, high), u in zip((pa, pb, ca, cb), unit, strict=True))
    slack = (c + d) if p_b is None else np.minimum(b + d, 1.0) - np.maximum(a - c, 0.0)
    return BargainingRange(
        low=cut((sum(pa) - sum(ca)) / 2.0),
        high=cut((sum(pb) + sum(cb)) / 2.0),
        low_interval=(cut(pa[0] - ca[1]), cut(pa[1] - ca[0])),
        high_interval=(cut(pb[0] + cb[0]), cut(pb[1] + cb[1])),
        chance_open=float((slack >= -1e-12).mean()),
        draws=size,
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class Package:
    """One settlement: A's share of each issue, shape (issues,), and what it is worth to each side [0-1]."""

    shares: Array
    worth_a: float
    worth_b: float


@dataclass(frozen=True, slots=True)
class PackageSolution:
    """What can be settled by trading issues against each other.

    Attributes
    ----------
    reserve_a, reserve_b
        What each side can have without an agreement [0-1].
    best_a, best_b
        The package best for one side among those the other can still accept; None where there is none.
    nash
        The package with the largest product of gains over the reservations, or None.
    """

    names: tuple[str, ...]
    reserve_a: float
    reserve_b: float
    best_a: Package | None
    best_b: Package | None
    nash: Package | None

    @property
    def empty(self) -> bool:
        """Whether no package satisfies both."""
        return self.nash is None


def _frontier(weight_a: Array, weight_b: Array, fixed: dict[int, float]) -> Array:
    """Corners of the efficient frontier with some issues fixed: from all to B to all to A, shape (k, issues)."""
    free = [i for i in range(len(weight_a)) if i not in fixed]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(weight_b > 0, weight_a / np.where(weight_b > 0, weight_b, 1.0), np.inf)
    shares = np.zeros(len(weight_a))
    for i, value in fixed.items():
        shares[i] = value
    corners = [shares.copy()]
    for i in sorted(free, key=lambda i: -ratio[i]):  # what A values most relative to B goes to A first
        shares[i] = 1.0
        corners.append(shares.copy())
    return np.array(corners)


def _best_on_edge(u: Array, v: Array, reserve_a: float, reserve_b: float) -> list[tuple[float, float]]:
    """Points t in [0, 1] along one edge that may be best: both reservations' ends and the Nash point.

    ``u`` and ``v`` hold each side's worth at the edge's two ends. Returns (t, product of gains).
    """
    low, high = 0.0, 1.0
    for (start, end), need in ((u, reserve_a), (v, reserve_b)):
        slope = end - start
        if abs(slope) < 1e-15:
            if start < need - 1e-12:
                return []
        elif slope > 0:
            low = max(low, (need - start) / slope)
        else:
            high = min(high, (need - start) / slope)
    if low > high + 1e-12:
        return []
    points = {min(low, 1.0), max(high, 0.0)}
    du, dv = u[1] - u[0], v[1] - v[0]
    if du * dv < 0:
        top = -((u[0] - reserve_a) * dv + (v[0] - reserve_b) * du) / (2.0 * du * dv)
        points.add(min(max(top, low), high))
    return [(t, (u[0] + t * du - reserve_a) * (v[0] + t * dv - reserve_b)) for t in points]


def solve_package(issues: Sequence[Issue], reserve_a: float, reserve_b: float) -> PackageSolution:
    """Find the packages that give each side at least what it can have without an agreement.

    Issues that a side values more, relative to the other, go to it first; indivisible ones are awarded in every
    possible way. Exact.

    Parameters
    ----------
    issues
        See :class:`Issue`; at most 12 indivisible ones.
    reserve_a, reserve_b
        Each side's value of no agreement, in its own weights [0-1].

    Raises
    ------
    InputError
        Where a number is out of range or too many issues are indivisible.
    """
    whole = weigh_issues(issues)
    ra, rb = checks.probability("reserve_a", reserve_a), checks.probability("reserve_b", reserve_b)
    lumps = [i for i, issue in enumerate(issues) if not issue.divisible]
    if len(lumps) > INDIVISIBLE_LIMIT:
        raise InputError(
            f"{len(lumps)} indivisible issues can be awarded in {2 ** len(lumps):,} ways; "
            f"at most {INDIVISIBLE_LIMIT} are allowed: merge some"
        )
    found: list[tuple[float, Package]] = []
    for awards in itertools.product((0.0, 1.0), repeat=len(lumps)):
        corners = _frontier(whole.weight_a, whole.weight_b, dict(zip(lumps, awards, strict=True)))
        if len(corners) == 1:
            corners = np.repeat(corners, 2, axis=0)
        worth_a, worth_b = corners @ whole.weight_a, (1.0 - corners) @ whole.weight_b
        for k in range(len(corners) - 1):
            for t, product in _best_on_edge(worth_a[k : k + 2], worth_b[k : k + 2], ra, rb):
                shares = (1.0 - t) * corners[k] + t * corners[k + 1]
                a, b = float(shares @ whole.weight_a), float((1.0 - shares) @ whole.weight_b)
                found.append((product, Package(shares, a, b)))
    if not found:
        return PackageSolution(whole.names, ra, rb, None, None, None)
    return PackageSolution(
        names=whole.names,
        reserve_a=ra,
        reserve_b=rb,
        best_a=max((f[1] for f in found), key=lambda s: (s.worth_a, s.worth_b)),
        best_b=max((f[1] for f in found), key=lambda s: (s.worth_b, s.worth_a)),
        nash=max(found, key=lambda f: f[0])[1],
    )
