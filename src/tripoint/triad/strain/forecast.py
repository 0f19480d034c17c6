"""Does strain foretell the end of ties? A forecast within five years, tested out of time.

For each block of years the model learns only from pairs whose five years were over before the block began, and is
tested on the block. It is a ridge logistic regression on :data:`tripoint.triad.strain.panel.FEATURES` whose
coefficients keep the signs that theory gives them: the data say how much a cause counts, and not which way. (Chosen on
forecasts of 1950-79, where it had the better Brier score than a free regression.) Its rivals are the base rate, the
age of the pledge alone, the kind of treaty alone, and votes alone. The level of all of these looks back thirty years,
and ties have become steadier; so the rate of the last years, and votes with their level moved to it, are tried too.
What has skill is hollowing from votes at the level of the times; the end of pledges is forecast by nothing here.
Scores: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; area under the curve: Hanley and McNeil 1982,
doi:10.1148/radiology.143.1.7063747. Intervals resample pairs, since the years of a pair are not independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError, unknown
from tripoint.numerics.resample import interval
from tripoint.triad.strain.panel import FEATURES, HORIZON, SIGNS, StrainPanel

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: What is forecast: the end of the pledge, its hollowing, the onset of a rivalry, or any of the three.
Outcome = Literal["any", "ended", "hollowed", "onset"]
#: Penalty on standardized coefficients.
RIDGE = 10.0
#: Years for which one fit serves.
BLOCK = 5
#: Years of the past that a fit looks at: what ended ties under other great powers is left behind.
MEMORY = 30
#: Fewest ends in the past to learn from.
FEWEST = 20
#: Least probability in a logarithm.
_TINY = 1e-9
#: Columns of each model.
MODELS: Mapping[str, tuple[str, ...]] = {
    "strain": FEATURES,
    "age of the pledge": ("age of the pledge",),
    "kind of treaty": ("defense or offense pledge", "two parties only"),
    "votes": ("vote distance", "votes known", "vote distance, change in 5 years"),
    "base rate": (),
}
#: Years over which the level of the times may be taken. Each year takes the one whose forecasts had the least log loss
#: in the last :data:`JUDGED` years whose outcomes were over: no year is judged by what came after it.
LEVELS = (3, 5, 10, 30)
JUDGED = 10
#: Models with their level moved, year by year, to what was seen in the last years whose outcome is over.
LEVELED: Mapping[str, str] = {"votes, level of the times": "votes", "rate of the last years": "base rate"}


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
    log_loss
        Mean of minus the logarithm of the probability given to what came.
    ratio
        Mean forecast over the share that came true; 1 is the right level.
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
    log_loss: float
    ratio: float


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
        (bins, 5): mean forecast, share that came true with its 90 % interval over pairs, and pair-years, of the strain
        model by tenths of its forecasts.
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
    levels: tuple[int, ...] = LEVELS,
    outcome: Outcome = "any",
    draws: int = 200,
    seed: int = 0,
) -> Forecast:
    """Forecast every pair at risk in ``start`` to ``end`` with what was over before, and score the forecasts.

    Parameters
    ----------
    panel
        From :func:`tripoint.triad.strain.panel.build_strain_panel`.
    start, end
        Years forecast.
    only
        (n,) rows to learn from and to test on; all when absent.
    memory
        Years of the past to learn from.
    levels
        Years over which the level of the times may be taken; which, is chosen year by year on the past.
    outcome
        What is forecast.
    draws, seed
        Resamplings of pairs for the intervals, and their seed.

    Raises
    ------
    InputError
        No rows to test on, or too few past ends to learn from.
    """
    came, known = outcome_of(panel, outcome)
    use = known if only is None else known & only
    before = max(start - HORIZON - JUDGED, _first_year(panel, use, came))
    probability, last = _walk(panel, use, came, np.arange(min(before, start), end + 1), memory=memory, levels=levels)
    rows = np.flatnonzero(np.isfinite(probability["strain"]) & use & (panel.year >= start) & (panel.year <= end))
    if not rows.size:
        raise InputError(f"no resolved pair-years in {start}-{end} to forecast")
    truth = came[rows]
    cluster = np.unique(panel.pair[rows], axis=0, return_inverse=True)[1].ravel()
    picked = {name: p[rows] for name, p in probability.items()}
    base = float(((picked["base rate"] - truth) ** 2).mean())
    year = panel.year[rows]
    scores = tuple(_score(name, p, truth, year, cluster, base, draws, seed) for name, p in picked.items())
    tenths = calibration(picked["strain"], truth, cluster, draws=draws, seed=seed)
    return Forecast(rows, picked, scores, tenths, last, draws, seed)


def _first_year(panel: StrainPanel, use: Bools, came: Bools) -> int:
    """The first year at which enough ends are over to learn from."""
    ended = np.sort(panel.year[use & came]) + HORIZON
    return int(ended[FEWEST - 1]) if ended.size >= FEWEST else int(panel.year.max())


def strain_path(panel: StrainPanel, a: str, b: str, *, since: int = 1955) -> tuple[tuple[int, float, float, bool], ...]:
    """A pair's strain year by year as it would have looked: year, forecast of any, base rate then, what came of it."""
    came, known = outcome_of(panel, "any")
    rows = panel.rows_of(a, b)
    years = np.unique(panel.year[rows])
    probability, _ = _walk(panel, known, came, years[years >= since], block=1)
    strain, base = probability["strain"], probability["base rate"]
    return tuple(
        (int(panel.year[r]), float(strain[r]), float(base[r]), bool(came[r])) for r in rows if np.isfinite(strain[r])
    )


def outcome_of(panel: StrainPanel, outcome: Outcome) -> tuple[Bools, Bools]:
    """(n,) whether an outcome came within the horizon, and whether the evidence can tell."""
    found = {
        "any": (panel.outcome, panel.resolved & panel.compared),
        "ended": (panel.ended, panel.resolved),
        "hollowed": (panel.hollowed, panel.resolved & panel.compared),
        "onset": (panel.onset, panel.resolved),
    }
    if outcome not in found:
        raise unknown("outcome", outcome, found)
    return found[outcome]


def _walk(
    panel: StrainPanel,
    use: Bools,
    came: Bools,
    years: NDArray[np.int64],
    *,
    block: int = BLOCK,
    memory: int = MEMORY,
    levels: tuple[int, ...] = LEVELS,
) -> tuple[dict[str, Floats], dict[str, float]]:
    """Forecast block after block; each fit knows only outcomes that were over when the block began."""
    probability = {name: np.full(panel.year.size, np.nan) for name in (*MODELS, *LEVELED)}
    over = panel.year + HORIZON
    judged: dict[tuple[str, int], dict[int, float]] = {}
    coefficients: dict[str, float] = {}
    for first in years[::block]:
        past = use & (over <= first) & (over > first - memory)
        test = (panel.year >= first) & (panel.year < first + block) & np.isin(panel.year, years)
        if not test.any():
            continue
        truth = came[past].astype(float)
        if truth.sum() < FEWEST:
            raise InputError(f"{int(truth.sum())} cases before {first} to learn from; {FEWEST} are needed")
        for name, columns in MODELS.items():
            at = [FEATURES.index(c) for c in columns]
            fitted = fit_logistic(panel.features[past][:, at], truth, signs=[SIGNS[c] for c in columns])
            probability[name][test] = fitted.predict(panel.features[test][:, at])
            if name == "strain":
                coefficients = dict(zip(columns, fitted.coefficients.tolist(), strict=True))
            for leveled in (k for k, of in LEVELED.items() if of == name):
                for year in np.unique(panel.year[test]).tolist():
                    now, found = test & (panel.year == year), {}
                    odds = np.log(probability[name][now]) - np.log1p(-probability[name][now])
                    for level in levels:
                        recent = use & (over <= year) & (over > year - level)
                        found[level] = _share(
                            odds + _shift(fitted.predict(panel.features[recent][:, at]), came[recent])
                        )
                        lost = _log_loss(found[level], came[now])[use[now]].sum()
                        judged.setdefault((leveled, level), {})[year] = float(lost)
                    probability[leveled][now] = found[_level(judged, leveled, levels, year)]
    return probability, coefficients


def _level(judged: Mapping[tuple[str, int], Mapping[int, float]], name: str, levels: tuple[int, ...], year: int) -> int:
    """The years of level that did best in the last years whose outcomes are over; the longest before any are."""

    def lost(level: int) -> float:
        return sum(v for y, v in judged[name, level].items() if year - JUDGED < y + HORIZON <= year)

    return min(sorted(levels, reverse=True), key=lost)


def _log_loss(p: Floats, truth: Bools) -> Floats:
    return np.asarray(-np.log(np.clip(np.where(truth, p, 1 - p), _TINY, None)))


def _shift(forecast: Floats, came: Bools) -> float:
    """What to add to log-odds so that the mean forecast is the share that came, half a case added; 0 without rows."""
    if not came.size:
        return 0.0
    from scipy.optimize import brentq

    odds = np.log(forecast) - np.log1p(-forecast)
    share = (came.sum() + 0.5) / (came.size + 1)
    return float(brentq(lambda d: _share(odds + d).mean() - share, -20.0, 20.0))


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted ridge logistic regression on standardized columns."""

    intercept: float
    coefficients: Floats
    center: Floats
    spread: Floats

    def predict(self, x: Floats) -> Floats:
        """Probability of each row of ``x`` (n, k)."""
        return _share(self.intercept + ((x - self.center) / self.spread) @ self.coefficients)


def _share(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


def fit_logistic(x: ArrayLike, y: ArrayLike, *, signs: Sequence[int] | None = None, ridge: float = RIDGE) -> Logistic:
    """Fit with signs kept; the intercept is not penalized, so that the mean forecast is the base rate.

    Parameters
    ----------
    x, y
        (n, k) columns and (n,) outcomes 0 or 1.
    signs
        (k,) 1 or -1 where a coefficient may not have the other sign, 0 where it is free; all free when absent.
    ridge
        Penalty, in the sum of squared standardized coefficients times one half.
    """
    from scipy.optimize import minimize

    columns, truth = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    center = columns.mean(axis=0)
    spread = columns.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    z = np.column_stack([np.ones(truth.size), (columns - center) / spread])
    penalty = np.r_[0.0, np.full(columns.shape[1], ridge)]
    share = float(np.clip(truth.mean(), 1e-6, 1 - 1e-6))
    start = np.zeros(z.shape[1])
    start[0] = np.log(share / (1 - share))

    def loss(b: Floats) -> tuple[float, Floats]:
        eta = z @ b
        slope = z.T @ (_share(eta) - truth) + penalty * b
        return float(np.logaddexp(0, eta).sum() - truth @ eta + penalty @ b**2 / 2), slope

    free = (None, None)
    bounds = [free, *({1: (0, None), -1: (None, 0)}.get(s, free) for s in signs or [0] * columns.shape[1])]
    options = {"ftol": 1e-14, "gtol": 1e-8, "maxiter": 2000}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    return Logistic(float(found[0]), np.asarray(found[1:]), center, spread)


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


def calibration(
    forecast: ArrayLike, truth: ArrayLike, cluster: ArrayLike, *, bins: int = 10, draws: int = 200, seed: int = 0
) -> Floats:
    """Compare forecasts with what came true, in bins of equal count from the lowest forecasts to the highest.

    Parameters
    ----------
    forecast, truth
        (n,) probabilities and outcomes.
    cluster
        (n,) code of the pair, whose years are not independent: the interval resamples pairs.
    bins, draws, seed
        How many bins, and resamplings.

    Returns
    -------
    numpy.ndarray
        (bins, 5): mean forecast, share that came true, bounds of its 90 % interval [0-1], and count.
    """
    p, y, pair = np.asarray(forecast, dtype=float), np.asarray(truth, dtype=float), np.asarray(cluster)
    rng = np.random.default_rng(seed)
    rows = []
    for i in np.array_split(np.argsort(p, kind="stable"), bins):
        if i.size:
            _, group = np.unique(pair[i], return_inverse=True)
            came, count = np.bincount(group, weights=y[i]), np.bincount(group)
            times = rng.multinomial(count.size, np.full(count.size, 1 / count.size), size=draws)
            rows.append((p[i].mean(), y[i].mean(), *interval(times @ came / (times @ count)), i.size))
    return np.array(rows, dtype=float)


def draw_calibration(found: Forecast, title: str, source: str) -> Figure:
    """Draw what came true against what strain forecast, by tenths of the forecasts."""
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import dot_interval

    table = pl.DataFrame(found.calibration, schema=["forecast", "came true", "low", "high", "pair-years"], orient="row")
    drawn = table.with_columns(
        pl.format("forecast {} %", (pl.col("forecast") * 100).round(1)).alias("label"),
        *(pl.col(c) * 100 for c in ("came true", "low", "high")),
    ).reverse()
    inside = ((table["low"] <= table["forecast"]) & (table["forecast"] <= table["high"])).sum()
    return Figure(
        spec=dot_interval(drawn, label="label", value="came true", low="low", high="high"),
        title=title,
        subtitle="Share that came true [%], by tenths of the pair-years from the highest forecast to the lowest; "
        "bar: 90 % interval over pairs",
        source=source,
        note="A forecast is good where its number lies within the bar of its row.",
        alt=f"In {inside} of {table.height} tenths the mean forecast lies within the interval of what came true.",
        table=table,
    )


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
        float(_log_loss(p, truth).mean()),
        float(p.mean() / truth.mean()) if truth.any() else float("nan"),
    )
