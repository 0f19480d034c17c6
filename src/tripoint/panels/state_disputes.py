"""Militarized disputes of single states: whether one was on or began in a year, and whether the state began it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tripoint.panels.disputes import INITIATORS, began_it, dispute_facts, sides_of
from tripoint.panels.landing import Landed, land
from tripoint.panels.places import Places
from tripoint.panels.variable import Variable


def build_state_disputes(
    places: Places, variables: Sequence[Variable], options: Mapping[str, Any]
) -> dict[str, Landed]:
    """Land the disputes of a state with any other; all of them count, as nothing is whittled."""
    source = variables[0].source
    facts = dispute_facts(places, source)
    sides = began_it(*sides_of(places, facts, source), str(options.get("init", INITIATORS[0])))
    cover = places.cover(source, "dispute", variables[0].system, dyads=False)
    onset = facts.frame["onset"].fill_null(value=False).to_numpy()
    done = {}
    for variable in variables:
        at, given = [], []
        for member, moved in zip((facts.a, facts.b), sides, strict=True):
            fact, row = places.state_rows(replace(facts, a=member))
            use = (row >= 0) & (onset[fact] if "onset" in variable.name else True)
            fact, row = fact[use], row[use]
            at.append(row)
            given.append(moved[fact] if variable.name.endswith("_init") else np.ones(fact.size))
        values, where = np.concatenate(given), np.concatenate(at)
        unknown = np.isnan(values)
        landed = land(cover, where[~unknown], values[~unknown], absent=0.0, dtype="int8", combine="max")
        landed.known[where[unknown]] = False
        done[variable.name] = landed
    return done
