"""From a claim file to a brief: what each part says, before it is drawn.

Words come from three places only: the claim file (its author's), fixed sentences, and values that a cited fact or
judgement has. Each composed sentence is checked by :func:`tripoint.briefs.statement.check_statement`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tripoint.briefs import figures
from tripoint.briefs.numbered import Notes
from tripoint.briefs.pair_facts import newest_of
from tripoint.briefs.paper import Brief, Change, Column, Grid, KeyJudgement, Line, Section
from tripoint.briefs.statement import Statement, check_statement
from tripoint.briefs.told import (
    capital,
    fact_line,
    key_sentence,
    lowered,
    measure_line,
    short_day,
    span,
    verdict_line,
)
from tripoint.claims.changes import facts_begun
from tripoint.claims.files import ClaimFile
from tripoint.claims.language import parse
from tripoint.claims.measured import Question
from tripoint.claims.measures import measure
from tripoint.claims.on_record import long_day
from tripoint.claims.weigh import Judgement, Weighed, weigh_file

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence

_SHOWN_FACTS = 4
_MOST_NEWS = 4
_LABELS = {
    "record": "Record claim, looked up",
    "measure": "Measure claim, measured",
    "explanation": "Explanation, weighed against rivals",
}


def build_brief(
    file: ClaimFile, evidence: Evidence, *, as_of: date | None = None, command: str = "", version: str = ""
) -> Brief:
    """Weigh a file's claims and compose the brief.

    Raises
    ------
    UnsupportedError
        When a sentence holds a number, date or state that nothing it cites supports.
    """
    judgements = weigh_file(file, evidence, as_of=as_of)
    on = judgements[0].as_of
    notes = Notes(evidence)
    notes.rows([f for j in judgements for t in j.tests for v in t.values.values() for f in v.fact_ids[:_SHOWN_FACTS]])
    by_id = {j.claim.id: j for j in judgements}
    drawn: dict[str, Figure] = {}
    lead = _drawn(by_id[file.figure], evidence, file, drawn) if file.figure in by_id else None
    key = tuple(_key_judgement(by_id[name], notes) for name in file.key)
    sections = tuple(_section(j, notes, _drawn(j, evidence, file, drawn)) for j in judgements)
    newest, searched = reach_of(evidence)
    warning = ("", "")
    if newest and newest > on:
        warning = (
            "Older than the evidence.",
            f"Nothing dated after {long_day(on)} is weighed here; the evidence holds facts to {long_day(newest)}.",
        )
    return Brief(
        question=file.question or file.title,
        answer=tuple(_answered(a, by_id) for a in file.answer) or (file.dek or file.title,),
        dek=file.dek,
        as_of=on,
        reach=(
            ("Data as of", long_day(min(on, newest)) if newest else "no day"),
            ("Searched to", long_day(searched) if searched else "no day"),
        ),
        warning=warning,
        key=key,
        since=f"Since {long_day(file.published)}" if file.published else "",
        changes=_news(file, evidence, notes) if file.published else (),
        lead=lead,
        sections=sections,
        definitions=tuple(file.definitions.items()),
        watch=_watch(file, Question(evidence, on)),
        implications=file.implications,
        gaps=_gaps(judgements),
        method=_method(file),
        sources=notes.sources(),
        evidence_hash=evidence.hash,
        command=command,
        version=version,
    )


def reach_of(evidence: Evidence) -> tuple[date | None, date | None]:
    """Day of the newest event or vote, and the last day that any source was searched to."""
    newest = evidence.sql(
        'SELECT max(d) AS d FROM (SELECT max("start") AS d FROM events UNION ALL SELECT max("date") FROM positions)'
    )["d"].item()
    searched = evidence.sql('SELECT max("end") AS d FROM coverage')["d"].item()
    return newest, searched


def _answered(text: str, by_id: dict[str, Judgement]) -> str:
    """An answer with the verdicts put where the file names their claims."""

    def put(match: re.Match[str]) -> str:
        judgement = by_id.get(match[1])
        if judgement is None:
            return match[0]
        if judgement.likelihood is not None:
            return f"{judgement.words}, {span(*judgement.likelihood)}"
        words = re.sub(r" \((?:[^()]|\([^()]*\))*\)", "", judgement.words or "not searched").rstrip(".")
        words = re.sub(r" in \w+ independent sources?( that would have it)?", "", words)
        return words[:1].lower() + words[1:]

    return re.sub(r"\{([\w-]+)\}", put, text)


def _drawn(judgement: Judgement, evidence: Evidence, file: ClaimFile, drawn: dict[str, Figure]) -> Figure | None:
    """A claim's figure, unless it stands in the brief already."""
    found = figures.figure_for(judgement, evidence, file.events, seen=drawn)
    if found is None or found.key in drawn:
        return None
    drawn[found.key] = found.figure
    return found.figure


def _key_judgement(judgement: Judgement, notes: Notes) -> KeyJudgement:
    before, strong, after = key_sentence(judgement)
    spoken = [t for t in judgement.tests if t.spoken]
    facts = tuple(f for t in spoken for f in t.fact_ids[:_SHOWN_FACTS])
    numbers = tuple(float(round(100 * p)) for p in judgement.likelihood or ())
    claim = judgement.claim
    check_statement(
        Statement(f"{before} {strong} {after}", facts, numbers, claim.states, claim.text), notes.rows(facts)
    )
    _, small = verdict_line(judgement)
    if claim.kind == "record":
        small = f"Record: {small[:1].lower()}{small[1:]}"
    return KeyJudgement(before, strong, after, small, _cited(spoken, notes)[:6], claim.id)


def _cited(tests: Sequence[Weighed], notes: Notes) -> tuple[int, ...]:
    numbers: set[int] = set()
    for test in tests:
        numbers |= set(notes.cite(test.fact_ids[:_SHOWN_FACTS]))
        numbers |= set(notes.cite_sources(s for v in test.values.values() for s in v.lists))
    return tuple(sorted(numbers))


def _section(judgement: Judgement, notes: Notes, figure: Figure | None) -> Section:
    claim = judgement.claim
    verdict, small = verdict_line(judgement)
    sides: dict[str, list[Line]] = {"for": [], "against": [], "silent": []}
    for test in judgement.tests:
        sides[test.outcome].append(_test_line(test, judgement, notes))
    columns = (
        Column("Evidence for", "for", tuple(sides["for"]), "None of the tests speaks for it."),
        Column("Evidence against", "against", tuple(sides["against"]), "None of the tests speaks against it."),
    )
    foot = [
        ("Rival", "; ".join(text.rstrip(".") for name, text in claim.rivals.items() if name != "otherwise")),
        ("Not searched", "; ".join(line.text.rstrip(".") for line in sides["silent"])),
        ("Would change it", claim.change),
        ("Would settle it", claim.needs),
        ("Limits", claim.limits),
    ]
    return Section(
        id=claim.id,
        group=claim.section or "Claims",
        title=claim.text,
        label=_LABELS[claim.kind],
        quoted=claim.words,
        verdict=verdict,
        verdict_small=small,
        columns=columns if judgement.tests and claim.kind == "explanation" else (),
        lines=() if claim.kind == "explanation" else (*sides["for"], *sides["against"]),
        figure=figure,
        foot=tuple((label, text if text.endswith((".", "?")) else f"{text}.") for label, text in foot if text),
        details=_details(judgement),
    )


def _test_line(test: Weighed, judgement: Judgement, notes: Notes) -> Line:
    see = capital(test.test.see)
    if not test.spoken:
        return Line(f"{see}.")
    so = test.seen >= 0.5
    text = f"{see}." if so else f"Not so: {lowered(see, judgement.claim.states)}."
    values = [measure_line(n, v) for n, v in test.values.items() if v.status == "measured"]
    small = capital("; ".join(values[:2])) + ("." if values else "")
    facts = tuple(f for value in test.values.values() for f in value.fact_ids[:_SHOWN_FACTS])
    numbers = [n for v in test.values.values() for n in (v.value, v.low, v.high, float(len(v.fact_ids)))]
    numbers += [n / 1000 for n in numbers]
    quoted = f"{test.test.see} {test.test.when.text} {' '.join(v.searched for v in test.values.values())}"
    check_statement(
        Statement(f"{text} {small}", facts, tuple(numbers), judgement.claim.states, quoted), notes.rows(facts)
    )
    return Line(text, _cited([test], notes), small, facts)


def _details(judgement: Judgement) -> Grid | None:
    """How each test of an explanation was weighed: its ratio, where that is from, and over what it was counted."""
    if judgement.claim.kind != "explanation" or not judgement.tests:
        return None
    rows = []
    for test in judgement.tests:
        weight = test.test.weight
        if not test.spoken:
            rows.append((capital(test.test.see), "not searched", "", ""))
            continue
        low, high = test.range
        ratio = f"{test.ratio:.2f} ({low:.2f} to {high:.2f})" if weight.likelihood else "weighs nothing"
        count = test.test.count
        shares = "; ".join(f"{h}: {s.seen} of {s.units}" for h, s in count.shares.items()) if count else ""
        rows.append((capital(test.test.see), ratio, weight.basis, shares or weight.reason))
    return Grid(("Test", "Ratio, with range", "From", "Counted, or why"), tuple(rows))


def _news(file: ClaimFile, evidence: Evidence, notes: Notes) -> tuple[Change, ...]:
    """The newest events and ties between states of the argument since it was published."""
    ids = sorted({s for c in file.claims for s in c.states})
    published = file.published or date.today()
    until = max(newest, published) if (newest := reach_of(evidence)[0]) else published
    rows = [r for r in facts_begun(evidence, published, until, ids) if r["kind"] in _NEWS_KINDS]
    return tuple(Change(short_day(r), f"{fact_line(r)}.", notes.cite_rows([r])) for r in newest_of(rows, _MOST_NEWS))


_NEWS_KINDS = (
    *("joint exercise", "visit", "arms agreement", "troop support", "clash", "war", "disengagement"),
    *("defense pact", "consultation pact", "partnership", "sanction", "territorial claim"),
)


def _watch(file: ClaimFile, question: Question) -> Grid | None:
    rows = []
    for item in file.watch:
        (call,) = parse(f"{item['measure']} == 0").calls()
        now = measure_line(str(call), measure(call, question)).rpartition(": ")[2]
        rows.append((item["indicator"], now, item["threshold"]))
    return Grid(("Indicator", "Now", "Threshold"), tuple(rows)) if rows else None


def _gaps(judgements: Sequence[Judgement]) -> tuple[str, ...]:
    """What could not be asked, a line a claim."""
    out = []
    for judgement in judgements:
        silent = [t.test.see for t in judgement.tests if not t.spoken]
        if silent:
            out.append(f"{judgement.claim.text} Not searched: {'; '.join(silent)}.")
    return tuple(out)


def _method(file: ClaimFile) -> tuple[str, ...]:
    paraphrased = f"The claims paraphrase {file.author}. " if file.author and file.author != "Tripoint" else ""
    return (
        f"{paraphrased}What the record answers is looked up and gets no percentage. What a measure answers takes the "
        "measure's probability. An explanation is weighed against its rivals by how much more probable each finding is "
        "under it: counted over past cases where they can be named, argued with a range, or told and not weighed.",
        "A range of likelihood runs over a prior of 20 to 80 %, the errors of the ratios, and leaving out each origin "
        "in turn; its words are those of the whole range. Sources that share an origin count once. Evidence (strong, "
        "moderate, thin) says how much an answer rests on, and is another matter than how likely it is.",
    )
