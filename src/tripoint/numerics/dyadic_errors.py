"""Standard errors for observations of pairs that share members (Aronow, Samii and Assenova 2015).

Two pairs with a member in common are not independent: what moves a state moves all of its pairs. Errors clustered by
pair leave that out and are too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tripoint.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DyadicErrors:
    """Covariance of coefficients that allows for shared members.

    Attributes
    ----------
    covariance
        Shape (k, k).
    errors
        Square roots of its diagonal, shape (k,); NaN where the estimate of the variance is negative.
    names
        Of the coefficients; empty where none were given.
    members, pairs, observations
        How many there are.
    repaired
        Whether the estimate was not positive semidefinite, and its negative eigenvalues were set to 0.
    """

    covariance: Floats
    errors: Floats
    names: tuple[str, ...]
    members: int
    pairs: int
    observations: int
    repaired: bool


def dyadic_covariance(scores: Any, bread: Any, one: Any, two: Any) -> Floats:
    """Covariance of an M-estimator with pairs that are correlated where they share a member.

    The meat sums the products of the scores of all observations whose pairs share a member, also over time. It is had
    from sums by member and by pair: :math:`M = \\sum_i S_i S_i' - \\sum_{d} S_d S_d'`, where :math:`S_i` sums
    the scores of all observations with member :math:`i` and :math:`S_d` those of pair :math:`d`, which the
    first sum holds twice.

    Parameters
    ----------
    scores
        Derivative of the log-likelihood (for least squares: regressor times residual) by observation, shape (n, k).
    bread
        Inverse of the negative Hessian (for least squares: of X'X), shape (k, k).
    one, two
        Members of the pair of every observation, shape (n,); their order does not matter.

    Returns
    -------
    numpy.ndarray
        ``bread @ meat @ bread``, shape (k, k), without any correction for the number of members.

    Raises
    ------
    InputError
        For shapes that do not fit, values that are not finite, or an observation of a member with itself.

    References
    ----------
    Aronow, P. M., C. Samii and V. A. Assenova. 2015. doi:10.1093/pan/mpv018.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0], [1.0], [1.0]])
    >>> dyadic_covariance(x * [[1.0], [-2.0], [1.0]], [[1 / 3]], [1, 1, 2], [2, 3, 3]).round(6)
    array([[0.]])
    """
    s, b = np.asarray(scores, float), np.asarray(bread, float)
    first, second = np.asarray(one), np.asarray(two)
    n, k = s.shape if s.ndim == 2 else (s.shape[0], -1)
    if s.ndim != 2 or b.shape != (k, k) or first.shape != (n,) or second.shape != (n,):
        raise InputError(
            f"scores {s.shape}, bread {b.shape}, members {first.shape} and {second.shape} do not fit; "
            "give (n, k), (k, k), (n,) and (n,)"
        )
    if not (np.isfinite(s).all() and np.isfinite(b).all()):
        raise InputError("scores and bread must be finite; drop rows with missing values before the fit")
    if (first == second).any():
        raise InputError("an observation is of a member with itself; errors are of pairs of two members")
    members, code = np.unique(np.concatenate([first, second]), return_inverse=True)
    low, high = np.minimum(code[:n], code[n:]), np.maximum(code[:n], code[n:])
    _, pair = np.unique(low.astype(np.int64) * members.size + high, return_inverse=True)
    by_member = _sums(np.concatenate([s, s]), code, members.size)
    by_pair = _sums(s, pair, int(pair.max(initial=-1)) + 1)
    meat = by_member.T @ by_member - by_pair.T @ by_pair
    return np.asarray(b @ meat @ b)


def dyadic_errors(fit: Any, one: Any, two: Any, *, repair: bool = False) -> DyadicErrors:
    """Standard errors of a fitted model of pairs, robust to shared members.

    Parameters
    ----------
    fit
        A result of statsmodels: ``OLS``, ``WLS``, ``Logit``, ``Probit``, ``Poisson`` or ``GLM`` (with its canonical or
        another link), from arrays or formulas; or of pyfixest: ``feols``, ``feglm`` or ``fepois``, also with fixed
        effects.
    one, two
        Members of the pair of every observation of the fit, shape (n,): ``frame["ccode1"]``, ``frame["ccode2"]``
        after the rows that the fit dropped are dropped.
    repair
        Whether negative eigenvalues of an estimate that is not positive semidefinite are set to 0.

    Returns
    -------
    DyadicErrors
        Covariance and standard errors.

    Raises
    ------
    InputError
        For a model without scores, or members that are not as many as its observations.

    Notes
    -----
    With few members (below about 50) the errors are too small. A pair observed once and members that never
    meet again make the estimate unstable; it may then not be positive semidefinite.

    References
    ----------
    Aronow, P. M., C. Samii and V. A. Assenova. 2015. doi:10.1093/pan/mpv018.
    """
    scores, bread, names = _of_pyfixest(fit) if hasattr(fit, "_coefnames") else _of_statsmodels(fit)
    found = dyadic_covariance(scores, bread, one, two)
    values, vectors = np.linalg.eigh((found + found.T) / 2)
    negative = bool((values < -1e-12 * max(abs(values).max(), 1e-300)).any())
    if repair and negative:
        found = (vectors * np.maximum(values, 0)) @ vectors.T
    variance = np.diag(found)
    pairs = {frozenset(p) for p in zip(np.asarray(one).tolist(), np.asarray(two).tolist(), strict=True)}
    return DyadicErrors(
        covariance=found,
        errors=np.sqrt(np.where(variance >= 0, variance, np.nan)),
        names=tuple(str(name) for name in names),
        members=len(frozenset().union(*pairs)),
        pairs=len(pairs),
        observations=scores.shape[0],
        repaired=repair and negative,
    )


def _of_pyfixest(fit: Any) -> tuple[Floats, Floats, Any]:
    """Scores, bread and names of a result of pyfixest, whose fixed effects are taken out of both."""
    return np.asarray(fit._scores, float), np.linalg.inv(np.asarray(fit._hessian, float)), fit._coefnames


def _of_statsmodels(fit: Any) -> tuple[Floats, Floats, Any]:
    model, params = getattr(fit, "model", None), getattr(fit, "params", None)
    if model is None or params is None:
        raise InputError(
            f"{type(fit).__name__} is no fitted model of statsmodels or pyfixest; give what .fit() or feols() returned"
        )
    names = getattr(params, "index", getattr(model, "exog_names", ()))
    return (*_parts(fit, model, np.asarray(params, float)), names)


def _parts(fit: Any, model: Any, params: Floats) -> tuple[Floats, Floats]:
    """Scores by observation, and the inverse of the negative Hessian."""
    if hasattr(model, "score_obs"):
        scores = np.asarray(model.score_obs(params), float)
        return scores, np.linalg.inv(-np.asarray(model.hessian(params), float))
    if hasattr(model, "wexog") and hasattr(fit, "wresid"):
        x = np.asarray(model.wexog, float)
        return x * np.asarray(fit.wresid, float)[:, None], np.linalg.inv(x.T @ x)
    raise InputError(f"{type(model).__name__} gives no scores by observation; pass them to dyadic_covariance()")


def _sums(values: Floats, group: npt.NDArray[np.integer[Any]], groups: int) -> Floats:
    return np.column_stack([np.bincount(group, weights=column, minlength=groups) for column in values.T])
