"""Battles from areas held: hand counts, closed forms, and recovery of a known chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tripoint.bargain.battles import Battles, count_battles, fit_chance, fit_rate, posterior, step_areas
from tripoint.bargain.demands import AreaSeries
from tripoint.errors import InputError

# Quantiles of two implementations of the same distribution differ by rounding only.
EXACT = 1e-9


def series(days, area, origin="map"):
    return AreaSeries("UKR", origin, np.array(days, float), np.array(area, float), tuple(f"f{d}" for d in days))


def test_daily_areas_become_steps_of_a_battle_each():
    daily = series(range(0, 91), np.arange(91) * 2.0)
    got = step_areas([daily], days=30)
    assert got.start.tolist() == [0, 30, 60]
    assert got.end.tolist() == [30, 60, 90]
    assert got.change.tolist() == [60, 60, 60]


def test_values_far_apart_are_one_step_and_no_step_joins_two_producers():
    got = step_areas([series([0, 400], [100, 300]), series([500, 900], [0, 50], "other")], days=30)
    assert got.change.tolist() == [200, 50]
    assert got.weight.tolist() == [1, 1]


def test_producers_that_cover_the_same_days_share_the_weight():
    got = step_areas([series([0, 30], [0, 100]), series([0, 30], [0, 90], "other")], days=30)
    assert count_battles(got, still=25).won == pytest.approx(1.0)


def test_a_net_change_is_left_out_where_its_battles_are_known():
    months = series(range(0, 361, 30), np.arange(13) * 50.0)
    whole = series([0, 360], [0, 600], "yearly")
    assert len(step_areas([months, whole], days=30).change) == 12
    assert len(step_areas([series([0, 30], [0, 50]), whole], days=30).change) == 2


def test_small_changes_count_for_neither():
    got = count_battles(step_areas([series([0, 30, 60, 90], [0, 100, 110, 50])], days=30), still=25)
    assert (got.won, got.lost, got.still, got.steps) == (1, 1, 1, 3)


def test_runs_cut_the_count_and_alternation_does_not():
    run = np.cumsum([0, *[100] * 6, *[-100] * 6])
    flip = np.cumsum([0, *[100, -100] * 6])
    days = np.arange(13) * 30
    long, short = (count_battles(step_areas([series(days, a)], days=30)) for a in (run, flip))
    # signs +6 -6: autocorrelation 10/12 - 1/12 = 3/4, so that twelve count as twelve sevenths
    assert long.alike == pytest.approx(0.75)
    assert long.effective == pytest.approx(1 / 7)
    assert short.effective == 1.0


def test_the_posterior_is_beta():
    got = Battles(won=7, lost=2, still=1, steps=10, alike=0.2, effective=0.5)
    assert posterior(got) == (4.5, 2.0)
    chance = fit_chance(got)
    assert chance.mean == pytest.approx(4.5 / 6.5)
    assert (chance.low, chance.high) == pytest.approx(stats.beta(4.5, 2.0).ppf([0.05, 0.95]), abs=EXACT)
    wide = fit_chance(got, independent=True)
    assert (wide.low, wide.high) == pytest.approx(stats.beta(8, 3).ppf([0.05, 0.95]), abs=EXACT)


def test_swapping_the_sides_mirrors_the_chance():
    one = fit_chance(Battles(7, 2, 1, 10, 0.0, 1.0))
    other = fit_chance(Battles(2, 7, 1, 10, 0.0, 1.0))
    assert (one.mean, one.low, one.high) == pytest.approx((1 - other.mean, 1 - other.high, 1 - other.low))


def test_the_rate_of_equal_independent_steps_is_the_t_interval():
    months = 365.2425 / 12
    change = np.array([400.0, -100.0, 350.0, -200.0, 300.0, 50.0])
    steps = step_areas([series(np.arange(7) * months, np.cumsum([0, *change]))], days=30)
    got = fit_rate(steps)
    low, high = stats.t.interval(0.9, 5, loc=change.mean(), scale=change.std(ddof=1) / np.sqrt(6))
    assert got is not None
    assert (got.mean, got.low, got.high) == pytest.approx((change.mean(), low, high), abs=1e-6)


def test_values_published_as_the_same_do_not_pass_for_certainty():
    got = fit_rate(step_areas([series([0, 300, 600], [500, 500, 500])], days=30), still=25)
    assert got is not None
    assert got.mean == 0.0
    assert got.high - got.low > 1.0


def test_one_step_has_no_interval():
    assert fit_rate(step_areas([series([0, 40], [0, 10])], days=30)) is None


def test_a_known_chance_is_recovered():
    """Of 200 wars of 60 months at chance .6 about nine in ten intervals hold it (an exact binomial bound)."""
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(200):
        gains = np.where(rng.random(60) < 0.6, 100.0, -100.0)
        steps = step_areas([series(np.arange(61) * 30, np.cumsum([0, *gains]))], days=30)
        chance = fit_chance(count_battles(steps), independent=True)
        inside += chance.low <= 0.6 <= chance.high
    assert stats.binomtest(inside, 200, 0.9).pvalue > 0.001


@pytest.mark.parametrize(("days", "prior"), [(0, (1.0, 1.0)), (30, (0.0, 1.0))])
def test_impossible_settings_are_refused(days, prior):
    with pytest.raises(InputError):
        posterior(count_battles(step_areas([series([0, 40], [0, 100])], days=days)), prior=prior)
