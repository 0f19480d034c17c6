import warnings

import numpy as np
import pytest

from tripoint.errors import InputError
from tripoint.numerics.local_level import (
    Variances,
    check_series,
    coarse_points,
    fit_local_level,
    innovations,
    loglik,
    maximize,
)


@pytest.fixture(scope="module")
def nile() -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.datasets import nile

        return np.asarray(nile.load_pandas().data["volume"], dtype=float)


def test_nile_variances_of_durbin_and_koopman(nile: np.ndarray) -> None:
    fit = fit_local_level(nile)
    # Durbin and Koopman 2012, section 2.10: 15099 and 1469.1, printed to that many digits.
    assert fit.irregular == pytest.approx(15099, abs=1)
    assert fit.drift == pytest.approx(1469.1, abs=0.2)
    assert fit.loglik == pytest.approx(-632.54, abs=0.01)


def test_nile_level_equals_a_peer_with_an_exact_diffuse_start(nile: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.tsa.statespace.structural import UnobservedComponents

        gappy = nile.copy()
        gappy[[0, 1, 20, 21, 60]] = np.nan
        fit = fit_local_level(gappy)
        peer = UnobservedComponents(gappy, "llevel", use_exact_diffuse=True).smooth([fit.irregular, fit.drift])
    # The peer counts the first observation's constant, log(2 pi) / 2, which a diffuse likelihood leaves out.
    assert peer.llf + np.log(2 * np.pi) / 2 == pytest.approx(fit.loglik, abs=1e-6)
    assert fit.level == pytest.approx(peer.smoothed_state[0], rel=1e-6)
    assert fit.level_sd == pytest.approx(np.sqrt(peer.smoothed_state_cov[0, 0]), rel=1e-6)


def test_known_error_is_taken_out_of_the_irregular(nile: np.ndarray) -> None:
    plain, known = fit_local_level(nile), fit_local_level(nile, error_var=5000.0)
    # The likelihood depends on the sum of the two only, up to the precision of the search.
    assert known.irregular + 5000 == pytest.approx(plain.irregular, rel=1e-3)
    assert known.loglik == pytest.approx(plain.loglik, abs=1e-6)


def test_maximum_is_not_beaten_nearby(nile: np.ndarray) -> None:
    observed = np.isfinite(nile)
    point, best, _ = maximize(nile[:, None], observed, None)
    rng = np.random.default_rng(0)
    points = Variances(
        point.irregular * np.exp(rng.normal(0, 0.3, 400)), point.drift * np.exp(rng.normal(0, 0.3, 400)), scaled=False
    )
    parts = innovations(nile[:, None], observed, None, points)
    value = loglik(np.einsum("gnc,gnc->g", parts.error, parts.error), parts, points)
    # 1e-6: what is left of the grid after its last round.
    assert value.max() <= best + 1e-6


@pytest.mark.parametrize(("irregular", "drift"), [(1.0, 0.0), (0.0, 1.0)])
def test_limits_are_reached(irregular: float, drift: float) -> None:
    rng = np.random.default_rng(3)
    y = np.sqrt(drift) * np.cumsum(rng.standard_normal(300)) + np.sqrt(irregular) * rng.standard_normal(300)
    fit = fit_local_level(y)
    share = fit.drift / (fit.drift + fit.irregular)
    # A variance of zero is estimated as (nearly) zero: within 10 percentage points at 300 periods.
    assert share == pytest.approx(drift / (irregular + drift), abs=0.1)


def test_points_without_any_noise_are_left_out_where_error_may_be_zero() -> None:
    y = np.arange(8.0) ** 2
    points = coarse_points(y, np.zeros(8))
    assert (points.irregular + points.drift > 0).all()


@pytest.mark.parametrize(
    ("series", "error", "match"),
    [
        ([1.0, 2.0, np.nan], None, "2 observations"),
        ([1.0] * 9, None, "no variation"),
        (np.zeros((3, 3)), None, "one-dimensional"),
        (np.arange(9.0), -1.0, "must be a number >= 0"),
        (np.arange(9.0), [1.0] * 8 + [np.nan], "in period 8"),
    ],
)
def test_refuses_what_cannot_be_fitted(series: object, error: object, match: str) -> None:
    with pytest.raises(InputError, match=match):
        check_series(series, error)
