"""Wedges everywhere: partners of a divider's adversaries, ranked by the best opening that it has with each.

A pair is close where a pledge or partnership binds it in that year and its relation is not below 0, or where its
relation is at or above a stated line. Pledges short of defense count in treaties of few members only, as in
:mod:`tripoint.triad.ties.domains`. Pairs with a pledge on paper and a relation
below 0, such as India and Pakistan, are not close whatever they signed: they are named, and left out. One member must
be an adversary of the divider, a state with which it stands at rivalry or worse, and the target is the other one: a
wedge draws a partner away from an adversary. Two states that are both bound to the divider by a defense pact are no
pair to part. The score is that of :mod:`tripoint.triad.wedge.openings`, from votes, dependence and disputes; third
states are left to a question about one pair, since only some pairs have any that would be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.dyad.relation import FIRST_YEAR
from tripoint.errors import CoverageError, InputError, unknown
from tripoint.evidence.coverage import coverage_of
from tripoint.evidence.in_memory import InMemory, hold_in_memory
from tripoint.triad.ties.domains import MOST_MEMBERS
from tripoint.triad.ties.record import ARMS_WINDOW
from tripoint.triad.wedge.levers import ODDS
from tripoint.triad.wedge.openings import CHANGES, TIES, Change, Opening, Wedge, part_two
from tripoint.triad.wedge.seams import BACK, TREND_YEARS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Pairs = list[tuple[str, str]]

#: Relation [-1..+1] from which two states without a pledge count as close.
CLOSE = 0.5
#: Chance of rivalry or worse from which a state is an adversary of the divider.
ADVERSARY = 0.5
#: Pledges that bind a pair however many states belong.
_STRONG = ("defense pact", "offense pact", "partnership")
#: Years within which some indicator must have seen a pair for its relation to count.
_SEEN_WITHIN = 5


@dataclass(frozen=True, slots=True)
class Scanned:
    """One close pair and the best opening between its members.

    Attributes
    ----------
    a, b
        The pair, in alphabetical order.
    kinds, ties
        What binds it, and the facts; empty where only the relation does.
    relation, relation_sd
        Relation [-1..+1] and its standard deviation; NaN where it was not measured.
    best
        The best opening whose target is a partner of an adversary; None where none has a known score above 0.
    reward, constraint
        Of the divider on the target of the best opening [0-1].
    friends
        Members of the pair to which a defense pact binds the divider itself.
    why
        Why there is no opening; empty where there is one.
    """

    a: str
    b: str
    kinds: tuple[str, ...]
    ties: tuple[str, ...]
    relation: float
    relation_sd: float
    best: Opening | None
    reward: float
    constraint: float
    friends: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class WedgeScan:
    """Close pairs of one year, the best opening first; those without one last, in alphabetical order.

    Attributes
    ----------
    divider, year, change
        The question.
    pairs
        Close pairs.
    line
        Relation from which a pair without a pledge is close; None where pledges alone counted.
    adversaries
        States that the divider is at odds with.
    own
        Close pairs of which the divider is a member, left out.
    apart
        Pairs with a pledge in force whose relation is below 0, left out.
    easy
        Close pairs without an adversary of the divider, or both of whose members are its allies, left out unless all
        were asked for.
    draws, seed, evidence_hash
        How it was made.
    """

    divider: str
    year: int
    change: Change
    pairs: tuple[Scanned, ...]
    line: float | None
    adversaries: tuple[str, ...]
    own: int
    apart: tuple[tuple[str, str], ...]
    easy: int
    draws: int
    seed: int
    evidence_hash: str


@dataclass(frozen=True, slots=True)
class _Close:
    kinds: tuple[str, ...]
    ties: tuple[str, ...]
    relation: float
    sd: float


@dataclass(frozen=True, slots=True)
class _Measured:
    mean: float
    sd: float
    hostile: float


def scan_wedges(
    evidence: Evidence,
    by: str,
    *,
    year: int = 2024,
    change: Change = "neutralize",
    line: float | None = CLOSE,
    every: bool = False,
    draws: int = 400,
    seed: int = 0,
    watch: Callable[[Pairs], Iterable[tuple[str, str]]] = iter,
) -> WedgeScan:
    """Rank all close pairs of a year by the best opening of a divider, with nothing later than the year.

    Parameters
    ----------
    evidence
        Open evidence.
    by
        The divider: name, code or id.
    year
        Last year used.
    change
        What the target is to do (:data:`tripoint.triad.wedge.openings.CHANGES`).
    line
        Relation, in (-1, 1], from which two states without a pledge are close; None for pledges alone, and for
        adversaries by rivalries, claims and wars on record.
    every
        Whether to rank all pairs and either member as the target: a wedge is for parting adversaries.
    draws, seed
        Resamplings behind the intervals, and their seed.
    watch
        Wraps the pairs as they are gone through, such as with a progress bar.

    Raises
    ------
    UnknownNameError, NotInSystemError
        A divider that is unknown or did not exist, or an unknown degree of change.
    InputError
        A line outside (-1, 1], or a year before relations are measured.
    CoverageError
        No close pair on record in that year.
    """
    if change not in CHANGES:
        raise unknown("degree of change", change, CHANGES)
    if line is not None and not -1 < line <= 1:
        raise InputError(f"line {line:g} must be above -1 and at most 1")
    if line is not None and year < FIRST_YEAR:
        raise InputError(f"relations are measured from {FIRST_YEAR} on; look at pledges alone in {year} (--pledges)")
    divider = states.find(states.find(by, year=year).id).id
    shared = hold_in_memory(evidence, since=year - TREND_YEARS - BACK - ARMS_WINDOW, until=year)
    measured = {} if line is None else _relations(evidence, year)
    close = _close_pairs(shared, year, line, measured)
    mine = {pair for pair in close if divider in pair}
    friends = {s for pair in mine if "defense pact" in close[pair].kinds for s in pair} - {divider}
    apart = sorted(p for p in close.keys() - mine if close[p].ties and close[p].relation < 0)
    pairs = sorted(close.keys() - mine - set(apart))
    odds = _at_odds(shared, divider, year) if line is None else _adversaries(measured, divider)
    easy = [] if every else [p for p in pairs if not odds.intersection(p) or friends.issuperset(p)]
    pairs = sorted(set(pairs) - set(easy))
    if not pairs and easy:
        raise CoverageError(f"{divider} is at odds with no member of a close pair on record in {year}; add --all")
    if not pairs:
        raise CoverageError(f"no close pair is on record in {year}; load more sources: tripoint load atop")
    found = [
        _scanned(
            part_two(shared, a, b, divider, year, change, close[a, b].ties, draws=draws, seed=seed),
            close[a, b],
            friends,
            {a, b} if every else {s for s, other in ((a, b), (b, a)) if other in odds},
        )
        for a, b in watch(pairs)
    ]
    found.sort(key=lambda s: (s.best is None, -(s.best.score if s.best else 0.0), s.a, s.b))
    return WedgeScan(
        divider=divider,
        year=year,
        change=change,
        pairs=tuple(found),
        line=line,
        adversaries=tuple(sorted(odds)),
        own=len(mine),
        apart=tuple(apart),
        easy=len(easy),
        draws=draws,
        seed=seed,
        evidence_hash=evidence.hash,
    )


def _at_odds(shared: InMemory, divider: str, year: int) -> set[str]:
    """States with which the divider has a rivalry, claim or war on record in the year."""
    facts = shared.facts(states=states.lineage(divider), kinds=ODDS, since=date(year, 1, 1), until=date(year, 12, 31))
    facts, _ = coverage_of(shared).known_in(facts, year)
    alive = _alive(year)
    return {alive.get(s, s) for row in facts.select("state_a", "state_b").iter_rows() for s in row if s} - {divider}


def _adversaries(measured: Mapping[tuple[str, str], _Measured], divider: str) -> set[str]:
    """States with which the divider stands at rivalry or worse."""
    return {s for pair, at in measured.items() if divider in pair and at.hostile >= ADVERSARY for s in pair} - {divider}


def _scanned(wedge: Wedge, close: _Close, friends: set[str], targets: set[str]) -> Scanned:
    best = next((o for o in wedge.openings if o.score > 0 and o.target in targets), None)
    target = next((t for t in wedge.targets if best and t.state == best.target), None)
    nan = float("nan")
    return Scanned(
        wedge.a,
        wedge.b,
        close.kinds,
        close.ties,
        close.relation,
        close.sd,
        best,
        target.reward if target else nan,
        target.constraint if target else nan,
        tuple(s for s in (wedge.a, wedge.b) if s in friends),
        "" if best else _why(wedge),
    )


def _why(wedge: Wedge) -> str:
    """Why a pair has no opening: nothing searched, no lever known, or no divergence in what was searched."""
    names = dict.fromkeys(u.name.removesuffix(f" of {wedge.a} and {wedge.b}") for u in wedge.unsearched)
    blank = f"not searched: {', '.join(names)}" if names else ""
    if not wedge.seams:
        return f"no evidence on any seam; {blank}"
    if not any(o.score >= 0 for o in wedge.openings):
        return f"no lever of {wedge.divider} is known"
    flat = ", ".join(dict.fromkeys(s.kind for s in wedge.seams))
    return f"no divergence, or nothing to offer, in {flat}" + (f"; {blank}" if blank else "")


def _close_pairs(
    shared: InMemory, year: int, line: float | None, measured: Mapping[tuple[str, str], _Measured]
) -> dict[tuple[str, str], _Close]:
    """Pairs bound by a pledge, or at or above the line of relations, under the ids of the year."""
    unknown_yet = _Measured(float("nan"), float("nan"), float("nan"))
    close = {}
    for pair, tie in _bound(shared, year).items():
        at = measured.get(pair, unknown_yet)
        close[pair] = _Close(*tie, at.mean, at.sd)
    for pair, at in measured.items():
        if line is not None and at.mean >= line and pair not in close:
            close[pair] = _Close((), (), at.mean, at.sd)
    return close


def _bound(shared: InMemory, year: int) -> dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]:
    import polars as pl

    facts = shared.facts(kinds=TIES, since=date(year, 1, 1), until=date(year, 12, 31))
    facts, _ = coverage_of(shared).known_in(facts, year)
    facts = facts.filter(pl.col("kind").is_in(_STRONG) | (pl.col("members") <= MOST_MEMBERS))
    alive = _alive(year)
    found: dict[tuple[str, str], tuple[set[str], list[str]]] = {}
    for kind, a, b, fact_id in facts.select("kind", "state_a", "state_b", "fact_id").iter_rows():
        one, other = (alive.get(s, "") for s in (a, b))
        if one and other and one != other:
            kinds, ids = found.setdefault((min(one, other), max(one, other)), (set(), []))
            kinds.add(kind)
            ids.append(fact_id)
    return {pair: (tuple(sorted(kinds)), tuple(ids)) for pair, (kinds, ids) in found.items()}


def _alive(year: int) -> Mapping[str, str]:
    """Every id that a state of that year bears or bore -> its latest id."""
    heads = {states.find(m).id for m in states.members(year)}
    return {old: head for head in heads for old in states.lineage(head)}


def _relations(evidence: Evidence, year: int) -> dict[tuple[str, str], _Measured]:
    """How every pair stands of which something was seen in the last five years."""
    import numpy as np

    from tripoint.dyad.relation import fit_relation, rung_chances

    fit = fit_relation(evidence, start=year, end=year)
    heads = _alive(year)
    seen = np.isfinite(fit.mean[:, 0]) & (fit.newest[:, 0] > year - _SEEN_WITHIN)
    hostile = rung_chances(fit)[:, 0, 2]
    found = {}
    for k in np.flatnonzero(seen).tolist():
        a, b = fit.pairs[k]
        if a not in heads or b not in heads:
            continue
        one, other = sorted((heads[a], heads[b]))
        found[one, other] = _Measured(float(fit.mean[k, -1]), float(fit.sd[k, -1]), float(hostile[k]))
    return found
