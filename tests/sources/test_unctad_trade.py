"""UNCTAD's matrix of exports."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from small import given, whole

from tripoint.errors import FormatError
from tripoint.sources import unctad_trade


def stata(path: Path, *rows: tuple[str, str, float], columns: tuple[str, ...] = unctad_trade.COLUMNS) -> Path:
    import pandas as pd

    pd.DataFrame(rows, columns=list(columns)).to_stata(path, write_index=False)
    return path


def test_names_without_blanks_are_states(tmp_path: Path) -> None:
    path = stata(
        tmp_path / "matrix_2015.dta",
        ("RussianFederation", "IranIslamicRepublic", 1500.0),
        ("RussianFederation", "China", 2000.0),
        ("RussianFederation", "China", 3000.0),
        ("ChinaHongKongSAR", "China", 1.0),
    )
    reading = unctad_trade.read_unctad_trade(given("unctad-trade", exports=path))
    assert reading.tables["flows"].select("state_a", "state_b", "value").sort("state_b").rows() == [
        ("RUS", "CHN", 2.0),
        ("RUS", "IRN", 1.5),
    ]
    assert (reading.rows_aside, reading.vintage) == (2, "2015")


def test_a_file_without_a_year_or_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not say which year"):
        unctad_trade.read_unctad_trade(given("unctad-trade", exports=stata(tmp_path / "m.dta", ("a", "b", 1.0))))
    path = stata(tmp_path / "m_2015.dta", ("a", "b", 1.0), columns=("source", "target", "value"))
    with pytest.raises(FormatError, match="no column edgewidth"):
        unctad_trade.read_unctad_trade(given("unctad-trade", exports=path))
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(FormatError, match="not readable as a Stata file"):
        unctad_trade.read_unctad_trade(given("unctad-trade", exports=path))


def test_full_matrix(mirror: Path, tmp_path: Path) -> None:
    flows = whole("unctad-trade", mirror, tmp_path).tables["flows"]
    largest = (
        flows.sort("value", descending=True).select("state_a", "state_b", (pl.col("value") / 1000).round(1)).row(0)
    )
    assert largest == ("CHN", "USA", 410.8)
