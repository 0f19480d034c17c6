"""Carrying values beyond the end of their source, by choice: what held on its last day stands on later rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tripoint.errors import InputError
from tripoint.panels.landing import Landed
from tripoint.panels.periods import Periods, number
from tripoint.panels.places import Places
from tripoint.panels.values import build_values
from tripoint.panels.variable import Group, Variable


@dataclass(frozen=True, slots=True)
class Carried:
    """A variable with carried values: the last period of the source, and how many cells were carried."""

    landed: Landed
    after: str
    cells: int


def years_carried(carry: object) -> int | None:
    """How many years values are carried; None for as long as the panel lasts.

    Raises
    ------
    InputError
        For anything but ``"last"`` and a whole number of years from 1.
    """
    if carry == "last":
        return None
    if isinstance(carry, bool) or not isinstance(carry, int) or carry < 1:
        raise InputError(f"carry={carry!r}: give 'last', or a number of years from 1")
    return carry


def carry_on(
    places: Places,
    group: Group,
    variables: Sequence[Variable],
    landed: Mapping[str, Landed],
    options: Mapping[str, Any],
) -> dict[str, Carried]:
    """Carry variables of a group from the end of their source.

    Only rows after that end are filled, only of states (or pairs) that were members then, and only where it is known
    what held; a row that the source covers keeps what the source says.
    """
    years = years_carried(options["carry"])
    rest = {k: v for k, v in options.items() if k != "carry"}
    done = {}
    for variable in variables:
        end = places.reach(variable.source, variable.kind) if variable.source else None
        periods = places.states.periods
        if end is None or end >= periods.end:
            continue
        finest = variable.finest
        then = number(finest, end)
        there = places.over(Periods(finest, then, then))
        held = (group.build or build_values)(there, [variable], rest)[variable.name]
        ends = number(periods.grain, end)
        each = {"year": 1, "month": 12, "day": 366}[periods.grain]
        last = periods.last if years is None else ends + years * each
        done[variable.name] = _filled(places, there, variable, landed[variable.name], held, (ends, last))
    return done


def _filled(
    places: Places, there: Places, variable: Variable, landed: Landed, held: Landed, span: tuple[int, int]
) -> Carried:
    states, periods = places.states, places.states.periods
    dyads = variable.level == "dyad"
    when = (states.dyads if dyads else states).period.astype(np.int64) + periods.first
    later = np.flatnonzero((when > span[0]) & (when <= span[1]) & ~landed.known)
    unit = np.full(len(states.codes), -1)
    place = np.minimum(np.searchsorted(there.states.codes, states.codes), len(there.states.codes) - 1)
    same = there.states.codes[place] == states.codes
    unit[same] = place[same]
    if dyads:
        one, two = unit[states.dyads.one[later]], unit[states.dyads.two[later]]
        found = np.where((one >= 0) & (two >= 0), there.states.dyads.at(one, two, 0), -1)
    else:
        own = unit[states.side[later]]
        found = np.where(own >= 0, there.states.at[own, 0], -1)
    taken = held.take(found)
    later = later[taken.known]
    values, known = landed.values.copy(), landed.known.copy()
    values[later], known[later] = taken.values[taken.known], True
    return Carried(Landed(values, known, landed.labels), periods.label(span[0] - periods.first), int(later.size))
