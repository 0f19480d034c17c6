"""Where one policy beats another: a map over whole regions of assumptions, not one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks
from tripoint.bargain.policy import CRITERIA, PARAMETERS, Policy, War, try_policy, with_values
from tripoint.errors import InputError, unknown

Array = NDArray[np.float64]
Design = Literal["grid", "sobol"]
POINT_LIMIT = 1_000_000
# Bins for the share of variance that one parameter explains; enough points must fall in each.
_BINS = 10
_NUMBERS = ("cost", "own_cost", "power", "credibility", "offer", "encouragement")


@dataclass(frozen=True, slots=True)
class PolicyMap:
    """Two policies compared at many points of a region of assumptions.

    Attributes
    ----------
    first, second
        Names of the policies.
    criterion, better
        What is compared, and whether ``"higher"`` or ``"lower"`` is better.
    parameters
        What varies, in order.
    points
        The assumptions, shape (points, parameters).
    first_values, second_values
        The criterion under each policy, shape (points,).
    design, seed
        How the points were laid out.
    tie
        Difference below which neither counts as better.
    shape
        Points along each parameter for a grid, so that results can be reshaped; None for Sobol points.
    """

    _shown: ClassVar[tuple[str, ...]] = ("verdict",)

    first: str
    second: str
    criterion: str
    better: Literal["higher", "lower"]
    parameters: tuple[str, ...]
    points: Array = field(repr=False)
    first_values: Array = field(repr=False)
    second_values: Array = field(repr=False)
    design: Design
    seed: int | None
    tie: float
    shape: tuple[int, ...] | None

    @property
    def advantage(self) -> Array:
        """How much better the first policy does, in the criterion's unit; shape (points,)."""
        gap = self.first_values - self.second_values
        return gap if self.better == "higher" else -gap

    @property
    def first_better(self) -> float:
        """Part of the region in which the first policy does better [0-1]."""
        return float((self.advantage > self.tie).mean())

    @property
    def second_better(self) -> float:
        """Part of the region in which the second policy does better [0-1]."""
        return float((self.advantage < -self.tie).mean())

    @property
    def about_equal(self) -> float:
        """Part of the region in which it makes no difference [0-1]; the three parts sum to 1."""
        return float((np.abs(self.advantage) <= self.tie).mean())

    @property
    def influence(self) -> dict[str, float]:
        """Share of the advantage's variance that each parameter explains alone, by bins [0-1].

        An estimate of the first-order Sobol index (correlation ratio) with the bias of finite bins removed;
        what the shares leave of 1 is due to parameters acting together.
        """
        gap = self.advantage
        total = gap.var()
        if total <= 0.0:
            return dict.fromkeys(self.parameters, 0.0)
        shares = {}
        for k, name in enumerate(self.parameters):
            column = self.points[:, k]
            edges = np.unique(np.quantile(column, np.linspace(0.0, 1.0, _BINS + 1)))
            place = np.clip(np.searchsorted(edges, column, side="right") - 1, 0, max(len(edges) - 2, 0))
            count = np.bincount(place)
            used = count > 0
            mean = np.bincount(place, gap)[used] / count[used]
            between = float(count[used] @ (mean - gap.mean()) ** 2) / len(gap)
            groups = int(used.sum())
            noise = (total - between) * (groups - 1) / max(len(gap) - groups, 1)
            shares[name] = float(np.clip((between - noise) / total, 0.0, 1.0))
        return shares

    @property
    def verdict(self) -> str:
        """Plain words; parts of a region of assumptions are not probabilities."""
        main = max(self.influence, key=lambda k: self.influence[k])
        return (
            f"by {self.criterion} ({self.better} is better), '{self.first}' does better in "
            f"{self.first_better:.0%} of the region, '{self.second}' in {self.second_better:.0%}, and in "
            f"{self.about_equal:.0%} it makes no difference; most depends on {main}"
        )


def _points(ranges: Mapping[str, tuple[float, float]], points: int, design: Design, seed: int | None) -> Array:
    low = np.array([r[0] for r in ranges.values()], dtype=np.float64)
    high = np.array([r[1] for r in ranges.values()], dtype=np.float64)
    if design == "grid":
        side = round(points ** (1.0 / len(ranges)))
        axes = [np.linspace(a, b, side) for a, b in zip(low, high, strict=True)]
        return np.stack([m.ravel() for m in np.meshgrid(*axes, indexing="ij")], axis=1)
    from scipy.stats import qmc

    sampler = qmc.Sobol(len(ranges), rng=np.random.default_rng(seed))
    unit = sampler.random_base2(max(int(points - 1).bit_length(), 1))[:points]
    return np.asarray(low + (high - low) * unit)


def map_policies(
    war: War,
    first: Policy,
    second: Policy,
    ranges: Mapping[str, tuple[float, float]],
    *,
    criterion: str = "net_b",
    better: Literal["higher", "lower"] = "higher",
    points: int = 1024,
    design: Design = "sobol",
    seed: int = 0,
    tie: float = 1e-3,
) -> PolicyMap:
    """Compare two policies all over a region of assumptions.

    Parameters
    ----------
    war
        The war with its other numbers fixed.
    first, second
        The policies.
    ranges
        What varies, each with its (low, high): a name of :data:`tripoint.bargain.policy.PARAMETERS`, or
        ``first.NAME`` / ``second.NAME`` for a policy's ``cost``, ``own_cost``, ``power``, ``credibility``,
        ``offer`` or ``encouragement``.
    criterion, better
        A number of :class:`~tripoint.bargain.policy.PolicyOutcome`, and its good direction.
    points
        How many; a grid takes the nearest whole number along each parameter.
    design
        ``"sobol"`` (scrambled, from ``seed``) or ``"grid"``.
    tie
        Difference below which neither is better.

    Raises
    ------
    InputError
        Where a name is unknown, a range is empty, or more than a million points are asked for.
    """
    if criterion not in CRITERIA:
        raise unknown("criterion", criterion, CRITERIA)
    if better not in ("higher", "lower"):
        raise unknown("direction", str(better), ("higher", "lower"))
    if design not in ("grid", "sobol"):
        raise unknown("design", str(design), ("grid", "sobol"))
    if not ranges:
        raise InputError("give at least one parameter to vary, with its (low, high)")
    size = checks.count("points", points, least=2)
    if size > POINT_LIMIT:
        raise InputError(f"{size:,} points would solve {2 * size:,} wars; ask for at most {POINT_LIMIT:,}")
    known = (*PARAMETERS, *(f"{which}.{name}" for which in ("first", "second") for name in _NUMBERS))
    for name, (low, high) in ranges.items():
        if name not in known:
            raise unknown("parameter", name, known)
        if not checks.finite(f"{name}: low", low) < checks.finite(f"{name}: high", high):
            raise InputError(f"range of {name} is empty: {low:g} to {high:g}; give the lower end first")
    names = tuple(ranges)
    table = _points(ranges, size, design, seed)
    values = np.empty((2, len(table)))
    for row, point in enumerate(table):
        here = dict(zip(names, point.tolist(), strict=True))
        changed = with_values(war, {k: v for k, v in here.items() if "." not in k})
        for side, (which, policy) in enumerate((("first", first), ("second", second))):
            own = {k.split(".")[1]: v for k, v in here.items() if k.startswith(which + ".")}
            values[side, row] = getattr(try_policy(changed, replace(policy, **own)), criterion)
    side = round(len(table) ** (1.0 / len(names)))
    return PolicyMap(
        first=first.name,
        second=second.name,
        criterion=criterion,
        better=better,
        parameters=names,
        points=table,
        first_values=values[0],
        second_values=values[1],
        design=design,
        seed=seed if design == "sobol" else None,
        tie=tie,
        shape=(side,) * len(names) if design == "grid" else None,
    )
