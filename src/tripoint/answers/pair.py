"""Two states on one page: standing, newest facts, depth, exposure, quarrels, votes and gaps, from the other answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tripoint.answers import depth, on_record, relation, tension
from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.facts_told import fact_text
from tripoint.answers.making import lines, make
from tripoint.answers.question import Question
from tripoint.errors import CoverageError, InputError, NotInSystemError
from tripoint.triad.sourcing import Citations, Cited

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Newest facts that are listed.
_NEWEST = 10
_GAPS = ("Searched and not found", "Searched in part, nothing found", "Not searched", "Where the evidence ends")


@dataclass(frozen=True, slots=True)
class PairAsked(Question):
    """Two states since a year."""

    subject = "pair"
    words = ("a", "b")
    about = (
        "Show two states on one page: where they stand, newest facts, depth, exposure, quarrels, votes, "
        "and what was searched and not found."
    )
    examples = ("tripoint pair RUS CHN",)

    a: str
    b: str
    since: int = 1990

    def __post_init__(self) -> None:
        first, second = sorted((self.a, self.b))
        object.__setattr__(self, "a", first)
        object.__setattr__(self, "b", second)


def answer(evidence: Evidence, question: PairAsked) -> Answer:
    """Compose the page of a pair; a part that the evidence does not reach says so, and the rest stands."""
    a, b, since = question.a, question.b, question.since
    record = on_record.answer(evidence, on_record.OnRecordAsked(a, b, since))
    asked: dict[str, Callable[[], Answer]] = {
        "relation": lambda: relation.answer(evidence, relation.RelationAsked((a, b), since)),
        "depth": lambda: depth.answer(evidence, depth.DepthAsked(((a, b),), since)),
        "tension": lambda: tension.answer(evidence, tension.TensionAsked(a, b, since)),
    }
    answers, silent = {"on_record": record}, list[str]()
    for name, ask in asked.items():
        try:
            answers[name] = ask()
        except (CoverageError, InputError, NotInSystemError) as error:
            silent.append(f"No {name}: {error}")
    cited, number = _joined(list(answers.values()))
    heads = [answers[name].headline for name in ("relation",) if name in answers]
    return make(
        evidence,
        question,
        headline=" ".join([*heads, record.headline]),
        result={name: found.result for name, found in answers.items()},
        method="tripoint.answers.pair",
        parts=[_renumbered(part, number[name]) for name, part in _parts(answers)],
        rows=record.rows,
        facts=(i for found in answers.values() for i in found.facts),
        cited=cited,
        newest=record.newest,
        remarks=[*dict.fromkeys(remark for found in answers.values() for remark in found.remarks), *silent],
    )


def _parts(answers: Mapping[str, Answer]) -> Iterator[tuple[str, Part]]:
    """Parts in reading order, each with the answer that it is from."""
    record = answers["on_record"]
    if "relation" in answers:
        found = answers["relation"]
        yield "relation", Part("Where they stand", lines((found.headline,), level=0), None, found.figure)
    yield "on_record", Part("Newest facts", (), _newest(record))
    if "depth" in answers:
        found = answers["depth"]
        yield "depth", Part("How deep it goes", lines((found.headline,), level=0), found.tables[0], found.figure)
    if "tension" in answers:
        found = answers["tension"]
        yield (
            "tension",
            Part("Quarrels", (*lines((found.headline,), level=0), *found.parts[0].lines), None, found.figure),
        )
    for part in record.parts:
        if part.heading == "General Assembly" or part.heading in _GAPS:
            yield "on_record", part


def _newest(record: Answer) -> Table | None:
    rows = record.rows.sort("start", "fact_id", descending=[True, False], nulls_last=True).head(_NEWEST)
    body = tuple((row["kind"], fact_text(row, record.result.as_of)) for row in rows.iter_rows(named=True))
    links = tuple(f"fact/{i}" for i in rows["fact_id"])
    return Table("", ("kind", "fact"), body, words=True, links=links) if body else None


def _joined(answers: Sequence[Answer]) -> tuple[Citations, dict[str, dict[int, int]]]:
    """All sources, each numbered once, and by answer what each of its numbers becomes."""
    order: dict[str, Cited] = {}
    for found in answers:
        for source in found.sources:
            order.setdefault(source.id, replace(source, number=len(order) + 1))
    number = {found.question.subject: {s.number: order[s.id].number for s in found.sources} for found in answers}
    return Citations(tuple(order.values()), {}), number


def _renumbered(part: Part, number: Mapping[int, int]) -> Part:
    def mend(line: Line) -> Line:
        return replace(line, marks=tuple(sorted({number[n] for n in line.marks})))

    return replace(part, lines=tuple(mend(line) for line in part.lines))
