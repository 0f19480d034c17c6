"""Demands against what is held and expected, on cases small enough to do by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tripoint.bargain.demands import (
    LAND_AREAS,
    AreaSeries,
    Position,
    demand_path,
    held_path,
    measure_demands,
    measure_whole,
    mirror,
    project_share,
    share_held,
)
from tripoint.errors import InputError
from tripoint.sources.ukraine_control import REGIONS

AREA = LAND_AREAS["UKR/Donetsk"]
DAY = dt.date(2024, 1, 1).toordinal()


def held(days, shares, origin="map", place="UKR/Donetsk"):
    area = np.array(shares, float) * LAND_AREAS[place]
    return AreaSeries(place, origin, np.array(days, float), area, tuple(map(str, days)))


def said(state, value, day, item="donetsk"):
    return Position(state, item, dt.date.fromordinal(day), "words", "", value, f"{state}{day}", "paper")


def test_land_areas_are_those_that_the_maps_are_read_with():
    areas = {f"UKR/{place}": area for place, area in REGIONS.values()}
    assert {k: v for k, v in LAND_AREAS.items() if k != "UKR"}.items() <= areas.items()


def test_between_values_far_apart_everything_between_is_allowed():
    got = share_held([held([DAY, DAY + 100], [0.5, 0.7])], DAY + 50, AREA)
    assert got == pytest.approx((0.5, 0.6, 0.7))


def test_values_close_together_are_taken_by_the_line_between_them():
    got = share_held([held([DAY, DAY + 10], [0.5, 0.6])], DAY + 5, AREA)
    assert got == pytest.approx((0.55, 0.55, 0.55))


def test_two_maps_give_a_range():
    got = share_held([held([DAY], [0.5]), held([DAY], [0.6], "other")], DAY, AREA)
    assert got == pytest.approx((0.5, 0.55, 0.6))


@pytest.mark.parametrize("day", [DAY - 1, DAY + 401])
def test_days_that_no_map_reaches_have_no_share(day):
    assert share_held([held([DAY], [0.5])], day, AREA) is None


def test_a_share_stays_within_one():
    assert share_held([held([DAY], [1.02])], DAY, AREA) == (1.0, 1.0, 1.0)
    assert project_share((0.9, 0.95, 1.0), (-5000.0, 0.0, 5000.0), 12.0, AREA)[2] == 1.0


def test_a_mirror_turns_the_ends():
    assert mirror((0.1, 0.2, 0.4)) == pytest.approx((0.6, 0.8, 0.9))


def test_an_item_by_hand():
    positions = [said("RUS", 0.8, DAY), said("RUS", 1.0, DAY + 10), said("UKR", 0.9, DAY)]
    areas = [held([DAY, DAY + 20], [0.6, 0.6])]
    rate = (0.0, 0.01 * AREA, 0.02 * AREA)  # a hundredth of the region a month
    (got,) = measure_demands("RUS", "UKR", positions, areas, rates={"UKR/Donetsk": rate}, months=10, cost=(0.05, 0.05))
    first, second = got.lines["RUS"]
    assert first.beyond_held == pytest.approx((0.2, 0.2, 0.2))
    assert first.score == pytest.approx((0.0, 0.1, 0.2))
    assert second.score == pytest.approx((0.2, 0.3, 0.4))
    (theirs,) = got.lines["UKR"]
    assert theirs.expected == pytest.approx((0.2, 0.3, 0.4))
    assert theirs.score == pytest.approx((0.5, 0.5, 0.5))  # it holds .4 and expects less
    assert got.gap == pytest.approx((0.1, 1.0))
    assert got.maximalism["RUS"].raised == 1.0
    assert got.settlement is not None
    assert got.settlement.low_interval == pytest.approx((0.55, 0.75))
    assert got.settlement.high_interval == pytest.approx((0.65, 0.85))


def test_a_given_expectation_takes_the_place_of_the_rate():
    areas = [held([DAY], [0.6])]
    (got,) = measure_demands("RUS", "UKR", [said("RUS", 1.0, DAY)], areas, rates={}, expected=(0.7, 0.9))
    assert got.lines["RUS"][0].score == pytest.approx((0.1, 0.2, 0.3))


def test_items_without_territory_have_demands_and_no_score():
    (got,) = measure_demands("RUS", "UKR", [said("RUS", 0.8, DAY, "neutrality")], [], rates={})
    assert got.lines["RUS"][0].score is None
    assert got.maximalism == {}
    assert got.settlement is None


def test_the_whole_weighs_places_by_area():
    areas = [held([DAY, DAY + 40], [0.6, 0.6]), held([DAY, DAY + 40], [1.0, 1.0], place="UKR/Luhansk")]
    positions = [said("RUS", 1.0, DAY), said("RUS", 0.8, DAY + 5, "luhansk")]
    items = measure_demands("RUS", "UKR", positions, areas, rates={})
    whole = measure_whole("RUS", items, areas, holder=True)
    small, large = AREA, LAND_AREAS["UKR/Luhansk"]
    assert whole is not None
    # before it spoke of Luhansk that counts as asked for as held
    assert whole.demand == pytest.approx([1.0, (small + 0.8 * large) / (small + large)])
    assert whole.held[:, 1] == pytest.approx((0.6 * small + large) / (small + large))
    days, path = demand_path("RUS", items)
    assert days.tolist() == [DAY + 5]
    assert path == pytest.approx(whole.demand[1:])
    assert held_path(items, areas)[1][:, 1] == pytest.approx(whole.held[:, 1])


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"expected": (0.8, 0.2)}, "expected is 0.8"), ({"cost": (0.0, 2.0)}, "cost is 0"), ({"months": -1.0}, "months")],
)
def test_ranges_are_checked(changed, message):
    with pytest.raises(InputError, match=message):
        measure_demands("RUS", "UKR", [], [], rates={}, **changed)
