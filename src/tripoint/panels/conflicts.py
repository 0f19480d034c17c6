"""Armed conflicts of single states: whether one was on, how severe, and how many began or began again in a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tripoint.panels.landing import Landed, land
from tripoint.panels.places import Facts, Places
from tripoint.panels.values import of_classes, rows, without
from tripoint.panels.variable import Variable

#: Types of conflict that count, by name of the option ``type``; None for all.
TYPES: Mapping[str, tuple[str, ...] | None] = {
    "all": None,
    "intrastate": ("intrastate", "internationalized intrastate"),
    "interstate": ("interstate",),
    "extrasystemic": ("extrasystemic",),
}
#: Variable -> years without the conflict that a new onset needs; None for its first year ever.
ONSETS: Mapping[str, int | None] = {
    "ucdpnewconf": None,
    **{f"ucdponsets{years}": years for years in (1, 2, 3, 5, 10)},
}


def build_conflicts(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land what the conflicts of a state were in a year; a state that only had troops in one is no party to it."""
    source, kind = variables[0].source, variables[0].kind
    facts = places.facts("events", source, [kind], "intensity AS value, event, classes, first_side")
    old = without(facts.frame, "classes", source, "conflicts of states")
    wanted = TYPES[str(options.get("type", "all"))]
    counts = np.full(facts.a.size, not old)
    if not old:
        counts &= ~of_classes(facts.frame, ("troops",))
        if wanted is not None:
            counts &= of_classes(facts.frame, wanted)
    cover = places.cover(source, kind, variables[0].system, dyads=False)
    fact, row = rows(places, facts, dyads=False)
    mine = counts[fact] & (row >= 0)
    fact, row = fact[mine], row[mine]
    done = {}
    for variable in variables:
        if variable.name in ONSETS:
            at, given = _begun(places, facts, counts, ONSETS[variable.name], source, kind)
        elif variable.name == "ucdpconflicts":
            each = np.unique(np.stack([row, _number(facts)[fact]]), axis=1)
            at, given = each[0].astype(np.int64), np.ones(each.shape[1])
        else:
            at = row
            given = facts.value[fact] if variable.name == "ucdpmaxintensity" else np.ones(row.size)
        landed = land(cover, at, given, absent=variable.absent, dtype=variable.dtype, combine=variable.combine)
        done[variable.name] = Landed(np.zeros_like(landed.values), np.zeros_like(landed.known)) if old else landed
    return done


def _number(facts: Facts) -> np.ndarray:
    return np.asarray(facts.frame["event"].cast(int).to_numpy())


def _begun(
    places: Places, facts: Facts, counts: np.ndarray, pause: int | None, source: str, kind: str
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the producer's side A on which one of its conflicts began, or began again after a pause [years]."""
    years = places.evidence.sql(
        'SELECT DISTINCT event::BIGINT AS event, year("start") AS year FROM events WHERE source_id = ? AND kind = ? '
        "ORDER BY 1, 2",
        [source, kind],
    )
    event, year = (years[c].to_numpy() for c in ("event", "year"))
    first = np.ones(event.size, bool)
    first[1:] = event[1:] != event[:-1]
    again = np.zeros(event.size, bool)
    again[1:] = False if pause is None else np.diff(year) > pause
    onset = set(zip(event[first | again].tolist(), year[first | again].tolist(), strict=True))
    here = zip(_number(facts).tolist(), facts.frame["start"].dt.year().to_list(), strict=True)
    began = np.fromiter((pair in onset for pair in here), bool, count=facts.a.size) & counts
    at = []
    for side, members in (("a", facts.a), ("b", facts.b)):
        listed = facts.frame["first_side"].to_list()
        ours = np.array([m >= 0 and places.ids[m] == s for m, s in zip(members, listed, strict=True)], bool)
        fact, row = rows(places, facts, dyads=False, side=side)  # type: ignore[arg-type]
        mine = (began & ours)[fact] & (row >= 0)
        at.append(np.stack([row[mine], _number(facts)[fact[mine]]]))
    each = np.unique(np.concatenate(at, axis=1), axis=1)
    return each[0].astype(np.int64), np.ones(each.shape[1])
