"""GDELT 2.0 event files to counts by day, pair and quad class, against a bare polars aggregate of the same files.

Run: TRIPOINT_MIRROR=folder python benchmarks/gdelt.py [gigabytes]
The folder holds gdelt/*.export.CSV. The real files are repeated, with other addresses, into files of about 1 GB in a
temporary folder, so that the share of repeats stays what it is.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from tripoint.sources.entries import source
from tripoint.sources.gdelt import count_events, read_gdelt
from tripoint.sources.tabular import Files

REPEATS = 5
TARGET = 1.3
COPIES_A_FILE = 20


def replicate(folder: Path, into: Path, size: float) -> list[Path]:
    """Write the real files again and again, each copy with addresses of its own, until ``size`` bytes stand there."""
    real = b"".join(path.read_bytes() for path in sorted((folder / "gdelt").glob("*.export.CSV")))
    paths: list[Path] = []
    written = copy = 0
    while written < size:
        path = into / f"{len(paths):04d}.export.CSV"
        with path.open("wb") as stream:
            for _ in range(COPIES_A_FILE):
                copy += 1
                written += stream.write(real.replace(b"://", b"://%d." % copy))
        paths.append(path)
    return paths


def bare(paths: list[Path]) -> pl.DataFrame:
    """Events with two countries by day, countries and quad class: no checks, no repeats found, nothing set aside."""
    names = [f"c{i}" for i in range(61)]
    types: dict[str, type[pl.DataType]] = dict.fromkeys(names, pl.String)
    types |= {"c1": pl.Int32, "c29": pl.Int8, "c30": pl.Float32}
    return (
        pl.scan_csv(paths, separator="\t", quote_char=None, has_header=False, schema=types)
        .filter(pl.col("c7").is_not_null() & pl.col("c17").is_not_null())
        .group_by("c1", "c7", "c17", "c29")
        .agg(pl.len(), pl.col("c30").mean())
        .collect(engine="streaming")
    )


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of one call."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    after, end = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, end - start


def main() -> None:
    """Measure and print."""
    mirror = os.environ.get("TRIPOINT_MIRROR")
    if not mirror:
        sys.exit("set TRIPOINT_MIRROR to the folder of the reference data")
    size = float(sys.argv[1] if len(sys.argv) > 1 else 1) * 1e9
    print(f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()}")
    print(f"Python {platform.python_version()}, polars {pl.__version__}")
    with tempfile.TemporaryDirectory() as temporary:
        paths = replicate(Path(mirror), Path(temporary), size)
        files = Files(entry=source("gdelt"), paths={"events": tuple(paths)})
        works: dict[str, Callable[[], object]] = {
            "bare polars aggregate": lambda: bare(paths),
            "count_events": lambda: count_events(paths),
            "read_gdelt (names every record set aside: a second pass)": lambda: read_gdelt(files),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
        for _ in range(REPEATS):
            for name, work in works.items():
                taken[name].append(measure(work))
        counted = count_events(paths)
        bytes_read = sum(path.stat().st_size for path in paths)
    print(f"{bytes_read / 1e9:.2f} GB, {counted.records:,} records, {counted.tally['records'].sum():,} set aside")
    cpu = {name: statistics.median(c for c, _ in times) for name, times in taken.items()}
    for name, times in taken.items():
        print(f"{name}: median {cpu[name]:.2f} s CPU, {statistics.median(w for _, w in times):.2f} s wall")
    ratio = cpu["count_events"] / cpu["bare polars aggregate"]
    verdict = "met" if ratio <= TARGET else "MISSED"
    print(f"count_events / bare: {ratio:.2f} x CPU; target {TARGET:.1f}: {verdict}")
    print(f"peak memory of all runs: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
