"""Days in a source's own order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.sources.dates import read_days

PATH = Path("votes.csv")


def test_stated_formats_are_read_and_impossible_days_are_null() -> None:
    column = pl.Series("date", ["2024-10-05", " 2024-10-05 00:00:00.000", "2024-02-30", "soon", None, "2024-10-05"])
    day = date(2024, 10, 5)
    assert read_days(column, PATH).to_list() == [day, day, None, None, None, day]
    other = pl.Series("date", ["6/26/1946", "26.6.1946"])
    assert read_days(other, PATH, formats=("%m/%d/%Y", "%d.%m.%Y")).to_list() == [date(1946, 6, 26)] * 2


@pytest.mark.parametrize("text", ["10/5/2024", "12/13/2024", "5-Oct-24", "5 October 2024", "05.10.2024", "2024/10/05"])
def test_another_order_is_refused_with_its_row(text: str) -> None:
    with pytest.raises(FormatError, match=rf"votes.csv: column date, data row 3: '{text}' is a day in another order"):
        read_days(pl.Series("date", ["2024-10-05", None, text]), PATH)


def test_an_empty_column_is_empty() -> None:
    assert read_days(pl.Series("date", [None], dtype=pl.String), PATH).to_list() == [None]
