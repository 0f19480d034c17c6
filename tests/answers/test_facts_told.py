"""When a fact was, in words: a tie without an end says when it was last seen, and is never silently in force."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tripoint.answers.facts_told import fact_text, when

DAY = date(2026, 6, 30)


def tie(**more: Any) -> dict[str, Any]:
    row = {"state_a": "RUS", "state_b": "CHN", "directed": False, "value": None, "table": "commitments"}
    row |= {"kind": "rivalry", "unit": None, "what": None, "start": date(1950, 1, 1), "end": None, "precision": "year"}
    return row | {"seen": date(2020, 12, 31), "holds_to": date(2025, 12, 31)} | more


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (tie(), "1950 .. not known since 2020-12, no end on record"),
        (tie(holds_to=date(2026, 6, 30)), "1950 .. in force, last seen 2020-12"),
        (tie(holds_to=date(2026, 6, 29)), "1950 .. not known since 2020-12, no end on record"),
        (tie(seen=date(2027, 1, 1), holds_to=date(2030, 1, 1)), "1950 .. in force, last seen 2026-06"),
        (tie(end=date(1960, 12, 31)), "1950 .. 1960"),
        (tie(seen=None, holds_to=None), "1950"),
    ],
)
def test_a_tie_says_when_it_was_last_seen(row: dict[str, Any], text: str) -> None:
    assert when(row, DAY) == text


def test_a_fact_says_who_to_whom_and_how_much() -> None:
    trade = tie(
        table="flows", kind="goods trade", value=1234.5, unit="USD million", directed=True, end=date(1950, 12, 31)
    )
    assert fact_text(trade, DAY) == "1950  RUS>CHN 1,234.5 USD million"
    assert fact_text(tie(what="over an island"), DAY).endswith("RUS-CHN over an island")
