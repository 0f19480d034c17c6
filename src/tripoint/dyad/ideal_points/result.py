"""What a fit returns, and the questions one asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.convergence import Convergence
from tripoint.dyad.ideal_points.quality import Fit
from tripoint.errors import CoverageError, InputError, unknown

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.10, 0.50, 0.90, 0.95)


class IdealPointWarning(UserWarning):
    """Base of the warnings that fitting may give; all are recorded in the result too."""


class NotConvergedWarning(IdealPointWarning):
    """The chains have not mixed well enough: run more sweeps."""


class DimensionWarning(IdealPointWarning):
    """The dimensions leave much structure in some sessions' votes."""


class IdentificationWarning(IdealPointWarning):
    """Direction or scale is poorly determined."""


@dataclass(frozen=True, slots=True)
class Items:
    """The items; arrays of shape (J, ...), posterior means on the standardized scale.

    Attributes
    ----------
    item
        Item ids; the earliest of each chain of identical resolutions.
    first, last
        Sessions of the first and last vote.
    votes
        Votes cast.
    discrimination, discrimination_sd
        Positive: states further up the scale vote no, shape (J, D).
    cuts
        Cut points between yes and abstain, and between abstain and no, shape (J, 2); equal where nobody abstained
        or where only two kinds of choice occur.
    """

    item: NDArray[Any]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    votes: NDArray[np.int64]
    discrimination: Floats
    discrimination_sd: Floats
    cuts: Floats


@dataclass(frozen=True, slots=True)
class Identification:
    """What fixes location, scale and direction.

    Attributes
    ----------
    location_and_scale
        How they are fixed, in words.
    anchors
        States whose mean position was made positive; empty where none of those named voted.
    direction_known
        False where no anchor voted, so that the sign of the first dimension is arbitrary.
    bridges
        Items that tie each session to any earlier one, shape (T,); the first is zero.
    walk_step
        Posterior mean and 5 % and 95 % quantiles of the step of the walk over one session, on the standardized
        scale; not a number for the published prior.
    """

    location_and_scale: str
    anchors: tuple[object, ...]
    direction_known: bool
    bridges: NDArray[np.int64]
    walk_step: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class IdealPoints:
    """Positions of states by session, with their joint posterior.

    Attributes
    ----------
    states, sessions
        State and session of each unit, shape (U,), sorted by state, then session.
    votes
        Votes that each position rests on, shape (U,).
    mean, sd
        Posterior mean and standard deviation, shape (U, D); mean 0 and standard deviation 1 over all units.
    quantiles
        At ``QUANTILES``, shape (U, D, 5).
    draws
        Thinned draws from the joint posterior, chain after chain, shape (N, U, D).
    items, fit, convergence, identification
        The items, how well they fit, whether chains agree, what fixes the scale.
    prior, dimensions, seed
        As asked for.
    parameters
        All settings by name.
    votes_sha256, versions
        Hash of the votes used, and versions of what computed with them.
    votes_used
        Votes in the likelihood.
    set_aside
        Reason -> number of votes left out.
    warnings
        What was warned of, in words.
    """

    states: NDArray[Any]
    sessions: NDArray[np.int64]
    votes: NDArray[np.int64]
    mean: Floats
    sd: Floats
    quantiles: Floats
    draws: NDArray[np.float32]
    items: Items
    fit: Fit
    convergence: Convergence
    identification: Identification
    prior: str
    dimensions: int
    seed: int
    parameters: Mapping[str, object]
    votes_sha256: str
    versions: Mapping[str, str]
    votes_used: int
    set_aside: Mapping[str, int]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval: posterior mean, standard deviation, and the central interval at ``level``."""

    mean: float
    sd: float
    low: float
    high: float
    level: float


def position_columns(points: IdealPoints) -> dict[str, NDArray[Any]]:
    """Return positions as columns, one row a state, session and dimension, for a frame of any kind.

    Columns: ``state``, ``session``, ``dimension`` (1, 2), ``votes``, ``mean``, ``sd``, ``q05``, ``q10``, ``q50``,
    ``q90``, ``q95``, ``rhat``, ``ess``.
    """
    units, dimensions = points.mean.shape
    columns: dict[str, NDArray[Any]] = {
        "state": np.repeat(points.states, dimensions),
        "session": np.repeat(points.sessions, dimensions),
        "dimension": np.tile(np.arange(1, dimensions + 1), units),
        "votes": np.repeat(points.votes, dimensions),
        "mean": points.mean.ravel(),
        "sd": points.sd.ravel(),
    }
    for k, level in enumerate(QUANTILES):
        columns[f"q{round(100 * level):02d}"] = points.quantiles[:, :, k].ravel()
    return columns | {"rhat": points.convergence.rhat.ravel(), "ess": points.convergence.ess.ravel()}


def unit_index(points: IdealPoints, state: object, session: int) -> int:
    """Return the row of a state in a session.

    Raises
    ------
    UnknownNameError
        If the state has no votes at all.
    CoverageError
        If it has none in that session.
    """
    rows = np.flatnonzero(points.states == state)
    if not len(rows):
        known = sorted({str(s) for s in points.states})
        raise unknown("state", str(state), known, where="these ideal points")
    there = rows[points.sessions[rows] == session]
    if not len(there):
        voted = points.sessions[rows]
        raise CoverageError(
            f"{state} has no votes in session {session}; it voted in sessions {voted.min()} to {voted.max()}"
        )
    return int(there[0])


def _estimate(values: Floats, level: float) -> Estimate:
    if not 0.0 < level < 1.0:
        raise InputError(f"level={level} is not between 0 and 1")
    low, high = np.quantile(values, [0.5 - level / 2.0, 0.5 + level / 2.0])
    return Estimate(float(values.mean()), float(values.std(ddof=1)), float(low), float(high), level)


def _distances(points: IdealPoints, a: int, b: int) -> Floats:
    gap = points.draws[:, a].astype(np.float64) - points.draws[:, b]
    return np.asarray(np.sqrt(np.sum(gap * gap, axis=1)))


def distance(points: IdealPoints, state_a: object, state_b: object, session: int, *, level: float = 0.9) -> Estimate:
    """Distance between two states in a session, from the joint posterior.

    Positions of one session share the uncertainty about its items, so the interval is not what two separate
    intervals would give. The mean of a distance lies above the distance of the means where they are close.

    Parameters
    ----------
    points
        A fit.
    state_a, state_b, session
        Who and when; order does not matter.
    level
        Of the central interval (0-1).

    Raises
    ------
    UnknownNameError, CoverageError
        If a state did not vote (in that session).
    """
    a, b = unit_index(points, state_a, session), unit_index(points, state_b, session)
    return _estimate(_distances(points, a, b), level)


def probability_closer(points: IdealPoints, state: object, near: object, far: object, session: int) -> float:
    """Posterior probability that ``state`` lies closer to ``near`` than to ``far`` in a session [0-1]."""
    at, to, off = (unit_index(points, s, session) for s in (state, near, far))
    return float(np.mean(_distances(points, at, to) < _distances(points, at, off)))


def shift(
    points: IdealPoints, state: object, session: int, later: int, *, dimension: int = 1, level: float = 0.9
) -> Estimate:
    """Movement of a state from one session to a later one along a dimension (1, 2), from the joint posterior."""
    if not 1 <= dimension <= points.dimensions:
        raise InputError(f"dimension={dimension}: this fit has dimensions 1 to {points.dimensions}")
    a, b = unit_index(points, state, session), unit_index(points, state, later)
    values = points.draws[:, b, dimension - 1].astype(np.float64) - points.draws[:, a, dimension - 1]
    return _estimate(values, level)
