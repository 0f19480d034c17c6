"""What support is made of: amounts that went one way, and votes cast with one side against another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.evidence.choice import by_hand
from tripoint.evidence.roll_calls import LEVELS, OPPOSED, roll_calls

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence


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
    import polars as pl

    def cast_by(side: Sequence[str], name: str) -> pl.DataFrame:
        mine = votes.filter(pl.col("state").is_in(list(side)))
        return mine.select("item", pl.col("value").alias(name), pl.col("fact_id").alias(f"{name}_id"))

    votes = roll_calls(evidence, [*giver, *taker, *foes], since=since, until=until)
    clients, adversaries = cast_by(taker, "client").unique("item", maintain_order=True), cast_by(foes, "foe")
    split = clients.join(adversaries, on="item", maintain_order="left")
    split = split.filter((pl.col("client") - pl.col("foe")).abs() == OPPOSED).unique("item", maintain_order=True)
    patron = cast_by(giver, "patron").unique("item", maintain_order=True)
    rows = split.join(patron, on="item", how="left", maintain_order="left")
    same = rows["patron"] == rows["client"]
    abstained = rows["patron"] == LEVELS[1]
    absent = rows["patron"].is_null()
    return Votes(
        rows.height,
        int(same.fill_null(False).sum()),
        int(abstained.fill_null(False).sum()),
        int((~same & ~abstained).fill_null(False).sum()),
        int(absent.sum()),
        tuple(rows["patron_id"].drop_nulls()),
    )


def volumes(facts: pl.DataFrame, giver: Sequence[str], kinds: Sequence[str]) -> tuple[Volume, ...]:
    """Amounts by kind, item, unit and year, each from the one source with most facts of it."""
    import polars as pl

    rows = facts.filter(
        (pl.col("table") == "flows") & pl.col("kind").is_in(list(kinds)) & pl.col("state_a").is_in(list(giver))
    )
    if rows.is_empty():
        return ()
    hand = by_hand(rows)
    rows = rows.with_columns(
        pl.col("start").dt.year().alias("year"),
        pl.when(hand).then(pl.col("what").fill_null("")).otherwise(pl.lit("")).alias("what"),
        hand.cast(pl.Int8).alias("compiled"),
        pl.when(hand).then("origin").otherwise("source_id").alias("edition"),
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
