"""Dyadic Cyber Incident and Campaign Data (DCID) 2.0: cyber operations between rival states, 2000-2020.

Maness, Valeriano, Hedgecock, Jensen and Macias (2022), "The Dyadic Cyber Incident and Campaign Data (DCID)",
version 2.0; Valeriano and Maness (2014), Journal of Peace Research 51(3):347, doi:10.1177/0022343313518940.

The workbook's first sheet lists incidents; the second pairs each with the answer to it, and counting its rows
counts incidents twice: the first is read. ``Dyadpair`` is the two Correlates of War numbers written together, so
that 2365 is 2 and 365; the initiator is a number of its own, and the other state of the pair is the target.
``intensity`` is the severity, 0 to 10. Only pairs of rivals are covered. What is not known publicly is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from tripoint.errors import FormatError, did_you_mean
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, years_held
from tripoint.sources.tabular import Files, read_first_sheet

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

COLUMNS = {
    "Cyberincidentnum": "number",
    "Dyadpair": "pair",
    "StateA": "name_a",
    "StateB": "name_b",
    "Name": "title",
    "interactionstartdate": "start",
    "interactionenddate": "end",
    "initiator": "initiator",
    "severity": "severity",
    "Sources1": "summary",
}


def read_dcid(files: Files) -> Reading:
    """Read incidents into directed events of kind ``cyber incident``."""
    import polars as pl

    path = files.one("incidents")
    raw = _incidents(path.name, read_first_sheet(path))
    key = pl.format("{}", pl.col("number").fill_null("?"))
    frame, missing = split(
        raw, pl.any_horizontal(pl.col("number", "initiator", "start").is_null()), "missing value", key
    )
    frame, twice = split(frame, ~pl.col("number").is_first_distinct(), "repeats an incident; the first is kept", key)
    target = pl.coalesce(
        pl.when(pl.col("pair").str.starts_with(pl.col("initiator"))).then(
            pl.col("pair").str.strip_prefix(pl.col("initiator"))
        ),
        pl.when(pl.col("pair").str.ends_with(pl.col("initiator"))).then(
            pl.col("pair").str.strip_suffix(pl.col("initiator"))
        ),
    )
    frame = frame.with_columns(target=target)
    frame, strange = split(frame, pl.col("target").is_null(), "the initiator is not of the pair", key)
    frame = frame.with_columns(end=pl.when(pl.col("end") >= pl.col("start")).then("end"))
    frame, stateless = with_states(
        frame, {"state_a": "initiator", "state_b": "target"}, when="start", system="cow", locator=key
    )
    table = frame.select(
        *("state_a", "state_b", "start", "end"),
        kind=pl.lit("cyber incident"),
        directed=pl.lit(value=True),
        precision=pl.lit("day"),
        intensity="severity",
        count=pl.lit(1),
        title=pl.col("title").str.strip_chars(),
        note=pl.col("summary").str.strip_chars().str.slice(0, 300),
        locator=key,
    )
    first, last = years_held(frame, "start", path.name)
    pairs = sorted({*frame["state_a"].to_list(), *frame["state_b"].to_list()})
    states = " ".join(pairs)
    note = "rival states; operations that became public"
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[missing, twice, strange, stateless],
        coverage=[cover("cyber incident", first, last, states=states, partners=states, silence="unproven", note=note)],
    )


def _incidents(name: str, rows: list[list[object]]) -> pl.DataFrame:
    import polars as pl

    header = [str(cell).strip() for cell in rows[0]] if rows else []
    missing = [c for c in COLUMNS if c not in header]
    if missing:
        raise FormatError(
            f"{name}: no column {', '.join(missing)}{did_you_mean(missing[0], header)}; expected DCID 2.0"
        )
    at = {new: header.index(old) for old, new in COLUMNS.items()}
    cells = [[row[at[c]] for c in at] for row in rows[1:] if any(str(cell).strip() for cell in row)]
    types = dict.fromkeys(at, pl.String) | {"start": pl.Date, "end": pl.Date, "severity": pl.Float64}
    return pl.DataFrame([_cells(list(at), row) for row in cells], schema=types, orient="row")


def _cells(names: Sequence[str], row: Sequence[object]) -> list[object]:
    made: list[object] = []
    for name, cell in zip(names, row, strict=True):
        if name in ("start", "end"):
            made.append(cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else None)
        elif name == "severity":
            made.append(float(cell) if isinstance(cell, int | float) else None)
        elif isinstance(cell, float) and cell.is_integer():
            made.append(str(int(cell)))
        else:
            made.append(str(cell).strip() or None)
    return made
