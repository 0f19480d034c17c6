"""The published one-sided sampler: its draws, its weights, its numbers."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import norm, truncnorm

from tripoint.dyad.ideal_points import IdealPointWarning, fit_ideal_points, published_votes
from tripoint.dyad.ideal_points.layout import build_layout
from tripoint.dyad.ideal_points.likelihood import log_phi_value, normal_table
from tripoint.dyad.ideal_points.published import (
    CUT_STEP,
    item_pass,
    lag_weights,
    log_choice,
    normal_above,
    normal_between,
)

DRAWS = 20_000
MOMENT_ERROR = 0.03  # four standard errors of a mean of so many draws


@pytest.mark.parametrize("a", [-4.0, -0.3, 0.3, 1.0, 6.0])
def test_normal_above_has_the_truncated_moments(a):
    rng = np.random.default_rng(0)
    x = np.array([normal_above(rng, a) for _ in range(DRAWS)])
    assert x.min() > a
    assert x.mean() == pytest.approx(truncnorm.mean(a, np.inf), abs=MOMENT_ERROR)
    assert x.std() == pytest.approx(truncnorm.std(a, np.inf), abs=MOMENT_ERROR)


@pytest.mark.parametrize(("a", "b"), [(-3.0, -2.0), (-8.0, -4.0), (-0.2, 0.1), (-1.0, 3.0), (2.0, 2.4), (1.0, 9.0)])
def test_normal_between_has_the_truncated_moments(a, b):
    rng = np.random.default_rng(0)
    x = np.array([normal_between(rng, a, b) for _ in range(DRAWS)])
    assert a < x.min() < x.max() < b
    assert x.mean() == pytest.approx(truncnorm.mean(a, b), abs=MOMENT_ERROR)
    assert x.std() == pytest.approx(truncnorm.std(a, b), abs=MOMENT_ERROR)


def test_log_choice_agrees_with_scipy():
    table = normal_table()
    for eta in (-3.0, 0.2, 4.0):
        p = [norm.cdf(-0.5 - eta), norm.cdf(0.4 - eta) - norm.cdf(-0.5 - eta), norm.sf(0.4 - eta)]
        assert [log_choice(y, eta, -0.5, 0.4, table) for y in (1, 2, 3)] == pytest.approx(np.log(p), abs=1e-6)
    assert log_phi_value(-12.0, table) == pytest.approx(norm.logcdf(-12.0), rel=1e-6)


def test_lags_and_weights_follow_the_votes():
    """State 0 votes 3, 1, 2 times in sessions 1, 2, 4; state 1 once, in session 4 only."""
    rows = [(0, 0, 3), (0, 1, 1), (0, 2, 2), (1, 2, 1)]
    votes = [(state, session, item) for state, session, n in rows for item in range(n)]
    state, session, item = np.array(votes).T
    choice = np.ones(len(votes), dtype=np.int8)
    layout = build_layout(state, session, item, choice, np.array([1, 2, 4]), collapse=False)
    lag, weight = lag_weights(layout, 0.5)
    assert lag.tolist() == [1, 0, 1, -1]
    assert 1 / weight == pytest.approx([0.5 * 3 / 4, 0.5 * 1 / 4, 0.5 * 2 / 3, 0.5])


def test_item_pass_settles_where_quadrature_says():
    """One item and known positions: cut points uniform, with the published factor for their gap."""
    theta = np.array([[-1.5], [-0.8], [-0.5], [0.4], [0.9], [1.2], [1.6], [2.0]])
    y = np.array([1, 1, 2, 1, 2, 3, 3, 3], dtype=np.int8)
    b, g1, g2 = np.meshgrid(np.linspace(-3, 5, 60), np.linspace(-7, 7, 130), np.linspace(-7, 7, 130), indexing="ij")
    log_density = -0.5 * b**2 + norm.logcdf((g2 - g1) / CUT_STEP)
    for position, choice in zip(theta[:, 0], y, strict=True):
        eta = b * position
        below, above = norm.cdf(g1 - eta), norm.sf(g2 - eta)
        p = below if choice == 1 else above if choice == 3 else 1 - below - above
        log_density += np.log(np.maximum(p, 1e-300))
    weight = np.where(g1 < g2, np.exp(log_density - log_density[g1 < g2].max()), 0.0)
    expected = [float((weight * x).sum() / weight.sum()) for x in (b, g1, g2)]

    rng, table = np.random.default_rng(4), normal_table()
    beta, cut = np.zeros((1, 1)), np.array([[-0.2, 0.2]])
    scratch = (np.empty(8), np.empty(8), np.empty(8))
    out = np.empty((150_000, 3))
    for k in range(len(out)):
        item_pass(rng, theta, beta, cut, np.array([0, 8]), np.arange(8, dtype=np.int32), y, table, *scratch)
        out[k] = beta[0, 0], *cut[0]
    assert out.mean(axis=0) == pytest.approx(expected, abs=0.12)  # the walk of step 1/15 mixes slowly


REDUCED_CORRELATION = 0.98  # of a short run on sessions 68-74; level and scale differ from the whole series
SESSION_CORRELATION = 0.985


def test_reduced_run_agrees_with_the_published_series(mirror):
    import polars as pl

    rolls = pl.read_csv(mirror / "un_votes" / "rollcalls_s01_s75.csv", infer_schema_length=10_000)
    votes = pl.read_parquet(mirror / "un_votes" / "votes_s01_s75_long.parquet").join(rolls, on="rcid")
    votes = votes.filter(
        published_votes(*(votes[c] for c in ("ccode", "session", "year", "vote", "para", "amend")))
    ).select(state="ccode", session="session", item="rcid", choice="vote")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdealPointWarning)
        points = fit_ideal_points(
            votes,
            prior="bsv",
            sessions=(68, 74),
            bridges=pl.read_csv(mirror / "ideal_points" / "Matches.csv"),
            warmup=100,
            draws=200,
        )
    table = pl.read_csv(
        mirror / "ideal_points" / "IdealpointestimatesAll_Apr2020.csv", encoding="latin1", infer_schema_length=20_000
    )
    known = {(s, t): v for s, t, v in table.select("ccode", "session", "IdealPoint").iter_rows()}
    published = np.array([known[(s, t)] for s, t in zip(points.states.tolist(), points.sessions.tolist(), strict=True)])
    assert np.corrcoef(points.mean[:, 0], published)[0, 1] > REDUCED_CORRELATION
    for session in range(70, 75):
        now = points.sessions == session
        assert np.corrcoef(points.mean[now, 0], published[now])[0, 1] > SESSION_CORRELATION
