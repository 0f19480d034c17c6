"""Coded news at size: a synthetic archive, its sync, its conversion and its counts, against bare engines.

Run: TRIPOINT_MIRROR=folder python benchmarks/events.py [gigabytes] [--spark] [--rows]
The folder holds gdelt/*.export.CSV. Files of 15 minutes are written from the real records: whole articles are drawn,
with their repeats, and given new addresses, ids and days, so that lengths, actors, codes, repeats and relative days
keep their distributions. They are zipped, served by this machine and synced. Each measurement runs in a process of its
own, which has imported what it needs and run it once on nothing.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import polars as pl

from tripoint.events.archive import open_archive
from tripoint.events.columns import COLUMNS
from tripoint.events.counting import coded_counts
from tripoint.events.counts import count_archive, query_hash
from tripoint.events.engines import count_parquet, run
from tripoint.events.sync import sync

FIRST = datetime(2024, 1, 1)
RECORDS_A_FILE = 1_930  # 185,000 a day
PLACES = dict(zip(COLUMNS, (0, 1, 5, 7, 15, 17, 25, 26, 28, 29, 30, 33, 59, 60), strict=True))
TEN_YEARS = 0.67e9


def write_archive(mirror: Path, into: Path, size: float, seed: int = 1) -> tuple[int, int]:
    """Write zipped files of 15 minutes until their text has ``size`` bytes; returns the bytes and the records."""
    draw = random.Random(seed)
    articles: dict[bytes, list[tuple[bytes, bytes, int]]] = {}
    for path in sorted((mirror / "gdelt").glob("*.export.CSV")):
        added = datetime.strptime(path.name[:8], "%Y%m%d")
        for line in path.read_bytes().splitlines():
            cells = line.split(b"\t")
            lag = (added - datetime.strptime(cells[1].decode(), "%Y%m%d")).days
            articles.setdefault(cells[60], []).append((b"\t".join(cells[4:59]), cells[60], lag))
    pool = list(articles.values())
    lags = {lag for article in pool for _, _, lag in article}
    written = number = records = 0
    listed = []
    while written < size:
        now = FIRST + timedelta(minutes=15 * number)
        number += 1
        stamp, lines = now.strftime("%Y%m%d%H%M%S").encode(), []
        days = {lag: (now - timedelta(days=lag)).strftime("%Y%m%d").encode() for lag in lags}
        while len(lines) < RECORDS_A_FILE:
            mark = b"://%x." % draw.getrandbits(48)
            for middle, url, lag in draw.choice(pool):
                records += 1
                day = days[lag]
                parts = (b"%d" % (10**9 + records), day, day[:6], day[:4], middle, stamp, url.replace(b"://", mark))
                lines.append(b"\t".join(parts))
        text = b"\n".join(lines) + b"\n"
        written += len(text)
        name = f"{stamp.decode()}.export.CSV"
        with zipfile.ZipFile(into / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=4) as bundle:
            bundle.writestr(name, text)
        data = (into / f"{name}.zip").read_bytes()
        listed.append(
            f"{len(data)} {hashlib.md5(data, usedforsecurity=False).hexdigest()} http://example.org/{name}.zip"
        )
    (into / "masterfilelist.txt").write_text("\n".join(listed) + "\n")
    return written, records


def lazy(paths: list[Path]) -> pl.LazyFrame:
    """The columns that counting needs, of plain files."""
    types: dict[str, type[pl.DataType]] = {f"c{i}": pl.String for i in range(61)}
    kinds = {"int64": pl.Int64, "float64": pl.Float64, "string": pl.String}
    types |= {f"c{i}": kinds[COLUMNS[name]] for name, i in PLACES.items()}
    lines = pl.scan_csv(paths, separator="\t", quote_char=None, has_header=False, schema=types)
    return lines.select(**{name: f"c{i}" for name, i in PLACES.items()})


def bare_polars(paths: list[Path]) -> int:
    """An aggregate that touches the same columns: no rule, nothing set aside, no repeat found."""
    return (
        lazy(paths)
        .filter(pl.col("Actor1CountryCode").is_not_null(), pl.col("Actor2CountryCode").is_not_null())
        .group_by("SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "QuadClass", "EventRootCode")
        .agg(
            pl.len(),
            pl.col("IsRootEvent", "NumArticles").sum(),
            pl.col("GoldsteinScale").mean(),
            pl.col("DATEADDED", "Actor1Code", "Actor2Code", "EventCode", "SOURCEURL").max(),
        )
        .collect(engine="streaming")
        .height
    )


def expression_on_csv(paths: list[Path]) -> int:
    """The rules on plain files, by the Polars engine: counts and what is set aside in one pass."""
    import ibis

    con = ibis.polars.connect({"events": lazy(paths)})
    return run(coded_counts(con.table("events")), keys=["reason", "day"]).height


def bare_duckdb(paths: list[Path], *, distinct: bool) -> int:
    """SQL on Parquet of the archive, as a person would write it, a month at a time as the counts are."""
    con = duckdb.connect(config={"memory_limit": "400MB"})
    keys = "SQLDATE, Actor1CountryCode, Actor2CountryCode, QuadClass, EventRootCode"
    inner = (
        f"SELECT {keys}, max(IsRootEvent) r, max(NumArticles) n, max(GoldsteinScale) g FROM read_parquet(?) "
        f"GROUP BY {keys}, Actor1Code, Actor2Code, EventCode, SOURCEURL"
        if distinct
        else f"SELECT {keys}, IsRootEvent r, NumArticles n, GoldsteinScale g FROM read_parquet(?)"
    )
    query = f"SELECT {keys}, count(*), sum(r), sum(n), avg(g) FROM ({inner}) GROUP BY {keys}"
    return sum(len(con.execute(query, [[str(p)]]).fetchall()) for p in paths)


def bare_pandas(paths: list[Path]) -> int:
    """Pandas on plain files, the same columns, a file at a time so that it fits."""
    import pandas as pd

    places = sorted(PLACES.values())
    names = [name for name, _ in sorted(PLACES.items(), key=lambda item: item[1])]
    keys = ["SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "QuadClass", "EventRootCode"]
    total = 0
    for path in paths:
        frame = pd.read_csv(
            path,
            sep="\t",
            header=None,
            usecols=places,
            names=names,
            quoting=3,
            dtype={"EventCode": str, "EventRootCode": str},
        )
        frame = frame.dropna(subset=["Actor1CountryCode", "Actor2CountryCode"])
        total += len(frame.groupby(keys).agg({"IsRootEvent": "sum", "NumArticles": "sum", "GoldsteinScale": "mean"}))
    return total


def rows_in_python(paths: list[Path]) -> int:
    """Row by row with the csv module, as small readers of GDELT do."""
    found: Counter[tuple[str, ...]] = Counter()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row[7] and row[17]:
                    found[row[1], row[7], row[17], row[29], row[28]] += 1
    return len(found)


def plain_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.CSV"))


def task(name: str, arguments: dict[str, str]) -> object:
    """One measurement, by its name."""
    plain = partial(plain_files, Path(arguments["plain"]))
    home = Path(arguments["home"])
    months = lambda: [p for m in open_archive(home, "gdelt").months for p in open_archive(home, "gdelt").paths(m)]  # noqa: E731
    work: dict[str, Callable[[], object]] = {
        "start": lambda: 0,
        "sync": lambda: sync(home, "gdelt", arguments["address"]).lines,
        "inflate": lambda: sum(
            len(zipfile.ZipFile(p).read(zipfile.ZipFile(p).namelist()[0]))
            for p in Path(arguments["zips"]).glob("*.zip")
        ),
        "counts": lambda: len(count_archive(open_archive(home, "gdelt"))),
        "bare duckdb, repeats counted": lambda: bare_duckdb(months(), distinct=False),
        "bare duckdb, repeats found": lambda: bare_duckdb(months(), distinct=True),
        "spark": lambda: count_parquet(months(), engine="spark").height,
        "duckdb, whole archive at once": lambda: count_parquet(months()).height,
        "polars, whole archive at once": lambda: count_parquet(months(), engine="polars").height,
        "csv: bare polars": lambda: bare_polars(plain()),
        "csv: the expression on polars": lambda: expression_on_csv(plain()),
        "csv: pandas": lambda: bare_pandas(plain()),
        "csv: rows in Python": lambda: rows_in_python(plain()),
    }
    return work[name]()


def measure(name: str, arguments: dict[str, str]) -> dict[str, float]:
    """Run a task in a process of its own: CPU and wall seconds of the task, peak memory of the process."""
    command = [sys.executable, __file__, "--task", name, "--arguments", json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    times = f"{found['cpu']:8.2f} s CPU {found['wall']:8.2f} s wall {found['peak']:6.0f} MB"
    print(f"{name:34s} {times}  = {found['result']:,.0f}", flush=True)
    return found


def warm() -> None:
    """Import and start what the tasks use, so that a small size does not measure that."""

    query_hash()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "none.parquet"
        kinds = {"int64": pl.Int64, "float64": pl.Float64, "string": pl.String}
        pl.DataFrame(schema={name: kinds[kind] for name, kind in COLUMNS.items()}).write_parquet(path)
        for engine in ("duckdb", "polars"):
            count_parquet([path], engine=engine)


def child(name: str, arguments: dict[str, str]) -> None:
    warm()
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = task(name, arguments)
    wall = time.perf_counter() - start
    after, forked = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + forked.ru_utime + forked.ru_stime
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": after.ru_maxrss / 1024, "result": result}))


def main() -> None:
    """Write, sync, count, compare, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("gigabytes", nargs="?", type=float, default=1.0)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--rows", action="store_true", help="also pandas and rows in Python")
    parser.add_argument("--task")
    parser.add_argument("--arguments", default="{}")
    given = parser.parse_args()
    if given.task:
        child(given.task, json.loads(given.arguments))
        return
    mirror = os.environ.get("TRIPOINT_MIRROR")
    if not mirror:
        sys.exit("set TRIPOINT_MIRROR to the folder of the reference data")
    print(f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()}, load {os.getloadavg()[0]:.1f}")
    print(f"Python {platform.python_version()}, polars {pl.__version__}, duckdb {duckdb.__version__}")
    with tempfile.TemporaryDirectory() as temporary:
        zips, plain, home = (Path(temporary) / name for name in ("zips", "plain", "home"))
        for folder in (zips, plain, home):
            folder.mkdir()
        text, records = write_archive(Path(mirror), zips, given.gigabytes * 1e9)
        zipped = sum(p.stat().st_size for p in zips.glob("*.zip"))
        print(f"{text / 1e9:.2f} GB of text, {records:,} records, {zipped / 1e9:.3f} GB zipped")
        handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(zips)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        arguments = {
            "home": str(home),
            "plain": str(plain),
            "zips": str(zips),
            "address": f"http://127.0.0.1:{server.server_port}",
        }
        measure("start", arguments)
        synced = measure("sync", arguments)
        inflated = measure("inflate", arguments)
        parquet = sum(p.stat().st_size for p in (home / "events").rglob("year=*/*/*.parquet"))
        counted = measure("counts", arguments)
        bare = {
            name: measure(name, arguments) for name in ("bare duckdb, repeats counted", "bare duckdb, repeats found")
        }
        measure("duckdb, whole archive at once", arguments)
        measure("polars, whole archive at once", arguments)
        if given.spark:
            measure("spark", arguments)
        for path in sorted(zips.glob("*.zip")):
            zipfile.ZipFile(path).extractall(plain)
        shutil.rmtree(zips)
        csv_bare = measure("csv: bare polars", arguments)
        csv_ours = measure("csv: the expression on polars", arguments)
        if given.rows:
            measure("csv: pandas", arguments)
            measure("csv: rows in Python", arguments)
    print(f"Parquet: {parquet / 1e6:.0f} MB, {parquet / records:.1f} bytes a record")
    rate, alone = (zipped / 1e6 / found["cpu"] for found in (synced, inflated))
    print(f"sync: {rate:.0f} MB zipped a CPU second; inflating alone {alone:.0f}")
    print(f"CSV to counts by the expression / bare polars: {csv_ours['cpu'] / csv_bare['cpu']:.2f} x CPU; target 1.3")
    for name, found in bare.items():
        print(f"Parquet to counts / {name}: {counted['cpu'] / found['cpu']:.2f} x CPU; target 1.2")
    share = TEN_YEARS / records
    print(
        f"ten years (0.67 bn records), if cost grows with size: sync {synced['cpu'] * share / 3600:.1f} CPU h, "
        f"{parquet * share / 1e9:.0f} GB of Parquet, counts {counted['cpu'] * share / 60:.0f} CPU min"
    )


if __name__ == "__main__":
    main()
