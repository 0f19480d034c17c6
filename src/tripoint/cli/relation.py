"""``tripoint relation A B [C...]``: how pairs stand, with chances, intervals and what moved them."""

from __future__ import annotations

from pathlib import Path

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, write_figure
from tripoint.errors import InputError


@click.command("relation")
@click.argument("states", nargs=-1, required=True)
@click.option("--since", type=int, default=1990, show_default=True, help="First year shown.")
@click.option("--until", type=int, help="Last year shown (default: as far as the evidence reaches).")
@click.option("--without", multiple=True, metavar="SOURCE", help="Leave a source out; may be repeated.")
@click.option("--smoothed", is_flag=True, help="Let later codes inform earlier years: hindsight.")
@click.option("--why", nargs=2, type=int, metavar="YEAR YEAR", help="What moved each pair between two years.")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Draw to this .svg, .png or .html.")
@home_option
@row_options
def relation_command(
    states: tuple[str, ...],
    since: int,
    until: int | None,
    without: tuple[str, ...],
    smoothed: bool,
    why: tuple[int, int] | None,
    figure: Path | None,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Estimate how every pair of STATES stands: chances of seven rungs, their mean [-1..+1], and what moved it.

    A year's value rests on what was known then. ``alignment`` is another name of this command.

    \b
    Example:
      tripoint relation RUS CHN IND --since 2000
    """
    from tripoint.answers.relation import RelationAsked, answer, relation_figure
    from tripoint.answers.text import part_lines
    from tripoint.pipeline import open_evidence

    asked = RelationAsked(
        states=states,
        since=since,
        until=until,
        without=without,
        smoothed=smoothed,
        why=tuple(str(year) for year in why) if why else (),
    )
    found = answer(open_evidence(home), asked)
    if figure:
        if not found.rows.height:
            raise InputError(f"no current evidence of {', '.join(states)}, so nothing to draw")
        write_figure(relation_figure(found.result, since), figure)
    if form or output:
        print_rows(found.rows, form, output)
    elif not figure:
        out = console()
        for text in (found.headline, *(line for part in found.parts for line in part_lines(part)), *found.remarks):
            out.print(text, markup=False)


#: The name that the command had.
alignment_command = relation_command
