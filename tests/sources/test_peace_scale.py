"""The peace scale, from its file of spells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import peace_scale
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, check_not_html


def small(tmp_path: Path, text: str) -> Files:
    path = tmp_path / "peacedata3.1.csv"
    path.write_text(text)
    return Files(entry=source("peace-scale"), paths={"spells": (path,)})


def test_spells_days_and_levels(tmp_path: Path) -> None:
    reading = peace_scale.read_peace_scale(
        small(
            tmp_path,
            "2020,19200110-19871002,0.75,19871003-20209999,1.0,,\n"
            "365710,19950000-19969999,-9,19970300-20031000,0,20041014-20200614,.5\n"
            "2710,19790101-20201231,0.25,.,,19620086-19911226,0.5\n",
        )
    )
    ties = reading.tables["commitments"].sort("locator")
    assert ties.select("state_a", "state_b", "start", "end", "precision", "level").rows() == [
        ("CAN", "USA", date(1920, 1, 10), date(1987, 10, 2), "day", 0.75),
        ("CAN", "USA", date(1987, 10, 3), None, "day", 1.0),
        ("CHN", "USA", date(1979, 1, 1), None, "day", 0.25),
        ("CHN", "RUS", date(1997, 3, 1), date(2003, 10, 31), "month", 0.0),
        ("CHN", "RUS", date(2004, 10, 14), date(2020, 6, 14), "day", 0.5),
    ]
    assert sorted(reading.set_aside["reason"].to_list()) == [
        "a transition between levels",
        "missing value",
        "no days that can be read",
    ]
    assert reading.rows_in == 8


def test_unknown_states_are_set_aside(tmp_path: Path) -> None:
    reading = peace_scale.read_peace_scale(small(tmp_path, "2999,19200110-19871002,0.75\n2626,19500101-19600101,1\n"))
    assert reading.facts == 0
    assert sorted(r.split("'")[1] for r in reading.set_aside["reason"]) == ["626", "999"]


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "empty"),
        ("<html></html>", "web page"),
        ("2020,19200110-19871002,0.75\n2031,1973", "cut short"),
        ("2020,19200110-19871002\n", "columns"),
        ("x,19200110-19871002,0.5\n", "cannot be read"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        peace_scale.read_peace_scale(small(tmp_path, text))


@pytest.fixture(scope="module")
def full(mirror: Path) -> Reading:
    path = mirror / "peace_scale" / "peacedata3.1.csv"
    check_not_html(path)
    return peace_scale.read_peace_scale(Files(entry=source("peace-scale"), paths={"spells": (path,)}))


def test_every_spell_is_accounted_for(full: Reading, mirror: Path) -> None:
    lines = (mirror / "peace_scale" / "peacedata3.1.csv").read_text().splitlines()
    cells = [line.strip().split(",") for line in lines]
    assert full.rows_in == sum(bool(c) for row in cells for c in row[1::2])
    assert full.rows_in == full.rows_kept + full.rows_aside
    transitions = sum(c in {"-9", "-9.0"} for row in cells for c in row[2::2])
    reasons = dict(full.set_aside["reason"].value_counts().rows())
    assert reasons["a transition between levels"] == transitions == 111
    assert full.tables["commitments"]["level"].is_between(0, 1).all()


@pytest.mark.parametrize(
    "a, b, start, level",
    [
        ("RUS", "UKR", date(2014, 2, 22), 0.0),
        ("CHN", "IND", date(2020, 6, 15), 0.25),
        ("CHN", "USA", date(2018, 7, 15), 0.0),
        ("BLR", "RUS", date(2015, 1, 1), 0.75),
    ],
)
def test_golden_levels(full: Reading, a: str, b: str, start: date, level: float) -> None:
    pair = full.tables["commitments"].filter((pl.col("state_a") == a) & (pl.col("state_b") == b))
    now = pair.filter(pl.col("end").is_null())
    assert now.select("start", "level").rows() == [(start, level)]


def test_russia_and_china_since_2004(full: Reading) -> None:
    pair = full.tables["commitments"].filter((pl.col("state_a") == "CHN") & (pl.col("state_b") == "RUS"))
    assert pair.filter(pl.col("start").dt.year() == 2004)["level"].to_list() == [0.5]
    before = pl.col("end") == date(2020, 6, 14)
    india = full.tables["commitments"].filter((pl.col("state_a") == "CHN") & (pl.col("state_b") == "IND") & before)
    assert india["level"].to_list() == [0.5]
