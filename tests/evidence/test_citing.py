"""Numbering sources as a reader meets them, and what counts as one origin."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

import tripoint
from tripoint.evidence.citing import Origins, _table, cite, cite_facts, cite_rows, documents_of, keys_of, origins_of
from tripoint.evidence.query import Evidence
from tripoint.record import KINDS
from tripoint.sources import entries


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return tripoint.open_evidence(tmp_path_factory.mktemp("citing"))


def document(key: str, source: str = "made", kind: str = "treaty", **more: str) -> dict:
    row = {"id": key, "source_id": source, "kind": kind, "family": key, "producer": "P", "title": key, "date": "2001"}
    return row | more


def fact(source: str, origin: str | None = None, **more: object) -> dict:
    return {"source_id": source, "origin": origin, **more}


# ---- numbering


def test_sources_are_numbered_as_a_reader_meets_them_each_once(evidence: Evidence) -> None:
    rows = evidence.facts(between=(["RUS"], ["CHN"]), kinds=["defense pact", "consultation pact", "visit"])
    cited = cite_rows(evidence, rows.iter_rows(named=True))
    met = list(dict.fromkeys(rows["origin"].fill_null("starter")))
    assert [s.id for s in cited.sources] == met
    assert [s.number for s in cited.sources] == list(range(1, len(met) + 1))
    assert cited == cite_facts(evidence, rows["fact_id"])
    first = rows.row(0, named=True)["fact_id"]
    assert cited.marks([first, first, "nobody@1#1"]) == "[1]"
    assert cited.numbers(reversed(rows["fact_id"].to_list())) == tuple(range(1, len(met) + 1))


def test_a_key_that_no_one_knows_is_cited_by_itself(evidence: Evidence) -> None:
    (nobody,) = cite(evidence, ["no-such-document"])
    assert (nobody.number, nobody.citation, nobody.noncommercial) == (1, "no-such-document", False)


def test_a_fact_of_a_whole_data_set_is_cited_by_its_source(evidence: Evidence) -> None:
    assert keys_of(evidence, ["atop@5.1#1/RUS-CHN/defense pact"]) == {"atop@5.1#1/RUS-CHN/defense pact": "atop"}
    with pytest.raises(ValueError, match="not a fact id"):
        keys_of(evidence, ["atop"])


# ---- origins


def test_editions_of_one_data_set_are_one_origin() -> None:
    documents = {"da-kiel": document("da-kiel"), "kiel-support": document("kiel-support", "kiel-support")}
    origins = Origins(documents)
    rows = [fact("made", "da-kiel"), fact("kiel-support")]
    assert origins.families(rows) == {"kiel-support"}


def test_two_keys_of_one_document_are_one_origin() -> None:
    documents = {k: document(k, title="Treaty of Friendship") for k in ("b-key", "a-key")}
    documents["c-key"] = document("c-key", title="Treaty of Friendship", date="2002")
    origins = Origins(documents)
    assert [origins.document(k) for k in documents] == ["a-key", "a-key", "c-key"]


def test_press_reports_of_one_event_are_one_origin_and_treaties_are_not() -> None:
    documents = {"p1": document("p1", kind="press"), "p2": document("p2", kind="press"), "t": document("t")}
    origins = Origins(documents)
    press = [fact("made", k, kind="clash", event="e1") for k in ("p1", "p2")]
    assert origins.families(press) == {"event made#e1"}
    assert origins.families([*press, fact("made", "t", kind="clash", event="e1")]) == {"event made#e1", "t"}
    assert origins.families([fact("made", k, kind="clash", event=None) for k in ("p1", "p2")]) == {"p1", "p2"}


def test_a_list_and_what_it_was_checked_against_are_one_origin() -> None:
    origins = Origins({"treaty-1": document("treaty-1", "starter")})
    old = fact("starter", "treaty-1", kind="defense pact", start=date(2001, 7, 16))
    new = fact("starter", "treaty-1", kind="defense pact", start=date(2024, 6, 19))
    assert origins.family(old) == origins.family(fact("atop", kind="defense pact", start=date(2001, 7, 16))) == "atop"
    assert origins.family(new) == "treaty-1", "nothing to check against after the last year of the data set"
    assert origins.family(old | {"start": date(2018, 12, 31)}) == "atop", "the last day that was checked"
    assert origins.family(old | {"start": date(2019, 1, 1)}) == "treaty-1"
    assert origins.family(old | {"start": None}) == "atop"
    assert origins.family(old | {"kind": "base rights"}) == "treaty-1"
    assert origins.search("starter", "defense pact") == origins.search("atop", "defense pact") == "search of atop"
    assert origins.search("starter", "visit") == "search of starter"


def test_origins_are_worked_out_once(evidence: Evidence) -> None:
    assert origins_of(evidence) is origins_of(evidence)
    assert documents_of(evidence) is documents_of(evidence)


def test_the_table_of_origins_names_what_there_is() -> None:
    folder = Path(str(resources.files("tripoint.evidence") / "starter"))
    texts = [path.read_text("utf-8").splitlines() for path in folder.glob("documents*.csv")]
    documents = {row["key"] for text in texts for row in csv.DictReader(text)}
    sources = set(entries.catalog())
    assert {row["document"] for row in _table()["edition"]} <= documents
    assert {row["of"] for row in _table()["edition"]} <= sources
    for row in _table()["checked"]:
        assert {row["list"], row["against"]} <= sources
        assert set(row["kinds"]) <= set(KINDS)
        assert row["because"]
