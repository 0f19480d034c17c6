"""How sanctions changed (Felbermayr and others 2020, doi:10.1016/j.euroecorev.2020.103561), by pairs of states.

Run: python replications/sanctions_2020.py
Needs: tripoint load gsdb

Published: the share of trade sanctions falls while that of financial and travel sanctions rises; the rate of success rises to
1995 and falls since. The authors count cases of release 1 (1950-2016); a panel counts pairs of states and years.
"""

from __future__ import annotations

import argparse
from typing import Any

import polars as pl
from side_by_side import table

FIRST, LAST, TURN = 1950, 2016, 1995
KINDS = {"gsdbtrade": "trade", "gsdbarms": "arms", "gsdbfinancial": "financial", "gsdbtravel": "travel"}
#: What the authors say of each share over time; release 1 gives no numbers by pair.
PUBLISHED = {"gsdbtrade": "falls", "gsdbarms": "-", "gsdbfinancial": "rises", "gsdbtravel": "rises"}


def shares(first: int = FIRST, last: int = LAST, *, evidence: Any = None) -> pl.DataFrame:
    """Of the pairs and years under any sanction, the share under each kind, by decade."""
    import tripoint

    panel = tripoint.panel("dyad-year", first, last, evidence=evidence).add("gsdb").filter(gsdb=1)
    frame = panel.to_polars().with_columns(decade=pl.col("year").cast(pl.Int32) // 10 * 10)
    return frame.group_by("decade").agg(pl.len().alias("rows"), pl.col(*KINDS).mean()).sort("decade")


def success(first: int = FIRST, last: int = LAST, *, evidence: Any = None) -> pl.DataFrame:
    """Of the sanctions that ended in a success, a settlement or a failure, the share of successes, by decade of the end."""
    import tripoint

    ends = ["gsdbsuccess", "gsdbsettled", "gsdbfailed"]
    frame = tripoint.panel("dyad-year", first, last, evidence=evidence).add("gsdb").filter(gsdb=1).to_polars()
    rows = frame.select("ccode1", "ccode2", "year", *ends).unpivot(
        index=["ccode1", "ccode2", "year"], variable_name="end"
    )
    spells = rows.filter(value=1).sort("ccode1", "ccode2", "end", "year")
    goes_on = pl.col("year").shift(-1).over("ccode1", "ccode2", "end") == pl.col("year") + 1
    over = spells.filter(~goes_on.fill_null(value=False)).filter(pl.col("year") < last)
    by = over.with_columns(decade=pl.col("year").cast(pl.Int32) // 10 * 10).group_by("decade")
    return by.agg(pl.len().alias("ended"), success=(pl.col("end") == "gsdbsuccess").mean()).sort("decade")


def main(arguments: list[str] | None = None) -> None:
    """Print shares and success by decade beside what was published."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--last", type=int, default=LAST)
    given = parser.parse_args(arguments)
    kinds, ends = shares(given.first, given.last), success(given.first, given.last)
    columns: dict[str, Any] = {"published": {**PUBLISHED, "rows": "-"}, "R": {}}
    columns |= {f"{row['decade']}s": row for row in kinds.iter_rows(named=True)}
    print(table("Share of sanctioned pairs and years under each kind", {**KINDS, "rows": "pairs and years"}, columns))
    print()
    said: dict[str, Any] = {"published": {"success": "up, then down", "ended": "-"}, "R": {}}
    said |= {f"{row['decade']}s": row for row in ends.iter_rows(named=True)}
    print(table("Of sanctions that ended in those years", {"success": "share of successes", "ended": "ended"}, said))
    print(WHY)


WHY = """
Why they differ
- The authors count 729 cases of release 1, each once. Here a case with many senders is many pairs, and a long one many
  years; measures against listed persons are among them. The store has release 4, in which older cases were added and recoded.
- A kind counts while the case lasts: the release dates cases, not their kinds.
- Cases whose sender or target is no state (the United Nations, rebels) are no pairs; tripoint source gsdb lists them.
- No version of this was run in R."""

if __name__ == "__main__":
    main()
