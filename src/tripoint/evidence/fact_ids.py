"""The fact that a short form of an id names: a row id of the shipped evidence, or an id without its edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.errors import InputError, UnknownNameError
from tripoint.record import TABLES, fact_id

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Source whose row ids may stand alone.
_SHIPPED = "starter"
#: Facts named where a row id stands for several.
_NAMED = 8


def full_fact_id(evidence: Evidence, text: str) -> str:
    """Fact id that a text names.

    A row of the shipped evidence may carry several facts (a treaty has one for each pair and obligation); its id names
    a fact where there is only one.

    Parameters
    ----------
    evidence
        Where to look.
    text
        ``source@edition#record``, ``source#record`` or the id of a row of the shipped evidence.

    Raises
    ------
    InputError
        When the text stands for several facts; they are named.
    UnknownNameError
        When no fact has that id.
    """
    head, hash_, tail = text.partition("#")
    source, _, vintage = head.partition("@") if hash_ else (_SHIPPED, "", "")
    record = tail if hash_ else text
    held = evidence.snapshot.editions if vintage else evidence.editions
    editions = [e for e in held if e.source_id == source and (not vintage or e.vintage == vintage)]
    if (vintage and not editions) or not source or not record:
        return text
    found: list[str] = []
    for edition in editions:
        for part in (edition.parts[table] for table in TABLES if table in edition.parts):
            path = str(evidence.home / "store" / edition.folder / part.file)
            query = "SELECT locator FROM read_parquet(?) WHERE locator = ? OR starts_with(locator, ?) ORDER BY locator"
            rows = evidence.sql(query, [path, record, f"{record}/"])["locator"]
            found += [fact_id(source, edition.vintage, locator) for locator in rows]
    exact = [one for one in found if one.endswith(f"#{record}")]
    named = exact or found
    if len(named) == 1:
        return named[0]
    if named:
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        raise InputError(f"'{text}' stands for {len(named)} facts; ask for one: {', '.join(named[:_NAMED])}{more}")
    if vintage:
        return text
    raise UnknownNameError(
        f"'{text}' is not a fact id, nor the id of a row that ships; a fact id looks like "
        f"atop@5.1#4980/CHN-RUS/consultation, and tripoint facts --source {_SHIPPED} lists those that ship"
    )
