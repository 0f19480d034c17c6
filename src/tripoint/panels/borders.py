"""Borders of single states: with how many others a state is contiguous, on land and over water."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tripoint.panels.landing import Landed
from tripoint.panels.places import Places
from tripoint.panels.values import build_values
from tripoint.panels.variable import Variable

#: Contiguity of land; larger codes are of water.
LAND = 1


def build_borders(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Count borders from the contiguity of pairs; known where it is known for every partner."""
    contiguity = replace(variables[0], level="dyad", combine="min", dtype="int8")
    found = build_values(places, [contiguity], {})[contiguity.name]
    states, pairs = places.states, places.states.dyads
    row = states.at[pairs.one, pairs.period]
    unknown = np.bincount(row, weights=~found.known, minlength=states.rows)
    done = {}
    for variable in variables:
        of_kind = found.values == LAND if variable.name == "landborders" else found.values > LAND
        count = np.bincount(row, weights=of_kind & found.known, minlength=states.rows)
        done[variable.name] = Landed(count.astype(variable.dtype), unknown == 0)
    return done
