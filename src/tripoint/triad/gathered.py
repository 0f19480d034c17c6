"""Read once what the evidence holds of one state and some poles, for many years and domains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence
    from tripoint.triad.poles import Pole

#: Kinds of flow read.
FLOWS = ("arms deliveries", "goods trade", "energy trade")
#: Strength of a pact's obligations.
PACTS = {
    "defense pact": 1.0,
    "offense pact": 1.0,
    "neutrality pact": 2 / 3,
    "consultation pact": 2 / 3,
    "nonaggression pact": 1 / 3,
}
#: Years of votes and exercises before the year that count with it.
WINDOW = 2
#: Years of arms deliveries before the year that count with it.
ARMS_WINDOW = 4


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the evidence holds of one state and some poles, read once for many years.

    ``votes`` has one row a roll call with the state's vote ``own`` and one column a member; ``flows``,
    ``exercises``, ``pacts`` and ``memberships`` are facts with ``partner`` and ``pole`` (position, -1 for none).
    """

    state: str
    poles: tuple[Pole, ...]
    votes: pl.DataFrame
    flows: pl.DataFrame
    exercises: pl.DataFrame
    pacts: pl.DataFrame
    memberships: pl.DataFrame
    coverage: pl.DataFrame


def gather(evidence: Evidence, state: str, poles: Sequence[Pole], since: int, until: int) -> Gathered:
    """Read what bears on one state's ties to the poles in the years given and the windows before them."""
    import polars as pl

    own = list(states.lineage(state))
    first, last = date(since - ARMS_WINDOW, 1, 1), date(until, 12, 31)
    place = {old: k for k, pole in enumerate(poles) for old in pole.ids}
    member = {old: m for pole in poles for old, m in pole.ids.items()}

    def with_partner(frame: pl.DataFrame) -> pl.DataFrame:
        partner = pl.when(pl.col("state_a").is_in(own)).then("state_b").otherwise("state_a")
        return frame.with_columns(partner.alias("partner")).with_columns(
            pl.col("partner").replace_strict(place, default=-1, return_dtype=pl.Int64).alias("pole"),
            pl.col("partner").replace_strict(member, default=None, return_dtype=pl.String).alias("member"),
        )

    def facts(kinds: list[str]) -> pl.DataFrame:
        return with_partner(evidence.facts(states=own, kinds=kinds, since=first, until=last))

    flows = facts(list(FLOWS))
    exercises = facts(["joint exercise"])
    # Undirected ties may be recorded from either side, or from both.
    pacts = facts(list(PACTS))
    memberships = evidence.sql(
        """
        SELECT fact_id, source_id, state_a AS state, instrument, "start", "end" FROM commitments
        WHERE kind = 'membership' AND "start" <= ? AND ("end" IS NULL OR "end" >= ?)
        """,
        [last, date(since, 1, 1)],
    )
    coverage = evidence.sql("SELECT * FROM coverage")
    votes = _gather_votes(evidence, own, member, date(since - WINDOW, 1, 1), last)
    return Gathered(state, tuple(poles), votes, flows, exercises, pacts, memberships, coverage)


def _gather_votes(evidence: Evidence, own: list[str], member: dict[str, str], first: date, last: date) -> pl.DataFrame:
    """One row a divided roll call: source, item, day, the state's vote and its id, and one column a member."""
    import polars as pl

    wanted = {**dict.fromkeys(own, "own"), **member}
    cast = evidence.sql(
        """
        WITH cast_votes AS (
            SELECT fact_id, source_id, item, "date", state, value FROM positions
            WHERE kind = 'assembly vote' AND value IS NOT NULL AND "date" BETWEEN ? AND ?
        ), divided AS (
            SELECT source_id, item, "date" FROM cast_votes GROUP BY ALL HAVING min(value) < max(value)
        )
        SELECT * FROM cast_votes JOIN divided USING (source_id, item, "date")
        WHERE list_contains(?::VARCHAR[], state)
        """,
        [first, last, list(wanted)],
    ).with_columns(pl.col("state").replace_strict(wanted, return_dtype=pl.String).alias("who"))
    keys = ["source_id", "item", "date"]
    mine = cast.filter(pl.col("who") == "own").unique(keys, keep="first", maintain_order=True)
    wide = cast.pivot("who", index=keys, values="value", aggregate_function="first").drop("own", strict=False)
    joined = mine.select(*keys, pl.col("value").alias("own"), "fact_id").join(wide, on=keys, how="left")
    missing = [m for m in dict.fromkeys(member.values()) if m not in joined.columns]
    joined = joined.with_columns(pl.lit(None, dtype=pl.Float64).alias(m) for m in missing)
    # One source a year: the one with most of the state's divided roll calls.
    year = joined.with_columns(pl.col("date").dt.year().alias("year"))
    counts = year.group_by("year", "source_id").len().sort("year", "len", "source_id", descending=[False, True, False])
    best = counts.unique("year", keep="first", maintain_order=True).select("year", "source_id")
    return year.join(best, on=["year", "source_id"]).sort("date", "item")


def covers(g: Gathered, kind: str, year: int, *, complete: bool = False) -> dict[str, tuple[bool, bool]]:
    """Sources that would have recorded the state with all partners in that year.

    For each, whether it records what goes from the state to all, and what comes to it from all.
    """
    import polars as pl

    own = set(states.lineage(g.state))
    rows = g.coverage.filter(
        (pl.col("kind") == kind) & (pl.col("start").dt.year() <= year) & (pl.col("end").dt.year() >= year)
    )
    found: dict[str, tuple[bool, bool]] = {}
    for row in rows.iter_rows(named=True):
        mine = [side == "*" or bool(own & set(side.split())) for side in (row["states"], row["partners"])]
        wide = [row["states"] == "*", row["partners"] in ("*", "")]
        given, taken = mine[0] and wide[1], mine[1] and wide[0]
        if (given or taken) and (row["complete"] or not complete):
            before = found.get(row["source_id"], (False, False))
            found[row["source_id"]] = (before[0] or given, before[1] or taken)
    return found


def covered_state(g: Gathered, kind: str, year: int) -> set[str]:
    """Sources that cover the state for this kind in that year, completely or not, with whatever partners."""
    import polars as pl

    own = set(states.lineage(g.state))
    rows = g.coverage.filter(
        (pl.col("kind") == kind) & (pl.col("start").dt.year() <= year) & (pl.col("end").dt.year() >= year)
    )
    return {
        row["source_id"]
        for row in rows.iter_rows(named=True)
        if any(side == "*" or own & set(side.split()) for side in (row["states"], row["partners"]))
    }
