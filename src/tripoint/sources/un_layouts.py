"""The layouts in which General Assembly votes are published, brought to one shape: ballots and roll calls.

===========  =====================================================  ======================================
layout       columns                                                states
===========  =====================================================  ======================================
official     ``undl_id ms_code ms_vote ...``, a row a ballot         UN codes as of the vote (SUN, DDR, ...)
compiled     ``resid rcid session date unres ccode vote src``        Correlates of War numbers
voeten       ``rcid ccode vote`` and a table of roll calls, or one   Correlates of War numbers
             tab-separated file with both (``UNVotes.tab``)
wide         a row a resolution, a column a state                    ISO 3166 alpha-3
===========  =====================================================  ======================================

Traps. In the compiled and Voeten's layouts the day of the month is wrong before 2004 (resolution 2758 of
25 October 1971 stands under the 7th): the month is kept. Roll-call numbers above 9000 are not all of emergency
sessions: 9057 and later are of sessions 74 and 75. One symbol may stand for several roll calls, on paragraphs and
amendments; see :func:`tripoint.sources.un_votes.items`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tripoint.errors import FormatError
from tripoint.sources.dates import read_days
from tripoint.sources.tabular import check_not_html, read_delimited, require_columns, unreadable

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

Layout = Literal["official", "compiled", "voeten", "wide"]
MONTHS_ONLY_BEFORE = 2004
OFFICIAL_COLUMNS = (
    *("undl_id", "ms_code", "ms_vote", "date", "session", "resolution", "title", "subjects"),
    *("total_yes", "total_no", "total_abstentions", "total_ms"),
)
COMPILED_COLUMNS = ("resid", "session", "date", "unres", "ccode", "vote")
VOETEN_COLUMNS = ("rcid", "ccode", "vote")
ISSUES = ("me", "nu", "di", "hr", "co", "ec")
ROLLCALL_COLUMNS = ("rcid", "resid", "session", "date", "unres", "importantvote", "amend", "para", "short", *ISSUES)
WIDE_COLUMNS = ("Resolution", "Date", "Title")
_WIDE_SUBJECTS = ("Topic Tags", "tags")
#: How the layouts write the choices; None is no choice of a member.
CHOICES: dict[str, str | None] = {
    **{"Y": "yes", "A": "abstain", "N": "no", "X": "absent", "": "absent"},
    **{"1": "yes", "2": "abstain", "3": "no", "8": "absent", "9": None},
    **{"YES": "yes", "ABSTAIN": "abstain", "NO": "no"},
}


@dataclass(frozen=True, slots=True)
class Ballots:
    """Votes as found.

    Attributes
    ----------
    votes
        ``id`` of the roll call, ``code`` of the state, ``vote`` as written; one record a row.
    rolls
        One row a roll call: ``id symbol date session title topics part`` (``date`` a day; ``part`` is whether
        it was on a paragraph or an amendment), and ``yes no abstain`` where the layout has totals.
    system
        Code system of ``code``.
    months
        Whether the day of the month is to be trusted from 2004 on only.
    """

    votes: pl.DataFrame
    rolls: pl.DataFrame
    system: Literal["un", "cow", "iso3"]
    months: bool


def open_votes(path: Path, rollcalls: pl.DataFrame | None = None) -> Ballots:
    """Open a file of votes in whichever layout its columns show.

    ``rollcalls`` is the table of :func:`read_rollcalls`; Voeten's layout needs it and the others take issue
    codes and titles from it.
    """
    import polars as pl

    check_not_html(path)
    if path.suffix == ".parquet":
        try:
            frame = pl.read_parquet(path)
        except pl.exceptions.PolarsError as error:
            raise FormatError(f"{path.name}: not readable as Parquet ({error}); fetch it again") from error
        if "unres" in frame.columns:
            return _compiled(frame, path, rollcalls)
        return _voeten(frame, path, rollcalls)
    with path.open("rb") as stream:
        head = stream.readline().decode("utf-8", "replace")
    if path.suffix.lower() == ".tab" or "\t" in head:
        return _voeten_tab(path)
    return _wide(path) if head.startswith(("Resolution,", "Link,")) else _official(path, rollcalls)


def read_rollcalls(path: Path) -> pl.DataFrame:
    """Read Voeten's table of roll calls: ``id`` (rcid), ``resid``, symbol, date, session, title, topics and part."""
    import polars as pl

    numbers = dict.fromkeys(("rcid", "resid", "importantvote", "amend", "para", *ISSUES), pl.Float64)
    raw = read_delimited(path, columns=ROLLCALL_COLUMNS, numbers=numbers, nulls=[""])
    flags = {"para": "paragraph", "amend": "amendment", "importantvote": "important"}
    codes = [pl.when(pl.col(c) == 1).then(pl.lit(c)) for c in ISSUES]
    codes += [pl.when(pl.col(c) == 1).then(pl.lit(name)) for c, name in flags.items()]
    return raw.select(
        id=pl.col("rcid").cast(pl.Int64),
        resid=pl.col("resid").cast(pl.Int64),
        symbol=symbol(pl.col("unres")),
        date=read_days(raw["date"], path),
        session="session",
        title=pl.col("short").str.strip_chars(),
        topics=pl.concat_str(codes, separator="|", ignore_nulls=True),
        part=(pl.col("amend") == 1).fill_null(value=False) | (pl.col("para") == 1).fill_null(value=False),
    )


def symbol(text: pl.Expr) -> pl.Expr:
    """``R/68/262`` as the UN writes it, ``A/RES/68/262``; other symbols as they are."""
    import polars as pl

    return pl.when(text.str.starts_with("R/")).then("A/RES/" + text.str.slice(2)).otherwise(text)


def _official(path: Path, rollcalls: pl.DataFrame | None) -> Ballots:
    """The UN Digital Library's file: only the columns needed are held in memory."""
    import polars as pl

    try:
        header = pl.read_csv(path, n_rows=0).columns
        require_columns(pl.DataFrame(schema=header), OFFICIAL_COLUMNS, path)
        frame = pl.read_csv(path, columns=list(OFFICIAL_COLUMNS), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise unreadable(path, error) from error
    if frame.height == 0 or not frame["total_ms"][-1]:
        raise FormatError(f"{path.name}: the last row is not whole; the file is cut short: download it again")
    totals = {"yes": "total_yes", "no": "total_no", "abstain": "total_abstentions"}
    whole = frame["total_ms"].is_not_null() & (frame["total_ms"] != "")
    if not whole.all():
        raise FormatError(f"{path.name}: data row {((~whole).arg_max() or 0) + 1} is not whole; download it again")
    frame = frame.with_columns(day=read_days(frame["date"], path))
    rolls = frame.unique("undl_id", keep="first", maintain_order=True).select(
        id="undl_id",
        symbol=pl.col("resolution").replace("", None),
        date="day",
        session="session",
        title=pl.col("title").replace("", None),
        topics=pl.col("subjects").str.replace_all(r"\s*;\s*", "|").replace("", None),
        part=pl.lit(value=False),
        **{name: pl.col(column).cast(pl.Int64, strict=False) for name, column in totals.items()},
    )
    if rollcalls is not None:
        issues = rollcalls.filter(~pl.col("part") & ~pl.col("symbol").is_duplicated())
        rolls = rolls.join(issues.select("symbol", _issues="topics"), on="symbol", how="left", maintain_order="left")
        both = pl.concat_str([pl.col("_issues").replace("", None), "topics"], separator="|", ignore_nulls=True)
        rolls = rolls.with_columns(topics=both).drop("_issues")
    votes = frame.select(id="undl_id", code="ms_code", vote=pl.col("ms_vote").fill_null(""))
    return Ballots(votes, rolls, "un", months=False)


def _compiled(frame: pl.DataFrame, path: Path, rollcalls: pl.DataFrame | None) -> Ballots:
    import polars as pl

    require_columns(frame, COMPILED_COLUMNS, path)
    votes = frame.select(id="resid", code="ccode", vote=pl.col("vote").cast(pl.String))
    own = symbol(pl.col("unres"))
    first = frame.unique("resid", keep="first", maintain_order=True)
    rolls = first.with_columns(day=read_days(first["date"].cast(pl.String), path)).select(
        id="resid",
        symbol=own,
        date="day",
        session=pl.coalesce(own.str.extract(r"/(ES-\d+)/"), pl.col("session").cast(pl.String)),
    )
    known = rollcalls if rollcalls is not None else pl.DataFrame(schema={"resid": pl.Int64, **_details()})
    details = known.select("title", "topics", "part", id="resid").unique("id", keep="first")
    rolls = rolls.join(details, on="id", how="left", maintain_order="left")
    return Ballots(votes, rolls.with_columns(pl.col("part").fill_null(value=False)), "cow", months=True)


def _details() -> dict[str, type[pl.DataType]]:
    import polars as pl

    return {"title": pl.String, "topics": pl.String, "part": pl.Boolean}


def _voeten(frame: pl.DataFrame, path: Path, rollcalls: pl.DataFrame | None) -> Ballots:
    import polars as pl

    require_columns(frame, VOETEN_COLUMNS, path)
    if rollcalls is None:
        raise FormatError(f"{path.name}: votes without their table of roll calls; add the file of roll calls")
    votes = frame.select(id=pl.col("rcid").cast(pl.Int64), code="ccode", vote=pl.col("vote").cast(pl.String))
    return Ballots(votes, rollcalls.drop("resid"), "cow", months=True)


def _voeten_tab(path: Path) -> Ballots:
    """Voeten's own file: a row a vote, with the roll call's symbol, day, title and issue codes beside it."""
    import polars as pl

    needed = ("rcid", "ccode", "vote", "session", "date", "unres")
    try:
        header = pl.read_csv(path, n_rows=0, separator="\t").columns
        require_columns(pl.DataFrame(schema=header), needed, path)
        extra = [c for c in ("short", "amend", "para", "importantvote", *ISSUES) if c in header]
        frame = pl.read_csv(
            path, columns=[*needed, *extra], separator="\t", infer_schema=False, null_values=["", "NA"], quote_char='"'
        )
    except pl.exceptions.PolarsError as error:
        raise unreadable(path, error) from error
    first = frame.unique("rcid", keep="first", maintain_order=True)
    have = dict.fromkeys(("short", "amend", "para", "importantvote", *ISSUES))
    first = first.with_columns(pl.lit(None, pl.String).alias(c) for c in have if c not in extra)
    flags = {"para": "paragraph", "amend": "amendment", "importantvote": "important"}
    codes = [pl.when(_is_one(c)).then(pl.lit(c)) for c in ISSUES]
    codes += [pl.when(_is_one(c)).then(pl.lit(name)) for c, name in flags.items()]
    rolls = first.with_columns(day=read_days(first["date"], path)).select(
        id=pl.col("rcid").cast(pl.Float64).cast(pl.Int64),
        symbol=symbol(pl.col("unres")),
        date="day",
        session="session",
        title=pl.col("short").str.strip_chars(),
        topics=pl.concat_str(codes, separator="|", ignore_nulls=True),
        part=_is_one("amend") | _is_one("para"),
    )
    votes = frame.select(
        id=pl.col("rcid").cast(pl.Float64).cast(pl.Int64),
        code=pl.col("ccode").cast(pl.Float64).cast(pl.Int64),
        vote=pl.col("vote").str.strip_chars().str.replace(r"\.0$", ""),
    )
    return Ballots(votes, rolls, "cow", months=True)


def _is_one(column: str) -> pl.Expr:
    import polars as pl

    return (pl.col(column).cast(pl.Float64, strict=False) == 1).fill_null(value=False)


def _wide(path: Path) -> Ballots:
    """A column a state: every cell is a record, and so is a second header of names."""
    import polars as pl

    raw = read_delimited(path, columns=WIDE_COLUMNS, nulls=[""])
    subjects = next((c for c in _WIDE_SUBJECTS if c in raw.columns), None)
    tags = pl.col(subjects) if subjects else pl.lit(None, pl.String)
    own = pl.col("Resolution").fill_null("(names)")
    states = [c for c in raw.columns if len(c) == 3 and c.isupper()]
    votes = raw.select(own.alias("id"), *states).unpivot(states, index="id", variable_name="code", value_name="vote")
    first = raw.unique("Resolution", keep="first", maintain_order=True)
    rolls = first.with_columns(day=read_days(first["Date"], path)).select(
        id=own,
        symbol=own,
        date="day",
        session=pl.col("Resolution").str.extract(r"/(ES-\d+|\d+)/"),
        title=pl.col("Title"),
        topics=tags.str.replace_all(r"\s*[;,]\s+", "|"),
        part=pl.lit(value=False),
    )
    return Ballots(votes.with_columns(pl.col("vote").fill_null("")), rolls, "iso3", months=False)
