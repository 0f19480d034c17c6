"""The walk with heavy tails: against brute force, a known break, and simulation."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from test_alignment import ADDS_UP, model

from tripoint.dyad.alignment_model import _told, smooth_paths
from tripoint.dyad.alignment_parameters import with_tail
from tripoint.dyad.alignment_walk import _grid, walk_precision
from tripoint.errors import InputError

#: Error of the approximation against the sum over all weights, in standard deviations of order one half.
CLOSE = 0.04


@pytest.mark.parametrize("jump", [0.0, 3.0, 6.0])
def test_the_posterior_is_that_of_brute_force_over_all_weights(jump: float) -> None:
    tail, t = 3.0, 4
    parameters = replace(model(), tail=tail)
    y = 0.5 * np.random.default_rng(0).normal(size=(1, t, 3))
    y[0, 2:] += jump * parameters.loading
    known = np.zeros(y.shape)
    got = smooth_paths(y, np.ones((1, t), bool), known, parameters)
    w, log_p = _grid(tail)
    every = np.array(list(product(range(w.size), repeat=t - 1)))
    seen, pull, own = _told(y, known, parameters)
    precision = np.repeat(seen, len(every), axis=0)
    precision[:, :t, :t] += walk_precision(np.zeros(len(every), int), w[every] / parameters.step_var)
    cov, told = np.linalg.inv(precision), pull.sum(axis=2)[0]
    mean = cov @ told
    log = 0.5 * mean @ told - 0.5 * np.linalg.slogdet(precision)[1]
    log += log_p[every].sum(axis=1) - 0.5 * np.log(parameters.step_var / w[every]).sum(axis=1)
    total = np.logaddexp.reduce(log)
    share = np.exp(log - total)
    center = share @ mean
    var = share @ (np.diagonal(cov, axis1=1, axis2=2) + mean**2) - center**2
    np.testing.assert_allclose(got.mean[0], center, atol=CLOSE)
    np.testing.assert_allclose(np.sqrt(np.diag(got.cov[0])), np.sqrt(var), atol=CLOSE)
    assert got.loglik[0] == pytest.approx(own[0] + total, abs=0.01)
    assert (got.weight[0, 1] < 0.1) == (jump > 0)


def test_a_break_is_found_in_its_year() -> None:
    rng, t, broke = np.random.default_rng(5), 60, 30
    heavy = replace(model(), tail=3.0, step_var=0.01)
    level = np.where(np.arange(t) < broke, 1.0, -2.0)
    y = heavy.intercept + heavy.loading * level[:, None] + 0.4 * rng.normal(size=(t, 3))
    active, known = np.ones((1, t), bool), np.zeros((1, t, 3))
    sharp = smooth_paths(y[None], active, known, heavy)
    blunt = smooth_paths(y[None], active, known, replace(heavy, tail=np.inf, step_var=0.03))
    steps, slow = (np.abs(np.diff(p.mean[0, :t])) for p in (sharp, blunt))
    assert steps.argmax() == sharp.weight[0].argmin() == broke - 1
    assert steps[broke - 1] > 0.8 * 3
    assert slow[broke - 1] < 0.5 * steps[broke - 1]
    np.testing.assert_allclose(sharp.contributions.sum(axis=2), sharp.mean, atol=ADDS_UP)


def simulated(p: int, t: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng, m = np.random.default_rng(seed), replace(model(), tail=3.0)
    step = np.sqrt(m.step_var) * rng.standard_t(m.tail, size=(p, t))
    a = rng.normal(size=(p, 1)) + np.cumsum(step, axis=1)
    y = m.intercept + m.contact * rng.normal(size=(p, 1, 1)) + m.loading * a[:, :, None]
    e = np.sqrt(m.lasting_var) * rng.normal(size=(p, 3))
    for s in range(t):
        y[:, s] += e + np.sqrt(m.noise_var) * rng.normal(size=(p, 3))
        e = m.persistence * e + np.sqrt(m.lasting_var * (1 - m.persistence**2)) * rng.normal(size=(p, 3))
    y[:, -6:] = np.nan
    return a, y


def test_intervals_cover_simulated_truth_where_seen_and_beyond() -> None:
    a, y = simulated(200, 40, 1)
    heavy = replace(model(), tail=3.0)
    paths = smooth_paths(y, np.ones(y.shape[:2], bool), np.zeros(y.shape), heavy)
    z = np.abs(a - paths.mean[:, :-1]) / np.sqrt(np.diagonal(paths.cov, axis1=1, axis2=2)[:, :-1])
    assert 0.87 < (z[:, :-6] < 1.645).mean() < 0.93
    assert (
        0.86 < (z[:, -6:] < 1.645).mean() < 0.96
    )  # 200 paths; t steps have more middle than a normal of their variance


def test_steps_that_nothing_is_said_of_have_the_variance_of_t() -> None:
    heavy, t = replace(model(), tail=5.0), 12
    y = np.full((1, t, 3), np.nan)
    paths = smooth_paths(y, np.ones((1, t), bool), np.zeros(y.shape), heavy)
    var = np.diag(paths.cov[0])[:t]
    expected = 1 + heavy.step_var * 5 / 3 * np.arange(t)
    np.testing.assert_allclose(var, expected, rtol=0.02)  # the grid of weights ends


def test_each_pair_is_solved_as_if_alone() -> None:
    _, y = simulated(5, 20, 2)
    heavy = replace(model(), tail=3.0)
    together = smooth_paths(y, np.ones(y.shape[:2], bool), np.zeros(y.shape), heavy)
    alone = smooth_paths(y[3:4], np.ones((1, 20), bool), np.zeros((1, 20, 3)), heavy)
    np.testing.assert_allclose(alone.mean[0], together.mean[3], atol=1e-9)
    np.testing.assert_allclose(alone.weight[0], together.weight[3], atol=1e-9)


def test_tails_keep_the_variance_of_a_step_and_must_have_one() -> None:
    assert with_tail(model(), 4.0).step_var == pytest.approx(model().step_var / 2)
    assert with_tail(model(), np.inf).step_var == model().step_var
    with pytest.raises(InputError, match="above 2"):
        with_tail(model(), 2.0)
    with pytest.raises(InputError, match="only normal"):
        with_tail(with_tail(model(), 3.0), 5.0)
