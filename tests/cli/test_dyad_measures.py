"""The commands that measure pairs, on the evidence that ships with the package."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from tripoint.cli.main import app, main


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "cli-home"
    monkeypatch.setenv("TRIPOINT_HOME", str(folder))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_depth_prints_the_ladder_its_items_and_sources() -> None:
    text = run("depth", "RUS", "CHN", "--with", "USA-JPN").output
    for part in ("RUS-CHN", "USA-JPN", "defense clause", "none found 1993-2025", "starter@2026-11#", "[1]", "Sources"):
        assert part in text


def test_depth_rows_and_json_hold_the_same_cells(tmp_path: Path) -> None:
    rows = pl.read_csv(run("depth", "RUS", "CHN", "--csv").output.encode())
    answer = json.loads(run("depth", "RUS", "CHN", "--json").output)
    cells = answer["pairs"][0]["cells"]
    assert rows["facts"].to_list() == [c["facts"] for c in cells]
    numbered = {s["id"] for s in answer["sources"]}
    assert {f["origin"] or f["source_id"] for f in answer["pairs"][0]["facts"]} == numbered


def test_depth_draws_a_figure_that_says_what_blank_means(tmp_path: Path) -> None:
    target = tmp_path / "ladder.html"
    run("depth", "RUS", "CHN", "--figure", str(target))
    text = target.read_text("utf-8")
    assert "Blank: searched in part" in text
    assert "defense clause" in text


@pytest.mark.parametrize("pair", ["USAJPN", "USA-", "-JPN"])
def test_depth_refuses_what_is_no_pair(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["depth", "RUS", "CHN", "--with", pair])
    assert "is not a pair" in capsys.readouterr().err
