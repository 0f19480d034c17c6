"""Why a kind of fact is, or is not, on record between two states: who looked, until when, what would decide it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.facts_told import fact_text
from tripoint.answers.making import lines, make, names
from tripoint.answers.question import Question
from tripoint.errors import unknown
from tripoint.evidence import choice
from tripoint.evidence.coverage import Line, Search, coverage_of
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

_SILENCE = {
    "none": "a complete register: what it lacks did not happen",
    "unproven": "a register that does not prove a zero",
    "nothing": "a list by hand: what it lacks proves nothing",
}
#: Facts that are listed.
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class WhyAsked(Question):
    """Whether a kind of fact is on record between two states, and if not, why not."""

    subject = "why"
    words = ("a", "b", "kind")
    about = (
        "Say whether a kind of fact is on record between two states, who looked until when, and what would decide it."
    )
    examples = ("tripoint why RUS CHN 'defense pact'",)

    a: str
    b: str
    kind: str
    since: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise unknown("kind", self.kind, KINDS)
        first, second = sorted((self.a, self.b))
        object.__setattr__(self, "a", first)
        object.__setattr__(self, "b", second)


def answer(evidence: Evidence, question: WhyAsked) -> Answer:
    """Tell the five states of knowledge apart, with the lines of coverage behind."""
    from tripoint import states

    pair = (question.a, question.b)
    since = date(question.since, 1, 1) if question.since else None
    coverage = coverage_of(evidence)
    facts = evidence.facts(
        between=(states.lineage(question.a), states.lineage(question.b)), kinds=(question.kind,), since=since
    ).sort("start", "fact_id", descending=[True, False], nulls_last=True)
    found = coverage.status(question.kind, pair, (since, date.today()), facts=facts.to_dicts())
    searched = coverage.of(question.kind, pair, since)
    missing = [s for s in choice.listed(question.kind) if s not in {e.source_id for e in evidence.editions}]
    today = date.today()
    shown = facts.head(_SHOWN)
    parts = [
        Part("Facts", lines((fact_text(row, today) for row in shown.iter_rows(named=True)), level=1)),
        Part("Who looked", (), _table(searched) if searched else None),
        Part("Which source speaks", lines(_speaking(question.kind, facts["source_id"]), level=1)),
        Part("What would decide it", lines(_deciding(question.kind, found, missing), level=1)),
    ]
    return make(
        evidence,
        question,
        headline=f"{question.kind.capitalize()} of {names(pair)}: {found.words}.",
        result={"status": found.status, "seen": found.seen, "period": found.period, "sources": found.sources}
        | {"facts": facts.height, "would_decide": missing},
        method="tripoint.evidence.coverage.Coverage.status",
        parts=parts,
        rows=facts,
        facts=facts["fact_id"],
        newest=found.seen,
    )


def _table(searched: tuple[Line, ...]) -> Table:
    rows = tuple(
        (line.source_id, f"{line.start} to {line.end}", _SILENCE[line.silence], line.note or "")
        for line in sorted(searched, key=lambda line: (line.end, line.source_id), reverse=True)
    )
    return Table("", ("Source", "Period", "What its silence means", "Note"), rows, words=True)


def _speaking(kind: str, sources: Iterable[str]) -> list[str]:
    """Which of the sources that have facts measures ask first, and why; nothing where none or one has any."""
    held = sorted(set(sources))
    if len(held) < 2:
        return []
    said = f"{choice.choose(kind, held).words}."
    return [said, f"Where a measure asks for the fullest instead, it is the one that {choice.fuller(kind)}."]


def _deciding(kind: str, found: Search, missing: list[str]) -> list[str]:
    said = [f"Load {name} (tripoint load {name})." for name in missing]
    if found.status in ("searched in part", "not searched") and not missing:
        said.append(f"No source in the catalog lists every {kind} of these states.")
    if found.status == "none found":
        said.append("A row of that kind in any source, or one after the day to which the search is complete.")
    return said
