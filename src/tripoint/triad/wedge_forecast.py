"""Does strain foretell the end of ties? A forecast within five years, tested out of time.

For each block of years the model learns only from pairs whose five years were over before the block began, and is
tested on the block. It is a ridge logistic regression on :data:`tripoint.triad.strain_panel.FEATURES`; its rivals
are the base rate, the age of the pledge alone, the kind of treaty alone, and votes alone. Scores: Brier 1950,
doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; area under the curve: Hanley and McNeil 1982,
doi:10.1148/radiology.143.1.7063747. Intervals resample pairs, since the years of a pair are not independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError, unknown
from tripoint.numerics.resample import interval
from tripoint.triad.strain_panel import FEATURES, HORIZON, StrainPanel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: What is forecast: either, the end of the pledge, or the onset of a rivalry.
Outcome = Literal["either", "ended", "onset"]
#: Penalty on standardized coefficients.
RIDGE = 10.0
#: Years for which one fit serves.
BLOCK = 5
#: Years of the past that a fit looks at: what ended ties under other great powers is left behind.
MEMORY = 30
#: Fewest ends in the past to learn from.
FEWEST = 20
#: Columns of each model.
MODELS: Mapping[str, tuple[str, ...]] = {
    "strain": FEATURES,
    "age of the pledge": ("age of the pledge",),
    "kind of treaty": ("defense or offense pledge", "two parties only"),
    "votes": ("vote distance", "votes known", "vote distance, change in 5 years"),
    "base rate": (),
}


@dataclass(frozen=True, slots=True)
class Score:
    """How well one model forecast.

    Attributes
    ----------
    model
        Its name.
    rows, events
        Pair-years forecast, and ends or rivalries among them.
    brier, brier_low, brier_high
        Mean squared error of the probability [0-1], and bounds of the 90 % interval over pairs.
    auc, auc_low, auc_high
        Chance that a pair whose tie ended was given more than one whose tie lasted in the same year [0-1]. Within
        the year, because ends have become rarer: across years even the base rate would seem to discriminate.
    skill
        1 - Brier / Brier of the base rate; below 0 the base rate does better.
    """

    model: str
    rows: int
    events: int
    brier: float
    brier_low: float
    brier_high: float
    auc: float
    auc_low: float
    auc_high: float
    skill: float


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Out-of-time forecasts of all models.

    Attributes
    ----------
    rows
        (n,) rows of the panel forecast.
    probability
        Model -> (n,) probability of an end or a rivalry within five years.
    scores
        One a model.
    calibration
        (bins, 3): mean forecast, share that ended, pair-years, of the strain model by tenths of its forecasts.
    coefficients
        Feature -> standardized coefficient of the last fit of the strain model.
    draws, seed
        Resamplings of pairs.
    """

    rows: NDArray[np.int64]
    probability: Mapping[str, Floats]
    scores: tuple[Score, ...]
    calibration: Floats
    coefficients: Mapping[str, float]
    draws: int
    seed: int


def forecast_strain(
    panel: StrainPanel,
    *,
    start: int = 1950,
    end: int = 2013,
    only: Bools | None = None,
    memory: int = MEMORY,
    outcome: Outcome = "either",
    draws: int = 200,
    seed: int = 0,
) -> Forecast:
    """Forecast every pair at risk in ``start`` to ``end`` with what was over before, and score the forecasts.

    Parameters
    ----------
    panel
        From :func:`tripoint.triad.strain_panel.build_strain_panel`.
    start, end
        Years forecast.
    only
        (n,) rows to learn from and to test on; all when absent.
    memory
        Years of the past to learn from.
    outcome
        What is forecast.
    draws, seed
        Resamplings of pairs for the intervals, and their seed.

    Raises
    ------
    InputError
        No rows to test on, or too few past ends to learn from.
    """
    use = panel.resolved if only is None else panel.resolved & only
    came = _came(panel, outcome)
    probability, last = _walk(panel, use, came, np.arange(start, end + 1), memory=memory)
    rows = np.flatnonzero(np.isfinite(probability["strain"]) & use & (panel.year >= start) & (panel.year <= end))
    if not rows.size:
        raise InputError(f"no resolved pair-years in {start}-{end} to forecast")
    truth = came[rows]
    cluster = np.unique(panel.pair[rows], axis=0, return_inverse=True)[1].ravel()
    picked = {name: p[rows] for name, p in probability.items()}
    base = float(((picked["base rate"] - truth) ** 2).mean())
    year = panel.year[rows]
    scores = tuple(_score(name, p, truth, year, cluster, base, draws, seed) for name, p in picked.items())
    return Forecast(rows, picked, scores, calibration(picked["strain"], truth), last, draws, seed)


def strain_path(panel: StrainPanel, a: str, b: str, *, since: int = 1945) -> tuple[tuple[int, float, float, bool], ...]:
    """A pair's strain year by year as it would have looked: year, forecast, base rate then, and what came of it."""
    rows = panel.rows_of(a, b)
    years = np.unique(panel.year[rows])
    probability, _ = _walk(panel, panel.resolved, panel.outcome, years[years >= since], block=1)
    return tuple(
        (
            int(panel.year[r]),
            float(probability["strain"][r]),
            float(probability["base rate"][r]),
            bool(panel.outcome[r]),
        )
        for r in rows
        if np.isfinite(probability["strain"][r])
    )


def _came(panel: StrainPanel, outcome: Outcome) -> Bools:
    known = {"either": panel.outcome, "ended": panel.ended, "onset": panel.onset}
    if outcome not in known:
        raise unknown("outcome", outcome, known)
    return known[outcome]


def _walk(
    panel: StrainPanel,
    use: Bools,
    came: Bools,
    years: NDArray[np.int64],
    *,
    block: int = BLOCK,
    memory: int = MEMORY,
) -> tuple[dict[str, Floats], dict[str, float]]:
    """Forecast block after block; each fit knows only outcomes that were over when the block began."""
    probability = {name: np.full(panel.year.size, np.nan) for name in MODELS}
    coefficients: dict[str, float] = {}
    for first in years[::block]:
        past = use & (panel.year + HORIZON <= first) & (panel.year + HORIZON > first - memory)
        test = (panel.year >= first) & (panel.year < first + block) & np.isin(panel.year, years)
        if not test.any():
            continue
        truth = came[past].astype(float)
        if truth.sum() < FEWEST:
            raise InputError(f"{int(truth.sum())} ends before {first} to learn from; {FEWEST} are needed")
        for name, columns in MODELS.items():
            at = [FEATURES.index(c) for c in columns]
            fitted = fit_logistic(panel.features[past][:, at], truth)
            probability[name][test] = fitted.predict(panel.features[test][:, at])
            if name == "strain":
                coefficients = dict(zip(columns, fitted.coefficients.tolist(), strict=True))
    return probability, coefficients


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted ridge logistic regression on standardized columns."""

    intercept: float
    coefficients: Floats
    center: Floats
    spread: Floats

    def predict(self, x: Floats) -> Floats:
        """Probability of each row of ``x`` (n, k)."""
        z = self.intercept + ((x - self.center) / self.spread) @ self.coefficients
        return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))))


def fit_logistic(x: ArrayLike, y: ArrayLike, *, ridge: float = RIDGE, steps: int = 50) -> Logistic:
    """Fit by Newton's method; the intercept is not penalized, so that the mean forecast is the base rate.

    Parameters
    ----------
    x, y
        (n, k) columns and (n,) outcomes 0 or 1.
    ridge
        Penalty, in the sum of squared standardized coefficients times one half.
    steps
        Limit of the iteration; it ends when a step is below 1e-8.
    """
    columns, truth = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    center = columns.mean(axis=0)
    spread = columns.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    z = np.column_stack([np.ones(truth.size), (columns - center) / spread])
    penalty = np.diag([0.0, *([ridge] * columns.shape[1])])
    share = float(np.clip(truth.mean(), 1e-6, 1 - 1e-6))
    beta = np.zeros(z.shape[1])
    beta[0] = np.log(share / (1 - share))

    def loss(b: Floats) -> float:
        eta = z @ b
        return float(np.logaddexp(0, eta).sum() - truth @ eta + b @ penalty @ b / 2)

    now = loss(beta)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
        hessian = (z * (p * (1 - p))[:, None]).T @ z + penalty
        step = np.linalg.solve(hessian + 1e-9 * np.eye(beta.size), z.T @ (truth - p) - penalty @ beta)
        size = 1.0
        while size > 1e-6 and (then := loss(beta + size * step)) > now:
            size /= 2
        if size <= 1e-6:
            break
        beta, now = beta + size * step, then
        if np.abs(step).max() < 1e-8:
            break
    return Logistic(float(beta[0]), beta[1:], center, spread)


def area_under_curve(
    forecast: ArrayLike, truth: ArrayLike, *, strata: ArrayLike | None = None, weights: ArrayLike | None = None
) -> float:
    """Chance that an event was given a larger forecast than a non-event, ties counting half; NaN without both.

    Parameters
    ----------
    forecast, truth
        (n,) probabilities and outcomes.
    strata
        (n,) groups, such as years: events are compared with non-events of their own group only.
    weights
        (n,) weights >= 0.
    """
    p, y = np.asarray(forecast, dtype=float), np.asarray(truth, dtype=bool)
    w = np.ones(p.size) if weights is None else np.asarray(weights, dtype=float)
    group = np.zeros(p.size) if strata is None else np.asarray(strata)
    _, stratum = np.unique(group, return_inverse=True)
    order = np.lexsort((p, stratum))
    fresh = np.append(True, (np.diff(p[order]) > 0) | (np.diff(stratum[order]) > 0))
    level = np.cumsum(fresh) - 1
    events = np.bincount(level, weights=(w * y)[order])
    others = np.bincount(level, weights=(w * ~y)[order])
    of_level = stratum[order][fresh]
    in_stratum = np.bincount(of_level, weights=others)
    before = np.append(0.0, np.cumsum(in_stratum)[:-1])
    below = np.cumsum(others) - others - before[of_level]
    total = (np.bincount(of_level, weights=events) * in_stratum).sum()
    return float((events * (below + others / 2)).sum() / total) if total > 0 else float("nan")


def calibration(forecast: ArrayLike, truth: ArrayLike, *, bins: int = 10) -> Floats:
    """(bins, 3): mean forecast, share that came true, and count, in bins of equal count from lowest to highest."""
    p, y = np.asarray(forecast, dtype=float), np.asarray(truth, dtype=float)
    parts: Sequence[NDArray[np.int64]] = np.array_split(np.argsort(p, kind="stable"), bins)
    return np.array([[p[i].mean(), y[i].mean(), i.size] for i in parts if i.size])


def _score(
    name: str,
    p: Floats,
    truth: Bools,
    year: NDArray[np.int64],
    cluster: NDArray[np.int64],
    base: float,
    draws: int,
    seed: int,
) -> Score:
    error = (p - truth) ** 2
    rng = np.random.default_rng(seed)
    groups = int(cluster.max()) + 1
    briers, aucs = np.empty(draws), np.empty(draws)
    for k in range(draws):
        weight = rng.multinomial(groups, np.full(groups, 1 / groups))[cluster].astype(float)
        briers[k] = (weight * error).sum() / weight.sum()
        aucs[k] = area_under_curve(p, truth, strata=year, weights=weight)
    brier_low, brier_high = interval(briers)
    auc_low, auc_high = interval(aucs)
    brier = float(error.mean())
    return Score(
        name,
        int(truth.size),
        int(truth.sum()),
        brier,
        float(brier_low),
        float(brier_high),
        area_under_curve(p, truth, strata=year),
        float(auc_low),
        float(auc_high),
        1 - brier / base,
    )
