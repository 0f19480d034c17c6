"""A test after the evidence was asked: how surely what it looks for is so, and on what that rests."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tripoint.claims.language import holds_within
from tripoint.claims.likelihood import Item
from tripoint.claims.measured import Measured, Question, not_searched
from tripoint.claims.measures import MEASURES, measure
from tripoint.claims.model import CLAIM, Test

if TYPE_CHECKING:
    import numpy as np

Outcome = Literal["for", "against", "silent"]

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
        where it is not, ``silent`` where nothing was found to go by. For a test without likelihoods, whether what it
        looks for is so.
    values
        The measures it names, by their text.
    ratio
        How many times as probable what was found is under the claim; 1 where it weighs nothing.
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

    @property
    def spoken(self) -> bool:
        """Whether anything was found to go by."""
        return not math.isnan(self.seen)

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest ratio of what was found: that of the test, turned over where it is not so."""
        if not self.spoken or not self.test.weight.likelihood:
            return (1.0, 1.0)
        half = self.test.weight.error
        ends = sorted((self.ratio * math.exp(-half), self.ratio * math.exp(half)))
        return (ends[0], ends[1])


def weigh_test(test: Test, question: Question) -> Weighed:
    """Ask the evidence what a test looks for."""
    values = {str(call): measure(call, question) for call in test.when.calls()}
    seen = probability_seen(test, values)
    if math.isnan(seen):
        return Weighed(test, seen, "silent", values, 1.0)
    if not test.weight.likelihood:
        return Weighed(test, seen, "for" if seen >= 0.5 else "against", values, 1.0)
    under = mixed(test.weight.likelihood, seen)
    others = [v for h, v in under.items() if h != CLAIM]
    ratio = under[CLAIM] / (sum(others) / len(others))
    return Weighed(test, seen, "for" if ratio > 1 else "against", values, ratio)


def probability_seen(test: Test, values: Mapping[str, Measured], *, wider: float = 1.0) -> float:
    """Probability that the proposition holds, from draws of the measures within their intervals.

    ``wider`` widens every interval. NaN where it is neither true nor false for more than half of the draws.
    """
    import numpy as np

    if all(v.low == v.high for v in values.values() if v.status == "measured"):
        truth = truth_of(test, {k: v.value for k, v in values.items()}, values)
        return math.nan if truth is None else float(truth)
    rng = np.random.default_rng(11)
    draws = {k: _draws(v, rng, wider) for k, v in values.items()}
    truths = [truth_of(test, {k: float(d[i]) for k, d in draws.items()}, values) for i in range(_DRAWS)]
    known = [t for t in truths if t is not None]
    return sum(known) / len(known) if len(known) > _DRAWS / 2 else math.nan


def truth_of(test: Test, drawn: Mapping[str, float], values: Mapping[str, Measured]) -> bool | None:
    """Whether the proposition holds; None where it turns on how many there are that no source has.

    A count from sources that do not claim to have everything is the least that there were, so that the proposition
    must come out the same for that count and for any higher one.
    """
    tops = {str(call): MEASURES[call.name].range[1] for call in test.when.calls()}
    spans = {k: (drawn[k], drawn[k] if v.complete else tops[k]) for k, v in values.items() if v.status == "measured"}
    return holds_within(test.when, spans)


def _draws(value: Measured, rng: np.random.Generator, wider: float) -> np.ndarray:
    import numpy as np

    if value.status != "measured" or value.low == value.high:
        return np.full(_DRAWS, value.value)
    sd = wider * (value.high - value.low) / (2 * _NORMAL_90)
    return rng.normal(value.value, sd, _DRAWS)


def mixed(likelihood: Mapping[str, float], seen: float) -> dict[str, float]:
    """Likelihood of what was found under each hypothesis, when what was found is itself uncertain."""
    return {hypothesis: seen * p + (1 - seen) * (1 - p) for hypothesis, p in likelihood.items()}


def item_of(weighed: Weighed) -> Item:
    """What was found, as an item to be weighed."""
    return Item(weighed.test.id, mixed(weighed.test.weight.likelihood, weighed.seen), weighed.origins)


def without(weighed: Weighed, origin: str, question: Question) -> Item | None:
    """The item that is left of a test without an origin: as it is, or as it comes out again; None where it falls."""
    if origin not in weighed.origins:
        return item_of(weighed)
    trial = replace(question, without=origin, memory={})
    values = {k: _remeasured(weighed, k, v, trial) for k, v in weighed.values.items()}
    seen = probability_seen(weighed.test, values)
    if math.isnan(seen) or (seen >= 0.5) != (weighed.seen >= 0.5):
        return None
    return replace(item_of(weighed), origins=weighed.origins - {origin})


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
