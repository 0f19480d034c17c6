from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_panels import attribute, flow, store, tie

from tripoint.panels import panel
from tripoint.panels.base import state_years
from tripoint.panels.places import Places
from tripoint.sources.assemble import cover

FIRST, LAST = 1989, 1993
NAMES = {"USA": {2}, "RUS": {365}, "SUN": {365}, "DEU": {255, 260}, "CHN": {710}}


class _Lines:
    """Stands in for the evidence where only its lines of coverage are asked for."""

    def __init__(self, lines):
        self.lines = lines

    def sql(self, query, parameters):
        assert parameters == ["made-up", "visit"]
        return pl.DataFrame(
            self.lines,
            schema={"states": str, "partners": str, "start": pl.Date, "end": pl.Date, "complete": bool},
            orient="row",
        )


BASE = state_years("cow", FIRST, LAST)
listed = st.one_of(st.just("*"), st.sets(st.sampled_from(sorted(NAMES)), min_size=1).map(lambda s: " ".join(sorted(s))))
days = st.dates(date(1988, 6, 1), date(1994, 6, 1))
lines = st.tuples(listed, listed, days, days, st.booleans()).map(lambda t: (*t[:2], *sorted(t[2:4]), t[4]))


WATCHED = [
    (row, one, two, year)
    for row, (one, two, year) in enumerate(
        zip(*(BASE.codes[s].tolist() for s in (BASE.dyads.one, BASE.dyads.two)), BASE.dyads.period + FIRST, strict=True)
    )
    if {one, two} <= {2, 20, 255, 260, 365, 710}
]


def _means(code, year, ids):
    """Whether listed ids stand for a code in a year."""
    if ids == "*":
        return True
    held = {"SUN": year <= 1991, "RUS": year >= 1991}
    return any(code in NAMES[i] and held.get(i, True) for i in ids.split())


@settings(max_examples=40, deadline=None)
@given(st.lists(lines, max_size=3), st.booleans())
def test_coverage_is_what_its_lines_say(given_, directed):
    places = Places(BASE, _Lines(given_))
    found = places.cover("made-up", "visit", "cow", dyads=True, directed=directed)
    for row, one, two, year in WATCHED:
        first, last = date(year, 1, 1), date(year, 12, 31)
        some = whole = False
        for states, partners, start, end, complete in given_:
            here = _means(one, year, states) and _means(two, year, partners)
            if not directed:
                here |= _means(two, year, states) and _means(one, year, partners)
            some |= here and start <= last and first <= end
            whole |= here and start <= first and last <= end and complete
        assert (bool(found.some[row]), bool(found.whole[row])) == (some, whole), (one, two, year)


def test_what_one_does_to_another_says_nothing_of_the_way_back(tmp_path):
    """A list of what the US imposes must not become a list of what is not imposed on the US."""
    evidence = store(
        tmp_path,
        (
            "eusanct",
            "commitments",
            [tie("USA", "CUB", "sanction", "1990-01-01", "1995-06-30")],
            [cover("sanction", 1989, 2015, states="USA", silence="none")],
        ),
    )
    frame = panel("dyad-year", 1988, 1996, evidence=evidence).add("sanctions").to_polars()

    def cells(one, two):
        return frame.filter(ccode1=one, ccode2=two)["eusanct"].to_list()

    assert cells(2, 40) == [None, 0, *[1] * 6, 0]
    assert cells(2, 20) == [None, *[0] * 8]
    assert cells(40, 2) == [None] * 9
    assert cells(20, 40) == [None] * 9
    once = panel("dyad-year", 1988, 1996, directed=False, evidence=evidence).add("sanctions").to_polars()
    assert once.filter(ccode1=2, ccode2=40)["eusanct"].to_list() == [None, None, *[1] * 6, None]


def test_germany_of_1990_is_two_rows(tmp_path):
    """The code in a record's own key decides; a tie by days goes where its days are."""
    evidence = store(
        tmp_path,
        (
            "cow-trade",
            "flows",
            [
                flow("FRA", "DEU", 1990, 7.0, locator="255-220-1990"),
                flow("ITA", "DEU", 1990, 9.0, locator="260-325-1990"),
                flow("DEU", "FRA", 1989, 3.0, locator="220-260-1989"),
            ],
            [cover("goods trade", 1870, 2014, silence="unproven")],
        ),
        (
            "atop",
            "commitments",
            [
                tie("DEU", "FRA", "defense pact", "1985-01-01", "1990-10-02"),
                tie("DEU", "ITA", "defense pact", "1990-10-03", None),
                tie("DEU", "BEL", "defense pact", "1985-01-01", None),
            ],
            [cover("defense pact", 1815, 2018, silence="none")],
        ),
        (
            "cow-nmc",
            "attributes",
            [
                attribute("YEM", 1990, 0.25, locator="678-1990/cinc"),
                attribute("YEM", 1991, 0.5, locator="679-1991/cinc"),
            ],
            [cover("capability index", 1816, 2022, partners="", silence="unproven")],
        ),
    )
    frame = panel("dyad-year", 1989, 1991, evidence=evidence).add("trade", "atop_defense", "cinc").to_polars()

    def cell(one, two, year, column):
        return frame.filter(ccode1=one, ccode2=two, year=year)[column].item()

    assert (cell(255, 220, 1990, "flow1"), cell(260, 220, 1990, "flow1")) == (7.0, None)
    assert (cell(220, 255, 1990, "flow2"), cell(325, 260, 1990, "flow2")) == (7.0, 9.0)
    assert cell(255, 325, 1990, "flow1") is None
    assert (cell(220, 260, 1989, "flow1"), cell(260, 220, 1989, "flow2")) == (3.0, 3.0)
    assert (cell(260, 220, 1990, "atop_defense"), cell(255, 220, 1990, "atop_defense")) == (1, 0)
    assert (cell(260, 325, 1990, "atop_defense"), cell(255, 325, 1990, "atop_defense")) == (0, 1)
    assert (cell(260, 211, 1990, "atop_defense"), cell(255, 211, 1990, "atop_defense")) == (1, 1)
    assert (cell(678, 2, 1990, "cinc1"), cell(679, 2, 1990, "cinc1"), cell(679, 2, 1991, "cinc1")) == (0.25, None, 0.5)


def test_a_state_outside_the_source_s_system_is_not_covered(tmp_path):
    """Gleditsch and Ward count Tibet; a list of COW members cannot say that it had no allies."""
    evidence = store(
        tmp_path,
        (
            "atop",
            "commitments",
            [tie("CHN", "SUN", "defense pact", "1930-01-01", None)],
            [cover("defense pact", 1815, 2018, silence="none")],
        ),
    )
    frame = panel("dyad-year", 1930, 1931, system="gw", evidence=evidence).add("atop_defense").to_polars()
    assert frame.filter(gwcode1=710, gwcode2=365)["atop_defense"].to_list() == [1, 1]
    assert frame.filter(gwcode1=365, gwcode2=710)["atop_defense"].to_list() == [0, 0]
    assert frame.filter(gwcode1=711, gwcode2=710)["atop_defense"].to_list() == [None, None]


@pytest.mark.parametrize(("end", "cells"), [("1992-06-30", [1, 1, None]), ("1992-12-31", [1, 1, None])])
def test_nothing_is_known_after_coverage_ends(tmp_path, end, cells):
    """Neither a tie that is still on nor the absence of one reaches beyond the source."""
    ties = [tie("USA", "CAN", "defense pact", "1991-01-01", None)]
    evidence = store(
        tmp_path,
        (
            "atop",
            "commitments",
            ties,
            [cover("defense pact", date(1816, 1, 1), date.fromisoformat(end), silence="none")],
        ),
    )
    frame = panel("dyad-year", 1991, 1993, evidence=evidence).add("atop_defense").to_polars()
    assert frame.filter(ccode1=2, ccode2=20)["atop_defense"].to_list() == cells
    absent = 0 if end.endswith("12-31") else None
    assert frame.filter(ccode1=20, ccode2=2)["atop_defense"].to_list() == [0, absent, None]
    assert frame["atop_defense"].dtype == pl.Int8
    assert np.array_equal(frame["year"].unique().sort(), [1991, 1992, 1993])
