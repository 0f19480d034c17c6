"""The producers' files, brought to one table of events: GDELT 1.0 and 2.0, ICEWS, POLECAT.

GDELT 2.0 (61 columns, a file every 15 minutes) and 1.0 (57 columns, 58 since April 2013; a file a day, before that a
month or a year) have no header and no quotes. ICEWS (20 columns; Boschee et al. 2015, doi:10.7910/DVN/28075) and
POLECAT (40 columns; Halterman et al. 2023, doi:10.7910/DVN/AJGVIT) have a header.

Traps: codes are text, and a file whose codes lost their leading zeros says something else; GDELT's quad class is not
CAMEO's and is taken from the file; ICEWS has none, and the class follows from the root code as the CAMEO manual groups
it; POLECAT names several countries in one field, and such a record is an event between each two of them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.events.codes import as_number
from tripoint.events.columns import COLUMNS, QUADS, Family

if TYPE_CHECKING:
    import polars as pl

_STAMPED = re.compile(r"^\d{14}\.(translation\.)?export\.CSV(\.zip)?$", re.IGNORECASE)
_HTML = (b"<!doctype html", b"<html")
#: Last CAMEO root code of each quad class, in the manual's own order.
_LAST_ROOTS = ((5, 1), (8, 2), (13, 3), (20, 4))
_GDELT = {
    "GLOBALEVENTID": 0,
    "SQLDATE": 1,
    "Actor1Code": 5,
    "Actor1CountryCode": 7,
    "Actor2Code": 15,
    "Actor2CountryCode": 17,
    "IsRootEvent": 25,
    "EventCode": 26,
    "EventRootCode": 28,
    "QuadClass": 29,
    "GoldsteinScale": 30,
    "NumArticles": 33,
}
_ICEWS = (
    "Event ID",
    "Event Date",
    "Source Name",
    "Source Country",
    "CAMEO Code",
    "Intensity",
    "Target Name",
    "Target Country",
    "Story ID",
    "Sentence Number",
)
_POLECAT = (
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Actor Name",
    "Actor Country",
    "Recipient Name",
    "Recipient Country",
)
_TYPES = {"int64": "Int64", "float64": "Float64", "string": "String"}


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of one file; ``first`` when its first line, which may be a header, is among them."""

    name: str
    content: bytes
    first: bool = True
    header: bytes = b""


@dataclass(frozen=True, slots=True)
class Events:
    """Events read: a frame with the columns of ``COLUMNS``, lines in all, and lines that were cut short."""

    frame: pl.DataFrame
    lines: int
    short: int


def read_blocks(family: Family, blocks: Sequence[Block]) -> Events:
    """Read whole lines of files of one family.

    Raises
    ------
    FormatError
        A block is empty, a web page, of another layout, has bytes that are no text, lines too long, or codes that
        lost their leading zeros; the message names the file where there is one block.
    """
    for block in blocks:
        check_block(family, block)
    name = blocks[0].name if len(blocks) == 1 else f"{blocks[0].name} and {len(blocks) - 1} others"
    return _READERS[family](list(blocks), name)


def check_block(family: Family, block: Block) -> None:
    """Raise ``FormatError`` where a block cannot be of its family, before it is parsed."""
    head = block.content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        raise FormatError(f"{block.name}: the file is empty; fetch it again")
    if head.startswith(_HTML):
        raise FormatError(f"{block.name}: this is a web page, not data; the address may have moved: fetch it again")
    if (nul := block.content.find(b"\0")) >= 0:
        line = block.content.count(b"\n", 0, nul) + 1
        raise FormatError(f"{block.name}, line {line}: a NUL byte; the file is damaged: fetch it again")
    if family in ("gdelt", "gdelt-1"):
        width = block.content.split(b"\n", 1)[0].count(b"\t") + 1
        wanted = (61,) if family == "gdelt" else (57, 58)
        if width not in wanted:
            known = "61 (GDELT 2.0)" if family == "gdelt" else "57 or 58 (GDELT 1.0)"
            raise FormatError(
                f"{block.name}: {width} tab-separated fields in its first line, {known} are expected; "
                "is it named for another layout, or damaged?"
            )


def family_of(name: str) -> Family | None:
    """The family that a file's name is of; None where the name does not say."""
    base = name.rsplit("/", 1)[-1]
    if _STAMPED.search(base):
        return "gdelt"
    if re.fullmatch(r"(\d{8}\.export\.csv(\.zip)?|(19|20)\d{2}(0[1-9]|1[0-2])?\.(zip|csv))", base, re.IGNORECASE):
        return "gdelt-1"
    if re.search(r"ngec|polecat", base, re.IGNORECASE):
        return "polecat"
    if re.search(r"events?[._-].*\.(tab|zip|txt)$|icews", base, re.IGNORECASE):
        return "icews"
    return None


def stamp_of(name: str) -> str:
    """The digits that date a file, ``20240229134500``, ``20240229``, ``200601`` or ``1979``; empty where none do."""
    base = name.rsplit("/", 1)[-1]
    found = re.search(r"(?<!\d)(\d{14}|\d{8}|(?:19|20)\d{4}|(?:19|20)\d{2})(?!\d)", base)
    return found[1] if found else ""


def _gdelt(blocks: list[Block], name: str, width: int, needed: int, added: int, url: int) -> Events:
    import polars as pl

    names = [f"c{i}" for i in range(width + 1)]  # one more than there is, to find lines that are too long
    types: dict[str, type[pl.DataType]] = dict.fromkeys(names, pl.String)
    places = _GDELT | {"DATEADDED": added, "SOURCEURL": url}
    types |= {f"c{i}": getattr(pl, _TYPES[COLUMNS[c]]) for c, i in places.items()}
    lines = pl.scan_csv(
        [b.content for b in blocks],
        separator="\t",
        quote_char=None,
        has_header=False,
        schema=types,
        missing_columns="insert",
    ).select(
        **{column: f"c{places[column]}" for column in COLUMNS},
        whole=pl.col(names[needed - 1]).is_not_null(),
        long=pl.col(names[width]).is_not_null(),
    )
    try:
        found = lines.collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise FormatError(f"{name}: {str(error).splitlines()[0]}; the file may be damaged: fetch it again") from error
    return _checked(found, name)


def _gdelt_2(blocks: list[Block], name: str) -> Events:
    return _gdelt(blocks, name, 61, 61, 59, 60)


def _gdelt_1(blocks: list[Block], name: str) -> Events:
    return _gdelt(blocks, name, 58, 57, 56, 57)


def _checked(found: pl.DataFrame, name: str) -> Events:
    """Take out lines cut short, and refuse lines too long and codes without their zeros."""
    import polars as pl

    if found["long"].any():
        first = found.filter("long")["GLOBALEVENTID"][0]
        raise FormatError(f"{name}: record {first} has more fields than the layout; the file may be damaged")
    whole = found.filter("whole")
    bad = whole.filter(
        (pl.col("EventRootCode").str.len_bytes() != 2) | ~pl.col("EventCode").str.len_bytes().is_between(2, 4)
    )
    if bad.height:
        row = bad.row(0, named=True)
        raise FormatError(
            f"{name}: record {row['GLOBALEVENTID']} has code '{row['EventCode']}', root '{row['EventRootCode']}'; "
            "codes are text with leading zeros (014, root 01) and this file has lost them: get it as it was published"
        )
    return Events(whole.select(list(COLUMNS)), found.height, found.height - whole.height)


def _delimited(blocks: list[Block], name: str, columns: Sequence[str], encoding: str) -> pl.DataFrame:
    """Read named columns of files with a header as text, each line's number of fields checked by the parser."""
    import polars as pl

    frames = []
    for block in blocks:
        content = block.content if block.first else block.header + block.content
        if encoding != "utf8":
            content = content.decode(encoding).encode()
        header = content.split(b"\n", 1)[0].decode("utf-8", "replace").strip("\r\ufeff").split("\t")
        if missing := [c for c in columns if c not in header]:
            raise FormatError(
                f"{block.name}: no column {', '.join(missing)}; releases differ: use the tab-separated event file "
                "as its producer publishes it"
            )
        try:
            frame = pl.read_csv(
                io.BytesIO(content),
                separator="\t",
                quote_char=None,
                has_header=True,
                new_columns=header,
                infer_schema=False,
                truncate_ragged_lines=False,
            )
        except pl.exceptions.PolarsError as error:
            raise FormatError(f"{name}: {str(error).splitlines()[0]}; the file may be damaged") from error
        frames.append(frame.select(columns))
    return pl.concat(frames).with_columns(pl.col(pl.String).replace({"NA": None, "None": None, "": None}))


def _day(column: str) -> pl.Expr:
    """A day written 2018-06-01 as a whole number; null where it is no day."""
    import polars as pl

    return pl.col(column).str.to_date("%Y-%m-%d", strict=False).dt.strftime("%Y%m%d").cast(pl.Int64)


def _seen(day: str = "SQLDATE") -> pl.Expr:
    """Stand-in for the day a record was added, where a source has none: today, for a record of a later day."""
    import polars as pl

    today = as_number(datetime.now(UTC).date())
    return pl.when(pl.col(day) > today).then(pl.lit(today, pl.Int64))


def _icews(blocks: list[Block], name: str) -> Events:
    import polars as pl

    raw = _delimited(blocks, name, _ICEWS, "utf8")
    whole = raw.filter(pl.all_horizontal(pl.col("Event ID", "Event Date", "CAMEO Code").is_not_null()))
    _days_are_iso(whole, name)
    root = pl.col("CAMEO Code").str.slice(0, 2)
    number = root.cast(pl.Int64, strict=False)
    quad = pl.lit(None, pl.Int64)
    for last, value in reversed(_LAST_ROOTS):
        quad = pl.when(number <= last).then(pl.lit(value, pl.Int64)).otherwise(quad)
    frame = whole.select(
        GLOBALEVENTID=pl.col("Event ID").cast(pl.Int64),
        SQLDATE=_day("Event Date"),
        Actor1Code="Source Name",
        Actor1CountryCode="Source Country",
        Actor2Code="Target Name",
        Actor2CountryCode="Target Country",
        IsRootEvent=(pl.col("Sentence Number") == "1").cast(pl.Int64),
        EventCode="CAMEO Code",
        EventRootCode=root,
        QuadClass=pl.when(number >= 1).then(quad),
        GoldsteinScale=pl.col("Intensity").cast(pl.Float64, strict=False),
        NumArticles=pl.lit(1, pl.Int64),
        SOURCEURL="Story ID",
    ).with_columns(DATEADDED=_seen())
    bad = frame.filter((pl.col("EventCode").str.len_bytes() < 3) | ~pl.col("EventCode").str.contains(r"^(0|1|20)"))
    if bad.height:
        raise FormatError(
            f"{name}: record {bad['GLOBALEVENTID'][0]} has CAMEO code '{bad['EventCode'][0]}'; codes are text with "
            "leading zeros (014), and this file has lost them: get it as it was published"
        )
    return Events(frame.select(list(COLUMNS)), raw.height, raw.height - whole.height)


def _polecat(blocks: list[Block], name: str) -> Events:
    import polars as pl

    raw = _delimited(blocks, name, _POLECAT, "latin-1")
    whole = raw.filter(pl.all_horizontal(pl.col("Event ID", "Event Date", "Event Type").is_not_null()))
    _days_are_iso(whole, name)
    classes = {text.removesuffix(" news").upper(): quad for quad, text in QUADS.items()}
    sides = [
        pl.col(c).str.split(";").list.eval(pl.element().str.strip_chars())
        for c in ("Actor Country", "Recipient Country")
    ]
    spread = whole.with_columns(sides).explode("Actor Country").explode("Recipient Country").unique(maintain_order=True)
    frame = spread.select(
        GLOBALEVENTID="Event ID",
        SQLDATE=_day("Event Date"),
        Actor1Code="Actor Name",
        Actor1CountryCode=pl.col("Actor Country").replace({"None": None, "": None}),
        Actor2Code="Recipient Name",
        Actor2CountryCode=pl.col("Recipient Country").replace({"None": None, "": None}),
        IsRootEvent=pl.lit(1, pl.Int64),
        EventCode=pl.concat_str("Event Type", "Event Mode", separator="/", ignore_nulls=True),
        EventRootCode="Event Type",
        QuadClass=pl.col("Quad Code").str.to_uppercase().replace_strict(classes, default=None, return_dtype=pl.Int64),
        GoldsteinScale=pl.col("Intensity").cast(pl.Float64, strict=False),
        NumArticles=pl.lit(1, pl.Int64),
        SOURCEURL=pl.lit(None, pl.String),
    ).with_columns(DATEADDED=_seen())
    return Events(frame.select(list(COLUMNS)), raw.height, raw.height - whole.height)


def _days_are_iso(whole: pl.DataFrame, name: str) -> None:
    """Refuse a file that writes days another way: month and day would change places unseen."""
    import polars as pl

    odd = whole.filter(~pl.col("Event Date").str.contains(r"^\d{4}-\d{2}-\d{2}$"))
    if odd.height:
        raise FormatError(
            f"{name}: record {odd['Event ID'][0]} is of '{odd['Event Date'][0]}'; days must be written 2018-06-01"
        )


_READERS: Mapping[Family, Callable[[list[Block], str], Events]] = {
    "gdelt": _gdelt_2,
    "gdelt-1": _gdelt_1,
    "icews": _icews,
    "polecat": _polecat,
}
