import numpy as np
import pytest
from scipy.optimize import minimize

from tripoint.errors import ConvergenceError, InputError
from tripoint.numerics.factor import fit_linear_factor


def simulate(n: int = 2000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    loadings = np.array([0.9, 0.7, 0.5, 0.3])
    theta = rng.standard_normal(n)
    x = theta[:, None] * loadings + rng.standard_normal((n, 4)) * np.sqrt(1 - loadings**2)
    return x * [1, 10, 3, 2] + 5, theta, loadings


def test_recovers_known_loadings_whatever_the_units() -> None:
    x, theta, loadings = simulate()
    fit = fit_linear_factor(x)
    # Four standard errors of a loading at 2,000 units.
    assert fit.loadings == pytest.approx(loadings, abs=0.09)
    assert fit.uniqueness == pytest.approx(1 - fit.loadings**2, abs=1e-6)
    covered = np.mean(np.abs(fit.score - theta) < 1.645 * fit.score_sd)
    assert covered == pytest.approx(0.9, abs=0.03)


def test_is_the_maximum_of_the_likelihood() -> None:
    x, _, _ = simulate(300)
    fit = fit_linear_factor(x)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    R = z.T @ z / len(z)

    def minus_loglik(free: np.ndarray) -> float:
        cov = np.outer(free[:4], free[:4]) + np.diag(np.exp(free[4:]))
        return float(
            0.5 * len(z) * (4 * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1] + np.trace(np.linalg.solve(cov, R)))
        )

    best = minimize(minus_loglik, np.concatenate([np.full(4, 0.6), np.log(np.full(4, 0.5))]))
    assert fit.loglik == pytest.approx(-best.fun, abs=1e-4)


def test_refuses_bad_items_and_reports_a_fit_that_stopped() -> None:
    x, _, _ = simulate(50)
    with pytest.raises(ConvergenceError, match="after 2 steps"):
        fit_linear_factor(x, max_iterations=2)
    with pytest.raises(InputError, match="three units and three items"):
        fit_linear_factor(x[:, :2])
    flat = x.copy()
    flat[:, 1] = 4
    with pytest.raises(InputError, match="item 1 has no variation"):
        fit_linear_factor(flat)
    flat[0, 0] = np.nan
    with pytest.raises(InputError, match="1 values are missing"):
        fit_linear_factor(flat)
