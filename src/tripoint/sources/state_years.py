"""Tables with a row a state and year and a column a measure, read into attributes.

What the sources of this shape share: capabilities, gross domestic product, democracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import first_role, split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited, read_r

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading
    from tripoint.states import System

_R_SUFFIXES = {".rds", ".rda"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of a table: what it measures, in which unit, and how its numbers become that unit.

    Attributes
    ----------
    column
        Name in the file.
    kind, unit
        As in the evidence.
    factor
        What a number is multiplied by.
    logged
        Whether the file has natural logarithms.
    sd
        Column of standard deviations, quoted in the note.
    first, last
        Years in which the unit holds.
    """

    column: str
    kind: str
    unit: str
    factor: float = 1.0
    logged: bool = False
    sd: str = ""
    first: int = 0
    last: int = 9999


def read_table(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Read an R data frame or comma-separated text with these columns, all of them numbers."""
    import polars as pl

    if path.suffix in _R_SUFFIXES:
        return read_r(path, columns=columns).select(pl.col(columns).cast(pl.Float64))
    numbers = dict.fromkeys(columns, pl.Float64)
    return read_delimited(path, columns=columns, numbers=numbers, nulls=("NA",)).select(columns)


def read_state_years(
    files: Files,
    role: str,
    measures: Sequence[Measure],
    *,
    code: str,
    system: System,
    missing: float | None = None,
    note: str = "",
    edition: str = "",
    table: pl.DataFrame | None = None,
) -> Reading:
    """Read the measures of a table of states and years; a record is a row, its locator ``code-year/column``.

    A state that changes its code within a year has a record under either (Germany in 1990 under 260 and 255): both are
    kept, and the locator tells them apart.

    Parameters
    ----------
    files
        The source's files.
    role
        Role of the table; a file of the role ``producer`` goes before it.
    measures
        Columns to read.
    code, system
        Column of state codes, and their system.
    missing
        Number that stands for a missing value.
    note
        What the coverage leaves out.
    edition
        Edition as the file or its name states it; the catalog's where empty.
    table
        The table, where a reader has opened it already; a row without a code is then set aside.

    Raises
    ------
    FormatError
        When a column is missing, or a row has no code or no year.
    """
    import polars as pl

    path = first_role(files, "producer", role)
    values = list(dict.fromkeys(m.column for m in measures))
    deviations = [m.sd for m in measures if m.sd]
    opened = read_table(path, [code, "year", *values, *deviations]) if table is None else table
    raw, remarks = apply_corrections(opened, files.entry.id, role)
    keyless = raw.select(pl.any_horizontal(pl.col(code, "year").is_null())).to_series()
    if raw.height == 0 or (table is None and keyless.any()):
        raise FormatError(f"{path.name}: a row has no {code} or no year; the file may be cut short")
    numbered = raw.filter(~keyless)
    nameless = pl.DataFrame({"locator": keyless.arg_true().cast(pl.String)}).with_columns(
        reason=pl.lit(f"no {code} or no year"), record=pl.lit(None, pl.String)
    )
    frame = numbered.with_columns(pl.col(code, "year").cast(pl.Int32))
    if missing is not None:
        frame = frame.with_columns(pl.when(pl.col(c) != missing).then(pl.col(c)).alias(c) for c in values)
    key = pl.format("{}-{}", code, "year")
    frame, twice = split(frame, ~pl.struct(code, "year").is_first_distinct(), "repeats a state and year", key)
    frame, empty = split(frame, pl.all_horizontal(pl.col(values).is_null()), "missing value", key)
    frame, unknown = with_states(frame, {"state": code}, when="year", system=system, locator=key)
    attributes = [_attributes(frame, m, key) for m in measures]
    return assemble(
        files,
        {"attributes": attributes},
        rows_in=raw.height,
        aside=[nameless, twice, empty, unknown],
        coverage=_coverage(attributes, note),
        vintage=edition,
        remarks=remarks,
    )


def _attributes(frame: pl.DataFrame, measure: Measure, key: pl.Expr) -> pl.DataFrame:
    import polars as pl

    value = pl.col(measure.column)
    notes = [pl.col("correction")]
    if measure.sd:
        notes.append(pl.format("estimate; standard deviation {}", (pl.col(measure.sd) * measure.factor).round(6)))
    if measure.logged:
        value = value.exp()
        notes.append(pl.lit("published as a natural logarithm"))
    here = pl.col(measure.column).is_not_null() & pl.col("year").is_between(measure.first, measure.last)
    return frame.filter(here).select(
        "state",
        kind=pl.lit(measure.kind),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=value * measure.factor,
        unit=pl.lit(measure.unit),
        note=pl.concat_str(notes, separator="; ", ignore_nulls=True).replace("", None),
        locator=pl.format("{}/{}", key, pl.lit(measure.column)),
    )


def _coverage(attributes: Sequence[pl.DataFrame], note: str) -> list[dict[str, object]]:
    """One row a kind, from its first value to its last."""
    import polars as pl

    spans = pl.concat(attributes).group_by("kind", maintain_order=True).agg(pl.col("start").min(), pl.col("end").max())
    text = "a state and year that is not listed is not known" + (f"; {note}" if note else "")
    return [cover(kind, start, end, partners="", silence="unproven", note=text) for kind, start, end in spans.rows()]
