"""Whole fits: simulated truth, intervals, bridges, direction, two dimensions, questions, bad input."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from tripoint.dyad.ideal_points import (
    DimensionWarning,
    IdentificationWarning,
    NotConvergedWarning,
    distance,
    fit_ideal_points,
    position_columns,
    probability_closer,
    shift,
    unit_index,
)
from tripoint.errors import CoverageError, InputError, UnknownNameError

RECOVERY = 0.95  # correlation with the truth; 0.97 is typical of this size
COVERAGE = (0.85, 0.95)  # of nominal .90 intervals over 768 positions that share items, so far from independent


def simulate(seed, *, states=24, sessions=8, items=25, step=0.3, dimensions=1, bridge=0.2):
    """Draw positions, items and votes from the model; truth is standardized as estimates are."""
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal((states, 1, dimensions)) + np.concatenate(
        [np.zeros((states, 1, dimensions)), step * rng.standard_normal((states, sessions - 1, dimensions)).cumsum(1)], 1
    )
    theta -= theta.mean((0, 1))
    theta /= np.sqrt(np.mean(theta**2))
    shared = int(bridge * items)
    rows, pairs, beta, cuts = [], [], None, None
    for t in range(sessions):
        middle, half = rng.normal(0, 0.8, items), rng.uniform(0.1, 0.5, items)
        new_beta, new_cuts = rng.standard_normal((items, dimensions)), np.column_stack([middle - half, middle + half])
        if beta is not None:
            new_beta[:shared], new_cuts[:shared] = beta[:shared], cuts[:shared]
            pairs += [((t - 1) * items + j, t * items + j) for j in range(shared)]
        beta, cuts = new_beta, new_cuts
        z = theta[:, t] @ beta.T + rng.standard_normal((states, items))
        y = 1 + (z > cuts[:, 0]) + (z > cuts[:, 1])
        i, j = np.indices(y.shape)
        rows.append(np.column_stack([i.ravel(), np.full(y.size, t + 1), t * items + j.ravel(), y.ravel()]))
    table = np.concatenate(rows)
    votes = dict(zip(("state", "session", "item", "choice"), table.T, strict=True))
    top = np.argsort(theta[:, :, 0].mean(1))[-3:].tolist()
    return SimpleNamespace(votes=votes, pairs=pairs, theta=theta, top=top)


def fit(sim, **settings):
    defaults = {"bridges": sim.pairs, "positive": sim.top, "warmup": 250, "draws": 500, "seed": 1}
    return fit_ideal_points(sim.votes, **(defaults | settings))


def truth_of(sim, points):
    return sim.theta[points.states.astype(int), points.sessions - 1]


@pytest.fixture(scope="module")
def sim():
    return simulate(11)


@pytest.fixture(scope="module")
def points(sim):
    return fit(sim)


def test_positions_are_recovered_and_standardized(sim, points):
    assert np.corrcoef(points.mean[:, 0], truth_of(sim, points)[:, 0])[0, 1] > RECOVERY
    assert points.draws.mean(axis=1) == pytest.approx(np.zeros((len(points.draws), 1)), abs=1e-5)
    assert points.draws.std(axis=1) == pytest.approx(np.ones((len(points.draws), 1)), abs=1e-5)
    assert points.convergence.converged
    assert points.warnings == ()


def test_result_reports_how_it_was_made(sim, points):
    assert points.votes_used + sum(points.set_aside.values()) == len(sim.votes["choice"])
    assert points.votes.sum() == points.votes_used
    assert points.parameters["draws"] == 500
    assert points.identification.anchors == tuple(sorted(sim.top))
    assert points.identification.bridges[0] == 0
    assert (points.identification.bridges[1:] >= 3).all()
    assert points.quantiles.shape == (*points.mean.shape, 5)
    assert (np.diff(points.quantiles, axis=-1) > 0).all()
    assert points.fit.called_overall > 0.65
    assert not points.fit.doubtful.any()


def test_intervals_hold_the_truth_as_often_as_they_say():
    inside = []
    for seed in range(4):
        sim = simulate(100 + seed)
        points = fit(sim, warmup=150, draws=350)
        truth = truth_of(sim, points)[:, 0]
        inside.append((truth >= points.quantiles[:, 0, 0]) & (truth <= points.quantiles[:, 0, 4]))
    assert COVERAGE[0] < np.mean(inside) < COVERAGE[1]


def test_same_seed_same_result(sim, points):
    again = fit(sim)
    assert np.array_equal(again.draws, points.draws)
    assert again.votes_sha256 == points.votes_sha256
    assert fit(sim, sessions=(1, 7)).votes_sha256 != points.votes_sha256


def test_columns_make_a_frame_of_one_row_a_position(points):
    import polars as pl

    frame = pl.DataFrame(position_columns(points))
    assert frame.height == points.mean.size
    row = frame.filter((pl.col("state") == 3) & (pl.col("session") == 4)).row(0, named=True)
    at = unit_index(points, 3, 4)
    assert (row["mean"], row["q05"], row["q95"]) == (points.mean[at, 0], *points.quantiles[at, 0, [0, 4]])
    assert row["dimension"] == 1


def test_polars_frame_and_year_column_are_accepted(sim, points):
    import polars as pl

    frame = pl.DataFrame(sim.votes).rename({"session": "year"})
    assert np.array_equal(fit(sim).mean, fit_ideal_points(
        frame, bridges=pl.DataFrame({"rcid1": [p[0] for p in sim.pairs], "rcid2": [p[1] for p in sim.pairs]}),
        positive=sim.top, warmup=250, draws=500, seed=1,
    ).mean)  # fmt: skip


def test_bridges_join_items_and_tie_sessions(sim, points):
    loose = fit(sim, bridges=None)
    assert len(loose.items.item) == len(points.items.item) + len(
        set(np.asarray(sim.pairs)[:, 1]) & set(loose.items.item.tolist())
    )
    assert (loose.identification.bridges == 0).all()

    def drift_sd(result):
        means = np.array([result.draws[:, result.sessions == t, 0].mean(axis=1) for t in (1, 8)])
        return (means[1] - means[0]).std()

    assert drift_sd(points) < drift_sd(loose)


def test_direction_follows_the_states_named(sim, points):
    turned = fit(sim, positive=[int(np.argmin(sim.theta[:, :, 0].mean(1)))])
    assert np.corrcoef(turned.mean[:, 0], points.mean[:, 0])[0, 1] < -0.99
    assert turned.items.discrimination[:, 0] == pytest.approx(-points.items.discrimination[:, 0], abs=0.2)


def test_default_direction_is_western(sim):
    names = np.array([f"S{i:02d}" for i in range(24)], dtype=object)
    order = np.argsort(-sim.theta[:, :, 0].mean(1))
    names[order[:4]] = ["USA", "GBR", "CAN", "ISR"]
    votes = sim.votes | {"state": names[sim.votes["state"]]}
    points = fit_ideal_points(votes, bridges=sim.pairs, warmup=250, draws=500)
    assert set(points.identification.anchors) == {"USA", "GBR", "CAN", "ISR"}
    assert points.mean[np.isin(points.states, ["USA", "GBR"]), 0].mean() > 0.5


def test_unknown_direction_is_warned_of(sim):
    with pytest.warns(IdentificationWarning, match="direction is arbitrary"):
        result = fit(sim, positive=["NOBODY"])
    assert not result.identification.direction_known
    assert "direction is arbitrary" in result.warnings[-1]


def test_second_dimension_is_recovered_up_to_orientation():
    sim = simulate(5, states=40, sessions=3, items=60, dimensions=2)
    points = fit(sim, dimensions=2, draws=400)
    truth = truth_of(sim, points)
    coefficients, *_ = np.linalg.lstsq(points.mean, truth, rcond=None)
    fitted = points.mean @ coefficients
    assert 1 - np.sum((truth - fitted) ** 2) / np.sum(truth**2) > 0.85
    assert coefficients.T @ coefficients == pytest.approx(np.eye(2), abs=0.25)  # a turn, not a stretch
    assert points.mean[:, 0].var() >= points.mean[:, 1].var()


def test_one_dimension_is_called_doubtful_where_there_are_two():
    sim = simulate(5, states=40, sessions=3, items=60, dimensions=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        with pytest.warns(DimensionWarning, match="one dimension is doubtful in 3 of 3 sessions"):
            points = fit(sim)
    assert (points.fit.structure > 2).all()


def test_distance_comes_from_the_joint_posterior(sim, points):
    a, b = unit_index(points, 3, 4), unit_index(points, 7, 4)
    result = distance(points, 3, 7, 4)
    draws = np.abs(points.draws[:, a, 0] - points.draws[:, b, 0])
    assert result == distance(points, 7, 3, 4)
    assert result.mean == pytest.approx(draws.mean(), rel=1e-5)
    assert result.low < result.mean < result.high
    narrow = distance(points, 3, 7, 4, level=0.5)
    assert result.low < narrow.low < narrow.high < result.high


def test_probability_closer_is_coherent(sim, points):
    order = np.argsort(sim.theta[:, 3, 0])
    low, near, high = int(order[0]), int(order[1]), int(order[-1])
    assert probability_closer(points, low, near, high, 4) > 0.99
    both = probability_closer(points, 3, 7, 9, 4) + probability_closer(points, 3, 9, 7, 4)
    assert both == pytest.approx(1.0)


def test_shift_is_the_later_less_the_earlier(sim, points):
    a, b = unit_index(points, 3, 1), unit_index(points, 3, 8)
    assert shift(points, 3, 1, 8).mean == pytest.approx(points.mean[b, 0] - points.mean[a, 0], abs=1e-5)
    with pytest.raises(InputError, match="dimension=2"):
        shift(points, 3, 1, 8, dimension=2)


def test_questions_about_absent_states_are_refused(points):
    with pytest.raises(UnknownNameError, match="unknown state '99'"):
        distance(points, 3, 99, 4)
    with pytest.raises(CoverageError, match="no votes in session 40; it voted in sessions 1 to 8"):
        distance(points, 3, 7, 40)
    with pytest.raises(InputError, match="level=90"):
        distance(points, 3, 7, 4, level=90)


def test_lack_of_convergence_is_said(sim):
    with pytest.warns(NotConvergedWarning, match="R-hat above"):
        result = fit(sim, warmup=0, draws=4)
    assert not result.convergence.converged
    assert any("ask for more warmup" in text for text in result.warnings)


def test_subset_and_sessions_are_counted_as_set_aside(sim):
    few = np.unique(sim.votes["item"])[::2]
    result = fit(sim, subset=few, sessions=(2, 5), bridges=None, warmup=1000, draws=2000)
    assert set(result.items.item.tolist()) <= set(few.tolist())
    assert set(result.sessions.tolist()) == {2, 3, 4, 5}
    assert result.set_aside["item not in subset"] > 0
    assert result.set_aside["session not asked for"] > 0
    assert result.votes_used + sum(result.set_aside.values()) == len(sim.votes["choice"])


def bad(**changes):
    votes = {"state": ["A", "B", "A", "B"], "session": [1] * 4, "item": [1, 1, 2, 2], "choice": [1, 3, 3, 1]}
    return votes | changes


@pytest.mark.parametrize(
    ("votes", "message"),
    [
        (bad(choice=[1, 8, 3, 1]), r"choices other than 1 \(yes\), 2 \(abstain\), 3 \(no\): \[8.0\], first in row 1"),
        (bad(choice=["yes", "no", "no", "yes"]), "must be whole numbers"),
        (bad(choice=[1, None, 3, 1]), "choices other than|must be whole"),
        (bad(choice=[1, 1, 3, 3]), "no variation"),
        (bad(state=["A", "A", "A", "A"], item=[1, 1, 2, 2]), "votes more than once on item 1"),
        (bad(item=[1, 1, 2, 2], choice=[1, 3, 1, 1]), "only one item divides"),
        (bad(state=[None, "B", "A", "B"]), "missing values"),
        (bad(session=[1.5] * 4), "not whole numbers"),
        ({"state": [], "session": [], "item": [], "choice": []}, "empty"),
        ({"state": ["A"], "session": [1], "item": [1], "choices": [1]}, "no column 'choice'; did you mean 'choices'"),
    ],
)
def test_bad_votes_are_refused_with_the_reason(votes, message):
    with pytest.raises(InputError, match=message):
        fit_ideal_points(votes)


def test_one_state_is_refused():
    votes = {"state": ["A"] * 4, "session": [1, 2, 1, 2], "item": [1, 2, 3, 4], "choice": [1, 3, 1, 2]}
    with pytest.raises(InputError, match="only one state votes"):
        fit_ideal_points(votes, bridges=[(1, 2), (3, 4)])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"prior": "randomwalk"}, "unknown prior 'randomwalk'; did you mean 'random-walk'"),
        ({"dimensions": 3}, "dimensions=3"),
        ({"prior": "bsv", "dimensions": 2}, "one dimension"),
        ({"chains": 1}, "at least 2"),
        ({"draws": 2}, "at least 4"),
        ({"warmup": -1}, "negative"),
        ({"smooth": 0.0}, "positive"),
        ({"subset": [77]}, "none of 4 votes is left"),
        ({"sessions": (5, 9)}, "none of 4 votes is left"),
        ({"bridges": [(1, 2, 3)]}, "pairs"),
    ],
)
def test_bad_settings_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        fit_ideal_points(bad(), **settings)
