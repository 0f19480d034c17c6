"""Russian customs: months, names in two alphabets, and the whole workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.russian_customs import MONTHS, read_russian_customs
from tripoint.sources.tabular import Files

# Published in billions with one decimal.
TENTH_OF_A_BILLION = 50.0
NAMES = ["", "Китaй", "Республика \nКорея"]


def workbook(path: Path, rows: list[list[object]], sheets: tuple[str, ...] = ("Экспорт", "Импорт")) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet)
        for row in [["Title"], ["(млн долларов США)"], *rows]:
            page.append(row)
    book.save(path)
    return path


def read(path: Path) -> Reading:
    return read_russian_customs(Files(entry=source("russian-customs"), paths={"workbook": (path,)}))


def test_months_of_both_directions(tmp_path: Path) -> None:
    rows = [NAMES, [2008.0, "", ""], ["  январь", 1.5, 2.5], ["  февраль", "…", 4.0], ["", "", ""]]
    reading = read(workbook(tmp_path / "x.xlsx", rows))
    assert (reading.rows_in, reading.rows_kept) == (8, 6)
    flows = reading.tables["flows"].sort("locator")
    assert flows.select("locator", "state_a", "state_b", "start", "end", "value", "precision").row(0) == (
        "export/B5/2008-01",
        "RUS",
        "CHN",
        date(2008, 1, 1),
        date(2008, 1, 31),
        1.5,
        "month",
    )
    assert flows["end"].max() == date(2008, 2, 29)
    assert flows.filter(pl.col("state_b") == "RUS")["state_a"].to_list() == ["CHN", "KOR", "KOR"]
    assert reading.set_aside.select("locator", "reason").rows() == [
        ("export/B6/2008-02", "missing value"),
        ("import/B6/2008-02", "missing value"),
    ]
    corrected = flows.filter(pl.col("note").is_not_null())
    assert set(corrected["state_a"]) | set(corrected["state_b"]) == {"CHN", "RUS"}


def test_unknown_partners_are_set_aside(tmp_path: Path) -> None:
    rows = [["", "Атлантида", "Китай"], [2008.0, "", ""], ["январь", 1.0, "lots"]]
    reading = read(workbook(tmp_path / "x.xlsx", rows))
    assert set(reading.set_aside["reason"]) == {"no state has the name 'Атлантида' in 2008", "not a number: lots"}
    assert reading.facts == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[2008.0, ""], ["январь", 1.0]], "no row of partner names"),
        ([NAMES, [2008.0, "", ""]], "no months"),
        ([NAMES, ["январь", 1.0, 2.0]], "which is no month"),
        ([NAMES, [2008.0, "", ""], ["итого", 1.0, 2.0]], "beside 'итого', which is no month"),
    ],
)
def test_other_layouts_are_refused(tmp_path: Path, rows: list[list[object]], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(workbook(tmp_path / "x.xlsx", rows))


def test_files_that_are_no_workbook_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no sheet 'Импорт'"):
        rows = [NAMES, [2008.0, "", ""], ["январь", 1.0, 2.0]]
        read(workbook(tmp_path / "x.xlsx", rows, sheets=("Экспорт",)))
    path = tmp_path / "y.xlsx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(FormatError, match="not readable as a workbook"):
        read(path)


def test_the_whole_workbook(mirror: Path) -> None:
    path = mirror / "trade/russian_customs_monthly.xlsx"
    reading = read(path)
    book = CalamineWorkbook.from_path(str(path))
    total, cells = 0.0, 0
    for sheet in ("Экспорт", "Импорт"):
        for row in book.get_sheet_by_name(sheet).to_python():
            if str(row[0]).strip() in MONTHS:
                cells += len(row) - 1
                total += sum(c for c in row[1:] if isinstance(c, float))
    assert reading.rows_in == cells == 2 * 29 * 12 * 16
    assert reading.rows_in == reading.facts + reading.set_aside.height
    assert reading.set_aside.height == 12
    assert reading.remarks == ()
    flows = reading.tables["flows"]
    assert flows["value"].sum() == pytest.approx(total)
    partners = set(flows["state_a"]) | set(flows["state_b"])
    assert len(partners) == 30
    # 13 of 29 names mix two alphabets: 13 partners, two directions, 192 months
    assert flows["note"].is_not_null().sum() == 13 * 2 * 192
    china = flows.filter((pl.col("state_a") == "CHN") & (pl.col("start").dt.year() == 2021))
    assert china["value"].sum() == pytest.approx(72_700, abs=TENTH_OF_A_BILLION)
