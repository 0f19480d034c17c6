"""Tension: components, what is not covered, and the aggregate, on made-up numbers and the shipped evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.dyad.hostile_news import FEWEST_DAYS, NEWS
from tripoint.dyad.tension import COMPONENTS, LEAST_SHARE, aggregate, build_tension, composition_breaks, trend
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence
from tripoint.evidence.store import Receipt, edition_digest, write_edition
from tripoint.pipeline import load_source, open_evidence
from tripoint.record import KINDS
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.entries import source as catalog_source
from tripoint.sources.tabular import Files

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


def test_trend_is_the_slope_of_the_components_covered_throughout() -> None:
    rising, flat = np.linspace(0.1, 0.6, 6), np.full(6, 0.5)
    ending = np.array([1.0, 1.0, 1.0, 1.0, np.nan, np.nan])
    slope, low, high, used = trend(np.stack([rising, flat, ending]), np.array([1.0, 1.0, 1.0]))
    assert np.isnan(slope[:4]).all()
    assert slope[4:] == pytest.approx([0.05, 0.05], abs=1e-9)  # the end of the third is no fall
    assert low[4:] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert high[4:] == pytest.approx([0.1, 0.1], abs=1e-9)
    assert used[:, 4].tolist() == [True, True, False]


def test_no_trend_on_less_than_half_of_the_weights_and_no_range_of_one_component() -> None:
    one = np.linspace(0.0, 0.4, 5)
    gone = np.array([0.0, 0.0, np.nan, 0.0, 0.0])
    slope, *_ = trend(np.stack([one, gone]), np.array([1.0, 1.5]))
    assert np.isnan(slope).all()
    slope, low, high, _ = trend(np.stack([one, gone]), np.array([1.0, 1.0]))
    assert slope[4] == pytest.approx(0.1, abs=1e-9)
    assert np.isnan(low[4])
    assert np.isnan(high[4])


def test_a_year_whose_mean_rests_on_other_components_is_marked() -> None:
    parts = {"war": np.array([0.0, 0.0, 0.0, np.nan, 0.0]), "disputes": np.array([1.0, np.nan, np.nan, np.nan, 1.0])}
    level = np.array([0.5, 0.0, 0.0, np.nan, 0.5])
    assert composition_breaks(parts, level) == (None, "without disputes", None, None, "with disputes")


def test_the_end_of_the_coding_of_disputes_is_no_fall(evidence: Evidence) -> None:
    answer = build_tension(evidence, "IND", "CHN", start=2000, end=2025)
    at = {int(y): t for t, y in enumerate(answer.years)}
    assert answer.level[at[2021]] < answer.level[at[2020]]
    assert "without" in (answer.break_before[at[2021]] or "")
    assert answer.trend[at[2025]] == pytest.approx(0.0, abs=ROUNDING)
    assert answer.trend_on[at[2025]] == ("war", "rivalry", "claims", "sanctions")


def test_what_ended_before_the_first_year_is_not_carried_into_it(tmp_path: Path, mirror: Path) -> None:
    load_source("icow", tmp_path, mirror=str(mirror))
    load_source("td-rivalries", tmp_path, mirror=str(mirror))
    answer = build_tension(open_evidence(tmp_path), "USA", "RUS", start=2012, end=2026)
    assert np.isnan(answer.components["claims"]).all()  # ICOW codes claims to 2001
    assert np.isnan(answer.components["rivalry"][answer.years > 2025]).all()


def test_a_tie_seen_too_long_before_the_first_year_is_not_held_in_it(evidence: Evidence) -> None:
    answer = build_tension(evidence, "RUS", "USA", start=2025, end=2026)
    assert answer.components["rivalry"].tolist() == pytest.approx([1.0, np.nan], nan_ok=True)


def news(home: Path, *, days: int) -> Evidence:
    """A store with coded news of two states on the first days of 2018: one in four of conflict."""
    rows = [("CHN", "IND", "verbal cooperation news", 30), ("IND", "CHN", "material conflict news", 10)]
    frame = pl.DataFrame(
        {
            "locator": [f"n{i}" for i in range(len(rows))],
            "state_a": [r[0] for r in rows],
            "state_b": [r[1] for r in rows],
            "kind": [r[2] for r in rows],
            "directed": True,
            "start": date(2018, 1, 1),
            "end": date(2018, 1, 1),
            "precision": "day",
            "intensity": 0.0,
            "count": [r[3] for r in rows],
        }
    )
    entry = catalog_source("gdelt")
    last = date(2018, 1, 1) + timedelta(days=days - 1)
    cover_rows = [cover(kind, date(2018, 1, 1), last, silence="unproven") for kind in NEWS]
    reading = assemble(Files(entry, {}), {"events": frame}, rows_in=2, aside=[], coverage=cover_rows, vintage="made-up")
    receipt = (Receipt("f.csv", "f", "0" * 64, 1, "made up", "2026-01-01T00:00:00+00:00"),)
    write_edition(home, reading, entry, receipt, edition_digest("gdelt", "reader", receipt))
    return open_evidence(home)


@pytest.mark.parametrize(("days", "share"), [(FEWEST_DAYS, 0.25), (FEWEST_DAYS - 1, None)])
def test_coded_news_stands_beside_the_mean_where_enough_days_are_loaded(
    tmp_path: Path, evidence: Evidence, days: int, share: float | None
) -> None:
    with_news = build_tension(news(tmp_path, days=days), "IND", "CHN", start=2017, end=2019).frame()
    row = with_news.filter(year=2018).row(0, named=True)
    assert (row["hostile_news"], row["news_events"], row["news_days"]) == (share, 40, days)
    assert with_news.filter(year=2017)["news_days"].to_list() == [0]
    without = build_tension(evidence, "IND", "CHN", start=2017, end=2019).frame()
    assert with_news["tension"].to_list() == without["tension"].to_list()


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
    with pytest.raises(InputError, match="same state"):
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


def test_a_rivalry_without_an_end_is_not_known_five_years_after_its_coding_ends(evidence: Evidence) -> None:
    rivalry = build_tension(evidence, "IND", "CHN", start=2015, end=2026).frame()["rivalry"].to_list()
    assert rivalry == [1.0] * 11 + [None]


def test_a_minor_armed_conflict_is_half_a_war(mirror: Path, tmp_path: Path) -> None:
    load_source("ucdp-acd", tmp_path, mirror=str(mirror))
    frame = build_tension(open_evidence(tmp_path), "IND", "CHN", start=2020, end=2020).frame()
    assert frame["war"].to_list() == [0.5]
