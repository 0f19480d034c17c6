"""Estimates that ship with the package: built from a full record, small enough to carry, with their lineage.

``write_estimates`` is the one way in which the files come about (``python benchmarks/estimates.py``): the relation
of pairs that are or were contiguous, allied, rival or at odds, or include a major power.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.dyad.relation import RUNGS, fit_relation
from tripoint.dyad.relation.shipped import CHANCE, RISK, VALUE

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

FILES = ("relation.parquet",)


def relation_table(evidence: Evidence) -> pl.DataFrame:
    """Relations of the pairs that matter, one row a pair and year, in whole numbers.

    ``mean low high`` in thousandths, chances in two hundredths, ``risk`` in sixty thousandths, ``newest`` a year, ``speaks`` bits of the groups of
    indicators.
    """
    import polars as pl

    from tripoint.dyad.relation.ladder import relevant_pairs
    from tripoint.dyad.relation.world import FIRST_YEAR, World

    fit = fit_relation(evidence)
    world = World(evidence, FIRST_YEAR, int(fit.years[-1]))
    rows, columns = np.nonzero(np.isfinite(fit.mean) & relevant_pairs(world)[:, None])
    pair = np.array(fit.pairs)[rows]
    whole: dict[str, Any] = {
        "state_a": pair[:, 0],
        "state_b": pair[:, 1],
        "year": fit.years[columns].astype(np.int16),
        **{n: np.rint(getattr(fit, n)[rows, columns] * VALUE).astype(np.int16) for n in ("mean", "low", "high")},
        "risk": np.rint(fit.risk[rows, columns] * RISK).astype(np.uint16),
        "newest": fit.newest[rows, columns].astype(np.int16),
        "speaks": fit.speaks[rows, columns],
        **{name: np.rint(fit.chances[rows, columns, k] * CHANCE).astype(np.uint8) for k, name in enumerate(RUNGS)},
    }
    return pl.DataFrame(whole).sort("state_a", "state_b", "year")


def write_estimates(evidence: Evidence, folder: Path, made: str) -> dict[str, int]:
    """Build and write all files and ``lineage.toml``; returns rows by file.

    Parameters
    ----------
    evidence
        The full record.
    folder
        Where to.
    made
        Day on which they are made, as ISO text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = relation_table(evidence)
    table.write_parquet(folder / "relation.parquet", compression="zstd", compression_level=19, statistics=False)
    sources = sorted({f"{e.source_id}@{e.vintage}" for e in evidence.editions})
    text = "\n".join(
        [
            "# Made by benchmarks/estimates.py from the record named here: no evidence, but estimated from it.",
            "[relation]",
            f'made = "{made}"',
            f'evidence = "{evidence.hash}"',
            'method = "tripoint.dyad.relation.fit_relation"',
            f"rows = {table.height}",
            "sources = [",
            *(f'  "{s}",' for s in sources),
            "]",
            "",
        ]
    )
    (folder / "lineage.toml").write_text(text, "utf-8")
    return {"relation.parquet": table.height}
