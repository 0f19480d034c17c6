"""Results as plain values: one envelope for every face that speaks JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from tripoint.answers.answer import Answer


def plain(value: Any) -> Any:
    """Turn a result into what JSON can hold.

    Dataclasses become objects of the fields that they show (``repr=False`` hides raw draws and whole paths) and of
    the properties that they list in ``_shown``; a pair of states as a key becomes ``A-B``, other parts are joined with
    `` | ``; what is not finite becomes null.
    """
    import numpy as np
    import polars as pl

    if is_dataclass(value) and not isinstance(value, type):
        shown = {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.repr}
        return shown | {name: plain(getattr(value, name)) for name in getattr(type(value), "_shown", ())}
    if isinstance(value, Mapping):
        return {_key(k): plain(v) for k, v in value.items()}
    if isinstance(value, pl.DataFrame):
        return _rows(value)
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, frozenset | set):
        return plain(sorted(value))
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return value.name
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, turned a column at a time where a cell is text, a number, a day or nothing."""
    import polars as pl

    days = [pl.col(c).cast(pl.String) for c, t in frame.schema.items() if t == pl.Date]
    finite = [pl.when(pl.col(c).is_finite()).then(c) for c, t in frame.schema.items() if t.is_float()]
    frame = frame.with_columns(*days, *finite)
    rows = frame.to_dicts()
    if all(t.is_integer() or t.is_float() or t in (pl.String, pl.Boolean, pl.Null) for t in frame.dtypes):
        return rows
    return [plain(row) for row in rows]


def _key(key: Any) -> str:
    if not isinstance(key, tuple):
        return str(key)
    states = all(isinstance(part, str) and len(part) == 3 and part.isupper() for part in key)
    return ("-" if states else " | ").join(map(str, key))


def envelope(answer: Answer) -> dict[str, Any]:
    """The one envelope: question, headline, evidence, result, facts, sources, lineage, remarks, truncated."""
    return {
        "question": {"subject": answer.question.subject, **plain(answer.question)},
        "headline": answer.headline,
        "evidence": answer.evidence,
        "newest": plain(answer.newest),
        "result": plain(answer.rows if answer.result is None else answer.result),
        "facts": list(answer.facts),
        "sources": plain(answer.sources),
        "lineage": {"id": answer.lineage.id, "method": answer.lineage.method}
        | {"parameters": plain(answer.lineage.parameters), "seed": answer.lineage.seed},
        "remarks": list(answer.remarks),
        "truncated": answer.truncated,
    }


def to_json(answer: Answer) -> str:
    """The envelope as JSON, with sorted keys nowhere: the order is that of reading."""
    return json.dumps(envelope(answer), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
