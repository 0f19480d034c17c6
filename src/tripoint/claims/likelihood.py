"""From likelihood ratios to words.

A hypothesis is weighed against its rivals by what each would have made us see. Items that rest on one origin
and point the same way count once: of those only the one that moves the odds most is used. An origin that speaks both
ways is heard both ways, so that its stronger finding does not drown the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tripoint.errors import InputError

#: Words for likelihood and the ranges they stand for, after ICD 203 (2015), annex on analytic standards.
WORDS: tuple[tuple[str, float, float], ...] = (
    ("almost no chance", 0.01, 0.05),
    ("very unlikely", 0.05, 0.20),
    ("unlikely", 0.20, 0.45),
    ("roughly even chance", 0.45, 0.55),
    ("likely", 0.55, 0.80),
    ("very likely", 0.80, 0.95),
    ("almost certain", 0.95, 0.99),
)
LEAST, MOST = WORDS[0][1], WORDS[-1][2]


@dataclass(frozen=True, slots=True)
class Item:
    """One observation: how probable it was under each hypothesis [0-1], and the origins it rests on."""

    id: str
    under: Mapping[str, float]
    origins: frozenset[str] = frozenset()


def word(probability: float) -> str:
    """The word for a probability [0-1]; nothing is certain, so values are held within 0.01 and 0.99.

    Raises
    ------
    InputError
        When the value is not a probability.
    """
    if not 0.0 <= probability <= 1.0:
        raise InputError(f"{probability} is not a probability; give a number from 0 to 1")
    held = min(max(probability, LEAST), MOST)
    for name, _, high in WORDS:
        if held < high:
            return name
    return WORDS[-1][0]


def range_word(low: float, high: float) -> str:
    """The words of a whole range [0-1]: ``likely to very likely``; one word where both ends have the same."""
    first, last = word(low), word(high)
    if first == last or "roughly even chance" not in (first, last):
        return first if first == last else f"{first} to {last}"
    return " to ".join("roughly even" if w == "roughly even chance" else w for w in (first, last))


def percent(probability: float) -> str:
    """``91 %``, ``?`` where it is not known; the space does not break, and nothing is said to be certain."""
    if math.isnan(probability):
        return "?"
    return f"{100 * min(max(probability, LEAST), MOST):.0f}\u00a0%"


def posterior(prior: Mapping[str, float], items: Sequence[Item]) -> dict[str, float]:
    """Probability of each hypothesis after the items; items of one origin that point the same way count once.

    Parameters
    ----------
    prior
        Probability by hypothesis; they are scaled to sum to one.
    items
        Observations. Items that share an origin form a group. Of those in it that make the same hypothesis most
        probable, the one whose likelihoods differ most speaks.

    Returns
    -------
    dict
        Probability by hypothesis, summing to one.

    Raises
    ------
    InputError
        When a likelihood is missing for a hypothesis or is not within (0, 1).
    """
    total = sum(prior.values())
    if not prior or total <= 0 or min(prior.values()) < 0:
        raise InputError(f"priors {dict(prior)} are not probabilities; give positive numbers")
    logs = {h: math.log(p / total) if p > 0 else -math.inf for h, p in prior.items()}
    for item in speaking(items, prior):
        for hypothesis in logs:
            logs[hypothesis] += math.log(_likelihood(item, hypothesis))
    top = max(logs.values())
    weights = {h: math.exp(v - top) for h, v in logs.items()}
    scale = sum(weights.values())
    return {h: w / scale for h, w in weights.items()}


def speaking(items: Sequence[Item], hypotheses: Mapping[str, float]) -> list[Item]:
    """Items that count: of each origin group, and of those in it that point the same way, the strongest."""
    out = []
    for group in origin_groups(items):
        by_lead: dict[str, list[Item]] = {}
        for item in group:
            by_lead.setdefault(max(hypotheses, key=lambda h: _likelihood(item, h)), []).append(item)
        out += [strongest(mine, hypotheses) for mine in by_lead.values()]
    return out


def origin_groups(items: Sequence[Item]) -> list[list[Item]]:
    """Items joined by shared origins, directly or through others; items without an origin stand alone."""
    groups: list[tuple[set[str], list[Item]]] = []
    for item in items:
        joined = [g for g in groups if g[0] & item.origins]
        rest = [g for g in groups if not g[0] & item.origins]
        origins = set(item.origins).union(*(g[0] for g in joined))
        groups = [*rest, (origins, [*(i for g in joined for i in g[1]), item])]
    order = {item.id: n for n, item in enumerate(items)}
    return sorted((g[1] for g in groups), key=lambda group: min(order[i.id] for i in group))


def strongest(group: Sequence[Item], hypotheses: Mapping[str, float]) -> Item:
    """The item of a group that tells the hypotheses apart best; the first on a tie."""
    return max(group, key=lambda item: diagnosticity(item, hypotheses))


def diagnosticity(item: Item, hypotheses: Mapping[str, float]) -> float:
    """Spread of the log likelihoods: 0 when the item is as probable under every hypothesis."""
    logs = [math.log(_likelihood(item, h)) for h in hypotheses]
    return max(logs) - min(logs)


def consistency_diagnosticity(ratings: Sequence[float]) -> float:
    """Standard deviation (population) of ratings across hypotheses, as analysts of competing hypotheses use it."""
    mean = sum(ratings) / len(ratings)
    return math.sqrt(sum((r - mean) ** 2 for r in ratings) / len(ratings))


def _likelihood(item: Item, hypothesis: str) -> float:
    if hypothesis not in item.under:
        raise InputError(f"item '{item.id}' gives no likelihood under '{hypothesis}'")
    value = item.under[hypothesis]
    if not 0.0 < value < 1.0:
        raise InputError(f"item '{item.id}': likelihood {value} under '{hypothesis}' must lie between 0 and 1")
    return value
