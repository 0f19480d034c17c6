"""How far a council's outcome moves when its inputs are a little wrong: Monte Carlo and a plain verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks, election
from tripoint.bargain.council import (
    Actor,
    ChallengeOptions,
    _columns,
    baseline,
    check_work,
    condorcet,
    solve_challenge,
    support,
)

Array = NDArray[np.float64]
# Draws whose elections are held together; bounds the memory of the (draws, m, m, n) comparison.
_CHUNK_CELLS = 20_000_000
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Spread:
    """How one measure of the outcome behaves over the draws.

    Attributes
    ----------
    name
        ``challenge``, ``condorcet``, ``weighted mean`` or ``weighted median``.
    base
        Outcome with the inputs as given.
    low, middle, high
        5th, 50th and 95th percentile over the draws.
    near
        Part of the draws within ``error`` times the range of ``base`` [0-1].
    draws
        The outcomes themselves, shape (draws,).
    """

    _shown: ClassVar[tuple[str, ...]] = ("robust",)

    name: str
    base: float
    low: float
    middle: float
    high: float
    near: float
    draws: Array = field(repr=False)

    @property
    def robust(self) -> bool:
        """Whether at least nine draws in ten stay near."""
        return self.near >= LEVEL


@dataclass(frozen=True, slots=True)
class CouncilRobustness:
    """Outcomes of a council under input error.

    Attributes
    ----------
    error, draws, seed, rounds
        What was asked for; ``error`` is the half-width of the error [share].
    spreads
        One for each measure, the model-free ones last.
    at_rest
        Part of the draws in which the challenge model came to rest within the rounds [0-1].
    """

    _shown: ClassVar[tuple[str, ...]] = ("verdict", "convergence")

    error: float
    draws: int
    seed: int
    rounds: int
    spreads: tuple[Spread, ...]
    at_rest: float

    @property
    def verdict(self) -> str:
        """Plain words on whether the outcomes survive the error."""
        parts = [
            f"{s.name}: {'robust' if s.robust else 'not robust'} ({s.near:.0%} of draws within "
            f"{self.error:.0%} of the range; 90 % of draws {s.low:.3g} to {s.high:.3g})"
            for s in self.spreads
        ]
        return f"Robust to {self.error:.0%} error? " + "; ".join(parts) + "."

    @property
    def convergence(self) -> str:
        """One sentence on the draws and on the challenge model's rounds."""
        return (
            f"{self.draws} draws, seed {self.seed}; every actor at rest within {self.rounds} rounds in "
            f"{self.at_rest:.0%} of them"
        )


def _medians(values: Array, weights: Array) -> Array:
    order = np.argsort(values, axis=1, kind="stable")
    reached = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    place = (reached < reached[:, -1:] / 2.0).sum(axis=1)
    return np.take_along_axis(np.take_along_axis(values, order, axis=1), place[:, None], axis=1)[:, 0]


def _spread(name: str, base: float, got: Array, reach: float) -> Spread:
    low, middle, high = np.percentile(got, [5.0, 50.0, 95.0]).tolist()
    near = float((np.abs(got - base) <= reach).mean())
    return Spread(name=name, base=base, low=low, middle=middle, high=high, near=near, draws=got)


def vary_council(
    actors: Sequence[Actor],
    *,
    draws: int = 1000,
    seed: int,
    error: float = 0.1,
    rounds: int = 10,
    options: ChallengeOptions | None = None,
    exponent: float = 2.0,
) -> CouncilRobustness:
    """Draw capabilities, positions and saliences around what was given and solve the council each time.

    Capability and salience are multiplied by a factor uniform on 1 +- ``error`` (salience capped at 1), and
    positions moved by up to ``error`` of the range. In the Condorcet election the options stay those on the
    table, ``conditional`` rule; its measure is the mean over options. The challenge model's is the weighted
    median after ``rounds`` rounds.

    Raises
    ------
    InputError
        Where an input is out of range or the work would be too large.
    """
    c, x, s = _columns(actors)
    size = checks.count("draws", draws, least=2)
    limit = checks.count("rounds", rounds)
    half = checks.inner_probability("error", error)
    check_work(len(x), limit, size)
    first = solve_challenge(actors, rounds=limit, options=options)
    vote = condorcet(actors, exponent=exponent)
    plain = baseline(actors)

    rng = np.random.default_rng(seed)
    width = float(np.ptp(x))
    shape = (size, len(x))
    capability = c * rng.uniform(1.0 - half, 1.0 + half, shape)
    position = x + width * rng.uniform(-half, half, shape)
    salience = np.minimum(s * rng.uniform(1.0 - half, 1.0 + half, shape), 1.0)
    weight = capability * salience

    from tripoint.bargain import council_kernels  # compiled

    ends, rest = council_kernels.last_positions(
        position, weight, salience, limit, 1e-9, *(options or ChallengeOptions()).flags()
    )
    chunk = max(1, _CHUNK_CELLS // (len(vote.options) ** 2 * len(x)))
    elected = np.concatenate(
        [
            election.conditional_chances(
                support(vote.options, position[i : i + chunk], weight[i : i + chunk], width, "proportional"),
                exponent,
            )
            @ vote.options
            for i in range(0, size, chunk)
        ]
    )
    outcomes = (
        ("challenge", first.outcome, _medians(ends, weight)),
        ("condorcet", vote.means["conditional"], elected),
        ("weighted mean", plain.mean, (weight * position).sum(axis=1) / weight.sum(axis=1)),
        ("weighted median", plain.median, _medians(position, weight)),
    )
    spreads = tuple(_spread(name, base, got, half * width) for name, base, got in outcomes)
    return CouncilRobustness(
        error=half, draws=size, seed=seed, rounds=limit, spreads=spreads, at_rest=float(rest.mean())
    )
