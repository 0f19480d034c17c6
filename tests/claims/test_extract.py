"""Extraction: the texts of the tests, the places of what is found, and articles that are none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.claims.extract import Proposition, extract, score
from tripoint.claims.lexicon import DEMONYMS, RELATIONS, find_mentions
from tripoint.claims.templates import TEMPLATES
from tripoint.errors import InputError

TEXTS = Path(__file__).parent / "texts"
#: Below what was measured (0.97 and 0.89), above what would be of no use.
PRECISION, RECALL = 0.9, 0.85
PARAGRAPHS = tomllib.loads((TEXTS / "paragraphs.toml").read_text("utf-8"))["paragraph"]


def found(text: str) -> tuple[Proposition, ...]:
    return extract(text).propositions


def test_ten_paragraphs() -> None:
    scores = [score(found(p["text"]), p["claims"]) for p in PARAGRAPHS]
    right, made, expected = (sum(getattr(s, k) for s in scores) for k in ("right", "found", "expected"))
    assert len(PARAGRAPHS) == 10
    assert expected == 36
    assert right / made >= PRECISION
    assert right / expected >= RECALL
    assert sum(s.right_polarity for s in scores) == right, "all of the right polarity"


def test_a_paragraph_without_claims_yields_none() -> None:
    (paragraph,) = [p for p in PARAGRAPHS if not p["claims"]]
    assert found(paragraph["text"]) == ()


def test_the_article_that_the_rules_were_written_with() -> None:
    data = tomllib.loads((TEXTS / "short-of-an-alliance.toml").read_text("utf-8"))
    result = score(found(data["text"]), data["claims"])
    assert result.missed == ()
    assert len(result.wrong) <= 1
    assert result.right_polarity == result.right


#: The argument that ships, as a reader of the article finds it: relation, states, polarity.
ARGUMENT: tuple[tuple[str, set[str], bool], ...] = (
    ("self-determination", {"RUS"}, False),
    ("demand", {"RUS"}, True),
    ("belief", {"RUS"}, True),
    ("pressure", {"RUS"}, True),
    ("mutual defense", {"RUS", "CHN"}, False),
    ("joint exercise", {"RUS", "CHN"}, True),
    ("trade", {"RUS", "CHN"}, True),
    ("interest", {"RUS", "CHN"}, True),
    ("integration", {"RUS", "CHN"}, False),
    ("autonomy", {"IND", "RUS", "CHN"}, True),
    ("alignment", {"IND"}, False),
    ("dispute", {"IND", "CHN"}, True),
    ("competition", {"IND", "CHN"}, True),
    ("overture", {"IND", "CHN"}, True),
    ("partnership", {"IND", "AUS", "JPN"}, True),
    ("wedge", {"RUS", "CHN"}, True),
    ("competition", {"RUS", "CHN"}, True),
    ("dual-use goods", {"RUS", "CHN"}, True),
)


def test_the_article_whose_argument_ships(mirror: Path) -> None:
    path = mirror.parent / "texts" / "russia-wants-what-it-cannot-have.txt"
    if not path.is_file():
        pytest.skip("the article is not beside the reference data")
    text = path.read_text("utf-8")
    result = extract(text)
    made = {(p.relation, p.holds, frozenset(p.states)) for p in result.propositions}
    hits = [a for a in ARGUMENT if any(a[0] == r and a[2] == h and a[1] <= s for r, h, s in made)]
    assert hits == list(ARGUMENT)
    assert all(text[p.start : p.end].split() == p.words.split() for p in result.propositions)
    assert result.article.references.keys() == {"1", "2", "3", "4", "5"}
    assert any("Akismet" in line for line in result.article.passed_over)


def test_every_finding_has_its_place_and_cause() -> None:
    text = (
        "An intro line\n\nIndia buys arms from Russia [1]. It may also trade with China.\n\n[1] https://example.org/a"
    )
    for one in found(text):
        assert text[one.start : one.end] == one.words
        assert one.trigger in one.words
        assert RELATIONS[one.relation].words.search(one.trigger)
    first, second = found(text)
    assert (first.relation, first.states, first.sources) == ("arms", ("IND", "RUS"), ("[1] https://example.org/a",))
    assert (second.relation, second.hedge, set(second.states), second.carried) == (
        "trade",
        "may",
        {"CHN", "IND"},
        ("IND",),
    )


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Russia and China are allies.", True),
        ("Russia and China are not allies.", False),
        ("Neither Russia nor China is bound by an alliance of the two.", False),
        ("Russia and China have no alliance, and trade between them has grown.", False),
        ("The alliance of Russia and China has not weakened.", True),
        ("The alliance of Russia and China has collapsed.", False),
        ("Russia and China want an alliance rather than a war of words.", True),
        ("Russia and China seek trade rather than an alliance.", False),
        ("Russia refuses to enter an alliance with China.", False),
    ],
)
def test_denial(text: str, holds: bool) -> None:
    (one,) = [p for p in found(text) if p.relation == "mutual defense"]
    assert one.holds is holds


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Moscow and Beijing", ["RUS", "CHN"]),
        ("the Kremlin, new Delhi and the White House", ["RUS", "IND", "USA"]),
        ("North Korean and South Korean troops", ["PRK", "KOR"]),
        ("U.S. and UK officials told us", ["USA", "GBR"]),
        ("the South China Sea and the Indian Ocean", []),
        ("russian salad and china plates", []),
        ("Russia's and China’s", ["RUS", "CHN"]),
        ("Central Asia", ["KAZ", "KGZ", "TJK", "TKM", "UZB"]),
        ("anti-Western", ["USA"]),
        ("Türkiye and Czechia", ["TUR", "CZE"]),
        ("the Minsk agreements and the Warsaw Pact", []),
    ],
)
def test_states_by_name_people_and_capital(text: str, ids: list[str]) -> None:
    assert [i for m in find_mentions(text) for i in m.ids] == ids


def test_every_people_belongs_to_a_state() -> None:
    from tripoint import states

    assert {states.find(i, system="id").id for i in DEMONYMS} == set(DEMONYMS)


def test_every_relation_has_a_template() -> None:
    assert set(TEMPLATES) == set(RELATIONS)


def test_what_could_not_be_mapped_is_said() -> None:
    result = extract("Tensions are growing in the region. India grew by six percent. Nothing else happened there.")
    assert [u.reason for u in result.unmapped] == [
        "'Tensions' (dispute) with no state named",
        "names no relation that is known",
        "names no state",
    ]


def test_the_first_person_is_nobody_that_the_text_names() -> None:
    result = extract("Russia and China trade. We believe that we will win the war. They are allies.")
    assert [p.relation for p in result.propositions] == ["trade", "mutual defense"]
    assert result.unmapped[0].reason == "'believe' (belief) with no state named"


def test_abbreviations_do_not_end_sentences() -> None:
    text = 'The U.S. and China trade, said Gen. Smith of the U.S. Army. "They compete." Mr. Li agreed.'
    sentences = extract(text).article.sentences
    assert [s.text for s in sentences] == [
        "The U.S. and China trade, said Gen. Smith of the U.S. Army.",
        '"They compete."',
        "Mr. Li agreed.",
    ]


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "is empty"),
        (" \n\t ", "is empty"),
        ("Russia and China trade. " * 10_000, "at most 200,000"),
        ("Россия и Китай проводят совместные учения и торгуют.", "does not read as English"),
        ("Russland und China halten gemeinsame Manöver ab, und der Handel wächst weiter.", "does not read as English"),
        ("La Russie et la Chine mènent des exercices communs et leur commerce augmente.", "does not read as English"),
    ],
)
def test_articles_that_are_none(text: str, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        extract(text, name="a.txt")


def test_what_has_no_end_is_passed_over() -> None:
    result = extract("Russia and China trade. " + "Russia and China trade, " * 5_000 + "and that is all.")
    assert len(result.propositions) == 1
    assert "characters without an end" in result.article.passed_over[0]


words = st.sampled_from(
    ["Russia", "China", "India", "trade", "alliance", "not", "and,", "the", "of", "may", "they.", "It", "[1]", "\n\n"]
)


@given(st.lists(words, max_size=60).map(" ".join))
def test_any_prose_is_read_with_right_places(text: str) -> None:
    english = "The end of it is that the two of them are in it."
    result = extract(f"{text}\n\n{english}" if english else text)
    assert all(result.article.text[s.start : s.end] == s.text for s in result.article.sentences)
    for one in result.propositions:
        assert len(one.states) >= RELATIONS[one.relation].states


def test_scores_match_each_proposition_once() -> None:
    one: dict[str, Any] = {"relation": ["trade"], "states": ["RUS", "CHN"], "holds": True}
    made = found("Trade between Russia and China is large.")
    assert score(made, [one, one]).right == 1
    assert score(made, [{**one, "states": ["RUS"]}]).right == 0
    assert score(made, [{**one, "states": ["RUS"], "also": ["CHN"]}]).right == 1
    assert (score([], [one]).precision, score([], [one]).recall) == (1.0, 0.0)
