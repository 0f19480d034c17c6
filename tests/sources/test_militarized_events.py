"""Militarized interstate events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import given, table, whole

from tripoint.errors import FormatError
from tripoint.sources import militarized_events

COLUMNS = (*militarized_events.NUMBERS, "version")
ACT = {
    **dict.fromkeys(COLUMNS, -9),
    **{"micnum": 1, "eventnum": 1, "ccode1": 710, "ccode2": 750, "styear": 2013, "stmon": 4, "stday": 15},
    **{"endyear": 2013, "endmon": 5, "endday": 5, "action": 12, "hostlev": 3, "version": "mie-1.0"},
}


def test_acts_are_directed_and_dated(tmp_path: Path) -> None:
    path = table(
        tmp_path / "mie-1.0.csv",
        COLUMNS,
        ACT,
        {**ACT, "eventnum": 2, "stday": -9, "endday": -9, "action": 99, "hostlev": 4},
        {**ACT, "eventnum": 2},
        {**ACT, "eventnum": 3, "endyear": 2012},
        {**ACT, "eventnum": 4, "ccode2": 9999},
    )
    reading = militarized_events.read_mie(given("mie", events=path))
    events = reading.tables["events"].sort("locator")
    assert events.select("state_a", "state_b", "start", "end", "precision", "intensity", "title").rows() == [
        ("CHN", "IND", date(2013, 4, 15), date(2013, 5, 5), "day", 3.0, "border violation (MIC 1)"),
        ("CHN", "IND", date(2013, 4, 1), date(2013, 5, 31), "month", 4.0, "action 99 (MIC 1)"),
    ]
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (5, 3, "1.0")
    assert reading.coverage["start"].to_list() == [date(2013, 1, 1)]


def test_another_layout_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "mie-1.0.csv", ("micnum", "eventnum"), {"micnum": 1, "eventnum": 1})
    with pytest.raises(FormatError, match="no column ccode1"):
        militarized_events.read_mie(given("mie", events=path))


def test_full_file(mirror: Path, tmp_path: Path) -> None:
    reading = whole("mie", mirror, tmp_path)
    events = reading.tables["events"].filter(pl.col("start") >= date(2000, 1, 1))

    def between(a: str, b: str) -> int:
        return events.filter(pl.col("state_a").is_in([a, b]) & pl.col("state_b").is_in([a, b])).height

    pairs = (("CHN", "IND"), ("RUS", "UKR"), ("CHN", "JPN"), ("USA", "CHN"), ("RUS", "JPN"), ("RUS", "CHN"))
    assert [between(*pair) for pair in pairs] == [14, 41, 131, 19, 27, 0]
    assert reading.rows_in == 28_011
