import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from tripoint.errors import ConvergenceError, InputError
from tripoint.numerics.ordinal import fit_ordinal_factor, ordered_codes


def simulate(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    loadings = np.array([1.5, 0.8, 1.0, 0.5, 1.2])
    theta = rng.standard_normal(n)
    latent = theta[:, None] * loadings + rng.standard_normal((n, 5))
    codes = (latent > -0.5).astype(int) + (latent > 0.9)
    return codes, theta, loadings


def test_recovers_known_loadings_and_covers_known_scores() -> None:
    codes, theta, loadings = simulate(1500)
    fit = fit_ordinal_factor(codes, seed=1)
    assert fit.converged
    # Four standard errors: a false failure in about 1 run of 3,000, and the seed is fixed.
    assert (np.abs(fit.loadings - loadings) < 4 * fit.loadings_se).all()
    for cuts in fit.thresholds:
        assert cuts == pytest.approx([-0.5, 0.9], abs=0.3)
    covered = np.mean((fit.low <= theta) & (theta <= fit.high))
    # 90 % of 1,500: standard error .008; grid quantiles add about .01.
    assert covered == pytest.approx(0.9, abs=0.03)


def test_likelihood_equals_numerical_integration() -> None:
    codes, _, _ = simulate(12, seed=4)
    codes[0, 2] = -1
    fit = fit_ordinal_factor(codes[:, :3], draws=0)

    def unit(row: np.ndarray) -> float:
        def density(theta: float) -> float:
            p = norm.pdf(theta)
            for j, c in enumerate(row):
                if c >= 0:
                    cuts = np.concatenate([[-np.inf], fit.thresholds[j], [np.inf]]) - fit.loadings[j] * theta
                    p *= norm.cdf(cuts[c + 1]) - norm.cdf(cuts[c])
            return float(p)

        return float(np.log(quad(density, -8, 8, epsabs=1e-12)[0]))

    exact = sum(unit(row) for row in codes[:, :3])
    # 121 midpoints against adaptive quadrature.
    assert fit.loglik == pytest.approx(exact, abs=1e-3)


def test_order_of_units_does_not_matter_and_reversed_items_flip() -> None:
    codes, _, _ = simulate(200, seed=2)
    fit = fit_ordinal_factor(codes, draws=0)
    shuffled = np.random.default_rng(0).permutation(200)
    again = fit_ordinal_factor(codes[shuffled], draws=0)
    assert again.score == pytest.approx(fit.score[shuffled], abs=1e-3)
    turned = codes.copy()
    turned[:, 3] = 2 - turned[:, 3]
    flipped = fit_ordinal_factor(turned, draws=0)
    assert flipped.loadings[3] == pytest.approx(-fit.loadings[3], abs=1e-3)


def test_missing_answers_widen_the_score() -> None:
    codes, _, _ = simulate(400, seed=5)
    codes[0] = codes[1] = [2, 2, 2, 2, 2]
    codes[0, 1:] = -9
    fit = fit_ordinal_factor(codes)
    assert fit.score_sd[0] > fit.score_sd[1]


def test_skewness_moves_the_factor_not_its_mean_and_variance() -> None:
    from tripoint.numerics.ordinal import _factor_grid

    for skewness in (0.0, 0.5, 1.0, 2.0):
        grid, log_mass = _factor_grid(skewness)
        mass = np.exp(log_mass)
        mean = mass @ grid
        # Cells of width .1 to .2 represented by their midpoints.
        assert mean == pytest.approx(0, abs=0.01)
        assert mass @ (grid - mean) ** 2 == pytest.approx(1, abs=0.01)
        assert mass @ (grid - mean) ** 3 == pytest.approx(skewness, abs=0.02)


def test_ordered_codes() -> None:
    codes, scales = ordered_codes([[0.0, 5.0], [3.0, np.nan], [0.5, 7.0]])
    assert codes.tolist() == [[0, 0], [2, -1], [1, 1]]
    assert [s.tolist() for s in scales] == [[0.0, 0.5, 3.0], [5.0, 7.0]]
    with pytest.raises(InputError, match="table of units by items"):
        ordered_codes([1.0, 2.0])


@pytest.mark.parametrize(
    ("codes", "match"),
    [
        (np.zeros((1, 3), int), "two units and two items"),
        (np.array([[0.0, 1.0], [1.0, 0.0]]), "whole numbers"),
        (np.array([[0, 1], [0, 0]]), "item 0 has no variation"),
        (np.array([[0, 1], [2, 0]]), "with a gap"),
    ],
)
def test_refuses_bad_items(codes: np.ndarray, match: str) -> None:
    with pytest.raises(InputError, match=match):
        fit_ordinal_factor(codes)


def test_refuses_bad_options_and_reports_a_fit_that_stopped() -> None:
    codes, _, _ = simulate(100)
    with pytest.raises(InputError, match="prior_sd"):
        fit_ordinal_factor(codes, prior_sd=0)
    with pytest.raises(ConvergenceError, match="raise max_iterations"):
        fit_ordinal_factor(codes, max_iterations=1)
