"""Ideal points from votes in the United Nations (Bailey, Strezhnev and Voeten 2017, doi:10.1177/0022002715595700).

Run: python replications/un_votes_2017.py
Needs: tripoint load ideal-points

The authors' published series beside the estimates that ship with Tripoint, state by state and session by session, and the
use that most papers make of them: the distance of a pair.
"""

from __future__ import annotations

import argparse
from typing import Any

import polars as pl
from side_by_side import table

FIRST, LAST = 1946, 2024
SHOWN = {2: "United States", 200: "United Kingdom", 365: "Russia", 710: "China", 750: "India", 140: "Brazil"}


def build(first: int = FIRST, last: int = LAST, *, evidence: Any = None) -> pl.DataFrame:
    """One row a state and year that both series have."""
    import tripoint

    panel = tripoint.panel("state-year", first, last, evidence=evidence)
    both = panel.add("ideal_points").add("ideal_points", source="published")
    return both.to_polars().drop_nulls(["ideal_point", "ideal_point_bsv"])


def agreement(frame: pl.DataFrame) -> dict[str, float]:
    """Correlations over all rows and within years."""
    by_year = frame.group_by("year").agg(r=pl.corr("ideal_point", "ideal_point_bsv"), n=pl.len())
    worst = by_year.sort("r").row(0, named=True)
    return {
        "rows": frame.height,
        "r": float(frame.select(pl.corr("ideal_point", "ideal_point_bsv")).item()),
        "rank": float(frame.select(pl.corr("ideal_point", "ideal_point_bsv", method="spearman")).item()),
        "median": float(by_year["r"].median()),  # type: ignore[arg-type]
        "worst": float(worst["r"]),
        "worst_year": int(worst["year"]),
    }


def main(arguments: list[str] | None = None) -> None:
    """Print positions and correlations."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--last", type=int, default=LAST)
    given = parser.parse_args(arguments)
    frame = build(given.first, given.last)
    year = int(frame["year"].max())  # type: ignore[arg-type]
    for shown in sorted({int(frame["year"].min()), 1985, year} & set(frame["year"].to_list())):  # type: ignore[arg-type]
        rows = {r["ccode"]: r for r in frame.filter(year=shown).iter_rows(named=True)}
        names = {str(code): name for code, name in SHOWN.items() if code in rows}
        columns: dict[str, Any] = {
            "published": {code: rows[int(code)]["ideal_point_bsv"] for code in names},
            "R": {},
            "Tripoint": {code: rows[int(code)]["ideal_point"] for code in names},
        }
        print(table(f"Ideal points in the session of {shown}", names, columns), end="\n\n")
    found = agreement(frame)
    print(f"{found['rows']:,} states and years in both: r {found['r']:.4f}, rank correlation {found['rank']:.4f}")
    print(f"within a year: median {found['median']:.4f}, lowest {found['worst']:.4f} ({found['worst_year']})")
    print(WHY)


WHY = """
Why they differ
- The authors' prior draws a state toward its own last session; the estimates that ship follow a random walk whose step is
  estimated, so that later votes inform earlier positions too. tripoint ideal-points --prior bsv fits theirs.
- The authors' series here is of votes on final passage; the estimates that ship use all recorded votes.
- Both scales are set by convention: compare orders and correlations, not units.
- The authors' own sampler was not run in R."""

if __name__ == "__main__":
    main()
