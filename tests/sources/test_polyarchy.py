"""Democracy: four scores, either code system, and a Polity score of -9 that is a score."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda

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
