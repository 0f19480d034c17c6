"""An argument weighed: every claim of a file, with its verdict, likelihood and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.making import counted, frame, line, make
from tripoint.answers.question import Question
from tripoint.claims.likelihood import percent
from tripoint.errors import unknown
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.claims.files import ClaimFile
    from tripoint.claims.weigh import Judgement, Weighed
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence

#: Fact ids of a measure that are cited.
_CITED = 20
SHIPPED = "russia-china-india"


@dataclass(frozen=True, slots=True)
class ArgumentAsked(Question):
    """The claims of a file, or of the argument that ships; ``claims`` narrows them, ``explain`` tells every test.

    Nothing dated after the day of publication is used unless ``as_of`` says so.
    """

    subject = "argument"
    words = ("argument",)
    about = (
        "Weigh the claims of a file against the evidence; without FILE, the argument that ships. "
        "Nothing dated after the day of publication is used unless --as-of says so."
    )
    examples = ("tripoint weigh claims.toml --explain", "tripoint weigh --claim no-mutual-defense")

    argument: str | Path = SHIPPED
    claims: tuple[str, ...] = ()
    as_of: date | None = None
    explain: bool = False


def answer(evidence: Evidence, question: ArgumentAsked) -> Answer:
    """Weigh an argument; errors as :func:`tripoint.claims.files.read_claims`."""
    from tripoint.claims.export import judgement_record, judgement_row
    from tripoint.claims.weigh import weigh_file

    file = only(read_argument(question.argument), question.claims)
    judgements = weigh_file(file, evidence, as_of=question.as_of)
    facts = [i for j in judgements for i in fact_ids(j)]
    cited = cite_facts(evidence, facts)
    verdicts = [j.verdict for j in judgements]
    counts = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    return make(
        evidence,
        question,
        headline=f"{file.title.rstrip('.')}: of {counted(len(judgements), 'claim')}, {counts}.",
        result={"title": file.title, "claims": [judgement_record(j) for j in judgements]},
        method="tripoint.claims.weigh.weigh_file",
        parts=_parts(judgements, cited, question.explain),
        rows=frame([judgement_row(j) for j in judgements]),
        facts=facts,
        cited=cited,
        newest=newest_of(judgements),
        parameters={"judgements": ",".join(j.id for j in judgements)},
    )


def read_argument(name: str | Path) -> ClaimFile:
    """Read a claim file by its path, or one that ships by its name."""
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import shipped

    return read_claims(name if isinstance(name, Path) else shipped(name))


def only(file: ClaimFile, ids: Sequence[str]) -> ClaimFile:
    """The claims of a file that are named, or all; raises ``UnknownNameError`` for one that is not there."""
    known = [c.id for c in file.claims]
    for name in ids:
        if name not in known:
            raise unknown("claim", name, known, where=file.path)
    return replace(file, claims=tuple(c for c in file.claims if c.id in ids)) if ids else file


def fact_ids(judgement: Judgement) -> Iterator[str]:
    """Ids of the facts that the tests of a claim rest on."""
    for weighed in judgement.tests:
        for value in weighed.values.values():
            yield from value.fact_ids


def newest_of(judgements: Sequence[Judgement]) -> date | None:
    """Newest day to which what the claims rest on reaches."""
    return max((j.latest for j in judgements if j.latest), default=None)


def likelihood(judgement: Judgement) -> str:
    """Words of the whole range with the range, or what the record says."""
    if judgement.likelihood is None:
        return judgement.words
    low, high = judgement.likelihood
    return f"{judgement.words} ({percent(low)} to {percent(high)})"


def _parts(judgements: Sequence[Judgement], cited: Citations, explain: bool) -> Iterator[Part]:
    rows = tuple((j.claim.text, j.claim.kind, j.verdict, likelihood(j) or "-", j.confidence) for j in judgements)
    links = tuple(f"claim/{j.claim.id}" for j in judgements)
    yield Part(
        "Claims",
        (),
        Table("", ("claim", "kind", "verdict", "likelihood or record", "evidence"), rows, words=True, links=links),
    )
    for judgement in judgements if explain else ():
        yield Part(f"{judgement.claim.id}: {judgement.claim.text}", tuple(told(judgement, cited)))


def told(judgement: Judgement, cited: Citations) -> Iterator[Line]:
    """A judgement in lines: verdict, evidence, rivals, every test, what would change it."""
    claim = judgement.claim
    odds = likelihood(judgement)
    yield Line(f"kind: {claim.kind}", level=1)
    yield Line(f"verdict: {judgement.verdict}{f', {odds}' if odds else ''}", level=1)
    yield Line(f"evidence: {judgement.confidence}: {'; '.join(judgement.reasons)}", level=1)
    if claim.kind == "explanation":
        for name, text in claim.rivals.items():
            yield Line(f"rival {name}: {text}", level=1)
    for finding in judgement.findings:
        yield Line(f"record: {finding.weighed.test.see}: {finding.words}", level=1)
    for weighed in judgement.tests:
        yield from test_lines(weighed, cited)
    if len(judgement.sensitivity) > 1:
        moved = sorted(judgement.sensitivity.items(), key=lambda item: item[1])
        yield Line(
            f"without {moved[0][0]}: {percent(moved[0][1])}; without {moved[-1][0]}: {percent(moved[-1][1])}", level=1
        )
    for label, text in (("needs", claim.needs), ("limits", claim.limits), ("would change", claim.change)):
        if text:
            yield Line(f"{label}: {text}", level=1)
    yield Line(f"{judgement.id}, as of {judgement.as_of}", level=1, tone="note")


def test_lines(weighed: Weighed, cited: Citations) -> Iterator[Line]:
    """One test: what was looked for, what was found, and what it weighs."""
    from tripoint.claims.export import weight_words

    yield Line(f"[{weighed.outcome}] {weighed.test.see}{weight_words(weighed)}", level=1)
    for name, value in weighed.values.items():
        if value.status == "not searched":
            yield Line(f"{name}: not searched{f' ({value.searched})' if value.searched else ''}", level=2)
            continue
        spread = "" if value.low == value.high else f" ({value.low:,.6g} to {value.high:,.6g})"
        least = "" if value.complete else "at least "
        note = f"; {value.searched}" if value.searched else ""
        said = f"{name}: {least}{value.value:,.6g}{spread} {value.unit}{note}"
        yield line(said, cited, value.fact_ids, level=2)
