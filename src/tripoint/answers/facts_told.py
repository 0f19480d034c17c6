"""One fact on one line, for every answer that lists facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tripoint.answers.words import day_as_known
from tripoint.dyad.searched import REACH_DAYS
from tripoint.record import KINDS


def fact_text(row: Mapping[str, Any], as_of: date) -> str:
    """When, between whom, how much, what; a tie not coded to the day says to when it was.

    ``row`` is one of :meth:`tripoint.evidence.query.Evidence.facts` with the column ``coded_to``.
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
        last = row.get("coded_to")
        if last is None:
            return first
        known = (as_of - last).days <= REACH_DAYS
        return f"{first} .. in force" if known else f"{first} .. coded to {last.year}, no end on record"
    last = day_as_known(row["end"], row["precision"])
    return first if first == last else f"{first} .. {last}"
