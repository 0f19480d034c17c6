"""How fast the command answers: help, import, and ``tripoint dyad RUS CHN`` on whatever the store holds.

    python benchmarks/cli.py

Uses the store that TRIPOINT_HOME names. CPU seconds and wall seconds are medians of seven runs after one to warm up.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time

RUNS = 7
CASES = (
    ("import tripoint", [sys.executable, "-c", "import tripoint"], "CPU", 0.3),
    ("tripoint --help", [sys.executable, "-m", "tripoint.cli", "--help"], "CPU", 0.3),
    ("tripoint dyad RUS CHN", [sys.executable, "-m", "tripoint.cli", "dyad", "RUS", "CHN"], "wall", 1.0),
)


def run(words: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of one run of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    """Print a line a case: what it took, and what it may take."""
    import tripoint

    evidence = tripoint.open_evidence()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"store: {len(evidence.editions)} sources, {sum(e.facts for e in evidence.editions):,} facts")
    print(f"{'command':<24}{'CPU s':>8}{'wall s':>8}   target")
    for name, words, which, target in CASES:
        run(words)
        cpu, wall = (statistics.median(v) for v in zip(*(run(words) for _ in range(RUNS)), strict=True))
        measured = cpu if which == "CPU" else wall
        verdict = "met" if measured <= target else "missed"
        print(f"{name:<24}{cpu:>8.2f}{wall:>8.2f}   {which} <= {target} s: {verdict}")


if __name__ == "__main__":
    main()
