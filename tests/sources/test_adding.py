"""The page on adding a source: its catalog entry, its reader and its line of the table of choice do what it says."""

from __future__ import annotations

import re
import sys
import tomllib
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tripoint import pipeline
from tripoint.errors import FormatError, UnknownNameError
from tripoint.record import Reading
from tripoint.sources import entries
from tripoint.sources.assemble import assemble
from tripoint.sources.entries import _entry
from tripoint.sources.tabular import Files

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md").read_text("utf-8")
ROWS = "code,year,gdp\nRUS,2020,1500000000000\nCHN,2020,\nARB,2020,5\nUSA,2021,23000000000000\n"


def block(language: str, starts: str) -> str:
    (found,) = [text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if text.startswith(starts)]
    return str(found)


def read(folder: Path, rows: str = ROWS) -> Reading:
    entry = _entry("my-gdp.toml", block("toml", "id ="))
    module = types.ModuleType("my_gdp")
    exec(compile(block("python", '"""Gross'), "my_gdp.py", "exec"), module.__dict__)
    path = folder / "my-gdp.csv"
    path.write_text(rows, "utf-8")
    reading: Reading = module.read_my_gdp(Files(entry, {"gdp": (path,)}))
    assert module.__name__ not in sys.modules
    return reading


def test_the_template_reads_a_file_of_three_columns(tmp_path: Path) -> None:
    reading = read(tmp_path)
    assert reading.tables["attributes"].select("state", "value", "unit", "precision").rows() == [
        ("RUS", 1_500_000.0, "current USD million", "year"),
        ("USA", 23_000_000.0, "current USD million", "year"),
    ]
    assert sorted(reading.set_aside["reason"]) == ["missing value", "no state has the iso3 code 'ARB' in 2020"]
    assert (reading.rows_in, reading.rows_kept, reading.remarks) == (4, 2, ())
    assert reading.coverage.select("silence", "partners").row(0) == ("unproven", "")


def test_the_template_for_two_states_reads_a_file_of_three_columns(tmp_path: Path) -> None:
    text = block("toml", "id =").replace("gdp", "visits").replace('pattern = "my-gdp', 'pattern = "my-visits')
    module = types.ModuleType("my_visits")
    exec(compile(block("python", '"""Visits'), "my_visits.py", "exec"), module.__dict__)
    path = tmp_path / "my-visits.csv"
    rows = (
        "Russia,China,2020-02-01\nChina,Soviet Union,1989-05-15\nAtlantis,France,2022-05-09\nFrance,Germany,2021-03\n"
    )
    path.write_text(f"visitor,host,date\n{rows}France,Germany,\nTurkey,Greece,2023-12-07\n", "utf-8")
    reading: Reading = module.read_my_visits(Files(_entry("my-visits.toml", text), {"visits": (path,)}))
    assert reading.tables["events"].select("state_a", "state_b", "directed", "precision").rows() == [
        ("CHN", "SUN", True, "day"),
        ("RUS", "CHN", True, "day"),
        ("TUR", "GRC", True, "day"),
    ]
    assert sorted(reading.set_aside["reason"]) == [
        "no day that can be read",
        "no day that can be read",
        "no state has the name 'Atlantis' in 2022",
    ]
    assert (reading.rows_in, reading.rows_kept) == (6, 3)
    assert reading.coverage.select("silence", "partners").row(0) == ("nothing", "*")


def test_a_column_that_a_table_requires_is_named_with_what_it_means(tmp_path: Path) -> None:
    frame = read(tmp_path).tables["attributes"].drop("source_id", "vintage", "unit")
    entry = _entry("my-gdp.toml", block("toml", "id ="))
    with pytest.raises(
        FormatError, match=r"my-gdp: the reader gives no column 'unit' \(.+\), which the table requires"
    ):
        assemble(Files(entry, {}), {"attributes": frame}, rows_in=2)


def test_a_row_that_breaks_the_contract_is_shown_without_its_empty_columns(tmp_path: Path) -> None:
    frame = read(tmp_path).tables["attributes"].drop("source_id", "vintage").with_columns(unit=pl.lit(None, pl.String))
    entry = _entry("my-gdp.toml", block("toml", "id ="))
    with pytest.raises(FormatError, match=r"2 rows of attributes with no unit; first: \{(?!.*None)"):
        assemble(Files(entry, {}), {"attributes": frame}, rows_in=2)


def test_the_line_for_the_table_of_choice_is_one() -> None:
    line = block("toml", "{ id").rstrip().rstrip(",")
    (place,) = tomllib.loads(f"sources = [{line}]")["sources"]
    assert set(place) == {"id", "whole", "because"}


def test_two_values_of_one_state_are_told(tmp_path: Path) -> None:
    frame = read(tmp_path).tables["attributes"].drop("source_id", "vintage")
    again = frame.with_columns(locator=pl.lit("other-") + pl.col("locator")).head(1)
    entry = _entry("my-gdp.toml", block("toml", "id ="))
    reading = assemble(Files(entry, {}), {"attributes": [frame, again]}, rows_in=3)
    (remark,) = reading.remarks
    assert "two values of a kind; the first: gdp of RUS, 2020-01-01" in remark


def test_an_entry_without_a_version_is_refused_when_it_is_read() -> None:
    text = block("toml", "id =").replace('version = "1.0"\n', "")
    with pytest.raises(FormatError, match="no version"):
        _entry("my-gdp.toml", text)
    assert _entry("my-gdp.toml", text.replace("[license]", "pinned = false\n\n[license]")).version == ""


@pytest.mark.parametrize(("kind", "says"), [("GDP", "did you mean 'gdp'"), ("visit", "belongs to the table 'events'")])
def test_a_kind_of_no_or_another_table_is_named_with_what_to_do(tmp_path: Path, kind: str, says: str) -> None:
    frame = read(tmp_path).tables["attributes"].drop("source_id", "vintage").with_columns(kind=pl.lit(kind))
    entry = _entry("my-gdp.toml", block("toml", "id ="))
    with pytest.raises(FormatError, match=says):
        assemble(Files(entry, {}), {"attributes": frame}, rows_in=2)


@pytest.mark.parametrize(
    ("now", "then", "says"),
    [
        ("covers =", "covrs =", "unknown key 'covrs' in my-gdp.toml; did you mean 'covers'"),
        (
            "redistribute =",
            "redistribut =",
            "unknown key 'redistribut' in \\[license\\] of my-gdp.toml; did you mean 'redis",
        ),
        ("pattern =", "patern =", "unknown key 'patern' in \\[\\[files\\]\\] of my-gdp.toml; did you mean 'pattern'"),
    ],
)
def test_a_key_that_means_nothing_in_an_entry_is_named(now: str, then: str, says: str) -> None:
    with pytest.raises(UnknownNameError, match=says):
        _entry("my-gdp.toml", block("toml", "id =").replace(now, then))


def test_a_table_that_there_is_not_is_named(tmp_path: Path) -> None:
    frame = read(tmp_path).tables["attributes"].drop("source_id", "vintage")
    given: Any = {"attribute": frame}
    with pytest.raises(UnknownNameError, match=r"unknown table 'attribute'.*did you mean 'attributes'"):
        assemble(Files(_entry("my-gdp.toml", block("toml", "id =")), {}), given, rows_in=2)


def test_a_reader_that_there_is_not_is_named() -> None:
    entry = entries.source("wb-gdp")
    module, _, function = entry.reader.partition(":")
    with pytest.raises(UnknownNameError, match=f"unknown reader '{function}x'.*did you mean '{function}'"):
        pipeline.reader(replace(entry, reader=f"{module}:{function}x"))


def test_where_a_reader_stumbles_its_line_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A fault of the reader and a damaged file look alike from outside; the line tells them apart."""
    entry = replace(entries.source("wb-gdp"), reader="tripoint.sources.test_adding:read_it")
    monkeypatch.setattr(pipeline, "reader", lambda _: lambda _: {}["column"])
    with pytest.raises(FormatError, match=r"cannot be read \(KeyError: 'column', at test_adding\.py:\d+\)"):
        pipeline.read_source(entry, tmp_path, ())
