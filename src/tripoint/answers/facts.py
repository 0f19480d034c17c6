"""Facts, filtered by state, kind, time and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.facts_told import fact_text
from tripoint.answers.making import counted, listed, make, names, newest_in
from tripoint.answers.question import Question
from tripoint.errors import InputError, unknown
from tripoint.evidence.citing import Citations, cite_facts
from tripoint.evidence.documents import with_documents

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: Rows of the table for people; all are in the rows of the answer.
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class FactsAsked(Question):
    """Facts about one state, between two, or of all, filtered by kind, time and source."""

    subject = "facts"
    words = ("states",)
    about = "List facts about one state, or between two."
    examples = ('tripoint facts RUS CHN --kind "joint exercise" --since 2019',)

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    sources: tuple[str, ...] = ()
    limit: int | None = None

    def __post_init__(self) -> None:
        if len(self.states) > 2:
            raise InputError(
                f"states: {len(self.states)} states given; name one state, or two for the facts between them"
            )


def answer(evidence: Evidence, question: FactsAsked) -> Answer:
    """List facts; errors as :meth:`tripoint.evidence.query.Evidence.facts`, and for a source that is not loaded."""
    import polars as pl

    from tripoint import states

    have = {e.source_id for e in evidence.editions}
    for name in question.sources:
        if name not in have:
            raise unknown("source", name, have, where="the store")
    sides = [states.lineage(i) for i in question.states]
    everything = evidence.facts(
        states=sides[0] if len(sides) == 1 else (),
        between=(sides[0], sides[1]) if len(sides) == 2 else None,
        kinds=question.kinds,
        since=date(question.since, 1, 1) if question.since else None,
        until=date(question.until, 12, 31) if question.until else None,
        sources=question.sources,
        limit=None if question.limit is None else question.limit + 1,
    )
    rows = everything if question.limit is None else everything.head(question.limit)
    cut = rows.height < everything.height
    of = f" of {names(question.states)}" if question.states else ""
    kinds = f" of kind {listed(question.kinds)}" if question.kinds else ""
    newest = newest_in(rows)
    day = newest or date.today()
    shown = rows.head(_SHOWN).with_columns(holds_to=pl.lit(None, pl.Date))
    table = Table(
        "",
        ("kind", "fact", "id"),
        tuple((r["kind"], fact_text(r, day), r["fact_id"]) for r in shown.iter_rows(named=True)),
        "" if rows.height <= _SHOWN else f"{rows.height - _SHOWN:,} more are in the rows of the answer.",
        words=True,
        links=tuple(f"fact/{i}" for i in shown["fact_id"]),
    )
    return make(
        evidence,
        question,
        headline=f"{counted(rows.height, 'fact')}{of}{kinds}" + (f"; the newest is of {newest}." if newest else "."),
        result=None,
        method="tripoint.evidence.query.Evidence.facts",
        parts=(Part("", (), table if table.rows else None),),
        rows=with_documents(evidence, rows),
        facts=rows["fact_id"],
        cited=_cited(evidence, rows),
        newest=newest,
        remarks=("There are more: the list ends at the limit.",) if cut else (),
        truncated=cut,
    )


def _cited(evidence: Evidence, rows: pl.DataFrame) -> Citations:
    """Sources of the first facts that a reader sees; of a whole data set, the data set alone."""
    return cite_facts(evidence, rows["fact_id"] if rows.height <= 5000 else rows.unique("source_id")["fact_id"])
