"""From a producer's country codes to states: every code is read with its year, and none is guessed.

A record whose code names no state in that year (an aggregate, a territory, a state that did not exist yet or
no longer) is set aside with a reason that quotes the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.errors import FormatError

if TYPE_CHECKING:
    import polars as pl

    from tripoint.sources.tabular import Files
    from tripoint.states import System

#: SIPRI's name -> the usual name of the same state before a year. SIPRI's Serbia reaches back to 1992.
SIPRI_NAMES = {"Serbia": ("Yugoslavia", 2006), "Yemen Arab Republic (North Yemen)": ("North Yemen", 1991)}


def with_states(
    frame: pl.DataFrame,
    columns: Mapping[str, str],
    *,
    when: str,
    system: System,
    locator: pl.Expr,
    strict: bool = False,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add state ids, and split off the records with a code that names no state at that time.

    Parameters
    ----------
    frame
        Records, one a row.
    columns
        New column -> column of codes, such as ``{"state_a": "ccode1"}``.
    when
        Column of years or dates.
    system
        Code system, as :func:`tripoint.states.ids` names it.
    locator
        Key of a record in the original.
    strict
        Take a code only while the state that it stands for existed: a series carried back under a code of today
        is about today's territory, and not about the state that held it before.

    Returns
    -------
    tuple
        The records with every state known, and rows for the set-aside table.
    """
    import polars as pl

    for new, code in columns.items():
        pairs = frame.select(code, when).unique()
        found = states.ids(pairs[code], pairs[when], system=system, strict=strict)
        frame = frame.join(pairs.with_columns(found.alias(new)), on=[code, when], how="left", maintain_order="left")
    unknown = pl.any_horizontal(pl.col(new).is_null() for new in columns)
    year = pl.col(when).dt.year() if frame.schema[when] == pl.Date else pl.col(when)
    what = "name" if system == "name" else f"{system} code"
    reasons = [
        pl.when(pl.col(new).is_null()).then(
            pl.format(f"no state has the {what} '{{}}' in {{}}", pl.col(code).fill_null(""), year)
        )
        for new, code in columns.items()
    ]
    aside = frame.filter(unknown).select(
        locator=locator,
        reason=pl.concat_str(reasons, separator="; ", ignore_nulls=True),
        record=pl.lit(None, pl.String),
    )
    return frame.filter(~unknown), aside


def split(
    frame: pl.DataFrame, broken: pl.Expr, reason: str | pl.Expr, locator: pl.Expr
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split off the records for which ``broken`` holds, as rows for the set-aside table."""
    import polars as pl

    text = pl.lit(reason) if isinstance(reason, str) else reason
    wrong = broken.fill_null(value=False)
    # A filter may leave empty chunks, on which polars 2.1 fails to format text: hence one chunk each.
    aside = frame.filter(wrong).rechunk().select(locator=locator, reason=text, record=pl.lit(None, pl.String))
    return frame.filter(~wrong).rechunk(), aside


def first_role(files: Files, *roles: str) -> Path:
    """The file of the first role that has one: a producer's own file goes before a copy of it."""
    return files.one(next((role for role in roles if files.many(role)), roles[-1]))


def years_held(frame: pl.DataFrame, column: str, what: str) -> tuple[int, int]:
    """First and last year of a column of days or years; raises ``FormatError`` when it holds none."""
    years = frame[column].dt.year() if frame.schema[column].is_temporal() else frame[column]
    first, last = years.min(), years.max()
    if not isinstance(first, int) or not isinstance(last, int):
        raise FormatError(f"{what}: no record with a year; is this the file that is meant?")
    return first, last


def year_span(year: pl.Expr) -> dict[str, pl.Expr]:
    """``start`` and ``end`` of a year, as days."""
    import polars as pl

    return {"start": pl.date(year, 1, 1), "end": pl.date(year, 12, 31)}


def sipri_names(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Replace names that SIPRI alone uses for the years in a column ``year``."""
    import polars as pl

    for name, (usual, until) in SIPRI_NAMES.items():
        here = (pl.col(columns) == name) & (pl.col("year") < until)
        frame = frame.with_columns(pl.when(here).then(pl.lit(usual)).otherwise(pl.col(columns)).name.keep())
    return frame
