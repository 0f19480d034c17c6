import warnings

import numpy as np
import pytest

from tripoint.dyad.lasting import KINDS, effect_path, fit_lasting, fit_many
from tripoint.errors import InputError, UnknownNameError

#: Published Nile figures come from an optimizer that stops up to .012 short of the maximum (outlier).
PEER_STOPS_SHORT = 0.015


@pytest.fixture(scope="module")
def nile() -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.datasets import nile

        return np.asarray(nile.load_pandas().data["volume"], dtype=float)


def test_nile_as_a_peer_has_it(nile: np.ndarray) -> None:
    fit = fit_lasting(nile, date=28, initial_var=1e6, draws=0)
    assert fit.none_aic == pytest.approx(1269.08, abs=0.01)
    assert fit.change("shift").aic == pytest.approx(1250.70, abs=0.01)
    assert fit.change("shift").effect == pytest.approx(-247.16, abs=PEER_STOPS_SHORT)
    assert fit.change("transient").aic == pytest.approx(1264.77, abs=0.01)
    assert fit.change("outlier").aic == pytest.approx(1268.60, abs=PEER_STOPS_SHORT)


def test_nile_step_is_the_difference_of_means_without_drift(nile: np.ndarray) -> None:
    fit = fit_lasting(nile)
    shift = fit.change("shift")
    assert (shift.date, int(np.argmax(fit.date_weight))) == (28, 28)
    assert shift.effect == pytest.approx(-247.78, abs=0.005)
    assert shift.effect == pytest.approx(nile[28:].mean() - nile[:28].mean(), abs=1e-6)
    assert fit.verdict == "lasting"
    assert fit.p_none + fit.p_lasting + fit.p_tactical == pytest.approx(1)
    assert fit.date_weight.sum() == pytest.approx(1)


def test_path_of_each_kind() -> None:
    assert effect_path("outlier", 2, 5).tolist() == [0, 0, 1, 0, 0]
    assert effect_path("shift", 2, 5).tolist() == [0, 0, 1, 1, 1]
    assert effect_path("transient", 2, 5) == pytest.approx([0, 0, 1, 0.7, 0.49])
    assert effect_path("ramp", 1, 8) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1])


@pytest.mark.parametrize("kind", KINDS)
def test_finds_the_kind_that_made_the_series(kind: str) -> None:
    rng = np.random.default_rng(7)
    y = rng.standard_normal(60) + 0.05 * np.cumsum(rng.standard_normal(60)) + 8 * effect_path(kind, 30, 60)
    fit = fit_lasting(y, date=30)
    assert max(KINDS, key=fit.probability) == kind
    assert fit.verdict == ("lasting" if kind in ("shift", "ramp") else "tactical")
    change = fit.change(kind)
    assert change.low - 1 < 8 < change.high + 1


def test_at_the_last_observation_the_kinds_cannot_be_told_apart() -> None:
    y = np.append(np.random.default_rng(1).standard_normal(40), 9.0)
    fit = fit_lasting(y, date=40)
    first = fit.changes[0]
    for change in fit.changes:
        assert change.probability == pytest.approx(first.probability, rel=1e-6)
    assert fit.p_none < 0.01
    assert fit.verdict == "changed"


def test_measurement_error_calls_for_more(nile: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    y = 0.1 * rng.standard_normal(30)
    y[20] += 2.0
    error = np.full(30, 0.001)
    sure = fit_lasting(y, date=20, error_var=error, draws=0)
    error[20] = 4.0
    unsure = fit_lasting(y, date=20, error_var=error, draws=0)
    assert sure.p_none < 0.01
    # The odd value is now no more than its own measurement error.
    assert unsure.p_none > 0.5


def test_series_that_is_measurement_error_alone() -> None:
    y = np.random.default_rng(3).standard_normal(30)
    fit = fit_lasting(y, error_var=1.5, draws=49)
    assert fit.irregular + fit.drift == pytest.approx(0, abs=0.05)
    assert fit.p_value > 0.05
    assert fit.verdict in ("no change", "undecided")


def test_missing_periods_are_skipped() -> None:
    rng = np.random.default_rng(2)
    y = rng.standard_normal(40) + 6 * effect_path("shift", 20, 40)
    y[[3, 19, 21, 22]] = np.nan
    fit = fit_lasting(y, draws=0)
    assert fit.observed == 36
    assert fit.date_weight[[0, 3, 19, 21, 22]].tolist() == [0] * 5
    assert fit.change("shift").date == 20
    with pytest.raises(InputError, match="date 21 is not a period"):
        fit_lasting(y, date=21)


def test_many_series_raise_the_bar() -> None:
    rng = np.random.default_rng(5)
    y = rng.standard_normal(40) + 1.5 * effect_path("shift", 20, 40)
    alone, among = fit_lasting(y, date=20, draws=99), fit_lasting(y, date=20, draws=99, series_count=50)
    assert among.p_none > alone.p_none
    assert among.p_adjusted == min(1, 50 * alone.p_value)


def test_fit_many_uses_holm_and_refuses_too_few_draws() -> None:
    rng = np.random.default_rng(6)
    series = {f"{i}": rng.standard_normal(25) for i in range(4)}
    series["moved"] = rng.standard_normal(25) + 9 * effect_path("shift", 12, 25)
    fits = fit_many(series, date=12, draws=199)
    assert fits["moved"].verdict == "lasting"
    assert [name for name, fit in fits.items() if fit.verdict == "lasting"] == ["moved"]
    assert fits["moved"].p_adjusted == pytest.approx(5 * fits["moved"].p_value)
    with pytest.raises(InputError, match="need draws >= 99"):
        fit_many(series, draws=50)
    with pytest.raises(InputError, match="0 series"):
        fit_many({})


def test_false_alarms_on_random_walks_stay_below_the_nominal_rate() -> None:
    rng = np.random.default_rng(0)
    count, alpha = 120, 0.1
    fits = [fit_lasting(np.cumsum(rng.standard_normal(20)), draws=49, seed=i, alpha=alpha) for i in range(count)]
    alarms = np.mean([fit.p_value <= alpha for fit in fits])
    # Two standard errors of a rate of .1 in 120 series; benchmarks/lasting.py has the long run.
    assert alarms <= alpha + 0.055
    assert np.mean([fit.verdict in ("lasting", "tactical", "changed") for fit in fits]) <= alpha


def test_same_seed_same_answer(nile: np.ndarray) -> None:
    one, two = (fit_lasting(nile[:40], date=28, seed=3, draws=49) for _ in range(2))
    assert one.p_value == two.p_value
    assert one.changes == two.changes


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"kinds": ["jump"]}, UnknownNameError, "kind of change 'jump'"),
        ({"kinds": []}, InputError, "once each"),
        ({"criterion": "bix"}, UnknownNameError, "did you mean 'bic'"),
        ({"prior_none": 1.0}, InputError, "prior_none 1.0"),
        ({"date": 0}, InputError, "run from 1 to 99"),
        ({"date": 100}, InputError, "date 100"),
    ],
)
def test_bad_options(nile: np.ndarray, options: dict[str, object], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        fit_lasting(nile, **options)


def test_unknown_kind_of_a_fit(nile: np.ndarray) -> None:
    fit = fit_lasting(nile, date=28, kinds=("shift",), draws=0)
    with pytest.raises(UnknownNameError):
        fit.probability("ramp")
    with pytest.raises(UnknownNameError):
        effect_path("jump", 1, 3)


def test_a_change_beyond_all_doubt_overflows_nothing() -> None:
    rng = np.random.default_rng(0)
    y = 1e-4 * rng.standard_normal(400) + 1e4 * effect_path("shift", 200, 400)
    fit = fit_lasting(y, date=200, draws=0)
    assert fit.probability("shift") == pytest.approx(1)
    assert fit.verdict == "lasting"
