"""Ids, codes and names of the states on the rows, from the table of states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint import states
from tripoint.panels.landing import Cover, Landed, land
from tripoint.panels.places import Places
from tripoint.panels.variable import Variable

if TYPE_CHECKING:
    import polars as pl

_NUMBERS = {"ccode": "cow", "gwcode": "gw"}


def build_codes(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land what the states of the rows are called; a state outside a system has no code there."""
    import polars as pl

    base = places.states
    years = pl.Series("year", base.year.astype(np.int32) + base.first)
    borne = pl.Series("code", base.codes[base.side].astype(np.int64))
    ids = states.ids(borne, years, system=base.system, strict=True)
    return {v.name: _landed(_column(v.name, ids, years), numbers=v.name in _NUMBERS) for v in variables}


def _column(name: str, ids: pl.Series, years: pl.Series) -> pl.Series:
    if name == "state":
        return ids
    if name in _NUMBERS:
        return states.codes(ids, years, system=_NUMBERS[name], strict=True)  # type: ignore[arg-type]
    return states.codes(ids, years, system="iso3" if name == "iso3c" else "name")


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
