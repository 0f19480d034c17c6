"""Dossiers: a pair, a state, a triangle, each from every measure that the evidence reaches; nothing is guessed.

A part that the evidence does not reach says so, with what to load. States take their places in the order of their ids,
so that naming them the other way round gives the same dossier.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.briefs import figures
from tripoint.briefs.by_measure import measured_lines, parting_lines
from tripoint.briefs.compose import reach_of
from tripoint.briefs.numbered import Notes
from tripoint.briefs.pair_facts import PairFacts, newest_of, read_pair
from tripoint.briefs.paper import Brief, Change, Grid, KeyJudgement, Line, Section
from tripoint.briefs.told import capital, fact_line, name_of, named, number, short_day
from tripoint.claims.on_record import long_day
from tripoint.errors import InputError, TripointError
from tripoint.evidence.choice import ranked

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence

_NEWEST, _PARTNERS, _THIRDS, _STALE_DAYS = 5, 8, 4, 183
_METHOD = (
    "Every line is read from the record or from a measure of it, with the day to which it reaches. A tie that is in "
    "force on paper and was broken by a war of the two since is called signed, broken. Only where a source that lists "
    "such things is complete does the brief say that there is none.",
)


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
    key = tuple(_key(line) for line in pair.key(notes))
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
    return _brief(
        evidence,
        notes,
        question=f"How do {named((one, other))} stand?",
        answer=_with_relation(evidence, pair, pair.answer(notes)),
        as_of=as_of,
        key=key,
        newest=pair.newest(_NEWEST),
        lead=lead,
        sections=tuple(s for s in sections if s.lines),
        gaps=pair.gaps(),
        last=pair.last_fact,
        command=command,
        version=version,
    )


def build_state(evidence: Evidence, state: str, *, as_of: date, command: str = "", version: str = "") -> Brief:
    """The dossier of one state: its pacts, partners, quarrels, and the newest facts."""
    me = states.find(state).id
    notes = Notes(evidence)
    others = _partners(evidence, me, as_of)
    pairs = [read_pair(evidence, min(me, o), max(me, o), as_of) for o in others[:_PARTNERS]]
    allied = [p.other_than(me) for p in pairs if p.binding() == "defense pact"]
    broken = [p.other_than(me) for p in pairs if p.broken]
    rivals = [p.other_than(me) for p in pairs if p.hostile_now()]
    bound = _listed(allied, "none is bound", "are bound")
    answer = [f"Of the states that it has most on record with, {bound} to defend {name_of(me)} by treaty."]
    quarrels = (
        f"Open quarrels are with {named(rivals)}." if rivals else "No open quarrel with any of them is on record."
    )
    answer.append(quarrels)
    if measured := [p.other_than(me) for p in pairs if p.measures() and not p.hostile_now()]:
        answer.append(f"Sanctions or closures stand between it and {named(measured)}.")
    if broken:
        answer.append(f"War has broken what was signed with {named(broken)}.")
    grid = Grid(
        ("With", "On paper", "In practice", "Quarrels"),
        tuple((capital(name_of(p.other_than(me))), *_words(p)) for p in pairs),
    )
    facts = evidence.facts(states=states.lineage(me), until=as_of)
    key = tuple(_key(Line(p.stand(), p.cited(notes))) for p in pairs[:4])
    return _brief(
        evidence,
        notes,
        question=f"How does {name_of(me)} stand?",
        answer=tuple(answer),
        as_of=as_of,
        key=key,
        newest=newest_of(facts.to_dicts(), _NEWEST),
        lead=None,
        sections=(Section("partners", "Partners", "Most recorded partners", grid=grid),),
        gaps=(),
        last=_last(facts.to_dicts(), as_of),
        command=command,
        version=version,
    )


def build_triangle(
    evidence: Evidence, named_states: Sequence[str], *, as_of: date, command: str = "", version: str = ""
) -> Brief:
    """The dossier of three states: each side on one line, side by side, and autonomy of each between the others."""
    ids = sorted({states.find(s).id for s in named_states})
    if len(ids) != 3:
        raise InputError(f"{', '.join(named_states)}: a triangle needs three different states")
    notes = Notes(evidence)
    pairs = [read_pair(evidence, a, b, as_of) for a, b in itertools.combinations(ids, 2)]
    grid = Grid(
        ("Side", "On paper", "In practice", "Quarrels"),
        tuple((capital(named((p.a, p.b))), *_words(p)) for p in pairs),
    )
    votes = figures.votes_figure(evidence, [(p.a, p.b) for p in pairs], as_of.year - 20, as_of)
    facts = [r for p in pairs for r in p.rows]
    return _brief(
        evidence,
        notes,
        question=f"How do {named(ids)} stand to each other?",
        answer=tuple(p.stand() for p in pairs),
        as_of=as_of,
        key=tuple(
            _key(Line(f"{capital(named((p.a, p.b)))}: {p.paper_words()}; {p.practice_words()}.", p.cited(notes)))
            for p in pairs
        ),
        newest=newest_of(facts, _NEWEST),
        lead=votes.figure if votes else None,
        sections=(
            Section("sides", "The three sides", "Side by side", grid=grid),
            *(
                Section(f"{p.a}-{p.b}", "The three sides", capital(named((p.a, p.b))), lines=lines)
                for p in pairs
                if (lines := measured_lines(evidence, p.a, p.b, as_of, notes))
            ),
            Section("between", "The three sides", "Who stands between", lines=_between(evidence, ids, as_of)),
        ),
        gaps=tuple(f"{capital(named((p.a, p.b)))}: {g[:1].lower()}{g[1:]}" for p in pairs for g in p.gaps()),
        last=_last(facts, as_of),
        command=command,
        version=version,
    )


def _brief(
    evidence: Evidence,
    notes: Notes,
    *,
    question: str,
    answer: tuple[str, ...],
    as_of: date,
    key: tuple[KeyJudgement, ...],
    newest: Sequence[Mapping[str, Any]],
    lead: Figure | None,
    sections: tuple[Section, ...],
    gaps: tuple[str, ...],
    last: date | None,
    command: str,
    version: str,
) -> Brief:
    latest, searched = reach_of(evidence)
    warning = ("", "")
    if last is None:
        warning = ("No fact.", "Nothing between them is on record in the sources in use.")
    elif (as_of - last).days > _STALE_DAYS:
        warning = ("No fact from the last six months.", f"What happened after {long_day(last)} is not in this brief.")
    elif latest and latest > as_of:
        warning = ("Older than the evidence.", f"The evidence holds facts to {long_day(latest)}.")
    changes = tuple(Change(short_day(r), f"{fact_line(r)}.", notes.cite_rows([r])) for r in newest)
    return Brief(
        question=question,
        answer=answer,
        dek="",
        as_of=as_of,
        reach=(
            ("Newest fact", long_day(last) if last else "none"),
            ("Searched to", long_day(min(searched, as_of)) if searched else "no day"),
        ),
        warning=warning,
        key=key,
        since="Newest facts",
        changes=changes,
        lead=lead,
        sections=sections,
        definitions=(),
        watch=None,
        implications=(),
        gaps=gaps,
        method=_METHOD,
        sources=notes.sources(),
        evidence_hash=evidence.hash,
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
    return (answer[0], *answer[1:2], said) if "no estimate" not in said else answer


def _words(pair: PairFacts) -> tuple[str, str, str]:
    return pair.paper_words(), pair.practice_words(), pair.quarrel_words()


def _key(line: Line) -> KeyJudgement:
    return KeyJudgement("", line.text, "", line.small, line.notes)


def _listed(ids: Sequence[str], none: str, some: str) -> str:
    return f"{named(ids)} {some if len(ids) > 1 else some.replace('are', 'is', 1)}" if ids else none


def _last(rows: Sequence[Mapping[str, Any]], as_of: date) -> date | None:
    return max((r["start"] for r in rows if r.get("start") and r["start"] <= as_of), default=None)


def _partners(evidence: Evidence, me: str, as_of: date) -> list[str]:
    """States with most kinds of fact with a state since 2000, then most facts."""
    rows = evidence.facts(states=states.lineage(me), since=date(2000, 1, 1), until=as_of).to_dicts()
    kinds: dict[str, set[str]] = {}
    facts: dict[str, int] = {}
    line = set(states.lineage(me))
    members = set(states.members(min(as_of.year, 2025)))
    for row in rows:
        other = row["state_b"] if row["state_a"] in line else row["state_a"]
        if other and other not in line and other in members:
            kinds.setdefault(other, set()).add(row["kind"])
            facts[other] = facts.get(other, 0) + 1
    return sorted(kinds, key=lambda o: (-len(kinds[o]), -facts[o], o))


def _pair_figure(evidence: Evidence, pair: PairFacts) -> Figure | None:
    """The figure of a pair: trade, else arms, else exercises, else votes, whichever has something to draw."""
    since, sides = max(pair.as_of.year - 20, 1950), [(pair.a, pair.b), (pair.b, pair.a)]
    tries: list[Callable[[], figures.Drawn | None]] = [
        lambda: figures.flow_figure(evidence, "goods trade", sides, since, pair.as_of),
        lambda: figures.flow_figure(evidence, "arms deliveries", sides, since, pair.as_of),
        lambda: figures.count_figure(evidence, "joint exercise", pair.a, pair.b, since, pair.as_of),
        lambda: figures.votes_figure(evidence, [(pair.a, pair.b)], since, pair.as_of),
    ]
    return next((found.figure for draw in tries if (found := draw()) is not None), None)


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


def _between(evidence: Evidence, ids: Sequence[str], as_of: date) -> tuple[Line, ...]:
    """The class of each state between the other two, by the rule of autonomy, where it can be told."""
    from tripoint.triad.autonomy import build_autonomy

    out = []
    for state in ids:
        poles = {o: [o] for o in ids if o != state}
        try:
            answer = build_autonomy(evidence, state, poles, as_of.year - 1, draws=200)
        except TripointError as error:
            out.append(Line(f"{capital(name_of(state))}: {error}"))
            continue
        if answer.result is None:
            out.append(
                Line(f"{capital(name_of(state))}: cannot be told; no domain is searched for both of the others.")
            )
            continue
        stance, chances = answer.result.stance, answer.result.probability
        where = f" {name_of(answer.result.pole)}" if answer.result.pole in ids else ""
        share = chances.get(stance, 0.0)
        used = [d.name for d in answer.domains if d.fact_ids]
        text = f"{capital(name_of(state))} is {stance}{f' to{where}' if where else ''} in {as_of.year - 1}"
        out.append(
            Line(f"{text} ({100 * min(max(share, 0.01), 0.99):.0f} % of draws).", (), f"From {', '.join(used)}.")
        )
    return tuple(out)
