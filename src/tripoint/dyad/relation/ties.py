"""Columns of standing ties: pacts, groupings, institutions, rivalries, claims, sanctions, partnerships."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from tripoint.dyad.relation.world import Floats, World, fading, over_years
from tripoint.evidence.choice import ranked

if TYPE_CHECKING:
    import polars as pl

#: Members of a pact up to which it binds as a close one does.
CLOSE_PACT = 11
#: What is left, after a year, of a rivalry, of a sanction and of a cut that has ended.
AFTER_RIVALRY, AFTER_SANCTION = 0.88, 0.78
#: Groupings that bind in defense, union or trade, or that their members call partnership.
GROUPINGS = (
    *("NATO", "EU", "EC", "EEC", "ECSC", "WEU", "CSTO", "EAEU", "CIS", "GCC", "ASEAN", "AUKUS", "QUAD", "G7"),
    *("BRICS", "SCO", "OTS", "LOAS", "SEATO", "CENTO", "COMECON", "MERCOSUR", "ECOWAS", "SADC", "EAC", "AES", "ANZUS"),
)


def pact_weights(world: World) -> Floats:
    """(p, t) weight of the closest defense pact: 1 / sqrt(members - 1) of the treaty; 0 where there is none."""
    if "pact weights" not in world.memory:
        rows = world.rows(["defense pact"])
        world.memory["pact weights"] = world.held(rows, _weights(rows))
    found: Floats = world.memory["pact weights"]
    return found


def close_pact(world: World) -> Floats:
    """(p, t) 1 where a defense pact has few members, strong military institutions or an integrated command."""
    if "close" not in world.memory:
        weight = pact_weights(world)
        small = weight >= 1 / np.sqrt(CLOSE_PACT - 1)
        rows = world.rows("military institutions")
        strong = (world.held(rows, rows["value"].fill_null(0.0)) >= 2) & (weight > 0)
        world.memory["close"] = (small | strong | (command(world) > 0)).astype(np.float32)
    found: Floats = world.memory["close"]
    return found


def command(world: World) -> Floats:
    """(p, t) 1 where the two share an integrated command."""
    if "command" not in world.memory:
        world.memory["command"] = (world.held(world.rows("integrated command")) > 0).astype(np.float32)
    found: Floats = world.memory["command"]
    return found


def _weights(rows: pl.DataFrame) -> list[float]:
    """Of each row, 1 / sqrt(members - 1) of its treaty: who is bound to all of a hemisphere is bound to nobody."""
    return [1 / float(np.sqrt(max(m - 1, 1))) for m in rows["members"].fill_null(2)]


def any_of(*kinds: str) -> Callable[[World], Floats]:
    """Column: 1 where a tie of one of the kinds holds."""

    def build(world: World) -> Floats:
        return np.asarray(np.maximum.reduce([world.held(world.rows(k)) for k in kinds]))

    return build


def levels(kind: str, top: float) -> Callable[[World], Floats]:
    """Column: the highest level of a kind, over its top."""

    def build(world: World) -> Floats:

        rows = world.rows(kind)
        return world.held(rows, (rows["value"].fill_null(1.0) / top).clip(0, 1))

    return build


def rivalry(world: World) -> Floats:
    """(p, t) 1 while a rivalry is coded, fading after it ended."""
    if "rivalry" not in world.memory:
        world.memory["rivalry"] = fading(world.held(world.rows("rivalry")), AFTER_RIVALRY)
    found: Floats = world.memory["rivalry"]
    return found


def sanctions(*words: str) -> Callable[[World], Floats]:
    """Column: ln(1 + cases in force) either way, of all sanctions or of those whose regime names one of the words.

    A ban on products for what they are, such as beef or fish, is no measure on a state and never counted.
    """

    def build(world: World) -> Floats:
        import polars as pl

        rows = world.rows("sanction")
        named = pl.col("words").fill_null("")
        rows = rows.filter(~named.str.ends_with(": products"))
        if words:
            rows = rows.filter(named.str.contains("|".join(words)))
        count = np.zeros(world.shape, np.float32)
        for source in sorted(rows["source_id"].unique()):  # one source a cell: the one that knows most
            mine = rows.filter(pl.col("source_id") == source)
            here = world.zeros()
            for pair, first, last in zip(mine["pair"], mine["first"], mine["last"], strict=True):
                here[pair, first - world.start : last - world.start + 1] += 1
            np.maximum(count, here, out=count)
        return fading(np.log1p(count), AFTER_SANCTION)

    return build


def memberships(world: World, bodies: tuple[str, ...] = ()) -> tuple[list[str], Floats]:
    """Names of organizations and (n, t, k) whether a state is a member at the end of the year.

    A grouping of which the evidence has a list of its own to today is read from that list alone.
    """
    import polars as pl

    frame = world.evidence.sql(
        'SELECT state_a, instrument, year("start")::INT AS first, "end", source_id FROM commitments '
        "WHERE kind = 'membership' AND instrument IS NOT NULL AND (? OR list_contains(?::VARCHAR[], instrument)) "
        "ORDER BY fact_id",
        [not bodies, list(bodies)],
    )
    reach: dict[str, int] = dict(
        world.evidence.sql(
            "SELECT source_id, year(max(\"end\"))::INT AS y FROM coverage WHERE kind = 'membership' GROUP BY 1"
        ).iter_rows()
    )
    order = {source: place for place, source in enumerate(ranked("membership", frame["source_id"].unique()))}
    best = (
        frame.select("instrument", "source_id")
        .unique()
        .with_columns(pl.col("source_id").replace_strict(reach, default=0, return_dtype=pl.Int64).alias("reach"))
        .with_columns(pl.col("source_id").replace_strict(order, return_dtype=pl.Int64).alias("place"))
        .sort("instrument", "reach", "place", descending=[False, True, False])
        .unique("instrument", keep="first", maintain_order=True)
    )
    frame = frame.join(best.select("instrument", "source_id"), on=["instrument", "source_id"], maintain_order="left")
    names = sorted(frame["instrument"].unique().to_list())
    at = {n: i for i, n in enumerate(names)}
    out = np.zeros((len(world.states), world.years.size, len(names)), np.float32)
    for state, body, first, end, _ in frame.iter_rows():
        if state in world.place:
            last = world.end if end is None else end.year if (end.month, end.day) == (12, 31) else end.year - 1
            since = max((first or world.start) - world.start, 0)
            out[world.place[state], since : max(last - world.start + 1, 0), at[body]] = 1
    return names, out


def groupings(world: World) -> Floats:
    """(p, t) ln(1 + groupings that both belong to), of :data:`GROUPINGS`."""
    _, member = memberships(world, GROUPINGS)
    return over_years(
        lambda t: np.log1p((member[:, t] @ member[:, t].T)[world.first, world.second]).astype(np.float32),
        world.years.size,
    )


def institutions(world: World) -> Floats:
    """(p, t) cosine of the two states' memberships in organizations, less the middle of the year."""
    names, member = memberships(world)
    if not names:
        return world.zeros()

    def one(t: int) -> Floats:
        shared = member[:, t] @ member[:, t].T
        own = np.sqrt(np.diag(shared))
        with np.errstate(invalid="ignore", divide="ignore"):
            cosine = np.nan_to_num(shared / np.outer(own, own))[world.first, world.second]
        alive = world.exists[:, t] & (cosine > 0)
        middle = float(np.median(cosine[alive])) if alive.any() else 0.0
        return np.where(alive, cosine - middle, 0.0).astype(np.float32)

    return over_years(one, world.years.size)
