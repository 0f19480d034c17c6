"""The dossier of three states: which triangle they form, each side, who stands between, where it could part."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers import balance, relation, triad
from tripoint.briefs.by_measure import measured_lines, parting_lines
from tripoint.briefs.numbered import Notes
from tripoint.briefs.pair_facts import PairFacts, gaps_of, newest_of, read_pair
from tripoint.briefs.paper import Brief, Grid, Line, Section
from tripoint.briefs.powers import autonomy_between, standing_figure
from tripoint.briefs.told import capital, name_of, named
from tripoint.briefs.whole import NEWEST, key_of, last_day, whole, words_of
from tripoint.claims.likelihood import percent
from tripoint.errors import InputError, TripointError

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence

_YEARS = 20
_LINES = ("#1d5c9c", "#8a6a00", "#7a4fb3")
#: What each type of triangle is, in plain words (Dittmer 1981).
_TYPES = {
    "menage a trois": "All three sides are friendly",
    "romantic triangle": "",
    "stable marriage": "",
    "unit veto": "All three sides are hostile",
    "incomplete": "At least one side is neither friendly nor hostile",
}
Row = Mapping[str, Any]


def build_triangle(
    evidence: Evidence, named_states: Sequence[str], *, as_of: date, command: str = "", version: str = ""
) -> Brief:
    """The dossier of three states: the triangle, each side by every measure, autonomy of each between the others.

    Raises
    ------
    InputError
        When they are not three different states.
    """
    ids = sorted({states.find(s).id for s in named_states})
    if len(ids) != 3:
        raise InputError(f"{', '.join(named_states)}: a triangle needs three different states")
    notes = Notes(evidence)
    pairs = [read_pair(evidence, a, b, as_of) for a, b in itertools.combinations(ids, 2)]
    form = _form(evidence, ids, as_of)
    rows = [r for p in pairs for r in p.rows]
    grid = Grid(
        ("Side", "On paper", "In practice", "Quarrels"),
        tuple((capital(named((p.a, p.b))), *words_of(p)) for p in pairs),
    )
    between = tuple(_between(evidence, ids, as_of, notes))
    strain = tuple(_strain(evidence, ids, as_of))
    bound = [p for p in pairs if p.binding() and not p.hostile_now()]
    parting = tuple(line for p in bound for line in parting_lines(evidence, p.a, p.b, as_of, notes))
    sections = (
        Section("sides", "The three sides", "Side by side", grid=grid),
        Section("between", "The three sides", "Who stands between", lines=between),
        *(
            Section(
                f"{p.a}-{p.b}",
                "The three sides",
                capital(named((p.a, p.b))),
                lines=measured_lines(evidence, p.a, p.b, as_of, notes),
            )
            for p in pairs
        ),
        Section("parting", "The three sides", "What could part them", lines=parting),
    )
    return whole(
        evidence,
        notes,
        question=f"How do {named(ids)} stand to each other?",
        answer=(*(line.text for line in form), *_stands(pairs)),
        as_of=as_of,
        key=tuple(key_of(line) for line in (*(_side(p, notes) for p in pairs), *strain)),
        newest=newest_of(rows, NEWEST),
        lead=_figure(evidence, ids, as_of),
        sections=tuple(s for s in sections if s.lines or s.grid),
        gaps=gaps_of(pairs),
        last=last_day(rows, as_of),
        command=command,
        version=version,
    )


def _stands(pairs: Sequence[PairFacts]) -> tuple[str, ...]:
    """How the sides stand; those of which the same is to be said in one sentence."""
    by_rest: dict[str, list[str]] = {}
    for pair in pairs:
        who = capital(named((pair.a, pair.b)))
        said = pair.stand()
        by_rest.setdefault(said.removeprefix(who) if said.startswith(who) else said, []).append(who)
    return tuple(
        rest if not rest.startswith((" ", ",")) else f"{', and '.join(who)}{',' if len(who) > 1 else ''}{rest}"
        for rest, who in by_rest.items()
    )


def _side(pair: PairFacts, notes: Notes) -> Line:
    text = f"{capital(named((pair.a, pair.b)))}: {pair.paper_words()}; {pair.practice_words()}."
    return Line(text, pair.cited(notes))


def _form(evidence: Evidence, ids: Sequence[str], as_of: date) -> tuple[Line, ...]:
    """Which triangle the three form by the measure of relation, and since when."""
    one, two, three = ids
    try:
        found = triad.answer(evidence, triad.TriadAsked(one, two, three, as_of.year - _YEARS, as_of.year - 1))
    except TripointError:
        return ()
    rows = [r for r in found.result["years"] if _likeliest(r)[0]]
    if not rows:
        return ()
    row = rows[-1]
    kind, chance = _likeliest(row)
    began = next((r["year"] for r, earlier in _backwards(rows) if _likeliest(earlier)[0] != kind), rows[0]["year"])
    since = f", and the likeliest form in every year since {began}" if began < row["year"] else ""
    text = f"{_said(kind, row, ids)} ({percent(chance)} in {row['year']}{since})."
    small = (
        f"A {kind} in the terms of Dittmer (1981), from the measure of relation; "
        "a side is friendly or hostile beyond a third of the scale."
    )
    return (Line(text, (), small),)


def _backwards(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Each year with the one before it, the newest first."""
    return zip(reversed(rows), reversed(rows[:-1]), strict=False)


def _said(kind: str, row: Row, ids: Sequence[str]) -> str:
    """A type of triangle in plain words, with the state in its middle or outside it."""
    if kind == "romantic triangle":
        pivot = max(ids, key=lambda s: row[f"pivot {s}"])
        return f"{capital(name_of(pivot))} is friendly with both of the others, who are not friends with each other"
    if kind == "stable marriage":
        out = max(ids, key=lambda s: row[f"outsider {s}"])
        friends = named([s for s in ids if s != out])
        return f"{capital(friends)} are friendly, and {name_of(out)} is at odds with both"
    return _TYPES[kind]


def _likeliest(row: Row) -> tuple[str, float]:
    shares = {k: row[k] for k in _TYPES if row.get(k) is not None and row[k] == row[k]}
    if not shares:
        return "", 0.0
    kind = max(shares, key=lambda k: shares[k])
    return kind, shares[kind]


def _figure(evidence: Evidence, ids: Sequence[str], as_of: date) -> Figure | None:
    """How the three sides stood by year."""
    try:
        fit = relation.answer(evidence, relation.RelationAsked(tuple(ids), until=as_of.year)).result
    except TripointError:
        return None
    series: dict[tuple[str, str], tuple[str, str]] = {}
    by_rung: dict[str, list[str]] = {}
    for k, pair in enumerate(fit.pairs):
        last = relation.last_year(fit, k)
        if last is not None:
            series[pair] = (capital(named(pair)), _LINES[k])
            by_rung.setdefault(str(fit.category()[k, last]), []).append(named(pair))
    ends = [f"{rung} of {' and of '.join(some)}" for rung, some in by_rung.items()]
    title = f"{', '.join(ends)} in {as_of.year}"
    return standing_figure(fit, series, capital(title), as_of) if series else None


def _strain(evidence: Evidence, ids: Sequence[str], as_of: date) -> Iterator[Line]:
    """Sides whose sign fits neither camp, as the rule of balance has it."""
    try:
        found = balance.answer(evidence, balance.BalanceAsked(year=as_of.year - 1, states=tuple(ids)))
    except TripointError:
        return
    rows = [r for r in found.rows.to_dicts() if (r.get("strain") or 0) > 0]
    for row in sorted(rows, key=lambda r: -r["strain"])[:1]:
        pair = named((row["state_a"], row["state_b"]))
        text = f"Strain: the side that fits worst with the other two is that of {pair} ({percent(row['strain'])})."
        yield Line(text, (), "By the rule of balance: the friend of a friend is a friend, the foe of a friend a foe.")


def _between(evidence: Evidence, ids: Sequence[str], as_of: date, notes: Notes) -> Iterator[Line]:
    """The class of each state between the other two, by the rule of autonomy, where it can be told."""
    for state in ids:
        others = tuple(o for o in ids if o != state)
        line = autonomy_between(evidence, state, others, as_of, notes)
        if line is not None:
            yield line
