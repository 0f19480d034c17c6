"""An answer in another form at the same address: JSON, CSV, Parquet, SVG, PNG, Markdown, BibTeX; changes as Atom."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer


def in_form(answer: Answer, form: str) -> bytes:
    """Return an answer as bytes of a form named in :data:`tripoint.web.addresses.FORMS`.

    Raises :class:`~tripoint.errors.InputError` where the answer has nothing of that form: no rows, no figure.
    """
    if form == "json":
        return answer.to_json().encode()
    if form == "md":
        return markdown(answer).encode()
    if form == "bib":
        return answer.cite("bibtex").encode()
    if form in ("svg", "png"):
        return _figure(answer, form)
    if form == "atom":
        raise InputError("only /changes can be followed as .atom")
    if not answer.rows.width:
        raise InputError(f"this page has no rows for .{form}; take .json")
    if form == "csv":
        from tripoint.answers.rows import csv_text

        return csv_text(answer.rows).encode()
    stream = io.BytesIO()
    answer.rows.write_parquet(stream)
    return stream.getvalue()


def forms_of(answer: Answer) -> tuple[str, ...]:
    """Return the forms that an answer can be had in."""
    rows = ("csv", "json", "parquet") if answer.rows.width else ("json",)
    figures = ("svg", "png") if answer.figures else ()
    return (*rows, *figures, "md", *(("bib",) if answer.sources else ()))


def markdown(answer: Answer) -> str:
    """Return an answer as Markdown; what was read from sources is escaped."""
    from tripoint.answers.text import line_text

    lines = [f"# {_plain(answer.headline)}", ""]
    lines += [f"> {_plain(remark)}\n" for remark in answer.remarks]
    for part in answer.parts:
        if part.heading:
            lines += ["", f"## {_plain(part.heading)}", ""]
        lines += [f"{'  ' * line.level}- {_plain(line_text(line).strip())}" for line in part.lines]
        if part.table is not None:
            table = part.table
            lines += ["", _row(table.head), "|" + " --- |" * len(table.head), *(_row(row) for row in table.rows), ""]
    if answer.sources:
        lines += ["", "## Sources", "", *(f"{s.number}. {_plain(s.citation)}" for s in answer.sources)]
    return "\n".join([*lines, "", f"Evidence {answer.evidence[:12]}", ""])


def _figure(answer: Answer, form: str) -> bytes:
    if answer.figure is None:
        raise InputError(f"this page has no figure for .{form}")
    if form == "svg":
        return answer.figure.to_svg().encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "figure.png"
        answer.figure.to_png(path)
        return path.read_bytes()


_MARKED = str.maketrans({c: "\\" + c for c in "\\`*_[]<>#|"})


def _plain(text: str) -> str:
    return text.replace("\n", " ").translate(_MARKED)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"
