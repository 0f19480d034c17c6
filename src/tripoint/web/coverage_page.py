"""Coverage as a page: a matrix of years in which a register, a list in part and silence look different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.errors import TripointError
from tripoint.record import KINDS
from tripoint.web.pages import Page

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer

#: Last year that a register covers -> class of its shade, freshest first.
_SHADES = ((2024, "fresh"), (2018, "late"), (2010, "old"), (0, "older"))
_TABLES = {
    "commitments": "Ties",
    "events": "Events",
    "flows": "Flows",
    "positions": "Votes and aims",
    "attributes": "Attributes",
}


def coverage_page(page: Page, answer: Answer) -> Page:
    """Arrange coverage for its template."""
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for row in answer.rows.iter_rows(named=True):
        cells.setdefault(row["kind"], {})[row["states"]] = _cell(row)
    columns = list(dict.fromkeys(answer.rows["states"].to_list())) if answer.rows.height else []
    known = {kind: row for kind, row in cells.items() if any(cell["words"] != "not searched" for cell in row.values())}
    groups = [
        (heading, [(kind, [row[c] for c in columns]) for kind, row in known.items() if KINDS[kind].table == table])
        for table, heading in _TABLES.items()
    ]
    dark = [kind for kind in cells if kind not in known]
    extra = {
        "columns": [(name, _name(name)) for name in columns],
        "groups": [group for group in groups if group[1]],
        "dark": ", ".join(dark),
    }
    return replace(page, parts=(), extra=extra)


def _cell(row: Mapping[str, Any]) -> dict[str, Any]:
    register, part = _year(row["register_until"]), _year(row["in_part_until"])
    if part and register and part <= register:
        part = None
    words = ", ".join(
        filter(None, (f"register to {register}" if register else "", f"in part to {part}" if part else ""))
    )
    shade = next((name for least, name in _SHADES if register and register >= least), "")
    return {"register": register, "part": part, "shade": shade, "words": words or "not searched"}


def _year(day: date | None) -> int | None:
    return day.year if day else None


def _name(column: str) -> str:
    try:
        return " and ".join(states.find(part).name for part in column.split("-"))
    except TripointError:
        return column
