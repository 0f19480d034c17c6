"""What a divider weighs: by the table of choice, whatever a source is called, and the answer says who spoke."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from made_up import make_store
from tripoint.evidence.coverage import coverage_of
from tripoint.sources.assemble import cover
from tripoint.triad.wedge.levers import BACK, FULL_TRADE, HALF, ODDS, Lever, Target, _weight, build_target

LINES = [cover("gdp", 2000, 2025, partners="", silence="unproven")]


def gdp(usa: float, chn: float, year: int = 2024) -> dict[str, list[dict[str, Any]]]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31), "precision": "year"}
    row = {"kind": "gdp", "unit": "current USD million", **days}
    return {"attributes": [{**row, "state": "USA", "value": usa}, {**row, "state": "CHN", "value": chn}]}


@pytest.mark.parametrize("name", ["imf_gdp", "toy_gdp", "aaa"])
def test_a_new_source_of_any_name_moves_no_lever_and_is_named(tmp_path: Path, name: str) -> None:
    evidence = make_store(tmp_path, starter=(gdp(61, 39), LINES), **{name: (gdp(1, 99), LINES)})
    lever = _weight(evidence, "USA", "CHN", 2024)
    assert (lever.power, lever.sources) == (pytest.approx(0.61), ("starter",))
    assert f"not in the table of choice: {name.replace('_', '-')}" in lever.finding


def test_the_newest_year_comes_before_the_first_source(tmp_path: Path) -> None:
    evidence = make_store(tmp_path, wb_gdp=(gdp(50, 50, 2023), LINES), starter=(gdp(61, 39, 2024), LINES))
    assert _weight(evidence, "USA", "CHN", 2024).power == pytest.approx(0.61)
    assert _weight(evidence, "USA", "CHN", 2023).power == pytest.approx(0.5)
    assert _weight(evidence, "USA", "RUS", 2024).sources == ()


def test_both_states_must_come_from_one_source(tmp_path: Path) -> None:
    one, other = gdp(60, 40), gdp(60, 40)
    one["attributes"].pop()
    evidence = make_store(tmp_path, wb_gdp=(one, LINES), starter=(other, LINES))
    assert _weight(evidence, "USA", "CHN", 2024).sources == ("starter",)


# ---- the five levers of a divider on a target

YEAR = 2024


def tie(kind: str, a: str, b: str, start: str = "2000-01-01", end: str | None = None, **more: Any) -> dict[str, Any]:
    days = {"start": date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    return {"state_a": a, "state_b": b, "kind": kind, "directed": False, **days, "instrument": "made up", **more}


def sale(a: str, b: str, value: float, year: int = YEAR) -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    return {"state_a": a, "state_b": b, "kind": "goods trade", **days, "value": value, "unit": "USD million"}


def lines(*kinds: str, until: int = 2025) -> list[dict[str, object]]:
    return [cover(kind, 1990, until, silence="none") for kind in kinds]


def target(home: Path, **sources: Any) -> Target:
    """What the United States has on Russia, which it would part from China."""
    evidence = make_store(home, **sources)
    return build_target(evidence, coverage_of(evidence), "RUS", "CHN", "USA", YEAR)


def lever(found: Target, name: str) -> Lever:
    (one,) = [x for x in (*found.rewards, *found.punishments, *found.constraints) if x.name.startswith(name)]
    return one


def test_sanctions_in_force_are_those_of_the_divider_of_the_fullest_source(tmp_path: Path) -> None:
    imposed = [
        tie("sanction", "USA", "RUS", "2014-01-01"),
        tie("sanction", "USA", "RUS", "2022-01-01", f"{YEAR}-12-31"),
        tie("sanction", "USA", "RUS", "2010-01-01", f"{YEAR}-12-30"),
        tie("sanction", "USA", "RUS", f"{YEAR + 1}-01-01"),
        tie("sanction", "RUS", "USA", "2014-01-01"),
        tie("sanction", "RUS", "USA", "2015-01-01"),
    ]
    imposed = [{**row, "directed": True} for row in imposed]
    other = [{**tie("sanction", "USA", "RUS", "2014-01-01"), "directed": True}]
    found = target(
        tmp_path, aaa=({"commitments": other}, lines("sanction")), zzz=({"commitments": imposed}, lines("sanction"))
    )
    lifted = lever(found, "sanctions to lift")
    assert lifted.power == pytest.approx(2 / (2 + HALF))
    assert lifted.finding == f"2 sanctions of USA on RUS in force on {YEAR}-12-31"
    assert (lifted.sources, lifted.fact_ids) == (("zzz",), ("zzz@1.0#commitments 0", "zzz@1.0#commitments 1"))


def test_sanctions_whose_coding_ended_are_said_and_not_counted(tmp_path: Path) -> None:
    imposed = [{**tie("sanction", side, other), "directed": True} for side, other in (("USA", "RUS"), ("RUS", "USA"))]
    found = target(tmp_path, one=({"commitments": imposed}, lines("sanction", until=2005)))
    lifted = lever(found, "sanctions to lift")
    assert (lifted.power, lifted.fact_ids, lifted.sources) == (0.0, (), ())
    assert lifted.finding.endswith(f"on {YEAR}-12-31; sanction not known since 2005-12")


def test_trade_to_regain_is_what_was_had_at_best_and_trade_to_lose_what_there_is(tmp_path: Path) -> None:
    flows = []
    for year, share in ((YEAR, 5.0), (YEAR - 1, 10.0), (YEAR - 9, 15.0), (YEAR - 30, 90.0)):
        flows += [sale("RUS", "USA", share, year), sale("RUS", "CHN", 100 - share, year)]
    found = target(tmp_path, one=({"flows": flows}, lines("goods trade")))
    regain, lose = lever(found, "trade to regain"), lever(found, "trade to lose")
    assert regain.power == pytest.approx(0.10 / FULL_TRADE)
    assert regain.finding == f"USA had 15.0% of RUS's trade in {YEAR - 9}, 5.0% in {YEAR}"
    assert len(regain.fact_ids) == 2
    assert lose.power == pytest.approx(0.05 / FULL_TRADE)
    assert lose.finding == f"5.0% of RUS's trade is with USA in {YEAR}"
    assert found.punishments == (lose,)


@pytest.mark.parametrize(("last", "known"), [(YEAR - BACK, True), (YEAR - BACK - 1, False)])
def test_trade_is_known_as_far_back_as_the_rule_says(tmp_path: Path, last: int, known: bool) -> None:
    flows = [sale("RUS", "USA", 50.0, last), sale("RUS", "CHN", 50.0, last)]
    found = target(tmp_path, one=({"flows": flows}, lines("goods trade", until=last)))
    regain, lose = lever(found, "trade to regain"), lever(found, "trade to lose")
    assert (lose.power == 1.0) is known
    assert (regain.power == 0.0) is known
    if not known:
        assert regain.finding == lose.finding == f"no source gives RUS's trade with all partners since {YEAR - BACK}"
        assert math.isnan(regain.power)
        assert math.isnan(lose.power)


def test_what_the_divider_weighs_is_looked_for_as_far_back(tmp_path: Path) -> None:
    for n, (year, known) in enumerate(((YEAR - BACK, True), (YEAR - BACK - 1, False), (YEAR + 1, False))):
        evidence = make_store(tmp_path / str(n), wb_gdp=(gdp(50, 50, year), LINES))
        found = _weight(evidence, "USA", "CHN", YEAR)
        assert (found.power == 0.5) is known
        assert known or found.finding == f"no source gives the gross product of both since {YEAR - BACK}"


def test_allies_at_odds_with_the_target_hold_the_divider_back(tmp_path: Path) -> None:
    pacts = [tie("defense pact", "USA", b) for b in ("JPN", "GBR", "TUR")]
    pacts += [tie("defense pact", "USA", "POL", "2000-01-01", "2020-01-01")]
    odds = [tie("rivalry", "JPN", "RUS"), tie("territorial claim", "RUS", "JPN"), tie("rivalry", "POL", "RUS")]
    kinds = lines("defense pact", "rivalry", "territorial claim")
    found = target(tmp_path, one=({"commitments": [*pacts, *odds]}, kinds))
    allies = lever(found, "allies at odds")
    assert allies.power == pytest.approx(1 / (1 + HALF))
    assert allies.finding == "of 3 allies of USA, 1 at odds with RUS: JPN"
    assert len(allies.fact_ids) == 2
    assert allies.sources == ("one",)


def test_no_ally_at_odds_is_nothing_and_no_ally_is_not_known(tmp_path: Path) -> None:
    kinds = lines("defense pact", "rivalry")
    pact = [tie("defense pact", "USA", "JPN")]
    none = lever(target(tmp_path / "a", one=({"commitments": pact}, kinds)), "allies at odds")
    assert (none.power, none.finding) == (0.0, "of 1 allies of USA, 0 at odds with RUS")
    nobody = lever(target(tmp_path / "b", one=({}, kinds)), "allies at odds")
    assert nobody.finding == "no ally of USA on record"
    assert math.isnan(nobody.power)


def test_allies_whose_quarrel_is_no_longer_known_are_not_counted_and_named(tmp_path: Path) -> None:
    pacts = ({"commitments": [tie("defense pact", "USA", b) for b in ("GBR", "JPN")]}, lines("defense pact"))
    old = ({"commitments": [tie("rivalry", "JPN", "RUS")]}, lines("rivalry", until=2005))
    alone = lever(target(tmp_path / "a", one=pacts, old=old), "allies at odds")
    assert math.isnan(alone.power)
    said = "of 2 allies of USA, 0 at odds with RUS; not counted: JPN, rivalry not known since 2005-12"
    assert alone.finding == said
    now = ({"commitments": [tie("rivalry", "GBR", "RUS")]}, lines("rivalry"))
    beside = lever(target(tmp_path / "b", one=pacts, old=old, now=now), "allies at odds")
    assert beside.power == pytest.approx(1 / (1 + HALF))


@pytest.mark.parametrize(
    ("rows", "covered", "power", "said"),
    [
        (("rivalry", "territorial claim"), ODDS, 2 / (2 + HALF), "rivalry, territorial claim in force in 2024"),
        (("rivalry",), ODDS, 1 / (1 + HALF), "rivalry in force in 2024"),
        ((), ODDS, 0.0, "no rivalry, territorial claim or war in 2024"),
        ((), ("rivalry",), 0.0, "no current evidence of rivalry, territorial claim or war (2024: searched in part)"),
        ((), (), math.nan, "no current evidence of rivalry, territorial claim or war (2024: not searched)"),
    ],
)
def test_the_dividers_own_quarrels_hold_it_back(
    tmp_path: Path, rows: tuple[str, ...], covered: tuple[str, ...], power: float, said: str
) -> None:
    held = {"commitments": [tie(kind, "USA", "RUS") for kind in rows]} if rows else {}
    own = lever(target(tmp_path, one=(held, lines(*covered))), "own quarrel")
    assert own.power == pytest.approx(power, nan_ok=True)
    assert own.finding == f"USA and RUS: {said}"
    assert len(own.fact_ids) == len(rows)


def test_a_quarrel_that_is_no_longer_known_is_neither_there_nor_over(tmp_path: Path) -> None:
    old = ({"commitments": [tie("rivalry", "USA", "RUS")]}, lines("rivalry", until=2005))
    own = lever(target(tmp_path / "a", old=old), "own quarrel")
    assert math.isnan(own.power)
    assert own.finding.endswith("; rivalry not known since 2005-12")
    assert own.fact_ids == ("old@1.0#commitments 0",)
    claim = ({"commitments": [tie("territorial claim", "USA", "RUS")]}, lines("territorial claim"))
    live = lever(target(tmp_path / "b", old=old, one=claim), "own quarrel")
    assert live.power == pytest.approx(1 / (1 + HALF))
    assert live.finding.endswith("territorial claim in force in 2024; rivalry not known since 2005-12")


def test_rewards_are_averaged_and_constraints_add_up(tmp_path: Path) -> None:
    rows = [{**tie("sanction", "USA", "RUS"), "directed": True}, tie("rivalry", "USA", "RUS")]
    rows += [tie("defense pact", "USA", "JPN"), tie("rivalry", "JPN", "RUS")]
    kinds = lines("sanction", "defense pact", *ODDS)
    found = target(tmp_path / "a", one=({"commitments": rows}, kinds), wb_gdp=(gdp(80, 20), LINES))
    third = 1 / (1 + HALF)
    assert [x.power for x in found.constraints] == pytest.approx([third, third])
    assert found.reward == pytest.approx((third + 0.8) / 2), "trade is not known and takes no part"
    assert found.constraint == pytest.approx(1 - (1 - third) ** 2)
    bare = target(tmp_path / "b", one=({}, []))
    assert bare.reward == 0.0, "no sanction is known, and none is to be lifted"
    assert math.isnan(bare.constraint)


def test_the_constants_of_the_rule() -> None:
    """Two of a thing bring a lever halfway to whole, and a fifth of a state's trade all the way."""
    assert (HALF, FULL_TRADE, BACK) == (2.0, 0.2, 4)


def test_one_quarrel_no_longer_known_is_enough_to_leave_the_rest_unknown(tmp_path: Path) -> None:
    old = ({"commitments": [tie("rivalry", "USA", "RUS")]}, lines("rivalry", until=2005))
    own = lever(target(tmp_path, old=old, one=({}, lines("territorial claim", "war"))), "own quarrel")
    assert math.isnan(own.power)
    assert "2024: searched in part" in own.finding


@pytest.mark.parametrize(("back", "best"), [(10 + BACK, "60.0%"), (10 + BACK + 1, "5.0%")])
def test_the_best_share_lies_within_ten_years_of_the_last_that_could_be_known(
    tmp_path: Path, back: int, best: str
) -> None:
    flows = [sale("RUS", "USA", 5.0), sale("RUS", "CHN", 95.0)]
    flows += [sale("RUS", "USA", 60.0, YEAR - back), sale("RUS", "CHN", 40.0, YEAR - back)]
    found = lever(target(tmp_path, one=({"flows": flows}, lines("goods trade"))), "trade to regain")
    assert found.finding.startswith(f"USA had {best} of RUS's trade")


def test_the_best_share_is_of_the_same_source(tmp_path: Path) -> None:
    now = [sale("RUS", "USA", 5.0), sale("RUS", "CHN", 95.0)]
    then = [sale("RUS", "USA", 60.0, YEAR - 3), sale("RUS", "CHN", 40.0, YEAR - 3)]
    found = target(
        tmp_path, one=({"flows": now}, lines("goods trade")), two=({"flows": then}, lines("goods trade", until=2022))
    )
    assert lever(found, "trade to regain").power == 0.0
