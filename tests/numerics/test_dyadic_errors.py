"""Errors robust to shared members: against the double sum of the paper, a closed form, and what other errors say."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.errors import InputError
from tripoint.numerics.dyadic_errors import dyadic_covariance, dyadic_errors

#: Agreement with the double sum: what is left is the order of summation.
SIX_DIGITS = 1e-6


def made(members=9, years=4, seed=3):
    rng = np.random.default_rng(seed)
    one, two = (np.repeat(side, years) for side in np.triu_indices(members, 1))
    x = np.column_stack([np.ones(one.size), rng.normal(size=one.size), rng.normal(size=members)[one]])
    shock = rng.normal(size=members)
    y = x @ [0.3, 0.5, -0.4] + shock[one] + shock[two] + rng.normal(size=one.size)
    return one, two, x, y


def brute(scores, bread, one, two):
    """Equation 5 of Aronow, Samii and Assenova: the sum over all observations whose pairs share a member."""
    k = scores.shape[1]
    meat = np.zeros((k, k))
    for p in range(one.size):
        for q in range(one.size):
            if {one[p], two[p]} & {one[q], two[q]}:
                meat += np.outer(scores[p], scores[q])
    return bread @ meat @ bread


@pytest.mark.parametrize("family", ["ols", "wls", "logit", "probit", "poisson", "glm"])
def test_models_of_statsmodels_equal_the_double_sum(family):
    sm = pytest.importorskip("statsmodels.api")
    one, two, x, y = made()
    event = (y > 0.3).astype(float)
    weights = np.linspace(0.5, 2, y.size)
    fits = {
        "ols": lambda: sm.OLS(y, x).fit(),
        "wls": lambda: sm.WLS(y, x, weights=weights).fit(),
        "logit": lambda: sm.Logit(event, x).fit(disp=0),
        "probit": lambda: sm.Probit(event, x).fit(disp=0),
        "poisson": lambda: sm.Poisson(event + 1, x).fit(disp=0),
        "glm": lambda: sm.GLM(event, x, family=sm.families.Binomial()).fit(),
    }
    fit = fits[family]()
    mu = np.asarray(fit.predict(x))
    if family == "ols":
        scores, bread = x * (y - mu)[:, None], np.linalg.inv(x.T @ x)
    elif family == "wls":
        scores, bread = x * (weights * (y - mu))[:, None], np.linalg.inv((x.T * weights) @ x)
    elif family in ("logit", "glm"):
        scores, bread = x * (event - mu)[:, None], np.linalg.inv((x.T * (mu * (1 - mu))) @ x)
    elif family == "poisson":
        scores, bread = x * (event + 1 - mu)[:, None], np.linalg.inv((x.T * mu) @ x)
    else:
        scores = fit.model.score_obs(fit.params)
        bread = np.linalg.inv(-fit.model.hessian(fit.params))
    wanted = brute(scores, bread, one, two)
    found = dyadic_errors(fit, one, two)
    np.testing.assert_allclose(found.covariance, wanted, rtol=SIX_DIGITS, atol=SIX_DIGITS * abs(wanted).max())
    np.testing.assert_allclose(found.errors, np.sqrt(np.diag(wanted)), rtol=SIX_DIGITS)
    assert (found.members, found.pairs, found.observations) == (9, 36, 144)
    assert len(found.names) == 3


def test_pairs_that_share_no_member_give_the_errors_clustered_by_pair():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(1)
    one, two = np.repeat(np.arange(0, 80, 2), 5), np.repeat(np.arange(1, 80, 2), 5)
    x = np.column_stack([np.ones(200), rng.normal(size=200)])
    fit = sm.OLS(x @ [1.0, 2.0] + rng.normal(size=40)[one // 2], x).fit()
    clustered = fit.get_robustcov_results("cluster", groups=one, use_correction=False)
    np.testing.assert_allclose(dyadic_errors(fit, one, two).errors, clustered.bse, rtol=SIX_DIGITS)


def test_shared_shocks_widen_the_errors_and_order_does_not_matter():
    sm = pytest.importorskip("statsmodels.api")
    one, two, x, y = made(members=40, years=2)
    fit = sm.OLS(y, x).fit()
    swapped = np.arange(one.size) % 2 == 0
    a, b = np.where(swapped, two, one), np.where(swapped, one, two)
    found = dyadic_errors(fit, one, two)
    np.testing.assert_allclose(dyadic_errors(fit, a, b).covariance, found.covariance, rtol=1e-10)
    pairs = one * 40 + two
    by_pair = fit.get_robustcov_results("cluster", groups=pairs).bse
    assert found.errors[0] > 2 * by_pair[0], "the intercept carries the shocks of members"


def test_an_estimate_that_is_not_positive_is_said_and_can_be_repaired():
    sm = pytest.importorskip("statsmodels.api")
    one, two = np.array([1, 1, 2]), np.array([2, 3, 3])
    x = np.column_stack([np.ones(3), [0.0, 1.0, 5.0]])
    fit = sm.OLS([1.0, 5.0, 2.0], x).fit()
    plain = dyadic_errors(fit, one, two)
    repaired = dyadic_errors(fit, one, two, repair=True)
    assert not plain.repaired
    assert (np.linalg.eigvalsh(repaired.covariance) > -1e-9).all()


def test_bad_input():
    one, two, x, _ = made()
    bread = np.eye(3)
    with pytest.raises(InputError, match="do not fit"):
        dyadic_covariance(x, bread, one[1:], two)
    with pytest.raises(InputError, match="do not fit"):
        dyadic_covariance(x[:, 0], bread, one, two)
    with pytest.raises(InputError, match="with itself"):
        dyadic_covariance(x, bread, one, one)
    with pytest.raises(InputError, match="finite"):
        dyadic_covariance(x * np.nan, bread, one, two)
    with pytest.raises(InputError, match="no fitted model"):
        dyadic_errors(3, one, two)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("family", ["feols", "logit", "fepois"])
def test_models_of_pyfixest_equal_those_of_statsmodels(family):
    pd = pytest.importorskip("pandas")
    pyfixest = pytest.importorskip("pyfixest")
    sm = pytest.importorskip("statsmodels.api")
    one, two, x, y = made()
    event = (y > 0.3).astype(float)
    year = np.tile(np.arange(4), one.size // 4)
    data = pd.DataFrame({"y": y, "event": event, "count": event + 1, "a": x[:, 1], "b": x[:, 2], "year": year})
    effects = np.column_stack([x[:, 1:], *(year == k for k in range(4))]).astype(float)
    fit, same = {
        "feols": lambda: (pyfixest.feols("y ~ a + b | year", data), sm.OLS(y, effects).fit()),
        "logit": lambda: (pyfixest.feglm("event ~ a + b", data, family="logit"), sm.Logit(event, x).fit(disp=0)),
        "fepois": lambda: (pyfixest.fepois("count ~ a + b | year", data), sm.Poisson(event + 1, effects).fit(disp=0)),
    }[family]()
    found, wanted = dyadic_errors(fit, one, two), dyadic_errors(same, one, two)
    order = [wanted.names.index(f"x{k}") for k in (1, 2)] if family != "logit" else [1, 2]
    mine = [found.names.index(name) for name in ("a", "b")]
    ours, theirs = found.covariance[np.ix_(mine, mine)], wanted.covariance[np.ix_(order, order)]
    assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-7)
    assert found.observations == y.size
