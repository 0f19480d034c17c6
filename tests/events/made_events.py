"""Events invented in the producers' layouts."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from tripoint.events.columns import COLUMNS

TYPES = {"int64": pl.Int64, "float64": pl.Float64, "string": pl.String}
SCHEMA = {name: TYPES[kind] for name, kind in COLUMNS.items()}


def event(number: int = 1, **given: Any) -> dict[str, Any]:
    """One event of the common table: Russia consults with China, unless said otherwise."""
    row = {
        "GLOBALEVENTID": number,
        "SQLDATE": 20240229,
        "Actor1Code": "RUSGOV",
        "Actor1CountryCode": "RUS",
        "Actor2Code": "CHN",
        "Actor2CountryCode": "CHN",
        "IsRootEvent": 1,
        "EventCode": "040",
        "EventRootCode": "04",
        "QuadClass": 1,
        "GoldsteinScale": 1.0,
        "NumArticles": 3,
        "DATEADDED": 20240229120000,
        "SOURCEURL": f"https://example.org/{number}",
    }
    return row | given


def table(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def parquet(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    table(rows).write_parquet(path)
    return path


def gdelt_line(width: int = 61, **row: Any) -> str:
    """One line as GDELT 2.0 (61 columns) or 1.0 (57, 58) writes it."""
    row = event(**row)
    cells = [""] * width
    places = {0: "GLOBALEVENTID", 1: "SQLDATE", 5: "Actor1Code", 7: "Actor1CountryCode", 15: "Actor2Code"}
    places |= {17: "Actor2CountryCode", 25: "IsRootEvent", 26: "EventCode", 28: "EventRootCode", 29: "QuadClass"}
    places |= {30: "GoldsteinScale", 33: "NumArticles"}
    places |= {59: "DATEADDED", 60: "SOURCEURL"} if width == 61 else {56: "DATEADDED"}
    if width == 58:
        places |= {57: "SOURCEURL"}
    for place, name in places.items():
        cells[place] = "" if row[name] is None else str(row[name])
    return "\t".join(cells) + "\n"


def some_events(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Events with every trap: repeats, relative and future days, regions, one country, no quad class, old states."""
    draw = random.Random(seed)
    codes = ["RUS", "CHN", "USA", "SUN", "DDR", "DEU", "AFR", "ROM", "ROU", "", None, "CSK", "CZE", "YUG", "SRB"]
    days = [19850310, 19901002, 19901003, 19911225, 19911226, 20240228, 20240229, 20230229, 20240230, 20241301, 0, None]
    lags = {20240229: [20240229, 20240301, 20240330, 20250228, 20240131], 20240228: [20240228120000, 20240229120000]}
    roots = {"01": 1, "04": 1, "08": 2, "11": 3, "14": 3, "19": 4}
    rows = []
    for number in range(count):
        root = draw.choice(list(roots))
        day = draw.choice(days)
        rows.append(
            event(
                number,
                SQLDATE=day,
                Actor1Code=draw.choice(["GOV", "MIL", ""]),
                Actor1CountryCode=draw.choice(codes),
                Actor2Code=draw.choice(["GOV", "COP"]),
                Actor2CountryCode=draw.choice(codes),
                IsRootEvent=draw.choice([0, 1]),
                EventCode=root + draw.choice(["0", "1"]),
                EventRootCode=root,
                QuadClass=draw.choice([roots[root]] * 9 + [None, 0]),
                GoldsteinScale=draw.choice([None, -10.0, 0.0, 2.8, 7.4]),
                NumArticles=draw.choice([1, 2, 10]),
                DATEADDED=draw.choice(lags.get(day or 0, [day, 20130203])),
                SOURCEURL=draw.choice(["https://example.org/a", "https://example.org/b", "", None]),
            )
        )
    return rows
