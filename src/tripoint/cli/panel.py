"""``tripoint panel``: what panels can hold, and a frame from R beside one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tripoint.cli.output import home_option, print_rows, row_options
from tripoint.errors import needs

if TYPE_CHECKING:
    import polars as pl


@click.group("panel")
def panel_command() -> None:
    """List the variables of panels, and compare a frame from R with one.

    \b
    Example:
      tripoint panel variables
      tripoint panel compare frame.rds
    """


@panel_command.command("variables")
@row_options
def variables_command(form: str | None, output: Path | None) -> None:
    """List what panels can hold, one row a variable.

    \b
    Example:
      tripoint panel variables --csv -o variables.csv
    """
    from tripoint.pipeline import panel_variables

    frame = panel_variables()
    print_rows(frame, form, output, title=f"{frame.height} variables", columns=("variable", "group", "meaning", "unit"))


@panel_command.command("compare")
@click.argument("frame", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cells", is_flag=True, help="The cells that differ instead of a row a column.")
@home_option
@row_options
def compare_command(frame: Path, cells: bool, home: Path | None, form: str | None, output: Path | None) -> None:
    """Compare a frame that the R package peacesciencer made with the panel of the same rows.

    FRAME is a file of R (.rds, .rda), CSV, Parquet or Stata.

    \b
    Example:
      tripoint panel compare frame.rds --cells --csv -o cells.csv
    """
    from tripoint.pipeline import compare_panel

    found = compare_panel(_read(frame), home)
    click.echo(f"{found.rows:,} rows, of which {found.rows_there_only:,} are no rows of the panel", err=True)
    shown = found.cells if cells else found.columns
    print_rows(shown, form, output, title=f"{found.cells.height:,} cells differ")


def _read(path: Path) -> pl.DataFrame:
    import polars as pl

    from tripoint.errors import InputError

    kind = path.suffix.lower()
    try:
        if kind in (".rds", ".rda", ".rdata"):
            from tripoint.sources.tabular import read_r

            return read_r(path)
        if kind == ".csv":
            return pl.read_csv(path, infer_schema_length=None, null_values=["NA", ""])
        if kind == ".parquet":
            return pl.read_parquet(path)
        if kind == ".dta":
            needs("pandas")
            import pandas as pd

            return pl.from_pandas(pd.read_stata(path, convert_categoricals=False))
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise InputError(f"'{path}' cannot be read: {error}") from error
    raise InputError(
        f"'{path}' is no file of R, CSV, Parquet or Stata; name one that ends in .rds, .csv, .parquet or .dta"
    )
