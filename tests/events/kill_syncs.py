"""Start syncs, counts and imports and kill them at random moments; after each, what is stored must be whole.

Run as ``python kill_syncs.py HOME KILLS SEED``. Children are forked from a process that has imported everything and
used nothing, so that a kill lands inside the work and not in the start of Python. Each child takes up what the one
before it left, as a person would who runs the same command again.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import duckdb  # noqa: F401
import httpx  # noqa: F401
import ibis
import ibis.backends.duckdb
import ibis.backends.polars
import polars as pl
import pyarrow  # noqa: F401

from made_counts import STATES, made
from made_events import gdelt_line
from made_server import Served, serving
from tripoint.events import counts as counts_module
from tripoint.events import sync as sync_module
from tripoint.events.archive import open_archive
from tripoint.events.counts import import_counts
from tripoint.evidence.check import check_store
from tripoint.pipeline import load_events, open_evidence

FILES, EVENTS = 18, 30
IMPORTED = 201801


def stamps() -> list[str]:
    return [f"2024{1 + i % 3:02d}{1 + i:02d}120000" for i in range(FILES)]


def lines(stamp: str) -> str:
    """Events of a file, each with an address of its own, and one that all files of a month share."""
    day = {"SQLDATE": int(stamp[:8]), "DATEADDED": stamp}
    own = [gdelt_line(number=i, SOURCEURL=f"https://example.org/{stamp}/{i}", **day) for i in range(EVENTS)]
    shared = gdelt_line(number=99, **day | {"SQLDATE": int(stamp[:6] + "01"), "SOURCEURL": "https://example.org/same"})
    return "".join([*own, shared])


def expected(held: set[str]) -> dict[int, int]:
    """Events by month if exactly these files are in the archive."""
    by_month: dict[int, int] = {}
    for stamp in held:
        by_month[int(stamp[:6])] = by_month.get(int(stamp[:6]), 0) + EVENTS
    return {month: count + 1 for month, count in by_month.items()}


def serve(write_end: int) -> None:
    served = Served()
    for stamp in stamps():
        served.add(stamp, lines(stamp))
    with serving(served):
        os.write(write_end, served.address.rpartition(":")[2].encode() + b"\n")
        while True:
            time.sleep(60)


def work(home: Path, address: str, ready: int) -> None:
    """Sync, count, store and import in one home after another, telling the parent where each stage begins."""
    sync_module.BATCH_FILES = 3
    turn = 0
    while True:
        folder = home / str(turn)
        turn += 1
        if (folder / "done").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        os.write(ready, b"s")
        sync_module.sync(folder, "gdelt", address)
        os.write(ready, b"c")
        load_events("gdelt", folder)
        os.write(ready, b"i")
        import_counts(open_archive(folder, "gdelt"), home / "counts.parquet")
        os.write(ready, b"l")
        load_events("gdelt", folder)
        (folder / "done").touch()


def verify(home: Path, first: int) -> None:
    """In a child of its own: every file held is counted once, and no other; what is done is all there."""
    for folder in sorted((p for p in home.iterdir() if p.is_dir()), key=lambda p: int(p.name))[first:]:
        archive = open_archive(folder, "gdelt")
        for batch in archive.batches:
            for part in batch.parts:
                if pl.read_parquet(archive.folder / part.path).height != part.rows:
                    os._exit(3)
        held = {name.partition(".")[0] for name in archive.held}
        stories = {month: pl.read_parquet(archive.paths(month))["SOURCEURL"].n_unique() for month in archive.months}
        if stories != expected(held) or sum(len(b.files) for b in archive.batches) != len(held):
            os._exit(4)
        if any(result.faults for result in check_store(folder)):
            os._exit(5)
        if (folder / "done").exists():
            found = open_evidence(folder).sql("SELECT sum(\"count\")::BIGINT FROM events WHERE source_id = 'gdelt'")
            whole = sum(expected(set(stamps())).values()) + made(2).filter(pl.col("period") >= IMPORTED)["events"].sum()
            if held != set(stamps()) or found[0, 0] != whole:
                os._exit(6)
    os._exit(0)


def prepare(path: Path, write_end: int) -> None:
    """What every child needs, made in a child of its own, so that no thread runs in the parent."""
    made(2).write_parquet(path)
    os.write(write_end, counts_module.query_hash().encode())
    os._exit(0)


def forked(job: object, *arguments: object) -> int:
    child = os.fork()
    if child == 0:
        try:
            job(*arguments)  # type: ignore[operator]
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(9)
    return child


def main(home: Path, kills: int, seed: int) -> None:
    assert ibis
    assert STATES
    home.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    read_end, write_end = os.pipe()
    os.waitpid(forked(prepare, home / "counts.parquet", write_end), 0)
    rules = os.read(read_end, 64).decode()
    counts_module.query_hash = lambda: rules  # type: ignore[assignment]  # the same in every child: made once
    read_end, write_end = os.pipe()
    server = forked(serve, write_end)
    address = f"http://127.0.0.1:{os.read(read_end, 16).decode().strip()}"
    try:
        for number in range(kills):
            read_end, write_end = os.pipe()
            child = forked(work, home, address, write_end)
            os.close(write_end)
            stage = chance.choice(b"sssscil")
            while os.read(read_end, 1) not in (bytes([stage]), b""):
                pass
            time.sleep(chance.uniform(0.0, 1.0))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            os.close(read_end)
            if not os.WIFSIGNALED(status):
                sys.exit(f"child {number + 1} ended by itself (exit {status >> 8})")
            if number % 5 == 4 or number == kills - 1:
                done = len(list(home.glob("*/done")))
                _, status = os.waitpid(forked(verify, home, max(done - 2, 0)), 0)
                if status != 0:
                    sys.exit(f"after kill {number + 1} the archive was not whole (exit {status >> 8})")
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)
    print(f"{kills} syncs killed, {len(list(home.glob('*/done')))} finished, archives whole")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
