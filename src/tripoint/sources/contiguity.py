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

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split
from tripoint.sources.spells import EVER, clip_to_states
from tripoint.sources.tabular import Files, read_delimited, read_r

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading
    from tripoint.states.timeline import System

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
    rules = [
        (pl.col("value") == NOT_CONTIGUOUS, "not contiguous: coverage says so"),
        (~pl.col("value").is_in([float(c) for c in CODES]), "no code of contiguity"),
    ]
    ties, aside = _undirected(raw, rules, system="cow", until=COVERED, by_year=yearly)
    meaning = pl.col("value").cast(pl.Int64).replace_strict(CODES, return_dtype=pl.String)
    table = _table(ties, "contiguity", "year" if yearly else "day", meaning)
    covered = [cover("contiguity", FIRST_DAY, COVERED, silence="none")]
    return assemble(files, {"commitments": table}, rows_in=raw.height, aside=aside, coverage=covered)


def read_capital_distance(files: Files) -> Reading:
    """Read distances between capitals into ties that hold while both states exist."""
    import polars as pl

    numbers = dict.fromkeys(CAPITAL_COLUMNS, pl.Float64)
    raw = read_delimited(files.one("distances"), columns=CAPITAL_COLUMNS, numbers=numbers)
    raw = raw.select(
        ccode1=pl.col("numa").cast(pl.Int64).replace(ANOTHER_NUMBER),
        ccode2=pl.col("numb").cast(pl.Int64).replace(ANOTHER_NUMBER),
        value="kmdist",
        start=pl.lit(FIRST_DAY),
        end=pl.lit(None, pl.Date),
    )
    rules = [(pl.col("value").is_null() | (pl.col("value") < 0), "missing value")]
    ties, aside = _undirected(raw, rules, system="gw", until=EVER, by_year=False)
    table = _table(ties, "capital distance", "day", pl.lit("between capitals; the source gives no year"))
    covered = [
        cover("capital distance", FIRST_DAY, date(2007, 12, 31), silence="none", note="without Kosovo and South Sudan")
    ]
    return assemble(files, {"commitments": table}, rows_in=raw.height, aside=aside, coverage=covered)


def read_minimum_distance(files: Files) -> Reading:
    """Read yearly shortest distances into ties; years that follow each other with one distance are one tie."""
    import polars as pl

    path = files.one("distances")
    raw = read_r(path, columns=MINIMUM_COLUMNS)
    if not raw.height:
        raise FormatError(f"{path.name}: no rows; the file may be cut short: fetch it again")
    raw = raw.select(pl.col("ccode1", "ccode2", "year").cast(pl.Int64), value="mindist")
    raw = raw.with_columns(start=pl.date("year", 1, 1), end=pl.date("year", 12, 31))
    first, last = (int(raw.select(f).item()) for f in (pl.col("year").min(), pl.col("year").max()))
    rules = [(pl.col("value").is_null(), "missing value")]
    ties, aside = _undirected(raw, rules, system="cow", until=date(last, 12, 31), by_year=True)
    table = _table(ties, "minimum distance", "year", pl.lit(None, pl.String))
    covered = [cover("minimum distance", first, last, silence="none")]
    return assemble(files, {"commitments": table}, rows_in=raw.height, aside=aside, coverage=covered)


def _contiguous_spells(path: Path) -> pl.DataFrame:
    import polars as pl

    raw = read_r(path, columns=SPELL_COLUMNS).select(pl.col(SPELL_COLUMNS).cast(pl.Int64))
    start, end = (pl.col(c).cast(pl.Int32).cast(pl.Date) for c in ("stdate", "enddate"))
    return raw.select(
        "ccode1",
        "ccode2",
        value=pl.col("conttype").cast(pl.Float64),
        start=start,
        end=pl.when(end < CONTIGUITY_END).then(end),
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


def _undirected(
    raw: pl.DataFrame, rules: Sequence[tuple[pl.Expr, str]], *, system: System, until: date, by_year: bool
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Join both directions of a pair (and its years) into one tie of two states; account for every record.

    ``raw`` has ``ccode1 ccode2 value start end``, and ``year`` where ``by_year``.
    """
    import polars as pl

    key = pl.format("{}-{}/{}", "ccode1", "ccode2", "start")
    fields = ["ccode1", "ccode2", "start"]
    own = [(pl.col("ccode1") == pl.col("ccode2"), "a state with itself")]
    own.append((~pl.struct(fields).is_first_distinct(), "repeats a pair; the first is kept"))
    frame, aside = raw, []
    for broken, reason in [*rules, *own]:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    records = frame.with_columns(key=key, ccode1=low, ccode2=high)
    ties = records.unique(fields, keep="first", maintain_order=True)
    ties = _runs(ties, until) if by_year else ties
    ties = ties.with_row_index("tie")
    codes = {"state_a": "ccode1", "state_b": "ccode2"}
    clipped, lost = clip_to_states(
        ties, codes, system=system, locator=pl.col("tie").cast(pl.String), until=until, by_year=by_year
    )
    clipped = clipped.filter(pl.col("state_a") != pl.col("state_b"))
    reasons = lost.select("reason", tie=pl.col("locator").cast(pl.UInt32))
    gone = ties.join(clipped, on="tie", how="anti").join(reasons, on="tie", how="left", maintain_order="left")
    gone = gone.with_columns(pl.col("reason").fill_null("one state under two numbers"))
    gone = gone.explode("starts", empty_as_null=False).with_columns(start="starts") if by_year else gone
    unheld = records.join(gone.select(*fields, "reason"), on=fields)
    return clipped, [*aside, unheld.select("reason", locator="key", record=pl.lit(None, pl.String))]


def _runs(frame: pl.DataFrame, until: date) -> pl.DataFrame:
    """Join years of a pair that follow each other with the same value; the last year covered is not an end."""
    import polars as pl

    frame = frame.sort("ccode1", "ccode2", "year")
    pair = ["ccode1", "ccode2"]
    fresh = (pl.col("year").diff().over(pair) != 1) | (pl.col("value").diff().over(pair) != 0)
    run = fresh.fill_null(value=True).cast(pl.Int32).cum_sum()
    runs = frame.with_columns(run=run).group_by("run", maintain_order=True)
    ties = runs.agg(pl.col(*pair, "value", "start").first(), pl.col("end").last(), starts=pl.col("start"))
    return ties.with_columns(end=pl.when(pl.col("end") < until).then("end")).drop("run")


def _table(ties: pl.DataFrame, kind: str, precision: str, note: pl.Expr) -> pl.DataFrame:
    import polars as pl

    low, high = pl.min_horizontal("state_a", "state_b"), pl.max_horizontal("state_a", "state_b")
    return ties.with_columns(state_a=low, state_b=high).select(
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
