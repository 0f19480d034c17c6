"""One statement looked up: confirmed, contradicted, contested, outside coverage, or not searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part
from tripoint.answers.making import frame, lines, make
from tripoint.answers.question import Question

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True)
class VerifyAsked(Question):
    """A statement in plain English, and the day to which evidence counts."""

    subject = "verify"
    words = ("text",)
    about = "Look one statement up: confirmed, contradicted, contested, outside coverage, or not searched."
    examples = ('tripoint verify "Turkey has a defense pact with the United States since 1952"',)

    text: str
    as_of: date | None = None


def answer(evidence: Evidence, question: VerifyAsked) -> Answer:
    """Verify a statement; raises ``InputError`` for one that says nothing that can be looked up."""
    from tripoint.claims.export import verified_record
    from tripoint.claims.verify import verify

    found = verify(question.text, evidence, as_of=question.as_of or date.today())
    looked = [f"{f.weighed.test.when.text}: {f.words}" for f in found.judgement.findings]
    decides = (found.decides,) if found.decides else ()
    return make(
        evidence,
        question,
        headline=f"{found.result.capitalize()}: {found.statement.rstrip('.')}.",
        result=verified_record(found),
        method="tripoint.claims.verify.verify",
        parts=[Part("What was looked up", lines(looked)), Part("What would decide it", lines(decides))],
        rows=frame([{"statement": found.statement, "result": found.result, "facts": list(found.fact_ids)}]),
        facts=found.fact_ids,
        parameters={"as_of": str(question.as_of or date.today())},
    )
