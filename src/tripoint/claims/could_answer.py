"""Which measures have evidence for some states, and how fresh it is: no test need be written that stays silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.claims.measures import MEASURES
from tripoint.errors import InputError
from tripoint.evidence.coverage import coverage_of
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

_BY_TABLE = {"commitments": "ties", "events": "count", "flows": "flow", "attributes": "held"}


@dataclass(frozen=True, slots=True)
class CouldAnswer:
    """Whether a measure of a kind can be answered for two states, or for one.

    Attributes
    ----------
    answers
        ``yes`` where there are facts, or a complete search that says none; ``at least`` where there are facts of a list
        that is not complete; ``only then`` where they are older than their kind allows; ``no`` where a test must stay
        silent.
    until
        Last day that was observed.
    """

    measure: str
    kind: str
    answers: str
    facts: int
    until: date | None
    sources: tuple[str, ...]
    example: str


def could_answer(evidence: Evidence, named: tuple[str, ...], *, as_of: date) -> tuple[CouldAnswer, ...]:
    """List what could be asked of one state or of two, the freshest first; what must stay silent stands last.

    Raises
    ------
    InputError
        When one or two different states are not given.
    """
    ids = tuple(dict.fromkeys(states.find(s).id for s in named))
    if len(ids) != len(named) or len(ids) not in (1, 2):
        raise InputError(f"{', '.join(named)}: give one state, or two different ones")
    coverage = coverage_of(evidence)
    out = []
    for kind, about in KINDS.items():
        if about.table not in _BY_TABLE or (about.table == "attributes") != (len(ids) == 1):
            continue
        who = ids if len(ids) == 2 else ids[0]
        if len(ids) == 2:
            rows = evidence.facts(between=(states.lineage(ids[0]), states.lineage(ids[1])), kinds=[kind], until=as_of)
        else:
            rows = evidence.facts(states=states.lineage(ids[0]), kinds=[kind], until=as_of)
        found = coverage.status(kind, who, (None, as_of), facts=rows.to_dicts())
        complete = bool(coverage.complete(kind, who, None, as_of))
        answers = {
            "found": "yes" if complete else "at least",
            "last known": "only then",
            "none found": "yes",
        }.get(found.status, "no")
        out.append(
            CouldAnswer(
                _BY_TABLE[about.table],
                kind,
                answers,
                rows.height,
                found.seen,
                found.sources,
                _example(kind, ids, as_of),
            )
        )
    order = {"yes": 0, "at least": 1, "only then": 2, "no": 3}
    return tuple(sorted(out, key=lambda c: (order[c.answers], -(c.until or date.min).toordinal(), c.kind)))


def _example(kind: str, ids: tuple[str, ...], as_of: date) -> str:
    name, year = _BY_TABLE[KINDS[kind].table], as_of.year
    if name == "held":
        return f'held({ids[0]}, "...")' if kind == "area held" else ""
    pair = ", ".join(ids)
    tail = {"ties": "", "count": f", {year - 3}, {year - 1}", "flow": f", {year - 2}"}[name]
    return f'{MEASURES[name].name}("{kind}", {pair}{tail})'
