"""How an answer is printed or written: text for a person, rows, the envelope as JSON, figures as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tripoint.answers.keys import KEYS
from tripoint.answers.registry import Asked, read
from tripoint.cli.output import console, print_rows, write_figure, write_text
from tripoint.errors import CoverageError, InputError

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer, Line, Part
    from tripoint.answers.question import Question

#: Fact ids under a line.
_IDS = 3

T = TypeVar("T")


def answered(
    known: Asked,
    given: Mapping[str, Any],
    *,
    home: Path | None,
    form: str | None,
    output: Path | None,
    figure: Path | None,
) -> None:
    """Ask, and print or write the answer in the form asked for."""
    from tripoint import ask
    from tripoint.pipeline import open_evidence

    if figure is not None:
        _check_figure(figure)
    question = read("listing", {"of": "scenarios"}) if _missing_file(known, given) else read(known.subject, given)
    evidence = open_evidence(home)
    found = working(known.about, lambda: ask.answer(evidence, question))
    if figure is not None:
        _draw(found, figure)
    if form == "json" or (form is None and output is not None and output.suffix == ".json"):
        write_text(found.to_json(), output)
    elif form or (output is not None and output.suffix in (".csv", ".parquet")):
        print_rows(found.rows, form, output)
        for remark in found.remarks:
            click.echo(f"Note: {remark}", err=True)
    elif output is not None:
        write_text("".join(f"{text}\n" for text, _ in told(found)), output)
    elif figure is None:
        show(found)


def working(what: str, work: Callable[[], T]) -> T:
    """Do the work, with a sign of life and the seconds gone by on a terminal."""
    import sys

    if not sys.stderr.isatty():
        return work()
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        progress.add_task(what, total=None)
        return work()


def show(found: Answer) -> None:
    """Print an answer: with bold and dim on a terminal, as plain text elsewhere."""
    import sys

    if not sys.stdout.isatty():
        for text, _ in told(found):
            click.echo(text)
        return
    out = console()
    for text, style in told(found):
        out.print(text, style=style, markup=False, soft_wrap=True)


def told(found: Answer) -> Iterator[tuple[str, str]]:
    """An answer as lines, each with its style; what sources brought along for a terminal to do is written out."""
    from tripoint.answers.text import printable

    for text, style in _told(found):
        yield printable(text), style


def _told(found: Answer) -> Iterator[tuple[str, str]]:
    yield found.headline, "bold"
    for remark in found.remarks:
        yield f"Note: {remark}", ""
    for part in found.parts:
        yield from _part(part)
    if found.sources:
        yield "", ""
        yield "Sources", "bold"
    for source in found.sources:
        terms = "  (non-commercial use)" if source.noncommercial else ""
        yield f"[{source.number}] {source.citation}{terms}", ""
    yield "", ""
    newest = f", newest fact {found.newest}" if found.newest else ""
    yield f"Evidence {found.evidence[:12]}{newest}. Rows: --csv. Everything: --json. One fact: tripoint fact ID.", "dim"


def _part(part: Part) -> Iterator[tuple[str, str]]:
    from tripoint.answers.text import table_lines

    if not (part.lines or part.table):
        return
    yield "", ""
    if part.heading:
        yield part.heading, "bold"
    for line in part.lines:
        yield from _line(line)
    if part.table is not None:
        yield from ((text, "") for text in table_lines(part.table))


def _line(line: Line) -> Iterator[tuple[str, str]]:
    from tripoint.answers.text import line_text

    yield line_text(line), {"strong": "bold", "note": "dim"}.get(line.tone, "")
    if line.facts:
        more = f" and {len(line.facts) - _IDS} more" if len(line.facts) > _IDS else ""
        yield "  " * (line.level + 1) + ", ".join(line.facts[:_IDS]) + more, "dim"


def _draw(found: Answer, path: Path) -> None:
    """Write the figures of an answer: one under the name given, several with the names of their parts put in."""
    drawn = [(part.heading, part.figure) for part in found.parts if part.figure is not None]
    if not drawn:
        raise CoverageError(f"{found.question.address}: there is nothing to draw, so no figure; {found.headline}")
    for heading, figure in drawn:
        slug = "-".join(heading.casefold().split())
        target = path if len(drawn) == 1 else path.with_name(f"{path.stem}-{slug}{path.suffix}")
        write_figure(figure, target)
        click.echo(str(target), err=True)


def _missing_file(known: Asked, given: Mapping[str, Any]) -> bool:
    """Whether the question is on something that ships or a file, and none is named: then those that ship are listed."""
    return any(KEYS[n].form == "file" and n != "file" and n not in given for n in _needed(known.question))


def _needed(question: type[Question]) -> list[str]:
    return [f.name for f in fields(question) if f.default is MISSING and f.default_factory is MISSING]


def _check_figure(path: Path) -> None:
    """Refuse a name of a figure before anything is computed."""
    if path.suffix not in (".svg", ".png", ".html"):
        raise InputError(f"figure: '{path.name}' must end in .svg, .png or .html")
