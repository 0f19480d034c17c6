"""Spells by code, cut where one state follows another."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint import states
from tripoint.sources.spells import clip_to_states, day

SCHEMA = {"code": pl.Int64, "start": pl.Date, "end": pl.Date}


def clipped(*rows: tuple[int, date, date | None], **options: object) -> tuple[list[tuple[object, ...]], pl.DataFrame]:
    frame = pl.DataFrame(list(rows), schema=SCHEMA, orient="row")
    ties, aside = clip_to_states(frame, {"state": "code"}, system="cow", locator=pl.col("code"), **options)  # type: ignore[arg-type]
    return ties.select("state", "start", "end").rows(), aside


def test_a_spell_passes_from_one_state_to_the_next() -> None:
    ties, aside = clipped((365, date(1950, 5, 1), None))
    assert ties == [("SUN", date(1950, 5, 1), date(1991, 12, 25)), ("RUS", date(1991, 12, 26), None)]
    assert aside.height == 0


def test_by_year_a_year_belongs_to_the_state_that_filled_most_of_it() -> None:
    ties, _ = clipped((365, date(1958, 1, 1), date(1991, 12, 31)), by_year=True)
    assert ties == [("SUN", date(1958, 1, 1), date(1991, 12, 31))]
    ties, _ = clipped((365, date(1990, 1, 1), date(1992, 12, 31)), by_year=True)
    assert ties[-1] == ("RUS", date(1992, 1, 1), date(1992, 12, 31))


def test_by_year_a_new_state_keeps_its_first_year() -> None:
    ties, _ = clipped((626, date(2011, 1, 1), date(2011, 12, 31)), by_year=True)
    assert ties == [("SSD", date(2011, 1, 1), date(2011, 12, 31))]


def test_nothing_begins_after_the_last_day_covered() -> None:
    ties, _ = clipped((345, date(1995, 1, 1), None), until=date(2001, 12, 31))
    assert ties == [("SCG", date(1995, 1, 1), None)]


def test_a_handover_of_a_few_days_is_left_out() -> None:
    ties, _ = clipped((365, date(1991, 12, 21), date(2000, 1, 1)))
    assert ties == [("RUS", date(1991, 12, 26), date(2000, 1, 1))]
    ties, _ = clipped((365, date(1991, 12, 21), date(1991, 12, 23)))
    assert ties == [("SUN", date(1991, 12, 21), date(1991, 12, 23))]


def test_one_id_is_not_cut_where_only_the_number_or_the_name_changed() -> None:
    ties, _ = clipped((255, date(1991, 1, 1), None), (640, date(1900, 1, 1), date(1930, 1, 1)))
    assert ties == [("DEU", date(1991, 1, 1), None), ("TUR", date(1900, 1, 1), date(1930, 1, 1))]


@pytest.mark.parametrize("code, start, end", [(8152, 1874, 1883), (626, 1990, 1999), (2, 1700, 1750)])
def test_unknown_codes_and_times_are_set_aside_with_a_reason(code: int, start: int, end: int) -> None:
    ties, aside = clipped((code, date(start, 1, 1), date(end, 1, 1)))
    assert ties == []
    assert aside["reason"].item() == f"no state has the cow code '{code}' between {start}-01-01 and {end}-01-01"


def test_day_is_null_where_there_is_none() -> None:
    frame = pl.DataFrame({"y": [2000, 2001, 1918, None], "m": [2, 2, 13, 1], "d": [29, 29, 1, 1]})
    assert frame.select(day(pl.col("y"), pl.col("m"), pl.col("d")))["y"].to_list() == [
        date(2000, 2, 29),
        None,
        None,
        None,
    ]


@settings(max_examples=60, deadline=None)
@given(
    code=st.sampled_from([2, 255, 345, 365, 640, 678, 679, 710]),
    start=st.dates(date(1820, 1, 1), date(2015, 1, 1)),
    length=st.integers(10, 60_000),
)
def test_parts_lie_in_the_spell_one_after_another_and_bear_the_code(code: int, start: date, length: int) -> None:
    end = min(start + timedelta(days=length), date(2020, 12, 31))
    ties, aside = clipped((code, start, end))
    assert bool(ties) != bool(aside.height)
    parts = [(str(s), a, b) for s, a, b in ties if isinstance(a, date) and isinstance(b, date)]
    assert len(parts) == len(ties)
    for state, first, last in parts:
        assert start <= first <= last <= end
        for when in (first, last):
            assert states.ids(pl.Series([code]), when, system="cow").item() == state
    for (_, _, last), (_, first, _) in pairwise(parts):
        assert last < first
