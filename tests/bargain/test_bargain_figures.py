"""The data behind the figures: parts sum to one, ends match the solution, shapes fit."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.bargain.figures import belief_path, outcome_fan, policy_map_grid, settlement_range
from tripoint.bargain.policy import Policy, War
from tripoint.bargain.policy_map import map_policies
from tripoint.errors import InputError

WAR = War(5, 10, (6, 4), (4, 6), 0.003, 0.003, truth=(5, 5), horizon=80, foresight="finish")


def test_settlement_range_has_the_values_at_the_start():
    got, solved = settlement_range(WAR), WAR.solve()
    assert got.low[4] == pytest.approx(solved.finish_a[0, 0])
    assert got.high[4] == pytest.approx(1 - solved.finish_b[0, 0])
    assert got.open[4] == solved.settles_at_once
    assert (np.diff(got.low) >= -1e-12).all()
    assert (np.diff(got.high) >= -1e-12).all()
    assert len(got.held) == 9


def test_belief_path_starts_at_the_priors_and_follows_the_odds():
    got = belief_path(WAR.solve())
    assert got.mean_a[0] == pytest.approx(0.6)
    assert got.mean_b[0] == pytest.approx(0.4)
    on = got.going > 1e-6
    assert (got.low_a[on] <= got.mean_a[on] + 1e-9).all()
    assert (got.mean_a[on] <= got.high_a[on] + 1e-9).all()
    assert (np.diff(got.going) <= 1e-12).all()
    assert (got.mean_a - got.mean_b)[on][0] > (got.mean_a - got.mean_b)[on][-1]  # they converge


def test_outcome_fan_sums_to_one_and_ends_at_the_solution():
    solved = WAR.solve()
    got = outcome_fan(solved)
    assert got.settled + got.a_won + got.b_won + got.going == pytest.approx(np.ones(81))
    assert got.settled[-1] == pytest.approx(solved.chances["settled"])
    values, weights = solved.terms()
    assert got.share_middle[-1] == pytest.approx(values[np.searchsorted(weights.cumsum(), 0.5 * weights.sum())])
    ended = ~np.isnan(got.share_middle)
    assert (got.share_low[ended] <= got.share_high[ended]).all()
    assert np.isnan(got.share_middle[0])


def test_policy_map_grid_is_the_map():
    small = War(4, 10, (6, 4), (4, 6), 0.01, 0.01, truth=0.5, horizon=30)
    ranges = {"belief_a": (0.5, 0.7), "cost_a": (0.001, 0.02)}
    made = map_policies(small, Policy("p", cost=0.01), Policy("o", offer=0.4), ranges, points=9, design="grid")
    got = policy_map_grid(made)
    assert got.x == pytest.approx([0.5, 0.6, 0.7])
    assert got.y == pytest.approx([0.001, 0.0105, 0.02])
    assert got.advantage[2, 0] == made.advantage[6]
    with pytest.raises(InputError, match="grid"):
        policy_map_grid(map_policies(small, Policy("p"), Policy("o", offer=0.4), ranges, points=4))
