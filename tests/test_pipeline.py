"""The pipeline: what makes a new edition of a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripoint import pipeline
from tripoint.sources.entries import source


def test_an_edition_rests_on_the_reader_its_corrections_and_the_table_of_states(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    digest = pipeline.file_digest

    def noting(path: Path) -> str:
        read.append(f"{path.parent.name}/{path.name}")
        return digest(path)

    monkeypatch.setattr(pipeline, "file_digest", noting)
    before = pipeline.reader_hash(source("td-rivalries"))
    assert {"sources/rivalries.py", "sources/resolve.py", "corrections/td-rivalries.toml", "states/spells.csv"} <= set(
        read
    )
    assert "sources/atop.py" not in read
    monkeypatch.setattr(pipeline, "file_digest", lambda path: "changed" if path.name == "spells.csv" else digest(path))
    assert pipeline.reader_hash(source("td-rivalries")) != before
