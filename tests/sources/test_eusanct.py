"""EUSANCT sanction cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import eusanct
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_sheet


def small(tmp_path: Path, *cases: dict[str, object], sheet: str = eusanct.SHEET) -> Files:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    page.append(list(eusanct.COLUMNS))
    for case in cases:
        row = dict.fromkeys(eusanct.COLUMNS, ".") | {f"imposition{s}": 0 for s in eusanct.SENDERS} | case
        page.append([row[c] for c in eusanct.COLUMNS])
    path = tmp_path / "EUSANCT_Dataset_Case-level.xlsx"
    book.save(path)
    return Files(entry=source("eusanct"), paths={"cases": (path,)})


AMERICA = {"impositionUS": 1, "impositionUS_start": "06mar2014", "enddateUS": "ongoing", "impositionUS_type": "4;6"}
_TWELVE = ["BEL", "DEU", "DNK", "ESP", "FRA", "GBR", "GRC", "IRL", "ITA", "LUX", "NLD", "PRT"]
UNION = {"impositionEU": 1, "impositionEU_start": "16sep1986", "enddateEU": "07apr1995"}


def test_senders_are_states(tmp_path: Path) -> None:
    reading = eusanct.read_eusanct(
        small(
            tmp_path,
            {"caseid": "1", "targetstate": 365, "issue1": 2, "sender2": 20, **AMERICA},
            {"caseid": "2", "targetstate": 560, **UNION},
            {"caseid": "3", "targetstate": 560},
            {"caseid": "4", "targetstate": 560, "impositionUN": 1, "impositionUN_start": "04nov1977"},
            {"caseid": "5", "targetstate": 9999, **AMERICA},
            {"caseid": "6", "targetstate": 365, **AMERICA, "impositionUS_start": "soon"},
            {"caseid": "1", "targetstate": 365, **AMERICA},
        )
    )
    ties = reading.tables["commitments"]
    assert ties.filter(pl.col("state_b") == "RUS").select("state_a", "start", "end", "note").rows() == [
        ("CAN", date(2014, 3, 6), None, "further sender; days of the case"),
        ("USA", date(2014, 3, 6), None, "US; types 4 6; issue 2"),
    ]
    union = ties.filter(pl.col("state_b") == "ZAF").sort("start", "state_a")
    assert union["state_a"].to_list() == [*_TWELVE, "AUT", "FIN", "SWE"]
    assert union["start"].to_list() == [date(1986, 9, 16)] * 12 + [date(1995, 1, 1)] * 3
    assert reading.rows_in == reading.rows_kept + reading.rows_aside == 7
    assert sorted(reading.set_aside["reason"].to_list()) == [
        "imposed by the United Nations only: no state is the sender",
        "no day that can be read",
        "no state has the cow code '9999' between 2014-03-06 and 2015-12-31",
        "repeats a case; the first is kept",
        "threatened, never imposed",
    ]


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    files = small(tmp_path, sheet="Other")
    with pytest.raises(FormatError, match="no sheet 'Sheet1'"):
        eusanct.read_eusanct(files)
    files.one("cases").write_bytes(files.one("cases").read_bytes()[:900])
    with pytest.raises(FormatError, match="not readable as a workbook"):
        eusanct.read_eusanct(files)
    files.one("cases").write_text("<html>")
    with pytest.raises(FormatError, match="web page"):
        eusanct.read_eusanct(files)


@pytest.fixture(scope="module")
def full(mirror: Path) -> tuple[Reading, list[dict[str, object]]]:
    path = mirror / "sanctions" / "EUSANCT_Dataset_Case-level.xls"
    rows = read_sheet(path, eusanct.SHEET)
    cases = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
    return eusanct.read_eusanct(Files(entry=source("eusanct"), paths={"cases": (path,)})), cases


def test_every_case_is_accounted_for(full: tuple[Reading, list[dict[str, object]]]) -> None:
    reading, cases = full
    assert reading.rows_in == len(cases) == 326
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    america = reading.tables["commitments"].filter(pl.col("state_a") == "USA")
    assert america["instrument"].n_unique() == sum(c["impositionUS"] == 1 for c in cases)
    threats = reading.set_aside.filter(pl.col("reason") == "threatened, never imposed")
    assert threats.height == sum(c["sanction"] == 0 for c in cases)


def test_sanctions_on_russia_since_2014(full: tuple[Reading, list[dict[str, object]]]) -> None:
    case = full[0].tables["commitments"].filter(pl.col("instrument") == "EUSANCT case 2014022701")
    assert case["state_b"].unique().to_list() == ["RUS"]
    assert case.filter(pl.col("state_a") == "USA").select("start", "end").rows() == [(date(2014, 3, 6), None)]
    assert case.filter(pl.col("state_a") == "HRV").select("start", "end").rows() == [(date(2014, 3, 17), None)]
    members = {state for states in eusanct.ACCESSIONS.values() for state in states.split()}
    assert len(members) == 28
    assert members <= set(case["state_a"])
