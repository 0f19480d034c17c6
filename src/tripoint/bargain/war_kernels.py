"""Loops behind :mod:`tripoint.bargain.war`, compiled. Imported only when a war is solved.

A state is (t, w): t battles fought, w of them won by A. A then holds n + 2 w - t of N forts, and the war is
over where that is 0 or N. Arrays by state have shape (T + 1, T + 1) and are used where w <= t.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain.jit import compiled

Array = NDArray[np.float64]
Flags = NDArray[np.int8]

ABSENT, FIGHTING, SETTLED = 0, 1, 2
# Rounding must not turn an agreement at exactly the edge of the range into a war.
_EDGE = 1e-12


@compiled
def moved(chance: float, shift: float) -> float:
    """Move a chance by ``shift`` in log-odds."""
    if shift == 0.0 or chance <= 0.0 or chance >= 1.0:
        return chance
    return 1.0 / (1.0 + (1.0 - chance) / chance * math.exp(-shift))


@compiled
def settle(
    value_a: float, value_b: float, bar_a: float, bar_b: float, offer_a: float, offer_b: float, split: float
) -> float:
    """Return A's share where the sides settle, or -1 where they fight on.

    An offer is a share for A, or NaN for none; ``bar`` multiplies what a side must get to settle; a negative
    ``split`` rules out every division that is not an offer.
    """
    need_a = max(value_a, 0.0) * bar_a
    need_b = max(value_b, 0.0) * bar_b
    if offer_b >= need_a - _EDGE:
        return offer_b
    if 1.0 - offer_a >= need_b - _EDGE:
        return offer_a
    slack = 1.0 - need_a - need_b
    if slack < -_EDGE or split < 0.0:
        return -1.0
    return min(need_a + split * max(slack, 0.0), 1.0)


@compiled
def solve_back(
    n: int,
    N: int,
    priors: Array,
    credit: Array,
    boost: Array,
    shift: Array,
    costs: Array,
    discounts: Array,
    offers: Array,
    bars: Array,
    split: float,
    foresight: bool,
    last_a: Array,
    last_b: Array,
) -> tuple[Array, Array, Array, Array, Array, Flags]:
    """Value fighting on and settle, from the last battle back.

    ``priors`` is (A's a, A's b, B's a, B's b); ``credit`` the weight that A and B give to a battle as news;
    ``boost`` (2, T + 1) what is added to A's a and to B's b by date; ``costs`` and ``offers`` (2, T + 1) by
    side, as that side foresees them; ``shift`` (2, T + 1) in log-odds, likewise; ``last`` (T + 1) the values at
    the horizon by w.
    Returns A's value, B's value, the same for a war fought to the finish, A's share where settled, and the kind
    of each state.
    """
    T = shift.shape[1] - 1
    value_a = np.zeros((T + 1, T + 1))
    value_b = np.zeros((T + 1, T + 1))
    finish_a = np.zeros((T + 1, T + 1))
    finish_b = np.zeros((T + 1, T + 1))
    share = np.full((T + 1, T + 1), np.nan)
    kind = np.zeros((T + 1, T + 1), dtype=np.int8)
    for t in range(T, -1, -1):
        for w in range(t + 1):
            held = n + 2 * w - t
            if held >= N:
                value_a[t, w] = finish_a[t, w] = 1.0
                continue
            if held <= 0:
                value_b[t, w] = finish_b[t, w] = 1.0
                continue
            if t == T:
                va, vb = last_a[w], last_b[w]
                fa, fb = va, vb
            else:
                up = priors[0] + boost[0, t] + credit[0] * w
                sees_a = moved(up / (up + priors[1] + credit[0] * (t - w)), shift[0, t])
                up = priors[2] + credit[1] * w
                down = priors[3] + boost[1, t] + credit[1] * (t - w)
                sees_b = moved(up / (up + down), shift[1, t])
                win_a, win_b = value_a[t + 1, w + 1], value_b[t + 1, w + 1]
                lose_a, lose_b = value_a[t + 1, w], value_b[t + 1, w]
                if foresight:
                    if kind[t + 1, w + 1] == SETTLED:
                        win_a = share[t + 1, w + 1]
                        win_b = 1.0 - win_a
                    if kind[t + 1, w] == SETTLED:
                        lose_a = share[t + 1, w]
                        lose_b = 1.0 - lose_a
                va = discounts[0] * (sees_a * win_a + (1.0 - sees_a) * lose_a) - costs[0, t]
                vb = discounts[1] * (sees_b * win_b + (1.0 - sees_b) * lose_b) - costs[1, t]
                fa = sees_a * finish_a[t + 1, w + 1] + (1.0 - sees_a) * finish_a[t + 1, w]
                fa = discounts[0] * fa - costs[0, t]
                fb = sees_b * finish_b[t + 1, w + 1] + (1.0 - sees_b) * finish_b[t + 1, w]
                fb = discounts[1] * fb - costs[1, t]
            finish_a[t, w] = fa
            finish_b[t, w] = fb
            value_a[t, w] = va
            value_b[t, w] = vb
            agreed = settle(va, vb, bars[0], bars[1], offers[0, t], offers[1, t], split)
            if agreed >= 0.0:
                kind[t, w] = SETTLED
                share[t, w] = agreed
            else:
                kind[t, w] = FIGHTING
    return value_a, value_b, finish_a, finish_b, share, kind


@compiled
def run_forward(n: int, N: int, kind: Flags, truth: Array, known: bool, shift: Array) -> tuple[Array, Array]:
    """Spread probability over states from the start, exactly.

    ``truth`` is (a, b) of a Beta, or (p, -) where ``known``. Returns the probability of being in each state
    before anything is decided there (T + 1, T + 1), and how wars end by date (T + 1, 4): settled, won by A,
    won by B, undecided at the horizon.
    """
    T = len(shift) - 1
    mass = np.zeros((T + 1, T + 1))
    ends = np.zeros((T + 1, 4))
    mass[0, 0] = 1.0
    for t in range(T + 1):
        for w in range(t + 1):
            here = mass[t, w]
            if here == 0.0:
                continue
            held = n + 2 * w - t
            if held >= N:
                ends[t, 1] += here
            elif held <= 0:
                ends[t, 2] += here
            elif kind[t, w] == SETTLED:
                ends[t, 0] += here
            elif t == T:
                ends[t, 3] += here
            else:
                chance = truth[0] if known else (truth[0] + w) / (truth[0] + truth[1] + t)
                chance = moved(chance, shift[t])
                mass[t + 1, w + 1] += here * chance
                mass[t + 1, w] += here * (1.0 - chance)
    return mass, ends


@compiled
def run_wars(
    n: int, N: int, kind: Flags, share: Array, chances: Array, shift: Array, rng: np.random.Generator
) -> tuple[NDArray[np.int64], Flags, Array]:
    """Fight one war for each chance; returns its length, how it ended (0-3 as above), and A's share."""
    T = len(shift) - 1
    wars = len(chances)
    length = np.zeros(wars, dtype=np.int64)
    end = np.zeros(wars, dtype=np.int8)
    terms = np.zeros(wars)
    for i in range(wars):
        w = 0
        for t in range(T + 1):
            held = n + 2 * w - t
            if held >= N or held <= 0:
                length[i], end[i], terms[i] = t, 1 if held >= N else 2, 1.0 if held >= N else 0.0
                break
            if kind[t, w] == SETTLED:
                length[i], end[i], terms[i] = t, 0, share[t, w]
                break
            if t == T:
                length[i], end[i], terms[i] = t, 3, held / N
                break
            if rng.random() < moved(chances[i], shift[t]):
                w += 1
    return length, end, terms
