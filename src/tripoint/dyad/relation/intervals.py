"""Intervals by what was missed: quantiles of out-of-fold errors, by bin of the mean and by age of the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import Array

#: Bounds of the share that an interval covers, edges of bins of the mean rung, and of the age of the code [years].
LEVELS = (0.05, 0.95)
EDGES: Array = np.array([-2.5, -1.5, -0.75, -0.35, -0.1, 0.1, 0.35, 0.75, 1.5, 2.5])
AGES = (1, 4, 8, 98)
_FEWEST = 60


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """(ages, bins) quantiles of rung less mean."""

    low: Array
    high: Array

    def bounds(self, mean: Array, age: NDArray[Any]) -> tuple[Array, Array]:
        """Bounds of the mean rung of each row, within the ladder."""
        a, b = np.searchsorted(AGES, age), np.digitize(mean, EDGES)
        return np.clip(mean + self.low[a, b], -3, 3), np.clip(mean + self.high[a, b], -3, 3)


def fit_errors(mean: Array, rung: Array, age: NDArray[Any]) -> Errors:
    """Quantiles of the errors; a bin of few rows takes those of its neighbors too."""
    low, high = np.zeros((len(AGES) + 1, EDGES.size + 1)), np.zeros((len(AGES) + 1, EDGES.size + 1))
    where, group, gap = np.digitize(mean, EDGES), np.searchsorted(AGES, age), rung - mean
    for a in range(len(AGES) + 1):
        for b in range(EDGES.size + 1):
            reach = 0
            use = (group == a) & (where == b)
            while use.sum() < _FEWEST and reach < EDGES.size:
                reach += 1
                use = (group == a) & (np.abs(where - b) <= reach)
            if use.any():
                low[a, b], high[a, b] = np.quantile(gap[use], LEVELS)
    return Errors(np.minimum(low, 0), np.maximum(high, 0))
