"""China and its neighbors: counts by year, swap lines as spells, coverage of each indicator, and the golden counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.china_neighbors import COUNTS, INVESTMENT, SWAP, SWAP_USD, TIV_DELIVERED, TIV_ORDERED
from tripoint.sources.china_neighbors import read_china_neighbors as reader
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files

COLUMNS = ("year", "recipient", SWAP, SWAP_USD, INVESTMENT, TIV_ORDERED, TIV_DELIVERED, *COUNTS)
EXERCISES = "sec_04_joint_exercise_ct"
#: Joint exercises with China, by year, as the data set's own dashboard counts them.
GOLDEN = {
    "RUS": {2019: 5, 2020: 3, 2021: 5, 2022: 6, 2023: 3, 2024: 2},
    "IND": {2016: 3, 2018: 1, 2019: 1},
}


def row(year: int, recipient: str, **values: object) -> str:
    cells = {"year": year, "recipient": recipient, SWAP: "N"} | values
    return ",".join(str(cells.get(c, "NA")) for c in COLUMNS) + "\n"


def read(tmp_path: Path, *rows: str, body: bytes | None = None) -> Reading:
    path = tmp_path / "borderlands_datawrapper_v1.2.csv"
    path.write_bytes((",".join(COLUMNS) + "\n" + "".join(rows)).encode() if body is None else body)
    return reader(Files(entry=source("china-neighbors"), paths={"neighbors": (path,)}))


def test_counts_become_events_of_the_year(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(2019, "Russia", **{EXERCISES: 5, "civ_03_inbound_visits_ct": 2, "civ_03_outbound_visits_ct": 0}),
    )
    events = reading.tables["events"].sort("locator")
    assert events.select("kind", "state_a", "state_b", "directed", "count").rows() == [
        ("visit", "RUS", "CHN", True, 2),
        ("joint exercise", "CHN", "RUS", False, 5),
    ]
    assert events["locator"][1] == f"2019/Russia/{EXERCISES}"


def test_swap_lines_are_spells_open_where_the_file_ends(tmp_path: Path) -> None:
    swaps = read(
        tmp_path,
        *(row(y, "Russia", **{SWAP: "Y" if y in (2014, 2015, 2018, 2019) else "N"}) for y in range(2013, 2020)),
    ).tables["commitments"]
    assert swaps.select("start", "end").rows() == [
        (date(2014, 1, 1), date(2015, 12, 31)),
        (date(2018, 1, 1), None),
    ]


def test_investment_is_a_position_in_millions(tmp_path: Path) -> None:
    flow = read(tmp_path, row(2020, "Pakistan", **{INVESTMENT: 2_500_000.0})).tables["flows"].row(0, named=True)
    assert (flow["value"], flow["unit"], flow["state_b"]) == (2.5, "USD million of 2024", "PAK")
    assert "stock" in flow["note"]


def test_records_without_a_fact_are_set_aside(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(2020, "Atlantis", **{EXERCISES: 1}),
        row(2020, "India"),
        row(2021, "India", **{EXERCISES: 0}),
        row(2022, "India", **{EXERCISES: 1}),
        row(2022, "India", **{EXERCISES: 1}),
    )
    assert (reading.rows_in, reading.rows_kept, reading.rows_aside) == (5, 1, 4)
    assert set(reading.set_aside["reason"]) == {
        "no state has the name 'Atlantis' in 2020",
        "nothing recorded in the columns read",
        "repeats a neighbor-year; the first is kept",
    }


def test_years_that_are_not_in_the_file_are_not_covered(tmp_path: Path) -> None:
    rows = [row(y, "Uzbekistan", **{EXERCISES: 1}) for y in (2001, 2002, 2003, 2005)]
    covered = read(tmp_path, *rows).coverage.filter(kind="joint exercise")
    assert covered.select("start", "end").rows() == [
        (date(2002, 1, 1), date(2003, 12, 31)),
        (date(2005, 1, 1), date(2005, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"<html>", "web page"),
        (b"year,recipient\n1999,India\n", "no column"),
        ((",".join(COLUMNS) + "\n" + row(2019, "Russia", **{EXERCISES: "five"})).encode(), "'five' is not a number"),
        ((",".join(COLUMNS) + "\n" + row(2019, "Russia", **{SWAP: "?"})).encode(), "swap line"),
        ((",".join(COLUMNS) + "\n2019,Rus").encode(), "without neighbor, year or swap line|cut short"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, body: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, body=body)


@pytest.fixture(scope="module")
def whole(mirror: Path) -> tuple[Reading, pl.DataFrame]:
    path = mirror / "china_neighbours/borderlands_datawrapper_v1.2.csv"
    reading = reader(Files(entry=source("china-neighbors"), paths={"neighbors": (path,)}))
    return reading, pl.read_csv(path, infer_schema=False)


def test_every_record_is_accounted_for(whole: tuple[Reading, pl.DataFrame]) -> None:
    reading, raw = whole
    assert reading.rows_in == raw.height == 720
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    kept = {"/".join(locator.split("/")[:2]) for locator in reading.tables["events"]["locator"]}
    kept |= {"/".join(locator.split("/")[:2]) for locator in reading.tables["flows"]["locator"]}
    assert not kept & set(reading.set_aside["locator"])


def test_totals_agree_with_the_text(whole: tuple[Reading, pl.DataFrame]) -> None:
    reading, raw = whole
    for column in COUNTS:
        total = raw[column].cast(pl.Float64, strict=False).sum()
        mine = reading.tables["events"].filter(pl.col("locator").str.ends_with(column))["count"].sum()
        assert mine == total > 0, column


@pytest.mark.parametrize("neighbor", sorted(GOLDEN))
def test_golden_exercises(whole: tuple[Reading, pl.DataFrame], neighbor: str) -> None:
    events = whole[0].tables["events"].filter(kind="joint exercise", state_a="CHN", state_b=neighbor)
    counts = dict(events.select(pl.col("start").dt.year(), "count").rows())
    years = GOLDEN[neighbor]
    assert {y: counts.get(y) for y in years} == years
    last = max(years)
    assert not [y for y in counts if y > last]
