"""Global Sanctions Data Base."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import given, table, whole

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import gsdb

CASE = {"case_id": 1, "begin": 2022, "end": 2023, **dict.fromkeys(gsdb.FLAGS, 0)}


def case(number: int, sender: str, target: str, **more: object) -> dict[str, object]:
    return {**CASE, "case_id": number, "sanctioning_state": sender, "sanctioned_state": target, **more}


def read(tmp_path: Path, *cases: dict[str, object], name: str = "GSDB_V4.csv") -> Reading:
    return gsdb.read_gsdb(given("gsdb", cases=table(tmp_path / name, gsdb.COLUMNS, *cases)))


def test_names_with_commas_are_not_split_on_them(tmp_path: Path) -> None:
    ties = read(tmp_path, case(1, "Korea, South, United States", "Korea, North, Russia", trade=1)).tables["commitments"]
    assert set(zip(ties["state_a"], ties["state_b"], strict=True)) == {
        ("KOR", "PRK"),
        ("KOR", "RUS"),
        ("USA", "PRK"),
        ("USA", "RUS"),
    }
    assert ties["instrument"].unique().to_list() == ["GSDB case 1: trade"]


def test_measures_on_persons_and_firms_are_not_those_on_their_state(tmp_path: Path) -> None:
    both = {"trade": 1, "financial": 1, "descr_trade": "exp_part,imp_part"}
    ties = read(
        tmp_path,
        case(1, "United States", "Switzerland", objective="policy_change", **both),
        case(2, "United States", "Russia", objective="policy_change,end_war", **both),
        case(3, "United States", "Jamaica", objective="human_rights", financial=1, travel=1),
        case(4, "United States", "Venezuela", objective="democracy", financial=1, trade=1, descr_trade="imp_part"),
        case(5, "United States", "Ethiopia", objective="human_rights,end_war", **both),
        case(6, "United States", "Belarus", objective="policy_change,end_war", **both),
        case(7, "United States", "Angola", objective="democracy,end_war", arms=1, **both),
        case(8, "Canada", "Ireland", objective="other", trade=1, descr_trade="imp_part"),
        case(9, "Canada", "Ireland", objective="policy_change", trade=1, descr_trade="imp_part"),
        case(10, "China", "Hungary", objective="policy_change", trade=1, travel=1, descr_trade="exp_part,imp_part"),
        case(11, "Spain", "Israel", objective="prevent_war", trade=1, arms=1, descr_trade="exp_part"),
        case(12, "United States", "China", objective="policy_change", trade=1, financial=1, descr_trade="exp_part"),
        case(13, "Uzbekistan", "Tajikistan", objective="other", trade=1, descr_trade="exp_part"),
    ).tables["commitments"]
    cases = ties.sort(ties["locator"].str.extract(r"^(\d+)").cast(int))
    assert cases["instrument"].to_list() == [
        "GSDB case 1: dealings",
        "GSDB case 2: trade, financial",
        "GSDB case 3: persons",
        "GSDB case 4: trade, financial",
        "GSDB case 5: dealings",
        "GSDB case 6: trade, financial",
        "GSDB case 7: trade, financial, arms",
        "GSDB case 8: products",
        "GSDB case 9: trade",
        "GSDB case 10: dealings, travel",
        "GSDB case 11: controls, arms",
        "GSDB case 12: trade, financial",
        "GSDB case 13: trade",
    ]


def test_last_year_of_a_release_is_no_end(tmp_path: Path) -> None:
    ties = read(
        tmp_path,
        case(1, "Canada", "Iran", begin=2010, end=2016),
        case(2, "Canada", "Russia", begin=2014, arms=1, travel=1),
    ).tables["commitments"]
    assert ties.select("state_b", "start", "end").rows() == [
        ("IRN", date(2010, 1, 1), date(2016, 12, 31)),
        ("RUS", date(2014, 1, 1), None),
    ]


def test_a_bloc_stands_for_its_members_while_they_are_members(tmp_path: Path) -> None:
    ties = read(tmp_path, case(1, "EU", "Russia", begin=2014), case(2, "Kazakhstan", "Russia")).tables["commitments"]
    union = ties.filter(pl.col("note").str.contains("as a member of EU"))
    assert union.height == 28
    assert union.filter(pl.col("state_a") == "GBR")["end"].to_list() == [date(2020, 1, 31)]
    assert union.filter(pl.col("state_a") == "FRA")["end"].to_list() == [None]
    assert ties.filter(pl.col("state_a") == "KAZ").height == 1


def test_groups_that_name_no_state_are_set_aside_or_noted(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        case(1, "UN", "Libya"),
        case(2, "UN, Norway", "South Vietnam"),
        case(2, "Norway", "Iran"),
        case(3, "Norway", "Iran", end=2000),
    )
    assert reading.tables["commitments"].select("state_a", "state_b").rows() == [("NOR", "VNM")]
    assert "also UN" in str(reading.tables["commitments"]["note"][0])
    assert sorted(reading.set_aside["reason"].to_list()) == [
        "names no state: UN",
        "no years that can be read",
        "repeats a case; the first is kept",
    ]
    assert reading.rows_in == reading.rows_kept + reading.rows_aside == 4


def test_release_is_read_from_the_name(tmp_path: Path) -> None:
    assert read(tmp_path, case(1, "Norway", "Iran"), name="GSDB_V5.csv").vintage == "V5"
    with pytest.raises(FormatError, match="does not say which release"):
        read(tmp_path, case(1, "Norway", "Iran"), name="sanctions.csv")
    path = tmp_path / "GSDB_V4.csv"
    path.write_text("case,sender\n1,Norway\n")
    with pytest.raises(FormatError, match="no column case_id"):
        gsdb.read_gsdb(given("gsdb", cases=path))


def test_full_release(mirror: Path, tmp_path: Path) -> None:
    reading = whole("gsdb", mirror, tmp_path)
    ties = reading.tables["commitments"]
    assert (reading.rows_in, reading.rows_aside) == (1547, 204)
    assert ties.filter((pl.col("state_b") == "RUS") & pl.col("end").is_null())["instrument"].n_unique() == 46
    assert ties.filter((pl.col("state_a") == "KAZ") & (pl.col("state_b") == "RUS"))["instrument"].to_list() == [
        "GSDB case 1519: controls"
    ]
    own = ties.filter((pl.col("state_a") == "CHN") & (pl.col("start") >= date(2015, 1, 1)))
    assert {"LTU", "TWN", "USA", "ARG"} <= set(own["state_b"])
    assert reading.coverage["end"].to_list() == [date(2023, 12, 31)]


def test_measures_on_regions_held_by_another_are_not_on_the_state_that_lost_them(mirror: Path, tmp_path: Path) -> None:
    """Canada, Japan, Switzerland and others on Crimea, Donetsk and Luhansk, which the file codes as on Ukraine."""
    reading = whole("gsdb", mirror, tmp_path)
    ties = reading.tables["commitments"].filter(pl.col("state_b") == "UKR", pl.col("start") >= date(2014, 1, 1))
    assert not {"CAN", "JPN"} & set(ties["state_a"])
    regions = reading.set_aside.filter(pl.col("reason").str.contains("Crimea|Donetsk"))
    assert regions.height == 6
    assert not [remark for remark in reading.remarks if "correction" in remark]
