"""How commands print: shared options for rows, rich tables on a terminal, plain text when piped."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.answers.rows import csv_text
from tripoint.errors import InputError
from tripoint.writing import replace_whole, write_whole

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure

Command = Callable[..., Any]


def row_options(function: Command) -> Command:
    """Add ``--csv --json --parquet -o`` to a command that prints rows."""
    for option in (
        click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."),
        click.option("--parquet", "form", flag_value="parquet", help="Rows as Parquet (needs -o)."),
        click.option("--json", "form", flag_value="json", help="Rows as JSON."),
        click.option("--csv", "form", flag_value="csv", help="Rows as CSV."),
    ):
        function = option(function)
    return function


def home_option(function: Command) -> Command:
    """Add ``--home``, the folder of the evidence store."""
    return click.option(
        "--home", type=click.Path(file_okay=False, path_type=Path), help="Folder of the store (default: TRIPOINT_HOME)."
    )(function)


def print_rows(
    frame: pl.DataFrame, form: str | None, output: Path | None, *, title: str = "", columns: Sequence[str] = ()
) -> None:
    """Print or write a frame in the form asked for; ``columns`` are those of the table a person sees.

    Sources for non-commercial use among the rows are named on stderr.
    """
    _name_noncommercial(frame)
    if form == "parquet" or (form is None and output is not None and output.suffix == ".parquet"):
        if output is None:
            raise InputError("--parquet writes a file; add -o FILE.parquet")
        replace_whole(output, frame.write_parquet)
    elif form == "json" or (form is None and output is not None and output.suffix == ".json"):
        write_text(to_json(frame.to_dicts()), output)
    elif form == "csv" or output is not None or not sys.stdout.isatty():
        write_text(csv_text(frame), output)
    else:
        print_table(_flat(frame.select(columns) if columns else frame), title=title)


def _name_noncommercial(frame: pl.DataFrame) -> None:
    if "source_id" not in frame.columns:
        return
    from tripoint.sources.entries import catalog

    entries = catalog()
    limited = [s for s in sorted(set(frame["source_id"])) if s in entries and entries[s].license.noncommercial]
    if limited:
        click.echo(f"For non-commercial use only: {', '.join(limited)} (tripoint cite says how to cite them)", err=True)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text, joined with |, for forms that have no lists."""
    import polars as pl

    return frame.with_columns(pl.col(c).list.join("|") for c, t in frame.schema.items() if isinstance(t, pl.List))


def to_json(value: Any) -> str:
    """JSON with dates as ISO text."""
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"


def write_text(text: str, output: Path | None) -> None:
    """Write to a file, whole or not at all, or to the terminal."""
    if output is None:
        click.echo(text, nl=False)
        return
    write_whole(output, text)


def write_figure(figure: Figure, path: Path) -> None:
    """Write a figure in the form that the file's name asks for: .svg, .png or .html."""
    if path.suffix == ".png":
        replace_whole(path, figure.to_png)
    elif path.suffix in (".svg", ".html"):
        write_text(figure.to_svg() if path.suffix == ".svg" else figure.to_html(), path)
    else:
        raise InputError(f"--figure: '{path.name}' must end in .svg, .png or .html")


def print_table(frame: pl.DataFrame, *, title: str = "") -> None:
    """Print a frame as a table for a person."""
    from rich.table import Table

    from tripoint.answers.text import printable

    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name, dtype in frame.schema.items():
        table.add_column(name.replace("_", " "), justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*("" if v is None else f"{v:,.6g}" if isinstance(v, float) else printable(str(v)) for v in row))
    console().print(table)


def console(*, stderr: bool = False) -> Any:
    """A rich console that honors ``NO_COLOR`` and does not break lines when piped."""
    from rich.console import Console

    piped = not (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, highlight=False, soft_wrap=piped)
