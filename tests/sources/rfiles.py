"""Small R data files for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


def write_rda(path: Path, columns: Mapping[str, Sequence[float | str | None]]) -> Path:
    """Write one data frame; numbers become R doubles and text becomes R strings."""
    import pandas as pd
    import rdata

    frame = pd.DataFrame({k: pd.Series(list(v), dtype=_dtype(v)) for k, v in columns.items()})
    frame.columns = pd.Index(list(columns), dtype=object)
    rdata.write_rda(path, {path.stem: frame})
    return path


def _dtype(values: Sequence[float | str | None]) -> str:
    return "object" if any(isinstance(v, str) for v in values) else "float64"
