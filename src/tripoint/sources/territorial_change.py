"""Correlates of War Territorial Change, version 6, 1816-2018: land that passed from one political entity to another.

Tir, Schafer, Diehl and Goertz (1998), "Territorial Changes, 1816-1996: Procedures and Data", Conflict Management
and Peace Science 16(1):89, doi:10.1177/073889429801600105.

Rows are of kind ``territorial transfer``: ``state_a`` gained the land and ``state_b`` lost it; ``intensity`` is its
area [km2]. Changes with an entity that was no state at the time on either side (a colony that became independent,
an unclaimed island) are set aside. ``note`` gives how it passed, and whether by force. ``.`` and -9 are missing;
where the month is, the year is all that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, years_held
from tripoint.sources.spells import day
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from tripoint.record import Reading

NUMBERS = ("number", "year", "month", "gainer", "loser", "procedur", "conflict", "indep")
COLUMNS = (*NUMBERS, "area", "pop", "version")
PROCEDURES = {
    1: "conquest",
    2: "annexation",
    3: "cession",
    4: "secession",
    5: "unification",
    6: "mandated territory",
}


def read_territorial_change(files: Files) -> Reading:
    """Read transfers between states; the vintage is the newest number in the column ``version``."""
    import polars as pl

    path = files.one("changes")
    numbers = {**dict.fromkeys(NUMBERS, pl.Int64), "area": pl.Float64, "version": pl.Int64}
    raw = read_delimited(path, columns=COLUMNS, numbers=numbers, nulls=[".", "-9", "-9.00"])
    key = pl.col("number").cast(pl.String).fill_null("?")
    frame, missing = split(
        raw, pl.any_horizontal(pl.col("number", "year", "gainer", "loser").is_null()), "missing value", key
    )
    frame, twice = split(frame, ~pl.col("number").is_first_distinct(), "repeats a change; the first is kept", key)
    month = day(pl.col("year"), pl.col("month"), pl.lit(1))
    frame = frame.with_columns(
        start=pl.coalesce(month, pl.date("year", 1, 1)), end=pl.coalesce(month.dt.month_end(), pl.date("year", 12, 31))
    )
    frame, stateless = with_states(
        frame, {"state_a": "gainer", "state_b": "loser"}, when="end", system="cow", locator=key
    )
    frame, selves = split(frame, pl.col("state_a") == pl.col("state_b"), "a state with itself", key)
    how = pl.col("procedur").replace_strict(PROCEDURES, default=None, return_dtype=pl.String)
    freed = pl.when(pl.col("indep") == 1).then(pl.lit("independence"))
    table = frame.select(
        *("state_a", "state_b", "start", "end"),
        kind=pl.lit("territorial transfer"),
        directed=pl.lit(value=True),
        precision=pl.when(month.is_null()).then(pl.lit("year")).otherwise(pl.lit("month")),
        intensity="area",
        count=pl.lit(1),
        title=pl.format("Territorial change {}", "number"),
        note=pl.concat_str(
            [how, pl.when(pl.col("conflict") == 1).then(pl.lit("by force")), freed], separator="; ", ignore_nulls=True
        ).replace("", None),
        locator=key,
    )
    first, last = years_held(raw, "year", path.name)
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[missing, twice, stateless, selves],
        vintage=str(raw["version"].max()),
        coverage=[cover("territorial transfer", first, last, silence="none")],
    )
