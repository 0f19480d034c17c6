"""What is known, what is not, and until when: made-up facts and lines of coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.evidence.coverage import STATUSES, Coverage, Search, Status, coverage_of, joint_status, last_seen
from tripoint.evidence.freshness import shelf_life
from tripoint.evidence.query import connect
from tripoint.evidence.store import write_edition
from tripoint.record import KINDS
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

RUS_CHN = ("RUS", "CHN")
Make = Callable[..., Coverage]


def tie(kind: str, start: str | None, end: str | None = None, pair: tuple[str, str] = RUS_CHN, **more: Any) -> dict:
    days = {"start": start and date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    row = {"state_a": pair[0], "state_b": pair[1], "kind": kind, "directed": False, **days, "precision": "day"}
    return {**row, "instrument": "made up", "table": "commitments", **more}


def event(kind: str, start: str, end: str | None = None, **more: Any) -> dict:
    days = {"start": date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    row = {"state_a": "RUS", "state_b": "CHN", "kind": kind, "directed": False, **days, "precision": "day"}
    return {**row, "title": "made up", "table": "events", **more}


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Coverage of sources: each a name, its rows and its lines."""

    def build(**sources: tuple[Iterable[dict], Iterable[dict[str, object]]]) -> Coverage:
        for name, (rows, lines) in sources.items():
            tables = {}
            for table in ("commitments", "events"):
                mine = [{k: v for k, v in r.items() if k != "table"} for r in rows if r["table"] == table]
                if mine:
                    frame = pl.DataFrame(mine, infer_schema_length=None)
                    tables[table] = frame.with_columns(locator=pl.format("row {}", pl.int_range(pl.len())))
            reading = assemble(Files(entry(name), {}), tables, rows_in=len(list(rows)), coverage=lines)
            write_edition(tmp_path, reading, entry(name), receipts(), digest(name=name))
        return coverage_of(connect(tmp_path))

    return build


def whole(kind: str, start: int, end: int | date, **more: Any) -> dict[str, object]:
    return cover(kind, start, end, silence="none", **more)


# ---- silence


def test_silence_has_three_meanings(make: Make) -> None:
    lines = [whole("visit", 2000, 2020), cover("arms agreement", 2000, 2020, silence="unproven")]
    known = make(one=([], [*lines, cover("clash", 2000, 2020)]))
    assert known.status("visit", RUS_CHN).status == "none found"
    assert known.status("arms agreement", RUS_CHN).status == "searched in part"
    assert known.status("clash", RUS_CHN).status == "searched in part"
    assert known.status("dispute", RUS_CHN).status == "not searched"
    assert known.status("dispute", RUS_CHN).period is None


def test_none_found_says_to_which_day_and_by_whom(make: Make) -> None:
    listed = [cover("visit", 2000, 2025, states="RUS", partners="CHN")]
    known = make(list=([], [whole("visit", 2000, 2020)]), hand=([], listed))
    found = known.status("visit", RUS_CHN)
    assert (found.sources, found.period) == (("list",), (date(2000, 1, 1), date(2020, 12, 31)))
    assert found.words == "none found, complete to 2020-12"


@pytest.mark.parametrize(
    ("states", "partners", "pair", "speaks"),
    [
        ("*", "*", RUS_CHN, True),
        ("RUS", "CHN", RUS_CHN, True),
        ("RUS", "CHN", ("CHN", "RUS"), True),
        ("SUN", "*", RUS_CHN, True),  # Russia continues the Soviet Union
        ("RUS CHN", "IND", RUS_CHN, False),
        ("RUS", "*", ("USA", "CHN"), False),
    ],
)
def test_a_line_speaks_of_a_pair_either_way_round(
    make: Make, states: str, partners: str, pair: tuple[str, str], speaks: bool
) -> None:
    known = make(one=([], [whole("visit", 1900, 2020, states=states, partners=partners)]))
    assert bool(known.of("visit", pair)) is speaks
    assert known.status("visit", pair).status == ("none found" if speaks else "not searched")


def test_a_line_about_one_state(make: Make) -> None:
    known = make(one=([], [whole("major power", 1900, 2016, states="USA SUN", partners="")]))
    assert [known.status("major power", s).status for s in ("RUS", "IND")] == ["none found", "not searched"]


# ---- periods


@pytest.mark.parametrize(
    ("kind", "since", "until", "status"),
    [
        ("visit", "2001-01-01", "2020-12-31", "none found"),
        ("visit", "2001-01-01", "2022-02-04", "none found"),  # 400 days after the search ended
        ("visit", "2001-01-01", "2022-02-05", "searched in part"),  # 401
        ("visit", "1999-12-31", "2010-12-31", "searched in part"),  # begins before the search
        ("visit", "2021-01-01", "2021-12-31", "not searched"),  # nothing of the year was searched
        ("visit", "1990-01-01", "1999-12-31", "not searched"),
        ("defense pact", "2021-06-01", "2021-06-01", "none found"),  # a standing tie does not come overnight
        ("defense pact", "2022-06-01", "2022-06-01", "not searched"),
    ],
)
def test_none_found_of_a_period_needs_all_of_it_searched(
    make: Make, kind: str, since: str, until: str, status: str
) -> None:
    known = make(one=([], [whole("visit", 2000, 2020), whole("defense pact", 2000, 2020)]))
    period = date.fromisoformat(since), date.fromisoformat(until)
    assert known.status(kind, RUS_CHN, period).status == status


def test_lists_that_follow_each_other_cover_the_period_together(make: Make) -> None:
    known = make(old=([], [whole("visit", 1990, 2000)]), new=([], [whole("visit", 2001, 2010)]))
    period = (date(1995, 1, 1), date(2010, 12, 31))
    found = known.status("visit", RUS_CHN, period)
    assert (found.status, found.sources) == ("none found", ("new", "old"))
    gap = make(later=([], [whole("clash", 1990, 2000), whole("clash", 2003, 2010)]))
    assert gap.status("clash", RUS_CHN, period).status == "searched in part"


# ---- facts


def test_found_last_known_and_what_was_there_before(make: Make) -> None:
    rows = [event("visit", "2005-03-01"), event("clash", "2005-03-01")]
    known = make(one=(rows, [whole("visit", 2000, 2010), whole("clash", 2000, 2020)]))
    assert known.status("visit", RUS_CHN, (date(2005, 1, 1), date(2005, 12, 31))).status == "found"
    after = (date(2015, 1, 1), date(2015, 12, 31))
    assert known.status("visit", RUS_CHN, after).words == "last known 2005-03"
    assert known.status("clash", RUS_CHN, after).status == "none found"


def test_a_tie_is_in_force_for_its_shelf_life_after_its_source_ended_and_then_not_known(make: Make) -> None:
    known = make(one=([tie("defense pact", "1950-02-14")], [whole("defense pact", 1900, 2018)]))
    fact = known._evidence.facts().row(0, named=True)
    assert known.standing(fact, date(2018, 6, 1)).words == "in force, last seen 2018-06"
    assert known.standing(fact, date(2024, 1, 1)).words == "in force, last seen 2018-12"
    assert shelf_life("defense pact").years == 10
    assert known.standing(fact, date(2028, 12, 30)).state == "in force"
    assert known.standing(fact, date(2029, 1, 2)).words == "not known since 2018-12"
    assert known.standing(fact, date(1950, 2, 13)).state == "not begun"
    assert known.status("defense pact", RUS_CHN, (date(2030, 1, 1), date(2030, 12, 31))).words == "last known 2018-12"
    assert known.status("defense pact", RUS_CHN, (date(2024, 1, 1), date(2024, 12, 31))).status == "found"


def test_an_end_on_record_ends_a_tie_however_old_the_source(make: Make) -> None:
    rows = [tie("defense pact", "1950-02-14", "1980-04-10")]
    known = make(one=(rows, [whole("defense pact", 1900, 2018)]))
    fact = known._evidence.facts().row(0, named=True)
    assert known.standing(fact, date(1980, 4, 10)).state == "in force"
    assert known.standing(fact, date(1980, 4, 11)).words == "ended 1980-04"
    assert known.status("defense pact", RUS_CHN, (date(2000, 1, 1), date(2000, 12, 31))).status == "none found"


def test_a_swap_line_runs_for_its_own_term_unless_it_renews_itself(make: Make) -> None:
    rows = [tie("swap line", "2014-10-01", term=36), tie("swap line", "2014-10-01", term=36, renewed=True)]
    known = make(one=(rows, [whole("swap line", 2009, 2024)]))
    fixed, renewed = known._evidence.facts().sort("locator").to_dicts()
    assert known.standing(fixed, date(2017, 9, 30)).state == "in force"
    assert known.standing(fixed, date(2017, 10, 2)).state == "not known"
    assert known.standing(renewed, date(2027, 12, 31)).state == "in force"


def test_a_tie_says_itself_when_it_was_last_seen(make: Make) -> None:
    rows = [tie("partnership", "2001-01-01", seen=date(2012, 5, 9)), tie("partnership", "2002-01-01")]
    known = make(one=(rows, [cover("partnership", 1990, 2025)]))
    seen, unseen = known._evidence.facts().sort("start").to_dicts()
    assert known.seen(seen) == date(2012, 5, 9)
    assert known.seen(unseen) == date(2025, 12, 31)
    live, lost = known.in_force(known._evidence.facts(), date(2016, 1, 1))
    assert (live["start"].to_list(), lost["seen"].to_list()) == ([date(2002, 1, 1)], [date(2012, 5, 9)])


def test_the_reach_of_a_source_is_that_of_the_pair(make: Make) -> None:
    lines = [whole("rivalry", 1990, 2000, states="RUS", partners="CHN"), whole("rivalry", 1990, 2020, states="USA")]
    known = make(one=([tie("rivalry", "1991-01-01")], lines))
    assert known.seen(known._evidence.facts().row(0, named=True)) == date(2000, 12, 31)


def test_war_goes_on_and_a_visit_does_not(make: Make) -> None:
    rows = [event("war", "2014-01-01"), event("visit", "2014-01-01")]
    known = make(one=(rows, [whole("war", 1990, 2020), whole("visit", 1990, 2020)]))
    year = (date(2018, 1, 1), date(2018, 12, 31))
    assert known.status("war", RUS_CHN, year).status == "found"
    assert known.status("visit", RUS_CHN, year).status == "none found"


def test_coverage_is_read_once(make: Make) -> None:
    known = make(one=([], [whole("visit", 2000, 2020)]))
    assert coverage_of(known._evidence) is known


def test_how_far_a_kind_was_searched_whatever_part_of_the_period(make: Make) -> None:
    lines = [whole("visit", 2000, 2005, states="RUS IND", partners="CHN"), cover("visit", 1990, 2010)]
    known = make(one=([], lines[:1]), two=([], [cover("visit", 1990, 2010, states="*", partners="*")]))

    def searched(a: str, b: str, since: int, until: int) -> str:
        return known.searched("visit", (a, b), date(since, 1, 1), date(until, 12, 31)).status

    assert searched("RUS", "CHN", 1990, 2010) == searched("CHN", "IND", 1990, 2010) == "none found"
    assert searched("RUS", "IND", 1990, 2010) == "searched in part"
    assert searched("RUS", "CHN", 2007, 2010) == "searched in part"
    assert searched("RUS", "CHN", 2011, 2012) == "not searched"
    assert known.searched("war", RUS_CHN).period is None
    found = known.searched("visit", RUS_CHN, found=True)
    assert (found.status, found.sources, found.seen) == ("found", ("one", "two"), date(2010, 12, 31))
    assert known.searched("war", RUS_CHN, found=True).sources == ()


def test_facts_of_a_year_split_by_whether_they_are_known_to_reach_it(make: Make) -> None:
    rows = [tie("rivalry", "1950-01-01"), tie("defense pact", "1950-01-01"), tie("defense pact", "2030-01-01")]
    rows += [tie("rivalry", "1951-01-01", "2023-05-01"), event("visit", "1999-05-01")]
    known = make(one=(rows, [whole("rivalry", 1900, 2010), whole("defense pact", 1900, 2026)]))
    facts = known._evidence.facts()
    live, lost = known.known_in(facts, 2020)
    assert live["kind"].to_list() == ["defense pact", "rivalry", "visit"]
    assert lost.select("kind", "seen").rows() == [("rivalry", date(2010, 12, 31))]
    told = {row["fact_id"]: row for row in known.with_seen(facts).to_dicts()}
    assert [r["seen"] for r in told.values() if r["kind"] == "visit" or r["end"]] == [None, None]
    assert known.known_in(facts, 2015)[1].is_empty()
    assert known.known_in(facts, 2016)[1].height == 1, "five years of shelf life after 2010"


def test_sources_that_have_a_state_with_all_partners(make: Make) -> None:
    lines = {
        "all": whole("goods trade", 2000, 2001),
        "out": cover("goods trade", 2000, 2001, states="RUS"),
        "into": cover("goods trade", 2000, 2001, partners="SUN"),
        "pair": whole("goods trade", 2000, 2001, states="RUS", partners="CHN"),
        "late": whole("goods trade", 2002, 2003),
    }
    known = make(**{name: ([], [line]) for name, line in lines.items()})
    year = (date(2001, 1, 1), date(2001, 12, 31))
    assert known.with_all("goods trade", "RUS", *year) == {
        "all": (True, True),
        "out": (True, False),
        "into": (False, True),
    }
    assert known.with_all("goods trade", "RUS", *year, complete=True) == {"all": (True, True)}
    assert known.ends("goods trade")["late"] == date(2003, 12, 31)


# ---- several kinds


@pytest.mark.parametrize(
    ("statuses", "joint"),
    [
        (["none found", "found"], "found"),
        (["none found", "last known"], "last known"),
        (["none found", "none found"], "none found"),
        (["none found", "not searched"], "searched in part"),
        (["none found", "searched in part"], "searched in part"),
        (["not searched", "not searched"], "not searched"),
    ],
)
def test_none_of_several_kinds_needs_every_one_searched(statuses: list, joint: str) -> None:
    assert joint_status(statuses) == joint
    assert joint in STATUSES


def test_shelf_lives_are_of_kinds_that_there_are() -> None:
    from tripoint.evidence.freshness import _shelf_lives

    assert set(_shelf_lives()) - {"default"} <= set(KINDS)
    assert all(life.years > 0 and life.because for life in _shelf_lives().values())
    assert shelf_life("visit") == shelf_life("default")


def test_nobody_was_searched_before_both_states_existed(make: Make) -> None:
    coverage = make(one=([], [whole("defense pact", 1816, 2018)]))
    found = coverage.status("defense pact", ("JPN", "KOS"), (date(1990, 1, 1), date(2018, 12, 31)))
    assert (found.status, found.period) == ("none found", (date(2008, 2, 17), date(2018, 12, 31)))
    lines = coverage.of("defense pact", ("CHE", "BTN"), None, date(1900, 12, 31))
    assert lines == ()
    assert coverage.status("defense pact", ("CHE", "BTN"), (None, date(1900, 12, 31))).status == "not searched"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("found", "found"),
        ("last known", "last known 2018-12"),
        ("none found", "none found, complete to 2018-12"),
        ("searched in part", "searched in part"),
        ("not searched", "not searched"),
    ],
)
def test_a_state_of_knowledge_in_words(status: Status, words: str) -> None:
    day = date(2018, 12, 31)
    assert Search(status, ("s",), (day, day), day).words == words
    assert Search(status, (), None).words == status


@pytest.mark.parametrize(
    ("seen", "words"),
    [("2019-12-31", ", last seen 2019-12"), ("2020-01-01", ""), ("2020-06-30", ""), (None, "")],
)
def test_what_was_seen_before_a_year_says_so(seen: str | None, words: str) -> None:
    day = date.fromisoformat(seen) if seen else None
    assert last_seen(pl.DataFrame({"seen": [day]}, schema={"seen": pl.Date}), 2020) == words


# ---- the days on which an answer turns


DAY, NEXT = date(2010, 5, 1), date(2010, 5, 2)
BEFORE = date(2010, 4, 30)


@pytest.mark.parametrize(
    ("since", "until", "some"),
    [(DAY, None, True), (NEXT, None, False), (None, DAY, True), (None, BEFORE, False), (DAY, DAY, True)],
)
def test_a_line_of_one_day_overlaps_a_period_that_holds_the_day(
    make: Make, since: date | None, until: date | None, some: bool
) -> None:
    known = make(one=([], [cover("visit", DAY, DAY, silence="none", note="one day")]))
    (line,) = known.lines
    assert line.overlaps(since, until) is some
    assert line.note == "one day"
    assert bool(known.of("visit", RUS_CHN, since, until)) is some
    found = known.status("visit", RUS_CHN, (since, until))
    assert found.status == ("none found" if some else "not searched")


def test_a_line_without_a_note_has_an_empty_one(make: Make) -> None:
    assert [line.note for line in make(one=([], [whole("visit", 2000, 2001)])).lines] == [""]


@pytest.mark.parametrize(("last", "lines"), [(date(2008, 2, 17), 1), (date(2008, 2, 16), 0)])
def test_a_line_that_ends_on_the_first_day_of_a_state_is_about_that_day(make: Make, last: date, lines: int) -> None:
    known = make(one=([], [whole("defense pact", 1990, last)]))
    assert len(known.of("defense pact", ("JPN", "KOS"))) == lines
    period = (date(1990, 1, 1), date(2008, 2, 17))
    assert known.status("defense pact", ("JPN", "KOS"), period).status == ("none found" if lines else "not searched")


def test_a_day_between_two_lists_is_a_gap(make: Make) -> None:
    lines = [whole("visit", 2000, date(2004, 12, 30)), whole("clash", 2000, date(2004, 12, 31))]
    known = make(old=([], lines), new=([], [whole("visit", 2005, 2010), whole("clash", 2005, 2010)]))
    period = (date(2001, 1, 1), date(2010, 12, 31))
    assert known.status("visit", RUS_CHN, period).status == "searched in part"
    assert known.status("clash", RUS_CHN, period).status == "none found"


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        (DAY, DAY, "found"),
        (None, DAY, "found"),
        (None, BEFORE, "not searched"),  # what came later is not what was known last
        (DAY, None, "found"),
        (NEXT, None, "last known"),
        (None, None, "found"),
        (BEFORE, NEXT, "found"),
    ],
)
def test_an_event_is_found_in_a_period_that_holds_its_day(
    make: Make, since: date | None, until: date | None, status: str
) -> None:
    known = make(one=([event("visit", DAY.isoformat())], []))
    found = known.status("visit", RUS_CHN, (since, until))
    assert found.status == status
    assert found.seen == (None if status == "not searched" else DAY)


@pytest.mark.parametrize(("since", "status"), [(DAY, "found"), (NEXT, "none found")])
def test_a_tie_is_found_to_the_day_of_its_end(make: Make, since: date, status: str) -> None:
    known = make(one=([tie("defense pact", "2000-01-01", DAY.isoformat())], [whole("defense pact", 1990, 2020)]))
    assert known.status("defense pact", RUS_CHN, (since, date(2019, 1, 1))).status == status


def test_a_tie_stands_from_its_first_day(make: Make) -> None:
    known = make(one=([tie("defense pact", DAY.isoformat())], [whole("defense pact", 1990, 2020)]))
    fact = known._evidence.facts().row(0, named=True)
    assert [known.standing(fact, day).state for day in (BEFORE, DAY)] == ["not begun", "in force"]


def test_what_is_current_speaks_and_not_what_is_too_old_beside_it(make: Make) -> None:
    known = make(
        old=([tie("rivalry", "1950-01-01")], [whole("rivalry", 1940, 2000)]),
        new=([tie("rivalry", "1960-01-01")], [whole("rivalry", 1940, 2018)]),
        other=([], [whole("rivalry", 1930, 2025)]),
    )
    found = known.status("rivalry", RUS_CHN, (date(2019, 1, 1), date(2019, 12, 31)))
    assert (found.status, found.sources) == ("found", ("new",))
    whole_time = known.status("rivalry", RUS_CHN)
    assert whole_time.sources == ("new", "old")
    assert whole_time.period == (date(1940, 1, 1), date(2018, 12, 31)), "of the sources that have facts alone"


def test_a_later_search_by_another_source_says_none_of_a_tie_that_is_too_old(make: Make) -> None:
    rows = [tie("rivalry", "1950-01-01")]
    year = (date(2015, 1, 1), date(2015, 12, 31))
    alone = make(old=(rows, [whole("rivalry", 1940, 2000)]))
    assert alone.status("rivalry", RUS_CHN, year).words == "last known 2000-12"
    later = make(old=(rows, [whole("rivalry", 1940, 2000)]), new=([], [whole("rivalry", 1990, 2018)]))
    found = later.status("rivalry", RUS_CHN, year)
    assert (found.words, found.sources) == ("none found, complete to 2018-12", ("new",))
    soon = (date(1999, 1, 1), date(1999, 12, 31))
    assert later.status("rivalry", RUS_CHN, soon).status == "found"


def test_a_tie_seen_long_before_a_search_ended_is_not_found_by_it(make: Make) -> None:
    lines = [whole("rivalry", 1940, 2000)]
    known = make(old=([tie("rivalry", "1950-01-01", seen=date(1990, 1, 1))], lines), new=([], lines))
    year = (date(2000, 1, 1), date(2000, 12, 31))
    assert known.status("rivalry", RUS_CHN, year).status == "none found"


def test_a_source_does_not_search_after_its_own_tie(make: Make) -> None:
    """It covers the years completely and still lists the tie, which it says was seen long before."""
    row = tie("rivalry", "1950-01-01", seen=date(1990, 1, 1))
    known = make(one=([row], [whole("rivalry", 1940, 2018)]))
    assert known.status("rivalry", RUS_CHN, (date(2015, 1, 1), date(2015, 12, 31))).words == "last known 1990-01"


def test_a_year_has_what_begins_on_its_last_day_and_holds_to_its_first(make: Make) -> None:
    from tripoint.evidence.freshness import holds_to

    def seen_until(day: date) -> date:
        """The day on which a rivalry must have been seen for it to hold to a day."""
        fact = {"kind": "rivalry", "end": None}
        return next(d for n in range(10) if holds_to(fact, d := day.replace(year=day.year - 5) + timedelta(n)) == day)

    rows = [tie("rivalry", "2020-12-31"), tie("rivalry", "2021-01-01")]
    rows += [tie("rivalry", f"190{n}-01-01", seen=seen_until(date(2020, 1, n))) for n in (1, 2)]
    rows += [tie("rivalry", "1931-01-01", seen=seen_until(date(2020, 2, 1)))]
    rows += [tie("rivalry", "1932-01-01", seen=seen_until(date(2019, 12, 31)))]
    known = make(one=(rows, [whole("rivalry", 1900, 2030)]))
    live, lost = known.known_in(known._evidence.facts(), 2020)
    assert sorted(live["start"]) == [date(1901, 1, 1), date(1902, 1, 1), date(1931, 1, 1), date(2020, 12, 31)]
    assert lost["start"].to_list() == [date(1932, 1, 1)]


def test_a_source_with_two_lines_has_what_either_says(make: Make) -> None:
    out = cover("goods trade", 2000, 2001, states="RUS")
    again = cover("goods trade", 2000, 2000, states="RUS")
    into = cover("goods trade", 2000, 2001, partners="RUS")
    known = make(both=([], [out, into]), other=([], [into, out]), one=([], [out, again]), to=([], [into, into]))
    assert known.with_all("goods trade", "RUS", date(2000, 1, 1), date(2001, 12, 31)) == {
        "both": (True, True),
        "one": (True, False),
        "other": (True, True),
        "to": (False, True),
    }
