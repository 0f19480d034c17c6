"""Similarity as variables of panels: alliance portfolios by year, and votes in the General Assembly by calendar year.

``pipeline.panel`` adds :data:`GROUPS` to the registry, so that ``tripoint.panel(...).add("similarity")`` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.similarity_matrix import PairSimilarity, contested, similarity_matrix
from tripoint.panels import GROUPS as PANEL_GROUPS
from tripoint.panels import Group, Landed, Places, Variable, land
from tripoint.panels.values import build_values
from tripoint.record import KINDS

Floats = NDArray[np.float64]
Cells = tuple[list[NDArray[Any]], dict[str, list[Floats]]]

#: Step on the scale of ties that an obligation of ATOP stands for; 0 is none of them.
STEPS = {"atop_defense": 3, "atop_offense": 3, "atop_neutral": 2, "atop_consul": 2, "atop_nonagg": 1}
TIES, CHOICES = (0, 1, 2, 3), (1, 2, 3)
ITEMS = "vote_items"
_PORTFOLIOS = (
    "what each owes every member of the system: 3 defense or offense, 2 neutrality or consultation, 1 nonaggression, 0"
)
#: Variable -> measure, lowest and highest value, meaning.
_ALLIANCES: Mapping[str, tuple[str, float | None, float, str]] = {
    "alliance_s": ("s", -1.0, 1.0, f"S, absolute distances, of {_PORTFOLIOS}"),
    "alliance_kappa_scale": ("kappa_squared", None, 1.0, "kappa of the same, squared distances on the scale 0-3"),
    "alliance_kappa_pair": (
        *("kappa_squared_pair", None, 1.0),
        "kappa of the same, squared distances between the ranks of the categories that occur in the pair",
    ),
    "alliance_pi": ("pi_squared", None, 1.0, "Scott's pi of the same, squared distances"),
    "alliance_pi_nominal": ("pi_nominal", None, 1.0, "Scott's pi of the same, categories equal or not"),
    "alliance_tau_b": ("tau_b", -1.0, 1.0, "Kendall's tau-b of the same"),
    "alliance_a": ("a", -2.0, 2.0, "S of the same less the S of chance"),
}
_VOTES: Mapping[str, tuple[str, float | None, float, str]] = {
    "vote_agreement": (
        *("agreement", 0.0, 1.0),
        "agreement in the year's votes on which not all agreed: 1 the same, .5 one abstains, 0 opposite, on average",
    ),
    "vote_kappa": ("kappa_squared", None, 1.0, "kappa of the same votes, squared distances on the scale 1-3"),
}


def build_similarity(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land measures of similarity; null outside coverage and where a measure is not defined.

    A tie counts for a year if it held on any of its days, as in the group ``atop``; a state's tie to itself is the
    highest. Votes are those of a calendar year; a pair needs one contested vote on which both are on record.
    """
    done: dict[str, Landed] = {}
    for names, values_of in ((_ALLIANCES, _alliances), (_VOTES, _votes)):
        mine = [v for v in variables if v.name in names or (v.name == ITEMS and names is _VOTES)]
        if not mine:
            continue
        wanted = {v.name: names[v.name][0] for v in mine if v.name in names}
        rows, values = values_of(places, wanted)
        row = np.concatenate(rows) if rows else np.empty(0, np.int32)
        for variable in mine:
            found = np.concatenate(values[variable.name]) if rows else np.empty(0)
            here = np.isfinite(found)
            cover = places.cover(variable.source, variable.kind, variable.system, dyads=True)
            done[variable.name] = land(
                cover, row[here], found[here], absent=variable.absent, dtype=variable.dtype, combine="last"
            )
    return done


def portfolios(places: Places) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Step of what the first state of every directed dyad-year owes the second, and whether it is known, (n,) each."""
    variables = [v for v in PANEL_GROUPS["atop"].variants[""] if v.name in STEPS]
    landed = build_values(places, variables, {})
    known = np.logical_and.reduce([landed[name].known for name in STEPS])
    steps = [np.where(landed[name].known & (landed[name].values > 0), step, 0) for name, step in STEPS.items()]
    return np.maximum.reduce(steps).astype(np.int8), known


def _alliances(places: Places, wanted: Mapping[str, str]) -> Cells:
    pairs = places.states.dyads
    tie, known = portfolios(places)
    rows: list[NDArray[Any]] = []
    values: dict[str, list[Floats]] = {name: [] for name in wanted}
    for year in range(places.states.span):
        at = pairs.row[pairs.pair, year]
        there = at >= 0
        there[there] = known[at[there]]
        units = np.flatnonzero(there.any(axis=1))
        if units.size < 2:
            continue
        square = at[np.ix_(units, units)]
        profiles = np.where(there[np.ix_(units, units)], tie[square], 0)
        np.fill_diagonal(profiles, TIES[-1])
        found = similarity_matrix(profiles, list(wanted.values()), levels=TIES)
        _collect(found, square, wanted, rows, values)
    return rows, values


def _votes(places: Places, wanted: Mapping[str, str]) -> Cells:
    import polars as pl

    states = places.states
    source = _VARIABLES[ITEMS].source
    facts = places.facts("positions", source, [_VARIABLES[ITEMS].kind], "value, item")
    item = facts.frame["item"].cast(pl.Categorical).to_physical().to_numpy()
    fact, row = places.state_rows(facts)
    keep = (row >= 0) & np.isfinite(facts.value[fact])
    fact, row = fact[keep], row[keep]
    rows: list[NDArray[Any]] = []
    values: dict[str, list[Floats]] = {name: [] for name in (*wanted, ITEMS)}
    order = np.argsort(states.period[row], kind="stable")
    bounds = np.searchsorted(states.period[row][order], np.arange(states.span + 1))
    for year in range(states.span):
        mine = order[bounds[year] : bounds[year + 1]]
        units, i = np.unique(states.side[row[mine]], return_inverse=True)
        if units.size < 2:
            continue
        items, j = np.unique(item[fact[mine]], return_inverse=True)
        profiles = np.full((units.size, items.size), np.nan)
        profiles[i, j] = facts.value[fact[mine]]
        profiles = profiles[:, contested(profiles)]
        if profiles.shape[1]:
            found = similarity_matrix(profiles, list(wanted.values()) or ["agreement"], levels=CHOICES)
            _collect(found, states.dyads.at(units[:, None], units[None, :], year), wanted, rows, values)
            values[ITEMS] += [np.where(found.items > 0, found.items, np.nan)] * 2
    return rows, values


def _collect(
    found: PairSimilarity,
    at: NDArray[Any],
    wanted: Mapping[str, str],
    rows: list[NDArray[Any]],
    values: dict[str, list[Floats]],
) -> None:
    """Add a year's pairs, on the rows of either direction."""
    rows += [at[found.first, found.second], at[found.second, found.first]]
    for name, measure in wanted.items():
        values[name] += [found.values[measure]] * 2


def _variable(
    name: str, source: str, kind: str, unit: str, span: tuple[float | None, float | None], meaning: str, **more: Any
) -> Variable:
    return Variable(name, meaning, unit, "dyad", source, KINDS[kind].table, kind, low=span[0], high=span[1], **more)


def _unit(low: float | None, high: float) -> str:
    return f"up to {high:g}" if low is None else f"{low:g}-{high:g}" if low >= 0 else f"{low:g}..+{high:g}"


_VARIABLES: Mapping[str, Variable] = {
    v.name: v
    for v in (
        *(
            _variable(name, "atop", "defense pact", _unit(low, high), (low, high), meaning)
            for name, (_, low, high, meaning) in _ALLIANCES.items()
        ),
        *(
            _variable(name, "un-ga-votes", "assembly vote", _unit(low, high), (low, high), meaning, system=None)
            for name, (_, low, high, meaning) in _VOTES.items()
        ),
        _variable(
            *(ITEMS, "un-ga-votes", "assembly vote", "number", (1.0, None)),
            "votes of the year on which both are on record and not all agreed",
            system=None,
            dtype="int16",
        ),
    )
}

#: Groups by name, for the registry of :func:`tripoint.panels.panel`.
GROUPS: Mapping[str, Group] = {
    "similarity": Group(
        "similarity",
        "likeness of alliance portfolios and of votes",
        {"": tuple(_VARIABLES.values())},
        build=build_similarity,
    )
}
