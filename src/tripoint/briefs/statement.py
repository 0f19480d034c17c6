"""A sentence and what stands behind it, and the check that nothing in it comes from nowhere.

Every number, date and state named in a sentence must be found in the facts it cites, in the model results it
cites, or in the test whose threshold it repeats. The build fails otherwise.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tripoint import states
from tripoint.errors import TripointError

_NUMBER = re.compile(r"(?<![\w./-])[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w/])")
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SYMBOL = re.compile(r"\b[A-Z]/[A-Z]+/[\w/-]+\b")
_SPELLED = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "twenty": 20,
}


class UnsupportedError(TripointError):
    """A sentence says something that what it cites does not."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with its support.

    Attributes
    ----------
    text
        The sentence.
    fact_ids
        Facts it cites.
    numbers
        Values of model results it cites.
    names
        Ids of states that the cited model results are about.
    quoted
        Text fixed beforehand (a test's wording and thresholds) that it may repeat.
    """

    text: str
    fact_ids: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    quoted: str = ""


def check_statement(statement: Statement, facts: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise :class:`UnsupportedError` for a number, date or state that nothing cited supports.

    Parameters
    ----------
    statement
        The sentence and its support.
    facts
        Rows of facts by id; every cited id must be among them.
    """
    rows = []
    for fact_id in statement.fact_ids:
        if fact_id not in facts:
            raise UnsupportedError(f"'{statement.text}' cites {fact_id}, which is not in the evidence")
        rows.append(facts[fact_id])
    text = _SYMBOL.sub(" ", statement.text)
    dates = _allowed_dates(rows, statement.quoted)
    for found in _DATE.finditer(text):
        if found.group(0) not in dates:
            raise UnsupportedError(f"'{statement.text}' gives the date {found.group(0)}, which nothing it cites has")
    allowed = _allowed_numbers(statement, rows)
    for token in numbers_in(_DATE.sub(" ", text)):
        if not any(_same(token, value) for value in allowed):
            raise UnsupportedError(f"'{statement.text}' gives {token}, which nothing it cites supports")
    known = {*statement.names, *_row_states(rows), *states_in(statement.quoted)}
    family = {i for name in known for i in states.lineage(name)}
    for name in states_in(text):
        if name not in family:
            raise UnsupportedError(f"'{statement.text}' names {states.find(name).name}, whom nothing it cites is about")


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers as written, years included; spelled-out numbers from two on as digits."""
    digits = [m.group(0).replace("−", "-") for m in _NUMBER.finditer(text)]
    words = [str(_SPELLED[w]) for w in re.findall(r"[a-z]+", text.casefold()) if w in _SPELLED]
    return (*digits, *words)


def states_in(text: str) -> tuple[str, ...]:
    """Ids of states that a text names, by name, adjective-free alias or id."""
    found = []
    for pattern, state in _names():
        if pattern.search(text):
            found.append(state)
    return tuple(dict.fromkeys(found))


@cache
def _names() -> tuple[tuple[re.Pattern[str], str], ...]:
    out = []
    for state in states.members(2025):
        one = states.find(state, system="id")
        out.append((re.compile(rf"(?<![\w-]){re.escape(one.name)}(?![\w-])"), state))
        out.append((re.compile(rf"(?<![\w-]){state}(?![\w-])"), state))
    return tuple(out)


def _allowed_dates(rows: Iterable[Mapping[str, Any]], quoted: str) -> set[str]:
    dates = {str(row[c]) for row in rows for c in ("start", "end", "date") if row.get(c)}
    return dates | {m.group(0) for m in _DATE.finditer(quoted)}


def _allowed_numbers(statement: Statement, rows: Sequence[Mapping[str, Any]]) -> list[float]:
    allowed = [v for v in statement.numbers if not math.isnan(v)]
    allowed += [float(t.replace(",", "")) for t in numbers_in(statement.quoted)]
    allowed.append(float(len(rows)))
    for row in rows:
        allowed += [float(row[c]) for c in ("value", "level", "intensity", "count") if row.get(c) is not None]
        allowed += [float(str(row[c])[:4]) for c in ("start", "end", "date") if row.get(c)]
        words = " ".join(str(row[c]) for c in ("title", "instrument", "item", "what", "note") if row.get(c))
        allowed += [float(t.replace(",", "")) for t in numbers_in(words)]
    return allowed


def _same(token: str, value: float) -> bool:
    """Whether a number as written is a value rounded to the digits written."""
    digits = token.replace(",", "")
    places = len(digits.partition(".")[2])
    return bool(abs(float(digits) - value) <= 0.5 * 10**-places + 1e-9)


def _row_states(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {row[c] for row in rows for c in ("state", "state_a", "state_b") if row.get(c)}
