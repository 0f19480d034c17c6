"""What leaves a panel: Arrow columns, files, citations, the codebook, and what a notebook shows."""

from __future__ import annotations

import html as markup
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.errors import needs
from tripoint.panels.landing import Landed

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from tripoint.evidence.query import Evidence
    from tripoint.panels.columns import Column

_TIMES = {"year": "year", "month": "month of the year", "date": "day"}


def arrow(landed: Landed) -> pa.Array:
    """Values and a bit for known or not, without a copy of the values."""
    needs("pyarrow")
    import pyarrow as pa

    values = np.ascontiguousarray(landed.values)
    bits = None if landed.known.all() else pa.py_buffer(np.packbits(landed.known, bitorder="little").tobytes())
    nulls = -1 if bits is not None else 0
    numbers = pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), values.size, [bits, pa.py_buffer(values)], nulls)
    return pa.DictionaryArray.from_arrays(numbers, pa.array(landed.labels)) if landed.labels else numbers


def arrow_type(landed: Landed) -> pa.DataType:
    """Arrow type of a landed variable."""
    needs("pyarrow")
    import pyarrow as pa

    plain = pa.from_numpy_dtype(landed.values.dtype)
    return pa.dictionary(plain, pa.string()) if landed.labels else plain


def metadata(
    panel: Mapping[str, Any], columns: Sequence[Column], sources: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """What a file says about itself: columns, their units and sources, and how to cite them."""
    about = {
        c.name: {"meaning": c.variable.meaning, "unit": c.variable.unit, "source": " ".join(c.variable.sources)}
        for c in columns
    }
    used = [{"id": s["id"], "edition": s["vintage"], "citation": s["citation"]} for s in sources]
    return {"tripoint": json.dumps({**panel, "columns": about, "sources": used}, ensure_ascii=False)}


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches as they come; the file is there under its name only when it is whole."""
    needs("pyarrow")
    import pyarrow.parquet as pq

    partial = path.with_name(f".{path.name}.part")
    rows = 0
    try:
        with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return rows


def source_rows(evidence: Evidence, used: Sequence[str]) -> list[dict[str, Any]]:
    """The sources of an evidence by id, in the order asked for."""
    if not used:
        return []
    found = evidence.sql(
        "SELECT id, vintage, title, citation, bibtex, accessed FROM sources WHERE id = source_id "
        "AND list_contains(?::VARCHAR[], id)",
        [list(used)],
    ).to_dicts()
    by_id = {row["id"]: row for row in found}
    return [by_id[name] for name in used]


def citations(sources: Sequence[Mapping[str, Any]], style: str) -> str:
    """Citations of sources, one a paragraph, each with the edition that was read."""
    if style == "text":
        return "\n".join(f"{s['citation'].strip()} [Edition {s['vintage']}]" for s in sources)
    return "\n\n".join(_with_edition(s["bibtex"].strip(), s["vintage"], s["accessed"]) for s in sources)


def _with_edition(entry: str, vintage: str, accessed: str) -> str:
    body = entry.rstrip().removesuffix("}").rstrip().rstrip(",")
    return f"{body},\n  annotation = {{Edition {vintage}, read on {accessed}}}\n}}"


def coverage_years(evidence: Evidence) -> dict[tuple[str, str], tuple[int, int]]:
    """First and last year that each source covers of each kind."""
    rows = evidence.sql(
        'SELECT source_id, kind, min(year("start"))::INTEGER, max(year("end"))::INTEGER FROM coverage GROUP BY ALL'
    ).rows()
    return {(source, kind): (first, last) for source, kind, first, last in rows}


def codebook(
    keys: Sequence[str],
    columns: Sequence[Column],
    editions: Mapping[str, str],
    covered: Mapping[tuple[str, str], tuple[int, int]],
    grain: str,
) -> pl.DataFrame:
    """One row a column.

    ``dated`` is the period of which a value is; ``vague`` is how many facts of the source are dated too coarsely for
    that, so that the cells that they may touch are null. ``carried_cells`` is how many cells, of all states or directed
    pairs and periods of the panel (of its first part where it comes in parts), hold after ``carried_after`` what the
    source has at its end.
    """
    import polars as pl

    rows: list[dict[str, Any]] = [{"name": name, "meaning": meaning} for name, meaning in key_meanings(keys).items()]
    for column in columns:
        v = column.variable
        first, last = covered.get((v.source, v.kind), (None, None))
        rows.append(
            {
                "name": column.name,
                "meaning": v.meaning + (" (the larger of both directions)" if column.folded else ""),
                "unit": v.unit,
                "low": v.low,
                "high": v.high,
                "about": _about(column),
                "dated": f"{column.repeated}, repeated" if column.repeated else grain,
                "vague": column.vague,
                "source": " ".join(v.sources),
                "edition": " ".join(editions[source] for source in v.sources if source in editions) or None,
                "first_year": first,
                "last_year": last,
                "system": v.system,
                "missing": v.missing,
                "carried_after": column.carried[0] if column.carried else None,
                "carried_cells": column.carried[1] if column.carried else None,
                "alias": " ".join(v.alias),
            }
        )
    numbers = {"low": pl.Float64, "high": pl.Float64} | dict.fromkeys(
        ("vague", "first_year", "last_year", "carried_cells"), pl.Int64
    )
    order = (
        *("name", "meaning", "unit", "low", "high", "about", "dated", "vague", "source", "edition"),
        *("first_year", "last_year", "system", "missing", "carried_after", "carried_cells", "alias"),
    )
    schema: dict[str, Any] = {name: numbers.get(name, pl.String) for name in order}
    return pl.DataFrame(rows, schema=schema, orient="row")


def key_meanings(keys: Sequence[str]) -> dict[str, str]:
    """What the columns mean that say what a row is."""
    systems = {"ccode": "Correlates of War", "gwcode": "Gleditsch and Ward"}
    said = {}
    for name in keys:
        system, side = name.rstrip("123"), name[-1] if name[-1] in "123" else ""
        state = f"state {side}" if side else "the state"
        said[name] = _TIMES.get(name) or f"code of {state} ({systems.get(system, system)})"
    return said


def meanings(keys: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """What every column means, with the unit where it is not in the words already."""
    units = {c.name: c.variable.unit for c in columns}
    said = {c.name: c.variable.meaning + (" (the larger of both directions)" if c.folded else "") for c in columns}
    with_unit = {
        name: f"{text} [{units[name]}]" if units[name] and "[" not in text else text for name, text in said.items()
    }
    return {**key_meanings(keys), **with_unit}


def _about(column: Column) -> str:
    sides = [str(k + 1) for k in column.sides]
    if len(sides) == 1:
        return f"state {sides[0]}"
    return f"from {sides[0]} to {sides[1]}" if column.variable.direction != "none" else f"pair {sides[0]}-{sides[1]}"


def html(title: str, head: pl.DataFrame, book: pl.DataFrame, remarks: Sequence[str] = ()) -> str:
    """What a notebook shows: the first rows, and below them what the columns are."""
    show = ("name", "meaning", "unit", "dated", "vague", "source", "edition", "first_year", "last_year", "missing")
    rows = head.rows()
    body = "".join("<tr>" + "".join(f"<td>{_cell(v)}</td>" for v in row) + "</tr>" for row in rows)
    names = "".join(f"<th>{markup.escape(c)}</th>" for c in head.columns)
    about = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{_cell(v)}</td>" for v in row) + "</tr>"
        for row in book.select(show).rows()
    )
    labels = "".join(f"<th style='text-align:left'>{c.replace('_', ' ')}</th>" for c in show)
    said = "".join(f"<p>{markup.escape(remark)}</p>" for remark in remarks)
    return (
        f"<p><strong>{markup.escape(title)}</strong></p>{said}"
        f"<div style='overflow-x:auto'><table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<details><summary>Codebook</summary><table><thead><tr>{labels}</tr></thead><tbody>{about}</tbody></table></details>"
    )


def _cell(value: object) -> str:
    if value is None:
        return "<span style='opacity:.5'>null</span>"
    return markup.escape(f"{value:g}" if isinstance(value, float) else str(value))


def physical_memory() -> int:
    """Memory of this machine [bytes]; 0 where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
