"""What the evidence holds of one state and its poles: which rows, on which side, in which years."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from made_up import make_store
from tripoint.evidence.query import Evidence
from tripoint.sources.assemble import cover
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import AGREEMENTS, ARMS_WINDOW, PACTS, WINDOW, Gathered, covered_state, covers, gather

POLES = (Pole("RUS", ("RUS",)), Pole("West", ("USA", "GBR")))


def tie(kind: str, a: str, b: str | None, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    days = {"start": date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    return {"state_a": a, "state_b": b, "kind": kind, "directed": False, **days, "instrument": "made up", **more}


def vote(state: str, item: str, day: str, choice: float) -> dict[str, Any]:
    said = {1.0: "yes", 2.0: "abstain", 3.0: "no"}[choice]
    row = {"state": state, "item": item, "date": date.fromisoformat(day), "choice": said, "value": choice}
    return {**row, "kind": "assembly vote", "title": item}


def of(evidence: Evidence, state: str = "IND", since: int = 2020, until: int = 2021) -> Gathered:
    return gather(evidence, state, POLES, since, until)


def test_ties_have_their_partner_and_its_pole_whichever_side_they_are_recorded_from(tmp_path: Path) -> None:
    pacts = [
        tie("defense pact", "IND", "RUS", "2000-01-01"),
        tie("consultation pact", "GBR", "IND", "2000-01-01"),
        tie("access agreement", "IND", "SUN", "1980-01-01"),
        tie("nonaggression pact", "CHN", "IND", "2000-01-01"),
        tie("defense pact", "RUS", "USA", "2000-01-01"),
        tie("rivalry", "CHN", "IND", "1960-01-01"),
    ]
    held = of(make_store(tmp_path, one=({"commitments": pacts}, [])))
    assert sorted(held.pacts.select("partner", "pole").rows()) == [("CHN", -1), ("GBR", 1), ("RUS", 0), ("SUN", 0)]
    assert held.quarrels.select("kind", "partner", "pole").rows() == [("rivalry", "CHN", -1)]


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        (f"{2020 - ARMS_WINDOW}-01-01", f"{2020 - ARMS_WINDOW}-12-31", True),
        (f"{2020 - ARMS_WINDOW - 1}-01-01", f"{2020 - ARMS_WINDOW - 1}-12-31", False),
        ("2021-12-31", "2021-12-31", True),
        ("2022-01-01", "2022-12-31", False),
    ],
)
def test_facts_reach_from_the_window_before_the_first_year_to_the_last(
    tmp_path: Path, start: str, end: str, kept: bool
) -> None:
    row = {"start": date.fromisoformat(start), "end": date.fromisoformat(end), "value": 1.0, "unit": "x"}
    flows = [{"state_a": "RUS", "state_b": "IND", "kind": "goods trade", **row}]
    assert of(make_store(tmp_path, one=({"flows": flows}, []))).flows.height == int(kept)


def test_votes_are_those_of_the_state_with_one_column_a_member(tmp_path: Path) -> None:
    first = f"{2020 - WINDOW}-01-01"
    cast = [
        *(vote(s, "A/RES/1", first, v) for s, v in (("IND", 1.0), ("RUS", 3.0), ("USA", 2.0))),
        *(vote(s, "A/RES/2", "2021-12-31", v) for s, v in (("IND", 2.0), ("RUS", 3.0))),
        *(vote(s, "A/RES/3", "2021-05-01", v) for s, v in (("CHN", 1.0), ("RUS", 3.0))),  # the state did not vote
        *(vote(s, "A/RES/4", f"{2020 - WINDOW - 1}-12-31", v) for s, v in (("IND", 1.0), ("RUS", 3.0))),
        *(vote(s, "A/RES/5", "2022-01-01", v) for s, v in (("IND", 1.0), ("RUS", 3.0))),
        *(vote(s, "A/RES/6", "2021-06-01", 1.0) for s in ("IND", "RUS")),  # divided nobody
    ]
    votes = of(make_store(tmp_path, one=({"positions": cast}, []))).votes
    assert votes.select("item", "year", "own", "RUS", "USA", "GBR").rows() == [
        ("A/RES/1", 2020 - WINDOW, 1.0, 3.0, 2.0, None),
        ("A/RES/2", 2021, 2.0, 3.0, None, None),
    ]


def test_memberships_are_those_that_reach_into_the_years(tmp_path: Path) -> None:
    rows = [
        tie("membership", "IND", None, "2000-01-01", None, instrument="still"),
        tie("membership", "IND", None, "2000-01-01", "2020-01-01", instrument="to the first day"),
        tie("membership", "IND", None, "2000-01-01", "2019-12-31", instrument="before"),
        tie("membership", "IND", None, "2021-12-31", None, instrument="from the last day"),
        tie("membership", "IND", None, "2022-01-01", None, instrument="after"),
    ]
    held = of(make_store(tmp_path, one=({"commitments": rows}, []))).memberships
    assert sorted(held["instrument"]) == ["from the last day", "still", "to the first day"]


def test_what_covers_a_state_in_a_year(tmp_path: Path) -> None:
    lines = [cover("goods trade", 2020, 2020, silence="none"), cover("visit", 2020, 2020, states="IND", partners="RUS")]
    held = of(make_store(tmp_path, one=({}, lines), two=({}, [cover("goods trade", 2020, 2020)])))
    assert covers(held, "goods trade", 2020) == {"one": (True, True), "two": (True, True)}
    assert covers(held, "goods trade", 2020, complete=True) == {"one": (True, True)}
    assert covers(held, "goods trade", 2019) == covers(held, "goods trade", 2021) == {}
    assert covered_state(held, "visit", 2020) == {"one"}
    assert covers(held, "visit", 2020) == {}
    assert covered_state(held, "visit", 2021) == set()


def test_what_was_made_once_is_kept_whatever_the_poles(tmp_path: Path) -> None:
    held = of(make_store(tmp_path, one=({}, [])))
    made: list[int] = []
    for _ in range(2):
        held.keep(("key",), lambda: made.append(1) or "value")  # type: ignore[func-returns-value]
    assert made == [1]
    assert held.keep(("other",), lambda: 2) == 2


def test_the_numbers_of_the_rule_are_those_on_its_page() -> None:
    assert (WINDOW, ARMS_WINDOW) == (2, 4)
    third = pytest.approx(1 / 3)
    two_thirds = pytest.approx(2 / 3)
    assert {
        "defense pact": 1.0,
        "offense pact": 1.0,
        "neutrality pact": two_thirds,
        "consultation pact": two_thirds,
        "nonaggression pact": third,
    } == PACTS
    assert {"access agreement": two_thirds, "defense cooperation agreement": two_thirds} == AGREEMENTS


@pytest.mark.parametrize(("day", "held"), [("2016-01-01", 1), ("2015-12-31", 0), ("2021-12-31", 1), ("2022-01-01", 0)])
def test_the_first_and_the_last_day_of_the_years_count(tmp_path: Path, day: str, held: int) -> None:
    row = {"state_a": "RUS", "state_b": "IND", "kind": "joint exercise", "directed": False}
    row |= {"start": date.fromisoformat(day), "end": date.fromisoformat(day)}
    assert of(make_store(tmp_path, one=({"events": [row]}, []))).exercises.height == held


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2020, 12, 31)])
def test_a_source_that_covers_one_day_of_a_year_covers_some_of_it(tmp_path: Path, day: date) -> None:
    held = of(make_store(tmp_path, one=({}, [cover("goods trade", day, day)])))
    assert [set(covers(held, "goods trade", year)) for year in (2019, 2020, 2021)] == [set(), {"one"}, set()]
    assert [covered_state(held, "goods trade", year) for year in (2019, 2020, 2021)] == [set(), {"one"}, set()]


def test_votes_of_the_first_and_the_last_day_count(tmp_path: Path) -> None:
    days = ("2018-01-01", "2017-12-31", "2021-12-31", "2022-01-01")
    cast = [vote(s, f"A/RES/{day}", day, v) for day in days for s, v in (("IND", 1.0), ("RUS", 3.0))]
    held = of(make_store(tmp_path, one=({"positions": cast}, []))).votes
    assert held["item"].to_list() == ["A/RES/2018-01-01", "A/RES/2021-12-31"]
