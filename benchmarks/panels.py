"""Panels: the field's usual dyad-year frame, ten further groups of variables, and the store that they come from.

Run: TRIPOINT_HOME=folder python benchmarks/panels.py
The store must hold the sources of all groups: tripoint load --all. Every measurement is a fresh process, so that
memory is that of the panel alone; times are CPU seconds of that process without the import of the package.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

REPEATS = 5
FIRST, LAST = 1816, 2025
USUAL = ("atop", "capability", "disputes", "peace_years")
FURTHER = (
    *("trade", "contiguity", "distance", "rivalry", "wars", "igo"),
    *("peace_scale", "majors", "polyarchy", "gdp"),
)
#: Totals of the R package peacesciencer for the same panel.
TOTALS = {"gmlmidonset": 6_248, "gmlmidongoing": 9_284, "atop_defense": 135_392, "gmlmidspell": 46_611_642}
ROWS, COLUMNS = 2_252_760, 32
ALLIANCES = (
    *("alliance_s", "alliance_kappa_scale", "alliance_kappa_pair", "alliance_pi"),
    *("alliance_pi_nominal", "alliance_tau_b", "alliance_a", "alliance_s_w"),
)
OTHERS, MEMBERSHIPS = ("similarity_portfolios",), ("similarity_igo",)
VOTES = ("vote_agreement", "vote_kappa", "vote_items")
#: Measures of similarity, first and last year, and the targets in CPU seconds and MB.
SIMILARITY = (
    (ALLIANCES, 1816, 2018, 5, 500),
    (OTHERS, 1816, 2018, 5, 500),
    (MEMBERSHIPS, 1816, 2014, 5, 500),
    (VOTES, 1946, 2025, 20, 500),
)
#: Panels of months and days written to Parquet: unit, first and last period, variables.
FINE = (
    ("dyad-month", "1816-01", "2018-12", ("atop", "disputes", "peace_years")),
    ("dyad-day", "1990-01-01", "1999-12-31", ("atop", "disputes")),
)
WRITE = """
import json, resource, sys, tempfile, time
from pathlib import Path
import pyarrow, polars, duckdb, numpy
from tripoint.evidence.query import connect
from tripoint.pipeline import panel
home, unit, first, last, groups = Path(sys.argv[1]), *sys.argv[2:5], sys.argv[5].split()
cpu, wall = time.process_time(), time.perf_counter()
made = panel(unit, first, last, evidence=connect(home)).add(*groups)
with tempfile.TemporaryDirectory() as folder:
    rows = made.to_parquet(Path(folder) / "panel.parquet")
spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "rows": rows}
spent["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
spent["table"] = made.estimate_memory() / 1e6
print(json.dumps(spent))
"""
CODE = """
import json, resource, sys, time
from pathlib import Path
import pyarrow, polars, duckdb, numpy
from tripoint.evidence.query import connect
from tripoint.pipeline import panel
home, groups, start = Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3]
evidence = connect(home)
made = panel("dyad-year", {first}, {last}, evidence=evidence)
if start == "base":
    made.rows.states.dyads
cpu, wall = time.process_time(), time.perf_counter()
made = made.add(*groups)
table = made.to_arrow()
spent = {{"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}}
spent["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
spent["rows"], spent["columns"] = table.shape
import pyarrow.compute as pc
spent["totals"] = {{c: pc.sum(table[c]).as_py() for c in {totals} if c in table.column_names}}
print(json.dumps(spent))
"""


def measure(
    home: Path, groups: tuple[str, ...], start: str = "", first: int = FIRST, last: int = LAST
) -> dict[str, object]:
    """Run one panel in fresh processes; medians of time and memory."""
    code = CODE.format(first=first, last=last, totals=list(TOTALS))
    runs = []
    for _ in range(REPEATS):
        done = subprocess.run(
            [sys.executable, "-c", code, str(home), " ".join(groups), start], capture_output=True, text=True, check=True
        )
        runs.append(json.loads(done.stdout))
    return {**runs[0], **{k: statistics.median(r[k] for r in runs) for k in ("cpu", "wall", "mb")}}


def main() -> None:
    home = Path(os.environ["TRIPOINT_HOME"])
    import numpy as np
    import polars as pl

    print(
        f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numpy {np.__version__}, polars {pl.__version__}; medians of {REPEATS}, load {os.getloadavg()[0]:.1f}"
    )
    usual = measure(home, USUAL)
    print(f"COW directed dyad-years {FIRST}-{LAST} with {', '.join(USUAL)}")
    print(f"  rows {usual['rows']:,} (reference {ROWS:,}), columns {usual['columns']} (reference {COLUMNS})")
    for name, total in TOTALS.items():
        print(f"  {name}: {usual['totals'][name]:,} (reference {total:,})")
    print(f"  CPU {usual['cpu']:.2f} s (target 2), wall {usual['wall']:.2f} s; R peacesciencer: 13.3 s reported")
    print(f"  peak memory {usual['mb']:,.0f} MB (target 800); R peacesciencer: 1,900 MB reported")
    further = measure(home, FURTHER, "base")
    print(f"ten further groups ({', '.join(FURTHER)}), {further['columns'] - 3} columns, on rows that are there")
    print(f"  CPU {further['cpu']:.2f} s (target 5), wall {further['wall']:.2f} s, peak {further['mb']:,.0f} MB")
    for group in FURTHER:
        one = measure(home, (group,), "base")
        print(f"    {group:<12} {one['cpu']:.2f} s CPU, {one['columns'] - 3} columns")
    for names, first, last, target, memory in SIMILARITY:
        one = measure(home, names, "base", first, last)
        print(f"COW directed dyad-years {first}-{last} with {', '.join(names)}: {one['rows']:,} rows")
        print(
            f"  CPU {one['cpu']:.2f} s (target {target}), wall {one['wall']:.2f} s, "
            f"peak {one['mb']:,.0f} MB (target {memory})"
        )
    for unit, begin, end, groups in FINE:
        done = subprocess.run(
            [sys.executable, "-c", WRITE, str(home), unit, begin, end, " ".join(groups)],
            capture_output=True,
            text=True,
            check=True,
        )
        one = json.loads(done.stdout)
        print(f"COW directed {unit}s {begin} to {end} with {', '.join(groups)}, to Parquet: {one['rows']:,} rows")
        print(
            f"  CPU {one['cpu']:.0f} s, wall {one['wall']:.0f} s, peak {one['mb']:,.0f} MB "
            f"(the table would take {one['table']:,.0f} MB)"
        )


if __name__ == "__main__":
    main()
