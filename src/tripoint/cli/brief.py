"""``tripoint brief``: a sourced brief, on paper and on screen."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tripoint.cli.output import home_option, write_text
from tripoint.errors import InputError
from tripoint.writing import write_whole

if TYPE_CHECKING:
    from tripoint.briefs.paper import Brief

_FORMS = ("html", "md", "pdf", "bib")


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

    target = output or Path(f"{'-'.join(Path(w).stem.lower() for w in what) or 'brief'}.{form or 'html'}")
    kind = form or target.suffix.lstrip(".")
    if kind not in _FORMS:
        raise InputError(f"'{target.name}' ends in no form that is known; use {', '.join(_FORMS)}, or --form")
    command = " ".join(("tripoint brief", *what, *(("--as-of", str(as_of.date())) if as_of else ())))
    brief = _built(what, as_of.date() if as_of else None, home, command=command, version=tripoint.__version__)
    _write(brief, kind, target)
    click.echo(f"{target}: {len(brief.sections)} sections, {len(brief.sources)} sources")


def _built(what: tuple[str, ...], as_of: date | None, home: Path | None, *, command: str, version: str) -> Brief:
    """The brief of a claim file, a pair, a state or a triangle, as the words say."""
    from tripoint.briefs import dossier
    from tripoint.briefs.compose import build_brief
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import library, shipped
    from tripoint.pipeline import open_evidence

    if len(what) > 3:
        raise InputError(f"{len(what)} arguments; give one claim file, one, two or three states, or nothing")
    if not what or (len(what) == 1 and what[0].endswith(".toml")):
        file = read_claims(Path(what[0]) if what else shipped("russia-china-india"))
        return build_brief(file, open_evidence(home), as_of=as_of, command=command, version=version)
    if len(what) == 1 and what[0] in {p.stem for p in library()}:
        file = read_claims(shipped(what[0]))
        return build_brief(file, open_evidence(home), as_of=as_of, command=command, version=version)
    evidence, day = open_evidence(home), as_of or date.today()
    if len(what) == 1:
        return dossier.build_state(evidence, what[0], as_of=day, command=command, version=version)
    if len(what) == 2:
        return dossier.build_pair(evidence, *what, as_of=day, command=command, version=version)
    return dossier.build_triangle(evidence, what, as_of=day, command=command, version=version)


def _write(brief: Brief, kind: str, target: Path) -> None:
    from tripoint.briefs import render

    if kind == "pdf":
        write_whole(target, render.render_pdf(brief))
    else:
        draw = {"html": render.render_html, "md": render.render_markdown, "bib": render.render_bibtex}[kind]
        write_text(draw(brief), target)
