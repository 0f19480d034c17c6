"""Evidence held in memory up to a year, for thousands of questions that overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tripoint.evidence.query import Evidence

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

#: Day on which a row of each table begins.
_BEGINS = {"positions": '"date"', "commitments": '"start"', "flows": '"start"', "events": '"start"'}


@dataclass
class Shared(Evidence):
    """Evidence in memory whose answers are kept: asked twice, it answers at once.

    ``kept`` is for what is worked out from it, under keys of whoever works it out.
    """

    kept: dict[Any, Any] = field(default_factory=dict, repr=False)
    _answers: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """As :meth:`tripoint.evidence.query.Evidence.sql`, asked of the database once."""
        key = (query, repr(parameters))
        if key not in self._answers:
            self._answers[key] = super().sql(query, parameters)
        return self._answers[key]  # type: ignore[no-any-return]


def keep(evidence: Evidence, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return what was kept beside shared evidence under that key, or make it; other evidence keeps nothing."""
    if not isinstance(evidence, Shared):
        return make()
    if key not in evidence.kept:
        evidence.kept[key] = make()
    return cast("T", evidence.kept[key])


def share(evidence: Evidence, *, since: int, until: int) -> Shared:
    """Copy into memory what begins by the end of ``until``; of votes and flows only what begins in ``since`` or later.

    Parameters
    ----------
    evidence
        Open evidence; untouched.
    since, until
        Years. Commitments, events and attributes are copied however early they begin.
    """
    shared = Shared(evidence.home, evidence.snapshot, evidence.editions)
    database = shared._connection
    first, last = date(since, 1, 1), date(until, 12, 31)
    for table in ("positions", "commitments", "flows", "events", "attributes"):
        begins = _BEGINS.get(table, '"start"')
        early = f"AND {begins} >= DATE '{first}'" if table in ("positions", "flows") else ""
        kept = f"SELECT * FROM {table} WHERE {begins} IS NULL OR ({begins} <= DATE '{last}' {early})"
        database.execute(f"CREATE TABLE held_{table} AS {kept}")
        database.execute(f"DROP VIEW {table}")
        database.execute(f"ALTER TABLE held_{table} RENAME TO {table}")
    return shared
