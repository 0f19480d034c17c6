"""The formulas of similarity, as functions of tables of category by category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError, unknown

Formula = Literal["s", "kappa", "pi", "tau_b", "agreement", "a"]
Metric = Literal["nominal", "linear", "squared"]
Categories = Literal["scale", "pair"]
Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Expected disagreement, as a share of the largest possible, below which chance is taken to leave none.
NO_DISAGREEMENT = 1e-12


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its formula, how categories disagree, whether items are weighted, which categories count."""

    kind: Formula
    metric: Metric
    weighted: bool = False
    categories: Categories = "scale"


#: Named measures. ``w``: items weighted; ``pair``: categories ranked within the pair.
MEASURES: Mapping[str, Measure] = {
    "s": Measure("s", "linear"),
    "s_squared": Measure("s", "squared"),
    "s_w": Measure("s", "linear", weighted=True),
    "s_squared_w": Measure("s", "squared", weighted=True),
    "kappa_nominal": Measure("kappa", "nominal"),
    "kappa_linear": Measure("kappa", "linear"),
    "kappa_squared": Measure("kappa", "squared"),
    "kappa_linear_pair": Measure("kappa", "linear", categories="pair"),
    "kappa_squared_pair": Measure("kappa", "squared", categories="pair"),
    "pi_nominal": Measure("pi", "nominal"),
    "pi_linear": Measure("pi", "linear"),
    "pi_squared": Measure("pi", "squared"),
    "tau_b": Measure("tau_b", "nominal"),
    "agreement": Measure("agreement", "linear"),
    "a": Measure("a", "linear"),
    "a_squared": Measure("a", "squared"),
}


def measure_named(name: str) -> Measure:
    """Return the measure of that name; raises :class:`~tripoint.errors.UnknownNameError`."""
    if name not in MEASURES:
        raise unknown("similarity measure", name, MEASURES)
    return MEASURES[name]


def check_levels(levels: ArrayLike) -> Floats:
    """Return the scale as an increasing array of two levels at least."""
    scale = np.asarray(levels, dtype=float)
    if scale.ndim != 1 or scale.size < 2 or not np.isfinite(scale).all() or not (np.diff(scale) > 0).all():
        raise InputError(f"levels must be two numbers at least, lowest first, each once, not {scale.tolist()}")
    return scale


def check_weights(weights: ArrayLike | None, items: int) -> Floats | None:
    """Return weights as an array of ``items`` numbers >= 0, or None."""
    if weights is None:
        return None
    w = np.asarray(weights, dtype=float)
    if w.shape != (items,):
        raise InputError(f"weights must be one for each of {items} items, not an array of shape {w.shape}")
    if not (w >= 0).all():
        bad = int(np.argmin(w >= 0))
        raise InputError(f"weight {w[bad]} of item {bad} must be a number >= 0; give 0 to leave an item out")
    return w


def encode(positions: ArrayLike, scale: Floats) -> Codes:
    """Turn positions into places on the scale, with -1 for NaN.

    Raises :class:`~tripoint.errors.InputError` for a position that is not on the scale.
    """
    try:
        values = np.asarray(positions, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"positions must be numbers on the scale: {error}") from None
    known = ~np.isnan(values)
    place = np.minimum(np.searchsorted(scale, values), scale.size - 1)
    off = known & (scale[place] != values)
    if off.any():
        raise InputError(
            f"position {values[off][0]:g} is not on the scale {scale.tolist()}; "
            "recode it, or give NaN where there is no position"
        )
    return np.where(known, place, -1).astype(np.int64)


def evaluate(measure: Measure, tables: Floats, scale: Floats) -> Floats:
    """Evaluate a measure on ``n`` tables of summed item weights.

    Parameters
    ----------
    measure
        What to compute.
    tables
        (k, k, n): the first state's category, the second's, the table. In this order every step below runs
        along contiguous memory.
    scale
        (k,) levels, lowest first.

    Returns
    -------
    ndarray
        (n,), NaN where the measure is undefined.
    """
    total = tables.sum(axis=(0, 1))
    total = np.where(total > 0, total, np.nan)
    if measure.kind == "tau_b":
        return _tau_b(tables / total)
    rows, columns = tables.sum(axis=1) / total, tables.sum(axis=0) / total
    if measure.kind == "pi":
        rows = columns = (rows + columns) / 2
    chance = measure.kind in ("kappa", "pi", "a")
    if measure.categories == "pair":
        observed, expected = _by_rank(tables, total, rows, columns, measure.metric)
    else:
        distance = _disagreement(scale, measure.metric)
        observed = distance.ravel() @ tables.reshape(distance.size, -1) / total
        expected = ((distance @ rows) * columns).sum(axis=0) if chance else observed
    if measure.kind == "s":
        return np.asarray(1 - 2 * observed)
    if measure.kind == "agreement":
        return np.asarray(1 - observed)
    if measure.kind == "a":
        return np.asarray(2 * (expected - observed))
    return np.asarray(1 - observed / np.where(expected > NO_DISAGREEMENT, expected, np.nan))


def _metric_of(apart: Floats, metric: Metric) -> Floats:
    if metric == "nominal":
        return (apart > 0).astype(float)
    if metric not in ("linear", "squared"):
        raise unknown("metric", metric, ("nominal", "linear", "squared"))
    return apart if metric == "linear" else apart**2


def _disagreement(scale: Floats, metric: Metric) -> Floats:
    """(k, k) disagreement of two categories [0-1], 1 for the ends of the scale."""
    return _metric_of(np.abs(scale[:, None] - scale[None, :]) / (scale[-1] - scale[0]), metric)


def _by_rank(tables: Floats, total: Floats, rows: Floats, columns: Floats, metric: Metric) -> tuple[Floats, Floats]:
    """Observed and expected disagreement by rank among the categories that occur in each table, (n,) each."""
    rank = np.cumsum(rows + columns > 0, axis=0) - 1.0
    rank /= np.maximum(rank[-1], 1.0)
    observed, expected = np.zeros_like(total), np.zeros_like(total)
    for a in range(len(rank)):
        for b in range(a):
            apart = _metric_of(rank[a] - rank[b], metric)
            observed += apart * (tables[a, b] + tables[b, a])
            expected += apart * (rows[a] * columns[b] + rows[b] * columns[a])
    return observed / total, expected


def _tau_b(tables: Floats) -> Floats:
    """Kendall's tau-b from shares of ordered pairs of items; an item is tied with itself."""
    surplus = np.zeros_like(tables[0, 0])
    before = np.zeros_like(tables[0])  # the first state's lower categories, by the second's
    for a in range(1, len(tables)):
        before += tables[a - 1]
        for b in range(len(tables)):
            surplus += tables[a, b] * (before[:b].sum(axis=0) - before[b + 1 :].sum(axis=0))
    spread = np.sqrt(_untied(tables.sum(axis=1))) * np.sqrt(_untied(tables.sum(axis=0)))
    return np.asarray(surplus / np.where(spread > 0, spread, np.nan))


def _untied(shares: Floats) -> Floats:
    """Share (n,) of pairs in different categories, counted without order: no difference of near-equal numbers."""
    return np.asarray((shares[1:] * np.cumsum(shares, axis=0)[:-1]).sum(axis=0))
