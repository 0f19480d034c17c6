"""What changed: by day, and between two editions of one source, exactly the rows that differ."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from made_counts import made
from made_up import digest, entry, receipts
from tripoint.claims.changes import find_changes
from tripoint.claims.changes_told import changes_atom, changes_record, changes_text
from tripoint.errors import InputError, UnknownNameError
from tripoint.events.archive import open_archive
from tripoint.events.counts import import_counts
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.store import write_edition
from tripoint.provenance import Source
from tripoint.record import Reading
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.entries import source
from tripoint.sources.sipri_arms import read_sipri_arms
from tripoint.sources.tabular import Files
from tripoint.sources.ukraine_control import read_deepstate

DAY, UNTIL = date(2025, 6, 1), date(2025, 12, 31)


def sale(a: str, b: str, year: int, value: float) -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31), "precision": "year"}
    return {"state_a": a, "state_b": b, "kind": "goods trade", "unit": "USD million", "value": value, **days}


def load(home: Path, vintage: str, rows: list[dict[str, Any]]) -> None:
    source = entry("made", vintage)
    frame = pl.DataFrame([{"locator": f"{vintage}-{n}", **row} for n, row in enumerate(rows)])
    covered = [cover("goods trade", 2000, 2025, silence="unproven")]
    reading = assemble(Files(source, {}), {"flows": frame}, rows_in=len(rows), coverage=covered)
    mark = f"{int(vintage.replace('.', '')):064d}"
    write_edition(home, reading, source, receipts(mark), digest(mark, source.id))


@pytest.fixture
def two_editions(tmp_path: Path) -> tuple[str, Evidence]:
    same = [sale("RUS", "CHN", 2020 + n, 10.0 + n) for n in range(3)]
    load(tmp_path, "1.0", [*same, sale("IRN", "RUS", 2022, 162.0), sale("IND", "RUS", 2022, 3.0)])
    before = connect(tmp_path).hash
    load(tmp_path, "2.0", [*same, sale("IRN", "RUS", 2022, 75.0), sale("IND", "RUS", 2023, 4.0)])
    return before, connect(tmp_path)


@pytest.mark.parametrize("how", ["hash", "vintage"])
def test_two_editions_differ_in_exactly_their_rows(two_editions: tuple[str, Evidence], how: str) -> None:
    before, evidence = two_editions
    found = find_changes(evidence, before if how == "hash" else "made@1.0", until=UNTIL)
    told = {(r.about["state_a"], r.about["start"].year, r.old, r.new) for r in found.revised}
    assert told == {("IRN", 2022, 162.0, 75.0), ("IND", 2022, 3.0, None), ("IND", 2023, None, 4.0)}
    assert found.new == found.ended == found.stale == ()
    assert "made: IRN, RUS, goods trade, 2022-01-01, 2022-12-31, USD million: value 162 -> 75" in changes_text(found)
    assert find_changes(evidence, evidence.hash, until=UNTIL).count == 0


def test_states_narrow_revisions(two_editions: tuple[str, Evidence]) -> None:
    _, evidence = two_editions
    found = find_changes(evidence, "made@1.0", until=UNTIL, named=["IRN", "RUS"])
    assert [(r.old, r.new) for r in found.revised] == [(162.0, 75.0)]


def test_since_a_day_new_ended_and_stale_are_told_apart(store: Any) -> None:
    tie = {"kind": "sanction", "directed": True, "state_a": "RUS", "state_b": "CHN"}
    ties = [
        {**tie, "instrument": "new", "start": date(2025, 8, 1)},
        {**tie, "instrument": "ended", "start": date(2020, 1, 1), "end": date(2025, 9, 1)},
        {**tie, "instrument": "old", "start": date(2019, 1, 1), "end": date(2024, 9, 1)},
    ]
    pair = {"state_a": "CHN", "state_b": "RUS", "directed": False}
    faded = [{**pair, "kind": "rivalry", "instrument": "faded", "start": date(2015, 1, 1)}]
    evidence = store(
        one=({"commitments": ties}, [cover("sanction", 2000, 2025, silence="none")]),
        two=({"commitments": faded}, [cover("rivalry", 2000, date(2020, 9, 30), silence="none")]),
    )
    found = find_changes(evidence, str(DAY), until=UNTIL, named=["RUS", "CHN"])
    assert [r["what"] for r in found.new] == ["new"]
    assert [r["what"] for r in found.ended] == ["ended"]
    assert [r["what"] for r in found.stale] == ["faded"]
    assert find_changes(evidence, str(DAY), until=UNTIL, named=["IND"]).count == 0


def test_markup_in_a_fact_stays_text_in_every_form(store: Any) -> None:
    visit = {"state_a": "RUS", "state_b": "CHN", "kind": "visit", "directed": False, "title": "<b>x</b> & ]]>"}
    rows = [{**visit, "start": date(2025, 7, 1), "end": date(2025, 7, 1)}]
    evidence = store(made=({"events": rows}, [cover("visit", 2000, 2025)]))
    found = find_changes(evidence, str(DAY), until=UNTIL)
    feed = changes_atom(found, url="https://example.org/a?b=1&c=2")
    root = ElementTree.fromstring(feed)
    entry_title = root.find("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title")
    assert entry_title is not None
    assert "<b>x</b> &" in (entry_title.text or "")
    assert feed == changes_atom(found, url="https://example.org/a?b=1&c=2")
    json.dumps(changes_record(found), default=str, allow_nan=False)


def test_what_cannot_be_asked_is_said(two_editions: tuple[str, Evidence]) -> None:
    _, evidence = two_editions
    for since, said in (("yesterday", "is no day"), ("0" * 64, "never held"), ("2027-01-01", "is after")):
        with pytest.raises(InputError, match=said):
            find_changes(evidence, since, until=UNTIL)
    with pytest.raises(UnknownNameError):
        find_changes(evidence, "made@9.9", until=UNTIL)


def keep(home: Path, reading: Reading, entry_: Source, vintage: str) -> None:
    mark = f"{int(vintage.replace('-', '').replace('.', '')):064d}"
    write_edition(home, replace(reading, vintage=vintage), entry_, receipts(mark), digest(mark, entry_.id))


def differing(old: Reading, new: Reading, table: str, columns: list[str]) -> Counter[tuple[Any, ...]]:
    """Rows of one reading that the other lacks, counted by content and without the code under test."""
    one, other = (Counter(r.tables[table].select(columns).iter_rows()) for r in (old, new))
    return (one - other) + (other - one)


def test_two_months_of_a_map_differ_in_the_new_month_alone(tmp_path: Path, mirror: Path) -> None:
    maps = sorted((mirror / "ukraine_control").glob("deepstatemap_data_2024*.geojson"))[:3]
    regions = (mirror / "ukraine_control" / "ukraine-oblasts.json",)
    entry_ = source("deepstate")
    old, new = (read_deepstate(Files(entry_, {"maps": tuple(m), "regions": regions})) for m in (maps[:2], maps))
    keep(tmp_path, old, entry_, "2024-08-01")
    keep(tmp_path, new, entry_, "2024-08-15")
    found = find_changes(connect(tmp_path), "deepstate@2024-08-01", until=UNTIL)
    columns = ["state", "kind", "start", "end", "unit", "place", "value"]
    expected = differing(old, new, "attributes", columns)
    told = Counter(
        (*(r.about[c] for c in columns[:-1]), r.new if r.old is None else r.old)
        for r in found.revised
        if r.old is None or r.new is None
    )
    assert told == expected
    assert len(expected) > 0
    assert {r.about["start"] for r in found.revised} == {date(2024, 8, 15)}


def test_two_schemas_of_a_register_differ_in_exactly_their_sums(tmp_path: Path, mirror: Path) -> None:
    entry_ = source("sipri-arms")
    earlier, later = (
        read_sipri_arms(Files(entry_, {"register": tuple((mirror / "arms").glob(pattern))}))
        for pattern in ("deals-new-schema*.csv", "trade-register_generated_*.csv")
    )
    to_ukraine = pl.col("state_b") == "UKR"
    late = to_ukraine & (pl.col("start") >= date(2000, 1, 1))
    old, new = (replace(r, tables={"flows": r.tables["flows"].filter(late)}) for r in (earlier, later))
    keep(tmp_path, old, entry_, "2025-02-17")
    keep(tmp_path, new, entry_, "2026-05-18")
    found = find_changes(connect(tmp_path), "sipri-arms@2025-02-17", until=UNTIL)
    keys = ["state_a", "state_b", "kind", "start", "end", "unit", "reporter", "item"]
    one, other = (Counter(r.tables["flows"].select([*keys, "value"]).iter_rows()) for r in (old, new))
    gone: Counter[tuple[Any, ...]] = Counter()
    come: Counter[tuple[Any, ...]] = Counter()
    for r in found.revised:
        about = tuple(r.about[k] for k in keys)
        if r.old is not None:
            gone[(*about, r.old)] += 1
        if r.new is not None:
            come[(*about, r.new)] += 1
    assert (gone, come) == (one - other, other - one)
    assert gone.total() > 0 < come.total()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Evidence with news of sixty months, in whose last one conflict of India and Japan is six times as frequent."""
    from tripoint.pipeline import load_events, open_evidence

    home = tmp_path_factory.mktemp("news")
    counts = home / "counts.parquet"
    made(60, surge=("IND", "JPN", 59, 6.0)).write_parquet(counts)
    import_counts(open_archive(home, "gdelt"), counts)
    load_events("gdelt", home)
    return open_evidence(home)


def test_news_out_of_the_ordinary_is_a_change(watched: Evidence) -> None:
    found = find_changes(watched, "2022-12-15", until=date(2023, 1, 15), named=["IND", "JPN"])
    assert found.unwatched == ""
    assert {(a.state_a, a.state_b, a.what, a.direction) for a in found.alarms} == {("IND", "JPN", "conflict", "more")}
    text = changes_text(found)
    assert "India and Japan: more conflict than usual" in text
    assert "2022-12: " in text
    assert changes_record(found)["news"][0]["state_a"] == "IND"
    titles = [
        e.text or "" for e in ElementTree.fromstring(changes_atom(found)).iter("{http://www.w3.org/2005/Atom}title")
    ]
    assert any("more conflict than usual" in t for t in titles)


def test_news_of_others_is_not_listed_between_named_states(watched: Evidence) -> None:
    found = find_changes(watched, "2022-12-01", until=date(2023, 1, 15), named=["RUS", "CHN"])
    assert all({a.state_a, a.state_b} == {"CHN", "RUS"} for a in found.alarms)


def test_news_that_ends_before_the_day_is_told_and_not_watched(watched: Evidence) -> None:
    found = find_changes(watched, "2024-06-01", until=date(2024, 12, 31))
    assert found.news is None
    assert found.alarms == ()
    assert "News was not watched: gdelt ends with 2022-12, before 2024-06-01." in changes_text(found)
    assert changes_record(found)["news"] is None


def test_news_is_watched_as_of_the_last_day_asked_for(watched: Evidence) -> None:
    found = find_changes(watched, "2022-06-01", until=date(2022, 9, 30), named=["IND", "JPN"])
    assert found.news is not None
    assert found.news.month == date(2022, 9, 1)


def test_without_news_it_is_told_that_none_was_watched(store: Any) -> None:
    found = find_changes(store(made=({}, [cover("visit", 2000, 2025)])), str(DAY), until=UNTIL)
    assert "News was not watched: no month of coded news" in changes_text(found)
