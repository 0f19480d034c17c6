"""The relation in panels: the same numbers as the measure gives, and null where there is no estimate."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tripoint.dyad import panel_relation
from tripoint.dyad.relation import fit_relation
from tripoint.errors import CoverageWarning, UnknownNameError
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


def test_a_store_without_a_fit_has_the_estimates_that_ship_and_says_so(tmp_path: Path, monkeypatch) -> None:
    evidence = open_evidence(tmp_path)
    made = panel("dyad-year", 2019, 2020, evidence=evidence)
    shipped = made.add("relation").to_polars()
    monkeypatch.setattr(panel_relation, "trainable", lambda _: True)
    monkeypatch.setattr(panel_relation, "kept_fit", lambda _: False)
    monkeypatch.setattr(panel_relation, "fit_relation", lambda _: pytest.fail("no fit is made unasked"))
    with pytest.warns(CoverageWarning, match='estimates="own"'):
        assert made.add("relation").to_polars().equals(shipped)
    assert made.add("relation", estimates="shipped").to_polars().equals(shipped)
    with pytest.raises(UnknownNameError, match="did you mean 'shipped'"):
        made.add("relation", estimates="shiped")
