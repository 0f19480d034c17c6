"""Imports of four reporters: direction, unit, continents that are not states, and the whole files."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.central_asia_imports import REPORTERS, read_central_asia_imports
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files

HEADER = "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR\n"


def read(path: Path) -> Reading:
    """Read one reporter's file beside those of three others with a line each."""
    paths: dict[str, tuple[Path, ...]] = {}
    for role in REPORTERS:
        paths[role] = (path.parent / f"{role}.csv",)
        paths[role][0].write_text(HEADER + f"{role.title()},Japan,TOTAL,IMPORT,NORMAL,Y2021,1000000\n")
    reading = read_central_asia_imports(
        Files(entry=source("central-asia-imports"), paths=paths | {"kyrgyzstan": (path,)})
    )
    flows = reading.tables["flows"].filter(pl.col("state_b") == "KGZ")
    return replace(reading, tables={"flows": flows}, rows_in=reading.rows_in - 3)


def line(
    partner: str, value: str = "2500000", product: str = "TOTAL", flow: str = "IMPORT", period: str = "Y2021"
) -> str:
    return f"Kyrgyzstan,{partner},{product},{flow},NORMAL,{period},{value}\n"


def test_imports_go_from_partner_to_reporter_in_million_euro(tmp_path: Path) -> None:
    path = tmp_path / "kyrgyz_import_yearly.csv"
    path.write_text(HEADER + line("China") + line('"Korea, Republic of"', "500000"))
    flows = read(path).tables["flows"]
    assert flows.select("locator", "state_a", "state_b", "value", "unit", "reporter").rows() == [
        ("Kyrgyzstan/China/2021", "CHN", "KGZ", 2.5, "EUR million", "KGZ"),
        ("Kyrgyzstan/Korea, Republic of/2021", "KOR", "KGZ", 0.5, "EUR million", "KGZ"),
    ]


def test_continents_totals_and_doubles_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "kyrgyz_import_yearly.csv"
    rows = [
        line("America", "9000000"),
        line("United States"),
        line("USA"),
        line("World"),
        line("China", ""),
        line("India", product="27"),
        line("India", flow="EXPORT"),
        line("India", period="M202101"),
        line("Kyrgyzstan"),
        line("Russia"),
        line("Russia"),
    ]
    path.write_text(HEADER + "".join(rows))
    reading = read(path)
    assert (reading.rows_in, reading.rows_kept) == (11, 2)
    # a continent must never be taken for the United States
    assert reading.tables["flows"].filter(pl.col("state_a") == "USA")["value"].to_list() == [2.5]
    assert sorted(reading.set_aside["reason"]) == [
        "a continent: America",
        "a product, not the total: 27",
        "a state with itself",
        "missing value",
        "no state has the name 'World' in 2021",
        "not a year: M202101",
        "not imports: EXPORT",
        "repeats a partner and year",
        "repeats a partner under another name: USA",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("<html>", "web page"),
        (HEADER.replace("VALUE_IN_EUR", "VALUE") + line("China"), "no column VALUE_IN_EUR"),
        (HEADER + line("China", "much"), "'much' is not a number"),
    ],
)
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x_import_yearly.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        read(path)


def test_all_files(mirror: Path) -> None:
    entry = source("central-asia-imports")
    roles = {file.role: (mirror / file.mirror,) for file in entry.files}
    reading = read_central_asia_imports(Files(entry=entry, paths=roles))
    paths = [path for (path,) in roles.values()]
    rows = [row for path in paths for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]
    assert reading.rows_in == len(rows) == 2873
    assert reading.rows_in == reading.facts + reading.set_aside.height
    assert reading.remarks == ()
    flows = reading.tables["flows"]
    assert set(flows["state_b"]) == {"ARM", "KAZ", "KGZ", "UZB"}
    for name, state in (("China", "CHN"), ("Russia", "RUS"), ("United States", "USA")):
        expected = sum(float(r["VALUE_IN_EUR"]) for r in rows if r["PARTNER"] == name) / 1e6
        assert flows.filter(pl.col("state_a") == state)["value"].sum() == pytest.approx(expected)
    assert flows.filter(pl.col("note").is_not_null())["state_a"].unique().sort().to_list() == ["BIH", "MCO"]
