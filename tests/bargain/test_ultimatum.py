"""Fearon's ultimatum: published numbers, brute force, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.bargain.ultimatum import solve_ultimatum
from tripoint.errors import InputError

EXACT = 1e-12  # closed form
PRINTED = 5.1e-6  # numbers are printed to five digits, a tie rounded either way
GRID = 1e-4  # half a step of the brute-force grid, and what it does to the value

share = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("p", "cost_a", "c", "demand", "war", "value"),
    [
        (0.5, 0.1, 0.5, 0.70, 0.40, 0.58),
        (0.5, 0.2, 0.3, 0.55, 0.16667, 0.50833),
        (0.4, 0.05, 0.2, 0.475, 0.375, 0.42812),
    ],
)
def test_published_cases(p, cost_a, c, demand, war, value):
    got = solve_ultimatum(p, cost_a, c)
    assert got.demand == pytest.approx(demand, abs=EXACT)
    assert got.chance_of_war == pytest.approx(war, abs=PRINTED)
    assert got.value_a == pytest.approx(value, abs=PRINTED)


@given(p=share, cost_a=share, c=st.floats(0.01, 1.0))
def test_no_demand_on_a_grid_does_better(p, cost_a, c):
    got = solve_ultimatum(p, cost_a, c)
    x = np.linspace(0.0, 1.0, 5001)
    war = np.clip((x - p) / c, 0.0, 1.0)
    value = (1.0 - war) * x + war * (p - cost_a)
    assert got.value_a >= value.max() - EXACT
    assert abs(value[np.abs(x - got.demand).argmin()] - got.value_a) < GRID / c


@given(p=share, cost_a=share, c=share)
def test_bounds_and_surplus(p, cost_a, c):
    got = solve_ultimatum(p, cost_a, c)
    assert 0.0 <= got.chance_of_war <= 0.5
    assert p <= got.demand <= 1.0
    assert got.value_a >= p - EXACT  # it can always demand p, which is never refused
    assert got.value_a + got.value_b <= 1.0 + EXACT


@given(p=share, low=share, high=share, c=share)
def test_a_costlier_war_makes_a_more_careful(p, low, high, c):
    low, high = sorted((low, high))
    careful, bold = solve_ultimatum(p, high, c), solve_ultimatum(p, low, c)
    assert careful.demand <= bold.demand + EXACT
    assert careful.chance_of_war <= bold.chance_of_war + EXACT


def test_value_of_b_against_simulation():
    got = solve_ultimatum(0.5, 0.1, 0.5)
    cost = np.random.default_rng(1).uniform(0.0, 0.5, 400_000)
    paid = np.where(cost >= got.demand - 0.5, 1.0 - got.demand, 0.5 - cost)
    assert got.value_b == pytest.approx(paid.mean(), abs=1e-3)  # four standard errors


@pytest.mark.parametrize(
    ("args", "what"), [((1.2, 0.1, 0.2), "1.2"), ((0.5, -0.1, 0.2), "-0.1"), ((0.5, 0.1, -1), "-1")]
)
def test_refuses_what_cannot_be(args, what):
    with pytest.raises(InputError, match=what):
        solve_ultimatum(*args)


def test_says_its_assumptions():
    assert any("0.5" in line for line in solve_ultimatum(0.5, 0.1, 0.5).assumptions)
