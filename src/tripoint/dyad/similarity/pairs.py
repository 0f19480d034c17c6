"""How alike the positions of two states are: six measures of one pair, with intervals.

Two states' positions on the same items (votes, or alliance ties to the same targets) make one table of
how often a's category meets b's. Every measure is a function of that table, so that the same formula
serves one pair, its bootstrap draws, and all pairs of a year (:mod:`tripoint.dyad.similarity.tables`).

A missing position (NaN) is not a position: the item is left out for that pair, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.dyad.similarity.tables import (
    MEASURES,
    Categories,
    Measure,
    Metric,
    check_levels,
    check_weights,
    encode,
    evaluate,
)
from tripoint.errors import InputError
from tripoint.numerics.resample import bootstrap_weights, interval

Missing = Literal["omit", "raise"]
Floats = NDArray[np.float64]

__all__ = [
    "MEASURES",
    "Similarity",
    "agreement",
    "chance_corrected_s",
    "s_score",
    "scott_pi",
    "tau_b",
    "weighted_kappa",
]


@dataclass(frozen=True, slots=True)
class Similarity:
    """One measure of one pair.

    Attributes
    ----------
    value
        The measure; NaN where it is undefined, with ``reason``.
    low, high
        Bounds of the percentile bootstrap interval over items; NaN where ``draws`` is 0 or all are undefined.
    level
        Probability of the interval [0-1].
    items
        Items on which both positions are known.
    missing
        Items left out because a position is missing.
    undefined_draws
        Bootstrap draws in which the measure is undefined; they are left out of the interval.
    measure
        What was computed.
    levels
        The scale.
    weighted
        Whether items were weighted.
    reason
        Why the value is undefined; empty where it is defined.
    draws, seed
        How the interval was made.
    """

    value: float
    low: float
    high: float
    level: float
    items: int
    missing: int
    undefined_draws: int
    measure: Measure
    levels: tuple[float, ...]
    weighted: bool
    reason: str
    draws: int
    seed: int


def s_score(
    x: ArrayLike,
    y: ArrayLike,
    *,
    levels: ArrayLike,
    weights: ArrayLike | None = None,
    metric: Metric = "linear",
    missing: Missing = "omit",
    groups: ArrayLike | None = None,
    draws: int = 1000,
    level: float = 0.9,
    seed: int = 0,
) -> Similarity:
    """S = 1 - 2 sum w |x - y|^e / (d^e sum w), from -1 (as far apart as the scale allows) to 1 (alike).

    Parameters
    ----------
    x, y
        (k,) positions of the two states on the same items, each one of ``levels`` or NaN (missing). For
        alliances, a state's tie to itself is the highest level.
    levels
        The scale, lowest first: (0, 1, 2, 3) for alliances, (1, 2, 3) for votes. Its range is d.
    weights
        (k,) weight of each item, >= 0, such as the target's share of capabilities; they need not sum to 1.
    metric
        ``"linear"``: e = 1, absolute distances; ``"squared"``: e = 2.
    missing
        ``"omit"`` leaves out items on which a position is missing and counts them; ``"raise"`` refuses them.
    groups
        (k,) group of each item, such as the title of the resolution: whole groups are then drawn, as votes on one text
        that comes back every year are no independent draws. Each item is its own group when absent.
    draws
        Bootstrap draws over items, or groups, for the interval; 0 for none.
    level
        Probability of the interval [0-1].
    seed
        Seed of the bootstrap.

    Raises
    ------
    InputError
        Different lengths, a position that is not on the scale, a bad scale or weight, or missing positions
        where they are refused.

    Notes
    -----
    Signorino and Ritter 1999, doi:10.1111/0020-8833.00113. S looks at distances alone: two states without
    any ties are alike. The interval treats the items as a sample of those that might have come up.
    """
    if metric == "nominal":
        raise InputError("S needs distances: metric 'linear' or 'squared'; weighted_kappa and scott_pi have 'nominal'")
    return _measure(Measure("s", metric), x, y, levels, weights, missing, groups, draws, level, seed)


def weighted_kappa(
    x: ArrayLike,
    y: ArrayLike,
    *,
    levels: ArrayLike,
    weights: ArrayLike | None = None,
    metric: Metric = "squared",
    categories: Categories = "scale",
    missing: Missing = "omit",
    groups: ArrayLike | None = None,
    draws: int = 1000,
    level: float = 0.9,
    seed: int = 0,
) -> Similarity:
    """Cohen's weighted kappa = 1 - observed / expected disagreement, at most 1; 0 is chance, below is less.

    Parameters
    ----------
    metric
        Disagreement of two categories: ``"nominal"`` 0 or 1, ``"linear"`` their distance, ``"squared"`` its square.
    categories
        ``"scale"``: distances on ``levels``. ``"pair"``: the categories that occur in this pair are ranked and
        ranks compared, as psych::cohen.kappa does, on which the published valued kappas of alliances rest.
        The two differ only where a category between others does not occur.
    x, y, levels, weights, missing, groups, draws, level, seed
        As in :func:`s_score`, with the same errors.

    Notes
    -----
    Cohen 1968, doi:10.1037/h0026256: chance keeps each state's own distribution of categories. Undefined where
    both states hold one and the same category throughout.
    """
    return _measure(
        Measure("kappa", metric, categories=categories), x, y, levels, weights, missing, groups, draws, level, seed
    )


def scott_pi(
    x: ArrayLike,
    y: ArrayLike,
    *,
    levels: ArrayLike,
    weights: ArrayLike | None = None,
    metric: Metric = "nominal",
    categories: Categories = "scale",
    missing: Missing = "omit",
    groups: ArrayLike | None = None,
    draws: int = 1000,
    level: float = 0.9,
    seed: int = 0,
) -> Similarity:
    """Scott's pi = 1 - observed / expected disagreement, at most 1, from -1 up; 0 is chance.

    Parameters and errors as :func:`weighted_kappa`. ``metric="nominal"`` is what the R package fpsim gives.

    Notes
    -----
    Scott 1955, doi:10.1086/266577, weighted as in Haege 2011, doi:10.1093/pan/mpr011: chance gives both states
    their common distribution, so that a state with few ties is not excused by having few.
    """
    return _measure(
        Measure("pi", metric, categories=categories), x, y, levels, weights, missing, groups, draws, level, seed
    )


def tau_b(
    x: ArrayLike,
    y: ArrayLike,
    *,
    levels: ArrayLike,
    weights: ArrayLike | None = None,
    missing: Missing = "omit",
    groups: ArrayLike | None = None,
    draws: int = 1000,
    level: float = 0.9,
    seed: int = 0,
) -> Similarity:
    """Kendall's tau-b: concordant less discordant pairs of items, ties allowed for, from -1 to 1.

    Parameters and errors as :func:`s_score`; a weighted pair of items counts as the product of its weights.

    Notes
    -----
    Kendall 1945, doi:10.1093/biomet/33.3.239. It compares orders, not positions. Undefined where a state holds
    one category throughout.
    """
    return _measure(Measure("tau_b", "nominal"), x, y, levels, weights, missing, groups, draws, level, seed)


def agreement(
    x: ArrayLike,
    y: ArrayLike,
    *,
    levels: ArrayLike,
    weights: ArrayLike | None = None,
    missing: Missing = "omit",
    groups: ArrayLike | None = None,
    draws: int = 1000,
    level: float = 0.9,
    seed: int = 0,
) -> Similarity:
    """Mean of 1 - |x - y| / d, from 0 to 1: for votes, full agreement 1, with an abstention one half.

    Parameters and errors as :func:`s_score`. Leave unanimous votes out beforehand, as the field does:
    :func:`tripoint.dyad.similarity.matrix.contested` says which they are.

    Notes
    -----
    Lijphart 1963, doi:10.2307/1952608. It is (1 + S) / 2.
    """
    return _measure(Measure("agreement", "linear"), x, y, levels, weights, missing, groups, draws, level, seed)


def chance_corrected_s(
    x: ArrayLike,
    y: ArrayLike,
    *,
    levels: ArrayLike,
    weights: ArrayLike | None = None,
    metric: Metric = "linear",
    missing: Missing = "omit",
    groups: ArrayLike | None = None,
    draws: int = 1000,
    level: float = 0.9,
    seed: int = 0,
) -> Similarity:
    """A = S observed - S expected, from -2 to 2 (in practice within -1 and 1); 0 is chance.

    Parameters and errors as :func:`s_score`.

    Notes
    -----
    Benati and Capurri 2026, doi:10.1007/s11135-026-02814-x: S expected pairs the two states' own distributions
    at random, as kappa does. Unlike kappa it is defined where neither state ever varies (A = 0).
    """
    if metric == "nominal":
        raise InputError("S needs distances: metric 'linear' or 'squared'")
    return _measure(Measure("a", metric), x, y, levels, weights, missing, groups, draws, level, seed)


def _measure(
    measure: Measure,
    x: ArrayLike,
    y: ArrayLike,
    levels: ArrayLike,
    weights: ArrayLike | None,
    missing: Missing,
    groups: ArrayLike | None,
    draws: int,
    level: float,
    seed: int,
) -> Similarity:
    scale = check_levels(levels)
    a, b = encode(x, scale), encode(y, scale)
    if a.ndim != 1 or a.shape != b.shape:
        raise InputError(f"x and y must be positions on the same items, not arrays of shapes {a.shape} and {b.shape}")
    weight = check_weights(weights, a.size)
    known = (a >= 0) & (b >= 0)
    gone = int(a.size - known.sum())
    if missing not in ("omit", "raise"):
        raise InputError(f"missing '{missing}' must be 'omit' or 'raise'")
    if gone and missing == "raise":
        raise InputError(f"{gone} of {a.size} items have a missing position, the first at {int(np.argmin(known))}")
    if draws < 0:
        raise InputError(f"draws {draws} must be >= 0")
    if groups is not None and np.shape(groups) != a.shape:
        raise InputError(f"{a.size} items need a group each, not groups of shape {np.shape(groups)}")
    k, items = scale.size, int(known.sum())
    cells = np.zeros((items, k * k))
    cells[np.arange(items), a[known] * k + b[known]] = 1.0 if weight is None else weight[known]
    value = float(evaluate(measure, cells.sum(axis=0).reshape(k, k, 1), scale)[0])
    low = high = float("nan")
    undefined = 0
    if draws and items:
        of = None if groups is None else np.asarray(groups)[known]
        tables = (cells.T @ bootstrap_weights(items, draws, seed=seed, groups=of).T).reshape(k, k, draws)
        resampled = evaluate(measure, tables, scale)
        undefined = int(np.isnan(resampled).sum())
        low, high = (float(bound) for bound in interval(resampled, level=level))
    return Similarity(
        value=value,
        low=low,
        high=high,
        level=level,
        items=items,
        missing=gone,
        undefined_draws=undefined,
        measure=measure,
        levels=tuple(float(v) for v in scale),
        weighted=weight is not None,
        reason=_reason(measure, cells) if np.isnan(value) else "",
        draws=draws,
        seed=seed,
    )


def _reason(measure: Measure, cells: Floats) -> str:
    if not len(cells):
        return "no item on which both positions are known"
    if not cells.any():
        return "every item has weight 0"
    if measure.kind == "tau_b":
        return "a state holds one category on every item"
    return "both states hold the same one category on every item"
