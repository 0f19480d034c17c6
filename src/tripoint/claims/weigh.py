"""Weighing a claim by what kind of claim it is.

A *record claim* gets a record verdict and no percentage. A *measure claim* asks its measure and takes the measure's
probability. An *explanation* is weighed against its rivals by likelihood ratios that were counted, pooled or argued;
its likelihood is a range, over the prior, the errors of the ratios, and leaving out each origin in turn.

Likelihood and confidence are kept apart. The confidence is a word with its reasons.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from tripoint.claims.likelihood import LEAST, MOST, Item, diagnosticity, posterior, range_word, speaking
from tripoint.claims.measured import Question
from tripoint.claims.measures import PROBABILITY, table_of
from tripoint.claims.model import CLAIM, Claim, ClaimFile
from tripoint.claims.on_record import Finding, find
from tripoint.claims.tested import Outcome, Weighed, item_of, probability_seen, weigh_test, without

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

__all__ = ["Confidence", "Judgement", "Outcome", "Verdict", "Weighed", "weigh_claim", "weigh_file"]

Verdict = Literal["supported", "mixed", "not supported", "contested", "cannot tell"]
Confidence = Literal["strong", "moderate", "thin", "none"]

#: A verdict needs the whole range of the likelihood on one side of even.
SUPPORTED_ABOVE, NOT_SUPPORTED_BELOW = 0.55, 0.45
#: Intervals of measures leave out what their authors did not think of: probabilities are also taken at this width.
WIDER = 2.0
_STRONG_ORIGINS, _MODERATE_ORIGINS = 4, 2
_STRONG_SHARE, _MODERATE_SHARE = 0.8, 0.5
_STRONG_COUNTED = 3
_STRONG_AGE_DAYS = 730
#: How far, in all, the tests that count tell the hypotheses apart, as a ratio.
_STRONG_POWER, _MODERATE_POWER = 10.0, 3.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What can be said of a claim, and on what evidence.

    Attributes
    ----------
    verdict
        ``supported`` or ``not supported`` where the record agrees or disagrees, or where the whole range of the
        likelihood lies on one side of even; ``contested`` where independent sources differ; ``mixed`` where the range
        lies on both sides; ``cannot tell`` where nothing was found to go by.
    likelihood
        Lowest and highest probability [0.01-0.99]; None for a record claim, which is looked up.
    words
        Words of the whole range, or what the record says.
    hypotheses
        Probability of the claim and of each rival at the middle of the prior.
    findings
        What the record says, statement by statement, of a record claim.
    confidence, reasons
        How much the evidence bears, and why.
    sensitivity
        Probability at the middle when an origin is left out, by origin.
    evidence_hash
        Hash of the evidence in use.
    """

    claim: Claim
    verdict: Verdict
    likelihood: tuple[float, float] | None
    words: str
    hypotheses: Mapping[str, float]
    findings: tuple[Finding, ...]
    confidence: Confidence
    reasons: tuple[str, ...]
    tests: tuple[Weighed, ...]
    sensitivity: Mapping[str, float]
    as_of: date
    evidence_hash: str

    @property
    def id(self) -> str:
        """Short hash that names this judgement: claim, tests, evidence and date."""
        tests = (f"{t.test.when.text} {t.test.weight}" for t in self.tests)
        parts = (self.claim.id, str(self.claim.prior), *tests, str(self.as_of), self.evidence_hash)
        return "judgement:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    @property
    def latest(self) -> date | None:
        """Newest day to which what it rests on reaches."""
        return max((v.latest for t in self.tests if t.spoken for v in t.values.values() if v.latest), default=None)


def weigh_file(file: ClaimFile, evidence: Evidence, *, as_of: date | None = None) -> tuple[Judgement, ...]:
    """Weigh every claim of a file. Without ``as_of`` nothing dated after the file's publication is used."""
    on = as_of or file.published or date.today()
    question = Question(evidence, on)
    return tuple(weigh_claim(claim, question) for claim in file.claims)


def weigh_claim(claim: Claim, question: Question) -> Judgement:
    """Weigh one claim by its kind."""
    tests = tuple(weigh_test(t, question) for t in claim.tests)
    if claim.kind == "record":
        return _looked_up(claim, tests, question)
    if claim.kind == "measure":
        return _asked(claim, tests, question)
    return _explained(claim, tests, question)


def _judged(
    claim: Claim,
    tests: tuple[Weighed, ...],
    question: Question,
    verdict: Verdict,
    likelihood: tuple[float, float] | None = None,
    words: str = "",
    *,
    hypotheses: Mapping[str, float] | None = None,
    findings: tuple[Finding, ...] = (),
    confidence: Confidence = "none",
    reasons: tuple[str, ...] = (),
    sensitivity: Mapping[str, float] | None = None,
) -> Judgement:
    held = None
    if likelihood is not None:
        held = (min(max(likelihood[0], LEAST), MOST), min(max(likelihood[1], LEAST), MOST))
        words = range_word(*held)
    return Judgement(
        claim,
        verdict,
        held,
        words,
        hypotheses or {},
        findings,
        confidence,
        reasons,
        tests,
        sensitivity or {},
        question.as_of,
        question.evidence.hash,
    )


def _looked_up(claim: Claim, tests: tuple[Weighed, ...], question: Question) -> Judgement:
    """A record claim: every statement of it must be so."""
    findings = tuple(find(t, question) for t in tests)
    agree = [f.agrees for f in findings]
    if False in agree:
        verdict: Verdict = "not supported"
        words = next(f.words for f in findings if f.agrees is False)
    elif any(f.status == "contested" for f in findings):
        verdict, words = "contested", next(f.words for f in findings if f.status == "contested")
    elif None in agree:
        verdict, words = "cannot tell", next(f.words for f in findings if f.agrees is None)
    else:
        verdict, words = "supported", findings[0].words
    confidence, reasons = _searched(findings)
    return _judged(
        claim, tests, question, verdict, words=words, findings=findings, confidence=confidence, reasons=reasons
    )


def _searched(findings: Sequence[Finding]) -> tuple[Confidence, tuple[str, ...]]:
    """How much a look-up bears: how many independent sources answer each statement."""
    answered = [f for f in findings if f.status != "not searched"]
    if not answered:
        return "none", ("no source in use would have recorded it",)
    fewest = min(len({o for v in f.weighed.values.values() for o in v.origins}) for f in answered)
    until = min((f.until for f in answered if f.until), default=None)
    reasons = [f"each statement rests on {_many(fewest, 'independent source')} or more"]
    if until:
        reasons.append(f"reaches to {until}")
    if len(answered) < len(findings):
        reasons.append(f"{len(findings) - len(answered)} of {len(findings)} statements could not be looked up")
        return "thin", tuple(reasons)
    return ("strong" if fewest > 1 else "moderate"), tuple(reasons)


def _asked(claim: Claim, tests: tuple[Weighed, ...], question: Question) -> Judgement:
    """A measure claim takes the probability of its measures; where they have no interval there is none.

    Several tests must all be so: the bounds of that probability are Frechet's, whatever ties the measures.
    """
    silent = [t for t in tests if not t.spoken]
    if silent:
        why = "; ".join(dict.fromkeys(v.searched for t in silent for v in t.values.values() if v.searched))
        return _judged(claim, tests, question, "cannot tell", reasons=(why or "the measure has no evidence to go by",))
    origins = len({o for t in tests for o in t.origins})
    reasons = [f"{_many(origins, 'origin')} behind the measure"]
    latest = max((v.latest for t in tests for v in t.values.values() if v.latest), default=None)
    if latest:
        reasons.append(f"reaches to {latest}")
    confidence: Confidence = "strong" if origins >= _STRONG_ORIGINS else "moderate" if origins > 1 else "thin"
    estimated = {c.name for t in tests for c in t.test.when.calls()} & PROBABILITY
    if not estimated and all(v.low == v.high for t in tests for v in t.values.values()):
        reasons.append("the measure has no interval, so that there is no likelihood")
        verdict: Verdict = "supported" if all(t.seen >= 0.5 for t in tests) else "not supported"
        return _judged(
            claim, tests, question, verdict, words="as measured", confidence=confidence, reasons=tuple(reasons)
        )
    each = [_measured_range(t) for t in tests]
    ends = (max(0.0, sum(low for low, _ in each) - len(each) + 1), min(high for _, high in each))
    return _judged(claim, tests, question, _verdict(*ends), ends, confidence=confidence, reasons=tuple(reasons))


def _measured_range(test: Weighed) -> tuple[float, float]:
    """Range of a measure's probability: its own, or with its intervals as they are and twice as wide."""
    calls = test.test.when.calls()
    if len(calls) == 1 and calls[0].name in PROBABILITY:
        (value,) = test.values.values()
        return (value.low, value.high)
    wide = probability_seen(test.test, test.values, wider=WIDER)
    return (min(test.seen, wide), max(test.seen, wide))


def _explained(claim: Claim, tests: tuple[Weighed, ...], question: Question) -> Judgement:
    weighing = [t for t in tests if t.spoken and t.test.weight.likelihood]
    middle = _prior(claim, sum(claim.prior) / 2)
    if not weighing:
        reason = "no record settles it"
        if tests:
            told = any(t.spoken for t in tests)
            reason = (
                "what was found has no likelihood that anyone counted or argued"
                if told
                else "no test of this claim found a source that would have recorded it"
            )
        return _judged(claim, tests, question, "cannot tell", hypotheses=middle, reasons=(reason,))
    items = [item_of(t) for t in weighing]
    counted = speaking(items, middle)
    central = posterior(middle, items)
    sensitivity = {
        origin: posterior(middle, rest)[CLAIM]
        for origin in sorted({o for i in items for o in i.origins})
        if (rest := [i for t in weighing if (i := without(t, origin, question))])
    }
    low, high = _range(claim, items, counted, weighing, [_odds(p) for p in sensitivity.values()])
    confidence, reasons = _confidence(tests, counted, middle, question.as_of)
    return _judged(
        claim,
        tests,
        question,
        _verdict(low, high),
        (low, high),
        hypotheses=central,
        confidence=confidence,
        reasons=reasons,
        sensitivity=sensitivity,
    )


def _prior(claim: Claim, chance: float) -> dict[str, float]:
    return {CLAIM: chance, **dict.fromkeys(claim.rivals, (1 - chance) / len(claim.rivals))}


def _odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _range(
    claim: Claim, items: Sequence[Item], counted: Sequence[Item], weighing: Sequence[Weighed], left: Sequence[float]
) -> tuple[float, float]:
    """Lowest and highest probability: over the prior, the errors of the ratios together, and each origin left out.

    Errors of the ratios are taken as independent, so that their squares add. What leaving out an origin does to the
    odds at the middle of the prior is added to both ends.
    """
    speak = {i.id for i in counted}
    error = math.sqrt(sum(t.test.weight.error**2 for t in weighing if t.test.id in speak))
    middle = _odds(posterior(_prior(claim, sum(claim.prior) / 2), items)[CLAIM])
    ends = []
    for chance, side in zip(claim.prior, (-1, 1), strict=True):
        at = _odds(posterior(_prior(claim, chance), items)[CLAIM])
        moved = [side * (odds - middle) for odds in left]
        away = max([error, *moved])
        ends.append(1 / (1 + math.exp(-(at + side * away))))
    return ends[0], ends[1]


def _verdict(low: float, high: float) -> Verdict:
    if low > SUPPORTED_ABOVE:
        return "supported"
    return "not supported" if high < NOT_SUPPORTED_BELOW else "mixed"


def _confidence(
    tests: Sequence[Weighed], counted: Sequence[Item], prior: Mapping[str, float], as_of: date
) -> tuple[Confidence, tuple[str, ...]]:
    spoken = [t for t in tests if t.spoken]
    origins = {origin for weighed in spoken for origin in weighed.origins}
    power = math.exp(sum(diagnosticity(item, prior) for item in counted))
    kinds = {table_of(c) for t in spoken for c in t.test.when.calls() if t.values[str(c)].status == "measured"}
    latest = max((v.latest for t in spoken for v in t.values.values() if v.latest), default=None)
    by_count = sum(t.test.weight.basis == "counted" for t in spoken)
    reasons = [
        _many(len(origins), "independent origin"),
        _many(len(kinds), "kind") + " of evidence",
        f"{len(spoken)} of {len(tests)} tests could be made",
        f"{by_count} of {len(spoken)} likelihoods were counted",
    ]
    if len(counted) < len([t for t in spoken if t.test.weight.likelihood]):
        reasons.append(f"tests that share an origin count once, {len(counted)} in all")
    if power < _STRONG_POWER:
        reasons.append(f"together the tests tell the hypotheses apart by at most {power:.1f} to 1")
    if latest is not None:
        reasons.append(f"reaches to {latest}")
    if {t.outcome for t in tests} >= {"for", "against"}:
        reasons.append("evidence points both ways")
    share = len(spoken) / len(tests)
    recent = latest is not None and (as_of - latest).days <= _STRONG_AGE_DAYS
    broad = len(origins) >= _STRONG_ORIGINS and len(counted) >= _STRONG_COUNTED and len(kinds) > 1
    firm = by_count >= len(spoken) / 2
    if broad and recent and firm and share >= _STRONG_SHARE and power >= _STRONG_POWER:
        return "strong", tuple(reasons)
    if len(origins) >= _MODERATE_ORIGINS and share >= _MODERATE_SHARE and power >= _MODERATE_POWER:
        return "moderate", tuple(reasons)
    return "thin", tuple(reasons)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
