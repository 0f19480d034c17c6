"""The data behind four figures: settlement range, belief path, outcome fan, policy map. Drawing is done elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain.policy import War
from tripoint.bargain.policy_map import PolicyMap
from tripoint.bargain.walk import finish
from tripoint.bargain.war_solution import WarSolution
from tripoint.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SettlementRange:
    """What could be agreed at every position of the front; arrays of shape (N - 1,).

    ``held`` is the part of the forts that A holds [0-1]; ``low`` the least that A takes and ``high`` the most that
    B leaves to it, both against fighting to the finish [share of the pie]; ``open`` whether ``low <= high``.
    """

    held: Array
    low: Array
    high: Array
    open: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BeliefPath:
    """What each side believes about A's chance in a battle while the war lasts; arrays of shape (T + 1,).

    ``going`` is the chance that the war is still on after ``battles`` battles. The rest are the mean and the 5th
    and 95th percentile over the wars still on, NaN where none is.
    """

    battles: NDArray[np.int_]
    going: Array
    mean_a: Array
    low_a: Array
    high_a: Array
    mean_b: Array
    low_b: Array
    high_b: Array


@dataclass(frozen=True, slots=True)
class OutcomeFan:
    """How the war stands after t battles; arrays of shape (T + 1,). The four parts sum to one at every t.

    ``share_low``, ``share_middle``, ``share_high`` are percentiles (5, 50, 95) of A's final share, over the wars
    that have ended by then, NaN before any has.
    """

    battles: NDArray[np.int_]
    settled: Array
    a_won: Array
    b_won: Array
    going: Array
    share_low: Array
    share_middle: Array
    share_high: Array


@dataclass(frozen=True, slots=True)
class PolicyMapGrid:
    """A two-way policy map as a matrix.

    ``advantage[i, j]`` is how much better the first policy does at ``x[i]`` and ``y[j]``, in the criterion's unit;
    values within ``tie`` of 0 count as no difference.
    """

    x_name: str
    y_name: str
    x: Array
    y: Array
    advantage: Array
    tie: float
    first: str
    second: str
    criterion: str


def settlement_range(war: War) -> SettlementRange:
    """Return the range at every n, with the beliefs that the sides hold now."""
    n = np.arange(1, war.N, dtype=np.float64)
    ends = []
    for side, ((a, b), cost, discount, bar) in enumerate(
        (
            (war.prior_a, war.cost_a, war.discount_a, war.bar_a),
            (war.prior_b, war.cost_b, war.discount_b, war.bar_b),
        )
    ):
        end = finish(n, war.N, np.full_like(n, a), np.full_like(n, b), discount=discount)
        worth = (end.win if side == 0 else end.lose) - cost * end.battles
        ends.append(np.clip(np.maximum(worth, 0.0) * bar, 0.0, 1.0))
    low, high = ends[0], 1.0 - ends[1]
    return SettlementRange(held=n / war.N, low=low, high=high, open=low <= high)


def _percentiles(values: Array, weights: Array, points: tuple[float, ...]) -> list[float]:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.array(points) * reached[-1] - 1e-15)
    return [float(v) for v in values[order][np.minimum(places, len(values) - 1)]]


def belief_path(solution: WarSolution) -> BeliefPath:
    """Return how beliefs move as battles go by, over the wars still going on."""
    T = solution.horizon
    on = np.where(solution.kind == 1, solution.mass, 0.0)
    rows: dict[str, list[list[float]]] = {}
    for name, side in (("a", solution.beliefs("a")), ("b", solution.beliefs("b"))):
        rows[name] = [[float("nan")] * 3 for _ in range(T + 1)]
        for t in range(T + 1):
            here = on[t, : t + 1] > 0.0
            if here.any():
                values, weights = side[t, : t + 1][here], on[t, : t + 1][here]
                low, high = _percentiles(values, weights, (0.05, 0.95))
                rows[name][t] = [float(values @ weights / weights.sum()), low, high]
    a, b = np.array(rows["a"]), np.array(rows["b"])
    return BeliefPath(
        battles=np.arange(T + 1),
        going=on.sum(axis=1),
        mean_a=a[:, 0],
        low_a=a[:, 1],
        high_a=a[:, 2],
        mean_b=b[:, 0],
        low_b=b[:, 1],
        high_b=b[:, 2],
    )


def outcome_fan(solution: WarSolution) -> OutcomeFan:
    """Return how likely each ending has become after every battle, and the spread of terms so far."""
    T = solution.horizon
    so_far = solution.ends[:, :3].cumsum(axis=0)
    shares = np.full((T + 1, 3), np.nan)
    values, weights = np.empty(0), np.empty(0)
    for t in range(T + 1):
        settled = (solution.kind[t] == 2) & (solution.mass[t] > 0.0)
        new_values = np.concatenate([solution.share[t][settled], [1.0, 0.0]])
        new_weights = np.concatenate([solution.mass[t][settled], solution.ends[t, 1:3]])
        some = new_weights > 0.0
        values, weights = np.concatenate([values, new_values[some]]), np.concatenate([weights, new_weights[some]])
        if len(values):
            shares[t] = _percentiles(values, weights, (0.05, 0.5, 0.95))
    return OutcomeFan(
        battles=np.arange(T + 1),
        settled=so_far[:, 0],
        a_won=so_far[:, 1],
        b_won=so_far[:, 2],
        going=np.maximum(1.0 - so_far.sum(axis=1), 0.0),
        share_low=shares[:, 0],
        share_middle=shares[:, 1],
        share_high=shares[:, 2],
    )


def policy_map_grid(result: PolicyMap) -> PolicyMapGrid:
    """Return a map made on a grid of two parameters as a matrix.

    Raises
    ------
    InputError
        Where the map has another number of parameters or was made from Sobol points.
    """
    if result.shape is None or len(result.shape) != 2:
        raise InputError(
            f"a map of {len(result.parameters)} parameters by design '{result.design}' is not a matrix; "
            "make it with design='grid' and two parameters"
        )
    table = result.points.reshape(*result.shape, 2)
    return PolicyMapGrid(
        x_name=result.parameters[0],
        y_name=result.parameters[1],
        x=table[:, 0, 0],
        y=table[0, :, 1],
        advantage=result.advantage.reshape(result.shape),
        tie=result.tie,
        first=result.first,
        second=result.second,
        criterion=result.criterion,
    )
