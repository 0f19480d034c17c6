"""One claim weighed: its verdict, every test, its rivals, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.argument import fact_ids, likelihood, newest_of, only, read_argument, test_lines
from tripoint.answers.making import frame, lines, make
from tripoint.answers.question import Question
from tripoint.claims.likelihood import percent
from tripoint.errors import unknown
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.claims.files import ClaimFile
    from tripoint.claims.weigh import Judgement
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True)
class ClaimAsked(Question):
    """One claim of an argument that ships, by its id; without ``argument`` all of them are looked through."""

    subject = "claim"
    words = ("claim",)
    about = "Weigh one claim that ships: its verdict, every test, its rivals, and what would change it."
    examples = ("tripoint claim no-mutual-defense",)

    claim: str
    argument: str | None = None
    as_of: date | None = None


def answer(evidence: Evidence, question: ClaimAsked) -> Answer:
    """Weigh a claim; raises ``UnknownNameError`` for an id that no argument has."""
    from tripoint.claims.export import judgement_record, judgement_row
    from tripoint.claims.weigh import weigh_file

    file = only(_file(question), (question.claim,))
    (judgement,) = weigh_file(file, evidence, as_of=question.as_of)
    facts = list(fact_ids(judgement))
    cited = cite_facts(evidence, facts)
    odds = likelihood(judgement)
    return make(
        evidence,
        question,
        headline=f"{judgement.claim.text.rstrip('.')}: {judgement.verdict}{f', {odds}' if odds else ''}; "
        f"evidence {judgement.confidence}.",
        result=judgement_record(judgement),
        method="tripoint.claims.weigh.weigh_claim",
        parts=_parts(judgement, cited),
        rows=frame([judgement_row(judgement)]),
        facts=facts,
        cited=cited,
        newest=newest_of((judgement,)),
        parameters={"judgement": judgement.id, "as_of": str(judgement.as_of)},
    )


def _file(question: ClaimAsked) -> ClaimFile:
    from tripoint.claims.library import library

    if question.argument is not None:
        return read_argument(question.argument)
    files = [read_argument(path) for path in library()]
    found = next((f for f in files if any(c.id == question.claim for c in f.claims)), None)
    if found is None:
        known = [c.id for f in files for c in f.claims]
        raise unknown("claim", question.claim, known, where="the arguments that ship")
    return found


def _parts(judgement: Judgement, cited: Citations) -> Iterator[Part]:
    claim = judgement.claim
    yield Part("Verdict", lines(_verdict(judgement)))
    record = (f"{f.weighed.test.see}: {f.words}" for f in judgement.findings)
    yield Part("What the record says", lines(record))
    for outcome, heading in (
        ("for", "Evidence for"),
        ("against", "Evidence against"),
        ("silent", "Found nothing to go by"),
    ):
        tests = [t for t in judgement.tests if t.outcome == outcome]
        told = [x for t in tests for x in test_lines(t, cited)]
        if outcome != "silent" or told:
            yield Part(f"{heading} ({len(tests)})", tuple(told) or (Line("none", level=1),))
    rivals = claim.rivals if claim.kind == "explanation" else {}
    rows = tuple(
        (name, percent(judgement.hypotheses[name]) if judgement.likelihood else "not weighed", text)
        for name, text in rivals.items()
    )
    head = ("rival", "at the middle of the prior", "what it says")
    yield Part("Other explanations", (), Table("", head, rows, words=True) if rows else None)
    said = ((label, text) for label, text in (("Needs", claim.needs), ("Limits", claim.limits)) if text)
    yield Part("Needs and limits", lines(f"{label}: {text}" for label, text in said))
    yield Part("What would change it", lines((claim.change,) if claim.change else ()))


def _verdict(judgement: Judgement) -> Iterator[str]:
    odds = likelihood(judgement)
    yield f"{judgement.verdict}{f', {odds}' if odds else ''}"
    yield f"evidence {judgement.confidence}: {'; '.join(judgement.reasons)}"
    if len(judgement.sensitivity) > 1:
        moved = sorted(judgement.sensitivity.items(), key=lambda item: item[1])
        yield f"without {moved[0][0]}: {percent(moved[0][1])}; without {moved[-1][0]}: {percent(moved[-1][1])}"
    yield f"{judgement.id}, as of {judgement.as_of}"
