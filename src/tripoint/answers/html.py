"""Answers as HTML fragments: what a notebook shows and a page sets among its own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer, Line, Part, Table


def fragment(answer: Answer) -> str:
    """The whole answer as one ``section`` element, without scripts or links that leave the document."""
    remarks = "".join(f'<p class="remark">{escape(r)}</p>' for r in answer.remarks)
    parts = "".join(part_html(part) for part in answer.parts)
    sources = "".join(f"<li>{escape(s.citation)}</li>" for s in answer.sources)
    listed = f'<section class="sources"><h3>Sources</h3><ol>{sources}</ol></section>' if sources else ""
    foot = f'<p class="reach">Evidence {escape(answer.evidence[:12])}</p>'
    head = f'<p class="headline">{escape(answer.headline)}</p>'
    return f'<section class="answer">{head}{remarks}{parts}{listed}{foot}</section>'


def part_html(part: Part, *, level: int = 3) -> str:
    """A part: heading, lines, table, figure."""
    head = f"<h{level}>{escape(part.heading)}</h{level}>" if part.heading else ""
    lines = "".join(line_html(line) for line in part.lines)
    table = table_html(part.table) if part.table is not None else ""
    figure = part.figure.to_html() if part.figure is not None else ""
    return f'<section class="part">{head}{lines}{table}{figure}</section>'


def line_html(line: Line) -> str:
    """A line with the numbers of its sources as superscripts."""
    marks = f"<sup>{', '.join(map(str, line.marks))}</sup>" if line.marks else ""
    return f'<p class="line level-{line.level} {escape(line.tone)}">{escape(line.text)}{marks}</p>'


def table_html(table: Table) -> str:
    """A real table with a caption, column heads, and the first cell of a row as its head."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>' if k == 0 else f"<td>{escape(cell)}</td>"
            for k, cell in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
