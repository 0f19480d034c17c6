"""Votes left out of a fit: what the positions say of them, alone and with what neighbors did on the same item.

A fit is judged on votes that it has not seen. A line calls most votes rightly and is too sure of the rest, for an item
may split states in a way of its own. So the votes of others on the same item speak too, each for as much as its state
is near: the model counts for some votes, its neighbors for theirs. This is a kernel estimate shrunk to the model
(Nadaraya 1964, doi:10.1137/1109020; Watson 1964).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.dyad.ideal_points.result import IdealPoints
from tripoint.errors import InputError

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
_LEAST = 1e-4


class LeftOut:
    """Left-out votes beside the fit of the others.

    Parameters
    ----------
    points
        A fit that did not see the votes left out.
    votes
        All votes: columns ``state``, ``session``, ``item`` and ``choice`` (1 yes, 2 abstain, 3 no).
    left
        (n,) True where a vote was left out.
    chain
        Item -> the earliest of its chain of identical resolutions, as the fit names it; itself when absent.

    Attributes
    ----------
    share
        (m, 3) shares of yes, abstention and no among the kept votes on each left-out vote's own item, with half a
        vote for each.

    Raises
    ------
    InputError
        No vote left out.
    """

    __slots__ = ("choice", "grouped", "item", "item_place", "place", "points", "share")

    def __init__(
        self,
        points: IdealPoints,
        votes: pl.DataFrame,
        left: ArrayLike,
        chain: Mapping[object, object] | None = None,
    ) -> None:
        out = np.asarray(left, dtype=bool)
        if not out.any():
            raise InputError("no vote is left out: mark at least one vote that the fit has not seen")
        at = {(s, t): u for u, (s, t) in enumerate(zip(points.states.tolist(), points.sessions.tolist(), strict=True))}
        known: dict[Any, int] = {name: j for j, name in enumerate(points.items.item.tolist())}
        names = votes["item"].to_list()
        same = chain or {}
        place = np.array([at.get(key, -1) for key in votes.select("state", "session").iter_rows()])
        item = np.unique(np.array([str(name) for name in names]), return_inverse=True)[1].ravel()
        kept = ~out & (place >= 0)
        choice = votes["choice"].to_numpy().astype(np.int64) - 1
        order = np.argsort(item[kept], kind="stable")
        rows = np.flatnonzero(kept)[order]
        starts = np.searchsorted(item[rows], np.arange(item.max() + 2))
        tally = np.full((int(item.max()) + 1, 3), 0.5)
        np.add.at(tally, (item[rows], choice[rows]), 1.0)
        self.points = points
        self.place = place[out]
        self.item = item[out]
        self.item_place = np.array([known.get(same.get(names[i], names[i]), -1) for i in np.flatnonzero(out)])
        self.choice = choice
        self.grouped = (starts, rows, place)
        self.share: Floats = (tally / tally.sum(axis=1, keepdims=True))[self.item]


def line_probability(votes: LeftOut) -> Floats:
    """Probability (m, 3) of each choice by positions and items alone; item shares where either is unknown."""
    from scipy.special import ndtr

    known = (votes.place >= 0) & (votes.item_place >= 0)
    items, where = votes.points.items, votes.item_place[known]
    eta = (items.discrimination[where] * votes.points.mean[votes.place[known]]).sum(axis=1)
    below, above = ndtr(items.cuts[where, 0] - eta), ndtr(eta - items.cuts[where, 1])
    found = votes.share.copy()
    p = np.maximum(np.column_stack([below, 1 - below - above, above]), _LEAST)
    found[known] = p / p.sum(axis=1, keepdims=True)
    return found


def neighbor_probability(votes: LeftOut, prior: Floats, fade: float, worth: float) -> Floats:
    """Probability (m, 3) by the votes of others on the same item, shrunk to a prior.

    Parameters
    ----------
    votes
        Left-out votes.
    prior
        (m, 3) probabilities to shrink to, such as those of :func:`line_probability`.
    fade
        A vote weighs ``exp(-fade * distance)``, distance in standard deviations of all positions.
    worth
        Votes of a state at distance 0 for which the prior counts, > 0.

    Raises
    ------
    InputError
        ``fade`` below 0 or ``worth`` not above 0.
    """
    if not (fade >= 0 and worth > 0):
        raise InputError(f"fade {fade:g} must be at least 0 and worth {worth:g} above 0")
    starts, rows, place = votes.grouped
    found = prior * worth
    mean = votes.points.mean
    for k, (unit, item) in enumerate(zip(votes.place.tolist(), votes.item.tolist(), strict=True)):
        others = rows[starts[item] : starts[item + 1]]
        if unit >= 0 and others.size:
            far = np.sqrt(((mean[place[others]] - mean[unit]) ** 2).sum(axis=1))
            found[k] += np.bincount(votes.choice[others], weights=np.exp(-fade * far), minlength=3)
    return np.asarray(found / found.sum(axis=1, keepdims=True))
