"""The common rules: facts of one kind come down on the rows of their states and periods."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.errors import CoverageWarning
from tripoint.panels.landing import Landed, land
from tripoint.panels.places import Facts, Places
from tripoint.panels.variable import Side, Variable

if TYPE_CHECKING:
    import polars as pl

_VALUE = {"attributes": "value", "flows": "value", "commitments": "level", "events": "intensity"}
_DIGITS = 12  # factors such as a thousand are undone to this many decimals


def build_values(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land variables that are the value, the presence or the first year of a fact."""
    done: dict[str, Landed] = {}
    batches: dict[tuple[str, str], list[Variable]] = {}
    for variable in variables:
        batches.setdefault((variable.source, variable.table), []).append(variable)
    for (source, table), batch in batches.items():
        kinds = list(dict.fromkeys(kind for v in batch for kind in (v.kind, *v.kinds)))
        unit = "unit" if table in ("flows", "attributes") else "NULL::VARCHAR AS unit"
        directed = {"flows": "true", "attributes": "true"}.get(table, "directed")
        classes = ", classes" if any(v.only for v in batch) else ""
        asked = f"{_VALUE[table]} AS value, {unit}, {directed} AS directed{classes}"
        facts = places.facts(table, source, kinds, asked)
        kind, label = (facts.frame[c].cast(str).to_numpy() for c in ("kind", "unit"))
        found: dict[Any, tuple[np.ndarray, np.ndarray]] = {}
        for variable in batch:
            place = ("dyad", "") if variable.level == "dyad" else ("state", variable.side)
            if place not in found:
                found[place] = rows(places, facts, dyads=place[0] == "dyad", side=variable.side)
            fact, row = found[place]
            if variable.only and without(facts.frame, "classes", source, f"'{variable.name}'"):
                done[variable.name] = nothing(places, variable)
                continue
            mine = np.ones(len(kind), bool)
            if len(kinds) > 1:
                mine &= np.isin(kind, [variable.kind, *variable.kinds])
            if variable.label:
                mine &= label == variable.label
            if variable.only:
                mine &= of_classes(facts.frame, variable.only)
            done[variable.name] = _landed(places, variable, facts, fact, row, mine)
    return done


def of_classes(frame: pl.DataFrame, wanted: Sequence[str]) -> np.ndarray:
    """Whether facts bear one of these classes, shape (m,)."""
    listed = frame["classes"].fill_null("").str.split("|")
    return np.asarray(np.logical_or.reduce([listed.list.contains(one).to_numpy() for one in wanted]))


def without(frame: pl.DataFrame, column: str, source: str, name: str) -> bool:
    """Whether a version that did not read a column stored the evidence, so that it is null throughout; it is said."""
    if not frame.height or frame[column].null_count() < frame.height:
        return False
    warnings.warn(
        f"{source} was stored by a version that did not read what {name} needs, so that it is null; load it again: "
        f"tripoint load {source}",
        CoverageWarning,
        stacklevel=2,
    )
    return True


def nothing(places: Places, variable: Variable) -> Landed:
    """A variable that is known on no row."""
    height = places.states.dyads.rows if variable.level == "dyad" else places.states.rows
    return Landed(np.zeros(height, variable.dtype), np.zeros(height, bool))


def rows(places: Places, facts: Facts, *, dyads: bool, side: Side = "either") -> tuple[np.ndarray, np.ndarray]:
    """Facts and their rows; an undirected fact stands on the row of either direction, and of either state."""
    if not dyads:
        sides = {"a": (facts.a,), "b": (facts.b,), "either": (facts.a, facts.b) if (facts.b >= 0).any() else (facts.a,)}
        found = [places.state_rows(replace(facts, a=of)) for of in sides[side]]
        return np.concatenate([fact for fact, _ in found]), np.concatenate([row for _, row in found])
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
