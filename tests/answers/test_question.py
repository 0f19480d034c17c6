from dataclasses import dataclass

import pytest

from tripoint.answers.question import Question
from tripoint.errors import InputError, UnknownNameError


@dataclass(frozen=True, slots=True)
class Asked(Question):
    subject = "asked"
    a: str
    b: str
    since: int = 1990
    until: int | None = None
    every: bool = False


def test_a_question_reads_texts_and_writes_what_differs():
    asked = Asked.read({"a": "Russia", "b": "China", "since": "2000", "until": None, "every": "yes"})
    assert asked == Asked("RUS", "CHN", 2000, None, True)
    assert asked.written() == {"a": "RUS", "b": "CHN", "since": "2000", "every": "yes"}
    assert Asked.read(asked.written()) == asked
    assert asked.address == "asked?a=RUS&b=CHN&since=2000&every=yes"


def test_an_unknown_key_and_a_missing_one_are_said():
    with pytest.raises(UnknownNameError, match="since"):
        Asked.read({"a": "RUS", "b": "CHN", "sinc": 2000})
    with pytest.raises(InputError, match="needs b: Second state"):
        Asked.read({"a": "RUS"})
