"""Memberships: spells by brute force, partial members, lists without dates, and the whole files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from rfiles import write_rda
from small import given, table

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.organizations import _iigo, _migo, _spells, read_cow_igo, read_informal_igo
from tripoint.sources.tabular import Files, read_r


def spell_frame(codes: list[list[int]], years: list[int], states: list[str]) -> pl.DataFrame:
    columns = {f"o{i}": pl.Series([row[i] for row in codes], dtype=pl.Int8) for i in range(len(codes[0]))}
    return pl.DataFrame({"id": states, "year": years, "ccode": range(len(years)), **columns})


def test_spells_equal_those_found_by_walking_year_by_year() -> None:
    rng = np.random.default_rng(7)
    years = [1900, 1901, 1902, 1904, 1905, 1900, 1901, 1902, 1903]
    states = ["AAA"] * 5 + ["BBB"] * 4
    for _ in range(50):
        codes = rng.choice([1, 0, -9, 2], size=(9, 3), p=[0.5, 0.2, 0.2, 0.1]).tolist()
        found = set(_spells(spell_frame(codes, years, states), ["o0", "o1", "o2"]).drop("code").rows())
        walked = set()
        for o in range(3):
            run: tuple[str, int, int] | None = None
            for i, (state, year) in enumerate(zip(states, years, strict=True)):
                goes_on = run is not None and run[0] == state and run[2] + 1 == year
                if run is not None and not (goes_on and codes[i][o] == 1):
                    walked.add((run[0], f"o{o}", run[1], run[2], goes_on and codes[i][o] == -9))
                    run = None
                if codes[i][o] == 1:
                    run = (state, run[1] if run else year, year)
            if run is not None:
                walked.add((run[0], f"o{o}", run[1], run[2], False))
        assert found == walked


def test_years_of_full_membership_become_spells_with_the_organizations_name(tmp_path: Path) -> None:
    columns = {
        "ccode": [2.0, 2.0, 2.0, 710.0, 9999.0, 2.0],
        "year": [1949.0, 1950.0, 1951.0, 1951.0, 1951.0, 1951.0],
        "state": ["usa", "usa", "usa", "china", "nowhere", "usa"],
        "nato": [1.0, 1.0, -9.0, 0.0, 1.0, 1.0],
        "un": [1.0, 1.0, 1.0, 3.0, 1.0, 1.0],
    }
    paths = {
        "state_years": (write_rda(tmp_path / "state_years.rda", columns),),
        "organizations": (
            write_rda(tmp_path / "names.rda", {"ioname": ["NATO", "NATO"], "orgname": ["Treaty", "Treaty"]}),
        ),
    }
    reading = read_cow_igo(Files(entry=source("cow-igo"), paths=paths))
    missing = "the year after the last one is missing, so that membership may have gone on"
    ties = reading.tables["commitments"]
    assert ties.filter(kind="partial membership").select("locator", "state_a", "classes").rows() == [
        ("710-1951/UN/observer", "CHN", "observer")
    ]
    assert ties.filter(kind="membership").select("locator", "state_a", "end", "instrument", "note").rows() == [
        ("2-1949/NATO", "USA", date(1950, 12, 31), "NATO", f"Treaty; {missing}"),
        ("2-1949/UN", "USA", None, "UN", None),
    ]
    assert sorted(reading.set_aside["reason"]) == [
        "no state has the cow code '9999' in 1951",
        "repeats a state and year",
    ]
    # a year in which members of the system have no record is covered for the others only
    cover = (
        reading.coverage.filter(kind="membership")
        .sort("start")
        .select(pl.col("start").dt.year(), "states", "partners", "complete")
    )
    assert cover.rows() == [(1949, "USA", "USA", True), (1950, "USA", "USA", True), (1951, "CHN USA", "CHN USA", True)]
    assert (reading.rows_in, reading.rows_kept) == (6, 4)
    assert "1 missing yearly memberships; 0 of associates and 1 of observers" in reading.remarks[0]


def test_rows_of_a_state_and_year_become_runs() -> None:
    rows = [
        ("BRICS", "710", "China", "1", "2009"),
        ("BRICS", "710", "China", "1", "2010"),
        ("BRICS", "710", "China", "1", "2010"),
        ("BRICS", "710", "China", "1", "2012"),
        ("BRICS", "365", "Russia", "3", "2012"),
        ("BRICS", "999", "Nowhere", "1", "2012"),
        ("OTHER", "710", "China", "1", "2011"),
        ("OTHER", "710", "China", "1", "soon"),
    ]
    columns = ["igoID", "cowID", "StateName", "membership", "Year"]
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(correction=pl.lit(None, pl.String))
    spells, aside = _migo(frame)
    assert spells.select("locator", "state_a", "start", "end", "instrument").rows() == [
        ("MIGO/BRICS/710-2009", "CHN", date(2009, 1, 1), date(2010, 12, 31), "BRICS"),
        ("MIGO/BRICS/710-2012", "CHN", date(2012, 1, 1), None, "BRICS"),
        ("MIGO/OTHER/710-2011", "CHN", date(2011, 1, 1), date(2011, 12, 31), "OTHER"),
    ]
    assert [r for a in aside for r in a["reason"]] == [
        "not a year: soon",
        "membership code 3, not full",
        "repeats a membership and year",
        "no state has the cow code '999' in 2012",
    ]


def test_a_list_without_dates_says_only_that_they_were_members_then() -> None:
    rows = [
        ("BRICS", "Brics", "South Africa", "2009", None, "2017"),
        (None, "Quint", "France", None, None, "2017"),
        ("ASEAN", "Asean", "Vietnam", "1967", "1976", "2017"),
        (None, "Quint", "France", None, None, "2017"),
        (None, "Quint", "Atlantis", None, None, "2017"),
    ]
    columns = ["igoID", "Title", "StateName", "Begin", "End", "Year"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    members, aside = _iigo(frame.with_columns(correction=pl.lit(None, pl.String)))
    assert members.select("state_a", "instrument", "start", "note").rows() == [
        (
            "ZAF",
            "BRICS",
            date(2017, 1, 1),
            "Brics; informal grouping since 2009; a member in 2017; when it joined is not recorded",
        ),
        ("FRA", "Quint", date(2017, 1, 1), "Quint; a member in 2017; when it joined is not recorded"),
    ]
    assert [r for a in aside for r in a["reason"]] == [
        "the grouping ended in 1976; its list is not dated",
        "repeats a member",
        "no state has the name 'Atlantis' in 2017",
    ]


def test_other_files_are_refused(tmp_path: Path, mirror: Path) -> None:
    path = tmp_path / "memberships.rda"
    for content, message in ((b"", "empty"), (b"<html>", "web page"), (b"RDX3\nX", "not readable as R data")):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=message):
            read_informal_igo(Files(entry=source("informal-igo"), paths={"memberships": (path,)}))
    majors = mirror / "peacesciencer/cow_majors.rda"
    with pytest.raises(FormatError, match="no data sets MIGO and IIGO"):
        read_informal_igo(Files(entry=source("informal-igo"), paths={"memberships": (majors,)}))
    with pytest.raises(FormatError, match="no column year"):
        read_cow_igo(Files(entry=source("cow-igo"), paths={"state_years": (majors,)}))


@pytest.fixture(scope="module")
def formal(mirror: Path) -> Reading:
    paths = {
        "state_years": (mirror / "igo/state_year_format3.rda",),
        "organizations": (mirror / "igo/igo_year_format3.rda",),
    }
    return read_cow_igo(Files(entry=source("cow-igo"), paths=paths))


def test_the_whole_formal_file(formal: Reading, mirror: Path) -> None:
    raw = read_r(mirror / "igo/state_year_format3.rda")
    organizations = raw.columns[3:]
    assert formal.rows_in == raw.height == 15_557
    every = formal.tables["commitments"]
    spells = every.filter(kind="membership")
    last = pl.col("end").dt.year().fill_null(2014)
    years = spells.select((last - pl.col("start").dt.year() + 1).sum()).item()
    full = sum(int((raw[c] == 1).sum()) for c in organizations)
    # years of full membership, less those of the second code of a state in its year of unification
    second = raw.join(pl.DataFrame({"ccode": [260.0, 678.0, 679.0, 255.0], "year": [1990.0] * 4}), on=["ccode", "year"])
    most = sum(int((second[c] == 1).sum()) for c in organizations)
    assert full - most <= years <= full
    empty = sum(1 for row in raw.select(organizations).iter_rows() if not {1.0, 2.0, 3.0} & set(row))
    assert (formal.set_aside["reason"] == "no membership").sum() == empty
    for code, word in ((2, "associate"), (3, "observer")):
        part = every.filter(classes=word)
        counted = part.select((last - pl.col("start").dt.year() + 1).sum()).item()
        there = sum(int((raw[c] == code).sum()) for c in organizations)
        twice = sum(int((second[c] == code).sum()) for c in organizations)
        assert there - twice <= counted <= there
    assert formal.rows_in == formal.rows_kept + formal.set_aside.height
    years = (
        formal.coverage.filter(kind="membership")
        .select(pl.col("start").dt.year(), pl.col("end").dt.year().alias("end"))
        .rows()
    )
    assert years == [(1816, 1989), (1990, 1990), (1991, 2014)]
    unification = formal.coverage.filter(kind="membership").row(1, named=True)
    covered = set(unification["states"].split())
    assert {"DEU", "YEM"} < covered and not {"DDR", "GDR", "YAR", "YMD"} & covered
    assert unification["note"].endswith("no record of 260, 265, 678, 680 in 1990")


def test_known_memberships(formal: Reading) -> None:
    spells = formal.tables["commitments"]

    def of(state: str, instrument: str) -> list[tuple[int, int | None]]:
        here = spells.filter((pl.col("state_a") == state) & (pl.col("instrument") == instrument))
        return here.select(pl.col("start").dt.year(), pl.col("end").dt.year()).sort("start").rows()

    # the data set counts the Shanghai Five of 1996 as the organization's start
    assert of("CHN", "SCO") == [(1996, None)]
    assert of("USA", "NATO") == [(1949, None)]
    assert of("POL", "NATO") == [(1999, None)]
    assert of("RUS", "NATO") == []


def test_the_whole_informal_file(mirror: Path) -> None:
    path = mirror / "igo/memberships.rda"
    reading = read_informal_igo(Files(entry=source("informal-igo"), paths={"memberships": (path,)}))
    assert reading.rows_in == 80_624 + 3_502
    assert reading.remarks == ()
    commitments = reading.tables["commitments"]
    listed = commitments.filter(pl.col("locator").str.starts_with("IIGO/"))
    spells = commitments.filter(pl.col("locator").str.starts_with("MIGO/"))
    aside = reading.set_aside
    assert listed.height + aside["locator"].str.starts_with("IIGO/").sum() == 3_502
    years = spells.select((pl.col("end").dt.year().fill_null(2010) - pl.col("start").dt.year() + 1).sum()).item()
    assert years + aside["locator"].str.starts_with("MIGO").sum() == 80_624
    quad = listed.filter(pl.col("instrument") == "QSD")
    assert sorted(quad["state_a"]) == ["AUS", "IND", "JPN", "USA"]
    assert quad["note"].str.contains("corrected").sum() == 1
    brics = spells.filter(pl.col("instrument") == "BRICS").select("state_a", pl.col("start").dt.year())
    assert dict(brics.rows()) == {"BRA": 2009, "CHN": 2009, "IND": 2009, "RUS": 2009, "ZAF": 2010}


def test_the_producers_comma_separated_table(tmp_path: Path) -> None:
    rows = (
        {"ccode": 2, "year": 1950, "state": "usa", "NATO": 1, "UN": 1},
        {"ccode": 710, "year": 1950, "state": "china", "NATO": 0, "UN": -9},
    )
    path = table(tmp_path / "state_year_formatv3.csv", ("ccode", "year", "state", "NATO", "UN"), *rows)
    reading = read_cow_igo(given("cow-igo", state_years=path))
    assert reading.tables["commitments"].select("state_a", "instrument").rows() == [("USA", "NATO"), ("USA", "UN")]
    table(path, ("ccode", "year", "state", "NATO"), {"ccode": 2, "year": 1950, "state": "usa", "NATO": "member"})
    with pytest.raises(FormatError, match="column NATO holds something else than codes"):
        read_cow_igo(given("cow-igo", state_years=path))
