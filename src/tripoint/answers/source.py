"""One source: its terms, what it covers, how many records it has and which were set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.making import counted, frame, lines, make
from tripoint.answers.question import Question
from tripoint.errors import unknown
from tripoint.record import TABLES
from tripoint.sources.getting import how_to_get

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence
    from tripoint.evidence.store import Edition

#: Kinds of record that were set aside, and documents, that are listed.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SourceAsked(Question):
    """One source, or one document that a source cites, by its id."""

    subject = "source"
    words = ("source",)
    about = "Show one source: its terms and vintage, what it covers, and which records were set aside and why."
    examples = ("tripoint source atop", "tripoint source starter")

    source: str


def answer(evidence: Evidence, question: SourceAsked) -> Answer:
    """Show a source; raises ``UnknownNameError`` for one that is neither in the catalog nor in the store."""
    from tripoint.sources.entries import catalog

    entries, name = catalog(), question.source
    known = evidence.sql("SELECT * FROM sources WHERE id = ?", [name]).to_dicts()
    document: dict[str, Any] = known[-1] if known else {}
    entry = entries.get(name)
    if entry is None and not document:
        raise unknown("source", name, entries, where="the catalog and the store")
    edition = next((e for e in evidence.editions if e.source_id == name), None)
    facts = 0 if edition is None else edition.facts
    title = document.get("title") or (entry.title if entry else name)
    if entry is not None and edition is None:
        headline = f"{title}: in the catalog, not loaded; {how_to_get([name])}"
    elif edition is not None:
        headline = f"{title}: edition {edition.vintage}, {counted(facts, 'fact')}."
    else:
        headline = f"{title}: a document that {document['source_id']} cites."
    origin = "" if entry else name
    ids = _ids(evidence, origin) if origin else ()
    newest = None
    return make(
        evidence,
        question,
        headline=headline,
        result={"source": {**({} if entry is None else _entry(entry)), **document}, "edition": edition},
        method="tripoint.sources.entries.catalog",
        parts=_parts(evidence, document, entry, edition, ids),
        rows=_rows(evidence, name),
        facts=ids,
        cited=_cited(document, entry, title),
        newest=newest,
        remarks=_remarks(entry, document),
    )


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "producer": entry.producer,
        "citation": entry.citation.strip(),
        "bibtex": entry.bibtex.strip(),
        "landing": entry.landing,
        "doi": entry.doi,
        "covers": entry.covers,
        "license": entry.license.name,
        "noncommercial": entry.license.noncommercial,
    }


def _cited(document: dict[str, Any], entry: Any, title: str) -> Citations:
    from tripoint.evidence.citing import Citations, Cited

    text = document.get("citation") or (entry.citation.strip() if entry else title)
    limited = bool(document.get("noncommercial") or (entry and entry.license.noncommercial))
    return Citations((Cited(1, document.get("id") or entry.id, text, limited),), {})


def _ids(evidence: Evidence, origin: str) -> tuple[str, ...]:
    body = " UNION ALL ".join(f'SELECT fact_id FROM "{t}" WHERE origin = ?' for t in TABLES)
    return tuple(evidence.sql(f"SELECT fact_id FROM ({body}) ORDER BY 1", [origin] * len(TABLES))["fact_id"])


def _rows(evidence: Evidence, name: str) -> Any:
    body = " UNION ALL ".join(
        f'SELECT \'{t}\' AS "table", kind, count(*)::BIGINT AS facts, {_SPAN[t]} FROM "{t}" '
        "WHERE source_id = ? OR origin = ? GROUP BY kind"
        for t in TABLES
    )
    return evidence.sql(f"SELECT * FROM ({body}) ORDER BY facts DESC, kind", [name] * (2 * len(TABLES)))


_SPAN = dict.fromkeys(TABLES, 'min("start") AS first, max("start") AS last') | {
    "positions": 'min("date") AS first, max("date") AS last'
}


def _parts(
    evidence: Evidence, document: dict[str, Any], entry: Any, edition: Edition | None, ids: Any
) -> Iterator[Part]:
    yield Part("Terms", lines(_terms(document, entry)))
    name = document.get("id") or entry.id
    kinds = _rows(evidence, name)
    rows = tuple(
        (r["kind"], f"{r['facts']:,}", str(r["first"] or "?"), str(r["last"] or "?"))
        for r in kinds.iter_rows(named=True)
    )
    yield Part("Facts", (), Table("By kind", ("kind", "facts", "first", "last"), rows) if rows else None)
    covers = evidence.sql('SELECT * FROM coverage WHERE source_id = ? ORDER BY kind, "start"', [name])
    shown = tuple(
        (
            r["kind"],
            _all(r["states"]),
            _all(r["partners"]),
            f"{r['start']} .. {r['end']}",
            "complete" if r["complete"] else "in part",
            r["note"] or "",
        )
        for r in covers.iter_rows(named=True)
    )
    head = ("kind", "states", "partners", "days", "silence", "note")
    note = "Complete: what it lists none of, there was none of. In part: its silence says nothing."
    yield Part("What it covers", (), Table("", head, shown, note, words=True) if shown else None)
    yield from _records(evidence, name, edition)
    if ids:
        told = tuple(Line(i, (i,), level=1) for i in ids[:_SHOWN])
        more = lines((f"... {len(ids) - _SHOWN:,} more",) if len(ids) > _SHOWN else ())
        yield Part("Facts that rest on it", (*told, *more))


def _all(states: str) -> str:
    ids = states.split()
    return "all" if states == "*" else " ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else "")


def _terms(document: dict[str, Any], entry: Any) -> Iterator[str]:
    yield f"citation: {document.get('citation') or (entry.citation.strip() if entry else document['id'])}"
    if entry is not None:
        terms = entry.license
        yield f"license: {terms.name}" + ("; non-commercial use only" if terms.noncommercial else "")
        for word, text in (("not allowed", terms.forbids), ("notice", terms.notice), ("covers", entry.covers)):
            if text:
                yield f"{word}: {text}"
    elif document.get("license"):
        yield f"license: {document['license']}"
    for key, word in (("producer", "producer"), ("date", "date"), ("accessed", "accessed"), ("family", "family")):
        if document.get(key):
            yield f"{word}: {document[key]}"
    yield f"address: {document.get('url') or (entry.landing if entry else 'none given')}"


def _records(evidence: Evidence, name: str, edition: Edition | None) -> Iterator[Part]:
    if edition is None:
        return
    said = [
        f"{edition.rows_in:,} records read = {edition.rows_kept:,} kept + {edition.rows_aside:,} set aside",
        f"loaded {edition.loaded_at}; digest {edition.digest[:12]}",
        *(f"{r.name}: {r.bytes:,} bytes, sha256 {r.sha256[:12]}, had {r.fetched_at[:10]}" for r in edition.receipts),
        *(f"note: {remark}" for remark in edition.remarks),
    ]
    aside = evidence.sql(
        "SELECT reason, count(*)::BIGINT AS records, min(locator) AS example FROM set_aside WHERE source_id = ? "
        "GROUP BY reason ORDER BY records DESC, reason LIMIT ?",
        [name, _SHOWN],
    )
    rows = tuple((r["reason"], f"{r['records']:,}", r["example"]) for r in aside.iter_rows(named=True))
    table = Table("Set aside", ("reason", "records", "first record"), rows, words=True) if rows else None
    yield Part("Records", lines(said), table)


def _remarks(entry: Any, document: dict[str, Any]) -> Iterator[str]:
    if document.get("noncommercial") or (entry is not None and entry.license.noncommercial):
        yield "For non-commercial use only."


def sources_frame(evidence: Evidence) -> Any:
    """The catalog, and what of it is in the store: one row a source."""
    from tripoint.sources.entries import catalog

    held = {e.source_id: e for e in evidence.editions}
    return frame(
        [
            {
                "source": entry.id,
                "title": entry.title,
                "covers": entry.covers,
                "vintage": held[entry.id].vintage if entry.id in held else None,
                **{
                    name: getattr(held[entry.id], name) if entry.id in held else None
                    for name in ("facts", "rows_in", "rows_kept", "rows_aside")
                },
                "license": entry.license.name,
                "noncommercial": entry.license.noncommercial,
                "landing": entry.landing,
            }
            for entry in catalog().values()
        ]
    )
