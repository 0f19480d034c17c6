"""Portfolios of all states of a year, as rows of a matrix: pledges to other states, votes, memberships.

A profile has a row for every state and a column for every item: the members of the system for alliances, the votes
of the year, the organizations of the year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.similarity.matrix import contested
from tripoint.evidence.choice import reference
from tripoint.evidence.roll_calls import KIND
from tripoint.panels import GROUPS, Places, land
from tripoint.panels.values import build_values, rows

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]

#: Step on the scale of ties that an obligation of ATOP stands for; 0 is none of them.
STEPS: Mapping[str, int] = {
    "defense pact": 3,
    "offense pact": 3,
    "neutrality pact": 2,
    "consultation pact": 2,
    "nonaggression pact": 1,
}
TIES, CHOICES, EITHER = (0, 1, 2, 3), (1, 2, 3), (0, 1)


@dataclass(frozen=True, slots=True)
class Profiles:
    """Portfolios of the states of one year.

    Attributes
    ----------
    year
        Position of the year in the panel.
    units
        Positions of the n states, ascending.
    positions
        (n, m) positions on m items, NaN where there is none.
    weights
        (m,) weights of the items, >= 0, or None.
    """

    year: int
    units: Ints
    positions: Floats
    weights: Floats | None = None


def pledges(places: Places, *, multilateral_nonaggression: bool = True) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Step of what the first state of every directed dyad-year owes the second, and whether it is known, (n,) each.

    Parameters
    ----------
    places
        Of a panel by years.
    multilateral_nonaggression
        Whether pledges of nonaggression in treaties of three members or more count; charters tie whole continents.
    """
    steps = np.zeros(places.states.dyads.rows, np.int8)
    known = np.ones(steps.size, bool)
    columns = "level AS value, members, NULL::VARCHAR AS unit, directed"
    for kind, step in STEPS.items():
        facts = places.facts("commitments", reference(kind), [kind], columns)
        fact, row = rows(places, facts, dyads=True)
        if kind == "nonaggression pact" and not multilateral_nonaggression:
            many = (facts.frame["members"] != 2).fill_null(value=False).to_numpy()
            row = row[~many[fact]]
        cover = places.cover(reference(kind), kind, "cow", dyads=True, directed=True)
        held = land(cover, row, np.ones(row.size, np.int8), absent=0.0, dtype=np.int8)
        known &= held.known
        np.maximum(steps, held.values * np.int8(step), out=steps, where=held.known)
    return steps, known


def alliance_profiles(
    places: Places, *, binary: bool = False, multilateral_nonaggression: bool = True, weighted: bool = False
) -> Iterator[Profiles]:
    """What each state owes every member of the system; to itself the most.

    Parameters
    ----------
    places
        Of a panel by years.
    binary
        Whether a pledge is there or not (0, 1), in place of its step (0-3).
    multilateral_nonaggression
        As in :func:`pledges`.
    weighted
        Whether targets are weighted by their capability index; one without an index weighs nothing.
    """
    pairs = places.states.dyads
    tie, known = pledges(places, multilateral_nonaggression=multilateral_nonaggression)
    if binary:
        tie = (tie > 0).astype(np.int8)
    power = _capability(places) if weighted else None
    for year in range(places.states.span):
        at = pairs.row[pairs.pair, year]
        there = at >= 0
        there[there] = known[at[there]]
        units = np.flatnonzero(there.any(axis=1))
        if units.size < 2:
            continue
        inside = np.ix_(units, units)
        positions = np.where(there[inside], tie[at[inside]], 0).astype(float)
        np.fill_diagonal(positions, EITHER[-1] if binary else TIES[-1])
        weights = None if power is None else power[units, year]
        yield Profiles(year, units, positions, weights if weights is not None and weights.any() else None)


def _capability(places: Places) -> Floats:
    """Capability index of every unit and year, 0 where it is not known, shape (s, y)."""
    variable = next(v for v in GROUPS["capability"].variants[""] if v.name == "cinc")
    landed = build_values(places, [variable], {})["cinc"]
    power = np.zeros(places.states.member.shape)
    power[places.states.side, places.states.period] = np.where(landed.known, landed.values, 0.0)
    return power


def vote_profiles(places: Places) -> Iterator[Profiles]:
    """Votes of each calendar year in the General Assembly on which not all agreed: 1 yes, 2 abstain, 3 no."""
    states = places.states
    # A number in place of the item's name saves half of the memory; two of some ten thousand names share one of 2^64
    # numbers with a probability below 1e-11.
    facts = places.facts("positions", reference(KIND), [KIND], "value, hash(item) AS item")
    item = facts.frame["item"].to_numpy()
    fact, row = places.state_rows(facts)
    keep = (row >= 0) & np.isfinite(facts.value[fact])
    fact, row = fact[keep], row[keep]
    for year, mine in _by_year(states.period[row], states.span):
        units, i = np.unique(states.side[row[mine]], return_inverse=True)
        items, j = np.unique(item[fact[mine]], return_inverse=True)
        positions = np.full((units.size, items.size), np.nan)
        positions[i, j] = facts.value[fact[mine]]
        positions = positions[:, contested(positions)]
        if units.size > 1 and positions.shape[1]:
            yield Profiles(year, units, positions)


def organization_profiles(places: Places) -> Iterator[Profiles]:
    """Full memberships of the formal organizations of each year: 1 member, 0 not; items have one member at least."""
    import polars as pl

    states = places.states
    facts = places.facts("commitments", reference("membership"), ["membership"], "level AS value, instrument")
    number = facts.frame["instrument"].cast(pl.Categorical).to_physical().to_numpy()
    fact, row = places.state_rows(facts)
    fact, row = fact[row >= 0], row[row >= 0]
    for year, mine in _by_year(states.period[row], states.span):
        units = np.flatnonzero(states.member[:, year])
        bodies, j = np.unique(number[fact[mine]], return_inverse=True)
        positions = np.zeros((units.size, bodies.size))
        positions[np.searchsorted(units, states.side[row[mine]]), j] = 1
        if units.size > 1:
            yield Profiles(year, units, positions)


def _by_year(year: Ints, span: int) -> Iterator[tuple[int, Ints]]:
    """Each year that occurs, and where it does."""
    order = np.argsort(year, kind="stable")
    bounds = np.searchsorted(year[order], np.arange(span + 1))
    for k in range(span):
        if bounds[k] < bounds[k + 1]:
            yield k, order[bounds[k] : bounds[k + 1]]
