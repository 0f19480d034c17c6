"""What archives hold, in rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tripoint.events.archive import open_archive
from tripoint.events.columns import Family


def status_rows(home: Path, family: Family) -> list[dict[str, Any]]:
    """One row a year of files: how many, their zipped bytes, records, those kept, and files that could not be read."""
    archive = open_archive(home, family)
    years: dict[str, dict[str, Any]] = {}
    for key, ledger in archive.ledgers.items():
        row = years.setdefault(
            key[:4],
            {
                "source_id": family,
                "files_of": key[:4],
                "files": 0,
                "bytes": 0,
                "records": 0,
                "kept": 0,
                "parquet_bytes": 0,
                "unreadable": 0,
            },
        )
        for batch in ledger.batches:
            row["files"] += len(batch.files)
            row["bytes"] += sum(f.bytes for f in batch.files)
            row["records"] += batch.lines
            row["kept"] += sum(p.rows for p in batch.parts)
            row["parquet_bytes"] += sum((archive.folder / p.path).stat().st_size for p in batch.parts)
        row["unreadable"] += len(ledger.bad)
    return list(years.values())
