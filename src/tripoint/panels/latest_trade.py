"""Goods trade from whichever source has it, cell by cell, with the source of every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tripoint.evidence.choice import ranked
from tripoint.panels.landing import Landed
from tripoint.panels.places import Places
from tripoint.panels.variable import Variable

KIND, UNIT = "goods trade", "USD million"


def build_latest_trade(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land each flow from the first source that has it, in the order in which the evidence's choice ranks them.

    Within a source the buyer's report goes before the seller's. Only flows in US dollars count.
    """
    have = [e.source_id for e in places.evidence.editions]
    pairs = places.states.dyads
    values, known = np.zeros(pairs.rows), np.zeros(pairs.rows, bool)
    whose = np.zeros(pairs.rows, np.int8)
    used: list[str] = []
    for source in ranked(KIND, have):
        facts = places.facts("flows", source, [KIND], "value, unit, reporter")
        frame = facts.frame
        if not frame.height:
            continue
        of_unit = (frame["unit"] == UNIT).to_numpy()
        buyers = np.array(
            [b >= 0 and places.ids[b] == r for b, r in zip(facts.b, frame["reporter"], strict=True)], bool
        )
        whole_year = (frame["end"].dt.ordinal_day() - frame["start"].dt.ordinal_day() >= 364).fill_null(value=False)
        of_unit &= whole_year.to_numpy()
        fact, row = places.dyad_rows(facts)
        here = (row >= 0) & of_unit[fact]
        fact, row = fact[here], row[here]
        before = known.copy()
        for first in (True, False):
            mine = (buyers[fact] == first) & ~known[row]
            values[row[mine]], known[row[mine]] = facts.value[fact[mine]], True
        new = known & ~before
        if new.any():
            whose[new] = len(used)
            used.append(source)
    found = Landed(values, known, cites=tuple(used))
    names = Landed(whose, known, tuple(used) or ("",), tuple(used))
    return {v.name: names if v.name.endswith("source") else found for v in variables}
