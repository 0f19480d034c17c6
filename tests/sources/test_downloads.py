"""A folder of downloads is an order."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import made_up
from tripoint.errors import FetchError
from tripoint.provenance import Source, SourceFile
from tripoint.sources.archives import extract
from tripoint.sources.downloads import choose, release_key
from tripoint.sources.fetch import fetch_source, files_of
from tripoint.sources.receipts import forget_receipts


def entry(*files: SourceFile, **more: object) -> Source:
    return replace(made_up.entry(), files=files, **more)  # type: ignore[arg-type]


ROWS = SourceFile(role="rows", pattern="Rows_v*.csv", member="rows_v*.csv")


def test_a_folder_without_a_file_of_the_source_is_an_error_and_nothing_else_is_taken(tmp_path: Path) -> None:
    mirror, folder = tmp_path / "mirror", tmp_path / "folder"
    mirror.mkdir()
    folder.mkdir()
    (mirror / "rows.csv").write_text("state\nRUS\n")
    one = entry(replace(ROWS, mirror="rows.csv"))
    with pytest.raises(FetchError, match="it is empty"):
        fetch_source(one, tmp_path / "f", mirror=str(mirror), downloads=folder)
    (folder / "other.csv").write_text("state\n")
    with pytest.raises(FetchError, match=r"is one of its files \(Rows_v\*\.csv, rows_v\*\.csv\); it holds other\.csv"):
        fetch_source(one, tmp_path / "f", mirror=str(mirror), downloads=folder)


def test_the_newest_release_is_taken_and_the_choice_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("Rows_v9.csv", "ROWS_V10.CSV", "notes.txt"):
        (folder / name).write_text("state\nRUS\n")
    said: list[str] = []
    got = fetch_source(entry(ROWS), tmp_path / "f", mirror="", downloads=folder, say=said.append)
    assert [r.name for r in got] == ["ROWS_V10.CSV"]
    assert said == [
        "2 files for 'rows': ROWS_V10.CSV is taken as the newest by its name, Rows_v9.csv left",
        f"not a file of {made_up.entry().id}, and left: notes.txt",
    ]
    assert release_key("2026_02_06_ga_voting.csv") > release_key("2025_12_31_ga_voting.csv")


def nested(path: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as bundle:
        bundle.writestr("deep/Rows_v2.csv", "state\nRUS\n")
        bundle.writestr("readme.txt", "words")
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("inner.zip", inner.getvalue())
        bundle.writestr("__MACOSX/._Rows_v3.csv", "x")
    return path


def test_archives_are_opened_also_inside_archives(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    nested(folder / "Release.zip")
    got = fetch_source(entry(ROWS), tmp_path / "f", mirror="", downloads=folder)
    assert [(r.name, r.origin) for r in got] == [
        ("Rows_v2.csv", "downloaded by hand: Release.zip > inner.zip > Rows_v2.csv")
    ]
    assert (tmp_path / "f" / "Rows_v2.csv").read_text() == "state\nRUS\n"
    assert [p.name for p in extract(folder / "Release.zip", "Rows_*.csv", tmp_path, 10_000)] == ["Rows_v2.csv"]
    (folder / "Release.zip").write_bytes(nested(tmp_path / "x.zip").read_bytes()[:40])
    with pytest.raises(FetchError, match=r"it holds Release\.zip"):
        choose(entry(ROWS), folder)


def test_several_releases_of_a_growing_source_add_up(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    growing = entry(replace(ROWS, many=True), grows=True)
    for day in (1, 5):
        (folder / f"Rows_v{day}.csv").write_text(f"day\n{day}\n")
        got = fetch_source(growing, tmp_path / "f", mirror="", downloads=folder)
        (folder / f"Rows_v{day}.csv").unlink()
    assert sorted(r.name for r in got) == ["Rows_v1.csv", "Rows_v5.csv"]
    assert sorted(r.name for r in fetch_source(growing, tmp_path / "f", mirror="")) == ["Rows_v1.csv", "Rows_v5.csv"]


def test_the_first_whole_set_of_files_is_taken_and_a_person_may_give_another(tmp_path: Path) -> None:
    mirror, folder = tmp_path / "mirror", tmp_path / "folder"
    mirror.mkdir()
    folder.mkdir()
    (mirror / "copy.csv").write_text("copy\n")
    files = (
        SourceFile(role="own", pattern="own*.csv", optional=True),
        SourceFile(role="copy", mirror="copy.csv", pattern="copy.csv", optional=True),
        SourceFile(role="more", mirror="more.csv", pattern="more.csv", optional=True),
    )
    either = entry(*files, needs=(("own",), ("copy",)))
    assert [r.role for r in fetch_source(either, tmp_path / "f", mirror=str(mirror))] == ["copy"]
    (folder / "own_1.csv").write_text("own\n")
    assert [r.role for r in fetch_source(either, tmp_path / "f", mirror="", downloads=folder)] == ["own"]
    with pytest.raises(FetchError, match=r"no file for 'own'.*tripoint load"):
        fetch_source(either, tmp_path / "g", mirror="")


def test_what_is_not_in_the_folder_is_had_elsewhere_aloud_or_not_at_all(tmp_path: Path) -> None:
    mirror, folder = tmp_path / "mirror", tmp_path / "folder"
    mirror.mkdir()
    folder.mkdir()
    (folder / "Rows_v1.csv").write_text("state\n")
    pair = entry(ROWS, SourceFile(role="regions", mirror="regions.csv", pattern="regions.csv"))
    with pytest.raises(FetchError, match=r"has no file for 'regions' \(named like regions\.csv\)"):
        fetch_source(pair, tmp_path / "f", mirror="", downloads=folder)
    (mirror / "regions.csv").write_text("region\n")
    said: list[str] = []
    got = fetch_source(pair, tmp_path / "f", mirror=str(mirror), downloads=folder, say=said.append)
    assert sorted(r.role for r in got) == ["regions", "rows"]
    assert said == [f"'regions' is not in {folder}; regions.csv comes from mirror: regions.csv"]


def test_bytes_that_the_catalog_does_not_know_stamp_the_edition(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "Rows_v1.csv").write_text("state\nRUS\n")
    said: list[str] = []
    pinned = entry(replace(ROWS, sha256="0" * 64))
    got = fetch_source(pinned, tmp_path / "f", mirror="", downloads=folder, say=said.append)
    assert said == ["Rows_v1.csv is not the edition that the catalog knows; it is read as it stands"]
    stamp = files_of(pinned, tmp_path / "f", got).stamp
    assert len(stamp) == 8
    assert files_of(entry(replace(ROWS, sha256=got[0].sha256)), tmp_path / "f", got).stamp == ""
    (folder / "Rows_v1.csv").write_text("state\nCHN\n")
    again = fetch_source(pinned, tmp_path / "f", mirror="", downloads=folder)
    assert files_of(pinned, tmp_path / "f", again).stamp != stamp
    forget_receipts(tmp_path / "f", again)
    assert list((tmp_path / "f").glob("*.csv")) == []


def test_a_file_that_a_person_put_into_the_stores_own_folder_is_never_deleted(tmp_path: Path) -> None:
    home = tmp_path / "f"
    home.mkdir()
    (home / "Rows_v1.csv").write_text("state\nRUS\n")
    got = fetch_source(entry(ROWS), home, mirror="")
    assert got[0].origin == "put here by hand: Rows_v1.csv"
    forget_receipts(home, got)
    assert (home / "Rows_v1.csv").exists()
