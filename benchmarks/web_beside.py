"""Pages beside datasette's: ``python benchmarks/web_beside.py DATASETTE [SECONDS]``, store in ``TRIPOINT_HOME``.

``DATASETTE`` is its command, from an environment of its own. Both serve the same facts on this machine: Tripoint the
page of a pair and its facts as JSON, datasette the facts of the pair as a page and as JSON, from a SQLite table with an
index on both states. Twenty clients ask one address at a time; prints requests a second and latencies.
"""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from tripoint.pipeline import open_evidence
from web import CLIENTS, _crowd

PAIR = ("CHN", "RUS")
_COLUMNS = "fact_id, kind, state_a, state_b, CAST(start AS VARCHAR) AS day"


def main() -> None:
    """Measure and print."""
    command, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "facts.db"
        count = facts(file)
        a, b = PAIR
        code = "from tripoint.cli.main import main; main(['web', '--no-open', '--port', '{}'])"
        beside = {
            "Tripoint": (
                [sys.executable, "-c", code],
                (f"/pair/{a}-{b}", f"/pair/{a}-{b}.csv"),
            ),
            "datasette": (
                [command, "serve", str(file), "--port", "{}", "--setting", "default_cache_ttl", "0"],
                (f"/facts/facts?state_a={a}&state_b={b}&_size=100", f"/facts/facts.json?state_a={a}&state_b={b}"),
            ),
        }
        print(f"{count:,} facts")
        for name, (line, paths) in beside.items():
            serve(name, line, paths, seconds)


def facts(file: Path) -> int:
    """Write all dated facts of two states to a SQLite table; returns how many."""
    parts = (f"SELECT {_COLUMNS} FROM {table}" for table in ("commitments", "events", "flows"))
    rows = open_evidence().sql(" UNION ALL ".join(parts))
    with sqlite3.connect(file) as database:
        database.execute(
            "CREATE TABLE facts (fact_id TEXT PRIMARY KEY, kind TEXT, state_a TEXT, state_b TEXT, day TEXT)"
        )
        database.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?)", rows.rows())
        database.execute("CREATE INDEX sides ON facts (state_a, state_b)")
    return rows.height


def serve(name: str, line: list[str], paths: tuple[str, ...], seconds: float) -> None:
    """Start a server, ask it for each path with all clients, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [part.replace("{}", str(port)) for part in line], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}{paths[0]}", timeout=60).raise_for_status()
                break
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        for path in paths:
            size = len(httpx.get(f"http://127.0.0.1:{port}{path}", timeout=60).content)
            times = sorted(_crowd(f"http://127.0.0.1:{port}{path}", seconds))
            middle, late = (1000 * times[int(q * (len(times) - 1))] for q in (0.5, 0.99))
            print(
                f"{name:10} {CLIENTS} clients {len(times) / seconds:6,.0f} a second, median {middle:6.1f} ms, "
                f"99th {late:6.1f} ms, {size / 1000:4.0f} kB  {path}"
            )
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
