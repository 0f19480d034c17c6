"""Two sources against each other, by ranks, in months that both cover."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from made_counts import made
from tripoint.errors import CoverageError
from tripoint.events.archive import open_archive
from tripoint.events.columns import Family
from tripoint.events.compare import compare_rows
from tripoint.events.counts import import_counts
from tripoint.pipeline import load_events, open_evidence


def store(home: Path, family: Family, counts: pl.DataFrame) -> None:
    home.mkdir(exist_ok=True)
    counts.write_parquet(home / f"{family}.parquet")
    import_counts(open_archive(home, family), home / f"{family}.parquet")
    load_events(family, home)


def test_sources_that_say_the_same_at_another_level_agree(tmp_path: Path) -> None:
    counts = made(4)
    store(tmp_path, "gdelt", counts.with_columns(pl.col("records", "events", "root_events", "articles") * 7))
    store(tmp_path, "polecat", counts.filter(pl.col("period") > 201801))
    rows = compare_rows(open_evidence(tmp_path), "gdelt", "polecat")
    assert [r["month"] for r in rows] == ["2018-02", "2018-03", "2018-04"]
    assert all(r["events"] == pytest.approx(1) and r["conflict_share"] == pytest.approx(1) for r in rows)
    turned = compare_rows(open_evidence(tmp_path), "polecat", "gdelt")
    assert [r["events"] for r in turned] == pytest.approx([r["events"] for r in rows])


def test_sources_made_apart_agree_on_size_and_not_on_conflict(tmp_path: Path) -> None:
    store(tmp_path, "gdelt", made(3))
    store(tmp_path, "icews", made(3, seed=9))
    rows = compare_rows(open_evidence(tmp_path), "gdelt", "icews")
    assert all(abs(r["conflict_share"]) < 0.4 for r in rows)


def test_without_a_month_in_common_it_says_so(tmp_path: Path) -> None:
    store(tmp_path, "gdelt", made(2))
    with pytest.raises(CoverageError, match="no month in common"):
        compare_rows(open_evidence(tmp_path), "gdelt", "icews")
