"""Rows as CSV text that a spreadsheet can open without running anything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

#: A cell that begins with one of these is a formula to a spreadsheet; an apostrophe before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text, joined with |, for forms that have no lists."""
    import polars as pl

    return frame.with_columns(
        pl.col(c).cast(pl.List(pl.String)).list.join("|") for c, t in frame.schema.items() if isinstance(t, pl.List)
    )


def csv_text(frame: pl.DataFrame, *, safe: bool = True) -> str:
    """Rows as CSV.

    Parameters
    ----------
    frame
        The rows; lists are joined with ``|``.
    safe
        Whether text that a spreadsheet would take for a formula gets an apostrophe before it, and control characters
        a space in their place. Numbers keep their sign.
    """
    import polars as pl

    made = flat(frame)
    texts = [c for c, t in made.schema.items() if t == pl.String]
    if safe and texts:
        made = made.with_columns(_safe(c) for c in texts)
    return made.write_csv()


def _safe(name: str) -> pl.Expr:
    import polars as pl

    text = pl.col(name).str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", " ")
    formula = pl.any_horizontal(text.str.starts_with(c) for c in FORMULA)
    number = text.str.contains(r"^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$")
    return pl.when(formula & ~number).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)
