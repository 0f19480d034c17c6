"""``tripoint states``: who is a state, when, under which codes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from tripoint.cli.output import print_rows, row_options


@click.command("states")
@click.argument("name", required=False)
@click.option(
    "--year", type=click.IntRange(1816, 2100), help="Only states of this year; the bearer of the name in this year."
)
@click.option("--system", type=click.Choice(["cow", "gw", "un"]), default="cow", show_default=True, help="Whose list.")
@row_options
def states_command(
    name: str | None, year: int | None, system: Literal["cow", "gw", "un"], form: str | None, output: Path | None
) -> None:
    """Find a state by name or code, or list them.

    \b
    Example:
      tripoint states "Soviet Union" --year 1975
    """
    import polars as pl

    from tripoint import states

    table = states.table()
    if name:
        table = table.filter(pl.col("id") == states.find(name, year=year).id)
    elif year:
        table = table.filter(pl.col("id").is_in(list(states.members(year, system=system))))
    print_rows(table, form, output, title=f"{table.height} spells")
