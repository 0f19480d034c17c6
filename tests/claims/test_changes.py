"""What changed: by day, and between two editions of one source, exactly the rows that differ."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.claims.changes import find_changes
from tripoint.claims.changes_told import changes_atom, changes_record, changes_text
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.store import write_edition
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

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
    visit = {"state_a": "RUS", "state_b": "CHN", "kind": "visit", "directed": False, "title": "<b>x</b> & \x07 ]]>"}
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
