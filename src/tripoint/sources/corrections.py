"""Known upstream errors, declared in files with the wrong value they expect to find.

When the producer has fixed an error, the expected value is gone: nothing is changed and the build says so.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def apply_corrections(frame: pl.DataFrame, source_id: str, role: str) -> tuple[pl.DataFrame, list[str]]:
    """Apply ``corrections/<source_id>.toml`` to the raw frame of one file.

    Each entry has ``file`` (a role), ``where`` (column = value, as text), ``column``, ``expect``, ``value`` and
    ``why``. Corrected rows get their reason in a column ``correction`` (null elsewhere).

    Returns
    -------
    tuple
        The frame, and a remark for every entry that no longer finds the value it expects.
    """
    import polars as pl

    frame = frame.with_columns(correction=pl.lit(None, pl.String))
    item = resources.files("tripoint.sources") / "corrections" / f"{source_id}.toml"
    if not item.is_file():
        return frame, []
    remarks = []
    for entry in tomllib.loads(item.read_text("utf-8"))["correction"]:
        if entry["file"] != role:
            continue
        here = pl.all_horizontal(pl.col(c).cast(pl.String) == str(v) for c, v in entry["where"].items())
        column = entry["column"]
        wrong = here & (pl.col(column).cast(pl.String).fill_null("") == str(entry["expect"]))
        if not frame.select(wrong.any()).item():
            remarks.append(
                f"{source_id}: the correction of {column} at {entry['where']} finds no '{entry['expect']}'; "
                "the producer may have fixed it: check, and remove the correction"
            )
            continue
        frame = frame.with_columns(
            pl.when(wrong).then(pl.lit(entry["value"]).cast(frame.schema[column])).otherwise(column).alias(column),
            correction=pl.when(wrong).then(pl.lit("corrected: " + entry["why"])).otherwise("correction"),
        )
    return frame, remarks
