"""What the evidence's coverage says of a pair: how far a kind was searched, and to when a tie is known to last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

Status = Literal["found", "none found", "searched in part", "not searched"]

#: Kinds of event that, where no end is known, go on as far as their source reaches.
ONGOING = ("war", "troop support")
#: What a source said last is taken to hold on a day that is not more than this many days later.
REACH_DAYS = 400


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


def reach(coverage: pl.DataFrame) -> pl.DataFrame:
    """Last day to which each source covers each kind: ``source_id kind coded_to``."""
    import polars as pl

    return coverage.group_by("source_id", "kind").agg(pl.col("end").max().alias("coded_to"))


def with_reach(facts: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """Add ``coded_to``: to when a fact without an end is known to last; null where the fact has an end, or needs none.

    A tie or a war without an end lasts as far as its source covers the kind. After that nobody has looked: it is
    neither in force nor over.

    Parameters
    ----------
    facts
        Facts as :meth:`tripoint.evidence.query.Evidence.facts` gives them.
    coverage
        The evidence's coverage table.
    """
    import polars as pl

    lasting = pl.col("end").is_null() & ((pl.col("table") == "commitments") | pl.col("kind").is_in(ONGOING))
    joined = facts.join(reach(coverage), on=["source_id", "kind"], how="left", maintain_order="left")
    return joined.with_columns(pl.when(lasting).then("coded_to").alias("coded_to"))


def known_in(facts: pl.DataFrame, coverage: pl.DataFrame, year: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Facts begun by the end of a year that are known to reach it, and those whose coding ended before with no end.

    ``facts`` are those that overlap the year or have no end; both answers have the column ``coded_to``.
    """
    import polars as pl

    begun = with_reach(facts, coverage).filter(pl.col("start").is_null() | (pl.col("start") <= date(year, 12, 31)))
    lost = (pl.col("coded_to") < date(year, 1, 1)).fill_null(value=False)
    return begun.filter(~lost), begun.filter(lost)


def no_end_on_record(kind: str, coded_to: date) -> str:
    """How an answer names a tie whose coding ended before the day asked for."""
    return f"{kind} coded to {coded_to.year}, no end on record"
