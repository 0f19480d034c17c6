"""A made-up source for testing the store: its entry, and readings of any size."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.store import edition_digest, write_edition
from tripoint.provenance import License, Receipt, Source
from tripoint.record import Reading
from tripoint.sources.assemble import assemble, cover, set_aside
from tripoint.sources.tabular import Files


def entry(name: str = "made-up", version: str = "1.0") -> Source:
    return Source(
        id=name,
        title="A made-up register of visits",
        producer="Nobody",
        citation="Nobody. A made-up register of visits.",
        bibtex="@misc{nobody}",
        landing="https://example.org/",
        license=License("CC0-1.0", redistribute=True),
        reader="tripoint.sources.starter:read_starter",
        version=version,
    )


def reading(rows: int = 100, *, name: str = "made-up", version: str = "1.0") -> Reading:
    frame = pl.DataFrame(
        {
            "locator": [f"v{i}" for i in range(rows)],
            "state_a": ["RUS", "IND"] * (rows // 2),
            "state_b": ["CHN", "CHN"] * (rows // 2),
            "kind": "visit",
            "directed": True,
            "start": [date(2000 + i % 20, 1, 1 + i % 28) for i in range(rows)],
            "end": [date(2000 + i % 20, 1, 1 + i % 28) for i in range(rows)],
            "precision": "day",
            "title": "a made-up visit",
        }
    )
    spoiled = pl.DataFrame({"line": ["L7", "L9"]})
    return assemble(
        Files(entry(name, version), {}),
        {"events": frame},
        rows_in=rows + 2,
        aside=[set_aside(spoiled, "no such state", pl.col("line"))],
        coverage=[cover("visit", 2000, 2019, silence="none")],
    )


def receipts(sha256: str = "0" * 64) -> tuple[Receipt, ...]:
    return (Receipt("visits.csv", "visits", sha256, 10, "made up", "2026-01-01T00:00:00+00:00"),)


def digest(sha256: str = "0" * 64, name: str = "made-up") -> str:
    return edition_digest(name, "reader", receipts(sha256))


def make_store(home: Path, **sources: tuple[dict[str, list[dict[str, Any]]], list[dict[str, object]]]) -> Evidence:
    """A store of several sources, each its rows by table and its lines of coverage; locators are filled in."""
    for key, (tables, lines) in sources.items():
        name = key.replace("_", "-")
        frames = {
            table: pl.DataFrame(
                [{"locator": f"{table} {n}", "precision": "day", **row} for n, row in enumerate(rows)],
                infer_schema_length=None,
            )
            for table, rows in tables.items()
        }
        rows_in = sum(frame.height for frame in frames.values())
        read = assemble(Files(entry(name), {}), frames, rows_in=rows_in, coverage=lines)
        write_edition(home, read, entry(name), receipts(), digest(name=name))
    return connect(home)
