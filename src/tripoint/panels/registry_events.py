"""Variables about what single states had part in: conflicts, wars, disputes, trade."""

from __future__ import annotations

from typing import Any

from tripoint.panels.borders import build_borders
from tripoint.panels.conflicts import ONSETS, TYPES, build_conflicts
from tripoint.panels.disputes import INITIATORS
from tripoint.panels.shorthand import of_state, state_held
from tripoint.panels.state_disputes import build_state_disputes
from tripoint.panels.variable import Group, Variable

_UCDP = ("ucdp-acd", "armed conflict")


def _disputes(prefix: str, source: str) -> tuple[Variable, ...]:
    said = {
        "onset_any": "1 in a year in which a dispute of the state with any other began",
        "ongoing_any": "1 in every year of a dispute of the state with any other",
        "onset_init": "1 in a year in which a dispute began that it counts as having begun, by the option init",
        "ongoing_init": "1 in every year of a dispute that the state counts as having begun, by the option init",
    }
    return tuple(state_held(f"{prefix}mid{word}", source, "dispute", meaning) for word, meaning in said.items())


def _onset(name: str, pause: int | None) -> Variable:
    since = "in their first year"
    if pause is not None:
        since += f", or the first after {pause} {'year' if pause == 1 else 'years'} or more without them"
    rule: dict[str, Any] = {"system": "gw", "low": 0.0, "absent": 0.0, "dtype": "int16", "combine": "sum"}
    return of_state(name, *_UCDP, "number", f"conflicts on whose side A it stands, {since}", **rule)


EVENTS = (
    Group(
        "state_disputes",
        "militarized interstate disputes of a state",
        {"gml": _disputes("gml", "gml-mid"), "cow": _disputes("cow", "cow-mid")},
        build=build_state_disputes,
        options={"init": INITIATORS},
    ),
    Group(
        "state_conflict",
        "armed conflicts of a state, within it and with others",
        {
            "": (
                state_held(
                    "ucdpongoing", *_UCDP, "1 in every year of an armed conflict to which it is a party", system="gw"
                ),
                of_state(
                    *("ucdpmaxintensity", *_UCDP, "0-2"),
                    "severest of these: 0 none, 1 25-999 battle deaths in the year, 2 more",
                    system="gw",
                    low=0.0,
                    high=2.0,
                    absent=0.0,
                    dtype="int8",
                ),
                of_state(
                    *("ucdpconflicts", *_UCDP, "number", "how many these are"),
                    system="gw",
                    low=0.0,
                    absent=0.0,
                    dtype="int16",
                    combine="sum",
                ),
            )
        },
        build=build_conflicts,
        options={"type": tuple(TYPES)},
    ),
    Group(
        "ucdp_onsets",
        "onsets of armed conflict of a state",
        {"": tuple(_onset(name, pause) for name, pause in ONSETS.items())},
        build=build_conflicts,
        options={"type": tuple(TYPES)},
    ),
    Group(
        "state_wars",
        "wars of a state, with others and within it",
        {
            "": (
                state_held(
                    *("cowinteronset_any", "cow-war-inter", "war", "1 in the first year of a war with another state"),
                    measure="began",
                ),
                state_held(
                    "cowinterongoing_any", "cow-war-inter", "war", "1 in every year of a war with another state"
                ),
                state_held(
                    *("cowintraonset", "cow-war-intra", "civil war"),
                    "1 in the first year of a war within a state in which it is on the government's side",
                    only=("government",),
                    measure="began",
                ),
                state_held(
                    *("cowintraongoing", "cow-war-intra", "civil war"),
                    "1 in every year of a war within a state in which it is on the government's side",
                    only=("government",),
                ),
                state_held(
                    *("cowintrarebels", "cow-war-intra", "civil war"),
                    "1 in every year of a war within another state in which it is on the rebels' side",
                    only=("rebels",),
                ),
            )
        },
    ),
    Group(
        "borders",
        "borders of a state",
        {
            "": tuple(
                of_state(
                    *(name, "cow-contiguity", "contiguity", "number", f"other states to which it is contiguous {how}"),
                    low=0.0,
                    absent=0.0,
                    dtype="int16",
                )
                for name, how in (("landborders", "by land"), ("seaborders", "over 400 miles of water or less"))
            )
        },
        build=build_borders,
    ),
    Group(
        "state_trade",
        "goods trade of a state",
        {
            "": (
                of_state(
                    *("trade_exports", "cow-trade", "goods trade", "million current USD"),
                    "exports to all states for which they are on record, summed",
                    side="a",
                    low=0.0,
                    combine="sum",
                ),
                of_state(
                    *("trade_imports", "cow-trade", "goods trade", "million current USD"),
                    "imports from all states for which they are on record, summed",
                    side="b",
                    low=0.0,
                    combine="sum",
                ),
            )
        },
    ),
)
