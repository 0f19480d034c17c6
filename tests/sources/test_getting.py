"""How a person gets a source, and what the catalog says of every file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tripoint.cli.main import app
from tripoint.sources.entries import catalog, source
from tripoint.sources.fetch import in_reach
from tripoint.sources.getting import how_to_get, places


def test_a_command_is_named_only_where_it_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TRIPOINT_MIRROR", raising=False)
    said = how_to_get(["atop", "un-ga-votes"])
    assert said.startswith("run: tripoint load atop; the site does not permit programs. Download it from ")
    assert "'*_ga_voting.csv', then run: tripoint load un-ga-votes --from FOLDER" in said
    assert not in_reach(source("un-ga-votes"), "")
    (tmp_path / "un_votes").mkdir()
    (tmp_path / "un_votes" / "unga_votes_YAN_1946_2025.parquet").write_bytes(b"x")
    monkeypatch.setenv("TRIPOINT_MIRROR", str(tmp_path))
    assert how_to_get(["un-ga-votes"]) == "run: tripoint load un-ga-votes"


def test_every_file_says_where_it_comes_from() -> None:
    for entry, file, name in places():
        if entry.id == "starter":
            continue
        assert file.where in ("producer", "copy", "by hand")
        assert file.where != "producer" or "github" not in file.address or entry.producer.split()[0] in entry.citation
        assert name
        assert file.pattern or file.where != "by hand", (entry.id, file.role)


def test_a_copy_is_never_the_first_choice_where_the_producers_file_is_read() -> None:
    for entry in catalog().values():
        first = [f for f in entry.files if f.role in entry.alternatives[0]]
        named = {f.role: [g.copy for g in first if g.role == f.role] for f in first}
        for role, copies in named.items():
            assert copies == sorted(copies, key=bool), (entry.id, role)


def test_where_prints_a_row_a_file(tmp_path: Path) -> None:
    out = CliRunner().invoke(app, ["sources", "--where", "--csv", "--home", str(tmp_path)])
    assert out.exit_code == 0
    assert len(out.output.splitlines()) == 1 + len(places())
    assert "ucdp-acd" in out.output
    assert "by hand" in out.output


def test_all_means_all_that_is_in_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mirror" / "contiguity").mkdir(parents=True)
    (tmp_path / "mirror" / "contiguity" / "contdird.csv").write_text("x")
    monkeypatch.setenv("TRIPOINT_MIRROR", str(tmp_path / "mirror"))
    out = CliRunner().invoke(app, ["load", "--all", "--quiet", "--home", str(tmp_path / "home")])
    assert out.exit_code == 0
    assert "starter:" in out.output
    assert "left, because not in the mirror" in out.stderr
