"""Intervals: the middle of the chances, as much of it as covered nine in ten out of fold.

Most pairs do not change in ten years, so that an interval which covers 90 % of all may miss most that moved. Its mass
is therefore the larger of what covers 90 % of all rows and of those whose rung is no longer that of the last code, by
the age of that code: conformal prediction by groups.

A rung is a third wide on the scale, and where in it a pair stands is not told apart: its chance is spread evenly from
edge to edge, and an interval is never narrower than a rung. A rung is covered when its middle is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import Array, expected
from tripoint.dyad.relation.ladder import LOWEST

#: Half the width of a rung, in rungs.
HALF = 0.5
#: Share that an interval is to cover, and upper edges of the ages of the code that have masses of their own [years].
COVER = 0.9
AGES = (0, 2, 4, 8, 98)
_FEWEST = 40


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """(ages,) mass in the middle of the chances that an interval holds, by age of the code."""

    mass: Array

    def bounds(self, above: Array, age: NDArray[Any]) -> tuple[Array, Array]:
        """Lower and upper end of each row's interval, in rungs.

        The mean is never outside; the ends of the scale are not passed.
        """
        outside = (1 - self.mass[np.searchsorted(AGES, age)]) / 2
        low, high, mean = _quantile(above, outside), _quantile(above, 1 - outside), expected(above)
        low, high = np.minimum(low, mean - HALF), np.maximum(high, mean + HALF)
        return np.maximum(low, LOWEST), np.minimum(high, -LOWEST)


def fit_errors(above: Array, rung: Array, before: Array, age: NDArray[Any]) -> Errors:
    """Masses from out-of-fold chances, the rungs that came, those of the last code (NaN: none), and its ages."""
    below = _below(above)
    own = (rung.astype(int) - LOWEST)[:, None]
    middle = np.take_along_axis(below[:, :-1] + below[:, 1:], own, axis=1)[:, 0] / 2
    needed = np.where(np.abs(expected(above) - rung) <= HALF, 0.0, np.abs(2 * middle - 1))
    group = np.searchsorted(AGES, age)
    mass = np.full(len(AGES) + 1, COVER)
    for a in range(len(AGES) + 1):
        for use in (group == a, (group == a) & np.isfinite(before) & (rung != before)):
            if use.sum() >= _FEWEST:
                # Just above what was needed, so that the middle of the rung is inside.
                mass[a] = max(mass[a], float(np.quantile(needed[use], COVER)) + 1e-9)
    # A younger code never asks for a wider interval than an older one; pairs never coded stand apart.
    mass[:-1] = np.minimum.accumulate(mass[:-1][::-1])[::-1]
    return Errors(np.minimum(mass, 1.0))


def _below(above: Array) -> Array:
    """(rows, 8) chance of standing below each edge of the rungs."""
    edge = np.zeros((above.shape[0], 1))
    return np.hstack([edge, 1 - above, 1 + edge])


def _quantile(above: Array, level: Array) -> Array:
    """(rows,) place on the ladder below which a share of the chance lies."""
    below = _below(above)
    cell = np.clip((below < level[:, None]).sum(axis=1) - 1, 0, below.shape[1] - 2)
    rows = np.arange(len(below))
    start, chance = below[rows, cell], below[rows, cell + 1] - below[rows, cell]
    part = np.clip((level - start) / np.maximum(chance, 1e-12), 0, 1)
    return np.asarray(LOWEST - HALF + cell + part)
