"""The rival theories: each does what its source says, checked by brute force where there is a game."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.bargain import rivals
from tripoint.bargain.war import solve_war
from tripoint.errors import InputError


def test_every_theory_says_what_would_speak_against_it():
    assert set(rivals.THEORIES) >= {"learning", "no-separation", "appeasement", "disposition", "standing-firm"}
    for theory in rivals.THEORIES.values():
        assert theory.says and theory.expects and theory.against and theory.source and theory.model


@settings(max_examples=40, deadline=None)
@given(
    N=st.integers(3, 16), p=st.floats(0.2, 0.8), k=st.floats(0.0, 0.02), aim=st.floats(0.3, 1.0), doubt=st.floats(0, 1)
)
def test_types_that_pay_the_same_do_not_separate_short_of_the_limited_aim(N, p, k, aim, doubt):
    got = rivals.solve_separation(N, p, aim=aim, doubt=doubt, cost_total=k, cost_b=k)
    # Short of the aim: what a total type asks, now and after the next battle, stays below it.
    asks = np.concatenate([[0.0], got.asks_total, [1.0]])
    short = asks[2:] <= aim
    assert not got.separable[short].any()
    assert (got.chance_of_fighting[short] == 0).all()
    assert ((got.offer >= 0) & (got.offer <= 1)).all()


def test_types_that_differ_in_cost_do_separate():
    got = rivals.solve_separation(10, 0.5, aim=1.0, doubt=0.4, cost_total=0.005, cost_b=0.005, cost_limited=0.03)
    assert got.separable.all()
    assert got.screens.all()
    assert (got.chance_of_fighting == 0.4).all()


def optimal_stopping(N, p, k, rounds=20_000):
    """Worth of fighting with the option to give up, by iterating the Bellman equation."""
    worth = np.zeros(N + 1)
    worth[N] = 1.0
    for _ in range(rounds):
        worth[1:-1] = np.maximum(p * worth[2:] + (1 - p) * worth[:-2] - k, 0.0)
    return worth


@pytest.mark.parametrize(("N", "p", "k"), [(8, 0.5, 0.01), (8, 0.4, 0.03), (5, 0.6, 0.0), (10, 0.5, 0.1)])
def test_what_a_total_type_asks_is_the_value_of_an_optimal_exit(N, p, k):
    got = rivals.solve_separation(N, p, aim=0.5, doubt=0.5, cost_total=k, cost_b=k)
    assert got.asks_total == pytest.approx(optimal_stopping(N, p, k)[1:-1], abs=1e-9)


def test_b_does_no_better_with_any_offer_on_a_grid():
    N, p, aim, doubt, k = 10, 0.5, 0.6, 0.3, 0.005
    got = rivals.solve_separation(N, p, aim=aim, doubt=doubt, cost_total=k, cost_b=k)
    asks = np.concatenate([[0.0], got.asks_total, [1.0]])
    for n in range(1, N):
        ahead = 1 - (p * asks[n + 1] + (1 - p) * asks[n - 1]) - k
        best = -np.inf
        for x in np.linspace(0, 1, 2001):
            total_takes, limited_takes = x >= asks[n], min(x, aim) >= got.asks_limited[n - 1]
            paid = doubt * (1 - x if total_takes else ahead) + (1 - doubt) * (1 - x if limited_takes else ahead)
            best = max(best, paid)
        fights = got.screens[n - 1]
        mine = (1 - doubt) * (1 - got.offer[n - 1]) + doubt * ahead if fights else 1 - got.offer[n - 1]
        # The grid may also find refusal by both, which is never better: war only wastes.
        assert mine >= best - 1e-3


def test_standing_firm_gives_one_of_the_two_demands():
    offers = rivals.standing_firm(0.8, 0.3, 80)
    war = solve_war(
        5, 10, prior_a=(6, 4), prior_b=(4, 6), cost_a=0.01, cost_b=0.01, split=None, horizon=80, schedule=offers
    )
    terms = war.terms()[0]
    assert set(np.round(terms, 9)) <= {0.0, 0.3, 0.8, 1.0}
    compromise = solve_war(5, 10, prior_a=(6, 4), prior_b=(4, 6), cost_a=0.01, cost_b=0.01, horizon=80)
    assert war.mean_battles > compromise.mean_battles
    with pytest.raises(InputError, match="do not conflict"):
        rivals.standing_firm(0.3, 0.8, 10)


@given(d=st.floats(0, 0.95), delta=st.floats(0.05, 1.0), v=st.floats(0, 1), x=st.floats(0, 1))
def test_disposition_bar_is_where_terms_are_worth_the_war(d, delta, v, x):
    bar = rivals.disposition_bar(d, delta)
    assert bar >= 1 - 1e-12
    worth = (1 - d) * x + d * delta * v
    if abs(x - bar * v) > 1e-9:
        assert (x > bar * v) == (worth > v)


def test_disposition_prolongs_war():
    common = {"prior_a": (6, 4), "prior_b": (4, 6), "cost_a": 0.01, "cost_b": 0.01}
    assert solve_war(5, 10, **common, bar_b=1.3).mean_battles > solve_war(5, 10, **common).mean_battles
    with pytest.raises(InputError, match="below 1"):
        rivals.disposition_bar(1.0)


def enumerate_appeasement(stakes, odds, cost, arrival, deterrence):
    """Best expected gain over every plan that says, by challenger, means and last act, whether to fight."""
    J, R = len(stakes), len(odds) - 1
    states = [(j, r, last) for j in range(J) for r in range(R + 1) for last in (0, 1)]

    def worth(plan, j, r, last):
        if j == J:
            return 0.0
        comes = arrival * (1 - deterrence) if last else arrival
        if plan[j, r, last]:
            here = -cost - (1 - odds[r]) * stakes[j] + worth(plan, j + 1, max(r - 1, 0), 1)
        else:
            here = -stakes[j] + worth(plan, j + 1, r, 0)
        return comes * here + (1 - comes) * worth(plan, j + 1, r, last)

    plans = itertools.product((False, True), repeat=len(states))
    return max(worth(dict(zip(states, plan, strict=True)), 0, R, 0) for plan in plans)


@pytest.mark.parametrize("deterrence", [0.0, 0.3, 0.9])
def test_appeasement_against_every_plan(deterrence):
    args = ([0.4, 1.0], [0.2, 0.8], 0.1, 0.9, deterrence)
    got = rivals.solve_appeasement(args[0], args[1], cost=0.1, arrival=0.9, deterrence=deterrence)
    assert got.value[0, -1, 0] == pytest.approx(enumerate_appeasement(*args), abs=1e-12)


def test_scarce_means_make_yielding_rational_and_plenty_does_not():
    scarce = rivals.solve_appeasement([0.3, 1.0], [0.0, 0.9], cost=0.05, arrival=1.0, deterrence=0.0)
    assert scarce.yields_first
    assert scarce.deterrence_needed is not None
    assert 0 < scarce.deterrence_needed < 1
    edge = scarce.deterrence_needed
    for effect, yields in ((edge - 1e-6, True), (edge + 1e-6, False)):
        again = rivals.solve_appeasement([0.3, 1.0], [0.0, 0.9], cost=0.05, arrival=1.0, deterrence=effect)
        assert again.yields_first is yields
    plenty = rivals.solve_appeasement([0.3, 1.0], [0.9, 0.9, 0.9], cost=0.05, arrival=1.0, deterrence=0.0)
    assert not plenty.yields_first
    assert plenty.deterrence_needed == 0.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: rivals.solve_appeasement([], [0.5], cost=0.1, arrival=0.5, deterrence=0.5),
        lambda: rivals.solve_appeasement([1], [0.5, 0.2], cost=0.1, arrival=0.5, deterrence=0.5),
        lambda: rivals.solve_separation(1, 0.5, aim=0.5, doubt=0.5, cost_total=0.1, cost_b=0.1),
        lambda: rivals.solve_separation(5, 1.0, aim=0.5, doubt=0.5, cost_total=0.1, cost_b=0.1),
    ],
)
def test_refuses_what_cannot_be(call):
    with pytest.raises(InputError):
        call()
