"""How a document is named to a reader: where it opens, what copy is kept, and how near to the issuer it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: What a grade says of a document; D never decides what a state's latest position is.
GRADES: Mapping[str, str] = {
    "A": "the issuer's own text",
    "B": "an agency, a court's or a parliament's record",
    "C": "press on a named speaker or act",
    "D": "anonymous sources",
}


def address_of(document: Mapping[str, Any]) -> str:
    """Where a document opens, with its archived copy; a home or list page is said to be one.

    >>> address_of({"url": "https://www.pib.gov.in/", "opens": False, "kind": "official statement"})
    'no document named: https://www.pib.gov.in/ is a home or list page'
    """
    url = document.get("url") or ""
    copy = f" (archived: {document['archived']})" if document.get("archived") else ""
    if url and document.get("opens") is False:
        return f"no document named: {url} is a home or list page{copy}"
    return f"{url}{copy}".strip()


def grade_of(document: Mapping[str, Any]) -> str:
    """A document's grade in words, and whether a compiler opened it; empty where the source gives no grades.

    >>> grade_of({"grade": "A", "seen": "2026-11-30"})
    "A, the issuer's own text; read on 2026-11-30"
    """
    grade = document.get("grade") or ""
    if not grade:
        return ""
    read = f"read on {document['seen']}" if document.get("seen") else "not opened by the compilers at this address"
    return f"{grade}, {GRADES[grade]}; {read}"


def with_documents(evidence: Evidence, facts: pl.DataFrame) -> pl.DataFrame:
    """Facts with ``url``, ``archived`` and ``grade`` of the document that each rests on, null where it names none."""
    keys = facts["origin"].drop_nulls().unique().to_list() if "origin" in facts.columns else []
    documents = evidence.sql(
        "SELECT id AS origin, any_value(CASE WHEN opens IS NOT false THEN url END) AS url, "
        "any_value(archived) AS archived, any_value(grade) AS grade FROM sources "
        "WHERE list_contains(?::VARCHAR[], id) GROUP BY id",
        [keys],
    )
    return facts.join(documents, on="origin", how="left", maintain_order="left")
