"""Dyadic crises of the International Crisis Behavior project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import given, table, whole

from tripoint.errors import FormatError
from tripoint.sources import crises

PAIR = {"crisno": 1, "crisname": "MADE UP", "statea": 365, "stateb": 369, "actnuma": 1, "actnumb": 9999}
DAYS = ("trgyrdy", "trgmody", "trgdady", "trmyrdy", "trmmody", "trmdady")


def row(year: int, *days: object, **more: object) -> dict[str, object]:
    return {**PAIR, "year": year, **dict(zip(DAYS, days or [""] * 6, strict=True)), **more}


def test_years_of_one_crisis_make_one_event(tmp_path: Path) -> None:
    path = table(
        tmp_path / "icbdy_v15.csv",
        crises.COLUMNS,
        row(2014, 2014, 2, 22, 2015, 2, 18),
        row(2015, 2014, 2, 22, 2015, 2, 18),
        row(2021, crisno=2),
        row(2020, 2020, 5, 5, 2020, 6, 88, crisno=3),
        row(2020, 2020, 5, 5, 2020, 6, 1, crisno=4, statea=9999),
    )
    reading = crises.read_icb(given("icb", dyads=path))
    events = reading.tables["events"].sort("title", "start")
    assert events.select("start", "end", "precision", "title").rows() == [
        (date(2014, 2, 22), date(2015, 2, 18), "day", "Made Up (ICB 1)"),
        (date(2021, 1, 1), date(2021, 12, 31), "year", "Made Up (ICB 2)"),
        (date(2020, 5, 5), date(2020, 6, 28), "month", "Made Up (ICB 3)"),
    ]
    assert events["note"].unique().to_list() == ["crisis actors: RUS"]
    assert (reading.rows_in, reading.rows_kept, reading.vintage) == (5, 4, "15")


def test_the_newest_release_speaks_for_a_crisis(tmp_path: Path) -> None:
    days = (2014, 2, 22, 2015, 2, 18)
    old = table(tmp_path / "icbdy_v15.csv", crises.COLUMNS, row(2014, *days), row(2014, *days, crisno=2))
    new = table(tmp_path / "icbdy_v16.csv", crises.COLUMNS, row(2014, *days, crisname="RENAMED"))
    reading = crises.read_icb(given("icb", dyads=(old, new)))
    assert sorted(reading.tables["events"]["title"]) == ["Made Up (ICB 2)", "Renamed (ICB 1)"]
    assert reading.set_aside["reason"].to_list() == ["an older release of a crisis"]
    assert reading.vintage == "16"


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "icbdy_v15.csv", ("crisno", "year"), {"crisno": 1, "year": 2014})
    with pytest.raises(FormatError, match="no column statea"):
        crises.read_icb(given("icb", dyads=path))
    path = table(tmp_path / "icbdy.csv", crises.COLUMNS, row(2014))
    with pytest.raises(FormatError, match="does not say which release"):
        crises.read_icb(given("icb", dyads=path))


def test_full_files(mirror: Path, tmp_path: Path) -> None:
    reading = whole("icb", mirror, tmp_path)
    events = reading.tables["events"]

    def since_2010(a: str, b: str) -> list[date]:
        return events.filter(
            (pl.col("state_a") == a) & (pl.col("state_b") == b) & (pl.col("start") >= date(2010, 1, 1))
        )["start"].to_list()

    assert date(2020, 5, 5) in since_2010("CHN", "IND")
    assert [d.year for d in since_2010("RUS", "UKR")] == [2014, 2018, 2021]
    assert [d.year for d in since_2010("RUS", "TUR")] == [2015, 2020]
    assert since_2010("CHN", "RUS") == []
    assert reading.coverage["end"].to_list() == [date(2021, 12, 31)]
