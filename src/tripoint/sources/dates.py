"""Days as a source writes them: one stated format a source, and no guess at another.

A spreadsheet rewrites ``2024-10-05`` as ``10/5/2024`` or ``5-Oct-24``, and read by guess that is two different days.
A day in another order is therefore no missing value: the file is refused, and the line is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError

if TYPE_CHECKING:
    import polars as pl

#: What is plainly meant as a day, in whatever order.
_DAY_LIKE = r"^\s*(\d{1,4}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,4}|\d{1,2}[\s.\-]+\p{L}{3,9}\.?[\s.\-,]+\d{2,4})\b"
_EXAMPLE = date(2024, 10, 25)


def read_days(column: pl.Series, path: Path, *, formats: Sequence[str] = ("%Y-%m-%d",)) -> pl.Series:
    """Days of a column of text in the source's own formats.

    Parameters
    ----------
    column
        Text, ``n`` values; a time of day after the day is cut off where the format has none.
    path
        File, for the message.
    formats
        Formats that the source is known to use, as ``strftime`` writes them.

    Returns
    -------
    polars.Series
        ``n`` days; null where the text is no day in any format, such as an impossible one.

    Raises
    ------
    FormatError
        When a value is a day in another order of day, month and year; it names the data row, the value and what is
        expected.
    """
    import polars as pl

    text = column.cast(pl.String).str.strip_chars()
    known = text.unique().drop_nulls()
    found = pl.Series([None] * len(known), dtype=pl.Date)
    shaped = pl.Series([False] * len(known), dtype=pl.Boolean)
    for form in formats:
        part = known.str.slice(0, len(_EXAMPLE.strftime(form))) if form.startswith("%Y") else known
        found = found.zip_with(found.is_not_null(), part.str.to_date(form, strict=False))
        shaped |= part.str.contains(_shape(form))
    odd = known.filter(found.is_null() & ~shaped & known.str.contains(_DAY_LIKE))
    if len(odd):
        row = text.is_in(odd.implode()).arg_max() or 0
        expected = " or ".join(f"'{_EXAMPLE.strftime(form)}'" for form in formats)
        raise FormatError(
            f"{path.name}: column {column.name}, data row {row + 1}: '{text[row]}' is a day in another order; expected "
            f"like {expected}: a spreadsheet may have rewritten the file, so download it again and leave it as it is"
        )
    days = pl.DataFrame({"text": known, "day": found})
    return (
        pl.DataFrame({"text": text}).join(days, on="text", how="left", maintain_order="left")["day"].alias(column.name)
    )


def _shape(form: str) -> str:
    """A pattern of what a format looks like, possible or not."""
    parts = {"%Y": r"\d{4}", "%m": r"\d{1,2}", "%d": r"\d{1,2}", "%B": r"\p{L}+", "%b": r"\p{L}{3}", "%y": r"\d{2}"}
    pattern = form.replace(".", r"\.")
    for code, text in parts.items():
        pattern = pattern.replace(code, text)
    return f"^{pattern}$"
