"""Damage the files of every source of the reference data, read each, and count what became of them.

Run with the reference data: ``python benchmarks/mutants_of_files.py [NUMBER] [SEED] [MOST_BYTES]``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "sources"))

from test_mutants import small_sources

from mutants import try_all


def main(number: int = 2_000, seed: int = 1, most: int = 60_000_000) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound = small_sources(Path(os.environ["TRIPOINT_MIRROR"]), folder / "files", most)
        started, cpu = time.perf_counter(), time.process_time()
        tally = try_all(sound, number, seed, folder / "mutant")
        wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(f"{len(sound)} sources, seed {seed}: {wall:.0f} s, {cpu:.0f} s of CPU")
    print("tried | clear error | same facts | set aside | other facts | tracebacks | impossible facts | over 60 s")
    counts = (tally.tried, tally.errors, tally.same, tally.aside, tally.changed)
    print(" | ".join(map(str, (*counts, len(tally.tracebacks), len(tally.implausible), len(tally.slow)))))
    for line in (*tally.tracebacks, *tally.implausible, *tally.slow):
        print("  ", line)
    return int(bool(tally.tracebacks or tally.implausible or tally.slow))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
