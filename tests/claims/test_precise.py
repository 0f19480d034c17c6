"""Drafting on analyst prose: what is proposed is said, between those named, the way it runs."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tripoint.claims.extract import extract
from tripoint.claims.precise import precise
from tripoint.claims.templates import TEMPLATES

SENTENCES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "texts" / "analyst_prose.toml").read_text("utf-8")
)["sentence"]
#: Shares that the rules must reach on sentences that were labelled before the rules were written.
LEAST_PRECISION, LEAST_RECALL = 0.85, 0.4


def findings(text: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(p.relation, p.states, p.holds) for p in precise(extract(text)).propositions]


def is_right(found: tuple[str, tuple[str, ...], bool], label: dict[str, Any]) -> bool:
    relation, states, holds = found
    if (relation, holds) != (label["relation"], label["holds"]):
        return False
    directed = TEMPLATES[relation].shape == "directed" or relation == "bases"
    return states == tuple(label["states"]) if directed else set(states) == set(label["states"])


def test_precision_and_recall_on_analyst_prose() -> None:
    assert len(SENTENCES) >= 40
    found = right = expected = 0
    for sentence in SENTENCES:
        labels = list(sentence["find"])
        expected += len(labels)
        for one in findings(sentence["text"]):
            found += 1
            hit = next((label for label in labels if is_right(one, label)), None)
            if hit is not None:
                labels.remove(hit)
                right += 1
    assert right / found >= LEAST_PRECISION
    assert right / expected >= LEAST_RECALL


@pytest.mark.parametrize(
    "text",
    [
        "The purchase led the United States to exclude Turkey from the fighter program over Russian missiles.",
        "The United States and its transatlantic allies remain concerned about Russia.",
        "One side insists on the sphere of influence that the Kremlin claims, and the other does not.",
        "If Russia sold arms to India again, the United States would impose sanctions on India.",
        "Moscow hopes to lure Turkey away from the West with cheap gas and new reactors.",
        "It is a mistake to say that Russia and China have an alliance, and it is no use to deny it.",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    assert findings(text) == []


def test_who_gives_comes_first_whoever_is_named_first() -> None:
    assert findings("India buys most of its weapons from Russia, as it has for years.") == [
        ("arms", ("RUS", "IND"), True)
    ]
    assert findings("Russia sells most of its weapons to India, as it has for years.") == [
        ("arms", ("RUS", "IND"), True)
    ]


def test_what_is_left_out_is_told() -> None:
    text = "The potential of the trade of Russia and Mongolia with China and India is large, and it is growing."
    left = precise(extract(text))
    assert left.propositions == ()
    assert any("not surely between whom" in u.reason for u in left.unmapped)
