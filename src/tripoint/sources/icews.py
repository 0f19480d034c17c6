"""ICEWS coded events into counts by day, pair and quad class.

Boschee, Lautenschlager, O'Brien, Shellman, Starr and Ward (2015), ICEWS Coded Event Data, doi:10.7910/DVN/28075. A
file is tab-separated with 20 columns and a header; ended in April 2023; research and education only.

The quad class is derived from the CAMEO root code as the CAMEO manual groups it: 01-05 verbal cooperation, 06-08
material cooperation, 09-13 verbal conflict, 14-20 material conflict. GDELT groups 09 and 14 otherwise, so that the
two sources are not to be added up.

Traps: countries are names; codes are text; the actors of a record are sectors and persons, so that many records are
within one state; a story yields an event once a sentence, which is counted once (same day, actors, code and story).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.dates import read_days
from tripoint.sources.resolve import split, with_states
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

ID, DAY, FROM, TO, CODE, SCORE, STORY = (
    "Event ID",
    "Event Date",
    "Source Country",
    "Target Country",
    "CAMEO Code",
    "Intensity",
    "Story ID",
)
ACTORS = ("Source Name", "Target Name")
COLUMNS = (ID, DAY, FROM, TO, CODE, SCORE, STORY, *ACTORS)
#: Last root code of each class -> kind, in CAMEO's own order.
CLASSES = {
    5: "verbal cooperation news",
    8: "material cooperation news",
    13: "verbal conflict news",
    20: "material conflict news",
}
MISSING = ("NA", "")
SHORTEST_CODE = 2
#: So many codes without one that begins with 0 do not occur: more than half of all events are verbal cooperation.
ENOUGH_CODES = 50


def read_icews(files: Files) -> Reading:
    """Read event files into news events by day, ordered pair of states and quad class."""
    import polars as pl

    paths = files.many("events")
    if not paths:
        raise FormatError(f"{files.entry.id}: no event file; run: tripoint fetch {files.entry.id}")
    opened = [_open(path) for path in paths]
    raw = pl.concat(opened)
    key = pl.col(ID).fill_null("?")
    rules: list[tuple[pl.Expr, str]] = [
        (pl.col(DAY).is_null() | pl.col(CODE).is_null() | pl.col(ID).is_null(), "cut short"),
        (pl.col("date").is_null(), "no day that can be read"),
        (pl.any_horizontal(pl.col(FROM, TO).is_null()), "no country for one of the actors"),
        (~pl.col("root").is_between(1, max(CLASSES)) | pl.col("root").is_null(), "no CAMEO root code from 01 to 20"),
        (
            pl.col(STORY).is_not_null() & ~pl.struct(DAY, *ACTORS, CODE, STORY).is_first_distinct(),
            "repeats an event of one story",
        ),
    ]
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    frame, unknown = with_states(frame, {"state_a": FROM, "state_b": TO}, when="date", system="name", locator=key)
    frame, home = split(frame, pl.col("state_a") == pl.col("state_b"), "a state with itself", key)
    table = _counts(frame)
    last = raw["date"].max()
    if not isinstance(last, date):
        raise FormatError(f"{paths[0].name}: no record with a day; is this another file?")
    spans = sorted({(f["date"].min(), f["date"].max()) for f in opened if f["date"].drop_nulls().len()})
    note = "machine-coded news in the event files loaded, not in those that were not"
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[*aside, unknown, home],
        coverage=[
            cover(kind, first, until, silence="unproven", note=note)
            for first, until in spans
            if isinstance(first, date) and isinstance(until, date)
            for kind in CLASSES.values()
        ],
        vintage=last.isoformat(),
    )


def _open(path: Path) -> pl.DataFrame:
    """One file, with its days and root codes; refused where codes lost their zero: 011 would be read as 11."""
    import polars as pl

    raw = read_delimited(path, columns=COLUMNS, separator="\t", quote=None, numbers={SCORE: pl.Float64}, nulls=MISSING)
    raw = raw.select(COLUMNS).with_columns(
        file=pl.lit(path.name),
        date=read_days(raw[DAY], path),
        root=pl.col(CODE).str.slice(0, 2).cast(pl.Int32, strict=False),
    )
    codes = raw[CODE].drop_nulls()
    odd = bool((raw["root"] > max(CLASSES)).any()) or bool((codes.str.len_chars() < SHORTEST_CODE).any())
    if len(codes) and not codes.str.starts_with("0").any() and (odd or len(codes) >= ENOUGH_CODES):
        raise FormatError(
            f"{path.name}: no CAMEO code begins with 0 (the first is '{codes[0]}'): another program has read them as "
            "numbers, and 011 is not 11; take the producer's file"
        )
    return raw


def _counts(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    kind = pl.lit(None, pl.String)
    for last, name in sorted(CLASSES.items(), reverse=True):
        kind = pl.when(pl.col("root") <= last).then(pl.lit(name)).otherwise(kind)
    keys = ["date", "state_a", "state_b", "kind"]
    grouped = (
        frame.with_columns(kind=kind)
        .group_by(keys)
        .agg(count=pl.len(), intensity=pl.col(SCORE).mean(), files=pl.col("file").unique().sort().str.join("+"))
        .sort(keys)
    )
    return grouped.select(
        "state_a",
        "state_b",
        "kind",
        "count",
        "intensity",
        directed=pl.lit(value=True),
        start="date",
        end="date",
        precision=pl.lit("day"),
        note=pl.lit("intensity is the mean ICEWS score"),
        locator=pl.format("{}/{}/{}-{}/{}", "files", "date", "state_a", "state_b", "kind"),
    )
