"""Fetching: mirror first, resumed, checked, limited, and never half a file under its own name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import made_up
from tripoint.errors import FetchError, FormatError
from tripoint.provenance import Source, SourceFile
from tripoint.sources import network as fetching
from tripoint.sources.fetch import fetch_source, files_of

BODY = b"state,value\nRUS,1\nCHN,2\n" * 4_000


class Site(BaseHTTPRequestHandler):
    """Serves BODY; ``/flaky`` breaks off halfway twice, ``/html`` is a block page, ``/gone`` is 404."""

    breaks = 0
    ranges: list[str]

    def do_GET(self) -> None:
        offset = int((self.headers.get("Range") or "bytes=0-").split("=")[1].rstrip("-"))
        type(self).ranges.append(self.headers.get("Range") or "")
        if self.path == "/gone":
            self.send_error(404)
            return
        body = b"<!DOCTYPE html><title>Are you a robot?</title>" if self.path == "/html" else BODY
        if self.path == "/mirror/MANIFEST.tsv":
            sha = hashlib.sha256(BODY).hexdigest()
            body = (
                f"path\tbytes\tsha256\nfolder/a_1.csv\t1\t{sha}\nfolder/a_2.csv\t1\t{sha}\nother/b.csv\t1\tx\n".encode()
            )
        self.send_response(206 if offset else 200)
        self.send_header("Content-Length", str(len(body) - offset))
        self.send_header("ETag", '"one"')
        if offset:
            self.send_header("Content-Range", f"bytes {offset}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        if self.path == "/flaky" and type(self).breaks < 2:
            type(self).breaks += 1
            self.wfile.write(body[offset : offset + 20_000])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(body[offset:])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.breaks, Site.ranges = 0, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def entry(**file: object) -> Source:
    base = made_up.entry()
    fields = {slot: getattr(base, slot) for slot in Source.__slots__}
    return Source(**{**fields, "files": (SourceFile(role="rows", **file),)})  # type: ignore[arg-type]


def test_a_mirror_folder_comes_before_the_address(tmp_path: Path, site: str) -> None:
    mirror = tmp_path / "mirror" / "folder"
    mirror.mkdir(parents=True)
    (mirror / "rows.csv").write_bytes(BODY)
    got = fetch_source(
        entry(mirror="folder/rows.csv", address=f"{site}/rows.csv"), tmp_path / "f", mirror=str(tmp_path / "mirror")
    )
    assert got[0].origin == "mirror: folder/rows.csv"
    assert Site.ranges == []
    assert files_of(made_up.entry(), tmp_path / "f", got).one("rows").read_bytes() == BODY


def test_a_url_mirror_lists_its_files_in_a_manifest(tmp_path: Path, site: str) -> None:
    got = fetch_source(entry(mirror="folder/a_*.csv"), tmp_path, mirror=f"{site}/mirror")
    assert sorted(r.name for r in got) == ["a_1.csv", "a_2.csv"]


def test_a_broken_download_is_resumed(tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching.time, "sleep", lambda _: None)
    got = fetch_source(entry(address=f"{site}/flaky"), tmp_path, mirror="")
    assert (tmp_path / "flaky").read_bytes() == BODY
    assert got[0].sha256 == hashlib.sha256(BODY).hexdigest()
    assert any(r.startswith("bytes=") and r != "bytes=0-" for r in Site.ranges)
    assert not list(tmp_path.glob("*.part*")) or not (tmp_path / "flaky.part").exists()


def test_what_is_here_is_not_fetched_again(tmp_path: Path, site: str) -> None:
    source = entry(address=f"{site}/rows.csv")
    first = fetch_source(source, tmp_path, mirror="")
    assert fetch_source(source, tmp_path, mirror="") == first
    assert len(Site.ranges) == 1
    (tmp_path / "rows.csv").write_bytes(b"spoiled")
    fetch_source(source, tmp_path, mirror="")
    assert (tmp_path / "rows.csv").read_bytes() == BODY


@pytest.mark.parametrize(
    ("file", "error", "message"),
    [
        ({"address": "{site}/rows.csv", "sha256": "0" * 64}, FetchError, "the catalog knows 000000000000"),
        ({"address": "{site}/rows.csv", "max_bytes": 100}, FetchError, "larger than 100 bytes"),
        ({"address": "{site}/html"}, FormatError, "this is a web page"),
        ({"address": "{site}/gone"}, FetchError, "404"),
        ({"pattern": "*_rows.csv"}, FetchError, "Download it from https://example.org/ named like '\\*_rows.csv'"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, site: str, file: dict[str, object], error: type[Exception], message: str
) -> None:
    filled = {k: v.format(site=site) if isinstance(v, str) else v for k, v in file.items()}
    with pytest.raises(error, match=message):
        fetch_source(entry(**filled), tmp_path, mirror="")
    assert not (tmp_path / "rows.csv").exists()


def test_a_file_downloaded_by_hand_is_known_by_its_pattern(tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    (downloads / "2026_01_01_rows.csv").write_bytes(BODY)
    (downloads / "holiday.jpg").write_bytes(b"\xff\xd8")
    got = fetch_source(entry(pattern="*_rows.csv"), tmp_path / "f", mirror="", downloads=downloads)
    assert [r.name for r in got] == ["2026_01_01_rows.csv"]


def test_a_copy_is_taken_aloud_where_the_producers_file_cannot_be_had(tmp_path: Path, site: str) -> None:
    """Gone, or a web page: the next place is tried, and the person is told."""
    base = made_up.entry()
    fields = {slot: getattr(base, slot) for slot in Source.__slots__}
    for broken in ("gone", "html"):
        files = (
            SourceFile(role="rows", address=f"{site}/{broken}"),
            SourceFile(role="rows", address=f"{site}/rows.csv", copy="a package"),
        )
        said: list[str] = []
        got = fetch_source(Source(**{**fields, "files": files}), tmp_path / broken, mirror="", say=said.append)
        assert [r.name for r in got] == ["rows.csv"]
        assert said[0].endswith(f"taken instead: {site}/rows.csv")
        with pytest.raises((FetchError, FormatError)):
            fetch_source(Source(**{**fields, "files": files[:1]}), tmp_path / f"{broken}2", mirror="")
