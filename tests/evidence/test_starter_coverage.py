"""Where the shipped evidence calls its coverage complete, the reference data know of nothing more."""

from __future__ import annotations

import csv
import warnings
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from importlib import resources
from itertools import combinations
from pathlib import Path

import pytest

from tripoint import states
from tripoint.pipeline import open_evidence
from tripoint.record import KINDS

FOLDER = Path(str(resources.files("tripoint.evidence") / "starter"))
Row = dict[str, str]
Years = dict[tuple[str, str], set[int]]
#: Kind of pact -> its column in the ATOP member file.
PACTS = {
    "defense pact": "defense",
    "offense pact": "offense",
    "neutrality pact": "neutral",
    "consultation pact": "consul",
}
ATOP_ENDS, RIVALRIES_END, FIRST = 2018, 2020, 1991
#: ATOP counts from signature, the shipped rows from entry into force: at most this many years later.
RATIFICATION = 2


def table(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def complete(kind: str) -> list[Row]:
    return [row for row in table("coverage") if row["kind"] == kind and row["complete"] == "true"]


def span(row: Row) -> range:
    return range(max(int(row["start"][:4]), FIRST), int(row["end"][:4] or 2026) + 1)


def covered(row: Row, pair: tuple[str, str]) -> bool:
    lists = [row[end].split() for end in ("states", "partners")]
    return all("ALL_STARTER" in states_ or set(pair) <= set(states_) for states_ in lists)


def shipped_pacts(kind: str) -> Years:
    years: Years = defaultdict(set)
    for row in table("treaties"):
        if kind in [part.strip() for part in row["obligations"].split(";")]:
            for pair in combinations(sorted(row["parties"].split()), 2):
                years[pair] |= set(span(row))
    return years


def named(code: str, year: int) -> str:
    return states.find(int(float(code)), system="cow", year=year).id


def atop_pacts(mirror: Path, column: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Pairs and the years that they were bound on every day of."""
    members: dict[str, list[Row]] = defaultdict(list)
    with (mirror / "atop" / "atop5_1m.csv").open(encoding="latin-1", newline="") as file:
        for row in csv.DictReader(file):
            members[row["atopid"]].append(row)
    for rows in members.values():
        for one, other in combinations(rows, 2):
            if "1" not in {one[column], other[column]} or one["member"] == other["member"]:
                continue
            entry = max(int(one["yrent"]), int(other["yrent"]))
            exit_ = min(int(row["yrexit"]) or ATOP_ENDS + 1 for row in (one, other))
            for year in range(max(entry + 1, FIRST), exit_):
                first, second = sorted((named(one["member"], year), named(other["member"], year)))
                yield (first, second), year


@pytest.mark.parametrize("kind", PACTS)
def test_pacts_called_complete_are_so_by_atop(kind: str, mirror: Path) -> None:
    shipped, rows, checked = shipped_pacts(kind), complete(kind), 0
    assert rows
    known = {s for row in table("treaties") for s in row["parties"].split()} - {"NZL", "THA", "SUN"}
    missing = defaultdict(list)
    for pair, year in atop_pacts(mirror, PACTS[kind]):
        if not set(pair) <= known or not any(covered(row, pair) and year in span(row) for row in rows):
            continue
        checked += 1
        if not shipped[pair] & set(range(year, year + RATIFICATION + 1)):
            missing[pair].append(year)
    assert not missing
    assert checked or kind == "offense pact"


def test_rivalries_called_complete_are_so_by_the_reference(mirror: Path) -> None:
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        (frame,) = rdata.read_rda(mirror / "peacesciencer" / "tss_rivalries.rda").values()
    shipped: Years = defaultdict(set)
    for row in table("ties"):
        if row["kind"] == "rivalry":
            shipped[row["state_a"], row["state_b"]] |= set(span(row))
    missing, checked = [], 0
    for rivals in frame.itertuples():
        for year in range(max(int(rivals.start) + 1, FIRST), min(int(rivals.end) - 1, RIVALRIES_END) + 1):
            first, second = sorted(named(str(code), year) for code in (rivals.ccode1, rivals.ccode2))
            if any(covered(row, (first, second)) and year in span(row) for row in complete("rivalry")):
                known = {s for row in complete("rivalry") for s in row["states"].split()}
                if {first, second} <= known:
                    checked += 1
                    if year not in shipped[first, second]:
                        missing.append((first, second, year))
    assert checked > 100
    assert not missing


def test_wars_called_complete_are_so_by_the_reference(mirror: Path) -> None:
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        (frame,) = rdata.read_rda(mirror / "peacesciencer" / "cow_war_inter.rda").values()
    (row,) = complete("war")
    known, shipped = set(row["states"].split()), set()
    for event in table("events"):
        if event["kind"] == "war":
            shipped |= {(frozenset(event["parties"].split()), year) for year in span(event)}
    fought = {
        (frozenset(named(str(code), int(war.year)) for code in (war.ccode1, war.ccode2)), int(war.year))
        for war in frame.itertuples()
        if int(war.year) in span(row)
    }
    assert {pair_year for pair_year in fought if pair_year[0] <= known} == {(frozenset({"IND", "PAK"}), 1999)}
    assert (frozenset({"IND", "PAK"}), 1999) in shipped


def test_coverage_has_a_row_for_every_kind_shipped_and_holds_its_rows() -> None:
    kinds: dict[str, list[date]] = defaultdict(list)
    for name, path in ((p.stem, p) for p in FOLDER.glob("*.csv")):
        if name in {"documents", "coverage", "search_log", "list_pages"}:
            continue
        for row in table(path.stem):
            day = date.fromisoformat(((row.get("start") or row.get("date") or "2000") + "-01-01")[:10])
            for part in (row.get("obligations") or row.get("kind") or _kind(name)).split(";"):
                kinds[part.split(">")[0].strip().rsplit(" ", 1)[0] if ">" in part else part.strip()].append(day)
    spans = defaultdict(list)
    for row in [*table("coverage"), *table("search_log")]:
        spans[row["kind"]].append(row)
    assert set(kinds) <= set(spans), set(kinds) - set(spans)
    for kind, days in kinds.items():
        last = max(date.fromisoformat(row["end"]) for row in spans[kind])
        assert max(days) <= last, (kind, max(days), last)


def _kind(name: str) -> str:
    return {"votes": "assembly vote", "war_aims": "war aim", "memberships": "membership"}[name]


def test_fruitless_search_for_a_tie_is_no_look_at_the_ties_on_record(tmp_path: Path) -> None:
    """It found nothing, so it cannot say that an older tie of the kind still stood on the day of the search."""
    coverage = open_evidence(tmp_path).sql("SELECT kind, note FROM coverage").to_dicts()
    kept = {(row["kind"], row["note"]) for row in coverage}
    none_found = [r for r in table("search_log") if r["found"] == "0"]
    for row in none_found:
        note = "; ".join(filter(None, (f"searched on {row['day']}: {row['searched']}", row["note"])))
        assert ((row["kind"], note) in kept) == (KINDS[row["kind"]].table != "commitments"), row["key"]
    assert {KINDS[r["kind"]].table for r in none_found} >= {"commitments", "events"}
