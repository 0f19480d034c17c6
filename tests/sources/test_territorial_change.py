"""Land that passed between states."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import given, table, whole

from tripoint.errors import FormatError
from tripoint.sources import territorial_change

CHANGE = {
    "number": 1,
    "year": 2014,
    "month": 3,
    "gainer": 365,
    "loser": 369,
    "procedur": 2,
    "conflict": 0,
    "version": 6,
}


def test_transfers_between_states_are_kept(tmp_path: Path) -> None:
    path = table(
        tmp_path / "tc2018.csv",
        territorial_change.COLUMNS,
        {**CHANGE, "area": "27000.00"},
        {**CHANGE, "number": 2, "month": ".", "conflict": 1, "procedur": 1},
        {**CHANGE, "number": 3, "loser": -9},
        {**CHANGE, "number": 4, "loser": 9999},
        missing=".",
    )
    reading = territorial_change.read_territorial_change(given("cow-territory", changes=path))
    events = reading.tables["events"].sort("locator")
    assert events.select("state_a", "state_b", "start", "precision", "intensity", "note").rows() == [
        ("RUS", "UKR", date(2014, 3, 1), "month", 27000.0, "annexation"),
        ("RUS", "UKR", date(2014, 1, 1), "year", None, "conquest; by force"),
    ]
    assert (reading.rows_aside, reading.vintage) == (2, "6")


def test_another_layout_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "tc2018.csv", ("year", "month"), {"year": 2014, "month": 3})
    with pytest.raises(FormatError, match="no column number"):
        territorial_change.read_territorial_change(given("cow-territory", changes=path))


def test_full_file(mirror: Path, tmp_path: Path) -> None:
    events = whole("cow-territory", mirror, tmp_path).tables["events"].filter(pl.col("start") >= date(2008, 1, 1))
    found = {(a, b, area) for a, b, area in events.select("state_a", "state_b", "intensity").iter_rows()}
    assert {("RUS", "UKR", 27000.0), ("CHN", "RUS", 174.0), ("CHN", "TJK", 1142.0)} <= found
