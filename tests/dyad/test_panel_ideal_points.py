"""Ideal points in panels: those that ship, and the published ones cell for cell."""

from __future__ import annotations

import polars as pl
import pytest

from tripoint.dyad.panel_ideal_points import shipped_points
from tripoint.errors import InputError
from tripoint.pipeline import load_source, open_evidence, panel

#: State-years of members of the Assembly that were no states: Ukraine and Belarus to 1991, India of 1946 and others.
NO_MEMBERS = 92


def test_what_ships_stands_on_every_state_and_pair(tmp_path):
    made = panel("dyad-year", 1985, 1992, evidence=open_evidence(tmp_path)).add("ideal_points").to_polars()
    points = {(s, y): m / 1000 for s, y, m in shipped_points().select("state", "year", "mean").rows()}
    row = made.filter(ccode1=2, ccode2=365, year=1985).row(0, named=True)
    assert row["ideal_point1"] == pytest.approx(points["USA", 1985])
    assert row["ideal_point2"] == pytest.approx(points["SUN", 1985])
    assert row["ideal_point_distance"] == pytest.approx(abs(row["ideal_point1"] - row["ideal_point2"]))
    assert row["ideal_point_low1"] < row["ideal_point1"] < row["ideal_point_high1"]
    both = pl.col("ideal_point1").is_not_null() & pl.col("ideal_point2").is_not_null()
    assert made.filter(both)["ideal_point_distance"].null_count() == 0
    assert made.filter(~both)["ideal_point_distance"].count() == 0


def test_points_of_single_states(tmp_path):
    states = panel("state-year", 1946, 2025, evidence=open_evidence(tmp_path))
    made = states.add("ideal_points")
    assert made.column_names[2:] == ("ideal_point", "ideal_point_low", "ideal_point_high")
    with pytest.raises(InputError, match="is about pairs"):
        states.add("ideal_point_distance")


def test_the_published_points(mirror, tmp_path):
    """11,610 state-years, all that were states then."""
    load_source("ideal-points", tmp_path, mirror=str(mirror))
    made = panel("state-year", 1946, 2025, evidence=open_evidence(tmp_path)).add("ideal_points", source="published")
    raw = pl.read_csv(mirror / "ideal_points/Idealpointestimates1946-2025.tab", separator="\t")
    mine = made.to_polars().with_columns(pl.col("ccode", "year").cast(pl.Int64))
    both = raw.join(mine, on=["ccode", "year"])
    assert raw.height - both.height == NO_MEMBERS
    columns = {"IdealPointFP": "", "Q5%FP": "_low", "Q95%FP": "_high"}
    for theirs, part in columns.items():
        assert (both[theirs] == both[f"ideal_point_bsv{part}"]).all()
