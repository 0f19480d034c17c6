"""Strategic rivalries in two lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import rivalries
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files


def small(tmp_path: Path, *rows: tuple[object, ...]) -> Files:
    names = ("rivalryno", "rivalryname", "ccode1", "ccode2", "styear", "endyear", "type1", "type2", "type3")
    columns = {c: [row[k] for row in rows] for k, c in enumerate(names)}
    path = write_rda(tmp_path / "td.rda", columns)  # type: ignore[arg-type]
    return Files(entry=source("td-rivalries"), paths={"rivalries": (path,)})


def test_ties_are_undirected_clipped_and_open_at_the_end(tmp_path: Path) -> None:
    reading = rivalries.read_td_rivalries(
        small(
            tmp_path,
            (1001, "Early", 220, 300, 1494, 1918, "spatial", "positional", None),
            (1002, "Now", 710, 750, 1948, 2010, "spatial", None, None),
            (1003, "Two states", 2, 365, 1945, 1995, "ideological", None, None),
            (1004, "Nobody", 2, 9999, 1945, 1995, "spatial", None, None),
            (1002, "Again", 710, 750, 1948, 2010, "spatial", None, None),
        )
    )
    ties = reading.tables["commitments"].sort("locator")
    assert ties["start"].dt.year()[0] in (1815, 1816)  # the first year of the state system
    ties = ties.with_columns(pl.col("start").clip(date(1816, 1, 1))).select(
        "state_a", "state_b", "start", "end", "note"
    )
    assert ties.rows() == [
        ("AUH", "FRA", date(1816, 1, 1), date(1918, 12, 31), "spatial; positional; since 1494"),
        ("CHN", "IND", date(1948, 1, 1), None, "spatial"),
        ("RUS", "USA", date(1992, 1, 1), date(1995, 12, 31), "ideological"),
        ("SUN", "USA", date(1945, 1, 1), date(1991, 12, 31), "ideological"),
    ]
    assert sorted(reading.set_aside["reason"].to_list()) == [
        "no state has the cow code '9999' between 1945-01-01 and 1995-12-31",
        "repeats a rivalry; the first is kept",
    ]
    assert reading.rows_in == 5


def test_a_correction_that_finds_nothing_is_remarked(tmp_path: Path) -> None:
    reading = rivalries.read_td_rivalries(small(tmp_path, (1, "One", 2, 365, 1945, 1995, "spatial", "x", "y")))
    assert len(reading.remarks) == 2


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "td.rda"
    path.write_bytes(b"")
    with pytest.raises(FormatError, match="empty"):
        rivalries.read_td_rivalries(Files(entry=source("td-rivalries"), paths={"rivalries": (path,)}))


def full(name: str, mirror: Path) -> Reading:
    reader = rivalries.read_tss_rivalries if name == "tss" else rivalries.read_td_rivalries
    path = mirror / "peacesciencer" / f"{name}_rivalries.rda"
    return reader(Files(entry=source(f"{name}-rivalries"), paths={"rivalries": (path,)}))


@pytest.mark.parametrize("name, rows, aside", [("tss", 264, 18), ("td", 197, 18)])
def test_every_record_is_accounted_for(name: str, rows: int, aside: int, mirror: Path) -> None:
    reading = full(name, mirror)
    assert reading.rows_in == rows
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    assert reading.rows_aside == aside
    assert reading.remarks == ()


def test_golden_rivalries(mirror: Path) -> None:
    ties = full("tss", mirror).tables["commitments"]

    def between(a: str, b: str, since: int = 1900) -> list[tuple[int, int | None]]:
        pair = ties.filter((pl.col("state_a") == a) & (pl.col("state_b") == b) & (pl.col("start") >= date(since, 1, 1)))
        return pair.select(pl.col("start").dt.year(), pl.col("end").dt.year()).sort("start").rows()

    assert between("CHN", "IND") == [(1948, None)]
    assert between("CHN", "SUN", 1950) == [(1958, 1989)]
    assert between("CHN", "RUS", 1950) == []
    assert between("RUS", "UKR") == [(2014, None)]
    assert between("YAR", "YMD") == [(1967, 1989)]  # 1990 belongs to the state of most of its days
