"""``tripoint facts`` and ``tripoint fact``: rows of the record."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, to_json

_COLUMNS = ("fact_id", "kind", "state_a", "state_b", "start", "end", "value", "unit", "what", "item")


@click.command("facts")
@click.argument("state", nargs=-1)
@click.option("--kind", "kinds", multiple=True, help="Kind of fact (may be repeated).")
@click.option("--since", type=int, help="First year.")
@click.option("--until", type=int, help="Last year.")
@click.option("--source", "sources", multiple=True, help="Source id (may be repeated).")
@click.option("--limit", type=int, default=None, help="Most rows.")
@home_option
@row_options
def facts_command(
    state: tuple[str, ...],
    kinds: tuple[str, ...],
    since: int | None,
    until: int | None,
    sources: tuple[str, ...],
    limit: int | None,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """List facts about one STATE, or between two.

    \b
    Example:
      tripoint facts RUS CHN --kind "joint exercise" --since 2019
    """
    from tripoint import states
    from tripoint.errors import InputError, unknown
    from tripoint.evidence.documents import with_documents
    from tripoint.pipeline import open_evidence

    if len(state) > 2:
        raise InputError(f"{len(state)} states given; name one state, or two for the facts between them")
    evidence = open_evidence(home)
    have = {e.source_id for e in evidence.editions}
    for name in sources:
        if name not in have:
            raise unknown("source", name, have, where="the store")
    lines = [states.lineage(states.find(name).id) for name in state]
    frame = evidence.facts(
        states=lines[0] if len(lines) == 1 else (),
        between=(lines[0], lines[1]) if len(lines) == 2 else None,
        kinds=kinds,
        since=date(since, 1, 1) if since else None,
        until=date(until, 12, 31) if until else None,
        sources=sources,
        limit=limit,
    )
    if form:
        frame = with_documents(evidence, frame)
    print_rows(frame, form, output, title=f"{frame.height:,} facts", columns=_COLUMNS)


@click.command("fact")
@click.argument("fact_id")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def fact_command(fact_id: str, as_json: bool, home: Path | None) -> None:
    """Show one fact whole: its row, and the source and document that it rests on.

    \b
    Example:
      tripoint fact "starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact"
    """
    from dataclasses import asdict

    from tripoint.evidence.documents import address_of, grade_of
    from tripoint.pipeline import open_evidence

    fact = open_evidence(home).fact(fact_id)
    if as_json:
        click.echo(to_json(asdict(fact)), nl=False)
        return
    out = console()
    out.print(fact.fact_id, style="bold", markup=False)
    out.print(f"table      {fact.table}")
    for name, value in fact.row.items():
        if value is not None and name not in ("source_id", "vintage", "locator", "origin", "end_origin"):
            out.print(f"{name:<10} {value}", markup=False)
    out.print(f"{'record':<10} {fact.row['locator']}", markup=False)
    for label, source in (("source", fact.source), ("document", fact.origin), ("end", fact.end_origin)):
        if source:
            out.print(f"{label:<10} {source.get('citation', source['id'])}", markup=False)
            for line in filter(None, (address_of(source), grade_of(source))):
                out.print(f"{'':<10} {line}", markup=False, soft_wrap=True)
