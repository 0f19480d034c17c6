"""Damage the files of every source of the reference data, read each, and count what became of them.

Run with the reference data in ``TRIPOINT_MIRROR``: ``python benchmarks/mutants_of_files.py [NUMBER] [SEED] [REPORT]``.
Two processes read the mutants of even and of odd turns. One that takes too much time or memory is ended by the system
and counted; the next begins where it stopped. REPORT gets one line of JSON for every mutant, as they come.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "sources"))

from test_mutants import small_sources

from mutants import FAULTS, UNDETECTABLE, Outcome, Sound, Tally, mutant, try_one

WORKERS = 2
LIMIT = 60.0
#: Seconds of CPU after which the system ends the process that reads a mutant.
MOST = 180
#: Sources that take more than a second of CPU to read get one turn where others get five.
LONG = {"cow-igo", "cow-trade", "deepstate", "informal-igo", "minimum-distance", "un-ga-votes", "un-votes-voeten"}
MEMORY = 12 << 30


def turns(files: Path) -> list[Sound]:
    """The sources in the order of their turns."""
    sound = small_sources(Path(os.environ["TRIPOINT_MIRROR"]), files)
    short = [s for s in sound if s[0].id not in LONG]
    return [*short * 5, *(s for s in sound if s[0].id in LONG)]


def work(files: Path, number: int, seed: int, first: int) -> None:
    """Try every ``WORKERS``-th turn from ``first``, and print a line before and after each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sound = turns(files)
    for turn in range(first, number, WORKERS):
        print(json.dumps({"turn": turn}), flush=True)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + MOST, resource.RLIM_INFINITY))
        print(json.dumps(asdict(try_one(sound, turn, seed, files / f"mutant{first % WORKERS}", LIMIT))), flush=True)


def watch(files: Path, number: int, seed: int, first: int, tally: Tally, report: Path) -> None:
    """Run a worker until its turns are done; where one turn ends it, say so and go on with the next."""
    sources = turns(files)
    while first < number:
        command = [sys.executable, __file__, "--work", str(files), str(number), str(seed), str(first)]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in worker.stdout or ():
            said = json.loads(line)
            first = said["turn"]
            if "verdict" in said:
                first += WORKERS
                note(tally, Outcome(**said), report)
        code = worker.wait()
        if first < number:
            name = mutant(sources, first, seed, files / f"named{first % WORKERS}")[2]
            verdict = "over the time" if code == -signal.SIGXCPU else "ended the process"
            note(tally, Outcome(first, name, verdict, detail=f"exit code {code}"), report)
            first += WORKERS


def note(tally: Tally, outcome: Outcome, report: Path) -> None:
    tally.outcomes.append(outcome)
    with report.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(outcome)) + "\n")


def main(number: int = 2_000, seed: int = 1, report: str = os.devnull) -> int:
    tally, started = Tally(), time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        files = Path(name)
        sources = {entry.id for entry, _, _ in turns(files)}
        given = [(files, number, seed, first, tally, Path(report)) for first in range(WORKERS)]
        threads = [threading.Thread(target=watch, args=args) for args in given]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    wall = time.perf_counter() - started
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = f"{len(sources)} sources, {len(tally.outcomes):,} mutants, seed {seed}: "
    print(f"{said}{wall:.0f} s, {cpu.ru_utime + cpu.ru_stime:.0f} s of CPU in {WORKERS} processes")
    for verdict in ("clear error", "same facts", "set aside", "remarked", "other facts", *FAULTS):
        print(f"{verdict:>20} {tally.count(verdict):6,}")
    groups = Counter(o.group for o in tally.outcomes if o.verdict == "other facts")
    for group, count in groups.most_common():
        print(f"{count:>27,}  {group}: {UNDETECTABLE[group]}")
    for line in tally.faults():
        print("  ", line)
    return int(bool(tally.faults()) or len(tally.outcomes) != number)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(Path(sys.argv[2]), *map(int, sys.argv[3:]))
    else:
        sys.exit(main(*map(int, sys.argv[1:3]), *sys.argv[3:]))
