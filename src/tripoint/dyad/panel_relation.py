"""The relation measure as variables of panels: how two states stand in a year, and the chance of a dispute in the next.

``pipeline.panel`` adds :data:`GROUPS` to the registry, so that ``tripoint.panel(...).add("relation")`` has them.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint import states
from tripoint.dyad.relation import FIRST_YEAR, Relation, fit_relation, last_year
from tripoint.dyad.relation.door import trainable
from tripoint.dyad.relation.kept import folder_of
from tripoint.dyad.relation.shipped import shipped_relation
from tripoint.errors import CoverageWarning
from tripoint.panels import Group, Landed, Places, Variable

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: The store's own fit where it is kept, else what ships; a fit in any case; what ships in any case.
ESTIMATES = ("ready", "own", "shipped")
#: Variable -> what of the fit it is.
_FIELDS = {"relation": "mean", "relation_low": "low", "relation_high": "high", "dispute_risk": "risk"}


def build_relation(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land values of the relation measure on every dyad-year; null where there is no estimate."""
    fit = _estimates(places, str(options.get("estimates", ESTIMATES[0])))
    pairs = places.states.dyads
    found = {v.name: np.full(pairs.rows, np.nan) for v in variables if v.name in _FIELDS}
    for position in range(places.states.span):
        year = places.states.periods.first + position
        if fit.years[0] <= year <= fit.years[-1]:
            _one_year(places, fit, year, position, found)
    return {name: Landed(np.nan_to_num(values), np.isfinite(values)) for name, values in found.items()}


def kept_fit(evidence: Evidence) -> bool:
    """Whether the fit of all pairs on this evidence is kept, so that a call reads it at once."""
    return (folder_of(evidence, {"last": last_year(evidence), "smoothed": False}) / "fit.npz").is_file()


def _estimates(places: Places, which: str) -> Relation:
    """The store's own fit where it is kept or asked for, else the estimates that ship; it is said which."""
    evidence = places.evidence
    if which == "own" or (which == "ready" and (not trainable(evidence) or kept_fit(evidence))):
        return fit_relation(evidence)
    if which == "ready":
        warnings.warn(
            "'relation' has the estimates that ship with the package, of pairs that matter; "
            'add("relation", estimates="own") fits all pairs on this store\'s evidence, which takes minutes once',
            CoverageWarning,
            stacklevel=2,
        )
    return shipped_relation(evidence, (), FIRST_YEAR, None)


def _one_year(places: Places, fit: Relation, year: int, position: int, found: dict[str, Any]) -> None:
    import polars as pl

    here = places.states
    units = np.flatnonzero(here.member[:, position])
    ids = states.ids(pl.Series(here.codes[units]), year, system=here.system).to_list()
    place = {s: i for i, s in enumerate(fit.states)}
    at = np.array([place.get(states.lineage(i)[0], -1) if i else -1 for i in ids])
    units, at = units[at >= 0], at[at >= 0]
    one, two = (m.ravel() for m in np.meshgrid(np.arange(units.size), np.arange(units.size), indexing="ij"))
    low, high = np.minimum(at[one], at[two]), np.maximum(at[one], at[two])
    use = low < high
    one, two, low, high = one[use], two[use], low[use], high[use]
    number = low * len(fit.states) - low * (low + 1) // 2 + high - low - 1
    row = here.dyads.at(units[one], units[two], position)
    there = row >= 0
    for name, values in found.items():
        values[row[there]] = getattr(fit, _FIELDS[name])[number[there], year - int(fit.years[0])]


def _variable(name: str, meaning: str, unit: str, low: float) -> Variable:
    more = {"low": low, "high": 1.0, "system": None}
    return Variable(name, meaning, unit, "dyad", "starter", "commitments", "rivalry", **more)  # type: ignore[arg-type]


_ALL = "of all evidence in the store; of the estimates that ship where it cannot train the measure"
#: Groups by name, for the registry of :func:`tripoint.panels.panel`.
GROUPS: Mapping[str, Group] = {
    "relation": Group(
        "relation",
        "how two states stand",
        {
            "": (
                _variable(
                    "relation",
                    f"mean rung from war (-1) over negative peace (0) to allied in deed, {_ALL}",
                    "-1..+1",
                    -1.0,
                ),
                _variable("relation_low", "lower bound of its 90 % interval", "-1..+1", -1.0),
                _variable("relation_high", "upper bound of its 90 % interval", "-1..+1", -1.0),
                _variable("dispute_risk", "chance that a militarized dispute begins in the next year", "0-1", 0.0),
            )
        },
        build=build_relation,
        options={"estimates": ESTIMATES},
    )
}
