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
from tripoint.triad.domains import domain
from tripoint.triad.gathered import gather, in_reach
from tripoint.triad.poles import Pole
from tripoint.triad.seams import BACK, THIRD_STATES, TREND_YEARS, Seam, Unsearched, find_seams
from tripoint.triad.shared import keep

if TYPE_CHECKING:
    import polars as pl

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
#: Kinds of fact that put an ally of the divider, or the divider, at odds with the target.
ODDS = ("rivalry", "territorial claim", "war")
#: How many sanctions, or allies at odds, bring a lever or constraint halfway to 1.
HALF = 2.0
#: Share of the target's trade that, lost and to be had again, makes a full lever.
FULL_TRADE = 0.2


@dataclass(frozen=True, slots=True)
class Lever:
    """Something the divider can give or take, or that holds it back.

    Attributes
    ----------
    name, power
        What, and its strength [0-1]; NaN where not known.
    finding
        One sentence with the numbers.
    sources, fact_ids
        Catalog ids and facts.
    """

    name: str
    power: float
    finding: str
    sources: tuple[str, ...]
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What the divider has on one of the two states.

    Attributes
    ----------
    state
        The target.
    rewards, punishments, constraints
        Levers.
    reward, constraint
        Mean of the known rewards [0-1]; 1 less the product of what constraints leave free [0-1]. NaN: not known.
    """

    state: str
    rewards: tuple[Lever, ...]
    punishments: tuple[Lever, ...]
    constraints: tuple[Lever, ...]
    reward: float
    constraint: float


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
        raise InputError(f"a wedge needs three states, not {a}, {b} and {by}")
    day = date(year, 12, 31)
    sides = (states.lineage(one), states.lineage(other))
    ties = in_reach(evidence, evidence.facts(between=sides, kinds=TIES, since=date(year, 1, 1), until=day), year)
    if ties.is_empty():
        raise InputError(
            f"{one} and {other} have no pact or partnership on record in {year}, so there is nothing to part; "
            "name another pair or year, or load more sources: tripoint load atop"
        )
    heads = {states.lineage(s)[0] for s in (one, other)}
    wanted = (THIRD_STATES if heads == {"RUS", "CHN"} else ()) if third is None else tuple(third)
    exist = _existing(wanted, year, (one, other, divider))
    found = part_two(
        evidence, one, other, divider, year, change, tuple(ties["fact_id"]), third=exist, draws=draws, seed=seed
    )
    gone = sorted(set(wanted) - set(exist))
    return replace(found, remarks=tuple(f"{s} is left out of the third states in {year}" for s in gone))


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
    seams, blank = find_seams(evidence, a, b, year, third=third, draws=draws, seed=seed)
    targets = (_target(evidence, a, b, divider, year), _target(evidence, b, a, divider, year))
    openings = [o for seam in seams for o in _openings(seam, targets, change)]
    openings.sort(key=lambda o: (np.isnan(o.score), -o.score, o.seam.name, o.target))
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
        remarks=(),
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


def _target(evidence: Evidence, target: str, partner: str, divider: str, year: int) -> Target:
    lifted, regain, lose, allies, own = keep(
        evidence, ("levers", target, divider, year), lambda: _levers(evidence, target, divider, year)
    )
    weight = keep(evidence, ("weight", partner, divider, year), lambda: _weight(evidence, divider, partner, year))
    rewards, constraints = (lifted, regain, weight), (allies, own)
    known = [lever.power for lever in rewards if np.isfinite(lever.power)]
    free = [1 - lever.power for lever in constraints if np.isfinite(lever.power)]
    return Target(
        target,
        rewards,
        (lose,),
        constraints,
        float(np.mean(known)) if known else float("nan"),
        float(1 - np.prod(free)) if free else float("nan"),
    )


def _levers(evidence: Evidence, target: str, divider: str, year: int) -> tuple[Lever, Lever, Lever, Lever, Lever]:
    """What the divider has on a target whoever the partner is: to lift, to give back, to take; its allies, itself."""
    day = date(year, 12, 31)
    between = (states.lineage(divider), states.lineage(target))
    imposed = evidence.facts(between=between, kinds=["sanction"], since=day, until=day)
    sanctions = _in_force(in_reach(evidence, imposed, year), divider)
    lifted = Lever(
        "sanctions to lift",
        sanctions.height / (sanctions.height + HALF),
        f"{sanctions.height} sanctions of {divider} on {target} in force on {day}",
        tuple(sanctions["source_id"].unique().sort()),
        tuple(sanctions["fact_id"]),
    )
    trade = _trade(evidence, target, divider, year)
    return lifted, *trade, _allies(evidence, target, divider, year), _own(evidence, target, divider, year)


def _in_force(facts: pl.DataFrame, imposing: str) -> pl.DataFrame:
    """Sanctions of one side, one data set's account: the one with most cases."""
    import polars as pl

    mine = facts.filter(pl.col("state_a").is_in(list(states.lineage(imposing))))
    counts = mine.group_by("source_id").len().sort("len", "source_id", descending=[True, False])
    return mine.filter(pl.col("source_id") == counts["source_id"][0]) if mine.height else mine


def _trade(evidence: Evidence, target: str, divider: str, year: int) -> tuple[Lever, Lever]:
    """Trade that could be had again, and trade that could be taken away."""
    g = gather(evidence, target, (Pole(divider, (divider,)),), year - TREND_YEARS - BACK, year)
    path = [domain(g, "trade", y, draws=1) for y in range(year, year - TREND_YEARS - BACK - 1, -1)]
    now = next((p for p in path[: BACK + 1] if p.status == "found"), None)
    if now is None:
        why = f"no source gives {target}'s trade with all partners since {year - BACK}"
        return tuple(Lever(n, float("nan"), why, (), ()) for n in ("trade to regain", "trade to lose"))  # type: ignore[return-value]
    alike = [p for p in path if p.status == "found" and p.sources == now.sources]
    peak = max(alike, key=lambda p: float(p.ties[0]))
    share, best = float(now.ties[0]), float(peak.ties[0])
    regain = Lever(
        "trade to regain",
        min(1.0, (best - share) / FULL_TRADE),
        f"{divider} had {best:.1%} of {target}'s trade in {peak.until}, {share:.1%} in {now.until}",
        now.sources,
        (*now.fact_ids[:1], *peak.fact_ids[:1]),
    )
    lose = Lever(
        "trade to lose",
        min(1.0, share / FULL_TRADE),
        f"{share:.1%} of {target}'s trade is with {divider} in {now.until}",
        now.sources,
        now.fact_ids,
    )
    return regain, lose


def _weight(evidence: Evidence, divider: str, partner: str, year: int) -> Lever:
    """What the divider weighs against the partner it would replace: its share of the two's gross product."""
    name = f"weight of {divider} against {partner}"
    rows = evidence.sql(
        """
        SELECT fact_id, source_id, unit, year("start")::INT AS year, state, value FROM attributes
        WHERE kind = 'gdp' AND list_contains(?::VARCHAR[], state) AND year("start") BETWEEN ? AND ?
        ORDER BY year DESC, source_id
        """,
        [[*states.lineage(divider), *states.lineage(partner)], year - BACK, year],
    )
    groups = rows.group_by("year", "source_id", "unit", maintain_order=True)
    mine = set(states.lineage(divider))
    for (when, source, _), part in groups:
        values = {("d" if s in mine else "p"): v for s, v in part.select("state", "value").iter_rows()}
        if len(values) == 2:
            share = values["d"] / (values["d"] + values["p"])
            text = f"{divider} has {share:.0%} of the gross product of {divider} and {partner} in {when}"
            return Lever(name, float(share), text, (str(source),), tuple(part["fact_id"]))
    return Lever(name, float("nan"), f"no source gives the gross product of both since {year - BACK}", (), ())


def _allies(evidence: Evidence, target: str, divider: str, year: int) -> Lever:
    """Allies of the divider that are at odds with the target."""
    import polars as pl

    day = date(year, 12, 31)
    pacts = evidence.facts(states=states.lineage(divider), kinds=["defense pact"], since=day, until=day)
    pacts = in_reach(evidence, pacts, year)
    mine = list(states.lineage(divider))
    partner = pl.when(pl.col("state_a").is_in(mine)).then("state_b").otherwise("state_a")
    allies = pacts.select(partner.alias("ally")).unique()["ally"].sort().to_list()
    if not allies:
        return Lever("allies at odds with the target", float("nan"), f"no ally of {divider} on record", (), ())
    facts = evidence.facts(between=(states.lineage(target), allies), kinds=ODDS, since=day, until=day)
    facts = in_reach(evidence, facts, year)
    theirs = pl.when(pl.col("state_a").is_in(allies)).then("state_a").otherwise("state_b")
    at_odds = facts.select(theirs.alias("ally")).unique()["ally"].sort().to_list()
    return Lever(
        "allies at odds with the target",
        len(at_odds) / (len(at_odds) + HALF),
        f"of {len(allies)} allies of {divider}, {len(at_odds)} at odds with {target}"
        + (f": {', '.join(at_odds)}" if at_odds else ""),
        tuple(facts["source_id"].unique().sort()),
        tuple(facts["fact_id"]),
    )


def _own(evidence: Evidence, target: str, divider: str, year: int) -> Lever:
    """The divider's own quarrels with the target."""
    day = date(year, 12, 31)
    between = (states.lineage(divider), states.lineage(target))
    facts = in_reach(evidence, evidence.facts(between=between, kinds=ODDS, since=day, until=day), year)
    kinds = facts["kind"].unique().sort().to_list()
    return Lever(
        "own quarrel with the target",
        len(kinds) / (len(kinds) + HALF),
        f"{divider} and {target}: {', '.join(kinds) or 'no rivalry, claim or war'} in force in {year}",
        tuple(facts["source_id"].unique().sort()),
        tuple(facts["fact_id"]),
    )
