"""Votes as the samplers want them: integer codes, and the same votes sorted by unit and by item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BOTH = 0  #: two cut points, both free
LOWER = 1  #: only the cut between yes and abstain is informed; the other keeps its value
UPPER = 2  #: only the cut between abstain and no is informed
JOINT = 3  #: the two cut points move together

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Votes of U state-sessions (units) on J items in T sessions; arrays as described in ``item_steps``.

    ``cross_*`` list, for each session t, the items voted on both before and from t on (they bridge the break),
    with the position in ``item_unit`` of the first vote from t on. ``order`` lists the units by session.
    """

    unit_state: NDArray[np.int32]
    unit_session: NDArray[np.int32]
    gap: NDArray[np.float64]
    order: Ints
    order_start: Ints
    unit_start: Ints
    unit_item: NDArray[np.int32]
    unit_choice: NDArray[np.int8]
    item_start: Ints
    item_unit: NDArray[np.int32]
    item_choice: NDArray[np.int8]
    kind: NDArray[np.int8]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    cross_start: Ints
    cross_item: NDArray[np.int32]
    cross_from: Ints

    @property
    def units(self) -> int:
        """Number of state-sessions."""
        return len(self.unit_state)

    @property
    def items(self) -> int:
        """Number of items."""
        return len(self.kind)

    @property
    def sessions(self) -> int:
        """Number of sessions."""
        return len(self.cross_start) - 1


def build_layout(
    state: Ints, session: Ints, item: Ints, choice: NDArray[np.int8], session_number: Ints, *, collapse: bool
) -> Layout:
    """Sort votes both ways.

    Parameters
    ----------
    state, session, item
        Codes 0.. of each vote, shape (votes,); every code occurs.
    choice
        1 yes, 2 abstain, 3 no, shape (votes,).
    session_number
        Number or year of each session code, shape (sessions,): the distance between units of a state.
    collapse
        Where a category is never used on an item, model the two that are as a binary choice (the random-walk
        model); otherwise keep both cut points (the published model).
    """
    sessions = len(session_number)
    key = state * sessions + session
    unit_key, unit = np.unique(key, return_inverse=True)
    unit_state = (unit_key // sessions).astype(np.int32)
    unit_session = (unit_key % sessions).astype(np.int32)
    number = session_number[unit_session].astype(np.float64)
    gap = np.zeros(len(unit_key))
    same = unit_state[1:] == unit_state[:-1]
    gap[1:] = np.where(same, number[1:] - number[:-1], 0.0)

    items = int(item.max()) + 1
    used = np.zeros((items, 4), dtype=bool)
    used[item, choice] = True
    kind = np.full(items, BOTH, dtype=np.int8)
    kind[used[:, 1] & used[:, 2] & ~used[:, 3]] = LOWER
    kind[~used[:, 1] & used[:, 2] & used[:, 3]] = UPPER
    kind[used[:, 1] & ~used[:, 2] & used[:, 3]] = JOINT
    y = choice.astype(np.int8).copy()
    if collapse:
        abstained = y == 2
        y[abstained & (kind[item] == LOWER)] = 3
        y[abstained & (kind[item] == UPPER)] = 1
        kind[kind != BOTH] = JOINT

    by_unit = np.lexsort((item, unit))
    by_item = np.lexsort((unit, session, item))
    unit_start = np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=len(unit_key)))])
    item_start = np.concatenate([[0], np.cumsum(np.bincount(item, minlength=items))])
    item_session = session[by_item]
    first = item_session[item_start[:-1]].astype(np.int32)
    last = item_session[item_start[1:] - 1].astype(np.int32)
    cross = _crossings(first, last, item_start, item_session, sessions)
    return Layout(
        unit_state=unit_state,
        unit_session=unit_session,
        gap=gap,
        order=np.argsort(unit_session, kind="stable"),
        order_start=np.concatenate([[0], np.cumsum(np.bincount(unit_session, minlength=sessions))]).astype(np.int64),
        unit_start=unit_start.astype(np.int64),
        unit_item=item[by_unit].astype(np.int32),
        unit_choice=y[by_unit],
        item_start=item_start.astype(np.int64),
        item_unit=unit[by_item].astype(np.int32),
        item_choice=y[by_item],
        kind=kind,
        first=first,
        last=last,
        cross_start=cross[0],
        cross_item=cross[1],
        cross_from=cross[2],
    )


def _crossings(
    first: NDArray[np.int32], last: NDArray[np.int32], item_start: Ints, item_session: Ints, sessions: int
) -> tuple[Ints, NDArray[np.int32], Ints]:
    start = [0]
    crossing: list[int] = []
    begin: list[int] = []
    for t in range(sessions):
        for j in np.flatnonzero((first < t) & (last >= t)):
            lo, hi = item_start[j], item_start[j + 1]
            crossing.append(int(j))
            begin.append(int(lo + np.searchsorted(item_session[lo:hi], t)))
        start.append(len(crossing))
    return np.array(start, dtype=np.int64), np.array(crossing, dtype=np.int32), np.array(begin, dtype=np.int64)
