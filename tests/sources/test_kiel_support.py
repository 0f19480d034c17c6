"""Support to Ukraine: donors, days and months, what has no value, and the summary as a check."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import kiel_support
from tripoint.sources.entries import source
from tripoint.sources.kiel_support import read_kiel
from tripoint.sources.tabular import Files

HEADER = "giver,dato,kategori,maal,verdi_eur,maaned_nr,maaned_finnes\n"
SUMMARY = "land,financial_allocation,humanitarian_allocation,military_allocation\n"
# Sums of some thousand floating-point euros.
EURO = 1.0


def line(
    giver: str = "Norway",
    day: str = "2022-03-05",
    kind: str = "Military",
    what: str = "Allocation",
    value: str = "2000000",
    month: str = "3",
    known: str = "True",
) -> str:
    return f"{giver},{day},{kind},{what},{value},{month},{known}\n"


def read(tmp_path: Path, body: str | bytes, summary: str = "") -> Reading:
    path = tmp_path / "bilateral_activities.csv"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    paths: dict[str, tuple[Path, ...]] = {"activities": (path,)}
    if summary:
        (tmp_path / "country_summary.csv").write_text(summary)
        paths["summary"] = (tmp_path / "country_summary.csv",)
    return read_kiel(Files(entry=source("kiel-support"), paths=paths))


def test_an_allocation_is_a_flow_from_donor_to_ukraine(tmp_path: Path) -> None:
    flow = read(tmp_path, HEADER + line()).tables["flows"].row(0, named=True)
    assert (flow["state_a"], flow["state_b"], flow["kind"], flow["value"], flow["unit"], flow["start"]) == (
        "NOR",
        "UKR",
        "military aid",
        2.0,
        "EUR million",
        date(2022, 3, 5),
    )
    assert flow["locator"] == "L2"


def test_lines_that_agree_are_different_items(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER + line() + line()).tables["flows"]["value"].sum() == 4.0


def test_a_month_without_a_day_is_a_month(tmp_path: Path) -> None:
    flow = read(tmp_path, HEADER + line(day="", month="48")).tables["flows"].row(0, named=True)
    assert (flow["start"], flow["end"], flow["precision"]) == (date(2025, 12, 1), date(2025, 12, 31), "month")


def test_what_is_no_flow_of_a_state_is_set_aside(tmp_path: Path) -> None:
    rows = [
        line(what="Commitment", value="0"),
        line(giver="EU (Commission and Council)"),
        line(giver="European Peace Facility"),
        line(value="0"),
        line(day="", month="0"),
        line(day="", month="5", known="False"),
        line(giver="Atlantis"),
        line(value="-5"),
    ]
    reading = read(tmp_path, HEADER + "".join(rows))
    assert (reading.rows_in, reading.rows_kept, reading.rows_aside) == (8, 1, 7)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "L2": "a commitment, listed without a value",
        "L3": "not a state: EU (Commission and Council)",
        "L4": "not a state: European Peace Facility",
        "L5": "no value of its own: in kind, or with another item",
        "L6": "no day and no month",
        "L7": "no day and no month",
        "L8": "no state has the name 'Atlantis' in 2022",
    }
    assert reading.tables["flows"]["note"].to_list() == ["corrects an earlier allocation"]
    assert any("without a day or month" in remark for remark in reading.remarks)


def test_the_summary_checks_the_sums(tmp_path: Path) -> None:
    good = read(tmp_path, HEADER + line(value="2000000000"), SUMMARY + "Norway,0.0,0.0,2.0\n")
    assert (good.rows_in, good.rows_aside, good.remarks) == (2, 1, ())
    bad = read(tmp_path, HEADER + line(value="2000000000"), SUMMARY + "Norway,0.0,0.0,3.0\n")
    assert "Norway Military 3.000 stated, 2.000 summed" in bad.remarks[0]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "empty"),
        ("<html>", "web page"),
        ("donor,date\nNorway,2022-01-01\n", "no column giver"),
        (HEADER + line(kind="Moral"), "line 2 has no donor"),
        (HEADER + line() + line(day="5.3.2022"), "line 3 has no donor"),
        (HEADER + line(value="much"), "'much' is not a number"),
        (HEADER + line() + "Norway,2022-03", "line 3 has no donor|cut short"),
        ((HEADER + line(giver="Türkiye")).encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, body: str | bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, body)


def test_the_whole_release(mirror: Path) -> None:
    folder = mirror / "ukraine_aid"
    paths = {"activities": (folder / "bilateral_activities.csv",), "summary": (folder / "country_summary.csv",)}
    reading = read_kiel(Files(entry=source("kiel-support"), paths=paths))
    raw = pl.read_csv(paths["activities"][0], infer_schema=False).with_columns(pl.col("verdi_eur").cast(pl.Float64))
    totals = pl.read_csv(paths["summary"][0])
    assert reading.rows_in == raw.height + totals.height == 5607
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    assert not [r for r in reading.remarks if "differ" in r]
    # The United States' activities all have a day or a month, so that its sum is the summary's.
    mine = reading.tables["flows"].filter(state_a="USA")
    stated = totals.filter(pl.col("land") == "United States")["total_allocation"][0]
    assert mine["value"].sum() * 1e6 == pytest.approx(
        raw.filter(pl.col("giver") == "United States")["verdi_eur"].sum(), abs=EURO
    )
    assert mine["value"].sum() / 1e3 == pytest.approx(stated, abs=0.01)


def test_the_institutes_own_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = kiel_support.SHEET
    page.append(["ID", *kiel_support.WORKBOOK, "item"])
    page.append([1, "Germany", date(2022, 3, 5), "Military", "Allocation", 2_000_000, 3, 1, "x"])
    page.append([2, "Norway", "2023", "Financial", "Allocation", 1_000_000.0, 14, 1, "x"])
    page.append([3, "EU (Commission and Council)", date(2022, 4, 1), "Humanitarian", "Commitment", None, 4, 1, "x"])
    path = tmp_path / "Ukraine_Support_Tracker_Release_29.xlsx"
    book.save(path)
    reading = read_kiel(Files(entry=source("kiel-support"), paths={"workbook": (path,)}))
    assert reading.tables["flows"].sort("locator").select("state_a", "kind", "start", "precision", "value").rows() == [
        ("DEU", "military aid", date(2022, 3, 5), "day", 2.0),
        ("NOR", "financial aid", date(2023, 2, 1), "month", 1.0),
    ]
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (3, 1, "29")
    book[kiel_support.SHEET]["B1"] = "giver"
    book.save(path)
    with pytest.raises(FormatError, match=r"no column donor.*expected Bilateral Assistance"):
        read_kiel(Files(entry=source("kiel-support"), paths={"workbook": (path,)}))
