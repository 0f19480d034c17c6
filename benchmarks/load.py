"""All reference data from files to store, and the full General Assembly file in its official layout.

Run: TRIPOINT_MIRROR=folder python benchmarks/load.py [repeats]
Every load runs in a process and a store of its own, so that its peak memory is its own. The General Assembly file is
written first, at full size, from un_votes/unga_votes_YAN_1946_2025.parquet of the folder: the columns of the UN
Digital Library, a row a member and roll call.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

ALL_SECONDS, ALL_MB = 60, 2_048
ASSEMBLY_SECONDS, ASSEMBLY_MB = 4, 1_024
ASSEMBLY = "un-ga-votes"
VOTES = {1: "Y", 2: "A", 3: "N"}
BLANK = ("draft", "committee_report", "meeting", "agenda_title", "subjects", "vote_note", "undl_link")
OFFICIAL = (
    "undl_id",
    "ms_code",
    "ms_name",
    "ms_vote",
    "date",
    "session",
    "resolution",
    "draft",
    "committee_report",
    "meeting",
    "title",
    "agenda_title",
    "subjects",
    "vote_note",
    "total_yes",
    "total_no",
    "total_abstentions",
    "total_non_voting",
    "total_ms",
    "undl_link",
)


def write_assembly(mirror: Path, path: Path) -> int:
    """Write the votes of the mirror in the official layout; returns the number of rows."""
    codes = pl.read_csv(mirror / "un_votes/ccode_to_un_code.csv")
    votes = pl.read_parquet(mirror / "un_votes/unga_votes_YAN_1946_2025.parquet").join(codes, on="ccode", how="left")
    letter = pl.col("vote").replace_strict(VOTES, return_dtype=pl.String)
    votes = votes.with_columns(ms_vote=letter).with_columns(
        total_yes=(pl.col("ms_vote") == "Y").sum().over("resid"),
        total_no=(pl.col("ms_vote") == "N").sum().over("resid"),
        total_abstentions=(pl.col("ms_vote") == "A").sum().over("resid"),
        total_ms=pl.len().over("resid"),
    )
    full = pl.when(pl.col("unres").str.starts_with("R/")).then("A/RES/" + pl.col("unres").str.slice(2))
    votes.with_columns(
        undl_id=pl.col("resid") + 10_000_000,
        session=pl.col("session").cast(pl.String),
        resolution=full.otherwise("unres"),
        title=pl.format("Roll call {} of session {}, without its official title", "resid", "session"),
        total_non_voting=pl.lit(0),
        **{name: pl.lit("") for name in BLANK},
    ).select(OFFICIAL).write_csv(path)
    return votes.height


def child(names: list[str], home: Path, mirror: str | None, downloads: Path | None) -> None:
    """Load sources one after the other, and print what each took as a line of JSON."""
    from tripoint.errors import FetchError
    from tripoint.pipeline import load_source
    from tripoint.sources.entries import catalog
    from tripoint.sources.fetch import in_reach

    place = os.environ.get("TRIPOINT_MIRROR", "") if mirror is None else mirror
    start = time.perf_counter()
    for name in names or [n for n, entry in catalog().items() if in_reach(entry, place)]:
        try:
            loaded = load_source(name, home, mirror=mirror, downloads=downloads)
        except FetchError as error:
            print(json.dumps({"source": name, "error": str(error).splitlines()[0]}))
            continue
        e = loaded.edition
        print(
            json.dumps(
                {
                    "source": name,
                    "seconds": loaded.seconds,
                    "rows_in": e.rows_in,
                    "rows_kept": e.rows_kept,
                    "rows_aside": e.rows_aside,
                    "facts": e.facts,
                }
            )
        )
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - start,
                "cpu": usage.ru_utime + usage.ru_stime,
                "peak": usage.ru_maxrss / 1024,
            }
        )
    )


def run(
    names: list[str], mirror: Path | None, downloads: Path | None
) -> tuple[list[dict[str, float]], dict[str, float]]:
    """Load in a new process and a new store; returns the sources' lines and the totals."""
    with tempfile.TemporaryDirectory() as home:
        request = json.dumps([names, home, str(mirror) if mirror else None, str(downloads) if downloads else None])
        environment = {k: v for k, v in os.environ.items() if k != "TRIPOINT_MIRROR"}
        done = subprocess.run(
            [sys.executable, __file__, "--child", request], capture_output=True, text=True, env=environment, check=False
        )
    if done.returncode:
        sys.exit(done.stderr)
    *lines, totals = (json.loads(line) for line in done.stdout.splitlines())
    return lines, totals


def report(what: str, totals: list[dict[str, float]], seconds: float, memory: float) -> None:
    """Print medians beside their targets."""
    wall, cpu, peak = (statistics.median(t[k] for t in totals) for k in ("wall", "cpu", "peak"))
    print(f"{what}: median of {len(totals)}: {wall:.1f} s wall, {cpu:.1f} s CPU, peak {peak:.0f} MB")
    print(f"  target {seconds} s wall: {'met' if wall <= seconds else 'MISSED'}")
    print(f"  target {memory} MB: {'met' if peak <= memory else 'MISSED'}")


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--child"]:
        names, home, mirror, downloads = json.loads(sys.argv[2])
        child(names, Path(home), mirror, Path(downloads) if downloads else None)
        return
    if not os.environ.get("TRIPOINT_MIRROR"):
        sys.exit("set TRIPOINT_MIRROR to the folder of the reference data")
    folder = Path(os.environ["TRIPOINT_MIRROR"])
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}")
    everything = [run([], folder, None) for _ in range(repeats)]
    print(f"{'source':24} {'seconds':>8} {'rows in':>11} = {'kept':>11} + {'aside':>11} {'facts':>11}")
    for line in everything[-1][0]:
        if "error" in line:
            print(f"{line['source']:24} not loaded: {line['error']}")
            continue
        counts = " ".join(f"{line[k]:>13,}" for k in ("rows_in", "rows_kept", "rows_aside", "facts"))
        print(f"{line['source']:24} {line['seconds']:>8.2f} {counts}")
        if line["rows_in"] != line["rows_kept"] + line["rows_aside"]:
            sys.exit(f"{line['source']}: records do not add up")
    report("all reference data", [totals for _, totals in everything], ALL_SECONDS, ALL_MB)
    with tempfile.TemporaryDirectory() as temporary:
        downloads = Path(temporary)
        official = downloads / "2026_ga_voting.csv"
        rows = write_assembly(folder, official)
        size = official.stat().st_size / 1e6
        lone = [run([ASSEMBLY], None, downloads) for _ in range(repeats)]
    (line,) = lone[-1][0]
    if "error" in line or line["rows_in"] != rows:
        sys.exit(f"the General Assembly file of {rows} rows was not read: {line}")
    report(
        f"General Assembly, {rows:,} rows, {size:.0f} MB", [totals for _, totals in lone], ASSEMBLY_SECONDS, ASSEMBLY_MB
    )


if __name__ == "__main__":
    main()
