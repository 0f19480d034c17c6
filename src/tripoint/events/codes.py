"""Which state bore an actor's country code on which days: the table that counts are joined with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from tripoint.states.lookup import key_of
from tripoint.states.timeline import bearers

if TYPE_CHECKING:
    import polars as pl


def as_number(day: date) -> int:
    """A day as a whole number, ``20240229``."""
    return day.year * 10_000 + day.month * 100 + day.day


@cache
def country_codes() -> pl.DataFrame:
    """States by CAMEO country code: ``code, state, first, last``, the days as whole numbers, both included.

    Regions (``AFR``, ``EUR``, ``WST``) have no row. Codes follow international personality: ``RUS`` in 1985 is the
    Soviet Union.
    """
    return _table([(code, code) for code in bearers("iso3")], "iso3")


def name_codes(names: Iterable[str]) -> pl.DataFrame:
    """States by the country names of a file, as :func:`country_codes`; a name that no state bears has no row."""
    return _table([(name, key) for name in sorted(set(names)) if (key := key_of(name, "name"))], "name")


def _table(pairs: Iterable[tuple[str, str]], system: Literal["iso3", "name"]) -> pl.DataFrame:
    import polars as pl

    book = bearers(system)
    rows: list[tuple[str, str, int, int]] = []
    until = date.min
    for code, key in pairs:
        for s in book.get(key, ()):
            first, last = as_number(s.span.start), as_number(s.span.end)
            if rows and rows[-1][:2] == (code, s.id) and s.span.start - until <= timedelta(days=1):
                rows[-1] = (*rows[-1][:3], last)
            else:
                rows.append((code, s.id, first, last))
            until = s.span.end
    schema = {"code": pl.String, "state": pl.String, "first": pl.Int64, "last": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("code", "first")
