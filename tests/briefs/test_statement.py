"""Nothing in a sentence comes from nowhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tripoint.briefs.statement import Statement, UnsupportedError, check_statement, numbers_in, states_in

TRADE: dict[str, dict[str, Any]] = {
    "s@1#t": {
        "state_a": "CHN",
        "state_b": "RUS",
        "value": 124300.0,
        "start": date(2024, 1, 1),
        "end": date(2024, 12, 31),
    }
}


@pytest.mark.parametrize(
    "text",
    [
        "China sold goods worth 124,300 million to Russia in 2024.",
        "China sold goods worth 124,300.0 million to Russia between 2024-01-01 and 2024-12-31.",
        "One fact is cited.",
    ],
)
def test_what_the_fact_says_may_be_said(text: str) -> None:
    check_statement(Statement(text, ("s@1#t",)), TRADE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("China sold goods worth 124,000 million to Russia.", "gives 124,000"),
        ("China sold goods to Russia in 2023.", "gives 2023"),
        ("China sold goods to Russia on 2024-06-30.", "the date 2024-06-30"),
        ("China sold goods to India.", "names India"),
        ("China sold goods to Russia seven times.", "gives 7"),
        ("IND bought nothing.", "names India"),
    ],
)
def test_what_the_fact_does_not_say_stops_the_build(text: str, message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        check_statement(Statement(text, ("s@1#t",)), TRADE)


def test_a_fact_that_is_not_there_stops_the_build() -> None:
    with pytest.raises(UnsupportedError, match="not in the evidence"):
        check_statement(Statement("Nothing.", ("s@1#gone",)), TRADE)


def test_model_results_and_fixed_wording_support_too() -> None:
    statement = Statement("India is at 0.82 (82 %), above 0.75.", (), (0.8234, 82.0), ("IND",), "above 0.75")
    check_statement(statement, {})
    with pytest.raises(UnsupportedError, match=r"gives 0\.75"):
        check_statement(Statement("India is above 0.75.", (), (0.8234,), ("IND",)), {})


def test_a_predecessor_supports_its_continuation() -> None:
    check_statement(Statement("Russia was a party.", ("s@1#u",)), {"s@1#u": {"state_a": "SUN", "state_b": "CHN"}})


def test_numbers_and_states_are_found() -> None:
    assert numbers_in("A/B 1,234.5 and −3, twelve") == ("1,234.5", "-3", "12")
    assert states_in("India, not Indiana; Niger, not Nigeria; RUS") == ("IND", "NER", "NGA", "RUS")
