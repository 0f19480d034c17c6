"""Memberships of organizations: how many a state has, and how many two states share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tripoint.panels.base import StatePeriods
from tripoint.panels.landing import Landed, land
from tripoint.panels.periods import Ints
from tripoint.panels.places import Places
from tripoint.panels.values import of_classes
from tripoint.panels.variable import Variable

_WORD = 64


def build_organizations(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land counts of memberships: of a state, or shared by a pair."""
    import polars as pl

    kinds = list(dict.fromkeys(kind for v in variables for kind in (v.kind, *v.kinds)))
    source = variables[0].source
    facts = places.facts("commitments", source, kinds, "level AS value, instrument, classes")
    every, rows = places.state_rows(facts)
    every, rows = every[rows >= 0], rows[rows >= 0]
    number = facts.frame["instrument"].cast(pl.Categorical).to_physical().to_numpy()
    bodies = np.unique(number, return_inverse=True)[1]
    kind = facts.frame["kind"].cast(str).to_numpy()
    done = {}
    for variable in variables:
        mine = np.isin(kind, [variable.kind, *variable.kinds])
        if variable.only:
            mine &= of_classes(facts.frame, variable.only)
        fact, row = every[mine[every]], rows[mine[every]]
        body = bodies[fact]
        dyads = variable.level == "dyad"
        counts = _shared(places.states, row, body) if dyads else _own(places.states, row, body)
        cover = places.cover(variable.source, variable.kind, variable.system, dyads=dyads)
        some = np.flatnonzero(counts)
        done[variable.name] = land(
            cover, some, counts[some], absent=variable.absent, dtype=variable.dtype, combine="last"
        )
    return done


def _own(states: StatePeriods, row: Ints, body: Ints) -> Ints:
    """Organizations of every state and period; a body that it belongs to twice counts once."""
    bodies = int(body.max(initial=0)) + 1
    once = np.unique(row.astype(np.int64) * bodies + body)
    return np.bincount(once // bodies, minlength=states.rows)


def _shared(states: StatePeriods, row: Ints, body: Ints) -> Ints:
    """Organizations that the two states of every directed dyad and period share: common bits of their memberships."""
    pairs = states.dyads
    order, bounds = _by_period(pairs.period, states.span)
    facts, fact_bounds = _by_period(states.period[row], states.span)
    bits = -(-(int(body.max(initial=0)) + 1) // _WORD) * _WORD
    shared = np.zeros(pairs.rows, np.int16)
    for y in range(states.span):
        mine = facts[fact_bounds[y] : fact_bounds[y + 1]]
        if not mine.size:
            continue
        member = np.zeros((len(states.codes), bits), bool)
        member[states.side[row[mine]], body[mine]] = True
        words = np.packbits(member, axis=1).view(np.uint64)
        words = words[:, words.any(axis=0)]
        rows = order[bounds[y] : bounds[y + 1]]
        shared[rows] = np.bitwise_count(words[pairs.one[rows]] & words[pairs.two[rows]]).sum(axis=1, dtype=np.int16)
    return shared


def _by_period(period: Ints, span: int) -> tuple[Ints, Ints]:
    """Positions in order of period, and where each period begins among them."""
    order = np.argsort(period, kind="stable")
    return order, np.searchsorted(period[order], np.arange(span + 1))
