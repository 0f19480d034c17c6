"""One row, one document that opens: the rule of provenance, with a counted allowance for rows that came before it.

The allowances can only shrink: a test fails when a count is above its figure, and when it is below, so that the figure
follows.
"""

from __future__ import annotations

import calendar
import csv
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from tripoint.sources.starter_addresses import names_document, plain_address

FOLDER = Path(str(resources.files("tripoint.evidence") / "starter"))
Row = dict[str, str]
TABLES = ("treaties", "memberships", "ties", "events", "flows", "attributes", "votes", "war_aims")
DOCUMENT_KINDS = {"treaty", "un document", "official statement", "dataset", "report", "press"}
#: A page that announces what then happened.
ANNOUNCED = timedelta(days=184)
DAY = r"\d{4}(-\d\d(-\d\d)?)?"


@cache
def table(name: str) -> tuple[Row, ...]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def last_day(text: str) -> date:
    parts = [int(p) for p in text.split("-")]
    month = parts[1] if len(parts) > 1 else 12
    return date(parts[0], month, parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1])


@cache
def documents() -> dict[str, Row]:
    return {row["key"]: row for row in table("documents")}


@cache
def rows() -> tuple[Row, ...]:
    return tuple(row for name in TABLES for row in table(name))


@cache
def opens(key: str) -> bool:
    lists = {row["address"] for row in table("list_pages")}
    return names_document(documents()[key]["url"], lists)


def test_documents_are_used_and_well_formed() -> None:
    used = {row[c] for row in rows() for c in ("origin", "end_origin") if row.get(c)}
    assert sorted(set(documents()) - used) == []
    for key, row in documents().items():
        assert row["kind"] in DOCUMENT_KINDS and row["grade"] in {"A", "B", "C", "D"}, key
        assert re.fullmatch(r"https?://[^\s]+", row["url"]), key
        assert re.fullmatch(DAY, row["date"]) and re.fullmatch(f"({DAY})?", row["seen"]), key
        assert re.fullmatch(
            r"(https?://(web\.archive\.org/web/\d{8,14}/|archive\.(ph|today|is)/).+)?", row["archived"]
        ), key
        assert not row["seen"] or opens(key), f"{key}: a list page cannot have been read as a document"


def test_every_row_names_documents_that_are_listed() -> None:
    for row in rows():
        assert row["origin"] in documents(), row["key"]
        assert not row.get("end_origin") or row["end_origin"] in documents(), row["key"]


def test_list_pages_are_written_plainly() -> None:
    assert [r["address"] for r in table("list_pages") if plain_address(f"https://{r['address']}") != r["address"]] == []


#: Rows from before the rule: documents at a home or list page, by table.
LISTED: dict[str, int] = {
    "treaties": 15,
    "memberships": 3,
    "ties": 30,
    "events": 39,
    "flows": 21,
    "attributes": 2,
}
#: Keys beyond the first for one address.
TWICE = 0
#: Ends without a document of their own.
ENDS = 22


def test_rows_name_a_document_that_opens() -> None:
    listed = Counter(name for name in TABLES for row in table(name) if not opens(row["origin"]))
    print("rows at a home or list page:", dict(listed))
    assert dict(listed) == LISTED


def test_one_document_has_one_key() -> None:
    keys = defaultdict(list)
    for key, row in documents().items():
        if opens(key):
            keys[plain_address(row["url"])].append(key)
    twice = {address: named for address, named in keys.items() if len(named) > 1}
    assert sum(len(named) - 1 for named in twice.values()) == TWICE, twice


def test_every_end_has_a_document() -> None:
    bare = [r["key"] for n in ("treaties", "memberships", "ties") for r in table(n) if r["end"] and not r["end_origin"]]
    assert len(bare) == ENDS, bare


def test_rows_after_the_rule_say_what_their_passage_says() -> None:
    """Documents read by a compiler carry their words; those of keys of the new form always do."""
    bare = [r["key"] for r in rows() if r["origin"].startswith("d-") and not r["says"]]
    assert bare == []


def test_documents_of_events_are_not_older_than_the_event() -> None:
    """A text from well before the first day cannot report what happened then; an announcement can be a little older."""
    early = []
    for row in table("events"):
        issued = documents()[row["origin"]]["date"]
        if row["origin"].startswith("d-") and last_day(issued) < last_day(row["start"]) - ANNOUNCED:
            early.append((row["key"], row["start"], issued))
    assert early == []


#: Shares of rows below which the record may not fall: a document with an address of its own, and one that was read.
NAMED, READ = 0.96, 0.68


def test_shares_of_rows_with_a_document_that_opens_that_was_read_and_that_are_confirmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = []
    for name in (*TABLES, "all"):
        mine = rows() if name == "all" else table(name)
        named = sum(opens(row["origin"]) for row in mine) / len(mine)
        read = sum(bool(documents()[row["origin"]]["seen"]) for row in mine) / len(mine)
        confirmed = sum(row["status"] == "confirmed" for row in mine) / len(mine)
        lines.append(
            f"{name}: {len(mine)} rows, {named:.0%} with a document at an address of its own, {read:.0%} with one that "
            f"was read, {confirmed:.0%} confirmed by a second data set"
        )
    with capsys.disabled():
        print("", *lines, sep="\n")
    assert named >= NAMED
    assert read >= READ
