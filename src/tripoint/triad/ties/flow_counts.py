"""Flows of one state in one year with all its partners, from the one source that records most of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.evidence.choice import choose_fullest, compiled
from tripoint.triad.ties.record import ARMS_WINDOW, Gathered, covers

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]

#: Kind of flow, first year of the window counted back from the year, and whether only what comes in counts.
FLOWS: dict[str, tuple[str, int, bool]] = {
    "arms": ("arms deliveries", ARMS_WINDOW, True),
    "trade": ("goods trade", 0, False),
    "energy": ("energy trade", 0, False),
}


@dataclass(frozen=True, slots=True)
class FlowCount:
    """Flows of one state in one year, of one source, with all partners."""

    source: str
    whole: bool
    note: str
    partner: tuple[str, ...]
    value: Floats
    unit: str
    fact_ids: tuple[str, ...]


def _by_year(flows: pl.DataFrame) -> dict[int, pl.DataFrame]:
    import polars as pl

    columns = ["fact_id", "source_id", "state_a", "state_b", "end", "value", "unit", "origin", "partner"]
    rows = flows.select(*columns, pl.col("start").dt.year().alias("year"), pl.col("item").fill_null(""))
    return {int(key[0]): part for key, part in rows.partition_by("year", maintain_order=True, as_dict=True).items()}


def count_flows(g: Gathered, name: str, year: int) -> FlowCount | None:
    """Choose the source of a year and read it; None where no source has anything."""
    import polars as pl

    kind, back, incoming = FLOWS[name]
    own = list(states.lineage(g.state))
    by_year = g.keep((kind,), lambda: _by_year(g.flows.filter(pl.col("kind") == kind)))
    if year not in by_year:
        return None
    rows = by_year[year]
    rows = rows.filter(pl.col("end").dt.year() <= year) if not back else rows
    rows = rows.filter(pl.col("state_b").is_in(own)) if incoming else rows
    if rows.is_empty():
        return None
    whole = covers(g, kind, year)
    source, part = _one_source(kind, rows, set(whole))
    note = ""
    if source in whole and not all(whole[source]):
        # A source of what comes in alone also holds what other states say came from here: no whole.
        given = whole[source][0]
        part = part.filter(pl.col("state_a" if given else "state_b").is_in(own))
        note = "exports only" if given else "imports only"
    return FlowCount(
        source,
        source in whole,
        note,
        tuple(part["partner"]),
        part["value"].to_numpy(),
        str(part["unit"][0]) if part.height else "",
        tuple(part["fact_id"]),
    )


def _one_source(kind: str, rows: pl.DataFrame, whole: set[str]) -> tuple[str, pl.DataFrame]:
    """Rows of one source of a year: one that records all partners before others, then the one with most.

    Where a source gives a flow more than once (several reporters or editions), the origin with most rows counts.
    """
    import polars as pl

    if rows["source_id"].n_unique() == rows["unit"].n_unique() == 1 and not compiled(str(rows["source_id"][0])):
        return str(rows["source_id"][0]), rows
    partners = dict(rows.group_by("source_id").agg(pl.col("partner").n_unique()).iter_rows())
    source = choose_fullest(kind, {s: n for s, n in partners.items() if s in whole} or partners).source
    part = rows.filter(pl.col("source_id") == source)
    unit = part.group_by("unit").len().sort("len", "unit", descending=[True, False])["unit"][0]
    part = part.filter(pl.col("unit") == unit)
    if compiled(source):
        common = part.group_by("origin").len(name="shared")
        one = ["state_a", "state_b", "item"]
        part = part.join(common, on="origin", how="left").sort("shared", "fact_id", descending=[True, False])
        part = part.unique(one, keep="first", maintain_order=True).drop("shared")
    return source, part
