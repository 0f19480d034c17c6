"""The one table of coded events that every producer's layout is brought to, and the reasons to set a record aside.

Names are GDELT's own, so that its public BigQuery tables are such a table as they stand. Dates stay whole numbers
(``20240229``, ``20240229134500``): no engine has to parse a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: Sources of coded events.
Family = Literal["gdelt", "gdelt-1", "icews", "polecat"]
Period = Literal["month", "day"]

#: Column -> Ibis type. ``GLOBALEVENTID`` may be text, as in POLECAT.
COLUMNS: Mapping[str, str] = {
    "GLOBALEVENTID": "int64",
    "SQLDATE": "int64",
    "Actor1Code": "string",
    "Actor1CountryCode": "string",
    "Actor2Code": "string",
    "Actor2CountryCode": "string",
    "IsRootEvent": "int64",
    "EventCode": "string",
    "EventRootCode": "string",
    "QuadClass": "int64",
    "GoldsteinScale": "float64",
    "NumArticles": "int64",
    "DATEADDED": "int64",
    "SOURCEURL": "string",
}

#: Quad class -> kind of fact.
QUADS: Mapping[int, str] = {
    1: "verbal cooperation news",
    2: "material cooperation news",
    3: "verbal conflict news",
    4: "material conflict news",
}

#: Days between an event's day and the day it was added that stand for "last month", "last year", "a decade ago".
RELATIVE_DAYS = (30, 365, 3650)
#: Since this day GDELT files records by the day found; before, whole years were added at once, at any distance.
DAILY_SINCE = 20130401


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record carries no count: its number inside an expression, and the sentence."""

    number: int
    text: str


GOOD = 0
NOWHERE = Reason(1, "no country for one of the actors")
AT_HOME = Reason(2, "both actors of one country")
NO_DAY = Reason(3, "no day that can be read")
RELATIVE = Reason(4, "dated a month, a year or a decade to the day before it was added: a relative day")
FUTURE = Reason(5, "dated after the day it was added")
NO_QUAD = Reason(6, "no quad class from 1 to 4")
CUT_SHORT = Reason(7, "cut short")  # found while reading, before any other rule
REASONS: Mapping[int, str] = {
    r.number: r.text for r in (NOWHERE, AT_HOME, NO_DAY, RELATIVE, FUTURE, NO_QUAD, CUT_SHORT)
}
REPEAT = "repeats an event of one article"
NO_STATE = "no state bears the code on that day: a region, or a mistake"
SAME_STATE = "two codes of one state"
