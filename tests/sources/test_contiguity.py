"""Contiguity and distances."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import contiguity
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r

EPOCH = date(1970, 1, 1)
# Years in which a pair changed its code: the yearly file lists both, the spells give the nearer one.
CHANGES = 16


def files_of(name: str, role: str, path: Path) -> Files:
    return Files(entry=source(name), paths={role: (path,)})


def days(*when: date) -> list[float]:
    return [float((d - EPOCH).days) for d in when]


def test_spells_are_undirected(tmp_path: Path) -> None:
    columns = {
        "ccode1": [365.0, 710.0, 2.0, 2.0, 20.0],
        "ccode2": [710.0, 365.0, 365.0, 20.0, 20.0],
        "conttype": [1.0, 1.0, 0.0, 9.0, 1.0],
        "stdate": days(*[date(1950, 1, 1)] * 5),
        "enddate": days(*[contiguity.CONTIGUITY_END] * 5),
    }
    path = write_rda(tmp_path / "contdir.rda", columns)
    reading = contiguity.read_cow_contiguity(files_of("cow-contiguity", "contiguity", path))
    assert reading.tables["commitments"].select("state_a", "state_b", "start", "end", "level").rows() == [
        ("CHN", "RUS", date(1991, 12, 26), None, 1.0),
        ("CHN", "SUN", date(1950, 1, 1), date(1991, 12, 25), 1.0),
    ]
    assert sorted(reading.set_aside["reason"].to_list()) == [
        "a state with itself",
        "no code of contiguity",
        "not contiguous: coverage says so",
    ]
    assert reading.rows_in == 5


def test_years_become_spells(tmp_path: Path) -> None:
    path = tmp_path / "contdird.csv"
    lines = [
        f"{a},{b},{year},{4 if year < 2015 else 2}" for year in (2013, 2014, 2015, 2016) for a, b in ((2, 40), (40, 2))
    ]
    path.write_text("\n".join(["state1no,state2no,year,conttype", *lines, "2,9999,2016,1", "2,40,2016,5"]) + "\n")
    reading = contiguity.read_cow_contiguity(files_of("cow-contiguity", "contiguity", path))
    assert reading.tables["commitments"].select("state_a", "start", "end", "level").rows() == [
        ("CUB", date(2013, 1, 1), date(2014, 12, 31), 4.0),
        ("CUB", date(2015, 1, 1), None, 2.0),
    ]
    assert reading.rows_in == reading.rows_kept + reading.rows_aside == 10
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "2-40/2016-01-01": "repeats a pair; the first is kept",
        "2-9999/2016-01-01": "no state has the cow code '9999' between 2016-01-01 and 2016-12-31",
    }


def test_capital_distances_hold_while_both_exist(tmp_path: Path) -> None:
    path = tmp_path / "capdist.csv"
    path.write_text(
        "numa,ida,numb,idb,kmdist,midist\n2,USA,365,RUS,7831,0\n365,RUS,2,USA,7831,0\n2,USA,564,OFS,,1\n2,USA,9999,XXX,1,1\n"
    )
    reading = contiguity.read_capital_distance(files_of("capital-distance", "distances", path))
    ties = reading.tables["commitments"].filter(pl.col("end").is_null())
    assert ties.select("state_a", "state_b", "level").rows() == [("RUS", "USA", 7831.0)]
    assert sorted(r.split("'")[0] for r in reading.set_aside["reason"]) == [
        "missing value",
        "no state has the gw code ",
    ]
    assert reading.rows_in == 4


def test_minimum_distances_become_spells(tmp_path: Path) -> None:
    columns = {
        "ccode1": [2.0] * 4 + [41.0],
        "ccode2": [41.0] * 4 + [2.0],
        "year": [2000.0, 2001.0, 2002.0, 2003.0, 2000.0],
        "mindist": [932.5, 932.5, 900.0, None, 932.5],
    }
    path = write_rda(tmp_path / "mindist.rda", columns)
    reading = contiguity.read_minimum_distance(files_of("minimum-distance", "distances", path))
    assert reading.tables["commitments"].select("start", "end", "level").rows() == [
        (date(2000, 1, 1), date(2001, 12, 31), 932.5),
        (date(2002, 1, 1), date(2002, 12, 31), 900.0),
    ]
    assert reading.set_aside["reason"].to_list() == ["missing value"]


@pytest.mark.parametrize(
    "text", ["", "<html>", "numa,numb\n1,2\n", "numa,numb,kmdist\n2,365,far\n", "numa,numb,kmdist\n2,365\n2,3,4,5\n"]
)
def test_damaged_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "capdist.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"capdist\.csv"):
        contiguity.read_capital_distance(files_of("capital-distance", "distances", path))


def years_of(reading: Reading) -> pl.DataFrame:
    """Nearest code of a pair of numbers in every year."""
    last = pl.col("end").dt.year().fill_null(contiguity.COVERED.year)
    return (
        reading.tables["commitments"]
        .with_columns(
            pair=pl.col("locator").str.split("/").list.first(), year=pl.int_ranges(pl.col("start").dt.year(), last + 1)
        )
        .explode("year")
        .group_by("pair", "year")
        .agg(pl.col("level").min())
    )


def test_spells_and_years_agree(mirror: Path) -> None:
    spells = contiguity.read_cow_contiguity(
        files_of("cow-contiguity", "contiguity", mirror / "peacesciencer" / "cow_contdir.rda")
    )
    years = contiguity.read_cow_contiguity(
        files_of("cow-contiguity", "contiguity", mirror / "contiguity" / "contdird.csv")
    )
    assert (spells.rows_in, years.rows_in) == (1_874, 82_498)
    for reading in (spells, years):
        assert reading.rows_in == reading.rows_kept + reading.rows_aside
    both = years_of(spells).join(years_of(years), on=["pair", "year"], how="full", suffix="_of_year")
    assert both.null_count().sum_horizontal().item() == 0
    assert both.filter(pl.col("level") != pl.col("level_of_year")).height == CHANGES


def test_capital_distances_of_the_full_file(mirror: Path) -> None:
    path = mirror / "contiguity" / "capdist.csv"
    reading = contiguity.read_capital_distance(files_of("capital-distance", "distances", path))
    raw = pl.read_csv(path)
    assert reading.rows_in == raw.height == 41_006
    assert reading.rows_aside == 2_636
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    china = reading.tables["commitments"].filter(
        (pl.col("state_a") == "CHN") & (pl.col("state_b") == "RUS") & pl.col("end").is_null()
    )
    assert china["level"].to_list() == raw.filter((pl.col("numa") == 365) & (pl.col("numb") == 710))["kmdist"].to_list()


def test_minimum_distances_of_the_full_file(mirror: Path) -> None:
    path = mirror / "peacesciencer" / "cow_mindist.rda"
    reading = contiguity.read_minimum_distance(files_of("minimum-distance", "distances", path))
    raw = read_r(path)
    assert reading.rows_in == raw.height == 952_244
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    last = pl.col("end").dt.year().fill_null(2019)
    ties = reading.tables["commitments"].filter((pl.col("state_a") == "CHN") & (pl.col("state_b") == "JPN"))
    ours = ties.with_columns(year=pl.int_ranges(pl.col("start").dt.year(), last + 1)).explode("year")
    theirs = raw.filter((pl.col("ccode1") == 710) & (pl.col("ccode2") == 740)).sort("year")
    assert ours.sort("year")["level"].to_list() == theirs["mindist"].to_list()
