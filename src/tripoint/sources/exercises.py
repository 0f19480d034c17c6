"""Multinational Military Exercises (MME) 7: joint exercises of the armed forces of two or more states, 1980-2010.

D'Orazio and Galambos, doi:10.7910/DVN/KHFODX. A record is an exercise with up to 39 participants in as many
columns; a fact is a pair of participants.

Traps: participants are written as names of today ("Russia" in 1985 is the Soviet Union); -9 stands for unnamed
participants and for an exercise without a name; "xx" is an unknown day; three numbers were given to two exercises
each; six exercises end before they begin, and their end is left unknown; NATO and territories stand among states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint import states
from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split
from tripoint.sources.spells import day
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

KIND = "joint exercise"
FIRST_YEAR, LAST_YEAR = 1980, 2010
ID, NAME, SERIES, PLACE = "MMEID", "Ex_Name", "Series_Name", "Location"
DATES = ("s.year", "s.month", "s.day", "e.year", "e.month", "e.day")
#: Column -> word in the note, where the column is 1.
TRAITS = {
    "CPX": "command post",
    "Air": "air",
    "Land": "land",
    "Sea": "sea",
    "Amphibious": "amphibious",
    "Cyber": "cyber",
    "Warfighting": "warfighting",
    "Peacekeeping": "peacekeeping",
    "Humanitarian": "humanitarian",
}
#: Columns of participants begin so.
PARTICIPANT = "State"
UNNAMED = "-9"
UNKNOWN_DAY = "xx"
#: Name in the file -> name of the state that bore it before a year.
NAMES = {"Russia": ("Soviet Union", 1992), "Serbia": ("Yugoslavia", 2003)}


def read_mme(files: Files) -> Reading:
    """Read exercises into one undirected event a pair of participating states."""
    import polars as pl

    path = files.one("exercises")
    raw = _raw(path)
    exercises, remarks = apply_corrections(raw, files.entry.id, "exercises")
    said = [c for c in exercises.columns if c != "key"]
    exercises, copies = split(exercises, ~pl.struct(said).is_first_distinct(), "the same as another row", pl.col("key"))
    exercises = _dated(exercises)
    undated = exercises.filter(pl.col("start").is_null())
    if undated.height:
        raise FormatError(f"{path.name}: {undated.height} exercises begin on no day there is; first: {undated[ID][0]}")
    present, elsewhere = _participants(exercises)
    exercises = exercises.join(elsewhere, on="key", how="left", maintain_order="left").join(
        present.group_by("key").agg(named=pl.len()), on="key", how="left", maintain_order="left"
    )
    key = pl.col("key")
    nobody = pl.col("named").is_null() & pl.col("other").is_null()
    exercises, unnamed = split(exercises, nobody, "no participant named", key)
    few = pl.concat_str(
        [pl.lit("fewer than two states named"), pl.format("not a state then: {}", "other")],
        separator="; ",
        ignore_nulls=True,
    )
    exercises, alone = split(exercises, pl.col("named").fill_null(0) < 2, few, key)
    return assemble(
        files,
        {"events": _pairs(exercises, present)},
        rows_in=raw.height,
        aside=[unnamed, alone, copies],
        coverage=[
            cover(
                KIND,
                FIRST_YEAR,
                LAST_YEAR,
                silence="none",
                note="exercises of which open sources name the participants",
            )
        ],
        remarks=remarks,
    )


def _raw(path: Path) -> pl.DataFrame:
    import polars as pl

    raw = read_delimited(
        path, columns=(ID, NAME, SERIES, PLACE, *DATES, *TRAITS, "StateA", "StateB"), nulls=[""], ended=False
    )
    if raw[ID].null_count():
        raise FormatError(f"{path.name}: an exercise has no number; the file may be cut short: fetch it again")
    turn = pl.int_range(pl.len()).over(ID) + 1
    return raw.with_columns(key=pl.when(turn > 1).then(pl.format("{}#{}", ID, turn)).otherwise(ID))


def _dated(exercises: pl.DataFrame) -> pl.DataFrame:
    """Add ``start``, ``end`` and ``precision``; an unknown last day is the last of the month."""
    import polars as pl

    vague = {side: pl.col(f"{side}.day") == UNKNOWN_DAY for side in "se"}
    days = {
        side: day(
            pl.col(f"{side}.year"),
            pl.col(f"{side}.month"),
            pl.when(vague[side]).then(pl.lit("1")).otherwise(pl.col(f"{side}.day")),
        )
        for side in "se"
    }
    last = pl.when(vague["e"]).then(days["e"].dt.month_end()).otherwise(days["e"])
    return exercises.with_columns(
        start=days["s"],
        end=pl.when(last >= days["s"]).then(last),
        backward=last < days["s"],
        precision=pl.when(vague["s"] | vague["e"]).then(pl.lit("month")).otherwise(pl.lit("day")),
    )


def _participants(exercises: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the states in each exercise, and for each the participants that are no states, joined into ``other``."""
    import polars as pl

    columns = [c for c in exercises.columns if c.startswith(PARTICIPANT)]
    long = (
        exercises.select("key", "start", name=pl.concat_list(columns))
        .explode("name", empty_as_null=True)
        .with_columns(pl.col("name").str.strip_chars())
        .filter(pl.col("name").is_not_null() & (pl.col("name") != UNNAMED))
    )
    year = pl.col("start").dt.year()
    usual = pl.col("name")
    for name, (older, until) in NAMES.items():
        usual = pl.when((pl.col("name") == name) & (year < until)).then(pl.lit(older)).otherwise(usual)
    long = long.with_columns(usual=usual, year=year)
    known = long.select("usual", "year").unique()
    known = known.with_columns(state=states.ids(known["usual"], known["year"], system="name"))
    long = long.join(known, on=["usual", "year"], how="left", maintain_order="left")
    present = long.filter(pl.col("state").is_not_null()).unique(["key", "state"], keep="first", maintain_order=True)
    other = (
        long.filter(pl.col("state").is_null())
        .group_by("key", maintain_order=True)
        .agg(other=pl.col("name").unique(maintain_order=True).str.join(", "))
    )
    return present.select("key", "state"), other


def _pairs(exercises: pl.DataFrame, present: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    def named(column: str) -> pl.Expr:
        return pl.when(pl.col(column) != UNNAMED).then(pl.col(column))

    traits = [pl.when(pl.col(c) == "1").then(pl.lit(word)) for c, word in TRAITS.items()]
    notes = [
        pl.concat_str(traits, separator=", ", ignore_nulls=True).replace("", None),
        pl.format("at {}", named(PLACE)),
        pl.when(pl.col("named") > 2).then(pl.format("{} states", "named")),
        pl.format("also {}", "other"),
        pl.when("backward").then(pl.lit("the file's last day is before the first")),
        pl.col("correction"),
    ]
    about = exercises.select(
        "key",
        "start",
        "end",
        "precision",
        event="key",
        participants="named",
        title=pl.coalesce(named(NAME), named(SERIES)),
        note=pl.concat_str(notes, separator="; ", ignore_nulls=True).replace("", None),
    )
    other = present.rename({"state": "state_b"})
    return (
        about.join(present.rename({"state": "state_a"}), on="key", maintain_order="left")
        .join(other, on="key", maintain_order="left")
        .filter(pl.col("state_a") < pl.col("state_b"))
        .with_columns(
            kind=pl.lit(KIND),
            directed=pl.lit(value=False),
            count=pl.lit(1),
            locator=pl.format("{}/{}-{}", "key", "state_a", "state_b"),
        )
        .drop("key")
    )
