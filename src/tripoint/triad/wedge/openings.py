"""Wedge: what a divider could use to part two close states, seam by seam, and what holds it back.

Crawford 2011, doi:10.1162/ISEC_a_00036: dividing by reward works better the more the divider can give (reward
power), the further apart the two already are on the issue, the less change is asked of the target
(neutralize < detach < realign), and the less the divider's own allies and quarrels stand in the way. The score is
monotone in these four by construction (:func:`wedge_score`) and is fitted to nothing: it orders openings on one
scale, it is not a probability. Izumikawa 2013, doi:10.1080/09636412.2013.816121: without reward power dividers
turn to coercion, so punishment levers are listed beside rewards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint import states
from tripoint.errors import InputError, unknown
from tripoint.evidence.coverage import coverage_of
from tripoint.triad.wedge.levers import Target, build_target, coded_out
from tripoint.triad.wedge.seams import THIRD_STATES, Seam, Unsearched, find_seams

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Change = Literal["neutralize", "detach", "realign"]
Floats = NDArray[np.float64]

#: Degree of change asked of the target [0-1].
CHANGES: Mapping[Change, float] = {"neutralize": 1 / 3, "detach": 2 / 3, "realign": 1.0}
#: Kinds of fact that make two states close enough to be parted.
TIES = (
    "defense pact",
    "offense pact",
    "neutrality pact",
    "consultation pact",
    "nonaggression pact",
    "partnership",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A seam, the state it could move, and the score for a degree of change."""

    seam: Seam
    target: str
    change: Change
    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Wedge:
    """Openings for a divider between two close states, best first.

    Attributes
    ----------
    a, b, divider, year, change
        The question.
    ties
        Facts of what binds the two.
    seams, unsearched
        Seams found, and those of which the evidence cannot speak.
    targets
        Levers and constraints on each of the two.
    openings
        Ranked; seams without a known score come last.
    remarks
        What to bear in mind.
    """

    a: str
    b: str
    divider: str
    year: int
    change: Change
    ties: tuple[str, ...]
    seams: tuple[Seam, ...]
    unsearched: tuple[Unsearched, ...]
    targets: tuple[Target, Target]
    openings: tuple[Opening, ...]
    remarks: tuple[str, ...]
    draws: int
    seed: int
    evidence_hash: str


def wedge_score(reward: ArrayLike, divergence: ArrayLike, change: ArrayLike, constraint: ArrayLike) -> Floats:
    """Reward x divergence x (1 - change / 2) x (1 - constraint / 2), from 0 to 1.

    Parameters
    ----------
    reward, divergence, change, constraint
        Numbers from 0 to 1, alike in shape; NaN in any gives NaN.

    Returns
    -------
    ndarray
        Never smaller where reward or divergence is larger, never larger where change or constraint is. Without
        reward or without divergence it is 0; the greatest change or constraint halves it.

    Raises
    ------
    InputError
        A number outside [0, 1].
    """
    parts = [np.asarray(v, dtype=float) for v in (reward, divergence, change, constraint)]
    for name, value in zip(("reward", "divergence", "change", "constraint"), parts, strict=True):
        if ((value < 0) | (value > 1)).any():
            raise InputError(f"{name} must be from 0 to 1, not {value[(value < 0) | (value > 1)].flat[0]:g}")
    r, d, c, k = parts
    return np.asarray(r * d * (1 - c / 2) * (1 - k / 2))


def build_wedge(
    evidence: Evidence,
    a: str,
    b: str,
    by: str,
    *,
    year: int = 2024,
    change: Change = "neutralize",
    third: Sequence[str] | None = None,
    draws: int = 400,
    seed: int = 0,
) -> Wedge:
    """Find and rank the openings for a divider between two states, with nothing later than the year.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b, by
        The two states and the divider: names, codes or ids.
    year
        Last year used.
    change
        What the target is to do: stay out (``neutralize``), leave (``detach``), or change sides (``realign``).
    third
        States in which influence is compared; those of Central Asia and Mongolia for Russia and China, else none.
    draws, seed
        Resamplings behind the intervals of seams, and their seed.

    Raises
    ------
    UnknownNameError, NotInSystemError
        A state that is unknown or did not exist, or an unknown degree of change.
    InputError
        A state named twice, or two states without a tie on record in that year.
    """
    if change not in CHANGES:
        raise unknown("degree of change", change, CHANGES)
    one, other, divider = (states.find(states.find(s, year=year).id).id for s in (a, b, by))
    if len({one, other, divider}) < 3:
        raise InputError(f"a wedge needs three states, not {a}, {b} and {by}; name a divider apart from the two")
    day = date(year, 12, 31)
    sides = (states.lineage(one), states.lineage(other))
    coverage = coverage_of(evidence)
    bonds = evidence.facts(between=sides, kinds=TIES, since=date(year, 1, 1), until=day)
    ties, unended = coverage.known_in(bonds, year)
    if ties.is_empty():
        raise InputError(
            f"{one} and {other} have no pact or partnership on record in {year}{coded_out(unended)}, so there is "
            "nothing to part; name another pair or year, or load more sources: tripoint load atop"
        )
    heads = {states.lineage(s)[0] for s in (one, other)}
    wanted = (THIRD_STATES if heads == {"RUS", "CHN"} else ()) if third is None else tuple(third)
    exist = _existing(wanted, year, (one, other, divider))
    found = part_two(
        evidence, one, other, divider, year, change, tuple(ties["fact_id"]), third=exist, draws=draws, seed=seed
    )
    gone = tuple(f"{s} is left out of the third states in {year}" for s in sorted(set(wanted) - set(exist)))
    return replace(found, remarks=gone + found.remarks)


def part_two(
    evidence: Evidence,
    a: str,
    b: str,
    divider: str,
    year: int,
    change: Change,
    ties: tuple[str, ...],
    *,
    third: Sequence[str] = (),
    draws: int = 400,
    seed: int = 0,
) -> Wedge:
    """As :func:`build_wedge` for three ids, whatever binds the two (``ties``) and among third states as given."""
    coverage = coverage_of(evidence)
    seams, blank = find_seams(evidence, a, b, year, third=third, draws=draws, seed=seed)
    targets = (
        build_target(evidence, coverage, a, b, divider, year),
        build_target(evidence, coverage, b, a, divider, year),
    )
    openings = [o for seam in seams for o in _openings(seam, targets, change)]
    openings.sort(key=lambda o: (np.isnan(o.score), -o.score, o.seam.name, o.target))
    remarks = [
        f"constraint on {t.state} leaves out what is not known: {lever.name}"
        for t in targets
        for lever in t.constraints
        if np.isnan(lever.power)
    ]
    return Wedge(
        a=a,
        b=b,
        divider=divider,
        year=year,
        change=change,
        ties=ties,
        seams=seams,
        unsearched=blank,
        targets=targets,
        openings=tuple(openings),
        remarks=tuple(remarks),
        draws=draws,
        seed=seed,
        evidence_hash=evidence.hash,
    )


def _existing(third: Sequence[str], year: int, parties: Sequence[str]) -> list[str]:
    """Third states that exist in the year and are not parties."""
    members = {states.lineage(m)[0] for m in states.members(year)}
    return [s for s in third if states.find(s).id in members and states.find(s).id not in parties]


def _openings(seam: Seam, targets: tuple[Target, Target], change: Change) -> list[Opening]:
    """A seam moves the state that it does not favor; where it favors neither, either."""
    found = []
    for target in targets:
        if seam.leans == target.state:
            continue
        score, low, high = (
            float(wedge_score(target.reward, size, CHANGES[change], target.constraint))
            for size in (seam.size, seam.low, seam.high)
        )
        found.append(Opening(seam, target.state, change, score, low, high))
    return found
