"""UCDP Georeferenced Event Dataset (GED): single events of organized violence with their deaths, since 1989.

Sundberg and Melander (2013), "Introducing the UCDP Georeferenced Event Dataset", Journal of Peace Research 50(4):523,
doi:10.1177/0022343313484347; https://ucdp.uu.se/downloads. The yearly release and the monthly candidate files have one
layout (``GEDEvent*.csv``); an R file of 1,000 sampled events has it too.

An event between two states, or of a state against an armed group (``state_b`` is null), is a row of kind ``clash`` with
the best estimate of deaths. Events without a state among the two sides are set aside. States are Gleditsch-Ward
numbers. ``date_prec`` 1 is a day, 2-4 lie within a month, 5 within a year.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states
from tripoint.sources.tabular import Files, read_delimited, read_r

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

COLUMNS = (
    *("id", "type_of_violence", "conflict_name", "side_a", "side_b", "gwnoa", "gwnob"),
    *("date_start", "date_end", "date_prec", "best", "low", "high"),
)
_WHOLE = ("id", "type_of_violence", "gwnoa", "gwnob", "date_prec")
PRECISIONS = {1: "day", 2: "month", 3: "month", 4: "month", 5: "year"}
FIRST_YEAR = 1989


def read_ucdp_ged(files: Files) -> Reading:
    """Read events into rows of kind ``clash``; the vintage is the day of the latest event."""
    import polars as pl

    paths = files.many("events")
    if not paths:
        raise FormatError(f"{files.entry.id}: no file of events; run: tripoint fetch {files.entry.id}")
    raw = pl.concat(_open(path) for path in paths)
    key = pl.col("id").cast(pl.String)
    rules = [
        (pl.any_horizontal(pl.col("id", "start", "best").is_null()), "missing value"),
        (~key.is_first_distinct(), "repeats an event; the first is kept"),
        (pl.col("end") < pl.col("start"), "ends before it begins"),
        (pl.col("gwnoa").is_null() & pl.col("gwnob").is_null(), "no state takes part"),
    ]
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key.fill_null("?"))
        aside.append(out)
    frame = frame.with_columns(one=pl.coalesce("gwnoa", "gwnob"), year=pl.col("start").dt.year())
    frame = frame.with_columns(other=pl.when(pl.col("gwnoa").is_not_null()).then("gwnob"))
    known, stateless = with_states(frame, {"state_1": "one"}, when="year", system="gw", locator=key)
    pair, alone = known.filter(pl.col("other").is_not_null()), known.filter(pl.col("other").is_null())
    pair, strange = with_states(pair, {"state_2": "other"}, when="year", system="gw", locator=key)
    both = pl.concat([pair, alone.with_columns(state_2=pl.lit(None, pl.String))], how="diagonal")
    table = both.select(
        "start",
        "end",
        state_a=pl.min_horizontal("state_1", "state_2"),
        state_b=pl.when(pl.col("state_2").is_not_null()).then(pl.max_horizontal("state_1", "state_2")),
        kind=pl.lit("clash"),
        directed=pl.lit(value=False),
        precision=pl.col("date_prec").replace_strict(PRECISIONS, default="year", return_dtype=pl.String),
        intensity="best",
        count=pl.lit(1),
        title="conflict_name",
        note=pl.format(
            "{} - {}; deaths {} to {}", "side_a", "side_b", *(pl.col(c).cast(pl.Int64) for c in ("low", "high"))
        ),
        locator=key,
    )
    last = raw["end"].max()
    if not isinstance(last, date):
        raise FormatError(f"{paths[0].name}: no event with a day; is this another file?")
    sampled = any(path.suffix == ".rda" for path in paths)
    note = (
        "a random sample of 1,000 events"
        if sampled
        else "events with at least one death; later releases add and revise"
    )
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[*aside, stateless, strange],
        coverage=[cover("clash", FIRST_YEAR, last, silence="unproven", note=note)],
        vintage=last.isoformat(),
    )


def _open(path: Path) -> pl.DataFrame:
    import polars as pl

    if path.suffix == ".rda":
        raw = read_r(path, columns=COLUMNS)
        days = {c: pl.from_epoch(pl.col(c).cast(pl.Int64), time_unit="s").dt.date() for c in ("date_start", "date_end")}
    else:
        raw = read_delimited(path, columns=COLUMNS, nulls=[""])
        days = {c: pl.col(c).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False) for c in ("date_start", "date_end")}
    return raw.select(
        *(pl.col(c).cast(pl.Float64, strict=False).cast(pl.Int64) for c in _WHOLE),
        *(pl.col(c).cast(pl.Float64, strict=False) for c in ("best", "low", "high")),
        *("conflict_name", "side_a", "side_b"),
        start=days["date_start"],
        end=days["date_end"],
    )
