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
    text = run("depth", "RUS", "CHN", "USA-JPN").output
    for part in ("RUS-CHN", "USA-JPN", "defense clause", "none found 1993-2025", "starter@2026-11#", "[1]", "Sources"):
        assert part in text


def test_depth_rows_and_json_hold_the_same_cells(tmp_path: Path) -> None:
    rows = pl.read_csv(run("depth", "RUS", "CHN", "--csv").output.encode())
    answer = json.loads(run("depth", "RUS", "CHN", "--json").output)
    (ladder,) = answer["result"]
    assert rows["facts"].to_list() == [c["facts"] for c in ladder["cells"]]
    numbered = {s["id"] for s in answer["sources"]}
    assert {f["origin"] or f["source_id"] for f in ladder["facts"]} == numbered


def test_depth_draws_a_figure_that_says_what_blank_means(tmp_path: Path) -> None:
    target = tmp_path / "ladder.html"
    run("depth", "RUS", "CHN", "--figure", str(target))
    text = target.read_text("utf-8")
    assert "Blank: searched in part" in text
    assert "defense clause" in text


@pytest.mark.parametrize("pair", ["USA", "USA-"])
def test_depth_refuses_what_is_no_pair(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["depth", "RUS", "CHN", pair])
    assert "is not a pair" in capsys.readouterr().err


def test_exposure_says_that_totals_are_not_covered_rather_than_zero() -> None:
    text = run("exposure", "RUS", "CHN", "--since", "2020").output
    assert "totals not covered" in text
    assert "not covered, not zero" in text
    assert "0.0 %" not in text


def test_exposure_rows_by_flow_and_by_cut() -> None:
    cut = pl.read_csv(run("exposure", "RUS", "CHN", "--csv").output.encode(), infer_schema_length=None)
    sent = pl.read_csv(run("exposure", "RUS", "CHN", "--flows", "--csv").output.encode(), infer_schema_length=None)
    assert {"stake_a", "stake_b", "asymmetry"} <= set(cut.columns)
    assert {"sender", "receiver", "source_id", "reporter"} <= set(sent.columns)
    answer = json.loads(run("exposure", "RUS", "CHN", "--json").output)
    assert answer["result"]["dependence"]["searched"]["goods trade"] == "found"


def test_tension_shows_components_and_dashes_what_was_not_covered() -> None:
    text = run("tension", "IND", "CHN", "--since", "2015").output
    for part in ("rivalry", "sanctions", "not covered, not zero", "2020", "within a year"):
        assert part in text
    rows = pl.read_csv(run("tension", "IND", "CHN", "--since", "2015", "--csv").output.encode())
    assert rows["disputes"].null_count() > 0


def test_tension_draws_a_figure(tmp_path: Path) -> None:
    target = tmp_path / "tension.svg"
    run("tension", "IND", "CHN", "--figure", str(target))
    assert "Tension between" in target.read_text("utf-8")


def test_relation_shows_chances_intervals_and_what_speaks() -> None:
    text = run("relation", "RUS", "CHN", "--since", "2020").output
    assert "CHN-RUS" in text
    assert "speaking:" in text
    assert "estimates made on" in text
    assert run("alignment", "RUS", "CHN", "--since", "2020").output == text
    assert run("relation", "CHN", "RUS", "--since", "2020").output == text


def test_a_value_near_an_end_of_the_scale_is_said_to_be_beyond() -> None:
    from tripoint.answers.words import aligned

    given = (0.0, 0.424, -0.99, 0.9900001, 1.0, -0.9949, -1.0)
    assert [aligned(v) for v in given] == ["+0.00", "+0.42", "-0.99", ">+0.99", ">+0.99", "<-0.99", "<-0.99"]


def test_relation_rows_and_figure(tmp_path: Path) -> None:
    rows = pl.read_csv(run("relation", "RUS", "CHN", "IND", "--since", "2020", "--csv").output.encode())
    assert {"mean", "low", "high", "category", "basis", "newest", "war", "allied in deed"} <= set(rows.columns)
    assert rows["year"].min() == 2020
    target = tmp_path / "relation.html"
    run("relation", "RUS", "CHN", "--figure", str(target))
    assert "90 % interval" in target.read_text("utf-8")


def test_a_pair_of_which_nothing_is_known_gets_no_number() -> None:
    text = run("relation", "FJI", "MLI").output
    assert "no current evidence, so no estimate" in text
    assert "what would: tripoint load" in text


def test_relation_refuses_years_outside_the_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["relation", "RUS", "CHN", "--since", "2050"])
    assert "2050 is outside" in capsys.readouterr().err
