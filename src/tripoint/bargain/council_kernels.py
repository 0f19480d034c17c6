"""Loops behind :mod:`tripoint.bargain.council`, compiled. Imported only when a council is solved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain.jit import compiled

Array = NDArray[np.float64]


@compiled
def win_chances(x: Array, weight: Array, risk: Array, width: float, all_pairs: bool) -> Array:
    """Chance that i prevails over j, from the votes of every actor; 0 where they hold the same position."""
    n = len(x)
    distance = np.empty((n, n))
    pull = np.zeros(n)  # sum over k of weight times |x_k - x_i|^r_k
    for i in range(n):
        for k in range(n):
            d = abs(x[k] - x[i]) / width
            distance[i, k] = weight[k] * (d if risk[k] == 1.0 else d ** risk[k])
            pull[i] += distance[i, k]
    for_i = np.zeros((n, n))
    everything = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            up = 0.0
            for k in range(n):
                up += max(distance[j, k] - distance[i, k], 0.0)
            for_i[i, j] = up
            for_i[j, i] = max(up - (pull[j] - pull[i]), 0.0)
            everything += 2.0 * (for_i[i, j] + for_i[j, i])
    chances = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            total = everything if all_pairs else for_i[i, j] + for_i[j, i]
            if x[i] != x[j] and total > 0.0:
                chances[i, j] = for_i[i, j] / total
    return chances


@compiled
def gain(success: float, failure: float, stay: float, chance: float, salience: float) -> float:
    """Expected gain from challenging an opponent who cares ``salience``: with the rest it gives in."""
    fight = chance * success + (1.0 - chance) * failure
    return salience * fight + (1.0 - salience) * success - stay


@compiled
def risks(x: Array, weight: Array, salience: Array, width: float, all_pairs: bool) -> Array:
    """Risk exponent of each actor [0.5-2], from how others would gain by challenging it."""
    n = len(x)
    chances = win_chances(x, weight, np.ones(n), width, all_pairs)
    danger = np.zeros(n)
    for i in range(n):
        for j in range(n):
            if i != j:
                d = 2.0 * abs(x[i] - x[j]) / width
                danger[i] += gain(d, -d, 0.0, chances[j, i], salience[i])  # utilities with r = 1
    low, high = danger.min(), danger.max()
    exponents = np.ones(n)
    if high > low:
        for i in range(n):
            scaled = (2.0 * danger[i] - high - low) / (high - low)
            exponents[i] = (1.0 - scaled / 3.0) / (1.0 + scaled / 3.0)
    return exponents


@compiled
def gains(
    x: Array, weight: Array, salience: Array, risk: Array, width: float, all_pairs: bool, own_view: bool
) -> tuple[Array, Array]:
    """Expected gains as each actor sees them.

    Returns ``mine[i, j]``, what i expects from challenging j, and ``theirs[i, j]``, what i believes that j
    expects from challenging i: with i's own attitude to risk where ``own_view``, else with j's.
    """
    n = len(x)
    chances = win_chances(x, weight, risk, width, all_pairs)
    success = np.empty((n, n))
    failure = np.empty((n, n))
    stay = 2.0 - 4.0 * 0.5**risk
    for i in range(n):
        for j in range(n):
            d = abs(x[i] - x[j]) / width
            success[i, j] = 2.0 - 4.0 * (0.5 - 0.5 * d) ** risk[i]
            failure[i, j] = 2.0 - 4.0 * (0.5 + 0.5 * d) ** risk[i]
    mine = np.zeros((n, n))
    theirs = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j:
                mine[i, j] = gain(success[i, j], failure[i, j], stay[i], chances[i, j], salience[j])
                q = i if own_view else j
                theirs[i, j] = gain(success[q, i + j - q], failure[q, i + j - q], stay[q], chances[j, i], salience[i])
    return mine, theirs


@compiled
def choose(i: int, x: Array, mine: Array, theirs: Array, authors_rule: bool) -> float:
    """Return where actor i moves: the offer it takes, or its own position where it has none."""
    best = 0  # 3 confrontation, 2 compromise, 1 capitulation
    score = np.inf
    target: float = x[i]
    for j in range(len(x)):
        a, b = mine[i, j], theirs[i, j]
        if j == i or x[j] == x[i] or b <= 0.0:
            continue
        move = abs(x[j] - x[i])
        if b > a > 0.0:
            kind, to, rank = 3, x[j], move
        elif a < 0.0 and b > -a:
            kind, to = 2, x[i] + (x[j] - x[i]) * abs(a / b)
            rank = (abs(a) * x[i] + abs(b) * x[j]) / (abs(a) + abs(b)) if authors_rule else abs(to - x[i])
        elif a < 0.0:
            kind, to, rank = 1, x[j], move
        else:
            continue
        if kind > best or (kind == best and rank < score):
            best, score, target = kind, rank, to
    return target


@compiled
def run_rounds(
    start: Array,
    weight: Array,
    salience: Array,
    rounds: int,
    tolerance: float,
    all_pairs: bool,
    own_view: bool,
    authors_rule: bool,
    moving_range: bool,
    with_risk: bool,
) -> tuple[Array, Array, int]:
    """Bargain for up to ``rounds`` rounds, everyone moving at once.

    Returns positions (rounds + 1, n), risk exponents (rounds, n), and the round after which nobody moved by
    more than ``tolerance`` of the range (-1 where that never happened; later rows repeat the last).
    """
    n = len(start)
    positions = np.empty((rounds + 1, n))
    exponents = np.ones((rounds, n))
    positions[0] = start
    fixed = start.max() - start.min()
    still = -1
    for t in range(rounds):
        x = positions[t]
        width = x.max() - x.min() if moving_range else fixed
        if width <= 0.0:
            still = t
        if still >= 0:
            positions[t + 1] = x
            continue
        risk = risks(x, weight, salience, width, all_pairs) if with_risk else np.ones(n)
        exponents[t] = risk
        mine, theirs = gains(x, weight, salience, risk, width, all_pairs, own_view)
        largest = 0.0
        for i in range(n):
            positions[t + 1, i] = choose(i, x, mine, theirs, authors_rule)
            largest = max(largest, abs(positions[t + 1, i] - x[i]))
        if largest <= tolerance * fixed:
            still = t
    return positions, exponents, still


@compiled
def last_positions(
    starts: Array,
    weights: Array,
    saliences: Array,
    rounds: int,
    tolerance: float,
    all_pairs: bool,
    own_view: bool,
    authors_rule: bool,
    moving_range: bool,
    with_risk: bool,
) -> tuple[Array, NDArray[np.bool_]]:
    """Run many councils, arrays (draws, n); returns the last positions and whether each came to rest."""
    ends = np.empty_like(starts)
    settled = np.zeros(len(starts), dtype=np.bool_)
    for d in range(len(starts)):
        positions, _, still = run_rounds(
            starts[d],
            weights[d],
            saliences[d],
            rounds,
            tolerance,
            all_pairs,
            own_view,
            authors_rule,
            moving_range,
            with_risk,
        )
        ends[d] = positions[rounds]
        settled[d] = still >= 0
    return ends, settled
