"""Major powers: spells to the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.major_powers import read_major_powers
from tripoint.sources.tabular import Files

#: One record of 365, in force from 1922: cut where the code passes from one state to the next.
SOVIET = [
    ("RUS", date(1922, 1, 1), date(1922, 12, 29), "365/1922"),
    ("SUN", date(1922, 12, 30), date(1991, 12, 25), "365/1922/1922-12-30"),
    ("RUS", date(1991, 12, 26), date(2016, 12, 31), "365/1922/1991-12-26"),
]
HEADER = "stateabb,ccode,styear,stmonth,stday,endyear,endmonth,endday,version\n"


def read(path: Path) -> Reading:
    return read_major_powers(Files(entry=source("cow-majors"), paths={"majors": (path,)}))


def test_spells_and_what_is_no_spell(tmp_path: Path) -> None:
    path = tmp_path / "majors2016.csv"
    rows = ["USA,2,1898,8,13,2016,12,31,2016", "X,999,1898,8,13,2016,12,31,2016", "CHN,710,1950,2,30,2016,12,31,2016"]
    path.write_text(HEADER + "\n".join([*rows, rows[0]]) + "\n")
    reading = read(path)
    assert reading.tables["attributes"].select("locator", "state", "start", "end", "precision").rows() == [
        ("2/1898", "USA", date(1898, 8, 13), date(2016, 12, 31), "day")
    ]
    assert sorted(reading.set_aside["reason"]) == [
        "no state has the cow code '999' between 1898-08-13 and 2016-12-31",
        "not a date",
        "repeats a spell",
    ]
    assert reading.rows_in == 4


def test_a_spell_is_cut_where_its_code_changes_hands(tmp_path: Path) -> None:
    path = tmp_path / "majors2016.csv"
    path.write_text(HEADER + "RUS,365,1922,1,1,2016,12,31,2016\n")
    reading = read(path)
    spells = reading.tables["attributes"].sort("start").select("state", "start", "end", "locator")
    assert spells.rows() == SOVIET
    assert (reading.rows_in, reading.rows_kept) == (1, 1)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "majors2016.csv"
    path.write_text("ccode,styear\n2,1898\n")
    with pytest.raises(FormatError, match="no column stmonth"):
        read(path)


def test_the_whole_table(mirror: Path) -> None:
    reading = read(mirror / "peacesciencer/cow_majors.rda")
    assert (reading.rows_in, reading.facts, reading.vintage) == (14, 16, "2016")
    spells = set(reading.tables["attributes"].select("state", "start", "end").rows())
    russia = reading.tables["attributes"].filter(pl.col("locator").str.starts_with("365/1922"))
    assert russia.sort("start").select("state", "start", "end", "locator").rows() == SOVIET
    assert ("USA", date(1898, 8, 13), date(2016, 12, 31)) in spells
    assert ("FRA", date(1816, 1, 1), date(1940, 6, 22)) in spells
    assert ("CHN", date(1950, 1, 1), date(2016, 12, 31)) in spells
