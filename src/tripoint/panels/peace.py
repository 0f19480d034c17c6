"""Peace years: how long a pair has gone without a dispute (Beck, Katz and Tucker 1998, doi:10.2307/2991857)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from tripoint.panels.base import EARLIEST, Bools, DyadYears, Ints, state_years
from tripoint.panels.disputes import ongoing_rows
from tripoint.panels.landing import Landed, land
from tripoint.panels.places import Places
from tripoint.panels.variable import Variable

Gaps = Literal["ignore", "count", "reset"]
#: What a gap in membership does: its years are left out of the count, are counted, or end the count.
GAPS: tuple[Gaps, ...] = ("ignore", "count", "reset")
#: Whether the count begins with the pair, or with the first year of the panel.
HISTORIES = ("all", "panel")


def peace_years(one: Ints, two: Ints, year: Ints, event: Bools, gaps: Gaps = "ignore") -> Ints:
    """Count the years since the last event of a pair, or since its first year.

    Parameters
    ----------
    one, two, year
        Pairs and years in order, shape (n,).
    event
        Whether there is an event, shape (n,).
    gaps
        ``ignore`` counts the rows of a pair only, as the field's software does; ``count`` counts calendar years;
        ``reset`` begins again after years without a row.

    Returns
    -------
    numpy.ndarray
        Years, shape (n,): 0 in the first year and in the year after an event. A year of an event still carries the
        count up to it.
    """
    n = year.size
    place = np.arange(n, dtype=np.int32)
    start = np.ones(n, bool)
    start[1:] = (one[1:] != one[:-1]) | (two[1:] != two[:-1]) | event[:-1]
    if gaps == "reset":
        start[1:] |= np.diff(year) != 1
    since = np.maximum.accumulate(np.where(start, place, 0))
    if gaps == "count":
        return year.astype(np.int32) - year[since]
    return place - since


def build_peace_years(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land the years since the last dispute."""
    whole = options.get("history", "all") == "all" and places.states.first > EARLIEST
    long = Places(state_years(places.states.system, EARLIEST, places.states.last), places.evidence) if whole else places
    pairs = long.states.dyads
    done = {}
    for variable in variables:
        event = np.zeros(pairs.rows, bool)
        event[ongoing_rows(long, variable.source)] = True
        count = peace_years(pairs.one, pairs.two, pairs.year, event, options.get("gaps", "ignore"))
        if whole:
            count = count[_same(places.states.dyads, pairs)]
        cover = places.cover(variable.source, variable.kind, variable.system, dyads=True)
        rows = np.flatnonzero(cover.whole)
        done[variable.name] = land(
            cover, rows, count[rows], absent=variable.absent, dtype=variable.dtype, combine="last"
        )
    return done


def _same(here: DyadYears, there: DyadYears) -> Ints:
    """Row of the same pair and year in a longer panel of the same system."""
    unit = np.searchsorted(there.states.codes, here.states.codes)
    return there.at[unit[here.one], unit[here.two], here.year + here.states.first - there.states.first]
