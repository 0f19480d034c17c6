"""What moved a value: Shapley shares of the groups of indicators and of the pair's own past.

The value of a set of groups is the measure with all other groups at what they are for two states that have
nothing to do with each other. Shares are averaged over orders of the groups and their reverses, drawn with a fixed
seed: they sum to the value exactly, and do not depend on the order of the names.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import Array, Model, expected
from tripoint.dyad.relation.fit import GROUPS
from tripoint.dyad.relation.second_stage import SecondStage

#: Name of what the last code, its residual and the rung told add.
OWN = "own past"
_ORDERS = 60


def shares(
    x: NDArray[np.float32], model: Model, second: SecondStage, residual: float, told: float, age: int
) -> Mapping[str, float]:
    """Share of each group in a value [-1..+1]; with ``base`` they sum to it.

    Parameters
    ----------
    x
        (k,) columns of the pair and year.
    model, second
        The models that estimated it.
    residual, told, age
        What the second stage knew of the pair's own past.
    """
    players = [*GROUPS, OWN]
    rng = np.random.default_rng(0)
    orders = [rng.permutation(len(players)) for _ in range(_ORDERS // 2)]
    orders += [o[::-1] for o in orders]
    masks = np.zeros((len(orders), len(players) + 1, len(players)), bool)
    for i, order in enumerate(orders):
        for j, player in enumerate(order):
            masks[i, j + 1 :, player] = True
    flat, back = np.unique(masks.reshape(-1, len(players)), axis=0, return_inverse=True)
    values = _values(flat, x, model, second, residual, told, age)[back].reshape(masks.shape[:2])
    gains = np.diff(values, axis=1)
    total = np.zeros(len(players))
    for i, order in enumerate(orders):
        total[order] += gains[i]
    parts = total / len(orders)
    return {"base": float(values[0, 0]), **{p: float(v) for p, v in zip(players, parts, strict=True)}}


def _values(
    masks: NDArray[np.bool_], x: NDArray[np.float32], model: Model, second: SecondStage, residual: float, told: float,
    age: int,
) -> Array:  # fmt: skip
    rows = np.zeros((masks.shape[0], x.size), np.float32)
    for g, columns in enumerate(GROUPS.values()):
        for k in columns:
            absent = np.nan if np.isnan(x[k]) or (next(iter(GROUPS)) == "votes" and k in GROUPS["votes"]) else 0.0
            rows[:, k] = np.where(masks[:, g], x[k], absent)
    own = masks[:, -1]
    above = second.above(
        model.mean(rows),
        np.where(own, residual, 0.0),
        np.where(own, told, 0.0),
        np.where(own, age, 99),
    )
    return expected(above) / 3
