"""``tripoint brief``: a sourced brief, on paper and on screen."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tripoint.cli.output import home_option, write_text
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.claims.files import ClaimFile

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
    """Build a brief from a claim file, from two states, or (without either) from the argument that ships.

    \b
    Example:
      tripoint brief -o brief.html
      tripoint brief RUS CHN -o rus-chn.pdf
    """
    import tripoint
    from tripoint.brief.compose import build_brief
    from tripoint.pipeline import open_evidence

    file, words = _claims(what, as_of)
    target = output or Path(f"{'-'.join(words) or 'brief'}.{form or 'html'}")
    kind = form or target.suffix.lstrip(".")
    if kind not in _FORMS:
        raise InputError(f"'{target.name}' ends in no form that is known; use {', '.join(_FORMS)}, or --form")
    command = " ".join(("tripoint brief", *what, *(("--as-of", str(as_of.date())) if as_of else ())))
    brief = build_brief(
        file, open_evidence(home), as_of=as_of.date() if as_of else None, command=command, version=tripoint.__version__
    )
    _write(brief, kind, target)
    tested = sum(1 for s in brief.sections if s.judgement.likelihood)
    click.echo(f"{target}: {len(brief.sections)} claims, {tested} with a likelihood, {len(brief.sources)} sources")


def _claims(what: tuple[str, ...], as_of: datetime | None) -> tuple[ClaimFile, tuple[str, ...]]:
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import pair_claims, shipped

    if not what:
        return read_claims(shipped("russia-china-india")), ()
    if len(what) == 1 and not Path(what[0]).is_file():
        raise InputError(f"'{what[0]}' is no claim file; give a claim file, or two states")
    if len(what) == 1:
        return read_claims(Path(what[0])), (Path(what[0]).stem,)
    if len(what) == 2:
        return pair_claims(*what, as_of=as_of.date() if as_of else date.today()), tuple(w.lower() for w in what)
    raise InputError(f"{len(what)} arguments; give one claim file, two states, or nothing")


def _write(brief: object, kind: str, target: Path) -> None:
    from tripoint.brief import render
    from tripoint.brief.compose import Brief

    if not isinstance(brief, Brief):
        raise TypeError("not a brief")
    if kind == "pdf":
        target.write_bytes(render.render_pdf(brief))
    else:
        draw = {"html": render.render_html, "md": render.render_markdown, "bib": render.render_bibtex}[kind]
        write_text(draw(brief), target)
