"""Evidence held in memory up to a year, for thousands of questions that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tripoint.evidence.query import Evidence

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

#: Day on which a row of each table begins.
_BEGINS = {"positions": '"date"', "commitments": '"start"', "flows": '"start"', "events": '"start"'}
#: Rows of an answer up to which it is kept.
_SHORT = 3000


@dataclass
class InMemory(Evidence):
    """Evidence in memory whose answers are kept: asked twice, it answers at once.

    ``memory`` is for what is worked out from it, under keys of whoever works it out.
    """

    memory: dict[Any, Any] = field(default_factory=dict, repr=False)
    _answers: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict, repr=False)

    def forget(self, most: int) -> None:
        """Let go of short answers where more than ``most`` are kept; what was worked out from evidence stays."""
        if len(self._answers) > most:
            self._answers.clear()

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """As :meth:`tripoint.evidence.query.Evidence.sql`; a short answer is asked of the database once."""
        key = (query, repr(parameters))
        if key in self._answers:
            return self._answers[key]
        answer = super().sql(query, parameters)
        if answer.height <= _SHORT:
            self._answers[key] = answer
        return answer

    def facts(
        self,
        *,
        states: Iterable[str] = (),
        between: tuple[Iterable[str], Iterable[str]] | None = None,
        kinds: Iterable[str] = (),
        since: date | None = None,
        until: date | None = None,
        sources: Iterable[str] = (),
        limit: int | None = None,
    ) -> pl.DataFrame:
        """As :meth:`tripoint.evidence.query.Evidence.facts`; those of some kinds are read once."""
        import polars as pl

        wanted, of = tuple(kinds), list(states)
        if not wanted or bool(of) == bool(between) or list(sources) or limit is not None:
            return super().facts(
                states=of, between=between, kinds=wanted, since=since, until=until, sources=sources, limit=limit
            )
        frame, places = kept(self, ("facts", wanted), lambda: _by_pair(super(InMemory, self).facts(kinds=wanted)))
        if between:
            one, other = (tuple(side) for side in between)
            pairs = {(min(a, b), max(a, b)) for a in one for b in other}
            found = frame[sorted({i for pair in pairs for i in places.get(pair, ())})]
        else:
            found = frame.filter(pl.col("state_a").is_in(of) | pl.col("state_b").is_in(of))
        if since:
            found = found.filter(pl.col("end").is_null() | (pl.col("end") >= since))
        if until:
            found = found.filter(pl.col("start").is_null() | (pl.col("start") <= until))
        return found


def _by_pair(facts: pl.DataFrame) -> tuple[pl.DataFrame, dict[tuple[str, str], list[int]]]:
    """Facts, and in which rows each pair is, whichever of the two is first."""
    places: dict[tuple[str, str], list[int]] = {}
    for i, (a, b) in enumerate(facts.select("state_a", "state_b").iter_rows()):
        if a and b:
            places.setdefault((min(a, b), max(a, b)), []).append(i)
    return facts, places


def kept(evidence: Evidence, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return what was kept beside shared evidence under that key, or make it; other evidence keeps nothing."""
    if not isinstance(evidence, InMemory):
        return make()
    if key not in evidence.memory:
        evidence.memory[key] = make()
    return cast("T", evidence.memory[key])


def hold_in_memory(evidence: Evidence, *, since: int, until: int) -> InMemory:
    """Copy into memory what begins by the end of ``until``; of votes and flows only what begins in ``since`` or later.

    Parameters
    ----------
    evidence
        Open evidence; untouched.
    since, until
        Years. Commitments, events and attributes are copied however early they begin.
    """
    shared = InMemory(evidence.home, evidence.snapshot, evidence.editions)
    database = shared._connection
    first, last = date(since, 1, 1), date(until, 12, 31)
    for table in ("positions", "commitments", "flows", "events", "attributes"):
        begins = _BEGINS.get(table, '"start"')
        early = f"AND {begins} >= DATE '{first}'" if table in ("positions", "flows") else ""
        kept = f"SELECT * FROM {table} WHERE {begins} IS NULL OR ({begins} <= DATE '{last}' {early})"
        database.execute(f"CREATE TABLE held_{table} AS {kept}")
        database.execute(f"DROP VIEW {table}")
        database.execute(f"ALTER TABLE held_{table} RENAME TO {table}")
    for table in ("coverage", "sources"):
        database.execute(f"CREATE TABLE held_{table} AS SELECT * FROM {table}")
        database.execute(f"DROP VIEW {table}")
        database.execute(f"ALTER TABLE held_{table} RENAME TO {table}")
    return shared
