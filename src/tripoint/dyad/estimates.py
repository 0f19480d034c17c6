"""Estimates that ship with the package: built from a full record, small enough to carry, with their lineage.

``python benchmarks/estimates.py`` is the one way in which the files come about. They are no evidence: they are what was
estimated from it, and ``lineage.toml`` names the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.dyad.relation import RUNGS, fit_relation
from tripoint.dyad.relation.shipped import CHANCE, RISK
from tripoint.dyad.shipped_estimates import VALUE

if TYPE_CHECKING:
    import polars as pl

    from tripoint.dyad.relation.world import World
    from tripoint.evidence.query import Evidence

#: Session s of the General Assembly opens in the year 1945 + s.
FIRST_SESSION_YEAR = 1945


def world_of(evidence: Evidence) -> World:
    """All pairs and years of the relation measure."""
    from tripoint.dyad.relation import FIRST_YEAR, last_year
    from tripoint.dyad.relation.world import World

    return World(evidence, FIRST_YEAR, last_year(evidence))


def relation_table(evidence: Evidence) -> pl.DataFrame:
    """Relations of pairs that are or were contiguous, allied, rival or at odds, or include a major power.

    One row a pair and year, in whole numbers: ``mean low high`` in thousandths, chances in two hundredths, ``risk`` in
    sixty thousandths, ``newest`` a year, ``speaks`` bits of the groups of indicators.
    """
    import polars as pl

    from tripoint.dyad.relation.ladder import relevant_pairs

    fit = fit_relation(evidence)
    rows, columns = np.nonzero(np.isfinite(fit.mean) & relevant_pairs(world_of(evidence))[:, None])
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
    whole["low"], whole["high"] = np.minimum(whole["low"], whole["mean"]), np.maximum(whole["high"], whole["mean"])
    return pl.DataFrame(whole).sort("state_a", "state_b", "year")


def agreement_table(evidence: Evidence) -> pl.DataFrame:
    """Agreement of the same pairs on the items that divided the Assembly, by year: ``agreement`` in thousandths."""
    import polars as pl

    from tripoint.dyad.relation.ladder import relevant_pairs
    from tripoint.dyad.relation.votes import vote_columns, voters

    world = world_of(evidence)
    found = vote_columns(world)["agreement"]
    voted = voters(world)  # a state that did not vote in a year has its last value there
    both = voted[world.first] & voted[world.second]
    rows, columns = np.nonzero(np.isfinite(found) & both & relevant_pairs(world)[:, None] & world.exists)
    whole = {
        "state_a": np.array(world.states)[world.first[rows]],
        "state_b": np.array(world.states)[world.second[rows]],
        "year": world.years[columns].astype(np.int16),
        "agreement": np.rint(found[rows, columns] * VALUE).astype(np.int16),
    }
    return pl.DataFrame(whole).sort("state_a", "state_b", "year")


def ideal_points_table(votes: pl.DataFrame, bridges: Sequence[tuple[object, object]]) -> pl.DataFrame:
    """Ideal points by state and session with the bounds of their 90 % intervals, in thousandths.

    Parameters
    ----------
    votes
        ``state session item choice``, one row a vote.
    bridges
        Pairs of items that are one question.
    """
    import polars as pl

    from tripoint.dyad.ideal_points import fit_ideal_points, position_columns

    found = pl.DataFrame({k: v.tolist() for k, v in position_columns(fit_ideal_points(votes, bridges=bridges)).items()})
    whole = [(pl.col(c) * VALUE).round().cast(pl.Int16).alias(n) for c, n in _POINTS.items()]
    year = (pl.col("session") + FIRST_SESSION_YEAR).cast(pl.Int16).alias("year")
    return found.select("state", year, *whole, pl.col("votes").cast(pl.Int16)).sort("state", "year")


_POINTS = {"mean": "mean", "q05": "low", "q95": "high"}


def write_estimates(folder: Path, tables: Mapping[str, pl.DataFrame], evidence: Evidence, made: str) -> None:
    """Write tables by name, and ``lineage.toml``, which names the record.

    Parameters
    ----------
    folder
        Where to.
    tables
        By name of the file without its ending.
    evidence
        The record that they were made from.
    made
        Day on which they were made, as ISO text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = sorted(f"{e.source_id}@{e.vintage}" for e in evidence.editions)
    text = ["# Made by benchmarks/estimates.py from the record named here: no evidence, but estimated from it."]
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=19, statistics=False)
        text += [f"[{name}]", f'made = "{made}"', f'evidence = "{evidence.hash}"', f'method = "{_METHODS[name]}"']
        text += [f"rows = {table.height}", "sources = [", *(f'  "{s}",' for s in sources), "]", ""]
    (folder / "lineage.toml").write_text("\n".join(text), "utf-8")


_METHODS = {
    "relation": "tripoint.dyad.relation.fit_relation",
    "agreement": "tripoint.dyad.relation.votes.vote_columns",
    "ideal_points": "tripoint.dyad.ideal_points.fit_ideal_points",
}
