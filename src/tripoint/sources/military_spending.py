"""Global Military Spending Dataset (GMSD): latent estimates of military spending with their uncertainty, since 1816.

Barnum, Fariss, Markowitz and Morales (2025), "Measuring Arms: Introducing the Global Military Spending Dataset",
Journal of Conflict Resolution 69(2-3):540, doi:10.1177/00220027241232964; data doi:10.7910/DVN/DHMZOW (CC0).

Read is a table of estimates (``estimates_milex_cur_*`` in current and ``estimates_milex_con_*`` in constant US
dollars, as CSV or the tab-separated text of the Dataverse): a row a state, year and ``indicator``, with the
``mean`` and the standard deviation of the logarithm. Only the indicator ``milex_est``, the latent variable, is
read: the others predict what each of the older sources would say. Figures are dollars; ``unit`` follows the name of
the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, year_span, years_held
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from tripoint.record import Reading

KIND = "military spending"
COLUMNS = ("gwno", "year", "indicator", "mean")
LATENT = "milex_est"
UNITS = {"cur": "current USD million", "con": "constant USD million"}
DOLLARS_IN_MILLION = 1e6
_NAMED = re.compile(r"milex_(cur|con)[a-z]*_?v?(\d[\d_.]*)?", re.IGNORECASE)


def read_gmsd(files: Files) -> Reading:
    """Read the latent estimates; the vintage is the date or release in the file's name."""
    import polars as pl

    path = files.one("estimates")
    found = _NAMED.search(path.stem)
    if not found:
        raise FormatError(f"{path.name}: the name does not say which dollars it has; expected estimates_milex_cur_*")
    tabs = path.suffix.lower() == ".tab"
    numbers = {"gwno": pl.Float64, "year": pl.Float64, "mean": pl.Float64}
    raw = read_delimited(
        path, columns=COLUMNS, numbers=numbers, nulls=["NA", ""], separator="\t" if tabs else ",", check_end=False
    )
    key = pl.format("{}-{}", pl.col("gwno").fill_null(0).cast(pl.Int64), pl.col("year").fill_null(0).cast(pl.Int64))
    rules = [
        (pl.col("indicator") != LATENT, "the prediction of an older source, not the estimate"),
        (pl.any_horizontal(pl.col("gwno", "year", "mean").is_null()), "missing value"),
        (pl.col("mean") < 0, "negative spending"),
        (~pl.struct("gwno", "year").is_first_distinct(), "repeats a state and year"),
    ]
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    frame = frame.with_columns(pl.col("gwno", "year").cast(pl.Int32))
    frame, unknown = with_states(frame, {"state": "gwno"}, when="year", system="gw", locator=key)
    spread = pl.format("; standard deviation of the logarithm {}", "sd") if "sd" in raw.columns else pl.lit("")
    table = frame.select(
        "state",
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=pl.col("mean") / DOLLARS_IN_MILLION,
        unit=pl.lit(UNITS[found[1].lower()]),
        note=pl.concat_str([pl.lit("latent estimate"), spread]),
        locator=key,
    )
    first, last = years_held(frame, "year", path.name)
    return assemble(
        files,
        {"attributes": table},
        rows_in=raw.height,
        aside=[*aside, unknown],
        coverage=[cover(KIND, first, last, partners="", silence="unproven", note="latent estimates, not reports")],
        vintage=found[2] or f"to-{last}",
    )
