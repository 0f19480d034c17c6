"""The relation in panels: the same numbers as the measure gives, and null where there is no estimate."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tripoint.dyad.relation import fit_relation
from tripoint.pipeline import open_evidence, panel


def test_a_panel_has_the_numbers_of_the_measure_both_ways(tmp_path: Path) -> None:
    evidence = open_evidence(tmp_path)
    frame = panel("dyad-year", 1989, 1993, evidence=evidence).add("relation").to_polars()
    fit = fit_relation(evidence, ["RUS", "USA"])
    for year in (1989, 1992):
        want = fit.mean[0, fit.column(year)]
        for one, two in ((2, 365), (365, 2)):
            row = frame.filter((pl.col("ccode1") == one) & (pl.col("ccode2") == two) & (pl.col("year") == year))
            assert row["relation"][0] == pytest.approx(want, abs=1e-9)
            assert row["relation_low"][0] <= row["relation"][0] <= row["relation_high"][0]
    assert 0 < frame["relation"].null_count() < frame.height
