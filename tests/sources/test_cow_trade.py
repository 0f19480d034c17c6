"""COW trade: which way goods go, no flow twice, missing values, and both layouts."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda
from small import given

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.cow_trade import read_cow_trade
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r

HEADER = "ccode1,ccode2,year,importer1,importer2,flow1,flow2,smoothflow1,smoothflow2\n"


def read(path: Path) -> Reading:
    return read_cow_trade(Files(entry=source("cow-trade"), paths={"dyads": (path,)}))


def written(tmp_path: Path, text: str, name: str = "Dyadic_COW_4.0.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_each_direction_of_a_dyad_year_is_one_flow_from_exporter_to_importer(tmp_path: Path) -> None:
    reading = read(written(tmp_path, HEADER + "2,20,1990,USA,Canada,93.5,78.25,0,0\n"))
    assert reading.rows_in == reading.rows_kept == 1
    rows = (
        reading.tables["flows"].select("locator", "state_a", "state_b", "value", "start", "end").sort("locator").rows()
    )
    year = (date(1990, 1, 1), date(1990, 12, 31))
    assert rows == [("2-20-1990", "CAN", "USA", 93.5, *year), ("20-2-1990", "USA", "CAN", 78.25, *year)]


def test_the_directed_copy_holds_every_flow_twice_and_gives_it_once(tmp_path: Path) -> None:
    columns = {
        "ccode1": [2.0, 20.0, 2.0, 70.0],
        "ccode2": [20.0, 2.0, 70.0, 2.0],
        "year": [1990.0] * 4,
        "flow1": [93.0, 78.0, None, 5.0],
        "flow2": [78.0, 93.0, 5.0, None],
    }
    reading = read(write_rda(tmp_path / "cow_trade_ddy.rda", columns))
    assert reading.tables["flows"].select("locator", "state_a", "state_b", "value").sort("locator").rows() == [
        ("2-20-1990", "CAN", "USA", 93.0),
        ("20-2-1990", "USA", "CAN", 78.0),
        ("70-2-1990", "USA", "MEX", 5.0),
    ]
    assert (reading.rows_in, reading.rows_kept) == (4, 3)


def test_missing_unknown_and_repeated_records_are_set_aside(tmp_path: Path) -> None:
    body = [
        "2,20,1990,a,b,-9,5,0,0",
        "2,200,1990,a,b,-9,-9,0,0",
        "2,20,1990,a,b,7,7,0,0",
        "2,2,1990,a,b,7,7,0,0",
        "2,9999,1990,a,b,7,7,0,0",
        "2,341,1950,a,b,7,7,0,0",
        "2,220,1990,a,b,-4,7,0,0",
    ]
    reading = read(written(tmp_path, HEADER + "\n".join(body) + "\n"))
    assert (reading.rows_in, reading.rows_kept, reading.facts) == (7, 1, 1)
    assert reading.tables["flows"]["locator"].to_list() == ["20-2-1990"]
    assert sorted(reading.set_aside["reason"]) == [
        "a state with itself",
        "missing value",
        "negative trade",
        "no state has the cow code '341' in 1950",
        "no state has the cow code '9999' in 1990",
        "repeats a dyad-year; the first is kept",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("<html>blocked</html>", "web page"),
        ("ccode1,ccode2,year\n2,20,1990\n", "no column flow1"),
        (HEADER + "2,20,1990,a,b,lots,5,0,0\n", "'lots' is not a number"),
        (HEADER + "2,20\n", "last row has 2 of 9 fields"),
        (HEADER + "2,,1990,a,b,1,5,0,0\n", "no code or no year"),
        (HEADER + "2,20,1990,a,b,1,5,0,0,0,0\n", "cut short"),
        (HEADER, "no code or no year"),
    ],
)
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(written(tmp_path, text))


def test_an_r_file_cut_short_is_refused(tmp_path: Path, mirror: Path) -> None:
    path = tmp_path / "cow_trade_ddy.rds"
    path.write_bytes((mirror / "trade/cow_trade_ddy.rds").read_bytes()[:100_000])
    with pytest.raises(FormatError, match="not readable as R data"):
        read(path)
    path.write_bytes(gzip.compress(b"not R"))
    with pytest.raises(FormatError, match="not readable as R data"):
        read(path)


def test_the_directed_file_in_full(mirror: Path) -> None:
    path = mirror / "trade/cow_trade_ddy.rds"
    reading = read(path)
    raw = read_r(path)
    flows = reading.tables["flows"]
    assert reading.rows_in == raw.height == 1_347_308
    assert reading.rows_in == flows.height + reading.set_aside.height
    assert reading.set_aside["reason"].unique().to_list() == ["missing value"]
    # each flow once: the sum of imports, not that of imports and their mirrored copies
    assert flows["value"].sum() == raw["flow1"].sum()
    row = raw.filter((pl.col("ccode1") == 365.0) & (pl.col("ccode2") == 710.0) & (pl.col("year") == 2014.0))
    fact = flows.filter(pl.col("locator") == "365-710-2014").row(0, named=True)
    assert (fact["state_a"], fact["state_b"], fact["value"]) == ("CHN", "RUS", row["flow1"][0])
    by_year = flows.group_by(pl.col("start").dt.year().cast(pl.Int32).alias("year")).agg(pl.col("value").sum())
    expected = raw.group_by(pl.col("year").cast(pl.Int32)).agg(pl.col("flow1").sum())
    both = by_year.join(expected, on="year")
    assert both.height == expected.height == 2014 - 1870 + 1
    assert (both["value"] == both["flow1"]).all()


def test_a_pair_listed_both_ways_round_is_read_once(tmp_path: Path) -> None:
    rows = "2,20,2014,USA,Canada,93.5,78.25,0,0\n20,2,2014,Canada,USA,78.25,93.5,0,0\n"
    path = written(tmp_path, HEADER + rows, "Dyadic_COW_4.1.csv")
    reading = read_cow_trade(given("cow-trade", producer=path))
    assert (reading.facts, reading.rows_aside, reading.vintage) == (2, 1, "4.1")
    assert reading.set_aside["reason"].to_list() == ["lists a pair the other way round again; the first is kept"]
