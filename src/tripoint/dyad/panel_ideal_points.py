"""Ideal points in panels: where a state stands by its votes in a year, and how far two states are apart.

``pipeline.panel`` adds :data:`GROUPS` to the registry, so that ``tripoint.panel(...).add("ideal_points")`` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.panels import Group, Landed, Places, Variable
from tripoint.panels.places import Facts

if TYPE_CHECKING:
    import polars as pl

#: Of a point in the file that ships.
_VALUE = 1000.0
_PUBLISHED = "published scale"
#: Part of a variable's name -> column of the file that ships, and unit of the published file.
_PARTS = {
    "": ("mean", _PUBLISHED),
    "_low": ("low", f"{_PUBLISHED}, 5th percentile"),
    "_high": ("high", f"{_PUBLISHED}, 95th percentile"),
}


@cache
def shipped_points() -> pl.DataFrame:
    """``state year mean low high votes`` of the estimates that ship, points in thousandths."""
    import polars as pl

    path = files("tripoint.evidence").joinpath("estimates", "ideal_points.parquet")
    with path.open("rb") as file:
        return pl.read_parquet(file)


def build_ideal_points(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land points on states and years, and distances on pairs of which both have one."""
    own = variables[0].source == "starter"
    facts = _own(places) if own else places.facts("attributes", variables[0].source, ["ideal point"], "value, unit")
    fact, row = places.state_rows(facts)
    fact, row = fact[row >= 0], row[row >= 0]
    landed: dict[str, Landed] = {}
    for part, (column, unit) in _PARTS.items():
        given = facts.frame[column].to_numpy() / _VALUE if own else facts.value
        mine = np.ones(fact.size, bool) if own else (facts.frame["unit"] == unit).to_numpy()[fact]
        values, known = np.zeros(places.states.rows), np.zeros(places.states.rows, bool)
        values[row[mine]], known[row[mine]] = given[fact[mine]], True
        landed[part] = Landed(values, known)
    point = landed[""]
    done = {}
    for variable in variables:
        if variable.level == "state":
            done[variable.name] = landed[next(p for p in reversed(_PARTS) if variable.name.endswith(p))]
            continue
        pairs, at = places.states.dyads, places.states.at
        one, two = (at[side, pairs.period] for side in (pairs.one, pairs.two))
        known = point.known[one] & point.known[two]
        done[variable.name] = Landed(np.where(known, np.abs(point.values[one] - point.values[two]), 0.0), known)
    return done


def _own(places: Places) -> Facts:
    """The estimates that ship as facts of years; a point of a session stands in the year in which it opened."""
    import polars as pl

    periods = places.states.periods
    first, last = periods.start.year, periods.end.year
    points = shipped_points().filter(pl.col("year").is_between(first, last))
    position = {name: k for k, name in enumerate(places.ids)}
    member = np.array([position.get(state, -1) for state in points["state"]], np.int32)
    at = periods.positions(points.select(pl.date("year", 1, 1)).to_series()).astype(np.int32)
    frame = points.with_columns(start=pl.date("year", 1, 1), end=pl.date("year", 12, 31))
    return Facts(member, np.full(member.size, -1, np.int32), at, at, frame)


def _variables(prefix: str, source: str, kind: str, whose: str) -> tuple[Variable, ...]:
    table: Any = "attributes" if source == "ideal-points" else "commitments"
    said = {
        "": f"position by votes in the UN General Assembly, {whose}; the West is high",
        "_low": "lower bound of its 90 % interval",
        "_high": "upper bound of its 90 % interval",
    }
    points = [
        Variable(f"{prefix}{part}", meaning, "model's scale", "state", source, table, kind, system=None)
        for part, meaning in said.items()
    ]
    apart = Variable(
        *(f"{prefix}_distance", f"distance between the points of the two, {whose}", "model's scale", "dyad"),
        *(source, table, kind),
        low=0.0,
        system=None,
    )
    return (*points, apart)


#: Groups by name, for the registry of :func:`tripoint.panels.panel`.
GROUPS: Mapping[str, Group] = {
    "ideal_points": Group(
        "ideal_points",
        "ideal points in the General Assembly",
        {
            "own": _variables("ideal_point", "starter", "rivalry", "as estimated here on the full record of votes"),
            "published": _variables(
                *("ideal_point_bsv", "ideal-points", "ideal point"),
                "as Bailey, Strezhnev and Voeten publish it",
            ),
        },
        build=build_ideal_points,
    )
}
