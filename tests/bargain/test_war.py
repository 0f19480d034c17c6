"""War as learning: the published region of war, exactness against brute force and simulation, and properties."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.bargain.walk import expected_battles, win_probability
from tripoint.bargain.war import Schedule, simulate_wars, solve_war
from tripoint.errors import InputError, UnknownNameError

EXACT = 1e-10  # the same sums in another order
CLOSED = 1e-8  # exact program over 200 battles against the closed form

OPTIMISTS = {"prior_a": (6, 4), "prior_b": (4, 6)}


def test_with_total_cost_of_forty_percent_war_is_possible_in_the_middle_only():
    """The published case: total cost of fighting to the finish .40, whatever the position."""
    fights = []
    for n in range(1, 10):
        battles = expected_battles(n, 10, prior=(6, 4)), expected_battles(n, 10, prior=(4, 6))
        war = solve_war(n, 10, cost_a=0.2 / battles[0], cost_b=0.2 / battles[1], **OPTIMISTS)
        fights.append(not war.settles_at_once)
    assert [n for n, fight in enumerate(fights, start=1) if fight] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(("n", "N", "prior"), [(5, 10, (6, 4)), (3, 10, (6, 4)), (20, 40, (60, 55))])
def test_value_of_fighting_on_is_the_closed_form(n, N, prior):
    """The learning identity, by the exact program."""
    war = solve_war(n, N, prior_a=prior, prior_b=prior, cost_a=0.001, cost_b=0.002)
    win, battles = win_probability(n, N, prior=prior), expected_battles(n, N, prior=prior)
    assert war.value_a[0, 0] == pytest.approx(win - 0.001 * battles, abs=CLOSED)
    assert war.value_b[0, 0] == pytest.approx(1 - win - 0.002 * battles, abs=CLOSED)
    assert war.value_a[7, 3] == pytest.approx(
        win_probability(n - 1, N, prior=(prior[0] + 3, prior[1] + 4))
        - 0.001 * expected_battles(n - 1, N, prior=(prior[0] + 3, prior[1] + 4)),
        abs=CLOSED,
    )


def test_with_a_common_prior_sides_settle_at_once():
    war = solve_war(4, 10, prior_a=(5, 3), prior_b=(5, 3), cost_a=0.01, cost_b=0.01)
    assert war.settles_at_once
    assert war.mean_battles == 0.0
    low, high = war.bargaining_range
    assert low < war.mean_share < high


def brute_force(n, N, pa, pb, ka, kb, da, db, split, T, foresight, last):
    """Values by plain recursion over (n, wins, losses), written from the definition."""

    @cache
    def state(w, lo):
        held = n + w - lo
        if held == N:
            return 1.0, 0.0, None
        if held == 0:
            return 0.0, 1.0, None
        if w + lo == T:
            va, vb = last(held, w, lo)
        else:
            ea, eb = (pa[0] + w) / (sum(pa) + w + lo), (pb[0] + w) / (sum(pb) + w + lo)
            up, down = state(w + 1, lo), state(w, lo + 1)

            def got(next_state, side):
                if foresight == "settlement" and next_state[2] is not None:
                    return next_state[2] if side == 0 else 1 - next_state[2]
                return next_state[side]

            va = da * (ea * got(up, 0) + (1 - ea) * got(down, 0)) - ka
            vb = db * (eb * got(up, 1) + (1 - eb) * got(down, 1)) - kb
        ra, rb = max(va, 0), max(vb, 0)
        return va, vb, (ra + split * (1 - ra - rb) if ra + rb <= 1 else None)

    return state


@pytest.mark.parametrize("foresight", ["finish", "settlement"])
def test_every_state_against_plain_recursion(foresight):
    n, N, T = 3, 7, 12
    pa, pb, ka, kb, da, db, split = (5.0, 4.0), (3.0, 5.5), 0.01, 0.02, 0.97, 0.99, 0.3
    war = solve_war(
        n, N, prior_a=pa, prior_b=pb, cost_a=ka, cost_b=kb, discount_a=da, discount_b=db, split=split, horizon=T,
        foresight=foresight,
    )  # fmt: skip

    def last(held, w, lo):
        return war.value_a[T, w], war.value_b[T, w]

    state = brute_force(n, N, pa, pb, ka, kb, da, db, split, T, foresight, last)
    checked = 0
    for t in range(T + 1):
        for w in range(t + 1):
            if 0 < n + 2 * w - t < N:
                va, vb, share = state(w, t - w)
                assert war.value_a[t, w] == pytest.approx(va, abs=EXACT)
                assert war.value_b[t, w] == pytest.approx(vb, abs=EXACT)
                assert (war.kind[t, w] == 2) == (share is not None)
                if share is not None:
                    assert war.share[t, w] == pytest.approx(share, abs=EXACT)
                checked += 1
    assert checked > 30


def test_distributions_against_every_sequence_of_battles():
    """Forward recursion against all 2^12 sequences under a known chance."""
    n, N, T, p = 3, 6, 12, 0.55
    war = solve_war(n, N, prior_a=(8, 5), prior_b=(4, 7), cost_a=0.004, cost_b=0.004, horizon=T, truth=p)
    ends = np.zeros((T + 1, 4))
    for code in range(2**T):
        w, chance = 0, 1.0
        for t in range(T + 1):
            held = n + 2 * w - t
            end = 1 if held == N else 2 if held == 0 else 0 if war.kind[t, w] == 2 else 3 if t == T else None
            if end is not None:
                # a sequence that ends early stands for all its continuations: count its own share once
                ends[t, end] += chance / 2 ** (T - t)
                break
            won = code >> t & 1
            chance *= p if won else 1 - p
            w += won
    assert war.ends == pytest.approx(ends, abs=EXACT)
    assert war.ends.sum() == pytest.approx(1.0, abs=EXACT)


@pytest.mark.parametrize("truth", [0.52, (5.0, 5.0)])
def test_simulation_agrees_with_the_exact_distributions(truth):
    war = solve_war(4, 10, cost_a=0.005, cost_b=0.005, truth=truth, **OPTIMISTS)
    wars = simulate_wars(war, 200_000, seed=7)
    error = 4 / math.sqrt(200_000)  # four standard errors of a share
    for code, name in enumerate(("settled", "a_wins", "b_wins", "undecided")):
        assert (wars.end == code).mean() == pytest.approx(war.chances[name], abs=error)
    assert wars.battles.mean() == pytest.approx(war.mean_battles, abs=error * wars.battles.std())
    assert wars.share.mean() == pytest.approx(war.mean_share, abs=error)
    assert 0 < war.chances["settled"] < 1
    again = simulate_wars(war, 1000, seed=7)
    assert np.array_equal(again.battles, simulate_wars(war, 1000, seed=7).battles)


def test_fighting_to_the_finish_has_the_length_of_the_walk():
    war = solve_war(
        3, 10, prior_a=(6, 4), prior_b=(6, 4), cost_a=0.0, cost_b=0.0, split=None, horizon=2000, truth=(6, 4)
    )
    assert war.chances["settled"] == 0.0
    assert war.chances["a_wins"] == pytest.approx(win_probability(3, 10, prior=(6, 4)), abs=1e-6)
    assert war.mean_battles == pytest.approx(expected_battles(3, 10, prior=(6, 4)), rel=1e-4)
    assert war.mean_cost("a") == 0.0


prior = st.tuples(st.floats(0.5, 40), st.floats(0.5, 40))
cost = st.floats(0.0, 0.05)


@settings(max_examples=60, deadline=None)
@given(N=st.integers(2, 14), pa=prior, pb=prior, ka=cost, kb=cost, split=st.floats(0, 1), data=st.data())
def test_values_are_bounded_settlements_in_range_and_sides_symmetric(N, pa, pb, ka, kb, split, data):
    n = data.draw(st.integers(1, N - 1))
    foresight = data.draw(st.sampled_from(["finish", "settlement"]))
    given_a = {"prior_a": pa, "prior_b": pb, "cost_a": ka, "cost_b": kb, "split": split}
    war = solve_war(n, N, horizon=60, foresight=foresight, **given_a)
    assert war.value_a.max() <= 1 + EXACT
    assert war.value_b.max() <= 1 + EXACT
    settled = war.kind == 2
    low = np.maximum(war.value_a, 0)
    high = 1 - np.maximum(war.value_b, 0)
    assert (war.share[settled] >= low[settled] - 1e-9).all()
    assert (war.share[settled] <= high[settled] + 1e-9).all()
    fighting = war.kind == 1
    assert (war.value_a + war.value_b)[fighting].min(initial=2.0) > 1.0
    assert sum(war.chances.values()) == pytest.approx(1.0, abs=EXACT)
    assert 0.0 <= war.mean_share <= 1.0 + EXACT
    mirror = solve_war(
        N - n, N, prior_a=pb[::-1], prior_b=pa[::-1], cost_a=kb, cost_b=ka, split=1 - split, horizon=60,
        foresight=foresight,
    )  # fmt: skip
    assert mirror.value_a[0, 0] == pytest.approx(war.value_b[0, 0], abs=1e-9)
    # Right at the edge of the range, rounding decides; away from it the two must agree.
    if np.abs(war.value_a + war.value_b - 1)[fighting | settled].min(initial=1.0) > 1e-7:
        assert mirror.mean_battles == pytest.approx(war.mean_battles, abs=1e-7)
        assert mirror.mean_share == pytest.approx(1 - war.mean_share, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(pa=prior, pb=prior, k=st.floats(0.001, 0.03), more=st.floats(0.001, 0.03))
def test_dearer_war_is_worth_less_and_power_is_worth_more(pa, pb, k, more):
    war = solve_war(4, 9, prior_a=pa, prior_b=pb, cost_a=k, cost_b=k, horizon=60)
    dear = solve_war(4, 9, prior_a=pa, prior_b=pb, cost_a=k + more, cost_b=k, horizon=60)
    inside = war.kind > 0
    assert (dear.value_a <= war.value_a + EXACT)[inside].all()
    strong = solve_war(5, 9, prior_a=pa, prior_b=pb, cost_a=0.0, cost_b=k, horizon=60)
    weak = solve_war(4, 9, prior_a=pa, prior_b=pb, cost_a=0.0, cost_b=k, horizon=60)
    assert strong.value_a[0, 0] >= weak.value_a[0, 0] - EXACT


def test_no_learning_leaves_beliefs_alone():
    war = solve_war(5, 10, cost_a=0.001, cost_b=0.001, news_a=0.0, news_b=0.0, horizon=50, **OPTIMISTS)
    beliefs = war.beliefs("a")
    assert np.nanmin(beliefs) == np.nanmax(beliefs) == pytest.approx(0.6)
    learned = solve_war(5, 10, cost_a=0.001, cost_b=0.001, horizon=50, **OPTIMISTS).beliefs("a")
    assert learned[10, 9] == pytest.approx(15 / 20)


def test_an_offer_is_taken_where_it_beats_fighting_and_not_otherwise():
    T = 100
    plain = solve_war(5, 10, cost_a=0.01, cost_b=0.01, horizon=T, **OPTIMISTS)
    need = plain.value_a[0, 0]
    assert not plain.settles_at_once
    for offer, taken in ((need + 0.01, True), (need - 0.01, False)):
        plan = Schedule(offer_b=np.full(T + 1, offer))
        war = solve_war(5, 10, cost_a=0.01, cost_b=0.01, horizon=T, schedule=plan, **OPTIMISTS)
        assert war.settles_at_once is taken
        if taken:
            assert war.share[0, 0] == pytest.approx(offer)


def test_pressure_that_is_not_foreseen_is_paid_but_changes_no_value():
    T = 100
    extra = np.full(T + 1, 0.02)
    base = solve_war(5, 10, cost_a=0.01, cost_b=0.01, horizon=T, **OPTIMISTS)
    blind = solve_war(
        5, 10, cost_a=0.01, cost_b=0.01, horizon=T, schedule=Schedule(extra_cost_a=extra, foreseen_a=0.0), **OPTIMISTS
    )
    assert blind.value_a == pytest.approx(base.value_a, abs=EXACT)
    assert blind.mean_cost("a") == pytest.approx(3 * base.mean_cost("a"))
    seen = solve_war(5, 10, cost_a=0.01, cost_b=0.01, horizon=T, schedule=Schedule(extra_cost_a=extra), **OPTIMISTS)
    assert seen.value_a[0, 0] < base.value_a[0, 0]


def test_known_shift_of_power_moves_the_odds():
    T = 60
    plan = Schedule(shift=np.full(T + 1, -0.5))
    war = solve_war(
        4,
        8,
        prior_a=(4e7, 4e7),
        prior_b=(4e7, 4e7),
        cost_a=0,
        cost_b=0,
        truth=0.5,
        split=None,
        horizon=T,
        schedule=plan,
    )
    moved = 1 / (1 + math.exp(0.5))
    assert war.value_a[0, 0] == pytest.approx(win_probability(4, 8, moved), abs=1e-6)
    assert war.chances["a_wins"] == pytest.approx(win_probability(4, 8, moved), abs=1e-3)  # mass left at the horizon
    assert any("shift" in line for line in war.assumptions)


def test_terms_and_duration_are_distributions():
    war = solve_war(5, 10, cost_a=0.003, cost_b=0.003, **OPTIMISTS)
    values, weights = war.terms()
    assert (np.diff(values) >= 0).all()
    assert weights.sum() == pytest.approx(1 - war.chances["undecided"], abs=EXACT)
    assert war.duration.sum() == pytest.approx(1.0, abs=EXACT)
    assert war.mean_share == pytest.approx(values @ weights, abs=1e-6)
    assert "exact" in war.convergence


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"cost_a": -0.1}, "-0.1"),
        ({"discount_a": 1.2}, "1.2"),
        ({"split": 2.0}, "2.0"),
        ({"horizon": 10_000}, "states"),
        ({"horizon": 0}, "0"),
        ({"prior_a": (0, 1)}, "0"),
        ({"prior_a": 3}, "two numbers"),
        ({"truth": 1.2}, "1.2"),
        ({"n": 10}, "over before"),
        ({"schedule": Schedule(shift=np.zeros(3))}, "shape"),
        ({"schedule": Schedule(offer_a=np.full(201, 1.5))}, "offer"),
        ({"schedule": Schedule(extra_cost_a=np.full(201, -0.5))}, "cost of a battle"),
        ({"schedule": Schedule(boost_a=np.full(201, -0.5))}, "boost"),
    ],
)
def test_refuses_what_cannot_be(change, what):
    call = {"n": 5, "N": 10, "cost_a": 0.01, "cost_b": 0.01, **OPTIMISTS, **change}
    with pytest.raises(InputError, match=what):
        solve_war(**call)


def test_suggests_a_foresight():
    with pytest.raises(UnknownNameError, match="did you mean 'settlement'"):
        solve_war(5, 10, cost_a=0.01, cost_b=0.01, foresight="settlemnt", **OPTIMISTS)


def test_estimates_a_simulation_before_it_starts():
    war = solve_war(5, 10, cost_a=0.01, cost_b=0.01, **OPTIMISTS)
    with pytest.raises(InputError, match="at most"):
        simulate_wars(war, 10**9, seed=1)
