"""Start loads and kill them at random moments; after each, the store must open and be whole.

Run as ``python kill_loads.py HOME KILLS SEED``. Prints how many loads were killed and how many finished.
Children are forked from a process that has imported everything and used nothing, so that a kill lands inside
the load and not in the start of Python.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import polars as pl

import made_up
from tripoint.evidence.check import check_store
from tripoint.evidence.store import read_snapshot, write_edition


def load_forever(home: Path, ready: int) -> None:
    """Store one edition after another, each of another size, telling the parent when the first begins."""
    readings = [made_up.reading(rows, version=f"{i}.0") for i, rows in enumerate((1_000, 2_000, 4_000))]
    os.write(ready, b"x")
    turn = 0
    while True:
        chosen = readings[turn % 3]
        sha = f"{turn:064x}"
        write_edition(home, chosen, made_up.entry(version=chosen.vintage), made_up.receipts(sha), made_up.digest(sha))
        turn += 1


def verify(home: Path) -> None:
    """In a child of its own: every edition that the snapshot names is whole, with its own number of rows."""
    wanted = {"0.0": 1_000, "1.0": 2_000, "2.0": 4_000}
    for edition in read_snapshot(home).editions:
        part = edition.parts["events"]
        rows = pl.read_parquet(home / "store" / edition.folder / part.file).height
        if rows != wanted[edition.vintage] or part.rows != rows:
            os._exit(3)
    if any(result.faults for result in check_store(home)):
        os._exit(4)
    os._exit(0)


def forked(work: object, *arguments: object) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(*arguments)  # type: ignore[operator]
        finally:
            os._exit(9)
    return child


def main(home: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(kills):
        read_end, write_end = os.pipe()
        child = forked(load_forever, home, write_end)
        os.read(read_end, 1)
        os.close(read_end)
        os.close(write_end)
        time.sleep(chance.uniform(0.0, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if number % 5 == 0 or number == kills - 1:
            _, status = os.waitpid(forked(verify, home), 0)
            if status != 0:
                sys.exit(f"after kill {number + 1} the store was not whole (exit {status >> 8})")
    print(f"{kills} loads killed, store whole")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
