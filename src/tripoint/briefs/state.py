"""The dossier of one state: among the powers, its partners, its quarrels, what it depends on, the newest facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.briefs.numbered import Notes
from tripoint.briefs.pair_facts import PairFacts, gaps_of, newest_of, read_pair
from tripoint.briefs.paper import Brief, Grid, Line, Section
from tripoint.briefs.powers import (
    AmongPowers,
    autonomy_line,
    patronage_lines,
    powers_grid,
    read_powers,
    stakes_lines,
)
from tripoint.briefs.told import capital, name_of, named
from tripoint.briefs.whole import NEWEST, key_of, last_day, whole, words_of
from tripoint.evidence.coverage import coverage_of

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

_PARTNERS, _QUARRELS, _FOES, _KEY, _NAMED = 8, 3, 2, 5, 3
_SINCE = date(2000, 1, 1)


def build_state(evidence: Evidence, state: str, *, as_of: date, command: str = "", version: str = "") -> Brief:
    """The dossier of one state, from the record and from every measure that can speak of it.

    Raises
    ------
    UnknownNameError
        For a name that is none.
    """
    me = states.find(state).id
    notes = Notes(evidence)
    partners = _partners(evidence, me, as_of)
    pairs = [read_pair(evidence, min(me, o), max(me, o), as_of) for o in partners]
    among = read_powers(evidence, me, as_of)
    between = autonomy_line(evidence, among, as_of, notes)
    hostile = [p for p in pairs if p.hostile_now()]
    foes = [p.other_than(me) for p in pairs if p.at_war()][:_FOES]
    helped = patronage_lines(evidence, among, foes, as_of, notes) if foes else ()
    stakes = stakes_lines(evidence, among, as_of)
    facts = evidence.facts(states=states.lineage(me), until=as_of).to_dicts()
    told = [r for r in facts if r["table"] not in ("flows", "positions", "attributes")]
    grid = Grid(
        ("With", "On paper", "In practice", "Quarrels"),
        tuple((capital(name_of(p.other_than(me))), *words_of(p)) for p in pairs),
    )
    sections = (
        Section("powers", "The dossier", "Among the powers", grid=powers_grid(among)),
        Section("stakes", "The dossier", "What it depends on", lines=stakes),
        Section("help", "The dossier", "Support on record in its war", lines=helped),
        Section("partners", "The dossier", "With whom it has most on record", grid=grid if pairs else None),
        Section("change", "The dossier", "What would change it", lines=_would_change(hostile, me)),
    )
    return whole(
        evidence,
        notes,
        question=f"How does {name_of(me)} stand?",
        answer=_answer(me, pairs, hostile, _allies(evidence, me, pairs, as_of), among),
        as_of=as_of,
        key=tuple(key_of(line) for line in _key(me, pairs, hostile, among, between, notes)),
        newest=newest_of(told, NEWEST),
        lead=among.figure,
        sections=tuple(s for s in sections if s.lines or s.grid),
        gaps=gaps_of(pairs),
        last=last_day(facts, as_of),
        command=command,
        version=version,
    )


def _answer(
    me: str, pairs: Sequence[PairFacts], hostile: Sequence[PairFacts], allied: Sequence[str], among: AmongPowers
) -> tuple[str, ...]:
    """Whom it is bound to, where it stands among the powers, with whom it quarrels."""
    if not pairs:
        return (f"Nothing between {name_of(me)} and any other state is on record since {_SINCE.year}.",)
    if len(allied) > _NAMED:
        among_them = f"{len(allied)} states, among them {named(allied[:_NAMED])}"
        bound = f"{capital(name_of(me))} is bound by defense pacts on record to {among_them}."
    elif allied:
        bound = f"{capital(name_of(me))} is bound by a defense pact on record to {named(allied)}."
    else:
        bound = f"No defense pact of {name_of(me)} is on record."
    broken = [p.other_than(me) for p in pairs if p.broken]
    rivals = [p.other_than(me) for p in hostile]
    quarrels = (
        f"Open quarrels are with {named(rivals)}" if rivals else "No open quarrel with its main partners is on record"
    )
    if broken:
        quarrels += f"; war has broken what was signed with {named(broken)}"
    return tuple(filter(None, (bound, among.sentence(), f"{quarrels}.")))


def _key(
    me: str,
    pairs: Sequence[PairFacts],
    hostile: Sequence[PairFacts],
    among: AmongPowers,
    stance: Line | None,
    notes: Notes,
) -> list[Line]:
    """Three to five judgements: how evenly it stands, where it moved, its quarrels, measures against it."""
    lines = [stance] if stance is not None and stance.notes else []
    if moves := among.moves():
        lines.append(Line(f"In ten years: {moves[:1].lower()}{moves[1:]}"))
    lines += [Line(p.stand(), p.cited(notes)) for p in hostile[:_QUARRELS]]
    if measured := [p for p in pairs if p.measures() and p not in hostile]:
        partners = named([p.other_than(me) for p in measured])
        where = f"with {partners}, on firms or on the state"
        text = f"Sanctions or closures are in force {where}, without another open quarrel."
        lines.append(Line(text, tuple(n for p in measured for n in p.cited(notes)[-1:])))
    if len(lines) < _KEY:
        calm = [p for p in pairs if p not in hostile and p.binding()]
        lines += [Line(p.stand(), p.cited(notes)) for p in calm[: _KEY - len(lines)]]
    return lines[:_KEY]


def _allies(evidence: Evidence, me: str, pairs: Sequence[PairFacts], as_of: date) -> list[str]:
    """States bound to it by a defense pact in force that no war has broken, those with most on record first."""
    coverage, line = coverage_of(evidence), set(states.lineage(me))
    rows = evidence.facts(states=states.lineage(me), kinds=("defense pact",), until=as_of).to_dicts()
    live = [r for r in rows if coverage.standing(r, as_of).state == "in force"]
    others = {r["state_b"] if r["state_a"] in line else r["state_a"] for r in live} - line
    broken = {p.other_than(me) for p in pairs if p.broken}
    first = [p.other_than(me) for p in pairs]
    order = {s: k for k, s in enumerate(first)}
    return sorted((s for s in others if s and s not in broken), key=lambda s: (order.get(s, len(order)), s))


def _would_change(hostile: Sequence[PairFacts], me: str) -> tuple[Line, ...]:
    """What would change its quarrels, each named once with those it is with."""
    by_text: dict[str, list[str]] = {}
    for pair in hostile:
        for line in pair.would_change():
            by_text.setdefault(line.text.removesuffix("."), []).append(pair.other_than(me))
    return tuple(Line(f"With {named(others)}: {text[:1].lower()}{text[1:]}.") for text, others in by_text.items())


def _partners(evidence: Evidence, me: str, as_of: date) -> list[str]:
    """States with most kinds of fact with a state since 2000, then most facts."""
    rows = evidence.facts(states=states.lineage(me), since=_SINCE, until=as_of).to_dicts()
    kinds: dict[str, set[str]] = {}
    facts: dict[str, int] = {}
    line = set(states.lineage(me))
    members = set(states.members(min(as_of.year, 2025)))
    for row in rows:
        other = row["state_b"] if row["state_a"] in line else row["state_a"]
        if other and other not in line and other in members:
            kinds.setdefault(other, set()).add(row["kind"])
            facts[other] = facts.get(other, 0) + 1
    return sorted(kinds, key=lambda o: (-len(kinds[o]), -facts[o], o))[:_PARTNERS]
