"""Months and days as periods: against brute force over every day that a date may stand for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_panels import attribute, dispute, store, tie

from tripoint.errors import InputError
from tripoint.panels import panel
from tripoint.panels.base import state_periods
from tripoint.panels.frame import Panel
from tripoint.panels.landing import Cover, land
from tripoint.panels.peace import peace_spells, unsettled
from tripoint.panels.periods import between
from tripoint.panels.places import Places
from tripoint.panels.rows import parted
from tripoint.sources.assemble import cover
from tripoint.states.timeline import bearers

DAY = timedelta(days=1)
GRAINS = ("month", "day")
FIRST, LAST = date(1990, 3, 1), date(1991, 4, 30)
NAMES = {"USA": 2, "CAN": 20, "CHN": 710, "IND": 750}


def block(day: date, precision: str) -> tuple[date, date]:
    """First and last day that a date of some precision may stand for."""
    if precision == "day":
        return day, day
    if precision == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day.replace(day=1), after - DAY


def as_read(start: date, end: date | None, precision: str) -> tuple[date, date | None]:
    """How the record writes a spell: the first and last day that are possible."""
    return block(start, precision)[0], end and block(end, precision)[1]


def periods_of(grain: str, first: date, last: date) -> list[tuple[date, date]]:
    found, day = [], first
    while day <= last:
        found.append(block(day, grain))
        day = found[-1][1] + DAY
    return found


def overlap(a: date, z: date, period: tuple[date, date]) -> bool:
    return a <= period[1] and period[0] <= z


def touches(start: date, end: date | None, precision: str, period: tuple[date, date]) -> tuple[bool, bool]:
    """Whether a spell may, and must, touch a period: over all true first and last days, by their extremes."""
    (s0, s1), (e0, e1) = block(start, precision), block(end, precision) if end else (date.max, date.max)
    return overlap(s0, e1, period), s1 <= e0 and overlap(s1, e0, period)


def begins(start: date, precision: str, period: tuple[date, date]) -> tuple[bool, bool]:
    low, high = block(start, precision)
    return overlap(low, high, period), period[0] <= low and high <= period[1]


def spells(number: int, seed: int) -> list[tuple[str, str, date, date | None, str]]:
    random = np.random.default_rng(seed)
    found = []
    for _ in range(number):
        a, b = random.choice(list(NAMES), 2, replace=False)
        start = date(1989, 6, 1) + timedelta(days=int(random.integers(0, 700)))
        end = start + timedelta(days=int(random.exponential(120))) if random.random() < 0.8 else None
        found.append((str(a), str(b), start, end, str(random.choice(["day", "month", "year"], p=[0.6, 0.25, 0.15]))))
    return found


@pytest.mark.parametrize("grain", GRAINS)
@pytest.mark.parametrize("seed", range(3))
def test_ties_are_on_off_or_in_doubt_as_their_dates_say(tmp_path, grain, seed):
    made = spells(20, seed)
    rows = [
        tie(a, b, "defense pact", *(d and d.isoformat() for d in as_read(s, e, p)), precision=p)
        for a, b, s, e, p in made
    ]
    evidence = store(tmp_path, ("atop", "commitments", rows, [cover("defense pact", 1815, 2018, silence="none")]))
    frame = panel(f"dyad-{grain}", FIRST, LAST, evidence=evidence).add("atop_defense").to_polars()
    periods = periods_of(grain, FIRST, LAST)
    doubtful = 0
    for one, a in NAMES.items():
        for two, b in NAMES.items():
            if one == two:
                continue
            mine = [spell[2:] for spell in made if spell[:2] == (one, two)]
            wanted = []
            for period in periods:
                found = [touches(*spell, period) for spell in mine]
                wanted.append(1 if any(must for _, must in found) else None if any(may for may, _ in found) else 0)
            doubtful += wanted.count(None)
            assert frame.filter(ccode1=a, ccode2=b)["atop_defense"].to_list() == wanted, (one, two)
    assert doubtful
    vague = sum(p == "year" or (p == "month" and grain == "day") for _, _, s, e, p in made if in_panel(s, e, p))
    book = panel(f"dyad-{grain}", FIRST, LAST, evidence=evidence).add("atop_defense").codebook()
    assert book.filter(name="atop_defense")["vague"].item() == vague


def in_panel(start: date, end: date | None, precision: str) -> bool:
    return touches(start, end, precision, (FIRST, LAST))[0]


@pytest.mark.parametrize("grain", GRAINS)
def test_what_began_is_counted_where_it_surely_did(tmp_path, grain):
    made = spells(30, 9)
    rows = [
        {
            **{"state_a": min(a, b), "state_b": max(a, b), "kind": "joint exercise", "directed": False, "count": 1},
            **dict(zip(("start", "end"), as_read(s, e, p), strict=True)),
            "precision": p,
        }
        for a, b, s, e, p in made
    ]
    evidence = store(tmp_path, ("mme", "events", rows, [cover("joint exercise", 1980, 2010, silence="none")]))
    frame = panel(f"dyad-{grain}", FIRST, LAST, evidence=evidence, system="gw").add("exercises").to_polars()
    for one, a in NAMES.items():
        for two, b in NAMES.items():
            if one == two:
                continue
            mine = [spell for spell in made if set(spell[:2]) == {one, two} and in_panel(*spell[2:])]
            wanted = []
            for period in periods_of(grain, FIRST, LAST):
                found = [begins(s, p, period) for _, _, s, _, p in mine]
                doubt = any(may and not must for may, must in found)
                wanted.append(None if doubt else sum(must for _, must in found))
            assert frame.filter(gwcode1=a, gwcode2=b)["exercises"].to_list() == wanted, (one, two)


@pytest.mark.parametrize("system", ["cow", "gw"])
@pytest.mark.parametrize("grain", GRAINS)
def test_rows_are_the_pairs_that_share_a_day_of_the_period(system, grain):
    """Around the ends of 1918, 1945 and 1990, with states that come, go and follow each other."""
    for first, last in ((date(1918, 10, 20), date(1919, 1, 10)), (date(1990, 9, 25), date(1990, 11, 3))):
        book = bearers(system, True)
        cut = {"month": 7, "day": 10}[grain]
        base = state_periods(system, between(grain, first.isoformat()[:cut], last.isoformat()[:cut]))
        for p, (a, z) in enumerate(base.periods.days(k) for k in range(base.span)):
            days = [a + timedelta(days=k) for k in range((z - a).days + 1)]
            here = {int(c): {d for d in days if any(d in s.span for s in found)} for c, found in book.items()}
            codes = sorted(c for c, found in here.items() if found)
            assert base.codes[base.side[base.period == p]].tolist() == codes
            wanted = [(x, y) for x in codes for y in codes if x != y and here[x] & here[y]]
            mine = base.dyads.period == p
            got = zip(base.codes[base.dyads.one[mine]], base.codes[base.dyads.two[mine]], strict=True)
            assert [(int(x), int(y)) for x, y in got] == wanted
        assert base.dyads.rows == base.dyad_rows


@given(st.dates(date(1816, 1, 1), date(2100, 12, 31)), st.integers(0, 900), st.sampled_from(["year", "month", "day"]))
def test_positions_days_and_labels_agree(first, days, grain):
    last = min(first + timedelta(days=days), date(2100, 12, 31))
    cut = {"year": 4, "month": 7, "day": 10}[grain]
    periods = between(grain, first.isoformat()[:cut], last.isoformat()[:cut])
    wanted = periods_of(grain, block(first, grain)[0], last)
    assert [periods.days(k) for k in range(periods.span)] == wanted
    assert periods.starts().tolist() == [a for a, _ in wanted]
    every = pl.Series([first, last])
    assert periods.positions(every).tolist() == [periods.position(d) for d in every] == [0, periods.span - 1]
    coarse, at = periods.in_coarser("year")
    assert [coarse.days(k)[0].year for k in at] == [a.year for a, _ in wanted]


@pytest.fixture
def evidence(tmp_path):
    day, month = {"precision": "day"}, {"precision": "month"}
    notes = "hostlev=4 fatality=0 recip=0 stmon=3"
    span = lambda a, z: {"start": date.fromisoformat(a), "end": date.fromisoformat(z)}  # noqa: E731
    events = [
        dispute(1, "CHN", "IND", 1990, f"onset=1 {notes}") | span("1990-03-10", "1990-05-04") | day,
        dispute(2, "CHN", "IND", 1990, f"onset=1 hostlev=5 {notes}") | span("1990-05-02", "1990-05-03") | day,
        dispute(3, "CAN", "USA", 1990, f"onset=1 {notes}") | span("1990-06-01", "1990-09-30") | month,
        dispute(4, "CAN", "USA", 1991, f"onset=1 {notes}"),
    ]
    ties = [
        tie("USA", "CAN", "defense pact", "1990-04-04", "1990-06-10"),
        tie("DEU", "FRA", "defense pact", "1989-01-01", None),
        tie("CHN", "IND", "defense pact", "1990-01-01", "1990-12-31", precision="month"),
    ]
    return store(
        tmp_path,
        ("gml-mid", "events", events, [cover("dispute", 1816, 2010, silence="none")]),
        ("atop", "commitments", ties, [cover("defense pact", date(1815, 1, 1), date(1990, 12, 15), silence="none")]),
        (
            "cow-nmc",
            "attributes",
            [attribute("CHN", 1990, 0.1), attribute("CHN", 1991, 0.2)],
            [cover("capability index", 1816, 2022, partners="", silence="unproven")],
        ),
    )


def cells(frame, column, one, two):
    return frame.filter(ccode1=one, ccode2=two)[column].to_list()


def test_disputes_by_month_and_day(evidence):
    made = panel("dyad-month", "1990-02", "1991-02", evidence=evidence).add("disputes")
    frame = made.to_polars()
    assert cells(frame, "gmlmidongoing", 710, 750) == [0, 1, 1, 1, *[0] * 9]
    assert cells(frame, "gmlmidonset", 750, 710) == [0, 1, 0, 1, *[0] * 9], "a second dispute began in May"
    assert cells(frame, "gmlmiddispnum", 710, 750)[:5] == [None, 1, 1, 2, None], "one that begins goes first"
    assert cells(frame, "gmlmidongoing", 2, 20) == [*[0] * 4, *[1] * 4, *[0] * 3, None, None]
    assert cells(frame, "gmlmidonset", 2, 20) == [*[0] * 4, 1, *[0] * 6, None, None], "a year is no month"
    assert made.codebook().filter(name="gmlmidonset")["meaning"].item() == "1 in the first month of the pair's dispute"
    assert "gml-mid dates 1 of its facts (dispute) too coarsely for months" in repr(made)
    late = panel("dyad-month", "1990-04", "1990-05", evidence=evidence).add("disputes").to_polars()
    assert cells(late, "gmlmidonset", 710, 750) == [0, 1], "the first dispute began before the panel does"
    days = panel("dyad-day", "1990-05-30", "1990-07-02", evidence=evidence).add("disputes").to_polars()
    june = [None] * 29
    assert cells(days, "gmlmidongoing", 2, 20) == [0, 0, *june, 1, 1, 1]
    assert cells(days, "gmlmidonset", 2, 20) == [0, 0, *june, None, 0, 0], "it may have begun on the last day of June"


def test_the_time_columns(evidence):
    month = panel("state-month", "1990-11", "1991-01", evidence=evidence).to_polars().filter(ccode=2)
    assert month.select("year", "month").rows() == [(1990, 11), (1990, 12), (1991, 1)]
    day = panel("state-day", "1990-12-31", date(1991, 1, 1), evidence=evidence).to_polars().filter(ccode=2)
    assert day.select("year", "month", "date").rows() == [(1990, 12, date(1990, 12, 31)), (1991, 1, date(1991, 1, 1))]
    assert (
        panel("state-month", 1990, 1990, evidence=evidence).shape[0]
        == panel("state-month", "1990-01", "1990-12", evidence=evidence).shape[0]
    )


def test_a_state_is_on_the_rows_of_its_days(evidence):
    """West Germany is 260 to 2 October 1990 and Germany 255 from the 3rd; they are no pair on any day."""
    days = panel("state-day", "1990-10-01", "1990-10-04", evidence=evidence).add("state").to_polars()
    assert days.filter(ccode=260)["date"].dt.day().to_list() == [1, 2]
    assert days.filter(ccode=255)["date"].dt.day().to_list() == [3, 4]
    months = panel("dyad-month", "1990-09", "1990-11", evidence=evidence).add("atop_defense").to_polars()
    assert cells(months, "month", 260, 220) == [9, 10]
    assert cells(months, "month", 255, 220) == [10, 11]
    assert cells(months, "month", 255, 260) == []
    assert cells(months, "atop_defense", 260, 220) == [1, 1]
    assert cells(months, "atop_defense", 255, 220) == [1, 1]


def test_a_state_named_for_a_year_of_succession_stands_for_all_of_it(tmp_path):
    """Sources by year give 1992 to the Federal Republic of Yugoslavia, which bore 345 from 27 April."""
    notes = "onset=1 hostlev=4"
    span = {"start": date(1992, 2, 1), "end": date(1992, 6, 30), "precision": "day"}
    events = [dispute(1, "HRV", "SCG", 1992, notes) | span]
    evidence = store(tmp_path, ("gml-mid", "events", events, [cover("dispute", 1816, 2010, silence="none")]))
    frame = panel("dyad-month", 1992, 1992, evidence=evidence).add("gmlmidongoing").to_polars()
    assert cells(frame, "gmlmidongoing", 344, 345) == [0, *[1] * 5, *[0] * 6]


def test_coverage_ends_with_its_day(evidence):
    ties = panel("dyad-day", "1990-12-14", "1990-12-17", evidence=evidence).add("atop_defense").to_polars()
    assert cells(ties, "atop_defense", 20, 2) == [0, 0, None, None]
    month = panel("dyad-month", "1990-11", "1991-01", evidence=evidence).add("atop_defense").to_polars()
    assert cells(month, "atop_defense", 20, 2) == [0, None, None], "half of December is not covered"


def test_what_is_dated_by_year_is_refused_or_repeated_and_said(evidence):
    made = panel("dyad-month", "1990-12", "1991-01", evidence=evidence)
    with pytest.raises(InputError, match=r"cow-nmc dates 'cinc' by year, not by month.*broadcast=True"):
        made.add("cinc")
    both = made.add("cinc", broadcast=True).add("atop_defense", broadcast=True)
    assert cells(both.to_polars(), "cinc1", 710, 750) == [0.1, 0.2]
    book = {row["name"]: row for row in both.codebook().to_dicts()}
    assert (book["cinc2"]["dated"], book["atop_defense"]["dated"]) == ("year, repeated", "month")
    assert "Repeated for every month of the year: cinc1, cinc2" in repr(both)
    assert "Repeated for every month of the year: cinc1, cinc2" in both._repr_html_()
    days = panel("dyad-day", "1990-12-31", "1991-01-01", evidence=evidence).add("peace_years", broadcast=True)
    assert days.codebook().filter(name="gmlmidspell")["dated"].item() == "month, repeated"
    states = panel("state-month", "1990-12", "1991-01", evidence=evidence).add("cinc", broadcast=True).to_polars()
    assert states.filter(ccode=710)["cinc"].to_list() == [0.1, 0.2]


def test_lags_count_periods(evidence):
    made = panel("dyad-month", "1990-02", "1991-02", evidence=evidence).add("disputes")
    frame = made.lag("gmlmidongoing").lag("gmlmidongoing", years=1).lag("gmlmidongoing", months=-2).to_polars()
    on = [0, 1, 1, 1, *[0] * 9]
    assert cells(frame, "gmlmidongoing_lag1", 710, 750) == [0, *on[:-1]]
    assert cells(frame, "gmlmidongoing_lag12", 710, 750) == [0] * 13
    assert cells(frame, "gmlmidongoing_lead2", 710, 750) == [*on[2:], 0, 0]
    with pytest.raises(InputError, match="a lag of days=3 cannot be counted in periods of one month; give months="):
        made.lag("gmlmidongoing", days=3)
    with pytest.raises(InputError, match="years=1 and months=1"):
        made.lag("gmlmidongoing", years=1, months=1)
    days = panel("dyad-day", "1990-03-09", "1990-03-12", evidence=evidence).add("gmlmidongoing").lag("gmlmidongoing")
    assert cells(days.to_polars(), "gmlmidongoing_lag1", 710, 750) == [0, 0, 1, 1]


def test_peace_months(evidence):
    base = panel("dyad-month", "1990-02", "1991-02", evidence=evidence)
    frame = base.add("peace_years", history="panel").to_polars()
    assert cells(frame, "gmlmidspell", 710, 750) == [0, 1, 0, 0, *range(9)]
    assert cells(frame, "gmlmidspell", 2, 20) == [0, 1, 2, 3, 4, 0, 0, 0, 0, 1, 2, 3, None]
    whole = base.add("peace_years")
    assert whole.codebook().filter(name="gmlmidspell")["unit"].item() == "months"
    since = (1990 - 1947) * 12 + 2 - 8  # India entered the system in August 1947
    assert cells(whole.to_polars(), "gmlmidspell", 710, 750)[:3] == [since, since + 1, 0]


rows_of_two = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20)


@given(rows_of_two)
def test_a_count_over_a_doubt_is_not_known(rows):
    event, maybe = (np.array(c) for c in zip(*rows, strict=True))
    one, two, period = np.zeros(len(rows), int), np.ones(len(rows), int), np.arange(len(rows))
    count = peace_spells(one, two, period, event)
    found = unsettled(one, two, period, event, maybe)
    assert found.tolist() == [any(maybe[k - count[k] : k]) for k in range(len(rows))]


@pytest.mark.parametrize(("directed", "limit", "history"), [(True, 60_000, "panel"), (False, 35_000, "all")])
def test_a_panel_in_parts_is_the_panel(evidence, tmp_path, directed, limit, history):
    whole = panel("dyad-month", "1990-04", "1990-07", directed=directed, evidence=evidence)
    states = state_periods("cow", between("month", "1990-04", "1990-07"))
    rows = parted("dyad-month", states, directed=directed, limit=limit)
    assert len(rows.parts) > 2
    parts = Panel(rows, Places(rows.states, evidence), whole.registry)
    made = [
        p.add("atop", "disputes")
        .add("cinc", broadcast=True)
        .add("peace_years", "codes", history=history)
        .lag("gmlmidongoing", "cinc1")
        for p in (whole, parts)
    ]
    assert made[0].shape == made[1].shape
    assert made[1].to_polars().equals(made[0].to_polars())
    assert made[1].estimate_memory() == made[0].estimate_memory()
    assert made[1].head(7).equals(made[0].head(7))
    assert made[1].to_parquet(tmp_path / "parts.parquet", block=5_000) == made[0].shape[0]
    assert pl.DataFrame(pq.read_table(tmp_path / "parts.parquet")).equals(made[0].to_polars())


def test_huge_panels_are_counted_before_they_are_made(evidence):
    made = panel("dyad-day", 1816, 2025, evidence=evidence).add("atop_defense")
    here = made.rows.states.member.sum(axis=0, dtype=int)
    assert made.shape[0] == int(here @ (here - 1)) > 800_000_000
    assert made.estimate_memory() > 9e9
    assert len(made.rows.parts) > 50
    assert made.head().height == 5
    few = panel("state-day", 1990, 1991, evidence=evidence)
    with pytest.raises(InputError, match="to count partners would take"):
        few.add("atop_defense")
    month = panel("state-month", "1990-04", "1990-07", evidence=evidence).add("atop_defense").to_polars()
    assert month.filter(ccode=2)["atop_defense_partners"].to_list() == [1, 1, 1, 0]


def test_a_doubtful_value_unsettles_only_what_it_would_change():
    here = np.ones(4, bool)
    doubts = (np.array([0, 1, 2]), np.array([1.0, 3.0, 2.0]))
    sure = np.array([0, 1]), np.array([2.0, 2.0])
    for combine, known in (
        ("max", [True, False, False, True]),
        ("min", [False, True, False, True]),
        ("sum", [False, False, False, True]),
        ("last", [False, False, False, True]),
    ):
        found = land(Cover(here, here), *sure, absent=0.0, dtype="float64", combine=combine, doubts=doubts)
        assert found.known.tolist() == known, combine


@pytest.mark.parametrize(
    ("unit", "start", "end", "message"),
    [
        ("dyad-month", "1990-13", "1991-01", "'1990-13': there is no month 13"),
        ("dyad-day", "1990-02-30", "1990-03-01", "'1990-02-30': there is no such day"),
        ("dyad-month", "1991-02", "1991-01", "months from 1991-02 to 1991-01: the first comes after the last"),
        (
            "dyad-month",
            date(1990, 1, 2),
            1991,
            "'1990-01-02' is within a month; a panel of months begins with the first day",
        ),
        ("dyad-year", 1990, "1991-11", "'1991-11' is within a year; a panel of years ends with the last day of one"),
        ("dyad-year", "ninety", 1991, "'ninety' is no time"),
        ("dyad-year", 1990.5, 1991, "1990.5 is no year"),
        ("dyad-year", 90, 1991, "years from 90 to 1991: the state systems are listed from 1816"),
        ("dyad-year", None, 1991, "None is no time"),
        ("dyad-year", True, 1991, "True is no time"),
        ("dyad-day", "1815-12-31", "1816-01-02", "days from 1815-12-31 to 1816-01-02: the state systems are listed"),
    ],
)
def test_times_that_cannot_be(evidence, unit, start, end, message):
    with pytest.raises(InputError) as error:
        panel(unit, start, end, evidence=evidence)
    assert message in str(error.value)


def test_times_as_people_write_them(evidence):
    wanted = panel("dyad-year", 1990, 1991, evidence=evidence).shape
    for start, end in (("1990", "1991"), (1990.0, np.int64(1991)), (np.datetime64("1990"), 1991)):
        assert panel("dyad-year", start, end, evidence=evidence).shape == wanted
    assert panel("dyad-year", date(1990, 1, 1), "1991-12-31", evidence=evidence).shape == wanted
    days = panel("state-day", "1990-2", "1990-3-1", evidence=evidence)
    assert days.rows.states.span == 29
    assert replace(days, columns=()).years == (1990, 1990)


def test_stata_keeps_days_as_days(evidence, tmp_path):
    import pandas as pd

    made = panel("state-day", "1990-01-01", "1990-01-02", evidence=evidence).add("state")
    made.to_stata(tmp_path / "days.dta")
    again = pd.read_stata(tmp_path / "days.dta")
    assert again["date"].tolist()[:2] == [pd.Timestamp("1990-01-01"), pd.Timestamp("1990-01-02")]
