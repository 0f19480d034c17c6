"""Where values come down on rows: the one place that decides between present, absent and not covered.

Every column of a panel is made by :func:`land`. It takes the values that the evidence has, the rows on which they come
down, and what the source covers; a row that the source does not cover is null whatever happens, and a row without a
value is filled with the absent value only where the source would have recorded one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tripoint.errors import InputError
from tripoint.panels.base import Bools
from tripoint.panels.periods import Ints

Combine = Literal["max", "min", "sum", "last"]
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Cover:
    """What a source covers, by row.

    Attributes
    ----------
    some
        Whether it covers any day of the row's period for the row's states, shape (n,): a value may stand there.
    whole
        Whether it covers the whole period and absence means that there was none, shape (n,): implies ``some``.
    """

    some: Bools
    whole: Bools

    def __post_init__(self) -> None:
        if self.some.shape != self.whole.shape:
            raise InputError(f"coverage of {self.some.shape} and {self.whole.shape} rows; both must be of the same")


@dataclass(frozen=True, slots=True)
class Landed:
    """One variable on all rows of its level: values, and whether they are known, shape (n,) each.

    Values of a variable in words are positions in ``labels``; ``cites`` names the sources of values that come from
    several.
    """

    values: Numbers
    known: Bools
    labels: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()

    def take(self, rows: Ints) -> Landed:
        """The same variable on other rows; a row of -1 is not known."""
        known = self.known.take(rows, mode="wrap")  # wrapping takes the last for -1, and checks no bounds
        if rows.size and rows.min() < 0:
            known &= rows >= 0
        return Landed(self.values.take(rows, mode="wrap"), known, self.labels)


def land(
    cover: Cover,
    rows: Ints,
    values: Numbers,
    *,
    absent: float | None,
    dtype: npt.DTypeLike,
    combine: Combine = "max",
    doubts: tuple[Ints, Numbers] | None = None,
) -> Landed:
    """Bring values down on rows.

    Parameters
    ----------
    cover
        What the source covers, on n rows.
    rows
        Row of each value, shape (m,); -1 is a place without a row, and its value is left out.
    values
        Finite values, shape (m,).
    absent
        What the lack of a value means where the source is complete: a number, or None for not known.
    dtype
        Type of the column.
    combine
        Which of several values on one row counts: the largest, the smallest, their sum, or the last given.
    doubts
        Rows and values of facts that may or may not hold there, as their dates are too coarse to say.

    Returns
    -------
    Landed
        n values. Known only where covered; equal to ``absent`` only where a value says so or the source is
        complete. Not known where a doubtful value would change it. Unknown values are 0 and must not be read.
    """
    n = cover.some.size
    out = np.zeros(n, dtype)
    known = np.zeros(n, bool)
    if absent is not None:
        known |= cover.whole & cover.some
        if absent:
            out[known] = absent
    keep = rows >= 0
    keep[keep] = cover.some[rows[keep]]
    at, given = rows[keep], values[keep]
    if combine == "sum":
        out[at] = 0
        np.add.at(out, at, given.astype(out.dtype, copy=False))
    else:
        if combine != "last":
            order = np.argsort(given if combine == "max" else -given, kind="stable")
            at, given = at[order], given[order]
        out[at] = given
    known[at] = True
    if doubts is not None:
        _unsettle(out, known, at, doubts, combine)
    return Landed(out, known)


def land_all(cover: Cover, values: npt.NDArray[np.float64], *, dtype: npt.DTypeLike = np.float64) -> Landed:
    """Bring one value down on every row, NaN where there is none: known only where covered and not NaN.

    The array of values becomes the column's own where it is of its type, so that no copy is made.
    """
    if values.shape != cover.some.shape:
        raise InputError(f"{values.shape} values for {cover.some.size} rows; give one a row")
    known = np.isfinite(values)
    known &= cover.some
    values[~known] = 0
    return Landed(values.astype(dtype, copy=False), known)


def _unsettle(out: Numbers, known: Bools, sure: Ints, doubts: tuple[Ints, Numbers], combine: Combine) -> None:
    """Make rows unknown that a doubtful value would change: all but those with a sure value that outweighs it."""
    rows, values = doubts
    here = rows >= 0
    rows, values = rows[here], values[here].astype(out.dtype, copy=False)
    certain = np.zeros(known.size, bool)
    certain[sure] = True
    settled = certain[rows]
    if combine == "max":
        settled &= out[rows] >= values
    elif combine == "min":
        settled &= out[rows] <= values
    else:
        settled &= False
    lost = rows[~settled]
    known[lost] = False
    out[lost] = 0
