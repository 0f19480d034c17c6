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
from tripoint.errors import did_you_mean
from tripoint.evidence.citing import documents_of, origins_of, short_name
from tripoint.evidence.coverage import Line, coverage_of
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence


Status = Literal["measured", "not searched"]
Row = Mapping[str, Any]


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
    lists
        Sources that were searched and have none.
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
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a measure is asked with: the evidence, the last day that may be used, and an origin left out on trial."""

    evidence: Evidence
    as_of: date
    without: str = ""
    memory: dict[str, Measured] = field(default_factory=dict, compare=False, repr=False)


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
    return origins_of(q.evidence).families(rows)


def family(q: Question, row: Row) -> str:
    """Origin of one row."""
    return origins_of(q.evidence).family(row)


def known(q: Question, rows: Iterable[Row]) -> list[Row]:
    """Rows whose document had been issued by the last day that may be used, less those of an origin left out.

    Data sets are issued again and again; their rows count by the days that they are about.
    """
    issued = [row for row in rows if _issued(q, row["origin"]) <= q.as_of.isoformat()]
    return [row for row in issued if family(q, row) != q.without] if q.without else issued


def _issued(q: Question, origin: str | None) -> str:
    """Day of issue as far as it is known: ``2026-01`` counts from the first of the month."""
    document = documents_of(q.evidence).get(origin or "", {})
    issued = str(document.get("date") or "")
    return "" if document.get("kind") == "dataset" else issued


def between(q: Question, kind: str, a: str, b: str, since: date | None, until: date) -> list[Row]:
    """Facts of a kind that tie the two states, either way, within the days."""
    frame = q.evidence.facts(between=sides(a, b), kinds=[kind], since=since, until=min(until, q.as_of))
    return known(q, frame.to_dicts())


def sides(a: str, b: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both states with those they continue."""
    return states.lineage(a), states.lineage(b)


def named_sources(q: Question, origins: Iterable[str]) -> tuple[str, ...]:
    """Origins as readers know them: the producer of a document or data set."""
    known_here = documents_of(q.evidence)
    out = []
    for origin in origins:
        if origin.startswith("vote on ") or origin == "UN General Assembly":
            out.append("the Assembly's voting record")
            continue
        if origin.startswith("event "):  # several reports of one event are one origin, and it has no name
            out.append("press reports")
            continue
        row = known_here.get(origin, {})
        out.append(short_name(origin) or str(row.get("producer") or row.get("title") or origin))
    return tuple(dict.fromkeys(out))


def complete(q: Question, kind: str, a: str, b: str | None, first: date, last: date) -> tuple[Line, ...]:
    """Coverage whose silence means that there was nothing."""
    return coverage_of(q.evidence).complete(kind, (a, b) if b else a, first, last)


def none_or_unsearched(
    q: Question, kind: str, a: str, b: str | None, first: date, last: date, *, unit: str = "", why: str = ""
) -> Measured:
    """Zero where a source that covers the states completely has nothing; otherwise not searched."""
    cover = complete(q, kind, a, b, first, last)
    unit = unit or KINDS[kind].scale
    if not cover:
        return not_searched(unit, why or "no source in use claims to have every one")
    latest = max(line.end for line in cover)
    named = sorted({line.source_id for line in cover})
    origins = frozenset(origins_of(q.evidence).search(name, kind) for name in named)
    words = f"none in {', '.join(named)}, to {latest.year}"
    upto = min(latest, q.as_of)
    return Measured(0.0, 0.0, 0.0, unit, "measured", (), origins, words, latest=upto, lists=tuple(named))


def lasting(q: Question, kind: str, rows: Iterable[Row], on: date) -> tuple[list[Row], str]:
    """Ties in force on a day, and what is known of those whose source ended before it.

    A source that ends in 2018 and has no end for a tie says that it was in force in 2018, not that it is now.
    """
    standing = coverage_of(q.evidence)
    live, ended = [], set()
    for row in rows:
        stands = standing.standing(row, on)
        if stands.state == "in force":
            live.append(row)
        elif stands.state == "not known" and stands.seen:
            ended.add((row["source_id"], stands.seen.year))
    why = ", ".join(f"last known in {source} in {year}" for source, year in sorted(ended))
    return live, f"{why}, and nothing later searched" if why else ""


def nearest(q: Question, table: str, column: str, kind: str, name: str) -> str:
    """Why a named item has no answer: whether the evidence knows it at all, with did-you-mean."""
    rows = q.evidence.sql(f'SELECT DISTINCT "{column}" AS name FROM "{table}" WHERE kind = ?', [kind])
    names = [n for n in rows["name"].to_list() if n]
    if name.casefold() in {n.casefold() for n in names}:
        return ""
    return f"'{name}' is not in the evidence{did_you_mean(name, names)}"
