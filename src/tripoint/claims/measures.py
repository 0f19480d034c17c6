"""The measures that a proposition may name: their parameters, the range of their values, and what they mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tripoint import states
from tripoint.claims import asked, compute
from tripoint.claims.language import Argument, Call, StateId
from tripoint.claims.measured import Measured, Question, Status
from tripoint.errors import InputError, unknown
from tripoint.record import KINDS, Table

__all__ = [
    "AT_ONCE",
    "DATED",
    "MEASURES",
    "PROBABILITY",
    "RECORD",
    "WHOLE",
    "YEARS",
    "Measure",
    "Measured",
    "Question",
    "Status",
    "check_call",
    "measure",
    "table_of",
    "years_of",
]

_FIRST_YEAR, _LAST_YEAR = 1816, 2100
_STATES = ("a", "b", "state")
#: Parameters that are years.
YEARS = ("year", "since", "until", "earlier", "later")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as users write it.

    Attributes
    ----------
    parameters, optional
        Names in order; the last ``optional`` of them may be left out.
    range
        Lowest and highest value.
    table
        Which of the five kinds of evidence it draws on; None where its ``kind`` says.
    tables
        Kinds of evidence whose kinds it takes.
    """

    name: str
    parameters: tuple[str, ...]
    optional: int
    range: tuple[float, float]
    unit: str
    meaning: str
    compute: Callable[..., Measured]
    tables: tuple[Table, ...]

    @property
    def shape(self) -> str:
        """How it is written: ``count(kind, a, b, since, until)``."""
        fixed = len(self.parameters) - self.optional
        tail = [f"[{p}]" for p in self.parameters[fixed:]]
        return f"{self.name}({', '.join([*self.parameters[:fixed], *tail])})"


_TIES: tuple[Table, ...] = ("commitments",)
_FLOWS: tuple[Table, ...] = ("flows",)
_POSITIONS: tuple[Table, ...] = ("positions",)
_OPEN = (0.0, math.inf)
_PAIR = ("kind", "a", "b")

#: Every measure by name.
MEASURES: Mapping[str, Measure] = {
    m.name: m
    for m in (
        Measure("ties", (*_PAIR, "year"), 1, _OPEN, "[ties]", "ties of a kind in force", compute.ties, _TIES),
        Measure(
            "ties_by",
            (*_PAIR, "year"),
            1,
            _OPEN,
            "[ties]",
            "directed ties of a on b in force",
            compute.ties_by,
            _TIES,
        ),
        Measure("level", (*_PAIR, "year"), 1, _OPEN, "[kind's scale]", "highest level in force", compute.level, _TIES),
        Measure(
            "count",
            (*_PAIR, "since", "until"),
            0,
            _OPEN,
            "[events]",
            "events that began in the years",
            compute.count,
            ("events",),
        ),
        Measure(
            "flow", (*_PAIR, "year"), 0, _OPEN, "[kind's unit]", "what went from a to b in a year", compute.flow, _FLOWS
        ),
        Measure(
            "reported",
            (*_PAIR, "since", "until"),
            0,
            _OPEN,
            "[figures]",
            "published figures of what went from a to b in the years",
            compute.reported,
            _FLOWS,
        ),
        Measure(
            "growth",
            (*_PAIR, "earlier", "later"),
            0,
            _OPEN,
            "[times]",
            "flow of a later year over an earlier",
            compute.growth,
            _FLOWS,
        ),
        Measure(
            "share",
            (*_PAIR, "since", "until"),
            0,
            (0, 1),
            "[0-1]",
            "share of a in all that b got in the years",
            compute.share,
            _FLOWS,
        ),
        Measure(
            "agreement",
            ("a", "b", "since", "until"),
            0,
            (0, 1),
            "[0-1]",
            "agreement on divided Assembly roll calls",
            compute.agreement,
            _POSITIONS,
        ),
        Measure(
            "member",
            ("state", "institution", "year"),
            1,
            (0, 1),
            "[0-1]",
            "1 where a state is a member",
            compute.member,
            _TIES,
        ),
        Measure(
            "vote",
            ("state", "item"),
            0,
            (1, 3),
            "[1-3]",
            "a state's vote on an Assembly item: 1 yes, 2 abstain, 3 no",
            compute.vote,
            _POSITIONS,
        ),
        Measure(
            "demand",
            ("state", "item", "year"),
            1,
            (0, 1),
            "[0-1]",
            "latest stated demand on a war-aim item",
            compute.demand,
            _POSITIONS,
        ),
        Measure(
            "held",
            ("state", "place", "year"),
            1,
            _OPEN,
            "[km2 or %]",
            "latest published area held of a place",
            compute.held,
            ("attributes",),
        ),
        Measure(
            "autonomous",
            ("state", "poles", "year"),
            0,
            (0, 1),
            "[0-1]",
            "probability that a state is autonomous between poles, by the published rule",
            asked.autonomous,
            _TIES,
        ),
        Measure(
            "closer",
            ("a", "b", "earlier", "later"),
            0,
            (0, 1),
            "[0-1]",
            "probability that two states stood closer in the later year, by the measure of relation",
            asked.closer,
            _TIES,
        ),
    )
}

#: Measures whose values are whole numbers.
WHOLE = frozenset({"ties", "ties_by", "count", "reported", "member", "vote"})
#: Measures that read the record; the others estimate.
RECORD = frozenset(
    {"ties", "ties_by", "level", "count", "flow", "reported", "growth", "share", "member", "vote", "demand", "held"}
)
#: Measures of ties that hold at once, on the day of weighing where no year is given.
AT_ONCE = frozenset({"ties", "ties_by", "level"})
#: Measures that are always about a year.
DATED = frozenset({"count", "flow", "reported", "growth", "share"})
#: Measures whose value is a probability.
PROBABILITY = frozenset({"autonomous", "closer"})


def measure(call: Call, question: Question) -> Measured:
    """Compute one measure as a proposition names it.

    Raises
    ------
    UnknownNameError
        For a measure, kind or state that is not known.
    InputError
        For a wrong number or type of arguments.
    """
    key = str(call)
    if key not in question.memory:
        spec = check_call(call)
        question.memory[key] = spec.compute(question, *call.arguments)
    return question.memory[key]


def check_call(call: Call, *, where: str = "") -> Measure:
    """Check a call's name, arguments, kinds, states and years without computing it."""
    if call.name not in MEASURES:
        raise unknown("measure", call.name, MEASURES, where=where or f"column {call.column}")
    spec = MEASURES[call.name]
    most, least = len(spec.parameters), len(spec.parameters) - spec.optional
    if not least <= len(call.arguments) <= most:
        raise InputError(f"{where or spec.name}: {len(call.arguments)} arguments given; it is written {spec.shape}")
    named = dict(zip(spec.parameters, call.arguments, strict=False))
    for parameter, argument in named.items():
        _check_argument(spec, parameter, argument, where or str(call))
    for early, late in (("since", "until"), ("earlier", "later")):
        first, last = named.get(early), named.get(late)
        if isinstance(first, float) and isinstance(last, float) and first > last:
            raise InputError(f"{where or call}: {early} {first:.0f} is after {late} {last:.0f} in {call}")
    if "a" in named and states.lineage(str(named["a"])) == states.lineage(str(named["b"])):
        raise InputError(f"{where or call}: {call} names one state twice; name two")
    return spec


def table_of(call: Call) -> Table:
    """Which of the five kinds of evidence a call draws on."""
    return MEASURES[call.name].tables[0]


def years_of(call: Call) -> tuple[int, ...]:
    """Years that a call asks for."""
    named = zip(MEASURES[call.name].parameters, call.arguments, strict=False)
    return tuple(int(a) for p, a in named if p in YEARS and isinstance(a, float))


def _check_argument(spec: Measure, parameter: str, argument: Argument, where: str) -> None:
    if parameter in _STATES:
        if not isinstance(argument, StateId):
            raise InputError(f"{where}: {argument!r} where a state id is needed; write it bare, such as RUS")
        try:
            states.find(argument, system="id")
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    elif parameter in YEARS:
        if not isinstance(argument, float) or not argument.is_integer():
            raise InputError(f"{where}: {argument!r} where a year is needed")
        if not _FIRST_YEAR <= argument <= _LAST_YEAR:
            raise InputError(f"{where}: year {argument:.0f}; give one from {_FIRST_YEAR} to {_LAST_YEAR}")
    elif parameter == "poles":
        asked.check_poles(str(argument), where)
    elif not isinstance(argument, str) or isinstance(argument, StateId):
        raise InputError(f'{where}: {argument} where text in quotes is needed for {parameter}, such as "defense pact"')
    elif parameter == "kind":
        fitting = [k for k, kind in KINDS.items() if kind.table in spec.tables]
        if argument not in fitting:
            what = f"kind of {spec.tables[0]}"
            raise unknown(what, argument, fitting, where=where)
