"""EUSANCT, 1989-2015: sanctions threatened and imposed by the European Union and the United States, with UN cases.

Weber and Schneider (2022), "Post-Cold War sanctioning by the EU, the UN, and the US: Introducing the EUSANCT Dataset",
Conflict Management and Peace Science 39(1):97, doi:10.1177/0738894220948729. Case level; some cases began before 1989.

A row of ``commitments`` says that ``state_a`` had sanctions on ``state_b``. The Union is no state: its sanctions stand
for each member from the later of the day of imposition and the day of accession. Other states that the data set names
as senders stand for the days of the case. Sanctions of the United Nations bind all members: a case with nothing else
is set aside, and ``note`` says ``also UN`` on the rest. Cases threatened and never imposed are set aside.

Dates are text, ``30jun1950``; ``ongoing`` is still in force at the end of 2015, ``.`` is missing.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError, did_you_mean
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.blocs import ACCESSIONS, members
from tripoint.sources.resolve import split
from tripoint.sources.spells import clip_to_states
from tripoint.sources.tabular import Files, read_sheet

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

SHEET = "Sheet1"
FIRST_YEAR, LAST_YEAR = 1989, 2015
LAST_DAY = date(LAST_YEAR, 12, 31)
SENDERS = ("US", "EU", "UN")
OTHER_SENDERS = ("sender2", "sender3", "sender4", "sender5")
_OF_SENDER = ("imposition{}", "imposition{}_start", "imposition{}_type", "enddate{}")
COLUMNS = (
    *("caseid", "targetstate", "targetstate_name", "issue1", "finaloutcome", *OTHER_SENDERS),
    *(name.format(sender) for sender in SENDERS for name in _OF_SENDER),
)
MISSING = (".", "")
ONGOING = "ongoing"
UNITED_STATES = "2"
_DATE = "%d%b%Y"


def read_eusanct(files: Files) -> Reading:
    """Read sanction cases into directed ties of kind ``sanction``."""
    import polars as pl

    raw = _cases(files)
    key = pl.col("caseid")
    cases, repeated = split(raw, ~key.is_first_distinct(), "repeats a case; the first is kept", key)
    imposed = [pl.col(f"imposition{s}") == "1" for s in SENDERS]
    cases, threats = split(cases, ~pl.any_horizontal(imposed), "threatened, never imposed", key)
    cases, unions = split(
        cases, ~(imposed[0] | imposed[1]), "imposed by the United Nations only: no state is the sender", key
    )
    parts = [_by_america(cases), _by_union(cases), *(_by_another(cases, column) for column in OTHER_SENDERS)]
    spells = pl.concat([p.select("caseid", "target", "sender", "state_a", "start", "end", "note") for p in parts])
    spells, undated = split(
        spells, pl.col("start").is_null() | (pl.col("end") < pl.col("start")), "no day that can be read", key
    )
    ties, stateless = clip_to_states(spells, {"state_b": "target"}, system="cow", until=LAST_DAY, locator=key)
    coded, unknown = clip_to_states(
        ties.filter(pl.col("state_a").is_null()).drop("state_a"),
        {"state_a": "sender"},
        system="cow",
        until=LAST_DAY,
        locator=key,
    )
    table = pl.concat([ties.filter(pl.col("state_a").is_not_null()), coded], how="diagonal")
    table = table.filter(pl.col("state_a") != pl.col("state_b")).select(
        "state_a",
        "state_b",
        "start",
        "end",
        "note",
        kind=pl.lit("sanction"),
        directed=pl.lit(value=True),
        precision=pl.lit("day"),
        instrument=pl.format("EUSANCT case {}", "caseid"),
        level=pl.lit(1.0),
        locator=pl.format("{}/{}-{}", "caseid", "state_a", "state_b"),
    )
    table = table.sort("locator", "start").unique("locator", keep="first", maintain_order=True)
    kept = table["instrument"].str.slice(len("EUSANCT case ")).unique().to_list()
    reasons = pl.concat([undated, stateless, unknown]).unique("locator").select("reason", caseid="locator")
    lost = (
        cases.filter(~key.is_in(kept))
        .join(reasons, on="caseid", how="left")
        .select(
            locator="caseid",
            reason=pl.col("reason").fill_null("no sender that is another state"),
            record=pl.lit(None, pl.String),
        )
    )
    note = "cases in which the EU or the US threatened or imposed sanctions"
    covered = [cover("sanction", FIRST_YEAR, LAST_YEAR, states=f"USA {members('EU')}", silence="none", note=note)]
    aside = [repeated, threats, unions, lost]
    return assemble(files, {"commitments": table}, rows_in=raw.height, aside=aside, coverage=covered)


def _cases(files: Files) -> pl.DataFrame:
    """Read the sheet as text, whole numbers without a decimal point."""
    import polars as pl

    path = files.one("cases")
    rows = read_sheet(path, SHEET)
    header = [str(cell) for cell in rows[0]] if rows else []
    missing = [c for c in COLUMNS if c not in header]
    if missing:
        raise FormatError(f"{path.name}: no column {', '.join(missing[:5])}{did_you_mean(missing[0], header)}")
    at = [header.index(c) for c in COLUMNS]
    data = [[_text(row[k]) for k in at] for row in rows[1:]]
    return pl.DataFrame(data, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _text(cell: object) -> str | None:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return None if text in MISSING else text


def _spell(cases: pl.DataFrame, sender: str) -> pl.DataFrame:
    """Cases that a sender imposed, with the days of its sanctions."""
    import polars as pl

    start, until = (
        pl.col(c).str.to_date(_DATE, strict=False) for c in (f"imposition{sender}_start", f"enddate{sender}")
    )
    end = pl.col(f"enddate{sender}")
    damaged = end.is_not_null() & (end != ONGOING) & until.is_null()  # else it would stand as in force
    words = [
        pl.lit(sender),
        pl.format("types {}", pl.col(f"imposition{sender}_type").str.replace_all(";", " ")),
        pl.format("issue {}", "issue1"),
        pl.format("outcome {}", "finaloutcome"),
        pl.when(pl.col("impositionUN") == "1").then(pl.lit("also UN")),
    ]
    return cases.filter(pl.col(f"imposition{sender}") == "1").with_columns(
        target="targetstate",
        sender=pl.lit(None, pl.String),
        start=pl.when(~damaged.fill_null(value=False)).then(start),
        end=until,
        note=pl.concat_str(words, separator="; ", ignore_nulls=True),
    )


def _by_america(cases: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return _spell(cases, "US").with_columns(sender=pl.lit(UNITED_STATES), state_a=pl.lit(None, pl.String))


def _by_union(cases: pl.DataFrame) -> pl.DataFrame:
    """One tie a member of the Union, from its accession on."""
    import polars as pl

    seats = [(state, day) for day, states in ACCESSIONS.items() for state in states.split()]
    members = pl.DataFrame(seats, schema={"state_a": pl.String, "accession": pl.Date}, orient="row")
    ties = _spell(cases, "EU").join(members, how="cross")
    ties = ties.with_columns(start=pl.max_horizontal("start", "accession"))
    return ties.filter(pl.col("end").is_null() | (pl.col("start") <= pl.col("end")))


def _by_another(cases: pl.DataFrame, column: str) -> pl.DataFrame:
    """A further sender state: the data set gives it no days of its own, so it has those of the case."""
    import polars as pl

    named = cases.filter(pl.col(column).is_not_null())
    starts = [pl.col(f"imposition{s}_start").str.to_date(_DATE, strict=False) for s in SENDERS]
    ends = [pl.col(f"enddate{s}").str.to_date(_DATE, strict=False) for s in SENDERS]
    going = pl.any_horizontal((pl.col(f"enddate{s}") == ONGOING).fill_null(value=False) for s in SENDERS)
    return named.with_columns(
        target="targetstate",
        sender=column,
        state_a=pl.lit(None, pl.String),
        start=pl.min_horizontal(starts),
        end=pl.when(~going).then(pl.max_horizontal(ends)),
        note=pl.lit("further sender; days of the case"),
    )
