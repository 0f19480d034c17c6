"""Similarity of all pairs at once: tables of every pair as products of category indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.dyad.similarity.tables import (
    Codes,
    Measure,
    check_levels,
    check_weights,
    encode,
    evaluate,
    measure_named,
)
from tripoint.errors import InputError
from tripoint.numerics.resample import bootstrap_weights, interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairSimilarity:
    """Measures of every unordered pair of ``n`` states: ``p`` = n (n - 1) / 2.

    Attributes
    ----------
    first, second
        (p,) rows of the two states in ``profiles``, first < second, sorted.
    items
        (p,) items on which both positions are known.
    values
        By measure, (p,); NaN where undefined.
    low, high
        By measure, (p,) bounds of the bootstrap interval; empty where ``draws`` is 0.
    level, draws, seed
        How the intervals were made.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    items: NDArray[np.int32]
    values: Mapping[str, Floats]
    low: Mapping[str, Floats]
    high: Mapping[str, Floats]
    level: float
    draws: int
    seed: int

    def matrix(self, measure: str) -> Floats:
        """Return one measure as a symmetric (n, n) matrix, NaN on the diagonal."""
        from tripoint.errors import unknown

        if measure not in self.values:
            raise unknown("computed measure", measure, self.values)
        n = int(self.second.max()) + 1
        square = np.full((n, n), np.nan)
        square[self.first, self.second] = square[self.second, self.first] = self.values[measure]
        return square


def contested(profiles: ArrayLike) -> NDArray[np.bool_]:
    """Items (m,) on which not all known positions of (n, m) profiles are the same."""
    p = np.asarray(profiles, dtype=float)
    known = ~np.isnan(p)
    high = np.where(known, p, -np.inf).max(axis=0)
    low = np.where(known, p, np.inf).min(axis=0)
    return np.asarray(high > low)


def similarity_matrix(
    profiles: ArrayLike,
    measures: Sequence[str],
    *,
    levels: ArrayLike,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    draws: int = 0,
    level: float = 0.9,
    seed: int = 0,
) -> PairSimilarity:
    """Measure the similarity of all pairs of states.

    Parameters
    ----------
    profiles
        (n, m) positions of n >= 2 states on m items, each one of ``levels`` or NaN (missing). For alliances
        the items are the n states themselves, and the diagonal holds the highest level.
    measures
        Names in :data:`tripoint.dyad.similarity.tables.MEASURES`.
    levels
        The scale, lowest first.
    weights
        (m,) weight of each item, >= 0, for the weighted measures (``s_w``, ``s_squared_w``).
    groups
        (m,) group of each item, such as the title of the resolution: whole groups are then drawn, as votes on one text
        are hardly more than one vote.
    draws
        Bootstrap draws over items, or groups, the same for all pairs; 0 (default) for no intervals. Memory grows with
        draws times pairs times measures.
    level, seed
        Probability of the intervals, and the seed of the bootstrap.

    Raises
    ------
    InputError
        A wrong shape, a position off the scale, a weighted measure without weights.
    UnknownNameError
        An unknown measure.
    """
    scale = check_levels(levels)
    codes = encode(profiles, scale)
    if codes.ndim != 2 or len(codes) < 2:
        raise InputError(f"profiles must be two states at least by items, not an array of shape {codes.shape}")
    chosen = {name: measure_named(name) for name in measures}
    if not chosen:
        raise InputError("name one measure at least")
    weight = check_weights(weights, codes.shape[1])
    if weight is None and (bare := [name for name, m in chosen.items() if m.weighted]):
        raise InputError(f"measures {bare} weigh items, but no weights were given")
    if draws < 0:
        raise InputError(f"draws {draws} must be >= 0")
    first, second = np.triu_indices(len(codes), 1)
    items, values = _evaluate_all(codes, chosen, scale, weight, None)
    low: dict[str, Floats] = {}
    high: dict[str, Floats] = {}
    if draws:
        counts = bootstrap_weights(codes.shape[1], draws, seed=seed, groups=groups)
        samples = [_evaluate_all(codes, chosen, scale, weight, c)[1] for c in counts]
        for name in chosen:
            low[name], high[name] = interval(np.stack([s[name] for s in samples]), level=level)
    return PairSimilarity(
        first=first.astype(np.int32),
        second=second.astype(np.int32),
        items=items.astype(np.int32),
        values=values,
        low=low,
        high=high,
        level=level,
        draws=draws,
        seed=seed,
    )


def pair_tables(codes: Codes, categories: int, weights: Floats | None) -> Floats:
    """Tables (k, k, p) of summed item weights for the pairs of ``np.triu_indices(n, 1)``.

    The tables of all pairs are one product of stacked category indicators with themselves. Without weights
    the products are counts, exact in single precision.
    """
    n, m = codes.shape
    kind: type[np.floating] = np.float32 if weights is None else np.float64
    stacked = (codes == np.arange(categories)[:, None, None]).astype(kind).reshape(categories * n, m)
    if weights is not None:
        stacked *= np.sqrt(weights)
    product = stacked @ stacked.T
    first, second = np.triu_indices(n, 1)
    place = first * (categories * n) + second
    tables = np.empty((categories, categories, first.size))
    for a in range(categories):
        for b in range(categories):
            tables[a, b] = product.ravel()[a * n * categories * n + b * n :].take(place)
    return tables


def _evaluate_all(
    codes: Codes,
    chosen: Mapping[str, Measure],
    scale: Floats,
    weights: Floats | None,
    counts: Floats | None,
) -> tuple[Floats, dict[str, Floats]]:
    """Items known to both, and each measure, for the pairs; ``counts`` is how often each item is drawn."""
    values: dict[str, Floats] = {}
    plain = pair_tables(codes, scale.size, counts)
    heavy = plain
    if any(m.weighted for m in chosen.values()) and weights is not None:
        heavy = pair_tables(codes, scale.size, weights if counts is None else weights * counts)
    for name, measure in chosen.items():
        values[name] = evaluate(measure, heavy if measure.weighted else plain, scale)
    return plain.sum(axis=(0, 1)), values
