"""Who belonged to a bloc that acts as one: sanctions of a bloc are sanctions by each of its members at the time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

#: Accession of the members of the European Communities and, from 1993, the European Union.
ACCESSIONS: dict[date, str] = {
    date(1958, 1, 1): "BEL DEU FRA ITA LUX NLD",
    date(1973, 1, 1): "DNK GBR IRL",
    date(1981, 1, 1): "GRC",
    date(1986, 1, 1): "ESP PRT",
    date(1995, 1, 1): "AUT FIN SWE",
    date(2004, 5, 1): "CYP CZE EST HUN LTU LVA MLT POL SVK SVN",
    date(2007, 1, 1): "BGR ROU",
    date(2013, 7, 1): "HRV",
}
DEPARTURES: dict[str, date] = {"GBR": date(2020, 1, 31)}
_UNION = tuple((s, day, DEPARTURES.get(s)) for day, states in ACCESSIONS.items() for s in states.split())
_SEVEN = tuple((s, date(1976, 6, 27), None) for s in ["CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA"])
#: Name of a bloc as data sets write it -> state, first day, last day (None: a member still).
BLOCS: dict[str, tuple[tuple[str, date, date | None], ...]] = {
    "EEC": _UNION,
    "EU": _UNION,
    "G7": _SEVEN,
    "G8": (*_SEVEN, ("RUS", date(1997, 6, 20), date(2014, 3, 24))),
    "EEU": (
        *((s, date(2015, 1, 1), None) for s in ["BLR", "KAZ", "RUS"]),
        ("ARM", date(2015, 1, 2), None),
        ("KGZ", date(2015, 8, 12), None),
    ),
}


def members(bloc: str) -> str:
    """Ids of all states that ever belonged to a bloc, joined with a space."""
    return " ".join(sorted({state for state, _, _ in BLOCS[bloc]}))


def seats() -> pl.DataFrame:
    """All seats: ``bloc state since until`` (null: a member still)."""
    import polars as pl

    rows = [(bloc, *seat) for bloc, own in BLOCS.items() for seat in own]
    types = {"bloc": pl.String, "member": pl.String, "since": pl.Date, "until": pl.Date}
    return pl.DataFrame(rows, schema=types, orient="row")
