"""Correlates of War major powers, 1816-2016: which states counted as one, from day to day.

State System Membership 2016, https://correlatesofwar.org/data-sets/state-system-membership/ (``majors2016.csv``), in
the producer's file or the copy of the R package peacesciencer.

Traps: an end on the last day of the edition (31 December 2016) is the end of the data, not of a power's rank. The
record of 365 from 1922 is of the Soviet Union and then of Russia: it is cut where the code passes on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import first_role, split
from tripoint.sources.spells import clip_to_states
from tripoint.sources.state_years import read_table
from tripoint.sources.tabular import Files

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

COLUMNS = ("ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday", "version")


def read_major_powers(files: Files) -> Reading:
    """Read spells as a major power; a record is a spell."""
    import polars as pl

    raw, remarks = apply_corrections(_raw(first_role(files, "producer", "majors")), files.entry.id, "majors")
    key = pl.format("{}/{}", "ccode", "styear")
    frame = raw.with_columns(_day("st").alias("start"), _day("end").alias("end"))
    frame, wrong = split(frame, pl.any_horizontal(pl.col("start", "end").is_null()), "not a date", key)
    frame, twice = split(frame, ~pl.struct("ccode", "start").is_first_distinct(), "repeats a spell", key)
    frame, unknown = clip_to_states(frame, {"state": "ccode"}, system="cow", locator=key)
    part = (
        pl.when(pl.struct("ccode", "styear").is_first_distinct()).then(key).otherwise(pl.format("{}/{}", key, "start"))
    )
    attributes = frame.select(
        "state",
        "start",
        "end",
        kind=pl.lit("major power"),
        precision=pl.lit("day"),
        value=pl.lit(1.0),
        unit=pl.lit("1"),
        note="correction",
        locator=part,
    )
    coverage = []
    if attributes.height:
        first, last = attributes.select(pl.col("start").min(), pl.col("end").max()).row(0)
        coverage = [cover("major power", first, last, partners="", silence="none")]
    return assemble(
        files,
        {"attributes": attributes},
        rows_in=raw.height,
        aside=[wrong, twice, unknown],
        coverage=coverage,
        vintage=str(raw["version"][0]),
        remarks=remarks,
    )


def _raw(path: Path) -> pl.DataFrame:
    import polars as pl

    return read_table(path, COLUMNS).cast(dict.fromkeys(COLUMNS, pl.Int32))


def _day(edge: str) -> pl.Expr:
    """Date from year, month and day; null where there is no such day."""
    import polars as pl

    text = pl.format("{}-{}-{}", *(pl.col(f"{edge}{p}").cast(pl.String).str.zfill(2) for p in ("year", "month", "day")))
    return text.str.to_date("%Y-%m-%d", strict=False)
