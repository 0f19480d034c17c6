"""Fields of a claim file, checked one by one: each message says the file, the line and what to write."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tripoint.errors import InputError, did_you_mean
from tripoint.toml_lines import line_of

_LONGEST_TEXT = 4_000
_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand in the file, for messages."""

    name: str
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, *path: str | int, floor: int = 1) -> int:
        """Line of a key, or of the nearest table that holds it; never before ``floor``."""
        return max(line_of(self.lines, path) or 1, floor)

    def at(self, *path: str | int, floor: int = 1) -> str:
        """``claims.toml, line 12``."""
        return f"{self.name}, line {self.line(*path, floor=floor)}"


def check_keys(item: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Refuse keys that are not known, with the nearest that is."""
    for key in item:
        if key not in keys:
            raise InputError(f"{where}: unknown key '{key}'{did_you_mean(key, keys)}")


def check_whole(
    item: Mapping[str, Any], keys: Sequence[str], what: str, where: str, *, optional: Sequence[str] = ()
) -> None:
    """Refuse an item that lacks one of its keys."""
    check_keys(item, (*keys, *optional), where)
    for key in keys:
        if not item.get(key):
            raise InputError(f"{where}: {what} needs '{key}'")


def tables(item: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    """Tables written ``[[key]]``."""
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
        raise InputError(f"{where}: '{key}' is written as tables, each beginning with [[...{key}]]")
    return value


def texts(item: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A list of texts."""
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InputError(f'{where}: {key} = {value!r}; write a list of texts, such as ["RUS", "CHN"]')
    return tuple(_plain(v, key, where) for v in value)


def text(item: Mapping[str, Any], key: str, where: str) -> str:
    """A text without control characters."""
    value = item.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{where}: {key} = {value!r}; write it as text in quotes")
    return _plain(value, key, where)


def _plain(value: str, key: str, where: str) -> str:
    if len(value) > _LONGEST_TEXT:
        raise InputError(f"{where}: {key} has {len(value):,} characters; at most {_LONGEST_TEXT:,} are read")
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cf") and character != "\n":
            raise InputError(
                f"{where}: {key} has the control character U+{ord(character):04X} in it; remove it and write plain text"
            )
    return value


def link(item: Mapping[str, Any], key: str, where: str) -> str:
    """An address on the web; anything else, such as ``javascript:``, is refused."""
    value = text(item, key, where)
    if value and not value.casefold().startswith(_WEB):
        raise InputError(f"{where}: {key} = {value!r} is no web address; write one that begins with https://")
    return value


def number(value: object, key: str, where: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InputError(f"{where}: {key} = {value!r}; write a number")
    return float(value)


def span(value: object, key: str, where: str, *, low: float, high: float) -> tuple[float, float]:
    """Two numbers in order, such as ``[0.2, 0.8]``, or one that stands for both; strictly within the bounds."""
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2:
        raise InputError(f"{where}: {key} = {value!r}; write its lowest and highest value, such as [0.2, 0.8]")
    first, last = (number(v, key, where) for v in ends)
    if not low < first <= last < high:
        bounds = f"between {low:g} and {high:g}" if math.isfinite(high) else f"above {low:g}"
        shown = f"{first:g}" if first == last else f"[{first:g}, {last:g}]"
        raise InputError(f"{where}: a {key} of {shown}; give numbers {bounds}, the lower first")
    return first, last


def probability(table: Mapping[str, Any], hypothesis: str, where: str) -> float:
    """The likelihood under a hypothesis, strictly between 0 and 1."""
    if hypothesis not in table:
        raise InputError(f"{where}: no likelihood under '{hypothesis}'")
    value = number(table[hypothesis], hypothesis, where)
    if not 0 < value < 1:
        raise InputError(f"{where}: likelihood {value} under '{hypothesis}'; give a number between 0 and 1")
    return value


def day(value: object, key: str, where: str) -> date:
    """A bare date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise InputError(f"{where}: {key} = {value!r}; write a bare date, such as 2025-12-07")
