"""Where a state stands between two poles on the scale of ideal points, session by session, from joint draws.

b = (theta - theta_A) / (theta_B - theta_A), 0 at the first pole and 1 at the second, in every posterior draw. It
needs one scale that explains the votes; where it explains them poorly, ``doubtful`` says so. The projection of
:mod:`tripoint.triad.autonomy.on_record` needs no scale, but looks only at roll calls on which the poles differ, and
counts them all alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.errors import CoverageError, InputError
from tripoint.triad.autonomy.positions import Betweenness, betweenness

if TYPE_CHECKING:
    from tripoint.dyad.ideal_points import IdealPoints
    from tripoint.triad.ties.poles import Pole

#: Share of draws in which the poles stand in one order, below which they are not apart.
APART = 0.95


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """Where a state stands between two poles in one session.

    Attributes
    ----------
    session
        Number of the session.
    first, second
        Names of the poles.
    members
        Members of each pole that voted in the session, under the ids they voted by.
    votes
        Votes that the state's own position rests on.
    place
        Betweenness over the joint posterior draws.
    distance, distance_sd
        Mean and standard deviation of theta_B - theta_A without its sign, in standard deviations over all states
        and sessions.
    apart
        Whether the poles stand in one order in ``APART`` of the draws; else being between them means little.
    doubtful
        Whether the dimensions fit the votes of the session poorly.
    errors_saved
        Share of errors saved in the session [0-1].
    """

    session: int
    first: str
    second: str
    members: tuple[tuple[str, ...], tuple[str, ...]]
    votes: int
    place: Betweenness
    distance: float
    distance_sd: float
    apart: bool
    doubtful: bool
    errors_saved: float


def betweenness_by_session(
    points: IdealPoints, state: str, first: Pole, second: Pole, *, dimension: int = 1, level: float = 0.9
) -> tuple[SessionPlace, ...]:
    """Place a state between two poles in each session in which it and a member of each pole voted.

    Parameters
    ----------
    points
        A fit; its states are ids as they voted.
    state
        Id of the state; predecessors count as the state.
    first, second
        Poles; of a bloc, the mean of the members that voted in the session, draw by draw.
    dimension
        Of the fit, from 1.
    level
        Probability of the intervals, in (0, 1).

    Raises
    ------
    InputError
        A dimension that the fit lacks, poles that overlap or hold the state, or poles at one and the same point.
    CoverageError
        No session in which all three voted.
    """
    if not 1 <= dimension <= points.dimensions:
        raise InputError(f"dimension={dimension}: this fit has dimensions 1 to {points.dimensions}")
    own = set(states.lineage(state))
    sides = (own, set(first.ids), set(second.ids))
    for one, other in ((0, 1), (0, 2), (1, 2)):
        if sides[one] & sides[other]:
            twice = min(sides[one] & sides[other])
            raise InputError(f"{twice} is in two of {state}, {first.name} and {second.name}; they must not overlap")
    fit = {
        int(s): (bool(d), float(e))
        for s, d, e in zip(points.fit.sessions, points.fit.doubtful, points.fit.errors_saved, strict=True)
    }
    found = []
    for session in np.unique(points.sessions).tolist():
        units = [_units(points, side, session) for side in sides]
        if not all(u.size for u in units):
            continue
        at, a, b = (points.draws[:, u, dimension - 1].astype(np.float64).mean(axis=1) for u in units)
        place = betweenness(at, a, b, level=level)
        found.append(
            SessionPlace(
                session=session,
                first=first.name,
                second=second.name,
                members=tuple(tuple(sorted(map(str, points.states[u]))) for u in units[1:]),  # type: ignore[arg-type]
                votes=int(points.votes[units[0]].sum()),
                place=place,
                distance=float(abs((b - a).mean())),
                distance_sd=float((b - a).std()),
                apart=place.p_ordered >= APART,
                doubtful=fit[session][0],
                errors_saved=fit[session][1],
            )
        )
    if not found:
        raise CoverageError(f"{state}, {first.name} and {second.name} did not vote in the same session of this fit")
    return tuple(found)


def _units(points: IdealPoints, ids: set[str], session: int) -> NDArray[np.int64]:
    return np.flatnonzero((points.sessions == session) & np.isin(points.states.astype(str), sorted(ids)))
