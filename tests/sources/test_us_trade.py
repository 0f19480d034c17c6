"""Trade of the United States by partner."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import given, whole

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import us_trade


def read(path: Path, *rows: tuple[object, ...], columns: tuple[str, ...] = us_trade.COLUMNS) -> Reading:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(columns))
    for row in rows:
        page.append(list(row))
    book.save(path)
    return us_trade.read_us_trade(given("us-trade", countries=path))


def test_a_year_that_is_not_over_is_no_year(tmp_path: Path) -> None:
    reading = read(
        tmp_path / "country.xlsx",
        ("2022", "4621", "Russia", 14.5, 1.7, 0.3, 0.1),
        ("2022", "0003", "European Union", 9.0, 9.0, 1.0, 1.0),
        ("2022", "5820", "Hong Kong", 9.0, 9.0, 1.0, 1.0),
        ("2022", "4621", "Russia", 1.0, 1.0, 1.0, 1.0),
        ("2023", "4621", "Russia", 0.4, 0.1, 0.0, 0.0),
    )
    assert reading.tables["flows"].select("state_a", "state_b", "start", "value").sort("state_a").rows() == [
        ("RUS", "USA", date(2022, 1, 1), 14.5),
        ("USA", "RUS", date(2022, 1, 1), 1.7),
    ]
    assert sorted(reading.set_aside["reason"]) == [
        "a year that is not over",
        "an aggregate",
        "no state has the name 'Hong Kong' in 2022",
        "repeats a partner and year",
    ]
    assert reading.vintage == "to-2022"


def test_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"no column EDEC.*expected country\.xlsx"):
        read(tmp_path / "country.xlsx", columns=us_trade.COLUMNS[:-1])


def test_full_workbook(mirror: Path, tmp_path: Path) -> None:
    flows = whole("us-trade", mirror, tmp_path).tables["flows"]
    year = pl.col("start").dt.year()
    bought = flows.filter((pl.col("state_a") == "RUS") & year.is_in([2021, 2022])).sort("start")["value"]
    assert [round(v / 1000, 2) for v in bought] == [29.63, 14.46]
    assert flows["start"].dt.year().max() == 2022
