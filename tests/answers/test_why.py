from __future__ import annotations

import pytest

import tripoint
from tripoint.answers import registry
from tripoint.errors import TripointError, UnknownNameError


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return tripoint.open_evidence(tmp_path_factory.mktemp("why") / "home")


def ask(evidence, **given):
    return registry.answer(evidence, registry.read("why", given))


def test_the_states_of_knowledge_are_told_apart(evidence):
    assert ask(evidence, a="RUS", b="CHN", kind="nonaggression pact").result["status"] == "found"
    none = ask(evidence, a="RUS", b="CHN", kind="defense pact")
    assert none.result["status"] == "none found"
    assert "complete to" in none.headline
    assert ask(evidence, a="ARM", b="VEN", kind="swap line").result["status"] in ("searched in part", "not searched")
    never = ask(evidence, a="RUS", b="CHN", kind="cyber incident")
    assert never.result["status"] == "not searched"
    some = ask(evidence, a="ARM", b="VEN", kind="dispute")
    assert any("tripoint load" in line for line in some.sentences)


def test_names_may_stand_in_any_order(evidence):
    one, other = (ask(evidence, a=a, b=b, kind="visit").to_json() for a, b in (("RUS", "CHN"), ("CHN", "RUS")))
    assert one == other


def test_a_kind_that_is_none_gets_a_suggestion(evidence):
    with pytest.raises(UnknownNameError, match="defense pact"):
        ask(evidence, a="RUS", b="CHN", kind="defence pact")


def test_facts_are_cited_once_by_source(evidence):
    fact = "starter@2026-11#t-rus-chn-2001/CHN-RUS/"
    ids = (f"{fact}consultation pact", f"{fact}nonaggression pact")
    made = registry.answer(evidence, registry.read("citations", {"cited": ids}))
    assert made.rows.height == 1
    assert made.headline == "2 facts from 1 source."
    with pytest.raises(TripointError):
        registry.answer(evidence, registry.read("citations", {"cited": ("starter@2026-11#none",)}))
