"""The probabilistic Condorcet election: three published vectors, algebra, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tripoint.bargain.election import elect
from tripoint.errors import InputError

FOUR = 5.1e-5  # four printed digits
COALITIONS = np.array([[0, 12.099, 54.921], [10.333, 0, 27.079], [5.007, 55.047, 0]])


def test_published_vectors():
    got = elect(COALITIONS)
    assert [got.beats[0, 1], got.beats[0, 2], got.beats[1, 2]] == pytest.approx([0.5782, 0.9918, 0.1948], abs=FOUR)
    assert got.uniform == pytest.approx([0.6351, 0.2148, 0.1501], abs=FOUR)
    assert got.incentive == pytest.approx([0.5094, 0.2796, 0.2110], abs=FOUR)
    assert got.conditional == pytest.approx([0.8659, 0.1241, 0.0100], abs=FOUR)
    assert got.residual < 1e-12


matrices = st.integers(2, 6).flatmap(lambda n: arrays(np.float64, (n, n), elements=st.floats(0.01, 10)))


@given(coalitions=matrices, exponent=st.floats(0.5, 4))
def test_distributions_solve_their_own_equations(coalitions, exponent):
    got = elect(coalitions, exponent=exponent)
    n = len(coalitions)
    v = got.beats
    assert v + v.T == pytest.approx(np.ones((n, n)))
    for p in (got.conditional, got.uniform, got.incentive):
        assert p.sum() == pytest.approx(1.0)
        assert (p >= 0).all()
    product = np.array([np.prod([v[i, j] for j in range(n) if j != i]) for i in range(n)])
    assert got.conditional == pytest.approx(product / product.sum(), abs=1e-9)
    again = [sum(v[i, j] * (got.uniform[i] + got.uniform[j]) for j in range(n)) / n for i in range(n)]
    assert got.uniform == pytest.approx(again, abs=1e-9)
    drive = coalitions * v
    np.fill_diagonal(drive, 0.0)
    ch = drive / drive.sum(axis=0)
    p = got.incentive
    q = [sum(v[i, j] * (p[i] * ch[j, i] + p[j] * ch[i, j]) for j in range(n) if j != i) for i in range(n)]
    assert p == pytest.approx(q, abs=1e-8)


@given(coalitions=matrices, data=st.data())
def test_order_of_options_does_not_matter(coalitions, data):
    order = data.draw(st.permutations(range(len(coalitions))))
    got, swapped = elect(coalitions), elect(coalitions[np.ix_(order, order)])
    assert swapped.uniform == pytest.approx(got.uniform[order], abs=1e-9)
    assert swapped.incentive == pytest.approx(got.incentive[order], abs=1e-9)


def test_an_option_that_nobody_opposes_wins():
    got = elect([[0, 3, 3], [0, 0, 1], [0, 1, 0]])
    for p in (got.conditional, got.uniform, got.incentive):
        assert p == pytest.approx([1, 0, 0], abs=1e-9)


def test_a_circle_of_sure_wins_has_no_conditional_winner():
    got = elect([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    assert np.isnan(got.conditional).all()
    assert got.uniform == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("matrix", "exponent", "what"),
    [([[0, 1]], 2, "square"), ([[0, -1], [1, 0]], 2, r"\[0, 1\]"), ([[0, 1], [1, 0]], 0, "exponent")],
)
def test_refuses_what_cannot_be(matrix, exponent, what):
    with pytest.raises(InputError, match=what):
        elect(matrix, exponent=exponent)
