"""The variables that a panel can have, as data."""

from __future__ import annotations

from collections.abc import Mapping

from tripoint.panels.disputes import build_disputes
from tripoint.panels.organizations import build_organizations
from tripoint.panels.peace import GAPS, HISTORIES, build_peace_years
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
_CAPABILITIES = {
    "milex": ("military spending", "thousand current GBP to 1913, USD from 1914", 1e3, "military expenditure"),
    "milper": ("military personnel", "thousand persons", 1e-3, "armed forces"),
    "irst": ("iron and steel", "thousand tons", 1.0, "iron and steel production"),
    "pec": ("energy consumption", "thousand coal-ton equivalents", 1.0, "primary energy consumption"),
    "tpop": ("population", "thousand persons", 1e-3, "total population"),
    "upop": ("urban population", "thousand persons", 1e-3, "population of large cities"),
    "cinc": ("capability index", "0-1", 1.0, "composite index of national capability: share of the world total"),
}
_MIDS = {
    "onset": ("1 in the first year of the pair's dispute", "0-1", "int8", 1.0, 0.0),
    "ongoing": ("1 in every year of a dispute of the pair", "0-1", "int8", 1.0, 0.0),
    "dispnum": ("number of the dispute", "number", "int32", None, None),
    "hostlev": ("highest hostility of the whole dispute: 1 none ... 5 war", "1-5", "int8", 5.0, None),
    "fatality": ("fatality level of the whole dispute: 0 none ... 6 over 999", "0-6", "int8", 6.0, None),
    "recip": ("1 if the dispute was reciprocated", "0-1", "int8", 1.0, None),
    "stmon": ("month in which the dispute began", "1-12", "int8", 12.0, None),
    "init": ("1 if the state was on the side that moved first, from the first day", "0-1", "int8", 1.0, 0.0),
}


def _disputes(prefix: str, source: str) -> tuple[Variable, ...]:
    return tuple(
        Variable(
            f"{prefix}mid{name}",
            meaning,
            unit,
            "dyad",
            source,
            "events",
            "dispute",
            low=float(unit.partition("-")[0]) if "-" in unit else 1.0,
            high=high,
            absent=absent,
            dtype=dtype,  # type: ignore[arg-type]
            direction="both" if name == "init" else "none",
            alias=() if name in ("onset", "ongoing") else (name,),
        )
        for name, (meaning, unit, dtype, high, absent) in _MIDS.items()
    )


def _held(name: str, source: str, kind: str, meaning: str, **more: object) -> Variable:
    """A tie that is there or not."""
    table = "events" if kind in ("war", "armed conflict") else "commitments"
    fields = {"low": 0.0, "high": 1.0, "absent": 0.0, "dtype": "int8", "measure": "held", **more}
    return Variable(name, meaning, "0-1", "dyad", source, table, kind, **fields)  # type: ignore[arg-type]


def _known(name: str, source: str, kind: str, meaning: str, unit: str, **more: object) -> Variable:
    """A value of a state and year; a state and year without one is not known."""
    return Variable(name, meaning, unit, "state", source, "attributes", kind, **more)  # type: ignore[arg-type]


def _spell(prefix: str, source: str) -> tuple[Variable, ...]:
    meaning = "years of the pair since its last dispute, or since both were members; a year of dispute ends the count"
    name, kind = f"{prefix}midspell", "dispute"
    return (Variable(name, meaning, "years", "dyad", source, "events", kind, low=0.0, dtype="int16"),)


_LIST = (
    Group(
        "atop",
        "obligations of alliances",
        {
            "": tuple(
                Variable(
                    name,
                    meaning,
                    "0-1",
                    "dyad",
                    "atop",
                    "commitments",
                    kind,
                    low=0.0,
                    high=1.0,
                    absent=0.0,
                    dtype="int8",
                    measure="held",
                    direction="one",
                )
                for name, (kind, meaning) in _OBLIGATIONS.items()
            )
        },
    ),
    Group(
        "atop_depth",
        "what alliances commit to beyond obligations",
        {
            "": tuple(
                Variable(
                    name,
                    meaning,
                    f"0-{high}",
                    "dyad",
                    "atop",
                    "commitments",
                    kind,
                    low=0.0,
                    high=float(high),
                    absent=0.0,
                    dtype="int8",
                    direction="none" if kind == "military institutions" else "one",
                )
                for name, (kind, high, meaning) in _DEPTH.items()
            )
        },
    ),
    Group(
        "capability",
        "national material capabilities",
        {
            "": tuple(
                _known(name, "cow-nmc", kind, meaning, unit, low=0.0, factor=factor)
                for name, (kind, unit, factor, meaning) in _CAPABILITIES.items()
            )
        },
    ),
    Group(
        "trade",
        "goods trade",
        {
            "": (
                Variable(
                    "flow",
                    "imports of one from the other: flow1 is what state 1 imports from state 2",
                    "million current USD",
                    "dyad",
                    "cow-trade",
                    "flows",
                    "goods trade",
                    low=0.0,
                    combine="last",
                    direction="both",
                    turned=True,
                ),
            )
        },
    ),
    Group(
        "contiguity",
        "direct contiguity",
        {
            "": (
                Variable(
                    "conttype",
                    "1 land border; 2 12, 3 24, 4 150, 5 400 miles of water; 0 not contiguous",
                    "0-5",
                    "dyad",
                    "cow-contiguity",
                    "commitments",
                    "contiguity",
                    low=0.0,
                    high=5.0,
                    absent=0.0,
                    dtype="int8",
                    combine="min",
                ),
            )
        },
    ),
    Group(
        "distance",
        "distances",
        {
            "": (
                Variable(
                    "kmdist",
                    "great-circle distance between capitals",
                    "km",
                    "dyad",
                    "capital-distance",
                    "commitments",
                    "capital distance",
                    low=0.0,
                    alias=("capdist",),
                ),
                Variable(
                    "mindist",
                    "shortest distance between the territories",
                    "km",
                    "dyad",
                    "minimum-distance",
                    "commitments",
                    "minimum distance",
                    low=0.0,
                ),
            )
        },
    ),
    Group(
        "disputes",
        "militarized interstate disputes",
        {"gml": _disputes("gml", "gml-mid"), "cow": _disputes("cow", "cow-mid")},
        build=build_disputes,
        options={"whittle": ()},
    ),
    Group(
        "peace_years",
        "years since the last dispute",
        {"gml": _spell("gml", "gml-mid"), "cow": _spell("cow", "cow-mid")},
        choose="disputes",
        build=build_peace_years,
        options={"gaps": GAPS, "history": HISTORIES},
    ),
    Group(
        "rivalry",
        "strategic rivalries",
        {
            "tss": (_held("tssrivalry", "tss-rivalries", "rivalry", "1 while the two are rivals, 1816-2020"),),
            "td": (_held("tdrivalry", "td-rivalries", "rivalry", "1 while the two are rivals, 1816-2010"),),
        },
    ),
    Group(
        "wars",
        "wars between states",
        {
            "": (
                _held(
                    "cowinteronset",
                    "cow-war-inter",
                    "war",
                    "1 in the first year of a war between the two",
                    measure="began",
                ),
                _held("cowinterongoing", "cow-war-inter", "war", "1 in every year of a war between the two"),
            )
        },
    ),
    Group(
        "conflict",
        "armed conflict between states",
        {
            "": (
                Variable(
                    "ucdpintensity",
                    "armed conflict between the two: 0 none, 1 25-999 battle deaths in the year, 2 more",
                    "0-2",
                    "dyad",
                    "ucdp-acd",
                    "events",
                    "armed conflict",
                    low=0.0,
                    high=2.0,
                    absent=0.0,
                    dtype="int8",
                    system="gw",
                ),
            )
        },
    ),
    Group(
        "igo",
        "shared memberships of intergovernmental organizations",
        {
            "": (
                Variable(
                    "dyadigos",
                    "formal organizations of which both are full members",
                    "number",
                    "dyad",
                    "cow-igo",
                    "commitments",
                    "membership",
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
    ),
    Group(
        "peace_scale",
        "the peace scale",
        {
            "": (
                Variable(
                    "peace_scale",
                    "lowest level in the year: 0 severe rivalry, .25 lesser rivalry, .5 negative peace, "
                    ".75 warm peace, 1 security community",
                    "0-1",
                    "dyad",
                    "peace-scale",
                    "commitments",
                    "relationship level",
                    low=0.0,
                    high=1.0,
                    combine="min",
                ),
            )
        },
    ),
    Group(
        "majors",
        "major powers",
        {
            "": (
                _known(
                    "cowmaj",
                    "cow-majors",
                    "major power",
                    "1 if it counted as a major power on any day of the year",
                    "0-1",
                    low=0.0,
                    high=1.0,
                    absent=0.0,
                    dtype="int8",
                ),
            )
        },
    ),
    Group(
        "polyarchy",
        "electoral democracy",
        {
            "": (
                _known(
                    "v2x_polyarchy",
                    "democracy",
                    "polyarchy",
                    "electoral democracy index of V-Dem",
                    "0-1",
                    low=0.0,
                    high=1.0,
                    alias=("polyarchy",),
                ),
                _known("polity2", "democracy", "polity", "Polity score", "-10 to 10", low=-10.0, high=10.0),
                _known(
                    "euds",
                    "democracy",
                    "democracy",
                    "extended Unified Democracy Score",
                    "standard deviations",
                    label="extended Unified Democracy Score",
                ),
            )
        },
    ),
    Group(
        "gdp",
        "gross domestic product",
        {
            "sdp": (
                _known(
                    "wbgdp2011est",
                    "sdp-gdp",
                    "gdp",
                    "GDP",
                    "log constant 2011 USD",
                    factor=1e6,
                    logged=True,
                ),
                _known(
                    "wbpopest",
                    "sdp-gdp",
                    "population",
                    "population",
                    "log persons",
                    logged=True,
                ),
                _known(
                    "sdpest",
                    "sdp-gdp",
                    "surplus domestic product",
                    "GDP beyond subsistence",
                    "log constant 2011 USD",
                    factor=1e6,
                    logged=True,
                ),
                _known(
                    "wbgdppc2011est",
                    "sdp-gdp",
                    "gdp per capita",
                    "GDP per person",
                    "log constant 2011 USD",
                    logged=True,
                ),
            ),
            "wb": (_known("wbgdp", "wb-gdp", "gdp", "GDP", "million current USD", low=0.0, system=None),),
            "fariss": (
                _known(
                    "pwtrgdp", "fariss-gdp", "gdp", "GDP", "million 2017 international dollars", low=0.0, system="gw"
                ),
                _known(
                    "mrgdppc",
                    "fariss-gdp",
                    "gdp per capita",
                    "GDP per person",
                    "2011 international dollars",
                    low=0.0,
                    system="gw",
                ),
                _known(
                    "pwtpop",
                    "fariss-gdp",
                    "population",
                    "population",
                    "million persons",
                    low=0.0,
                    factor=1e-6,
                    system="gw",
                ),
            ),
        },
    ),
    Group(
        "arms",
        "deliveries of major arms",
        {
            "": (
                Variable(
                    "arms",
                    "major arms delivered to one by the other: arms1 is what state 1 receives from state 2",
                    "SIPRI TIV million",
                    "dyad",
                    "sipri-arms",
                    "flows",
                    "arms deliveries",
                    low=0.0,
                    system=None,
                    absent=0.0,
                    combine="sum",
                    direction="both",
                    turned=True,
                ),
            )
        },
    ),
    Group(
        "sanctions",
        "sanctions of the EU and the US",
        {
            "": (
                _held(
                    "eusanct",
                    "eusanct",
                    "sanction",
                    "1 while state 1 threatens or imposes sanctions on state 2",
                    direction="one",
                ),
            )
        },
    ),
    Group(
        "claims",
        "issue claims",
        {
            "": tuple(
                _held(
                    name,
                    "icow",
                    f"{what} claim",
                    f"1 while state 1 claims {of} state 2; null elsewhere: regions are coded in part",
                    absent=None,
                    direction="one",
                )
                for name, what, of in (
                    ("icowterr", "territorial", "land held by"),
                    ("icowriver", "river", "the use of a river against"),
                    ("icowmar", "maritime", "waters against"),
                )
            )
        },
    ),
    Group(
        "exercises",
        "joint military exercises",
        {
            "": (
                Variable(
                    "exercises",
                    "multinational exercises in which both took part and that began in the year",
                    "number",
                    "dyad",
                    "mme",
                    "events",
                    "joint exercise",
                    low=0.0,
                    system="gw",
                    absent=0.0,
                    dtype="int16",
                    combine="sum",
                    measure="began",
                ),
            )
        },
    ),
    Group(
        "milex",
        "military spending as SIPRI has it",
        {
            "": (
                _known(
                    "sipri_milex",
                    "sipri-milex",
                    "military spending",
                    "military spending",
                    "million current USD",
                    low=0.0,
                    system=None,
                    label="current USD million",
                ),
                _known(
                    "sipri_milex_gdp",
                    "sipri-milex",
                    "military spending",
                    "military spending as a share of GDP",
                    "0-1",
                    low=0.0,
                    system=None,
                    label="share of GDP [0-1]",
                ),
            )
        },
    ),
)

#: Every group by its name.
GROUPS: Mapping[str, Group] = {group.name: group for group in _LIST}
