"""Calibration on the evidence that ships, counted by hand, and on the maps where they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from tripoint.bargain.calibrate import calibrate, rate_of, read_areas, read_covariates, read_positions, read_sources
from tripoint.bargain.war import win_probability
from tripoint.errors import CoverageError, InputError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import load_source, open_evidence


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(tmp_path_factory.mktemp("calibrate"))


def test_areas_are_one_series_a_place_and_producer(evidence):
    series = read_areas(evidence, "RUS", "UKR")
    assert {s.origin for s in series if s.place == "UKR"} == {
        "da-isw-map",
        "da-deepstate-2026-01",
        "da-reuters-2025-08",
    }
    for one in series:
        assert (np.diff(one.days) > 0).all()
        assert len(one.fact_ids) == len(one.days) == len(one.area)


def test_the_shipped_maps_counted_by_hand(evidence):
    """ISW: up in March 2022, down by August, October, November 2022, up by June 2023, down 100 km2 by November 2023."""
    got = calibrate(evidence, "RUS", "UKR")
    isw = next(v for v in got.variants if v.value == "da-isw-map")
    assert (isw.battles.won, isw.battles.lost, isw.battles.steps) == (2, 4, 6)
    deepstate = next(v for v in got.variants if v.value == "da-deepstate-2026-01")
    assert (deepstate.battles.won, deepstate.battles.lost) == (2, 0)


def test_every_result_is_an_interval_within_the_range_of_its_variants(evidence):
    got = calibrate(evidence, "RUS", "UKR")
    assert 0 < got.chance_range[0] < got.chance.low < got.chance.mean < got.chance.high < got.chance_range[1] < 1
    assert got.rate is not None
    assert got.rate_range is not None
    assert got.rate_range[0] <= got.rate.low < got.rate.high <= got.rate_range[1]
    assert {v.varied for v in got.variants} == {"reading", "prior", "runs", "battle", "period", "producer"}
    assert all(v.chance.low < v.chance.high for v in got.variants)
    assert got.fact_ids
    assert got.evidence_hash == evidence.hash


def test_the_posterior_is_a_prior_that_the_war_functions_take(evidence):
    got = calibrate(evidence, "RUS", "UKR")
    assert 0 < win_probability(8, 40, prior=got.prior) < 1


def test_nothing_after_the_day_asked_for_is_used(evidence):
    got = calibrate(evidence, "RUS", "UKR", until=dt.date(2022, 12, 31))
    assert got.last <= dt.date(2022, 12, 31)
    assert got.battles.lost > got.battles.won
    assert all(p.date.year < 2023 for p in read_positions(evidence, "RUS", "UKR", until=dt.date(2022, 12, 31)))


def test_covariates_are_ranges_over_years_with_their_facts(evidence):
    found = {c.name: c for c in read_covariates(evidence, "RUS", "UKR")}
    spending = found["military spending, RUS over UKR"]
    assert spending.low < spending.middle < spending.high
    assert (spending.first, spending.last) == (2021, 2024)
    assert (spending.low, spending.high) == pytest.approx((109000 / 64900, 65900 / 6900))
    for c in found.values():
        assert c.fact_ids
        assert c.origins


def test_sources_are_numbered_in_the_order_given_and_once(evidence):
    got = read_sources(evidence, ["da-isw-map", "da-ukrstat-area", "da-isw-map"])
    assert [(s["number"], s["id"]) for s in got] == [(1, "da-isw-map"), (2, "da-ukrstat-area")]
    assert all(s["citation"] for s in got)


def test_a_pair_without_areas_or_aims_is_told_what_to_do(evidence):
    with pytest.raises(CoverageError, match="no two areas of CHN held by IND"):
        calibrate(evidence, "IND", "CHN")
    with pytest.raises(CoverageError, match="it has those of RUS, UKR"):
        read_positions(evidence, "IND", "CHN")
    with pytest.raises(InputError, match="still"):
        calibrate(evidence, "RUS", "UKR", still=-1.0)


def test_maps_day_by_day_take_the_place_of_the_shipped_excerpt(mirror: Path, tmp_path: Path) -> None:
    for name in ("isw-control", "deepstate"):
        load_source(name, tmp_path, mirror=str(mirror))
    evidence = open_evidence(tmp_path)
    series = [s for s in read_areas(evidence, "RUS", "UKR") if s.place == "UKR"]
    assert "isw-control" in {s.origin for s in series}
    assert "da-isw-map" not in {s.origin for s in series}
    got = calibrate(evidence, "RUS", "UKR")
    deepstate = next(v for v in got.variants if v.value == "deepstate")
    assert deepstate.battles.lost == 0  # the area grew in every month of the archive that moved
    assert deepstate.battles.won > 20
    assert deepstate.rate is not None
    rate = rate_of([s for s in series if s.origin == "deepstate"])
    assert rate == pytest.approx((deepstate.rate.low, deepstate.rate.mean, deepstate.rate.high))
    assert deepstate.rate.low > 0
