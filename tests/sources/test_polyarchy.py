"""Democracy: four scores, either code system, and a Polity score of -9 that is a score."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda
from small import given, table

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.polyarchy import read_polyarchy
from tripoint.sources.tabular import Files, read_r


def read(path: Path) -> Reading:
    return read_polyarchy(Files(entry=source("democracy"), paths={"democracy": (path,)}))


def test_a_file_that_is_no_r_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cw_democracy.rda"
    for content, message in ((b"", "empty"), (b"<html>", "web page"), (b"RDX3\nX", "not readable as R data")):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=message):
            read(path)


@pytest.mark.parametrize("code", ["ccode", "gwcode"])
def test_a_polity_of_minus_nine_is_a_score(tmp_path: Path, code: str) -> None:
    scores = {"euds": [0.5, None], "aeuds": [0.25, None], "polity2": [-9.0, None], "v2x_polyarchy": [0.125, None]}
    path = write_rda(tmp_path / "democracy.rda", {code: [2.0, 20.0], "year": [1990.0, 1990.0], **scores})
    reading = read(path)
    assert reading.tables["attributes"].select("locator", "kind", "value").sort("locator").rows() == [
        ("2-1990/aeuds", "democracy", 0.25),
        ("2-1990/euds", "democracy", 0.5),
        ("2-1990/polity2", "polity", -9.0),
        ("2-1990/v2x_polyarchy", "polyarchy", 0.125),
    ]
    assert reading.set_aside.select("locator", "reason").rows() == [("20-1990", "missing value")]


@pytest.mark.parametrize(
    ("name", "code", "rows", "last"), [("cw", "ccode", 17_706, 2025), ("gw", "gwcode", 20_849, 2024)]
)
def test_the_whole_table(mirror: Path, name: str, code: str, rows: int, last: int) -> None:
    path = mirror / f"isard/{name}_democracy.rda"
    reading, raw = read(path), read_r(path)
    assert reading.rows_in == raw.height == rows
    scores = ["v2x_polyarchy", "polity2", "euds", "aeuds"]
    empty = raw.filter(pl.all_horizontal(pl.col(scores).is_null())).height
    reasons = reading.set_aside["reason"]
    assert (reasons == "missing value").sum() == empty
    assert (reasons == "missing value").all()
    attributes = reading.tables["attributes"]
    cells = sum(raw[c].count() for c in scores)
    assert attributes.height == cells
    polyarchy = attributes.filter(pl.col("kind") == "polyarchy")
    assert polyarchy["value"].is_between(0, 1).all()
    assert polyarchy["end"].dt.year().max() == last
    polity = attributes.filter(pl.col("kind") == "polity")
    assert polity["value"].is_between(-10, 10).all()
    assert (polity["value"] == -9).sum() == pytest.approx((raw["polity2"] == -9).sum(), abs=2)
    russia = raw.filter((pl.col(code) == 365) & (pl.col("year") == 2024))["v2x_polyarchy"].to_list()
    here = (pl.col("state") == "RUS") & (pl.col("start").dt.year() == 2024)
    assert polyarchy.filter(here)["value"].to_list() == russia


def test_v_dems_own_country_years(tmp_path: Path) -> None:
    columns = (
        "country_name",
        "country_text_id",
        "country_id",
        "year",
        "historical_date",
        "COWcode",
        "v2x_polyarchy",
        "e_p_polity",
    )
    base = {"country_text_id": "X", "country_id": 1, "historical_date": "2024-12-31"}
    path = table(
        tmp_path / "V-Dem-CY-Full+Others-v16.csv",
        columns,
        {**base, "country_name": "Russia", "year": 2024, "COWcode": 365, "v2x_polyarchy": 0.2, "e_p_polity": -88},
        {**base, "country_name": "Hong Kong", "year": 2024, "v2x_polyarchy": 0.3},
        {**base, "country_name": "India", "year": 2018, "COWcode": 750, "v2x_polyarchy": 0.5, "e_p_polity": 9},
    )
    reading = read_polyarchy(given("democracy", vdem=path))
    assert reading.tables["attributes"].sort("locator").select("state", "kind", "value").rows() == [
        ("RUS", "polyarchy", 0.2),
        ("IND", "polity", 9.0),
        ("IND", "polyarchy", 0.5),
    ]
    assert (reading.rows_in, reading.vintage) == (3, "V-Dem 16")
    assert reading.set_aside["reason"].to_list() == ["no ccode or no year"]
    bare = table(tmp_path / "V-Dem-CY-Core-v17.csv", ("country_name", "year"), {"country_name": "Russia", "year": 2024})
    with pytest.raises(FormatError, match="no column COWcode"):
        read_polyarchy(given("democracy", vdem=bare))


def test_politys_own_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    for row in (
        ("p5", "cyear", "ccode", "scode", "country", "year", "polity", "polity2"),
        (1, 3641980, 364, "USR", "USSR", 1980, -7, -7),
        (1, 8182018, 818, "VIE", "Vietnam", 2018, -7, -7),
        (1, 6452004, 645, "IRQ", "Iraq", 2004, -66, None),
    ):
        page.append(row)
    book.save(tmp_path / "p5v2018.xlsx")
    reading = read_polyarchy(given("democracy", polity=tmp_path / "p5v2018.xlsx"))
    assert reading.tables["attributes"].select("state", "value").sort("state").rows() == [("SUN", -7.0), ("VNM", -7.0)]
    assert (reading.vintage, reading.rows_aside) == ("Polity 5 v2018", 1)
