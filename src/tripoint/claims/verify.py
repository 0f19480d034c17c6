"""Verifying one statement in plain English: confirmed, contradicted, contested, outside coverage, or not searched.

Only what can be looked up is verified: a tie, an event, a flow, a vote of states that the statement names. Anything
else is refused with what would be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from tripoint import states
from tripoint.claims.draft import tests_of
from tripoint.claims.extract import Proposition, extract
from tripoint.claims.language import StateId, parse
from tripoint.claims.lexicon import find_mentions
from tripoint.claims.measured import Question
from tripoint.claims.model import PRIOR, Claim, Test, Weight
from tripoint.claims.precise import precise
from tripoint.claims.weigh import Judgement, weigh_claim
from tripoint.errors import InputError
from tripoint.evidence.coverage import coverage_of
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Result = Literal["confirmed", "contradicted", "contested", "outside coverage", "not searched"]

_LONGEST = 400
#: In force now, in force in the year named, and not the year before.
_SINCE_PARTS = 3
_SINCE = re.compile(r"\bsince\s+((?:18|19|20)\d\d)\b")
_IN = re.compile(r"\b(?:in|by|at the end of)\s+((?:18|19|20)\d\d)\b")
_DENIED = re.compile(r"\b(?:no|not|never|neither|without|lacks?)\b|n['’]t\b", re.IGNORECASE)
_DIRECTED = frozenset({"sanction", "territorial claim", "maritime claim", "river claim", "base rights", "recognition"})
_ALIASES = {
    "defence pact": "defense pact",
    "alliance": "defense pact",
    "mutual defense treaty": "defense pact",
    "defense treaty": "defense pact",
    "non-aggression pact": "nonaggression pact",
    "sanctions": "sanction",
    "sanctioned": "sanction",
    "rivals": "rivalry",
    "military base": "base rights",
    "military bases": "base rights",
    "currency swap": "swap line",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """What the record says of a statement.

    Attributes
    ----------
    statement
        As it was given.
    read_as
        What was looked up, as propositions.
    judgement
        The look-up in full: what was found, where, and to which day.
    decides
        What would decide it, where it is not decided.
    """

    statement: str
    result: Result
    read_as: tuple[str, ...]
    judgement: Judgement
    decides: str

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """Facts that it rests on."""
        return tuple(dict.fromkeys(f for t in self.judgement.tests for f in t.fact_ids))


def verify(statement: str, evidence: Evidence, *, as_of: date) -> Verified:
    """Look one statement up.

    Parameters
    ----------
    statement
        Such as ``Russia has a defense pact with North Korea since 2024``.
    evidence
        Open evidence.
    as_of
        Last day whose evidence is used.

    Raises
    ------
    InputError
        When it names no states, or no relation that can be looked up.

    Examples
    --------
    >>> import tripoint
    >>> from datetime import date
    >>> verify("China has a defense pact with Russia", tripoint.open_evidence(), as_of=date(2025, 12, 7)).result
    'contradicted'
    """
    text = " ".join(statement.split())
    if not text or len(text) > _LONGEST:
        raise InputError(f"a statement of {len(text)} characters; give one sentence of at most {_LONGEST}")
    named, looked_up = _read(text, as_of)
    question = Question(evidence, as_of)
    judgement = weigh_claim(_claim(text, named, looked_up), question)
    if len(looked_up) == _SINCE_PARTS and judgement.findings[-1].status == "not searched":
        looked_up = looked_up[:-1]  # whether there was one the year before is not searched, and not said either
        judgement = weigh_claim(_claim(text, named, looked_up), question)
    result = _result(judgement, evidence)
    return Verified(text, result, looked_up, judgement, _decides(result, judgement))


def _claim(text: str, named: tuple[str, ...], looked_up: Sequence[str]) -> Claim:
    tests = tuple(
        Test(f"t{n}", text, parse(when), Weight("words only"), 1) for n, when in enumerate(looked_up, start=1)
    )
    return Claim(
        id="statement",
        kind="record",
        text=text,
        words="",
        section="",
        states=named,
        since=1816,
        if_true="",
        if_false="",
        change="",
        needs="",
        limits="",
        prior=PRIOR,
        argued="",
        rivals={},
        tests=tests,
        line=1,
    )


def _read(text: str, as_of: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States that a statement names, and what is to be looked up."""
    mentions = [m for m in find_mentions(text) if not m.group]
    ids = tuple(dict.fromkeys(i for m in mentions for i in m.ids))
    kind = _kind_in(text)
    if kind and len(ids) == 2:
        return ids, _of_kind(kind, ids, text, as_of)
    said = f"{text.rstrip('.')}. It is a statement that is to be looked up in the record."
    found = extract(said, name="the statement")
    made: Sequence[Proposition] = precise(found).propositions
    for one in made:
        tests = [when for _, _, when in tests_of(one, as_of.year)]
        if tests:
            return one.states, tuple(tests if one.holds else [f"not ({t})" for t in tests[:1]])
    what = f"names {', '.join(ids)}" if ids else "names no state"
    raise InputError(
        f"'{text[:80]}' {what} and no relation that can be looked up; write it as in "
        "'Russia has a defense pact with Belarus since 1997' or 'India bought weapons from France'"
    )


def _kind_in(text: str) -> str:
    folded = text.casefold()
    for words, kind in sorted(_ALIASES.items(), key=lambda item: -len(item[0])):
        if re.search(rf"\b{re.escape(words)}\b", folded):
            return kind
    ties = sorted((k for k, kind in KINDS.items() if kind.table == "commitments"), key=len, reverse=True)
    return next((k for k in ties if re.search(rf"\b{re.escape(k)}s?\b", folded)), "")


def _of_kind(kind: str, ids: tuple[str, ...], text: str, as_of: date) -> tuple[str, ...]:
    name = "ties_by" if kind in _DIRECTED else "ties"
    a, b = (StateId(i) for i in ids[:2])

    def at(year: int | None, some: bool = True) -> str:
        when = f", {year}" if year is not None else ""
        return f'{name}("{kind}", {a}, {b}{when}) {">= 1" if some else "== 0"}'

    if _DENIED.search(text):
        denied = _IN.search(text)
        return (at(int(denied[1]) if denied else None, some=False),)
    since, then = _SINCE.search(text), _IN.search(text)
    if since:
        year = int(since[1])
        return (at(None), at(year), at(year - 1, some=False))
    return (at(int(then[1]) if then and int(then[1]) <= as_of.year else None),)


def _result(judgement: Judgement, evidence: Evidence) -> Result:
    known: dict[str, Result] = {
        "supported": "confirmed",
        "not supported": "contradicted",
        "contested": "contested",
        "mixed": "contested",
    }
    if judgement.verdict in known:
        return known[judgement.verdict]
    lines = coverage_of(evidence)
    for test in judgement.tests:
        for call in test.test.when.calls():
            kind = next((str(a) for a in call.arguments if str(a) in KINDS), "")
            sides = [str(a) for a in call.arguments if isinstance(a, StateId)]
            if kind and lines.of(kind, (sides[0], sides[1]) if len(sides) > 1 else sides[0]):
                return "outside coverage"
    return "not searched"


def _decides(result: Result, judgement: Judgement) -> str:
    if result in ("confirmed", "contradicted"):
        return ""
    asked = (str(a) for t in judgement.tests for c in t.test.when.calls() for a in c.arguments)
    kinds = sorted({a for a in asked if a in KINDS})
    what = ", ".join(kinds) or "it"
    names = " and ".join(states.find(s).in_text for s in judgement.claim.states[:2])
    if result == "contested":
        return f"The text that the sources read differently on {what} of {names}."
    return f"A source that lists every {what} of {names} for the time asked."
