"""The dossier of a pair, from every measure that the evidence reaches; nothing is guessed.

A part that the evidence does not reach says so, with what to load. The two take their places in the order of their ids,
so that naming them the other way round gives the same dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.briefs import figures
from tripoint.briefs.by_measure import measured_lines, parting_lines
from tripoint.briefs.numbered import Notes
from tripoint.briefs.pair_facts import PairFacts, read_pair
from tripoint.briefs.paper import Brief, Line, Section
from tripoint.briefs.powers import standing_figure
from tripoint.briefs.told import capital, fact_line, name_of, named, number, short_day
from tripoint.briefs.whole import NEWEST, key_of, whole
from tripoint.errors import InputError, TripointError
from tripoint.evidence.choice import ranked

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence

_THIRDS = 4


def build_pair(evidence: Evidence, a: str, b: str, *, as_of: date, command: str = "", version: str = "") -> Brief:
    """The dossier of two states.

    Raises
    ------
    InputError
        When the two are one state.
    """
    one, other = sorted((states.find(a).id, states.find(b).id))
    if one == other:
        raise InputError(f"'{a}' and '{b}' are the same state; name two")
    notes = Notes(evidence)
    pair = read_pair(evidence, one, other, as_of)
    lead = _pair_figure(evidence, pair)
    key = tuple(key_of(line) for line in pair.key(notes))
    thirds = _thirds(evidence, pair, notes)
    if pair.binding():
        thirds += parting_lines(evidence, one, other, as_of, notes)
    sections = [
        Section("measures", "The dossier", "By measure", lines=measured_lines(evidence, one, other, as_of, notes)),
        Section("paper", "The dossier", "On paper", lines=pair.on_paper(notes)),
        Section("practice", "The dossier", "In practice", lines=pair.in_practice(notes)),
        Section("dependence", "The dossier", "Who depends on whom", lines=_dependence(evidence, pair, notes)),
        Section("quarrels", "The dossier", "Quarrels", lines=pair.quarrels(notes)),
        Section("thirds", "The dossier", "Third parties that matter", lines=thirds),
        Section("change", "The dossier", "What would change it", lines=pair.would_change()),
    ]
    return whole(
        evidence,
        notes,
        question=f"How do {named((one, other))} stand?",
        answer=_with_relation(evidence, pair, pair.answer(notes)),
        as_of=as_of,
        key=key,
        newest=pair.newest(NEWEST),
        lead=lead,
        sections=tuple(s for s in sections if s.lines),
        gaps=pair.gaps(),
        last=pair.last_fact,
        command=command,
        version=version,
    )


def _with_relation(evidence: Evidence, pair: PairFacts, answer: tuple[str, ...]) -> tuple[str, ...]:
    """The answer with how the two stand by the measure of relation, in place of the votes where it speaks."""
    from tripoint.answers import relation

    asked = relation.RelationAsked((pair.a, pair.b), until=pair.as_of.year)
    try:
        said = relation.answer(evidence, asked).headline
    except TripointError:
        return answer
    if "no estimate" in said:
        return answer
    return (answer[0], *answer[1:2], said)


def _pair_figure(evidence: Evidence, pair: PairFacts) -> Figure | None:
    """The figure of a pair: trade, arms, exercises, how they stand, votes: the first with something to draw."""
    since, sides = max(pair.as_of.year - 20, 1950), [(pair.a, pair.b), (pair.b, pair.a)]
    tries: list[Callable[[], figures.Drawn | None]] = [
        lambda: figures.flow_figure(evidence, "goods trade", sides, since, pair.as_of),
        lambda: figures.flow_figure(evidence, "arms deliveries", sides, since, pair.as_of),
        lambda: figures.count_figure(evidence, "joint exercise", pair.a, pair.b, since, pair.as_of),
        lambda: _standing(evidence, pair),
        lambda: figures.votes_figure(evidence, [(pair.a, pair.b)], since, pair.as_of),
    ]
    return next((found.figure for draw in tries if (found := draw()) is not None), None)


def _standing(evidence: Evidence, pair: PairFacts) -> figures.Drawn | None:
    """How the two stood by year, by the measure of relation."""
    from tripoint.answers import relation

    try:
        fit = relation.answer(evidence, relation.RelationAsked((pair.a, pair.b), until=pair.as_of.year)).result
    except TripointError:
        return None
    last = relation.last_year(fit, 0)
    if last is None:
        return None
    both = capital(named((pair.a, pair.b)))
    title = f"{both} in {fit.years[last]}: {fit.category()[0, last]}"
    drawn = standing_figure(fit, {(pair.a, pair.b): (both, figures.INKS["USA"])}, title, pair.as_of)
    return figures.Drawn(f"relation {pair.a} {pair.b}", drawn) if drawn else None


def _dependence(evidence: Evidence, pair: PairFacts, notes: Notes) -> tuple[Line, ...]:
    """Goods each way in the last year that both have, and the ratio of what one sells to what it buys."""
    rows = [r for r in pair.rows if r["kind"] == "goods trade" and r["precision"] == "year"]
    by_year: dict[int, dict[str, Mapping[str, Any]]] = {}
    order = ranked("goods trade", {r["source_id"] for r in rows})
    for row in sorted(rows, key=lambda r: (-order.index(r["source_id"]), r["fact_id"])):
        by_year.setdefault(row["start"].year, {})[row["state_a"]] = row
    both = [
        y
        for y, sides in by_year.items()
        if {pair.a, pair.b} <= set(sides) and len({r["unit"] for r in sides.values()}) == 1
    ]
    out = []
    if both:
        sides = by_year[max(both)]
        sold, bought = sides[pair.a], sides[pair.b]
        text = (
            f"{capital(name_of(pair.a))} sold {name_of(pair.b)} goods worth {_money(sold)} in {max(both)} and bought "
            f"{_money(bought)}."
        )
        out.append(Line(text, notes.cite_rows([sold, bought])))
    for kind in ("arms deliveries", "energy trade", "military aid", "development finance"):
        flows = sorted(
            (r for r in pair.rows if r["kind"] == kind), key=lambda r: (r["end"] or r["start"], r["fact_id"])
        )
        if flows:
            out.append(Line(f"{fact_line(flows[-1])}, {short_day(flows[-1])}.", notes.cite_rows(flows[-1:])))
    return tuple(out)


def _money(row: Mapping[str, Any]) -> str:
    if row["unit"] == "USD million":
        return f"USD {number(float(row['value']) / 1000)} billion"
    return f"{number(float(row['value']))} {row['unit']}"


def _thirds(evidence: Evidence, pair: PairFacts, notes: Notes) -> tuple[Line, ...]:
    """States at odds with one of the two and tied by a defense pact to the other; common enemies; common allies."""
    ties = evidence.facts(
        states=(*states.lineage(pair.a), *states.lineage(pair.b)),
        kinds=("defense pact", "rivalry", "sanction", "war", "territorial claim"),
        until=pair.as_of,
    ).to_dicts()
    live = [r for r in ties if pair.coverage.standing(r, pair.as_of).state == "in force"]
    sides = {pair.a: states.lineage(pair.a), pair.b: states.lineage(pair.b)}
    weight: dict[str, int] = {}
    friends: dict[str, dict[str, Mapping[str, Any]]] = {pair.a: {}, pair.b: {}}
    foes: dict[str, dict[str, Mapping[str, Any]]] = {pair.a: {}, pair.b: {}}
    for row in live:
        for me, line in sides.items():
            other = row["state_b"] if row["state_a"] in line else row["state_a"] if row["state_b"] in line else None
            if other and other not in (*sides[pair.a], *sides[pair.b]):
                (friends if row["kind"] == "defense pact" else foes)[me].setdefault(other, row)
                weight[other] = weight.get(other, 0) + 1

    def first(ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=lambda s: (-weight[s], s))

    out = []
    for me, them in ((pair.a, pair.b), (pair.b, pair.a)):
        torn = first(set(friends[me]) & set(foes[them]))
        if torn:
            rows = [friends[me][t] for t in torn] + [foes[them][t] for t in torn]
            among = "" if len(torn) <= _THIRDS else f"{len(torn)} states, among them "
            allied = f"{capital(name_of(me))} is allied to {among}{named(torn[:_THIRDS])}"
            text = f"{allied}, with whom {name_of(them)} has quarrels."
            out.append(Line(text, notes.cite_rows(rows[:6])))
    for said, one, other in (("allies", friends, friends), ("adversaries", foes, foes)):
        common = first(set(one[pair.a]) & set(other[pair.b]))
        if common:
            word = said if len(common) > 1 else said.removesuffix("ies") + "y"
            more = f"; {len(common) - _THIRDS} more" if len(common) > _THIRDS else ""
            rows = [side[c] for c in common[:_THIRDS] for side in (one[pair.a], other[pair.b])]
            out.append(Line(f"Common {word}: {named(common[:_THIRDS])}{more}.", notes.cite_rows(rows)))
    return tuple(out)
