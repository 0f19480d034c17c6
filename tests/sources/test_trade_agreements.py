"""Trade agreements and who is bound by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import given, whole

from tripoint.errors import FormatError
from tripoint.sources.trade_agreements import COLUMNS, read_desta

Record = tuple[str, str, str, str, str, str, str, dict[str, str]]
HEADER = (*COLUMNS, "c1", "c2", "c3", "c4", "mc1", "mc2", "mc3", "mc4")
#: Numbers of the United States, Mexico, India, Japan, Norway, Iceland.
USA, MEX, IND, JPN, NOR, ISL = "840", "484", "356", "392", "578", "352"


def treaties(folder: Path, *records: Record) -> Path:
    """The list in the producer's layout: semicolons, numbers of states without leading zeros, NA where nothing is."""
    lines = [";".join(f'"{name}"' for name in HEADER)]
    for *values, sides in records:
        states, stand = [*sides], [*sides.values()]
        empty = ["NA"] * (4 - len(states))
        lines.append(";".join([*values, *states, *empty, *stand, *empty]))
    path = folder / "DESTA.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def read(folder: Path, *records: Record) -> tuple[list[tuple[object, ...]], int, int]:
    reading = read_desta(given("desta", treaties=treaties(folder, *records)))
    ties = reading.tables["commitments"].sort("state_a", "state_b", "start")
    return ties.select("state_a", "state_b", "start", "end").rows(), reading.rows_in, reading.rows_aside


def test_on_one_side_each_is_bound_to_each(tmp_path: Path) -> None:
    rows, *_ = read(tmp_path, ("1", "1", "Three", "base_treaty", "1992", "1994", "2", {USA: "0", MEX: "0", IND: "0"}))
    pairs = [("IND", "MEX"), ("IND", "USA"), ("MEX", "USA")]
    assert rows == [(*pair, date(1994, 1, 1), None) for pair in pairs]


def test_members_of_a_union_are_bound_to_the_other_side_alone(tmp_path: Path) -> None:
    rows, *_ = read(tmp_path, ("1", "1", "Union", "base_treaty", "2000", "2001", "3", {NOR: "1", ISL: "1", MEX: "0"}))
    assert [row[:2] for row in rows] == [("ISL", "MEX"), ("MEX", "NOR")]


def test_newcomers_are_bound_to_members_and_to_each_other(tmp_path: Path) -> None:
    accession = ("1+1", "1", "Accession", "accession", "2001", "2002", "5", {NOR: "2", IND: "1", JPN: "1"})
    rows, *_ = read(tmp_path, accession)
    assert [row[:2] for row in rows] == [("IND", "JPN"), ("IND", "NOR"), ("JPN", "NOR")]


def test_who_withdrew_is_bound_until_the_end_of_that_year(tmp_path: Path) -> None:
    treaty = ("1", "1", "Three", "base_treaty", "1992", "1994", "2", {USA: "0", MEX: "0", IND: "0"})
    withdrawal = ("1_1", "1", "Withdrawal", "withdrawal", "2006", "NA", "7", {USA: "2", MEX: "2", IND: "1"})
    rows, total, aside = read(tmp_path, treaty, withdrawal)
    ends = [row[3] for row in rows]
    assert ends == [date(2006, 12, 31), date(2006, 12, 31), None]
    assert (total, aside) == (2, 0)


def test_what_is_not_in_force_is_set_aside_with_a_reason(tmp_path: Path) -> None:
    bilateral = {IND: "0", JPN: "0"}
    records = [
        ("1", "1", "Talks", "negotiation", "NA", "NA", "1", bilateral),
        ("2", "2", "Signed", "base_treaty", "2018", "NA", "1", bilateral),
        ("3", "2", "Change", "protocol or amendment", "2019", "2019", "1", bilateral),
        ("4", "4", "A territory", "base_treaty", "2000", "2001", "1", {IND: "0", "344": "0"}),
        ("5_1", "5", "Nothing to leave", "withdrawal", "2003", "NA", "7", {IND: "1", JPN: "2"}),
        ("6", "6", "In force", "base_treaty", "2010", "2011", "1", bilateral),
    ]
    reading = read_desta(given("desta", treaties=treaties(tmp_path, *records)))
    assert (reading.rows_in, reading.rows_kept, reading.rows_aside) == (6, 1, 5)
    reasons = dict(reading.set_aside.select("locator", "reason").rows())
    assert reasons["2"] == "no year of entry into force"
    assert "iso_num code '344'" in reasons["4"]
    assert reading.coverage.select("start", "end").row(0) == (date(2000, 1, 1), date(2019, 12, 31))


def test_a_file_without_sides_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "DESTA.csv"
    path.write_text(";".join([*COLUMNS, "c1"]) + "\n" + ";".join(["1"] * 8) + "\n", "utf-8")
    with pytest.raises(FormatError, match="is this the list of treaties"):
        read_desta(given("desta", treaties=path))


def test_whole_list(mirror: Path, tmp_path: Path) -> None:
    reading = whole("desta", mirror, tmp_path)
    ties = reading.tables["commitments"]
    assert (reading.rows_in, reading.rows_aside, ties.height) == (1217, 488, 13011)
    mexico = ties.filter((pl.col("state_a") == "MEX") & (pl.col("state_b") == "USA")).sort("start")
    assert mexico["start"].to_list() == [date(1994, 1, 1), date(2020, 1, 1)]
    assert ties.filter((pl.col("state_a") == "CHN") & (pl.col("state_b") == "RUS")).is_empty()
