"""Autonomy on record: a state between poles, domain by domain, with a rule that can say that it is not.

Profile first: :func:`build_autonomy` gathers ties by domain (:mod:`tripoint.triad.ties.domains`). Index second: the
class by :data:`tripoint.triad.autonomy.rule.RULE`, its probability, and how much it depends on the weights. Third,
whether an overture is lasting: :func:`tripoint.triad.autonomy.overtures.fit_overtures` puts each component toward each
pole to the test of :mod:`tripoint.dyad.lasting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tripoint import states
from tripoint.errors import InputError
from tripoint.evidence.choice import by_hand, choose
from tripoint.evidence.coverage import coverage_of
from tripoint.triad.autonomy.positions import Betweenness, betweenness, contradictions
from tripoint.triad.autonomy.rule import RULE, Autonomy, Sensitivity, fit_autonomy, weight_sensitivity
from tripoint.triad.ties.domains import DOMAINS, Domain, Name, domain, vote_weights
from tripoint.triad.ties.poles import Pole, resolve_poles
from tripoint.triad.ties.record import WINDOW, Gathered, gather

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Kinds of fact that put two poles at odds.
ODDS = ("rivalry", "sanction", "war", "territorial claim")
#: Pacts that can contradict each other. Consultation pacts are left out: they do not commit a state to a side.
BINDING = ("defense pact", "offense pact", "neutrality pact")
#: Fewest roll calls on which the poles differ for a position between them.
FEWEST_SPLIT = 5


@dataclass(frozen=True, slots=True)
class Between:
    """Where a state votes between two poles: 0 with the first, 1 with the second, on items on which they differ."""

    first: str
    second: str
    items: int
    place: Betweenness


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two commitments that tie the state to poles at odds with each other."""

    one: str
    other: str
    poles: tuple[tuple[str, ...], tuple[str, ...]]
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AutonomyOnRecord:
    """A state between poles in one year, from the evidence.

    Where some poles are not at odds with each other on record, standing between them is no autonomy from rivals:
    ``camps`` then classifies the state again with such poles joined.

    Attributes
    ----------
    state, year, poles
        Id, year, and the poles with their members.
    domains
        The seven domains in order, each with status, amounts, ties, sources and fact ids.
    result
        Index and class; None where no domain has evidence about every pole.
    sensitivity
        How the class depends on the weights; None with fewer than two domains.
    camps
        The result with poles that are not at odds joined; None where all are, or none.
    between
        Place between each two poles in the Assembly, where they differ on enough roll calls.
    odds
        Pairs of poles at odds that year, with the facts that say so.
    contradictions
        Commitments that tie the state to poles at odds.
    bound
        Facts of defense pacts or bases, by pole.
    remarks
        What was left out, and why.
    rule
        What would count as not autonomous.
    draws, seed, evidence_hash
        How it was made.
    """

    state: str
    year: int
    poles: tuple[Pole, ...]
    domains: tuple[Domain, ...]
    result: Autonomy | None
    sensitivity: Sensitivity | None
    camps: Autonomy | None
    between: tuple[Between, ...]
    odds: Mapping[tuple[str, str], tuple[str, ...]]
    contradictions: tuple[Contradiction, ...]
    bound: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]
    rule: str
    draws: int
    seed: int
    evidence_hash: str


def build_autonomy(
    evidence: Evidence,
    state: str,
    poles: Mapping[str, Sequence[str]],
    year: int,
    *,
    domains: Sequence[Name] = DOMAINS,
    weights: Mapping[str, float] | None = None,
    draws: int = 500,
    seed: int = 0,
) -> AutonomyOnRecord:
    """Profile and classify a state between poles in one year.

    Parameters
    ----------
    evidence
        Open evidence.
    state
        Name, code or id.
    poles
        Members by pole: ``{"RUS": ["RUS"], "West": ["USA", "GBR", ...]}``;
        :func:`~tripoint.triad.ties.poles.parse_poles` reads them from text.
    year
        Year, which must be complete in the evidence that matters.
    domains
        Domains to use.
    weights
        Weight by domain, >= 0; equal by default.
    draws
        Resamplings of roll calls, deliveries, exercises and institutions, >= 1.
    seed
        Their seed.

    Raises
    ------
    UnknownNameError, NotInSystemError
        A state or pole that is unknown, or did not exist in that year.
    InputError
        Overlapping poles, the state as its own pole, or an unknown domain.
    """
    return build_years(evidence, state, poles, (year,), domains=domains, weights=weights, draws=draws, seed=seed)[0]


def build_years(
    evidence: Evidence,
    state: str,
    poles: Mapping[str, Sequence[str]],
    years: Sequence[int],
    *,
    domains: Sequence[Name] = DOMAINS,
    weights: Mapping[str, float] | None = None,
    draws: int = 500,
    seed: int = 0,
) -> tuple[AutonomyOnRecord, ...]:
    """As :func:`build_autonomy` for several years, reading the evidence once where the poles stay the same."""
    unknown_names = [d for d in [*domains, *(weights or {})] if d not in DOMAINS]
    if unknown_names or not domains or not years or draws < 1:
        wrong = f"domain '{unknown_names[0]}' is unknown" if unknown_names else "domains, years and draws are needed"
        raise InputError(f"{wrong}; domains: {', '.join(DOMAINS)}")
    found = []
    read: dict[tuple[Pole, ...], Gathered] = {}

    def gathered(subject: str, resolved: tuple[Pole, ...]) -> Gathered:
        if resolved not in read:
            read[resolved] = gather(evidence, subject, resolved, min(years), max(years))
        return read[resolved]

    for year in years:
        subject = states.find(states.find(state, year=year).id).id
        resolved, remarks = resolve_poles(poles, subject, year)
        answer = _one_year(evidence, gathered(subject, resolved), year, domains, weights, draws, seed, remarks)
        joined = _joined(resolved, answer.odds)
        if len(joined) == len(resolved) or len(joined) < 2:
            found.append(answer)
            continue
        again = _one_year(evidence, gathered(subject, joined), year, domains, weights, draws, seed, remarks)
        found.append(replace(answer, camps=again.result))
    return tuple(found)


def on_domains(found: AutonomyOnRecord, names: Sequence[str]) -> Autonomy:
    """Classify a state by some of the domains that have evidence, so that two years may be compared on like grounds.

    Raises :class:`~tripoint.errors.InputError` where none of ``names`` has evidence about every pole.
    """
    parts = [part for part in found.domains if part.name in names]
    labels = [pole.name for pole in found.poles]
    ties = np.stack([np.broadcast_to(part.draws, (found.draws, len(labels))) for part in parts], axis=1)
    tied = np.array([bool(found.bound[label]) for label in labels])
    return fit_autonomy(ties, domains=[part.name for part in parts], poles=labels, bound=tied)


def _joined(poles: tuple[Pole, ...], odds: Mapping[tuple[str, str], tuple[str, ...]]) -> tuple[Pole, ...]:
    """Join poles that are not at odds, each with the first camp none of whose poles it is at odds with."""
    camps: list[list[Pole]] = []
    for pole in poles:
        for camp in camps:
            if not any({(p.name, pole.name), (pole.name, p.name)} & odds.keys() for p in camp):
                camp.append(pole)
                break
        else:
            camps.append([pole])
    return tuple(
        Pole("+".join(p.name for p in camp), tuple(m for p in camp for m in p.members)) if len(camp) > 1 else camp[0]
        for camp in camps
    )


def _one_year(
    evidence: Evidence,
    g: Gathered,
    year: int,
    names: Sequence[Name],
    weights: Mapping[str, float] | None,
    draws: int,
    seed: int,
    remarks: tuple[str, ...],
) -> AutonomyOnRecord:
    parts = tuple(domain(g, name, year, draws=draws, seed=seed + k) for k, name in enumerate(names))
    labels = [p.name for p in g.poles]
    odds = _odds(evidence, g.poles, year)
    bound = _bound(evidence, g, year)
    ties = np.stack([np.broadcast_to(p.draws, (draws, len(labels))) for p in parts], axis=1)
    tied = np.array([bool(bound[label]) for label in labels])
    known = np.isfinite(ties).all(axis=(0, 2))
    result = sensitivity = None
    if known.any():
        w = None if weights is None else np.array([weights.get(name, 0.0) for name in names])
        result = fit_autonomy(ties, domains=list(names), poles=labels, weights=w, bound=tied)
        if known.sum() > 1:
            sensitivity = weight_sensitivity(ties, domains=list(names), poles=labels, bound=tied, seed=seed)
    return AutonomyOnRecord(
        state=g.state,
        year=year,
        poles=g.poles,
        domains=parts,
        result=result,
        sensitivity=sensitivity,
        camps=None,
        between=_between(g, year, draws, seed),
        odds=odds,
        contradictions=_contradictions(g, year, odds),
        bound=bound,
        remarks=remarks,
        rule=RULE,
        draws=draws,
        seed=seed,
        evidence_hash=evidence.hash,
    )


def _odds(evidence: Evidence, poles: Sequence[Pole], year: int) -> dict[tuple[str, str], tuple[str, ...]]:
    """Pairs of poles with a rivalry, sanction, war or claim between members in that year -> facts."""
    found = {}
    coverage = coverage_of(evidence)
    for i, one in enumerate(poles):
        for other in poles[i + 1 :]:
            facts = evidence.facts(
                between=(one.ids, other.ids), kinds=ODDS, since=date(year, 1, 1), until=date(year, 12, 31)
            )
            facts, _ = coverage.known_in(facts, year)
            if facts.height:
                found[(one.name, other.name)] = tuple(facts["fact_id"])
    return found


def _bound(evidence: Evidence, g: Gathered, year: int) -> dict[str, tuple[str, ...]]:
    """Defense pacts in force at the end of the year, and bases of the pole on the state's soil, by pole."""
    import polars as pl

    day, own = date(year, 12, 31), states.lineage(g.state)
    treaties = domain(g, "treaties", year)
    source = treaties.sources[0] if treaties.sources else choose("defense pact", g.pacts["source_id"].unique()).source
    pacts = g.pacts.filter(
        (pl.col("kind") == "defense pact")
        & (pl.col("source_id") == source)
        & (pl.col("start") <= day)
        & (pl.col("end").is_null() | (pl.col("end") >= day))
    )
    found: dict[str, tuple[str, ...]] = {}
    for k, pole in enumerate(g.poles):
        bases = evidence.facts(between=(own, pole.ids), kinds=["base rights"], since=day, until=day)
        # Only rows by hand say whose bases they are first; data sets of treaties put the state that is bound first.
        bases = bases.filter(by_hand(bases) & pl.col("state_a").is_in(list(pole.ids)))
        found[pole.name] = (*pacts.filter(pl.col("pole") == k)["fact_id"], *bases["fact_id"])
    return found


def _between(g: Gathered, year: int, draws: int, seed: int) -> tuple[Between, ...]:
    """Place between two poles: the projection of the state's votes on the line from one pole's to the other's."""
    import polars as pl

    votes = g.votes.filter(pl.col("year").is_between(year - WINDOW, year))
    if votes.is_empty():
        return ()
    own = votes["own"].to_numpy()
    at = [votes.select(pl.mean_horizontal(*pole.members)).to_series().cast(pl.Float64).to_numpy() for pole in g.poles]
    found = []
    for i in range(len(at)):
        for j in range(i + 1, len(at)):
            apart = at[j] - at[i]
            use = np.isfinite(apart) & np.isfinite(own) & (np.abs(apart) > 0)
            if use.sum() < FEWEST_SPLIT:
                continue
            weights = vote_weights(votes.filter(pl.Series(use)), draws, seed)[1:]
            along = weights @ ((own - at[i]) * apart)[use]
            length = weights @ (apart**2)[use]
            place = betweenness(along, np.zeros(draws), length)
            found.append(Between(g.poles[i].name, g.poles[j].name, int(use.sum()), place))
    return tuple(found)


def _contradictions(
    g: Gathered, year: int, odds: Mapping[tuple[str, str], tuple[str, ...]]
) -> tuple[Contradiction, ...]:
    """Political groupings, and pacts of defense, offense or neutrality, that join the state to poles at odds."""
    import polars as pl

    day, own = date(year, 12, 31), list(states.lineage(g.state))
    alive = (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day))
    rows = g.memberships.filter(by_hand(g.memberships)).filter(alive)
    held: dict[str, tuple[set[int], list[str]]] = {}
    for name, part in rows.group_by("instrument", maintain_order=True):
        mine = part.filter(pl.col("state").is_in(own))
        if mine.is_empty():
            continue
        with_poles = {k for k, pole in enumerate(g.poles) if pole.ids.keys() & set(part["state"])}
        held[str(name[0])] = (with_poles, list(mine["fact_id"]))
    strong = pl.col("kind").is_in(BINDING) & (pl.col("pole") >= 0)
    pacts = g.pacts.filter(by_hand(g.pacts)).filter(alive & strong)
    for name, part in pacts.group_by("what", maintain_order=True):
        held.setdefault(str(name[0]), (set(), []))
        held[str(name[0])][0].update(part["pole"].to_list())
        held[str(name[0])][1].extend(part["fact_id"])
    names = sorted(name for name, (where, _) in held.items() if where)
    if len(names) < 2:
        return ()
    labels = [pole.name for pole in g.poles]
    table = np.array([[k in held[name][0] for k in range(len(labels))] for name in names])
    rivals = np.zeros((len(labels), len(labels)), dtype=bool)
    for one, other in odds:
        i, j = labels.index(one), labels.index(other)
        rivals[i, j] = rivals[j, i] = True
    return tuple(
        Contradiction(
            names[i],
            names[j],
            (tuple(labels[k] for k in sorted(held[names[i]][0])), tuple(labels[k] for k in sorted(held[names[j]][0]))),
            (*held[names[i]][1], *held[names[j]][1]),
        )
        for i, j in contradictions(table, rivals)
    )
