"""How fast the command answers: import, help, and questions on two states on whatever the store holds.

    python benchmarks/cli.py

Uses the store that TRIPOINT_HOME names. CPU seconds and wall seconds are medians of seven runs after one to warm up. A
first answer is one that is not kept: answers that are kept are deleted before each run.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 7
_COMMAND = [sys.executable, "-m", "tripoint.cli"]
#: What is measured, the words, which seconds and how many of them, and whether what is kept is deleted before each run.
CASES = (
    ("import tripoint", [sys.executable, "-c", "import tripoint"], "CPU", 0.3, False),
    ("tripoint --help", [*_COMMAND, "--help"], "CPU", 0.3, False),
    ("dyad RUS CHN, first", [*_COMMAND, "dyad", "RUS", "CHN"], "CPU", 0.8, True),
    ("dyad RUS CHN, kept", [*_COMMAND, "dyad", "RUS", "CHN"], "CPU", 0.8, False),
    ("relation RUS CHN, kept", [*_COMMAND, "relation", "RUS", "CHN"], "CPU", 0.4, False),
)


def run(words: list[str], kept: Path | None = None) -> tuple[float, float]:
    """CPU and wall seconds of one run of a command; kept answers in a folder are deleted before."""
    if kept is not None:
        for path in kept.glob("on_record-*.zip"):
            path.unlink()
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    """Print a line a case: what it took, and what it may take."""
    import tripoint
    from tripoint.answers.kept import folder_of

    evidence = tripoint.open_evidence()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"store: {len(evidence.editions)} sources, {sum(e.facts for e in evidence.editions):,} facts")
    print(f"{'command':<24}{'CPU s':>8}{'wall s':>8}   target")
    for name, words, which, target, first in CASES:
        kept = folder_of(evidence.home) if first else None
        run(words, kept)
        cpu, wall = (statistics.median(v) for v in zip(*(run(words, kept) for _ in range(RUNS)), strict=True))
        measured = cpu if which == "CPU" else wall
        verdict = "met" if measured <= target else "missed"
        print(f"{name:<24}{cpu:>8.2f}{wall:>8.2f}   {which} <= {target} s: {verdict}")


if __name__ == "__main__":
    main()
