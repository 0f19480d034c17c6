"""Correlates of War National Material Capabilities: six components and their composite index (CINC), 1816-2022.

Singer, Bremer and Stuckey (1972); Singer (1987), doi:10.1080/03050628808434695;
https://correlatesofwar.org/data-sets/national-material-capabilities/. The producer's comma-separated file and the
copy of the R package peacesciencer have the same columns.

Traps: -9 is missing; military expenditure is in thousands of current pounds sterling up to 1913 and of current US
dollars from 1914; persons and population are in thousands; CINC is a share of the world total in that year, so that
it moves when others change.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tripoint.sources.resolve import first_role
from tripoint.sources.state_years import Measure, read_state_years

if TYPE_CHECKING:
    from tripoint.record import Reading
    from tripoint.sources.tabular import Files

MISSING = -9.0
FIRST_DOLLAR_YEAR = 1914
_NAMED = re.compile(r"NMC[-_ ]?v?(\d)[-_.]?(\d)", re.IGNORECASE)
MEASURES = (
    Measure("cinc", "capability index", "share of the world [0-1]"),
    Measure("milex", "military spending", "current GBP million", factor=1e-3, last=FIRST_DOLLAR_YEAR - 1),
    Measure("milex", "military spending", "current USD million", factor=1e-3, first=FIRST_DOLLAR_YEAR),
    Measure("milper", "military personnel", "persons", factor=1e3),
    Measure("irst", "iron and steel", "thousand tons"),
    Measure("pec", "energy consumption", "thousand coal-ton equivalents"),
    Measure("tpop", "population", "persons", factor=1e3),
    Measure("upop", "urban population", "persons", factor=1e3),
)


def read_capabilities(files: Files) -> Reading:
    """Read the index and its six components; the edition is the one in the name of the producer's file."""
    path = first_role(files, "producer", "capabilities")
    found = _NAMED.search(path.name)
    edition = f"{found[1]}.{found[2]}" if found else ""
    return read_state_years(
        files, "capabilities", MEASURES, code="ccode", system="cow", missing=MISSING, edition=edition
    )
