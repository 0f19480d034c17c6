"""Latent estimates of military spending."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import given, table

from tripoint.errors import FormatError
from tripoint.sources.military_spending import read_gmsd

HEADER = ("gwno", "year", "indicator", "mean", "sd")


def test_only_the_latent_estimate_is_read(tmp_path: Path) -> None:
    rows = (
        {"gwno": 365, "year": 2019, "indicator": "milex_est", "mean": 65_000_000_000, "sd": 0.1},
        {"gwno": 365, "year": 2019, "indicator": "milex_sipri", "mean": 60_000_000_000, "sd": 0.1},
        {"gwno": 9999, "year": 2019, "indicator": "milex_est", "mean": 1},
    )
    path = table(tmp_path / "estimates_milex_cur_20220729.csv", HEADER, *rows)
    reading = read_gmsd(given("gmsd", estimates=path))
    assert reading.tables["attributes"].select("state", "value", "unit").rows() == [
        ("RUS", 65_000.0, "current USD million")
    ]
    assert (reading.rows_aside, reading.vintage) == (2, "20220729")
    tabs = tmp_path / "estimates_milex_con_20220729.tab"
    tabs.write_text(path.read_text().replace(",", "\t"))
    assert read_gmsd(given("gmsd", estimates=tabs)).tables["attributes"]["unit"].to_list() == ["constant USD million"]


def test_a_file_that_does_not_say_which_dollars_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "milex.csv", HEADER, {"gwno": 365, "year": 2019, "indicator": "milex_est", "mean": 1})
    with pytest.raises(FormatError, match="does not say which dollars"):
        read_gmsd(given("gmsd", estimates=path))
