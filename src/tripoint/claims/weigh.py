"""Weighing a claim: its tests against the evidence, its rivals beside it, and how far the answer can be trusted.

Likelihood and confidence are kept apart. The likelihood is a range: over leaving out each origin, and over
taking the evidence at half its weight (half the logarithm of each likelihood ratio), for the likelihoods are one
person's judgement and may be too strong. The confidence is a word with its reasons.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from tripoint.claims.files import CLAIM, Claim, ClaimFile, Test
from tripoint.claims.language import holds
from tripoint.claims.likelihood import LEAST, MOST, Item, diagnosticity, posterior, speaking, word
from tripoint.claims.measured import Measured, Question, not_searched
from tripoint.claims.measures import MEASURES, measure, table_of

if TYPE_CHECKING:
    import numpy as np

    from tripoint.evidence.query import Evidence

Verdict = Literal["supported", "mixed", "not supported", "cannot tell"]
Confidence = Literal["strong", "moderate", "thin", "none"]
Outcome = Literal["for", "against", "silent"]

#: A verdict needs the whole range of the likelihood on one side of even.
SUPPORTED_ABOVE, NOT_SUPPORTED_BELOW = 0.55, 0.45
_STRONG_ORIGINS, _MODERATE_ORIGINS = 4, 2
_STRONG_SHARE, _MODERATE_SHARE = 0.8, 0.5
_STRONG_COUNTED = 3
_STRONG_AGE_DAYS = 730
#: How far, in all, the tests that count tell the hypotheses apart, as a ratio.
_STRONG_POWER, _MODERATE_POWER = 10.0, 3.0
_NORMAL_90 = 1.6448536269514722
_DRAWS = 400


@dataclass(frozen=True, slots=True)
class Weighed:
    """One test after the evidence was asked.

    Attributes
    ----------
    seen
        Probability [0-1] that what the test looks for is so, given the measures' intervals; NaN: not searched.
    outcome
        ``for`` where what was found is more probable under the claim than under its rivals on average, ``against``
        where it is not, ``silent`` where nothing was found to go by.
    values
        The measures it names, by their text.
    """

    test: Test
    seen: float
    outcome: Outcome
    values: Mapping[str, Measured]
    ratio: float

    @property
    def origins(self) -> frozenset[str]:
        """Origins of all facts it rests on."""
        return frozenset(o for v in self.values.values() for o in v.origins)

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """Facts it rests on, each once."""
        return tuple(dict.fromkeys(f for v in self.values.values() for f in v.fact_ids))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What can be said of a claim, and on what evidence.

    Attributes
    ----------
    verdict
        ``supported`` or ``not supported`` where the whole range lies on one side of even, ``mixed`` where it does
        not, ``cannot tell`` where no test found anything to go by.
    likelihood
        Lowest, central and highest probability [0.01-0.99].
    hypotheses
        Central probability of the claim and of each rival.
    confidence, reasons
        How much the evidence bears, and why.
    sensitivity
        Probability when an origin is left out, by origin; origins on which everything rests are not left out.
    evidence_hash
        Hash of the evidence in use.
    """

    claim: Claim
    verdict: Verdict
    likelihood: tuple[float, float, float] | None
    words: str
    hypotheses: Mapping[str, float]
    confidence: Confidence
    reasons: tuple[str, ...]
    tests: tuple[Weighed, ...]
    sensitivity: Mapping[str, float]
    as_of: date
    evidence_hash: str

    @property
    def id(self) -> str:
        """Short hash that names this judgement: claim, tests, evidence and date."""
        tests = (f"{t.test.when.text} {sorted(t.test.likelihood.items())}" for t in self.tests)
        parts = (self.claim.id, str(self.claim.prior), *tests, str(self.as_of), self.evidence_hash)
        return "judgement:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def weigh_file(file: ClaimFile, evidence: Evidence, *, as_of: date | None = None) -> tuple[Judgement, ...]:
    """Weigh every claim of a file. Without ``as_of`` nothing dated after the file's publication is used."""
    on = as_of or file.published or date.today()
    question = Question(evidence, on)
    return tuple(weigh_claim(claim, question) for claim in file.claims)


def weigh_claim(claim: Claim, question: Question) -> Judgement:
    """Weigh one claim against its rivals."""
    tests = tuple(_weigh_test(t, question) for t in claim.tests)
    spoken = [t for t in tests if not math.isnan(t.seen)]
    each = (1 - claim.prior) / len(claim.rivals)
    prior = {CLAIM: claim.prior, **dict.fromkeys(claim.rivals, each)}
    evidence_hash = question.evidence.hash
    if not spoken:
        reason = "no test of this claim found a source that would have recorded it" if tests else "no record settles it"
        return Judgement(
            claim, "cannot tell", None, "", prior, "none", (reason,), tests, {}, question.as_of, evidence_hash
        )
    items = [_item(t) for t in spoken]
    central = posterior(prior, items)
    sensitivity = {
        origin: posterior(prior, rest)[CLAIM]
        for origin in sorted({o for i in items for o in i.origins})
        if (rest := _without(spoken, origin, question))
    }
    halved = posterior(prior, [_at_half_weight(i) for i in items])[CLAIM]
    spread = [central[CLAIM], halved, *sensitivity.values()]
    low, middle, high = (min(max(p, LEAST), MOST) for p in (min(spread), central[CLAIM], max(spread)))
    confidence, reasons = _confidence(tests, speaking(items, prior), prior, question.as_of)
    return Judgement(
        claim,
        _verdict(low, high),
        (low, middle, high),
        word(middle),
        central,
        confidence,
        reasons,
        tests,
        sensitivity,
        question.as_of,
        evidence_hash,
    )


def _verdict(low: float, high: float) -> Verdict:
    if low > SUPPORTED_ABOVE:
        return "supported"
    return "not supported" if high < NOT_SUPPORTED_BELOW else "mixed"


def _weigh_test(test: Test, question: Question) -> Weighed:
    values = {str(call): measure(call, question) for call in test.when.calls()}
    seen = _probability_seen(test, values)
    if math.isnan(seen):
        return Weighed(test, seen, "silent", values, 1.0)
    under = _mixed(test.likelihood, seen)
    others = [v for h, v in under.items() if h != CLAIM]
    ratio = under[CLAIM] / (sum(others) / len(others))
    outcome: Outcome = "for" if ratio > 1 else "against"
    return Weighed(test, seen, outcome, values, ratio)


def _probability_seen(test: Test, values: Mapping[str, Measured]) -> float:
    """Probability that the proposition holds, from draws of the measures within their intervals.

    NaN where it is neither true nor false for more than half of the draws.
    """
    import numpy as np

    if all(v.low == v.high for v in values.values() if v.status == "measured"):
        truth = _truth(test, {k: v.value for k, v in values.items()}, values)
        return math.nan if truth is None else float(truth)
    rng = np.random.default_rng(11)
    draws = {k: _draws(v, rng) for k, v in values.items()}
    truths = [_truth(test, {k: float(d[i]) for k, d in draws.items()}, values) for i in range(_DRAWS)]
    known = [t for t in truths if t is not None]
    return sum(known) / len(known) if len(known) > _DRAWS / 2 else math.nan


def _truth(test: Test, drawn: Mapping[str, float], values: Mapping[str, Measured]) -> bool | None:
    """Whether the proposition holds; None where it turns on how many there are that no source has.

    A count from sources that do not claim to have everything is the least that there were, so that the proposition
    must come out the same for that count and for any higher one.
    """
    calls = {str(call): call for call in test.when.calls()}
    least = [k for k, v in values.items() if v.status == "measured" and not v.complete]
    ends = [(drawn[k], MEASURES[calls[k].name].range[1]) for k in least]
    truths = {holds(test.when, {**drawn, **dict(zip(least, one, strict=True))}) for one in itertools.product(*ends)}
    return truths.pop() if len(truths) == 1 else None


def _draws(value: Measured, rng: np.random.Generator) -> np.ndarray:
    import numpy as np

    if value.status != "measured" or value.low == value.high:
        return np.full(_DRAWS, value.value)
    sd = (value.high - value.low) / (2 * _NORMAL_90)
    return rng.normal(value.value, sd, _DRAWS)


def _mixed(likelihood: Mapping[str, float], seen: float) -> dict[str, float]:
    """Likelihood of what was found under each hypothesis, when what was found is itself uncertain."""
    return {hypothesis: seen * p + (1 - seen) * (1 - p) for hypothesis, p in likelihood.items()}


def _item(weighed: Weighed) -> Item:
    return Item(weighed.test.id, _mixed(weighed.test.likelihood, weighed.seen), weighed.origins)


def _at_half_weight(item: Item) -> Item:
    return replace(item, under={h: math.sqrt(p) for h, p in item.under.items()})


def _without(spoken: Sequence[Weighed], origin: str, question: Question) -> list[Item]:
    """Items that are left without an origin: those not resting on it, and those that come out the same without it."""
    trial = replace(question, without=origin, memory={})
    items = []
    for weighed in spoken:
        if origin not in weighed.origins:
            items.append(_item(weighed))
            continue
        values = {k: _remeasured(weighed, k, v, trial) for k, v in weighed.values.items()}
        seen = _probability_seen(weighed.test, values)
        if not math.isnan(seen) and (seen >= 0.5) == (weighed.seen >= 0.5):
            items.append(replace(_item(weighed), origins=weighed.origins - {origin}))
    return items


def _remeasured(weighed: Weighed, text: str, value: Measured, trial: Question) -> Measured:
    if trial.without not in value.origins:
        return value
    if value.origins == {trial.without}:
        return not_searched(value.unit)
    if not value.fact_ids:
        return value
    call = next(c for c in weighed.test.when.calls() if str(c) == text)
    again = measure(call, trial)
    return again if again.fact_ids else not_searched(value.unit)


def _confidence(
    tests: Sequence[Weighed], counted: Sequence[Item], prior: Mapping[str, float], as_of: date
) -> tuple[Confidence, tuple[str, ...]]:
    spoken = [t for t in tests if not math.isnan(t.seen)]
    origins = {origin for weighed in spoken for origin in weighed.origins}
    power = math.exp(sum(diagnosticity(item, prior) for item in counted))
    kinds = {table_of(c) for t in spoken for c in t.test.when.calls() if t.values[str(c)].status == "measured"}
    latest = max((v.latest for t in spoken for v in t.values.values() if v.latest), default=None)
    reasons = [
        _many(len(origins), "independent origin"),
        _many(len(kinds), "kind") + " of evidence",
        f"{len(spoken)} of {len(tests)} tests could be made",
    ]
    if len(counted) < len(spoken):
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
    if broad and recent and share >= _STRONG_SHARE and power >= _STRONG_POWER:
        return "strong", tuple(reasons)
    if len(origins) >= _MODERATE_ORIGINS and share >= _MODERATE_SHARE and power >= _MODERATE_POWER:
        return "moderate", tuple(reasons)
    return "thin", tuple(reasons)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
