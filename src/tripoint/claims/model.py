"""What a claim file says: claims with their tests, reference classes, predictions, and what each test may weigh."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tripoint.claims.language import Proposition

#: The hypothesis that the claim is right, in a test's table of likelihoods.
CLAIM = "claim"

ClaimKind = Literal["record", "measure", "explanation"]
Basis = Literal["counted", "reasoned", "raters", "words only"]

#: Prior of a claim that argues no other [0-1].
PRIOR = (0.2, 0.8)


@dataclass(frozen=True, slots=True)
class Share:
    """How often something was seen under one hypothesis: ``seen`` of ``units`` units [0-1 after smoothing]."""

    seen: int
    units: int

    @property
    def value(self) -> float:
        """Share with Jeffreys' half unit each way, so that nothing is impossible."""
        return (self.seen + 0.5) / (self.units + 1)


@dataclass(frozen=True, slots=True)
class Count:
    """How a test came out over a reference class.

    Attributes
    ----------
    shares
        By hypothesis.
    pairs
        Pairs of states behind the units.
    low, high
        90 % interval of the ratio of the claim's share to the mean of the rivals', from resampling pairs.
    evidence
        Hash of the evidence that was counted.
    """

    reference: str
    shares: Mapping[str, Share]
    pairs: int
    low: float
    high: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Weight:
    """What a test weighs, and why.

    Attributes
    ----------
    basis
        ``counted`` over a reference class; ``reasoned``: an override with its reason; ``raters``: the pooled values
        of at least three; ``words only``: it weighs nothing.
    likelihood
        Probability [0-1] of what the test looks for under each hypothesis.
    low, high
        Range of the ratio of the claim's likelihood to the mean of the rivals'.
    reason
        The written reason, or what was counted.
    """

    basis: Basis
    likelihood: Mapping[str, float] = field(default_factory=dict)
    low: float = 1.0
    high: float = 1.0
    reason: str = ""

    @property
    def ratio(self) -> float:
        """Central likelihood ratio of the claim against the mean of its rivals."""
        return ratio_of(self.likelihood) if self.likelihood else 1.0

    @property
    def error(self) -> float:
        """Half the width of the range, as a logarithm."""
        return (math.log(self.high) - math.log(self.low)) / 2


@dataclass(frozen=True, slots=True)
class Application:
    """How a test is carried over to a reference class: which of its states and which year the class puts in."""

    reference: str
    states: Mapping[str, str]
    year: int


@dataclass(frozen=True, slots=True)
class Test:
    """One observation fixed beforehand: what is looked for, and what it weighs."""

    __test__ = False  # not a pytest class

    id: str
    see: str
    when: Proposition
    weight: Weight
    line: int
    application: Application | None = None
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with its tests.

    Attributes
    ----------
    kind
        ``record``: the record has it or not; ``measure``: a measure answers it; ``explanation``: weighed against
        rivals.
    text
        The claim paraphrased.
    states
        Whom it is about.
    rivals
        Other explanations, by id; weighed beside the claim.
    prior
        Lowest and highest probability before the tests [0-1].
    needs
        What evidence would settle it, where the record cannot.
    """

    id: str
    kind: ClaimKind
    text: str
    words: str
    section: str
    states: tuple[str, ...]
    since: int
    if_true: str
    if_false: str
    change: str
    needs: str
    limits: str
    prior: tuple[float, float]
    argued: str
    rivals: Mapping[str, str]
    tests: tuple[Test, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """A set of past cases over which a test is counted.

    Attributes
    ----------
    among
        What makes two states in a year a case; over ``X``, ``Y`` (states) and ``T`` (a year).
    hypotheses
        What puts a case under each hypothesis.
    years, step
        First and last year of ``T``, and the years between two.
    fixed
        States that ``X`` or ``Y`` is held to, by letter.
    """

    id: str
    text: str
    among: str
    hypotheses: Mapping[str, str]
    years: tuple[int, int]
    step: int
    fixed: Mapping[str, tuple[str, ...]]
    line: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is to be so by a day, with the probability given beforehand [0-1]."""

    id: str
    text: str
    when: Proposition
    by: date
    probability: float
    line: int


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A file of claims: whose argument it is, the claims in order, and which of them lead a brief (``key``).

    Attributes
    ----------
    answer
        The answer on page one of a brief, in up to three sentences; ``{claim:word}`` stands for the words of a claim's
        verdict.
    events
        Days that figures mark, with a label.
    """

    path: str
    title: str
    author: str
    published: date | None
    link: str
    question: str
    claims: tuple[Claim, ...]
    definitions: Mapping[str, str]
    watch: tuple[Mapping[str, str], ...]
    implications: tuple[str, ...]
    key: tuple[str, ...]
    dek: str
    answer: tuple[str, ...]
    events: tuple[tuple[date, str], ...]
    figure: str
    classes: Mapping[str, ReferenceClass]
    predictions: tuple[Prediction, ...]
    text: str

    @property
    def hash(self) -> str:
        """SHA-256 of the file's text and of its counts: two files of one hash say the same."""
        counted = "\n".join(f"{c.id} {t.id} {t.count}" for c in self.claims for t in c.tests if t.count)
        return hashlib.sha256(f"{self.text}\n{counted}".encode()).hexdigest()


def ratio_of(likelihood: Mapping[str, float]) -> float:
    """Likelihood of the claim over the mean of its rivals."""
    others = [p for h, p in likelihood.items() if h != CLAIM]
    return likelihood[CLAIM] * len(others) / sum(others)
