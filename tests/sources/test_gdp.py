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
    rows_of = dict(attributes.select("locator", "state").rows())
    assert "RUS-1990" not in rows_of
    assert rows_of["RUS-1992"] == "RUS"
    assert "SUN" not in set(attributes["state"])
    early = attributes.filter((pl.col("state") == "DEU") & (pl.col("start") < date(1990, 1, 1)))
    assert early["note"].unique().to_list() == ["of today's territory, carried back"]
    assert any("Venezuela" not in r and "VEN 2014" in r for r in reading.remarks)


API = "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_1.csv"
PREAMBLE = '"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-10-07",\n\n'
WIDE = '"Country Name","Country Code","Indicator Name","Indicator Code","2023","2024",\n'


def test_the_producers_own_downloads_are_read(tmp_path: Path) -> None:
    row = '"Russian Federation","RUS","GDP (current US$)","NY.GDP.MKTP.CD","2021000000000","2173000000000",\n'
    path = tmp_path / API
    path.write_text(PREAMBLE + WIDE + row)
    reading = world_bank(path)
    assert reading.tables["attributes"].sort("start")["value"].to_list() == [2_021_000.0, 2_173_000.0]
    assert reading.vintage == "WDI 2026-10-07"
    path.write_bytes(("\ufeff" + PREAMBLE + WIDE + row).encode("utf-16"))
    assert world_bank(path).facts == 2
    bulk = tmp_path / "WDICSV.csv"
    other = row.replace("NY.GDP.MKTP.CD", "NY.GDP.MKTP.KD")
    bulk.write_text(WIDE.replace(",\n", "\n") + row.replace(",\n", "\n") + other.replace(",\n", "\n"))
    assert (world_bank(bulk).facts, world_bank(bulk).vintage) == (2, "to-2024")
    path.write_text(PREAMBLE + WIDE + other)
    with pytest.raises(FormatError, match=r"no rows of NY\.GDP\.MKTP\.CD; it holds NY\.GDP\.MKTP\.KD"):
        world_bank(path)


def test_another_series_in_the_same_columns_is_refused_and_a_cut_series_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gdp.csv"
    path.write_text(HEADER + "United States,USA,2000,36330\nChina,CHN,2000,959\n")
    with pytest.raises(FormatError, match=r"36,330 for the United States in 2000.*another series"):
        world_bank(path)
    path.write_text(HEADER + "United States,USA,2000,10250952000000\nKazakhstan,KAZ,1993,23409027000\n")
    assert world_bank(path).remarks == ("series that end more than 3 years before the file does: KAZ 1993",)


def test_the_whole_table_of_fariss_and_others(mirror: Path) -> None:
    path = mirror / "isard/gw_gdppop.rda"
    reading = read_fariss_gdp(Files(entry=source("fariss-gdp"), paths={"estimates": (path,)}))
    raw = read_r(path)
    assert reading.rows_in == raw.height == 19_667
    assert reading.rows_kept == raw.height
    assert reading.facts == 6 * reading.rows_kept
    row = raw.filter((pl.col("gwcode") == 710) & (pl.col("year") == 2019)).row(0, named=True)
    facts = reading.tables["attributes"].filter(pl.col("locator").str.starts_with("710-2019/"))
    spread = facts.filter(kind="standard deviation")
    assert set(spread["value"]) == {row["sd_mrgdppc"], row["sd_pwtrgdp"], row["sd_pwtpop"]}
    values = dict(facts.filter(pl.col("kind") != "standard deviation").select("kind", "value").rows())
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
