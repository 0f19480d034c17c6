"""Drafts: what comes out is a claim file that can be checked and weighed as it stands."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.claims.draft import Draft, draft_claims, find_date
from tripoint.claims.extract import extract
from tripoint.claims.files import parse_claims
from tripoint.claims.language import parse
from tripoint.claims.lexicon import RELATIONS
from tripoint.claims.measures import check_call
from tripoint.claims.templates import TEMPLATES

TEXTS = Path(__file__).parent / "texts"
DAY = date(2025, 12, 7)


def draft(text: str) -> Draft:
    return draft_claims(extract(text), name="a.txt", published=DAY)


def test_the_article_becomes_a_claim_file_that_reads() -> None:
    text = tomllib.loads((TEXTS / "short-of-an-alliance.toml").read_text("utf-8"))["text"]
    made = draft(text)
    file = parse_claims(made.toml, name="draft")
    assert len(file.claims) == made.claims >= 20
    assert sum(bool(c.tests) for c in file.claims) == made.testable >= 12
    assert file.published == DAY
    assert all(c.tests or c.needs for c in file.claims)
    assert all(c.words.split() == c.words.split(" ") for c in file.claims)


def test_the_place_the_hedge_and_the_source_are_in_the_comments() -> None:
    text = "Russia and China may hold joint exercises [2].\n\n[2] https://example.org/b"
    made = draft(text)
    assert '# a.txt, sentence 1, characters 0-46: joint exercise, by "joint exercises"' in made.toml
    assert "#   hedged by: may" in made.toml
    assert "#   cites: [2] https://example.org/b" in made.toml
    assert "# Passed over, not a sentence: [2] https://example.org/b" in made.toml


def test_denial_turns_the_proposition() -> None:
    (yes,) = parse_claims(draft("Russia and China have an alliance for the years to come.").toml).claims
    (no,) = parse_claims(draft("Russia and China have no alliance for the years to come.").toml).claims
    assert yes.kind == no.kind == "record"
    assert no.tests[0].when.text == f"not ({yes.tests[0].when.text})"
    assert no.text == "Russia and China have no mutual defense obligation."


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("India buys arms from Russia and from France.", 'flow("arms deliveries", RUS, IND, 2024) > 0'),
        ("Russia sells arms to India for the army.", 'flow("arms deliveries", RUS, IND, 2024) > 0'),
        (
            "China has helped. China and Russia trade. Support for Russian drone production is part of it.",
            'flow("dual-use goods", CHN, RUS, 2024) > 0',
        ),
        ("India is a member of the Quad and of BRICS.", 'member(IND, "QUAD") == 1'),
        ("Russia and China compete in Central Asia for the markets.", 'ties("rivalry", RUS, CHN) >= 1'),
    ],
)
def test_who_gives_and_who_takes(text: str, when: str) -> None:
    tests = [t.when.text for c in parse_claims(draft(text).toml).claims for t in c.tests]
    assert when in tests


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_every_template_parses(relation: str) -> None:
    template = TEMPLATES[relation]
    years = {f"Y{n}": str(2025 - n) for n in range(1, 11)}
    for _, see, when in template.tests:
        assert see.format(a="Russia", b="China")
        for call in parse(when.format(A="RUS", B="CHN", Y="2025", **years)).calls():
            check_call(call)
    assert template.tests or template.needs or relation == "membership"
    assert template.yes != template.no


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Sunday, December 7, 2025\n\nText.", date(2025, 12, 7)),
        ("Title\n7 December 2025\n", date(2025, 12, 7)),
        ("February 30, 2025\n", None),
        ("No date here.\n", None),
        ("\n" * 30 + "Title\n" * 12 + "December 7, 2025", None),
    ],
)
def test_a_date_in_the_first_lines(text: str, day: date | None) -> None:
    assert find_date(text) == day


def test_nothing_found_is_no_claim() -> None:
    made = draft("The committee met in the hall, and it was long.")
    assert made.claims == 0
    assert "[[claim]]" not in made.toml


odd = st.text(st.sampled_from("\"\\'\x00\x07\x7f\u2028{}#=[]a é\t"), max_size=20)


@given(odd)
def test_any_characters_end_in_valid_toml(text: str) -> None:
    article = f"The trade of Russia and China {text} is large, and it is in the books."
    made = draft_claims(extract(article, name=text), name=text or "x", title=text, author=text, link=text)
    tomllib.loads(made.toml)
    if made.claims:
        parse_claims(made.toml)
