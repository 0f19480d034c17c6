"""What support is made of: amounts that went one way, and votes cast with one side against another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: Rows compiled by hand come after whole data sets.
_COMPILED = "starter"


@dataclass(frozen=True, slots=True)
class Volume:
    """How much of one kind went one way in one year, from one source.

    ``unit`` and, in hand-compiled rows, ``item`` keep unlike things apart; nothing is added across sources.
    """

    kind: str
    item: str
    year: int
    value: float
    unit: str
    source: str
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of the patron on items on which the client and an adversary voted yes against no.

    ``with_client``, ``abstained``, ``with_adversary`` and ``absent`` add up to ``items``.
    """

    items: int
    with_client: int
    abstained: int
    with_adversary: int
    absent: int
    fact_ids: tuple[str, ...]


def count_votes(
    evidence: Evidence,
    giver: Sequence[str],
    taker: Sequence[str],
    foes: Sequence[str],
    since: date,
    until: date,
) -> Votes:
    """Count the patron's votes on items on which the client voted yes and an adversary no, or the other way."""
    rows = evidence.sql(
        """
        WITH cast_votes AS (
            SELECT fact_id, source_id, item, "date", state, value FROM positions
            WHERE kind = 'assembly vote' AND "date" BETWEEN ? AND ?
        ), split AS (
            SELECT DISTINCT x.item, x."date", x.value AS client, x.source_id
            FROM cast_votes x JOIN cast_votes y USING (source_id, item, "date")
            WHERE list_contains(?::VARCHAR[], x.state) AND list_contains(?::VARCHAR[], y.state)
              AND abs(x.value - y.value) = 2
        )
        SELECT s.source_id, year(s."date")::INT AS year, s.item, s.client, any_value(p.value) AS patron,
               any_value(p.fact_id) AS fact_id
        FROM split s LEFT JOIN cast_votes p
          ON p.source_id = s.source_id AND p.item = s.item AND p."date" = s."date"
         AND list_contains(?::VARCHAR[], p.state)
        GROUP BY ALL
        """,
        [since, until, list(taker), list(foes), list(giver)],
    )
    import polars as pl

    if rows.is_empty():
        return Votes(0, 0, 0, 0, 0, ())
    # One source a year: the one with most of the items.
    counts = rows.group_by("year", "source_id").len().sort("year", "len", "source_id", descending=[False, True, False])
    rows = rows.join(counts.unique("year", keep="first", maintain_order=True), on=["year", "source_id"])
    same = rows["patron"] == rows["client"]
    abstained = rows["patron"] == 2.0
    absent = rows["patron"].is_null()
    return Votes(
        rows.height,
        int(same.fill_null(False).sum()),
        int(abstained.fill_null(False).sum()),
        int((~same & ~abstained).fill_null(False).sum()),
        int(absent.sum()),
        tuple(rows.filter(pl.col("fact_id").is_not_null()).sort("year", "item")["fact_id"]),
    )


def volumes(facts: pl.DataFrame, giver: Sequence[str], kinds: Sequence[str]) -> tuple[Volume, ...]:
    """Amounts by kind, item, unit and year, each from the one source with most facts of it."""
    import polars as pl

    rows = facts.filter(
        (pl.col("table") == "flows") & pl.col("kind").is_in(list(kinds)) & pl.col("state_a").is_in(list(giver))
    )
    if rows.is_empty():
        return ()
    compiled = pl.col("source_id") == _COMPILED
    rows = rows.with_columns(
        pl.col("start").dt.year().alias("year"),
        pl.when(compiled).then(pl.col("what").fill_null("")).otherwise(pl.lit("")).alias("what"),
        compiled.cast(pl.Int8).alias("compiled"),
        pl.when(compiled).then("origin").otherwise("source_id").alias("edition"),
    )
    spread = rows.group_by("kind", "edition").agg(pl.col("year").n_unique().alias("years"))
    rows = rows.join(spread, on=["kind", "edition"])
    groups = (
        rows.group_by("kind", "what", "unit", "year", "source_id", "edition", "compiled", "years")
        .agg(pl.col("value").sum(), pl.col("fact_id").sort())
        .sort(
            "kind", "year", "compiled", "years", "edition", "what", descending=[False, False, False, True, False, False]
        )
    )
    # Whole data sets first: where one has the kind in that year, hand-compiled rows of it are left out.
    whole = groups.filter(pl.col("compiled") == 0).select("kind", "year").unique()
    loose = groups.filter(pl.col("compiled") == 1).join(whole, on=["kind", "year"], how="anti")
    groups = pl.concat([groups.filter(pl.col("compiled") == 0), loose])
    one = groups.unique(["kind", "year", "unit", "what"], keep="first", maintain_order=True)
    one = one.sort("kind", "what", "unit", "year")
    return tuple(
        Volume(r["kind"], r["what"], r["year"], r["value"], r["unit"], r["source_id"], tuple(r["fact_id"]))
        for r in one.iter_rows(named=True)
    )
