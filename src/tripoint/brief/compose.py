"""From judgements to a brief: what each part says, before it is drawn.

Words come from three places only: the claim file (its author's), fixed sentences below, and values that a cited
fact or judgement has. Each composed sentence is checked by :func:`tripoint.brief.statement.check_statement`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.brief.figures import plural
from tripoint.brief.statement import Statement, check_statement
from tripoint.claims.files import CLAIM, ClaimFile
from tripoint.claims.language import StateId, parse
from tripoint.claims.likelihood import percent, word
from tripoint.claims.measures import Measured, Question, measure
from tripoint.claims.weigh import Judgement, Weighed, weigh_file

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence

_SHOWN_FACTS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the brief and the numbers of the sources behind it."""

    text: str
    notes: tuple[int, ...] = ()
    fact_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyJudgement:
    """One sentence with its likelihood; its evidence on a line of its own."""

    claim_id: str
    before: str
    word: str
    percent: str
    after: str
    evidence: str
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A claim's section: its words, what would be seen, evidence for and against, limits."""

    judgement: Judgement
    lead: Line
    evidence_for: tuple[Line, ...]
    evidence_against: tuple[Line, ...]
    silent: tuple[Line, ...]
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source in the order in which the brief meets it."""

    number: int
    id: str
    citation: str
    url: str
    vintage: str
    accessed: str
    license: str
    noncommercial: bool
    notice: str
    bibtex: str
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole document, part by part, ready to be drawn."""

    title: str
    dek: str
    as_of: date
    data_until: str
    evidence_hash: str
    command: str
    file: ClaimFile
    key: tuple[KeyJudgement, ...]
    sections: tuple[Section, ...]
    watch: tuple[Mapping[str, str], ...]
    gaps: tuple[Line, ...]
    sources: tuple[NumberedSource, ...]
    glance: Figure | None = None
    version: str = ""


@dataclass
class _Notes:
    """Numbers sources in the order of first use, and remembers which facts each was cited for."""

    evidence: Evidence
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.evidence.sql("SELECT * FROM sources ORDER BY source_id").to_dicts()
        self.known = {row["id"]: row for row in rows}

    def rows(self, fact_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Rows of facts by id, asked for once."""
        if missing := [f for f in fact_ids if f not in self.facts]:
            self.facts |= self.evidence.rows(missing)
        return {f: self.facts[f] for f in fact_ids}

    def cite(self, fact_ids: Sequence[str]) -> tuple[int, ...]:
        """Note numbers for facts."""
        numbers = []
        for fact_id, row in self.rows(fact_ids).items():
            numbers.append(self._number(row["origin"] or row["source_id"], fact_id))
        return tuple(sorted(set(numbers)))

    def cite_search(self, searched: Sequence[str]) -> tuple[int, ...]:
        """Note numbers for sources that were searched and have nothing."""
        return tuple(sorted({self._number(source, "") for source in searched}))

    def _number(self, source: str, fact_id: str) -> int:
        cited = self.order.setdefault(source, [])
        if fact_id and fact_id not in cited:
            cited.append(fact_id)
        return list(self.order).index(source) + 1


def build_brief(
    file: ClaimFile, evidence: Evidence, *, as_of: date | None = None, command: str = "", version: str = ""
) -> Brief:
    """Weigh a file's claims and compose the brief.

    Raises
    ------
    UnsupportedError
        When a sentence holds a number, date or state that nothing it cites supports.
    """
    from tripoint.brief import figures

    judgements = weigh_file(file, evidence, as_of=as_of)
    notes = _Notes(evidence)
    notes.rows([f for j in judgements for t in j.tests for v in t.values.values() for f in v.fact_ids[:_SHOWN_FACTS]])
    by_id = {j.claim.id: j for j in judgements}
    key = tuple(_key_judgement(by_id[name], notes) for name in file.key if by_id[name].likelihood)
    sections = tuple(_section(j, notes, figures.figures_for(j, evidence)) for j in judgements)
    on = judgements[0].as_of
    return Brief(
        title=file.title,
        dek=file.dek or file.question,
        as_of=on,
        data_until=_data_until(evidence, on),
        evidence_hash=evidence.hash,
        command=command,
        file=file,
        key=key,
        sections=sections,
        watch=tuple(_watch(w, Question(evidence, on)) for w in file.watch),
        gaps=_gaps(judgements),
        sources=_sources(notes),
        glance=figures.glance(judgements),
        version=version,
    )


def range_words(judgement: Judgement) -> str:
    """The words of a likelihood's range: ``very likely (82 % to 92 %)``, ``likely to almost certain (...)``."""
    if judgement.likelihood is None:
        return "–"
    low, high = judgement.likelihood
    return f"{judgement.words} ({percent(low)} to {percent(high)})"


def _key_judgement(judgement: Judgement, notes: _Notes) -> KeyJudgement:
    low, high = judgement.likelihood or (math.nan, math.nan)
    shown = f"{percent(low)} to {percent(high)}"
    claim = judgement.claim
    lowered = claim.text if _begins_with_name(claim.text) else claim.text[0].lower() + claim.text[1:]
    spoken = [t for t in judgement.tests if t.outcome != "silent"]
    facts = tuple(f for t in spoken for f in t.fact_ids[:_SHOWN_FACTS])
    text = f"It is {judgement.words} ({shown}) that {lowered}"
    check_statement(
        Statement(text, facts, (round(100 * low), round(100 * high)), claim.states, claim.text),
        notes.rows(facts),
    )
    evidence = f"{judgement.confidence} · {' · '.join(judgement.reasons)}"
    return KeyJudgement(claim.id, "It is", judgement.words, shown, f"that {lowered}", evidence, _note(spoken, notes))


def _begins_with_name(text: str) -> bool:
    first = text.split(" ")[0].rstrip(",'s").rstrip("'")
    return any(states.find(s, system="id").name.startswith(first) for s in states.members(2025))


def _note(tests: Sequence[Weighed], notes: _Notes) -> tuple[int, ...]:
    numbers: set[int] = set()
    for test in tests:
        numbers |= set(notes.cite(test.fact_ids[:_SHOWN_FACTS]))
        numbers |= set(notes.cite_search(_searched(test)))
    return tuple(sorted(numbers))


def _searched(test: Weighed) -> list[str]:
    prefix = "search of "
    return sorted(o.removeprefix(prefix) for o in test.origins if o.startswith(prefix))


def _section(judgement: Judgement, notes: _Notes, figures: tuple[Figure, ...]) -> Section:
    lines: dict[str, list[Line]] = {"for": [], "against": [], "silent": []}
    for test in judgement.tests:
        lines[test.outcome].append(_test_line(test, judgement, notes))
    return Section(
        judgement,
        Line(judgement.claim.text),
        tuple(lines["for"]),
        tuple(lines["against"]),
        tuple(lines["silent"]),
        figures,
    )


def _test_line(test: Weighed, judgement: Judgement, notes: _Notes) -> Line:
    see = test.test.see[0].upper() + test.test.see[1:]
    if test.outcome == "silent":
        return Line(f"{see}: not searched, or not published for the time asked.")
    answer = "yes" if test.seen >= 0.95 else "no" if test.seen <= 0.05 else f"{word(test.seen)} ({percent(test.seen)})"
    found = "; ".join(_value(name, value) for name, value in test.values.items() if value.status == "measured")
    text = f"{see}: {answer}. {found[0].upper()}{found[1:]}."
    facts = tuple(f for value in test.values.values() for f in value.fact_ids[:_SHOWN_FACTS])
    numbers = [n for v in test.values.values() for n in (v.value, v.low, v.high, float(len(v.fact_ids)))]
    quoted = f"{test.test.see} {test.test.when.text} {' '.join(v.searched for v in test.values.values())}"
    statement = Statement(text, facts, (*numbers, round(100 * test.seen)), judgement.claim.states, quoted)
    check_statement(statement, notes.rows(facts))
    return Line(text, _note([test], notes), facts)


#: How each measure reads; the braces are its arguments in order, {k} the kind's plural.
_NAMES = {
    "ties": "{k} in force between {1} and {2}",
    "ties_by": "{k} of {1} on {2} in force",
    "level": "{0} between {1} and {2}",
    "count": "{k} of {1} and {2}, {3}-{4}",
    "flow": "{0} from {1} to {2}, {3}",
    "reported": "published figures of {0} from {1} to {2}, {3}-{4}",
    "growth": "{0} from {1} to {2}, {4} over {3}",
    "share": "share of {1} in the {0} that {2} got, {3}-{4}",
    "agreement": "agreement of {0} and {1}, {2}-{3}",
    "member": "{0} in {1}",
    "vote": "{0} on {1}",
    "demand": "{0}'s stated demand on {1}, as a share of all it has asked",
    "held": "{1} held by {0}",
    "autonomous": "probability that {0} is autonomous between {1}, {2}",
}
_UNITLESS = ("ties", "ties_by", "count", "reported", "share", "agreement", "demand", "autonomous")
_REGIONS = ("crimea", "donetsk", "luhansk", "zaporizhzhia", "kherson")
_ONE_YEAR = re.compile(r"\b(\d{4})-\1\b")
_CHOICES = {1.0: "yes", 2.0: "abstain", 3.0: "no"}


def _value(name: str, value: Measured) -> str:
    """A measure in words with its value and interval, such as ``goods trade from China to Russia, 2024: 119,900``."""
    (call,) = parse(f"{name} == 0").calls()
    arguments = [_argument(a) for a in call.arguments]
    if call.name == "held":
        whole, _, part = arguments[1].partition("/")
        arguments[1] = f"{part} region" if part else states.find(whole, system="id").name
    if call.name == "demand" and arguments[1] in _REGIONS:
        arguments[1] = arguments[1].capitalize()
    label = _NAMES[call.name].format(*arguments, *[""] * 5, k=plural(arguments[0])).rstrip(", ")
    if call.name in ("ties", "ties_by", "level") and len(arguments) > 3:
        label += f", {arguments[3]}"
    label = _ONE_YEAR.sub(r"\1", label)
    if call.name in ("demand", "held") and len(arguments) > 2:
        label += f", {arguments[2]}"
    if call.name == "vote":
        return f"{label}: {_CHOICES[value.value]}"
    if call.name == "member":
        return f"{label}: {'member' if value.value else 'not a member'}"
    amount = ("" if value.complete else "at least ") + _amount(value.value)
    spread = "" if value.low == value.high else f" ({_amount(value.low)} to {_amount(value.high)})"
    unit = "" if call.name in _UNITLESS else f" {value.unit.strip('[]')}"
    note = f" ({value.searched})" if value.searched else ""
    return f"{label}: {amount}{spread}{unit}{note}"


def _argument(argument: object) -> str:
    if isinstance(argument, float):
        return f"{argument:.0f}"
    return states.find(argument, system="id").name if isinstance(argument, StateId) else str(argument)


def _amount(value: float) -> str:
    if value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def _watch(item: Mapping[str, str], question: Question) -> Mapping[str, str]:
    (call,) = parse(f"{item['measure']} == 0").calls()
    value = measure(call, question)
    now = _value(str(call), value) if value.status == "measured" else "not searched"
    return {"indicator": item["indicator"], "now": now, "threshold": item["threshold"]}


def _gaps(judgements: Sequence[Judgement]) -> tuple[Line, ...]:
    lines = []
    for judgement in judgements:
        silent = [t.test.see for t in judgement.tests if t.outcome == "silent"]
        if silent:
            lines.append(Line(f"{judgement.claim.text} Not tested: {'; '.join(silent)}."))
        if judgement.claim.needs:
            lines.append(Line(judgement.claim.needs))
    return tuple(lines)


def _data_until(evidence: Evidence, on: date) -> str:
    latest = evidence.sql('SELECT max("start") AS d FROM events WHERE "start" <= ?', [on])["d"].item()
    return str(latest) if latest else "no events"


def _sources(notes: _Notes) -> tuple[NumberedSource, ...]:
    out = []
    for number, (source_id, facts) in enumerate(notes.order.items(), start=1):
        row = notes.known.get(source_id, {"citation": source_id})
        out.append(
            NumberedSource(
                number=number,
                id=source_id,
                citation=row.get("citation") or source_id,
                url=row.get("url") or "",
                vintage=row.get("vintage") or "",
                accessed=row.get("accessed") or "",
                license=row.get("license") or "",
                noncommercial=bool(row.get("noncommercial")),
                notice=row.get("notice") or "",
                bibtex=row.get("bibtex") or "",
                fact_ids=tuple(facts),
            )
        )
    return tuple(out)


def rival_rows(judgement: Judgement) -> list[tuple[str, list[str]]]:
    """The matrix of a claim: a row a test, and how probable what was found is under each hypothesis."""
    hypotheses = (CLAIM, *judgement.claim.rivals)
    rows = []
    for test in judgement.tests:
        if test.outcome == "silent":
            rows.append((test.test.see, ["not searched"] * len(hypotheses)))
            continue
        likelihood = test.test.weight.likelihood
        if not likelihood:
            rows.append((test.test.see, ["not weighed"] * len(hypotheses)))
            continue
        under = [test.seen * likelihood[h] + (1 - test.seen) * (1 - likelihood[h]) for h in hypotheses]
        rows.append((test.test.see, [percent(p) for p in under]))
    return rows
