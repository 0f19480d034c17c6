"""Similarity as variables of panels: alliance portfolios and memberships by year, and votes by calendar year.

``pipeline.panel`` adds :data:`GROUPS` to the registry, so that ``tripoint.panel(...).add("similarity")`` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.similarity.matrix import similarity_matrix
from tripoint.dyad.similarity.portfolios import (
    CHOICES,
    EITHER,
    TIES,
    Profiles,
    alliance_profiles,
    organization_profiles,
    vote_profiles,
)
from tripoint.dyad.similarity.tables import MEASURES
from tripoint.evidence.choice import reference
from tripoint.panels import Group, Landed, Places, Variable, land_all
from tripoint.record import KINDS

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is compared: its profiles by year, its scale, and the evidence that covers it."""

    profiles: Callable[[Places], Iterator[Profiles]]
    levels: tuple[int, ...]
    source: str
    kind: str


_VALUED = Portfolio(alliance_profiles, TIES, reference("defense pact"), "defense pact")
_BINARY = replace(_VALUED, profiles=partial(alliance_profiles, binary=True), levels=EITHER)
#: Portfolios by the first part of their variables' names.
PORTFOLIOS: Mapping[str, Portfolio] = {
    "vote": Portfolio(
        vote_profiles, CHOICES, reference("assembly vote"), "assembly vote"
    ),  # first, as reading the votes takes the most memory
    "alliance": _VALUED,
    "alliance_weighted": replace(_VALUED, profiles=partial(alliance_profiles, weighted=True)),
    "alliance_binary": _BINARY,
    "alliance_bilnonagg": replace(_VALUED, profiles=partial(alliance_profiles, multilateral_nonaggression=False)),
    "alliance_binary_bilnonagg": replace(
        _BINARY, profiles=partial(alliance_profiles, binary=True, multilateral_nonaggression=False)
    ),
    "igo": Portfolio(organization_profiles, EITHER, reference("membership"), "membership"),
}
ITEMS, OVERLAP = "items", "overlap"


def build_similarity(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land measures of similarity; null outside coverage and where a measure is not defined.

    A tie counts for a year if it held on any of its days, as in the group ``atop``; a state's tie to itself is the
    highest. Votes are those of a calendar year; a pair needs one contested vote on which both are on record.
    """
    done: dict[str, Landed] = {}
    for name, portfolio in PORTFOLIOS.items():
        mine = {v.name: v for v in variables if v.name in _MADE and _MADE[v.name][0] == name}
        if not mine:
            continue
        values = _values(places, portfolio, {v: _MADE[v][1] for v in mine})
        for variable in mine.values():
            cover = places.cover(variable.source, variable.kind, variable.system, dyads=True)
            done[variable.name] = land_all(cover, values.pop(variable.name), dtype=variable.dtype)
    return done


def _values(places: Places, portfolio: Portfolio, wanted: Mapping[str, str]) -> dict[str, Floats]:
    """Measures of every directed dyad-year, NaN where there is none, by variable."""
    pairs = places.states.dyads
    values = {name: np.full(pairs.rows, np.nan) for name in wanted}
    for each in portfolio.profiles(places):
        measures = [
            m for m in wanted.values() if m in MEASURES and (each.weights is not None or not MEASURES[m].weighted)
        ]
        found = similarity_matrix(each.positions, measures or ["s"], levels=portfolio.levels, weights=each.weights)
        one, two = each.units[found.first], each.units[found.second]
        for a, b in ((one, two), (two, one)):
            row = pairs.at(a, b, each.year)
            there = row >= 0
            for name, measure in wanted.items():
                if measure == ITEMS:
                    made: Floats = np.where(found.items > 0, found.items, np.nan)
                elif measure == OVERLAP:
                    made = _overlap(each.positions)[found.first, found.second]
                elif measure in measures:
                    made = found.values[measure]
                else:
                    continue
                values[name][row[there]] = made[there]
    return values


def _overlap(member: Floats) -> Floats:
    """Items that two states share as a share of those that either has, NaN where neither has any, shape (n, n)."""
    shared = member @ member.T
    either = member.sum(axis=1)[:, None] + member.sum(axis=1)[None, :] - shared
    return np.asarray(shared / np.where(either > 0, either, np.nan))


_OWED = (
    "what each owes every member of the system: 3 defense or offense, 2 neutrality or consultation, 1 nonaggression, 0"
)
_BIN = "whether each has pledged anything to every member of the system"
_BILATERAL = "; nonaggression pledged by three or more does not count"
_IGOS = "full memberships of the year's formal organizations"
_SPANS: Mapping[str, tuple[float | None, float | None]] = {
    "s": (-1.0, 1.0),
    "s_w": (-1.0, 1.0),
    "tau_b": (-1.0, 1.0),
    "a": (-2.0, 2.0),
    "agreement": (0.0, 1.0),
    OVERLAP: (0.0, 1.0),
    ITEMS: (1.0, None),
}


def _variable(name: str, portfolio: str, measure: str, meaning: str, **more: Any) -> tuple[str, str, Variable]:
    of, (low, high) = PORTFOLIOS[portfolio], _SPANS.get(measure, (None, 1.0))
    unit = "number" if high is None else f"up to {high:g}" if low is None else f"{low:g}..{high:+g}"
    unit = f"{low:g}-{high:g}" if low == 0 and high is not None else unit
    table = KINDS[of.kind].table
    made = Variable(name, meaning, unit, "dyad", of.source, table, of.kind, low=low, high=high, **more)
    return portfolio, measure, made


def _three(prefix: str, what: str, **more: Any) -> tuple[tuple[str, str, Variable], ...]:
    """S, kappa and pi of a portfolio that stands beside the main one."""
    kappa, pi = (
        ("kappa_nominal", "pi_nominal") if "binary" in prefix or prefix == "igo" else ("kappa_squared", "pi_squared")
    )
    how = "" if kappa == "kappa_nominal" else ", squared distances"
    return (
        _variable(f"{prefix}_s", prefix, "s", f"S of {what}", **more),
        _variable(f"{prefix}_kappa", prefix, kappa, f"kappa of the same{how}", **more),
        _variable(f"{prefix}_pi", prefix, pi, f"Scott's pi of the same{how}", **more),
    )


_ALLIANCES = (
    _variable("alliance_s", "alliance", "s", f"S, absolute distances, of {_OWED}"),
    _variable(
        *("alliance_kappa_scale", "alliance", "kappa_squared"), "kappa of the same, squared distances on the scale 0-3"
    ),
    _variable(
        *("alliance_kappa_pair", "alliance", "kappa_squared_pair"),
        "kappa of the same, squared distances between the ranks of the categories that occur in the pair",
    ),
    _variable("alliance_pi", "alliance", "pi_squared", "Scott's pi of the same, squared distances"),
    _variable("alliance_pi_nominal", "alliance", "pi_nominal", "Scott's pi of the same, categories equal or not"),
    _variable("alliance_tau_b", "alliance", "tau_b", "Kendall's tau-b of the same"),
    _variable("alliance_a", "alliance", "a", "S of the same less the S of chance"),
)
_VOTES = (
    _variable(
        *("vote_agreement", "vote", "agreement"),
        "agreement in the year's votes on which not all agreed: 1 the same, .5 one abstains, 0 opposite, on average",
        system=None,
    ),
    _variable(
        *("vote_kappa", "vote", "kappa_squared"),
        "kappa of the same votes, squared distances on the scale 1-3",
        system=None,
    ),
    _variable(
        *("vote_items", "vote", ITEMS),
        "votes of the year on which both are on record and not all agreed",
        system=None,
        dtype="int16",
    ),
)
_WEIGHTED = (
    _variable(
        *("alliance_s_w", "alliance_weighted", "s_w"),
        f"S, each target weighted by its share of the world's capability, of {_OWED}",
        also=(reference("capability index"),),
    ),
)
_OTHERS = (
    *_three("alliance_bilnonagg", _OWED + _BILATERAL),
    *_three("alliance_binary", _BIN),
    *_three("alliance_binary_bilnonagg", _BIN + _BILATERAL),
)
_ORGANIZATIONS = (
    *_three("igo", _IGOS),
    _variable(*("igo_overlap", "igo", OVERLAP), "organizations that both are full members of, by those that either is"),
)
#: Variable -> portfolio and measure.
_MADE = {v.name: (p, m) for p, m, v in (*_ALLIANCES, *_VOTES, *_WEIGHTED, *_OTHERS, *_ORGANIZATIONS)}


def _group(name: str, title: str, *made: tuple[str, str, Variable]) -> Group:
    return Group(name, title, {"": tuple(v for _, _, v in made)}, build=build_similarity)


#: Groups by name, for the registry of :func:`tripoint.panels.panel`.
GROUPS: Mapping[str, Group] = {
    group.name: group
    for group in (
        _group("similarity", "likeness of alliance portfolios and of votes", *_ALLIANCES, *_VOTES),
        _group("similarity_weighted", "likeness of alliance portfolios, by the capability of the targets", *_WEIGHTED),
        _group("similarity_portfolios", "likeness of other alliance portfolios", *_OTHERS),
        _group("similarity_igo", "likeness of memberships of organizations", *_ORGANIZATIONS),
    )
}
