"""From a hand-compiled row to facts: a treaty to one tie a pair and obligation, a roll call to one position a state.

An organization may stand where a state stands. Its act is one act, with one document, and becomes one fact a
member: of the day for an event; for a tie, each from its accession until it leaves.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import combinations, product
from typing import Any

from tripoint.record import KINDS, Table

Row = Mapping[str, Any]
Spell = tuple[str, date, date | None]
#: Members of each organization: state, first day, last day.
Members = Mapping[str, tuple[Spell, ...]]

_VOTES = {"yes": 1.0, "abstain": 2.0, "no": 3.0, "absent": None}
#: Kinds of event that go on where no end is given; the others are over on their day.
_LASTING = ("war", "troop support")
_UNCONFIRMED = "not confirmed by a second data set"


def day_of(text: str | None, *, last: bool) -> tuple[date | None, str]:
    """First or last day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, and how much of it is known."""
    if not text:
        return None, "day"
    parts = text.split("-")
    year = int(parts[0])
    month = int(parts[1]) if len(parts) > 1 else (12 if last else 1)
    day = int(parts[2]) if len(parts) > 2 else (calendar.monthrange(year, month)[1] if last else 1)
    return date(year, month, day), ("year", "month", "day")[len(parts) - 1]


def members_of(rows: Iterator[Row]) -> Members:
    """Members of each organization, from the rows of memberships."""
    found: dict[str, list[Spell]] = {}
    for row in rows:
        period = _period(row)
        found.setdefault(row["organization"], []).append((row["state"], period["start"], period["end"]))
    return {name: tuple(spells) for name, spells in found.items()}


def _base(row: Row, suffix: str = "") -> dict[str, Any]:
    note = [part for part in (row.get("note"), _UNCONFIRMED if row.get("status") == "unconfirmed" else None) if part]
    ends = {"end_origin": row["end_origin"]} if "end_origin" in row else {}
    passage = {c: row[c] for c in ("origin", "where", "says")}
    return {"locator": row["key"] + suffix, **passage, **ends, "note": "; ".join(note) or None}


def _period(row: Row) -> dict[str, Any]:
    start, precision = day_of(row.get("start"), last=False)
    end, _ = day_of(row.get("end"), last=True)
    return {"start": start, "end": end, "precision": precision}


def _number(row: Row, column: str) -> float | None:
    return float(row[column]) if row.get(column) else None


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is not a kind of record")
    return kind


def _treaty(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    for obligation in filter(None, (part.strip() for part in (row["obligations"] or "").split(";"))):
        kind, pairs, directed = _obligation(obligation, row["parties"])
        for one, other in pairs:
            yield {
                **_base(row, f"/{one}-{other}/{kind}"),
                **_period(row),
                "state_a": one,
                "state_b": other,
                "kind": kind,
                "directed": directed,
                "instrument": row["name"],
                "level": None,
                "members": len(row["parties"].split()),
            }


def _obligation(text: str, parties: str) -> tuple[str, list[tuple[str, str]], bool]:
    """``base rights USA>JPN`` binds one way; any other obligation binds every pair of parties."""
    if ">" not in text:
        return _known(text), list(combinations(sorted(parties.split()), 2)), False
    kind, _, ends = text.rpartition(" ")
    one, _, other = ends.partition(">")
    return _known(kind), [(one, other)], True


def _membership(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    yield {
        **_base(row),
        **_period(row),
        "state_a": row["state"],
        "state_b": None,
        "kind": "membership",
        "directed": True,
        "instrument": row["organization"],
        "level": 1.0,
    }


def _tie(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    one, other = row["state_a"], row["state_b"]
    period = _period(row)
    spread = any(" " in side or side in members for side in (one, other))
    for (a, *first), (b, *second) in product(_spells(one, members), _spells(other, members)):
        start = max((d for d in (period["start"], first[0], second[0]) if d), default=None)
        end = min((d for d in (period["end"], first[1], second[1]) if d), default=None)
        if a == b or (start and end and end < start):
            continue
        yield {
            **_base(row, f"/{a}-{b}" if spread else ""),
            "start": start,
            "end": end,
            "precision": period["precision"],
            "state_a": a,
            "state_b": b,
            "kind": _known(row["kind"]),
            "directed": row["directed"] == "true",
            "instrument": row["instrument"],
            "level": _number(row, "level"),
        }


def _spells(name: str, members: Members) -> tuple[tuple[str, date | None, date | None], ...]:
    """States of a cell, several joined with a space, with the days between which an organization binds each."""
    return tuple(s for one in name.split() for s in members.get(one, ((one, None, None),)))


def _event(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    directed = row["directed"] == "true"
    period = _period(row)
    parties = row["parties"].split()
    sides = [_on(party, members, period["start"]) for party in parties]
    between = [(sides[0], side) for side in sides[1:]] if directed else list(combinations(sides, 2))
    pairs = [(a, b) for one, other in between for a, b in product(one, other) if a != b]
    if not directed:
        pairs = sorted({(min(pair), max(pair)) for pair in pairs})
    if period["end"] is None and row["kind"] not in _LASTING:
        period["end"] = day_of(row["start"], last=True)[0]
    for one, other in pairs:
        yield {
            **_base(row, f"/{one}-{other}" if len(pairs) > 1 else ""),
            **period,
            "state_a": one,
            "state_b": other,
            "kind": _known(row["kind"]),
            "directed": directed,
            "intensity": _number(row, "intensity"),
            "count": int(row["count"]) if row["count"] else None,
            "title": row["title"],
            "event": row["key"],
            "participants": len({state for side in sides for state in side}),
        }


def _on(name: str, members: Members, day: date) -> list[str]:
    """A state, or the members of an organization on a day."""
    if name not in members:
        return [name]
    return sorted({s for s, start, end in members[name] if start <= day and (end is None or day <= end)})


def _flow(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    plain = ("state_a", "state_b", "unit", "reporter", "item")
    yield {
        **_base(row),
        **_period(row),
        **{c: row[c] for c in plain},
        "kind": _known(row["kind"]),
        "value": float(row["value"]),
    }


def _attribute(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    plain = ("state", "unit", "place")
    yield {
        **_base(row),
        **_period(row),
        **{c: row[c] for c in plain},
        "kind": _known(row["kind"]),
        "value": float(row["value"]),
    }


def _vote(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    day, precision = day_of(row["date"], last=False)
    for choice, value in _VOTES.items():
        for state in (row[choice] or "").split():
            yield {
                **_base(row, f"/{state}"),
                "state": state,
                "kind": "assembly vote",
                "item": row["item"],
                "date": day,
                "precision": precision,
                "choice": choice,
                "value": value,
                "title": row["title"],
                "topics": row["topics"],
                "session": row["session"],
            }


def _aim(row: Row, members: Members) -> Iterator[dict[str, Any]]:
    day, precision = day_of(row["date"], last=False)
    plain = ("state", "item", "choice", "title")
    yield {
        **_base(row),
        **{c: row[c] for c in plain},
        "kind": "war aim",
        "date": day,
        "precision": precision,
        "value": _number(row, "value"),
        "topics": None,
        "session": None,
    }


#: Role of a file -> the table its rows go to, and how one row spreads into facts.
SPREAD: Mapping[str, tuple[Table, Callable[[Row, Members], Iterator[dict[str, Any]]]]] = {
    "treaties": ("commitments", _treaty),
    "memberships": ("commitments", _membership),
    "ties": ("commitments", _tie),
    "events": ("events", _event),
    "flows": ("flows", _flow),
    "attributes": ("attributes", _attribute),
    "votes": ("positions", _vote),
    "war_aims": ("positions", _aim),
}
