"""Tables of states and years: sentinels, logarithms, units by period, repeated states."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.state_years import Measure, read_state_years
from tripoint.sources.tabular import Files

MEASURES = (
    Measure("size", "population", "persons", factor=1e3, sd="sd_size"),
    Measure("wealth", "gdp", "old money", last=1899),
    Measure("wealth", "gdp", "new money", first=1900, logged=True),
)
HEADER = "ccode,year,size,sd_size,wealth\n"


SCORES = (Measure("size", "polity", "score"),)


def read(tmp_path: Path, text: str, missing: float | None = -9.0, measures: tuple[Measure, ...] = MEASURES) -> Reading:
    path = tmp_path / "table.csv"
    path.write_text(text)
    files = Files(entry=source("cow-nmc"), paths={"table": (path,)})
    return read_state_years(files, "table", measures, code="ccode", system="cow", missing=missing)


def facts(reading: Reading) -> list[tuple[object, ...]]:
    return reading.tables["attributes"].select("locator", "state", "value", "unit").sort("locator").rows()


def test_values_become_units_by_period_and_sentinels_are_no_facts(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + "2,1899,2,0.5,3\n2,1900,-9,,1\n200,1900,NA,NA,-9\n")
    assert facts(reading) == [
        ("2-1899/size", "USA", 2000.0, "persons"),
        ("2-1899/wealth", "USA", 3.0, "old money"),
        ("2-1900/wealth", "USA", math.e, "new money"),
    ]
    notes = dict(reading.tables["attributes"].select("locator", "note").rows())
    assert notes == {
        "2-1899/size": "estimate; standard deviation 500.0",
        "2-1899/wealth": None,
        "2-1900/wealth": "published as a natural logarithm",
    }
    assert (reading.rows_in, reading.rows_kept) == (3, 2)
    assert reading.set_aside["reason"].to_list() == ["missing value"]


def test_a_score_of_minus_nine_is_kept_where_it_is_no_sentinel(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "2,1850,-9,1,\n", missing=None, measures=SCORES)
    assert facts(found) == [("2-1850/size", "USA", -9.0, "score")]


def test_a_population_below_zero_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "2,1850,-9,1,\n", missing=None)
    assert facts(found) == []
    assert found.set_aside.height == 1


def test_unknown_and_repeated_states_are_set_aside(tmp_path: Path) -> None:
    rows = "255,1990,1,1,1\n260,1990,2,2,2\n255,1990,3,3,3\n999,1990,1,1,1\n341,1900,1,1,1\n"
    reading = read(tmp_path, HEADER + rows)
    assert facts(reading)[::2] == [
        ("255-1990/size", "DEU", 1000.0, "persons"),
        ("260-1990/size", "DEU", 2000.0, "persons"),
    ]
    assert reading.rows_kept == 2
    assert sorted(reading.set_aside["reason"]) == [
        "no state has the cow code '341' in 1900",
        "no state has the cow code '999' in 1990",
        "repeats a state and year",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("<html>", "web page"),
        (HEADER, "no code|no ccode"),
        (HEADER + "2,,1,1,1\n", "no ccode or no year"),
        (HEADER + "2,1900,one,1,1\n", "'one' is not a number"),
        ("ccode,year,size\n2,1900,1\n", "no column"),
    ],
)
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, text)


def test_coverage_runs_from_the_first_value_of_a_kind_to_its_last(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + "2,1899,2,0.5,3\n2,1901,-9,,1\n")
    spans = reading.coverage.select("kind", pl.col("start").dt.year(), pl.col("end").dt.year()).rows()
    assert spans == [("population", 1899, 1899), ("gdp", 1899, 1901)]
