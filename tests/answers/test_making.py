"""What every answer says of itself, whatever was asked."""

from __future__ import annotations

import pytest

import tripoint
from tripoint.answers.answer import Answer


def ended(answer: Answer) -> list[str]:
    return [remark for remark in answer.remarks if "continues it" in remark]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: tripoint.on_record("USSR", "CHN"),
        lambda: tripoint.depth("Soviet Union", "CHN"),
        lambda: tripoint.autonomy("USSR", poles="CHN,USA", year=2020),
        lambda: tripoint.pair("USSR", "CHN"),
    ],
)
def test_a_name_whose_time_is_over_is_said_to_be_one(ask) -> None:
    said = ended(ask())
    assert said == [
        "Soviet Union ended on 1991-12-25; Russia continues it, and what is said of later years is about that state."
    ]


def test_nothing_is_said_of_a_state_that_is_there_or_of_a_year_in_which_it_was() -> None:
    assert not ended(tripoint.on_record("RUS", "CHN"))
    assert not ended(tripoint.autonomy("USSR", poles="CHN,USA", year=1985))
