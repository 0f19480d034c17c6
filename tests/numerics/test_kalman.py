import numpy as np
import pytest

from tripoint.errors import InputError
from tripoint.numerics.kalman import StateSpace, diffuse_start, kalman_filter, kalman_smooth

#: Rounding of a filter against one dense solve of the same small problem.
ROUNDING = 1e-9


def model(m: int = 2, p: int = 3, seed: int = 0) -> StateSpace:
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((m, m))
    return StateSpace(
        design=rng.standard_normal((p, m)),
        error_cov=np.diag(rng.uniform(0.2, 1.0, p)),
        transition=0.7 * np.eye(m) + 0.1 * rng.standard_normal((m, m)),
        state_cov=root @ root.T / 4,
        initial_mean=rng.standard_normal(m),
        initial_cov=np.eye(m),
    )


def dense(y: np.ndarray, model: StateSpace) -> tuple[np.ndarray, np.ndarray, float]:
    """All states and observations as one normal vector, conditioned by brute force."""
    n = len(y)
    m = model.transition.shape[0]
    mean, cov = np.zeros(n * m), np.zeros((n * m, n * m))
    blocks = [model.initial_cov]
    mean[:m] = model.initial_mean
    for t in range(1, n):
        mean[t * m : (t + 1) * m] = model.transition @ mean[(t - 1) * m : t * m]
        blocks.append(model.transition @ blocks[-1] @ model.transition.T + model.state_cov)
    for t in range(n):
        step = blocks[t]
        for s in range(t, n):
            cov[s * m : (s + 1) * m, t * m : (t + 1) * m] = step
            cov[t * m : (t + 1) * m, s * m : (s + 1) * m] = step.T
            step = model.transition @ step
    Z = np.kron(np.eye(n), model.design)
    seen = np.isfinite(y).ravel()
    F = (Z @ cov @ Z.T + np.kron(np.eye(n), model.error_cov))[np.ix_(seen, seen)]
    gap, cross = y.ravel()[seen] - (Z @ mean)[seen], (cov @ Z.T)[:, seen]
    loglik = -0.5 * (gap.size * np.log(2 * np.pi) + np.linalg.slogdet(F)[1] + gap @ np.linalg.solve(F, gap))
    return mean + cross @ np.linalg.solve(F, gap), cov - cross @ np.linalg.solve(F, cross.T), float(loglik)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equals_conditioning_one_big_normal_vector(seed: int) -> None:
    rng = np.random.default_rng(seed)
    space = model(seed=seed)
    y = rng.standard_normal((6, 3))
    y[rng.random(y.shape) < 0.3] = np.nan
    y[3] = np.nan
    mean, cov, loglik = dense(y, space)
    found = kalman_smooth(y, space)
    assert found.loglik == pytest.approx(loglik, abs=ROUNDING)
    assert found.mean == pytest.approx(mean.reshape(6, 2), abs=ROUNDING)
    for t in range(6):
        assert found.cov[t] == pytest.approx(cov[2 * t : 2 * t + 2, 2 * t : 2 * t + 2], abs=ROUNDING)
    for t in range(5):
        assert found.lag_cov[t] == pytest.approx(cov[2 * t + 2 : 2 * t + 4, 2 * t : 2 * t + 2], abs=ROUNDING)
    assert found.filtered.mean[-1] == pytest.approx(found.mean[-1], abs=ROUNDING)


def test_error_variance_may_change_by_period() -> None:
    space = model(m=1, p=1)
    y = np.array([0.3, -1.0, 2.0])
    noisy = StateSpace(
        space.design,
        np.array([0.5, 1e9, 0.5])[:, None, None],
        space.transition,
        space.state_cov,
        space.initial_mean,
        space.initial_cov,
    )
    plain = StateSpace(
        space.design,
        np.full((1, 1), 0.5),
        space.transition,
        space.state_cov,
        space.initial_mean,
        space.initial_cov,
    )
    without = np.array([0.3, np.nan, 2.0])
    # A value measured with a billion times the variance is as good as missing.
    assert kalman_smooth(y, noisy).mean == pytest.approx(kalman_smooth(without, plain).mean, abs=1e-6)


def test_diffuse_start_is_wide_in_the_units_of_the_data() -> None:
    mean, cov = diffuse_start([1000.0, np.nan, 1000.0], 2)
    assert mean.tolist() == [0.0, 0.0]
    assert cov[0, 0] == pytest.approx(1e13)
    assert diffuse_start([np.nan], 1)[1][0, 0] == pytest.approx(1e7)


def test_refuses_shapes_that_disagree() -> None:
    space = model()
    with pytest.raises(InputError, match="need a design of"):
        kalman_filter(np.zeros((4, 2)), space)
    bad = StateSpace(space.design, space.error_cov, space.transition, np.eye(3), space.initial_mean, space.initial_cov)
    with pytest.raises(InputError, match="must all be"):
        kalman_filter(np.zeros((4, 3)), bad)
    bad = StateSpace(space.design, space.error_cov, space.transition, space.state_cov, np.zeros(3), space.initial_cov)
    with pytest.raises(InputError, match="initial mean"):
        kalman_filter(np.zeros((4, 3)), bad)


def test_says_where_observations_determine_each_other() -> None:
    space = model(m=1, p=2)
    certain = StateSpace(
        np.ones((2, 1)), np.zeros((2, 2)), space.transition, space.state_cov, space.initial_mean, space.initial_cov
    )
    with pytest.raises(InputError, match="period 0 is not positive definite"):
        kalman_filter(np.zeros((2, 2)), certain)
