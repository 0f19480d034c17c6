"""The store: atomic, idempotent, vintages side by side, whole after any fault."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from tripoint.errors import StoreError
from tripoint.evidence import store
from tripoint.evidence.check import check_store
from tripoint.evidence.query import connect

KILLS = 200


def put(home: Path, rows: int = 100, version: str = "1.0", sha: str = "0" * 64) -> store.Edition:
    return store.write_edition(
        home,
        made_up.reading(rows, version=version),
        made_up.entry(version=version),
        made_up.receipts(sha),
        made_up.digest(sha),
    )


def test_a_stored_edition_is_whole_and_counted(tmp_path: Path) -> None:
    edition = put(tmp_path)
    assert (edition.rows_in, edition.rows_kept, edition.rows_aside, edition.facts) == (102, 100, 2, 100)
    assert [c.faults for c in check_store(tmp_path)] == [()]
    assert connect(tmp_path).sql("SELECT count(*) AS n FROM events")["n"].item() == 100


def test_the_same_load_again_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path)
    before = (tmp_path / "store" / "snapshot.json").read_bytes()
    put(tmp_path)
    assert (tmp_path / "store" / "snapshot.json").read_bytes() == before
    assert not list((tmp_path / "store").glob(".incoming-*"))


def test_vintages_stand_side_by_side_and_the_newest_is_the_default(tmp_path: Path) -> None:
    put(tmp_path, 10, "2.9", "a" * 64)
    put(tmp_path, 20, "2.10", "b" * 64)
    put(tmp_path, 30, "2.2", "c" * 64)
    assert [e.vintage for e in connect(tmp_path).editions] == ["2.10"]
    assert connect(tmp_path, vintages={"made-up": "2.9"}).sql("SELECT count(*) AS n FROM events")["n"].item() == 10
    assert store.remove_edition(tmp_path, "made-up", "2.10") == 1
    assert [e.vintage for e in connect(tmp_path).editions] == ["2.9"]


def test_a_reader_keeps_its_snapshot_while_a_load_runs(tmp_path: Path) -> None:
    put(tmp_path, 10, sha="a" * 64)
    open_before = connect(tmp_path)
    put(tmp_path, 20, sha="b" * 64)
    assert open_before.sql("SELECT count(*) AS n FROM events")["n"].item() == 10
    assert connect(tmp_path).sql("SELECT count(*) AS n FROM events")["n"].item() == 20


def test_two_loads_at_once_both_land(tmp_path: Path) -> None:
    def load(number: int) -> None:
        name = f"made-up-{number}"
        entry, reading = made_up.entry(name), made_up.reading(50, name=name)
        store.write_edition(tmp_path, reading, entry, made_up.receipts(), made_up.digest(name=name))

    threads = [threading.Thread(target=load, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.read_snapshot(tmp_path).editions) == 6
    assert not [f for c in check_store(tmp_path) for f in c.faults]


def test_kill_at_random_moments_leaves_the_store_whole(tmp_path: Path) -> None:
    script = Path(__file__).with_name("kill_loads.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(KILLS), "7"], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{KILLS} loads killed" in done.stdout
    put(tmp_path, 40, "9.0")
    assert not [f for c in check_store(tmp_path) for f in c.faults]
    assert not list((tmp_path / "store").glob(".incoming-*"))


def test_a_full_disk_says_so_and_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, 10, sha="a" * 64)
    real = pl.DataFrame.write_parquet

    def full(self: pl.DataFrame, path: Path, **options: object) -> None:
        if path.name == "set_aside.parquet":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(self, path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(StoreError, match="No space left on device"):
        put(tmp_path, 20, sha="b" * 64)
    monkeypatch.undo()
    assert connect(tmp_path).sql("SELECT count(*) AS n FROM events")["n"].item() == 10
    assert not list((tmp_path / "store").glob(".incoming-*"))


def test_no_permission_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="set TRIPOINT_HOME to a writable folder"):
        put(tmp_path)


@pytest.mark.parametrize("text", ["", "{", '{"format": 1}', '{"format": 99, "editions": []}', "[]"])
def test_a_damaged_snapshot_is_a_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "snapshot.json").write_text(text)
    with pytest.raises(StoreError, match=r"load|version"):
        store.read_snapshot(tmp_path)


def test_check_finds_a_changed_file_a_missing_file_and_wrong_counts(tmp_path: Path) -> None:
    edition = put(tmp_path)
    folder = tmp_path / "store" / edition.folder
    body = (folder / "events.parquet").read_bytes()
    (folder / "events.parquet").write_bytes(body[:-8] + b"PAR1PAR1")
    (folder / "sources.parquet").unlink()
    snapshot = json.loads((tmp_path / "store" / "snapshot.json").read_text())
    snapshot["editions"][0]["rows_in"] = 7
    (tmp_path / "store" / "snapshot.json").write_text(json.dumps(snapshot))
    faults = " ".join(check_store(tmp_path)[0].faults)
    assert "has changed since it was stored" in faults
    assert "sources.parquet is missing" in faults
    assert "do not add up" in faults


def test_equal_evidence_gives_an_equal_hash_elsewhere(tmp_path: Path) -> None:
    put(tmp_path / "one")
    put(tmp_path / "two")
    put(tmp_path / "three", sha="f" * 64)
    hashes = [connect(tmp_path / name).hash for name in ("one", "two", "three")]
    assert hashes[0] == hashes[1] != hashes[2]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=3), st.lists(st.integers(0, 30), min_size=1, max_size=3))
def test_vintages_order_by_their_numbers(one: list[int], other: list[int]) -> None:
    name, other_name = (".".join(map(str, parts)) for parts in (one, other))
    assert (store.vintage_key(name) < store.vintage_key(other_name)) == (one < other)
