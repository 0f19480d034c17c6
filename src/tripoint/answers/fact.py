"""One fact whole: its row, the source and document it rests on, and who else has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.facts_told import fact_text
from tripoint.answers.making import counted, frame, line, make
from tripoint.answers.question import Question
from tripoint.evidence.citing import cite_facts
from tripoint.evidence.documents import address_of, grade_of
from tripoint.record import KINDS, TABLES

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence, Fact

#: Facts of other sources, and other editions, that are listed.
_OTHERS = 12
_ADDRESS = ("source_id", "vintage", "locator", "origin", "end_origin", "fact_id")


@dataclass(frozen=True, slots=True)
class FactAsked(Question):
    """One fact by its id."""

    subject = "fact"
    words = ("fact",)
    about = "Show one fact whole: its row, and the source and document that it rests on."
    examples = ('tripoint fact "starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact"',)

    fact: str


def answer(evidence: Evidence, question: FactAsked) -> Answer:
    """Show a fact; errors as :meth:`tripoint.evidence.query.Evidence.fact`."""
    found = evidence.fact(question.fact)
    row, common = found.row, common_row(found)
    others = _others(evidence, found, common)
    day = common["end"] or common["start"]
    headline = f"{row['kind']}: {fact_text(common, day)}" if day else f"{row['kind']}: {row['state_a']}"
    return make(
        evidence,
        question,
        headline=headline + ("" if headline.endswith(".") else "."),
        result=found,
        method="tripoint.evidence.query.Evidence.fact",
        parts=_parts(evidence, found, others),
        rows=frame([{"fact_id": found.fact_id, "table": found.table, **row}]),
        facts=(found.fact_id,),
        newest=common["start"],
        remarks=_remarks(evidence, found),
    )


def common_row(found: Fact) -> dict[str, Any]:
    """The row of a fact in the columns that facts of all tables share."""
    row = dict(found.row)
    return {
        "table": found.table,
        "kind": row["kind"],
        "state_a": row.get("state_a") or row.get("state"),
        "state_b": row.get("state_b"),
        "directed": row.get("directed", found.table == "flows"),
        "start": row.get("start") or row.get("date"),
        "end": row.get("end") if found.table != "positions" else row.get("date"),
        "precision": row["precision"],
        "value": row.get("value", row.get("level", row.get("intensity"))),
        "unit": row.get("unit"),
        "what": row.get("instrument") or row.get("title") or row.get("choice") or row.get("item") or row.get("place"),
    }


def _parts(evidence: Evidence, found: Fact, others: pl.DataFrame) -> Iterator[Part]:
    meanings = {c.name: c.meaning for c in TABLES[found.table]}
    cells = tuple(
        (name, "not given" if value is None else str(value), meanings[name])
        for name, value in found.row.items()
        if name not in _ADDRESS
    )
    kind = KINDS[found.row["kind"]]
    said = (line(f"{kind.name}: {kind.meaning}; scale {kind.scale}"),)
    yield Part("Row", said, Table("", ("column", "value", "meaning"), cells, words=True))
    documents = []
    for label, source in (("document", found.origin), ("its end", found.end_origin), ("source", found.source)):
        if source:
            documents.append(line(f"{label}: {source.get('citation') or source['id']}"))
            told = (address_of(source), grade_of(source), str(source.get("license") or ""))
            documents += [line(text, level=2) for text in told if text]
    documents.append(line(f"record: {found.row['locator']}"))
    yield Part("Where it comes from", tuple(documents))
    if others.height:
        cited = cite_facts(evidence, others["fact_id"])
        day = others["start"].max()
        rows = tuple(
            (row["source_id"], fact_text({**row, "holds_to": None}, day), row["fact_id"])  # type: ignore[arg-type]
            for row in others.head(_OTHERS).iter_rows(named=True)
        )
        note = f"{len(cited.sources)} documents or data sets; a list checked against another counts as one origin."
        links = tuple(f"fact/{row[2]}" for row in rows)
        yield Part(
            "Who else has it",
            (),
            Table("Same kind, states and time", ("source", "fact", "id"), rows, note, True, links),
        )


def _others(evidence: Evidence, found: Fact, common: dict[str, Any]) -> pl.DataFrame:
    """Facts of the same kind between the same states in the same time, from other sources."""
    import polars as pl

    if common["state_b"] is None or common["start"] is None:
        return pl.DataFrame()
    near = evidence.facts(
        between=((common["state_a"],), (common["state_b"],)),
        kinds=(common["kind"],),
        since=common["start"],
        until=common["end"] or common["start"],
    )
    return near.filter(pl.col("source_id") != found.row["source_id"])


def _remarks(evidence: Evidence, found: Fact) -> Iterator[str]:
    row = found.row
    same = [e.vintage for e in evidence.snapshot.editions if e.source_id == row["source_id"]]
    if len(same) > 1:
        yield f"The store holds {counted(len(same), 'edition')} of {row['source_id']}: {', '.join(same)}."
    source = found.origin or found.source
    if source.get("noncommercial") or found.source.get("noncommercial"):
        yield f"{found.source.get('title', row['source_id'])}: for non-commercial use only."
