"""How far the judgements of the shipped arguments hang on the prior and on the strength of the ratios.

Run: ``python benchmarks/claims_sensitivity.py`` (on the evidence in ``TRIPOINT_HOME``). For each explanation it prints
the range as it is, with a prior of 10-90 % and of 35-65 %, and with the logarithms of the ratios halved and doubled;
and then the share of judgement words and of verdicts that stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tripoint.claims.files import read_claims
from tripoint.claims.library import library
from tripoint.claims.measured import Question
from tripoint.claims.model import CLAIM, Claim, Weight
from tripoint.claims.weigh import weigh_claim
from tripoint.pipeline import open_evidence


def stretched(weight: Weight, power: float) -> Weight:
    """A weight with the logarithm of its ratio, and of its range, times a power; shares stay below one."""
    if not weight.likelihood:
        return weight
    raised = {h: p**power for h, p in weight.likelihood.items()}
    top = max(raised.values())
    most = max(weight.likelihood.values())
    likelihood: Mapping[str, float] = {h: min(0.99, max(p / top * most, 1e-4)) for h, p in raised.items()}
    ratio = likelihood[CLAIM] * (len(likelihood) - 1) / sum(p for h, p in likelihood.items() if h != CLAIM)
    low, high = (ratio * end / weight.ratio for end in (weight.low, weight.high))
    return replace(weight, likelihood=likelihood, low=low, high=high)


def variants(claim: Claim) -> dict[str, Claim]:
    """The claim as it is, and changed one way at a time."""

    def with_power(power: float) -> Claim:
        return replace(claim, tests=tuple(replace(t, weight=stretched(t.weight, power)) for t in claim.tests))

    return {
        "as it is": claim,
        "prior .1-.9": replace(claim, prior=(0.1, 0.9)),
        "prior .35-.65": replace(claim, prior=(0.35, 0.65)),
        "ratios halved": with_power(0.5),
        "ratios doubled": with_power(2.0),
    }


def main() -> None:
    """Print the table."""
    evidence = open_evidence()
    kept: dict[str, list[tuple[bool, bool]]] = {}
    for path in library():
        file = read_claims(path)
        for claim in (c for c in file.claims if c.kind == "explanation"):
            found = {
                name: weigh_claim(one, Question(evidence, file.published or date.today()))
                for name, one in variants(claim).items()
            }
            base = found["as it is"]
            if base.likelihood is None:
                continue
            spans = {name: j.likelihood or (0.0, 1.0) for name, j in found.items()}
            cells = [f"{name} {low:.2f}-{high:.2f} {found[name].verdict}" for name, (low, high) in spans.items()]
            print(f"{claim.id}: {'; '.join(cells)}")
            for name, judgement in found.items():
                kept.setdefault(name, []).append((judgement.words == base.words, judgement.verdict == base.verdict))
    for name, same in kept.items():
        words, verdicts = (sum(s[i] for s in same) / len(same) for i in (0, 1))
        print(f"{name}: words stay in {words:.0%}, verdicts in {verdicts:.0%} of {len(same)}")


if __name__ == "__main__":
    main()
