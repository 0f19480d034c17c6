"""A brief as an answer: the same document, sentence by sentence, with the sources that it numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tripoint.answers import registry
from tripoint.briefs.asked import BriefAsked, build, given
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        (["India"], {"states": ("IND",)}),
        (["Russia", "CHN"], {"states": ("RUS", "CHN")}),
        (["IND", "RUS", "CHN"], {"states": ("IND", "RUS", "CHN")}),
        (["turkey-nato-russia"], {"argument": "turkey-nato-russia"}),
        (["mine.toml"], {"argument": Path("mine.toml")}),
        ([], {}),
    ],
)
def test_words_name_an_argument_or_states(what: list[str], keys: dict[str, object]) -> None:
    assert given(what) == keys


def test_words_that_name_nothing_one_brief_is_on_are_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown state 'Narnia'.*the arguments that ship are"):
        given(["Narnia"])
    with pytest.raises(InputError, match="'RUS' and 'Russia' are the same state"):
        given(["RUS", "Russia"])
    with pytest.raises(InputError, match="4 words; give one argument, or one, two or three states"):
        given(["RUS", "CHN", "IND", "USA"])
    with pytest.raises(InputError, match="on states or on an argument"):
        BriefAsked.read({"states": "RUS", "argument": "turkey-nato-russia"})
    with pytest.raises(InputError, match="one, two or three states, not on 4"):
        BriefAsked.read({"states": "RUS,CHN,IND,USA"})


def test_states_in_any_order_are_one_question() -> None:
    one, other = (BriefAsked.read({"states": named}) for named in ("IND,RUS,CHN", "CHN,IND,RUS"))
    assert one == other
    assert one.address == other.address


@pytest.mark.parametrize("asked", [{"states": "RUS,CHN"}, {"states": "IND"}, {"argument": "turkey-nato-russia"}])
def test_the_answer_says_what_the_document_says_with_its_sources(evidence: Evidence, asked: dict[str, str]) -> None:
    question = BriefAsked.read({**asked, "as_of": date(2026, 6, 30)})
    brief, found = build(evidence, question), registry.answer(evidence, question)
    assert found.headline.startswith(brief.answer[0].rstrip("."))
    assert [(s.number, s.id) for s in found.sources] == [(s.number, s.id) for s in brief.sources]
    said = {line.text: line.marks for part in found.parts for line in part.lines}
    for section in brief.sections:
        for line in (*section.lines, *(x for c in section.columns for x in c.lines)):
            assert said[line.text] == line.notes
    assert set(found.frame()["sentence"]) == set(said)
    figures = [f for f in (brief.lead, *(s.figure for s in brief.sections)) if f is not None]
    assert [f.title for f in found.figures] == [f.title for f in figures]
