"""Distances between capitals: of the seat that each state had at the time, from the table of states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from tripoint.panels.base import Bools, StatePeriods
from tripoint.panels.landing import Cover, Landed, land_all
from tripoint.panels.places import Places
from tripoint.panels.values import build_values
from tripoint.panels.variable import Variable
from tripoint.states.spells import by_id, capitals
from tripoint.states.timeline import Stretch, bearers

_RADIUS_KM = 6371.0088

Floats = npt.NDArray[np.float64]


def build_distances(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land distances: of capitals by date where no source is named, and what sources list."""
    listed = [v for v in variables if v.source]
    done = build_values(places, listed, options) if listed else {}
    for variable in variables:
        if not variable.source:
            km = capital_distances(places.states)
            every = np.ones(km.size, bool)
            done[variable.name] = land_all(Cover(every, every), km)
    return done


def capital_distances(states: StatePeriods) -> Floats:
    """Great-circle distance between the capitals of every directed dyad and period [km], shape (n,).

    On a sphere of 6371.0088 km radius (haversine).
    """
    lat, lon = seats(states)
    pairs = states.dyads
    lat1, lat2 = lat[pairs.one, pairs.period], lat[pairs.two, pairs.period]
    half: Floats = np.sin((lat2 - lat1) / 2) ** 2
    half += np.cos(lat1) * np.cos(lat2) * np.sin((lon[pairs.one, pairs.period] - lon[pairs.two, pairs.period]) / 2) ** 2
    return np.asarray(2 * _RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half))))


def seats(states: StatePeriods) -> tuple[Floats, Floats]:
    """Latitude and longitude of the capital of every unit and period [radians], shape (s, p); NaN for no member.

    The capital is that of the middle of the period, or of the days of membership where the state was no member then.
    """
    at = np.full((2, *states.member.shape), np.nan)
    book, days = bearers(states.system, True), _middle(states)
    for unit, code in enumerate(states.codes):
        for start, end, lat, lon in _spells(book[str(code)]):
            within = (days >= np.datetime64(start)) & (days <= np.datetime64(end))
            _place(at, unit, states.member[unit] & within, lat, lon)
        for start, end, lat, lon in _spells(book[str(code)]):
            first, last = states.periods.position(start), states.periods.position(end)
            touched = np.zeros(states.span, bool)
            touched[max(first, 0) : max(last + 1, 0)] = True
            _place(at, unit, states.member[unit] & touched & np.isnan(at[0, unit]), lat, lon)
    lat_, lon_ = np.radians(at)
    return lat_, lon_


def _place(at: Floats, unit: int, here: Bools, lat: float, lon: float) -> None:
    at[0, unit, here], at[1, unit, here] = lat, lon


def _middle(states: StatePeriods) -> npt.NDArray[np.datetime64]:
    starts, grain = states.periods.starts(), states.periods.grain
    if grain == "year":
        return (starts.astype("datetime64[Y]").astype("datetime64[M]") + 6).astype("datetime64[D]")
    return starts + np.timedelta64(14, "D") if grain == "month" else starts


def _spells(stretches: Sequence[Stretch]) -> list[tuple[date, date, float, float]]:
    """First and last day of every seat of those who bore a code, and where it was."""
    found = []
    for stretch in stretches:
        for phase in by_id()[stretch.id]:
            start = max(stretch.span.start, min(s.start for s in phase.spans.values()))
            end = min(stretch.span.end, max(s.end for s in phase.spans.values()))
            for seat in capitals().get(stretch.id, ()):
                if start <= min(seat.until, end):
                    found.append((start, min(seat.until, end), seat.lat, seat.lon))
                start = max(start, seat.until + timedelta(1))
            if start <= end:
                found.append((start, end, phase.lat, phase.lon))
    return found
