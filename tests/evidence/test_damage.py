"""What was broken on purpose: damaged files, read-only stores, readers during loads."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import tripoint
from tripoint.cli.main import app
from tripoint.errors import StoreError
from tripoint.evidence import store
from tripoint.evidence.check import check_store
from tripoint.evidence.store import _STALE_SECONDS, READABLE, read_snapshot
from tripoint.pipeline import load_source, open_evidence, repair


@pytest.fixture
def home(tmp_path: Path) -> Path:
    open_evidence(tmp_path / "home")
    return tmp_path / "home"


def part_of(home: Path, name: str) -> Path:
    (edition,) = read_snapshot(home).editions
    return home / "store" / edition.folder / f"{name}.parquet"


@pytest.mark.parametrize("harm", ["missing", "cut", "flipped"])
def test_the_repair_that_check_advises_ends_in_no_faults(home: Path, harm: str) -> None:
    path = part_of(home, "events")
    body = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(body[:-100] if harm == "cut" else body[:200] + bytes([body[200] ^ 255]) + body[201:])
    found = CliRunner().invoke(app, ["evidence", "check", "--home", str(home)])
    assert isinstance(found.exception, StoreError)
    assert "tripoint evidence repair" in str(found.exception)
    mended = CliRunner().invoke(app, ["evidence", "repair", "--home", str(home)])
    assert mended.exit_code == 0, mended.output
    assert [f for c in check_store(home) for f in c.faults] == []
    assert repair(home) == ()


def test_refresh_mends_what_only_a_hash_shows(home: Path) -> None:
    path = part_of(home, "events")
    body = path.read_bytes()
    path.write_bytes(body[:200] + bytes([body[200] ^ 255]) + body[201:])
    assert load_source("starter", home).already
    assert not load_source("starter", home, refresh=True).already
    assert path.read_bytes() == body


def test_a_damaged_source_is_named_with_what_to_type(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part_of(home, "flows").write_bytes(b"PAR1")
    monkeypatch.setattr("tripoint.pipeline.load_source", lambda *_, **__: pytest.fail("mended without being asked"))
    from tripoint.evidence.query import connect

    with pytest.raises(StoreError, match=r"starter.*flows\.parquet has 4 bytes.*evidence repair.*--without starter"):
        connect(home)
    assert connect(home, without=("starter",)).editions == ()


def test_bytes_that_changed_under_a_query_are_said(home: Path) -> None:
    evidence = open_evidence(home)
    path = part_of(home, "events")
    body = path.read_bytes()
    middle = len(body) // 3
    path.write_bytes(body[:8] + bytes(b ^ 255 for b in body[8:middle]) + body[middle:])
    with pytest.raises(StoreError, match=r"events\.parquet has changed"):
        evidence.sql("SELECT * FROM events")


def test_a_replaced_edition_stays_for_its_readers(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = part_of(home, "events").parent
    old = time.time() - 3 * _STALE_SECONDS
    os.utime(folder, (old, old))
    evidence = open_evidence(home)
    monkeypatch.setattr("tripoint.pipeline.reader_hash", lambda entry: "another reader")
    load_source("starter", home)
    assert part_of(home, "events").parent != folder
    assert evidence.sql("SELECT count(*) AS n FROM events")["n"][0] > 0
    assert f"starter/{folder.name}" in read_snapshot(home).replaced
    later = time.time() + 2 * _STALE_SECONDS
    monkeypatch.setattr(store.time, "time", lambda: later)
    monkeypatch.setattr("tripoint.pipeline.reader_hash", lambda entry: "a third reader")
    load_source("starter", home)
    assert not folder.exists()


def test_the_format_of_earlier_releases_is_read(home: Path) -> None:
    path = home / "store" / "snapshot.json"
    body = json.loads(path.read_text())
    body["format"] = 1
    del body["replaced"]
    for edition in body["editions"]:
        for part in edition["parts"].values():
            del part["bytes"]
    path.write_text(json.dumps(body))
    assert 1 in READABLE
    assert open_evidence(home).sql("SELECT count(*) AS n FROM events")["n"][0] > 0
    assert CliRunner().invoke(app, ["evidence", "check", "--home", str(home)]).exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        {"editions": ["x"]},
        {"editions": [{"vintage": 5}]},
        {"editions": {}},
        {"replaced": 3},
    ],
)
def test_a_snapshot_of_other_shapes_is_a_clear_error(home: Path, change: dict) -> None:
    path = home / "store" / "snapshot.json"
    body = json.loads(path.read_text())
    if "editions" in change and isinstance(change["editions"], list) and isinstance(change["editions"][0], dict):
        body["editions"][0] |= change["editions"][0]
    else:
        body |= change
    path.write_text(json.dumps(body))
    with pytest.raises(StoreError, match="damaged"):
        read_snapshot(home)
    assert path.exists()


def test_files_outside_the_store_are_not_read(home: Path) -> None:
    path = home / "store" / "snapshot.json"
    body = json.loads(path.read_text())
    body["editions"][0]["parts"]["events"]["file"] = "../../../secret.parquet"
    path.write_text(json.dumps(body))
    with pytest.raises(StoreError, match="outside the store"):
        read_snapshot(home)


def test_a_store_that_cannot_be_written_answers_after_an_upgrade(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = open_evidence(home).sql("SELECT count(*) AS n FROM events")["n"][0]
    real = tripoint.pipeline.load_source

    def refused(name, where=None, **given):
        if where == home:
            raise StoreError("read-only")
        return real(name, where, **given)

    monkeypatch.setattr("tripoint.pipeline.load_source", refused)
    monkeypatch.setattr("tripoint.pipeline.os.access", lambda *_: False)
    assert open_evidence(home).sql("SELECT count(*) AS n FROM events")["n"][0] == expected
