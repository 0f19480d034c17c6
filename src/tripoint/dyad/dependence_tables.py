"""Tables behind dependence: flows by year from one source a cell, and totals where a source covers all partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.evidence.choice import listed, ranked

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: Days of a year that its rows must cover for a figure to stand for the year.
_WHOLE_YEAR = 360
#: Kinds whose items are told apart, as their units and prices differ, or as they are stocks and no flows.
_BY_ITEM = ("energy trade", "direct investment")


def yearly_flows(evidence: Evidence, kind: str, sides: Sequence[Sequence[str]], start: int, end: int) -> pl.DataFrame:
    """Flows of either state with anyone, summed by source, year, direction, unit and reporter; one reporter kept."""
    import polars as pl

    both = [s for side in sides for s in side]
    item = "item" if kind in _BY_ITEM else "NULL::VARCHAR"
    frame = evidence.sql(
        f'SELECT source_id, year("start")::INT AS year, state_a AS sender, state_b AS receiver, unit, {item} AS item, '
        "reporter, string_agg(DISTINCT origin, ' ' ORDER BY origin) AS origin, sum(value) AS value, "
        'count(*)::INT AS facts, min("start") AS first, max("end") AS last, '
        'count(DISTINCT "start")::INT AS starts, min(date_diff(\'day\', "start", "end")) + 1 AS days FROM flows '
        "WHERE kind = ? AND (list_contains(?::VARCHAR[], state_a) OR list_contains(?::VARCHAR[], state_b)) "
        'AND state_a <> state_b AND year("start") BETWEEN ? AND ? GROUP BY ALL',
        [kind, both, both, start, end],
    )
    by_receiver, by_sender = pl.col("reporter") == pl.col("receiver"), pl.col("reporter") == pl.col("sender")
    rank = pl.when(by_receiver).then(0).when(by_sender).then(1).otherwise(2)
    keys = ["source_id", "year", "sender", "receiver", "unit", "item"]
    kept = frame.with_columns(rank.alias("rank")).sort(*keys, "rank", "reporter").unique(keys, maintain_order=True)
    span = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    gaps = pl.col("starts") * pl.col("days") < _WHOLE_YEAR
    return kept.with_columns(
        ((span < _WHOLE_YEAR) | (span > 366) | gaps).alias("partial"),
        pl.col("facts").cast(pl.Int64),
    )


def _between(rows: pl.DataFrame, sides: Sequence[Sequence[str]]) -> pl.DataFrame:
    import polars as pl

    one, other = (list(s) for s in sides)
    return rows.filter(
        (pl.col("sender").is_in(one) & pl.col("receiver").is_in(other))
        | (pl.col("sender").is_in(other) & pl.col("receiver").is_in(one))
    )


def chosen_cells(
    rows: pl.DataFrame, kind: str, coverage: pl.DataFrame, sides: Sequence[Sequence[str]], start: int, end: int
) -> list[dict[str, Any]]:
    """One source a year: its rows between the two, or zeros where it covers both ways completely and has none."""
    import polars as pl

    cells: list[dict[str, Any]] = []
    sources = (*listed(kind), *ranked(kind, set(rows["source_id"]) - set(listed(kind))))
    known: dict[str, list[dict[str, Any]]] = {}
    for cover in coverage.filter((pl.col("kind") == kind) & pl.col("complete")).iter_rows(named=True):
        known.setdefault(cover["source_id"], []).append(cover)
    units = dict(rows.select("source_id", "unit").reverse().iter_rows())
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for row in _between(rows, sides).sort("sender", "unit", "item").iter_rows(named=True):
        found.setdefault(row["year"], {}).setdefault(row["source_id"], []).append(row)
    for year in range(start, end + 1):
        now = found.get(year, {})
        for source in sources:
            mine = now.get(source, [])
            ways = _complete_ways(known.get(source, ()), sides, year)
            if not mine and len(ways) < 2:
                continue
            others = tuple(sorted(now.keys() - {source}))
            cells += [{**row, "others": others} for row in mine]
            seen = {row["sender"] for row in mine}
            unit = units.get(source, "")
            cells += [
                _zero(source, year, s, r, unit, others) for s, r in ways if s not in seen and not _same(s, seen, sides)
            ]
            break
    return cells


def _same(state: str, seen: set[str], sides: Sequence[Sequence[str]]) -> bool:
    """Whether the state is among those seen, under any of its ids."""
    return any(state in side and seen & set(side) for side in sides)


def _zero(source: str, year: int, sender: str, receiver: str, unit: str, others: tuple[str, ...]) -> dict[str, Any]:
    return {
        "source_id": source,
        "year": year,
        "sender": sender,
        "receiver": receiver,
        "unit": unit,
        "item": None,
        "reporter": None,
        "origin": None,
        "value": 0.0,
        "facts": 0,
        "partial": False,
        "others": others,
    }


def _complete_ways(
    coverage: Sequence[Mapping[str, Any]], sides: Sequence[Sequence[str]], year: int
) -> list[tuple[str, str]]:
    """Directions between the two that a source covers completely in a year."""
    one, other = sides
    ways = []
    for sender, receiver in ((one, other), (other, one)):
        for row in coverage:
            if row["start"] <= date(year, 1, 1) and row["end"] >= date(year, 12, 1):
                whole = _has(row["states"], sender) and _has(row["partners"], receiver)
                if whole:
                    ways.append((sender[0], receiver[0]))
                    break
    return ways


def _has(cell: str, side: Sequence[str]) -> bool:
    return cell == "*" or bool(set(cell.split()) & set(side))


def total_of(
    rows: pl.DataFrame,
    coverage: pl.DataFrame,
    kind: str,
    cell: Mapping[str, Any],
    side: Sequence[str],
    *,
    sending: bool,
) -> pl.DataFrame | None:
    """Flows of a state to (or from) all states in the cell's source, year and unit; None where not all are covered."""
    import polars as pl

    near, far = ("states", "partners") if sending else ("partners", "states")
    covers = coverage.filter((pl.col("kind") == kind) & (pl.col("source_id") == cell["source_id"]))
    if not any(
        row[far] == "*"
        and _has(row[near], side)
        and row["start"] <= date(cell["year"], 1, 1)
        and row["end"] >= date(cell["year"], 12, 1)
        for row in covers.iter_rows(named=True)
    ):
        return None
    column = "sender" if sending else "receiver"
    return rows.filter(
        (pl.col("source_id") == cell["source_id"])
        & (pl.col("year") == cell["year"])
        & (pl.col("unit") == cell["unit"])
        & pl.col(column).is_in(list(side))
    )
