"""How alike two states vote is one number: on record, in a claim, in a wedge, by whatever way it is asked for."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import tripoint
from tripoint.claims import compute
from tripoint.claims.measured import Question
from tripoint.dyad.on_record import build_on_record
from tripoint.dyad.votes_together import agreement_of, votes_by_year
from tripoint.evidence.query import Evidence
from tripoint.triad.wedge.seams import find_seams

PAIRS = (("IND", "RUS"), ("RUS", "IND"), ("CHN", "USA"), ("FRA", "DEU"))


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return tripoint.open_evidence(tmp_path_factory.mktemp("votes"))


@pytest.mark.parametrize(("a", "b"), PAIRS)
@pytest.mark.parametrize("year", [2022, 2024])
def test_one_agreement_wherever_it_is_asked_for(evidence: Evidence, a: str, b: str, year: int) -> None:
    span = {"since": date(year, 1, 1), "until": date(year, 12, 31)}
    measured, pair = agreement_of(evidence, a, b, **span)
    claim = compute.agreement(Question(evidence, date(2026, 1, 1)), a, b, year, year)
    assert (claim.value, claim.low, claim.high) == (measured.value, measured.low, measured.high)
    assert claim.fact_ids == pair.fact_ids
    (on_record,) = [v for v in build_on_record(evidence, a, b).votes if v.year == year]
    assert (on_record.items, on_record.agreement) == (measured.items, pytest.approx(measured.value))
    assert agreement_of(evidence, b, a, **span)[0] == measured


def test_a_seam_of_votes_is_what_agreement_leaves(evidence: Evidence) -> None:
    seams, _ = find_seams(evidence, "CHN", "USA", 2023, draws=50)
    (votes,) = [s for s in seams if s.kind == "votes"]
    measured, _ = agreement_of(evidence, "CHN", "USA", since=date(2021, 1, 1), until=date(2023, 12, 31), draws=50)
    assert votes.size == pytest.approx(1 - measured.value)
    assert (votes.low, votes.high) == pytest.approx((1 - measured.high, 1 - measured.low))


def test_votes_by_year_count_and_oppose(evidence: Evidence) -> None:
    _, pair = agreement_of(evidence, "CHN", "USA", since=date(2022, 1, 1), draws=0)
    years = votes_by_year(pair)
    assert [v.year for v in years] == sorted({v.year for v in years})
    assert sum(v.items for v in years) == pair.votes.height
    apart = (pair.votes["x"] - pair.votes["y"]).abs().to_numpy()
    assert sum(v.opposed for v in years) == int((apart == 2).sum())
    mean = np.average([v.agreement for v in years], weights=[v.items for v in years])
    assert mean == pytest.approx(1 - apart.mean() / 2)
