"""Each roll call once: by symbol, by number, by day and by month, from the source that speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.roll_calls import (
    LEVELS,
    OPPOSED,
    by_year,
    fullest,
    items,
    named,
    roll_calls,
    session_year,
    votes_of_pair,
)
from tripoint.evidence.store import write_edition
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files
from tripoint.sources.un_votes import VALUES

CHOICE = {"y": 1.0, "a": 2.0, "n": 3.0, "-": None}
STATES = ("RUS", "CHN", "USA")
FIRST, SECOND = "un-ga-votes", "starter"


def roll(item: str, day: str, votes: str, title: str | None = None, precision: str = "day") -> list[dict[str, Any]]:
    """Votes of Russia, China and the United States: ``y a n``, ``-`` for absent."""
    row = {"kind": "assembly vote", "item": item, "date": date.fromisoformat(day), "precision": precision}
    return [
        {**row, "state": s, "choice": v, "value": CHOICE[v], "title": title, "locator": f"{item}/{day}/{s}"}
        for s, v in zip(STATES, votes, strict=True)
    ]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Evidence]:
    def build(**sources: list[list[dict[str, Any]]]) -> Evidence:
        for key, rolls in sources.items():
            name = {"first": FIRST, "second": SECOND}.get(key, key)
            frame = pl.DataFrame([row for r in rolls for row in r], infer_schema_length=None)
            covered = [cover("assembly vote", 1946, 2025, partners="", silence="unproven")]
            reading = assemble(Files(entry(name), {}), {"positions": frame}, rows_in=frame.height, coverage=covered)
            write_edition(tmp_path, reading, entry(name), receipts(), digest(name=name))
        return connect(tmp_path)

    return build


def read(evidence: Evidence) -> list[tuple[str, str]]:
    return items(evidence).select("item", "source_id").rows()


def test_an_item_is_read_from_the_first_source_that_has_it(make: Callable[..., Evidence]) -> None:
    evidence = make(
        first=[roll("A/RES/1", "2018-12-17", "yyn")],
        second=[roll("A/RES/1", "2018-12-18", "nny"), roll("A/RES/2", "2018-12-17", "yyn")],
        another=[roll("A/RES/2", "2018-12-17", "ynn")],
    )
    assert read(evidence) == [("A/RES/1", FIRST), ("A/RES/2", SECOND)]
    votes = roll_calls(evidence, ["CHN"])
    assert votes.select("item", "value").rows() == [("A/RES/1", 1.0), ("A/RES/2", 1.0)]


def test_a_symbol_on_a_day_of_numbered_roll_calls_may_be_one_of_them(make: Callable[..., Evidence]) -> None:
    evidence = make(
        first=[roll("#77001", "2022-12-15", "yyn")],
        second=[roll("A/RES/77/204", "2022-12-15", "yyn"), roll("A/RES/ES-11/4", "2022-10-12", "nay")],
    )
    assert read(evidence) == [("A/RES/ES-11/4", SECOND), ("#77001", FIRST)]


def test_a_number_counts_only_on_days_on_which_no_source_before_has_any(make: Callable[..., Evidence]) -> None:
    evidence = make(
        first=[roll("A/RES/1", "2022-12-15", "yyn")],
        second=[roll("#5", "2022-12-15", "yyn"), roll("A/RES/3#6", "2022-12-16", "yyn")],
    )
    assert read(evidence) == [("A/RES/1", FIRST), ("A/RES/3#6", SECOND)]


@pytest.mark.parametrize(("vague", "other"), [("first", "second"), ("second", "first")])
def test_where_one_of_two_knows_only_the_month_the_month_decides(
    make: Callable[..., Evidence], vague: str, other: str
) -> None:
    month = [roll("#1", "1950-11-01", "yyn", precision="month")]
    days = [roll("#2", "1950-11-24", "yyn"), roll("#3", "1950-12-01", "yyn")]
    evidence = make(**{vague: month, other: days})
    kept = {("first", "#1"), ("second", "#3")} if vague == "first" else {("first", "#2"), ("first", "#3")}
    assert set(read(evidence)) == {(item, {"first": FIRST, "second": SECOND}[s]) for s, item in kept}


def test_two_numbers_of_one_source_on_a_day_are_two_roll_calls(make: Callable[..., Evidence]) -> None:
    evidence = make(first=[roll("#1", "2022-12-15", "yyn"), roll("#2", "2022-12-15", "yyn")])
    assert len(read(evidence)) == 2


def test_divided_is_over_all_votes_and_absence_is_no_vote(make: Callable[..., Evidence]) -> None:
    evidence = make(first=[roll("same", "2020-01-01", "yy-"), roll("split", "2020-01-02", "yya")])
    assert dict(items(evidence).select("item", "divided").rows()) == {"same": False, "split": True}
    assert items(evidence)["votes"].to_list() == [2, 3]
    assert votes_of_pair(evidence, "RUS", "CHN").votes["item"].to_list() == ["split"]
    assert votes_of_pair(evidence, "RUS", "CHN", divided=False).votes["item"].to_list() == ["same", "split"]
    assert votes_of_pair(evidence, "RUS", "USA", divided=False).votes["item"].to_list() == ["split"]


def test_resolutions_of_one_title_are_one_group_and_untitled_ones_their_own(make: Callable[..., Evidence]) -> None:
    evidence = make(
        first=[
            roll("1", "2020-01-01", "yyn", "Human rights in Iran : resolution 74"),
            roll("2", "2021-01-01", "yyn", "Human rights in  Iran: Resolution 75"),
            roll("3", "2021-01-02", "yyn"),
            roll("4", "2021-01-03", "yyn"),
        ]
    )
    group = items(evidence)["group"].to_list()
    assert group[0] == group[1]
    assert group[2:] == ["3", "4"]


def test_a_pair_has_choices_facts_days_and_sources(make: Callable[..., Evidence]) -> None:
    evidence = make(
        first=[roll("1", "2020-05-01", "yan"), roll("2", "2021-05-01", "nny")], second=[roll("3", "2021-06-01", "y-n")]
    )
    pair = votes_of_pair(evidence, "USA", "RUS", since=date(2020, 5, 1), until=date(2021, 6, 1))
    assert pair.votes.select("item", "x", "y").rows() == [("1", 3.0, 1.0), ("2", 1.0, 3.0), ("3", 3.0, 1.0)]
    assert pair.sources == (FIRST, SECOND)
    assert pair.fact_ids[:2] == (f"{FIRST}@1.0#1/2020-05-01/USA", f"{FIRST}@1.0#1/2020-05-01/RUS")
    assert {year: part["item"].to_list() for year, part in by_year(pair).items()} == {2020: ["1"], 2021: ["2", "3"]}
    assert votes_of_pair(evidence, "USA", "RUS", since=date(2020, 5, 2)).votes.height == 2
    assert votes_of_pair(evidence, "USA", "RUS", until=date(2021, 5, 31)).votes.height == 2
    swapped = votes_of_pair(evidence, "RUS", "USA").votes
    assert swapped["x"].to_list() == pair.votes["y"].to_list()


def test_a_state_that_another_continues_votes_for_it(make: Callable[..., Evidence]) -> None:
    soviet = [{**row, "state": row["state"].replace("RUS", "SUN")} for row in roll("1", "1980-05-01", "yan")]
    evidence = make(first=[soviet])
    assert votes_of_pair(evidence, "RUS", "USA").votes.select("x", "y").rows() == [(1.0, 3.0)]
    assert roll_calls(evidence, ["RUS"])["state"].to_list() == ["SUN"]


def test_all_states_and_no_ids(make: Callable[..., Evidence]) -> None:
    evidence = make(first=[roll("1", "2020-05-01", "yan")])
    assert set(roll_calls(evidence)["state"]) == set(STATES)
    assert "fact_id" not in roll_calls(evidence, ids=False).columns
    assert items(evidence) is items(evidence)


def test_without_votes_there_is_no_roll_call(tmp_path: Path) -> None:
    empty = connect(tmp_path)
    assert items(empty).is_empty()
    assert roll_calls(empty, ["RUS"]).is_empty()
    assert votes_of_pair(empty, "RUS", "CHN").fact_ids == ()


@pytest.mark.parametrize(("day", "year"), [("2022-08-31", 2021), ("2022-09-01", 2022), ("2022-12-31", 2022)])
def test_a_session_opens_in_september(day: str, year: int) -> None:
    assert session_year(date.fromisoformat(day)) == year


def test_the_scale_of_votes() -> None:
    assert (VALUES["yes"], VALUES["abstain"], VALUES["no"]) == LEVELS
    assert VALUES["no"] - VALUES["yes"] == OPPOSED


def test_the_first_of_january_is_in_its_year(make: Callable[..., Evidence]) -> None:
    evidence = make(first=[roll("1", "1946-01-01", "yyn", precision="month"), roll("2", "1945-12-31", "yyn")])
    assert roll_calls(evidence, ["RUS"], since=date(1946, 1, 1))["item"].to_list() == ["1"]
    assert items(evidence)["item"].to_list() == ["2", "1"]


def test_of_two_with_as_many_votes_the_table_of_choice_decides_and_not_the_alphabet(
    make: Callable[..., Evidence],
) -> None:
    evidence = make(
        **{"un-votes-voeten": [roll("A/1", "2020-01-02", "yyn")], "first": [roll("A/1", "2020-01-02", "yyn")]}
    )
    choice = fullest(evidence)[2020]
    assert choice.source == FIRST
    assert choice.passed_over == ("un-votes-voeten",)


def test_the_fullest_source_of_a_year_has_most_recorded_votes(make: Callable[..., Evidence]) -> None:
    evidence = make(
        first=[roll("A/1", "2020-01-02", "y--"), roll("A/2", "2021-01-02", "yyn")],
        second=[roll("A/1", "2020-01-02", "yyn"), roll("A/2", "2021-01-02", "-yn")],
    )
    assert {year: choice.source for year, choice in fullest(evidence).items()} == {2020: SECOND, 2021: FIRST}
    assert set(fullest(evidence, date(2021, 1, 1), date(2021, 12, 31))) == {2021}


def test_a_title_names_states_of_its_day(make: Callable[..., Evidence]) -> None:
    evidence = make(
        first=[
            roll("A/RES/1", "2022-03-24", "nay", "Aggression against Ukraine"),
            roll("A/RES/2", "2022-12-15", "yyn", "Embargo of the United States of America against Cuba"),
            roll("A/RES/3", "1980-12-15", "yyn", "Arms sent by the Soviet Union"),
            roll("A/RES/4", "2022-12-16", "yyn", "Oceans"),
            roll("A/RES/5", "2022-12-17", "yyn"),
        ]
    )
    assert sorted(named(items(evidence)).rows()) == [
        ("A/RES/1", "UKR"),
        ("A/RES/2", "CUB"),
        ("A/RES/2", "USA"),
        ("A/RES/3", "RUS"),
    ]
