"""The estimates that ship with the package: what the measure was on the full record, for pairs that matter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.dyad.relation.result import Relation
from tripoint.dyad.relation.world import FIRST_YEAR
from tripoint.dyad.shipped_estimates import VALUE, estimates, lineage
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Of the chance of a rung and of that of a dispute, in the file.
CHANCE, RISK = 200.0, 60_000.0


def shipped_relation(evidence: Evidence, states: Sequence[str], start: int, end: int | None) -> Relation:
    """The shipped estimates of all pairs of some states, of all pairs held when empty."""
    import polars as pl

    from tripoint.dyad.relation.ladder import RUNGS

    rows = estimates("relation")
    chosen = tuple(states) or tuple(sorted({*rows["state_a"].unique(), *rows["state_b"].unique()}))
    last = min(int(rows["year"].max()), end) if end is not None else int(rows["year"].max())  # type: ignore[arg-type]
    if not FIRST_YEAR <= start <= last:
        raise InputError(f"years {start}-{last} must begin at {FIRST_YEAR} or later and not end before")
    rows = rows.filter(
        pl.col("state_a").is_in(chosen) & pl.col("state_b").is_in(chosen) & pl.col("year").is_between(start, last)
    )
    pairs = tuple(combinations(chosen, 2))
    years = np.arange(start, last + 1)
    number = pl.DataFrame(
        {"state_a": [a for a, _ in pairs], "state_b": [b for _, b in pairs], "row": list(range(len(pairs)))},
        schema_overrides={"state_a": pl.String, "state_b": pl.String, "row": pl.Int64},
    )
    rows = rows.join(number, on=["state_a", "state_b"])
    r, t = rows["row"].to_numpy(), rows["year"].to_numpy() - start
    shape = (len(pairs), years.size)
    out: dict[str, Any] = {}
    for name in ("mean", "low", "high"):
        out[name] = np.full(shape, np.nan)
        out[name][r, t] = rows[name].to_numpy() / VALUE
    chances = np.full((*shape, len(RUNGS)), np.nan)
    parts = np.column_stack([rows[name].to_numpy() / CHANCE for name in RUNGS]) if rows.height else chances[:0, 0]
    chances[r, t] = parts / np.maximum(parts.sum(axis=1, keepdims=True), 1e-9)
    rungs = np.arange(len(RUNGS)) - 3
    mean = chances @ rungs
    sd = np.sqrt(np.maximum(chances @ rungs**2 - mean**2, 0)) / 3
    newest, bits = np.zeros(shape, np.int64), np.zeros(shape, np.uint32)
    newest[r, t], bits[r, t] = rows["newest"].to_numpy(), rows["speaks"].to_numpy()
    out["risk"] = np.full(shape, np.nan)
    out["risk"][r, t] = rows["risk"].to_numpy() / RISK
    return Relation(
        states=chosen,
        pairs=pairs,
        years=years,
        sd=sd,
        chances=chances,
        newest=newest,
        speaks=bits,
        sources=("estimates",),
        hindsight=False,
        shipped=True,
        evidence_hash=evidence.hash,
        method=f"{lineage('relation')}; load the record to measure anew",
        **out,
    )
