"""The compiled steps against brute force: quadrature on tiny problems, and ratios against the written-out density."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from tripoint.dyad.ideal_points.drift_steps import drift_matrix, drift_one, drift_ratio, scale_step
from tripoint.dyad.ideal_points.item_steps import item_sweep
from tripoint.dyad.ideal_points.layout import BOTH, JOINT, build_layout
from tripoint.dyad.ideal_points.likelihood import normal_table
from tripoint.dyad.ideal_points.state_steps import fill_moments, spread_prior, state_sweep, sum_squares

SWEEPS = 20_000
MOMENT_ERROR = 0.03  # four standard errors of a mean over so many sweeps that mix within about four of them
RATIO_ERROR = 1e-5  # table interpolation, summed over a hundred votes
TIE = 2500.0
CUT_PRECISION = 0.04


def log_votes(theta, beta, cut, layout):
    item = np.repeat(np.arange(layout.items), np.diff(layout.item_start))
    eta = np.sum(beta[item] * theta[layout.item_unit], axis=1)
    below, above = norm.cdf(cut[item, 0] - eta), norm.sf(cut[item, 1] - eta)
    p = np.column_stack([below, norm.cdf(cut[item, 1] - eta) - below, above])
    return float(np.log(p[np.arange(len(eta)), layout.item_choice - 1]).sum())


def log_joint(theta, beta, cut, layout, precision, first_precision):
    """Everything but the priors of the two variances, up to a constant."""
    total = log_votes(theta, beta, cut, layout)
    for u in range(layout.units):
        if layout.gap[u] == 0:
            total -= 0.5 * first_precision * np.sum(theta[u] ** 2)
        else:
            total -= 0.5 * precision / layout.gap[u] * np.sum((theta[u] - theta[u - 1]) ** 2)
    s2 = theta.var(axis=0).mean()
    total += beta.size * 0.5 * np.log(s2) - 0.5 * s2 * np.sum(beta**2) - 0.5 * TIE * (0.5 * np.log(s2)) ** 2
    joint = layout.kind == JOINT
    return total - 0.5 * CUT_PRECISION * (np.sum(cut[:, 0] ** 2) + np.sum(cut[~joint, 1] ** 2))


def tiny(dimensions=1, seed=0, states=5, sessions=4, items=6):
    """A small problem with bridges, gaps in membership, and values to stand on."""
    rng = np.random.default_rng(seed)
    rows = []
    for t in range(sessions):
        for i in range(states):
            if (i, t) == (1, 2):
                continue
            for j in range(items):
                item = j if j < 2 and t < 3 else t * items + j
                rows.append((i, t, item, rng.integers(1, 4)))
    state, session, item, choice = np.array(rows).T
    item = np.unique(item, return_inverse=True)[1]
    layout = build_layout(state, session, item, choice.astype(np.int8), np.arange(sessions), collapse=True)
    theta = rng.standard_normal((layout.units, dimensions))
    beta = rng.standard_normal((layout.items, dimensions))
    cut = np.sort(rng.standard_normal((layout.items, 2)), axis=1)
    joint = layout.kind == JOINT
    cut[joint] = cut[joint].mean(axis=1, keepdims=True)
    return layout, theta, beta, cut


def grid_moments(log_density, *axes):
    points = np.meshgrid(*axes, indexing="ij")
    density = log_density(*[p.ravel() for p in points])
    weight = np.exp(density - density.max())
    weight /= weight.sum()
    means = [float(weight @ p.ravel()) for p in points]
    return means, [float(np.sqrt(weight @ (p.ravel() - m) ** 2)) for p, m in zip(points, means, strict=True)]


def run_item(kind, theta, y, prior):
    rng = np.random.default_rng(1)
    beta, cut = np.zeros((1, 1)), np.array([[-0.2, -0.2 if kind == JOINT else 0.2]])
    args = (np.array([kind], dtype=np.int8), np.array([0, len(y)]), np.arange(len(y), dtype=np.int32), y)
    out = np.empty((SWEEPS, 3))
    table = normal_table()
    which = np.arange(1)
    for k in range(SWEEPS):
        item_sweep(rng, which, theta, beta, cut, *args, prior, table)
        out[k] = beta[0, 0], *cut[0]
    return out


def test_binary_item_matches_quadrature():
    theta = np.array([[-1.5], [-0.5], [0.4], [0.9], [1.6]])
    y = np.array([1, 1, 3, 1, 3], dtype=np.int8)
    prior = np.array([1.0, 0.25, 1e9])

    def density(b, g):
        p = norm.cdf(g[:, None] - b[:, None] * theta[:, 0])
        return (
            np.log(np.where(y == 1, p, norm.sf(g[:, None] - b[:, None] * theta[:, 0]))).sum(axis=1)
            - 0.5 * b**2
            - 0.125 * g**2
        )

    mean, sd = grid_moments(density, np.linspace(-4, 5, 250), np.linspace(-6, 6, 250))
    out = run_item(JOINT, theta, y, prior)
    assert out[:, 0].mean() == pytest.approx(mean[0], abs=MOMENT_ERROR)
    assert out[:, 1].mean() == pytest.approx(mean[1], abs=MOMENT_ERROR)
    assert out[:, 0].std() == pytest.approx(sd[0], abs=MOMENT_ERROR)
    assert out[:, 1].std() == pytest.approx(sd[1], abs=MOMENT_ERROR)


def test_three_choice_item_matches_quadrature():
    theta = np.array([[-1.5], [-0.5], [0.4], [0.9], [1.6], [2.0]])
    y = np.array([1, 2, 1, 2, 3, 3], dtype=np.int8)
    prior = np.array([1.0, 0.25, 1e9])

    def density(b, g1, g2):
        eta = b[:, None] * theta[:, 0]
        below, above = norm.cdf(g1[:, None] - eta), norm.sf(g2[:, None] - eta)
        p = np.where(y == 1, below, np.where(y == 3, above, 1 - below - above))
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.log(np.maximum(p, 0.0)).sum(axis=1)
        return np.where(g1 < g2, value, -np.inf) - 0.5 * b**2 - 0.125 * (g1**2 + g2**2)

    mean, sd = grid_moments(density, np.linspace(-3, 5, 70), np.linspace(-5, 4, 80), np.linspace(-4, 6, 80))
    out = run_item(BOTH, theta, y, prior)
    assert out.mean(axis=0) == pytest.approx(mean, abs=MOMENT_ERROR)
    assert out.std(axis=0) == pytest.approx(sd, abs=MOMENT_ERROR)


def test_positions_of_one_state_match_quadrature():
    """Two sessions a year and two years apart, three items; the whole density of the walk and the overall spread."""
    state = np.zeros(6, dtype=np.int64)
    session, item = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 0, 1, 2])
    choice = np.array([1, 3, 1, 3, 3, 1], dtype=np.int8)
    layout = build_layout(state, session, item, choice, np.array([1, 3]), collapse=False)
    beta, cut = np.array([[1.2], [-0.7], [0.4]]), np.array([[-0.3, 0.3], [0.1, 0.6], [-0.5, -0.2]])
    precision, first_precision, tie = 2.0, 0.5, 3.0
    assert layout.gap.tolist() == [0.0, 2.0]

    def density(a, b):
        total = -0.5 * first_precision * a**2 - 0.5 * precision / 2.0 * (b - a) ** 2
        for o in range(6):
            at = (a if session[o] == 0 else b) * beta[item[o], 0]
            lo, hi = cut[item[o]]
            total += np.log(norm.cdf(lo - at) if choice[o] == 1 else norm.sf(hi - at))
        s2 = np.maximum((a - b) ** 2 / 4.0, 1e-12)
        return total + 3 * 0.5 * np.log(s2) - 0.5 * s2 * np.sum(beta**2) - 0.5 * tie * (0.5 * np.log(s2)) ** 2

    mean, sd = grid_moments(density, np.linspace(-7, 7, 600), np.linspace(-7, 7, 600))
    rng, table, moments = np.random.default_rng(2), normal_table(), np.empty(2)
    theta = np.array([[0.5], [-0.5]])
    out = np.empty((6 * SWEEPS, 2))
    which = np.arange(2)
    for k in range(len(out)):
        state_sweep(
            rng, which, theta, beta, cut, layout.unit_start, layout.unit_item, layout.unit_choice, layout.gap,
            precision, first_precision, tie, moments, table,
        )  # fmt: skip
        out[k] = theta[:, 0]
    assert out.mean(axis=0) == pytest.approx(mean, abs=2 * MOMENT_ERROR)
    assert out.std(axis=0) == pytest.approx(sd, abs=2 * MOMENT_ERROR)


@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("t", [0, 1, 3])
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_drift_ratio_is_the_change_of_the_written_out_density(dimensions, t, kind):
    if kind == 2 and (dimensions == 1 or t == 0):
        pytest.skip("one dimension cannot turn; a turn of everything is never proposed")
    layout, theta, beta, cut = tiny(dimensions)
    size, axis, precision, first_precision = 0.13, dimensions - 1, 3.0, 0.7
    prior = np.array([1.0, CUT_PRECISION, 1e9])
    moments, proposed, moved = np.empty(dimensions + 1), np.empty(dimensions + 1), np.empty_like(theta)
    fill_moments(theta, moments)
    suffix = layout.order[layout.order_start[t] :]
    joint = layout.kind == JOINT
    ratio = drift_ratio(
        kind, size, axis, t, theta, beta, cut, suffix, layout.unit_session, layout.gap, layout.first, joint,
        layout.item_start, layout.item_unit, layout.item_choice, layout.cross_start, layout.cross_item,
        layout.cross_from, precision, first_precision, prior, TIE, moments, proposed, normal_table(), moved,
    )  # fmt: skip

    new_theta, new_beta, new_cut = theta.copy(), beta.copy(), cut.copy()
    p, q = drift_matrix(kind, size)
    for u in suffix:
        drift_one(p, q, size if kind == 0 else 0.0, axis, theta[u], new_theta[u])
    inside = layout.first >= t
    if kind == 0:
        new_cut[inside] += (beta[inside, axis] * size)[:, None]
    elif kind == 1:
        new_beta[inside] /= p
    else:
        turn = np.array([[p, -q], [q, p]])
        new_beta[inside] = beta[inside] @ turn.T
    volume = size * dimensions * (len(suffix) - inside.sum()) if kind == 1 else 0.0
    args = (layout, precision, first_precision)
    expected = log_joint(new_theta, new_beta, new_cut, *args) - log_joint(theta, beta, cut, *args) + volume
    assert ratio == pytest.approx(expected, abs=RATIO_ERROR)
    assert moved[suffix] == pytest.approx(new_theta[suffix])
    fill_moments(new_theta, moments)
    assert proposed == pytest.approx(moments)


def test_scale_step_leaves_everything_observable_alone():
    layout, theta, beta, _ = tiny()
    before = theta[layout.item_unit[0], 0] * beta[0, 0]
    prior = spread_prior(_moments(theta), layout.units, 0.0, sum_squares(beta), beta.size)
    volume = beta.size * 0.5 * np.log(theta.var())
    hyper = np.array([1.0, 0.01, 1.0, 1.0])
    rng = np.random.default_rng(3)
    factors = [scale_step(rng, theta, beta, 4.0, 1.0, hyper, TIE, 0.02) for _ in range(50)]
    assert len({f for f in factors if f != 1.0}) > 5
    assert theta[layout.item_unit[0], 0] * beta[0, 0] == pytest.approx(before)
    after = spread_prior(_moments(theta), layout.units, 0.0, sum_squares(beta), beta.size)
    assert after - beta.size * 0.5 * np.log(theta.var()) == pytest.approx(prior - volume)


def _moments(theta):
    moments = np.empty(theta.shape[1] + 1)
    fill_moments(theta, moments)
    return moments
