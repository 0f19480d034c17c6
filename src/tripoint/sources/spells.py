"""From a producer's country codes to states, for ties that last: one spell may belong to several states in turn.

Data sets keep one number for the Soviet Union and Russia, or for Yugoslavia and Serbia. A tie that outlived such a
change is cut there, and each part is given to the state that bore the code. Nothing is moved across a gap in
which no state bore it. A part of a week or less is an artifact of two calendars and is left out, unless it is all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tripoint.states.timeline import System, bearers

if TYPE_CHECKING:
    import polars as pl

_MIDDLE = (7, 2)
EVER = date(9999, 12, 31)
_HANDOVER_DAYS = 7  # codes change hands a few days before or after the states themselves do


def day(year: pl.Expr, month: pl.Expr, number: pl.Expr) -> pl.Expr:
    """A day from whole numbers; null where there is no such day."""
    import polars as pl

    text = pl.format("{}-{}-{}", year, *(part.cast(pl.String).str.zfill(2) for part in (month, number)))
    return text.str.to_date("%Y-%m-%d", strict=False)


def clip_to_states(
    frame: pl.DataFrame,
    columns: Mapping[str, str],
    *,
    system: System,
    locator: pl.Expr,
    until: date = EVER,
    by_year: bool = False,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add state ids to spells, cutting a spell where its code passes from one state to the next.

    Parameters
    ----------
    frame
        Records with ``start`` and ``end`` (days; a null ``end`` is still running), one a row.
    columns
        New column -> column of codes, such as ``{"state_a": "ccode1"}``.
    system
        Code system, as :mod:`tripoint.states` names it.
    locator
        Key of a record in the original.
    until
        Last day covered: a tie still running then has no end, and no part of it begins later.
    by_year
        Whether the record is known by years only: a year of succession then belongs to the state that filled
        most of it.

    Returns
    -------
    tuple
        The spells, clipped to the time in which their states existed, and rows for the set-aside table for
        records with no such time.
    """
    import polars as pl

    frame = frame.with_row_index("_record").with_columns(
        _open=pl.col("end").is_null(), _end=pl.col("end").fill_null(until)
    )
    aside = []
    for new, code in columns.items():
        owners = _owners(system, by_year)
        joined = (
            frame.with_columns(pl.col(code).cast(pl.String).alias("_code"))
            .join(owners, on="_code", how="left", maintain_order="left")
            .filter((pl.col("_from") <= pl.col("_end")) & (pl.col("_to") >= pl.col("start")))
            .with_columns(start=pl.max_horizontal("start", "_from"), _end=pl.min_horizontal("_end", "_to"))
            .rename({"_id": new})
            .drop("_code", "_from", "_to")
        )
        days = (pl.col("_end") - pl.col("start")).dt.total_days()
        joined = joined.filter((days > _HANDOVER_DAYS) | (days == days.max().over("_record")))
        lost = frame.join(joined, on="_record", how="anti").unique("_record", keep="first", maintain_order=True)
        last = pl.when(pl.col("_end") == EVER).then(pl.lit("now")).otherwise(pl.col("_end").cast(pl.String))
        reason = pl.format(
            f"no state has the {system} code '{{}}' between {{}} and {{}}",
            pl.col(code).cast(pl.String).fill_null(""),
            pl.col("start").cast(pl.String).fill_null("?"),
            last,
        )
        aside.append(lost.select(locator=locator, reason=reason, record=pl.lit(None, pl.String)))
        frame = joined
    end = pl.when(~pl.col("_open") | (pl.col("_end") < until)).then("_end")
    return frame.with_columns(end=end).drop("_end", "_open", "_record"), pl.concat(aside)


def _owners(system: System, by_year: bool) -> pl.DataFrame:
    import polars as pl

    names = ("_code", "_id", "_from", "_to")
    types = (pl.String, pl.String, pl.Date, pl.Date)
    return pl.DataFrame(_ownership(system, by_year), schema=dict(zip(names, types, strict=True)), orient="row")


@cache
def _ownership(system: System, by_year: bool) -> list[tuple[str, str, date, date]]:
    """Code, id, first and last day; stretches of one id are one, by day where no day lies between."""
    rows = []
    for code, stretches in bearers(system).items():
        merged: list[tuple[str, date, date]] = []
        for s in stretches:
            near = by_year or bool(merged and (s.span.start - merged[-1][2]).days <= 1)
            if merged and merged[-1][0] == s.id and near:
                merged[-1] = (s.id, merged[-1][1], s.span.end)
            else:
                merged.append((s.id, s.span.start, s.span.end))
        if by_year:
            merged = _whole_years(merged)
        rows += [(code, *m) for m in merged]
    return rows


def _whole_years(stretches: list[tuple[str, date, date]]) -> list[tuple[str, date, date]]:
    """Move every bound between two states to a turn of the year, and outer bounds to include their year."""
    starts = [s.replace(month=1, day=1) for _, s, _ in stretches]
    ends = [e.replace(month=12, day=31) for _, _, e in stretches]
    for k, ((_, _, end), (_, start, _)) in enumerate(pairwise(stretches)):
        if end.year < start.year - 1 or starts[k + 1] > ends[k]:
            continue
        turn = start.year + ((start.month, start.day) > _MIDDLE)
        starts[k + 1], ends[k] = date(turn, 1, 1), date(turn - 1, 12, 31)
    return [(s[0], a, b) for s, a, b in zip(stretches, starts, ends, strict=True) if a <= b]
