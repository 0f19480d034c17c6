"""What the record says of a statement: on record, not on record, contested, or not searched.

A look-up is no likelihood: there is no percentage here. Sources that agree by construction count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tripoint.claims.language import holds_within
from tripoint.claims.measured import Question, named_sources
from tripoint.claims.measures import MEASURES
from tripoint.claims.tested import Weighed

RecordStatus = Literal["on record", "not on record", "contested", "not searched"]

_SEARCH = "search of "
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the record says of one statement of a record claim.

    Attributes
    ----------
    status
        What was found of the thing that the statement is about.
    agrees
        Whether the statement itself comes out; None where it does not come out either way.
    lists
        Names of the sources behind it, independent ones only once.
    until
        Day to which they reach.
    words
        The status in one sentence.
    """

    weighed: Weighed
    status: RecordStatus
    agrees: bool | None
    lists: tuple[str, ...]
    until: date | None
    words: str


def find(weighed: Weighed, question: Question) -> Finding:
    """Say what the record has on one statement."""
    measured = [v for v in weighed.values.values() if v.status == "measured"]
    until = min((v.latest for v in measured if v.latest), default=None)
    if not weighed.spoken:
        why = "; ".join(
            dict.fromkeys(v.searched for v in weighed.values.values() if v.searched and v.status != "measured")
        )
        words = f"Not searched: {why}." if why else "Not searched: no source in use claims to have every case."
        return Finding(weighed, "not searched", None, (), until, words)
    facts = any(v.fact_ids for v in measured)
    named = {s for v in measured for s in v.lists} or {o for v in measured for o in v.origins}
    if facts:
        named = {o for v in measured for o in v.origins if not o.startswith(_SEARCH)}
    lists = named_sources(question, sorted(o.removeprefix(_SEARCH) for o in named))
    if contested(weighed):
        words = f"Contested: {_spread(weighed)}."
        return Finding(weighed, "contested", None, lists, until, words)
    agrees = weighed.seen >= 0.5
    number = len({o for v in measured for o in v.origins})
    if facts:
        words = f"On record in {_sources(number)} ({_listed(lists)}){f', to {long_day(until)}' if until else ''}."
        return Finding(weighed, "on record", agrees, lists, until, words)
    words = f"Not on record in {_sources(number)} that would have it ({_listed(lists)}), complete to {long_day(until)}."
    return Finding(weighed, "not on record", agrees, lists, until, words)


def contested(weighed: Weighed) -> bool:
    """Whether independent sources give different answers: the statement turns on which of them is believed."""
    spread = {k: v for k, v in weighed.values.items() if v.status == "measured" and v.low < v.high}
    if not spread or all(len(v.origins) < 2 for v in spread.values()):
        return False
    tops = {str(c): MEASURES[c.name].range[1] for c in weighed.test.when.calls()}
    spans = {
        k: (v.low, v.high if v.complete else max(v.high, tops[k]))
        for k, v in weighed.values.items()
        if v.status == "measured"
    }
    return holds_within(weighed.test.when, spans) is None


def _spread(weighed: Weighed) -> str:
    parts = [
        f"{_plain(v.low)} in one source and {_plain(v.high)}{_unit(v.unit)} in another"
        for v in weighed.values.values()
        if v.status == "measured" and v.low < v.high
    ]
    return "; ".join(parts)


def _unit(unit: str) -> str:
    """A unit of amounts; counts have none."""
    plain = unit.strip("[]")
    return f" {plain}" if "million" in plain or plain == "km2" else ""


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.2f}"


def _sources(number: int) -> str:
    spelled = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
    return f"{spelled.get(number, number)} independent {'source' if number == 1 else 'sources'}"


def _listed(lists: Sequence[str]) -> str:
    shown = list(lists[:3])
    return ", ".join(shown) + (f" and {len(lists) - 3} more" if len(lists) > 3 else "")


def long_day(day: date | None) -> str:
    """A day in words, such as ``31 December 2025``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else "an unknown day"
