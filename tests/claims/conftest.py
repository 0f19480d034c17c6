"""Evidence to weigh claims on: what ships with the package, and small stores of made-up rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.store import write_edition
from tripoint.pipeline import open_evidence
from tripoint.sources.assemble import assemble
from tripoint.sources.tabular import Files

Rows = Sequence[Mapping[str, Any]]
Store = Callable[..., Evidence]


@pytest.fixture(scope="session")
def shipped_evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What ships with the package."""
    return open_evidence(tmp_path_factory.mktemp("shipped"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Make a store: ``store(source=(tables, coverage), ...)``; dates and locators are filled in."""

    def make(**sources: tuple[Mapping[str, Rows], Rows]) -> Evidence:
        for number, (name, (tables, coverage)) in enumerate(sources.items()):
            source = entry(name.replace("_", "-"))
            frames = {
                table: pl.DataFrame(
                    [{"locator": f"{table}{n}", "precision": "day", **row} for n, row in enumerate(rows)],
                    infer_schema_length=None,
                )
                for table, rows in tables.items()
            }
            reading = assemble(
                Files(source, {}),
                frames,
                rows_in=sum(len(rows) for rows in tables.values()),
                coverage=coverage,
                documents=_documents(tables),
            )
            mark = f"{number:064d}"
            write_edition(tmp_path, reading, source, receipts(mark), digest(mark, source.id))
        return connect(tmp_path)

    return make


def _documents(tables: Mapping[str, Rows]) -> pl.DataFrame | None:
    """A document for every origin named ``id@date``: the date is its day of issue."""
    origins = sorted({row["origin"] for rows in tables.values() for row in rows if row.get("origin")})
    if not origins:
        return None
    kept = {"publisher": "nobody", "kind": "press", "url": None, "language": "en"}
    documents = [{"id": o, "title": o, "date": o.partition("@")[2] or None, **kept} for o in origins]
    return pl.DataFrame(documents, schema_overrides={"date": pl.String, "url": pl.String})
