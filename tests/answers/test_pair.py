from __future__ import annotations

import pytest

import tripoint
from tripoint.answers import registry
from tripoint.answers.pair import _level, told


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return tripoint.open_evidence(tmp_path_factory.mktemp("pair") / "home")


def test_the_order_of_the_names_changes_nothing(evidence):
    one, other = (
        registry.answer(evidence, registry.read("pair", {"a": a, "b": b})) for a, b in (("RUS", "CHN"), ("CHN", "RUS"))
    )
    assert one.to_json() == other.to_json()
    assert one.sentences == other.sentences


def test_the_page_tells_what_is_known_from_what_is_not(evidence):
    made = registry.answer(evidence, registry.read("pair", {"a": "RUS", "b": "CHN"}))
    by_heading = {part.heading: part for part in made.parts}
    states = [row[0] for row in by_heading["What we know and do not know"].table.rows]
    assert states == sorted(states, key=["Found", "Last known", "None found", "Searched in part", "Not searched"].index)
    deepest = by_heading["On paper and in practice"].table.rows[0]
    assert deepest[0] == "Defense clause"
    assert deepest[1].startswith("None found: complete to")
    newest = by_heading["Newest facts"].table
    assert all(link.startswith("fact/") for link in newest.links)
    assert len(newest.rows) == len(newest.links)


def test_a_pair_with_nothing_between_them_still_has_its_page(evidence):
    made = registry.answer(evidence, registry.read("pair", {"a": "ARM", "b": "VEN"}))
    assert made.parts
    assert "What we know and do not know" in [part.heading for part in made.parts]


def test_facts_are_told_in_names():
    row = {"kind": "goods trade", "table": "flows", "what": None, "state_a": "CHN", "state_b": "RUS"}
    assert told(row | {"value": 1e11, "unit": "current USD", "directed": True}).startswith("China to Russia: 1e+11")
    assert _level(4.0, "[1-5] hostility") == " (hostility 4 of 5)"
    assert _level(None, "[1-5] hostility") == ""
