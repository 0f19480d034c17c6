"""US troops abroad: hosts by year, territories, doubled spellings, undated bases, and the whole file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files
from tripoint.sources.troops import read_us_troops

HEADER = "countryname,year,ccode,troops_ad\n"


def read(tmp_path: Path, body: str, bases: bytes = b"") -> Reading:
    path = tmp_path / "troops.csv"
    path.write_text(body)
    paths: dict[str, tuple[Path, ...]] = {"troops": (path,)}
    if bases:
        (tmp_path / "basedata.csv").write_bytes(bases)
        paths["bases"] = (tmp_path / "basedata.csv",)
    return read_us_troops(Files(entry=source("us-troops"), paths=paths))


def test_personnel_are_a_flow_to_the_host(tmp_path: Path) -> None:
    flow = read(tmp_path, HEADER + "Germany,2003,260,74796\n").tables["flows"].row(0, named=True)
    assert (flow["state_a"], flow["state_b"], flow["value"], flow["unit"], flow["locator"]) == (
        "USA",
        "DEU",
        74796.0,
        "persons",
        "2003/260/Germany",
    )


def test_what_is_no_presence_in_a_state_is_set_aside(tmp_path: Path) -> None:
    rows = [
        "Czechia,2013,316,17",
        "Czech Republic,2013,316,5",
        "Aden,1965,1029,2",
        "United States,2003,2,1000",
        "Norway,2003,385,0",
        "Sweden,2003,380,NA",
    ]
    reading = read(
        tmp_path, HEADER + "\n".join(rows) + "\n", "countryname,ccode,basename\nIceland,395,Höfn\n".encode("latin-1")
    )
    assert (reading.rows_in, reading.rows_kept) == (7, 1)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "2013/316/Czech Republic": "a second spelling of a host; the larger value is kept",
        "1965/1029/Aden": "no state has the gw code '1029' in 1965",
        "2003/2/United States": "the United States itself",
        "2003/385/Norway": "none, or not listed in the year's reports",
        "2003/380/Sweden": "missing value",
        "bases/L2": "a base without a date",
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "empty"),
        ("<html>", "web page"),
        ("a,b\n1,2\n", "no column"),
        (HEADER + "X,2003,260,many\n", "'many' is not"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, body)


def test_the_whole_file(mirror: Path) -> None:
    folder = mirror / "exercises"
    paths = {"troops": (folder / "troopdata-rebuild-country-year.csv",), "bases": (folder / "basedata.csv",)}
    reading = read_us_troops(Files(entry=source("us-troops"), paths=paths))
    raw = pl.read_csv(paths["troops"][0], infer_schema=False)
    assert reading.rows_in == raw.height + 414 == 13549 == reading.rows_kept + reading.rows_aside
    korea = reading.tables["flows"].filter(state_b="KOR").sort("start")
    text = raw.filter(pl.col("ccode") == "732", pl.col("troops_ad") != "0").with_columns(
        pl.col("troops_ad").cast(pl.Float64)
    )
    assert korea["value"].sum() == text["troops_ad"].sum()
    assert korea.filter(pl.col("start").dt.year() == 1953)["value"].to_list() == [326863.0]
