"""Answers as lines of text: what a notebook's repr, Markdown and a terminal without colors show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from unicodedata import category

from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer, Line, Part, Table


def text_lines(answer: Answer) -> list[str]:
    """The whole answer as lines: headline, remarks, parts, sources."""
    lines = [answer.headline, *(f"Note: {remark}" for remark in answer.remarks)]
    for part in answer.parts:
        lines += part_lines(part)
    if answer.sources:
        lines += ["", "Sources"]
        lines += [
            f"[{s.number}] {s.citation}{'  (non-commercial use)' if s.noncommercial else ''}" for s in answer.sources
        ]
    return lines


def part_lines(part: Part) -> list[str]:
    """A part as lines, with an empty one before its heading."""
    lines = ["", part.heading] if part.heading else [""]
    lines += [line_text(line) for line in part.lines]
    if part.table is not None:
        lines += table_lines(part.table)
    return lines


def printable(text: str) -> str:
    """Text that a terminal only shows: what would move its cursor, name its window or turn its writing is written out.

    Examples
    --------
    >>> printable("a\\x1b[31mb\\u202ec\\n")
    'a\\\\x1b[31mb\\\\u202ec '
    """
    text = text.replace("\n", " ").replace("\t", " ")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or category(c) == "Zs" else c.encode("unicode_escape").decode() for c in text)


def line_text(line: Line) -> str:
    """A line, set in, with the numbers of its sources."""
    marks = "".join(f"[{n}]" for n in line.marks)
    return "  " * line.level + line.text + (f" {marks}" if marks else "")


def table_lines(table: Table) -> list[str]:
    """A table as columns of text, with its title above and its note below."""
    lines = [table.title] if table.title else []
    lines += columns(table.head, table.rows, words=table.words)
    return [*lines, *([table.note] if table.note else [])]


def columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, indent: str = "  ", words: bool = False
) -> list[str]:
    """Rows as columns of text: the first to the left, numbers to the right; all to the left where ``words``."""
    cells = [list(head), *(list(row) for row in rows)]
    wide = [max(len(row[k]) for row in cells) for k in range(len(head))]
    left = set(range(len(head))) if words else {0}
    return [
        (
            indent
            + "  ".join(c.ljust(w) if k in left else c.rjust(w) for k, (c, w) in enumerate(zip(row, wide, strict=True)))
        ).rstrip()
        for row in cells
    ]


def citation(answer: Answer, form: str = "text") -> str:
    """How to cite the sources of an answer.

    Raises :class:`~tripoint.errors.InputError` for a form other than ``text`` and ``bibtex``.
    """
    if form == "text":
        return "".join(f"[{s.number}] {s.citation}\n" for s in answer.sources)
    if form == "bibtex":
        note = f"  note = {{evidence {answer.evidence[:12]}}}\n}}\n"
        return "".join(
            f"@misc{{{_key(s.id)},\n  title = {{{{{_braced(s.citation)}}}}},\n{note}" for s in answer.sources
        )
    raise InputError(f"cite: '{form}' is neither text nor bibtex")


def _key(text: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in text)


def _braced(text: str) -> str:
    return "".join({"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&"}.get(c, c) for c in text)
