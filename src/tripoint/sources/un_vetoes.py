"""Vetoes in the UN Security Council since 1946: who voted down which draft, one row a veto.

Dag Hammarskjold Library, "Security Council: Vetoes", https://research.un.org/en/docs/sc/quick. Two layouts: the
Library's own table, saved as CSV from that page (``Date, Draft, Written Record, Agenda Item, Permanent Member
Casting Negative Vote``, days like ``20 November 2024``), which runs to today; and a compilation of 214 drafts to
September 2022, with up to three vetoes each and days like ``9/30/2022``. In the first years the meeting's record
often stands for the draft, and several drafts of one meeting then share it: they are numbered. The table does not
list Taipei's veto of 1955.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.dates import read_days
from tripoint.sources.resolve import split, with_states
from tripoint.sources.tabular import Files, read_delimited, require_columns

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

VETOES = ("member_veto1", "member_veto2", "member_veto3")
COLUMNS = ("date", "draft", "meeting_record", "agenda_item", "crisis_topic", *VETOES)
#: How the table names a member -> its UN code as of the vote.
MEMBERS = {"USSR": "SUN", "Russia": "RUS", "China": "CHN", "France": "FRA", "UK": "GBR", "USA": "USA"}
#: The Library's own table: its columns, and how it spells the members.
LIBRARY = ("Date", "Draft", "Written Record", "Agenda Item", "Permanent Member Casting Negative Vote")
SPELLED = {
    "Russian Federation": "Russia",
    "United States": "USA",
    "United States of America": "USA",
    "United Kingdom": "UK",
    "US": "USA",
    "U.S.": "USA",
    "U.K.": "UK",
}
COMPILED_DAYS, LIBRARY_DAYS = ("%m/%d/%Y",), ("%d %B %Y", "%d %b %Y")
#: Last day of the compilation that the catalog knows.
LAST_KNOWN = date(2022, 9, 30)
FIRST_DAY = date(1946, 1, 17)


def read_un_vetoes(files: Files) -> Reading:
    """Read vetoes into positions of kind ``council veto`` with the value 3 (no)."""
    import polars as pl

    path = files.one("vetoes")
    raw, formats = _table(path)
    turn = pl.int_range(pl.len()).over("draft")
    key = pl.when(turn > 0).then(pl.format("{}#{}", "draft", turn + 1)).otherwise("draft")
    drafts = raw.with_columns(item=key, day=read_days(raw["date"], path, formats=formats))
    drafts, undated = split(drafts, pl.col("day").is_null() | pl.col("draft").is_null(), "no day or no draft", key)
    copied = ~pl.struct(raw.columns).is_first_distinct() & ~pl.col("draft").str.starts_with("S/PV")  # no draft's symbol
    drafts, copies = split(drafts, copied.fill_null(value=False), "the same as another row", key)
    strange = sorted({m for c in VETOES for m in drafts[c].drop_nulls()} - set(MEMBERS))
    if strange:
        raise FormatError(f"{path.name}: {', '.join(strange)} cast no vetoes; is this another edition of the file?")
    drafts, without = split(drafts, pl.all_horizontal(pl.col(c).is_null() for c in VETOES), "names no veto", key)
    long = drafts.unpivot(VETOES, index=[c for c in drafts.columns if c not in VETOES], value_name="member")
    long = long.filter(pl.col("member").is_not_null()).with_columns(code=pl.col("member").replace(MEMBERS))
    votes, stateless = with_states(long, {"state": "code"}, when="day", system="un", locator=pl.col("item"))
    stateless = stateless.filter(~pl.col("locator").is_in(votes["item"].to_list())).unique("locator")
    table = votes.select(
        "state",
        "item",
        kind=pl.lit("council veto"),
        date="day",
        precision=pl.lit("day"),
        choice=pl.lit("veto"),
        value=pl.lit(3.0),
        title=pl.col("agenda_item").str.strip_chars(),
        topics=pl.col("crisis_topic").str.strip_chars(),
        session="meeting_record",
        locator=pl.format("{}/{}", "item", "state"),
    )
    last = drafts["day"].max()
    covered = [cover("council veto", FIRST_DAY, last, partners="", silence="none")] if isinstance(last, date) else []
    compiled = formats == COMPILED_DAYS
    return assemble(
        files,
        {"positions": table},
        rows_in=raw.height,
        aside=[undated, without, stateless, copies],
        coverage=covered,
        vintage="" if compiled and last == LAST_KNOWN else f"to-{last.isoformat()}" if isinstance(last, date) else "",
    )


def _table(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Either layout in the columns of the compilation, and the formats of its days."""
    import polars as pl

    raw = read_delimited(path, nulls=[""], ended=False)
    if LIBRARY[0] not in raw.columns:
        require_columns(raw, COLUMNS, path)
        return raw.select(COLUMNS), COMPILED_DAYS
    require_columns(raw, LIBRARY, path)
    date_, draft, record, agenda, members = LIBRARY
    named = raw.with_columns(
        pl.col(members).str.replace_all(r"\s*(,|;|/|\band\b)\s*", ";").str.split(";").alias("_members")
    )
    vetoes = [pl.col("_members").list.get(n, null_on_oob=True).str.strip_chars().replace(SPELLED) for n in range(3)]
    return (
        named.select(
            date=pl.col(date_).str.strip_chars(),
            draft=pl.col(draft).str.strip_chars(),
            meeting_record=pl.col(record),
            agenda_item=pl.col(agenda),
            crisis_topic=pl.lit(None, pl.String),
            **dict(zip(VETOES, vetoes, strict=True)),
        ),
        LIBRARY_DAYS,
    )
