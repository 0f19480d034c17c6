from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from tripoint.answers.keys import KEYS
from tripoint.answers.registry import QUESTIONS, asked
from tripoint.errors import InputError, UnknownNameError
from tripoint.web.addresses import address_of, path_of, question_at, split_form, subject_of

_VALUES = {
    "state": "IND",
    "states": ("CHN", "RUS"),
    "pairs": (("CHN", "RUS"), ("JPN", "USA")),
    "word": "a b,c=d+e",
    "words": ("defense pact", "visit"),
    "poles": "RUS,CHN,West",
    "year": 2001,
    "time": 2001,
    "range": (0.1, 0.5),
    "file": "russia-china-india",
    "day": "2024-02-29",
    "count": 7,
    "number": 0.25,
    "flag": True,
}
_NAMED = {
    "scenario": "russia-ukraine-2022",
    "argument": "russia-china-india",
    "a": "CHN",
    "b": "RUS",
    "c": "USA",
    "fact": "starter@2026-11#t-x/CHN-RUS/a pact?",
    "poles": "RUS,CHN,West",
    "of": "pairs",
}


#: Asked of a file of one's own, which no page reads.
OWN = {"lasting"}


@pytest.mark.parametrize("subject", sorted(set(QUESTIONS) - OWN))
def test_every_question_comes_back_from_its_address(subject):
    known = asked(subject).question
    for whole in (False, True):
        given = {
            f.name: _NAMED[f.name] if f.name in _NAMED else _VALUES[KEYS[f.name].form]
            for f in fields(known)
            if whole or (f.default is MISSING and f.default_factory is MISSING)
        }
        try:
            question = known.read({k: v for k, v in given.items() if not KEYS[k].choices} if whole else given)
        except InputError:
            continue
        path, _, query = address_of(question).partition("?")
        step, _, place = path.strip("/").partition("/")
        assert subject_of(step) == subject
        again, at = question_at(step, place, query)
        assert again == question
        assert at == ""


def test_two_states_have_one_address():
    question, _ = question_at("pair", "RUS-CHN", "since=2000")
    assert address_of(question) == "/pair/CHN-RUS?since=2000"
    assert path_of(question) == "/pair/CHN-RUS"


@pytest.mark.parametrize(
    ("place", "query", "address"),
    [
        ("RUS-CHN", "", "/brief/CHN-RUS"),
        ("IND", "", "/brief/IND"),
        ("", "", "/brief"),
        ("", "argument=turkey-nato-russia", "/brief?argument=turkey-nato-russia"),
    ],
)
def test_a_brief_has_an_address_on_states_or_on_an_argument(place, query, address):
    question, _ = question_at("brief", place, query)
    assert address_of(question) == address


@pytest.mark.parametrize(
    ("place", "query", "message"),
    [
        ("RUS", "", "write /pair/CHN-RUS"),
        ("RUS-CHN-IND", "", "write /pair/CHN-RUS"),
        ("RUS-CHN", "since=2000&since=2001", "twice"),
        ("RUS-CHN", "a=IND", "stands in the path"),
        ("RUS-CHN", "nonsense=1", "unknown key"),
        ("RUS-CHN", "since=99999", "between 1816"),
        ("RUS-CHN", "at=<script>", "not a hash"),
        ("RUS-CHN", "&".join(f"k{n}=1" for n in range(50)), "50 keys"),
        ("RUS-CHN", "since=" + "1" * 5000, "characters"),
    ],
)
def test_an_address_that_is_none_is_said(place, query, message):
    with pytest.raises(InputError, match=message):
        question_at("pair", place, query)


def test_forms_are_told_from_names():
    assert split_form("/pair/CHN-RUS.csv") == ("/pair/CHN-RUS", "csv")
    assert split_form("/pair/CHN-RUS.exe") == ("/pair/CHN-RUS.exe", "")
    with pytest.raises(UnknownNameError, match="/pair"):
        subject_of("pairr")
