"""Small files in a producer's layout, and the full reference file, as a reader gets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tripoint.pipeline import read_source
from tripoint.provenance import Receipt, Source
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.fetch import fetch_source
from tripoint.sources.tabular import Files


def given(name: str, **paths: Path | Sequence[Path]) -> Files:
    """Files of a source by role."""
    return Files(source(name), {role: (p,) if isinstance(p, Path) else tuple(p) for role, p in paths.items()})


def table(path: Path, columns: Sequence[str], *rows: Mapping[str, object], missing: object = "") -> Path:
    """Write comma-separated text with these columns; what a row does not name is ``missing``."""
    lines = [",".join(columns), *(",".join(_cell(row.get(c, missing)) for c in columns) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def whole(name: str, mirror: Path, folder: Path) -> Reading:
    """Read a source from the reference data; rows in = kept + set aside is checked on the way."""
    entry: Source = source(name)
    receipts: tuple[Receipt, ...] = fetch_source(entry, folder / name, mirror=str(mirror))
    return read_source(entry, folder / name, receipts)


def _cell(value: object) -> str:
    text = str(value)
    return f'"{text}"' if "," in text else text
