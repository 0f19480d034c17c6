"""Strain: what ties run into, forecasts that know no later data, and how they are scored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tripoint.errors import CoverageError
from tripoint.pipeline import open_evidence
from tripoint.triad.strain.arrays import runs_out
from tripoint.triad.strain.forecast import (
    area_under_curve,
    calibration,
    draw_calibration,
    fit_logistic,
    forecast_strain,
)
from tripoint.triad.strain.panel import FEATURES, HORIZON, StrainPanel, build_strain_panel, find_hollowed

#: The quasi-Newton method ends where the gradient is below 1e-8, or the loss stands still to 14 digits.
CONVERGED = 1e-5
ROUNDING = 1e-12


def test_the_panel_says_which_sources_it_needs(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match="tripoint load atop"):
        build_strain_panel(open_evidence(tmp_path))


def made_up(*, signal: float, seed: int = 0) -> StrainPanel:
    """Pairs whose ties end with a probability that depends on the first feature alone."""
    rng = np.random.default_rng(seed)
    pairs, years = 120, np.arange(1930, 2014)
    pair = np.repeat(np.arange(pairs), years.size)
    features = rng.normal(size=(pair.size, len(FEATURES)))
    chance = 1 / (1 + np.exp(-(-2.0 + signal * features[:, 0])))
    ended = rng.random(pair.size) < chance
    return StrainPanel(
        states=tuple(f"S{i:03d}" for i in range(pairs + 1)),
        pair=np.stack([np.zeros_like(pair), pair + 1], axis=1),
        year=np.tile(years, pairs),
        features=features,
        ended=ended,
        hollowed=np.zeros_like(ended),
        onset=np.zeros_like(ended),
        resolved=np.ones_like(ended),
        compared=np.ones_like(ended),
        bilateral=np.ones_like(ended),
    )


def test_a_true_signal_is_found_and_noise_is_not() -> None:
    with_signal = {s.model: s for s in forecast_strain(made_up(signal=1.5), draws=20).scores}
    assert with_signal["strain"].skill > 0.1
    assert with_signal["strain"].auc_low > 0.7
    noise = {s.model: s for s in forecast_strain(made_up(signal=0.0), draws=20).scores}
    assert noise["strain"].auc_low < 0.5 < noise["strain"].auc_high + 0.02
    assert noise["strain"].skill < 0.01
    assert noise["base rate"].auc == 0.5


def test_forecasts_do_not_know_what_came_later() -> None:
    panel = made_up(signal=1.5)
    whole = forecast_strain(panel, start=1960, end=1980, draws=5)
    later = panel.year > 1980 - HORIZON
    changed = replace(panel, ended=np.where(later, ~panel.ended, panel.ended))
    other = forecast_strain(changed, start=1960, end=1980, draws=5)
    np.testing.assert_allclose(whole.probability["strain"], other.probability["strain"], rtol=0, atol=ROUNDING)
    leveled = "votes, level of the times"
    np.testing.assert_allclose(whole.probability[leveled], other.probability[leveled], rtol=0, atol=1e-9)


def test_the_level_follows_the_times_and_the_order_stays() -> None:
    panel = made_up(signal=1.5)
    rng = np.random.default_rng(7)
    rarer = np.where(panel.year >= 1970, panel.ended & (rng.random(panel.year.size) < 0.2), panel.ended)
    scores = {s.model: s for s in forecast_strain(replace(panel, ended=rarer), start=1985, end=2005, draws=5).scores}
    assert scores["base rate"].ratio > 1.5
    assert scores["rate of the last years"].ratio == pytest.approx(1, abs=0.15)
    assert scores["rate of the last years"].log_loss < scores["base rate"].log_loss
    assert scores["votes, level of the times"].ratio == pytest.approx(1, abs=0.15)
    flat = forecast_strain(panel, start=1985, end=1985, draws=5)
    votes, leveled = (flat.probability[m] for m in ("votes", "votes, level of the times"))
    assert (np.argsort(votes, kind="stable") == np.argsort(leveled, kind="stable")).all()


def test_logistic_regression_solves_its_equations() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(400, 3)) * [1, 10, 0.1] + [5, 0, 0]
    y = rng.random(400) < 1 / (1 + np.exp(-(x[:, 0] - 5)))
    fitted = fit_logistic(x, y, ridge=4.0)
    z, p = (x - fitted.center) / fitted.spread, fitted.predict(x)
    np.testing.assert_allclose(z.T @ (y - p), 4.0 * fitted.coefficients, rtol=0, atol=400 * CONVERGED)
    assert p.mean() == pytest.approx(y.mean(), abs=CONVERGED)


def test_signs_are_kept() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(500, 3))
    y = rng.random(500) < 1 / (1 + np.exp(-(x[:, 0] - x[:, 1])))
    free = fit_logistic(x, y).coefficients
    assert free[0] > 0 > free[1]
    kept = fit_logistic(x, y, signs=[-1, -1, 0]).coefficients
    assert kept[0] == 0
    assert kept[1] < 0


def test_a_term_that_runs_out_and_one_that_renews_itself() -> None:
    start, years = date(1950, 7, 1), np.arange(1950, 1972)
    first = runs_out(start, 120, False, years)
    assert first[:10] == pytest.approx(1960.5)
    assert first[-1] == pytest.approx(1980.5)
    assert np.isinf(runs_out(start, 120, True, years)).all()
    assert np.isinf(runs_out(start, None, False, years)).all()


def test_a_tie_hollows_when_votes_move_apart() -> None:
    """Three states, ten years: 0 and 1 move apart in the sixth year, beyond what all pairs did."""
    votes = np.full((3, 3, 10), np.nan, dtype=np.float32)
    for (i, j), path in {(0, 1): [0.1] * 5 + [0.6] * 5, (0, 2): [0.3] * 10, (1, 2): [0.4] * 10}.items():
        votes[i, j] = votes[j, i] = path
    hollowed, compared = find_hollowed(votes, np.array([0, 0, 0]), np.array([1, 2, 1]), np.array([2, 2, 6]))
    assert hollowed.tolist() == [True, False, False]
    assert compared.all()


def test_logistic_regression_stands_perfect_separation_and_constant_columns() -> None:
    x = np.column_stack([np.linspace(-50, 50, 60), np.ones(60)])
    fitted = fit_logistic(x, x[:, 0] > 0)
    assert np.isfinite(fitted.coefficients).all()
    assert area_under_curve(fitted.predict(x), x[:, 0] > 0) == 1.0


def test_the_area_is_that_of_counting_pairs_within_groups() -> None:
    rng = np.random.default_rng(4)
    p, y, g = rng.integers(0, 6, 80) / 6, rng.random(80) < 0.4, rng.integers(0, 4, 80)
    won = total = 0.0
    for i in np.flatnonzero(y):
        for j in np.flatnonzero(~y):
            if g[i] == g[j]:
                total += 1
                won += 1.0 if p[i] > p[j] else 0.5 if p[i] == p[j] else 0.0
    assert area_under_curve(p, y, strata=g) == pytest.approx(won / total, abs=ROUNDING)
    assert np.isnan(area_under_curve(p, np.zeros(80, dtype=bool)))


def test_calibration_bins_cover_everything_once() -> None:
    p = np.linspace(0, 1, 101)
    table = calibration(p, p > 0.5, np.arange(101))
    assert table[:, 4].sum() == 101
    assert (np.diff(table[:, 0]) > 0).all()
    assert (table[:, 2] <= table[:, 1]).all()
    assert (table[:, 1] <= table[:, 3]).all()
    together = calibration(p, p > 0.5, np.zeros(101, dtype=int))
    assert (together[:, 2] == together[:, 1]).all()  # one pair: nothing to resample


def test_calibration_is_drawn_with_its_words() -> None:
    figure = draw_calibration(forecast_strain(made_up(signal=1.5), draws=20), "Strain", "made up")
    assert figure.table.height == 10
    assert " of 10 tenths" in figure.alt
