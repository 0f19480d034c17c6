"""Seams on made-up evidence: how quarrels age, and which account of them counts."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from made_up import make_store
from tripoint.evidence.query import Evidence
from tripoint.sources.assemble import cover
from tripoint.triad.wedge.seams import BACK, HALF, Seam, contest, find_seams


def claim(start: int, end: int | None) -> dict[str, Any]:
    days = {"start": date(start, 1, 1), "end": end and date(end, 12, 31)}
    row = {"state_a": "CHN", "state_b": "RUS", "kind": "territorial claim", "directed": True, **days}
    return {**row, "instrument": f"island {start}"}


LINES = [cover("territorial claim", 1900, 2025, silence="none")]


def quarrel(evidence: Evidence, year: int = 2020) -> Seam:
    seams, _ = find_seams(evidence, "CHN", "RUS", year, third=(), draws=2)
    (found,) = [s for s in seams if s.kind == "disputes"]
    return found


@pytest.mark.parametrize(("ended", "weight"), [(2020, 1.0), (2010, 0.5), (2000, 0.25)])
def test_an_ended_quarrel_halves_every_ten_years(tmp_path: Path, ended: int, weight: float) -> None:
    evidence = make_store(tmp_path, one=({"commitments": [claim(1995, ended)]}, LINES))
    expected = weight if ended < 2020 else 1.0
    assert quarrel(evidence).size == pytest.approx(expected / (expected + HALF))


def test_an_open_quarrel_counts_whole_and_sources_are_not_added_up(tmp_path: Path) -> None:
    evidence = make_store(
        tmp_path,
        aaa=({"commitments": [claim(1995, None)]}, LINES),
        icow=({"commitments": [claim(1995, None), claim(1996, None)]}, LINES),
    )
    found = quarrel(evidence)
    assert found.size == pytest.approx(2 / (2 + HALF))
    assert found.sources == ("icow",)
    assert "2 still open" in found.finding


# ---- votes, third states, dependence: one rule each

YEAR = 2020


def seams(evidence: Evidence, *third: str, year: int = YEAR) -> tuple[dict[str, Seam], dict[str, str]]:
    """Seams by name, and why those that the evidence cannot speak of are none."""
    found, blank = find_seams(evidence, "CHN", "RUS", year, third=third, draws=20)
    return {s.name: s for s in found}, {u.name: u.why for u in blank}


def vote(state: str, number: int, choice: float, year: int) -> dict[str, Any]:
    said = {1.0: "yes", 2.0: "abstain", 3.0: "no"}[choice]
    row = {"state": state, "item": f"A/RES/{year}/{number}", "date": date(year, 12, 1 + number), "choice": said}
    return {**row, "value": choice, "kind": "assembly vote", "title": f"title {'abcdefghijklmno'[number]}"}


def votes(russian: list[float], year: int = YEAR) -> list[dict[str, Any]]:
    """China always says yes, and the United States no."""
    sides = (("CHN", lambda _: 1.0), ("RUS", lambda n: russian[n]), ("USA", lambda _: 3.0))
    return [vote(state, n, choose(n), year) for n in range(len(russian)) for state, choose in sides]


def test_the_seam_of_votes_is_half_their_mean_distance(tmp_path: Path) -> None:
    now = votes([3.0, 3.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    then = votes([1.0] * 9 + [2.0], YEAR - 10)
    found = seams(make_store(tmp_path, one=({"positions": [*now, *then]}, [])))[0]["votes of CHN and RUS"]
    assert found.size == pytest.approx((2 * 1.0 + 2 * 0.5) / 10)
    assert found.low <= found.size <= found.high
    assert found.trend == pytest.approx(0.3 - 0.05)
    assert found.finding == "apart on 4 of 10 divided roll calls, opposed on 2"
    assert found.counter == "voted alike on 6 of 10"
    assert (len(found.fact_ids), len(found.counter_ids), found.sources) == (2, 6, ("one",))


def test_votes_that_are_too_few_are_no_seam_and_too_few_before_no_trend(tmp_path: Path) -> None:
    few = seams(make_store(tmp_path / "a", one=({"positions": votes([1.0] * 9)}, [])))
    assert few[1]["votes of CHN and RUS"] == "9 divided roll calls on record in 2018-2020"
    rows = [*votes([2.0] * 10), *votes([1.0] * 9, YEAR - 10)]
    enough = seams(make_store(tmp_path / "b", one=({"positions": rows}, [])))[0]["votes of CHN and RUS"]
    assert math.isnan(enough.trend)
    assert enough.finding.endswith("opposed on 0")
    assert len(enough.fact_ids) == 10, "where none is opposed, those that are apart"


def sale(a: str, b: str, value: float, year: int = YEAR, kind: str = "goods trade") -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    return {"state_a": a, "state_b": b, "kind": kind, **days, "value": value, "unit": "USD million"}


def whole(*kinds: str, until: int = 2025) -> list[dict[str, object]]:
    return [cover(kind, 1990, until, silence="none") for kind in kinds]


def test_a_third_state_is_contested_as_evenly_as_the_two_share_it(tmp_path: Path) -> None:
    rows = [sale("KAZ", b, v) for b, v in (("CHN", 30.0), ("RUS", 20.0), ("DEU", 50.0))]
    rows += [sale("KAZ", b, v, YEAR - 10) for b, v in (("CHN", 10.0), ("RUS", 40.0), ("DEU", 50.0))]
    found = seams(make_store(tmp_path, one=({"flows": rows}, whole("goods trade"))), "KAZ")[0][
        "influence in KAZ: trade"
    ]
    assert found.size == pytest.approx(0.4)
    assert found.trend == pytest.approx(0.4 - 0.2)
    assert found.leans == "CHN"
    assert found.finding == "CHN 30%, RUS 20% in 2020; CHN 10%, RUS 40% in 2010; CHN has passed the other"
    assert found.counter == "shares say nothing of friction between the two"


@pytest.mark.parametrize(
    ("chinese", "russian", "leans", "counter"),
    [(20.0, 30.0, "RUS", "shares say"), (20.0, 20.0, "", "shares say"), (30.0, 2.0, "CHN", "one of the two has next")],
)
def test_who_leads_in_a_third_state(tmp_path: Path, chinese: float, russian: float, leans: str, counter: str) -> None:
    rows = [sale("KAZ", "CHN", chinese), sale("KAZ", "RUS", russian), sale("KAZ", "DEU", 100 - chinese - russian)]
    found = seams(make_store(tmp_path, one=({"flows": rows}, whole("goods trade"))), "KAZ")[0][
        "influence in KAZ: trade"
    ]
    assert found.leans == leans
    assert found.counter.startswith(counter)
    assert math.isnan(found.trend)


@pytest.mark.parametrize(("last", "known"), [(YEAR - BACK, True), (YEAR - BACK - 1, False)])
def test_shares_are_known_as_far_back_as_the_rule_says(tmp_path: Path, last: int, known: bool) -> None:
    rows = [sale("KAZ", "CHN", 3.0, last), sale("KAZ", "RUS", 2.0, last)]
    found, blank = seams(make_store(tmp_path, one=({"flows": rows}, whole("goods trade", until=last))), "KAZ")
    assert ("influence in KAZ: trade" in found) is known
    assert known or blank["influence in KAZ: trade"] == "no source gives shares of all partners"


def test_amounts_without_a_whole_are_said_and_are_no_share(tmp_path: Path) -> None:
    lines = [cover("goods trade", 1990, 2025, states="KAZ", partners="CHN")]
    blank = seams(make_store(tmp_path, one=({"flows": [sale("KAZ", "CHN", 1234.0)]}, lines)), "KAZ")[1]
    said = "no source gives shares of all partners; on record CHN 1,234 USD million (one)"
    assert blank["influence in KAZ: trade"] == said


def test_neither_of_the_two_is_a_third_state(tmp_path: Path) -> None:
    assert seams(make_store(tmp_path, one=({}, [])), "RUS")[1]["influence in RUS"] == "RUS is one of the two"


def member(state: str, body: str, end: str | None = None) -> dict[str, Any]:
    days = {"start": date(2000, 1, 1), "end": end and date.fromisoformat(end)}
    return {"state_a": state, "kind": "membership", "directed": True, **days, "instrument": body}


def test_bodies_count_that_one_of_the_two_shares_alone(tmp_path: Path) -> None:
    held = {"a": "KAZ CHN", "b": "KAZ RUS", "c": "KAZ RUS DEU", "d": "KAZ CHN RUS", "e": "CHN RUS"}
    rows = [member(state, body) for body, of in held.items() for state in of.split()]
    rows += [member(s, "past", "2020-12-30") for s in ("KAZ", "CHN")]
    evidence = make_store(tmp_path, one=({"commitments": rows}, [cover("membership", 1990, 2025)]))
    found = seams(evidence, "KAZ")[0]["influence in KAZ: institutions"]
    assert found.size == pytest.approx(2 * 1 / 4)
    assert (found.leans, len(found.fact_ids)) == ("RUS", 3)
    assert found.finding == "of 4 bodies CHN alone in 1 (a) and RUS alone in 2 (b, c)"
    few = [member(s, body) for body in ("a", "b") for s in ("KAZ", "CHN")]
    blank = seams(make_store(tmp_path / "few", one=({"commitments": few}, [cover("membership", 1990, 2025)])), "KAZ")[1]
    assert blank["influence in KAZ: institutions"] == "2 memberships on record, at least 3 needed"


def test_loans_need_both_lenders_in_one_unit(tmp_path: Path) -> None:
    kind = "development finance"
    rows = [sale("CHN", "KAZ", 30.0, kind=kind), sale("RUS", "KAZ", 10.0, YEAR - 10, kind)]
    rows += [sale("RUS", "KAZ", 99.0, YEAR - 11, kind), sale("KAZ", "RUS", 50.0, kind=kind)]
    found = seams(make_store(tmp_path / "a", one=({"flows": rows}, [])), "KAZ")[0]["influence in KAZ: loans"]
    assert (found.size, found.leans, found.finding) == (pytest.approx(0.5), "CHN", "CHN 30, RUS 10")
    blank = seams(make_store(tmp_path / "b", one=({"flows": rows[:1]}, [])), "KAZ")[1]
    said = "no source records the loans of both; on record CHN 30 USD million since 2010 (one)"
    assert blank["influence in KAZ: loans"] == said
    other = [rows[0], {**rows[1], "unit": "EUR million"}]
    assert "influence in KAZ: loans" in seams(make_store(tmp_path / "c", one=({"flows": other}, [])), "KAZ")[1]


def test_dependence_is_one_sided_by_the_difference_of_shares(tmp_path: Path) -> None:
    rows = [sale("CHN", "RUS", 10.0), sale("CHN", "DEU", 90.0), sale("RUS", "DEU", 10.0)]
    evidence = make_store(tmp_path, one=({"flows": rows}, whole("goods trade")))
    found = seams(evidence)[0]["one-sided trade of CHN and RUS"]
    assert found.size == pytest.approx(0.5 - 0.1)
    assert found.leans == "CHN", "it is less dependent"
    assert found.finding == "CHN has 10.0% of its trade with RUS (2020), RUS 50.0% with CHN (2020)"
    assert math.isnan(found.low)
    assert math.isnan(found.trend)
    some = [cover("goods trade", 1990, 2025, silence="none", states="CHN")]
    blank = seams(make_store(tmp_path / "some", one=({"flows": rows}, some)))[1]
    assert blank["one-sided trade of CHN and RUS"] == "no source gives RUS's trade with all partners"


def test_a_place_is_contested_by_the_smaller_share() -> None:
    assert contest(np.array([[0.5, 0.5], [0.2, 0.1], [0.0, 1.0], [0.7, 0.6]])).tolist() == [1.0, 0.2, 0.0, 1.0]


def test_quarrels_nobody_looked_for_are_no_seam_and_peace_that_was_searched_is_one_of_nothing(tmp_path: Path) -> None:
    blank = seams(make_store(tmp_path / "a", one=({}, [])))[1]
    assert blank["disputes of CHN and RUS"] == "no source of quarrels covers the two"
    found = quarrel(make_store(tmp_path / "b", one=({}, LINES)))
    assert found.size == 0.0
    assert found.finding == "quarrels on record since 1990: none; 0 still open"
    assert found.counter == "searched for territorial claim"


@pytest.mark.parametrize(("end", "held"), [(1990, 1), (1989, 0)])
def test_quarrels_count_for_thirty_years(tmp_path: Path, end: int, held: int) -> None:
    found = quarrel(make_store(tmp_path, one=({"commitments": [claim(1980, end)]}, LINES)))
    assert len(found.fact_ids) == held
    weight = held * 0.5**3
    assert found.size == pytest.approx(weight / (weight + HALF))
