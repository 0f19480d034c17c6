"""Ties by domain on made-up records: what counts, what does not, and where a share is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from made_up import make_store
from tripoint.dyad.similarity import scott_pi
from tripoint.evidence.query import Evidence
from tripoint.sources.assemble import cover
from tripoint.triad.ties.domains import (
    FEWEST_VOTES,
    MOST_MEMBERS,
    Domain,
    Name,
    _defined,
    _mean_known,
    domain,
    pi_with,
)
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import ARMS_WINDOW, PACTS, WINDOW, gather

POLES = (Pole("RUS", ("RUS",)), Pole("West", ("USA", "GBR")))
YEAR = 2020


def of(evidence: Evidence, name: Name, *, draws: int = 50) -> Domain:
    return domain(gather(evidence, "IND", POLES, YEAR, YEAR), name, YEAR, draws=draws)


def pact(kind: str, b: str, start: str = "2000-01-01", end: str | None = None, **more: Any) -> dict[str, Any]:
    days = {"start": date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    row = {"state_a": "IND", "state_b": b, "kind": kind, "directed": False, **days, "instrument": f"{kind} {b}"}
    return {**row, **more}


WHOLE = [cover("defense pact", 1990, 2025, silence="none"), cover("rivalry", 1990, 2025, silence="none")]


@pytest.mark.parametrize(
    ("row", "tie"),
    [
        *((pact(kind, "RUS"), strength) for kind, strength in PACTS.items()),
        (pact("defense pact", "RUS", "2020-12-31"), 1.0),
        (pact("defense pact", "RUS", "2021-01-01"), 0.0),
        (pact("defense pact", "RUS", "2000-01-01", "2020-12-31"), 1.0),
        (pact("defense pact", "RUS", "2000-01-01", "2020-12-30"), 0.0),
        (pact("defense pact", "CHN"), 0.0),
        (pact("consultation pact", "RUS", members=MOST_MEMBERS), 2 / 3),
        (pact("consultation pact", "RUS", members=MOST_MEMBERS + 1), 0.0),
        (pact("defense pact", "RUS", members=MOST_MEMBERS + 1), 1.0),
        (pact("access agreement", "RUS"), 0.0),  # only lists by hand have such agreements
    ],
)
def test_the_strongest_obligation_in_force_is_the_tie(tmp_path: Path, row: dict[str, Any], tie: float) -> None:
    found = of(make_store(tmp_path, atop=({"commitments": [row]}, WHOLE)), "treaties")
    assert found.status == "found"
    assert found.ties.tolist() == pytest.approx([tie, 0.0])
    assert found.amounts.tolist() == [float(tie > 0), 0.0]
    assert (found.since, found.until, found.items) == (YEAR, YEAR, int(tie > 0))


def test_a_pledge_between_rivals_is_a_truce_and_an_alliance_is_not(tmp_path: Path) -> None:
    rows = [pact(kind, "RUS") for kind in ("nonaggression pact", "consultation pact")]
    rows += [pact("neutrality pact", "USA"), pact("rivalry", "RUS"), pact("rivalry", "USA", "1960-01-01", "2019-12-31")]
    rows += [pact("nonaggression pact", "GBR")]
    found = of(make_store(tmp_path, atop=({"commitments": rows}, WHOLE)), "treaties")
    assert found.ties.tolist() == pytest.approx([0.0, 2 / 3])
    assert found.amounts.tolist() == [0.0, 2.0]


def test_agreements_of_a_list_by_hand_count_beside_a_register_of_pacts(tmp_path: Path) -> None:
    own = [pact("access agreement", "USA"), pact("defense pact", "RUS")]
    evidence = make_store(
        tmp_path,
        atop=({"commitments": [pact("nonaggression pact", "RUS")]}, WHOLE),
        starter=({"commitments": own}, [cover("access agreement", 1990, 2025), cover("defense pact", 1990, 2025)]),
    )
    found = of(evidence, "treaties")
    assert found.ties.tolist() == pytest.approx([1 / 3, 2 / 3]), "of pacts the register speaks alone"
    assert found.sources == ("atop", "starter")
    assert of(make_store(tmp_path / "none", one=({}, [])), "treaties").status == "not searched"


def sale(a: str, b: str, value: float, kind: str = "arms deliveries", year: int = YEAR) -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    return {"state_a": a, "state_b": b, "kind": kind, **days, "value": value, "unit": "TIV"}


def test_a_share_in_arms_is_of_all_that_came_in_the_window(tmp_path: Path) -> None:
    rows = [sale("RUS", "IND", 6.0), sale("USA", "IND", 1.0, year=YEAR - ARMS_WINDOW), sale("GBR", "IND", 1.0)]
    rows += [sale("FRA", "IND", 2.0), sale("RUS", "IND", 99.0, year=YEAR - ARMS_WINDOW - 1), sale("IND", "RUS", 50.0)]
    lines = [cover("arms deliveries", 1990, 2025, silence="none")]
    found = of(make_store(tmp_path, one=({"flows": rows}, lines)), "arms")
    assert (found.status, found.whole, found.items, found.unit) == ("found", 10.0, 4, "TIV")
    assert found.ties.tolist() == pytest.approx([0.6, 0.2])
    assert found.amounts.tolist() == [6.0, 2.0]
    assert found.partners == pytest.approx(1 / (0.36 + 0.01 + 0.01 + 0.04))
    assert (found.since, found.until) == (YEAR - ARMS_WINDOW, YEAR)
    assert found.draws.shape == (50, 2)
    assert ((found.draws >= 0) & (found.draws <= 1)).all()


def test_a_source_of_some_partners_gives_amounts_and_no_share(tmp_path: Path) -> None:
    lines = [cover("goods trade", 1990, 2025, states="IND", partners="RUS")]
    evidence = make_store(tmp_path, one=({"flows": [sale("RUS", "IND", 6.0, "goods trade")]}, lines))
    found = of(evidence, "trade")
    assert found.status == "in part"
    assert np.isnan([*found.ties, found.whole, found.partners, found.amounts[1]]).all()
    assert found.amounts[0] == 6.0
    assert found.draws.shape == (1, 2)


def test_arms_that_were_searched_and_not_found_are_not_arms_that_nobody_looked_for(tmp_path: Path) -> None:
    lines = [cover("arms deliveries", 1990, 2025, silence="none")]
    evidence = make_store(tmp_path, one=({}, lines))
    assert (of(evidence, "arms").status, of(evidence, "arms").note) == (
        "in part",
        "no arms deliveries on record in one",
    )
    assert (of(evidence, "trade").status, of(evidence, "trade").note) == ("not searched", "no source of goods trade")


def drill(event: str | None, *partners: str, year: int = YEAR) -> list[dict[str, Any]]:
    days = {"start": date(year, 5, 1), "end": date(year, 5, 9)}
    row = {"state_a": "IND", "kind": "joint exercise", "directed": False, **days, "event": event}
    return [{**row, "state_b": b} for b in partners]


def test_an_exercise_with_several_of_a_pole_is_one(tmp_path: Path) -> None:
    rows = [*drill("malabar", "USA", "GBR"), *drill("indra", "RUS"), *drill(None, "FRA"), *drill("all", "RUS", "USA")]
    rows += drill("old", "RUS", year=YEAR - WINDOW - 1)
    lines = [cover("joint exercise", 1990, 2025, silence="none")]
    found = of(make_store(tmp_path, one=({"events": rows}, lines)), "exercises")
    assert (found.status, found.whole) == ("found", 4.0)
    assert found.ties.tolist() == [0.5, 0.5]
    assert found.amounts.tolist() == [2.0, 2.0]
    counts = np.array([2, 1, 2, 1])  # with USA, GBR, RUS, FRA
    assert found.partners == pytest.approx(1 / ((counts / 6) ** 2).sum())
    part = of(make_store(tmp_path / "part", one=({"events": rows}, [cover("joint exercise", 1990, 2025)])), "exercises")
    assert part.status == "in part"
    assert np.isnan(part.ties).all()
    assert part.amounts.tolist() == [2.0, 2.0]


def test_no_exercise_is_known_where_a_complete_source_has_none_and_nothing_elsewhere(tmp_path: Path) -> None:
    lines = [cover("joint exercise", 1990, 2025, silence="none")]
    assert of(make_store(tmp_path, one=({}, lines)), "exercises").status == "in part"
    assert of(make_store(tmp_path / "b", one=({}, [])), "exercises").status == "not searched"


def member(state: str, body: str, start: str = "2000-01-01", end: str | None = None) -> dict[str, Any]:
    days = {"start": date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    return {"state_a": state, "kind": "membership", "directed": True, **days, "instrument": body}


def test_a_body_of_few_members_weighs_more(tmp_path: Path) -> None:
    rows = [member(s, "all") for s in ("IND", "RUS", "USA", "GBR")]
    rows += [member(s, "two") for s in ("IND", "RUS")] + [member(s, "three") for s in ("IND", "USA", "GBR")]
    rows += [member(s, "past", "2000-01-01", "2020-12-30") for s in ("IND", "USA")]
    rows += [member(s, "next", "2021-01-01") for s in ("IND", "USA")] + [member(s, "other") for s in ("USA", "GBR")]
    lines = [cover("membership", 1990, 2025, partners="*")]
    found = of(make_store(tmp_path, one=({"commitments": rows}, lines)), "institutions")
    weights = {"all": 1 - 4 / 4, "two": 1 - 2 / 4, "three": 1 - 3 / 4}
    whole = sum(weights.values())
    assert found.ties.tolist() == pytest.approx([weights["two"] / whole, weights["three"] / whole])
    assert (found.amounts.tolist(), found.whole) == ([2.0, 2.0], 3.0)
    assert of(make_store(tmp_path / "b", one=({}, lines)), "institutions").status == "not searched"


def vote(state: str, number: int, choice: float, year: int = YEAR) -> dict[str, Any]:
    said = {1.0: "yes", 2.0: "abstain", 3.0: "no"}[choice]
    row = {"state": state, "item": f"A/RES/{year}/{number}", "date": date(year, 12, 1 + number % 28), "choice": said}
    return {**row, "value": choice, "kind": "assembly vote", "title": f"title {'abcdefghijklmnopqrstuvwxyz'[number]}"}


def votes(count: int, year: int = YEAR) -> list[dict[str, Any]]:
    own = [1.0, 3.0, 2.0, 1.0, 3.0]
    rus = [1.0, 3.0, 1.0, 1.0, 2.0]
    usa = [3.0, 1.0, 3.0, 3.0, 2.0]
    return [
        vote(s, n, choices[n % 5], year)
        for n in range(count)
        for s, choices in (("IND", own), ("RUS", rus), ("USA", usa))
    ]


def test_votes_are_ties_by_scotts_pi_and_never_below_nothing(tmp_path: Path) -> None:
    found = of(make_store(tmp_path, one=({"positions": votes(20)}, [])), "votes")
    own = np.tile([1.0, 3.0, 2.0, 1.0, 3.0], 4)
    rus = np.tile([1.0, 3.0, 1.0, 1.0, 2.0], 4)
    assert found.status == "found"
    assert found.ties[0] == pytest.approx(float(scott_pi(own, rus, levels=(1.0, 2.0, 3.0), metric="linear").value))
    assert found.ties[1] == 0.0
    assert found.amounts[0] == pytest.approx(1 - np.abs(own - rus).mean() / 2)
    assert (found.items, found.since, found.until) == (20, YEAR, YEAR)
    assert found.draws.shape == (50, 2)


@pytest.mark.parametrize(
    ("count", "year", "status"),
    [
        (FEWEST_VOTES, YEAR, "found"),
        (FEWEST_VOTES - 1, YEAR, "not searched"),
        (FEWEST_VOTES, YEAR - WINDOW, "found"),
        (FEWEST_VOTES, YEAR - WINDOW - 1, "not searched"),
    ],
)
def test_votes_need_ten_roll_calls_in_the_window(tmp_path: Path, count: int, year: int, status: str) -> None:
    assert of(make_store(tmp_path, one=({"positions": votes(count, year)}, [])), "votes").status == status


def test_pi_needs_ten_shared_votes() -> None:
    own, other = np.tile([1.0, 3.0], 5), np.tile([1.0, 3.0], 5)
    weights = np.ones((2, 10))
    assert pi_with(own, other, weights).tolist() == [1.0, 1.0]
    other[0] = np.nan
    assert np.isnan(pi_with(own, other, weights)).all()


def test_a_mean_over_members_is_over_those_that_are_known() -> None:
    each = np.array([[1.0, np.nan, np.nan], [0.0, 0.5, np.nan]])
    np.testing.assert_array_equal(_mean_known(each), [0.5, 0.5, np.nan])


def test_draws_that_are_undefined_give_way_to_those_that_are() -> None:
    ties = np.array([[0.5, 0.5], [0.1, 0.2], [np.nan, 0.3], [0.3, 0.4], [0.7, 0.8]])
    np.testing.assert_array_equal(_defined(ties)[2], [0.1, 0.2])
    np.testing.assert_array_equal(_defined(ties)[[0, 1, 3, 4]], ties[[0, 1, 3, 4]])
    half = np.array([[0.5], [np.nan], [0.2]])
    np.testing.assert_array_equal(_defined(half), [[0.5], [0.2], [0.2]])
    most = np.array([[0.5], [np.nan], [np.nan], [0.2]])
    assert np.isnan(_defined(most)).all()
    unknown = np.array([[np.nan], [0.2], [np.nan]])
    np.testing.assert_array_equal(_defined(unknown), unknown)


def test_the_numbers_of_the_rule() -> None:
    assert (FEWEST_VOTES, MOST_MEMBERS) == (10, 12)
