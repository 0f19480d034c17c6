"""Which indicators speak of a pair in a year, and the newest year in which any did."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.fit import GROUPS
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.world import Bools, Floats, World
from tripoint.record import KINDS

#: Groups whose rows are too many or name no pair: they speak where their column is not zero and their sources reach.
_BY_COLUMN = frozenset({"votes", "trade", "institutions", "groupings", "network"})
#: Years after an event in which it still is evidence of now.
_FRESH = 1
#: Years without any evidence after which there is no estimate.
SILENT = 10
_LEAST = 0.02


def speaking(world: World, x: Floats, ends: Mapping[str, int | None]) -> tuple[NDArray[np.uint32], NDArray[np.int16]]:
    """(p, t) bits of the groups that speak, in the order of :data:`GROUPS`, and the newest year with any (0: none)."""
    bits = np.zeros(world.shape, np.uint32)
    for g, (group, columns) in enumerate(GROUPS.items()):
        some = (
            _columns(world, x, columns, ends.get(group))
            if group in _BY_COLUMN
            else _rows(world, {kind for k in columns for kind in _NAMES[k].kinds})
        )
        bits |= (some & world.exists).astype(np.uint32) << np.uint32(g)
    newest = np.where(bits > 0, world.years[None, :], 0).astype(np.int16)
    return bits, np.maximum.accumulate(newest, axis=1)


_NAMES = list(INDICATORS.values())


def _columns(world: World, x: Floats, columns: tuple[int, ...], end: int | None) -> Bools:
    some = np.zeros(world.shape, bool)
    if end is not None:
        reach = world.years <= end
        for k in columns:
            some |= np.isfinite(x[:, :, k]) & (np.abs(x[:, :, k]) > _LEAST) & reach
    return some


def _rows(world: World, kinds: set[str]) -> Bools:
    import polars as pl

    some = np.zeros(world.shape, bool)
    for kind in sorted(kinds & set(KINDS)):
        rows = world.rows(kind)
        if not rows.height:
            continue
        reach = dict(
            world.evidence.sql(
                'SELECT source_id, max(year("end"))::INT FROM coverage WHERE kind = ? GROUP BY 1', [kind]
            ).rows()
        )
        known = pl.col("source_id").replace_strict(reach, default=world.end, return_dtype=pl.Int64)
        last = pl.col("last") + (_FRESH if KINDS[kind].table == "events" else 0)
        seen = rows.with_columns(
            last=pl.min_horizontal(last, pl.max_horizontal(known, "first")).clip(world.start, world.end)
        )
        some |= world.held(seen) > 0
    return some


def names(bits: int) -> tuple[str, ...]:
    """Groups of a pattern of bits."""
    return tuple(group for g, group in enumerate(GROUPS) if bits >> g & 1)
