"""The commands on coded news: sync from a folder, statements, imports, series and alarms."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tripoint.cli.main import app

sys.path.insert(0, str(Path(__file__).parents[1] / "events"))

from made_counts import made
from made_events import gdelt_line


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["events", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "20240229120000.export.CSV").write_text(gdelt_line(number=1) + gdelt_line(number=2))
    (folder / "20240229121500.export.CSV").write_text("<html></html>")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("home")
    made(48, surge=("RUS", "CHN", 47, 9.0)).write_csv(folder / "counts.csv")
    assert "facts stored as 2021-12-31+" in run("import", str(folder / "counts.csv"), "--home", str(folder))
    return str(folder)


def test_a_dry_run_tells_and_does_nothing(files: Path, tmp_path: Path) -> None:
    told = run("sync", "gdelt", "--from", str(files), "--dry-run", "--home", str(tmp_path / "home"))
    assert "2 files to fetch" in told
    assert "enough" in told
    assert not (tmp_path / "home").exists()


def test_a_sync_ends_with_facts(files: Path, tmp_path: Path) -> None:
    told = run("sync", "gdelt", "--from", str(files), "--home", str(tmp_path / "home"))
    assert "1 files" in told
    assert "2 records" in told
    assert "20240229121500.export.CSV: this is a web page" in told
    assert "1 of 1 months counted; 1 facts stored as 2024-02-29+" in told
    rows = json.loads(run("status", "--json", "--home", str(tmp_path / "home")))
    assert [(r["source_id"], r["files_of"], r["files"], r["kept"], r["unreadable"]) for r in rows] == [
        ("gdelt", "2024", 1, 2, 1)
    ]
    assert "0 of 1 months counted; 1 facts already stored" in run("load", "gdelt", "--home", str(tmp_path / "home"))


def test_the_mirror_is_where_files_come_from(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.rename(tmp_path / "gdelt")
    monkeypatch.setenv("TRIPOINT_MIRROR", str(tmp_path))
    assert "1 files" in run("sync", "gdelt", "--no-load", "--home", str(tmp_path / "home"))


def test_the_statement_is_printed_for_a_database(tmp_path: Path) -> None:
    assert run("sql").startswith("WITH states AS (")
    text = run("sql", "--dialect", "trino", "--table", "news.events", "--since", "2020-01-01", "--by", "day")
    assert '"news"."events"' in text
    assert "20200101" in text


def test_a_series_is_shown_and_drawn(home: str, tmp_path: Path) -> None:
    rows = json.loads(run("show", "RUS", "CHN", "--by", "month", "--json", "--home", home))
    assert len(rows) == 48
    assert rows[-1]["conflict_share"] > rows[0]["conflict_share"]
    figure = tmp_path / "news.svg"
    run("show", "Russia", "China", "--figure", str(figure), "--home", home)
    assert "Conflict in the coded news of RUS and CHN" in figure.read_text()
    assert run("show", "IND", "JPN", "--changes", "--csv", "--home", home) is not None


def test_alarms_are_listed_with_their_rate(home: str) -> None:
    result = CliRunner().invoke(app, ["events", "watch", "--states", "RUS,USA", "--json", "--home", home])
    assert result.exit_code == 0
    assert "were alarms" in result.stderr
    first = json.loads(result.stdout)[0]
    assert (first["state_a"], first["state_b"], first["what"]) == ("CHN", "RUS", "conflict")


def test_without_an_archive_it_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["events", "status", "--csv", "--home", str(tmp_path)])
    assert "tripoint events sync" in result.stderr
