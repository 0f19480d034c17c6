"""How concentrated a whole is on its parts: shares, Herfindahl-Hirschman index, effective number, evenness."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError

Floats = NDArray[np.float64]


def shares(values: ArrayLike) -> Floats:
    """Share of each part in the whole, along the last axis; NaN where the whole is 0.

    Parameters
    ----------
    values
        (..., k) amounts >= 0. A missing amount (NaN) makes every share of its whole NaN: what is not known
        cannot be shared out.

    Raises
    ------
    InputError
        An amount below 0, or no parts.
    """
    x = np.asarray(values, dtype=float)
    if x.ndim == 0 or x.shape[-1] == 0:
        raise InputError("shares need one part at least")
    if (x < 0).any():
        raise InputError(f"amounts must be >= 0, not {x[x < 0][0]:g}")
    total = x.sum(axis=-1, keepdims=True)
    return np.asarray(x / np.where(total > 0, total, np.nan))


def hhi(values: ArrayLike) -> Floats:
    """Herfindahl-Hirschman index: the sum of squared shares, from 1 / k (even) to 1 (one partner).

    Parameters and errors as :func:`shares`. Rhoades 1993, Federal Reserve Bulletin 79:188.
    """
    return np.asarray((shares(values) ** 2).sum(axis=-1))


def effective_partners(values: ArrayLike) -> Floats:
    """1 / HHI: how many equal partners would be as concentrated, from 1 to k.

    Parameters and errors as :func:`shares`. Laakso and Taagepera 1979, doi:10.1177/001041407901200101.
    """
    return np.asarray(1 / hhi(values))


def evenness(values: ArrayLike) -> Floats:
    """Entropy of the shares over its largest value, ln k, from 0 (one part has all) to 1 (even).

    Parameters as :func:`shares`; one part alone has no evenness and raises
    :class:`~tripoint.errors.InputError`. Pielou 1966, doi:10.1016/0022-5193(66)90013-0.
    """
    s = shares(values)
    k = s.shape[-1]
    if k < 2:
        raise InputError("evenness needs two parts at least")
    terms = s * np.log(np.where(s > 0, s, 1.0))
    return np.asarray(np.abs(terms.sum(axis=-1)) / np.log(k))
