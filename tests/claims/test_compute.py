"""How measures of claims count: two events of one day are two, editions of one are one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tripoint.claims import compute
from tripoint.claims.measured import Question
from tripoint.sources.assemble import cover


def event(title: str, day: str = "2020-05-01", **more: Any) -> dict[str, Any]:
    when = date.fromisoformat(day)
    row = {"state_a": "RUS", "state_b": "CHN", "kind": "visit", "directed": False, "start": when, "end": when}
    return {**row, "title": title, **more}


def counted(store: Any, **sources: list[dict[str, Any]]) -> float:
    lines = [cover("visit", 2000, 2025, silence="none")]
    evidence = store(**{name: ({"events": rows}, lines) for name, rows in sources.items()})
    return compute.count(Question(evidence, date(2025, 1, 1)), "visit", "RUS", "CHN", 2020, 2020).value


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([event("summit"), event("talks of ministers")], 2.0),
        ([event("summit"), event("summit")], 1.0),
        ([event("summit"), event("summit", "2020-05-02")], 2.0),
        ([event("visits", count=7), event("visits", count=4)], 7.0),
    ],
)
def test_events_are_told_apart_by_day_and_title(store: Any, rows: list[dict[str, Any]], number: float) -> None:
    assert counted(store, one=rows) == number


def test_the_fullest_source_counts_and_the_table_of_choice_settles_ties(store: Any) -> None:
    two, one = [event("a"), event("b")], [event("c")]
    assert counted(store, aaa=one, bbb=two) == 2.0
    lines = [cover("visit", 2000, 2025, silence="none")]
    evidence = store(starter=({"events": two}, lines), zzz=({"events": two}, lines))
    found = compute.count(Question(evidence, date(2025, 1, 1)), "visit", "RUS", "CHN", 2020, 2020)
    assert {f.split("@")[0] for f in found.fact_ids} == {"starter"}
