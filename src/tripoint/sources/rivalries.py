"""Strategic rivalries: pairs of states that take each other for competitors, threats and enemies.

Two lists of one school. Thompson, Sakuwa and Suhas (2021), "Analyzing Strategic Rivalries in World Politics", Springer
(1494-2020), and Thompson and Dreyer (2012), "Handbook of International Rivalries", CQ Press (1494-2010), which it
revises; both as the R package peacesciencer has them. Years only. A rivalry whose last year is the last year of the
list was still on. The lists reach back before the state system: ties are clipped to its beginning, and ``note``
keeps the first year. Some Yemeni and Austrian rivalries bear the number of another state; the corrections mend that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split
from tripoint.sources.spells import clip_to_states
from tripoint.sources.tabular import Files, read_r

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

FIRST_STATE_YEAR = 1816


@dataclass(frozen=True, slots=True)
class _Layout:
    number: str
    name: str
    start: str
    end: str
    last_year: int
    flags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


TSS = _Layout(
    "tssr_id",
    "rivalry",
    "start",
    "end",
    2020,
    flags=("spatial", "positional", "ideological", "interventionary", "principal", "aprin"),
)
TD = _Layout("rivalryno", "rivalryname", "styear", "endyear", 2010, words=("type1", "type2", "type3"))
_MEANING = {"aprin": "asymmetric principal"}


def read_tss_rivalries(files: Files) -> Reading:
    """Read the rivalries of Thompson, Sakuwa and Suhas into undirected ties."""
    return _read(files, TSS)


def read_td_rivalries(files: Files) -> Reading:
    """Read the rivalries of Thompson and Dreyer into undirected ties."""
    return _read(files, TD)


def _read(files: Files, layout: _Layout) -> Reading:
    import polars as pl

    columns = (layout.number, layout.name, "ccode1", "ccode2", layout.start, layout.end, *layout.flags, *layout.words)
    raw = read_r(files.one("rivalries"), columns=columns)
    key = pl.col(layout.number).cast(pl.Int64).cast(pl.String)
    numbers = ("ccode1", "ccode2", layout.start, layout.end)
    whole = raw.with_columns(pl.col(layout.number, *numbers).cast(pl.Int64))
    frame, remarks = apply_corrections(whole, files.entry.id, "rivalries")
    frame = frame.with_columns(note=_note(layout), classes=_classes(layout))
    frame, missing = split(frame, pl.any_horizontal(pl.col(numbers).is_null()), "missing value", key)
    frame, repeated = split(frame, ~key.is_first_distinct(), "repeats a rivalry; the first is kept", key)
    running = pl.col(layout.end) >= layout.last_year
    frame = frame.with_columns(
        start=pl.date(layout.start, 1, 1), end=pl.when(running).then(None).otherwise(pl.date(layout.end, 12, 31))
    )
    ties, stateless = clip_to_states(
        frame,
        {"state_a": "ccode1", "state_b": "ccode2"},
        system="cow",
        until=date(layout.last_year, 12, 31),
        locator=key,
        by_year=True,
    )
    table = ties.select(
        "state_a",
        "state_b",
        "start",
        "end",
        "note",
        kind=pl.lit("rivalry"),
        directed=pl.lit(value=False),
        precision=pl.lit("year"),
        instrument=layout.name,
        classes="classes",
        level=pl.lit(1.0),
        locator=pl.format(
            "{}/{}-{}", key, pl.min_horizontal("state_a", "state_b"), pl.max_horizontal("state_a", "state_b")
        ),
    )
    again = pl.col("locator").is_duplicated()
    table = table.with_columns(
        locator=pl.when(again).then(pl.format("{}/{}", "locator", pl.col("start").dt.year())).otherwise("locator")
    )
    return assemble(
        files,
        {"commitments": table},
        rows_in=raw.height,
        aside=[missing, repeated, stateless.unique("locator")],
        remarks=remarks,
        coverage=[cover("rivalry", FIRST_STATE_YEAR, layout.last_year, silence="none")],
    )


def _kinds(layout: _Layout) -> list[pl.Expr]:
    """What the rivalry is about, in the words of the list."""
    import polars as pl

    flags: list[pl.Expr] = [pl.when(pl.col(f) == 1).then(pl.lit(_MEANING.get(f, f))) for f in layout.flags]
    return [*flags, *(pl.col(w) for w in layout.words)]


def _classes(layout: _Layout) -> pl.Expr:
    import polars as pl

    return pl.concat_str(_kinds(layout), separator="|", ignore_nulls=True).replace("", None)


def _note(layout: _Layout) -> pl.Expr:
    import polars as pl

    early = pl.col(layout.start) < FIRST_STATE_YEAR
    parts = [*_kinds(layout), pl.col("correction")]
    parts.append(pl.when(early).then(pl.format("since {}", pl.col(layout.start).cast(pl.Int64))))
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)
