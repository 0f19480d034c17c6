"""Militarized Interstate Events (MIE) 1.0, 1816-2014: threats, displays and uses of force between states, by day.
day.

Gibler and Miller (2024), "The Militarized Interstate Events (MIE) dataset, 1816-2014", Conflict Management and
Peace Science 41(4):463, doi:10.1177/07388942231196109. Confrontations (``micnum``) hold events; an event is an act
of ``ccode1`` against ``ccode2`` with its deaths on either side.

Rows are of kind ``militarized act``, directed; ``intensity`` is the hostility of the act: 2 threat, 3 display, 4
use of force, 5 war. The deaths are bounds, in ``note``. -9 is missing: a day that is missing leaves its month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, years_held
from tripoint.sources.spells import day
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from tripoint.record import Reading

_DAYS = ("styear", "stmon", "stday", "endyear", "endmon", "endday")
_DEATHS = ("fatalmin1", "fatalmax1", "fatalmin2", "fatalmax2")
NUMBERS = ("micnum", "eventnum", "ccode1", "ccode2", *_DAYS, "action", "hostlev", *_DEATHS)
MISSING = -9
ACTIONS = {
    1: "threat to use force",
    2: "threat to blockade",
    3: "threat to occupy territory",
    4: "threat to declare war",
    5: "threat to use weapons of mass destruction",
    6: "threat to join a war",
    7: "show of force",
    8: "alert",
    9: "nuclear alert",
    10: "mobilization",
    11: "fortification of the border",
    12: "border violation",
    13: "blockade",
    14: "occupation of territory",
    15: "seizure",
    16: "attack",
    17: "clash",
    18: "declaration of war",
    19: "use of weapons of mass destruction",
    20: "begin of war",
    21: "joining of a war",
    22: "battle in a war",
}


def read_mie(files: Files) -> Reading:
    """Read events into directed rows of kind ``militarized act``; the vintage is the column ``version``."""
    import polars as pl

    path = files.one("events")
    raw = read_delimited(path, columns=(*NUMBERS, "version"), numbers=dict.fromkeys(NUMBERS, pl.Int64))
    key = pl.format("{}/{}", pl.col("micnum").fill_null(-1), pl.col("eventnum").fill_null(-1))
    frame = raw.with_columns(pl.when(pl.col(c) != MISSING).then(c).alias(c) for c in NUMBERS)
    first = day(pl.col("styear"), pl.col("stmon"), pl.col("stday").fill_null(1))
    last = day(pl.col("endyear"), pl.col("endmon"), pl.col("endday").fill_null(1))
    frame = frame.with_columns(
        start=first, end=pl.when(pl.col("endday").is_null()).then(last.dt.month_end()).otherwise(last)
    )
    frame, missing = split(
        frame,
        pl.any_horizontal(pl.col("micnum", "eventnum", "ccode1", "ccode2", "start").is_null()),
        "missing value",
        key,
    )
    frame, twice = split(frame, ~key.is_first_distinct(), "repeats an event; the first is kept", key)
    frame, backward = split(frame, pl.col("end") < pl.col("start"), "ends before it begins", key)
    frame, stateless = with_states(
        frame, {"state_a": "ccode1", "state_b": "ccode2"}, when="start", system="cow", locator=key
    )
    frame, selves = split(frame, pl.col("state_a") == pl.col("state_b"), "a state with itself", key)
    whole = pl.col("stday").is_not_null() & pl.col("endday").is_not_null()
    deaths = [
        pl.format("deaths of {} {} to {}", f"state_{s}", f"fatalmin{n}", f"fatalmax{n}")
        for s, n in (("a", 1), ("b", 2))
    ]
    act = pl.col("action").replace_strict(ACTIONS, default=None, return_dtype=pl.String)
    table = frame.select(
        *("state_a", "state_b", "start", "end"),
        kind=pl.lit("militarized act"),
        directed=pl.lit(value=True),
        precision=pl.when(whole).then(pl.lit("day")).otherwise(pl.lit("month")),
        intensity=pl.col("hostlev").cast(pl.Float64),
        count=pl.lit(1),
        title=pl.format("{} (MIC {})", pl.coalesce(act, pl.format("action {}", "action"), pl.lit("act")), "micnum"),
        note=pl.concat_str(deaths, separator="; ", ignore_nulls=True).replace("", None),
        locator=key,
    )
    since, until = years_held(frame, "start", path.name)

    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[missing, twice, backward, stateless, selves],
        vintage=str(raw["version"][0]).removeprefix("mie-"),
        coverage=[cover("militarized act", since, until, silence="none")],
    )
