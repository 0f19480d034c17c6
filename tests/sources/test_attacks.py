"""Files that once made a reader fall over: each is now one sentence, or a row set aside; made here, small."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from rfiles import write_rda
from small import given, table

from tripoint.errors import FormatError
from tripoint.pipeline import STARTER, read_source
from tripoint.provenance import Receipt, file_digest
from tripoint.sources import gsdb
from tripoint.sources.entries import source
from tripoint.sources.starter import starter_folder
from tripoint.sources.tabular import read_delimited, read_first_sheet

CAPITALS = "numa,ida,numb,idb,kmdist,midist\n2,USA,20,CAN,731,456\n2,USA,40,CUB,1813,1130\n"
CAPABILITY = {"milex": 3823.0, "milper": 17.0, "irst": 80.0, "pec": 254.0, "tpop": 8659.0, "upop": 101.0, "cinc": 0.04}
MAJORS = ("ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday", "version")
RIVALRY = {"tssr_id": 1.0, "rivalry": "A-B", "ccode1": 220.0, "ccode2": 300.0, "start": 1816.0, "end": 1918.0}
RIVALRY |= dict.fromkeys(("positional", "spatial", "ideological", "interventionary", "principal", "aprin"), 1.0)


def two(row: dict[str, float], **change: float) -> dict[str, list[float]]:
    """One sound row, and one with a change."""
    return {name: [value, change.get(name, value)] for name, value in row.items()}


def text(content: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(content, "utf-8") and None


def r(columns: dict[str, list[float]]) -> Callable[[Path], None]:
    return lambda path: write_rda(path, columns) and None


def flipped(path: Path) -> None:
    """A start year of a rivalry that a flipped bit made another number."""
    write_rda(path, {c: [v, 3.8e300 if c == "start" else v] for c, v in RIVALRY.items()})


CASES = {
    "a column twice": ("capital-distance", "distances", "capdist.csv", text(CAPITALS.replace("kmdist", "midist"))),
    "1e308 km": ("capital-distance", "distances", "capdist.csv", text(CAPITALS.replace("2,USA,40", "1e308,USA,40"))),
    "no row": ("cow-majors", "majors", "cow_majors.rda", r({c: [] for c in MAJORS})),
    "year 2147483648": (
        "cow-nmc",
        "capabilities",
        "cow_nmc.rda",
        r(two({"ccode": 2.0, "year": 1816.0, **CAPABILITY}, year=2147483648.0)),
    ),
    "year -500": (
        "cow-trade",
        "dyads",
        "cow_trade_ddy.rda",
        r(two({"ccode1": 2.0, "ccode2": 20.0, "year": 1920.0, "flow1": 612.0, "flow2": 735.0}, year=-500.0)),
    ),
    "year inf": (
        "democracy",
        "democracy",
        "cw_democracy.rda",
        r(two({"ccode": 2.0, "year": 1816.0, "euds": 0.3, "aeuds": 0.1, "polity2": 6.0}, year=float("inf"))),
    ),
    "distance of year 2147483648": (
        "minimum-distance",
        "distances",
        "cow_mindist.rda",
        r(two({"ccode1": 2.0, "ccode2": 41.0, "year": 1886.0, "mindist": 932.5}, year=2147483648.0)),
    ),
    "a flipped byte": ("tss-rivalries", "rivalries", "tss_rivalries.rda", flipped),
    "nothing but brackets": ("deepstate", "maps", "deepstatemap_data_20260801.geojson", text("[" * 200_000)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_once_ended_in_a_traceback(case: str, tmp_path: Path) -> None:
    name, role, file, make = CASES[case]
    make(tmp_path / file)
    receipt = Receipt(file, role, file_digest(tmp_path / file), 1, "made up", "")
    try:
        reading = read_source(source(name), tmp_path, (receipt,))
    except FormatError as error:
        assert file in str(error) or name in str(error)
        assert len(str(error).splitlines()) == 1
        assert len(str(error)) < 1_000
    else:
        assert reading.rows_aside > 0, "what cannot be was kept without a word"


def starter_with(folder: Path, file: str, change: Callable[[str], str]) -> tuple[Receipt, ...]:
    receipts = []
    for entry in source(STARTER).files:
        for path in sorted(starter_folder().glob(entry.pattern)):
            held = path.read_text("utf-8")
            (folder / path.name).write_text(change(held) if path.name == file else held, "utf-8")
            receipts.append(Receipt(path.name, entry.role, file_digest(folder / path.name), 1, "made up", ""))
    return tuple(receipts)


def test_semicolons_in_a_table_that_ships(tmp_path: Path) -> None:
    receipts = starter_with(tmp_path, "coverage.csv", lambda held: held.replace(",", ";"))
    with pytest.raises(FormatError, match=r"coverage\.csv.*separated by semicolons"):
        read_source(source(STARTER), tmp_path, receipts)


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("one", "two"):
        sheet = book.create_sheet(name)
        for row in range(50):
            sheet.append([row, f"{name} {row}"])
    book.save(path)


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = {n: packed.read(n) for n in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, raw in parts.items():
            if (made := change(name, raw)) is not None:
                packed.writestr(name, made)


@pytest.mark.parametrize("how", ["cut", "deleted", "far column"])
def test_a_sheet_that_is_cut_gone_or_beyond_the_edge(how: str, tmp_path: Path) -> None:
    from tripoint.sources.tabular import read_sheet

    path = tmp_path / "book.xlsx"
    workbook(path)
    assert read_sheet(path, "two")[1] == [1.0, "two 1"]

    def change(name: str, raw: bytes) -> bytes | None:
        if not name.endswith("sheet3.xml"):
            return raw
        if how == "deleted":
            return None
        return raw[: len(raw) // 2] if how == "cut" else raw.replace(b'r="B2"', b'r="ZZZZZZ2"')

    rewritten(path, change)
    with pytest.raises(FormatError, match=r"book\.xlsx"):
        read_sheet(path, "two")


def test_a_cut_inside_the_last_field_is_an_error(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ("state", "value"), {"state": "RUS", "value": 1}, {"state": "CHN", "value": 1234})
    path.write_bytes(path.read_bytes()[:-3])  # 12, which looks like a number of its own
    with pytest.raises(FormatError, match="no line break after it"):
        read_delimited(path)
    assert read_delimited(path, ended=False).height == 2


def test_two_columns_of_one_name_are_an_error(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ("state", "2018", "2018"), {"state": "RUS", "2018": 1})
    with pytest.raises(FormatError, match="two columns are named '2018'"):
        read_delimited(path)


def test_an_old_workbook_that_ends_its_process_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\x00" * 5_000)
    with pytest.raises(FormatError, match="not readable as a workbook"):
        read_first_sheet(path)
    aborted = subprocess.CompletedProcess([], -6, b"", b"memory allocation failed")
    monkeypatch.setattr(subprocess, "run", lambda *given, **named: aborted)
    with pytest.raises(FormatError, match="may be damaged"):
        read_first_sheet(path)


def test_a_sanction_without_a_year_it_ends_in_does_not_stand_as_in_force(tmp_path: Path) -> None:
    flags = dict.fromkeys(gsdb.FLAGS, 1)
    case = {"sanctioned_state": "Iran", "sanctioning_state": "United States", "begin": 2001, **flags}
    rows = [{**case, "case_id": n, "end": end} for n, end in enumerate((2010, "", 2150, 2023), 1)]
    reading = gsdb.read_gsdb(given("gsdb", cases=table(tmp_path / "GSDB_V4.csv", gsdb.COLUMNS, *rows)))
    ends = reading.tables["commitments"]["end"].to_list()
    assert sorted(map(str, ends)) == ["2010-12-31", "None"]
    assert reading.rows_aside == 2
