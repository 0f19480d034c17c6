"""International Crisis Behavior (ICB), dyadic crises since 1918: pairs of states in one crisis.

Brecher, Wilkenfeld, Beardsley, James and Quinn (2023), International Crisis Behavior Data Codebook, Version 15;
Hewitt (2003), "Dyadic Processes and International Crises", Journal of Conflict Resolution 47(5):669,
doi:10.1177/0022002703252973; https://sites.duke.edu/icbdata.

The producer's file has a row for each year of a crisis and a pair; all rows of one pair's crisis carry the same
days, and make one event of kind ``crisis``. A pair is in it when either saw a threat to basic values, a short time
to answer, and a likelier war, and the two faced each other. ``note`` says which of the two was a crisis actor.

States are Correlates of War numbers. A number of an actor of 9999 stands for a state that was no crisis actor. A
day of 66, 77 or 88 is the early, middle or late part of its month. A crisis whose days are empty is still to be
coded by the producer: its year is all that is known. Several releases may lie together: the newest speaks for the
crises that it holds.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, years_held
from tripoint.sources.spells import day
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

SIDES = ("a", "b")
NUMBERS = (
    *("crisno", "year", "statea", "stateb", "actnuma", "actnumb"),
    *("trgyrdy", "trgmody", "trgdady", "trmyrdy", "trmmody", "trmdady"),
)
COLUMNS = (*NUMBERS, "crisname", "namea", "nameb")
NO_ACTOR = 9999
#: Part of a month -> its first and last day.
PARTS = {66: (1, 10), 77: (11, 20), 88: (21, 28)}
_VERSION = re.compile(r"v(\d+)", re.IGNORECASE)


def read_icb(files: Files) -> Reading:
    """Read dyadic crises into events of kind ``crisis``; the vintage is the newest release among the files."""
    import polars as pl

    paths = sorted(files.many("dyads"), key=release, reverse=True)
    if not paths:
        raise FormatError(f"{files.entry.id}: no file of dyadic crises; run: tripoint fetch {files.entry.id}")
    raw = pl.concat(
        read_delimited(p, columns=COLUMNS, numbers=dict.fromkeys(NUMBERS, pl.Int64), ended=False).select(
            *COLUMNS, release=pl.lit(release(p))
        )
        for p in paths
    ).with_columns(_line=pl.int_range(pl.len()))
    key = pl.format("{}/{}-{}/{}#{}", *("crisno", "statea", "stateb", "year", "_line"))
    frame, missing = split(
        raw, pl.any_horizontal(pl.col("crisno", "year", "statea", "stateb").is_null()), "missing value", key
    )
    newest = pl.col("release") == pl.col("release").max().over("crisno")
    frame, older = split(frame, ~newest, "an older release of a crisis", key)
    frame, twice = split(
        frame, ~pl.struct("crisno", "statea", "stateb", "year").is_first_distinct(), "repeats a pair and year", key
    )
    frame, stateless = with_states(frame, {"one": "statea", "two": "stateb"}, when="year", system="cow", locator=key)
    frame, selves = split(frame, pl.col("one") == pl.col("two"), "a state with itself", key)
    table = _events(frame)
    first, last = years_held(table, "start", paths[0].name)
    note = "crises in which a state saw a threat to basic values; lesser quarrels are not"
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[missing, older, twice, stateless, selves],
        vintage=str(release(paths[0])),
        coverage=[cover("crisis", first, last, silence="none", note=note)],
    )


def release(path: Path) -> int:
    """Number of the release in the file's name (``icbdy_v15.csv``)."""
    found = _VERSION.search(path.stem)
    if not found:
        raise FormatError(
            f"{path.name}: the name does not say which release it is; keep the producer's (icbdy_v15.csv)"
        )
    return int(found[1])


def _events(frame: pl.DataFrame) -> pl.DataFrame:
    """One event a crisis and pair of states; spells that a change of state cuts share the locator's number."""
    import polars as pl

    early = {part: low for part, (low, _) in PARTS.items()}
    late = {part: high for part, (_, high) in PARTS.items()}
    known = day(pl.col("trgyrdy"), pl.col("trgmody"), pl.col("trgdady").replace(early))
    ended = day(pl.col("trmyrdy"), pl.col("trmmody"), pl.col("trmdady").replace(late))
    exact = ~pl.any_horizontal(pl.col("trgdady", "trmdady").is_in(list(PARTS)))
    low, high = pl.min_horizontal("one", "two"), pl.max_horizontal("one", "two")
    actors = [pl.when(pl.col(f"actnum{s}") != NO_ACTOR).then(n) for s, n in zip(SIDES, ("one", "two"), strict=True)]
    dated = frame.with_columns(
        state_a=low,
        state_b=high,
        start=pl.coalesce(known, pl.date("year", 1, 1)),
        end=pl.coalesce(ended, pl.when(known.is_null()).then(pl.date("year", 12, 31))),
        precision=pl.when(known.is_null())
        .then(pl.lit("year"))
        .when(exact)
        .then(pl.lit("day"))
        .otherwise(pl.lit("month")),
        actor=pl.concat_str(actors, separator=" ", ignore_nulls=True),
    )
    pair = ["crisno", "state_a", "state_b"]
    first = (
        dated.sort(*pair, "start", "year")
        .group_by(*pair, "start", maintain_order=True)
        .agg(
            pl.col("end", "precision", "crisname").first(),
            pl.col("actor").sort_by(pl.col("actor").str.len_chars()).last().alias("actors"),
            count=pl.lit(1),
        )
    )
    return first.select(
        *("state_a", "state_b", "start", "end", "precision", "count"),
        kind=pl.lit("crisis"),
        directed=pl.lit(value=False),
        intensity=pl.lit(1.0),
        title=pl.format("{} (ICB {})", pl.col("crisname").str.to_titlecase(), "crisno"),
        note=pl.when(pl.col("actors") != "").then(pl.format("crisis actors: {}", "actors")),
        locator=pl.format("{}/{}-{}/{}", "crisno", "state_a", "state_b", "start"),
    )
