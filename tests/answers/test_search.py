"""A question in words leads to the pair, the states and the claims that it is about."""

from __future__ import annotations

import pytest

from tripoint.answers.search import SearchAsked, _inside, answer
from tripoint.evidence.query import Evidence


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    from tripoint.pipeline import open_evidence

    return open_evidence(tmp_path_factory.mktemp("search") / "home")


def test_a_question_finds_the_pair_and_the_claims_on_it(shipped):
    found = answer(shipped, SearchAsked("is China Russia's ally?")).rows
    assert found.filter(sort="pair")["id"].to_list() == ["CHN-RUS"]
    assert {"CHN", "RUS"} <= set(found.filter(sort="state")["id"])
    assert "no-mutual-defense" in found.filter(sort="claim")["id"].to_list()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Will the United States and South Korea stay together?", ("USA", "KOR")),
        ("is it and can they are", ()),
        ("IRN or ISR", ("IRN", "ISR")),
        ("nothing of the kind", ()),
        ("India–Russia", ("IND", "RUS")),
    ],
)
def test_names_are_found_in_a_sentence_and_small_words_are_no_codes(text, ids):
    assert _inside(text) == ids


def test_a_name_is_still_found_as_before(shipped):
    found = answer(shipped, SearchAsked("russia china")).rows
    assert found.filter(sort="pair")["id"].to_list() == ["CHN-RUS"]
    assert answer(shipped, SearchAsked("burma")).rows.filter(sort="state")["id"].to_list()[0] == "MMR"
