"""US Census Bureau, goods trade of the United States by partner, since 1985, in million current US dollars.

https://www.census.gov/foreign-trade/balance/country.xlsx: a sheet with a row a partner and year, imports (``I``)
and exports (``E``) of every month and of the year. A record is such a row.

Traps: ``CTY_CODE`` is the Bureau's own, below 1000 an aggregate (the European Union, OPEC); months not yet reported
are 0, and the sum of such a year is of the months that there are: a year whose December is 0 for every partner is
set aside. Imports are at customs value, exports f.a.s.; neither is seasonally adjusted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.errors import FormatError, did_you_mean
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, year_span, years_held
from tripoint.sources.tabular import Files, read_first_sheet

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

KIND = "goods trade"
REPORTER = "USA"
LAST_AGGREGATE = 999
COLUMNS = ("year", "CTY_CODE", "CTYNAME", "IYR", "EYR", "IDEC", "EDEC")
VALUATION = {"IYR": "imports at customs value", "EYR": "exports f.a.s."}


def read_us_trade(files: Files) -> Reading:
    """Read whole years into flows from and to the United States; the vintage is the last whole year."""
    import polars as pl

    path = files.one("countries")
    raw = _rows(path.name, read_first_sheet(path))
    key = pl.format("{}/{}", pl.col("code").fill_null("?"), pl.col("year").fill_null(0))
    reported = pl.any_horizontal(pl.col("IDEC", "EDEC").fill_null(0.0) != 0).any().over("year")
    rules = [
        (pl.any_horizontal(pl.col("year", "code").is_null()), "no year or no code"),
        (pl.col("code").cast(pl.Int64, strict=False).fill_null(0) <= LAST_AGGREGATE, "an aggregate"),
        (~reported, "a year that is not over"),
        (~pl.struct("code", "year").is_first_distinct(), "repeats a partner and year"),
    ]
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    frame, strange = with_states(frame, {"partner": "name"}, when="year", system="name", locator=key)
    frame, selves = split(frame, pl.col("partner") == REPORTER, "a state with itself", key)
    frame, blank = split(frame, pl.all_horizontal(pl.col("IYR", "EYR").is_null()), "missing value", key)
    flows = [
        frame.filter(pl.col(column).is_not_null()).select(
            state_a=pl.lit(REPORTER) if column == "EYR" else pl.col("partner"),
            state_b=pl.lit(REPORTER) if column == "IYR" else pl.col("partner"),
            kind=pl.lit(KIND),
            **year_span(pl.col("year")),
            precision=pl.lit("year"),
            value=column,
            unit=pl.lit("USD million"),
            reporter=pl.lit(REPORTER),
            note=pl.lit(words),
            locator=pl.format("{}/{}", key, pl.lit(column)),
        )
        for column, words in VALUATION.items()
    ]
    first, last = years_held(frame, "year", path.name)
    partners = " ".join(sorted(set(frame["partner"])))
    note = "goods, as the United States reports them"
    return assemble(
        files,
        {"flows": flows},
        rows_in=raw.height,
        aside=[*aside, strange, selves, blank],
        coverage=[
            cover(KIND, first, last, states=REPORTER, partners=partners, silence="unproven", note=note),
            cover(KIND, first, last, states=partners, partners=REPORTER, silence="unproven", note=note),
        ],
        vintage=f"to-{last}",
    )


def _rows(name: str, rows: list[list[object]]) -> pl.DataFrame:
    import polars as pl

    header = [str(cell).strip() for cell in rows[0]] if rows else []
    missing = [c for c in COLUMNS if c not in header]
    if missing:
        raise FormatError(
            f"{name}: no column {', '.join(missing)}{did_you_mean(missing[0], header)}; expected country.xlsx"
        )
    at = [header.index(c) for c in COLUMNS]
    cells = [[row[k] for k in at] for row in rows[1:] if any(str(cell).strip() for cell in row)]
    made = [
        (_whole(r[0]), str(r[1]).strip().removesuffix(".0") or None, str(r[2]).strip(), *(_number(c) for c in r[3:]))
        for r in cells
    ]
    types = {"year": pl.Int32, "code": pl.String, "name": pl.String, **dict.fromkeys(COLUMNS[3:], pl.Float64)}
    return pl.DataFrame(made, schema=types, orient="row")


def _whole(cell: object) -> int | None:
    text = str(cell).strip().removesuffix(".0")
    return int(text) if text.isdigit() else None


def _number(cell: object) -> float | None:
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return float(str(cell).replace(",", ""))
    except ValueError:
        return None
