import numpy as np
import pytest

from tripoint.errors import InputError
from tripoint.numerics.resample import bootstrap_weights, holm, interval


def test_bootstrap_draws_whole_samples_and_repeats_with_its_seed() -> None:
    w = bootstrap_weights(7, 500, seed=3)
    assert (w.sum(axis=1) == 7).all()
    # Mean count 1, standard error sqrt((6/7) / 500) = .04.
    assert w.mean(axis=0) == pytest.approx(np.ones(7), abs=0.2)
    assert (w == bootstrap_weights(7, 500, seed=3)).all()
    assert (w != bootstrap_weights(7, 500, seed=4)).any()
    with pytest.raises(InputError):
        bootstrap_weights(0, 10, seed=0)


def test_interval_leaves_out_the_tails_and_the_undefined() -> None:
    draws = np.column_stack([np.arange(101.0), np.full(101, np.nan)])
    draws = np.vstack([draws, [np.nan, np.nan]])
    low, high = interval(draws, level=0.9)
    assert (low[0], high[0]) == pytest.approx((5.0, 95.0))
    assert np.isnan(low[1])
    assert np.isnan(high[1])
    with pytest.raises(InputError, match="level 1"):
        interval(draws, level=1)


def test_holm_by_hand() -> None:
    # Sorted .01, .02, .04 times 3, 2, 1 are .03, .04, .04.
    assert holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.5, 0.6]) == pytest.approx([1.0, 1.0])
    with pytest.raises(InputError):
        holm([1.2])


def test_units_of_a_group_are_drawn_together() -> None:
    weights = bootstrap_weights(5, 200, seed=1, groups=["a", "b", "a", "b", "b"])
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, 1] == weights[:, 4]).all()
    assert (weights[:, 0] + weights[:, 1] == 2).all(), "two draws of two groups"
    with pytest.raises(InputError, match="a group each"):
        bootstrap_weights(5, 10, seed=1, groups=["a"])
