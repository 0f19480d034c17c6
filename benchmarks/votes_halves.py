"""Do the intervals of agreement in the General Assembly hold what another half of the resolutions says?

usage: python benchmarks/votes_halves.py [--home STORE] [--splits 12]

Titles of resolutions are split in two at random, and agreement of a pair is measured on each half with its interval of
90 %. Two halves agree where they differ by no more than both half-widths together allow (root of the sum of squares).
Intervals over titles, as the product has them, stand beside intervals that take roll calls for independent draws.
"""

from __future__ import annotations

import argparse
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np

from tripoint.dyad.similarity import agreement
from tripoint.evidence.roll_calls import LEVELS, votes_of_pair
from tripoint.pipeline import open_evidence

STATES = ("BRA", "CHN", "DEU", "FRA", "IND", "IRN", "ISR", "JPN", "KAZ", "PAK", "RUS", "SAU", "TUR", "USA", "ZAF")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--splits", type=int, default=12)
    options = parser.parse_args()
    evidence = open_evidence(options.home)
    rng = np.random.default_rng(0)
    for first, last in ((1990, 1999), (2010, 2019)):
        agree: dict[str, list[bool]] = {"titles": [], "roll calls": []}
        overlap: list[bool] = []
        pairs = list(combinations(STATES, 2))
        for a, b in pairs:
            votes = votes_of_pair(evidence, a, b, since=date(first, 1, 1), until=date(last, 12, 31)).votes
            names, of = np.unique(votes["group"].to_numpy(), return_inverse=True)
            x, y = votes["x"].to_numpy(), votes["y"].to_numpy()
            for _ in range(options.splits):
                side = rng.permutation(names.size) % 2
                for how in agree:
                    found = []
                    for half in (0, 1):
                        use = side[of] == half
                        groups = of[use] if how == "titles" else np.arange(use.sum())
                        found.append(agreement(x[use], y[use], levels=LEVELS, groups=groups, draws=300, seed=0))
                    one, other = found
                    reach = np.hypot((one.high - one.low) / 2, (other.high - other.low) / 2)
                    agree[how].append(bool(abs(one.value - other.value) <= reach))
                    if how == "titles":
                        overlap.append(one.low <= other.high and other.low <= one.high)
        said = ", ".join(f"{how} {np.mean(held):.3f}" for how, held in agree.items())
        print(
            f"{first}-{last}, {len(pairs)} pairs x {options.splits} splits: halves agree by intervals over {said}; "
            f"intervals over titles overlap {np.mean(overlap):.3f}"
        )


if __name__ == "__main__":
    main()
