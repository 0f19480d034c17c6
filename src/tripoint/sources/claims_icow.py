"""Issue Correlates of War (ICOW) claims 1.1, 1816-2001: claims on land, rivers and waters, and their settlement.

Hensel, Mitchell, Sowers and Thyne (2008), "Bones of Contention: Comparing Territorial, Maritime, and River Issues",
Journal of Conflict Resolution 52(1):117, doi:10.1177/0022002707310425; https://www.paulhensel.org/icow.html. Regions as
far as released with version 1.1: pairs outside them are not covered.

Claims are directed from the challenger to the target. Dates are ``YYYYMM``; month 00 is unknown, and ``200199`` is a
claim still on at the end of 2001. Files are Latin-1 with the line ends of an old Macintosh.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states
from tripoint.sources.spells import clip_to_states, day
from tripoint.sources.tabular import Files, check_not_html, require_columns

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

ENCODING = "latin-1"
FIRST_YEAR, LAST_YEAR = 1816, 2001
STILL_ON = 200199
CLAIM_COLUMNS = ("issue", "claimdy", "name", "chal", "tgt", "begclaim", "endclaim", "resolved", "icowsal")
ATTEMPT_COLUMNS = (
    *("issue", "claimdy", "settnumt", "chal", "tgt", "begsett", "endsett", "bilat", "nonbind3", "binding3", "midiss"),
    *("agree", "claimend"),
)
KINDS = {1: "territorial claim", 2: "river claim", 3: "maritime claim"}
MEANS = {
    "bilat": "bilateral talks",
    "nonbind3": "third party, not binding",
    "binding3": "third party, binding",
    "midiss": "militarized",
}


def read_icow(files: Files) -> Reading:
    """Read claims into directed ties and attempts to settle them into events."""
    claims = _read(files.one("claims"), CLAIM_COLUMNS)
    attempts = _read(files.one("attempts"), ATTEMPT_COLUMNS)
    ties, claims_aside = _claims(claims)
    events, attempts_aside = _attempts(attempts)
    note = "regions released with version 1.1; territory, rivers and waters"
    kinds = [*KINDS.values(), "settlement attempt"]
    return assemble(
        files,
        {"commitments": ties, "events": events},
        rows_in=claims.height + attempts.height,
        aside=[*claims_aside, *attempts_aside],
        coverage=[cover(k, FIRST_YEAR, LAST_YEAR, silence="unproven", note=note) for k in kinds],
    )


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    check_not_html(path)
    text = path.read_bytes().decode(ENCODING).replace("\r\n", "\n").replace("\r", "\n")
    try:
        raw = pl.read_csv(text.encode(), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise FormatError(
            f"{path.name}: {str(error).splitlines()[0]}; the file may be cut short: fetch it again"
        ) from error
    require_columns(raw, columns, path)
    whole = [pl.col(c) if c == "name" else pl.col(c).str.strip_chars().cast(pl.Int64, strict=False) for c in columns]
    frame = raw.select(whole)
    if frame.height == 0 or frame[columns[-1]].is_null().all():
        raise FormatError(f"{path.name}: no records; the file may be cut short: fetch it again")
    return frame


def _bound(column: str, *, last: bool) -> pl.Expr:
    """``YYYYMM`` as the first or last day of its month, or of its year where the month is unknown."""
    import polars as pl

    year, month = pl.col(column) // 100, pl.col(column) % 100
    known = month.is_between(1, 12)
    first = day(year, pl.when(known).then(month).otherwise(12 if last else 1), pl.lit(1))
    return first.dt.month_end() if last else first


def _precision(*columns: str) -> pl.Expr:
    import polars as pl

    vague = pl.any_horizontal((pl.col(c) % 100).is_between(1, 12).not_() for c in columns)
    return pl.when(vague).then(pl.lit("year")).otherwise(pl.lit("month"))


def _claims(raw: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    import polars as pl

    key = pl.format("claim/{}", "claimdy")
    on = pl.col("endclaim") == STILL_ON
    frame = raw.with_columns(
        start=_bound("begclaim", last=False),
        end=pl.when(~on).then(_bound("endclaim", last=True)),
        precision=pl.when(on).then(_precision("begclaim")).otherwise(_precision("begclaim", "endclaim")),
    )
    rules = [
        (~key.is_first_distinct(), "repeats a claim; the first is kept"),
        (~pl.col("issue").is_in(list(KINDS)), "no kind of claim"),
        (pl.col("start").is_null() | (pl.col("end") < pl.col("start")), "no days that can be read"),
        (pl.col("chal") == pl.col("tgt"), "a state with itself"),
    ]
    aside = []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    ties, stateless = clip_to_states(
        frame, {"state_a": "chal", "state_b": "tgt"}, system="cow", until=date(LAST_YEAR, 12, 31), locator=key
    )
    words = [pl.format("salience {} of 12", "icowsal"), pl.format("resolved {}", "resolved")]
    table = ties.select(
        "state_a",
        "state_b",
        "start",
        "end",
        "precision",
        kind=pl.col("issue").replace_strict(KINDS, return_dtype=pl.String),
        directed=pl.lit(value=True),
        instrument="name",
        level=pl.lit(1.0),
        note=pl.concat_str(words, separator="; ", ignore_nulls=True),
        locator=pl.format("claim/{}/{}-{}", "claimdy", "state_a", "state_b"),
    )
    again = pl.col("locator").is_duplicated()
    table = table.with_columns(locator=pl.when(again).then(pl.format("{}/{}", "locator", "start")).otherwise("locator"))
    return table, [*aside, stateless]


def _attempts(raw: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    import polars as pl

    key = pl.format("attempt/{}/{}", "claimdy", "settnumt")
    frame = raw.with_columns(
        start=_bound("begsett", last=False),
        end=pl.when(pl.col("endsett") >= pl.col("begsett")).then(_bound("endsett", last=True)),
        year=pl.col("begsett") // 100,
    )
    rules = [
        (~key.is_first_distinct(), "repeats an attempt; the first is kept"),
        (pl.col("start").is_null(), "no days that can be read"),
        (pl.col("chal") == pl.col("tgt"), "a state with itself"),
    ]
    aside = []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    known, stateless = with_states(frame, {"state_1": "chal", "state_2": "tgt"}, when="year", system="cow", locator=key)
    words: list[pl.Expr] = [pl.when(pl.col(c) == 1).then(pl.lit(word)) for c, word in MEANS.items()]
    words += [
        pl.when(pl.col("agree") == 1).then(pl.lit("agreement")).when(pl.col("agree") == 0).then(pl.lit("no agreement")),
        pl.when(pl.col("endsett") < pl.col("begsett")).then(
            pl.format("end given as {}, before the beginning", "endsett")
        ),
    ]
    low, high = pl.min_horizontal("state_1", "state_2"), pl.max_horizontal("state_1", "state_2")
    table = known.select(
        "start",
        "end",
        state_a=low,
        state_b=high,
        kind=pl.lit("settlement attempt"),
        directed=pl.lit(value=False),
        precision=_precision("begsett"),
        count=pl.lit(1),
        title=pl.format("ICOW claim {}", "claimdy"),
        note=pl.concat_str(words, separator="; ", ignore_nulls=True),
        locator=key,
    )
    return table, [*aside, stateless]
