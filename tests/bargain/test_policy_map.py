"""Policy maps: every point is a solved war, the parts add up, and influence is what variance says."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.bargain.policy import Policy, War, try_policy, with_values
from tripoint.bargain.policy_map import PolicyMap, map_policies
from tripoint.errors import InputError, UnknownNameError

WAR = War(4, 10, (6, 4), (4, 6), 0.01, 0.01, truth=0.5, horizon=40)
PRESS, OFFER = Policy("press", cost=0.01, own_cost=0.004), Policy("offer", offer=0.4, offer_stop=4, encouragement=1)
RANGES = {"belief_a": (0.5, 0.7), "second.offer": (0.2, 0.6)}


def test_a_grid_is_a_matrix_of_solved_wars():
    got = map_policies(WAR, PRESS, OFFER, RANGES, points=25, design="grid")
    assert got.shape == (5, 5)
    assert got.seed is None
    k = 7
    belief, offer = got.points[k]
    war = with_values(WAR, {"belief_a": belief})
    assert got.first_values[k] == pytest.approx(try_policy(war, PRESS).net_b)
    assert got.second_values[k] == pytest.approx(
        try_policy(war, Policy("offer", offer=offer, offer_stop=4, encouragement=1)).net_b
    )


def test_parts_sum_to_one_and_direction_flips():
    got = map_policies(WAR, PRESS, OFFER, RANGES, points=32, seed=5, criterion="battles", better="lower")
    assert got.first_better + got.second_better + got.about_equal == pytest.approx(1.0)
    assert got.advantage == pytest.approx(got.second_values - got.first_values)
    assert len(got.points) == 32
    assert "region" in got.verdict
    again = map_policies(WAR, PRESS, OFFER, RANGES, points=32, seed=5, criterion="battles", better="lower")
    assert np.array_equal(again.points, got.points)
    assert (got.points >= [0.5, 0.2]).all()
    assert (got.points <= [0.7, 0.6]).all()


def test_influence_finds_the_parameter_that_matters():
    rng = np.random.default_rng(0)
    points = rng.random((4000, 3))
    values = 3 * points[:, 0] + points[:, 1]  # variance shares .9, .1, 0
    made = PolicyMap(
        "f", "s", "net_b", "higher", ("x", "y", "z"), points, values, np.zeros(4000), "sobol", 0, 1e-3, None
    )  # fmt: skip
    got = made.influence
    assert got["x"] == pytest.approx(0.9, abs=0.03)  # ten bins lose about a hundredth of a linear effect
    assert got["y"] == pytest.approx(0.1, abs=0.03)
    assert got["z"] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        ({"criterion": "netb"}, UnknownNameError, "net_b"),
        ({"ranges": {"beleif_a": (0, 1)}}, UnknownNameError, "did you mean 'belief_a'"),
        ({"ranges": {"belief_a": (0.7, 0.5)}}, InputError, "range of belief_a is empty"),
        ({"ranges": {}}, InputError, "at least one"),
        ({"points": 10**7}, InputError, "wars"),
        ({"design": "gird"}, UnknownNameError, "grid"),
        ({"better": "up"}, UnknownNameError, "direction"),
    ],
)
def test_refuses_what_cannot_be(change, error, what):
    call = {"ranges": RANGES, "points": 4, **change}
    with pytest.raises(error, match=what):
        map_policies(WAR, PRESS, OFFER, call.pop("ranges"), **call)
