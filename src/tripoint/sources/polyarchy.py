"""Democracy of states, 1816-2025: V-Dem's polyarchy, Polity, and extended Unified Democracy Scores.

As carried by the R package isard: Varieties of Democracy version 16 (Coppedge and others, doi:10.23696/vdemds25 is
the edition before); Polity5 (Marshall 2020); Unified Democracy Scores of Pemstein, Meserve and Melton (2010),
doi:10.1093/pan/mpq020, extended by Marquez (2016), doi:10.2139/ssrn.2753830.

The package has one table in Correlates of War codes and one in Gleditsch-Ward codes. Either is read.

Traps: Polity ends in 2020 and its -9 is a score, not a missing value; V-Dem leaves out microstates; the extended
scores are latent estimates on a scale without units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.sources.state_years import Measure, read_state_years
from tripoint.sources.tabular import read_r

if TYPE_CHECKING:
    from tripoint.record import Reading
    from tripoint.sources.tabular import Files

MEASURES = (
    Measure("v2x_polyarchy", "polyarchy", "V-Dem [0-1]"),
    Measure("polity2", "polity", "Polity [-10..+10]"),
    Measure("euds", "democracy", "extended Unified Democracy Score"),
    Measure("aeuds", "democracy", "extended Unified Democracy Score, adjusted"),
)


def read_polyarchy(files: Files) -> Reading:
    """Read the four scores of a state and year."""
    if "gwcode" in read_r(files.one("democracy"), columns=["year"]).columns:
        return read_state_years(files, "democracy", MEASURES, code="gwcode", system="gw")
    return read_state_years(files, "democracy", MEASURES, code="ccode", system="cow")
