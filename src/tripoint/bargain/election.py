"""The probabilistic Condorcet election: which option wins when pairs of options meet at random strengths.

Between two options, the chance that the first beats the second is s1^e / (s1^e + s2^e), s being the strength
of the coalitions behind them. Three rules turn the chances of pairs into a distribution over options, as in the
KTAB library: *conditional* (the option that wins every contest, given that one does), *uniform* (the favorite
meets each option equally often) and *incentive* (options challenge the favorite in proportion to the support
they have against it times their chance).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks
from tripoint.errors import InputError

Array = NDArray[np.float64]
Rule = Literal["conditional", "uniform", "incentive"]
RULES: tuple[Rule, ...] = ("conditional", "uniform", "incentive")
# 2^40 steps of the chain from a flat start: far past rest even where a contest is nearly even.
_SQUARINGS = 40


@dataclass(frozen=True, slots=True)
class Election:
    """The outcome of an election over n options.

    Attributes
    ----------
    coalitions
        Strength behind option i against option j, shape (n, n).
    exponent
        e: 1 proportional, larger lets the stronger side win more surely.
    beats
        Chance that i beats j, shape (n, n); .5 on the diagonal and where nobody takes a side.
    conditional, uniform, incentive
        Chance that each option wins under each rule, shape (n,); each sums to 1. ``conditional`` is NaN where
        sure wins go round in a circle, so that no option can win every contest.
    residual
        Largest change of the uniform and incentive distributions under one more step of their chains.
    """

    coalitions: Array = field(repr=False)
    exponent: float
    beats: Array = field(repr=False)
    conditional: Array
    uniform: Array
    incentive: Array
    residual: float


def pair_chances(coalitions: Array, exponent: float) -> Array:
    """Chance that i beats j for one matrix or a stack of them, shape (..., n, n)."""
    strongest = np.maximum(coalitions, np.swapaxes(coalitions, -1, -2))
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(strongest > 0, coalitions / strongest, 1.0) ** exponent
    beats = relative / (relative + np.swapaxes(relative, -1, -2))
    index = np.arange(coalitions.shape[-1])
    beats[..., index, index] = 0.5
    return np.asarray(beats)


def _conditional(beats: Array) -> Array:
    with np.errstate(divide="ignore"):
        logs = np.log(beats)
    index = np.arange(beats.shape[-1])
    logs[..., index, index] = 0.0
    score = logs.sum(axis=-1)
    top = score.max(axis=-1, keepdims=True)
    # A cycle of sure wins: no option can win every contest, and the condition has probability zero.
    weights = np.where(np.isfinite(top), np.exp(score - np.where(np.isfinite(top), top, 0.0)), np.nan)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _uniform_chain(beats: Array) -> Array:
    n = beats.shape[-1]
    chain = beats / n
    index = np.arange(n)
    chain[..., index, index] = beats.sum(axis=-1) / n + 0.5 / n
    return np.asarray(chain)


def _incentive_chain(coalitions: Array, beats: Array) -> Array:
    """Column j: where the favorite j goes when challenged; it stays where nobody has a reason to challenge."""
    drive = coalitions * beats
    index = np.arange(beats.shape[-1])
    drive[..., index, index] = 0.0
    total = drive.sum(axis=-2, keepdims=True)
    challenge = np.where(total > 0, drive / np.where(total > 0, total, 1.0), 0.0)
    chain = beats * challenge
    chain[..., index, index] = 1.0 - chain.sum(axis=-2)
    return np.asarray((chain + np.eye(beats.shape[-1])) / 2.0)


def _at_rest(chain: Array) -> Array:
    for _ in range(_SQUARINGS):
        chain = chain @ chain
        chain /= chain.sum(axis=-2, keepdims=True)
    return np.asarray(chain.mean(axis=-1))


def conditional_chances(coalitions: Array, exponent: float) -> Array:
    """Return the conditional rule's distribution for a stack of matrices (..., m, m), shape (..., m)."""
    return _conditional(pair_chances(coalitions, exponent))


def distributions(coalitions: Array, exponent: float) -> tuple[Array, Array, Array, Array, float]:
    """Return (beats, conditional, uniform, incentive, residual) for one matrix or a stack (..., n, n)."""
    beats = pair_chances(coalitions, exponent)
    chains = _uniform_chain(beats), _incentive_chain(coalitions, beats)
    uniform, incentive = (_at_rest(chain) for chain in chains)
    residual = max(
        float(np.abs((chain @ p[..., None])[..., 0] - p).max())
        for chain, p in zip(chains, (uniform, incentive), strict=True)
    )
    return beats, _conditional(beats), uniform, incentive, residual


def elect(coalitions: Array, *, exponent: float = 2.0) -> Election:
    """Hold a probabilistic Condorcet election, given the coalitions behind each option against each other.

    Parameters
    ----------
    coalitions
        Strength behind i against j, shape (n, n), >= 0; the diagonal is not used.
    exponent
        e above, > 0.

    Raises
    ------
    InputError
        Where the matrix is not square, has a negative entry, or the exponent is not positive.

    References
    ----------
    KTAB, King Abdullah Petroleum Studies and Research Center: the PCE model.
    """
    matrix = np.array(coalitions, dtype=np.float64)
    exponent = checks.positive("exponent", exponent)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise InputError(f"coalitions must be a square matrix, got shape {matrix.shape}")
    if not np.isfinite(matrix).all() or (matrix < 0).any():
        i, j = np.argwhere(~(matrix >= 0) | ~np.isfinite(matrix))[0]
        raise InputError(f"coalitions[{i}, {j}] is {matrix[i, j]}; strengths must be finite and not negative")
    beats, conditional, uniform, incentive, residual = distributions(matrix, exponent)
    return Election(
        coalitions=matrix,
        exponent=exponent,
        beats=beats,
        conditional=conditional,
        uniform=uniform,
        incentive=incentive,
        residual=residual,
    )
