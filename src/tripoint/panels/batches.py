"""From landed columns to Arrow: the rows of a block as a record batch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from tripoint.errors import needs
from tripoint.panels import output
from tripoint.panels.columns import Column, either
from tripoint.panels.landing import Landed
from tripoint.panels.periods import GRAINS, Grain, Ints
from tripoint.panels.rows import Block, Rows

if TYPE_CHECKING:
    import pyarrow as pa

#: Column of each grain's part of the time, with its type and bytes.
_TIMES = {"year": ("year", "int16", 2), "month": ("month", "int8", 1), "day": ("date", "date32", 4)}


def times(grain: Grain) -> tuple[str, ...]:
    """Names of the columns that say when: ``year``, then ``month`` and ``date`` where the periods are that fine."""
    return tuple(_TIMES[g][0] for g in GRAINS[: GRAINS.index(grain) + 1])


def key_bytes(rows: Rows) -> int:
    """Memory of the columns that say what a row is, for one row [bytes]."""
    grain = rows.states.periods.grain
    return 2 * rows.sides + sum(_TIMES[g][2] for g in GRAINS[: GRAINS.index(grain) + 1])


def key_fields(rows: Rows, names: Sequence[str]) -> list[pa.Field]:
    """Arrow fields of the columns that say what a row is, by their names in order."""
    needs("pyarrow")
    import pyarrow as pa

    types = {name: pa.type_for_alias(kind) for name, kind, _ in _TIMES.values()}
    return [pa.field(name, types.get(name, pa.int16()), nullable=False) for name in names]


def batch(rows: Rows, columns: Sequence[Column], block: Block, schema: pa.Schema) -> pa.RecordBatch:
    """The rows of a block, with all columns."""
    needs("pyarrow")
    import pyarrow as pa

    arrays = [pa.array(rows.states.codes[side]) for side in block.sides]
    starts = rows.states.periods.starts()
    months = starts.astype("datetime64[M]").astype(np.int64)
    calendar = {"year": months // 12 + 1970, "month": months % 12 + 1, "date": starts}
    arrays += [
        pa.array(calendar[name], type=schema.field(name).type).take(pa.array(block.period))
        for name in times(rows.states.periods.grain)
    ]
    made: list[pa.Array | None] = [None] * len(columns)
    order = sorted(range(len(columns)), key=lambda k: (columns[k].variable.level, columns[k].sides))
    for _, together in groupby(order, key=lambda k: (columns[k].variable.level, columns[k].sides)):
        places: dict[
            tuple[str, tuple[int, ...]], Ints | None
        ] = {}  # one group's at a time: they are as long as a column
        for k in together:
            column = columns[k]
            shown = _seen_on(rows, column, column.sides, block, places)
            if column.folded:
                shown = either(shown, _seen_on(rows, column, column.sides[::-1], block, places))
            made[k] = output.arrow(shown)
        del places
    return pa.RecordBatch.from_arrays([*arrays, *made], schema=schema)


def _seen_on(
    rows: Rows,
    column: Column,
    sides: tuple[int, ...],
    block: Block,
    places: dict[tuple[str, tuple[int, ...]], Ints | None],
) -> Landed:
    """A column on the rows of a block; ``places`` keeps the rows found for other columns."""
    states, key = rows.states, (column.variable.level, sides)
    if key not in places:
        parts = [block.sides[k] for k in sides]
        whole = block.rows == column.landed.known.size
        if column.variable.level == "state":
            same = whole and rows.sides == 1
            places[key] = None if same else states.at[parts[0], block.period].astype(np.intp)
        else:
            same = whole and rows.sides == 2 and rows.directed and sides == (0, 1)
            places[key] = None if same else states.dyads.at(parts[0], parts[1], block.period)
    found = places[key]
    return column.landed if found is None else column.landed.take(found)
