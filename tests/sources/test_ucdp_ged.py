"""UCDP events in the producer's layout and the R sample."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import ucdp_ged
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r

HEADER = ",".join(ucdp_ged.COLUMNS)


def small(tmp_path: Path, *lines: str) -> Files:
    path = tmp_path / "GEDEvent_v26_0_8.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return Files(entry=source("ucdp-ged"), paths={"events": (path,)})


DAYS = "2022-05-20 00:00:00.000,2022-05-21 00:00:00.000"


def test_events_of_states(tmp_path: Path) -> None:
    reading = ucdp_ged.read_ucdp_ged(
        small(
            tmp_path,
            f"1,1,Russia - Ukraine,Government of Russia,Government of Ukraine,365,369,{DAYS},1,35,30,40",
            f"2,1,Mali: Government,Government of Mali,JNIM,432,,{DAYS},2,4,4,4",
            f"3,2,A - B,A,B,,,{DAYS},1,2,2,2",
            f"1,1,Again,Government of Russia,Government of Ukraine,365,369,{DAYS},1,35,30,40",
            f"5,1,Lost,Nobody,Nobody,9999,,{DAYS},1,1,1,1",
            "6,1,Undated,Government of Mali,JNIM,432,,soon,later,2,4,4,4",
        )
    )
    events = (
        reading.tables["events"].sort("locator").select("state_a", "state_b", "start", "precision", "intensity", "note")
    )
    assert events.rows() == [
        ("RUS", "UKR", date(2022, 5, 20), "day", 35.0, "Government of Russia - Government of Ukraine; deaths 30 to 40"),
        ("MLI", None, date(2022, 5, 20), "month", 4.0, "Government of Mali - JNIM; deaths 4 to 4"),
    ]
    assert reading.rows_in == reading.rows_kept + reading.rows_aside == 6
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "3": "among groups or against civilians: no clash of states",
        "1": "repeats an event; the first is kept",
        "5": "no state has the gw code '9999' in 2022",
        "6": "missing value",
    }
    assert reading.vintage == "26.0.8"


@pytest.mark.parametrize("text", ["", "<html>", "id,year\n1,2\n", HEADER + "\n" + "1," * 20 + "\n", HEADER + "\n"])
def test_damaged_files_are_refused(tmp_path: Path, text: str) -> None:
    files = small(tmp_path)
    files.one("events").write_text(text)
    with pytest.raises(FormatError, match="GEDEvent"):
        ucdp_ged.read_ucdp_ged(files)


def test_the_sample(mirror: Path) -> None:
    path = mirror / "disputes_monthly" / "ucdpged.rda"
    reading = ucdp_ged.read_ucdp_ged(Files(entry=source("ucdp-ged"), paths={"events": (path,)}))
    raw = read_r(path)
    assert reading.rows_in == raw.height == 1_000
    assert reading.rows_aside == 293
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    states = raw.filter(
        (pl.col("gwnoa").is_not_null() | pl.col("gwnob").is_not_null()) & (pl.col("type_of_violence") == 1)
    )
    assert reading.facts == states.height
    assert reading.tables["events"]["intensity"].sum() == states["best"].sum()
    assert reading.coverage["silence"].to_list() == ["nothing"]


EVENT = "Russia - Ukraine,Government of Russia,Government of Ukraine,365,369"


def named(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def read(*paths: Path) -> Reading:
    return ucdp_ged.read_ucdp_ged(Files(entry=source("ucdp-ged"), paths={"events": paths}))


def test_the_final_release_speaks_for_its_years_and_a_later_candidate_for_an_event(tmp_path: Path) -> None:
    final = named(tmp_path, "GEDEvent_v26_1.csv", f"1,1,{EVENT},2025-12-01,2025-12-01,1,40,40,40")
    old = named(
        tmp_path,
        "GEDEvent_v25_0_12.csv",
        f"1,1,{EVENT},2025-12-01,2025-12-01,1,3,3,3",
        f"2,1,{EVENT},2025-12-02,2025-12-02,1,9,9,9",
    )
    new = [named(tmp_path, f"GEDEvent_v26_0_{m}.csv", f"7,1,{EVENT},2026-02-01,2026-02-01,1,{m},1,9") for m in (2, 10)]
    reading = read(old, *new, final)
    events = reading.tables["events"].sort("locator")
    assert events.select("locator", "intensity").rows() == [("1", 40.0), ("7", 10.0)]
    assert sorted(reading.set_aside["reason"]) == ["a candidate of a year of the final release"] * 2 + [
        "an earlier release of an event"
    ]
    assert reading.vintage == "2026-02-01"
    assert reading.coverage.select("start", "end").rows() == [
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
    ]


def test_one_month_covers_one_month(tmp_path: Path) -> None:
    path = named(tmp_path, "GEDEvent_v26_0_8.csv", f"1,1,{EVENT},2026-08-03,2026-08-03,1,1,1,1")
    assert read(path).coverage.select("start", "end").rows() == [(date(2026, 8, 1), date(2026, 8, 31))]


def test_violence_against_civilians_is_no_clash(tmp_path: Path) -> None:
    path = named(
        tmp_path,
        "GEDEvent_v26_1.csv",
        "1,3,One-sided,Government of Mali,Civilians,432,,2024-01-01,2024-01-01,1,5,5,5",
        f"2,1,{EVENT},2024-01-01,2024-01-01,1,5,5,5",
    )
    reading = read(path)
    assert reading.tables["events"]["locator"].to_list() == ["2"]


def test_a_day_in_another_order_is_refused(tmp_path: Path) -> None:
    path = named(
        tmp_path,
        "GEDEvent_v26_0_8.csv",
        f"1,1,{EVENT},2026-08-03,2026-08-03,1,1,1,1",
        f"2,1,{EVENT},8/1/2026 12:00:00 AM,8/1/2026 12:00:00 AM,1,1,1,1",
    )
    with pytest.raises(FormatError, match=r"data row 2: '8/1/2026 12:00:00 AM' is a day in another order"):
        read(path)
