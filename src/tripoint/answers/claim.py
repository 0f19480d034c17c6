"""One claim weighed: its verdict, every test, its rivals, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.argument import fact_ids, likelihood, newest_of, only, read_argument, test_lines
from tripoint.answers.making import frame, lines, make
from tripoint.answers.question import Question
from tripoint.claims.likelihood import LEAST, MOST, percent
from tripoint.claims.model import ratio_of
from tripoint.errors import InputError, unknown
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.claims.model import Claim, ClaimFile
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
    chance: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


def answer(evidence: Evidence, question: ClaimAsked) -> Answer:
    """Weigh a claim; raises ``UnknownNameError`` for an id that no argument has."""
    from tripoint.claims.export import claim_reviews, judgement_record, judgement_row
    from tripoint.claims.weigh import weigh_file

    file = only(_file(question), (question.claim,))
    (judgement,) = weigh_file(file, evidence, as_of=question.as_of)
    own = with_own_values(judgement.claim, question.chance, question.values)
    theirs = (
        weigh_file(replace(file, claims=(own,)), evidence, as_of=question.as_of)[0] if own != judgement.claim else None
    )
    facts = list(fact_ids(judgement))
    cited = cite_facts(evidence, facts)
    odds = likelihood(judgement)
    return make(
        evidence,
        question,
        headline=f"{judgement.claim.text.rstrip('.')}: {judgement.verdict}{f', {odds}' if odds else ''}; "
        f"evidence {judgement.confidence}.",
        result=judgement_record(judgement)
        | _offered(judgement, theirs)
        | {"review": claim_reviews(file, (judgement,), evidence)["@graph"][0]},
        method="tripoint.claims.weigh.weigh_claim",
        parts=_parts(judgement, cited),
        rows=frame([judgement_row(judgement)]),
        facts=facts,
        cited=cited,
        newest=newest_of((judgement,)),
        parameters={"judgement": judgement.id, "as_of": str(judgement.as_of)},
    )


def with_own_values(claim: Claim, prior: Sequence[str], values: Sequence[str]) -> Claim:
    """Put a reader's prior and likelihoods in the place of a claim's own.

    Parameters
    ----------
    claim
        The claim as its file has it.
    prior
        Lowest and highest chance before the evidence, as texts; empty for the file's own.
    values
        ``test:chance:chance...``: chance of the finding under each hypothesis, the claim first, then its rivals.

    Raises
    ------
    InputError
        A chance outside .01 to .99, a prior that is not two, a test that takes no values, or another number of them.
    """
    if (prior or values) and claim.kind != "explanation":
        raise InputError(f"claim {claim.id} is weighed by the record or a measure; it takes no prior and no values")
    changed = claim
    if prior:
        chances = tuple(_chance("chance", p) for p in prior)
        if len(chances) != 2 or chances[0] > chances[1]:
            raise InputError(f"chance: '{','.join(prior)}' is not a lowest and a highest chance; write 0.2,0.6")
        changed = replace(changed, prior=(chances[0], chances[1]))
    own = {}
    for value in values:
        name, *given = value.split(":")
        own[name] = tuple(_chance(name, g) for g in given)
    known = [t.id for t in claim.tests if t.weight.likelihood]
    for name in own:
        if name not in known:
            raise unknown("test", name, known, where=f"claim {claim.id}")
    tests = []
    for test in claim.tests:
        if test.id in own:
            names = list(test.weight.likelihood)
            if len(own[test.id]) != len(names):
                raise InputError(f"values: {test.id} needs {len(names)} chances ({', '.join(names)})")
            chances_given = dict(zip(names, own[test.id], strict=True))
            ratio = ratio_of(chances_given)
            weight = replace(test.weight, likelihood=chances_given, low=ratio, high=ratio)
            tests.append(replace(test, weight=weight))
        else:
            tests.append(test)
    return replace(changed, tests=tuple(tests))


def _chance(name: str, text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        raise InputError(f"{name}: '{text}' is not a number") from None
    if not LEAST <= chance <= MOST:
        raise InputError(f"{name}: {text} is not between {LEAST:g} and {MOST:g}")
    return chance


def _offered(judgement: Judgement, theirs: Judgement | None) -> dict[str, Any]:
    """What a reader can change, and what came of it where something was changed."""
    claim = judgement.claim
    weighed = theirs or judgement
    tests = [
        {"test": t.test.id, "see": t.test.see, "chances": dict(t.test.weight.likelihood)}
        for t in weighed.tests
        if t.test.weight.likelihood
    ]
    offered = {"prior": list(weighed.claim.prior), "tests": tests} if claim.kind == "explanation" else None
    yours = None
    if theirs is not None and theirs.likelihood is not None:
        yours = {"verdict": theirs.verdict, "words": likelihood(theirs), "low": theirs.likelihood[0]} | {
            "high": theirs.likelihood[1]
        }
    return {"offered": offered, "yours": yours, "rivals": dict(claim.rivals) if claim.kind == "explanation" else {}}


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
