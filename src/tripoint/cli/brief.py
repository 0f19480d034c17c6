"""``tripoint brief``: a sourced brief, on paper and on screen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tripoint.cli.output import home_option, write_text
from tripoint.errors import InputError
from tripoint.writing import write_whole

if TYPE_CHECKING:
    from tripoint.briefs.paper import Brief

_FORMS = ("html", "md", "pdf", "bib", "json")


@click.command("brief")
@click.argument("what", nargs=-1)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File; its ending is the form.")
@click.option("--form", type=click.Choice(_FORMS), help="Form, where the file's ending does not say.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Use nothing dated after this day.")
@home_option
def brief_command(
    what: tuple[str, ...], output: Path | None, form: str | None, as_of: datetime | None, home: Path | None
) -> None:
    """Build a brief from a claim file, from one, two or three states, or (without any) from the argument that ships.

    \b
    Example:
      tripoint brief -o brief.html
      tripoint brief turkey-nato-russia -o turkey.pdf
      tripoint brief RUS CHN -o rus-chn.pdf
      tripoint brief IND -o ind.html
      tripoint brief IND RUS CHN -o triangle.html
    """
    import tripoint
    from tripoint import ask
    from tripoint.briefs.asked import BriefAsked, build, given
    from tripoint.pipeline import open_evidence

    target = output or Path(f"{'-'.join(Path(w).stem.lower() for w in what) or 'brief'}.{form or 'html'}")
    kind = form or target.suffix.lstrip(".")
    if kind not in _FORMS:
        raise InputError(f"'{target.name}' ends in no form that is known; use {', '.join(_FORMS)}, or --form")
    question = BriefAsked.read(given(what) | {"as_of": as_of.date() if as_of else None})
    evidence = open_evidence(home)
    if kind == "json":
        found = ask.answer(evidence, question)
        write_text(found.to_json(), target)
        click.echo(f"{target}: {len(found.parts)} parts, {len(found.sources)} sources")
        return
    command = " ".join(("tripoint brief", *what, *(("--as-of", str(as_of.date())) if as_of else ())))
    brief = build(evidence, question, command=command, version=tripoint.__version__)
    _write(brief, kind, target)
    click.echo(f"{target}: {len(brief.sections)} sections, {len(brief.sources)} sources")


def _write(brief: Brief, kind: str, target: Path) -> None:
    from tripoint.briefs import render

    if kind == "pdf":
        write_whole(target, render.render_pdf(brief))
    else:
        draw = {"html": render.render_html, "md": render.render_markdown, "bib": render.render_bibtex}[kind]
        write_text(draw(brief), target)
