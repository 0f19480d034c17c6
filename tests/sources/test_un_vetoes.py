"""Security Council vetoes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import un_vetoes
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files

HEADER = ",".join(un_vetoes.COLUMNS)


def small(tmp_path: Path, *lines: str) -> Files:
    path = tmp_path / "unsc_vetoes.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return Files(entry=source("un-vetoes"), paths={"vetoes": (path,)})


def test_a_row_a_veto_with_the_state_of_the_day(tmp_path: Path) -> None:
    reading = un_vetoes.read_un_vetoes(
        small(
            tmp_path,
            "6/26/1946,S/PV.49,S/PV.49,Spain,Spain,USSR,,",
            "6/26/1946,S/PV.49,S/PV.49,Spain,Spain,USSR,,",
            "12/13/1955,S/3502,S/PV.704,Members,Mongolia,China,,",
            '5/26/2022,S/2022/431,S/PV.9048,"Arms, and",Korea,China,Russia,',
            "soon,S/1,S/PV.1,What,Where,USA,,",
            "5/26/2022,S/2,S/PV.1,What,Where,,,",
        )
    )
    vetoes = reading.tables["positions"].sort("locator")
    assert vetoes.select("locator", "state", "date", "choice", "value").rows() == [
        ("S/2022/431/CHN", "CHN", date(2022, 5, 26), "veto", 3.0),
        ("S/2022/431/RUS", "RUS", date(2022, 5, 26), "veto", 3.0),
        ("S/3502/TWN", "TWN", date(1955, 12, 13), "veto", 3.0),
        ("S/PV.49#2/SUN", "SUN", date(1946, 6, 26), "veto", 3.0),
        ("S/PV.49/SUN", "SUN", date(1946, 6, 26), "veto", 3.0),
    ]
    assert reading.rows_in == 6
    assert sorted(reading.set_aside["reason"].to_list()) == ["names no veto", "no day or no draft"]


def test_other_members_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="Brazil cast no vetoes"):
        un_vetoes.read_un_vetoes(small(tmp_path, "6/26/1946,S/1,S/PV.49,Spain,Spain,Brazil,,"))


@pytest.mark.parametrize("text", ["", "<html>", "date,draft\n1,2\n", HEADER + "\n" + "1," * 12])
def test_damaged_files_are_refused(tmp_path: Path, text: str) -> None:
    files = small(tmp_path)
    files.one("vetoes").write_text(text)
    with pytest.raises(FormatError, match="unsc_vetoes"):
        un_vetoes.read_un_vetoes(files)


@pytest.fixture(scope="module")
def full(mirror: Path) -> Reading:
    path = mirror / "un_votes" / "unsc_vetoes_1946_sept2022.csv"
    return un_vetoes.read_un_vetoes(Files(entry=source("un-vetoes"), paths={"vetoes": (path,)}))


def test_all_214_drafts(full: Reading, mirror: Path) -> None:
    raw = pl.read_csv(mirror / "un_votes" / "unsc_vetoes_1946_sept2022.csv", infer_schema=False)
    assert full.rows_in == raw.height == 214
    assert full.rows_aside == 0
    votes = full.tables["positions"]
    assert votes["item"].n_unique() == 214
    assert votes.height == sum(raw[c].count() for c in un_vetoes.VETOES)
    assert votes.filter(pl.col("item") == "S/2022/155")["state"].to_list() == ["RUS"]
    assert votes.filter(pl.col("date") >= date(1992, 1, 1))["state"].is_in(["CHN", "RUS", "USA"]).all()


def test_the_librarys_own_table_runs_on(tmp_path: Path) -> None:
    path = tmp_path / "sc_vetoes_2026.csv"
    path.write_text(
        ",".join(un_vetoes.LIBRARY)
        + "\n20 November 2024,S/2024/835,S/PV.9790,Middle East,United States\n"
        + '30 September 2022,S/2022/720,S/PV.9143,Ukraine,"Russian Federation"\n'
        + '26 May 2022,S/2022/431,S/PV.9048,DPRK,"China, Russian Federation"\n'
    )
    reading = un_vetoes.read_un_vetoes(Files(entry=source("un-vetoes"), paths={"vetoes": (path,)}))
    assert reading.tables["positions"].sort("locator").select("locator", "date").rows() == [
        ("S/2022/431/CHN", date(2022, 5, 26)),
        ("S/2022/431/RUS", date(2022, 5, 26)),
        ("S/2022/720/RUS", date(2022, 9, 30)),
        ("S/2024/835/USA", date(2024, 11, 20)),
    ]
    assert reading.vintage == "to-2024-11-20"
    assert reading.coverage["end"].to_list() == [date(2024, 11, 20)]
