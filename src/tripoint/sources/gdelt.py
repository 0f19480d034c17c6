"""GDELT event files into counts by day, pair and quad class: what the news reported one state to do to another.

Leetaru and Schrodt (2013), GDELT: Global Data on Events, Location and Tone; https://www.gdeltproject.org. Three
layouts are read, told apart by their first line: GDELT 2.0 (61 columns, a file every 15 minutes), GDELT 1.0
(57 columns, 58 since April 2013, a file a day) and the reduced version 2 (17 columns with a header). A file may be
zipped. The archive is too large for a row an event: a fact is a day, an ordered pair of states and a quad class,
its ``count`` the number of distinct events and its ``intensity`` their mean Goldstein score.

Traps: the quad class is not CAMEO's and cannot be derived from the root code, so it is taken from the file; codes
are text; actor countries include regions (AFR, EUR, WST); one article often yields one event several times, which
is counted once (same day, actors, code and address); days that lie exactly 30, 365 or 3,650 days before the record
was added come from words such as "last month" and "a year ago", and are set aside; three quarters of the records
have no country for one of the actors.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files, check_not_html

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

#: Quad class -> kind.
QUADS = {
    1: "verbal cooperation news",
    2: "material cooperation news",
    3: "verbal conflict news",
    4: "material conflict news",
}
#: Days between the event's day and the day it was added that stand for "last month", "last year", "a decade ago".
RELATIVE_DAYS = (30, 365, 3650)
#: Days that stand for "yesterday" and "last week": the event is kept, but its day is not one that was searched.
LATE_DAYS = (1, 7)
#: Actor country code in CAMEO -> ISO code of the same state.
CAMEO_CODES = {"ROM": "ROU", "TMP": "TLS"}
#: A zipped file may inflate to this many bytes.
MAX_INFLATED = 2_000_000_000
_STAMP = 1_000_000  # from YYYYMMDDHHMMSS to YYYYMMDD
_LONGEST_DAY = 99_999_999
_COUNTRY_CHARS = 3
_GROUP = ["day", "added", "a", "b", "quad", "whole"]
_HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand in a kind of file; ``width`` is the number of columns, ``short`` the fewest."""

    name: str
    width: int
    short: int
    id: int | None
    day: int
    actors: tuple[int, int] | None
    countries: tuple[int, int]
    code: int
    quad: int
    goldstein: int
    added: int | None
    url: int | None
    events: int | None = None
    header: bool = False


LAYOUTS = (
    Layout("2.0", 61, 61, 0, 1, (5, 15), (7, 17), 26, 29, 30, 59, 60),
    Layout("1.0", 58, 57, 0, 1, (5, 15), (7, 17), 26, 29, 30, 56, 57),
    Layout("reduced", 17, 17, None, 0, None, (1, 2), 3, 6, 7, None, None, events=4, header=True),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts by day, ordered pair and quad class, and the records that carry none.

    ``counts`` has ``date, state_a, state_b, quad, count, intensity, first, last`` (the latter two: stamps of the
    first and last file). ``tally`` has ``reason, records``, and ``aside`` names them, ``id, reason``, if asked for.
    ``records`` is how many were read; ``days`` are those of the events not reported a day or a week late.
    """

    counts: pl.DataFrame
    aside: pl.DataFrame
    tally: pl.DataFrame
    records: int
    days: pl.Series


@dataclass(frozen=True, slots=True)
class _Pass:
    """What was read from files of one layout."""

    paired: pl.DataFrame
    unpaired: pl.DataFrame | None
    records: int


def read_gdelt(files: Files) -> Reading:
    """Read event files of one or several layouts into news events by day, pair and quad class."""
    import polars as pl

    paths = files.many("events")
    counted = count_events(paths, name_aside=True)
    pair = pl.format("{}/{}-{}/{}", pl.col("date").dt.strftime("%Y%m%d"), "state_a", "state_b", "quad")
    one = pl.col("first") == pl.col("last")
    stamps = pl.when(one).then(pl.format("{}", "first")).otherwise(pl.format("{}..{}", "first", "last"))
    only = pl.lit(paths[0].name if paths else "")
    table = counted.counts.select(
        "state_a",
        "state_b",
        kind=pl.col("quad").replace_strict(QUADS, return_dtype=pl.String),
        directed=pl.lit(value=True),
        start="date",
        end="date",
        precision=pl.lit("day"),
        intensity="intensity",
        count="count",
        note=pl.lit("intensity is the mean Goldstein score"),
        locator=pl.format("{}/{}", stamps.fill_null(only), pair),
    )
    aside = counted.aside.select(locator=pl.col("id").cast(pl.String), reason="reason", record=pl.lit(None, pl.String))
    return assemble(
        files,
        {"events": table},
        rows_in=counted.records,
        aside=[aside],
        coverage=_coverage(counted.days, len(paths)),
        vintage=str(counted.days.max() or ""),
    )


def count_events(paths: Sequence[Path], *, name_aside: bool = False) -> Counted:
    """Count distinct events in files of any layout; repeats are found across all of them.

    Parameters
    ----------
    paths
        Event files, plain or zipped.
    name_aside
        Whether ``aside`` names every record set aside. That takes a second pass; ``tally`` counts them anyway.

    Raises
    ------
    FormatError
        A file is empty, a web page, damaged, or of no layout that is known.
    """
    import polars as pl

    if not paths:
        raise FormatError("no event file; download some from http://data.gdeltproject.org/gdeltv2/lastupdate.txt")
    plain: dict[Layout, list[Path]] = {}
    passes = []
    for path in paths:
        content = _content(path)
        layout = _layout(content, path)
        if isinstance(content, bytes):
            passes.append(_read(layout, [content], path.name, name_aside))
        else:
            plain.setdefault(layout, []).append(content)
    passes += [_read(layout, found, found[0].name, name_aside) for layout, found in plain.items()]
    paired = pl.concat([p.paired for p in passes])
    return _counted(paired, [p.unpaired for p in passes], sum(p.records for p in passes))


def _content(path: Path) -> Path | bytes:
    """Return the file itself, or what a zip holds."""
    if not zipfile.is_zipfile(path):
        check_not_html(path)
        return path
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) != 1:
                raise FormatError(f"{path.name}: {len(members)} files in the archive; an event file has one")
            with archive.open(members[0]) as stream:
                content = stream.read(MAX_INFLATED + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise FormatError(f"{path.name}: not readable as a zip ({error}); fetch it again") from error
    if len(content) > MAX_INFLATED:
        raise FormatError(f"{path.name}: inflates to more than {MAX_INFLATED} bytes; this is no event file")
    return content


def _layout(content: Path | bytes, path: Path) -> Layout:
    """Tell the layout from the number of fields in the first line."""
    if isinstance(content, bytes):
        head = content[:_HEAD_BYTES]
    else:
        with content.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    first = head.split(b"\n", 1)[0]
    width = first.count(b"\t") + 1
    for layout in LAYOUTS:
        if layout.short <= width <= layout.width and first.startswith(b"Date\t") == layout.header:
            return layout
    raise FormatError(
        f"{path.name}: {width} tab-separated fields in the first line; GDELT 2.0 has 61, 1.0 has 57 or 58, "
        "the reduced version 17 with a header"
    )


def _read(layout: Layout, sources: list[Path] | list[bytes], name: str, name_aside: bool) -> _Pass:
    """Read the few columns needed of the records with two countries; ``key`` is null where repeats cannot be told."""
    import polars as pl

    names = [f"c{i}" for i in range(layout.width + 1)]  # one more than there is, to find lines that are too long
    types: dict[str, type[pl.DataType]] = dict.fromkeys(names, pl.String)
    types |= {names[layout.day]: pl.Int32, names[layout.quad]: pl.Int8, names[layout.goldstein]: pl.Float32}
    types |= {names[i]: pl.Int64 for i in (layout.id, layout.added, layout.events) if i is not None}
    lines = pl.scan_csv(
        sources,
        separator="\t",
        quote_char=None,
        has_header=False,
        skip_rows=int(layout.header),
        schema=types,
        missing_columns="insert",
        empty_string_is_null=not layout.header,  # a blank last field is not a line cut short
        row_index_name="line" if layout.id is None else None,
        row_index_offset=2,
    )
    a, b = (pl.col(names[i]) for i in layout.countries)
    if layout.actors is None:  # whole actor codes, which begin with the country if there is one
        a, b = (c.replace("", None).str.slice(0, _COUNTRY_CHARS) for c in (a, b))
    two = a.is_not_null() & b.is_not_null()
    key = pl.lit(None, pl.UInt64)
    if layout.actors is not None and layout.url is not None:
        same = [names[i] for i in (layout.day, *layout.actors, layout.code, layout.url)]
        key = pl.when(pl.col(names[layout.url]).is_not_null()).then(pl.struct(same).hash())
    number = pl.col("line").cast(pl.Int64) if layout.id is None else pl.col(names[layout.id])
    wanted = {
        "id": number if name_aside or layout.header else pl.lit(None, pl.Int64),
        "day": pl.col(names[layout.day]),
        "a": a,
        "b": b,
        "quad": pl.col(names[layout.quad]),
        "goldstein": pl.col(names[layout.goldstein]),
        "events": pl.lit(1, pl.Int64) if layout.events is None else pl.col(names[layout.events]),
        "added": pl.lit(None, pl.Int64) if layout.added is None else pl.col(names[layout.added]),
        "key": key,
        "whole": pl.col(names[layout.short - 1]).is_not_null(),
        "long": pl.col(names[layout.width]) != "",
    }
    try:
        paired = lines.filter(two).select(**wanted).collect(engine="streaming")
        records = lines.select(pl.len()).collect(engine="streaming").item()
        unpaired = lines.filter(~two).select(id=number).collect(engine="streaming") if name_aside else None
    except pl.exceptions.PolarsError as error:
        raise FormatError(f"{name}: {str(error).splitlines()[0]}; the file may be damaged: fetch it again") from error
    if layout.header:
        paired = paired.with_columns(whole=~pl.col("id").is_in(_short_lines(layout, sources).to_list()))
    return _Pass(paired, unpaired, records)


def _short_lines(layout: Layout, sources: list[Path] | list[bytes]) -> pl.Series:
    """Numbers of the lines with fewer fields than the layout has, where the last field may be blank."""
    import polars as pl

    lines = pl.scan_csv(
        sources,
        separator="\x1f",
        quote_char=None,
        has_header=False,
        skip_rows=int(layout.header),
        schema={"text": pl.String},
        row_index_name="line",
        row_index_offset=2,
    )
    few = pl.col("text").str.count_matches("\t", literal=True) + 1 < layout.short
    return lines.filter(few).select(pl.col("line").cast(pl.Int64)).collect(engine="streaming").to_series()


def _counted(paired: pl.DataFrame, unpaired: Sequence[pl.DataFrame | None], records: int) -> Counted:
    """Count what is an event between two states, by way of the few distinct days, codes and classes."""
    import polars as pl

    if paired["long"].any():
        where = paired.filter("long")["id"][0]
        raise FormatError(f"record {where}: more fields than its layout has; the file may be damaged: fetch it again")
    again = paired["key"].is_not_null() & ~paired["key"].is_first_distinct()
    distinct = paired.filter(~again)
    groups = distinct.group_by(_GROUP).agg(
        records=pl.len(),
        events=pl.col("events").sum(),
        # A line of the reduced layout stands for several events.
        weighted=(pl.col("goldstein").cast(pl.Float64) * pl.col("events")).sum(),
    )
    groups = _with_states(_dated(groups)).with_columns(reason=_reason())
    good, bad = groups.filter(pl.col("reason").is_null()), groups.filter(pl.col("reason").is_not_null())
    keys = ["date", "state_a", "state_b", "quad"]
    counts = (
        good.group_by(keys)
        .agg(
            count=pl.col("events").sum(),
            intensity=pl.col("weighted").sum() / pl.col("events").sum(),
            first=pl.col("added").min(),
            last=pl.col("added").max(),
        )
        .sort(keys)
    )
    prompt = ~pl.col("lag").is_in(LATE_DAYS) | pl.col("lag").is_null()
    nowhere, repeats = "no country for one of the actors", "repeats an event of one article"
    named = [ids.select("id", reason=pl.lit(nowhere)) for ids in unpaired if ids is not None]
    if named:
        others = distinct.join(bad, on=_GROUP, nulls_equal=True, maintain_order="left")
        named += [paired.filter(again).select("id", reason=pl.lit(repeats)), others.select("id", "reason")]
    aside = pl.concat(named) if named else pl.DataFrame(schema={"id": pl.Int64, "reason": pl.String})
    known = {"reason": [nowhere, repeats], "records": [records - paired.height, int(again.sum())]}
    tally = pl.concat([pl.DataFrame(known), bad.group_by("reason").agg(pl.col("records").sum().cast(pl.Int64))])
    days = good.filter(prompt)["date"].unique().sort()
    return Counted(counts, aside, tally.filter(pl.col("records") > 0).sort("records", descending=True), records, days)


def _reason() -> pl.Expr:
    """Why a group carries no count; null where it does."""
    import polars as pl

    unknown = [
        pl.when(pl.col(new).is_null()).then(pl.format("no state has the code '{}' in {}", code, "year"))
        for new, code in {"state_a": "a", "state_b": "b"}.items()
    ]
    relative = pl.format("dated {} days before it was added: a relative day", "lag")
    return (
        pl.when(~pl.col("whole"))
        .then(pl.lit("cut short"))
        .when(pl.col("date").is_null())
        .then(pl.lit("no day that can be read"))
        .when(pl.col("lag").is_in(RELATIVE_DAYS))
        .then(relative)
        .when(pl.col("quad").is_null() | ~pl.col("quad").is_in(list(QUADS)))
        .then(pl.lit("no quad class from 1 to 4"))
        .when(pl.col("state_a").is_null() | pl.col("state_b").is_null())
        .then(pl.concat_str(unknown, separator="; ", ignore_nulls=True))
        .when(pl.col("state_a") == pl.col("state_b"))
        .then(pl.lit("a state with itself"))
    )


def _added_day() -> pl.Expr:
    """Day of the stamp, which is YYYYMMDDHHMMSS in GDELT 2.0 and YYYYMMDD in 1.0."""
    import polars as pl

    return pl.when(pl.col("added") > _LONGEST_DAY).then(pl.col("added") // _STAMP).otherwise("added")


def _as_date(number: pl.Expr) -> pl.Expr:
    import polars as pl

    return number.cast(pl.String).str.to_date("%Y%m%d", strict=False)


def _dated(groups: pl.DataFrame) -> pl.DataFrame:
    """Add ``date`` and ``lag``, the days from the event to the record."""
    import polars as pl

    dated = groups.with_columns(date=_as_date(pl.col("day")), stamped=_as_date(_added_day()))
    return dated.with_columns(lag=(pl.col("stamped") - pl.col("date")).dt.total_days())


def _with_states(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the states that bore the codes in the year."""
    import polars as pl

    frame = frame.with_columns(year=pl.col("date").dt.year())
    for new, code in {"state_a": "a", "state_b": "b"}.items():
        pairs = frame.select(code, "year").unique()
        iso = pairs[code].replace(CAMEO_CODES)
        pairs = pairs.with_columns(states.ids(iso, pairs["year"], system="iso3").alias(new))
        frame = frame.join(pairs, on=[code, "year"], how="left", maintain_order="left")
    return frame


def _coverage(days: pl.Series, files: int) -> list[dict[str, object]]:
    """Runs of days with events: what lies between was not searched."""
    import polars as pl

    runs = (
        pl.DataFrame({"day": days})
        .with_columns(run=pl.col("day") - pl.duration(days=pl.int_range(pl.len())))
        .group_by("run", maintain_order=True)
        .agg(start=pl.col("day").min(), end=pl.col("day").max())
    )
    note = f"machine-coded news in the {files} event files loaded; part of a day may be missing"
    return [
        cover(kind, start, end, silence="unproven", note=note)
        for _, start, end in runs.rows()
        for kind in QUADS.values()
    ]
