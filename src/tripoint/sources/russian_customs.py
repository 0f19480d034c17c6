"""Russia's exports and imports by partner and month, 2006-2021, as the Federal Customs Service reported them.

A workbook with a sheet of exports and one of imports, a row a month and a column a partner, in million US dollars.
A record is one cell.

Traps: 13 of 29 names of partners mix Latin and Cyrillic letters (corrections, each with the wrong name it expects);
names are broken over lines; years stand as rows of their own between the months; trade with Kazakhstan is ``…`` from
July to December 2010, when the customs border fell. The service stopped publishing trade by partner in 2022.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split, with_states
from tripoint.sources.tabular import Files, read_sheet

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

SHEETS = {"export": "Экспорт", "import": "Импорт"}
MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
MISSING = ("…", "...", "-", "")
KIND = "goods trade"
UNIT = "USD million"
REPORTER = "RUS"
NOTE = "29 partners only; Kazakhstan from July to December 2010 is missing"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_russian_customs(files: Files) -> Reading:
    """Read both sheets into monthly flows; the locator is sheet, cell and month."""
    import polars as pl

    path = files.one("workbook")
    cells = pl.concat([_cells(path, way, sheet) for way, sheet in SHEETS.items()])
    raw, remarks = apply_corrections(cells, files.entry.id, "workbook")
    key = pl.format("{}/{}/{}", "way", "cell", pl.col("day").dt.strftime("%Y-%m"))
    frame = raw.with_columns(value=pl.col("text").cast(pl.Float64, strict=False))
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (pl.col("text").is_in(MISSING), "missing value"),
        (pl.col("value").is_null(), pl.format("not a number: {}", "text")),
        (~pl.struct("way", "partner", "day").is_first_distinct(), pl.format("repeats a month of {}", "partner")),
    ]
    aside = []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    frame, out = with_states(frame, {"other": "partner"}, when="day", system="name", locator=key)
    out_of_russia = pl.col("way") == "export"
    flows = frame.select(
        state_a=pl.when(out_of_russia).then(pl.lit(REPORTER)).otherwise("other"),
        state_b=pl.when(out_of_russia).then("other").otherwise(pl.lit(REPORTER)),
        kind=pl.lit(KIND),
        start="day",
        end=pl.col("day").dt.month_end(),
        precision=pl.lit("month"),
        value="value",
        unit=pl.lit(UNIT),
        reporter=pl.lit(REPORTER),
        note="correction",
        locator=key,
    )
    partners = " ".join(sorted(set(frame["other"])))
    coverage = []
    if flows.height:
        first, last = flows.select(pl.col("start").min(), pl.col("end").max()).row(0)
        coverage = [
            cover(KIND, first, last, states=REPORTER, partners=partners, silence="none", note=NOTE),
            cover(KIND, first, last, states=partners, partners=REPORTER, silence="none", note=NOTE),
        ]
    return assemble(
        files, {"flows": flows}, rows_in=raw.height, aside=[*aside, out], coverage=coverage, remarks=remarks
    )


def _cells(path: Path, way: str, sheet: str) -> pl.DataFrame:
    """Cells of one sheet, a row each: partner as written, first day of the month, cell name and text."""
    import polars as pl

    rows = read_sheet(path, sheet)
    at = next((i for i, row in enumerate(rows) if _names(row) > 1), None)
    if at is None:
        raise FormatError(f"{path.name}, sheet {sheet}: no row of partner names; is this the customs workbook?")
    columns: dict[str, list[object]] = {"way": [], "partner": [], "day": [], "cell": [], "text": []}
    year = 0
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        label, body = row[0], row[1:]
        if isinstance(label, float) or str(label).strip().isdigit():
            year = int(float(str(label)))
        month = str(label).strip().casefold()
        blank = all(str(c).strip() == "" for c in body)
        if month not in MONTHS or year == 0:
            if blank:
                continue
            raise FormatError(f"{path.name}, sheet {sheet}, row {number}: values beside '{label}', which is no month")
        for column, (name, value) in enumerate(zip(rows[at][1:], body, strict=False), start=1):
            if str(name).strip():
                columns["way"].append(way)
                columns["partner"].append(" ".join(str(name).split()))
                columns["day"].append(date(year, MONTHS.index(month) + 1, 1))
                columns["cell"].append(f"{_letters(column)}{number}")
                columns["text"].append(str(value).strip())
    if not columns["day"]:
        raise FormatError(f"{path.name}, sheet {sheet}: no months; the file may be cut short")
    return pl.DataFrame(columns, schema_overrides={"day": pl.Date})


def _names(row: list[object]) -> int:
    """Names in a row that leaves the first cell empty: the header."""
    if not row or str(row[0]).strip():
        return 0
    return sum(isinstance(c, str) and bool(c.strip()) for c in row[1:])


def _letters(column: int) -> str:
    """Letters of a spreadsheet column, counted from 0."""
    high, low = divmod(column, len(_ALPHABET))
    return (_ALPHABET[high - 1] if high else "") + _ALPHABET[low]
