"""A brief as the answer to a question: page one, its sections, and every source that a sentence rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.answers import making
from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.argument import SHIPPED, read_argument
from tripoint.answers.making import frame, make
from tripoint.answers.question import Question
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.citing import Citations, Cited

if TYPE_CHECKING:
    from tripoint.briefs import paper
    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True)
class BriefAsked(Question):
    """One, two or three states, or an argument; the argument that ships where neither is named."""

    subject = "brief"
    words = ("states",)
    about = (
        "Compose a sourced brief on one, two or three states, or on an argument; without any, on the one that ships."
    )
    examples = ("tripoint brief RUS CHN -o rus-chn.pdf", "tripoint brief turkey-nato-russia -o turkey.html")

    states: tuple[str, ...] = ()
    argument: str | Path | None = None
    as_of: date | None = None

    def __post_init__(self) -> None:
        if len(self.states) > 3:
            raise InputError(f"states: a brief is on one, two or three states, not on {len(self.states)}")
        if self.states and self.argument is not None:
            raise InputError("a brief is on states or on an argument; name one of the two")
        object.__setattr__(self, "states", tuple(sorted(self.states)))


def given(what: Sequence[str | Path]) -> dict[str, Any]:
    """Keys of a question from its words: the name or file of one argument, or one, two or three states.

    Raises
    ------
    UnknownNameError
        A word that is neither the name of an argument that ships nor a state.
    InputError
        More than three words, or one state twice.

    Examples
    --------
    >>> given(["Russia", "CHN"])
    {'states': ('RUS', 'CHN')}
    >>> given(["turkey-nato-russia"])
    {'argument': 'turkey-nato-russia'}
    """
    from tripoint import states
    from tripoint.claims.library import library

    arguments = [path.stem for path in library()]
    if len(what) > 3:
        raise InputError(f"{len(what)} words; give one argument, or one, two or three states, or nothing")
    if len(what) == 1:
        (word,) = what
        if isinstance(word, Path) or word.endswith(".toml"):
            return {"argument": Path(word)}
        if word in arguments:
            return {"argument": word}
    try:
        ids = tuple(states.find(str(word)).id for word in what)
    except UnknownNameError as error:
        if len(what) > 1:
            raise
        raise UnknownNameError(f"{error}; the arguments that ship are {', '.join(arguments)}") from None
    for k, state in enumerate(ids):
        if state in ids[:k]:
            raise InputError(f"'{what[ids.index(state)]}' and '{what[k]}' are the same state; name each state once")
    return {"states": ids} if ids else {}


def build(evidence: Evidence, question: BriefAsked, *, command: str = "", version: str = "") -> paper.Brief:
    """Compose the brief that is asked for, ready to be drawn by :mod:`tripoint.briefs.render`.

    Raises
    ------
    TripointError
        As :func:`tripoint.claims.files.read_claims` and the dossiers do.
    """
    from tripoint.briefs import dossier, state, triangle
    from tripoint.briefs.compose import build_brief

    made: dict[str, str] = {"command": command, "version": version}
    if not question.states:
        file = read_argument(SHIPPED if question.argument is None else question.argument)
        return build_brief(file, evidence, as_of=question.as_of, **made)
    day = question.as_of or date.today()
    if len(question.states) == 1:
        return state.build_state(evidence, question.states[0], as_of=day, **made)
    if len(question.states) == 2:
        return dossier.build_pair(evidence, question.states[0], question.states[1], as_of=day, **made)
    return triangle.build_triangle(evidence, question.states, as_of=day, **made)


def answer(evidence: Evidence, question: BriefAsked) -> Answer:
    """Answer with a brief: its parts in reading order, a row a sentence; errors as :func:`build`."""
    brief = build(evidence, question)
    cited = Citations(
        tuple(Cited(s.number, s.id, s.citation, s.noncommercial) for s in brief.sources),
        {fact: s.number for s in brief.sources for fact in s.fact_ids},
    )
    parts = tuple(_parts(brief))
    warning = " ".join(filter(None, brief.warning))
    return make(
        evidence,
        question,
        headline=_ended(brief.answer[0]),
        result={
            "question": brief.question,
            "answer": brief.answer,
            "as_of": brief.as_of,
            "reach": dict(brief.reach),
            "key": [_key(k) for k in brief.key],
            "sections": [{"id": s.id, "title": s.title, "verdict": s.verdict} for s in brief.sections],
            "gaps": brief.gaps,
        },
        method="tripoint.briefs.asked.build",
        parts=parts,
        rows=frame(list(_rows(parts)), _SCHEMA),
        facts=cited.of_fact,
        cited=cited,
        remarks=(warning,) if warning else (),
        parameters={"as_of": str(brief.as_of)},
    )


def _parts(brief: paper.Brief) -> Iterator[Part]:
    reach = ", ".join(f"{label.lower()} {day}" for label, day in brief.reach)
    said = (*(Line(s) for s in brief.answer[1:]), *making.lines((brief.dek,) if brief.dek else (), level=0))
    yield Part(brief.question, (*said, Line(f"As of {brief.as_of}; {reach}.", tone="note")), None, brief.lead)
    yield Part("Key judgments", tuple(x for k in brief.key for x in _said(_key(k), k.notes, k.small)))
    news = tuple(Line(f"{c.when}: {c.text}", marks=c.notes, level=1) for c in brief.changes)
    yield Part(brief.since or "What is new", news)
    for section in brief.sections:
        yield from _section(section)
    yield Part("What to watch", (), _table(brief.watch))
    yield Part("Implications", making.lines(brief.implications))
    yield Part("Gaps", making.lines(brief.gaps))
    yield Part("Definitions", making.lines(f"{term}: {meaning}" for term, meaning in brief.definitions))
    yield Part("How to read this", making.lines(brief.method, tone="note"))


def _section(section: paper.Section) -> Iterator[Part]:
    said: list[Line] = []
    if section.quoted:
        said.append(Line(f"“{section.quoted}”", level=1))
    if section.verdict:
        said += _said(section.verdict, (), section.verdict_small)
    for line in section.lines:
        said += _said(line.text, line.notes, line.small, line.fact_ids)
    for column in section.columns:
        said.append(Line(f"{column.heading}:", level=1))
        for line in column.lines:
            said += _said(line.text, line.notes, line.small, line.fact_ids, level=2)
        if not column.lines:
            said.append(Line(column.empty, level=2))
    said += (Line(f"{label}: {text}", level=1, tone="note") for label, text in section.foot)
    yield Part(section.title, tuple(said), _table(section.grid), section.figure)
    if section.details is not None:
        yield Part(f"How it was weighed: {section.title}", (), _table(section.details))


def _said(text: str, notes: Sequence[int], small: str, facts: Sequence[str] = (), *, level: int = 1) -> Iterator[Line]:
    yield Line(text, tuple(facts), tuple(notes), level)
    if small:
        yield Line(small, level=min(level + 1, 2), tone="note")


def _key(judgment: paper.KeyJudgement) -> str:
    return " ".join(filter(None, (judgment.before, judgment.strong, judgment.after)))


def _table(grid: paper.Grid | None) -> Table | None:
    return Table("", grid.head, grid.rows, words=True) if grid is not None else None


def _rows(parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    for part in parts:
        for line in part.lines:
            yield {"part": part.heading, "sentence": line.text, "sources": list(line.marks), "facts": list(line.facts)}


_SCHEMA = {"part": str, "sentence": str, "sources": list[int], "facts": list[str]}


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
