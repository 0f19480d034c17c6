"""SIPRI's two exports: layout, encodings, even splits, what is set aside, and the golden totals."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.sipri_arms import read_sipri_arms
from tripoint.sources.tabular import Files

PREAMBLE = (
    "Transfers of major conventional arms from All countries  to All countries . "
    "Deals with deliveries made for the year range 'Not specified' to 'Not specified' \n"
    + "note\n" * 8
    + "Source: SIPRI Arms Transfers Database (c) SIPRI.\nData generated: 18 May 2026 2:29:20 PM\n"
)
REGISTER = (
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,"
    "Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
)
DEALS = (
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
    "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate,"
    "Status,SIPRI estimate,TIV deal unit,TIV delivery values,Local production\n"
)
# Published to a whole million; our own sums agree to half of one.
WHOLE_MILLION = 0.5


def read(tmp_path: Path, body: bytes | str, name: str = "trade-register.csv", entry: str = "sipri-arms") -> Reading:
    path = tmp_path / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return read_sipri_arms(Files(entry=source(entry), paths={"register": (path,)}))


def deal(recipient: str = "India", supplier: str = "Russia", years: str = "2001", tiv: str = "30") -> str:
    return f"{recipient},{supplier},2000,?,3,,Su-1,aircraft,3,?,{years},New,some comment,10,30,{tiv}\n"


def test_a_deal_over_several_years_is_split_evenly_and_says_so(tmp_path: Path) -> None:
    reading = read(tmp_path, PREAMBLE + REGISTER + deal(years="2001; 2002; 2003") + deal(years="2001", tiv="4"))
    flows = reading.tables["flows"].sort("locator")
    assert flows["locator"].to_list() == ["L13/2001", "L13/2002", "L13/2003", "L14/2001"]
    assert flows["value"].to_list() == [10.0, 10.0, 10.0, 4.0]
    assert flows["note"].str.contains("even split of 30.0 over 3").to_list() == [True, True, True, False]
    assert flows.row(0, named=True) | {"note": ""} == {
        "source_id": "sipri-arms",
        "vintage": "2026-05-18",
        "locator": "L13/2001",
        "state_a": "RUS",
        "state_b": "IND",
        "kind": "arms deliveries",
        "start": date(2001, 1, 1),
        "end": date(2001, 12, 31),
        "precision": "year",
        "value": 10.0,
        "unit": "SIPRI TIV million",
        "reporter": "SIPRI",
        "item": "Su-1 (aircraft)",
        "origin": None,
        "note": "",
        "where": None,
        "says": None,
    }


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    deals=st.lists(
        st.tuples(
            st.lists(st.integers(1992, 2025), min_size=1, max_size=12, unique=True),
            st.decimals(0, 5000, places=2),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_split_loses_nothing(tmp_path: Path, deals: list[tuple[list[int], Decimal]]) -> None:
    rows = "".join(deal(years="; ".join(map(str, years)), tiv=str(tiv)) for years, tiv in deals)
    reading = read(tmp_path, PREAMBLE + REGISTER + rows)
    flows = reading.tables["flows"]
    assert reading.rows_kept == reading.rows_in == len(deals)
    assert flows.height == sum(len(years) for years, _ in deals)
    assert flows["value"].sum() == pytest.approx(float(sum(tiv for _, tiv in deals)), abs=1e-6)


def test_what_is_not_between_two_states_is_set_aside_by_name(tmp_path: Path) -> None:
    rows = [
        deal(recipient="Rebels (Nowhere)*"),
        deal(recipient="NATO**"),
        deal(supplier="unknown supplier(s)"),
        deal(years="", tiv="0"),
        deal(recipient="Atlantis"),
        deal(supplier="Soviet Union", years="2001"),
        deal(recipient="Russia"),
        deal(years="late"),
        deal(tiv=""),
        deal(),
    ]
    reading = read(tmp_path, PREAMBLE + REGISTER + "".join(rows))
    assert (reading.rows_in, reading.rows_kept, reading.facts) == (10, 1, 1)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "L13": "an armed group: Rebels (Nowhere)*",
        "L14": "an organization: NATO**",
        "L15": "no state named: unknown supplier(s)",
        "L16": "no delivery recorded",
        "L17": "no state has the name 'Atlantis' in 2001",
        "L18": "no state has the name 'Soviet Union' in 2001",
        "L19": "a state with itself",
        "L20": "not delivery years: late",
        "L21": "missing value",
    }


def test_years_after_a_state_ended_are_left_out_and_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, PREAMBLE + REGISTER + deal(supplier="Soviet Union", years="1990; 1991; 1992"))
    assert reading.tables["flows"]["start"].dt.year().to_list() == [1990, 1991]
    assert reading.rows_kept == 1
    assert any("1 deals kept without" in remark for remark in reading.remarks)


def test_serbia_reaches_back_to_1992_in_the_register(tmp_path: Path) -> None:
    flows = read(tmp_path, PREAMBLE + REGISTER + deal(recipient="Serbia", years="1995; 2010")).tables["flows"]
    assert flows.sort("start")["state_b"].to_list() == ["SCG", "SRB"]


def test_windows_1252_and_utf8_lines_may_be_mixed(tmp_path: Path) -> None:
    body = (PREAMBLE + REGISTER).encode() + deal().replace("some comment", "Wärtsilä").encode("cp1252")
    body += deal().replace("some comment", "Wärtsilä").encode()
    notes = read(tmp_path, body).tables["flows"]["note"].to_list()
    assert len(notes) == 2
    assert all("Wärtsilä" in note for note in notes)


def test_the_deals_export_is_exact_and_keyed_by_deal_and_year(tmp_path: Path) -> None:
    line = "65361,Australia,Ukraine,Truck,APC,Armoured vehicles,2022,No,70,Yes,{},Yes,Second hand,0.35,0.14,{},No\n"
    body = PREAMBLE.replace("to All countries", "to Ukraine ").replace(
        "'Not specified' to 'Not specified'", "'2000' to '2024'"
    )
    reading = read(
        tmp_path,
        body + DEALS + line.format(2022, 9.8) + line.format(2023, 7) + line.format(2023, 7),
        "deals-x.csv",
        "sipri-deals",
    )
    flows = reading.tables["flows"].sort("locator")
    assert flows.select("locator", "value").rows() == [("65361/2022", 9.8), ("65361/2023", 7.0)]
    assert "delivery year uncertain" in flows["note"][0]
    assert not flows["note"].str.contains("even split").any()
    assert reading.set_aside["reason"].to_list() == ["repeats a deal and delivery year"]
    cover = reading.coverage.row(0, named=True)
    assert (cover["states"], cover["partners"], cover["start"], cover["end"]) == (
        "*",
        "UKR",
        date(2000, 1, 1),
        date(2024, 12, 31),
    )


def test_the_vintage_may_come_from_the_file_name(tmp_path: Path) -> None:
    body = PREAMBLE.replace("Data generated", "Made") + REGISTER + deal()
    assert read(tmp_path, body, "trade-register_generated_2025-03-10.csv").vintage == "2025-03-10"
    with pytest.raises(FormatError, match="no date in its name"):
        read(tmp_path, body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html></html>", "web page"),
        (PREAMBLE, "no header"),
        (PREAMBLE + REGISTER, "no deals"),
        (PREAMBLE + REGISTER.replace("Supplier", "Seller") + deal(), "no header"),
        (PREAMBLE + REGISTER + deal() + "India,Russia,2000,?,3,,Su", "line 14 has other than 16 fields"),
        (PREAMBLE + REGISTER + deal(tiv="many"), "line 13: 'many' is not a value"),
    ],
)
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, body)


@pytest.fixture(scope="module")
def register(mirror: Path) -> Reading:
    paths = tuple((mirror / "arms").glob("trade-register_generated_*.csv"))
    return read_sipri_arms(Files(entry=source("sipri-arms"), paths={"register": paths}))


@pytest.mark.parametrize(
    ("supplier", "recipient", "year", "tiv"),
    [
        ("RUS", "CHN", 2005, 2175),
        ("RUS", "CHN", 2018, 1813),
        ("RUS", "CHN", 2025, 199),
        ("RUS", "IND", 2012, 3912),
        ("RUS", "IND", 2023, 522),
        ("RUS", "IND", 2025, 1024),
        ("FRA", "IND", 2021, 1131),
        ("PRK", "RUS", 2023, 62),
        ("PRK", "RUS", 2024, 108),
        ("PRK", "RUS", 2025, 94),
        ("IRN", "RUS", 2022, 75),
        ("IRN", "RUS", 2023, 66),
        ("IRN", "RUS", 2024, 90),
        ("IRN", "RUS", 2025, 66),
    ],
)
def test_known_yearly_totals(register: Reading, supplier: str, recipient: str, year: int, tiv: float) -> None:
    pair = register.tables["flows"].filter(
        (pl.col("state_a") == supplier) & (pl.col("state_b") == recipient) & (pl.col("start") == date(year, 1, 1))
    )
    assert pair["value"].sum() == pytest.approx(tiv, abs=WHOLE_MILLION)


def test_every_deal_of_the_register_is_accounted_for(register: Reading, mirror: Path) -> None:
    path = next((mirror / "arms").glob("trade-register_generated_*.csv"))
    rows = list(csv.DictReader(path.read_text("cp1252").splitlines()[11:]))
    assert register.rows_in == len(rows) == 29_916
    assert register.vintage == "2026-05-18"
    kept = register.tables["flows"]["locator"].str.extract(r"^(L\d+)/").n_unique()
    assert kept + register.set_aside.height == len(rows)
    named = [r for r in rows if r["Year(s) of delivery"] and "unknown" not in r["Supplier"] + r["Recipient"]]
    between = [r for r in named if not r["Supplier"].endswith("*") and not r["Recipient"].endswith("*")]
    tiv = sum(float(r["SIPRI TIV of delivered weapons"]) for r in between)
    # the rest are territories, and states before their independence: 1 % of the value at most
    assert tiv * 0.99 < register.tables["flows"]["value"].sum() <= tiv
    cover = register.coverage.row(0, named=True)
    assert (cover["states"], cover["start"].year, cover["end"].year, cover["complete"]) == ("*", 1950, 2025, True)


def test_the_deals_export_of_another_vintage(mirror: Path) -> None:
    paths = tuple((mirror / "arms").glob("deals-new-schema*.csv"))
    reading = read_sipri_arms(Files(entry=source("sipri-deals"), paths={"register": paths}))
    assert (reading.vintage, reading.rows_in) == ("2025-02-17", 382)
    rows = list(csv.DictReader(paths[0].read_text().splitlines()[11:]))
    known = [r for r in rows if not r["Supplier"].startswith("unknown")]
    assert reading.rows_kept == len(known) == reading.facts
    assert reading.tables["flows"]["value"].sum() == pytest.approx(sum(float(r["TIV delivery values"]) for r in known))
