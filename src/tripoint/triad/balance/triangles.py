"""Triangles of signed ties: how many of each kind, and how probable each is for three states.

Dittmer 1981, doi:10.2307/2010133; the two balanced kinds of Cartwright and Harary 1956, doi:10.1037/h0046049.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError

TriangleType = Literal["menage a trois", "romantic triangle", "stable marriage", "unit veto", "incomplete"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Dittmer's names by number of hostile ties; a triangle with a tie of no sign is incomplete.
DITTMER: tuple[TriangleType, ...] = ("menage a trois", "romantic triangle", "stable marriage", "unit veto")
#: How far the probabilities of a tie may be from summing to 1.
SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class TriadCensus:
    """Closed triangles by their signs.

    Attributes
    ----------
    ppp, ppm, pmm, mmm
        Triangles with 0, 1, 2 and 3 hostile ties.
    balance
        T = (ppp + pmm) / all; NaN without triangles [0-1].
    """

    ppp: int
    ppm: int
    pmm: int
    mmm: int
    balance: float

    @property
    def triangles(self) -> int:
        """Number of triangles whose three ties all have a sign."""
        return self.ppp + self.ppm + self.pmm + self.mmm


@dataclass(frozen=True, slots=True)
class TriangleProbabilities:
    """Probabilities of Dittmer's types for the triangle of states a, b, c.

    Attributes
    ----------
    menage, romantic, marriage, veto, incomplete
        Probability of each type [0-1]; they sum to 1. Arrays where the ties were arrays.
    pivot
        (..., 3) part of ``romantic`` in which a, b or c is the state that both others court.
    outsider
        (..., 3) part of ``marriage`` in which a, b or c stands outside the couple.
    """

    menage: Floats
    romantic: Floats
    marriage: Floats
    veto: Floats
    incomplete: Floats
    pivot: Floats
    outsider: Floats

    def by_type(self) -> dict[TriangleType, Floats]:
        """Return the probabilities under Dittmer's names."""
        values = (self.menage, self.romantic, self.marriage, self.veto)
        return {**dict(zip(DITTMER, values, strict=True)), "incomplete": self.incomplete}


def triad_census(n: int, edges: ArrayLike, signs: ArrayLike) -> TriadCensus:
    """Count the closed triangles by their signs.

    Parameters and errors as :func:`tripoint.triad.balance.frustration.frustration_index`.
    """
    from scipy.sparse import coo_array

    pairs, sign = check_network(n, edges, signs)

    def side(keep: NDArray[np.bool_]) -> coo_array:
        i, j = pairs[keep].T
        ones = np.ones(2 * i.size)
        return coo_array((ones, (np.concatenate([i, j]), np.concatenate([j, i]))), shape=(n, n)).tocsr()

    plus, minus = side(sign > 0), side(sign < 0)
    ppp = round(float(((plus @ plus) * plus).sum()) / 6)
    ppm = round(float(((plus @ plus) * minus).sum()) / 2)
    pmm = round(float(((minus @ minus) * plus).sum()) / 2)
    mmm = round(float(((minus @ minus) * minus).sum()) / 6)
    total = ppp + ppm + pmm + mmm
    return TriadCensus(ppp, ppm, pmm, mmm, (ppp + pmm) / total if total else float("nan"))


def triangle_type(signs: Sequence[int]) -> TriangleType:
    """Name a triangle by its three signs, each +1, 0 or -1.

    Raises :class:`~tripoint.errors.InputError` for anything but three such signs.
    """
    if len(signs) != 3 or any(s not in (-1, 0, 1) for s in signs):
        raise InputError(f"a triangle has three signs, each +1, 0 or -1, not {list(signs)}")
    return "incomplete" if 0 in signs else DITTMER[sum(s < 0 for s in signs)]


def triangle_probabilities(ab: ArrayLike, bc: ArrayLike, ca: ArrayLike) -> TriangleProbabilities:
    """Probabilities of Dittmer's types when the three signs are uncertain and independent.

    Parameters
    ----------
    ab, bc, ca
        (..., 3): P(+), P(0), P(-) of the ties a-b, b-c and c-a, summing to 1.

    Raises
    ------
    InputError
        Probabilities outside [0, 1] or not summing to 1.

    Notes
    -----
    Exact. Where the signs depend on each other, use :func:`triangle_shares` on joint draws.
    """
    ties = [np.asarray(t, dtype=float) for t in (ab, bc, ca)]
    for name, t in zip(("ab", "bc", "ca"), ties, strict=True):
        if t.shape[-1:] != (3,) or not (t >= 0).all() or not np.allclose(t.sum(axis=-1), 1, rtol=0, atol=SUM_TOLERANCE):
            raise InputError(f"tie {name} must be P(+), P(0), P(-), none negative, summing to 1; got {t.tolist()}")
    plus, minus = [t[..., 0] for t in ties], [t[..., 2] for t in ties]
    # The tie opposite a is bc (1), opposite b is ca (2), opposite c is ab (0).
    odd = [(1, 2, 0), (2, 0, 1), (0, 1, 2)]
    pivot = np.stack([minus[o] * plus[p] * plus[q] for o, p, q in odd], axis=-1)
    outsider = np.stack([plus[o] * minus[p] * minus[q] for o, p, q in odd], axis=-1)
    menage, veto = plus[0] * plus[1] * plus[2], minus[0] * minus[1] * minus[2]
    complete = (1 - ties[0][..., 1]) * (1 - ties[1][..., 1]) * (1 - ties[2][..., 1])
    return TriangleProbabilities(
        menage=menage,
        romantic=pivot.sum(axis=-1),
        marriage=outsider.sum(axis=-1),
        veto=veto,
        incomplete=1 - complete,
        pivot=pivot,
        outsider=outsider,
    )


def triangle_shares(draws: ArrayLike) -> TriangleProbabilities:
    """Shares of Dittmer's types over joint draws of the three signs.

    Parameters
    ----------
    draws
        (draws, 3): signs +1, 0 or -1 of a-b, b-c and c-a in each draw, dependent or not.
    """
    signs = np.asarray(draws)
    if signs.ndim != 2 or signs.shape[1] != 3 or not len(signs) or not np.isin(signs, (-1, 0, 1)).all():
        raise InputError(f"draws must be rows of three signs, each +1, 0 or -1, not an array of shape {signs.shape}")
    certain = np.stack([signs == 1, signs == 0, signs == -1], axis=-1).astype(float)
    each = triangle_probabilities(certain[:, 0], certain[:, 1], certain[:, 2])
    return TriangleProbabilities(
        menage=np.asarray(each.menage.mean()),
        romantic=np.asarray(each.romantic.mean()),
        marriage=np.asarray(each.marriage.mean()),
        veto=np.asarray(each.veto.mean()),
        incomplete=np.asarray(each.incomplete.mean()),
        pivot=each.pivot.mean(axis=0),
        outsider=each.outsider.mean(axis=0),
    )


def check_network(n: int, edges: ArrayLike, signs: ArrayLike) -> tuple[Ints, Ints]:
    """Return edges (m, 2) and signs (m,) as whole numbers, checked."""
    pairs, sign = np.asarray(edges), np.asarray(signs)
    if pairs.size == 0:
        pairs = np.zeros((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or sign.shape != (len(pairs),):
        raise InputError(f"edges must be (m, 2) and signs (m,), not {pairs.shape} and {sign.shape}")
    if len(pairs) and (not np.issubdtype(pairs.dtype, np.integer) or pairs.min() < 0 or pairs.max() >= n):
        raise InputError(
            f"edges must name nodes 0 to {n - 1} by whole numbers; they run from {pairs.min()} to {pairs.max()}"
        )
    bad = ~np.isin(sign, (-1, 1))
    if bad.any():
        raise InputError(
            f"sign {sign[bad][0]} of edge {int(np.argmax(bad))} must be +1 or -1; leave ties without sign out"
        )
    loops = pairs[:, 0] == pairs[:, 1]
    if loops.any():
        raise InputError(f"edge {int(np.argmax(loops))} ties node {pairs[loops][0, 0]} to itself")
    ordered = np.sort(pairs, axis=1)
    unique, counts = np.unique(ordered, axis=0, return_counts=True)
    if (counts > 1).any():
        raise InputError(f"nodes {unique[counts > 1][0].tolist()} are tied twice; give each pair one sign")
    return pairs.astype(np.int64), sign.astype(np.int64)
