"""Adding variables: from a name to columns, at the panel's periods or at coarser ones that are repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tripoint.errors import CoverageError, InputError
from tripoint.panels.carrying import Carried, carry_on
from tripoint.panels.columns import Column, Origin, chosen, of_states, seen
from tripoint.panels.landing import Landed
from tripoint.panels.periods import Grain, finer
from tripoint.panels.places import Places
from tripoint.panels.rows import PARTNERS, Rows
from tripoint.panels.values import build_values
from tripoint.panels.variable import Group, Variable
from tripoint.sources.getting import how_to_get

#: Name of the code of a state, by system.
CODES = {"cow": "ccode", "gw": "gwcode"}


def made_columns(
    rows: Rows, places: Places, group: Group, names: Sequence[str], options: Mapping[str, Any], *, broadcast: bool
) -> list[Column]:
    """Columns of one group, built together.

    Parameters
    ----------
    rows, places
        What they stand on, and what finds it.
    group, names, options
        The group, which of its variables, and its options.
    broadcast
        Whether variables of coarser periods than the rows may be repeated.

    Raises
    ------
    CoverageError
        When the store does not hold a source.
    InputError
        For variables of coarser periods that may not be repeated, and for variables about pairs that cannot be counted
        by state.
    """
    name = ", ".join(names)
    variables = [v for each in names for v in chosen(group, each, options)]
    if names == ["codes"]:
        variables = [v for v in variables if v.name != CODES[rows.states.system]]
    editions = {e.source_id for e in places.evidence.editions}
    for source in dict.fromkeys(source for v in variables for source in v.sources):
        if source not in editions:
            raise CoverageError(f"'{name}' needs {source}, which is not in the store; {how_to_get([source])}")
    grain = rows.states.periods.grain
    coarse = [v for v in variables if finer(grain, v.finest)]
    if coarse and not broadcast:
        raise InputError(_too_coarse(name, coarse[0], grain))
    if rows.sides == 1 and rows.states.dyad_rows > PARTNERS and any(v.level == "dyad" for v in variables):
        raise InputError(
            f"'{name}' is about pairs; to count partners would take {rows.states.dyad_rows:,} of them: "
            f"take fewer {grain}s, or add it to a dyad-{grain} panel, which is made part by part"
        )
    at = {v.name: v.finest if v in coarse else grain for v in variables}
    landed: dict[str, Landed] = {}
    carried: dict[str, Carried] = {}
    for each in dict.fromkeys(at.values()):
        mine = [v for v in variables if at[v.name] == each]
        landed |= _landed(places, group, mine, options, each)
        if group.carries and options.get("carry") is not None:
            if each != grain:
                raise InputError(f"'{name}' cannot be carried and repeated at once; make a panel of {each}s")
            of_group = {k: v for k, v in options.items() if k in group.options}
            carried |= carry_on(places, group, mine, landed, {**of_group, "carry": options["carry"]})
    landed |= {k: c.landed for k, c in carried.items()}
    lagged = options.get("within") != "rows" and options.get("history") != "panel"
    made = []
    for v in variables:
        repeated, own = (v.finest, places.coarser(v.finest)) if v in coarse else (None, places)
        spoken = v.by(at[v.name])
        if cites := [s for s in landed[v.name].cites if s not in spoken.sources]:
            spoken = replace(spoken, also=(*spoken.also, *cites))
        columns = [of_states(rows.states, spoken, landed[v.name])] if rows.sides == 1 else None
        columns = columns or [*seen(spoken, landed[v.name], rows.sides, directed=rows.directed)]
        vague = own.vague(v.table, v.source, v.kind)
        origin = Origin(group.name, v.name, options, broadcast) if lagged else None
        on = carried.get(v.name)
        more = (on.after, on.cells) if on and on.cells else None
        made += [
            replace(column, repeated=repeated, vague=vague, origin=origin, carried=more) for column in columns if column
        ]
    if not made:
        alone = f"; of single states there is '{group.of_states}'" if group.of_states else ""
        raise InputError(
            f"'{name}' is about pairs and cannot be counted by state; add it to a dyad-{grain} panel{alone}"
        )
    return made


def _landed(
    places: Places, group: Group, variables: Sequence[Variable], options: Mapping[str, Any], grain: Grain
) -> Mapping[str, Landed]:
    """Variables of one group on the rows of the panel; those of coarser periods are landed there and repeated."""
    build = group.build or build_values
    mine = {k: v for k, v in options.items() if k in group.options}
    if grain == places.states.periods.grain:
        return build(places, variables, mine)
    there = places.coarser(grain)
    if there.states.part is None:  # the same for every part
        key = (group.name, tuple(v.name for v in variables), repr(sorted(mine.items())))
        made = places.keep(key, lambda: build(there, variables, mine))
    else:
        made = build(there, variables, mine)
    rows = {dyads: places.rows_of_coarser(grain, dyads=dyads) for dyads in {v.level == "dyad" for v in variables}}
    return {v.name: made[v.name].take(rows[v.level == "dyad"]) for v in variables}


def _too_coarse(name: str, variable: Variable, grain: Grain) -> str:
    coarse = variable.finest
    return (
        f"'{name}': {variable.source} dates '{variable.name}' by {coarse}, not by {grain}; "
        f"add it to a panel of {coarse}s, or pass broadcast=True to repeat it for every {grain} of the {coarse}"
    )
