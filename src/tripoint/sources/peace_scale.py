"""The peace scale 3.1, 1900-2020: how a pair of states stands, from severe rivalry to security community.

Diehl, Goertz and Gallegos (2021), "Peace data: Concept, measurement, patterns, and research agenda", Conflict
Management and Peace Science 38(5):605, doi:10.1177/0738894219870288. Levels: 0 severe rivalry, .25 lesser rivalry,
.5 negative peace, .75 warm peace, 1 security community.

``peacedata3.1.csv`` has no header: a pair, then its spells as ``19000101-20209999`` and level by turns. The pair
is ``1000 * ccode1 + ccode2``: 365710 is Russia-China, 2020 is the United States-Canada. ``9999`` and ``0000`` are
an unknown day and month, ``00`` an unknown day; an unknown or last day of 2020 is where coding stopped. Level -9 is a
transition between two levels, and is set aside. The yearly file averages the 9s of transitions into its means and
is not read. West Germany has Germany's number, 255, throughout.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split
from tripoint.sources.spells import clip_to_states
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

FIRST_YEAR, LAST_YEAR = 1900, 2020
LEVELS = {
    0.0: "severe rivalry",
    0.25: "lesser rivalry",
    0.5: "negative peace",
    0.75: "warm peace",
    1.0: "security community",
}
TRANSITION = (-9.0, 9.0)
MISSING = "."
_PRECISIONS = {0: "year", 1: "month", 2: "day"}
_SPELL = r"^(\d{4})(\d{4})-(\d{4})(\d{4})$"
_UNKNOWN = ["9999", "0000"]


def read_peace_scale(files: Files) -> Reading:
    """Read spells into undirected ties of kind ``relationship level``; a spell is a record."""
    import polars as pl

    spells = read_spells(files.one("spells"))
    key = pl.format("{}/{}", "dyad", "turn")
    rules = [
        (pl.col("level").is_null(), "missing value"),
        (pl.col("level").is_in(TRANSITION), "a transition between levels"),
        (~pl.col("level").is_in(list(LEVELS)), "a level that the scale does not have"),
        (
            ~pl.col("readable") | pl.col("start").is_null() | (pl.col("end") < pl.col("start")),
            "no days that can be read",
        ),
        (pl.col("ccode1") == pl.col("ccode2"), "a state with itself"),
    ]
    frame, aside = spells, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    ties, stateless = clip_to_states(
        frame, {"state_a": "ccode1", "state_b": "ccode2"}, system="cow", until=date(LAST_YEAR, 12, 31), locator=key
    )
    low, high = pl.min_horizontal("state_a", "state_b"), pl.max_horizontal("state_a", "state_b")
    table = ties.select(
        "state_a",
        "state_b",
        "start",
        "end",
        "precision",
        "level",
        kind=pl.lit("relationship level"),
        directed=pl.lit(value=False),
        note=pl.col("level").replace_strict(LEVELS, return_dtype=pl.String),
        locator=pl.format("{}/{}-{}/{}", "dyad", low, high, "start"),
    )
    note = "only pairs that the authors judged to have a relationship are coded"
    return assemble(
        files,
        {"commitments": table},
        rows_in=spells.height,
        aside=[*aside, stateless],
        coverage=[cover("relationship level", FIRST_YEAR, LAST_YEAR, silence="unproven", note=note)],
    )


def read_spells(path: Path) -> pl.DataFrame:
    """Read the file into a row a spell: ``dyad turn ccode1 ccode2 start end precision level``."""
    import polars as pl

    wide = read_delimited(path, header=False, nulls=[""])
    if wide.width < 3 or wide.width % 2 == 0:
        raise FormatError(f"{path.name}: {wide.width} columns; a pair and then spells and levels by turns are expected")
    turns = range(1, wide.width, 2)
    long = pl.concat(
        wide.select(dyad=pl.nth(0), spell=pl.nth(k), level=pl.nth(k + 1), turn=pl.lit((k + 1) // 2)) for k in turns
    ).filter(pl.col("spell").is_not_null() | pl.col("level").is_not_null())
    bad = long.filter(pl.col("dyad").cast(pl.Int64, strict=False).is_null() | pl.col("level").is_null())
    bad = bad.filter(pl.col("spell") != MISSING)
    if bad.height:
        raise FormatError(
            f"{path.name}: a spell cannot be read: {bad.row(0)}; the file may be cut short: fetch it again"
        )
    readable = pl.col("spell").str.contains(_SPELL).fill_null(value=False)
    long = long.with_columns(spell=pl.when(readable).then("spell"))
    long = long.with_columns(start=pl.col("spell").str.slice(0, 8), end=pl.col("spell").str.slice(9, 8))
    last_year = pl.col("end").str.slice(0, 4).cast(pl.Int32)
    running = (last_year >= LAST_YEAR) & pl.col("end").str.slice(4).is_in([*_UNKNOWN, "1231"])
    pair = pl.col("dyad").cast(pl.Int64)
    return (
        long.select(
            "turn",
            dyad=pair,
            level=pl.col("level").cast(pl.Float64, strict=False),
            ccode1=pair // 1000,
            ccode2=pair % 1000,
            start=_day("start", "01-01", last=False),
            end=pl.when(~running).then(_day("end", "12-31", last=True)),
            precision=pl.min_horizontal(_precision("start"), pl.when(~running).then(_precision("end"))),
            readable=running | _day("end", "12-31", last=True).is_not_null(),
        )
        .sort("dyad", "turn")
        .with_columns(pl.col("precision").replace_strict(_PRECISIONS, default="day"))
    )


def _precision(column: str) -> pl.Expr:
    """How exact a day is: 0 year, 1 month, 2 day."""
    import polars as pl

    rest = pl.col(column).str.slice(4)
    return pl.when(rest.is_in(_UNKNOWN)).then(0).when(rest.str.ends_with("00")).then(1).otherwise(2)


def _day(column: str, in_year: str, *, last: bool) -> pl.Expr:
    """A bound as a day: an unknown one is the first or the ``last`` of its month or year."""
    import polars as pl

    year, rest = pl.col(column).str.slice(0, 4), pl.col(column).str.slice(4)
    month = (pl.col(column).str.slice(0, 6) + "01").str.to_date("%Y%m%d", strict=False)
    edge = month.dt.month_end() if last else month
    return (
        pl.when(rest.is_in(_UNKNOWN))
        .then((year + "-" + in_year).str.to_date("%Y-%m-%d", strict=False))
        .when(rest.str.ends_with("00"))
        .then(edge)
        .otherwise(pl.col(column).str.to_date("%Y%m%d", strict=False))
    )
