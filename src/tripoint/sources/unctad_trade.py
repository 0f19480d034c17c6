"""UNCTAD Merchandise Trade Matrix: exports of goods between all economies in one year, in million US dollars.

United Nations Conference on Trade and Development, https://unctadstat.unctad.org. The file read here is a Stata
file of one year, ``source target edgewidth`` in thousands of dollars; its year stands in its name. Names are the
producer's with the blanks taken out (``RussianFederation``) and some cut (``IranIslamicRepublic``). What is absent
was not reported or is zero.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tripoint.errors import FormatError, needs
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.tabular import Files, check_not_html, require_columns
from tripoint.states.names import skeleton
from tripoint.states.spells import phases

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

KIND = "goods trade"
COLUMNS = ("source", "target", "edgewidth")
THOUSANDS_IN_MILLION = 1e3
#: Names that were cut or changed -> the usual name.
CUT = {
    "ChinaTaiwanProvince": "Taiwan",
    "DemRepoftheCongo": "Democratic Republic of the Congo",
    "IranIslamicRepublic": "Iran",
    "KoreaDemPeoples": "North Korea",
    "SaoTomeandPricipe": "Sao Tome and Principe",
    "TanzaniaUnitedRepublic": "Tanzania",
}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def read_unctad_trade(files: Files) -> Reading:
    """Read one year's exports from seller to buyer; the vintage is the year in the file's name."""
    import polars as pl

    path = files.one("exports")
    found = _YEAR.search(path.stem)
    if not found:
        raise FormatError(f"{path.name}: the name does not say which year it is; name it like matrix_2015.dta")
    year = int(found[1])
    raw = _read(path).with_columns(year=pl.lit(year, pl.Int32))
    key = pl.format("{}-{}/{}", *(pl.col(c).fill_null("?") for c in ("source", "target")), "year")
    frame, missing = split(
        raw, pl.any_horizontal(pl.col("source", "target").is_null()) | ~(pl.col("edgewidth") >= 0), "missing value", key
    )
    frame, twice = split(frame, ~pl.struct("source", "target").is_first_distinct(), "repeats a pair", key)
    usual = {n: _names().get(skeleton(n).replace(" ", ""), n) for n in {*frame["source"], *frame["target"]}} | CUT
    frame = frame.with_columns(
        pl.col("source").replace(usual).alias("_source"), pl.col("target").replace(usual).alias("_to")
    )
    frame, strange = with_states(
        frame, {"state_a": "_source", "state_b": "_to"}, when="year", system="name", locator=key
    )
    frame, selves = split(frame, pl.col("state_a") == pl.col("state_b"), "a state with itself", key)
    flows = frame.select(
        "state_a",
        "state_b",
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=pl.col("edgewidth") / THOUSANDS_IN_MILLION,
        unit=pl.lit("USD million"),
        reporter=pl.lit("UNCTAD"),
        locator=key,
    )
    states = " ".join(sorted(set(frame["state_a"])))
    note = "exports as UNCTAD has them, estimates included; a pair that is not listed is not known to be zero"
    return assemble(
        files,
        {"flows": flows},
        rows_in=raw.height,
        aside=[missing, twice, strange, selves],
        coverage=[cover(KIND, year, year, states=states, silence="unproven", note=note)],
        vintage=str(year),
    )


def _read(path: Path) -> pl.DataFrame:
    needs("pandas")
    import pandas as pd
    import polars as pl

    check_not_html(path)
    try:
        table = pd.read_stata(path)
    except Exception as error:
        raise FormatError(f"{path.name}: not readable as a Stata file ({error})") from error
    frame = pl.DataFrame({str(c): table[c].to_list() for c in table.columns})
    require_columns(frame, COLUMNS, path)
    return frame.select("source", "target", pl.col("edgewidth").cast(pl.Float64))


@cache
def _names() -> dict[str, str]:
    """A name without blanks -> the name."""
    return {skeleton(n).replace(" ", ""): n for p in phases() for n in (p.name, *p.aliases)}
