"""Correlates of War bilateral trade 4.0: goods imports between states, 1870-2014, in million current US dollars.

Barbieri and Keshk (2016), https://correlatesofwar.org/data-sets/bilateral-trade/; Barbieri, Keshk and Pollins
(2009), doi:10.1177/0738894209343887.

Two layouts are read. The producer's ``Dyadic_COW_4.0.csv`` has a row a pair and year, with both directions.
The directed copy of the R package peacesciencer (``cow_trade_ddy.rds``) has a row a direction, so that every
flow stands in it twice: ``flow1`` of one row is ``flow2`` of its mirror. ``flow1`` is what ``ccode1`` imports
from ``ccode2``: goods go from ``ccode2`` to ``ccode1``. From the directed copy only ``flow1`` is read.

Traps: -9 is missing, not a value; the directed copy rounds to whole millions, so that its 0 means less than
half a million; ``smoothflow`` columns are interpolated and are not read.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import first_role, split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited, read_r

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

COLUMNS = ("ccode1", "ccode2", "year", "flow1", "flow2")
MISSING = -9.0
UNIT = "USD million"
_NAMED = re.compile(r"COW[-_ ](\d+\.\d+)", re.IGNORECASE)
_SUFFIXES = {".rds", ".rda"}


def read_cow_trade(files: Files) -> Reading:
    """Read directed dyad-years (.rds) or the producer's dyad-years (.csv) into flows from exporter to importer."""
    import polars as pl

    path = first_role(files, "producer", "dyads")
    directed = path.suffix in _SUFFIXES
    raw = _raw(path, directed=directed)
    rows_in = raw.height
    key = pl.format("{}-{}-{}", "ccode1", "ccode2", "year")
    flow, back = (pl.when(pl.col(c) != MISSING).then(c) for c in ("flow1", "flow2"))
    frame = raw.select("ccode1", "ccode2", "year", flow, back)
    rules = [
        (pl.col("ccode1") == pl.col("ccode2"), "a state with itself"),
        (~pl.struct("ccode1", "ccode2", "year").is_first_distinct(), "repeats a dyad-year; the first is kept"),
        (pl.col("flow1").is_null() & (pl.lit(directed) | pl.col("flow2").is_null()), "missing value"),
        (pl.min_horizontal("flow1", "flow2") < 0, "negative trade"),
    ]
    if not directed:
        mirrored = pl.struct(
            low=pl.min_horizontal("ccode1", "ccode2"), high=pl.max_horizontal("ccode1", "ccode2"), year="year"
        )
        rules.append((~mirrored.is_first_distinct(), "lists a pair the other way round again; the first is kept"))
    aside = []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    frame, out = with_states(frame, {"state_1": "ccode1", "state_2": "ccode2"}, when="year", system="cow", locator=key)
    aside.append(out)
    flows = [_flows(frame, "2", "1", "flow1", key)]
    if not directed:
        flows.append(_flows(frame, "1", "2", "flow2", pl.format("{}-{}-{}", "ccode2", "ccode1", "year")))
    first, last = (int(getattr(raw["year"], f)() or 0) for f in ("min", "max"))
    note = "a missing value is set aside, and a dyad-year that is not in the file is not known to be zero"
    return assemble(
        files,
        {"flows": flows},
        rows_in=rows_in,
        aside=aside,
        coverage=[cover("goods trade", first, last, silence="unproven", note=note)] if rows_in else [],
        vintage=found[1] if (found := _NAMED.search(path.name)) else "",
    )


def _raw(path: Path, *, directed: bool) -> pl.DataFrame:
    import polars as pl

    if directed:
        raw = read_r(path, columns=COLUMNS).select(COLUMNS)
    else:
        numbers = dict.fromkeys(COLUMNS, pl.Float64)
        raw = read_delimited(path, columns=COLUMNS, numbers=numbers).select(COLUMNS)
    whole = raw.select(pl.col("ccode1", "ccode2", "year").cast(pl.Int32, strict=False))
    if raw.height == 0 or whole.null_count().sum_horizontal()[0]:
        raise FormatError(f"{path.name}: a record has no code or no year; the file may be cut short")
    return whole.with_columns(raw["flow1"].cast(pl.Float64), raw["flow2"].cast(pl.Float64))


def _flows(frame: pl.DataFrame, origin: str, goal: str, value: str, key: pl.Expr) -> pl.DataFrame:
    import polars as pl

    return frame.filter(pl.col(value).is_not_null()).select(
        state_a=f"state_{origin}",
        state_b=f"state_{goal}",
        kind=pl.lit("goods trade"),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=value,
        unit=pl.lit(UNIT),
        reporter=pl.lit("Correlates of War"),
        locator=key,
    )
