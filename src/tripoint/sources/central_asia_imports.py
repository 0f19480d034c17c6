"""Imports of Armenia, Kazakhstan, Kyrgyzstan and Uzbekistan by partner, 2019-2023, in euro.

National statistics as collected by https://github.com/mary-lev/eu-export-sanctions for the study of goods that
reach Russia by detour. One file a reporter, a row a partner and year; values are total imports of goods.

Traps: aggregates (World, European Union, Commonwealth of Independent States, continents, of which *America* is one)
and dependencies stand among the partners; names are in English, Russian and misspelled (``Monako``); values are
euro, not dollars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from tripoint.record import Reading

COLUMNS = ("REPORTER", "PARTNER", "PRODUCT", "FLOW", "STAT_PROCEDURE", "PERIOD", "VALUE_IN_EUR")
KIND = "goods trade"
REPORTERS = ("armenia", "kazakhstan", "kyrgyzstan", "uzbekistan")
UNIT = "EUR million"
EURO_IN_MILLION = 1e6
#: Partners that are not states though a state is known by that name too.
CONTINENTS = ("Africa", "America", "Asia", "Australia and Oceania", "Europe")


def read_central_asia_imports(files: Files) -> Reading:
    """Read the files of all reporters into yearly flows from partner to reporter."""
    import polars as pl

    parts, remarks = [], []
    for role in REPORTERS:
        table = read_delimited(files.one(role), columns=COLUMNS, numbers={"VALUE_IN_EUR": pl.Float64}).select(COLUMNS)
        corrected, stale = apply_corrections(table, files.entry.id, role)
        parts.append(corrected)
        remarks += stale
    raw = pl.concat(parts)
    frame = raw.with_columns(year=pl.col("PERIOD").str.extract(r"^Y(\d{4})$").cast(pl.Int32))
    key = pl.format("{}/{}/{}", "REPORTER", "PARTNER", pl.col("PERIOD").str.strip_prefix("Y"))
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (pl.col("year").is_null(), pl.format("not a year: {}", "PERIOD")),
        (pl.col("FLOW") != "IMPORT", pl.format("not imports: {}", "FLOW")),
        (pl.col("PRODUCT") != "TOTAL", pl.format("a product, not the total: {}", "PRODUCT")),
        (pl.col("PARTNER").is_in(CONTINENTS), pl.format("a continent: {}", "PARTNER")),
        (pl.col("VALUE_IN_EUR").is_null(), "missing value"),
        (~pl.struct("REPORTER", "PARTNER", "PERIOD").is_first_distinct(), "repeats a partner and year"),
    ]
    aside = []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    ends = {"state_a": "PARTNER", "state_b": "REPORTER"}
    frame, out = with_states(frame, ends, when="year", system="name", locator=key)
    aside.append(out)
    frame, out = split(frame, pl.col("state_a") == pl.col("state_b"), "a state with itself", key)
    aside.append(out)
    frame, out = split(
        frame,
        ~pl.struct("state_a", "state_b", "year").is_first_distinct(),
        pl.format("repeats a partner under another name: {}", "PARTNER"),
        key,
    )
    aside.append(out)
    flows = frame.select(
        "state_a",
        "state_b",
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=pl.col("VALUE_IN_EUR") / EURO_IN_MILLION,
        unit=pl.lit(UNIT),
        reporter="state_b",
        note="correction",
        locator=key,
    )
    note = "as the importer reported them; a partner that is not listed is not known to have sold nothing"
    buyers = " ".join(sorted(set(flows["state_b"])))
    coverage = []
    if flows.height:
        span = flows.select(pl.col("start").min(), pl.col("end").max())
        coverage = [cover(KIND, span["start"][0], span["end"][0], partners=buyers, silence="unproven", note=note)]
    return assemble(files, {"flows": flows}, rows_in=raw.height, aside=aside, coverage=coverage, remarks=remarks)
