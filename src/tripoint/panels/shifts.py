"""Lags and leads: the value of an earlier or later period of the same states, also where that is outside the panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from tripoint.errors import InputError
from tripoint.panels.adding import made_columns
from tripoint.panels.base import EARLIEST, LISTED_TO
from tripoint.panels.columns import Column
from tripoint.panels.landing import Landed
from tripoint.panels.periods import Grain, Ints, Periods, number
from tripoint.panels.places import Places
from tripoint.panels.rows import Rows
from tripoint.panels.variable import Group


def periods_before(grain: Grain, given: Mapping[Grain, int | None]) -> int:
    """How many periods are meant by a number of years, months or days."""
    asked = {g: n for g, n in given.items() if n is not None}
    if not asked:
        return 1
    (unit, n), *more = asked.items()
    each = {("year", "year"): 1, ("month", "month"): 1, ("day", "day"): 1, ("year", "month"): 12}.get((unit, grain))
    if more or each is None:
        wrong = " and ".join(f"{g}s={n}" for g, n in asked.items())
        raise InputError(f"a lag of {wrong} cannot be counted in periods of one {grain}; give {grain}s=")
    return n * each


def shifted(rows: Rows, places: Places, registry: Mapping[str, Group], column: Column, periods: int) -> Column:
    """A column as it was some periods before (after, when negative); the evidence is asked for what is outside."""
    dyads = column.variable.level == "dyad"
    inside = column.landed.take(_row(places, places, dyads=dyads, periods=periods))
    origin = column.origin
    here = places.states.periods
    outside = None
    if origin is not None:
        before = origin.before + periods
        outside = _outside(here, before)
        column = replace(column, origin=replace(origin, before=before))
    if origin is None or outside is None:
        return replace(column, landed=inside)
    there = places.over(outside)
    group = registry[origin.group]
    made = made_columns(
        replace(rows, states=there.states, kept=None), there, group, [origin.variable], origin.options,
        broadcast=origin.broadcast,
    )  # fmt: skip
    beyond = next(c for c in made if c.variable.name == column.variable.name).landed
    found = beyond.take(_row(places, there, dyads=dyads, periods=origin.before + periods))
    values = np.where(found.known, found.values, inside.values)
    return replace(column, landed=Landed(values, inside.known | found.known, inside.labels))


def _outside(here: Periods, before: int) -> Periods | None:
    """The periods before the first, or after the last, that a shift looks into and lists of members reach."""
    earliest, latest = number(here.grain, date(EARLIEST, 1, 1)), number(here.grain, date(LISTED_TO, 12, 31))
    first, last = (here.first - before, here.first - 1) if before > 0 else (here.last + 1, here.last - before)
    first, last = max(first, earliest), min(last, latest)
    return Periods(here.grain, first, last) if before and first <= last else None


def _row(places: Places, there: Places, *, dyads: bool, periods: int) -> Ints:
    """Row, among those of ``there``, of the same states some periods before; -1 where there is none."""
    here, other = places.states, there.states
    period = (here.dyads if dyads else here).period.astype(np.int64) + here.periods.first - periods
    period = period - other.periods.first
    place = np.minimum(np.searchsorted(other.codes, here.codes), len(other.codes) - 1)
    unit = np.where(other.codes[place] == here.codes, place, -1)
    inside = (period >= 0) & (period < other.span)
    safe = np.where(inside, period, 0)
    if not dyads:
        own = unit[here.side]
        return np.where(inside & (own >= 0), other.at[own, safe], -1)
    one, two = unit[here.dyads.one], unit[here.dyads.two]
    return np.where(inside & (one >= 0) & (two >= 0), other.dyads.at(one, two, safe), -1)
