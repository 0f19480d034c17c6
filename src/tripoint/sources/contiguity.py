"""Where states lie: direct contiguity, distances between capitals, shortest distances between territories.

- Correlates of War Direct Contiguity 3.2, 1816-2016: Stinnett, Tir, Schafer, Diehl and Gochman (2002), Conflict
  Management and Peace Science 19(2):59, doi:10.1177/073889420201900203. 1 is a land border, 2-5 are 12, 24, 150 and 400
  miles of water. As spells with days (the R package peacesciencer's copy), or the producer's directed dyad-years.
- Distances between capitals [km], one for every pair of Gleditsch-Ward numbers, without years: they hold while both
  states exist.
- Shortest distances between territories [km], yearly 1886-2019, from CShapes 2.0: Schvitz et al. (2022), Journal of
  Conflict Resolution 66(1):144, doi:10.1177/00220027211013563; years with one distance are one tie.

All three are undirected; files that list a pair in both directions give one tie.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split
from tripoint.sources.spells import clip_to_states
from tripoint.sources.tabular import Files, read_delimited, read_r

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

SPELL_COLUMNS = ("ccode1", "ccode2", "conttype", "stdate", "enddate")
YEAR_COLUMNS = ("state1no", "state2no", "year", "conttype")
CAPITAL_COLUMNS = ("numa", "numb", "kmdist")
MINIMUM_COLUMNS = ("ccode1", "ccode2", "year", "mindist")
CONTIGUITY_END = date(2016, 12, 1)  # last day of the spells that were still on
COVERED = date(2016, 12, 31)
FIRST_DAY = date(1816, 1, 1)
NOT_CONTIGUOUS = 0
ANOTHER_NUMBER = {679: 678}  # capital distances: Yemen since 1990 has a Correlates of War number beside its own
CODES = {1: "land or river border", 2: "12 miles of water", 3: "24 miles", 4: "150 miles", 5: "400 miles"}


def read_cow_contiguity(files: Files) -> Reading:
    """Read spells (.rda) or directed dyad-years (.csv) into ties of kind ``contiguity``."""
    import polars as pl

    path = files.one("contiguity")
    yearly = path.suffix == ".csv"
    raw = _contiguous_years(path) if yearly else _contiguous_spells(path)
    key = pl.format("{}-{}/{}", "ccode1", "ccode2", "start")
    frame, apart = split(raw, pl.col("value") == NOT_CONTIGUOUS, "not contiguous: coverage says so", key)
    frame, bad = split(frame, ~pl.col("value").is_in([float(c) for c in CODES]), "no code of contiguity", key)
    frame, selves, repeats = _pairs(frame, key)
    if yearly:
        frame = _runs(frame)
        last_year = int(frame.select(pl.col("last").max()).item() or 0)
        frame = frame.with_columns(end=pl.when(pl.col("last") < last_year).then("end"))
    ties, stateless = clip_to_states(
        frame, {"state_a": "ccode1", "state_b": "ccode2"}, system="cow", locator=key, until=COVERED, by_year=yearly
    )
    meaning = pl.col("value").cast(pl.Int64).replace_strict(CODES, return_dtype=pl.String)
    table = _ties(ties, "contiguity", "year" if yearly else "day", meaning)
    return assemble(
        files,
        {"commitments": table},
        rows_in=raw.height,
        aside=[apart, bad, selves, repeats, _of_records(stateless, raw, yearly=yearly)],
        coverage=[cover("contiguity", FIRST_DAY, COVERED)],
    )


def read_capital_distance(files: Files) -> Reading:
    """Read distances between capitals into ties that hold while both states exist."""
    import polars as pl

    numbers = dict.fromkeys(CAPITAL_COLUMNS, pl.Float64)
    raw = read_delimited(files.one("distances"), columns=CAPITAL_COLUMNS, numbers=numbers)
    key = pl.format("{}-{}/{}", "ccode1", "ccode2", "start")
    frame = raw.select(
        ccode1=pl.col("numa").cast(pl.Int64).replace(ANOTHER_NUMBER),
        ccode2=pl.col("numb").cast(pl.Int64).replace(ANOTHER_NUMBER),
        value="kmdist",
        start=pl.lit(FIRST_DAY),
        end=pl.lit(None, pl.Date),
    )
    frame, missing = split(frame, pl.col("value").is_null() | (pl.col("value") < 0), "missing value", key)
    frame, selves, repeats = _pairs(frame, key)
    ties, stateless = clip_to_states(frame, {"state_a": "ccode1", "state_b": "ccode2"}, system="gw", locator=key)
    note = pl.lit("between capitals; the source gives no year")
    return assemble(
        files,
        {"commitments": _ties(ties, "capital distance", "day", note)},
        rows_in=raw.height,
        aside=[missing, selves, repeats, _of_records(stateless, raw.rename({"numa": "ccode1", "numb": "ccode2"}))],
        coverage=[cover("capital distance", FIRST_DAY, date(2007, 12, 31), note="without Kosovo and South Sudan")],
    )


def read_minimum_distance(files: Files) -> Reading:
    """Read yearly shortest distances into ties; years that follow each other with one distance are one tie."""
    import polars as pl

    raw = read_r(files.one("distances"), columns=MINIMUM_COLUMNS)
    whole = raw.select(pl.col("ccode1", "ccode2", "year").cast(pl.Int64), value="mindist")
    key = pl.format("{}-{}/{}", "ccode1", "ccode2", "year")
    frame, missing = split(whole, pl.col("value").is_null(), "missing value", key)
    frame = frame.with_columns(start=pl.date("year", 1, 1), end=pl.date("year", 12, 31))
    frame, selves, repeats = _pairs(frame, key)
    first, last = (int(raw.select(f).item() or 0) for f in (pl.col("year").min(), pl.col("year").max()))
    runs = _runs(frame).with_columns(end=pl.when(pl.col("last") < last).then("end"))
    ties, stateless = clip_to_states(
        runs,
        {"state_a": "ccode1", "state_b": "ccode2"},
        system="cow",
        locator=pl.format("{}-{}/{}", "ccode1", "ccode2", "start"),
        until=date(last, 12, 31) if last else COVERED,
        by_year=True,
    )
    return assemble(
        files,
        {"commitments": _ties(ties, "minimum distance", "year", pl.lit(None, pl.String))},
        rows_in=raw.height,
        aside=[missing, selves, repeats, _of_records(stateless, whole, yearly=True)],
        coverage=[cover("minimum distance", first, last)] if raw.height else [],
    )


def _contiguous_spells(path: Path) -> pl.DataFrame:
    import polars as pl

    raw = read_r(path, columns=SPELL_COLUMNS).select(pl.col(SPELL_COLUMNS).cast(pl.Int64))
    days = [pl.col(c).cast(pl.Int32).cast(pl.Date) for c in ("stdate", "enddate")]
    return raw.select(
        "ccode1",
        "ccode2",
        value=pl.col("conttype").cast(pl.Float64),
        start=days[0],
        end=pl.when(days[1] < CONTIGUITY_END).then(days[1]),
    )


def _contiguous_years(path: Path) -> pl.DataFrame:
    import polars as pl

    raw = read_delimited(path, columns=YEAR_COLUMNS, numbers=dict.fromkeys(YEAR_COLUMNS, pl.Int64))
    return raw.select(
        ccode1="state1no",
        ccode2="state2no",
        year="year",
        value=pl.col("conttype").cast(pl.Float64),
        start=pl.date("year", 1, 1),
        end=pl.date("year", 12, 31),
    )


def _pairs(frame: pl.DataFrame, key: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Order a pair, keep one of its two directions, and set aside selves and true repeats."""
    import polars as pl

    frame, selves = split(frame, pl.col("ccode1") == pl.col("ccode2"), "a state with itself", key)
    fields = [pl.col("ccode1"), pl.col("ccode2"), pl.col("start")]
    frame, repeats = split(frame, ~pl.struct(fields).is_first_distinct(), "repeats a pair; the first is kept", key)
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    frame = frame.with_columns(ccode1=low, ccode2=high)
    return frame.unique(["ccode1", "ccode2", "start"], keep="first", maintain_order=True), selves, repeats


def _runs(frame: pl.DataFrame) -> pl.DataFrame:
    """Join years of a pair that follow each other with the same value."""
    import polars as pl

    frame = frame.sort("ccode1", "ccode2", "year")
    pair = ["ccode1", "ccode2"]
    fresh = (pl.col("year").diff().over(pair) != 1) | (pl.col("value").diff().over(pair) != 0)
    run = fresh.fill_null(value=True).cast(pl.Int32).cum_sum()
    return (
        frame.with_columns(run=run)
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("ccode1", "ccode2", "value", "start").first(),
            pl.col("end").last(),
            last=pl.col("year").max(),
        )
    )


def _ties(ties: pl.DataFrame, kind: str, precision: str, note: pl.Expr) -> pl.DataFrame:
    import polars as pl

    low, high = pl.min_horizontal("state_a", "state_b"), pl.max_horizontal("state_a", "state_b")
    ties = ties.with_columns(state_a=low, state_b=high).filter(pl.col("state_a") != pl.col("state_b"))
    table = ties.select(
        "state_a",
        "state_b",
        "start",
        "end",
        kind=pl.lit(kind),
        directed=pl.lit(value=False),
        precision=pl.lit(precision),
        level="value",
        note=note,
        locator=pl.format("{}-{}/{}-{}/{}", "ccode1", "ccode2", "state_a", "state_b", "start"),
    )
    return table.unique("locator", keep="first", maintain_order=True)


def _of_records(stateless: pl.DataFrame, raw: pl.DataFrame, *, yearly: bool = False) -> pl.DataFrame:
    """Turn a tie that no two states could hold into the records of the file that it came from."""
    import polars as pl

    if not stateless.height:
        return stateless
    lost = stateless.unique("locator").with_columns(pair=pl.col("locator").str.split("/").list.first())
    low, high = (
        pl.min_horizontal("ccode1", "ccode2").cast(pl.Int64),
        pl.max_horizontal("ccode1", "ccode2").cast(pl.Int64),
    )
    fields = ["ccode1", "ccode2", *(c for c in ("year", "start") if c in raw.columns)]
    records = raw.select(fields).with_columns(pair=pl.format("{}-{}", low, high))
    if "start" in raw.columns and not yearly:
        lost = lost.with_columns(since=pl.col("locator").str.split("/").list.last())
        records = records.with_columns(since=pl.col("start").cast(pl.String))
    by: Sequence[str] = [c for c in ("pair", "since") if c in lost.columns and c in records.columns]
    found = records.join(lost.select(*by, "reason").unique(by), on=list(by))
    tail = pl.col("year" if "year" in fields else "start" if "start" in fields else "pair").cast(pl.String)
    return found.select(
        locator=pl.format("{}-{}/{}", pl.col("ccode1").cast(pl.Int64), pl.col("ccode2").cast(pl.Int64), tail),
        reason="reason",
        record=pl.lit(None, pl.String),
    )
