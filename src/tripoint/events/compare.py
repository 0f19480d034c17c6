"""Two sources of coded news against each other, in months that both cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.errors import CoverageError
from tripoint.events.columns import QUADS
from tripoint.events.series import CONFLICT, covered_days

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: Events that both sources must have of a pair in a month, and pairs that a month must have.
FEWEST_EVENTS, FEWEST_PAIRS = 5, 10


def compare_rows(evidence: Evidence, one: str, other: str) -> list[dict[str, Any]]:
    """Rank correlations of two sources over the pairs of each month that both cover.

    Parameters
    ----------
    evidence
        The evidence.
    one, other
        Catalog ids.

    Returns
    -------
    list of dict
        ``month``, ``pairs`` (with at least five events in both), ``events`` (rank correlation of events [-1..+1]) and
        ``conflict_share`` (of the share of conflict), by month; null where it cannot be taken.

    Raises
    ------
    CoverageError
        The two cover no month in common, or too few pairs in it.

    Notes
    -----
    Ranks, since levels differ by what each reads. Two sources that rest on one producer agree by construction.
    """
    both = sorted(set(covered_days(evidence, one)) & set(covered_days(evidence, other)))
    if not both:
        raise CoverageError(f"{one} and {other} cover no month in common; tripoint events status lists what is held")
    joined = _pairs(evidence, one).join(_pairs(evidence, other), on=["a", "b", "month"], suffix="_other")
    rows = []
    for month in both:
        part = joined.filter(joined["month"] == month)
        if part.height >= FEWEST_PAIRS:
            rows.append(
                {
                    "month": month.strftime("%Y-%m"),
                    "source_id": one,
                    "other": other,
                    "pairs": part.height,
                    "events": _ranks(part, "n"),
                    "conflict_share": _ranks(part, "share"),
                }
            )
    if not rows:
        raise CoverageError(
            f"{one} and {other} have fewer than {FEWEST_PAIRS} pairs with {FEWEST_EVENTS} events each in every month "
            "that both cover"
        )
    return rows


def _pairs(evidence: Evidence, source: str) -> pl.DataFrame:
    return evidence.sql(
        "SELECT least(state_a, state_b) AS a, greatest(state_a, state_b) AS b, "
        'date_trunc(\'month\', "start")::DATE AS month, sum("count")::BIGINT AS n, '
        'coalesce(sum("count") FILTER (list_contains(?::VARCHAR[], kind)), 0) / sum("count") AS share '
        "FROM events WHERE source_id = ? AND list_contains(?::VARCHAR[], kind) GROUP BY a, b, month HAVING n >= ? "
        "ORDER BY month, a, b",
        [list(CONFLICT), source, list(QUADS.values()), FEWEST_EVENTS],
    )


def _ranks(part: pl.DataFrame, name: str) -> float | None:
    """Spearman's rank correlation, ties averaged; None where one side does not vary."""
    one, other = (part[c].rank().to_numpy() for c in (name, f"{name}_other"))
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])
