"""``tripoint depth A B``: the ladder from confidence building to common defense, on paper and in practice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, to_json, write_figure, write_text
from tripoint.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.dyad.depth import Cell, Ladder

_SHOWN = 2
_MARKS = {"none found": "none", "searched in part": "part", "not searched": "-"}


@click.command("depth")
@click.argument("names", nargs=-1, required=True, metavar="A B [A B]...")
@click.option("--with", "others", default="", metavar="A-B,...", help="More pairs, side by side.")
@click.option("--since", type=int, default=1990, show_default=True, help="First year.")
@click.option("--as-of", type=int, help="Last year (default: as far as the evidence reaches).")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Draw to this .svg, .png or .html.")
@home_option
@row_options
def depth_command(
    names: tuple[str, ...],
    others: str,
    since: int,
    as_of: int | None,
    figure: Path | None,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Show how deep the partnership of A and B goes, rung by rung, with dated and sourced items.

    More pairs stand side by side: name them after the first, or give them with --with.

    \b
    Example:
      tripoint depth RUS CHN USA JPN RUS BLR
      tripoint depth RUS CHN --with USA-JPN,RUS-BLR
    """
    from tripoint.dyad.depth import build_ladders, ladder_frame, ladder_sources
    from tripoint.pipeline import open_evidence

    evidence = open_evidence(home)
    if len(names) % 2:
        raise InputError(
            f"{len(names)} states do not make pairs ({' '.join(names)}); name two for each pair, such as: "
            "tripoint depth RUS CHN USA JPN"
        )
    pairs = [*zip(names[::2], names[1::2], strict=True), *split_pairs(others)]
    last = date(as_of, 12, 31) if as_of else None
    ladders = build_ladders(evidence, pairs, since=date(since, 1, 1), as_of=last)
    sources = ladder_sources(evidence, ladders)
    if figure:
        write_figure(ladder_figure(ladders, sources), figure)
    if form == "json" or (form is None and output is not None and output.suffix == ".json"):
        write_text(to_json(as_json(ladders, sources)), output)
    elif form or output:
        print_rows(ladder_frame(ladders), form, output)
    elif not figure:
        _print(ladders, sources)


def split_pairs(text: str) -> list[tuple[str, str]]:
    """Split ``USA-JPN,RUS-BLR`` into pairs of names."""
    pairs = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        one, dash, other = part.partition("-")
        if not (one.strip() and dash and other.strip()):
            raise InputError(f"--with: '{part}' is not a pair; write two ids with a hyphen, such as USA-JPN")
        pairs.append((one.strip(), other.strip()))
    return pairs


def as_json(ladders: tuple[Ladder, ...], sources: pl.DataFrame) -> dict[str, Any]:
    """The ladders as plain values: every fact with its ``fact_id``."""
    from dataclasses import asdict

    return {
        "since": ladders[0].since,
        "as_of": ladders[0].as_of,
        "evidence_hash": ladders[0].evidence_hash,
        "pairs": [
            {
                "state_a": ladder.state_a,
                "state_b": ladder.state_b,
                "cells": [asdict(c) for c in ladder.cells],
                "facts": ladder.facts.to_dicts(),
            }
            for ladder in ladders
        ],
        "sources": sources.to_dicts(),
    }


def ladder_figure(ladders: tuple[Ladder, ...], sources: pl.DataFrame) -> Figure:
    """Rungs by pairs and faces; filled = found, ring = searched and not found."""
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import dot_ladder
    from tripoint.dyad.depth import ladder_frame

    table = ladder_frame(ladders).select(
        "rung",
        pl.format("{} {}", "pair", pl.col("face").str.strip_prefix("on ").str.strip_prefix("in ")).alias("column"),
        "status",
        "facts",
        pl.col("first").cast(pl.String),
        pl.col("last").cast(pl.String),
    )
    spec = dot_ladder(table.select("rung", "column", "status"), rung="rung", column="column", status="status")
    names = ", ".join(ladder.pair for ladder in ladders)
    return Figure(
        spec,
        title=f"Depth of partnership: {names}",
        subtitle=f"Rungs with facts on record, {ladders[0].since.year} to {ladders[0].as_of}",
        source="; ".join(sources["producer"].drop_nulls().unique(maintain_order=True).head(8)) or "none on record",
        alt=" ".join(_sentence(ladder) for ladder in ladders),
        table=table,
        note="Filled: found, in force or since lapsed. Ring: searched completely, none found. Blank: searched in part "
        "with nothing found, not searched, or the record has no kind for it.",
    )


def _sentence(ladder: Ladder) -> str:
    parts = []
    for face in ("on paper", "in practice"):
        rungs = [c.rung for c in ladder.cells if c.face == face and c.status == "found"]
        parts.append(f"{face}: {', '.join(rungs) if rungs else 'nothing'}")
    return f"{ladder.pair} has {'; '.join(parts)}."


def _print(ladders: tuple[Ladder, ...], sources: pl.DataFrame) -> None:
    out = console()
    first = ladders[0]
    out.print(f"[bold]Depth of partnership[/bold], {first.since} to {first.as_of}, evidence {first.evidence_hash[:12]}")
    _print_matrix(out, ladders)
    numbers = dict(zip(sources["id"], sources["number"], strict=True))
    for ladder in ladders:
        out.print(f"\n[bold]{ladder.pair}[/bold]")
        for cell in ladder.cells:
            _print_cell(out, ladder, cell, numbers)
    out.print("\n[bold]Sources[/bold]")
    for row in sources.iter_rows(named=True):
        terms = "  (non-commercial use)" if row["noncommercial"] else ""
        out.print(f"[{row['number']}] {row['citation'] or row['id']}{terms}", markup=False)
    out.print("\n[dim]One fact with its source row: tripoint fact ID. All facts: --json.[/dim]")


def _print_matrix(out: Any, ladders: tuple[Ladder, ...]) -> None:
    widths = [max(10, len(ladder.pair) + 1) for ladder in ladders]
    head = "".join(f"{ladder.pair:>{w}}" for ladder, w in zip(ladders, widths, strict=True))
    out.print(f"\n{'':<45}{head}")
    for i, cell in enumerate(ladders[0].cells):
        stage = cell.stage if i == 0 or ladders[0].cells[i - 1].stage != cell.stage else ""
        name = cell.rung if cell.face == "on paper" else ""
        marks = "".join(f"{_mark(ladder.cells[i]):>{w}}" for ladder, w in zip(ladders, widths, strict=True))
        out.print(f"{stage:<10}{name:<31}{cell.face.split()[1]:>9}{marks}", markup=False)
    out.print(
        "[dim]number = facts found (~ lapsed or not recent, ? coding ended with no end on record, ! not regular); "
        "none = searched, none found; part = searched in part, nothing found; - = not searched; "
        "blank = the record has no kind for it[/dim]"
    )


def _mark(cell: Cell) -> str:
    if cell.status != "found":
        return _MARKS[cell.status] if cell.kinds else ""
    now = {True: "", False: "~", None: "?"}[cell.current]
    return f"{now}{'!' if cell.regular is False else ''}{cell.facts}"


def _print_cell(out: Any, ladder: Ladder, cell: Cell, numbers: dict[str, int]) -> None:
    import polars as pl

    from tripoint.cli.dyad import fact_line

    label = f"  {cell.rung}, {cell.face}: "
    if not cell.kinds:
        out.print(f"{label}{cell.status}, the record has no kind of fact for it", markup=False)
        return
    if cell.status != "found":
        span = cell.searched and (max(cell.searched[0], ladder.since), cell.searched[1])
        by = f" {span[0].year}-{span[1].year} in {', '.join(cell.sources)}" if span else ""
        out.print(f"{label}{cell.status}{by}", markup=False)
        return
    now = "" if cell.current else ", not recent" if cell.face == "in practice" else ", lapsed"
    if cell.current is None:
        now = ", coding ended with no end on record"
    habit = {True: ", regular", False: ", not regular", None: ""}[cell.regular]
    out.print(f"{label}{cell.facts} found, {cell.first} .. {cell.last}{now}{habit}", markup=False)
    rows = ladder.facts.filter((pl.col("rung") == cell.rung) & (pl.col("face") == cell.face))
    for row in rows.head(_SHOWN).iter_rows(named=True):
        number = numbers.get(row["origin"] or row["source_id"], "?")
        out.print(f"    {fact_line(row, ladder.as_of)} [{number}]", markup=False, soft_wrap=True)
        out.print(f"      [dim]{row['fact_id']}[/dim]", soft_wrap=True)
    if rows.height > _SHOWN:
        out.print(f"    [dim]... {rows.height - _SHOWN:,} more[/dim]")
