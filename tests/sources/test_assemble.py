"""The contract that every reader's frames must meet."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from tripoint.errors import FormatError
from tripoint.record import Reading, fact_id, split_fact_id
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

GOOD = {
    "locator": "x1",
    "state_a": "RUS",
    "state_b": "CHN",
    "kind": "visit",
    "directed": False,
    "start": date(2020, 1, 2),
    "end": date(2020, 1, 3),
    "precision": "day",
}


def built(*rows: dict[str, object], rows_in: int = 9) -> Reading:
    return assemble(
        Files(made_up.entry(), {}),
        {"events": pl.DataFrame(list(rows))},
        rows_in=rows_in,
        coverage=[cover("visit", 2020, 2020, silence="none")],
    )


def test_undirected_ties_are_stored_one_way_round() -> None:
    frame = built(GOOD).tables["events"]
    assert frame.select("state_a", "state_b").row(0) == ("CHN", "RUS")
    directed = built({**GOOD, "directed": True}).tables["events"]
    assert directed.select("state_a", "state_b").row(0) == ("RUS", "CHN")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "defense pact"}, "which that table does not hold"),
        ({"kind": "parade"}, "which that table does not hold"),
        ({"state_a": None}, "no state_a"),
        ({"state_b": "RUS"}, "a tie of a state with itself"),
        ({"end": date(2019, 1, 1)}, "an end before its start"),
        ({"precision": "week"}, "a precision other than"),
        ({"mood": "good"}, "columns mood are not in the table's schema"),
    ],
)
def test_a_row_that_breaks_the_contract_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        built({**GOOD, **change})


def test_a_locator_names_one_row() -> None:
    with pytest.raises(FormatError, match="locator 'x1' names several rows"):
        built(GOOD, GOOD)


def test_more_set_aside_than_read_is_refused() -> None:
    with pytest.raises(FormatError, match="2 records set aside of 1"):
        assemble(
            Files(made_up.entry(), {}),
            {},
            rows_in=1,
            aside=[pl.DataFrame({"locator": ["a", "b"], "reason": "unknown code"})],
        )


words = st.text(st.characters(blacklist_characters="@#", blacklist_categories=["Cs"]), min_size=1, max_size=12)


@given(words, words, st.text(min_size=1, max_size=30))
def test_a_fact_id_splits_into_its_address(source: str, vintage: str, locator: str) -> None:
    assert split_fact_id(fact_id(source, vintage, locator)) == (source, vintage, locator)
