"""UCDP events in the producer's layout and the R sample."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
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
        "3": "no state takes part",
        "1": "repeats an event; the first is kept",
        "5": "no state has the gw code '9999' in 2022",
        "6": "missing value",
    }
    assert reading.vintage == "2022-05-21"


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
    assert reading.rows_aside == 232
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    states = raw.filter(pl.col("gwnoa").is_not_null() | pl.col("gwnob").is_not_null())
    assert reading.facts == states.height
    assert reading.tables["events"]["intensity"].sum() == states["best"].sum()
