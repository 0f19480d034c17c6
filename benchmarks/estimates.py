"""Rebuild the estimates that ship with the package from a store that holds the full record.

usage: python benchmarks/estimates.py [--home STORE] [--to FOLDER]
"""

from __future__ import annotations

import argparse
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import tripoint.evidence
from tripoint.answers.ideal_points import bridges, read_votes
from tripoint.dyad.estimates import agreement_table, ideal_points_table, relation_table, write_estimates
from tripoint.dyad.ideal_points import IdealPointWarning
from tripoint.pipeline import open_evidence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--to", type=Path, default=Path(tripoint.evidence.__file__).parent / "estimates")
    options = parser.parse_args()
    began, evidence = time.perf_counter(), open_evidence(options.home)
    votes = read_votes(evidence, since=1946)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdealPointWarning)
        points = ideal_points_table(votes, bridges(votes))
    tables = {"relation": relation_table(evidence), "agreement": agreement_table(evidence), "ideal_points": points}
    write_estimates(options.to, tables, evidence, datetime.now(UTC).date().isoformat())
    for name, table in tables.items():
        print(f"{name}: {table.height:,} rows, {(options.to / f'{name}.parquet').stat().st_size / 1e6:.2f} MB")
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
