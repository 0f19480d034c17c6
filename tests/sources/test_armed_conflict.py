"""UCDP/PRIO conflicts in both layouts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda
from small import given, table

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import armed_conflict
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r

HEADER = ",".join(armed_conflict.COLUMNS)


def files_of(path: Path) -> Files:
    return Files(entry=source("ucdp-acd"), paths={"conflicts": (path,)})


def small(tmp_path: Path, *lines: str) -> Reading:
    path = tmp_path / "UcdpPrioConflict.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return armed_conflict.read_ucdp_acd(files_of(path))


def test_producers_layout_with_several_states_in_a_cell(tmp_path: Path) -> None:
    reading = small(
        tmp_path,
        '420,2003,"2, 900",,645,,2,2,2',
        "13306,2015,369,,,365,1,2,4",
        '333,2010,700,"2,200",,,2,2,4',
    )
    events = reading.tables["events"].sort("locator")
    assert events.select("locator", "state_a", "state_b", "intensity", "note").rows() == [
        ("13306/2015/RUS-UKR/troops of RUS on side b", "RUS", "UKR", 2.0,
         "internationalized intrastate; over territory; troops of RUS on side b"),
        ("13306/2015/UKR", "UKR", None, 2.0, "internationalized intrastate; over territory"),
        ("333/2010/AFG", "AFG", None, 2.0, "internationalized intrastate; over government"),
        ("333/2010/GBR/troops of GBR on side a", "GBR", None, 2.0,
         "internationalized intrastate; over government; troops of GBR on side a"),
        ("333/2010/USA/troops of USA on side a", "USA", None, 2.0,
         "internationalized intrastate; over government; troops of USA on side a"),
        ("420/2003/AUS-IRQ", "AUS", "IRQ", 2.0, "interstate; over government"),
        ("420/2003/IRQ-USA", "IRQ", "USA", 2.0, "interstate; over government"),
    ]  # fmt: skip
    assert (reading.rows_in, reading.rows_aside) == (3, 0)


def test_bad_records_are_set_aside(tmp_path: Path) -> None:
    reading = small(tmp_path, "1,2003,2,,645,,2,2,2", "2,1947,751,,,,1,1,3", "3,,2,,645,,2,2,2", "4,2000,626,,,,1,1,3")
    assert reading.rows_in == reading.rows_kept + reading.rows_aside == 4
    assert sorted(reading.set_aside["reason"].to_list()) == [
        "missing value",
        "no state has the gw code '626' in 2000",
        "no state has the gw code '751' in 1947",
    ]


def test_package_layout_repeats_a_year_for_every_pair(tmp_path: Path) -> None:
    columns: dict[str, list[float | str | None]] = {
        "conflict_id": [420.0, 420.0],
        "year": [2003.0, 2003.0],
        "gwno_a": [2.0, 200.0],
        "gwno_a_2nd": [None, None],
        "gwno_b": [645.0, 645.0],
        "gwno_b_2nd": [None, None],
        "incompatibility": ["government", "government"],
        "intensity_level": [2.0, 2.0],
        "type_of_conflict": ["interstate", "interstate"],
    }
    reading = armed_conflict.read_ucdp_acd(files_of(write_rda(tmp_path / "ucdp_acd.rda", columns)))
    assert reading.tables["events"]["locator"].sort().to_list() == ["420/2003/GBR-IRQ", "420/2003/IRQ-USA"]


@pytest.mark.parametrize("text", ["", "<!doctype html>", "conflict_id,year\n1,2\n", HEADER + "\n" + "1," * 20 + "\n"])
def test_damaged_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "UcdpPrioConflict.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match="UcdpPrioConflict"):
        armed_conflict.read_ucdp_acd(files_of(path))


@pytest.fixture(scope="module")
def full(mirror: Path) -> tuple[Reading, pl.DataFrame]:
    path = mirror / "peacesciencer" / "ucdp_acd.rda"
    return armed_conflict.read_ucdp_acd(files_of(path)), read_r(path)


def test_every_record_is_accounted_for(full: tuple[Reading, pl.DataFrame]) -> None:
    reading, raw = full
    assert reading.rows_in == raw.height == 5_652
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    assert reading.set_aside["reason"].str.contains("'751'").all()  # Hyderabad, 1947-48
    years = reading.tables["events"].select(pl.col("locator").str.extract(r"^(\d+/\d+)/")).n_unique()
    assert years == raw.select(pl.struct("conflict_id", "year").n_unique()).item() - reading.rows_aside


def test_russia_and_ukraine(full: tuple[Reading, pl.DataFrame]) -> None:
    events = full[0].tables["events"]
    pair = events.filter((pl.col("state_a") == "RUS") & (pl.col("state_b") == "UKR"))
    between = pair.filter(pl.col("note").str.starts_with("interstate"))
    assert between["start"].dt.year().sort().to_list() == [2022, 2023, 2024]
    assert pair["start"].dt.year().min() == 2014


def test_whole_numbers_written_as_decimals_lists_and_the_stated_release(tmp_path: Path) -> None:
    path = tmp_path / "UcdpPrioConflict_v24_1.csv"
    header = ",".join((*armed_conflict.COLUMNS, "version"))
    path.write_text(header + '\n299,2020.0,652,"365; 630",,,2,1,4,24.1\n300,2019,652,"365, 9999",,,2,1,4,24.1\n')
    reading = armed_conflict.read_ucdp_acd(files_of(path))
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (2, 0, "24.1")
    assert {"299/2020/RUS/troops of RUS on side a", "299/2020/IRN/troops of IRN on side a"} <= set(
        reading.tables["events"]["locator"]
    )
    assert reading.remarks == (
        "1 parties of conflict-years could not be read and are left out; the first: conflict 300, 2019: no state has "
        "the gw code '9999' in 2019",
    )
    assert reading.coverage.select("start", "end").row(0) == (date(2019, 1, 1), date(2020, 12, 31))
    path.write_text(header + "\n1,2020,652,,,,2,1,4,24.1\n2,2020,652,,,,2,1,4,25.1\n")
    with pytest.raises(FormatError, match=r"several releases \(24\.1, 25\.1\)"):
        armed_conflict.read_ucdp_acd(files_of(path))


def test_the_producers_full_file(mirror: Path) -> None:
    reading = armed_conflict.read_ucdp_acd(files_of(mirror / "ucdp" / "UcdpPrioConflict_v24_1.csv"))
    assert (reading.rows_in, reading.vintage) == (2686, "24.1")
    between = {
        (a, b)
        for a, b in reading.tables["events"]
        .filter(pl.col("start") >= date(2022, 1, 1))
        .select("state_a", "state_b")
        .iter_rows()
        if b
    }
    assert {("RUS", "UKR"), ("KGZ", "TJK"), ("IRN", "ISR")} <= between


def test_the_dyadic_data_set_has_the_same_columns(tmp_path: Path) -> None:
    columns = ("dyad_id", *armed_conflict.COLUMNS, "version")
    row = {"dyad_id": 1, "conflict_id": 420, "year": 2025, "gwno_a": 365, "gwno_b": 369, "incompatibility": 1}
    path = table(
        tmp_path / "Dyadic_v26_1.csv", columns, {**row, "intensity_level": 2, "type_of_conflict": 2, "version": "26.1"}
    )
    reading = armed_conflict.read_ucdp_acd(given("ucdp-dyadic", conflicts=path))
    assert reading.tables["events"].select("state_a", "state_b", "intensity").rows() == [("RUS", "UKR", 2.0)]
    assert reading.vintage == "26.1"
