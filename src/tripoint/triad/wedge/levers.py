"""What a divider has on one of two states: rewards to give, trade to take away, and what holds it back.

What was seen longer ago than its kind allows does not count as in force; see
:meth:`tripoint.evidence.coverage.Coverage.known_in`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tripoint import states
from tripoint.evidence.choice import choose, choose_fullest
from tripoint.evidence.coverage import Coverage, joint_status, last_seen, not_known_since
from tripoint.evidence.in_memory import kept
from tripoint.triad.ties.domains import domain
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import gather
from tripoint.triad.wedge.seams import BACK, TREND_YEARS

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

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


def coded_out(unended: pl.DataFrame, live: pl.DataFrame | None = None) -> str:
    """Kinds whose coding ended with no end and of which nothing is live, as an aside; empty where there are none."""
    import polars as pl

    alive = [] if live is None else live["kind"].unique().to_list()
    last = unended.filter(~pl.col("kind").is_in(alive))
    last = last.group_by("kind").agg(pl.col("seen").max()).sort("kind")
    return "".join(f"; {not_known_since(kind, day)}" for kind, day in last.iter_rows())


def build_target(evidence: Evidence, coverage: Coverage, target: str, partner: str, divider: str, year: int) -> Target:
    """Levers and constraints of the divider on a target that it would part from its partner, at the end of a year."""
    lifted, regain, lose, allies, own = kept(
        evidence, ("levers", target, divider, year), lambda: _levers(evidence, coverage, target, divider, year)
    )
    weight = kept(evidence, ("weight", partner, divider, year), lambda: _weight(evidence, divider, partner, year))
    rewards, constraints = (lifted, regain, weight), (allies, own)
    worth = [lever.power for lever in rewards if np.isfinite(lever.power)]
    free = [1 - lever.power for lever in constraints if np.isfinite(lever.power)]
    return Target(
        target,
        rewards,
        (lose,),
        constraints,
        float(np.mean(worth)) if worth else float("nan"),
        float(1 - np.prod(free)) if free else float("nan"),
    )


def _levers(
    evidence: Evidence, coverage: Coverage, target: str, divider: str, year: int
) -> tuple[Lever, Lever, Lever, Lever, Lever]:
    """What the divider has on a target whoever the partner is: to lift, to give back, to take; its allies, itself."""
    day = date(year, 12, 31)
    between = (states.lineage(divider), states.lineage(target))
    imposed = evidence.facts(between=between, kinds=["sanction"], since=day, until=day)
    known, unended = coverage.known_in(imposed, year)
    sanctions = _in_force(known, divider)
    lifted = Lever(
        "sanctions to lift",
        sanctions.height / (sanctions.height + HALF),
        f"{sanctions.height} sanctions of {divider} on {target} in force on {day}"
        + coded_out(_by(unended, divider), sanctions),
        tuple(sanctions["source_id"].unique().sort()),
        tuple(sanctions["fact_id"]),
    )
    return (
        lifted,
        *_trade(evidence, target, divider, year),
        _allies(evidence, coverage, target, divider, year),
        _own(evidence, coverage, target, divider, year),
    )


def _in_force(facts: pl.DataFrame, imposing: str) -> pl.DataFrame:
    """Sanctions of one side, one data set's account: the one with most cases."""
    import polars as pl

    mine = _by(facts, imposing)
    counts = dict(mine.group_by("source_id").len().iter_rows())
    return mine.filter(pl.col("source_id") == choose_fullest("sanction", counts).source)


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
        ORDER BY year DESC, fact_id
        """,
        [[*states.lineage(divider), *states.lineage(partner)], year - BACK, year],
    )
    mine = set(states.lineage(divider))
    for when in rows["year"].unique(maintain_order=True):
        both: dict[str, tuple[float, str, tuple[str, ...]]] = {}
        for (source, unit), part in rows.filter(year=when).group_by("source_id", "unit", maintain_order=True):
            values = {("d" if s in mine else "p"): v for s, v in part.select("state", "value").iter_rows()}
            if len(values) == 2:
                both[str(source)] = (values["d"] / (values["d"] + values["p"]), str(unit), tuple(part["fact_id"]))
        choice = choose("gdp", both)
        if choice:
            share, _, fact_ids = both[choice.source]
            text = f"{divider} has {share:.0%} of the gross product of {divider} and {partner} in {when}"
            return Lever(name, float(share), f"{text} ({choice.words})", (choice.source,), fact_ids)
    return Lever(name, float("nan"), f"no source gives the gross product of both since {year - BACK}", (), ())


def _by(facts: pl.DataFrame, state: str) -> pl.DataFrame:
    import polars as pl

    return facts.filter(pl.col("state_a").is_in(list(states.lineage(state))))


def _allies(evidence: Evidence, coverage: Coverage, target: str, divider: str, year: int) -> Lever:
    """Allies of the divider that are at odds with the target."""
    import polars as pl

    day = date(year, 12, 31)
    name = "allies at odds with the target"
    pacts = evidence.facts(states=states.lineage(divider), kinds=["defense pact"], since=day, until=day)
    pacts, _ = coverage.known_in(pacts, year)
    mine = list(states.lineage(divider))
    partner = pl.when(pl.col("state_a").is_in(mine)).then("state_b").otherwise("state_a")
    allies = pacts.select(partner.alias("ally")).unique()["ally"].sort().to_list()
    if not allies:
        return Lever(name, float("nan"), f"no ally of {divider} on record", (), ())
    facts = evidence.facts(between=(states.lineage(target), allies), kinds=ODDS, since=day, until=day)
    facts, unended = coverage.known_in(facts, year)
    theirs = pl.when(pl.col("state_a").is_in(allies)).then("state_a").otherwise("state_b")

    def who(rows: pl.DataFrame) -> list[str]:
        return rows.select(theirs.alias("ally")).unique()["ally"].sort().to_list()

    at_odds = who(facts)
    once = [ally for ally in who(unended) if ally not in at_odds]
    return Lever(
        name,
        len(at_odds) / (len(at_odds) + HALF) if at_odds or not once else float("nan"),
        f"of {len(allies)} allies of {divider}, {len(at_odds)} at odds with {target}"
        + (f": {', '.join(at_odds)}" if at_odds else "")
        + (f"; not counted: {', '.join(once)}{coded_out(unended).replace(';', ',', 1)}" if once else ""),
        tuple(facts["source_id"].unique().sort()),
        tuple(facts["fact_id"]),
    )


def _own(evidence: Evidence, coverage: Coverage, target: str, divider: str, year: int) -> Lever:
    """The divider's own quarrels with the target; not known where none is known and coding ended with one open."""
    day = date(year, 12, 31)
    between = (states.lineage(divider), states.lineage(target))
    facts, unended = coverage.known_in(evidence.facts(between=between, kinds=ODDS, since=day, until=day), year)
    kinds = facts["kind"].unique().sort().to_list()
    since = date(year, 1, 1)
    looked = joint_status([coverage.status(k, (divider, target), (since, day), facts=()).status for k in ODDS])
    dark = not kinds and (unended.height > 0 or looked == "not searched")
    named = f"{', '.join(ODDS[:-1])} or {ODDS[-1]}"
    none = f"no {named} in {year}" if looked == "none found" else f"no current evidence of {named} ({year}: {looked})"
    return Lever(
        "own quarrel with the target",
        float("nan") if dark else len(kinds) / (len(kinds) + HALF),
        f"{divider} and {target}: "
        + (f"{', '.join(kinds)} in force in {year}{last_seen(facts, year)}" if kinds else none)
        + coded_out(unended, facts),
        tuple(facts["source_id"].unique().sort()),
        tuple((facts if facts.height else unended)["fact_id"]),
    )
