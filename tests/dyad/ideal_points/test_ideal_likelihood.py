"""The compiled probit against scipy, and its derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_ndtr, ndtr

from tripoint.dyad.ideal_points.likelihood import (
    between,
    cholesky,
    log_phi,
    log_vote,
    normal_table,
    solve_both,
    vote_in_eta,
)

TABLE_ERROR = 2e-7  # cubic Hermite with nodes 1/16 apart
TAIL_ERROR = 2e-6  # asymptotic series beyond the table's left end
DIFFERENCE_ERROR = 1e-5  # central differences with step 1e-4 of an interpolated function


@pytest.fixture(scope="module")
def table():
    return normal_table()


@pytest.mark.parametrize("x", [*np.linspace(-9.99, 9.9, 57), 0.0, 11.0, 40.0])
def test_log_phi_agrees_with_scipy_inside_and_right_of_the_table(table, x):
    value, mills = log_phi(x, table)
    assert value == pytest.approx(log_ndtr(x), abs=TABLE_ERROR)
    expected = np.exp(-0.5 * x * x - 0.5 * np.log(2 * np.pi) - log_ndtr(x))
    assert mills == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize("x", [-10.001, -12.0, -30.0, -200.0])
def test_log_phi_agrees_with_scipy_in_the_far_tail(table, x):
    value, mills = log_phi(x, table)
    assert value == pytest.approx(log_ndtr(x), rel=TAIL_ERROR)
    assert mills == pytest.approx(-x + 1 / -x, rel=1e-3)


@pytest.mark.parametrize(("a", "b"), [(-1.0, 0.5), (5.0, 5.2), (-8.0, -7.5), (-0.1, 6.0), (-20.0, 20.0)])
def test_between_is_the_difference_of_normal_probabilities(a, b):
    expected = ndtr(b) - ndtr(a) if b < 0 or a < 0 else ndtr(-a) - ndtr(-b)
    assert between(a, b)[0] == pytest.approx(expected, rel=1e-10)


def test_the_three_choices_exhaust_probability(table):
    total = sum(np.exp(log_vote(y, 0.3, -0.4, 0.9, table)) for y in (1, 2, 3))
    assert total == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("y", [1, 2, 3])
@pytest.mark.parametrize("eta", [-2.5, -0.2, 1.7])
def test_slope_and_curvature_match_differences(table, y, eta):
    step = 1e-4
    value, slope, weight = vote_in_eta(y, eta, -0.5, 0.6, table)
    up, slope_up, _ = vote_in_eta(y, eta + step, -0.5, 0.6, table)
    down, slope_down, _ = vote_in_eta(y, eta - step, -0.5, 0.6, table)
    assert value == pytest.approx(log_vote(y, eta, -0.5, 0.6, table), abs=1e-12)
    assert slope == pytest.approx((up - down) / (2 * step), abs=DIFFERENCE_ERROR)
    assert weight == pytest.approx(-(slope_up - slope_down) / (2 * step), abs=1e-4)
    assert weight > 0


def test_small_solver_matches_numpy():
    rng = np.random.default_rng(0)
    root = rng.standard_normal((4, 4))
    h = root @ root.T + np.eye(4)
    g = rng.standard_normal(4)
    low, out = h.copy(), np.empty(4)
    assert cholesky(low, 4)
    solve_both(low, g, out, 4)
    assert out == pytest.approx(np.linalg.solve(h, g), rel=1e-10)
    assert not cholesky(-np.eye(3), 3)
