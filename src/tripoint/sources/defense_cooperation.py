"""Defense Cooperation Agreement Dataset (DCAD) 1.0: bilateral agreements on defense cooperation in force, 1980-2010.

Kinne (2020), "The Defense Cooperation Agreement Dataset (DCAD)", Journal of Conflict Resolution 64(4):729,
doi:10.1177/0022002719857796. Agreements short of an alliance: no obligation to aid an attacked partner.

Read is the table of pairs and years (``DCAD-v1.0-dyadic.csv``): ``dcaAnyV1`` is 1 in a year with any agreement in
force, general or on a sector (procurement, research, training, intelligence), in the stricter of two codings. Years
that follow each other are one tie; the last year of the file is no end. A record is a pair and year.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, years_held
from tripoint.sources.spells import clip_to_states
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

KIND = "defense cooperation agreement"
KEYS = ("ccode1", "ccode2", "year")
FLAGS = ("dcaGeneralV1", "dcaSectorV1", "dcaAnyV1")
_VERSION = re.compile(r"v(\d+\.\d+)", re.IGNORECASE)


def read_dcad(files: Files) -> Reading:
    """Read pairs and years into undirected ties of kind ``defense cooperation agreement``."""
    import polars as pl

    path = files.one("dyads")
    columns = (*KEYS, *FLAGS)
    raw = read_delimited(path, columns=columns, numbers=dict.fromkeys(columns, pl.Int64), nulls=["NA", ""])
    key = pl.format("{}-{}/{}", *(pl.col(c).fill_null(0) for c in KEYS))
    pair = [pl.min_horizontal("ccode1", "ccode2").alias("low"), pl.max_horizontal("ccode1", "ccode2").alias("high")]
    rules = [
        (pl.any_horizontal(pl.col(KEYS).is_null()), "missing value"),
        (pl.col("dcaAnyV1").fill_null(0) != 1, "no agreement in force: coverage says so"),
        (pl.col("ccode1") == pl.col("ccode2"), "a state with itself"),
        (~pl.struct("low", "high", "year").is_first_distinct(), "repeats a pair and year; the first is kept"),
    ]
    frame, aside = raw.with_columns(pair), []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    first, last = years_held(raw, "year", path.name)
    spells = _runs(frame, last)
    sides = {"state_1": "low", "state_2": "high"}
    run, until = pl.col("run").cast(pl.String), date(last, 12, 31)
    ties, lost = clip_to_states(spells, sides, system="cow", locator=run, until=until, by_year=True)
    ties = ties.filter(pl.col("state_1") != pl.col("state_2"))
    reasons = lost.unique("locator", keep="first").select("reason", run=pl.col("locator").cast(pl.UInt32))
    unheld = (
        _run_of(frame, ties)
        .join(reasons, on="run", how="left")
        .select(
            locator=key,
            reason=pl.col("reason").fill_null("one state under two numbers"),
            record=pl.lit(None, pl.String),
        )
    )
    low, high = pl.min_horizontal("state_1", "state_2"), pl.max_horizontal("state_1", "state_2")
    table = ties.select(
        "start",
        "end",
        state_a=low,
        state_b=high,
        kind=pl.lit(KIND),
        directed=pl.lit(value=False),
        precision=pl.lit("year"),
        instrument=pl.when("general").then(pl.lit("general agreement")).otherwise(pl.lit("sector agreement")),
        level=pl.lit(1.0),
        locator=pl.format("{}-{}/{}", low, high, "start"),
    ).unique("locator", keep="first", maintain_order=True)
    note = "bilateral agreements, in the stricter coding"
    found = _VERSION.search(path.name)
    return assemble(
        files,
        {"commitments": table},
        rows_in=raw.height,
        aside=[*aside, unheld],
        coverage=[cover(KIND, first, last, silence="none", note=note)],
        vintage=found[1] if found else f"to-{last}",
    )


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Number the runs of years of a pair that follow each other."""
    import polars as pl

    frame = frame.sort("low", "high", "year")
    fresh = (pl.col("year").diff().over("low", "high") != 1).fill_null(value=True)
    return frame.with_columns(run=fresh.cast(pl.UInt32).cum_sum())


def _runs(frame: pl.DataFrame, last: int) -> pl.DataFrame:
    import polars as pl

    runs = (
        _numbered(frame)
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("low", "high").first(),
            general=(pl.col("dcaGeneralV1") == 1).any(),
            first=pl.col("year").min(),
            final=pl.col("year").max(),
        )
    )
    return runs.with_columns(
        start=pl.date("first", 1, 1), end=pl.when(pl.col("final") < last).then(pl.date("final", 12, 31))
    )


def _run_of(frame: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Records of runs that no tie holds."""
    import polars as pl

    return _numbered(frame).filter(~pl.col("run").is_in(ties["run"].to_list()))
