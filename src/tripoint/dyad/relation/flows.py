"""Columns of what flows: arms, aid and arms to enemies, troops, trade against size and distance."""

from __future__ import annotations

import numpy as np

from tripoint.dyad.relation.force import at_war
from tripoint.dyad.relation.ties import rivalry
from tripoint.dyad.relation.world import Floats, World, over_years, window
from tripoint.evidence.choice import only_whether, ranked

#: Imports of arms in five years below which a share of them says nothing [SIPRI TIV million].
FEWEST_ARMS = 50.0
#: Years of arms behind a share, and behind arms to an enemy.
_YEARS, _NOW = 5, 3
#: Guards of embassies and the like, that are no troops.
_GUARDS = 100.0
#: Who gives a state more than an enemy of it divided by this arms both.
BOTH_SIDES = 3.0


def arms(world: World) -> Floats:
    """(n, n, t) major arms delivered in five years, from the first to the second [SIPRI TIV million]."""
    if "arms" not in world.memory:
        world.memory["arms"] = window(_yearly_arms(world), _YEARS)
    found: Floats = world.memory["arms"]
    return found


def _yearly_arms(world: World) -> Floats:
    import polars as pl

    if "arms by year" not in world.memory:
        rows = world.rows("arms deliveries")
        n, t = len(world.states), world.years.size
        out = np.zeros((n, n, t), np.float32)
        for source in sorted(rows["source_id"].unique()):
            mine = rows.filter(pl.col("source_id") == source)
            np.maximum(out, world.directed(mine, mine["value"].fill_null(0.0).to_numpy()), out=out)
        world.memory["arms by year"] = out
    found: Floats = world.memory["arms by year"]
    return found


def arms_share(world: World) -> Floats:
    """(p, t) the larger share that one has in the other's imports of arms of five years."""
    given = arms(world)
    total = given.sum(axis=0)
    share = np.where(total >= FEWEST_ARMS, given / np.maximum(total, 1e-9), 0.0)
    return np.maximum(share[world.first, world.second], share[world.second, world.first]).astype(np.float32)


def arms_amount(world: World) -> Floats:
    """(p, t) ln(1 + arms of five years, both ways)."""
    given = arms(world)
    return np.log1p(given[world.first, world.second] + given[world.second, world.first])


def help_given(world: World) -> Floats:
    """(n, n, t) arms and military aid of three years, from the first to the second [TIV or EUR million]."""
    if "help" not in world.memory:
        import polars as pl

        rows = world.rows("military aid").filter(pl.col("value").is_not_null())
        rows = rows.filter(pl.col("source_id").is_in(_money_sources(world)))
        aid = world.directed(rows, rows["value"].to_numpy())
        world.memory["help"] = window(_yearly_arms(world) + aid, _NOW)
    found: Floats = world.memory["help"]
    return found


def _money_sources(world: World) -> list[str]:
    """Sources whose military aid is in money, not pieces."""
    frame = world.evidence.sql(
        "SELECT DISTINCT source_id FROM flows WHERE kind = 'military aid' AND unit LIKE '%million'"
    )
    mixed = world.evidence.sql(
        "SELECT DISTINCT source_id FROM flows WHERE kind = 'military aid' AND unit NOT LIKE '%million'"
    )
    return sorted(set(frame["source_id"]) - set(mixed["source_id"]))


def _to(world: World, foes: Floats) -> Floats:
    """(p, t) ln(1 + help that one of the two gives to states that are foes of the other); the larger way.

    Who gives the other a third as much or more arms both sides, and is no party to their quarrel.
    """
    given, square = help_given(world), world.squares(foes)

    def one(t: int) -> Floats:
        passed = given[:, :, t] @ square[:, :, t]
        passed[passed <= BOTH_SIDES * given[:, :, t]] = 0
        np.fill_diagonal(passed, 0)
        return np.asarray(np.log1p(np.maximum(passed[world.first, world.second], passed[world.second, world.first])))

    return over_years(one, world.years.size)


def help_to_enemy_at_war(world: World) -> Floats:
    """(p, t) ln(1 + arms and aid of three years to states now at war with the other).

    Fighting below war does not count: who arms a state whose border is shot at, as the United States did Pakistan, is
    no enemy of its neighbor. Help on record without an amount, such as territory lent for an attack, stands for 100
    units in these years.
    """
    if "help to enemy" not in world.memory:
        named = world.held(world.rows("aid to adversary"))
        told = np.where(window(named, _NOW) > 0, np.log(1 + 100.0), 0.0)
        world.memory["help to enemy"] = np.maximum(_to(world, at_war(world)), told).astype(np.float32)
    found: Floats = world.memory["help to enemy"]
    return found


def help_to_rival(world: World) -> Floats:
    """(p, t) ln(1 + arms and aid of three years to rivals of the other)."""
    return _to(world, (rivalry(world) > 0.5).astype(np.float32))


def troops(world: World) -> Floats:
    """(p, t) ln(1 + soldiers of one stationed in the other, above a hundred guards)."""
    if "troops" not in world.memory:
        import polars as pl

        rows = world.rows("troops stationed")
        known = rows["value"].fill_null(0.0)
        yes_no = rows["source_id"].is_in(only_whether("troops stationed"))
        rows = rows.with_columns(value=pl.when(yes_no & (known <= 1)).then(known * 600.0).otherwise(known))
        last = world.held(rows, (rows["value"] - _GUARDS).clip(0))
        sent = world.rows("troop deployment")
        out = np.maximum(last, world.held(sent, sent["value"].fill_null(600.0)))
        end = int(rows["last"].max() or world.start) - world.start  # type: ignore[arg-type]
        out[:, end + 1 :] = np.maximum(out[:, end + 1 :], out[:, [end]])
        world.memory["troops"] = np.log1p(out)
    found: Floats = world.memory["troops"]
    return found


def trade(world: World) -> tuple[Floats, Floats]:
    """(p, t) trade against what size and distance predict, in log10, and the fall below the pair's own ten-year mean.

    Of each year the source with most pairs speaks. Where no trade is known the first is 0: not trading is not enmity.
    """
    if "trade" not in world.memory:
        world.memory["trade"] = _trade(world)
    found: tuple[Floats, Floats] = world.memory["trade"]
    return found


def _trade(world: World) -> tuple[Floats, Floats]:
    import polars as pl

    frame = world.evidence.sql(
        'SELECT state_a, state_b, year("start")::INT AS year, source_id, sum(value) AS value FROM flows '
        "WHERE kind = 'goods trade' AND value > 0 AND year(\"start\") BETWEEN ? AND ? "
        "AND unit LIKE '%USD%' GROUP BY ALL",
        [world.start, world.end],
    )
    wide = frame.group_by("source_id", "year").agg(pl.len().alias("n")).filter(pl.col("n") >= 4000)
    order = {source: place for place, source in enumerate(ranked("goods trade", wide["source_id"].unique()))}
    wide = wide.with_columns(place=pl.col("source_id").replace_strict(order, return_dtype=pl.Int64))
    best = wide.sort("year", "n", "place", descending=[False, True, False]).unique("year", keep="first")
    frame = frame.join(best.select("source_id", "year"), on=["source_id", "year"]).sort("state_a", "state_b", "year")
    places = pl.DataFrame({"id": list(world.place), "at": list(world.place.values())})
    frame = frame.join(places.rename({"id": "state_a", "at": "a"}), on="state_a").join(
        places.rename({"id": "state_b", "at": "b"}), on="state_b"
    )
    frame = frame.filter(pl.col("a") != pl.col("b")).sort("a", "b", "year")
    pair = world.number[frame["a"].to_numpy(), frame["b"].to_numpy()]
    at = pair * world.years.size + frame["year"].to_numpy() - world.start
    flat = np.bincount(at, frame["value"].to_numpy(), minlength=world.shape[0] * world.shape[1])
    amount = flat.reshape(world.shape)
    gap = _distance(world)
    above, fall = world.zeros(), world.zeros()
    seen = np.flatnonzero(amount.any(axis=0))
    n = len(world.states)
    for t in seen:
        use = np.flatnonzero(amount[:, t] > 0)
        size = np.bincount(world.first[use], amount[use, t], n) + np.bincount(world.second[use], amount[use, t], n)
        x = np.column_stack([np.ones(use.size), np.log10(size[world.first[use]] * size[world.second[use]]), gap[use]])
        y = np.log10(amount[use, t])
        beta = np.linalg.lstsq(x, y, rcond=None)[0]
        above[use, t] = np.clip(y - x @ beta, -2, 2)
        past = [s for s in seen if t - 10 <= s < t]
        if past:
            mean = amount[:, past].mean(axis=1)
            total = (size[world.first] * size[world.second]) ** 0.5
            big = mean > 0.002 * np.maximum(total, 1)
            fall[:, t] = np.where(big, np.clip(np.log10((mean + 1e-9) / (amount[:, t] + 0.03 * mean + 1e-9)), 0, 2), 0)
    world.memory["trade seen to"] = int(world.years[seen[-1]]) if seen.size else None
    if seen.size:
        above[:, seen[-1] + 1 :] = above[:, [seen[-1]]]
        fall[:, seen[-1] + 1 :] = fall[:, [seen[-1]]]
    return above, fall


def _distance(world: World) -> np.ndarray:
    """(p,) log10 of km between capitals; the middle of all where unknown."""
    rows = world.rows("capital distance")
    out = np.full(world.shape[0], np.nan)
    out[rows["pair"].to_numpy()] = rows["value"].to_numpy()
    out = np.log10(np.maximum(out, 50.0))
    return np.where(np.isnan(out), np.nanmedian(out) if np.isfinite(out).any() else 3.7, out)
