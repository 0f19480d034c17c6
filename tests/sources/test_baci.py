"""Reconciled trade of CEPII."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from small import given, table, whole

from tripoint.errors import FormatError
from tripoint.sources import baci

TENTH_OF_A_BILLION = 50.0


def products(path: Path, *rows: tuple[object, ...]) -> Path:
    return table(path, (*baci.PRODUCTS, "q"), *(dict(zip((*baci.PRODUCTS, "q"), r, strict=True)) for r in rows))


def codes(folder: Path) -> Path:
    rows = ({"country_code": c, "country_iso3": i} for c, i in ((156, "CHN"), (643, "RUS"), (490, "S19"), (344, "HKG")))
    return table(folder / "country_codes_V202301.csv", baci.CODES, *rows)


def test_products_are_summed_by_pair(tmp_path: Path) -> None:
    path = products(
        tmp_path / "BACI_HS92_Y2021_V202301.csv",
        (2021, 156, 643, 10121, "  1000.5", 1),
        (2021, 156, 643, 10129, "2000", "NA"),
        (2021, 490, 643, 10121, "500", 1),
        (2021, 344, 643, 10121, "7", 1),
        (2021, 999, 643, 10121, "7", 1),
    )
    reading = baci.read_baci(given("baci", flows=path, codes=codes(tmp_path)))
    assert reading.tables["flows"].select("state_a", "state_b", "value").sort("state_a").rows() == [
        ("CHN", "RUS", 3.0005),
        ("TWN", "RUS", 0.5),
    ]
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (4, 2, "V202301")


def test_gravity_has_the_same_sums_in_a_column(tmp_path: Path) -> None:
    path = table(
        tmp_path / "Gravity_V202211.csv",
        ("year", "iso3_o", "iso3_d", "dist", "tradeflow_baci"),
        {"year": 2019, "iso3_o": "IND", "iso3_d": "RUS", "tradeflow_baci": "3000"},
        {"year": 1950, "iso3_o": "IND", "iso3_d": "RUS"},
    )
    reading = baci.read_baci(given("baci", flows=path))
    assert reading.tables["flows"].select("state_a", "value").rows() == [("IND", 3.0)]
    assert reading.vintage == "V202211"


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = products(tmp_path / "BACI_HS92_Y2021_V202301.csv", (2021, 156, 643, 10121, 1, 1))
    with pytest.raises(FormatError, match=r"need country_codes_V\*\.csv"):
        baci.read_baci(given("baci", flows=path))
    other = products(tmp_path / "BACI_HS92_Y2021_V202401.csv", (2021, 156, 643, 10121, 1, 1))
    with pytest.raises(FormatError, match="several releases"):
        baci.read_baci(given("baci", flows=(path, other)))
    bad = table(tmp_path / "baci_x.csv", ("year", "value"), {"year": 1})
    with pytest.raises(FormatError, match=r"expected BACI_HS92_Y2021_V202301\.csv"):
        baci.read_baci(given("baci", flows=bad))


def test_full_table(mirror: Path, tmp_path: Path) -> None:
    flows = whole("baci", mirror, tmp_path).tables["flows"]

    def billions(a: str, b: str, year: int) -> float:
        here = (pl.col("state_a") == a) & (pl.col("state_b") == b) & (pl.col("start").dt.year() == year)
        return float(flows.filter(here)["value"].item())

    published = {("CHN", "RUS", 2021): 67.1, ("RUS", "CHN", 2021): 72.9, ("DEU", "RUS", 2014): 37.8}
    for key, value in published.items():
        assert billions(*key) == pytest.approx(value * 1000, abs=TENTH_OF_A_BILLION)
