"""Resampling and testing often: bootstrap weights, intervals from draws, p-values of many tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError

Floats = NDArray[np.float64]


def bootstrap_weights(units: int, draws: int, *, seed: int, groups: ArrayLike | None = None) -> Floats:
    """How often each of ``units`` occurs in each of ``draws`` samples with replacement, (draws, units).

    Parameters
    ----------
    units, draws
        How many things are resampled, and how often.
    seed
        Seed of the draws.
    groups
        (units,) group of each unit. Whole groups are then drawn: units of one group are no independent draws.

    Notes
    -----
    Efron 1979, doi:10.1214/aos/1176344552; by groups, Cameron, Gelbach and Miller 2008, doi:10.1162/rest.90.3.414.
    """
    if units < 1 or draws < 1:
        raise InputError(f"a bootstrap needs one unit and one draw at least, not {units} and {draws}")
    if groups is not None:
        names, of = np.unique(np.asarray(groups), return_inverse=True)
        if of.shape != (units,):
            raise InputError(f"{units} units need a group each, not groups of shape {of.shape}")
        return bootstrap_weights(names.size, draws, seed=seed)[:, of]
    return np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=draws).astype(float)


def interval(draws: ArrayLike, *, level: float = 0.9, axis: int = 0) -> tuple[Floats, Floats]:
    """Bounds that leave out (1 - level) / 2 of the draws at each end, NaN draws ignored.

    Where every draw is NaN, so are the bounds. Raises :class:`~tripoint.errors.InputError` unless 0 < level < 1.
    """
    if not 0 < level < 1:
        raise InputError(f"level {level} must be in (0, 1)")
    values = np.asarray(draws, dtype=float)
    undefined = np.isnan(values).all(axis=axis, keepdims=True)
    low, high = np.nanquantile(np.where(undefined, 0.0, values), [(1 - level) / 2, (1 + level) / 2], axis=axis)
    gone = np.squeeze(undefined, axis=axis)
    return np.where(gone, np.nan, low), np.where(gone, np.nan, high)


def holm(p_values: ArrayLike) -> Floats:
    """Adjust p-values for their number by Holm's step-down rule (Scandinavian J. of Statistics 6:65, 1979)."""
    p = np.asarray(p_values, dtype=float)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise InputError("p-values must be a flat list of numbers in [0, 1]")
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
