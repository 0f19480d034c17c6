"""Ideal points of states in the UN General Assembly as Bailey, Strezhnev and Voeten publish them.

Bailey, Strezhnev and Voeten (2017), "Estimating Dynamic State Preferences from United Nations Voting Data", Journal of
Conflict Resolution 61(2):430, doi:10.1177/0022002715595700; data doi:10.7910/DVN/LEJUQZ.

Read is the file of votes on final passage by calendar year (``Idealpointestimates1946-2025.tab``), by Correlates of War
code: the point, and the bounds of its 90 % interval. Points are estimates from votes, so that they are no evidence of
votes. The years of this file are those of the session, and a year in which a session had few votes rests on few.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.state_years import Measure, read_state_years
from tripoint.sources.tabular import read_delimited

if TYPE_CHECKING:
    from tripoint.record import Reading
    from tripoint.sources.tabular import Files

KIND = "ideal point"
MEASURES = (
    Measure("IdealPointFP", KIND, "published scale"),
    Measure("Q5%FP", KIND, "published scale, 5th percentile"),
    Measure("Q95%FP", KIND, "published scale, 95th percentile"),
)
_YEARS = re.compile(r"(\d{4})-(\d{4})")


def read_ideal_points(files: Files) -> Reading:
    """Read points and bounds of state-years into attributes of kind ``ideal point``."""
    path = files.one("points")
    columns = ["ccode", "year", *(m.column for m in MEASURES)]
    from polars import Float64

    table = read_delimited(
        path, columns=columns, separator="\t", numbers=dict.fromkeys(columns, Float64), nulls=("NA", "")
    ).select(columns)
    found = _YEARS.search(path.stem)
    if not found:
        raise FormatError(f"{path.name}: the name does not say which years it is of; keep the producer's")
    return read_state_years(
        files,
        "points",
        MEASURES,
        code="ccode",
        system="cow",
        note="estimates from votes on final passage",
        edition="-".join(found.groups()),
        table=table,
    )
