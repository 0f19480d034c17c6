"""Lasting or tactical: is a change in a series a new level, or will it fade?

Four kinds of change are tried inside a local-level model, beside no change at all:

==========  =========================================  ========
kind        effect from period t0 on                   reading
==========  =========================================  ========
outlier     at t0 only                                 tactical
transient   fades by 0.7 a period                      tactical
shift       stays                                      lasting
ramp        grows to its size in 5 periods, then stays  lasting
==========  =========================================  ========

Kinds of change: Chen and Liu 1993, doi:10.1080/01621459.1993.10594321. Model: Durbin and Koopman 2012,
doi:10.1093/acprof:oso/9780199641178.001.0001. Weights from information criteria: Burnham and Anderson 2002,
doi:10.1007/b97636. Many series: the prior of Westfall, Johnson and Utts 1997, doi:10.1093/biomet/84.2.419,
and Holm's correction of p-values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError, unknown
from tripoint.numerics.interventions import extremes, regress, scan, simulate
from tripoint.numerics.local_level import check_series, maximize
from tripoint.numerics.resample import holm

Kind = Literal["outlier", "transient", "shift", "ramp"]
Criterion = Literal["bic", "aic", "aicc"]
Verdict = Literal["lasting", "tactical", "changed", "no change", "undecided"]
Floats = NDArray[np.float64]

KINDS: tuple[Kind, ...] = ("outlier", "transient", "shift", "ramp")
LASTING: tuple[Kind, ...] = ("shift", "ramp")
#: Share of a transient change that is left one period later.
FADE = 0.7
#: Periods in which a ramp reaches its size.
RAMP_PERIODS = 5
#: Probability from which a verdict is given.
DECIDED = 0.8
#: Prior probability of no change in any series.
PRIOR_NONE = 0.5
#: Variances estimated in every model.
VARIANCES = 2


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change at its best date.

    Attributes
    ----------
    kind
        Kind of change.
    date
        Period t0, counted from 0.
    effect, se
        Size in units of the series, and its standard error given the variances.
    low, high
        Bounds of the 90 % interval.
    loglik, aic, bic
        At the best variances.
    probability
        Posterior weight over all dates tried [0-1].
    """

    kind: Kind
    date: int
    effect: float
    se: float
    low: float
    high: float
    loglik: float
    aic: float
    bic: float
    probability: float


@dataclass(frozen=True, slots=True)
class Lasting:
    """What the series says about a change.

    Attributes
    ----------
    verdict
        ``lasting`` or ``tactical`` where that reading has probability ``DECIDED``; ``changed`` where only some
        change has; ``no change`` likewise; else ``undecided``. The first three also need ``p_adjusted <= alpha``.
    p_none, p_lasting, p_tactical
        Probabilities of no change, of shift or ramp, of outlier or transient; they sum to 1.
    changes
        The kinds tried, each at its best date.
    date_weight
        (n,) posterior weight of each date, given that there was a change.
    none_loglik, none_aic, none_bic
        The model without a change.
    irregular, drift
        Its variances, in units of the series squared.
    statistic
        Largest likelihood-ratio statistic over kinds and dates.
    p_value
        Share of simulated series without a change whose statistic is as large: the largest such share over the
        fitted variances and the least and most drift compatible with the series; NaN where none were simulated.
    p_adjusted
        The same, corrected for ``series_count`` (Bonferroni); :func:`fit_many` applies Holm's sharper rule.
    alpha, criterion, prior_none, series_count, draws, seed, observed
        How it was made.
    """

    verdict: Verdict
    p_none: float
    p_lasting: float
    p_tactical: float
    changes: tuple[Change, ...]
    date_weight: Floats
    none_loglik: float
    none_aic: float
    none_bic: float
    irregular: float
    drift: float
    statistic: float
    p_value: float
    p_adjusted: float
    alpha: float
    criterion: Criterion
    prior_none: float
    series_count: int
    draws: int
    seed: int
    observed: int

    def change(self, kind: Kind) -> Change:
        """Return the entry of one kind."""
        found = {c.kind: c for c in self.changes}
        if kind not in found:
            raise unknown("kind of change", kind, found)
        return found[kind]

    def probability(self, kind: Kind) -> float:
        """Probability of one kind, such as P(shift) [0-1]."""
        return self.change(kind).probability


def effect_path(kind: Kind, date: int, periods: int) -> Floats:
    """Return the (periods,) path of a change of size 1 at ``date`` (see the table above)."""
    since = np.arange(periods, dtype=float) - date
    after = since >= 0
    if kind == "outlier":
        return np.asarray(since == 0, dtype=float)
    if kind == "transient":
        return np.where(after, FADE ** np.maximum(since, 0.0), 0.0)
    if kind == "shift":
        return after.astype(float)
    if kind == "ramp":
        return np.clip((since + 1) / RAMP_PERIODS, 0.0, 1.0)
    raise unknown("kind of change", kind, KINDS)


def fit_lasting(
    series: ArrayLike,
    *,
    date: int | None = None,
    error_var: ArrayLike | None = None,
    kinds: Sequence[Kind] = KINDS,
    criterion: Criterion = "bic",
    prior_none: float = PRIOR_NONE,
    series_count: int = 1,
    alpha: float = 0.05,
    draws: int = 199,
    seed: int = 0,
    initial_var: float | None = None,
) -> Lasting:
    """Weigh no change against four kinds of change, at a known date or any date.

    Parameters
    ----------
    series
        (n,) values by period, NaN missing.
    date
        Period in which the change would begin, 1 to n - 1; None tries every date on which the series was observed.
    error_var
        (n,) or one number: known measurement-error variance, in units of the series squared.
    kinds
        Kinds of change to try.
    criterion
        ``"bic"`` (default), ``"aic"`` or ``"aicc"``: weights are exp(-criterion / 2) times the prior.
    prior_none
        Prior probability of no change, in (0, 1); the kinds share the rest equally, and the dates each kind's share.
    series_count
        How many series are being looked at. The prior of no change becomes ``prior_none ** (1 / series_count)``,
        so that no change in any of them keeps ``prior_none``, and the p-value is multiplied by it.
    alpha
        Largest adjusted p-value at which the verdict may be that there was a change.
    draws
        Series without a change to simulate for the p-value, at each of three sets of variances; 0 for none (the
        verdict then rests on the probabilities alone).
    seed
        Seed of the simulation.
    initial_var
        Variance of the first level around 0; None (default) is exactly diffuse. 1e6 is what statsmodels uses.

    Raises
    ------
    InputError
        Too few observations, no variation, a date outside the series or never observed, an unknown kind or criterion.

    Notes
    -----
    The unknown date is averaged over, not picked: a kind's weight is the mean over dates. At the last
    observation all kinds but the ramp are the same series, and the ramp differs by its scale only, so that
    the data cannot tell them apart; nor can they soon after. How soon is what
    :func:`tripoint.dyad.lasting_horizon.observations_to_decide` says.
    """
    y, known, observed = check_series(series, error_var)
    dates = dates_to_try(date, observed)
    _check_options(kinds, criterion, prior_none, series_count, alpha, draws)
    candidates = [(kind, t) for kind in kinds for t in dates]
    paths = np.stack([effect_path(kind, t, y.size) for kind, t in candidates], axis=1)
    count = int(observed.sum())
    none_point, none_loglik, _ = maximize(y[:, None], observed, known, initial_var=initial_var)
    nulls = [none_point, *extremes(y, observed, known, initial_var)] if draws else []
    simulated = [simulate(point, y.size, known, draws, seed) for point in nulls]
    gain = scan(np.column_stack([y, *simulated]), paths, observed, known, initial_var)
    statistic = 2 * gain.max(axis=0)
    as_large = (statistic[1:] >= statistic[0]).reshape(len(nulls), draws).sum(axis=1)
    p_value = float((1 + as_large.max()) / (draws + 1)) if draws else float("nan")

    prior = prior_none ** (1 / series_count)
    penalty = _penalty(criterion, VARIANCES + 1, count) - _penalty(criterion, VARIANCES, count)
    log_weight = np.log((1 - prior) / len(candidates)) + gain[:, 0] - penalty / 2
    log_total = np.logaddexp.reduce(np.append(log_weight, np.log(prior)))
    weight = np.exp(log_weight - log_total).reshape(len(kinds), len(dates))
    changes = tuple(
        _at_best(kind, dates[int(np.argmax(weight[k]))], float(weight[k].sum()), y, observed, known, initial_var)
        for k, kind in enumerate(kinds)
    )
    date_weight = np.zeros(y.size)
    date_weight[list(dates)] = weight.sum(axis=0) / weight.sum()
    p_none = float(np.exp(np.log(prior) - log_total))
    p_lasting = sum(c.probability for c in changes if c.kind in LASTING)
    p_adjusted = min(1.0, p_value * series_count) if draws else float("nan")
    return Lasting(
        verdict=_verdict(p_none, p_lasting, significant=not p_adjusted > alpha),
        p_none=p_none,
        p_lasting=p_lasting,
        p_tactical=max(0.0, 1 - p_none - p_lasting),
        changes=changes,
        date_weight=date_weight,
        none_loglik=none_loglik,
        none_aic=-2 * none_loglik + _penalty("aic", VARIANCES, count),
        none_bic=-2 * none_loglik + _penalty("bic", VARIANCES, count),
        irregular=float(none_point.irregular[0]),
        drift=float(none_point.drift[0]),
        statistic=float(statistic[0]),
        p_value=p_value,
        p_adjusted=p_adjusted,
        alpha=alpha,
        criterion=criterion,
        prior_none=prior_none,
        series_count=series_count,
        draws=draws,
        seed=seed,
        observed=count,
    )


def fit_many(
    series: Mapping[str, ArrayLike],
    *,
    error_var: Mapping[str, ArrayLike] | None = None,
    date: int | None = None,
    criterion: Criterion = "bic",
    prior_none: float = PRIOR_NONE,
    alpha: float = 0.05,
    draws: int = 999,
    seed: int = 0,
) -> dict[str, Lasting]:
    """Fit each of many series, corrected for their number: the prior for all, Holm's p-values over all.

    The smallest p-value that simulation can give is 1 / (draws + 1); with m series, draws must be at least
    m / alpha - 1 for any of them to stand out, and fewer raise :class:`~tripoint.errors.InputError`.
    """
    from dataclasses import replace

    m = len(series)
    if m == 0 or draws + 1 < m / alpha:
        raise InputError(
            f"{m} series at alpha {alpha} need draws >= {max(int(np.ceil(m / alpha)) - 1, 1)}, not {draws}"
        )
    variances = error_var or {}
    fits = {
        name: fit_lasting(
            y,
            date=date,
            error_var=variances.get(name),
            criterion=criterion,
            prior_none=prior_none,
            series_count=m,
            alpha=alpha,
            draws=draws,
            seed=seed + i,
        )
        for i, (name, y) in enumerate(series.items())
    }
    adjusted = holm([fit.p_value for fit in fits.values()])
    return {
        name: replace(
            fit, p_adjusted=float(p), verdict=_verdict(fit.p_none, fit.p_lasting, significant=bool(p <= alpha))
        )
        for (name, fit), p in zip(fits.items(), adjusted, strict=True)
    }


def _check_options(
    kinds: Sequence[Kind], criterion: str, prior_none: float, series_count: int, alpha: float, draws: int
) -> None:
    for kind in kinds:
        if kind not in KINDS:
            raise unknown("kind of change", kind, KINDS)
    if not kinds or len(set(kinds)) != len(kinds):
        raise InputError(f"kinds of change must be given once each, not {list(kinds)}")
    if criterion not in ("bic", "aic", "aicc"):
        raise unknown("information criterion", criterion, ("bic", "aic", "aicc"))
    if not (0 < prior_none < 1 and series_count >= 1 and 0 < alpha < 1 and draws >= 0):
        raise InputError(
            f"prior_none {prior_none} and alpha {alpha} must be in (0, 1), "
            f"series_count {series_count} >= 1, draws {draws} >= 0"
        )


def dates_to_try(date: int | None, observed: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the dates to try: those observed after the first observation."""
    possible = np.flatnonzero(observed)[1:]
    if date is None:
        return tuple(int(t) for t in possible)
    if date not in possible:
        raise InputError(
            f"date {date} is not a period in which the series was observed after its first value; "
            f"such periods run from {possible[0]} to {possible[-1]}"
        )
    return (int(date),)


def _penalty(criterion: Criterion, k: int, n: int) -> float:
    if criterion == "bic":
        return float(k * np.log(n))
    if criterion == "aic":
        return 2.0 * k
    return 2.0 * k + 2 * k * (k + 1) / max(n - k - 1, 1)


def _at_best(
    kind: Kind,
    date: int,
    probability: float,
    y: Floats,
    observed: NDArray[np.bool_],
    error_var: Floats | None,
    initial_var: float | None,
) -> Change:
    columns = np.column_stack([y, effect_path(kind, date, y.size)])
    _, value, parts = maximize(columns, observed, error_var, initial_var=initial_var)
    effect, variance = regress(parts)
    se, count = float(np.sqrt(variance)), int(observed.sum())
    return Change(
        kind=kind,
        date=date,
        effect=effect,
        se=se,
        low=effect - 1.6448536269514722 * se,
        high=effect + 1.6448536269514722 * se,
        loglik=value,
        aic=-2 * value + _penalty("aic", VARIANCES + 1, count),
        bic=-2 * value + _penalty("bic", VARIANCES + 1, count),
        probability=probability,
    )


def _verdict(p_none: float, p_lasting: float, *, significant: bool) -> Verdict:
    p_tactical = 1 - p_none - p_lasting
    if significant and p_lasting >= DECIDED:
        return "lasting"
    if significant and p_tactical >= DECIDED:
        return "tactical"
    if significant and 1 - p_none >= DECIDED:
        return "changed"
    return "no change" if p_none >= DECIDED else "undecided"
