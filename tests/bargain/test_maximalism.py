"""Maximalism: by hand on a small record."""

from __future__ import annotations

import pytest

from tripoint.bargain.maximalism import measure_maximalism
from tripoint.errors import InputError


def test_by_hand():
    got = measure_maximalism(
        [0, 10, 30, 40, 100],
        [0.9, 0.9, 0.5, 0.2, 0.6],
        [0.1, 0.2, 0.3, 0.25, 0.25],
        [0.4] * 5,
        expected_interval=([0.2] * 5, [0.7] * 5),
    )
    assert got.beyond_held == pytest.approx([0.8, 0.7, 0.2, 0.0, 0.35])
    assert got.beyond_expected == pytest.approx([0.5, 0.5, 0.1, 0.0, 0.2])
    assert got.score == pytest.approx([0.5, 0.5, 0.1, 0.0, 0.2])
    assert got.score_low == pytest.approx([0.2, 0.2, 0.0, 0.0, 0.0])
    assert got.score_high == pytest.approx([0.7, 0.7, 0.2, 0.0, 0.35])
    assert (got.unchanged, got.lowered, got.raised) == (0.25, 0.5, 0.25)
    assert got.time_above == pytest.approx(0.4)
    steps, moved = [0.0, -0.4, -0.3, 0.4], [0.1, 0.1, -0.05, 0.0]
    expected = sum(s * m for s, m in zip(steps, moved, strict=True)) / sum(m * m for m in moved)
    assert got.follows == pytest.approx(expected)


def test_a_demand_that_follows_the_front_has_slope_one():
    held = [0.1, 0.2, 0.15, 0.3]
    assert measure_maximalism(range(4), held, held, held).follows == pytest.approx(1.0)
    assert measure_maximalism(range(4), [0.9] * 4, held, held).follows == pytest.approx(0.0)


def test_one_statement_says_nothing_on_persistence():
    got = measure_maximalism([5], [0.5], [0.2], [0.3])
    assert got.unchanged is None
    assert got.time_above is None
    assert got.follows is None
    assert got.score == pytest.approx([0.2])


@pytest.mark.parametrize(
    ("days", "demand", "what"),
    [
        ([0, 1], [0.5], "1 values for 2 days"),
        ([1, 0], [0.5, 0.5], "ascend"),
        ([0, 1], [0.5, 1.5], "1.5 at statement 2"),
    ],
)
def test_refuses_what_cannot_be(days, demand, what):
    with pytest.raises(InputError, match=what):
        measure_maximalism(days, demand, [0.1, 0.1], [0.1, 0.1])
