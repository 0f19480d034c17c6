"""``tripoint evidence``: is the store whole, and what answers it keeps."""

from __future__ import annotations

from pathlib import Path

import click

from tripoint.cli.output import home_option
from tripoint.errors import StoreError


@click.group("evidence")
def evidence_command() -> None:
    """Look after the evidence store."""


@evidence_command.command("check")
@home_option
def check_command(home: Path | None) -> None:
    """Verify hashes, keys, ranges and coverage of everything in the store.

    \b
    Example:
      tripoint evidence check
    """
    from tripoint.evidence.check import check_store
    from tripoint.evidence.store import default_home

    results = check_store(home or default_home())
    for result in results:
        click.echo(
            f"{result.source_id}@{result.vintage}: {result.facts:,} facts, " + (", ".join(result.faults) or "ok")
        )
    faults = sum(len(r.faults) for r in results)
    if faults:
        raise StoreError(f"{faults} faults; mend them with: tripoint evidence repair")
    click.echo(f"{len(results)} editions, {sum(r.facts for r in results):,} facts, no faults")


@evidence_command.command("repair")
@home_option
def repair_command(home: Path | None) -> None:
    """Read damaged sources again: from the files that were kept, else from the mirror or the producer.

    \b
    Example:
      tripoint evidence repair
    """
    from tripoint.pipeline import repair

    made = repair(home, say=click.echo)
    if not made:
        click.echo("nothing is damaged")
    for loaded in made:
        click.echo(f"{loaded.edition.source_id}@{loaded.edition.vintage}: {loaded.edition.facts:,} facts, mended")


@evidence_command.command("clean")
@home_option
def clean_command(home: Path | None) -> None:
    """Delete the answers that are kept; they are made anew when they are asked for. Evidence stays.

    \b
    Example:
      tripoint evidence clean
    """
    from tripoint.answers.kept import clean
    from tripoint.evidence.store import default_home

    files, size = clean(home or default_home())
    click.echo(f"{files} kept answers deleted, {size:,} bytes")
