"""What drafting finds in labelled sentences, and which of it is right."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tripoint.claims.extract import extract
from tripoint.claims.precise import precise
from tripoint.claims.templates import TEMPLATES
from tripoint.errors import InputError

TEXTS = Path(__file__).parent / "texts"


def sentences_of(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((TEXTS / name).read_text("utf-8"))["sentence"]
    return found


def findings(text: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(p.relation, p.states, p.holds) for p in precise(extract(text)).propositions]


def is_right(found: tuple[str, tuple[str, ...], bool], label: dict[str, Any]) -> bool:
    relation, states, holds = found
    if (relation, holds) != (label["relation"], label["holds"]):
        return False
    directed = TEMPLATES[relation].shape == "directed" or relation == "bases"
    return states == tuple(label["states"]) if directed else set(states) == set(label["states"])


def scores(sentences: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Findings, right ones, and labels; a sentence that is refused yields none."""
    found = right = expected = 0
    for sentence in sentences:
        labels = list(sentence["find"])
        expected += len(labels)
        try:
            drafted = findings(sentence["text"])
        except InputError:
            continue
        for one in drafted:
            found += 1
            hit = next((label for label in labels if is_right(one, label)), None)
            if hit is not None:
                labels.remove(hit)
                right += 1
    return found, right, expected
