"""One fact on one line, for every answer that lists facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tripoint.answers.words import day_as_known
from tripoint.record import KINDS


def fact_text(row: Mapping[str, Any], as_of: date) -> str:
    """When, between whom, how much, what; a tie without an end says when it was last seen.

    ``row`` is one of :meth:`tripoint.evidence.query.Evidence.facts` with the columns ``seen`` and ``holds_to`` of
    :meth:`tripoint.evidence.coverage.Coverage.with_seen`.
    """
    sides = row["state_a"] if row["state_b"] is None else f"{row['state_a']}{_arrow(row)}{row['state_b']}"
    value, table = row["value"], row["table"]
    amount = f" {value:,.6g} {row['unit']}" if value is not None and table in ("flows", "attributes") else ""
    level = (
        f" {value:g} {KINDS[row['kind']].scale}"
        if table in ("commitments", "events") and value not in (None, 1.0)
        else ""
    )
    what = f" {row['what']}" if row["what"] else ""
    return f"{when(row, as_of)}  {sides}{amount}{level}{what}"


def _arrow(row: Mapping[str, Any]) -> str:
    return ">" if row["directed"] else "-"


def when(row: Mapping[str, Any], as_of: date) -> str:
    """First and last day of a fact, as far as each is known."""
    first = day_as_known(row["start"], row["precision"])
    if row["end"] is None:
        seen, holds_to = row.get("seen"), row.get("holds_to")
        if seen is None or holds_to is None:
            return first
        if as_of > holds_to:
            return f"{first} .. not known since {seen:%Y-%m}, no end on record"
        return f"{first} .. in force, last seen {min(seen, as_of):%Y-%m}"
    last = day_as_known(row["end"], row["precision"])
    return first if first == last else f"{first} .. {last}"
