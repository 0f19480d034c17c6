"""Tension: components, what is not covered, and the aggregate, on made-up numbers and the shipped evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tripoint.dyad.hostile_news import FEWEST_DAYS, NEWS
from tripoint.dyad.tension import COMPONENTS, build_tension
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence
from tripoint.evidence.store import Receipt, edition_digest, write_edition
from tripoint.pipeline import load_source, open_evidence
from tripoint.record import KINDS
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.entries import source as catalog_source
from tripoint.sources.tabular import Files


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


def test_components_are_hostile_kinds_of_the_record() -> None:
    assert all(KINDS[kind].tone == "hostile" for c in COMPONENTS.values() for kind in c.kinds)


def test_chances_are_there_for_every_year_that_is_observed_and_are_chances(evidence: Evidence) -> None:
    for a, b in (("USA", "RUS"), ("IND", "PAK"), ("ISR", "IRN"), ("USA", "CHN"), ("DEU", "RUS"), ("KOR", "PRK")):
        answer = build_tension(evidence, a, b, start=2000, end=2024)
        for chance in (answer.risk, answer.rivalry):
            assert np.isfinite(chance).all(), (a, b)
            assert ((chance >= 0) & (chance <= 1)).all()


def test_a_confrontation_of_blocs_is_tension(evidence: Evidence) -> None:
    cold = build_tension(evidence, "DEU", "RUS", start=1960, end=1985)
    warm = build_tension(evidence, "DEU", "FRA", start=1960, end=1985)
    assert np.nanmean(cold.rivalry) > 0.5 > np.nanmean(warm.rivalry)


def test_a_year_is_the_same_whatever_years_are_shown(evidence: Evidence) -> None:
    long, short = (build_tension(evidence, "IND", "CHN", start=y, end=2024) for y in (1980, 2020))
    np.testing.assert_array_equal(long.risk[-5:], short.risk)


def test_a_pair_of_which_nothing_is_known_has_no_chance(evidence: Evidence) -> None:
    answer = build_tension(evidence, "FJI", "MLI", start=2010, end=2020)
    assert np.isnan(answer.risk).all()
    assert answer.causes == {}


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
def test_coded_news_stands_beside_the_chances_where_enough_days_are_loaded(
    tmp_path: Path, evidence: Evidence, days: int, share: float | None
) -> None:
    with_news = build_tension(news(tmp_path, days=days), "IND", "CHN", start=2017, end=2019).frame()
    row = with_news.filter(year=2018).row(0, named=True)
    assert (row["hostile_news"], row["news_events"], row["news_days"]) == (share, 40, days)
    assert with_news.filter(year=2017)["news_days"].to_list() == [0]
    without = build_tension(evidence, "IND", "CHN", start=2017, end=2019).frame()
    assert with_news["risk"].to_list() == without["risk"].to_list()


def test_what_was_not_searched_is_missing_and_not_zero(evidence: Evidence) -> None:
    answer = build_tension(evidence, "India", "CHN", start=2000, end=2025)
    disputes = dict(zip(answer.years.tolist(), answer.components["disputes"], strict=True))
    assert disputes[2020] == pytest.approx(0.8)
    assert np.isnan(disputes[2019])
    assert answer.frame().filter(year=2019)["disputes"].to_list() == [None]


def test_names_swapped_same_tension(evidence: Evidence) -> None:
    one, other = build_tension(evidence, "RUS", "UKR"), build_tension(evidence, "UKR", "RUS")
    assert one.frame().equals(other.frame())


def test_friends_are_calm_and_a_complete_search_says_so(evidence: Evidence) -> None:
    answer = build_tension(evidence, "USA", "JPN", start=1995, end=2020)
    assert np.nanmax(answer.rivalry) < 0.05
    assert (answer.components["war"] == 0).all()


def test_bad_questions_are_refused(evidence: Evidence) -> None:
    with pytest.raises(InputError, match="same state"):
        build_tension(evidence, "RUS", "Soviet Union")
    with pytest.raises(InputError, match="before"):
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
