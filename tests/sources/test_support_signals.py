"""Signals of support by five powers: kinds, directions, the Soviet Union's years, and the whole file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.support_signals import COLUMNS, read_support_signals
from tripoint.sources.tabular import Files

HEADER = ",".join(("ccode", "year", *COLUMNS)) + "\n"


def row(ccode: object, year: object, **values: object) -> str:
    return ",".join([str(ccode), str(year), *(str(values.get(c, 0)) for c in COLUMNS)]) + "\n"


def read(tmp_path: Path, body: str) -> Reading:
    path = tmp_path / "signals.csv"
    path.write_text(body)
    return read_support_signals(Files(entry=source("support-signals"), paths={"signals": (path,)}))


def test_signals_go_from_the_power_of_the_time(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + row(710, 1955, rus_vis=1, rus_troops=500) + row(710, 2001, rus_ex=1))
    assert reading.tables["events"].select("state_a", "state_b", "kind", "directed", "locator").rows() == [
        ("CHN", "RUS", "joint exercise", False, "710/2001/rus_ex"),
        ("SUN", "CHN", "visit", True, "710/1955/rus_vis"),
    ]
    flow = reading.tables["flows"].row(0, named=True)
    assert (flow["state_a"], flow["state_b"], flow["value"], flow["unit"]) == ("SUN", "CHN", 500.0, "persons")


def test_records_without_a_signal_or_state_are_set_aside(tmp_path: Path) -> None:
    body = row(20, 1990) + row(9999, 1990, us_words=3) + row(20, 1991, us_words=3) * 2 + row("", 1990, us_words=1)
    reading = read(tmp_path, HEADER + body + row(2, 1990, us_words=4))
    assert (reading.rows_in, reading.rows_kept) == (6, 1)
    assert set(reading.set_aside["reason"]) == {
        "no signal in the columns read",
        "no state has the cow code '9999' in 1990",
        "repeats a state-year; the first is kept",
        "no state or year",
        "a state with itself",
    }
    assert reading.tables["events"]["count"].to_list() == [3]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "empty"),
        ("<html>", "web page"),
        ("ccode,year\n2,1990\n", "no column"),
        (HEADER + row(2, "x"), "'x' is not"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, body)


def test_the_whole_file(mirror: Path) -> None:
    path = mirror / "support_signals/individual_signals.csv"
    reading = read_support_signals(Files(entry=source("support-signals"), paths={"signals": (path,)}))
    raw = pl.read_csv(path, infer_schema_length=None)
    assert reading.rows_in == raw.height == 9266 == reading.rows_kept + reading.rows_aside
    assert reading.facts + len(reading.remarks) == sum((raw[c] > 0).sum() for c in COLUMNS)
    words = reading.tables["events"].filter(pl.col("locator").str.ends_with("us_words"))
    assert words["count"].sum() == raw["us_words"].sum()
