"""The estimates that ship: what they hold, and that writing them again gives the same bytes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest

import tripoint.evidence
from tripoint.dyad.estimates import agreement_table, write_estimates
from tripoint.pipeline import open_evidence

FOLDER = Path(tripoint.evidence.__file__).parent / "estimates"
NAMES = ("relation", "agreement", "ideal_points")


@pytest.mark.parametrize("name", NAMES)
def test_each_file_has_its_lineage_and_its_rows(name: str) -> None:
    made = tomllib.loads((FOLDER / "lineage.toml").read_text("utf-8"))[name]
    table = pl.read_parquet(FOLDER / f"{name}.parquet")
    assert table.height == made["rows"] > 5_000
    assert len(made["evidence"]) == 64
    assert any(source.startswith("peace-scale@") for source in made["sources"])
    assert table.is_sorted("state") if name == "ideal_points" else table.is_sorted("state_a")


def test_intervals_hold_their_means() -> None:
    for name in ("relation", "ideal_points"):
        table = pl.read_parquet(FOLDER / f"{name}.parquet")
        assert table.filter((pl.col("low") > pl.col("mean")) | (pl.col("high") < pl.col("mean"))).is_empty()


def test_all_files_together_are_a_few_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 5e6


def test_what_is_built_and_written_again_is_the_same(tmp_path: Path) -> None:
    evidence = open_evidence(tmp_path / "home")
    for folder in ("one", "other"):
        write_estimates(tmp_path / folder, {"agreement": agreement_table(evidence)}, evidence, "2026-01-01")
    for file in ("agreement.parquet", "lineage.toml"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
