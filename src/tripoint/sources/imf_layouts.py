"""The layouts in which the IMF has published trade by partner, brought to one shape.

- ``codes``: a row a series with identifiers in columns that end in ``.ID``, a column a year (data.imf.org, since 2025).
- ``labels``: the same without identifiers: codes or names, as the export was set.
- ``long``: one observation a row, with ``TIME_PERIOD`` and ``OBS_VALUE`` (SDMX).
- ``dots``: Direction of Trade Statistics, until 2025: names and IMF numbers, a column a year, rows of values and of
  their status ("e": estimated) in turn; US dollars.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.tabular import read_delimited

if TYPE_CHECKING:
    import polars as pl

IMPORTS, EXPORTS = "MG_CIF_USD", "XG_FOB_USD"
#: What each layout calls the two indicators that are read.
INDICATORS = {
    **{"TMG_CIF_USD": IMPORTS, "TXG_FOB_USD": EXPORTS},
    "Imports of goods, Cost insurance freight (CIF), US dollar": IMPORTS,
    "Exports of goods, Free on board (FOB), US dollar": EXPORTS,
}
FREQUENCIES = {"Annual": "A", "Monthly": "M", "Quarterly": "Q"}
SCALES = {"Units": "0", "Thousands": "3", "Millions": "6", "Billions": "9"}
DIMENSIONS = ("COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY", "SCALE")
DOTS = (
    "Country Name",
    "Country Code",
    "Indicator Code",
    "Counterpart Country Name",
    "Counterpart Country Code",
    "Attribute",
)
CELLS = ("series", "reporter", "partner", "indicator", "frequency", "scale", "year", "cell", "status", "correction")
_EDITION = re.compile(r"\(([\d.]+)\)")
_DOTS_DAY = re.compile(r"DOTS?_(\d\d)-(\d\d)-(\d{4})")
_WHICH = "export yearly imports (CIF) and exports (FOB) of goods by partner from data.imf.org as CSV"


def read_cells(path: Path, source_id: str) -> tuple[pl.DataFrame, str, list[str]]:
    """Read one file, a row a cell: columns :data:`CELLS`; and its edition, and remarks on corrections.

    Raises
    ------
    FormatError
        When the file has none of the layouts, no year, or no series; the message says which export to choose.
    """
    import polars as pl

    raw = read_delimited(path)
    raw, remarks = apply_corrections(raw, source_id, "series")
    if "Counterpart Country Name" in raw.columns:
        cells, edition = _dots(raw, path)
    elif "TIME_PERIOD" in raw.columns:
        cells, edition = _long(raw, path), _version(raw, path)
    else:
        cells, edition = _wide(raw, path), _version(raw, path)
    if not cells.height:
        raise FormatError(f"{path.name}: no yearly columns or no series; {_WHICH}")
    tidy = {"indicator": INDICATORS, "frequency": FREQUENCIES, "scale": SCALES}
    return (
        cells.with_columns(pl.col(c).str.strip_chars().replace(words) for c, words in tidy.items()).select(CELLS),
        edition,
        remarks,
    )


def _years(frame: pl.DataFrame) -> list[str]:
    return [c for c in frame.columns if re.fullmatch(r"\d{4}", c)]


def _version(frame: pl.DataFrame, path: Path) -> str:
    found = _EDITION.search(frame["DATASET"][0] or "") if frame.height and "DATASET" in frame.columns else None
    if found is None:
        raise FormatError(f"{path.name}: no yearly columns or no series; {_WHICH}")
    return found[1]


def _named(frame: pl.DataFrame, path: Path) -> dict[str, str]:
    """Dimension -> its column: the identifier where there is one, the label otherwise."""
    columns = {d: f"{d}.ID" if f"{d}.ID" in frame.columns else d for d in DIMENSIONS}
    missing = [c for c in ("SERIES_CODE", *columns.values()) if c not in frame.columns]
    if missing:
        raise FormatError(f"{path.name}: no column {', '.join(missing)}; {_WHICH}")
    return columns


def _wide(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    import polars as pl

    of = _named(frame, path)
    years = _years(frame)
    if not years:
        raise FormatError(f"{path.name}: no yearly columns or no series; {_WHICH}")
    index = ["SERIES_CODE", *of.values(), "correction"]
    return frame.unpivot(years, index=index, variable_name="year", value_name="cell").select(
        "correction",
        "cell",
        pl.col("year").cast(pl.Int32),
        series="SERIES_CODE",
        reporter=of["COUNTRY"],
        partner=of["COUNTERPART_COUNTRY"],
        indicator=of["INDICATOR"],
        frequency=of["FREQUENCY"],
        scale=of["SCALE"],
        status=pl.lit(None, pl.String),
    )


def _long(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    import polars as pl

    of = _named(frame, path)
    if "OBS_VALUE" not in frame.columns:
        raise FormatError(f"{path.name}: no column OBS_VALUE; {_WHICH}")
    return frame.select(
        "correction",
        year=pl.col("TIME_PERIOD").str.slice(0, 4).cast(pl.Int32, strict=False),
        cell="OBS_VALUE",
        series="SERIES_CODE",
        reporter=of["COUNTRY"],
        partner=of["COUNTERPART_COUNTRY"],
        indicator=of["INDICATOR"],
        frequency=pl.when(pl.col("TIME_PERIOD").str.len_chars() > 4).then(pl.lit("M")).otherwise(of["FREQUENCY"]),
        scale=of["SCALE"],
        status=pl.lit(None, pl.String),
    )


def _dots(frame: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, str]:
    """Values with their status beside them; the status has no cell of its own left."""
    import polars as pl

    missing = [c for c in DOTS if c not in frame.columns]
    day = _DOTS_DAY.search(path.name)
    if missing or day is None:
        what = f"no column {', '.join(missing)}" if missing else "the name does not say when it was downloaded"
        raise FormatError(f"{path.name}: {what}; expected the IMF's DOT_MM-DD-YYYY ..._timeSeries.csv")
    codes = ("Country Code", "Indicator Code", "Counterpart Country Code")
    cells = frame.unpivot(
        _years(frame), index=[*DOTS, "correction"], variable_name="year", value_name="cell"
    ).with_columns(pl.col("year").cast(pl.Int32))
    status = cells.filter(pl.col("Attribute") == "Status").select(*codes, "year", status="cell").drop_nulls("status")
    values = cells.filter(pl.col("Attribute") != "Status").join(
        status.unique([*codes, "year"], keep="first"), on=[*codes, "year"], how="left", maintain_order="left"
    )
    shaped = values.select(
        *("correction", "cell", "year", "status"),
        series=pl.format("{}.{}.{}.A", *(pl.col(c) for c in codes)),
        reporter="Country Name",
        partner="Counterpart Country Name",
        indicator="Indicator Code",
        frequency=pl.lit("A"),
        scale=pl.lit("0"),
    )
    return shaped, f"{day[3]}-{day[1]}-{day[2]}"
