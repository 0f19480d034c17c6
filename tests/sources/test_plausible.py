"""What no record can say is set aside with a reason, by kind."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import made_up
from tripoint.errors import FormatError
from tripoint.record import KINDS, Reading, Table
from tripoint.sources.assemble import assemble
from tripoint.sources.plausible import AHEAD, MOST_CHARS, ONCE, RANGES, RELEASED, SOME
from tripoint.sources.tabular import Files

GDP = {
    "locator": "1",
    "state": "RUS",
    "kind": "gdp",
    "start": date(2020, 1, 1),
    "end": date(2020, 12, 31),
    "precision": "year",
    "value": 1.5e6,
    "unit": "current USD million",
}
VISIT = {
    "locator": "1",
    "state_a": "CHN",
    "state_b": "RUS",
    "kind": "visit",
    "directed": False,
    "start": date(2020, 1, 2),
    "end": date(2020, 1, 2),
    "precision": "day",
    "title": "a visit",
}


def built(table: Table, *rows: dict[str, object], rows_in: int = 9) -> Reading:
    return assemble(Files(made_up.entry(), {}), {table: pl.DataFrame(list(rows))}, rows_in=rows_in)


@pytest.mark.parametrize(
    ("table", "row", "change", "reason"),
    [
        ("attributes", GDP, {"value": 1e302}, "gdp not above 0, or over"),
        ("attributes", GDP, {"value": 1e20}, "gdp not above 0, or over"),
        ("attributes", GDP, {"value": -3.0}, "gdp not above 0, or over"),
        ("attributes", GDP, {"value": 0.0}, "gdp not above 0, or over"),
        ("attributes", GDP, {"start": date(2100, 1, 1), "end": date(2100, 12, 31)}, "start outside the years"),
        ("attributes", GDP, {"end": date(2098, 12, 31)}, "end outside the years"),
        ("attributes", GDP, {"kind": "polyarchy", "value": 1.01}, "polyarchy outside 0 to 1"),
        ("attributes", GDP, {"kind": "polity", "value": -66.0}, "polity outside -10 to 10"),
        ("events", VISIT, {"title": "x" * 1_000_013}, f"title longer than {MOST_CHARS:,} characters"),
        ("events", VISIT, {"title": "\x1b]0;owned\x07"}, "control characters in its title"),
        ("events", VISIT, {"title": "nul\x00"}, "control characters in its title"),
        ("events", VISIT, {"start": date(999, 1, 1)}, "start outside the years"),
        ("events", {**VISIT, "kind": "dispute"}, {"intensity": 6.0}, "dispute outside 1 to 5"),
    ],
)
def test_what_cannot_be_is_set_aside(
    table: Table, row: dict[str, object], change: dict[str, object], reason: str
) -> None:
    reading = built(table, row, {**row, **change, "locator": "2"})
    assert reading.tables[table]["locator"].to_list() == ["1"]
    assert reading.set_aside["locator"].to_list() == ["2"]
    assert reason in reading.set_aside["reason"][0]
    assert reading.rows_in == reading.rows_kept + reading.rows_aside


def test_what_can_be_is_kept() -> None:
    near = date(RELEASED + AHEAD, 12, 31)
    assert built("attributes", GDP, {**GDP, "locator": "2", "value": 1e-6, "end": near}).rows_aside == 0
    assert built("events", VISIT, {**VISIT, "locator": "2", "title": "tab\tand\nline, é 中"}).rows_aside == 0


@pytest.mark.parametrize("kind", sorted(ONCE))
def test_a_copied_row_is_set_aside_where_it_can_be_nothing_else(kind: str) -> None:
    table = KINDS[kind].table
    row = {**VISIT, "kind": kind}
    if table == "positions":
        row = {"state": "RUS", "kind": kind, "item": "S/1", "date": date(2020, 1, 1), "precision": "day"}
        row |= {"choice": "no", "value": 3.0}
    reading = built(table, {**row, "locator": "1"}, {**row, "locator": "2"})
    assert reading.set_aside["reason"].to_list() == ["the same as another row"]
    assert built("events", VISIT, {**VISIT, "locator": "2"}).rows_aside == 0


def test_more_implausible_facts_than_records_is_another_file() -> None:
    with pytest.raises(FormatError, match="2 records set aside of 1"):
        built("attributes", {**GDP, "value": -1.0}, {**GDP, "value": -1.0, "locator": "2"}, rows_in=1)


def test_ranges_are_of_kinds_there_are() -> None:
    assert set(RANGES) <= set(KINDS)
    assert set(RANGES) >= SOME
    assert set(KINDS) >= ONCE
    assert all(least <= most for least, most in RANGES.values())
