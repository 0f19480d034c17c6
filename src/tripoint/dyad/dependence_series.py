"""Unbroken series: where the source or the reporter of a flow changes, the figures before and after do not compare.

Sources differ in what they count (free on board or with freight, who is asked, revisions), and so do the two sides'
reports of one flow. A change over time is therefore taken within one unbroken series and never across a break.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

#: A source, and who reports each direction; no reporter where the source's silence is a zero.
Origin = tuple[str, Mapping[str, str | None]]
Domain = Literal["trade", "arms", "energy", "finance"]
Measure = Literal["value", "sender_share", "receiver_share"]
_MEASURES: tuple[Measure, ...] = ("value", "sender_share", "receiver_share")


@dataclass(frozen=True, slots=True)
class Flow:
    """What went one way in a year.

    Attributes
    ----------
    sender, receiver
        Ids of the two states.
    value, unit, item
        How much of what; 0 where the source covers the pair completely and has nothing.
    source_id, origin, reporter
        The source chosen; the documents behind its figure where it is compiled from several, else None; and whose
        report of the flow: the receiver's where there is one, else the sender's.
    other_sources
        Sources that also have figures; they are not used.
    partial
        Whether the rows cover less than the year, so that no share is given.
    series
        Number of the unbroken series of one source, origin and reporter, from 1, within a direction, unit and item:
        only figures of one series compare.
    break_before
        Where a series begins after another, both in words; else None.
    sender_total, receiver_total
        All that the sender sends and the receiver gets of the kind in the source, in ``unit``; None where the source
        does not cover all partners.
    sender_share, receiver_share
        Share of the sender's total of such flows to all states, and of the receiver's from all states [0-1]; None
        where the source does not cover all partners, or the total is 0.
    receiver_hhi, receiver_partners
        Concentration of the receiver on its senders: Herfindahl-Hirschman index [0-1], and its inverse, how many
        equal senders would be as concentrated.
    sender_gdp, receiver_gdp
        The flow over each state's GDP [0-1], for dollars only; None where unknown.
    facts
        How many facts it sums.
    """

    domain: Domain
    kind: str
    year: int
    sender: str
    receiver: str
    value: float
    unit: str
    item: str | None
    source_id: str
    origin: str | None
    reporter: str | None
    other_sources: tuple[str, ...]
    partial: bool
    series: int
    break_before: str | None
    sender_total: float | None
    receiver_total: float | None
    sender_share: float | None
    receiver_share: float | None
    receiver_hhi: float | None
    receiver_partners: float | None
    sender_gdp: float | None
    receiver_gdp: float | None
    facts: int


@dataclass(frozen=True, slots=True)
class Change:
    """A flow at the two ends of one unbroken series.

    Attributes
    ----------
    series
        Number of the series, as in the flows.
    measure
        What is compared: the flow itself, in ``unit``, or its share of what the sender sends or the receiver gets.
    first_year, last_year
        First and last year of the series in which the measure is known.
    first, last
        The measure then.
    """

    kind: str
    sender: str
    receiver: str
    unit: str
    item: str | None
    series: int
    source_id: str
    origin: str | None
    reporter: str | None
    measure: Measure
    first_year: int
    last_year: int
    first: float
    last: float


def number_series(origins: Sequence[Origin]) -> list[tuple[int, str | None]]:
    """Number the unbroken series of dated figures, and say at each break what changes.

    Parameters
    ----------
    origins
        (n,) source and reporters of each figure, oldest first. A missing reporter breaks nothing.

    Returns
    -------
    list
        (n,) number of the series, from 1, and the break before the figure in words; None where there is none.
    """
    found: list[tuple[int, str | None]] = []
    number, before = 1, None
    for source, reporters in origins:
        broken = None
        if before is not None and _differ(before, (source, reporters)):
            number += 1
            broken = f"{_words(before)}, then {_words((source, reporters))}"
        carried: Mapping[str, str | None] = before[1] if before is not None and broken is None else {}
        before = (source, {way: who or carried.get(way) for way, who in reporters.items()})
        found.append((number, broken))
    return found


def flow_changes(flows: Sequence[Flow]) -> tuple[Change, ...]:
    """Every measure at the two ends of each unbroken series of flows; years in part are left out."""
    found = []
    for (kind, sender, receiver, unit, item, series), rows in groupby(sorted(flows, key=_order), key=_key):
        whole = [f for f in rows if not f.partial]
        for measure in _MEASURES:
            known = [(f.year, float(value)) for f in whole if (value := getattr(f, measure)) is not None]
            if len(known) < 2:
                continue
            (first_year, first), (last_year, last) = known[0], known[-1]
            told = next((f for f in reversed(whole) if f.reporter), whole[-1])
            key = (kind, sender, receiver, unit, item, series)
            by = (told.source_id, told.origin, told.reporter)
            found.append(Change(*key, *by, measure, first_year, last_year, first, last))
    return tuple(found)


def _key(flow: Flow) -> tuple[str, str, str, str, str | None, int]:
    return flow.kind, flow.sender, flow.receiver, flow.unit, flow.item, flow.series


def _order(flow: Flow) -> tuple[str, str, str, str, str, int, int]:
    kind, sender, receiver, unit, item, series = _key(flow)
    return kind, sender, receiver, unit, item or "", series, flow.year


def _differ(one: Origin, other: Origin) -> bool:
    """Whether the source differs, or what it covers, or who reports where both are named."""
    if one[0] != other[0] or one[1].keys() != other[1].keys():
        return True
    return any(a is not None and b is not None and a != b for a, b in ((one[1][w], other[1][w]) for w in one[1]))


def _words(origin: Origin) -> str:
    source, reporters = origin
    if len(reporters) == 1:
        (who,) = reporters.values()
        return f"{source} by {who}" if who else source
    told = ", ".join(f"{way} by {who}" if who else way for way, who in reporters.items())
    return f"{source} ({told})"
