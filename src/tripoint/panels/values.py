"""The common rules: facts of one kind come down on the rows of their states and periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tripoint.panels.landing import Landed, land
from tripoint.panels.places import Facts, Places
from tripoint.panels.variable import Variable

_VALUE = {"attributes": "value", "flows": "value", "commitments": "level", "events": "intensity"}
_DIGITS = 9  # factors such as a thousand are undone to this many decimals


def build_values(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land variables that are the value, the presence or the first year of a fact."""
    done: dict[str, Landed] = {}
    batches: dict[tuple[str, str], list[Variable]] = {}
    for variable in variables:
        batches.setdefault((variable.source, variable.table), []).append(variable)
    for (source, table), batch in batches.items():
        kinds = list(dict.fromkeys(v.kind for v in batch))
        unit = "unit" if table in ("flows", "attributes") else "NULL::VARCHAR AS unit"
        directed = {"flows": "true", "attributes": "true"}.get(table, "directed")
        facts = places.facts(table, source, kinds, f"{_VALUE[table]} AS value, {unit}, {directed} AS directed")
        kind, label = (facts.frame[c].cast(str).to_numpy() for c in ("kind", "unit"))
        rows_of = {level: rows(places, facts, dyads=level == "dyad") for level in {v.level for v in batch}}
        for variable in batch:
            fact, row = rows_of[variable.level]
            mine = np.ones(len(kind), bool)
            if len(kinds) > 1:
                mine &= kind == variable.kind
            if variable.label:
                mine &= label == variable.label
            done[variable.name] = _landed(places, variable, facts, fact, row, mine)
    return done


def rows(places: Places, facts: Facts, *, dyads: bool) -> tuple[np.ndarray, np.ndarray]:
    """Facts and their rows; an undirected fact stands on the row of either direction."""
    if not dyads:
        return places.state_rows(facts)
    fact, row = places.dyad_rows(facts)
    both = ~facts.frame["directed"].to_numpy()[fact] & (row >= 0)
    if both.any():
        fact, row = np.concatenate([fact, fact[both]]), np.concatenate([row, places.states.dyads.mirror[row[both]]])
    return fact, row


def _landed(
    places: Places, variable: Variable, facts: Facts, fact: np.ndarray, row: np.ndarray, mine: np.ndarray
) -> Landed:
    dyads = variable.level == "dyad"
    keep = mine[fact] & (row >= 0)
    if variable.measure == "value":
        keep &= ~np.isnan(facts.value)[fact]
    sure = places.surely(facts, fact, row, dyads=dyads)
    if variable.measure == "began":
        at = (places.states.dyads if dyads else places.states).period[np.maximum(row, 0)]
        exact = facts.begins(fact, at, places.states.periods.start)
        maybe = facts.maybe_first(fact, at)
        sure &= ~maybe
        keep &= (exact & sure) | maybe
    fact, row, sure = fact[keep], row[keep], sure[keep]
    values = facts.value[fact] if variable.measure == "value" else np.ones(fact.size, np.int8)
    if variable.factor != 1:
        values = np.round(values * variable.factor, _DIGITS)
    if variable.logged:
        some = values > 0
        row, sure, values = row[some], sure[some], np.log(values[some])
    directed = variable.direction != "none"
    cover = places.cover(variable.source, variable.kind, variable.system, dyads=dyads, directed=directed)
    doubts = None if sure.all() else (row[~sure], values[~sure])
    rule: dict[str, Any] = {"absent": variable.absent, "dtype": variable.dtype, "combine": variable.combine}
    return land(cover, row[sure], values[sure], **rule, doubts=doubts)
