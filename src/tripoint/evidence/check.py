"""Is the store whole? Hashes, keys, ranges and coverage of every edition, checked from the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.evidence.store import Edition, read_snapshot, table_schemas
from tripoint.provenance import file_digest
from tripoint.record import KINDS, TABLES

if TYPE_CHECKING:
    import polars as pl

_EARLIEST, _LATEST = date(1648, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one edition; no faults when it is whole."""

    source_id: str
    vintage: str
    facts: int
    faults: tuple[str, ...]


def check_store(home: Path) -> tuple[Checked, ...]:
    """Check every edition that the snapshot names."""
    return tuple(
        Checked(e.source_id, e.vintage, e.facts, tuple(_faults(e, home / "store" / e.folder)))
        for e in read_snapshot(home).editions
    )


def _faults(edition: Edition, folder: Path) -> Iterator[str]:
    import polars as pl

    if edition.rows_in != edition.rows_kept + edition.rows_aside:
        yield f"{edition.rows_in} records in, {edition.rows_kept} kept and {edition.rows_aside} set aside do not add up"
    frames: dict[str, pl.DataFrame] = {}
    for name, part in edition.parts.items():
        path = folder / part.file
        if not path.is_file():
            yield f"{part.file} is missing"
        elif file_digest(path) != part.sha256:
            yield f"{part.file} has changed since it was stored"
        else:
            frames[name] = pl.read_parquet(path, glob=False)
            if frames[name].height != part.rows:
                yield f"{part.file} has {frames[name].height} rows, not {part.rows}"
    if "set_aside" in frames and frames["set_aside"].height != edition.rows_aside:
        yield f"{frames['set_aside'].height} set-aside rows stored, {edition.rows_aside} counted"
    schemas = table_schemas()
    for name, frame in frames.items():
        if name in schemas and not _fits(name, frame):
            yield f"{name} has other columns than its schema"
        elif name in TABLES:
            yield from _row_faults(name, frame)
    if "coverage" in frames:
        yield from _coverage_faults(frames)


def _fits(name: str, frame: pl.DataFrame) -> bool:
    """Whether a frame has its table's columns; an edition of an earlier release may lack one that is not required."""
    wanted, found = table_schemas()[name], dict(frame.schema)
    needed = {c.name for t, cs in TABLES.items() if t == name for c in cs if c.required} or set(wanted)
    return needed <= set(found) and all(wanted.get(c) == dtype for c, dtype in found.items())


def _row_faults(name: str, frame: pl.DataFrame) -> Iterator[str]:
    import polars as pl

    if frame["locator"].n_unique() != frame.height:
        yield f"{name} has locators that name several rows"
    strange = set(frame["kind"].unique()) - {k.name for k in KINDS.values() if k.table == name}
    if strange:
        yield f"{name} has kinds {sorted(strange)}"
    for column in ("date", "start", "end"):
        if column in frame.columns:
            outside = frame.filter((pl.col(column) < _EARLIEST) | (pl.col(column) > _LATEST)).height
            if outside:
                yield f"{name} has {outside} rows with a {column} outside {_EARLIEST.year}-{_LATEST.year}"


def _coverage_faults(frames: dict[str, pl.DataFrame]) -> Iterator[str]:
    """Every kind that a source has facts of must be covered, over their whole time."""
    import polars as pl

    coverage = frames["coverage"].group_by("kind").agg(pl.col("start").min(), pl.col("end").max())
    reach = {row["kind"]: (row["start"], row["end"]) for row in coverage.iter_rows(named=True)}
    for name in TABLES:
        if name not in frames or not frames[name].height:
            continue
        when = "date" if name == "positions" else "start"
        spans = frames[name].group_by("kind").agg(pl.col(when).max())
        for kind, latest in spans.iter_rows():
            if kind not in reach:
                yield f"{name} has rows of '{kind}', which its coverage does not name"
            elif latest is not None and latest > reach[kind][1]:
                yield f"{name} has rows of '{kind}' on {latest}, after its coverage ends on {reach[kind][1]}"
