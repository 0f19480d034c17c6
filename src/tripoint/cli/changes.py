"""``tripoint changes``: what is new, ended, stale, revised or moved since a day or an earlier state of the evidence."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from tripoint.cli.output import home_option, to_json, write_text


@click.command("changes")
@click.option("--since", required=True, help="A day, a hash of earlier evidence, or source@vintage.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day (default: today).")
@click.option("--states", "named", default="", help="States, such as RUS,CHN; facts between them where more than one.")
@click.option("--form", type=click.Choice(["text", "json", "atom"]), default="text", show_default=True)
@click.option("--verdicts/--no-verdicts", default=False, help="Also weigh the shipped arguments at both ends.")
@click.option("--url", default="https://example.org/changes", help="Where an Atom feed will stand.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
@home_option
def changes_command(
    since: str,
    until: datetime | None,
    named: str,
    form: str,
    verdicts: bool,
    url: str,
    output: Path | None,
    home: Path | None,
) -> None:
    """List what changed: new facts, ended and stale ties, revised figures, relations and verdicts that moved.

    \b
    Example:
      tripoint changes --since 2026-01-01 --states RUS,CHN
      tripoint changes --since imf-trade@2025-10
      tripoint changes --since 2026-01-01 --form atom -o changes.xml
    """
    from tripoint.claims.changes import find_changes
    from tripoint.claims.changes_told import changes_atom, changes_record, changes_text
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import library
    from tripoint.pipeline import open_evidence

    found = find_changes(
        open_evidence(home),
        since,
        until=until.date() if until else date.today(),
        named=[s.strip() for s in named.split(",") if s.strip()],
        arguments=[read_claims(p) for p in library()] if verdicts else (),
    )
    if form == "json":
        write_text(to_json(changes_record(found)), output)
    else:
        from tripoint.answers.text import printable

        told = "".join(f"{printable(line)}\n" for line in changes_text(found).split("\n")[:-1])
        write_text(changes_atom(found, url=url) if form == "atom" else told, output)
