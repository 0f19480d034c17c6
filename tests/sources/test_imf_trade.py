"""IMF trade of Russia: which way goods go, aggregates, and the published totals."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import whole

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.imf_trade import read_imf_trade
from tripoint.sources.tabular import Files

HEADER = "DATASET,SERIES_CODE,COUNTRY.ID,INDICATOR.ID,COUNTERPART_COUNTRY.ID,FREQUENCY.ID,SCALE.ID,2020,2021\n"
# The facts are published in billions with one decimal.
TENTH_OF_A_BILLION = 50.0


def series(partner: str = "CHN", indicator: str = "MG_CIF_USD", cells: str = "5,7", tail: str = "A,6") -> str:
    return f"IMF.STA:IMTS(1.0.0),RUS.{indicator}.{partner}.A,RUS,{indicator},{partner},{tail},{cells}\n"


def read(path: Path, text: str = "") -> Reading:
    if text:
        path.write_text(text)
    return read_imf_trade(Files(entry=source("imf-trade"), paths={"series": (path,)}))


def test_imports_come_in_and_exports_go_out(tmp_path: Path) -> None:
    text = "\ufeff" + HEADER + series() + series(indicator="XG_FOB_USD", cells="2,3", tail="A,9")
    flows = read(tmp_path / "x.csv", text).tables["flows"].sort("locator")
    assert flows.select("locator", "state_a", "state_b", "value", "reporter").rows() == [
        ("RUS.MG_CIF_USD.CHN.A/2020", "CHN", "RUS", 5.0, "RUS"),
        ("RUS.MG_CIF_USD.CHN.A/2021", "CHN", "RUS", 7.0, "RUS"),
        ("RUS.XG_FOB_USD.CHN.A/2020", "RUS", "CHN", 2000.0, "RUS"),
        ("RUS.XG_FOB_USD.CHN.A/2021", "RUS", "CHN", 3000.0, "RUS"),
    ]
    assert [("c.i.f." in n, "f.o.b." in n) for n in flows["note"]] == [(True, False)] * 2 + [(False, True)] * 2


def test_a_year_most_of_whose_figures_have_fractions_of_a_dollar_is_an_estimate(tmp_path: Path) -> None:
    rows = [series("CHN", cells="5.123456,7.1234567"), series("IND", cells="1.1234567,2.12345678")]
    rows += [series("KAZ", cells="3.5,4.5")]
    flows = read(tmp_path / "x.csv", HEADER + "".join(rows)).tables["flows"]
    told = {(s.year, s.month): set(part["reporter"]) for (s,), part in flows.group_by("start")}
    assert told == {(2020, 1): {"RUS"}, (2021, 1): {"IMF estimate"}}
    assert all("IMF estimates" in n for n in flows.filter(reporter="IMF estimate")["note"])


def test_aggregates_blanks_and_unknown_codes_are_set_aside(tmp_path: Path) -> None:
    rows = [
        series("G001"),
        series("TX899"),
        series("HKG"),
        series("RUS"),
        series("IND", "MG_FOB_USD"),
        series("IND", tail="M,6"),
        series("IND", cells=",many"),
        series("KAZ"),
        series("KAZ"),
    ]
    reading = read(tmp_path / "x.csv", HEADER + "".join(rows))
    assert (reading.rows_in, reading.rows_kept) == (18, 2)
    assert reading.set_aside["reason"].value_counts().sort("reason").rows() == [
        ("a state with itself", 2),
        ("an aggregate: G001", 2),
        ("an aggregate: TX899", 2),
        ("an indicator not read: MG_FOB_USD", 2),
        ("missing value", 1),
        ("no state has the iso3 code 'HKG' in 2020", 1),
        ("no state has the iso3 code 'HKG' in 2021", 1),
        ("not a number: many", 1),
        ("not a yearly series", 2),
        ("repeats a series and year", 2),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" ", "empty"),
        ("<!doctype html>", "web page"),
        (HEADER, "no yearly columns or no series"),
        (HEADER.replace("SERIES_CODE", "SERIES") + series(), "no column SERIES_CODE"),
        (HEADER + series() + series(cells="1,2,3"), "cut short"),
        (HEADER + series() + series()[:-4] + "\n", "last row has 8 of 9 fields"),
        (HEADER + series() + series()[:-4], "no line break after it"),
        (HEADER + series() + '"IMF.STA:IMTS(1.0.0)","RUS, and', "could not parse"),
    ],
)
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path / "x.csv", text)


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes((HEADER + series("CÔTE")).encode("cp1252"))
    with pytest.raises(FormatError, match="not UTF-8 text"):
        read(path)


def test_the_whole_file(mirror: Path) -> None:
    path = mirror / "trade/RU_trade.csv"
    reading = read(path)
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    years = [str(y) for y in range(2016, 2025)]
    assert reading.rows_in == len(rows) * len(years) == 4230
    assert reading.rows_in == reading.facts + reading.set_aside.height
    flows = reading.tables["flows"]

    def value(a: str, b: str, year: int) -> float:
        here = (pl.col("state_a") == a) & (pl.col("state_b") == b) & (pl.col("start") == date(year, 1, 1))
        return float(flows.filter(here)["value"].item())

    for year, billions in ((2021, 72.7), (2022, 82.0), (2023, 119.8), (2024, 124.3)):
        assert value("CHN", "RUS", year) == pytest.approx(billions * 1000, abs=TENTH_OF_A_BILLION)
    for partner, year, billions in (("CHN", 2024, 112.1), ("IND", 2021, 9.1), ("IND", 2024, 68.7)):
        assert value("RUS", partner, year) == pytest.approx(billions * 1000, abs=TENTH_OF_A_BILLION)
    aside = set(reading.set_aside["locator"])
    kept = [
        float(r[y])
        for r in rows
        for y in years
        if r[y] and r["TRADE_FLOW.ID"] == "MG" and f"{r['SERIES_CODE']}/{y}" not in aside
    ]
    assert flows.filter(pl.col("state_b") == "RUS")["value"].sum() == pytest.approx(sum(kept))
    assert {r["COUNTERPART_COUNTRY.ID"] for r in rows} >= {"G001", "TX899"}
    assert not flows["locator"].str.contains(r"\.(G|TX|GX)\d+\.").any()


def test_every_layout_of_the_portal_is_read(tmp_path: Path) -> None:
    """One observation a row; a wide export with labels; Direction of Trade Statistics with its rows of status."""
    dimensions = "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY"
    long = f"DATASET,SERIES_CODE,OBS_MEASURE,{dimensions},TIME_PERIOD,OBS_VALUE,SCALE\n" + (
        "IMF.STA:IMTS(1.0.0),RUS.MG_CIF_USD.CHN.A,OBS_VALUE,RUS,MG_CIF_USD,CHN,A,2024,115000,6\n"
        "IMF.STA:IMTS(1.0.0),RUS.MG_CIF_USD.CHN.M,OBS_VALUE,RUS,MG_CIF_USD,CHN,M,2024-M01,9000,6\n"
    )
    reading = read(tmp_path / "imf_sdmx_long_IMTS.csv", long)
    assert reading.tables["flows"].select("state_a", "state_b", "value").rows() == [("CHN", "RUS", 115000.0)]
    assert reading.set_aside["reason"].to_list() == ["not a yearly series"]
    imports = '"Imports of goods, Cost insurance freight (CIF), US dollar"'
    labels = f"DATASET,SERIES_CODE,{dimensions},SCALE,2023,2024\n" + (
        f"IMF.STA:IMTS(1.0.0),RUS.MG_CIF_USD.IND.A,Russian Federation,{imports},India,Annual,Millions,5,6\n"
        f"IMF.STA:IMTS(1.0.0),RUS.MG_CIF_USD.G001.A,Russian Federation,{imports},World,Annual,Millions,5,6\n"
    )
    reading = read(tmp_path / "labels_IMTS.csv", labels)
    assert reading.tables["flows"].select("state_a", "value").rows() == [("IND", 5.0), ("IND", 6.0)]
    assert (reading.rows_aside, reading.vintage) == (2, "1.0.0-2024")
    dots = "\ufeffCountry Name,Country Code,Indicator Name,Indicator Code,Counterpart Country Name,"
    dots += "Counterpart Country Code,Attribute,2016,2017,\n" + (
        "India,534,Imports,TMG_CIF_USD,Russian Federation,922,Value,4800000000,7300000000,\n"
        "India,534,Imports,TMG_CIF_USD,Russian Federation,922,Status,,e,\n"
        "India,534,Balance,TBG_USD,Russian Federation,922,Value,1,2,\n"
    )
    path = tmp_path / "DOT_02-24-2023 03-38-00-15_timeSeries.csv"
    path.write_text(dots)
    reading = read_imf_trade(Files(entry=source("imf-dots"), paths={"series": (path,)}))
    assert reading.tables["flows"].sort("start").select("state_a", "state_b", "value", "reporter").rows() == [
        ("RUS", "IND", 4800.0, "IND"),
        ("RUS", "IND", 7300.0, "IMF estimate"),
    ]
    assert (reading.vintage, reading.rows_in, reading.rows_aside) == ("2023-02-24", 4, 2)


def test_direction_of_trade_of_all_pairs(mirror: Path, tmp_path: Path) -> None:
    flows = whole("imf-dots", mirror, tmp_path).tables["flows"]
    own = whole("imf-trade", mirror, tmp_path).tables["flows"]

    def bought(frame: pl.DataFrame, seller: str, buyer: str) -> list[float]:
        pair = (pl.col("state_a") == seller) & (pl.col("state_b") == buyer)
        rows = frame.filter(pair & pl.col("note").str.contains("c.i.f.", literal=True))
        return rows.filter(pl.col("start") < date(2019, 1, 1)).sort("start")["value"].to_list()

    assert bought(flows, "CHN", "RUS") == pytest.approx(bought(own, "CHN", "RUS"))
    assert [round(v / 1000, 1) for v in bought(flows, "RUS", "IND")] == [4.8, 7.3, 6.8]
