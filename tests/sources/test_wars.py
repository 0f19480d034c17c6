"""Wars between and within states."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import wars
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r


def files_of(name: str, path: Path) -> Files:
    return Files(entry=source(name), paths={"wars": (path,)})


def inter(tmp_path: Path, *rows: tuple[float, ...]) -> Files:
    columns = {c: [row[k] for row in rows] for k, c in enumerate(wars.INTER_COLUMNS)}
    return files_of("cow-war-inter", write_rda(tmp_path / "inter.rda", columns))


def test_years_of_a_war_are_one_event(tmp_path: Path) -> None:
    reading = wars.read_cow_war_inter(
        inter(
            tmp_path,
            (1, 2, 200, 1941, 1, 0, 1, 2, 400, 600),
            (1, 200, 2, 1941, 0, 1, 2, 1, 600, 400),
            (1, 2, 200, 1942, 1, 0, 1, 2, 400, 600),
            (1, 2, 200, 1945, 1, 0, 1, 2, -9, 600),
        )
    )
    events = reading.tables["events"].select("state_a", "state_b", "start", "end", "intensity", "note")
    assert events.rows() == [
        ("GBR", "USA", date(1941, 1, 1), date(1942, 12, 31), 1000.0, "GBR: lost; begun by USA"),
        ("GBR", "USA", date(1945, 1, 1), date(1945, 12, 31), None, "USA: won; begun by USA"),
    ]
    assert (reading.rows_in, reading.rows_aside) == (4, 0)


def test_unknown_states_are_set_aside(tmp_path: Path) -> None:
    reading = wars.read_cow_war_inter(inter(tmp_path, (1, 2, 9999, 1941, 1, 0, 1, 2, 400, 600)))
    assert reading.set_aside["reason"].to_list() == ["no state has the cow code '9999' in 1941"]


def intra(tmp_path: Path, *rows: tuple[object, ...]) -> Files:
    columns = {c: [row[k] for row in rows] for k, c in enumerate(wars.INTRA_COLUMNS)}
    return files_of("cow-war-intra", write_rda(tmp_path / "intra.rda", columns))  # type: ignore[arg-type]


def test_civil_wars_name_the_side(tmp_path: Path) -> None:
    reading = wars.read_cow_war_intra(
        intra(
            tmp_path,
            (5, "A war", "local issues", 1950, 365, -8, 1, 1, 5000, -9, "Russia", "Rebels"),
            (5, "A war", "local issues", 1950, -8, 2, 1, 1, -8, 70, "-8", "United States"),
            (5, "A war", "local issues", 1950, -8, -8, 1, 1, -8, -8, "-8", "Rebels"),
        )
    )
    events = reading.tables["events"].select("state_a", "state_b", "intensity", "note")
    assert events.rows() == [
        ("SUN", None, 5000.0, "on the government's side; local issues; internationalized"),
        ("USA", None, 70.0, "on the rebels' side; local issues; internationalized"),
    ]
    assert reading.set_aside["reason"].to_list() == ["no state takes part"]
    assert reading.rows_in == 3


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "inter.rda"
    path.write_text("<html>")
    with pytest.raises(FormatError, match="web page"):
        wars.read_cow_war_inter(files_of("cow-war-inter", path))


@pytest.fixture(scope="module", params=["inter", "intra"])
def full(request: pytest.FixtureRequest, mirror: Path) -> tuple[Reading, pl.DataFrame]:
    path = mirror / "peacesciencer" / f"cow_war_{request.param}.rda"
    reader = wars.read_cow_war_inter if request.param == "inter" else wars.read_cow_war_intra
    return reader(files_of(f"cow-war-{request.param}", path)), read_r(path)


def test_every_record_is_accounted_for(full: tuple[Reading, pl.DataFrame]) -> None:
    reading, raw = full
    assert reading.rows_in == raw.height
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    assert reading.rows_aside == 0
    years = reading.tables["events"].select(pl.col("end").dt.year() - pl.col("start").dt.year() + 1).sum().item()
    if reading.source_id == "cow-war-inter":
        pair = (pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2").alias("_"))
        assert years == raw.select(pl.struct("warnum", *pair, "year").n_unique()).item()
    else:
        seats = [
            raw.filter(pl.col(f"ccode{s}") > 0).select(
                "warnum", "year", pl.col(f"ccode{s}").alias("c"), pl.lit(s).alias("s")
            )
            for s in ("a", "b")
        ]
        assert years == pl.concat(seats).n_unique()
