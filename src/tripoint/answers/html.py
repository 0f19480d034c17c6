"""Answers as HTML: what a notebook shows, and what a page sets among its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from tripoint.chart.marks import marked

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer, Line, Part, Table
    from tripoint.chart.figure import Figure

#: From what a row or a line is on (``fact/...``, ``pair/CHN-RUS``) to its address; None where there is no page of it.
Href = Callable[[str], str | None]
Draw = Callable[["Figure"], str]

#: Columns beyond which a table becomes a list on a narrow desk, and not only on a phone.
_MANY = 7
_NUMBER = re.compile(r"[<>≤≥~]?[-+−]?[\d.,]+( ?%)?")


def nowhere(_: str) -> str | None:
    """Lead nowhere: a notebook has no pages."""
    return None


def fragment(answer: Answer) -> str:
    """The whole answer as one ``section`` element, without scripts or links that leave the document."""
    remarks = "".join(f'<p class="warning">{escape(r)}</p>' for r in answer.remarks)
    parts = "".join(part_html(part) for part in answer.parts)
    sources = "".join(f"<li>{escape(s.citation)}</li>" for s in answer.sources)
    listed = f'<section class="sources"><h3>Sources</h3><ol>{sources}</ol></section>' if sources else ""
    head = f'<p class="headline"><b>{escape(answer.headline)}</b></p>'
    foot = f'<p class="reach">Evidence {escape(answer.evidence[:12])}</p>'
    return f'<section class="answer">{head}{remarks}{parts}{listed}{foot}</section>'


def part_html(part: Part, *, level: int = 3, href: Href = nowhere, draw: Draw | None = None) -> str:
    """A part: heading, lines, table, figure."""
    head = f"<h{level}>{escape(part.heading)}</h{level}>" if part.heading else ""
    lines = "".join(line_html(line, href=href) for line in part.lines)
    table = table_html(part.table, href=href) if part.table is not None else ""
    figure = "" if part.figure is None else draw(part.figure) if draw else part.figure.to_html()
    return f'<section class="part">{head}{lines}{table}{figure}</section>'


def line_html(line: Line, *, href: Href = nowhere) -> str:
    """A line, with the numbers of its sources, and a link to the fact where it is of one."""
    marks = ", ".join(f'<a href="#source-{n}">{n}</a>' if href is not nowhere else str(n) for n in line.marks)
    marks = f"<sup>{marks}</sup>" if marks else ""
    where = href(f"fact/{line.facts[0]}") if len(line.facts) == 1 else None
    fact = f' <a class="row" href="{escape(where)}">row</a>' if where else ""
    return f'<p class="line level-{line.level} {escape(line.tone)}">{marked(line.text)}{marks}{fact}</p>'


def table_html(table: Table, *, href: Href = nowhere, id: str = "") -> str:
    """A real table with a caption, column heads, and the first cell of a row as its head, linked where it leads on."""
    numeric = [
        not table.words and k > 0 and all(_NUMBER.fullmatch(row[k]) or row[k] in ("", "?", "-") for row in table.rows)
        for k in range(len(table.head))
    ]
    head = "".join(
        f'<th scope="col"{_number(n)}>{escape(name)}</th>' for name, n in zip(table.head, numeric, strict=True)
    )
    body = "".join(
        _row(table, row, numeric, href(link) if link else None)
        for row, link in zip(table.rows, table.links or [""] * len(table.rows), strict=True)
    )
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    named = f' id="{escape(id)}"' if id else ""
    kind = ' class="stack many"' if len(table.head) > _MANY else ' class="stack"' if len(table.head) > 2 else ""
    return f"<table{named}{kind}>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _row(table: Table, row: tuple[str, ...], numeric: list[bool], address: str | None) -> str:
    first = marked(row[0]) if row[0] else "&nbsp;"
    cells = [
        f'<th scope="row"><a href="{escape(address)}">{first}</a></th>' if address else f'<th scope="row">{first}</th>'
    ]
    cells += [
        f'<td data-head="{escape(table.head[k])}"{_number(numeric[k])}>{_one_child(marked(cell))}</td>'
        for k, cell in enumerate(row)
        if k > 0
    ]
    return "<tr>" + "".join(cells) + "</tr>"


def _one_child(cell: str) -> str:
    """What is more than text as one element: on a phone a cell is a grid of its label and its value."""
    return f"<span>{cell}</span>" if "<" in cell else cell


def _number(numeric: bool) -> str:
    return ' class="n"' if numeric else ""
