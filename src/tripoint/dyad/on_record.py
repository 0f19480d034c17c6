"""What is on record between two states: found, searched and not found, not searched, and where evidence ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.dyad.pair import two_states
from tripoint.dyad.votes_together import VotesTogether, votes_by_year
from tripoint.evidence.citing import key_of, keys_of, sources_of
from tripoint.evidence.coverage import Coverage, Status, coverage_of
from tripoint.evidence.roll_calls import Pair, votes_of_pair
from tripoint.record import KINDS, Table, Tone

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: Kinds whose rows tie two states; positions, attributes and memberships are about one.
_DYADIC = tuple(
    name
    for name, k in KINDS.items()
    if k.table in ("commitments", "events", "flows") and not name.endswith("membership")
)


@dataclass(frozen=True, slots=True)
class KindOnRecord:
    """What the evidence holds of one kind between two states.

    Attributes
    ----------
    status
        Whether there are facts, and else how far they were searched: see :class:`tripoint.evidence.coverage.Search`.
    facts
        How many facts.
    first, last
        Earliest start and latest end (or start) among them.
    in_force
        How many have no end and were observed not longer ago than their kind allows.
    unended
        How many have no end and were last observed longer ago: not known to be in force, nor to be over.
    last_seen
        Last day on which any of these was observed; None where there are none.
    sources
        Ids of the data sets that have facts; of those that searched where there are none.
    searched
        First and last day that the sources behind the status cover for this pair and kind.
    """

    kind: str
    table: Table
    tone: Tone
    status: Status
    facts: int
    first: date | None
    last: date | None
    in_force: int
    unended: int
    last_seen: date | None
    sources: tuple[str, ...]
    searched: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class SharedMembership:
    """An institution that both states belong or belonged to, and since when both (``end`` null: still)."""

    institution: str
    start: date
    end: date | None
    fact_ids: tuple[str, str]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """The answer to ``tripoint dyad A B``.

    ``facts`` are sorted as a reader meets them: kinds in the order of the record's own list, cooperation first,
    newest first within a kind; their columns ``seen`` and ``holds_to`` are as in
    :meth:`tripoint.evidence.coverage.Coverage.with_seen`.
    ``sources`` are numbered in that order. ``as_of`` is the last day that any source covers for the kinds of ties.
    """

    state_a: str
    state_b: str
    since: date
    as_of: date
    kinds: tuple[KindOnRecord, ...]
    votes: tuple[VotesTogether, ...]
    memberships: tuple[SharedMembership, ...]
    facts: pl.DataFrame
    sources: pl.DataFrame
    evidence_hash: str

    def of(self, status: Status) -> tuple[KindOnRecord, ...]:
        """Kinds with one status."""
        return tuple(k for k in self.kinds if k.status == status)


def build_on_record(evidence: Evidence, a: str, b: str, *, since: date = date(1990, 1, 1)) -> OnRecord:
    """Gather what the evidence holds between two states.

    Facts of a state that ``a`` or ``b`` continues (the Soviet Union for Russia) are included under their own id.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b
        Names, codes or ids of two states.
    since
        First day of interest.

    Raises
    ------
    UnknownNameError
        For a name that is no state.
    NotInSystemError
        For a state that exists in none of the years.
    InputError
        When both are the same state.
    """
    one, other = two_states(a, b, since.year)
    sides = (states.lineage(one), states.lineage(other))
    coverage = coverage_of(evidence)
    facts = _in_reading_order(coverage.with_seen(evidence.facts(between=sides, since=since)))
    as_of = max((line.end for line in coverage.lines if line.kind in _DYADIC), default=since)
    kinds = tuple(_kind(name, facts, coverage, (one, other), since, as_of) for name in _DYADIC)
    together = votes_of_pair(evidence, one, other, since=since)
    votes = votes_by_year(together)
    shared = _memberships(evidence, sides, since)
    sources = _numbered(evidence, facts, shared, together)
    return OnRecord(one, other, since, as_of, kinds, votes, shared, facts, sources, evidence.hash)


def _in_reading_order(facts: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    tones = ("cooperative", "hostile", "neutral")
    order = sorted(KINDS, key=lambda k: tones.index(KINDS[k].tone))
    rank = pl.col("kind").replace_strict({k: i for i, k in enumerate(order)}, return_dtype=pl.Int64)
    return facts.sort(rank, "start", "fact_id", descending=[False, True, False], nulls_last=True)


def _memberships(evidence: Evidence, sides: Sequence[Sequence[str]], since: date) -> tuple[SharedMembership, ...]:
    frame = evidence.sql(
        """
        WITH m AS (
            SELECT *, coalesce("end", DATE '9999-12-31') AS until FROM commitments WHERE kind = 'membership'
        )
        SELECT x.instrument AS institution, greatest(x."start", y."start") AS "start",
               nullif(least(x.until, y.until), DATE '9999-12-31') AS "end", [x.fact_id, y.fact_id] AS fact_ids
        FROM m x JOIN m y USING (source_id, instrument)
        WHERE list_contains(?::VARCHAR[], x.state_a) AND list_contains(?::VARCHAR[], y.state_a)
          AND x."start" <= y.until AND y."start" <= x.until AND least(x.until, y.until) >= ?
        ORDER BY 2, 1
        """,
        [list(sides[0]), list(sides[1]), since],
    )
    rows = frame.iter_rows(named=True)
    return tuple(SharedMembership(**{**row, "fact_ids": tuple(row["fact_ids"])}) for row in rows)


def _kind(
    name: str, facts: pl.DataFrame, coverage: Coverage, pair: tuple[str, str], since: date, as_of: date
) -> KindOnRecord:
    import polars as pl

    mine = facts.filter(pl.col("kind") == name)
    looked = coverage.searched(name, pair, since, found=mine.height > 0)
    by = mine["source_id"].unique() if mine.height else looked.sources
    ends = mine.select(pl.coalesce("end", "start"))["end"] if mine.height else None
    unended = mine.filter(pl.col("holds_to") < as_of)
    return KindOnRecord(
        name,
        KINDS[name].table,
        KINDS[name].tone,
        looked.status,
        mine.height,
        mine["start"].min() if mine.height else None,  # type: ignore[arg-type]
        ends.max() if ends is not None else None,  # type: ignore[arg-type]
        mine["seen"].count() - unended.height,
        unended.height,
        unended["seen"].max(),  # type: ignore[arg-type]
        tuple(sorted(set(by))),
        looked.period,
    )


def _numbered(evidence: Evidence, facts: pl.DataFrame, shared: Sequence[SharedMembership], votes: Pair) -> pl.DataFrame:
    """Sources that the facts rest on, numbered in the order in which a reader meets them."""
    import polars as pl

    keys = [key_of(row) for row in facts.select("origin", "source_id").iter_rows(named=True)]
    keys += keys_of(evidence, [i for m in shared for i in m.fact_ids], ["commitments"]).values()
    order = pl.DataFrame({"id": list(dict.fromkeys([*keys, *votes.sources]))}, schema={"id": pl.String})
    known = sources_of(evidence).unique("id", keep="last")
    return order.join(known, on="id", how="left", maintain_order="left").with_row_index("number", offset=1)
