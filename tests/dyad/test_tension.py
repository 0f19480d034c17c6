"""Tension: components, what is not covered, and the aggregate, on made-up numbers and the shipped evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.dyad.tension import COMPONENTS, LEAST_SHARE, aggregate, build_tension, trend
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import load_source, open_evidence
from tripoint.record import KINDS

#: Sums of a few doubles in another order.
ROUNDING = 1e-12


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


def test_components_are_hostile_kinds_of_the_record() -> None:
    assert all(KINDS[kind].tone == "hostile" for c in COMPONENTS.values() for kind in c.kinds)


def test_aggregate_by_hand() -> None:
    values = np.array([[1.0, 1.0, np.nan], [0.0, np.nan, np.nan], [0.5, np.nan, 0.2]])
    level, low, high, seen = aggregate(values, np.array([2.0, 1.0, 1.0]))
    assert level[:2] == pytest.approx([(2 + 0 + 0.5) / 4, 1.0], abs=ROUNDING)
    assert np.isnan(level[2])
    assert (low[0], high[0]) == pytest.approx((0.25, 2.5 / 3), abs=ROUNDING)
    assert np.isnan(low[1])
    assert seen == pytest.approx([1.0, 0.5, 0.25], abs=ROUNDING)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=4, max_size=4))
def test_the_range_holds_the_level_and_stays_on_the_scale(cells: list[float | None]) -> None:
    values = np.array([[np.nan if c is None else c] for c in cells])
    level, low, high, seen = aggregate(values, np.array([3.0, 2.0, 2.0, 1.0]))
    assert 0 <= seen[0] <= 1 + ROUNDING
    if np.isfinite(level[0]):
        assert seen[0] >= LEAST_SHARE - ROUNDING
        assert -ROUNDING <= level[0] <= 1 + ROUNDING
    if np.isfinite(low[0]):
        assert -ROUNDING <= low[0] <= level[0] <= high[0] <= 1 + ROUNDING


def test_trend_is_the_slope_of_a_line_and_needs_three_years() -> None:
    slope = trend(np.array([0.1, 0.2, np.nan, 0.4, 0.5, np.nan]))
    assert np.isnan(slope[:2]).all()
    assert slope[4] == pytest.approx(0.1, abs=1e-9)
    assert np.isnan(slope[5])


def test_india_and_china_rise_in_2020_and_what_was_not_searched_is_missing(evidence: Evidence) -> None:
    answer = build_tension(evidence, "India", "CHN", start=2000, end=2025)
    level = dict(zip(answer.years.tolist(), answer.level, strict=True))
    assert level[2020] > level[2019] > 0.3
    disputes = dict(zip(answer.years.tolist(), answer.components["disputes"], strict=True))
    assert disputes[2020] == pytest.approx(0.8)
    assert np.isnan(disputes[2019])
    assert answer.frame().filter(year=2019)["disputes"].to_list() == [None]


def test_names_swapped_same_tension(evidence: Evidence) -> None:
    one, other = build_tension(evidence, "RUS", "UKR"), build_tension(evidence, "UKR", "RUS")
    assert one.frame().equals(other.frame())


def test_friends_are_calm_and_a_complete_search_says_so(evidence: Evidence) -> None:
    answer = build_tension(evidence, "USA", "JPN", start=1995, end=2020)
    assert np.nanmax(answer.level) == 0.0
    assert (answer.components["war"] == 0).all()


def test_bad_questions_are_refused(evidence: Evidence) -> None:
    with pytest.raises(InputError, match="twice"):
        build_tension(evidence, "RUS", "Soviet Union")
    with pytest.raises(InputError, match="before the first"):
        build_tension(evidence, "RUS", "CHN", start=2020, end=2010)


def test_disputes_of_the_reference_data_reach_their_hostility(mirror: Path, tmp_path: Path) -> None:
    load_source("cow-mid", tmp_path, mirror=str(mirror))
    answer = build_tension(open_evidence(tmp_path), "RUS", "CHN", start=1960, end=1980)
    disputes = dict(zip(answer.years.tolist(), answer.components["disputes"], strict=True))
    assert disputes[1969] == pytest.approx(0.8) or disputes[1969] == 1.0
    assert np.isfinite(answer.components["disputes"]).all()


def test_a_war_without_an_end_goes_on_as_far_as_its_source_reaches(evidence: Evidence) -> None:
    answer = build_tension(evidence, "RUS", "UKR", start=2015, end=2025)
    war = dict(zip(answer.years.tolist(), answer.components["war"], strict=True))
    assert war[2021] == 0.0
    assert war[2022] == war[2023] == war[2025] == 1.0


def test_a_rivalry_without_an_end_is_not_known_after_its_coding_ends(evidence: Evidence) -> None:
    rivalry = build_tension(evidence, "IND", "CHN", start=2015, end=2025).frame()["rivalry"].to_list()
    assert rivalry == [1.0] * 6 + [None] * 5


def test_a_minor_armed_conflict_is_half_a_war(mirror: Path, tmp_path: Path) -> None:
    load_source("ucdp-acd", tmp_path, mirror=str(mirror))
    frame = build_tension(open_evidence(tmp_path), "IND", "CHN", start=2020, end=2020).frame()
    assert frame["war"].to_list() == [0.5]
