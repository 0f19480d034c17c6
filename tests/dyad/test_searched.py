"""To when a tie is known to last: made-up facts and coverage."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tripoint.dyad.searched import known_in, reach, with_reach


def facts(*rows: tuple[str, str, str, date | None, date | None]) -> pl.DataFrame:
    schema = {"table": pl.String, "kind": pl.String, "source_id": pl.String, "start": pl.Date, "end": pl.Date}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


@pytest.fixture
def coverage() -> pl.DataFrame:
    rows = [
        ("rivals", "rivalry", date(1816, 1, 1), date(2020, 12, 31)),
        ("rivals", "rivalry", date(1816, 1, 1), date(2010, 12, 31)),
        ("pacts", "defense pact", date(1816, 1, 1), date(2026, 6, 30)),
        ("wars", "war", date(1816, 1, 1), date(2025, 12, 31)),
    ]
    return pl.DataFrame(rows, schema=["source_id", "kind", "start", "end"], orient="row")


def test_a_source_reaches_as_far_as_its_last_coverage_of_the_kind(coverage: pl.DataFrame) -> None:
    assert dict(reach(coverage).select("source_id", "coded_to").rows())["rivals"] == date(2020, 12, 31)


def test_only_what_has_no_end_and_lasts_is_coded_to_a_day(coverage: pl.DataFrame) -> None:
    rows = facts(
        ("commitments", "rivalry", "rivals", date(1950, 1, 1), None),
        ("commitments", "rivalry", "rivals", date(1950, 1, 1), date(1960, 12, 31)),
        ("events", "war", "wars", date(2022, 2, 24), None),
        ("events", "visit", "wars", date(2022, 2, 24), None),
        ("commitments", "rivalry", "nobody", date(1950, 1, 1), None),
    )
    assert with_reach(rows, coverage)["coded_to"].to_list() == [
        date(2020, 12, 31),
        None,
        date(2025, 12, 31),
        None,
        None,
    ]


@pytest.mark.parametrize(("year", "known"), [(2020, True), (2021, False)])
def test_a_tie_is_known_to_its_last_coded_year_and_no_longer(coverage: pl.DataFrame, year: int, known: bool) -> None:
    rows = facts(
        ("commitments", "rivalry", "rivals", date(1950, 1, 1), None),
        ("commitments", "defense pact", "pacts", date(1950, 1, 1), None),
        ("commitments", "defense pact", "pacts", date(2024, 1, 1), None),
    )
    live, unended = known_in(rows, coverage, year)
    assert live["kind"].to_list() == (["rivalry"] if known else []) + ["defense pact"]
    assert unended["kind"].to_list() == ([] if known else ["rivalry"])


def test_a_known_end_counts_beyond_the_coding(coverage: pl.DataFrame) -> None:
    rows = facts(("commitments", "rivalry", "rivals", date(1950, 1, 1), date(2023, 5, 1)))
    assert known_in(rows, coverage, 2022)[0].height == 1
