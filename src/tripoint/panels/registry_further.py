"""Further variables about pairs of states: crises, acts, sanctions, agreements, classes of ties."""

from __future__ import annotations

from typing import Any

from tripoint.panels.latest_trade import build_latest_trade
from tripoint.panels.organizations import build_organizations
from tripoint.panels.shorthand import counted, held, of_pair, received
from tripoint.panels.variable import Group, Variable

_PLEDGES = ("defense pact", "offense pact", "neutrality pact", "consultation pact")
_SANCTIONS = {
    "gsdb": ((), "any sanctions"),
    "gsdbtrade": (("trade",), "sanctions on trade"),
    "gsdbarms": (("arms",), "an arms embargo"),
    "gsdbmilitary": (("military",), "sanctions on military assistance"),
    "gsdbfinancial": (("financial",), "financial sanctions"),
    "gsdbtravel": (("travel",), "sanctions on travel"),
    "gsdbother": (("other",), "other sanctions"),
    "gsdbpersons": (("persons", "dealings"), "measures on listed persons and firms rather than on the state"),
    "gsdbsuccess": (
        ("success:success_total", "success:success_part"),
        "sanctions that are coded as a success, in part or in whole, when they ended",
    ),
    "gsdbsettled": (("success:nego_settlement",), "sanctions that ended in a negotiated settlement"),
    "gsdbfailed": (("success:failed",), "sanctions that are coded as a failure"),
}
_RIVALRIES = {
    "spatial": "over territory",
    "positional": "over rank in a region or the world",
    "ideological": "over ideas of rule",
    "interventionary": "over meddling in the other's affairs",
}


def _rivalry(prefix: str, source: str, word: str, meaning: str) -> Variable:
    return held(f"{prefix}{word}", source, "rivalry", f"1 while the two are rivals {meaning}", only=(word,))


def _memberships(name: str, level: str, kinds: tuple[str, ...], meaning: str, **more: Any) -> Variable:
    rule = {"low": 0.0, "absent": 0.0, "dtype": "int16", **more}
    return Variable(
        *(name, meaning, "number", level, "cow-igo", "commitments", kinds[0]),  # type: ignore[arg-type]
        kinds=kinds[1:],
        **rule,
    )


FURTHER = (
    Group(
        "atop_alliance",
        "alliances of any kind",
        {
            "": (
                held(
                    *(
                        "atop_alliance",
                        "atop",
                        "defense pact",
                        "1 if 1 has pledged anything to 2 in an alliance treaty",
                    ),
                    kinds=(*_PLEDGES[1:], "nonaggression pact"),
                    direction="one",
                    finest="day",
                ),
                held(
                    *("atop_pact", "atop", "defense pact", "1 if 1 has pledged 2 more than not to attack it"),
                    kinds=_PLEDGES[1:],
                    direction="one",
                    finest="day",
                ),
            )
        },
        carries=True,
    ),
    Group(
        "rivalry_types",
        "what strategic rivalries are about",
        {
            "tss": (
                *(_rivalry("tss", "tss-rivalries", word, meaning) for word, meaning in _RIVALRIES.items()),
                held(
                    *("tssprincipal", "tss-rivalries", "rivalry", "1 while each is the other's principal rival"),
                    only=("principal",),
                ),
            ),
            "td": tuple(_rivalry("td", "td-rivalries", word, meaning) for word, meaning in _RIVALRIES.items()),
        },
    ),
    Group(
        "igo_partial",
        "associate and observer memberships of intergovernmental organizations",
        {
            "": (
                _memberships(
                    *("dyadigos_any", "dyad", ("membership", "partial membership")),
                    "formal organizations of which both are members, associates or observers",
                ),
                _memberships(
                    *("dyadigos_associate", "dyad", ("membership", "partial membership")),
                    "formal organizations of which both are members or associates",
                    only=("", "associate"),
                ),
                _memberships(
                    *("sum_igo_associate", "state", ("partial membership",)),
                    "formal organizations of which it is an associate",
                    only=("associate",),
                ),
                _memberships(
                    *("sum_igo_observer", "state", ("partial membership",)),
                    "formal organizations of which it is an observer",
                    only=("observer",),
                ),
                _memberships(
                    *("sum_igo_anytype", "state", ("membership", "partial membership")),
                    "formal organizations of which it is a member, associate or observer",
                ),
            )
        },
        build=build_organizations,
    ),
    Group(
        "crises",
        "international crises",
        {
            "": (
                held(
                    *("icbonset", "icb", "crisis", "1 in the first year of a crisis between the two"),
                    measure="began",
                    finest="day",
                ),
                held(*("icbongoing", "icb", "crisis", "1 in every year of a crisis between the two"), finest="day"),
            )
        },
    ),
    Group(
        "acts",
        "militarized interstate events",
        {
            "": (
                counted(
                    *("mieacts", "mie", "militarized act"),
                    "militarized acts of one against the other that began in the year: mieacts1 is what 1 did to 2",
                    direction="both",
                    finest="day",
                ),
                of_pair(
                    *("miehostlev", "mie", "militarized act", "0-5"),
                    "highest hostility of these acts: 0 none, 2 threat, 3 display, 4 use of force, 5 war",
                    low=0.0,
                    high=5.0,
                    absent=0.0,
                    dtype="int8",
                    direction="both",
                    finest="day",
                ),
            )
        },
    ),
    Group(
        "gsdb",
        "sanctions of all states",
        {
            "": tuple(
                held(
                    *(name, "gsdb", "sanction", f"1 while state 1 has {what} on state 2"),
                    direction="one",
                    only=only,
                )
                for name, (only, what) in _SANCTIONS.items()
            )
        },
    ),
    Group(
        "latest_trade",
        "goods trade of whichever source has it",
        {
            "": (
                received(
                    *("tradeflow", "cow-trade", "goods trade", "million current USD"),
                    "imports of one from the other: tradeflow1 is what 1 imports from 2; sources count differently",
                    system=None,
                ),
                received(
                    *("tradeflow_source", "cow-trade", "goods trade", "id"),
                    "source of that cell",
                    low=None,
                    system=None,
                    dtype="int8",
                ),
            )
        },
        build=build_latest_trade,
    ),
    Group(
        "cyber",
        "cyber operations between rivals",
        {
            "": (
                counted(
                    *("cyber", "dcid", "cyber incident"),
                    "cyber operations of one against the other that began in the year: cyber1 is what 1 did to 2",
                    direction="both",
                    absent=None,
                    system=None,
                    finest="day",
                ),
            )
        },
    ),
    Group(
        "territory",
        "land that changed hands",
        {
            "": (
                received(
                    *("territory", "cow-territory", "territorial transfer", "km2"),
                    "land that one gained from the other: territory1 is what 1 gained from 2",
                    turned=False,
                    absent=0.0,
                    combine="sum",
                    finest="year",
                ),
            )
        },
    ),
    Group(
        "troops",
        "troops abroad",
        {
            "": (
                received(
                    *("ustroops", "us-troops", "troops stationed", "persons"),
                    "troops of the United States: ustroops1 is how many 1 has in 2",
                    turned=False,
                    system=None,
                ),
            )
        },
    ),
    Group(
        "support",
        "public signals of support by major powers",
        {
            "": (
                counted(
                    *("signals", "support-signals", "support signal"),
                    "signals of support for the other in the year: signals1 is what 1 did for 2",
                    direction="both",
                    absent=None,
                    system=None,
                ),
            )
        },
    ),
    Group(
        "defense_agreements",
        "agreements on defense cooperation",
        {
            "": (
                held(
                    *("dca", "dcad", "defense cooperation agreement", "1 while an agreement of the two is in force"),
                ),
            )
        },
    ),
)
