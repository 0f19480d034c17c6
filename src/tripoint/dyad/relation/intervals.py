"""Intervals by what was missed: the likeliest rungs up to a mass that covered nine in ten out of fold.

Most pairs do not change in ten years, so that a set which covers 90 % of all may miss most that moved. The mass is
therefore the larger of what covers 90 % of all rows and of those whose rung was not what the last code told, by the age
of that code: conformal prediction by groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import Array, expected
from tripoint.dyad.relation.ladder import LOWEST

#: Share that an interval is to cover, and upper edges of the ages of the code that have masses of their own [years].
COVER = 0.9
AGES = (0, 2, 4, 8, 98)
_FEWEST = 40


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """(ages,) mass of the likeliest rungs that an interval holds, by age of the code."""

    mass: Array

    def bounds(self, above: Array, age: NDArray[Any]) -> tuple[Array, Array]:
        """Lowest and highest rung of the interval of each row; the mean is never outside."""
        chance, before = _masses(above)
        inside = before < self.mass[np.searchsorted(AGES, age)][:, None]
        rungs = LOWEST + np.arange(chance.shape[1])
        low = np.where(inside, rungs, -LOWEST + 1).min(axis=1)
        high = np.where(inside, rungs, LOWEST - 1).max(axis=1)
        mean = expected(above)
        return np.minimum(low, mean), np.maximum(high, mean)


def fit_errors(above: Array, rung: Array, told: Array, age: NDArray[Any]) -> Errors:
    """Masses from out-of-fold chances, the rungs that came, those that were told, and ages of the code."""
    _, before = _masses(above)
    needed = np.take_along_axis(before, (rung.astype(int) - LOWEST)[:, None], axis=1)[:, 0]
    group = np.searchsorted(AGES, age)
    mass = np.full(len(AGES) + 1, COVER)
    for a in range(len(AGES) + 1):
        for use in (group == a, (group == a) & (rung != told)):
            if use.sum() >= _FEWEST:
                # Just above what was needed: the set that holds the rung has less than this before it.
                mass[a] = max(mass[a], float(np.quantile(needed[use], COVER)) + 1e-9)
    # A younger code never asks for a wider interval than an older one; pairs never coded stand apart.
    mass[:-1] = np.minimum.accumulate(mass[:-1][::-1])[::-1]
    return Errors(np.minimum(mass, 1.0))


def _masses(above: Array) -> tuple[Array, Array]:
    """(rows, 7) chance of each rung, and the mass of the rungs that are likelier."""
    edge = np.ones((above.shape[0], 1))
    chance = -np.diff(np.hstack([edge, above, 0 * edge]), axis=1)
    order = np.argsort(-chance, axis=1, kind="stable")
    total = np.cumsum(np.take_along_axis(chance, order, axis=1), axis=1)
    before = np.empty_like(chance)
    np.put_along_axis(before, order, np.hstack([0 * edge, total[:, :-1]]), axis=1)
    return chance, before
