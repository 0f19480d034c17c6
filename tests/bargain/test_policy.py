"""Policies: held equal, symmetric between the sides, and with what one would have to believe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.bargain.policy import (
    PARAMETERS,
    Policy,
    War,
    chance_of_renewed_war,
    compare_policies,
    required_belief,
    try_policy,
    with_values,
)
from tripoint.bargain.walk import expected_battles, win_probability
from tripoint.errors import InputError, UnknownNameError

WAR = War(4, 10, (6, 4), (4, 6), 0.01, 0.01, truth=0.5, horizon=80)


def test_no_policy_is_the_war_itself():
    got = try_policy(WAR, Policy("none"))
    war = WAR.solve()
    assert got.battles == war.mean_battles
    assert got.share_a == war.mean_share
    assert got.net_a == pytest.approx(got.share_a - got.cost_a)
    assert got.settled + got.a_wins + got.b_wins + got.undecided == pytest.approx(1.0)
    assert got.regret == 0.0


def test_schedule_lays_pressure_out_in_time():
    plan = Policy("p", cost=0.04, own_cost=0.01, power=0.2, start=2, stop=6, ramp=4).schedule(8)
    assert plan.extra_cost_a == pytest.approx([0, 0, 0.01, 0.02, 0.03, 0.04, 0, 0, 0])
    assert plan.extra_cost_b == pytest.approx([0, 0, 0.0025, 0.005, 0.0075, 0.01, 0, 0, 0])
    assert plan.shift == pytest.approx([0, 0, -0.05, -0.1, -0.15, -0.2, 0, 0, 0])
    offer = Policy("o", offer=0.4, offer_start=1, offer_stop=3, encouragement=2).schedule(4)
    assert np.isnan(offer.offer_b).tolist() == [True, False, False, True, True]
    assert offer.boost_a == pytest.approx([0, 0, 2, 2, 2])


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 8),
    cost=st.floats(0, 0.05),
    power=st.floats(0, 0.3),
    offer=st.none() | st.floats(0, 1),
    trust=st.floats(0, 1),
)
def test_a_policy_on_the_other_side_is_the_mirror_image(n, cost, power, offer, trust):
    kw = {"cost": cost, "power": power, "offer": offer, "credibility": trust, "own_cost": 0.003, "encouragement": 1.0}
    war = War(n, 9, (6, 5), (4, 6), 0.013, 0.017, truth=0.52, split=0.4, horizon=40)
    mirror = War(9 - n, 9, (6, 4), (5, 6), 0.017, 0.013, truth=0.48, split=0.6, horizon=40)
    one = try_policy(war, Policy("x", target="a", **kw))
    two = try_policy(mirror, Policy("x", target="b", **kw))
    edge = np.abs(one.war.value_a + one.war.value_b - 1)[one.war.kind > 0].min()
    if edge > 1e-7 and (offer is None or np.abs(one.war.value_a - offer)[one.war.kind > 0].min() > 1e-7):
        assert one.battles == pytest.approx(two.battles, abs=1e-7)
        assert one.share_a == pytest.approx(1 - two.share_a, abs=1e-7)
        assert one.cost_a == pytest.approx(two.cost_b, abs=1e-7)
        assert one.renewed == pytest.approx(two.renewed, abs=1e-7)
        assert one.regret == pytest.approx(two.regret, abs=1e-7)


def test_pressure_and_concession_do_what_they_say():
    none, pressed, offered = compare_policies(
        replace(WAR, foresight="finish"), [Policy("none"), Policy("press", cost=0.02), Policy("offer", offer=0.9)]
    )
    assert pressed.share_a < none.share_a
    assert offered.battles == 0.0
    assert offered.share_a == pytest.approx(0.9)
    assert offered.regret == 1.0  # B gave more than fighting on would have cost it
    doubted = try_policy(replace(WAR, foresight="finish"), Policy("doubted", cost=0.02, credibility=0.0))
    assert doubted.battles == pytest.approx(none.battles)
    assert doubted.cost_a > none.cost_a


def test_an_offer_that_stands_makes_a_side_that_foresees_it_wait_for_more():
    """With an offer to fall back on, fighting on is worth more than the offer itself."""
    free = try_policy(WAR, Policy("stands", offer=0.9))
    brief = try_policy(WAR, Policy("lapses", offer=0.9, offer_stop=1))
    assert free.share_a > 0.9
    assert brief.share_a == pytest.approx(0.9)


def test_refused_offers_encourage():
    plain = try_policy(WAR, Policy("o", offer=0.05))
    bold = try_policy(WAR, Policy("o", offer=0.05, encouragement=5))
    assert bold.battles > plain.battles


def test_renewed_war_by_simulation():
    solved = WAR.solve()
    assert chance_of_renewed_war(solved, rearmament=0.0) == 0.0
    rng = np.random.default_rng(2)
    settled = np.argwhere((solved.kind == 2) & (solved.mass > 0))
    broken = 0.0
    for t, w in settled:
        move = rng.normal(0.02, 0.1, 20_000)
        a = np.maximum(solved.finish_a[t, w], 0) + move > solved.share[t, w]
        b = np.maximum(solved.finish_b[t, w], 0) - move > 1 - solved.share[t, w]
        broken += solved.mass[t, w] * (a | b).mean()
    assert chance_of_renewed_war(solved, rearmament=0.1, drift=0.02) == pytest.approx(broken, abs=0.01)
    assert chance_of_renewed_war(solved, rearmament=0.2) > chance_of_renewed_war(solved, rearmament=0.05)


@pytest.mark.parametrize(("n", "demand", "cost"), [(4, 0.6, 0.005), (2, 0.3, 0.01), (7, 0.9, 0.001)])
def test_required_belief_is_where_war_is_worth_the_demand(n, demand, cost):
    got = required_belief(n, 10, demand, cost, (6, 4))
    assert got.p is not None

    def worth(p):
        prior = (10 * p, 10 * (1 - p))
        return win_probability(n, 10, prior=prior) - cost * expected_battles(n, 10, prior=prior)

    assert worth(got.p) == pytest.approx(demand, abs=1e-5)
    assert worth(got.p - 0.01) < demand
    assert got.victory == pytest.approx(win_probability(n, 10, prior=(10 * got.p, 10 * (1 - got.p))))
    assert got.rational == (got.p <= 0.6)
    assert "belief in victory" in got.verdict


def test_no_belief_suffices_where_war_costs_too_much():
    got = required_belief(4, 10, 0.99, 0.1, (6, 4))
    assert got.p is None
    assert not got.rational
    assert "no belief" in got.verdict


def test_with_values_moves_one_thing_at_a_time():
    moved = with_values(WAR, {"belief_a": 0.7, "confidence_b": 20, "cost_a": 0.03})
    assert moved.prior_a == pytest.approx((7, 3))
    assert moved.prior_b == pytest.approx((8, 12))
    assert (moved.cost_a, moved.cost_b) == (0.03, 0.01)
    assert with_values(WAR, {}) == WAR
    assert "belief_a" in PARAMETERS


@pytest.mark.parametrize(
    ("policy", "what"),
    [
        (Policy("x", cost=-1), "policy 'x': cost"),
        (Policy("x", offer=1.2), "offer"),
        (Policy("x", credibility=2), "credibility"),
        (Policy("x", start=5, stop=3), "stops at battle 3"),
        (Policy("x", ramp=-1), "ramp"),
    ],
)
def test_refuses_what_cannot_be(policy, what):
    with pytest.raises(InputError, match=what):
        try_policy(WAR, policy)


def test_refuses_two_policies_of_one_name_and_unknown_targets():
    with pytest.raises(InputError, match="named 'x'"):
        compare_policies(WAR, [Policy("x"), Policy("x")])
    with pytest.raises(UnknownNameError, match="target"):
        try_policy(WAR, Policy("x", target="c"))
