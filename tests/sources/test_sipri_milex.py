"""SIPRI military spending: sentinels, units, zeros that mean no exchange rate, and the whole workbook."""

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
from tripoint.sources.sipri_milex import read_sipri_milex
from tripoint.sources.tabular import Files

TITLE = "Military expenditure by country, 1990-1991      (c) SIPRI"
SHEETS = ("Constant (2023) US$", "Current US$", "Share of GDP", "Local currency calendar years")


def workbook(path: Path, rows: dict[str, list[list[object]]], years: tuple[float, ...] = (1990, 1991)) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, body in rows.items():
        page = book.create_sheet(sheet)
        for row in [[TITLE], [], ["Country", "Notes", *years], [], ["Africa"], *body]:
            page.append(row)
    book.save(path)
    return path


def read(path: Path) -> Reading:
    return read_sipri_milex(Files(entry=source("sipri-milex"), paths={"workbook": (path,)}))


def test_three_units_and_every_cell_accounted_for(tmp_path: Path) -> None:
    body = {
        SHEETS[0]: [["Algeria", "§4", 10.5, 11.0], ["Croatia", "", "xxx", "..."]],
        SHEETS[1]: [["Algeria", "§4", 9.5, 0.0], ["Croatia", "", "xxx", "..."]],
        SHEETS[2]: [["Algeria", "§4", 0.02, "about 2"], ["Atlantis", "", 0.5, 0.5]],
        SHEETS[3]: [["Algeria", "§4", 90.0, 95.0]],
    }
    reading = read(workbook(tmp_path / "milex.xlsx", body))
    assert (reading.rows_in, reading.rows_kept, reading.facts) == (12, 4, 4)
    facts = reading.tables["attributes"].select("locator", "value", "unit", "note").sort("locator").rows()
    note = "adopted budget, not actual spending"
    assert facts == [
        ("Algeria/1990/constant", 10.5, "constant 2023 USD million", note),
        ("Algeria/1990/current", 9.5, "current USD million", note),
        ("Algeria/1990/share", 0.02, "share of GDP [0-1]", note),
        ("Algeria/1991/constant", 11.0, "constant 2023 USD million", note),
    ]
    reasons = dict(reading.set_aside.select("locator", "reason").rows())
    assert reasons["Algeria/1991/current"] == "zero dollars beside spending in local currency: no exchange rate"
    assert reasons["Algeria/1991/share"] == "not a number: about 2"
    assert reasons["Croatia/1990/current"].startswith("xxx")
    assert reasons["Croatia/1991/current"] == "missing value"
    assert reasons["Atlantis/1990/share"] == "no state has the name 'Atlantis' in 1990"
    assert reading.vintage == "1990-1991"


def test_other_workbooks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no sheet like"):
        read(workbook(tmp_path / "a.xlsx", {"Current US$": []}))
    with pytest.raises(FormatError, match="no years in the header"):
        read(workbook(tmp_path / "b.xlsx", {s: [] for s in SHEETS}, years=()))
    for name, content, message in (
        ("c.xlsx", b"", "empty"),
        ("d.xlsx", b"<html></html>", "web page"),
        ("e.xlsx", b"PK\x03\x04 cut short", "not readable as a workbook"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(FormatError, match=message):
            read(path)


def test_the_whole_workbook(mirror: Path) -> None:
    path = next((mirror / "milex").glob("SIPRI-Milex-data-*.xlsx"))
    reading = read(path)
    book = CalamineWorkbook.from_path(str(path))
    cells: dict[tuple[str, str, int], object] = {}
    for sheet, measure in zip(SHEETS, ("constant", "current", "share"), strict=False):
        rows = book.get_sheet_by_name(sheet).to_python()
        header = rows[5]
        for row in rows[6:]:
            for year, cell in zip(header, row, strict=True):
                if isinstance(year, float) and cell != "":
                    cells[str(row[0]).strip(), measure, int(year)] = cell
    assert reading.rows_in == len(cells) == 3 * 174 * 76
    assert reading.rows_in == reading.facts + reading.set_aside.height
    assert reading.vintage == "1949-2024"
    facts = reading.tables["attributes"]
    for state, name in (("CHN", "China"), ("RUS", "Russia"), ("USA", "United States of America"), ("SUN", "USSR")):
        for unit, measure in (("current USD million", "current"), ("share of GDP [0-1]", "share")):
            year = 1988 if state == "SUN" else 2023
            here = facts.filter(
                (pl.col("state") == state) & (pl.col("unit") == unit) & (pl.col("start") == date(year, 1, 1))
            )
            expected = cells[name, measure, year]
            assert here["value"].to_list() == ([expected] if isinstance(expected, float) else [])
    no_rate = reading.set_aside.filter(pl.col("reason").str.starts_with("zero dollars"))
    assert no_rate["locator"].str.starts_with("German Democratic Republic/").sum() == 30
    # states without forces report a true zero
    costa_rica = facts.filter((pl.col("state") == "CRI") & (pl.col("unit") == "current USD million"))
    assert costa_rica["value"].sum() == 0
    assert costa_rica.height == 76


def test_a_workbook_with_another_last_year_is_read_to_it(tmp_path: Path) -> None:
    sheets = ("Constant (2024) US$", *SHEETS[1:])
    body: dict[str, list[list[object]]] = {s: [["Algeria", "", 1.0, 2.0]] for s in sheets}
    path = workbook(tmp_path / "SIPRI-Milex-data-1949-2025_v1.2.xlsx", body, years=(2024, 2025))
    facts = read(path).tables["attributes"]
    assert facts["start"].max() == date(2025, 1, 1)
    assert "constant 2024 USD million" in facts["unit"].to_list()
