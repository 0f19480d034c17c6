"""Four loads and five readers of one store at the same time: nothing fails, and what is read is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tripoint.evidence.check import check_store

SECONDS = float(os.environ.get("TRIPOINT_AT_ONCE_SECONDS", "6"))
LOADER = """
import sys, time
from pathlib import Path
import made_up
from tripoint.evidence.store import write_edition
home, turn, end = Path(sys.argv[1]), int(sys.argv[2]), time.time() + float(sys.argv[3])
done = 0
while time.time() < end:
    rows = 100 + 50 * (done % 3)
    reading = made_up.reading(rows, version=f"{turn}.{done % 3}")
    sha = f"{turn * 1000 + done:064x}"
    entry = made_up.entry(version=reading.vintage)
    write_edition(home, reading, entry, made_up.receipts(sha), made_up.digest(sha))
    done += 1
print(done)
"""
READER = """
import sys, time
from pathlib import Path
from tripoint.evidence.query import connect
home, end = Path(sys.argv[1]), time.time() + float(sys.argv[3])
done = 0
while time.time() < end:
    evidence = connect(home)
    for _ in range(3):
        rows = evidence.sql("select count(*) as n from events")["n"][0]
        assert rows in (100, 150, 200), rows
    done += 1
print(done)
"""


def test_loads_and_readers_at_once(tmp_path: Path) -> None:
    here = str(Path(__file__).parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])}

    def start(code: str, turn: int) -> subprocess.Popen[str]:
        line = [sys.executable, "-c", code, str(tmp_path), str(turn), str(SECONDS)]
        return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    import made_up
    from tripoint.evidence.store import write_edition

    write_edition(tmp_path, made_up.reading(100), made_up.entry(), made_up.receipts(), made_up.digest())
    started = [start(LOADER, n) for n in range(4)] + [start(READER, n) for n in range(5)]
    for process in started:
        out, err = process.communicate(timeout=SECONDS + 120)
        assert process.returncode == 0, err[-800:]
        assert int(out) > 0
    assert not [f for c in check_store(tmp_path) for f in c.faults]
    assert not list((tmp_path / "store").glob(".incoming-*"))
