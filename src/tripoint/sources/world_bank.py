"""The layouts of one World Bank indicator, brought to one shape: a row a country and year.

- ``API_NY.GDP.MKTP.CD_*.csv``: the download of one indicator: lines of preamble with the day of the last update, then a
  column a year, and a comma at the end of every line.
- ``WDICSV.csv`` (``WDIData.csv`` before 2023): the bulk file of all indicators, a column a year.
- a copy with ``Country Name,Country Code,Year,Value``, which does not say which indicator it holds: the figure of the
  United States in 2000 must be that of the gross domestic product in current dollars.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.tabular import check_not_html, decoded, read_delimited, require_columns

if TYPE_CHECKING:
    import polars as pl

SHAPE = ("Country Name", "Country Code", "Year", "Value")
WIDE = ("Country Name", "Country Code", "Indicator Code")
_PREAMBLE = 10
_UPDATED = re.compile(r'"?Last Updated Date"?,"?(\d{4}-\d\d-\d\d)')
#: Bounds of the gross domestic product of the United States in 2000, about 10.25 trillion current dollars.
USA_2000 = (9.5e12, 11.0e12)


def read_indicator(path: Path, indicator: str) -> tuple[pl.DataFrame, str, list[str]]:
    """Read one indicator: columns ``Country Name, Country Code, Year, Value``; the edition; and remarks.

    The edition is the day of the last update where the file states it. Cells of other indicators are no records.

    Raises
    ------
    FormatError
        When the file has none of the layouts, lacks the indicator, or holds another one than it is taken for.
    """
    import polars as pl

    check_not_html(path)
    lines = [line.strip("\ufeff") for line in decoded(path).splitlines()[:_PREAMBLE]]
    skip = next((n for n, line in enumerate(lines) if line.strip('"').startswith("Country Name")), 0)
    updated = next((m[1] for line in lines if (m := _UPDATED.match(line))), "")
    frame = read_delimited(path, skip_lines=skip, check_end=not skip, ended=False)
    if "Indicator Code" not in frame.columns:
        require_columns(frame, SHAPE, path)
        return _copy(frame, path), "", []
    require_columns(frame, WIDE, path)
    years = [c for c in frame.columns if re.fullmatch(r"\d{4}", c)]
    rows = frame.filter(pl.col("Indicator Code") == indicator)
    if not years or not rows.height:
        held = ", ".join(frame["Indicator Code"].drop_nulls().unique().sort().head(3))
        raise FormatError(f"{path.name}: no years or no rows of {indicator}; it holds {held}")
    long = rows.unpivot(years, index=["Country Name", "Country Code"], variable_name="Year", value_name="Value")
    return _typed(long, path), f"WDI {updated}" if updated else "", []


def _copy(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    import polars as pl

    typed = _typed(frame, path)
    usa = typed.filter((pl.col("Country Code") == "USA") & (pl.col("Year") == 2000))["Value"].drop_nulls()
    low, high = USA_2000
    if len(usa) and not low <= usa[0] <= high:
        raise FormatError(
            f"{path.name}: it has {usa[0]:,.0f} for the United States in 2000, whose gross domestic product was about "
            "10.25 trillion current dollars: this is another series"
        )
    return typed


def _typed(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    import polars as pl

    typed = frame.select(SHAPE).with_columns(
        pl.col("Year").str.strip_chars().cast(pl.Int32, strict=False),
        number=pl.col("Value").str.strip_chars().cast(pl.Float64, strict=False),
    )
    bad = typed["number"].is_null() & typed["Value"].is_not_null() & (typed["Value"].str.strip_chars() != "")
    if bad.any():
        row = bad.arg_max() or 0
        raise FormatError(f"{path.name}: column Value, data row {row + 1}: '{typed['Value'][row]}' is not a number")
    return typed.with_columns(Value="number").select(SHAPE)
