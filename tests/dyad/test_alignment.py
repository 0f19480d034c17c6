"""Alignment: the model against the Kalman smoother and simulation, the measure on the shipped evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tripoint.dyad.alignment import Alignment, correlations, fit_alignment, shipped_parameters, source_sensitivity
from tripoint.dyad.alignment_model import FARTHEST, Parameters, draw_paths, smooth_paths, standardize
from tripoint.dyad.alignment_steps import estimate
from tripoint.dyad.indicators import INDICATORS, build_indicators
from tripoint.dyad.pair_years import PairYears, canonical
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.query import Evidence
from tripoint.numerics.kalman import StateSpace, kalman_smooth
from tripoint.pipeline import load_source, open_evidence

#: Two exact solutions of the same linear system.
EXACT = 1e-9
#: Sums of contributions against the value that they make up.
ADDS_UP = 1e-9


def model(k: int = 3) -> Parameters:
    return Parameters(
        indicators=tuple("abc"[:k]),
        shift=np.zeros(k),
        spread=np.ones(k),
        intercept=np.array([0.3, -0.2, 0.5])[:k],
        loading=np.array([1.0, -0.7, 0.4])[:k],
        contact=np.array([0.0, 0.5, 0.8])[:k],
        persistence=np.array([0.9, 0.5, 0.7])[:k],
        lasting_var=np.array([0.5, 0.3, 1.0])[:k],
        noise_var=np.array([0.2, 0.1, 0.4])[:k],
        step_var=0.05,
        tail=np.inf,
        center=0.0,
        scale=1.5,
    )


def test_the_posterior_is_the_kalman_smoothers() -> None:
    rng = np.random.default_rng(0)
    parameters, p, t, k = model(), 4, 12, 3
    y = rng.normal(size=(p, t, k))
    y[rng.random(y.shape) < 0.3] = np.nan
    active = np.ones((p, t), bool)
    active[1, :4], y[1, :4] = False, np.nan
    known = np.zeros((p, t, k))
    known[:, :, 0] = rng.random((p, t))
    ours = smooth_paths(y, active, known, parameters)
    total = 0.0
    for d in range(p):
        first = int(active[d].argmax())
        own = parameters.lasting_var * (1 - parameters.persistence**2)
        space = StateSpace(
            design=np.column_stack([parameters.loading, np.eye(k), parameters.contact]),
            error_cov=np.stack([np.diag(parameters.noise_var + known[d, s]) for s in range(first, t)]),
            transition=np.diag([1.0, *parameters.persistence, 1.0]),
            state_cov=np.diag([parameters.step_var, *own, 0.0]),
            initial_mean=np.zeros(k + 2),
            initial_cov=np.diag([1.0, *parameters.lasting_var, 1.0]),
        )
        theirs = kalman_smooth(y[d, first:] - parameters.intercept, space)
        np.testing.assert_allclose(ours.mean[d, first:t], theirs.mean[:, 0], atol=EXACT)
        np.testing.assert_allclose(np.diagonal(ours.cov[d])[first:t], theirs.cov[:, 0, 0], atol=EXACT)
        np.testing.assert_allclose(ours.mean[d, t], theirs.mean[-1, -1], atol=EXACT)
        total += theirs.loglik
    assert ours.loglik.sum() == pytest.approx(total, abs=1e-7)
    np.testing.assert_allclose(ours.contributions.sum(axis=2), ours.mean, atol=EXACT)


def simulated(parameters: Parameters, p: int, t: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    k = len(parameters.indicators)
    a = rng.normal(size=(p, 1)) + np.cumsum(np.sqrt(parameters.step_var) * rng.normal(size=(p, t)), axis=1)
    x = rng.normal(size=(p, 1))
    e = np.sqrt(parameters.lasting_var) * rng.normal(size=(p, k))
    y = np.empty((p, t, k))
    shock = np.sqrt(parameters.lasting_var * (1 - parameters.persistence**2))
    for s in range(t):
        noise = np.sqrt(parameters.noise_var) * rng.normal(size=(p, k))
        y[:, s] = parameters.intercept + parameters.loading * a[:, [s]] + parameters.contact * x + e + noise
        e = parameters.persistence * e + shock * rng.normal(size=(p, k))
    y[rng.random((p, t, k)) < 0.1] = np.nan
    return a, y


def test_intervals_cover_simulated_truth() -> None:
    parameters = model()
    a, y = simulated(parameters, 150, 30, 1)
    paths = smooth_paths(y, np.ones(y.shape[:2], bool), np.zeros(y.shape), parameters)
    z = (a - paths.mean[:, :-1]) / np.sqrt(np.diagonal(paths.cov, axis1=1, axis2=2)[:, :-1])
    covered = float((np.abs(z) < 1.645).mean())
    assert 0.87 < covered < 0.93


def test_estimation_climbs_and_finds_the_signs_and_sizes() -> None:
    truth = model()
    _, y = simulated(truth, 150, 25, 2)
    begin = replace(
        truth,
        intercept=np.zeros(3),
        loading=np.array([0.5, -0.5, 0.5]),
        contact=np.array([0.0, 0.3, 0.3]),
        persistence=np.full(3, 0.8),
        lasting_var=np.full(3, 0.4),
        noise_var=np.full(3, 0.3),
        step_var=0.1,
    )
    shape = y.shape
    fitted, trace = estimate(y, np.ones(shape[:2], bool), np.zeros(shape), begin, max_iterations=20)
    assert (np.diff(trace) > -1e-6).all()
    assert fitted.contact[0] == 0
    np.testing.assert_allclose(fitted.loading, truth.loading, atol=0.25)  # 150 simulated pairs
    np.testing.assert_allclose(correlations(fitted), correlations(truth), atol=0.12)


def test_draws_have_the_posteriors_moments() -> None:
    parameters = model()
    _, y = simulated(parameters, 2, 8, 3)
    paths = smooth_paths(y, np.ones(y.shape[:2], bool), np.zeros(y.shape), parameters)
    mean, cov = paths.mean[:, :8], paths.cov[:, :8, :8]
    draws = draw_paths(mean, cov, 20_000, 0)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.03)
    np.testing.assert_allclose(np.cov(draws[:, 0].T), cov[0], atol=0.03)


def test_an_indicator_far_off_says_no_more_than_the_farthest() -> None:
    far = standardize(np.array([[[50.0, -50.0, 1.0]]]), model())
    assert far.tolist() == [[[FARTHEST, -FARTHEST, 1.0]]]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def fit(evidence: Evidence) -> Alignment:
    return fit_alignment(evidence, ["RUS", "CHN", "USA", "IND", "JPN"], start=1990)


def test_shapes_bounds_and_contributions_add_up(fit: Alignment) -> None:
    p, t, k = 10, fit.years.size, len(fit.indicators)
    assert fit.mean.shape == fit.sd.shape == fit.low.shape == fit.high.shape == (p, t)
    assert fit.contributions.shape == fit.observed.shape == (p, t, k)
    assert ((fit.low < fit.mean) & (fit.mean < fit.high)).all()
    assert (np.abs(fit.low) <= 1).all()
    assert (np.abs(fit.high) <= 1).all()
    np.testing.assert_allclose(fit.contributions.sum(axis=2) + fit.baseline, fit.mean, atol=ADDS_UP)
    moved = fit.change("CHN", "RUS", 2000, 2020)
    r = fit.row("RUS", "CHN")
    assert sum(moved.values()) == pytest.approx(
        fit.mean[r, fit.column(2020)] - fit.mean[r, fit.column(2000)], abs=ADDS_UP
    )


def test_shipped_evidence_orders_the_main_pairs(fit: Alignment) -> None:
    now = {pair: fit.mean[fit.row(*pair), fit.column(2025)] for pair in fit.pairs}
    assert min(now["CHN", "RUS"], now["IND", "USA"]) > 0.8 > 0 > now["CHN", "IND"] > now["CHN", "USA"]
    assert now["JPN", "USA"] > now["JPN", "RUS"]


def test_names_and_order_of_states_do_not_matter(evidence: Evidence, fit: Alignment) -> None:
    other = fit_alignment(evidence, ["Japan", "India", "USA", "China", "Soviet Union"], start=1990)
    assert other.pairs == fit.pairs
    np.testing.assert_array_equal(other.mean, fit.mean)
    alone = fit_alignment(evidence, ["CHN", "RUS"], start=1990)
    np.testing.assert_allclose(alone.mean[0], fit.mean[fit.row("RUS", "CHN")], atol=EXACT)


def test_years_beyond_the_evidence_keep_the_mean_and_widen(evidence: Evidence) -> None:
    fit = fit_alignment(evidence, ["USA", "CHN"], end=2040)
    assert fit.sd[0, -1] > fit.sd[0, fit.column(2025)]
    assert (fit.high - fit.low)[0, -1] > (fit.high - fit.low)[0, fit.column(2025)]


def test_years_say_whether_anything_was_seen_in_them(evidence: Evidence) -> None:
    fit = fit_alignment(evidence, ["POL", "UKR"], start=1985, end=2032)
    basis, seen = fit.basis()[0], np.isfinite(fit.observed[0]).any(axis=1)
    ever = np.flatnonzero(seen)
    assert (basis[seen] == "seen").all()
    assert (basis[ever[-1] + 1 :] == "extrapolated").all()
    assert basis[-1] == "extrapolated"
    between = ~seen & (np.arange(seen.size) > ever[0]) & (np.arange(seen.size) < ever[-1])
    assert (basis[between] == "smoothed").all()
    assert fit.frame().filter(year=2032)["basis"].to_list() == ["extrapolated"]
    young = fit_alignment(evidence, ["KAZ", "UZB"], start=1985, end=2000)
    assert young.basis()[0, young.column(1988)] == ""


def test_an_exercise_of_many_counts_little_for_each_pair(evidence: Evidence) -> None:
    cells = PairYears(evidence, canonical(["RUS", "CHN", "ARM", "AZE"]), 2022, 2022)
    counted = cells.counted("joint exercise", ["starter"])
    shared = cells.counted("joint exercise", ["starter"], shared=True)
    crowd, two = cells.pairs.index(("ARM", "AZE")), cells.pairs.index(("CHN", "RUS"))
    title = evidence.sql(
        "SELECT count(*) AS n FROM (SELECT DISTINCT unnest([state_a, state_b]) FROM events WHERE "
        "kind = 'joint exercise' AND locator LIKE 'e-ex-2022-vostok/%')"
    )
    assert counted[crowd, 0] == 1
    assert shared[crowd, 0] == pytest.approx(1 / (title["n"][0] - 1))
    assert shared[two, 0] < counted[two, 0]
    assert shared[two, 0] > shared[crowd, 0]


def test_draws_on_the_scale(fit: Alignment) -> None:
    draws = fit.draws(2000, seed=1)
    assert draws.shape == (2000, *fit.mean.shape)
    assert (np.abs(draws) <= 1).all()
    np.testing.assert_allclose(draws.mean(axis=0), fit.mean, atol=0.06)  # 2,000 draws: 4 standard errors
    np.testing.assert_allclose(draws.std(axis=0), fit.sd, atol=0.06)


def test_before_a_state_exists_there_is_no_alignment(evidence: Evidence) -> None:
    fit = fit_alignment(evidence, ["UKR", "RUS", "KAZ"], start=1985, end=1995)
    assert np.isnan(fit.mean[fit.row("KAZ", "RUS"), : fit.column(1991)]).all()
    assert np.isfinite(fit.mean[fit.row("KAZ", "RUS"), fit.column(1993)])
    assert fit.frame().filter(year=1988, state_a="KAZ").is_empty()


def test_leaving_the_only_source_out_leaves_nothing_but_the_prior(evidence: Evidence) -> None:
    moved = source_sensitivity(evidence, ["RUS", "CHN"], start=2000, end=2020)
    assert list(moved) == ["starter"]
    assert np.abs(moved["starter"]).max() > 0.3


def test_a_model_of_fewer_indicators_and_unknown_names(evidence: Evidence) -> None:
    few = fit_alignment(evidence, ["RUS", "CHN"], start=2000, end=2010, indicators=["votes", "exercises"])
    assert few.indicators == ("votes", "exercises")
    with pytest.raises(UnknownNameError, match="did you mean 'exercises'"):
        fit_alignment(evidence, ["RUS", "CHN"], indicators=["exercise"])
    with pytest.raises(UnknownNameError, match="did you mean 'starter'"):
        fit_alignment(evidence, ["RUS", "CHN"], without=["starters"])
    with pytest.raises(InputError, match="named twice"):
        fit_alignment(evidence, ["RUS", "Soviet Union"])
    with pytest.raises(InputError, match="two states"):
        fit_alignment(evidence, ["RUS"])
    with pytest.raises(InputError, match="1946"):
        fit_alignment(evidence, ["RUS", "CHN"], start=1900)


def test_refit_on_too_little_says_what_to_do(evidence: Evidence) -> None:
    with pytest.raises(InputError, match="refit=False"):
        fit_alignment(evidence, ["RUS", "CHN"], start=2020, refit=True)


def test_refit_estimates_on_the_pairs_given(evidence: Evidence) -> None:
    names = ["RUS", "CHN", "USA", "IND", "JPN", "GBR", "FRA", "DEU", "POL", "UKR"]
    own = fit_alignment(evidence, names, start=1992, refit=True, indicators=["votes", "pact", "rivalry", "exercises"])
    assert set(own.indicators) <= {"votes", "pact", "rivalry", "exercises"}
    signs = np.array([INDICATORS[n].sign for n in own.indicators])
    assert (own.loadings * signs >= 0).all()
    assert own.parameters.step_var != shipped_parameters().step_var


def test_shipped_parameters_have_the_signs_of_the_indicators() -> None:
    parameters = shipped_parameters()
    for name, loading, contact in zip(parameters.indicators, parameters.loading, parameters.contact, strict=True):
        assert loading * INDICATORS[name].sign >= 0
        assert contact >= 0
        assert contact == 0 or INDICATORS[name].contact


def test_indicators_are_missing_where_nothing_covers_them(evidence: Evidence) -> None:
    cells = PairYears(evidence, canonical(["USA", "JPN", "RUS"]), 1950, 2025)
    values = build_indicators(cells)
    names = list(INDICATORS)
    rivalry = values[cells.pairs.index(("JPN", "USA")), :, names.index("rivalry")]
    years = dict(zip(cells.years.tolist(), rivalry, strict=True))
    assert years[2000] == 0.0
    assert np.isnan(years[1960])
    assert np.isnan(years[2024])


def test_the_sino_soviet_split_with_pacts_disputes_and_rivalry(mirror: Path, tmp_path: Path) -> None:
    for name in ("atop", "cow-mid", "tss-rivalries", "peace-scale"):
        load_source(name, tmp_path, mirror=str(mirror))
    fit = fit_alignment(open_evidence(tmp_path), ["RUS", "CHN", "USA", "GBR"], end=2010)
    split = fit.mean[fit.row("RUS", "CHN")]
    assert split[fit.column(1955)] > split[fit.column(1968)] + 0.3
    assert split[fit.column(2005)] > split[fit.column(1968)] + 0.3
    assert fit.mean[fit.row("USA", "GBR")].min() > max(0.0, split[fit.column(1968)])


def test_expected_indicators_follow_the_model(fit: Alignment) -> None:
    parameters, i = fit.parameters, fit.indicators.index("disputes")
    r, t = fit.row("CHN", "USA"), fit.column(2010)
    level = parameters.intercept[i] + parameters.loading[i] * fit.latent[r, t] + parameters.contact[i] * fit.contact[r]
    assert fit.expected("disputes")[r, t] == pytest.approx(parameters.shift[i] + parameters.spread[i] * level)
    assert fit.expected("disputes")[r, t] > fit.expected("disputes")[fit.row("JPN", "USA"), t]
    with pytest.raises(UnknownNameError, match="disputes"):
        fit.expected("dispute")
