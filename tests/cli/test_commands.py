"""Each command as a user runs it, on the evidence that ships with the package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from tripoint.cli.main import COMMANDS, app, main


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "cli-home"
    monkeypatch.setenv("TRIPOINT_HOME", str(folder))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str) -> None:
    words = [command, "check"] if command == "evidence" else [command]
    text = run(*words, "--help").output
    assert "Example:" in text
    assert f"tripoint {command}" in text


def test_dyad_prints_ids_numbers_and_gaps() -> None:
    text = run("dyad", "RUS", "CHN").output
    for part in ("nonaggression pact", "[1]", "starter@2026-11#", "Searched and not found", "Not searched", "Sources"):
        assert part in text


def test_dyad_json_gives_every_fact_its_id(tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    run("dyad", "RUS", "CHN", "--json", "-o", str(target))
    answer = json.loads(target.read_text())
    assert answer["facts"]
    assert all("@" in f and "#" in f for f in answer["facts"])
    assert all("@" in f["fact_id"] and "#" in f["fact_id"] for f in answer["result"]["facts"])
    assert {s["number"] for s in answer["sources"]} == set(range(1, len(answer["sources"]) + 1))


def test_facts_in_three_forms(tmp_path: Path) -> None:
    words = ("facts", "RUS", "CHN", "--kind", "goods trade")
    as_csv = pl.read_csv(run(*words, "--csv").output.encode())
    as_json = json.loads(run(*words, "--json").output)["result"]
    run(*words, "--parquet", "-o", str(tmp_path / "f.parquet"))
    assert as_csv.height == len(as_json) == pl.read_parquet(tmp_path / "f.parquet").height > 0


def test_fact_shows_its_document() -> None:
    text = run("fact", "starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact").output
    assert "document" in text
    assert "2001-07-16" in text


def test_evidence_check_finds_no_fault_in_what_ships() -> None:
    run("sources")
    assert "no faults" in run("evidence", "check").output


def test_states_and_cite() -> None:
    assert "SUN" in run("states", "Soviet Union", "--year", "1975").output
    assert "@software{tripoint" in run("cite", "--bibtex").output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("dyad", "RUS", "Chnia"), "did you mean 'China'"),
        (("facts", "--kind", "defence pact"), "did you mean 'defense pact'"),
        (("facts", "RUS", "CHN", "IND"), "3 states given"),
        (("facts", "--source", "atpo"), "unknown source 'atpo'"),
        (("fact", "nonsense"), "is not a fact id"),
        (("fact", "starter@2026-11#nothing"), "no fact 'nothing'"),
        (("load", "atpo"), "did you mean 'atop'"),
        (("load",), "name one or say --all"),
        (("facts", "--parquet"), "add -o FILE.parquet"),
    ],
)
def test_errors_end_with_what_to_do(words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    assert stop.value.code == 1
    assert message in capsys.readouterr().err


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["diad"])
    assert stop.value.code == 2
    assert "did you mean 'dyad'" in capsys.readouterr().err


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from tripoint.cli.main import app; app(['--help'], standalone_mode=False);"
        "print([m for m in ('polars', 'duckdb', 'numpy', 'ibis', 'rich', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
