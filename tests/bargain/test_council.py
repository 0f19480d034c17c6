"""Councils: the replicated rounds to the digits printed, quirks as options, the plain mean beside them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.bargain.council import (
    Actor,
    ChallengeOptions,
    baseline,
    condorcet,
    expected_gains,
    solve_challenge,
    weighted_median,
)
from tripoint.errors import ConvergenceError, InputError, UnknownNameError

SIX = 5.1e-7  # six printed digits
FOUR = 5.1e-5  # four printed digits
EIGHT = 5.1e-9  # eight printed digits

NAMES = ["NL", "BE", "LU", "DE", "FR", "IT", "UK", "IE", "DK", "GR"]
CAPABILITY = [0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08]
POSITION = [4, 7, 4, 4, 10, 10, 10, 7, 4, 7]
SALIENCE = [0.8, 0.4, 0.2, 0.8, 0.6, 0.6, 0.9, 0.1, 1.0, 0.7]
EMISSIONS = [Actor(*row) for row in zip(NAMES, CAPABILITY, POSITION, SALIENCE, strict=True)]


def test_rounds_of_the_replication():
    got = solve_challenge(EMISSIONS, rounds=5)
    assert got.medians == pytest.approx([7.0, 8.415932, 9.610859, 9.961980, 9.961980, 9.961980], abs=SIX)
    assert got.means == pytest.approx([7.389956, 7.461314, 7.552501, 7.590145, 7.358131, 7.349174], abs=SIX)
    assert got.positions[:, 1] == pytest.approx([7, 8.4159, 9.6109, 9.9620, 4.8009, 5.5242], abs=FOUR)
    assert got.converged_after is None
    assert got.median_rests_after == 3
    assert "still move" in got.convergence


def test_expected_gains_of_the_first_round():
    mine, theirs = expected_gains(EMISSIONS)
    assert mine[1, 4] == pytest.approx(-0.11483050, abs=EIGHT)
    assert theirs[1, 4] == pytest.approx(0.24329659, abs=EIGHT)


def test_weighted_mean_and_median_are_beside_every_result():
    plain = baseline(EMISSIONS)
    weight = np.array(CAPABILITY) * SALIENCE
    assert plain.mean == pytest.approx(weight @ POSITION / weight.sum())
    assert plain.median == 7.0
    assert solve_challenge(EMISSIONS, rounds=2).baseline == plain
    assert condorcet(EMISSIONS).baseline == plain


def plain_challenge(actors, options):
    """One round, written from the definitions with loops over actors and no shortcuts."""
    c = [a.capability for a in actors]
    x = [a.position for a in actors]
    s = [a.salience for a in actors]
    n, width = len(actors), max(x) - min(x)

    def votes(k, i, j, r):
        return c[k] * s[k] * ((abs(x[k] - x[j]) / width) ** r[k] - (abs(x[k] - x[i]) / width) ** r[k])

    def chance(i, j, r):
        if x[i] == x[j]:
            return 0.0
        pairs = [(i, j)] if options.votes == "pair" else [(a, b) for a in range(n) for b in range(n)]
        total = sum(abs(votes(k, a, b, r)) for k in range(n) for a, b in pairs)
        return sum(max(0.0, votes(k, i, j, r)) for k in range(n)) / total

    def gain(i, j, r, view):
        d = abs(x[i] - x[j]) / width
        up, down, stay = 2 - 4 * (0.5 - 0.5 * d) ** view, 2 - 4 * (0.5 + 0.5 * d) ** view, 2 - 4 * 0.5**view
        p = chance(i, j, r)
        return s[j] * (p * up + (1 - p) * down) + (1 - s[j]) * up - stay

    neutral = [1.0] * n
    risk = neutral
    if options.risk:
        danger = [sum(gain(j, i, neutral, 1.0) for j in range(n) if j != i) for i in range(n)]
        top, low = max(danger), min(danger)
        scaled = [(2 * d - top - low) / (top - low) for d in danger]
        risk = [(1 - v / 3) / (1 + v / 3) for v in scaled]
    moved = []
    for i in range(n):
        kinds = {"confrontation": [], "compromise": [], "capitulation": []}
        for j in range(n):
            if x[j] == x[i]:
                continue
            a = gain(i, j, risk, risk[i])
            b = gain(j, i, risk, risk[i] if options.viewpoint == "own" else risk[j])
            if b > a > 0:
                kinds["confrontation"].append((abs(x[j] - x[i]), x[j]))
            elif b > 0 > a and b > -a:
                to = x[i] + (x[j] - x[i]) * abs(a / b)
                odd = (abs(a) * x[i] + abs(b) * x[j]) / (abs(a) + abs(b))
                kinds["compromise"].append((odd if options.compromise == "authors" else abs(to - x[i]), to))
            elif b > 0 > a:
                kinds["capitulation"].append((abs(x[j] - x[i]), x[j]))
        offers = next((k for k in kinds.values() if k), [(0.0, x[i])])
        moved.append(min(offers, key=lambda o: o[0])[1])
    return moved


@pytest.mark.parametrize(
    "options",
    [
        ChallengeOptions(),
        ChallengeOptions(compromise="least-move"),
        ChallengeOptions(viewpoint="each"),
        ChallengeOptions(votes="pair"),
        ChallengeOptions(risk=False),
    ],
)
def test_a_round_against_plain_loops(options):
    rng = np.random.default_rng(3)
    councils = [EMISSIONS] + [
        [Actor(str(i), *row) for i, row in enumerate(rng.random((6, 3)).tolist())] for _ in range(10)
    ]
    for actors in councils:
        got = solve_challenge(actors, rounds=1, options=options).positions[1]
        assert got == pytest.approx(plain_challenge(actors, options), abs=1e-9)


def test_options_change_the_answer():
    plain = solve_challenge(EMISSIONS, rounds=5).positions
    for options in (
        ChallengeOptions(compromise="least-move"),
        ChallengeOptions(viewpoint="each"),
        ChallengeOptions(votes="pair"),
        ChallengeOptions(risk=False),
    ):
        assert not np.allclose(solve_challenge(EMISSIONS, rounds=5, options=options).positions, plain)
    actors = [Actor("x", 1, 0, 0.5), Actor("y", 2, 0.3, 0.7), Actor("z", 1, 1, 0.9), Actor("w", 0.2, 0.8, 0.9)]
    moving = solve_challenge(actors, rounds=5, options=ChallengeOptions(width="moving"))
    assert not np.allclose(moving.positions, solve_challenge(actors, rounds=5).positions)


actor_lists = st.lists(
    st.tuples(st.floats(0.01, 10), st.floats(-5, 5), st.floats(0.01, 1)), min_size=2, max_size=8
).filter(lambda rows: np.ptp([r[1] for r in rows]) > 1e-3)


@settings(max_examples=60, deadline=None)
@given(rows=actor_lists, scale=st.floats(0.1, 10), move=st.floats(-3, 3))
def test_positions_stay_in_range_and_scale_does_not_matter(rows, scale, move):
    actors = [Actor(str(i), *row) for i, row in enumerate(rows)]
    got = solve_challenge(actors, rounds=3)
    low, high = min(r[1] for r in rows), max(r[1] for r in rows)
    assert got.positions.min() >= low - 1e-9
    assert got.positions.max() <= high + 1e-9
    assert got.risk.min() >= 0.5 - 1e-9
    assert got.risk.max() <= 2.0 + 1e-9
    louder = [Actor(a.name, a.capability * scale, a.position, a.salience) for a in actors]
    assert solve_challenge(louder, rounds=1).positions == pytest.approx(got.positions[:2], abs=1e-6)
    vote = condorcet(actors)
    assert vote.election.conditional.sum() == pytest.approx(1.0)
    assert low - 1e-9 <= vote.means["uniform"] <= high + 1e-9
    moved = [Actor(a.name, a.capability, a.position + move, a.salience) for a in actors]
    if len(np.unique([a.position for a in moved])) == len(vote.options):
        assert condorcet(moved).means["incentive"] == pytest.approx(vote.means["incentive"] + move, abs=1e-5)


def test_two_even_actors_are_symmetric():
    pair = [Actor("left", 1, 0, 0.5), Actor("right", 1, 1, 0.5)]
    vote = condorcet(pair)
    assert vote.election.uniform == pytest.approx([0.5, 0.5])
    assert vote.means["conditional"] == pytest.approx(0.5)


def test_support_counts_votes_by_hand():
    actors = [Actor("a", 2, 0, 1), Actor("b", 1, 4, 0.5), Actor("c", 3, 10, 1)]
    vote = condorcet(actors)
    expected = np.zeros((3, 3))
    for i, one in enumerate(vote.options):
        for j, other in enumerate(vote.options):
            for a in actors:
                nearer = (abs(a.position - other) - abs(a.position - one)) / 10
                expected[i, j] += a.capability * a.salience * max(nearer, 0)
    assert vote.election.coalitions == pytest.approx(expected)
    whole = condorcet(actors, voting="binary").election.coalitions
    assert whole[0, 2] == pytest.approx(2.5)
    assert whole[2, 0] == pytest.approx(3.0)


def test_weighted_median():
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0])) == 2.0
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([9.0, 1.0, 1.0])) == 3.0


@pytest.mark.parametrize(
    ("actors", "what"),
    [
        ([EMISSIONS[0]], "at least two"),
        ([EMISSIONS[0], EMISSIONS[0]], "named 'NL'"),
        ([EMISSIONS[0], EMISSIONS[2]], "range is empty"),
        ([Actor("a", -1, 0, 0.5), Actor("b", 1, 1, 0.5)], "capability of a"),
        ([Actor("a", 1, 0, 1.5), Actor("b", 1, 1, 0.5)], "salience of a"),
        ([Actor("a", 1, float("nan"), 0.5), Actor("b", 1, 1, 0.5)], "position of a"),
        ([Actor("a", 0, 0, 0.5), Actor("b", 1, 1, 0)], "no actor has any weight"),
    ],
)
def test_refuses_councils_that_cannot_be(actors, what):
    for solve in (solve_challenge, condorcet):
        with pytest.raises(InputError, match=what):
            solve(actors)


def test_refuses_options_and_work():
    with pytest.raises(UnknownNameError, match="did you mean 'authors'"):
        ChallengeOptions(compromise="author")
    with pytest.raises(UnknownNameError, match="binary"):
        condorcet(EMISSIONS, voting="binry")
    with pytest.raises(InputError, match="steps"):
        solve_challenge(EMISSIONS, rounds=10**9)
    with pytest.raises(ConvergenceError, match="still move"):
        solve_challenge(EMISSIONS, rounds=5, must_converge=True)
