"""What every answer says of itself, whatever was asked."""

from __future__ import annotations

from datetime import date

import pytest

import tripoint
from made_up import make_store
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


def test_an_answer_of_measures_says_which_source_spoke_and_why(tmp_path) -> None:
    from tripoint.answers.making import speaking
    from tripoint.sources.assemble import cover

    days = {"start": date(2024, 1, 1), "end": date(2024, 12, 31), "precision": "year"}
    row = {"kind": "gdp", "unit": "current USD million", "state": "USA", "value": 1.0, **days}
    visit = {"kind": "visit", "state_a": "USA", "state_b": "CHN", "directed": True, **days}
    lines = [cover("gdp", 2000, 2025, partners="")]
    evidence = make_store(
        tmp_path,
        starter=({"attributes": [row]}, lines),
        wb_gdp=({"attributes": [row]}, lines),
        toy=({"attributes": [row], "events": [visit]}, [*lines, cover("visit", 2000, 2025)]),
    )
    first, by_hand, new = ("wb-gdp@1.0#attributes 0", "starter@1.0#attributes 0", "toy@1.0#attributes 0")
    (said,) = [line.text for line in speaking(evidence, [first]).lines]
    assert said == "gdp: wb-gdp (current US dollars, all states, to the latest full year); after it: starter, toy"
    (said,) = [line.text for line in speaking(evidence, [by_hand]).lines]
    assert said == (
        "gdp: starter (single figures that ship with the package); before it, but with nothing or less that counts "
        "here: wb-gdp; after it: toy"
    )
    (said,) = [line.text for line in speaking(evidence, [new]).lines]
    assert "does not know" in said
    assert speaking(evidence, [first, by_hand]).lines == (), "several sources spoke"
    assert speaking(evidence, ["toy@1.0#events 0"]).lines == (), "no other has the kind"
