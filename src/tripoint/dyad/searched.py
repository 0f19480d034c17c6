"""Found, searched and not found, searched in part, not searched: what the evidence's coverage says of a pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

Status = Literal["found", "none found", "searched in part", "not searched"]


@dataclass(frozen=True, slots=True)
class Search:
    """Whether a kind of fact was looked for between two states.

    Attributes
    ----------
    status
        ``found``; ``none found`` where a source covers the pair, the kind and some of the period completely and
        has nothing; ``searched in part`` where sources cover them without claiming to be complete; ``not searched``
        where no source would have recorded it.
    sources
        Ids of the data sets behind the status where nothing was found; of all that searched where something was.
    period
        First and last day that those sources cover; None where not searched.
    """

    status: Status
    sources: tuple[str, ...]
    period: tuple[date, date] | None


def covers(row: dict[str, Any], sides: Sequence[Sequence[str]]) -> bool:
    """Whether a row of the coverage table speaks of the pair, either way round."""

    def has(cell: str, side: Iterable[str]) -> bool:
        return cell == "*" or bool(set(cell.split()) & set(side))

    one, other = sides
    left, right = row["states"], row["partners"]
    return (has(left, one) and has(right, other)) or (has(left, other) and has(right, one))


def search(
    coverage: pl.DataFrame,
    kind: str,
    sides: Sequence[Sequence[str]],
    *,
    found: bool,
    since: date,
    until: date | None = None,
) -> Search:
    """Say how far a kind was searched between two states.

    Parameters
    ----------
    coverage
        The evidence's coverage table.
    kind
        Kind of fact.
    sides
        Ids of each of the two states, with those they continue.
    found
        Whether there are such facts.
    since, until
        First and last day of interest; no end when ``until`` is None.
    """
    import polars as pl

    rows = coverage.filter(pl.col("kind") == kind).iter_rows(named=True)
    reach = [r for r in rows if covers(r, sides) and r["end"] >= since and (until is None or r["start"] <= until)]
    complete = [r for r in reach if r["complete"]]
    status: Status = "found" if found else "none found" if complete else "searched in part" if reach else "not searched"
    behind = complete if status == "none found" else reach
    period = (min(r["start"] for r in behind), max(r["end"] for r in behind)) if behind else None
    return Search(status, tuple(sorted({r["source_id"] for r in behind})), period)


def joint_status(statuses: Sequence[Status]) -> Status:
    """One status of several kinds: found if any is; none found only where every kind was searched completely."""
    if "found" in statuses:
        return "found"
    if set(statuses) <= {"not searched"}:
        return "not searched"
    return "none found" if set(statuses) == {"none found"} else "searched in part"
