"""Gross domestic product of three producers."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.gdp import read_fariss_gdp, read_sdp_gdp, read_wb_gdp
from tripoint.sources.tabular import Files, read_r

HEADER = "Country Name,Country Code,Year,Value\n"
# Numbers are stored in double precision.
EXACT = 1e-12


def world_bank(path: Path) -> Reading:
    return read_wb_gdp(Files(entry=source("wb-gdp"), paths={"gdp": (path,)}))


def test_aggregates_and_territories_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "gdp.csv"
    rows = [
        "China,CHN,2020,14700000000000",
        '"Korea, Rep.",KOR,2020,',
        "Arab World,ARB,2020,1",
        "Croatia,HRV,1980,1",
        "China,CHN,2020,2",
    ]
    path.write_text(HEADER + "\n".join(rows) + "\n")
    reading = world_bank(path)
    assert reading.tables["attributes"].select("locator", "state", "value", "unit").rows() == [
        ("CHN-2020", "CHN", 14_700_000.0, "current USD million")
    ]
    assert sorted(reading.set_aside["reason"]) == [
        "missing value",
        "no state has the iso3 code 'ARB' in 2020",
        "no state has the iso3 code 'HRV' in 1980",
        "repeats a country and year",
    ]
    assert (reading.rows_in, reading.vintage) == (5, "to-2020")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("<html>", "web page"),
        ("Country,Year\n", "no column"),
        (HEADER + "China,CHN,2020,lots\n", "'lots'"),
        (HEADER + "Arab World,ARB,2020,1\n", "no value of any state"),
    ],
)
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "gdp.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        world_bank(path)


def test_the_whole_world_bank_file(mirror: Path) -> None:
    path = mirror / "capability/wb_gdp.csv"
    reading = world_bank(path)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert reading.rows_in == len(rows) == 13_979
    assert reading.rows_in == reading.facts + reading.set_aside.height
    attributes = reading.tables["attributes"]
    assert not {"WLD", "EUU", "HKG", "SSA"} & set(attributes["locator"].str.slice(0, 3))
    by_key = {f"{r['Country Code']}-{r['Year']}": float(r["Value"]) / 1e6 for r in rows}
    expected = [by_key[k] for k in attributes["locator"]]
    assert attributes["value"].to_list() == pytest.approx(expected, rel=EXACT)
    assert dict(attributes.select("locator", "state").rows())["RUS-1990"] in ("RUS", "SUN")


def test_the_whole_table_of_fariss_and_others(mirror: Path) -> None:
    path = mirror / "isard/gw_gdppop.rda"
    reading = read_fariss_gdp(Files(entry=source("fariss-gdp"), paths={"estimates": (path,)}))
    raw = read_r(path)
    assert reading.rows_in == raw.height == 19_667
    assert reading.rows_kept == raw.height
    assert reading.facts == 3 * reading.rows_kept
    row = raw.filter((pl.col("gwcode") == 710) & (pl.col("year") == 2019)).row(0, named=True)
    facts = reading.tables["attributes"].filter(pl.col("locator").str.starts_with("710-2019/"))
    values = dict(facts.select("kind", "value").rows())
    assert values == {"gdp per capita": row["mrgdppc"], "gdp": row["pwtrgdp"], "population": row["pwtpop"] * 1e6}
    assert set(facts["state"]) == {"CHN"}


def test_the_whole_table_of_surplus_domestic_product(mirror: Path) -> None:
    path = mirror / "capability/cow_sdp_gdp.rds"
    reading = read_sdp_gdp(Files(entry=source("sdp-gdp"), paths={"estimates": (path,)}))
    raw = read_r(path)
    assert reading.rows_in == raw.height == 27_753
    assert reading.rows_in == reading.rows_kept + reading.set_aside.height
    assert reading.facts == 4 * reading.rows_kept
    row = raw.filter((pl.col("ccode") == 2) & (pl.col("year") == 2010)).row(0, named=True)
    facts = reading.tables["attributes"].filter(pl.col("locator").str.starts_with("2-2010/"))
    values = dict(facts.select("kind", "value").rows())
    assert values["gdp"] == pytest.approx(math.exp(row["wbgdp2011est"]) / 1e6, rel=EXACT)
    assert values["surplus domestic product"] < values["gdp"]
    # the parts agree: GDP is GDP per person times persons, in the same money (latent estimates, within 2 %)
    assert values["gdp"] * 1e6 == pytest.approx(values["gdp per capita"] * values["population"], rel=0.02)
    assert facts["start"].unique().to_list() == [date(2010, 1, 1)]
