"""Powell's commitment problem: the published condition, and backward induction over a long game."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tripoint.bargain.commitment import solve_commitment
from tripoint.errors import InputError

share = st.floats(0.0, 1.0)


def a_fights(p1, p2, delta, cost, periods=4000):
    """Backward induction: B offers A a share of each period's pie; A fights or takes it."""

    def war(p):
        return (p - cost) / (1 - delta)

    value = war(p2)  # far enough ahead; after the shift B gives A just its value of war
    for _ in range(periods):
        least = war(p2) - delta * value
        offer = min(max(least, 0.0), 1.0)
        value = max(offer + delta * value, war(p2)) if offer >= least else war(p2)
    return war(p1) > 1.0 + delta * value + 1e-12


@given(p1=share, p2=share, delta=st.floats(0.05, 0.95), cost=st.floats(0, 1))
def test_published_condition(p1, p2, delta, cost):
    got = solve_commitment(p1, p2, delta, cost)
    assert got.fights == (p1 - delta * p2 > (1 - delta) * (1 + cost) + 0.0) or abs(got.excess) < 1e-12
    assert got.fights == (got.excess > 0)
    if abs(got.excess) > 1e-9:
        assert got.fights == (got.demand_today > 1)


@given(p1=share, p2=share, delta=st.floats(0.05, 0.95), cost=st.floats(0, 0.5))
def test_backward_induction_agrees_where_the_condition_applies(p1, p2, delta, cost):
    got = solve_commitment(p1, p2, delta, cost)
    assume(got.applies and abs(got.excess) > 1e-6)
    assert a_fights(p1, p2, delta, cost, 50) == got.fights


@given(p1=share, delta=st.floats(0.05, 0.95), cost=st.floats(0, 1))
def test_safe_shift_is_the_edge(p1, delta, cost):
    got = solve_commitment(p1, p1, delta, cost)
    assert 0 <= got.safe_shift <= p1
    if 0.001 < got.safe_shift < p1 - 0.001:
        assert not solve_commitment(p1, p1 - got.safe_shift + 1e-6, delta, cost).fights
        assert solve_commitment(p1, p1 - got.safe_shift - 1e-6, delta, cost).fights


@given(p1=share, p2=share, delta=st.floats(0.05, 0.95), low=share, high=share)
def test_cost_keeps_the_peace(p1, p2, delta, low, high):
    low, high = sorted((low, high))
    assert solve_commitment(p1, p2, delta, high).fights <= solve_commitment(p1, p2, delta, low).fights


def test_without_a_shift_there_is_peace():
    assert not solve_commitment(0.6, 0.6, 0.9, 0.0).fights
    assert solve_commitment(0.6, 0.3, 0.9, 0.0).fights


@pytest.mark.parametrize("args", [(1.1, 0.5, 0.9, 0), (0.5, -0.1, 0.9, 0), (0.5, 0.5, 1.0, 0), (0.5, 0.5, 0.9, -1)])
def test_refuses_what_cannot_be(args):
    with pytest.raises(InputError):
        solve_commitment(*args)
