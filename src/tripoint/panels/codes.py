"""Ids, codes and names of the states on the rows, from the table of states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint import states
from tripoint.panels.base import StatePeriods
from tripoint.panels.landing import Cover, Landed, land
from tripoint.panels.places import Places
from tripoint.panels.variable import Variable
from tripoint.states.timeline import bearers

if TYPE_CHECKING:
    import polars as pl

_NUMBERS = {"ccode": "cow", "gwcode": "gw"}


def build_codes(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land what the states of the rows are called; a state outside a system has no code there."""
    import polars as pl

    base = places.states
    if base.periods.grain == "year":
        when = pl.Series("year", base.period.astype(np.int32) + base.first)
    else:
        when = pl.Series("day", _days(base))
    borne = pl.Series("code", base.codes[base.side].astype(np.int64))
    ids = states.ids(borne, when, system=base.system, strict=True)
    return {v.name: _landed(_column(v.name, ids, when), numbers=v.name in _NUMBERS) for v in variables}


def _days(base: StatePeriods) -> np.ndarray:
    """A day of every row on which the state that bore the code for most of the period did so."""
    days = np.tile(base.periods.starts(), (len(base.codes), 1))
    if base.periods.grain == "month":
        book = bearers(base.system, True)
        for unit, code in enumerate(base.codes):
            stretches = [s.span for s in book[str(code)]]
            for period in {base.periods.position(day) for s in stretches for day in (s.start, s.end)}:
                if 0 <= period < base.span:
                    first, last = base.periods.days(period)
                    held = [(min(s.end, last) - max(s.start, first), max(s.start, first)) for s in stretches]
                    days[unit, period] = max(held, key=lambda each: each[0])[1]
    return days[base.side, base.period]


def _column(name: str, ids: pl.Series, when: pl.Series) -> pl.Series:
    if name == "state":
        return ids
    if name in _NUMBERS:
        return states.codes(ids, when, system=_NUMBERS[name], strict=True)  # type: ignore[arg-type]
    return states.codes(ids, when, system="iso3" if name == "iso3c" else "name")


def _landed(found: pl.Series, *, numbers: bool) -> Landed:
    import polars as pl

    every = np.ones(len(found), bool)
    here = np.flatnonzero(found.is_not_null().to_numpy())
    labels: tuple[str, ...] = ()
    if not numbers:
        labels = tuple(found.drop_nulls().unique().sort())
        found = found.cast(pl.Enum(labels)).to_physical()
    values = found.drop_nulls().to_numpy()
    landed = land(Cover(every, every), here, values, absent=None, dtype=np.int16, combine="last")
    return Landed(landed.values, landed.known, labels)
