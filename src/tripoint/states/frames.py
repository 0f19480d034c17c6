"""The same look-ups on whole columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from tripoint import errors
from tripoint.errors import needs
from tripoint.states.lookup import key_of
from tripoint.states.spells import phases
from tripoint.states.timeline import (
    FIRST_YEAR,
    LAST_YEAR,
    SYSTEMS,
    Stretch,
    System,
    bearers,
    bearings,
    in_year,
)

if TYPE_CHECKING:
    import polars as pl

    When = int | date | pl.Series

_NUMBERS = ("cow", "gw")
_Key = tuple[Literal["id", "code"], System, bool]


def ids(codes: pl.Series, when: When, *, system: System, strict: bool = False) -> pl.Series:
    """Turn a column of codes into state ids.

    Parameters
    ----------
    codes
        Codes or names, ``n`` of them.
    when
        Their years (whole numbers) or days (dates): ``n`` of them, or one for all. In a year with a handover
        the bearer of most of its days is meant, a member of the system before others; with days it is exact.
    system
        What kind of codes they are.
    strict
        As in :func:`find`.

    Returns
    -------
    polars.Series
        ``n`` state ids, named as ``codes``; null where no state bore the code then.

    Raises
    ------
    tripoint.errors.InputError
        Lengths differ, or ``when`` holds neither years nor days.
    """
    _check_system(system)
    return _translate(codes, when, system, ("id", system, strict)).alias(codes.name)


def codes(ids: pl.Series, when: When, *, system: System, strict: bool = False) -> pl.Series:
    """Turn a column of state ids into codes of another system, or names.

    Parameters
    ----------
    ids
        State ids, ``n`` of them.
    when
        Their years or days: ``n`` of them, or one for all.
    system
        What kind of codes to give.
    strict
        Give ``cow``, ``gw`` and ``un`` codes only on the days of that system's own spells.

    Returns
    -------
    polars.Series
        ``n`` codes (Int64 for ``cow`` and ``gw``, else String), named as ``ids``; null where there is none.

    Raises
    ------
    tripoint.errors.InputError
        As :func:`ids` does.
    """
    import polars as pl

    _check_system(system)
    found = _translate(ids, when, "id", ("code", system, strict)).alias(ids.name)
    return found.cast(pl.Int64) if system in _NUMBERS else found


def crosswalk(
    frame: Any,
    column: str,
    year: str | int | date,
    *,
    source: System,
    to: System = "id",
    into: str | None = None,
    strict: bool = False,
) -> Any:
    """Add to a frame a column that says the same states in another system.

    Parameters
    ----------
    frame
        A polars or pandas data frame.
    column
        Its column of codes or names.
    year
        Its column of years or days, or one year or day for all rows.
    source, to
        The systems to translate from and to.
    into
        Name of the new column; ``to`` by default (``state`` for ids). An existing one is replaced.
    strict
        As in :func:`find`.

    Returns
    -------
    frame
        A frame of the same kind, rows and order, with the new column; null where no state bore the code. What is
        null or guessed, and why, says :func:`tripoint.states.crosswalk_report`.

    Raises
    ------
    tripoint.errors.UnknownNameError
        The frame has no such column, or there is no such system.
    tripoint.errors.InputError
        It is no frame.
    """
    import polars as pl

    if not hasattr(frame, "columns"):
        raise errors.InputError(f"{type(frame).__name__} is no frame; give a data frame of polars or pandas")
    is_polars = isinstance(frame, pl.DataFrame)
    wanted = [column, year] if isinstance(year, str) else [column]
    for name in wanted:
        if name not in frame.columns:
            raise errors.unknown("column", name, [str(c) for c in frame.columns], where="the frame")
    work = pl.DataFrame([column_of(frame, n) for n in wanted])
    when = work[year] if isinstance(year, str) else year
    found = ids(work[column], when, system=source, strict=strict)
    if to != "id":
        found = codes(found, when, system=to, strict=strict)
    name = into or ("state" if to == "id" else to)
    if is_polars:
        return frame.with_columns(found.alias(name))
    return frame.assign(**{name: _for_pandas(found)})


def column_of(frame: Any, name: str) -> pl.Series:
    """A column of a polars or pandas frame; what pandas holds for a missing text or number is null."""
    import polars as pl

    if isinstance(frame, pl.DataFrame):
        return frame[name]
    held = frame[name]
    return pl.Series(name, held.astype(object).where(held.notna(), None).tolist())


def _for_pandas(found: pl.Series) -> Any:
    """Numbers as pandas' nullable integers, so that a code that is missing makes no float of the others."""
    if not found.dtype.is_integer():
        return found.to_list()
    needs("pandas")
    import pandas as pd

    return pd.array(found.to_list(), dtype="Int64")


def table() -> pl.DataFrame:
    """Return the table of states, one row a spell.

    Returns
    -------
    polars.DataFrame
        Columns as in ``spells.csv``; dates as dates, ``cow`` and ``gw`` as whole numbers, lists of aliases,
        predecessors and successors. An open end is null.
    """
    import polars as pl

    return pl.DataFrame(
        [
            {
                "id": p.id,
                "name": p.name,
                "aliases": list(p.aliases),
                **{s: next(iter(p.codes.get(s, ())), None) for s in SYSTEMS if s not in ("id", "name")},
                **{
                    f"{s}_{edge}": None if s not in p.spans else _open(getattr(p.spans[s], edge))
                    for s in ("cow", "gw", "un")
                    for edge in ("start", "end")
                },
                "continues": p.continues,
                "predecessors": list(p.predecessors),
                "successors": list(p.successors),
                "capital": p.capital,
                "lat": p.lat,
                "lon": p.lon,
                "region": p.region,
                "continent": p.continent,
            }
            for p in phases()
        ],
        infer_schema_length=None,
    ).with_columns(pl.col("cow", "gw").cast(pl.Int64))


def _open(day: date) -> date | None:
    return None if day == date.max else day


def _book(key: _Key) -> tuple[dict[str, tuple[Stretch, ...]], Callable[[Stretch], str]]:
    """Return the stretches that a translation reads, and what it takes from one."""
    wanted, system, strict = key
    if wanted == "id":
        return bearers(system, strict), attrgetter("id")
    return bearings(system, strict), attrgetter("code")


@cache
def _yearly(key: _Key) -> pl.DataFrame:
    """One row a key and year: the answer, and whether it holds on every day of that year."""
    import polars as pl

    wanted, system, _ = key
    book, answer = _book(key)
    rows = []
    for code, stretches in book.items():
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            if (hit := in_year(stretches, year, system if wanted == "id" else None)) is not None:
                whole = hit.span.start <= date(year, 1, 1) and date(year, 12, 31) <= hit.span.end
                rows.append((code, year, answer(hit), whole))
    schema = {"key": pl.String, "year": pl.Int32, "answer": pl.String, "whole": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _daily(key: _Key) -> pl.DataFrame:
    """One row a key and stretch of days."""
    import polars as pl

    book, answer = _book(key)
    rows = [(code, s.span.start, s.span.end, answer(s)) for code, found in book.items() for s in found]
    schema = {"key": pl.String, "start": pl.Date, "end": pl.Date, "exact": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _translate(given: pl.Series, when: When, system: System, book: _Key) -> pl.Series:
    import polars as pl

    frame, daily = _paired(given, when)
    unique = frame["code"].unique().drop_nulls()
    keys = pl.Series("key", [key_of(c, system) for c in unique.to_list()], dtype=pl.String)
    known = pl.DataFrame({"code": unique, "key": keys}).join(_yearly(book), on="key")
    found = frame.join(known, on=["code", "year"], how="left", maintain_order="left")
    if not daily:
        return found["answer"]
    parts = found.filter(~pl.col("whole")).select("code", "day", "key").unique()
    exact = (
        parts.join(_daily(book), on="key")
        .filter(pl.col("day").is_between("start", "end"))
        .select("code", "day", "exact")
    )
    found = found.join(exact, on=["code", "day"], how="left", maintain_order="left")
    return found.select(pl.when("whole").then("answer").otherwise("exact").alias("answer"))["answer"]


def _paired(given: pl.Series, when: When) -> tuple[pl.DataFrame, bool]:
    """Line codes up with years; say whether days are known."""
    import polars as pl

    if not isinstance(when, pl.Series):
        when = pl.Series("when", [when]).new_from_index(0, len(given))
    if len(when) != len(given):
        raise errors.InputError(f"{len(given)} codes but {len(when)} years or days; give one each, or one for all")
    if when.dtype == pl.Null or (when.dtype.is_float() and (when.fill_nan(None) % 1 == 0).all()):
        when = when.cast(pl.Int32, strict=False)
    if when.dtype.is_integer():
        return pl.DataFrame({"code": given, "year": when.cast(pl.Int32, strict=False)}), False
    if when.dtype in (pl.Date, pl.Datetime):
        day = when.cast(pl.Date)
        return pl.DataFrame({"code": given, "year": day.dt.year(), "day": day}), True
    raise errors.InputError(f"years must be whole numbers or dates, not {when.dtype} (column '{when.name}')")


def _check_system(system: System) -> None:
    if system not in SYSTEMS:
        raise errors.unknown("system of codes", system, SYSTEMS)
