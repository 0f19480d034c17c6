"""Structural balance: two camps, the ties that fit neither, and the four triangles.

The frustration index L is the smallest number of ties that no split into two camps can accommodate: friendly
ties across plus hostile ties within. It is found exactly, by integer programming with a cut for every
unbalanced triangle: Aref, Mason and Wilson 2020, doi:10.1002/net.21907. Networks of states: Doreian and
Mrvar 2015, doi:10.21307/joss-2019-012. Triangles: Dittmer 1981, doi:10.2307/2010133.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError
from tripoint.triad.balance.triangles import (
    DITTMER,
    TriadCensus,
    TriangleProbabilities,
    TriangleType,
    check_network,
    triad_census,
    triangle_probabilities,
    triangle_shares,
    triangle_type,
)

__all__ = [
    "DITTMER",
    "Frustration",
    "TriadCensus",
    "TriangleProbabilities",
    "TriangleType",
    "frustration_index",
    "triad_census",
    "triangle_probabilities",
    "triangle_shares",
    "triangle_type",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Most triangle cuts given to the solver; beyond, they cost more than they save.
MOST_CUTS = 200_000
#: Starts of the local search that gives the solver its upper bound.
STARTS = 60


@dataclass(frozen=True, slots=True)
class Frustration:
    """The best split of ``n`` nodes into two camps.

    Attributes
    ----------
    index
        Ties that the split leaves frustrated: L where ``gap`` is 0, else the best found.
    lower
        Proven lower bound of L.
    gap
        (index - lower) / index; 0 is exact [0-1].
    camps
        (n,) 0 or 1; -1 for a node without ties. In each connected part the most connected node is in camp 0;
        camps of different parts have nothing to do with each other.
    frustrated
        Positions, in the order of the edges given, of the frustrated ties. Where several splits are equally
        good, this is one of them.
    balance
        F = 1 - 2 index / m [0-1]; NaN without ties.
    nodes, ties
        n and m.
    time_limit
        Seconds allowed to the solver.
    """

    index: int
    lower: int
    gap: float
    camps: Ints
    frustrated: Ints
    balance: float
    nodes: int
    ties: int
    time_limit: float


def frustration_index(
    n: int, edges: ArrayLike, signs: ArrayLike, *, time_limit: float = 60.0, seed: int = 0
) -> Frustration:
    """Find the two camps that leave the fewest ties frustrated.

    Parameters
    ----------
    n
        Nodes, numbered 0 to n - 1.
    edges
        (m, 2) pairs of nodes, each pair once, in either order.
    signs
        (m,) +1 friendly, -1 hostile.
    time_limit
        Seconds allowed to the integer program, > 0. When it runs out, the best split found is given with a
        proven lower bound.
    seed
        Seed of the local search behind the upper bound; it has no influence on an exact index.

    Raises
    ------
    InputError
        A node out of range, a tie of a node with itself, a pair given twice, or a sign other than +1 and -1.
    """
    pairs, sign = check_network(n, edges, signs)
    if not time_limit > 0:
        raise InputError(f"time_limit {time_limit} must be more than 0 seconds")
    rng = np.random.default_rng(seed)
    deadline = time.monotonic() + time_limit
    apart, lower = np.zeros(len(pairs), dtype=np.int64), 0
    for block in _blocks(n, pairs):
        nodes, local = np.unique(pairs[block], return_inverse=True)
        local = local.reshape(-1, 2)
        split, bound = _solve_block(nodes.size, local, sign[block], deadline, rng)
        apart[block] = split[local[:, 0]] ^ split[local[:, 1]]
        lower += bound
    camps = _propagate(n, pairs, apart)
    frustrated = np.flatnonzero((camps[pairs[:, 0]] != camps[pairs[:, 1]]) == (sign > 0))
    m, index = len(pairs), int(frustrated.size)
    return Frustration(
        index=index,
        lower=lower,
        gap=(index - lower) / index if index else 0.0,
        camps=camps,
        frustrated=frustrated,
        balance=1 - 2 * index / m if m else float("nan"),
        nodes=n,
        ties=m,
        time_limit=time_limit,
    )


def _blocks(n: int, pairs: Ints) -> list[Ints]:
    """Split the edges into biconnected blocks (Hopcroft and Tarjan 1973, doi:10.1145/362248.362272).

    L is the sum over blocks: no cycle passes from one block to another.
    """
    near: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for e, (i, j) in enumerate(pairs.tolist()):
        near[i].append((j, e))
        near[j].append((i, e))
    depth, low = [-1] * n, [0] * n
    blocks: list[Ints] = []
    for root in range(n):
        if depth[root] >= 0:
            continue
        depth[root] = 0
        path = [(root, -1, iter(near[root]))]
        stack: list[int] = []
        while path:
            node, via, rest = path[-1]
            step = next(rest, None)
            if step is None:
                path.pop()
                if path:
                    parent = path[-1][0]
                    low[parent] = min(low[parent], low[node])
                    if low[node] >= depth[parent]:
                        cut = stack.index(via)
                        blocks.append(np.array(stack[cut:], dtype=np.int64))
                        del stack[cut:]
                continue
            other, e = step
            if e == via:
                continue
            if depth[other] < 0:
                depth[other] = low[other] = depth[node] + 1
                stack.append(e)
                path.append((other, e, iter(near[other])))
            elif depth[other] < depth[node]:
                stack.append(e)
                low[node] = min(low[node], depth[other])
    return blocks


def _propagate(n: int, pairs: Ints, apart: Ints) -> Ints:
    """Camps from which ties divide (``apart`` 1): the most connected node of each part is in camp 0."""
    near: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for (i, j), d in zip(pairs.tolist(), apart.tolist(), strict=True):
        near[i].append((j, d))
        near[j].append((i, d))
    camps = [-1] * n
    for start in sorted(range(n), key=lambda i: -len(near[i])):
        if camps[start] >= 0 or not near[start]:
            continue
        camps[start] = 0
        queue = [start]
        while queue:
            node = queue.pop()
            for other, d in near[node]:
                if camps[other] < 0:
                    camps[other] = camps[node] ^ d
                    queue.append(other)
    return np.array(camps, dtype=np.int64)


def _count(camps: Ints, pairs: Ints, sign: Ints) -> int:
    return int(((camps[pairs[:, 0]] != camps[pairs[:, 1]]) == (sign > 0)).sum())


def _search(n: int, pairs: Ints, sign: Ints, rng: np.random.Generator) -> Ints:
    """Return the best of several local searches: flip the node that gains most until none gains."""
    weight = np.zeros((n, n))
    weight[pairs[:, 0], pairs[:, 1]] = weight[pairs[:, 1], pairs[:, 0]] = sign
    best, fewest = np.zeros(n, dtype=np.int64), len(pairs) + 1
    for attempt in range(STARTS):
        side = np.ones(n) if attempt == 0 else rng.choice([-1.0, 1.0], n)
        pull = side * (weight @ side)
        while (worst := int(np.argmin(pull))) >= 0 and pull[worst] < 0:
            side[worst] *= -1
            pull -= -2 * side * weight[worst] * side[worst]
            pull[worst] *= -1
        camps = (side < 0).astype(np.int64)
        if (count := _count(camps, pairs, sign)) < fewest:
            best, fewest = camps, count
    return best


def _solve_block(n: int, pairs: Ints, sign: Ints, deadline: float, rng: np.random.Generator) -> tuple[Ints, int]:
    """Best split of one block and a proven lower bound of its frustrated ties."""
    camps = _propagate(n, pairs, (sign < 0).astype(np.int64))
    if _count(camps, pairs, sign) == 0:
        return camps, 0
    # From here on the block is unbalanced: one tie at least is frustrated.
    camps = _search(n, pairs, sign, rng)
    best = _count(camps, pairs, sign)
    seconds = deadline - time.monotonic()
    if best == 1 or seconds <= 0:
        return camps, 1
    found, bound = _program(n, pairs, sign, best, seconds)
    if found is not None and _count(found, pairs, sign) < best:
        camps, best = found, _count(found, pairs, sign)
    return camps, min(max(bound, 1), best)


def _program(n: int, pairs: Ints, sign: Ints, best: int, seconds: float) -> tuple[Ints | None, int]:
    """Integer program: camps x in {0, 1}, frustration f of each tie, sum f least.

    A friendly tie has f >= |x_i - x_j|, a hostile one f >= |x_i + x_j - 1|; the ties of an unbalanced
    triangle have f summing to 1 at least. Returns the split (None where none was found) and a lower bound.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    m = len(pairs)
    cuts = _unbalanced_triangles(n, pairs, sign)
    i, j, f, rows = pairs[:, 0], pairs[:, 1], n + np.arange(m), np.arange(m)
    hostile = sign < 0
    cut_rows = 2 * m + np.repeat(np.arange(len(cuts)), 3)
    row = np.concatenate([rows, rows, rows, rows + m, rows + m, rows + m, cut_rows])
    column = np.concatenate([f, i, j, f, i, j, n + cuts.ravel()])
    ones, s = np.ones(m), np.where(hostile, -1.0, 1.0)
    value = np.concatenate([ones, -ones, s, ones, ones, -s, np.ones(3 * len(cuts))])
    lower = np.concatenate([np.where(hostile, -1.0, 0.0), np.where(hostile, 1.0, 0.0), np.ones(len(cuts))])
    matrix = csr_array((value, (row, column)), shape=(2 * m + len(cuts), n + m))
    top = np.ones(n + m)
    top[np.argmax(np.bincount(pairs.ravel(), minlength=n))] = 0
    outcome = milp(
        np.concatenate([np.zeros(n), np.ones(m)]),
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(np.zeros(n + m), top),
        constraints=LinearConstraint(matrix, lower, np.inf),
        # The index is a whole number: a bound within less than 1 of the best split proves it.
        options={"time_limit": seconds, "mip_rel_gap": 0.99 / best},
    )
    bound = outcome.mip_dual_bound
    proven = 0 if bound is None or not np.isfinite(bound) else int(np.ceil(bound - 1e-6))
    split = None if outcome.x is None else np.rint(outcome.x[:n]).astype(np.int64)
    return split, proven


def _unbalanced_triangles(n: int, pairs: Ints, sign: Ints) -> Ints:
    """(cuts, 3) edges of the triangles with one or three hostile ties, at most ``MOST_CUTS``."""
    later: list[dict[int, int]] = [{} for _ in range(n)]
    for e, (i, j) in enumerate(np.sort(pairs, axis=1).tolist()):
        later[i][j] = e
    signs, found = sign.tolist(), []
    for i in range(n):
        for j, ij in later[i].items():
            for k in later[i].keys() & later[j].keys():
                ik, jk = later[i][k], later[j][k]
                if signs[ij] * signs[ik] * signs[jk] < 0:
                    found.append((ij, ik, jk))
        if len(found) > MOST_CUTS:
            break
    return np.array(found[:MOST_CUTS], dtype=np.int64).reshape(-1, 3)
