"""Democracy of states, 1816-2025: V-Dem's polyarchy, Polity, and extended Unified Democracy Scores.

Varieties of Democracy version 16 (Coppedge and others, doi:10.23696/vdemds25 is the edition before); Polity5
(Marshall 2020); Unified Democracy Scores of Pemstein, Meserve and Melton (2010), doi:10.1093/pan/mpq020, extended
by Marquez (2016), doi:10.2139/ssrn.2753830.

Read are V-Dem's own country-years (``V-Dem-CY-Core-v16.csv`` or a fuller one), Polity's own workbook
(``p5v2018.xls``), or the table of the R package isard with all of them, in Correlates of War or in Gleditsch-Ward
codes.

Traps: Polity ends in 2020 and its -9 is a score, not a missing value; V-Dem leaves out microstates; the extended
scores are latent estimates on a scale without units.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.state_years import Measure, read_state_years
from tripoint.sources.tabular import check_not_html, read_first_sheet, read_r, require_columns, unreadable

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading
    from tripoint.sources.tabular import Files

MEASURES = (
    Measure("v2x_polyarchy", "polyarchy", "V-Dem [0-1]"),
    Measure("polity2", "polity", "Polity [-10..+10]"),
    Measure("euds", "democracy", "extended Unified Democracy Score"),
    Measure("aeuds", "democracy", "extended Unified Democracy Score, adjusted"),
)


#: V-Dem's own file has polyarchy, and Polity where it is the full one.
VDEM = (MEASURES[0], Measure("e_p_polity", "polity", "Polity [-10..+10]"))
VDEM_CODE = "COWcode"
#: Polity's own numbers that differ from those of the Correlates of War.
POLITY_CODES = {342: 345, 347: 345, 364: 365, 525: 626, 529: 530, 626: 625, 769: 770, 818: 816}
#: Interruption, interregnum and transition are no scores.
POLITY_SPECIAL = (-66.0, -77.0, -88.0)
_VDEM_VERSION = re.compile(r"v(\d+(?:\.\d+)?)", re.IGNORECASE)
_POLITY_VERSION = re.compile(r"p(\d)v(\d{4})", re.IGNORECASE)


def read_polyarchy(files: Files) -> Reading:
    """Read the scores of a state and year: V-Dem's own file, Polity's own, or the package's table of both and more."""
    if files.many("vdem"):
        return _vdem(files)
    if files.many("polity"):
        return _polity(files)
    if "gwcode" in read_r(files.one("democracy"), columns=["year"]).columns:
        return read_state_years(files, "democracy", MEASURES, code="gwcode", system="gw")
    return read_state_years(files, "democracy", MEASURES, code="ccode", system="cow")


def _vdem(files: Files) -> Reading:
    """``V-Dem-CY-Core-v16.csv`` or a fuller one; a state without a Correlates of War number is set aside."""
    import polars as pl

    path = files.one("vdem")
    check_not_html(path)
    with path.open(encoding="utf-8-sig") as stream:
        header = [c.strip().strip('"') for c in stream.readline().split(",")]
    measures = [m for m in VDEM if m.column in header]
    wanted = [VDEM_CODE, "year", *(m.column for m in VDEM[:1])]
    require_columns(pl.DataFrame(schema=header), wanted, path)
    columns = [VDEM_CODE, "year", *(m.column for m in measures)]
    try:
        table = pl.read_csv(path, columns=columns, infer_schema=False, null_values=["NA", ""])
    except pl.exceptions.PolarsError as error:
        raise unreadable(path, error) from error
    frame = table.with_columns(pl.col(columns).str.strip_chars().cast(pl.Float64, strict=False)).rename(
        {VDEM_CODE: "ccode"}
    )
    found = _VDEM_VERSION.search(path.stem)
    edition = f"V-Dem {found[1]}" if found else ""
    note = "V-Dem leaves out microstates; states without a Correlates of War number are set aside"
    return read_state_years(
        files, "vdem", measures, code="ccode", system="cow", note=note, edition=edition, table=_special(frame)
    )


def _polity(files: Files) -> Reading:
    """``p5v2018.xls``: Polity's own workbook."""
    import polars as pl

    path = files.one("polity")
    rows = read_first_sheet(path)
    header = [str(c).strip() for c in rows[0]] if rows else []
    missing = [c for c in ("ccode", "year", "polity2") if c not in header]
    if missing:
        raise FormatError(f"{path.name}: no column {', '.join(missing)}; expected Polity's p5v2018.xls")
    at = [header.index(c) for c in ("ccode", "year", "polity2")]
    cells = [[row[k] if isinstance(row[k], int | float) else None for k in at] for row in rows[1:]]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(("ccode", "year", "polity2"), pl.Float64), orient="row")
    frame = frame.with_columns(pl.col("ccode").replace(POLITY_CODES))
    found = _POLITY_VERSION.search(path.stem)
    return read_state_years(
        files,
        "polity",
        MEASURES[1:2],
        code="ccode",
        system="cow",
        edition=f"Polity {found[1]} v{found[2]}" if found else "",
        table=_special(frame),
    )


def _special(frame: pl.DataFrame) -> pl.DataFrame:
    """Null what Polity writes for interruptions and transitions."""
    import polars as pl

    scores = [c for c in frame.columns if c in ("polity2", "e_p_polity")]
    return frame.with_columns(pl.when(~pl.col(c).is_in(POLITY_SPECIAL)).then(c).alias(c) for c in scores)
