"""A source of any name changes an answer only by the table of choice, and the answer says so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import tripoint
from tripoint.answers import registry
from tripoint.evidence.choice import _table, unlisted
from tripoint.evidence.query import Evidence
from tripoint.evidence.store import write_edition
from tripoint.pipeline import not_listed
from tripoint.record import Reading
from tripoint.sources import entries
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

NAMES = ("aaa-gdp", "imf-gdp", "toy-gdp")
QUESTION = {"a": "RUS", "b": "CHN", "by": "USA", "year": "2024"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("shipped")
    tripoint.open_evidence(home)
    return home


def reading(name: str) -> Reading:
    """A product of the United States a hundredth of that of China: it would turn the lever round."""
    entry = replace(entries.source("wb-gdp"), id=name, version="1.0")
    rows = pl.DataFrame({"state": ["USA", "CHN"], "value": [1.0, 99.0]}).with_columns(
        kind=pl.lit("gdp"),
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
        precision=pl.lit("year"),
        unit=pl.lit("current USD million"),
        locator="state",
    )
    covered = [cover("gdp", 2024, 2024, partners="", silence="unproven")]
    return assemble(Files(entry, {}), {"attributes": rows}, rows_in=2, coverage=covered)


def with_source(home: Path, folder: Path, name: str) -> Evidence:
    shutil.copytree(home, folder)
    entry = replace(entries.source("wb-gdp"), id=name, version="1.0")
    write_edition(folder, reading(name), entry, (), name)
    return tripoint.open_evidence(folder)


def weight(evidence: Evidence) -> tuple[str, tuple[str, ...]]:
    """The line on the weight of the divider, and the remarks, of one answer."""
    made = registry.answer(evidence, registry.read("wedge", QUESTION))
    (line,) = [text for text in made.sentences if "weight of USA against CHN" in text]
    return line, made.remarks


def test_a_new_source_does_not_move_a_lever_by_its_name(shipped: Path, tmp_path: Path) -> None:
    before, told = weight(tripoint.open_evidence(shipped))
    assert "(starter speaks: " in before
    assert not any("table of choice" in remark for remark in told)
    for name in NAMES:
        line, remarks = weight(with_source(shipped, tmp_path / name, name))
        assert line.split(" (starter speaks")[0] == before.split(" (starter speaks")[0]
        assert f"not used: {name}; not in the table of choice: {name}" in line
        assert any(remark.startswith(f"{name} has facts of the kind gdp too") for remark in remarks)


def test_once_the_table_lists_it_first_it_speaks_whatever_it_is_called(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tripoint.evidence import choice

    mine = {"id": "toy-gdp", "whole": True, "because": "a test says so"}
    gdp = {**_table()["gdp"], "sources": [mine, *_table()["gdp"]["sources"]]}
    table = {**_table(), "gdp": gdp}
    monkeypatch.setattr(choice, "_table", lambda: table)
    choice._places.cache_clear()
    try:
        line, remarks = weight(with_source(shipped, tmp_path / "home", "toy-gdp"))
    finally:
        monkeypatch.undo()
        choice._places.cache_clear()
    assert "0.01; USA has 1% of the gross product" in line
    assert "(toy-gdp speaks: a test says so; not used: starter)" in line
    assert not any("table of choice" in remark for remark in remarks)


def test_an_answer_without_facts_of_the_kind_says_nothing_of_the_source(shipped: Path, tmp_path: Path) -> None:
    evidence = with_source(shipped, tmp_path / "home", "toy-gdp")
    made = registry.answer(evidence, registry.read("facts", {"states": "RUS", "kinds": "visit"}))
    assert made.rows.height
    assert not any("table of choice" in remark for remark in made.remarks)


def test_loading_says_where_the_table_does_not_list_a_source() -> None:
    (remark,) = not_listed(reading("toy-gdp")).remarks
    assert remark.startswith("not in the table of choice (evidence/choice.toml) for gdp: ")
    listed = reading("wb-gdp")
    assert not_listed(listed) is listed
    # A kind of which the table says nothing has one source, and no order.
    assert [unlisted("gdp", "toy-gdp"), unlisted("gdp", "wb-gdp"), unlisted("leaders", "toy")] == [True, False, False]


def test_why_says_which_source_speaks_where_two_have_facts(shipped: Path) -> None:
    evidence = tripoint.open_evidence(shipped)
    made = registry.answer(evidence, registry.read("why", {"a": "RUS", "b": "CHN", "kind": "visit"}))
    assert not any(" speaks: " in line for line in made.sentences)
