"""Evidence held in memory answers as the store does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tripoint
from tripoint.evidence.in_memory import hold_in_memory, kept
from tripoint.evidence.query import Evidence

STATES = ("RUS", "CHN", "IND", "USA", "JPN", "SUN")
KINDS = ("defense pact", "rivalry", "joint exercise", "goods trade", "sanction")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return tripoint.open_evidence(tmp_path_factory.mktemp("held"))


@pytest.fixture(scope="module")
def held(evidence: Evidence) -> Evidence:
    return hold_in_memory(evidence, since=1900, until=2100)


days = st.none() | st.dates(date(1985, 1, 1), date(2026, 12, 31))
some = st.lists(st.sampled_from(STATES), min_size=1, max_size=3, unique=True)


@settings(max_examples=60, deadline=None)
@given(one=some, other=some, kinds=st.lists(st.sampled_from(KINDS), max_size=3, unique=True), since=days, until=days)
def test_two_engines_give_one_answer(
    evidence: Evidence, held: Evidence, one: list, other: list, kinds: list, since: date | None, until: date | None
) -> None:
    asked = {"kinds": kinds, "since": since, "until": until}
    for question in ({"between": (one, other)}, {"states": one}):
        assert held.facts(**question, **asked).equals(evidence.facts(**question, **asked))


def test_what_is_worked_out_is_kept_for_evidence_in_memory_alone(evidence: Evidence) -> None:
    mine = hold_in_memory(evidence, since=2000, until=2020)
    made: list[int] = []
    for asked in (mine, mine, evidence, evidence):
        assert kept(asked, ("key",), lambda: made.append(1) or 5) == 5
    assert len(made) == 3


def test_nothing_after_the_year_is_held(evidence: Evidence) -> None:
    mine = hold_in_memory(evidence, since=2000, until=2010)
    assert mine.facts(kinds=["visit"])["start"].max() <= date(2010, 12, 31)
    assert mine.sql('SELECT min("date") AS d FROM positions')["d"][0] >= date(2000, 1, 1)
