"""Multinational exercises: pairs of participants, dates, names of their time, and the whole file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.exercises import read_mme
from tripoint.sources.tabular import Files

HEADER = (
    "MMEID,Ex_Name,Series_Name,Location,s.year,s.month,s.day,e.year,e.month,e.day,CPX,Air,Land,Sea,Amphibious,Cyber,"
    "Warfighting,Peacekeeping,Humanitarian,StateA,StateB,StateC\n"
)


def read(tmp_path: Path, body: str | bytes) -> Reading:
    path = tmp_path / "mme_v7.csv"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return read_mme(Files(entry=source("mme"), paths={"exercises": (path,)}))


def exercise(
    *states: str, number: str = "mme1", start: str = "2005,8,18", end: str = "2005,8,25", name: str = "Peace"
) -> str:
    three = (*states, "", "", "")[:3]
    return f"{number},{name},-9,Vladivostok,{start},{end},0,1,0,1,0,0,1,0,0,{','.join(three)}\n"


def test_an_exercise_of_three_is_three_pairs(tmp_path: Path) -> None:
    events = read(tmp_path, HEADER + exercise("Russia", "China", "India")).tables["events"]
    assert events["locator"].to_list() == ["mme1/CHN-IND", "mme1/CHN-RUS", "mme1/IND-RUS"]
    first = events.row(0, named=True)
    assert (first["start"], first["end"], first["precision"], first["directed"], first["title"]) == (
        date(2005, 8, 18),
        date(2005, 8, 25),
        "day",
        False,
        "Peace",
    )
    assert first["note"] == "air, sea, warfighting; at Vladivostok; 3 states"


def test_names_are_read_as_those_of_their_time(tmp_path: Path) -> None:
    old = exercise("Russia", "India", start="1985,1,2", end="1985,1,3")
    assert read(tmp_path, HEADER + old).tables["events"]["state_b"].to_list() == ["SUN"]


def test_unknown_days_make_a_month_and_backward_ends_are_unknown(tmp_path: Path) -> None:
    vague = exercise("Russia", "China", start="2005,8,xx", end="2005,9,xx")
    back = exercise("Russia", "India", number="mme2", start="2005,8,18", end="2005,8,2")
    events = read(tmp_path, HEADER + vague + back).tables["events"].sort("locator")
    assert events.select("start", "end", "precision").rows() == [
        (date(2005, 8, 1), date(2005, 9, 30), "month"),
        (date(2005, 8, 18), None, "day"),
    ]
    assert "before the first" in events["note"][1]


def test_what_is_no_pair_of_states_is_set_aside(tmp_path: Path) -> None:
    rows = [
        exercise("-9", number="mme1"),
        exercise("Russia", "NATO", number="mme2"),
        exercise("China", number="mme3"),
        exercise("China", "South Sudan", number="mme4"),
        exercise("China", "India", "Bermuda", number="mme5"),
    ]
    reading = read(tmp_path, HEADER + "".join(rows))
    assert (reading.rows_in, reading.rows_kept, reading.rows_aside) == (5, 1, 4)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "mme1": "no participant named",
        "mme2": "fewer than two states named; not a state then: NATO",
        "mme3": "fewer than two states named",
        "mme4": "fewer than two states named; not a state then: South Sudan",
    }
    assert reading.tables["events"]["note"][0].endswith("also Bermuda")


def test_a_number_given_twice_names_two_exercises(tmp_path: Path) -> None:
    rows = exercise("Russia", "China") + exercise("Russia", "China", "India")
    reading = read(tmp_path, HEADER + rows)
    found = reading.tables["events"].filter(state_a="CHN", state_b="RUS")
    assert sorted(found["locator"]) == ["mme1#2/CHN-RUS", "mme1/CHN-RUS"]
    again = read(tmp_path, HEADER + rows + exercise("Russia", "China"))
    assert again.tables["events"].height == reading.tables["events"].height
    assert again.set_aside["reason"].to_list() == ["the same as another row"]


def test_a_state_named_twice_is_one_participant(tmp_path: Path) -> None:
    events = read(tmp_path, HEADER + exercise("Russia", "China", "Russia")).tables["events"]
    assert events["locator"].to_list() == ["mme1/CHN-RUS"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html></html>", "web page"),
        (HEADER.replace("Location", "Place"), "no column Location"),
        (HEADER + "mme1,Peace,-9\n" + exercise("Russia", "China") + "mme2,War", "begin on no day|cut short"),
        (HEADER + exercise("Russia", "China", start="2005,13,1"), "begin on no day"),
        (HEADER + exercise("Russia", "China", number=""), "no number"),
        ((HEADER + exercise("Russia", "China", name="Pèace")).encode("latin-1"), "not UTF-8"),
        (HEADER + exercise("Russia", "China").replace("\n", ",extra,extra\n"), "cut short|fields"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, body: str | bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, body)


def test_the_whole_file(mirror: Path) -> None:
    path = mirror / "exercises/mme_v7.csv"
    reading = read_mme(Files(entry=source("mme"), paths={"exercises": (path,)}))
    raw = pl.read_csv(path, infer_schema=False)
    assert reading.rows_in == raw.height == 3707
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    assert reading.tables["events"]["start"].dt.year().is_between(1980, 2010).all()
    # Counted in the text itself: exercises that list both names, in the years in which both were states.
    people = [c for c in raw.columns if c.startswith("State")]
    both = raw.filter(*(pl.any_horizontal(pl.col(people) == name) for name in ("China", "Russia")))
    events = reading.tables["events"]
    found = events.filter(pl.col("state_a") == "CHN", pl.col("state_b").is_in(["RUS", "SUN"]))
    assert found.height == both.height > 0
    partners = events.filter((pl.col("state_a") == "USA") | (pl.col("state_b") == "USA"))
    shared = raw.filter(
        pl.any_horizontal(pl.col(people) == "United States"), pl.any_horizontal(pl.col(people) == "Japan")
    )
    assert partners.filter((pl.col("state_a") == "JPN") | (pl.col("state_b") == "JPN")).height == shared.height
