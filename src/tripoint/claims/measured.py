"""What a measure answers with, and where it may look: rows known by a day, and what sources would have recorded.

A measure never guesses. Where no source would have recorded an answer its value is missing and its status
``not searched``; a zero is given only where a source that covers the pair completely has nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from tripoint import states
from tripoint.dyad.searched import REACH_DAYS
from tripoint.errors import did_you_mean
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Treaty data against which the treaties of the shipped evidence were checked, by kind.
_CHECKED_AGAINST = dict.fromkeys(
    ("defense pact", "offense pact", "neutrality pact", "nonaggression pact", "consultation pact"), "atop"
)
#: Names for readers, where a catalog title is too long for a sentence.
_SHORT = {"starter": "Tripoint's shipped evidence", "atop": "ATOP", "sipri-arms": "SIPRI"}

Status = Literal["measured", "not searched"]
Row = Mapping[str, Any]

#: Documents of the shipped evidence that are editions of a data set with a source of its own: one origin.
_SAME_ORIGIN = {
    "da-cow-trade": "cow-trade",
    "da-imf-imts": "imf-trade",
    "da-isw-map": "isw-control",
    "da-kiel": "kiel-support",
    "da-sipri-arms": "sipri-arms",
    "da-sipri-milex": "sipri-milex",
    "da-wb-gdp": "wb-gdp",
    "dt-cow-war": "cow-war-inter",
    "dt-sipri-register": "sipri-arms",
    "dt-tss-2022": "tss-rivalries",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of one measure.

    Attributes
    ----------
    value, low, high
        Value and 90 % interval; equal where the record gives a count or one figure; NaN where not searched.
    unit
        Unit of the value.
    fact_ids
        The facts it rests on.
    origins
        Documents or families of data sets behind those facts: one origin counts once.
    searched
        Where it was looked for, or why there is no answer, in words.
    complete
        False where the sources do not claim to have everything: the value is then the least it can be.
    latest
        Day up to which the facts or the search reach.
    """

    value: float
    low: float
    high: float
    unit: str
    status: Status
    fact_ids: tuple[str, ...] = ()
    origins: frozenset[str] = frozenset()
    searched: str = ""
    complete: bool = True
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a measure is asked with: the evidence, the last day that may be used, and an origin left out on trial."""

    evidence: Evidence
    as_of: date
    without: str = ""
    memory: dict[str, Measured] = field(default_factory=dict, compare=False, repr=False)
    documents: dict[str, Row] = field(default_factory=dict, compare=False, repr=False)
    covers: dict[str, list[Row]] = field(default_factory=dict, compare=False, repr=False)


def not_searched(unit: str, why: str = "") -> Measured:
    """No source would have recorded an answer."""
    return Measured(math.nan, math.nan, math.nan, unit, "not searched", searched=why)


def given(
    q: Question,
    value: float,
    rows: Sequence[Row],
    unit: str,
    *,
    low: float | None = None,
    high: float | None = None,
    complete: bool = True,
    latest: date | None = None,
) -> Measured:
    """An answer that rests on rows."""
    days = (row.get("end") or row.get("start") or row.get("date") for row in rows)
    ends = [d for d in days if d is not None]
    return Measured(
        value,
        value if low is None else low,
        value if high is None else high,
        unit,
        "measured",
        tuple(row["fact_id"] for row in rows),
        families(q, rows),
        complete=complete,
        latest=min(latest or max(ends, default=q.as_of), q.as_of),
    )


def families(q: Question, rows: Iterable[Row]) -> frozenset[str]:
    """Origins of rows, with editions and descendants of one data set as one."""
    listed = list(rows)
    own = {r.get("kind") for r in listed if r["source_id"] == "starter"}
    kept = [
        r for r in listed if not (r.get("kind") in own and _CHECKED_AGAINST.get(r.get("kind", "")) == r["source_id"])
    ]
    return frozenset(family(q, row) for row in kept)


def family(q: Question, row: Row) -> str:
    """Origin of one row: its document where the source names one, otherwise the source's family."""
    key = str(row["origin"] or row["source_id"])
    own = str(_documents(q)[key]["family"]) if key in _documents(q) else key
    return _SAME_ORIGIN.get(own, own)


def _documents(q: Question) -> Mapping[str, Row]:
    if not q.documents:
        rows = q.evidence.sql("SELECT id, family, kind, date, title, producer FROM sources").to_dicts()
        q.documents.update({row["id"]: row for row in rows})
    return q.documents


def known(q: Question, rows: Iterable[Row]) -> list[Row]:
    """Rows whose document had been issued by the last day that may be used, less those of an origin left out.

    Data sets are issued again and again; their rows count by the days that they are about.
    """
    issued = [row for row in rows if _issued(q, row["origin"]) <= q.as_of.isoformat()]
    return [row for row in issued if family(q, row) != q.without] if q.without else issued


def _issued(q: Question, origin: str | None) -> str:
    """Day of issue as far as it is known: ``2026-01`` counts from the first of the month."""
    document = _documents(q).get(origin or "", {})
    issued = str(document.get("date") or "")
    return "" if document.get("kind") == "dataset" else issued


def between(q: Question, kind: str, a: str, b: str, since: date | None, until: date) -> list[Row]:
    """Facts of a kind that tie the two states, either way, within the days."""
    frame = q.evidence.facts(between=sides(a, b), kinds=[kind], since=since, until=min(until, q.as_of))
    return known(q, frame.to_dicts())


def sides(a: str, b: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both states with those they continue."""
    return states.lineage(a), states.lineage(b)


def once(kind: str, sources: Iterable[str]) -> list[str]:
    """Sources of a kind, of those that agree by construction only the one that was checked against the other.

    The treaties of the shipped evidence were checked against ATOP, so that the two say one thing.
    """
    named = set(sources)
    if kind in _CHECKED_AGAINST and {"starter", _CHECKED_AGAINST[kind]} <= named:
        named.discard(_CHECKED_AGAINST[kind])
    return sorted(named)


def named_sources(q: Question, origins: Iterable[str]) -> tuple[str, ...]:
    """Origins as readers know them: the producer of a document or data set."""
    known_here = _documents(q)
    out = []
    for origin in origins:
        if origin.startswith("vote on ") or origin == "UN General Assembly":
            out.append("the Assembly's voting record")
            continue
        row = known_here.get(origin, {})
        out.append(_SHORT.get(origin) or str(row.get("producer") or row.get("title") or origin))
    return tuple(dict.fromkeys(out))


def coverage(q: Question, kind: str, a: str, b: str | None, first: date, last: date) -> list[Row]:
    """Coverage rows that would have recorded the kind for these states, all days from first to last or nearly."""
    rows = [row for row in _covering(q, kind) if row["start"] <= first]
    one, other = states.lineage(a), states.lineage(b) if b else ()

    def has(cell: str, side: Sequence[str]) -> bool:
        return cell == "*" or bool(set(cell.split()) & set(side))

    def covers(row: Row) -> bool:
        if b is None:
            return has(row["states"], one)
        left, right = row["states"], row["partners"]
        return (has(left, one) and has(right, other)) or (has(left, other) and has(right, one))

    return [row for row in rows if covers(row) and (last - row["end"]).days <= REACH_DAYS]


def _covering(q: Question, kind: str) -> list[Row]:
    """Coverage rows of a kind, asked for once."""
    if kind not in q.covers:
        q.covers[kind] = q.evidence.sql("SELECT * FROM coverage WHERE kind = ?", [kind]).to_dicts()
    return q.covers[kind]


def complete(q: Question, kind: str, a: str, b: str | None, first: date, last: date) -> list[Row]:
    """Coverage whose silence means that there was nothing."""
    return [row for row in coverage(q, kind, a, b, first, last) if row["complete"]]


def none_or_unsearched(
    q: Question, kind: str, a: str, b: str | None, first: date, last: date, *, unit: str = "", why: str = ""
) -> Measured:
    """Zero where a source that covers the states completely has nothing; otherwise not searched."""
    cover = complete(q, kind, a, b, first, last)
    unit = unit or KINDS[kind].scale
    if not cover:
        return not_searched(unit, why or "no source in use claims to have every one")
    latest = max(row["end"] for row in cover)
    named = sorted({row["source_id"] for row in cover})
    origins = frozenset(f"search of {name}" for name in once(kind, named))
    words = f"none in {', '.join(named)}, to {latest.year}"
    return Measured(0.0, 0.0, 0.0, unit, "measured", (), origins, words, latest=min(latest, q.as_of))


def lasting(q: Question, kind: str, rows: Iterable[Row], on: date) -> tuple[list[Row], str]:
    """Ties in force on a day, and what is known of those whose source ended before it.

    A source that ends in 2018 and has no end for a tie says that it was in force in 2018, not that it is now.
    """
    ends: dict[str, date] = {}
    for cover in _covering(q, kind):
        ends[cover["source_id"]] = max(cover["end"], ends.get(cover["source_id"], cover["end"]))
    live, ended = [], set()
    for row in rows:
        begun = row["start"] is None or row["start"] <= on
        if not begun or (row["end"] is not None and row["end"] < on):
            continue
        last = ends.get(row["source_id"], on)
        if row["end"] is None and (on - last).days > REACH_DAYS:
            ended.add((row["source_id"], last.year))
        else:
            live.append(row)
    why = ", ".join(f"in force where {source} ends in {year}" for source, year in sorted(ended))
    return live, f"{why}, and nothing later searched" if why else ""


def nearest(q: Question, table: str, column: str, kind: str, name: str) -> str:
    """Why a named item has no answer: whether the evidence knows it at all, with did-you-mean."""
    rows = q.evidence.sql(f'SELECT DISTINCT "{column}" AS name FROM "{table}" WHERE kind = ?', [kind])
    names = [n for n in rows["name"].to_list() if n]
    if name.casefold() in {n.casefold() for n in names}:
        return ""
    return f"'{name}' is not in the evidence{did_you_mean(name, names)}"
