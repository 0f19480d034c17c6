"""Coded news of two states: which source gives a year, and when a share stands for it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from made_up import make_store
from tripoint.dyad.hostile_news import FEWEST_DAYS, FEWEST_EVENTS, HostileNews, build_hostile_news
from tripoint.sources.assemble import cover

YEAR = 2020
HOSTILE, KIND = "material conflict news", "verbal cooperation news"


def news(kind: str, count: int, a: str = "CHN", b: str = "IND", year: int = YEAR) -> dict[str, Any]:
    days = {"start": date(year, 3, 1), "end": date(year, 3, 31)}
    return {"state_a": a, "state_b": b, "kind": kind, "directed": True, **days, "count": count}


def days(count: int, first: date = date(YEAR, 1, 1)) -> list[dict[str, object]]:
    return [cover(HOSTILE, first, first + timedelta(days=count - 1), silence="unproven")]


def of(home: Path, **sources: Any) -> HostileNews:
    return build_hostile_news(make_store(home, **sources), [["CHN"], ["IND"]], np.arange(YEAR, YEAR + 2))


def test_a_share_is_of_all_news_either_way(tmp_path: Path) -> None:
    rows = [news(HOSTILE, 5), news("verbal conflict news", 5, "IND", "CHN"), news(KIND, 30), news(HOSTILE, 99, b="USA")]
    found = of(tmp_path, gdelt=({"events": rows}, days(366)))
    assert found.share.tolist() == pytest.approx([0.25, np.nan], nan_ok=True)
    assert (found.events.tolist(), found.days.tolist(), found.sources) == ([40, 0], [366, 0], ("gdelt",))


@pytest.mark.parametrize(
    ("loaded", "events", "known"),
    [
        (FEWEST_DAYS, FEWEST_EVENTS, True),
        (FEWEST_DAYS - 1, FEWEST_EVENTS, False),
        (FEWEST_DAYS, FEWEST_EVENTS - 1, False),
    ],
)
def test_a_share_needs_days_and_events(tmp_path: Path, loaded: int, events: int, known: bool) -> None:
    found = of(tmp_path, gdelt=({"events": [news(KIND, events)]}, days(loaded)))
    assert np.isfinite(found.share[0]) == known
    assert (found.days[0], found.events[0]) == (loaded, events)


def test_the_source_with_most_days_gives_the_year_and_the_table_settles_ties(tmp_path: Path) -> None:
    more = of(
        tmp_path / "a",
        aaa=({"events": [news(KIND, 20)]}, days(300)),
        icews=({"events": [news(HOSTILE, 20)]}, days(301)),
    )
    assert (more.sources, more.share[0]) == (("icews",), 1.0)
    tie = of(
        tmp_path / "b",
        aaa=({"events": [news(KIND, 20)]}, days(300)),
        icews=({"events": [news(HOSTILE, 20)]}, days(300)),
    )
    assert (tie.sources, tie.share[0]) == (("icews",), 1.0), "the table of choice does not list the other"


def test_days_that_two_files_have_count_once(tmp_path: Path) -> None:
    lines = [*days(10), *days(10, date(YEAR, 1, 6)), *days(40, date(YEAR - 1, 12, 1))]
    assert of(tmp_path, gdelt=({"events": [news(KIND, 1)]}, lines)).days[0] == 15
