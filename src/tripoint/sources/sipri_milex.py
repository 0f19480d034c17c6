"""SIPRI Military Expenditure Database: military spending of states since 1949.

Stockholm International Peace Research Institute, doi:10.55163/CQGC9685, https://www.sipri.org/databases/milex.
The workbook gives the same spending in several units, a sheet each. Three are read, a fact each: constant US
dollars (of the base year in the sheet's name), current US dollars, and the share of gross domestic product.

Traps: ``...`` (shown as ``. .``) is unavailable and ``xxx`` is a state that did not exist; headings of regions
stand between the countries; a dollar figure is 0 where SIPRI has local currency but no exchange rate (Yugoslavia
before 1991, East Germany), which is not spending of nothing. The colors that mark SIPRI's estimates are lost.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import sipri_names, split, with_states, year_span
from tripoint.sources.tabular import Files, check_not_html, read_sheet

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

KIND = "military spending"
#: What is read: name of the measure -> sheet and unit; the base year stands in the sheet's name.
SHEETS = {
    "constant": (re.compile(r"Constant \((\d{4})\) US\$"), "constant {} USD million"),
    "current": (re.compile(r"Current US\$()"), "current USD million"),
    "share": (re.compile(r"Share of GDP()"), "share of GDP [0-1]"),
}
LOCAL = re.compile(r"Local currency calendar years()")
NOT_A_STATE = "xxx"
UNAVAILABLE = ("...", ". .", "..")
MARKS = {
    "†": "without military pensions",
    "‡": "current spending only, without investment",
    "§": "adopted budget, not actual spending",
    "¶": "without paramilitary forces",
}
_YEARS = re.compile(r"(\d{4})-(\d{4})")


def read_sipri_milex(files: Files) -> Reading:
    """Read three sheets of the workbook; a record is one cell, a country and a year in one unit."""
    import polars as pl

    path = files.one("workbook")
    names = _sheet_names(path)
    cells, title = [], ""
    for measure, (pattern, unit) in SHEETS.items():
        sheet, base = _sheet(names, pattern, path)
        frame, title = _cells(path, sheet)
        cells.append(frame.with_columns(measure=pl.lit(measure), unit=pl.lit(unit.format(base))))
    local, _ = _cells(path, _sheet(names, LOCAL, path)[0])
    raw, remarks = apply_corrections(pl.concat(cells), files.entry.id, "workbook")
    spent = local.select("country", "year", local=pl.col("cell").cast(pl.Float64, strict=False))
    frame = raw.join(spent.unique(["country", "year"]), on=["country", "year"], how="left", maintain_order="left")
    frame = frame.with_columns(value=pl.col("cell").cast(pl.Float64, strict=False))
    key = pl.format("{}/{}/{}", "country", "year", "measure")
    no_rate = (pl.col("value") == 0) & (pl.col("local") > 0)
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (pl.col("cell") == NOT_A_STATE, "xxx: not a state for all of the year, says SIPRI"),
        (pl.col("cell").is_in(UNAVAILABLE) | (pl.col("cell") == ""), "missing value"),
        (pl.col("value").is_null(), pl.format("not a number: {}", "cell")),
        (no_rate, "zero dollars beside spending in local currency: no exchange rate"),
        (~pl.struct("country", "year", "measure").is_first_distinct(), "repeats a country and year"),
    ]
    aside = []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    frame = sipri_names(frame.with_columns(name="country"), "name")
    frame, out = with_states(frame, {"state": "name"}, when="year", system="name", locator=key)
    aside.append(out)
    attributes = frame.select(
        "state",
        "value",
        "unit",
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        note=pl.concat_str([_marks(), "correction"], separator="; ", ignore_nulls=True).replace("", None),
        locator=key,
    )
    years = _YEARS.search(title)
    if not years:
        raise FormatError(f"{path.name}: no years such as 1949-2024 in the title '{title[:60]}'; is this the workbook?")
    note = "years that SIPRI marks as unavailable are set aside; states without forces or figures are absent"
    return assemble(
        files,
        {"attributes": attributes},
        rows_in=raw.height,
        aside=aside,
        coverage=[cover(KIND, int(years[1]), int(years[2]), partners="", silence="unproven", note=note)],
        vintage=years[0],
        remarks=remarks,
    )


def _sheet_names(path: Path) -> list[str]:
    from python_calamine import CalamineWorkbook

    check_not_html(path)
    try:
        return list(CalamineWorkbook.from_path(str(path)).sheet_names)
    except Exception as error:
        raise FormatError(f"{path.name}: not readable as a workbook ({error}); fetch it again") from error


def _sheet(names: list[str], pattern: re.Pattern[str], path: Path) -> tuple[str, str]:
    """Name of the sheet that matches, and the base year in it."""
    for name in names:
        if found := pattern.fullmatch(name.strip()):
            return name, found[1]
    raise FormatError(f"{path.name}: no sheet like '{pattern.pattern}'; it has {', '.join(names)}")


def _cells(path: Path, sheet: str) -> tuple[pl.DataFrame, str]:
    """Cells of one sheet, a row each (country, marks, year, cell as text), and the sheet's title."""
    import polars as pl

    rows = read_sheet(path, sheet)
    at = next((i for i, row in enumerate(rows) if row and row[0] == "Country"), None)
    if at is None or "Notes" not in rows[at]:
        raise FormatError(f"{path.name}, sheet {sheet}: no header row with Country and Notes")
    header = rows[at]
    years = [(i, int(y)) for i, y in enumerate(header) if isinstance(y, float) and 1900 < y < 2200]
    if not years:
        raise FormatError(f"{path.name}, sheet {sheet}: no years in the header row")
    marks = header.index("Notes")
    columns: dict[str, list[object]] = {"country": [], "marks": [], "year": [], "cell": []}
    for row in rows[at + 1 :]:
        if all(row[i] == "" for i, _ in years):
            continue
        for i, year in years:
            columns["country"].append(str(row[0]).strip())
            columns["marks"].append(str(row[marks]))
            columns["year"].append(year)
            columns["cell"].append(str(row[i]).strip())
    frame = pl.DataFrame(
        columns, schema={"country": pl.String, "marks": pl.String, "year": pl.Int32, "cell": pl.String}
    )
    return frame, str(rows[0][0])


def _marks() -> pl.Expr:
    """SIPRI's marks on a country's series, in words."""
    import polars as pl

    return pl.concat_str(
        [pl.when(pl.col("marks").str.contains(m, literal=True)).then(pl.lit(text)) for m, text in MARKS.items()],
        separator="; ",
        ignore_nulls=True,
    ).replace("", None)
