"""Which source speaks: the order is data, names settle nothing, unknown sources come last and are named."""

from __future__ import annotations

from itertools import permutations

import polars as pl
import pytest

from tripoint.errors import CoverageError
from tripoint.evidence.choice import (
    _table,
    advised,
    by_hand,
    choose,
    choose_fullest,
    compiled,
    fuller,
    listed,
    only_whether,
    ranked,
    reference,
)
from tripoint.record import KINDS
from tripoint.sources import entries


@pytest.mark.parametrize("have", list(permutations(["wb-gdp", "starter", "fariss-gdp"])))
def test_the_order_of_asking_does_not_matter(have: tuple[str, ...]) -> None:
    found = choose("gdp", have)
    assert (found.source, found.passed_over, found.unlisted) == ("wb-gdp", ("fariss-gdp", "starter"), ())
    assert found.words.startswith("wb-gdp speaks: current US dollars")
    assert found.words.endswith("not used: fariss-gdp, starter")


@pytest.mark.parametrize("name", ["aaa-gdp", "imf-gdp", "toy-gdp"])
def test_a_source_of_any_name_changes_nothing_until_the_table_lists_it(name: str) -> None:
    found = choose("gdp", [name, "starter"])
    assert (found.source, found.passed_over, found.unlisted) == ("starter", (name,), (name,))
    assert f"not in the table of choice: {name}" in found.words
    assert choose_fullest("gdp", {name: 2, "starter": 2}).source == "starter"


def test_where_only_unknown_sources_speak_the_first_by_name_does_and_is_named() -> None:
    found = choose("gdp", ["toy-gdp", "my-gdp"])
    assert (found.source, found.unlisted) == ("my-gdp", ("my-gdp", "toy-gdp"))
    assert "does not know" in found.because
    assert choose("visit", []).words == "no source has anything"
    assert not choose("visit", [])
    assert not choose_fullest("visit", {})
    assert choose("visit", ["starter"])


def test_the_fullest_source_wins_and_the_table_settles_ties() -> None:
    found = choose_fullest("visit", {"starter": 9, "china-neighbors": 3, "new": 1})
    assert (found.source, found.passed_over) == ("starter", ("china-neighbors", "new"))
    assert found.because == "it has most visits" == f"it {fuller('visit')}"
    tie = choose_fullest("visit", {"starter": 9, "china-neighbors": 9})
    assert (tie.source, tie.because) == ("china-neighbors", choose("visit", ["china-neighbors"]).because)
    both = choose_fullest("visit", {"starter": 9, "new": 9, "china-neighbors": 1})
    assert (both.source, both.passed_over, both.because) == (
        "starter",
        ("china-neighbors", "new"),
        "it has most visits",
    )
    alone = choose_fullest("visit", {"starter": 1})
    assert alone == choose("visit", ["starter"])


def test_ranked_and_listed() -> None:
    assert ranked("rivalry", ["zzz", "aaa", "starter", "td-rivalries"]) == ("td-rivalries", "starter", "aaa", "zzz")
    assert listed("membership") == ("cow-igo", "starter", "informal-igo")
    assert listed("recognition") == ()
    assert ranked("recognition", ["b", "a", "a"]) == ("a", "b")
    assert fuller("recognition") == "has most facts"
    assert compiled("starter")
    assert not compiled("atop")
    assert only_whether("troops stationed") == ("support-signals",)
    assert only_whether("visit") == ()
    assert (reference("goods trade"), advised("goods trade")) == ("cow-trade", "imf-trade")
    assert advised("sanction") == "gsdb"
    assert reference("dispute") == "gml-mid"
    assert "support-signals" in listed("visit")
    assert "support-signals" not in listed("visit", fitted=True)
    with pytest.raises(CoverageError, match="about all states"):
        reference("swap line")


def test_rows_by_hand() -> None:
    assert by_hand(pl.DataFrame({"source_id": ["starter", "atop"]})).to_list() == [True, False]
    assert by_hand(pl.DataFrame(schema={"source_id": pl.String})).to_list() == []


def test_the_table_is_about_kinds_and_sources_that_there_are() -> None:
    table = {kind: row for kind, row in _table().items() if kind != "default"}
    assert set(table) <= set(KINDS)
    for kind, row in table.items():
        names = [place["id"] for place in row["sources"]]
        assert len(names) == len(set(names)), kind
        assert set(names) <= set(entries.catalog()), kind
        assert all(place["because"] for place in row["sources"])


def test_a_source_takes_part_in_fitted_measures_unless_the_table_says_otherwise() -> None:
    table = _table()
    rows = [(kind, row) for kind, about in table.items() for row in about.get("sources", ())]
    left_out = {(kind, row["id"]) for kind, row in rows if row.get("fitted") is False}
    assert left_out
    for kind in table:
        fitted = listed(kind, fitted=True)
        assert set(listed(kind)) - set(fitted) == {source for of, source in left_out if of == kind}
        assert list(fitted) == [source for source in listed(kind) if source in fitted]
