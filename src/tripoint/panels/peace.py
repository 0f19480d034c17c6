"""Peace spells: how long a pair has gone without a dispute (Beck, Katz and Tucker 1998, doi:10.2307/2991857)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import numpy as np

from tripoint.panels.base import EARLIEST, Bools, DyadPeriods
from tripoint.panels.disputes import ongoing_rows
from tripoint.panels.landing import Landed, land
from tripoint.panels.periods import Ints, Periods, number
from tripoint.panels.places import Places
from tripoint.panels.variable import Variable

Gaps = Literal["ignore", "count", "reset"]
#: What a gap in membership does: its periods are left out of the count, are counted, or end the count.
GAPS: tuple[Gaps, ...] = ("ignore", "count", "reset")
#: Whether the count begins with the pair, or with the first period of the panel.
HISTORIES = ("all", "panel")
#: Whether all years of a pair are counted, or only the rows that a filter left in the panel.
WITHIN = ("pairs", "rows")


def peace_spells(one: Ints, two: Ints, period: Ints, event: Bools, gaps: Gaps = "ignore") -> Ints:
    """Count the periods since the last event of a pair, or since its first.

    Parameters
    ----------
    one, two, period
        Pairs and periods in order, shape (n,).
    event
        Whether there is an event, shape (n,).
    gaps
        ``ignore`` counts the rows of a pair only, as the field's software does; ``count`` counts the calendar;
        ``reset`` begins again after periods without a row.

    Returns
    -------
    numpy.ndarray
        Periods, shape (n,): 0 in the first one and in the one after an event. A period of an event still carries the
        count up to it.
    """
    since = _since(one, two, period, event, gaps)
    if gaps == "count":
        return period.astype(np.int32) - period[since]
    return np.arange(period.size, dtype=np.int32) - since


def _since(one: Ints, two: Ints, period: Ints, event: Bools, gaps: Gaps) -> Ints:
    """Row from which every row counts."""
    place = np.arange(period.size, dtype=np.int32)
    start = np.ones(period.size, bool)
    start[1:] = (one[1:] != one[:-1]) | (two[1:] != two[:-1]) | event[:-1]
    if gaps == "reset":
        start[1:] |= np.diff(period) != 1
    return np.maximum.accumulate(np.where(start, place, 0))


def unsettled(one: Ints, two: Ints, period: Ints, event: Bools, maybe: Bools, gaps: Gaps = "ignore") -> Bools:
    """Whether an event that only may have been falls within the count of a row, which is then not known; shape (n,)."""
    before: Ints = np.cumsum(maybe) - maybe
    return np.asarray(before > before[_since(one, two, period, event, gaps)])


def build_peace_spells(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land the periods since the last dispute: of all periods of a pair, or of those that a filter left."""
    if options.get("within") == "rows" and places.kept is not None:
        return _within(places, variables, options.get("gaps", "ignore"))
    whole = options.get("history", "all") == "all" and places.states.first > EARLIEST
    long = _since_earliest(places) if whole else places
    gaps = options.get("gaps", "ignore")
    pairs = long.states.dyads
    done = {}
    for variable in variables:
        event, maybe = np.zeros((2, pairs.rows), bool)
        event_rows, maybe_rows = ongoing_rows(long, variable.source)
        event[event_rows] = True
        count = peace_spells(pairs.one, pairs.two, pairs.period, event, gaps)
        known = None
        if maybe_rows.size:
            maybe[maybe_rows] = True
            known = ~unsettled(pairs.one, pairs.two, pairs.period, event, maybe, gaps)
        if whole:
            same = _same(places.states.dyads, pairs)
            count, known = count[same], None if known is None else known[same]
        cover = places.cover(variable.source, variable.kind, variable.system, dyads=True)
        rows = np.flatnonzero(cover.whole if known is None else cover.whole & known)
        done[variable.name] = land(
            cover, rows, count[rows], absent=variable.absent, dtype=variable.dtype, combine="last"
        )
    return done


def _within(places: Places, variables: Sequence[Variable], gaps: Gaps) -> dict[str, Landed]:
    """Land the count of the rows that are left: neither years nor disputes of those filtered out take part in it."""
    pairs, left = places.states.dyads, np.flatnonzero(places.kept if places.kept is not None else True)
    one, two, period = pairs.one[left], pairs.two[left], pairs.period[left]
    done = {}
    for variable in variables:
        event, maybe = np.zeros((2, pairs.rows), bool)
        event_rows, maybe_rows = ongoing_rows(places, variable.source)
        event[event_rows], maybe[maybe_rows] = True, True
        count = peace_spells(one, two, period, event[left], gaps)
        known = ~unsettled(one, two, period, event[left], maybe[left], gaps)
        cover = places.cover(variable.source, variable.kind, variable.system, dyads=True)
        known &= cover.whole[left]
        done[variable.name] = land(
            cover, left[known], count[known], absent=variable.absent, dtype=variable.dtype, combine="last"
        )
    return done


def _since_earliest(places: Places) -> Places:
    """The same states, up to the same period, from the first year of the lists of members."""
    here = places.states
    first = number(here.periods.grain, date(EARLIEST, 1, 1))
    return places.over(Periods(here.periods.grain, first, here.periods.last))


def _same(here: DyadPeriods, there: DyadPeriods) -> Ints:
    """Row of the same pair and period in a longer panel of the same system."""
    unit = np.searchsorted(there.states.codes, here.states.codes)
    shift = here.states.periods.first - there.states.periods.first
    return there.at(unit[here.one], unit[here.two], here.period.astype(np.int32) + shift)
