"""Reports: ranges and never points, every theory and policy, and the fact that the war goes on."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.bargain.policy import try_policy
from tripoint.bargain.report import CouncilReport, UltimatumReport, WarReport, report, report_council, report_war
from tripoint.bargain.scenario import read_scenario
from tripoint.bargain.sweep import build_war, middle, policies_at, sweep, try_theory
from tripoint.errors import InputError

DRAWS = 16


@pytest.fixture(scope="module")
def ukraine() -> WarReport:
    got = report(read_scenario("russia-ukraine-2022"), draws=DRAWS)
    assert isinstance(got, WarReport)
    return got


def test_every_theory_with_every_policy(ukraine):
    war_theories = {"learning", "slow-learning", "standing-firm", "disposition"}
    assert {c.theory for c in ukraine.cells} == war_theories
    assert len(ukraine.cells) == len(war_theories) * 5
    for own in (ukraine.commitment, ukraine.no_separation, ukraine.appeasement):
        assert own
        assert all(0 <= part <= 1 for part in own.values())
    assert ukraine.draws == DRAWS
    assert "Sobol" in ukraine.convergence


def test_cells_are_intervals_over_the_draws_in_which_the_war_goes_on(ukraine):
    for cell in ukraine.cells:
        assert 0 <= cell.explains <= 1
        for name, spread in cell.measures.items():
            assert spread.low <= spread.middle <= spread.high
            assert spread.draws == round(cell.explains * DRAWS)
            if name in ("share_a", "settled", "renewed"):
                assert spread.low >= -1e-9
                assert spread.high <= 1 + 1e-9
        if cell.policy == "no new policy" and cell.measures:
            assert cell.settles_at_once == 0.0
            assert cell.measures["months"].low > 0


def test_beliefs_needed_and_held(ukraine):
    assert [(b.side, b.refuses) for b in ukraine.beliefs] == [
        ("a", "its demand"), ("b", "its demand"), ("a", "what it holds"), ("b", "what it holds"),
    ]  # fmt: skip
    for b in ukraine.beliefs:
        assert 0 <= b.rational <= 1
        assert (b.victory is None) == (b.impossible == 1.0)


def test_comparisons_of_policies_are_parts_of_the_draws(ukraine):
    assert ukraine.better
    for (theory, one, other, goal), part in ukraine.better.items():
        assert 0 <= part <= 1
        back = ukraine.better.get((theory, other, one, goal))
        if back is not None:
            assert part + back <= 1 + 1e-9


def test_maximalism_and_packages(ukraine):
    assert set(ukraine.maximalism) == {"a", "b"}
    for got in ukraine.maximalism.values():
        assert (got.score_low <= got.score + 1e-9).all()
        assert (got.score <= got.score_high + 1e-9).all()
    assert ukraine.packages is not None
    assert 0 <= ukraine.packages.open <= 1
    assert len(ukraine.packages.shares) in (0, 6)


def test_a_sweep_stays_in_its_ranges_and_repeats():
    scenario = read_scenario("russia-ukraine-2022")
    points = sweep(scenario, 32, 5)
    assert points == sweep(scenario, 32, 5)
    for values in points:
        for name, q in scenario.assumptions.items():
            assert q.low <= values[name] <= q.high
        press = policies_at(scenario, values)[1]
        assert 0.001 <= press.cost <= 0.01
    assert len({v["belief_a"] for v in points}) == 32


def test_the_learning_theory_is_the_war_itself():
    scenario = read_scenario("two-optimists")
    values = sweep(scenario, 4, 1)[2]
    policy = policies_at(scenario, values)[1]
    direct = try_policy(build_war(scenario, values), policy)
    got = try_theory(scenario, "learning", policy, values)
    assert (got.battles, got.share_a, got.net_b) == (direct.battles, direct.share_a, direct.net_b)


def test_a_symmetric_scenario_gives_symmetric_answers():
    scenario = read_scenario("two-optimists")
    values = middle(scenario) | {"cost_a": 0.01, "cost_b": 0.01, "truth": 0.5}
    got = try_theory(scenario, "learning", policies_at(scenario, {})[0], values)
    assert got.share_a == pytest.approx(0.5)
    assert got.cost_a == pytest.approx(got.cost_b)


def test_council_and_ultimatum():
    council = report(read_scenario("ec-emissions"), draws=200)
    assert isinstance(council, CouncilReport)
    assert council.challenge.baseline.mean == pytest.approx(7.389956, abs=1e-6)
    assert council.election.baseline == council.challenge.baseline
    assert "seed" in council.convergence
    one = report(read_scenario("fearon-ultimatum"), draws=64)
    assert isinstance(one, UltimatumReport)
    assert one.at_middle.demand == pytest.approx(0.7)
    assert one.chance_of_war.low <= 0.4 <= one.chance_of_war.high


def test_refuses_the_wrong_kind_and_too_few_draws():
    with pytest.raises(InputError, match="of kind 'war'"):
        report_council(read_scenario("two-optimists"))
    with pytest.raises(InputError, match="a war is needed"):
        build_war(read_scenario("ec-emissions"), {"held": 0.5})
    with pytest.raises(InputError, match="at least 2"):
        report_war(read_scenario("two-optimists"), draws=1)
    assert np.isfinite(report_war(read_scenario("two-optimists"), draws=2).open_range)
