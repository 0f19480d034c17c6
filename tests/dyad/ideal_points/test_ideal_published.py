"""The published one-sided sampler: its draws, its weights, its numbers."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.special import log_ndtr, ndtr, ndtri
from scipy.stats import norm, truncnorm

from tripoint.dyad.ideal_points import IdealPointWarning, fit_ideal_points, published_votes
from tripoint.dyad.ideal_points.layout import build_layout
from tripoint.dyad.ideal_points.published import lag_weights, sort_votes, starting_cuts, starting_discriminations
from tripoint.dyad.ideal_points.published_steps import (
    CDF,
    CUT_STEP,
    LOGS,
    draw_utilities,
    interpolate,
    item_pass,
    log_between,
    probit_tables,
    quantile,
    share_between,
)

DRAWS = 40_000
MOMENT_ERROR = 0.025  # four standard errors of a mean of so many draws with unit variance, and some
TABLE_ERROR = 1e-6  # cubic Hermite with nodes 1/16 apart


def test_tables_agree_with_scipy():
    tables = probit_tables()
    x = np.linspace(-38.0, 9.9, 997)
    assert [interpolate(v, LOGS, tables) for v in x] == pytest.approx(log_ndtr(x), abs=TABLE_ERROR)
    assert [interpolate(v, CDF, tables) for v in x] == pytest.approx(ndtr(x), abs=TABLE_ERROR)
    v = np.concatenate(
        [10.0 ** -np.linspace(2, 200, 99), np.linspace(0.003, 0.997, 500), 1 - 10.0 ** -np.arange(3, 15)]
    )
    assert [quantile(share, tables) for share in v] == pytest.approx(ndtri(v), abs=TABLE_ERROR)
    assert [quantile(-share, tables) for share in v] == pytest.approx(-ndtri(v), abs=TABLE_ERROR)


@pytest.mark.parametrize(("lo", "hi"), [(-3.0, -2.0), (-0.2, 0.1), (-1.0, 3.0), (2.0, 2.4), (4.0, 5.0)])
def test_intervals_are_kept_in_both_tails(lo, hi):
    tables = probit_tables()
    width = norm.cdf(hi) - norm.cdf(lo) if lo < 0 else norm.sf(lo) - norm.sf(hi)
    assert log_between(lo, hi, tables) == pytest.approx(np.log(width), abs=1e-4)
    drawn = [quantile(share_between(u, lo, hi, tables), tables) for u in np.linspace(0.001, 0.999, 300)]
    assert lo - 1e-4 < min(drawn) < max(drawn) < hi + 1e-4
    assert np.mean(drawn) == pytest.approx(truncnorm.mean(lo, hi), abs=2e-3)


@pytest.mark.parametrize(
    ("b", "position", "g1", "g2"), [(1.0, 0.3, -0.2, 0.1), (1.5, -2.0, -0.5, 0.2), (2.0, 2.5, 0, 1)]
)
def test_utilities_have_the_truncated_moments(b, position, g1, g2):
    tables, rng = probit_tables(), np.random.default_rng(0)
    eta = b * position
    places, out = np.full(DRAWS, position), np.empty(DRAWS)
    for ends, lo, hi in (
        ((DRAWS, DRAWS), -np.inf, g1 - eta),
        ((0, DRAWS), g1 - eta, g2 - eta),
        ((0, 0), g2 - eta, np.inf),
    ):
        draw_utilities(rng, places, *ends, DRAWS, b, g1, g2, tables, out)
        assert out.mean() == pytest.approx(eta + truncnorm.mean(lo, hi), abs=MOMENT_ERROR)
        assert out.std() == pytest.approx(truncnorm.std(lo, hi), abs=MOMENT_ERROR)


def test_utilities_are_cut_as_published():
    """Expected at 12: cut to 9. A no nine deviations above what was expected: a double loses it, so 9."""
    tables, rng = probit_tables(), np.random.default_rng(0)
    places, out = np.full(50, 4.0), np.empty(50)
    draw_utilities(rng, places, 0, 0, 50, 3.0, 0.0, 1.0, tables, out)
    assert (out == 9.0).mean() > 0.9
    draw_utilities(rng, places, 50, 50, 50, -3.0, 0.0, 1.0, tables, out)
    assert (out == -9.0).mean() > 0.9
    draw_utilities(rng, places, 0, 0, 50, -2.0, 0.0, 1.0, tables, out)
    assert (out == 9.0).all()


def test_chains_start_where_the_published_one_did():
    """Four items: the United States says no, yes and no where Russia says yes, no and no, and does not vote on one."""
    votes = [("USA", 0, 3), ("RUS", 0, 1), ("USA", 1, 1), ("RUS", 1, 3), ("USA", 2, 3), ("RUS", 2, 3), ("RUS", 3, 2)]
    votes += [("FRA", item, 2) for item in range(4)]
    names = np.array(["FRA", "RUS", "USA"], dtype=object)
    state = np.array([names.tolist().index(s) for s, _, _ in votes])
    item, choice = np.array([i for _, i, _ in votes]), np.array([c for _, _, c in votes], dtype=np.int8)
    layout = build_layout(state, np.zeros(len(votes), dtype=int), item, choice, np.array([1]), collapse=False)
    assert starting_discriminations(layout, names).tolist() == [1, -1, 0, 0]
    ordered = sort_votes(layout)
    assert ordered.bounds.tolist() == [0, 1, 2, 3, 4, 5, 6, 6, 7, 9, 9, 11, 11]
    cuts = starting_cuts(ordered)
    assert cuts[0] == pytest.approx([-1 / 3, 1 / 3])
    assert cuts[3] == pytest.approx([-1, 1])


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

    rng, tables = np.random.default_rng(4), probit_tables()
    beta, cut = np.zeros((1, 1)), np.array([[-0.2, 0.2]])
    order = np.argsort(y, kind="stable").astype(np.int32)
    bounds = np.concatenate([[0], np.cumsum(np.bincount(y, minlength=4)[1:])])
    scratch = tuple(np.empty(8) for _ in range(4))
    out = np.empty((150_000, 3))
    for k in range(len(out)):
        item_pass(rng, theta, beta, cut, bounds, order, tables, *scratch)
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
