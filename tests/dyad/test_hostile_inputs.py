"""Measures of likeness on what cannot be: an error that says why, or one answer whatever the order, type and names."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.dyad.similarity import agreement, chance_corrected_s, s_score, scott_pi, tau_b, weighted_kappa
from tripoint.errors import TripointError

FORMULAS = (s_score, weighted_kappa, scott_pi, tau_b, agreement, chance_corrected_s)
SCALE = (0, 1, 2, 3)
#: Rounding of a sum in another order.
ROUNDING = 1e-12

votes = st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), min_size=3, max_size=40)


def value(formula: object, x: object, y: object) -> float | str:
    """The number, or the name of the error; anything else fails the test."""
    try:
        found = formula(x, y, levels=SCALE)  # type: ignore[operator]
    except TripointError as error:
        assert str(error)
        return type(error).__name__
    number = getattr(found, "value", found)
    return "none" if number is None or np.isnan(number) else float(number)


def same(first: float | str, second: float | str) -> bool:
    if isinstance(first, str) or isinstance(second, str):
        return first == second
    return abs(first - second) < ROUNDING


@pytest.mark.parametrize("formula", FORMULAS)
@given(pairs=votes, seed=st.integers(0, 99))
def test_order_type_and_names_change_nothing(formula: object, pairs: list[tuple[int, int]], seed: int) -> None:
    x, y = (np.array(side, float) for side in zip(*pairs, strict=True))
    first = value(formula, x, y)
    order = np.random.default_rng(seed).permutation(len(x))
    assert same(first, value(formula, x[order], y[order]))
    assert same(first, value(formula, y, x))
    for kind in (list, pd.Series, pl.Series):
        assert same(first, value(formula, kind(x), kind(y)))
    assert same(first, value(formula, x.astype(np.int8), y.astype(np.int64)))
    if isinstance(first, float):
        assert -1 - ROUNDING <= first <= 1 + ROUNDING


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([], []),
        ([1], [1]),
        ([np.nan] * 3, [1, 2, 3]),
        ([np.inf, 1, 2], [1, 2, 3]),
        ([-np.inf, 1, 2], [1, 2, 3]),
        ([1e308, 1, 2], [-1e308, 1, 2]),
        ([2**63 - 1, 1, 2], [1, 2, 3]),
        ([1, 2], [1, 2, 3]),
        ([[1, 2], [3, 0]], [[1, 2], [3, 0]]),
        (["a", "b"], ["a", "b"]),
        ([None, 1], [1, None]),
    ],
)
def test_what_cannot_be_is_an_error_or_no_number(formula: object, x: list[object], y: list[object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = value(formula, x, y)
    assert isinstance(found, str) or -1 <= found <= 1
