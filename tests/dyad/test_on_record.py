"""What is on record between two states, on the evidence that ships with the package."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest

from tripoint.dyad.on_record import OnRecord, Status, build_on_record
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence
from tripoint.record import KINDS


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def answer(evidence: Evidence) -> OnRecord:
    return build_on_record(evidence, "RUS", "China")


def test_every_dyadic_kind_has_one_of_three_answers(answer: OnRecord) -> None:
    named = [k.kind for k in answer.kinds]
    tied = {k for k, v in KINDS.items() if v.table in ("commitments", "events", "flows")}
    tied -= {k for k in tied if k.endswith("membership")}
    assert sorted(named) == sorted(tied)
    assert sum(len(answer.of(s)) for s in get_args(Status)) == len(named)


def test_the_treaty_of_2001_is_there_and_a_defense_pact_was_searched(answer: OnRecord) -> None:
    assert "starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact" in answer.facts["fact_id"]
    assert "defense pact" in {k.kind for k in answer.of("none found")}


def test_names_swapped_same_answer(evidence: Evidence, answer: OnRecord) -> None:
    other = build_on_record(evidence, "CHN", "RUS")
    assert other.kinds == answer.kinds
    assert other.votes == answer.votes
    assert other.facts.equals(answer.facts)


def test_every_fact_can_be_followed_to_its_row_and_its_document(evidence: Evidence, answer: OnRecord) -> None:
    numbered = set(answer.sources["id"])
    for row in answer.facts.iter_rows(named=True):
        fact = evidence.fact(row["fact_id"])
        assert fact.row["kind"] == row["kind"]
        assert fact.origin is not None
        assert fact.origin["title"]
        assert fact.origin["id"] in numbered


def test_since_leaves_out_what_ended_before(evidence: Evidence) -> None:
    late = build_on_record(evidence, "RUS", "CHN", since=date(2010, 1, 1))
    assert all(row["end"] is None or row["end"] >= date(2010, 1, 1) for row in late.facts.iter_rows(named=True))


def test_shared_institutions(answer: OnRecord) -> None:
    sco = next(m for m in answer.memberships if m.institution == "SCO")
    assert sco.start == date(2001, 6, 15)
    assert sco.end is None


def test_votes_agree_within_bounds(answer: OnRecord) -> None:
    assert answer.votes
    assert all(0 <= v.agreement <= 1 and v.items > 0 for v in answer.votes)


def test_the_same_state_twice_and_an_unknown_one(evidence: Evidence) -> None:
    with pytest.raises(InputError, match="the same state"):
        build_on_record(evidence, "RUS", "Russia")
    with pytest.raises(UnknownNameError, match="did you mean 'China'"):
        build_on_record(evidence, "RUS", "Chnia")


def test_a_rivalry_whose_coding_ended_is_not_in_force(evidence: Evidence) -> None:
    kinds = {k.kind: k for k in build_on_record(evidence, "RUS", "USA").kinds}
    rivalry, sanctions = kinds["rivalry"], kinds["sanction"]
    assert (rivalry.in_force, rivalry.unended, rivalry.last_seen) == (0, 1, date(2020, 12, 31))
    assert sanctions.in_force >= 4 and (sanctions.unended, sanctions.last_seen) == (0, None)
