"""Rebuild the estimates that ship with the package from a store that holds the full record.

usage: python benchmarks/estimates.py [--home STORE] [--to FOLDER]
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

import tripoint.evidence
from tripoint.dyad.estimates import write_estimates
from tripoint.pipeline import open_evidence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--to", type=Path, default=Path(tripoint.evidence.__file__).parent / "estimates")
    options = parser.parse_args()
    began = time.perf_counter()
    rows = write_estimates(open_evidence(options.home), options.to, datetime.now(UTC).date().isoformat())
    for name, number in rows.items():
        print(f"{name}: {number:,} rows, {(options.to / name).stat().st_size / 1e6:.2f} MB")
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
