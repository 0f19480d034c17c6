"""The rules of counting, one by one, and all of them against a count made by hand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import ibis
import polars as pl
import pytest

from made_events import event, some_events, table
from tripoint import states
from tripoint.events.codes import country_codes, name_codes
from tripoint.events.columns import AT_HOME, DAILY_SINCE, FUTURE, NO_DAY, NO_QUAD, NOWHERE, RELATIVE, RELATIVE_DAYS
from tripoint.events.counting import KEYS, coded_counts, dyad_counts
from tripoint.events.engines import run

# Sums of a few scores with one decimal, taken in another order.
ROUNDING = 1e-9


def count(*rows: dict[str, Any], by: Any = "month") -> pl.DataFrame:
    con = ibis.polars.connect({"events": table(rows), "states": country_codes()})
    return run(dyad_counts(con.table("events"), con.table("states"), by=by))


def aside(*rows: dict[str, Any]) -> dict[int, int]:
    con = ibis.polars.connect({"events": table(rows)})
    found = run(coded_counts(con.table("events")), keys=["reason", "day"])
    return dict(found.filter(pl.col("reason") != 0).group_by("reason").agg(pl.col("records").sum()).rows())


def test_counts_are_by_direction_quad_class_and_root() -> None:
    found = count(
        event(1),
        event(2, GoldsteinScale=4.0, NumArticles=9, IsRootEvent=0),
        event(3, Actor1CountryCode="CHN", Actor2CountryCode="RUS"),
        event(4, EventCode="190", EventRootCode="19", QuadClass=4, GoldsteinScale=-10.0),
    )
    assert found.rows() == [
        ("CHN", "RUS", 202402, 1, "04", 1, 1, 1, 3, 1.0, 1.0),
        ("RUS", "CHN", 202402, 1, "04", 2, 2, 1, 12, 2.5, (1 * 3 + 4 * 9) / 12),
        ("RUS", "CHN", 202402, 4, "19", 1, 1, 1, 3, -10.0, -10.0),
    ]


def test_days_are_kept_where_asked_for() -> None:
    assert count(event(1), by="day")["period"].to_list() == [20240229]


def test_records_of_one_article_are_one_event_with_most_articles() -> None:
    same = {"SOURCEURL": "https://example.org/a"}
    found = count(event(1, **same, NumArticles=2, IsRootEvent=0), event(2, **same, NumArticles=5), event(3))
    assert found.select("records", "events", "root_events", "articles").rows() == [(3, 2, 2, 8)]


@pytest.mark.parametrize("address", ["", None])
def test_without_an_address_no_record_repeats_another(address: str | None) -> None:
    assert count(event(1, SOURCEURL=address), event(2, SOURCEURL=address))["events"].to_list() == [2]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"Actor1CountryCode": ""}, NOWHERE),
        ({"Actor2CountryCode": None}, NOWHERE),
        ({"Actor2CountryCode": "RUS"}, AT_HOME),
        ({"SQLDATE": 20240230}, NO_DAY),
        ({"SQLDATE": 20230229}, NO_DAY),
        ({"SQLDATE": 20241301}, NO_DAY),
        ({"SQLDATE": 0}, NO_DAY),
        ({"SQLDATE": None}, NO_DAY),
        ({"SQLDATE": 20240301}, FUTURE),
        ({"SQLDATE": 20240301, "DATEADDED": 20240229}, FUTURE),
        ({"SQLDATE": 20240130}, RELATIVE),
        ({"SQLDATE": 20230301}, RELATIVE),
        ({"SQLDATE": 20140303}, RELATIVE),
        ({"QuadClass": 0}, NO_QUAD),
        ({"QuadClass": None}, NO_QUAD),
    ],
)
def test_a_record_that_breaks_a_rule_is_set_aside(given: dict[str, Any], reason: Any) -> None:
    assert count(event(1, **given)).height == 0
    assert aside(event(1, **given), event(2)) == {reason.number: 1}


@pytest.mark.parametrize("day", [20240228, 20240222, 20240129, 20230302])
def test_other_delays_are_counted(day: int) -> None:
    assert count(event(1, SQLDATE=day))["events"].to_list() == [1]


def test_years_added_at_once_have_no_relative_days() -> None:
    """Before April 2013 GDELT added whole years on one day; a year before that day is a day like any other."""
    assert count(event(1, SQLDATE=20120204, DATEADDED=20130203, SOURCEURL=None))["events"].to_list() == [1]


def test_a_region_is_no_state() -> None:
    assert count(event(1, Actor1CountryCode="AFR"), event(2, Actor1CountryCode="EUR")).height == 0
    assert country_codes().filter(pl.col("code").is_in(["AFR", "EUR", "WST"])).height == 0


@pytest.mark.parametrize(
    ("code", "day", "state"),
    [
        ("RUS", 19911223, "SUN"),
        ("RUS", 19911226, "RUS"),
        ("DDR", 19901002, "DDR"),
        ("ROM", 20240229, "ROU"),
        ("TMP", 20240229, "TLS"),
    ],
)
def test_a_code_stands_for_the_state_that_bore_it_on_the_day(code: str, day: int, state: str) -> None:
    found = count(event(1, Actor1CountryCode=code, SQLDATE=day, DATEADDED=day))
    assert found["state_a"].to_list() == [state]


def test_two_codes_of_one_state_are_no_pair() -> None:
    assert count(event(1, Actor1CountryCode="ROM", Actor2CountryCode="ROU")).height == 0


def test_a_code_has_one_bearer_a_day() -> None:
    codes = country_codes()
    later = codes.with_columns(before=pl.col("last").shift(1).over("code"))
    assert later.filter(pl.col("first") <= pl.col("before")).height == 0


def test_names_are_found_as_the_states_that_bore_them() -> None:
    found = name_codes(["Russian Federation", "Nowhere Land"])
    assert set(found["code"]) == {"Russian Federation"}
    assert "RUS" in found["state"].to_list()


def by_hand(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], list[float]]:
    """The same rules with Python's own dates and the state table's own look-up."""
    events: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        one, other = row["Actor1CountryCode"], row["Actor2CountryCode"]
        day = date_of(row["SQLDATE"])
        added = date_of(int(str(row["DATEADDED"])[:8])) if row["DATEADDED"] else None
        if not one or not other or one == other or day is None or row["QuadClass"] not in (1, 2, 3, 4):
            continue
        if added is not None and (
            added < day or ((added - day).days in RELATIVE_DAYS and int(added.strftime("%Y%m%d")) >= DAILY_SINCE)
        ):
            continue
        story = row["SOURCEURL"] or row["GLOBALEVENTID"]
        alike = [row[c] for c in ("SQLDATE", "Actor1Code", "Actor2Code", "EventCode", "QuadClass", "EventRootCode")]
        events[(*alike, one, other, story)].append(row)
    cells: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0.0])
    for alike, repeats in events.items():
        day = date_of(alike[0])
        pair = [states.ids(pl.Series([c]), pl.Series([day]), system="iso3")[0] for c in alike[6:8]]
        if None in pair or pair[0] == pair[1]:
            continue
        cell = cells[(*pair, alike[0] // 100, alike[4], alike[5])]
        scores = [r["GoldsteinScale"] for r in repeats if r["GoldsteinScale"] is not None]
        score = max(scores) if scores else None
        articles = max(r["NumArticles"] for r in repeats)
        new = [len(repeats), 1, max(r["IsRootEvent"] for r in repeats), articles, score is not None, score or 0.0]
        cells[(*pair, alike[0] // 100, alike[4], alike[5])] = [a + b for a, b in zip(cell, new, strict=True)]
    return cells


def date_of(number: int | None) -> dt.date | None:
    try:
        return dt.datetime.strptime(str(number), "%Y%m%d").date()
    except ValueError:
        return None


def test_counts_equal_a_count_by_hand() -> None:
    rows = some_events(3000)
    found = {row[:5]: row[5:] for row in count(*rows).rows()}
    expected = by_hand(rows)
    assert found.keys() == expected.keys()
    assert len(found) > 100
    for key, (records, events, rooted, articles, scored, score) in expected.items():
        assert found[key][:4] == (records, events, rooted, articles)
        if scored:
            assert found[key][4] == pytest.approx(score / scored, abs=ROUNDING)
        else:
            assert found[key][4] is None


def test_every_record_is_counted_or_set_aside() -> None:
    rows = some_events(2000, seed=1)
    con = ibis.polars.connect({"events": table(rows)})
    assert run(coded_counts(con.table("events")), keys=["reason"])["records"].sum() == len(rows)


def test_swapping_the_actors_swaps_the_pair() -> None:
    rows = some_events(500, seed=2)
    swapped = [
        row
        | {
            "Actor1Code": row["Actor2Code"],
            "Actor2Code": row["Actor1Code"],
            "Actor1CountryCode": row["Actor2CountryCode"],
            "Actor2CountryCode": row["Actor1CountryCode"],
        }
        for row in rows
    ]
    turned = count(*swapped).rename({"state_a": "state_b", "state_b": "state_a"}).select(count(*rows).columns)
    assert turned.sort(KEYS).rows() == count(*rows).rows()
