"""Settlement: Fearon's range, packages against brute force, intervals, and an empty range said so."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.bargain.settlement import Issue, bargaining_range, solve_package, weigh_issues
from tripoint.errors import InputError


def issue(name, wa, wb, divisible=True, held=0.5):
    return Issue(name, wa, wb, held, 1.0, 0.0, divisible)


@given(p=st.floats(0, 1), ca=st.floats(0, 1), cb=st.floats(0, 1))
def test_range_is_fearons(p, ca, cb):
    got = bargaining_range(p, ca, cb, draws=10)
    assert got.low == pytest.approx(max(p - ca, 0))
    assert got.high == pytest.approx(min(p + cb, 1))
    assert not got.empty
    assert got.chance_open == 1.0


def test_disagreement_can_empty_the_range_and_it_says_so():
    got = bargaining_range(0.8, 0.1, 0.1, p_b=0.4)
    assert got.empty
    assert got.chance_open == 0.0
    assert "empty" in got.verdict
    wide = bargaining_range((0.5, 0.8), (0.0, 0.2), (0.0, 0.2), p_b=(0.2, 0.5), seed=3)
    assert 0 < wide.chance_open < 1
    assert wide.low_interval == pytest.approx((0.3, 0.8))
    assert wide.high_interval == pytest.approx((0.2, 0.7))
    # Independent uniform: 0.3 u - 0.3 v' ... against a large direct simulation.
    u = np.random.default_rng(0).random((4, 400_000))
    slack = (0.2 + 0.3 * u[0]) + 0.2 * u[1] - (0.5 + 0.3 * u[2]) + 0.2 * u[3]
    assert wide.chance_open == pytest.approx((slack >= 0).mean(), abs=0.012)  # three standard errors of 20,000 draws


weights = st.floats(0.05, 5)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(weights, weights, st.booleans()), min_size=1, max_size=3),
    ra=st.floats(0, 1),
    rb=st.floats(0, 1),
)
def test_packages_against_a_grid(rows, ra, rb):
    issues = [issue(str(i), *row) for i, row in enumerate(rows)]
    got = solve_package(issues, ra, rb)
    whole = weigh_issues(issues)
    axes = [np.linspace(0, 1, 21) if row[2] else np.array([0.0, 1.0]) for row in rows]
    best_a, best_product = -1.0, -1.0
    for shares in itertools.product(*axes):
        a, b = whole.weight_a @ shares, whole.weight_b @ (1 - np.array(shares))
        if a >= ra and b >= rb:
            best_a = max(best_a, a)
            best_product = max(best_product, (a - ra) * (b - rb))
    if best_a < 0:
        if got.nash is not None:  # between grid points
            assert got.nash.worth_a >= ra - 1e-9
            assert got.nash.worth_b >= rb - 1e-9
        return
    assert got.best_a is not None
    assert got.nash is not None
    assert got.best_a.worth_a >= best_a - 1e-9
    assert got.best_a.worth_b >= rb - 1e-9
    assert (got.nash.worth_a - ra) * (got.nash.worth_b - rb) >= best_product - 1e-9
    for row, share in zip(rows, got.nash.shares, strict=True):
        assert row[2] or share in (0.0, 1.0)


def test_sides_trade_what_they_value_less():
    got = solve_package([issue("land", 3, 1), issue("status", 1, 3)], 0.5, 0.5)
    assert got.nash is not None
    assert got.nash.shares == pytest.approx([1, 0])
    assert (got.nash.worth_a, got.nash.worth_b) == pytest.approx((0.75, 0.75))


def test_an_empty_range_of_packages_is_said():
    got = solve_package([issue("one", 1, 1, divisible=False)], 0.6, 0.6)
    assert got.empty
    assert got.best_a is None
    assert not solve_package([issue("one", 1, 1)], 0.5, 0.5).empty


def test_swapping_sides_mirrors_the_package():
    issues = [Issue("x", 2, 1, 0.3, 1, 0), Issue("y", 1, 4, 0.6, 1, 0)]
    mirror = [Issue(i.name, i.weight_b, i.weight_a, 1 - i.held, 1, 0) for i in issues]
    one, two = solve_package(issues, 0.3, 0.4), solve_package(mirror, 0.4, 0.3)
    assert one.nash is not None
    assert two.nash is not None
    assert one.nash.shares == pytest.approx(1 - two.nash.shares)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: weigh_issues([]), "at least one"),
        (lambda: weigh_issues([issue("a", 1, 1), issue("a", 1, 1)]), "named 'a'"),
        (lambda: weigh_issues([issue("a", -1, 1)]), "weight_a of issue 'a'"),
        (lambda: weigh_issues([issue("a", 0, 1)]), "0 for every issue"),
        (lambda: weigh_issues([issue("a", 1, 1, held=2)]), "held of issue 'a'"),
        (lambda: solve_package([issue(str(i), 1, 1, divisible=False) for i in range(13)], 0, 0), "8,192"),
        (lambda: bargaining_range((0.6, 0.4), 0.1, 0.1), "lower end first"),
        (lambda: bargaining_range(1.4, 0.1, 0.1), "1.4"),
    ],
)
def test_refuses_what_cannot_be(call, what):
    with pytest.raises(InputError, match=what):
        call()
