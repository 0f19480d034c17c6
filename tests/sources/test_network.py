"""Downloads from a server that misbehaves: a clear error or the whole file, never two halves or a part."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tripoint.errors import FetchError, FormatError, TripointError
from tripoint.provenance import SourceFile
from tripoint.sources import network
from tripoint.sources.network import check_whole, download, names_at

OLD = b"state,value\nRUS,1\n" * 3_000
NEW = b"state,value\nCHN,2\n" * 3_000


class Misbehaving(BaseHTTPRequestHandler):
    """What each path does is its name."""

    asked: dict[str, int]

    def do_GET(self) -> None:
        path = self.path
        tries = self.asked[path] = self.asked.get(path, 0) + 1
        wanted = self.headers.get("Range")
        offset = int(wanted.split("=")[1].rstrip("-")) if wanted else 0
        if path == "/changes":  # another edition while a download is broken off
            same = self.headers.get("If-Range") == '"new"'
            body, tag = (OLD, '"old"') if tries == 1 else (NEW, '"new"')
            self.answer(body, tag, 0 if tries == 1 or not same else offset, cut=20_000 if tries == 1 else None)
        elif path == "/416":
            if offset:
                self.send_error(416)
            else:
                self.answer(NEW, '"new"', 0, cut=20_000 if tries == 1 else None)
        elif path == "/shifted":  # answers another range than was asked for
            if offset:
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {offset - 50}-{len(NEW) - 1}/{len(NEW)}")
                self.send_header("Content-Length", str(len(NEW) - offset + 50))
                self.send_header("ETag", '"new"')
                self.end_headers()
                self.wfile.write(NEW[offset - 50 :])
            else:
                self.answer(NEW, '"new"', 0, cut=20_000 if tries == 1 else None)
        elif path == "/untagged":  # no version named: nothing may be joined
            self.answer(OLD if tries == 1 else NEW, "", 0, cut=20_000 if tries == 1 else None)
        elif path == "/block.csv":  # a page instead of a file, once
            self.answer(b"<!DOCTYPE html><title>Are you a robot?</title>" if tries == 1 else NEW, '"new"', offset)
        elif path == "/loop":
            self.redirect("/loop")
        elif path == "/endless/MANIFEST.tsv":
            self.send_response(200)
            self.end_headers()
            for _ in range(400):
                self.wfile.write(b"x" * 100_000)
        elif path == "/bad/MANIFEST.tsv":
            self.answer(b"name\thash\nfolder/a.csv\t1\n", "", 0)
        elif path == "/bomb":
            body = gzip.compress(b"0" * 40_000_000)
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif path == "/cut.json":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"a": [1] * 500}).encode()[:700])
        elif path == "/empty.csv":
            self.answer(b"", '"new"', 0)

    def answer(self, body: bytes, tag: str, offset: int, cut: int | None = None) -> None:
        self.send_response(206 if offset else 200)
        self.send_header("Content-Length", str(len(body) - offset))
        if tag:
            self.send_header("ETag", tag)
        if offset:
            self.send_header("Content-Range", f"bytes {offset}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        self.wfile.write(body[offset : offset + cut] if cut else body[offset:])
        if cut:
            self.wfile.flush()
            self.connection.close()

    def redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Misbehaving.asked = {}
    monkeypatch.setattr(network.time, "sleep", lambda _: None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("mode", ["changes", "416", "shifted", "untagged"])
def test_halves_of_two_editions_are_never_joined(tmp_path: Path, site: str, mode: str) -> None:
    target = tmp_path / mode
    download(f"{site}/{mode}", target, SourceFile("rows"))
    assert target.read_bytes() == NEW
    assert sorted(p.name for p in tmp_path.iterdir()) == [mode]


def test_a_page_that_was_refused_does_not_stick(tmp_path: Path, site: str) -> None:
    target = tmp_path / "block.csv"
    with pytest.raises(FormatError, match="web page"):
        download(f"{site}/block.csv", target, SourceFile("rows"))
    assert list(tmp_path.iterdir()) == []
    download(f"{site}/block.csv", target, SourceFile("rows"))
    assert target.read_bytes() == NEW


@pytest.mark.parametrize(("path", "words"), [("loop", "redirects"), ("cut.json", "was cut"), ("empty.csv", "empty")])
def test_what_cannot_be_whole_is_refused(tmp_path: Path, site: str, path: str, words: str) -> None:
    with pytest.raises(TripointError, match=words):
        download(f"{site}/{path}", tmp_path / path, SourceFile("rows"))
    assert not (tmp_path / path).exists()


def test_what_inflates_beyond_measure_is_refused(tmp_path: Path, site: str) -> None:
    with pytest.raises(FetchError, match="inflates"):
        download(f"{site}/bomb", tmp_path / "bomb", SourceFile("rows", max_bytes=10_000_000))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("base", "words"), [("endless", "no list"), ("bad", "no columns")])
def test_a_list_that_is_none_is_refused(site: str, base: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        list(names_at(f"{site}/{base}", "folder/*.csv"))


def test_the_way_to_a_file_stays_outside_and_encrypted() -> None:
    with pytest.raises(FetchError, match="private network"):
        network._check_way("https://example.org/a", ["https://10.0.0.1/a"])
    with pytest.raises(FetchError, match="not encrypted"):
        network._check_way("https://example.org/a", ["http://example.org/a"])
    network._check_way("http://127.0.0.1/a", ["http://127.0.0.1/b"])
    network._check_way("https://example.org/a", ["https://data.example.org/b"])


def test_the_total_time_is_bounded(tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_TOTAL_SECONDS", -1.0)
    with pytest.raises(FetchError, match="not whole after"):
        download(f"{site}/changes", tmp_path / "changes", SourceFile("rows"))


def test_a_cut_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04" + b"x" * 100)
    with pytest.raises(FormatError, match="without its directory"):
        check_whole(path, "a.zip")
