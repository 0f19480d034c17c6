"""Columns of single acts that a compiler dated: meetings, recalls, expulsions, cuts, restorations, agreements.

The weight of an act is its place on the scale of Goldstein (1992), "A Conflict-Cooperation Scale for WEIS Events
Data", Journal of Conflict Resolution 36(2):369, doi:10.1177/0022002792036002007 [-10..+10], over ten; a kind
that is not listed weighs as a formal protest or as a meeting, by its tone. An act among n states, such as one of an
organization in the name of its members, weighs 1 / (n - 1) for each pair, as an exercise does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.dyad.relation.world import Floats, World, fading, piling
from tripoint.record import KINDS

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

#: What is left of an act after a year, and of the memory of meetings.
KEPT = 0.6
#: What is left, after a year, of a cut of relations that nothing has ended.
CUT_KEPT = 0.9

HOSTILE: Mapping[str, float] = {
    "strike": 1.0,
    "covert action": 0.87,
    "relations cut": 0.7,
    "closure": 0.56,
    "energy cut": 0.56,
    "arms refused": 0.56,
    "trade restriction": 0.56,
    "diplomats expelled": 0.5,
    "ambassador recalled": 0.41,
    "mission closed": 0.49,
    "relations downgraded": 0.41,
    "treaty suspended": 0.41,
    "treaty ended": 0.38,
    "aid to adversary": 0.58,
    "court case": 0.22,
    "protest": 0.24,
}
COOPERATIVE: Mapping[str, float] = {
    "arms agreement": 0.65,
    "relations restored": 0.54,
    "mission opened": 0.54,
    "sanction eased": 0.29,
    "contacts eased": 0.29,
    "disengagement": 0.29,
    "ceasefire": 0.29,
    "support signal": 0.36,
}
#: Ties that a compiler lists and that no data set covers for all: weight while they hold.
STANDING: Mapping[str, float] = {
    "partnership": 0.65,
    "defense cooperation agreement": 0.83,
    "access agreement": 0.83,
    "boundary agreement": 0.65,
    "trade deal": 0.65,
    "energy deal": 0.65,
    "swap line": 0.65,
}
MEETINGS: Mapping[str, float] = {
    "visit": 0.19,
    "leaders' meeting": 0.19,
    "leaders' call": 0.1,
    "ministers' meeting": 0.1,
}
#: Kinds of event and tie that other columns read; acts of all other kinds speak by their tone.
_ELSEWHERE = frozenset(
    {"joint exercise", "troop support", "troop deployment", "dispute", "clash", "war", "civil war", "armed conflict",
     "crisis", "militarized act", "cyber incident"}
)  # fmt: skip
_UNLISTED = {"hostile": 0.24, "cooperative": 0.1}


def _shares(rows: pl.DataFrame) -> NDArray[np.floating[Any]]:
    """What an act among n states is worth between two of them."""
    return np.asarray(1 / np.maximum(rows["members"].fill_null(2).to_numpy() - 1, 1))


def _sum(world: World, weights: Mapping[str, float]) -> Floats:
    """(p, t) weight of the acts begun in the year; of one kind and year three count at most."""
    out = world.zeros()
    for kind, weight in weights.items():
        rows = world.rows(kind)
        if rows.height:
            out += weight * np.minimum(world.begun(rows, _shares(rows)), 3)
    return out


def _others(tone: str, listed: Mapping[str, float]) -> dict[str, float]:
    known = set(HOSTILE) | set(COOPERATIVE) | set(MEETINGS) | _ELSEWHERE
    more = {
        k for k, v in KINDS.items() if v.table == "events" and v.tone == tone and k not in known and "news" not in k
    }
    return {**listed, **dict.fromkeys(sorted(more), _UNLISTED[tone])}


def hostile_acts(world: World) -> Floats:
    """(p, t) ln(1 + weight of hostile acts), piled up and fading; closures and restrictions weigh while they hold."""
    acts = {k: w for k, w in _others("hostile", HOSTILE).items() if k not in ("closure", "trade restriction")}
    held = np.zeros(world.shape, np.float32)
    for kind in ("closure", "trade restriction"):
        rows = world.rows(kind)
        held += HOSTILE[kind] * world.held(rows, _shares(rows))
    return np.log1p(piling(_sum(world, acts), KEPT) + fading(held, KEPT))


def fresh_hostility(world: World) -> Floats:
    """(p, t) weight of the hostile acts, closures and restrictions that begin in the year."""
    return _sum(world, _others("hostile", HOSTILE))


def cooperative_acts(world: World) -> Floats:
    """(p, t) ln(1 + weight of cooperative acts), piled up and fading."""
    acts = _others("cooperative", COOPERATIVE)
    acts.pop("support signal", None)
    return np.log1p(piling(_sum(world, acts), KEPT))


def support_signals(world: World) -> Floats:
    """(p, t) ln(1 + signals of support), piled up and fading."""
    return np.log1p(piling(np.minimum(world.begun(world.rows("support signal")), 3), KEPT))


def standing(world: World) -> Floats:
    """(p, t) ln(1 + weight of the partnerships and agreements in force that a compiler lists)."""
    out = world.zeros()
    for kind, weight in STANDING.items():
        out += weight * world.held(world.rows(kind))
    return np.log1p(out)


def partnership(world: World) -> Floats:
    """(p, t) 1 where a partnership, an agreement on military cooperation or on access is in force."""
    kinds = ("partnership", "defense cooperation agreement", "access agreement")
    return np.asarray(np.maximum.reduce([world.held(world.rows(k)) for k in kinds]))


def meetings(world: World) -> Floats:
    """(p, t) ln(1 + weight of visits, meetings and calls of leaders and ministers), piled up and fading."""
    return np.log1p(5 * piling(_sum(world, MEETINGS), KEPT))


def relations_cut(world: World) -> Floats:
    """(p, t) 1 from the year in which diplomatic relations were cut to the one in which they were restored; fading."""
    cut, back = (
        world.begun(world.rows("relations cut")),
        world.begun(world.rows(["relations restored", "mission opened"])),
    )
    out = world.zeros()
    for t in range(world.years.size):
        if t:
            out[:, t] = CUT_KEPT * out[:, t - 1]
        out[cut[:, t] > 0, t] = 1
        out[(back[:, t] > 0), t] = 0
    return out


def exercises(world: World) -> Floats:
    """(p, t) ln(1 + joint exercises), one of n states as 1 / (n - 1), fading; of the source that knows most."""
    import polars as pl

    rows = world.rows("joint exercise")
    rows = rows.with_columns(share=_shares(rows))
    out = world.zeros()
    for source in sorted(rows["source_id"].unique()):
        mine = rows.filter(pl.col("source_id") == source)
        np.maximum(out, world.begun(mine, mine["share"].to_numpy()), out=out)
    return np.log1p(piling(out, 0.7))
