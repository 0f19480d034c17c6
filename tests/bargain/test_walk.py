"""The random walk: published numbers, linear algebra, the learning identity, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.bargain.walk import disagreement, expected_battles, finish, win_probability
from tripoint.errors import InputError

SIX = 5e-7  # six printed digits
FOUR = 5e-5  # four printed digits
SOLVED = 1e-8  # rounding of the linear solve it is compared with
IDENTITY = 1e-9  # trapezoid rule against the exact urn program


@pytest.mark.parametrize(
    ("n", "N", "p", "win", "battles"),
    [(5, 10, 0.6, 0.883636, 19.1818), (3, 10, 0.55, 0.522536, 22.2536), (10, 20, 0.52, 0.690066, 95.0329)],
)
def test_published_chances_and_lengths(n, N, p, win, battles):
    assert win_probability(n, N, p) == pytest.approx(win, abs=SIX)
    assert expected_battles(n, N, p) == pytest.approx(battles, abs=FOUR)


@pytest.mark.parametrize(
    ("n", "N", "a", "b", "win", "battles"),
    [(5, 10, 1, 1, 0.5, 12.1943), (5, 10, 6, 4, 0.720498, 16.5108), (3, 10, 6, 4, 0.613642, 16.4636)],
)
def test_published_numbers_with_a_belief(n, N, a, b, win, battles):
    assert win_probability(n, N, prior=(a, b)) == pytest.approx(win, abs=SIX)
    assert expected_battles(n, N, prior=(a, b)) == pytest.approx(battles, abs=FOUR)


def test_published_disagreement():
    expected = [0.2713, 0.3728, 0.4165, 0.4355, 0.4410, 0.4355, 0.4165, 0.3728, 0.2713]
    got = disagreement(10, (6, 4), (4, 6))
    assert got == pytest.approx(expected, abs=FOUR)
    assert [n for n in range(1, 10) if got[n - 1] > 0.40] == [3, 4, 5, 6, 7]


def solve_walk(N, p, discount=1.0):
    """Chance of winning and discounted battles by a linear solve."""
    system = np.eye(N - 1)
    for i in range(N - 1):
        if i + 1 < N - 1:
            system[i, i + 1] -= discount * p
        if i > 0:
            system[i, i - 1] -= discount * (1 - p)
    top = np.zeros(N - 1)
    top[-1] = discount * p
    return np.linalg.solve(system, top), np.linalg.solve(system, np.ones(N - 1))


@given(N=st.integers(2, 30), p=st.floats(0.05, 0.95), data=st.data())
def test_matches_a_linear_solve(N, p, data):
    n = data.draw(st.integers(1, N - 1))
    win, battles = solve_walk(N, p)
    assert win_probability(n, N, p) == pytest.approx(win[n - 1], abs=SOLVED)
    assert expected_battles(n, N, p) == pytest.approx(battles[n - 1], rel=SOLVED)


def test_close_to_even_it_does_not_lose_digits():
    for gap in (0.0, 1e-12, 1e-9, 1e-7, 1e-6):
        win, battles = solve_walk(40, 0.5 + gap)
        assert expected_battles(3, 40, 0.5 + gap) == pytest.approx(battles[2], rel=1e-8)  # loss of digits either way
        assert win_probability(3, 40, 0.5 + gap) == pytest.approx(win[2], rel=1e-9)


def urn(n, N, a, b, steps):
    """Chance of winning by the urn: each battle adds one to a or to b. Exact up to the mass still undecided."""
    now = {n: {0: 1.0}}
    won = 0.0
    for t in range(steps):
        after: dict[int, dict[int, float]] = {}
        for held, wins in now.items():
            for w, mass in wins.items():
                up = (a + w) / (a + b + t)
                for to, ww, m in ((held + 1, w + 1, mass * up), (held - 1, w, mass * (1 - up))):
                    if to == N:
                        won += m
                    elif to > 0:
                        after.setdefault(to, {}).setdefault(ww, 0.0)
                        after[to][ww] += m
        now = after
    return won, sum(sum(x.values()) for x in now.values())


@pytest.mark.parametrize(("n", "N", "a", "b"), [(2, 6, 3.0, 2.0), (3, 5, 0.7, 1.9), (1, 4, 12.0, 15.0)])
def test_learning_leaves_the_chance_of_winning_unchanged(n, N, a, b):
    won, left = urn(n, N, a, b, 600)
    assert won <= win_probability(n, N, prior=(a, b)) + IDENTITY
    assert win_probability(n, N, prior=(a, b)) <= won + left + IDENTITY
    assert left < 1e-4


@settings(max_examples=40)
@given(N=st.integers(2, 30), a=st.floats(0.3, 300), b=st.floats(0.3, 300), data=st.data())
def test_swapping_sides_swaps_chances(N, a, b, data):
    n = data.draw(st.integers(0, N))
    assert win_probability(n, N, prior=(a, b)) == pytest.approx(1 - win_probability(N - n, N, prior=(b, a)), abs=1e-10)
    assert expected_battles(n, N, prior=(a, b)) == pytest.approx(expected_battles(N - n, N, prior=(b, a)), rel=1e-8)


@given(N=st.integers(2, 60), p=st.floats(0.0, 1.0), q=st.floats(0.0, 1.0), data=st.data())
def test_chances_are_bounded_and_rise_with_power_and_position(N, p, q, data):
    n = data.draw(st.integers(0, N - 1))
    low, high = sorted((p, q))
    assert 0.0 <= win_probability(n, N, low) <= win_probability(n, N, high) + 1e-12 <= 1.0 + 1e-12
    assert win_probability(n, N, p) <= win_probability(n + 1, N, p) + 1e-12
    assert expected_battles(n, N, p) >= 0.0


def test_a_sharp_belief_is_a_known_chance():
    sharp = win_probability(3, 10, prior=(5500.0, 4500.0))
    assert sharp == pytest.approx(win_probability(3, 10, 0.55), abs=1e-3)  # curvature over a spread of .005


@pytest.mark.parametrize("discount", [0.9, 0.99])
def test_discounted_walk_matches_a_linear_solve(discount):
    N, p = 9, 0.6
    win, battles = solve_walk(N, p, discount)
    lose = solve_walk(N, 1 - p, discount)[0][::-1]
    sharp = 4e8  # a belief so sharp that it is a known chance
    n = np.arange(1.0, N)
    got = finish(n, N, np.full(N - 1, p * sharp), np.full(N - 1, (1 - p) * sharp), discount=discount)
    assert got.win == pytest.approx(win, abs=1e-7)
    assert got.lose == pytest.approx(lose, abs=1e-7)
    assert got.battles == pytest.approx(battles, rel=1e-6)


def test_sure_battles():
    assert (win_probability(3, 10, 1.0), expected_battles(3, 10, 1.0)) == (1.0, 7.0)
    assert (win_probability(3, 10, 0.0), expected_battles(3, 10, 0.0)) == (0.0, 3.0)
    assert (win_probability(10, 10, 0.0), expected_battles(10, 10, 0.0)) == (1.0, 0.0)
    assert (win_probability(0, 10, 1.0), expected_battles(0, 10, 0.3)) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: win_probability(5, 10, 1.5), "1.5"),
        (lambda: win_probability(11, 10, 0.5), "11"),
        (lambda: win_probability(5, 10), "either p"),
        (lambda: win_probability(5, 10, 0.5, prior=(1, 1)), "either p"),
        (lambda: win_probability(5, 10, prior=(1, -2)), "-2"),
        (lambda: win_probability(2.5, 10, 0.5), "2.5"),
        (lambda: win_probability(400, 1000, prior=(0.001, 0.001)), "nodes"),
    ],
)
def test_refuses_what_cannot_be(call, what):
    with pytest.raises(InputError, match=what):
        call()
