"""The two stages and the intervals: signs, exactness, folds by pair, and coverage on data of known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from tripoint.dyad.relation.first_stage import CUTS, expected, fit_logit, fit_model, fold_of, settle
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.intervals import Errors, fit_errors
from tripoint.dyad.relation.second_stage import KEPT, fit_second, residuals
from tripoint.dyad.relation.trees import flatten

#: The learner adds leaves in its own order.
SUMMED = 1e-9
#: Slopes of a logit from 4,000 rows.
SLOPE = 0.15


def made(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 3)).astype(np.float32)
    latent = 1.2 * x[:, 0] - 0.8 * x[:, 1] + rng.logistic(size=rows)
    return x, np.searchsorted([-3.5, -2.5, -1.2, 1.2, 2.5, 3.5], latent) - 3.0


def test_a_fold_is_of_the_pair_alone() -> None:
    pairs = [("CHN", "RUS"), ("FRA", "USA"), ("IND", "PAK"), ("ISR", "SYR")]
    np.testing.assert_array_equal(fold_of(pairs)[::-1], fold_of(pairs[::-1]))


def test_the_logit_finds_known_slopes_within_the_signs() -> None:
    x, rung = made(4000)
    found = fit_logit(x, rung, np.ones(4000), np.array([1, -1, 1]))
    np.testing.assert_allclose(found.slope / found.spread, [1.2, -0.8, 0.0], rtol=0, atol=SLOPE)
    turned = fit_logit(x, rung, np.ones(4000), np.array([-1, 1, 1]))
    assert turned.slope[0] <= 0 <= turned.slope[1]
    above = found.above(x)
    assert (np.diff(above, axis=1) <= 0).all()
    assert np.isfinite(found.above(np.full((1, 3), np.nan))).all()


def test_plain_arrays_give_what_the_learner_gives() -> None:
    x, rung = made(1500, 1)
    x[::7, 2] = np.nan
    model = fit_model(x, rung, np.ones(1500), np.array([1, -1, 0]))
    np.testing.assert_allclose(flatten(model.trees).predict(x), model.trees.predict(x), rtol=0, atol=SUMMED)


def test_more_of_what_speaks_for_a_tie_never_lowers_the_first_stage() -> None:
    x, rung = made(1500, 2)
    model = fit_model(x, rung, np.ones(1500), np.array([1, -1, 0]))
    more = x.copy()
    more[:, 0] += 0.7
    assert (model.mean(more) >= model.mean(x) - SUMMED).all()
    more = x.copy()
    more[:, 1] += 0.7
    assert (model.mean(more) <= model.mean(x) + SUMMED).all()


def test_two_fits_are_the_same() -> None:
    x, rung = made(800, 3)
    one, other = (fit_model(x, rung, np.ones(800), np.array([1, -1, 0])).mean(x) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_residuals_are_averaged_carried_and_fade() -> None:
    rung = np.array([[np.nan, 1.0, 1.0, np.nan, np.nan]])
    found = residuals(rung, np.zeros((1, 5)))[0]
    np.testing.assert_allclose(found, [0, 1, 1, KEPT, KEPT**2], rtol=0, atol=SUMMED)


def test_the_second_stage_trusts_a_fresh_code_more_than_an_old_one() -> None:
    rng = np.random.default_rng(4)
    rung = rng.integers(-3, 4, 6000).astype(float)
    age = rng.choice([0, 20], 6000)
    told = np.where(rng.random(6000) < np.where(age == 0, 0.95, 0.5), rung, rng.integers(-3, 4, 6000))
    first = np.column_stack([rung * 0.3, rung * 0.3]) + rng.normal(0, 0.7, (6000, 2))
    second = fit_second(first, np.zeros(6000), told, age, rung, np.ones(6000))
    fresh, old = (
        expected(second.above(np.zeros((1, 2)), np.zeros(1), np.full(1, 2.0), np.full(1, a)))[0] for a in (0, 20)
    )
    assert fresh > old > 0


def test_cumulative_chances_fall() -> None:
    rng = np.random.default_rng(5)
    above = settle(rng.random((50, len(CUTS))))
    assert (np.diff(above, axis=1) <= 0).all()
    assert ((above > 0) & (above < 1)).all()


@pytest.mark.parametrize("seed", [6, 7])
def test_intervals_cover_what_they_say_on_new_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    latent = rng.uniform(-2, 2, 8000)
    rung = np.clip(np.rint(latent + rng.normal(0, 0.6, 8000)), -3, 3)
    told = np.where(rng.random(8000) < 0.9, rung, rung + 1)
    above = settle(ndtr((latent[:, None] - np.arange(-2.5, 3)) / 0.9))  # chances that are too wide: mass mends it
    age = rng.choice([0, 10, 99], 8000)
    errors = fit_errors(above[:4000], rung[:4000], told[:4000], age[:4000])
    low, high = errors.bounds(above[4000:], age[4000:])
    inside = (rung[4000:] >= low - 1e-9) & (rung[4000:] <= high + 1e-9)
    moved = rung[4000:] != told[4000:]
    assert inside.mean() >= 0.88
    assert inside[moved].mean() >= 0.85
    mean = expected(above[4000:])
    assert (low <= mean).all()
    assert (high >= mean).all()


def test_an_interval_is_never_narrower_than_a_rung_and_grows_with_doubt() -> None:
    def chances(*of_rung: float) -> np.ndarray:
        return 1 - np.cumsum(np.array(of_rung))[None, :-1]

    errors, age = Errors(np.full(6, 0.9)), np.zeros(1, int)
    for of_rung, want in (
        ((0, 0, 0, 0, 1, 0, 0), (0.5, 1.5)),  # sure: the rung from edge to edge
        ((0, 0, 0, 0.2, 0.8, 0, 0), (-0.25, 1.4375)),  # 5 % on each side are outside
        ((0, 0.2, 0, 0, 0.8, 0, 0), (-2.25, 1.4375)),
        ((0, 0, 0, 0, 0, 0, 1), (2.5, 3)),
    ):
        np.testing.assert_allclose(np.ravel(errors.bounds(chances(*of_rung), age)), want, rtol=0, atol=SUMMED)


def test_an_interval_says_the_same_of_a_mirrored_ladder() -> None:
    rng = np.random.default_rng(8)
    chance = rng.dirichlet(np.full(7, 0.4), 300)
    errors, age = Errors(np.full(6, 0.93)), np.zeros(300, int)
    low, high = errors.bounds(1 - np.cumsum(chance, axis=1)[:, :-1], age)
    mirrored_low, mirrored_high = errors.bounds(1 - np.cumsum(chance[:, ::-1], axis=1)[:, :-1], age)
    np.testing.assert_allclose(low, -mirrored_high, rtol=0, atol=1e-9)
    np.testing.assert_allclose(high, -mirrored_low, rtol=0, atol=1e-9)


def test_every_indicator_has_a_sign_a_unit_and_kinds_of_fact() -> None:
    from tripoint.record import KINDS

    for name, indicator in INDICATORS.items():
        assert indicator.name == name
        assert indicator.sign in (1, -1)
        assert "[" in indicator.meaning
        assert 0 < indicator.keep <= 1
        assert set(indicator.kinds) <= set(KINDS), name
