"""Columns of force: war, fighting, disputes, crises, and fighting on one side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripoint.dyad.relation.world import Floats, World, fading, piling

if TYPE_CHECKING:
    import polars as pl

#: What is left, after a year, of a dispute (near and far memory), fighting (near and far), a crisis, and a common war.
DISPUTE, DISPUTES, FIGHTING, FOUGHT, CRISIS, COMRADES = 0.82, 0.935, 0.85, 0.96, 0.88, 0.82
#: Helpers of one government count as comrades of each other up to this many.
_FEW = 3
#: Kinds of event in which force was used between two states, and the height of each where the source gives none.
_BLOWS = {"clash": 0.6, "strike": 0.6, "militarized act": 0.6, "dispute": 0.6}
_HOSTILITY = 5.0


def at_war(world: World) -> Floats:
    """(p, t) 1 in a year of interstate war: coded as one, a thousand battle deaths, or a dispute coded war."""
    if "at war" not in world.memory:
        import polars as pl

        wars = world.held(_lasting(world, world.rows("war")))
        conflict = _between(world)
        deadly = world.held(conflict.filter(pl.col("value") >= 2))
        disputes = world.rows("dispute").filter(pl.col("value") >= _HOSTILITY)
        world.memory["at war"] = np.maximum.reduce([wars, deadly, world.held(disputes)])
    found: Floats = world.memory["at war"]
    return found


def battles(world: World) -> Floats:
    """(p, t) height of fighting in the year: 1 a war, .5 a conflict of fewer battle deaths between the two."""
    if "battles" not in world.memory:
        minor = world.held(_between(world)) * 0.5
        world.memory["battles"] = np.maximum(at_war(world), minor).astype(np.float32)
    found: Floats = world.memory["battles"]
    return found


def fighting(world: World) -> Floats:
    """(p, t) fighting, fading fast."""
    return fading(battles(world), FIGHTING)


def fought(world: World) -> Floats:
    """(p, t) fighting, fading slowly."""
    return fading(battles(world), FOUGHT)


def blows(world: World) -> Floats:
    """(p, t) highest hostility of a dispute, clash or strike in the year [0-1]; unknown: .6, force shown."""
    if "blows" not in world.memory:
        import polars as pl

        parts = []
        for kind, middle in _BLOWS.items():
            rows = world.rows(kind)
            if kind in ("dispute", "militarized act"):
                height = (rows["value"] / _HOSTILITY).fill_null(middle).clip(0, 1)
            else:  # deaths
                height = (middle + 0.4 * (rows["value"].fill_null(0.0).clip(0) + 1).log(10) / 3).clip(0, 1)
            parts.append(world.held(rows, height.cast(pl.Float32)))
        world.memory["blows"] = np.maximum.reduce(parts)
    found: Floats = world.memory["blows"]
    return found


def dispute(world: World) -> Floats:
    """(p, t) disputes and blows, fading fast."""
    return fading(blows(world), DISPUTE)


def disputes(world: World) -> Floats:
    """(p, t) ln(1 + disputes and blows), piled up and fading slowly."""
    return np.log1p(piling(blows(world), DISPUTES))


def crisis(world: World) -> Floats:
    """(p, t) international crises between the two, fading."""
    return fading(world.held(world.rows("crisis")), CRISIS)


def comrades(world: World) -> Floats:
    """(p, t) the two fought on one side of a war, or one sent troops for the other's: fading."""
    if "comrades" not in world.memory:
        import polars as pl

        support = world.rows("troop support")
        out = np.maximum(world.held(support), world.held(world.rows("troop deployment")))
        alone = world.evidence.sql(
            'SELECT title, year("start")::INT AS year, state_a, '
            "coalesce(contains(note, 'troops of'), false) AS helps "
            "FROM events WHERE kind = 'armed conflict' AND state_b IS NULL AND year(\"start\") BETWEEN ? AND ? "
            "ORDER BY fact_id",
            [world.start, world.end],
        )
        for (_, year), rows in alone.group_by("title", "year", maintain_order=True):
            help_, own = rows.filter(pl.col("helps")), rows.filter(~pl.col("helps"))
            helpers = sorted({world.place[s] for s in help_["state_a"] if s in world.place})
            owners = {world.place[s] for s in own["state_a"] if s in world.place}
            t = int(str(year)) - world.start
            ties = [(h, o) for h in helpers for o in owners if h != o]
            if len(helpers) <= _FEW:
                ties += [(h, k) for h in helpers for k in helpers if h < k]
            for h, k in ties:
                out[world.number[h, k], t] = 1
        world.memory["comrades"] = fading(out, COMRADES)
    found: Floats = world.memory["comrades"]
    return found


def _between(world: World) -> pl.DataFrame:
    return world.rows("armed conflict")


def _lasting(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """Wars whose only day is that of their beginning go on to the end of the panel where the source says no more."""
    import polars as pl

    reach = {
        s: min(int(y), world.end)
        for s, y in world.evidence.sql(
            "SELECT source_id, year(max(\"end\"))::INT AS y FROM coverage WHERE kind = 'war' GROUP BY 1"
        ).rows()
    }
    single = world.evidence.sql(
        'SELECT locator, source_id FROM events WHERE kind = \'war\' AND ("end" IS NULL OR "end" = "start")'
    )
    return rows.join(
        single.with_columns(open=pl.lit(value=True)), on=["locator", "source_id"], how="left"
    ).with_columns(
        pl.when(pl.col("open"))
        .then(pl.col("source_id").replace_strict(reach, default=world.end, return_dtype=pl.Int32))
        .otherwise(pl.col("last"))
        .alias("last")
    )
