"""Positions from the estimates that ship, where only the roll calls that ship are in the store."""

from __future__ import annotations

import pytest

from tripoint.answers.ideal_points import IdealPointsAsked, answer
from tripoint.errors import CoverageError
from tripoint.evidence.query import Evidence


def test_a_newcomer_gets_series_and_is_told_where_they_come_from(evidence: Evidence) -> None:
    found = answer(evidence, IdealPointsAsked(("RUS", "USA"), since=2015, until=2024))
    rows = found.frame()
    assert rows["year"].to_list() == [*range(2015, 2025)] * 2
    assert (rows["q05"] <= rows["mean"]).all()
    assert (rows["mean"] <= rows["q95"]).all()
    assert rows.filter(rows["state"] == "USA")["mean"].min() > rows.filter(rows["state"] == "RUS")["mean"].max()
    assert "estimates made on" in found.remarks[0]
    assert found.figure is not None
    assert answer(evidence, IdealPointsAsked(("RUS",), every=True)).frame()["state"].n_unique() > 150


def test_what_the_estimates_do_not_hold_is_refused(evidence: Evidence) -> None:
    with pytest.raises(CoverageError, match="no estimates of VAT"):
        answer(evidence, IdealPointsAsked(("VAT",)))
    with pytest.raises(CoverageError, match="too few for positions to mean much"):
        answer(evidence, IdealPointsAsked(dimensions=2))


def test_a_fit_of_ones_own_is_made_when_asked_for(evidence: Evidence) -> None:
    found = answer(evidence, IdealPointsAsked(("RUS", "USA"), since=2020, anyway=True, warmup=20, draws=20))
    assert found.result["source"] != "estimates"
