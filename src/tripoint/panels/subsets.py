"""Subsets of rows: expressions on columns, politically relevant dyads, and what to say when columns end early."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.errors import CoverageWarning, InputError, unknown
from tripoint.panels.base import Bools

if TYPE_CHECKING:
    import polars as pl

#: Widest type of contiguity that counts, by name: a land border, and 12, 24, 150 and 400 miles of water.
CONTIGUITY: Mapping[str, int] = {"land": 1, "12 miles": 2, "24 miles": 3, "150 miles": 4, "400 miles": 5}


def condition(expressions: Sequence[Any], equal: Mapping[str, Any], columns: Sequence[str]) -> pl.Expr:
    """One condition from polars expressions, conditions in SQL, and values of columns.

    Raises
    ------
    UnknownNameError
        For a column that the panel does not have.
    InputError
        For what is no condition.
    """
    import polars as pl

    parts = []
    for each in expressions:
        if isinstance(each, str):
            try:
                each = pl.sql_expr(each)
            except pl.exceptions.PolarsError as error:
                raise InputError(f"the condition '{each}' cannot be read: {error}; an example: 'ccode1 = 2'") from error
        if not isinstance(each, pl.Expr):
            raise InputError(f"{each!r} is no condition; give pl.col('conttype') > 0, or 'conttype > 0', or ccode1=2")
        parts.append(each)
    parts += [pl.col(name) == value for name, value in equal.items()]
    if not parts:
        raise InputError("filter() needs a condition, such as pl.col('conttype') > 0")
    made = pl.all_horizontal(parts) if len(parts) > 1 else parts[0]
    for name in made.meta.root_names():
        if name not in columns:
            raise unknown("column", name, columns, where="the panel")
    return made


def passing(frames: Iterator[pl.DataFrame], wanted: pl.Expr) -> tuple[Bools, pl.DataFrame]:
    """Which rows pass, shape (rows,), and per year how many there are, pass, and are known in each column used.

    A row on which the condition is null does not pass.

    Raises
    ------
    InputError
        For a condition that polars cannot compute.
    """
    import polars as pl

    used = [c for c in wanted.meta.root_names() if c != "year"]
    passed, years = [], []
    for frame in frames:
        try:
            marked = frame.with_columns(passed=wanted)
        except pl.exceptions.PolarsError as error:
            raise InputError(f"the condition cannot be computed: {error}") from error
        if marked["passed"].dtype != pl.Boolean:
            raise InputError(f"the condition gives {marked['passed'].dtype}, not true or false; compare with something")
        marked = marked.with_columns(pl.col("passed").fill_null(value=False))
        passed.append(marked["passed"].to_numpy())
        years.append(marked.group_by("year").agg(pl.col("passed").sum(), pl.col(used).is_not_null().sum()))
    if not passed:
        return np.zeros(0, bool), pl.DataFrame(schema={"year": pl.Int16, "passed": pl.UInt32})
    return np.concatenate(passed), pl.concat(years).group_by("year").sum().sort("year")


def ends_early(years: pl.DataFrame) -> str:
    """What to say where rows pass in no year after the last one in which a column is known; empty where all is well."""
    if not years.height:
        return ""
    last = int(years["year"].to_numpy().max())
    left = years.filter(years["passed"] > 0)["year"].to_list()
    stop = left[-1] if left else None
    ends = {
        name: (known[-1] if known else None)
        for name in years.columns[2:]
        for known in [years.filter(years[name] > 0)["year"].to_list()]
    }
    early = {name: end for name, end in ends.items() if end is None or (end < last and (stop is None or end <= stop))}
    if stop == last or not early:
        return ""
    what = ", ".join(
        f"'{n}' is known to {end}" if end else f"'{n}' is not known in any row" for n, end in early.items()
    )
    rows = f"no row after {stop} is left" if stop else "no row is left"
    return f"{rows} of a panel to {last}: {what}; add it with carry='last' to carry it on, or end the panel earlier"


def say(remark: str) -> None:
    """Warn that a filter ends where the evidence does."""
    if remark:
        warnings.warn(remark, CoverageWarning, stacklevel=4)


def relevance(contiguity: str | int, *, majors: bool) -> pl.Expr:
    """Contiguous, or with a major power among the two."""
    import polars as pl

    widest = CONTIGUITY.get(contiguity) if isinstance(contiguity, str) else contiguity
    if widest is None or isinstance(widest, bool) or not 1 <= widest <= 5:
        raise unknown("contiguity", str(contiguity), CONTIGUITY)
    near = pl.col("conttype").is_between(1, widest)
    return near | (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1) if majors else near
