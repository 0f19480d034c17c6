"""A fact as a page: a sentence, the row in words, what the document says, and the document beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.making import titled
from tripoint.answers.plain import plain
from tripoint.answers.registry import read
from tripoint.answers.words import day_as_known
from tripoint.evidence.documents import GRADES
from tripoint.record import KINDS
from tripoint.web.addresses import address_of
from tripoint.web.pages import Page

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.web.service import Service

#: Column -> its name for a reader, in the order of the page; a column that is empty is left out.
_NAMES: Mapping[str, str] = {
    "instrument": "Instrument",
    "title": "What",
    "item": "Item",
    "choice": "Choice",
    "value": "Amount",
    "level": "Level",
    "intensity": "Intensity",
    "count": "Count",
    "members": "States bound",
    "term": "Agreed length",
    "renewed": "Renews itself",
    "seen": "Last seen in force",
    "place": "Place",
}


def fact_page(page: Page, answer: Answer, service: Service) -> Page:
    """Arrange a fact for its template."""
    found = plain(answer.result)
    row, table = found["row"], found["table"]
    a, b = row.get("state_a") or row.get("state"), row.get("state_b")
    who = titled([s for s in (a, b) if s])
    day = _day(row, "start" if "start" in row else "date")
    kind = str(row["kind"])
    heading = f"{who}: {kind}{f', {day}' if day else ''}"
    said = row.get("instrument") or row.get("title") or row.get("item") or KINDS[kind].meaning
    by_id = {piece.id: piece for piece in page.parts}
    origin = found["origin"] or found["source"]
    grade = str(origin.get("grade") or "")
    site = service.site
    around = [(f"{who}: all that is on record", site.link(f"pair/{'-'.join(sorted((a, b)))}" if b else f"state/{a}"))]
    if b:
        asked = read("why", {"a": a, "b": b, "kind": kind})
        around.append((f"Who looked for a {kind} between them", site.href(address_of(asked))))
    extra = {
        "rows": list(_rows(row, table, who, service)),
        "where": row.get("where") or "",
        "says": row.get("says") or "",
        "note": row.get("note") or "",
        "meaning": KINDS[kind].meaning,
        "document": _document(origin),
        "source": _document(found["source"]) if found["origin"] else None,
        "source_link": site.link(f"source/{found['source']['id']}") or "",
        "ends": _document(found["end_origin"]) if found["end_origin"] else None,
        "others": by_id.get("who-else-has-it"),
        "whole": by_id.get("row"),
        "around": [(words, link) for words, link in around if link],
        "grades": GRADES.items(),
        "id": found["fact_id"],
        "locator": row["locator"],
    }
    reach = (("Grade", f"{grade}, {GRADES[grade]}"), *page.reach) if grade else page.reach
    crumbs = (("Pairs", site.section("Pairs")), (who, around[0][1] or ""), (kind, ""))
    short = tuple(w for w in page.warnings if not w.startswith("Nothing here is newer"))
    return replace(
        page,
        title=heading,
        heading=heading,
        dek=str(said)[:1].upper() + str(said)[1:],
        crumbs=crumbs,
        reach=tuple(r for r in reach if r[0] not in ("Facts", "Sources")),
        warnings=short,
        citation=page.citation.replace(page.heading, heading),
        parts=(),
        extra=extra,
    )


def _rows(row: Mapping[str, Any], table: str, who: str, service: Service) -> Iterator[tuple[str, str, str]]:
    """Name, text and link of each line of the row."""
    a, b = row.get("state_a") or row.get("state"), row.get("state_b")
    directed = bool(row.get("directed", table == "flows")) and b
    yield (
        "From" if directed else "States" if b else "State",
        states.find(str(a)).name,
        service.site.link(f"state/{a}") or "",
    )
    if b:
        yield "To" if directed else "and", states.find(b).name, service.site.link(f"state/{b}") or ""
    for column, name in _NAMES.items():
        if row.get(column) not in (None, ""):
            yield name, _value(row, column), ""
    if "date" in row:
        yield "Day", _day(row, "date"), ""
    else:
        yield "Began" if table in ("commitments", "events") else "From", _day(row, "start") or "unknown", ""
        open_end = "no end on record" if table == "commitments" else "not given"
        yield "Ended" if table in ("commitments", "events") else "To", _day(row, "end") or open_end, ""
    yield "Known to the", str(row["precision"]), ""


def _value(row: Mapping[str, Any], column: str) -> str:
    value, scale = row[column], KINDS[row["kind"]].scale
    if column == "value":
        return f"{value:,.6g} {row.get('unit') or ''}".strip()
    if column in ("level", "intensity"):
        return f"{value:,.6g}{f' on the scale {scale}' if scale else ''}"
    if column == "term":
        return f"{value:,} months"
    if column == "renewed":
        return "yes" if value else "no"
    return str(value)


def _day(row: Mapping[str, Any], column: str) -> str:
    from datetime import date

    value = row.get(column)
    if not value:
        return ""
    day = date.fromisoformat(str(value))
    if row.get("precision") == "day":
        return f"{day.day} {day:%B %Y}"
    return day_as_known(day, row["precision"])


def _document(source: Mapping[str, Any]) -> dict[str, Any]:
    """A document's title, who issued it, and where it opens."""
    safe = {k: v for k in ("url", "archived") if (v := str(source.get(k) or "")).startswith(("https://", "http://"))}
    told = [str(source[k]) for k in ("producer", "date", "language") if source.get(k)]
    return {
        "title": source.get("title") or source.get("citation") or source["id"],
        "told": ", ".join(told),
        "citation": source.get("citation") or "",
        "license": source.get("license") or "",
        "url": safe.get("url", ""),
        "archived": safe.get("archived", ""),
        "opens": source.get("opens") is not False,
        "seen": source.get("seen") or "",
    }
