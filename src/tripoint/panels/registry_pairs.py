"""Variables about pairs of states."""

from __future__ import annotations

from tripoint.panels.capitals import build_distances
from tripoint.panels.disputes import INITIATORS, build_disputes
from tripoint.panels.organizations import build_organizations
from tripoint.panels.peace import GAPS, HISTORIES, WITHIN, build_peace_spells
from tripoint.panels.periods import Grain
from tripoint.panels.shorthand import held, of_pair, received, step
from tripoint.panels.variable import Group, Variable

_OBLIGATIONS = {
    "atop_defense": ("defense pact", "1 owes 2 defense when attacked"),
    "atop_offense": ("offense pact", "1 owes 2 help in an attack"),
    "atop_neutral": ("neutrality pact", "1 owes 2 neutrality"),
    "atop_nonagg": ("nonaggression pact", "1 has promised 2 not to use force"),
    "atop_consul": ("consultation pact", "1 has promised 2 to consult"),
}
_DEPTH = {
    "atop_milcon": ("military contact", 3, "peacetime military contact that 1 has promised 2"),
    "atop_intcom": ("integrated command", 1, "integrated command that 1 has promised 2"),
    "atop_base": ("base rights", 3, "bases or troops promised by 1 to 2"),
    "atop_milaid": ("military aid pledge", 4, "military aid or training promised by 1 to 2"),
    "atop_organ1": ("treaty organization", 3, "organization set up by the treaty"),
    "atop_milinst": ("military institutions", 2, "military institutionalization of the alliance"),
}
_DISPUTE = {
    "onset": ("1 in the first year of the pair's dispute", 0, 1, 0.0),
    "ongoing": ("1 in every year of a dispute of the pair", 0, 1, 0.0),
    "dispnum": ("number of the dispute", None, None, None),
    "hostlev": ("highest hostility of the whole dispute: 1 none ... 5 war", 1, 5, None),
    "fatality": ("fatality level of the whole dispute: 0 none ... 6 over 999", 0, 6, None),
    "recip": ("1 if the dispute was reciprocated", 0, 1, None),
    "stmon": ("month in which the dispute began", 1, 12, None),
    "init": ("1 if the state counts as having begun it, by the option init", 0, 1, 0.0),
}
_DISPUTE_SIDES = {
    "sidea": ("1 if the state was on the side that moved first", 0, 1, None),
    "orig": ("1 if the state took part from the first day of the dispute", 0, 1, None),
    "ownhostlev": ("highest hostility of the state in the whole dispute: 1 none ... 5 war", 1, 5, None),
    "ownfatality": ("fatality level of the state in the whole dispute: 0 none ... 6 over 999", 0, 6, None),
    "owndeaths": ("deaths of the state in the whole dispute, where counted", None, None, None),
    "ownact": ("highest act of the state in the whole dispute, in the producer's code", 0, 21, None),
    "mindur": ("shortest length of the whole dispute that the record allows", None, None, None),
    "maxdur": ("longest length of the whole dispute that the record allows", None, None, None),
    "firstday": ("first day of the year on which the pair was in the dispute, where known to the day", 1, 366, None),
    "lastday": ("last day of the year on which the pair was in the dispute, where known to the day", 1, 366, None),
}
#: The package's names, and units, of those.
_AS_THERE: dict[str, tuple[tuple[str, ...], str]] = {
    "sidea": (("sidea",), ""),
    "orig": (("orig",), ""),
    "ownhostlev": (("hostlev1", "hostlev2"), ""),
    "ownfatality": (("fatality1", "fatality2"), ""),
    "owndeaths": (("fatalpre",), "persons"),
    "ownact": (("hiact",), ""),
    "mindur": (("mindur",), "days"),
    "maxdur": (("maxdur",), "days"),
    "firstday": ((), "day of the year"),
    "lastday": ((), "day of the year"),
}
#: The days are in one of the two lists of disputes only.
_DISPUTE_DAYS: dict[str, Grain] = {"gml-mid": "day", "cow-mid": "month"}
_CLAIMS = {
    "icowterr": ("territorial claim", "land held by"),
    "icowriver": ("river claim", "the use of a river against"),
    "icowmar": ("maritime claim", "waters against"),
}


def _dispute(prefix: str, source: str, word: str) -> Variable:
    meaning, low, high, absent = _DISPUTE[word]
    return of_pair(
        f"{prefix}mid{word}",
        source,
        "dispute",
        "number" if low is None else f"{low}-{high}",
        meaning,
        low=1.0 if low is None else float(low),
        high=None if high is None else float(high),
        absent=absent,
        dtype="int32" if word == "dispnum" else "int8",
        direction="both" if word == "init" else "none",
        alias=() if word in ("onset", "ongoing") else (word,),
        finest=_DISPUTE_DAYS[source],
    )


def _dispute_side(prefix: str, source: str, word: str) -> Variable:
    meaning, low, high, absent = _DISPUTE_SIDES[word]
    alias, unit = _AS_THERE[word]
    return of_pair(
        f"{prefix}mid{word}",
        source,
        "dispute",
        unit or f"{low}-{high}",
        meaning,
        low=float(low or 0),
        high=None if high is None else float(high),
        absent=absent,
        dtype="int32" if unit else "int8",
        direction="none" if unit and word != "owndeaths" else "both",
        alias=alias,
        finest=_DISPUTE_DAYS[source],
    )


def _spell(prefix: str, source: str) -> tuple[Variable, ...]:
    meaning = "years of the pair since its last dispute, or since both were members; a year of dispute ends the count"
    return (of_pair(f"{prefix}midspell", source, "dispute", "years", meaning, low=0.0, dtype="int64", finest="month"),)


_MINIMUM = of_pair(
    *("mindist", "minimum-distance", "minimum distance", "km"),
    "shortest distance between the territories",
    low=0.0,
)

PAIRS = (
    Group(
        "atop",
        "obligations of alliances",
        {"": tuple(held(name, "atop", *rest, direction="one", finest="day") for name, rest in _OBLIGATIONS.items())},
        carries=True,
    ),
    Group(
        "atop_depth",
        "what alliances commit to beyond obligations",
        {
            "": tuple(
                step(name, "atop", *rest, direction="none" if name == "atop_milinst" else "one", finest="day")
                for name, rest in _DEPTH.items()
            )
        },
        carries=True,
    ),
    Group(
        "trade",
        "goods trade",
        {
            "": (
                received(
                    *("flow", "cow-trade", "goods trade", "million current USD"),
                    "imports of one from the other: flow1 is what state 1 imports from state 2",
                    combine="last",
                ),
            )
        },
        of_states="state_trade",
    ),
    Group(
        "arms",
        "deliveries of major arms",
        {
            "": (
                received(
                    *("arms", "sipri-arms", "arms deliveries", "SIPRI TIV million"),
                    "major arms delivered to one by the other: arms1 is what state 1 receives from state 2",
                    system=None,
                    absent=0.0,
                    combine="sum",
                ),
            )
        },
    ),
    Group(
        "contiguity",
        "direct contiguity",
        {
            "": (
                step(
                    *("conttype", "cow-contiguity", "contiguity", 5),
                    "1 land border; 2 12, 3 24, 4 150, 5 400 miles of water; 0 not contiguous",
                    combine="min",
                    finest="month",
                ),
            )
        },
        carries=True,
        of_states="borders",
    ),
    Group(
        "distance",
        "distances",
        {
            "dated": (
                Variable(
                    "kmdist",
                    "great-circle distance between the capitals of that time, in a year those of 1 July",
                    *("km", "dyad", "", "commitments", "capital distance"),
                    low=0.0,
                    alias=("capdist",),
                    finest="day",
                ),
                _MINIMUM,
            ),
            "gleditsch": (
                of_pair(
                    *("kmdist", "capital-distance", "capital distance", "km"),
                    "distance between capitals as Gleditsch lists it, one for all years of a pair",
                    low=0.0,
                    alias=("capdist",),
                    finest="day",
                ),
                _MINIMUM,
            ),
        },
        build=build_distances,
    ),
    Group(
        "disputes",
        "militarized interstate disputes",
        {
            "gml": tuple(_dispute("gml", "gml-mid", word) for word in _DISPUTE),
            "cow": tuple(_dispute("cow", "cow-mid", word) for word in _DISPUTE),
        },
        build=build_disputes,
        options={"whittle": (), "init": INITIATORS},
        of_states="state_disputes",
    ),
    Group(
        "dispute_sides",
        "who did what in militarized interstate disputes",
        {
            "gml": tuple(_dispute_side("gml", "gml-mid", word) for word in _DISPUTE_SIDES),
            "cow": tuple(_dispute_side("cow", "cow-mid", word) for word in _DISPUTE_SIDES),
        },
        build=build_disputes,
        options={"whittle": ()},
    ),
    Group(
        "peace_years",
        "years since the last dispute",
        {"gml": _spell("gml", "gml-mid"), "cow": _spell("cow", "cow-mid")},
        build=build_peace_spells,
        options={"gaps": GAPS, "history": HISTORIES, "within": WITHIN},
    ),
    Group(
        "rivalry",
        "strategic rivalries",
        {
            "tss": (held("tssrivalry", "tss-rivalries", "rivalry", "1 while the two are rivals"),),
            "td": (held("tdrivalry", "td-rivalries", "rivalry", "1 while the two are rivals"),),
        },
    ),
    Group(
        "wars",
        "wars between states",
        {
            "": (
                held(
                    *("cowinteronset", "cow-war-inter", "war", "1 in the first year of a war between the two"),
                    measure="began",
                ),
                held("cowinterongoing", "cow-war-inter", "war", "1 in every year of a war between the two"),
            )
        },
        of_states="state_wars",
    ),
    Group(
        "conflict",
        "armed conflict between states",
        {
            "": (
                step(
                    *("ucdpintensity", "ucdp-acd", "armed conflict", 2),
                    "armed conflict between the two: 0 none, 1 25-999 battle deaths in the year, 2 more",
                    system="gw",
                ),
            )
        },
        of_states="state_conflict",
    ),
    Group(
        "igo",
        "memberships of intergovernmental organizations",
        {
            "": (
                of_pair(
                    *("dyadigos", "cow-igo", "membership", "number"),
                    "formal organizations of which both are full members",
                    low=0.0,
                    absent=0.0,
                    dtype="int16",
                ),
                Variable(
                    "sum_igo_full",
                    "formal organizations of which it is a full member",
                    "number",
                    "state",
                    "cow-igo",
                    "commitments",
                    "membership",
                    low=0.0,
                    absent=0.0,
                    dtype="int16",
                ),
            )
        },
        build=build_organizations,
        carries=True,
    ),
    Group(
        "peace_scale",
        "the peace scale",
        {
            "": (
                of_pair(
                    *("peace_scale", "peace-scale", "relationship level", "0-1"),
                    "lowest level in the year: 0 severe rivalry, .25 lesser rivalry, .5 negative peace, "
                    ".75 warm peace, 1 security community",
                    low=0.0,
                    high=1.0,
                    combine="min",
                    finest="day",
                ),
            )
        },
    ),
    Group(
        "claims",
        "issue claims",
        {
            "": tuple(
                held(
                    *(name, "icow", kind, f"1 while state 1 claims {of} state 2; the regions released are not all"),
                    absent=None,
                    direction="one",
                    finest="month",
                )
                for name, (kind, of) in _CLAIMS.items()
            )
        },
    ),
    Group(
        "sanctions",
        "sanctions of the EU and the US",
        {
            "": (
                held(
                    *("eusanct", "eusanct", "sanction", "1 while state 1 threatens or imposes sanctions on state 2"),
                    direction="one",
                    finest="day",
                ),
            )
        },
    ),
    Group(
        "exercises",
        "joint military exercises",
        {
            "": (
                of_pair(
                    *("exercises", "mme", "joint exercise", "number"),
                    "multinational exercises in which both took part and that began in the year",
                    low=0.0,
                    absent=0.0,
                    system="gw",
                    dtype="int16",
                    combine="sum",
                    measure="began",
                    finest="day",
                ),
            )
        },
    ),
)
