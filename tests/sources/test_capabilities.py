"""National Material Capabilities: units, the change from pounds to dollars, and the whole table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.record import Reading
from tripoint.sources.capabilities import read_capabilities
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r

HEADER = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n"


def read(path: Path) -> Reading:
    return read_capabilities(Files(entry=source("cow-nmc"), paths={"capabilities": (path,)}))


def test_the_producers_file_has_sentinels_and_two_currencies(tmp_path: Path) -> None:
    path = tmp_path / "NMC-70-abridged.csv"
    path.write_text(HEADER + "USA,2,1913,5000,10,20,30,40,50,0.25,7\nUSA,2,1914,6000,-9,20,30,40,50,-9,7\n")
    attributes = read(path).tables["attributes"]
    spending = attributes.filter(pl.col("kind") == "military spending").sort("start")
    assert spending.select("value", "unit").rows() == [(5.0, "current GBP million"), (6.0, "current USD million")]
    assert attributes.filter(pl.col("kind") == "population")["value"].to_list() == [40_000.0, 40_000.0]
    assert attributes.filter(pl.col("start") == date(1914, 1, 1)).height == 5


def test_the_whole_table(mirror: Path) -> None:
    path = mirror / "capability/cow_nmc.rda"
    reading, raw = read(path), read_r(path)
    attributes = reading.tables["attributes"]
    assert reading.rows_in == raw.height == 17_121
    assert reading.set_aside.height == 0
    union = attributes.filter(pl.col("locator").is_in([f"{c}-1990/cinc" for c in (255, 260, 678, 679, 680)]))
    assert sorted(union["state"]) == [
        "DEU",
        "DEU",
        "YAR",
        "YEM",
        "YMD",
    ]  # the year of two unions: every code has its own row
    counts = dict(attributes.group_by("kind").len().rows())
    columns = {
        "capability index": "cinc",
        "military spending": "milex",
        "military personnel": "milper",
        "iron and steel": "irst",
        "energy consumption": "pec",
        "population": "tpop",
        "urban population": "upop",
    }
    assert counts == {kind: raw[column].count() for kind, column in columns.items()}
    china = attributes.filter(pl.col("locator") == "710-2022/cinc")
    assert china["state"].to_list() == ["CHN"]
    assert china["value"].to_list() == raw.filter((pl.col("ccode") == 710) & (pl.col("year") == 2022))["cinc"].to_list()
    index = attributes.filter(pl.col("kind") == "capability index")
    assert index["value"].is_between(0, 1).all()
    # shares of the world add up to one, and to a little more where a state's mean leaves out missing components or
    # where the states before and after a union stand side by side
    shares = index.group_by("start").agg(pl.col("value").sum())["value"]
    left_out = 0.1
    assert shares.to_numpy() == pytest.approx(1.0, abs=left_out)
    soviet = attributes.filter(pl.col("locator").str.starts_with("365-") & (pl.col("kind") == "capability index"))
    assert (
        soviet.filter(pl.col("start") < date(1992, 1, 1)).filter(pl.col("start") > date(1922, 1, 1))["state"].n_unique()
        <= 2
    )
    assert soviet.filter(pl.col("start") >= date(1992, 1, 1))["state"].unique().to_list() == ["RUS"]


def test_the_edition_is_the_one_in_the_name(tmp_path: Path) -> None:
    for name, edition in (("NMC-60-abridged.csv", "6.0"), ("NMC-70-wsupplementary.csv", "7.0"), ("NMC_5_0.csv", "5.0")):
        path = tmp_path / name
        path.write_text(HEADER + "USA,2,2016,593372000,1347,78475,2300000,324118,100000,0.13,2021\n")
        reading = read_capabilities(Files(entry=source("cow-nmc"), paths={"producer": (path,)}))
        assert reading.vintage == edition
