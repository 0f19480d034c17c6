"""Maximalism: how far demands run ahead of what is held and of what can be expected, and whether that lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tripoint.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Maximalism:
    """How far a side's demands run ahead of what it holds and of what it can expect, over time.

    Arrays of shape (statements,), in shares of the pie.

    Attributes
    ----------
    beyond_held, beyond_expected
        Demand less what is held, and less what the expected outcome supports; 0 where it does not exceed.
    score
        Demand less the larger of the two: 0 is a demand that the record or the outlook supports.
    score_low, score_high
        The score over the interval of the expected outcome; equal to ``score`` where none was given.
    unchanged, lowered, raised
        Part of the steps from one statement to the next in which the demand stayed, fell or rose [0-1]; None
        with one statement.
    time_above
        Part of the time from the first to the last statement with a score above 0 [0-1]; each score holds until
        the next statement. None with one date.
    follows
        Change of the demand for a change of 1 in what is held (least squares through the steps, no constant);
        1 is a demand that follows the front, 0 one that ignores it. None with fewer than three steps in which
        the front moved.
    """

    beyond_held: Array = field(repr=False)
    beyond_expected: Array = field(repr=False)
    score: Array
    score_low: Array
    score_high: Array
    unchanged: float | None
    lowered: float | None
    raised: float | None
    time_above: float | None
    follows: float | None


def measure_maximalism(
    days: Sequence[float] | Array,
    demand: Sequence[float] | Array,
    held: Sequence[float] | Array,
    expected: Sequence[float] | Array,
    *,
    expected_interval: tuple[Sequence[float] | Array, Sequence[float] | Array] | None = None,
    same: float = 1e-3,
) -> Maximalism:
    """Measure how maximalist a row of demands is and whether it persists.

    Parameters
    ----------
    days
        Day of each statement, ascending [days from any origin], shape (statements,).
    demand, held, expected
        Shares of the pie demanded, held, and expected by the analyst at that date [0-1].
    expected_interval
        Lower and upper ends of ``expected``.
    same
        Change in a demand below which it counts as the same [share].

    Raises
    ------
    InputError
        Where lengths differ, days do not ascend, or a share is outside [0, 1].
    """
    when = np.asarray(days, dtype=np.float64)
    columns = {"demand": demand, "held": held, "expected": expected}
    if expected_interval is not None:
        columns["expected (low)"], columns["expected (high)"] = expected_interval
    rows = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    for name, row in rows.items():
        if row.shape != when.shape or not len(when):
            raise InputError(f"{name} has {row.size} values for {when.size} days; give one for each, at least one")
        bad = np.flatnonzero(~((row >= 0) & (row <= 1)))
        if len(bad):
            raise InputError(f"{name} is {row[bad[0]]} at statement {bad[0] + 1}; shares lie between 0 and 1")
    if (np.diff(when) < 0).any():
        raise InputError("days must ascend: sort the statements by date")
    want, have, hope = rows["demand"], rows["held"], rows["expected"]
    low, high = rows.get("expected (low)", hope), rows.get("expected (high)", hope)

    def over(outlook: Array) -> Array:
        return np.asarray(np.maximum(want - np.maximum(have, outlook), 0.0))

    steps, moved = np.diff(want), np.diff(have)
    span = float(when[-1] - when[0])
    shifts = int((np.abs(moved) > 1e-12).sum())
    score = over(hope)
    return Maximalism(
        beyond_held=np.maximum(want - have, 0.0),
        beyond_expected=np.maximum(want - hope, 0.0),
        score=score,
        score_low=over(high),
        score_high=over(low),
        unchanged=float((np.abs(steps) <= same).mean()) if len(steps) else None,
        lowered=float((steps < -same).mean()) if len(steps) else None,
        raised=float((steps > same).mean()) if len(steps) else None,
        time_above=float(np.diff(when) @ (score[:-1] > 0)) / span if span > 0 else None,
        follows=float(moved @ steps / (moved @ moved)) if shifts >= 3 else None,
    )
