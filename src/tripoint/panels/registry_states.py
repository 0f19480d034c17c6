"""Variables about single states."""

from __future__ import annotations

from typing import Any

from tripoint.panels.codes import build_codes
from tripoint.panels.shorthand import of_state
from tripoint.panels.variable import Group, Variable

_CAPABILITIES = {
    "milex": ("military spending", "thousand current GBP to 1913, USD from 1914", 1e3, "military expenditure"),
    "milper": ("military personnel", "thousand persons", 1e-3, "armed forces"),
    "irst": ("iron and steel", "thousand tons", 1.0, "iron and steel production"),
    "pec": ("energy consumption", "thousand coal-ton equivalents", 1.0, "primary energy consumption"),
    "tpop": ("population", "thousand persons", 1e-3, "total population"),
    "upop": ("urban population", "thousand persons", 1e-3, "population of large cities"),
    "cinc": ("capability index", "0-1", 1.0, "composite index of national capability: share of the world total"),
}
_SPREADS = {
    "sd_pwtrgdp": "GDP, 2017 international dollars, million",
    "sd_mrgdppc": "GDP per capita, 2011 international dollars",
    "sd_pwtpop": "population, million persons",
}
_COMPOSITION = {
    "ethfrac": "ethnic fractionalization",
    "ethpol": "ethnic polarization",
    "relfrac": "religious fractionalization",
    "relpol": "religious polarization",
}
_THREATS = {
    "lterrthreat": ("latent", "latent external threat to its land"),
    "sd_lterrthreat": ("latent, standard deviation", "standard deviation of lterrthreat"),
    "m_lterrthreat": ("latent, with contiguous states", "the same from contiguous states"),
    "sd_m_lterrthreat": (
        "latent, with contiguous states, standard deviation",
        "standard deviation of m_lterrthreat",
    ),
}
_LEADERS = {
    "leadertransition": ("change of leader [0-1]", "0-1", "1 in a year in which its leader changed"),
    "irregular": ("irregular change of leader [0-1]", "0-1", "1 in a year in which a leader came or went irregularly"),
    "n_leaders": ("leaders in the year", "number", "leaders that it had in the year"),
}
_CODES = {
    "state": ("id", "id of the state that bore the code for most of the year"),
    "iso3c": ("ISO 3166-1", "three-letter code"),
    "ccode": ("COW", "Correlates of War number"),
    "gwcode": ("Gleditsch-Ward", "Gleditsch and Ward number"),
    "statename": ("English", "name of the state in that year"),
}


def _index(name: str, kind: str, unit: str, meaning: str, **more: Any) -> Variable:
    return of_state(name, "democracy", kind, unit, meaning, **more)


def _surplus(name: str, kind: str, unit: str, meaning: str, factor: float = 1.0) -> Variable:
    return of_state(name, "sdp-gdp", kind, f"log {unit}", meaning, factor=factor, logged=True)


def _latent(name: str, kind: str, unit: str, meaning: str, factor: float = 1.0) -> Variable:
    return of_state(name, "fariss-gdp", kind, unit, meaning, low=0.0, factor=factor, system="gw")


def _spread(name: str, label: str) -> Variable:
    meaning = f"standard deviation of the estimate of {name.removeprefix('sd_')}"
    unit = label.partition(", ")[2]
    more: dict[str, Any] = {"low": 0.0, "label": label, "system": "gw"}
    return of_state(name, "fariss-gdp", "standard deviation", unit, meaning, **more)


def _sipri(name: str, unit: str, label: str, meaning: str) -> Variable:
    return of_state(name, "sipri-milex", "military spending", unit, meaning, low=0.0, system=None, label=label)


STATES = (
    Group(
        "codes",
        "ids, codes and names of the states",
        {
            "": tuple(
                Variable(name, meaning, unit, "state", "", "attributes", "", dtype="int16", finest="day")
                for name, (unit, meaning) in _CODES.items()
            )
        },
        build=build_codes,
    ),
    Group(
        "capability",
        "national material capabilities",
        {
            "": tuple(
                of_state(name, "cow-nmc", kind, unit, meaning, low=0.0, factor=factor)
                for name, (kind, unit, factor, meaning) in _CAPABILITIES.items()
            )
        },
    ),
    Group(
        "majors",
        "major powers",
        {
            "": (
                of_state(
                    *("cowmaj", "cow-majors", "major power", "0-1"),
                    "1 if it counted as a major power on any day of the year",
                    low=0.0,
                    high=1.0,
                    absent=0.0,
                    dtype="int8",
                    finest="day",
                ),
            )
        },
        carries=True,
    ),
    Group(
        "polyarchy",
        "electoral democracy",
        {
            "": (
                _index(
                    *("v2x_polyarchy", "polyarchy", "0-1", "electoral democracy index of V-Dem"),
                    low=0.0,
                    high=1.0,
                    alias=("polyarchy",),
                ),
                _index("polity2", "polity", "-10 to 10", "Polity score", low=-10.0, high=10.0),
                _index(
                    *("euds", "democracy", "standard deviations", "extended Unified Democracy Score"),
                    label="extended Unified Democracy Score",
                ),
                _index(
                    *("aeuds", "democracy", "standard deviations", "the same, adjusted so that 0 parts the regimes"),
                    label="extended Unified Democracy Score, adjusted",
                ),
            )
        },
    ),
    Group(
        "gdp",
        "gross domestic product",
        {
            "sdp": (
                _surplus("wbgdp2011est", "gdp", "constant 2011 USD", "GDP", 1e6),
                _surplus("wbpopest", "population", "persons", "population"),
                _surplus("sdpest", "surplus domestic product", "constant 2011 USD", "GDP beyond subsistence", 1e6),
                _surplus("wbgdppc2011est", "gdp per capita", "constant 2011 USD", "GDP per person"),
            ),
            "wb": (of_state("wbgdp", "wb-gdp", "gdp", "million current USD", "GDP", low=0.0, system=None),),
            "fariss": (
                _latent("pwtrgdp", "gdp", "million 2017 international dollars", "GDP"),
                _latent("mrgdppc", "gdp per capita", "2011 international dollars", "GDP per person"),
                _latent("pwtpop", "population", "million persons", "population", 1e-6),
                *(_spread(name, label) for name, label in _SPREADS.items()),
            ),
        },
    ),
    Group(
        "fractionalization",
        "ethnic and religious groups",
        {
            "": tuple(
                of_state(name, "creg", "composition", "0-1", meaning, low=0.0, high=1.0, label=f"{meaning} [0-1]")
                for name, meaning in _COMPOSITION.items()
            )
        },
    ),
    Group(
        "territorial_threat",
        "latent external threat to a state's land",
        {
            "": tuple(
                of_state(name, "territorial-threat", "territorial threat", "model's scale", meaning, label=label)
                for name, (label, meaning) in _THREATS.items()
            )
        },
    ),
    Group(
        "leader_changes",
        "changes of leaders",
        {
            "": tuple(
                of_state(*(name, "archigos", "leaders", unit, meaning), label=label, low=0.0, dtype="int8", system="gw")
                for name, (label, unit, meaning) in _LEADERS.items()
            )
        },
    ),
    Group(
        "terrain",
        "ruggedness and mountains",
        {
            "": (
                of_state(
                    *("rugged", "rugged-terrain", "terrain", "index", "terrain ruggedness index"),
                    low=0.0,
                    label="ruggedness",
                    finest="day",
                ),
                of_state(
                    *("newlmtnest", "rugged-terrain", "terrain", "log share"),
                    "natural logarithm of the mountainous share of the land",
                    label="natural log of mountainous share",
                    finest="day",
                ),
            )
        },
    ),
    Group(
        "sipri",
        "military spending as SIPRI has it",
        {
            "": (
                _sipri("sipri_milex", "million current USD", "current USD million", "military spending"),
                _sipri("sipri_milex_gdp", "0-1", "share of GDP [0-1]", "military spending as a share of GDP"),
            )
        },
    ),
)
