"""Where a state stands between poles: equidistance, evenness over blocs, betweenness, contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError
from tripoint.numerics.concentration import evenness
from tripoint.numerics.resample import interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Betweenness:
    """Where a state stands between two poles on one line: 0 at the first, 1 at the second.

    Attributes
    ----------
    value, low, high
        Median and bounds of the interval; outside [0, 1] where the state is beyond a pole.
    p_between
        Share of draws in which it stands between the poles [0-1].
    p_ordered
        Share of draws in which the poles stand in the same order as in most [0-1]. Well below 1 the poles
        are not apart, and being between them means little.
    level
        Probability of the interval [0-1].
    """

    value: float
    low: float
    high: float
    p_between: float
    p_ordered: float
    level: float


def equidistance(a: ArrayLike, b: ArrayLike) -> Floats:
    """1 - |a - b| / (a + b): 1 where the two ties are equal, 0 where one is all; NaN where both are 0.

    Raises :class:`~tripoint.errors.InputError` for a tie below 0.
    """
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if (x < 0).any() or (y < 0).any():
        raise InputError("equidistance compares ties >= 0")
    total = x + y
    return np.asarray(1 - np.abs(x - y) / np.where(total > 0, total, np.nan))


def bloc_evenness(values: ArrayLike, blocs: Sequence[Sequence[int]]) -> float:
    """Entropy of what goes to each bloc over its largest value, ln(blocs), from 0 (one bloc) to 1 (even).

    Parameters
    ----------
    values
        (partners,) amounts >= 0.
    blocs
        For each of two or more blocs, the places of its members in ``values``. Partners in no bloc are left out.

    Raises
    ------
    InputError
        Fewer than two blocs, a bloc without members, or a partner in two blocs.
    """
    x = np.asarray(values, dtype=float)
    members = [i for bloc in blocs for i in bloc]
    if len(blocs) < 2 or not all(blocs):
        raise InputError("bloc evenness needs two blocs at least, each with a member")
    if len(set(members)) != len(members):
        twice = next(i for i in members if members.count(i) > 1)
        raise InputError(f"partner {twice} is in two blocs; blocs must not overlap")
    return float(evenness([x[list(bloc)].sum() for bloc in blocs]))


def betweenness(theta: ArrayLike, pole_a: ArrayLike, pole_b: ArrayLike, *, level: float = 0.9) -> Betweenness:
    """B = (theta - theta_A) / (theta_B - theta_A), with its interval from joint posterior draws.

    Parameters
    ----------
    theta, pole_a, pole_b
        (draws,) positions of the state and the two poles in the same posterior draws, or single numbers.
    level
        Probability of the interval, in (0, 1).

    Raises
    ------
    InputError
        Different lengths, a missing position, or poles at one and the same point in a draw.
    """
    at, a, b = (np.atleast_1d(np.asarray(v, dtype=float)) for v in (theta, pole_a, pole_b))
    if not at.shape == a.shape == b.shape or at.ndim != 1:
        raise InputError(f"positions must come in the same draws, not shapes {at.shape}, {a.shape} and {b.shape}")
    if not np.isfinite(at + a + b).all():
        raise InputError("a position is missing; give draws in which all three are known")
    apart = b - a
    if (apart == 0).any():
        raise InputError(f"the poles are at one and the same point in {int((apart == 0).sum())} draws")
    ratio = (at - a) / apart
    low, high = interval(ratio, level=level)
    ordered = float((apart > 0).mean())
    return Betweenness(
        value=float(np.median(ratio)),
        low=float(low),
        high=float(high),
        p_between=float(((ratio > 0) & (ratio < 1)).mean()),
        p_ordered=max(ordered, 1 - ordered),
        level=level,
    )


def contradictions(held: ArrayLike, rivals: ArrayLike) -> tuple[tuple[int, int], ...]:
    """Pairs of commitments that tie a state to poles at odds with each other.

    Parameters
    ----------
    held
        (commitments, poles) True where a commitment the state holds is shared with a pole, as membership of
        one organization is.
    rivals
        (poles, poles) True where two poles are at odds; symmetric.

    Returns
    -------
    tuple
        Pairs (i, j), i < j, such that some pole of i is at odds with some pole of j, and no pole is in both.
        A commitment that joins rivals (as a universal organization does) contradicts nothing.
    """
    h, r = np.asarray(held, dtype=bool), np.asarray(rivals, dtype=bool)
    if h.ndim != 2 or r.shape != (h.shape[1], h.shape[1]) or (r != r.T).any() or r.diagonal().any():
        raise InputError(
            f"held must be commitments by poles and rivals a symmetric square of poles, not {h.shape} and {r.shape}"
        )
    within = np.einsum("ip,pq,iq->i", h, r, h) > 0
    odds = (h.astype(int) @ r.astype(int) @ h.T.astype(int) > 0) & ~(h.astype(int) @ h.T.astype(int) > 0)
    odds &= ~within[:, None] & ~within[None, :]
    return tuple((int(i), int(j)) for i, j in np.argwhere(np.triu(odds, 1)))
