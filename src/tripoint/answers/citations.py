"""How to cite the documents and data sets that some facts rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import counted, frame, make
from tripoint.answers.question import Question
from tripoint.errors import InputError
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True)
class CitationsAsked(Question):
    """The sources of some facts, by their ids."""

    subject = "citations"
    words = ("cited",)
    about = "Cite the documents and data sets that some facts rest on, with their terms."
    examples = ("tripoint citations 'starter@2026-11#t-rus-chn-2001/CHN-RUS/consultation pact'",)

    cited: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.cited:
            raise InputError("cited: no fact is named; give ids as tripoint facts prints them")


def answer(evidence: Evidence, question: CitationsAsked) -> Answer:
    """Number the sources of facts in the order in which the facts are given; raises for an id that is none."""
    for fact in question.cited:
        evidence.fact(fact)
    cited = cite_facts(evidence, question.cited)
    rows = [
        {"number": s.number, "source": s.id, "citation": s.citation, "noncommercial": s.noncommercial}
        for s in cited.sources
    ]
    table = Table(
        "",
        ("Number", "Citation", "Terms"),
        tuple((str(s.number), s.citation, "non-commercial use only" if s.noncommercial else "") for s in cited.sources),
        words=True,
        links=tuple(f"source/{s.id}" for s in cited.sources),
    )
    return make(
        evidence,
        question,
        headline=f"{counted(len(question.cited), 'fact')} from {counted(len(rows), 'source')}.",
        result=rows,
        method="tripoint.evidence.citing.cite_facts",
        parts=[Part("", (), table)],
        rows=frame(rows),
        facts=question.cited,
        cited=cited,
    )
