"""Counting likelihoods: how often a test came out over past cases, under the claim and under each rival.

The test itself is asked of every case, by the same measures and the same rules about what was searched, so that what is
counted is what will be weighed. A case whose hypothesis or outcome is not searched is left out.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tripoint import states
from tripoint.claims.language import Proposition, holds_within, parse
from tripoint.claims.measured import Question
from tripoint.claims.measures import MEASURES, measure
from tripoint.claims.model import CLAIM, ClaimFile, Count, ReferenceClass, Share, Test
from tripoint.claims.reference import carried, filled, rule_of
from tripoint.errors import InputError
from tripoint.record import KINDS, TABLES

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Cases of a class that are looked at; a fixed sample of them where there are more.
MOST_CASES = 400
#: Fewest cases under each hypothesis for a count to be used.
LEAST_CASES = 5
_DRAWS = 1000
_LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Case:
    """Two states in a year, and the hypothesis that the case is under."""

    x: str
    y: str
    year: int
    hypothesis: str

    @property
    def pair(self) -> tuple[str, str]:
        """The two states in order: years of one pair are no independent cases."""
        return (min(self.x, self.y), max(self.x, self.y))


@dataclass(frozen=True, slots=True)
class Counted:
    """What calibration says of one test.

    Attributes
    ----------
    count
        None where there are too few cases; ``why`` then says so.
    cases
        How many cases of the class could be asked.
    """

    claim: str
    test: Test
    reference: ReferenceClass
    rule: str
    count: Count | None
    cases: int
    why: str = ""


def calibrate(file: ClaimFile, evidence: Evidence, *, most: int = MOST_CASES) -> tuple[Counted, ...]:
    """Count every test of a file that names a reference class.

    Parameters
    ----------
    file
        Claim file; its tests name classes with ``count``.
    evidence
        Open evidence.
    most
        Cases a class is held to, by a fixed sample.

    Raises
    ------
    InputError
        When no test of the file names a class.
    """
    tests = [(c.id, t, t.application) for c in file.claims for t in c.tests if t.application]
    if not tests:
        raise InputError(f"{file.path}: no test names a reference class; write count = {{ class = ... }} in one")
    counter = _Counter(evidence, _kinds_of(file), most)
    return tuple(
        counter.counted(claim, test, file.classes[a.reference], rule_of(file.classes[a.reference], a, test.when))
        for claim, test, a in tests
    )


def _kinds_of(file: ClaimFile) -> list[str]:
    """Kinds of fact that the classes and their tests ask for."""
    rules = [r for c in file.classes.values() for r in (c.among, *c.hypotheses.values())]
    calls = [c for r in rules for c in parse(filled(r, {"X": "FRA", "Y": "ITA"}, 2000)).calls()]
    calls += [c for claim in file.claims for t in claim.tests if t.application for c in t.when.calls()]
    named = {str(a) for c in calls for a in c.arguments}
    return sorted({k for k in KINDS if k in named} | {"assembly vote", "membership"})


def in_memory(evidence: Evidence, kinds: Sequence[str]) -> Evidence:
    """The same evidence with the rows of some kinds held in memory: many small questions are asked of them."""
    copy = replace(evidence, _once={})
    for table in (*TABLES, "coverage"):
        copy.sql(
            f'CREATE TABLE "{table} held" AS SELECT * FROM "{table}" WHERE list_contains(?::VARCHAR[], kind)',
            [list(kinds)],
        )
        copy.sql(f'CREATE OR REPLACE VIEW "{table}" AS SELECT * FROM "{table} held"')
    return copy


class _Counter:
    """Asks cases; the cases of a class and every measure are asked once."""

    def __init__(self, evidence: Evidence, kinds: Sequence[str], most: int) -> None:
        self.evidence, self.most = in_memory(evidence, kinds), most
        self.question = Question(self.evidence, date.today())
        self.cases: dict[str, list[Case]] = {}
        self.read: dict[str, Proposition] = {}

    def counted(self, claim: str, test: Test, reference: ReferenceClass, rule: str) -> Counted:
        """Count one test over its class."""
        if test.application is None:
            raise InputError(f"test '{test.id}' names no class")
        own = set(test.application.states.values())
        cases = [c for c in self._cases(reference) if len(own) < 2 or {c.x, c.y} != own]
        text = carried(test.when, test.application)
        outcomes = [(case, self._holds(text, case)) for case in cases]
        asked = [(case, seen) for case, seen in outcomes if seen is not None]
        shares = {
            h: Share(sum(seen for c, seen in asked if c.hypothesis == h), sum(c.hypothesis == h for c, _ in asked))
            for h in reference.hypotheses
        }
        few = [h for h, s in shares.items() if s.units < LEAST_CASES]
        if few:
            why = f"{shares[few[0]].units} cases under '{few[0]}', fewer than {LEAST_CASES}"
            return Counted(claim, test, reference, rule, None, len(asked), why)
        low, high = _interval(asked, tuple(reference.hypotheses))
        pairs = len({case.pair for case, _ in asked})
        count = Count(reference.id, shares, pairs, low, high, self.evidence.hash)
        return Counted(claim, test, reference, rule, count, len(asked))

    def _cases(self, reference: ReferenceClass) -> list[Case]:
        key = reference.id
        if key not in self.cases:
            units = _units(reference, self.evidence)
            random.Random(3).shuffle(units)  # noqa: S311 - a fixed sample, not a secret
            found: list[Case] = []
            for x, y, year in units:
                case = self._placed(reference, x, y, year)
                if case is not None:
                    found.append(case)
                if len(found) >= self.most:
                    break
            self.cases[key] = found
        return self.cases[key]

    def _placed(self, reference: ReferenceClass, x: str, y: str, year: int) -> Case | None:
        blank = Case(x, y, year, "")
        if self._holds(reference.among, blank) is not True:
            return None
        under = [h for h, rule in reference.hypotheses.items() if self._holds(rule, blank) is True]
        return Case(x, y, year, under[0]) if len(under) == 1 else None

    def _holds(self, rule: str, case: Case) -> bool | None:
        text = filled(rule, {"X": case.x, "Y": case.y}, case.year)
        if text not in self.read:
            self.read[text] = parse(text)
        proposition = self.read[text]
        spans = {}
        for call in proposition.calls():
            try:
                value = measure(call, self.question)
            except InputError:
                return None
            if value.status == "measured":
                top = value.value if value.complete else MEASURES[call.name].range[1]
                spans[str(call)] = (value.value, top)
        return holds_within(proposition, spans)


def _units(reference: ReferenceClass, evidence: Evidence) -> list[tuple[str, str, int]]:
    """Every two states that may be a case, in each year: those with a fact of a kind that the class is about."""
    first, last = reference.years
    years = range(first, last + 1, reference.step)
    units: list[tuple[str, str, int]] = []
    for year in years:
        members = set(states.members(year))
        held = {letter: [s for s in named if s in members] for letter, named in reference.fixed.items()}
        pairs = (
            itertools.product(held.get("X", sorted(members)), held.get("Y", sorted(members)))
            if held
            else _with_facts(reference, evidence)
        )
        units += [(x, y, year) for x, y in pairs if x != y and x in members and y in members]
    return units


def _with_facts(reference: ReferenceClass, evidence: Evidence) -> list[tuple[str, str]]:
    calls = parse(filled(reference.among, {"X": "RUS", "Y": "CHN"}, reference.years[0])).calls()
    kinds = [str(c.arguments[0]) for c in calls if c.arguments and str(c.arguments[0]) in KINDS]
    pairs: set[tuple[str, str]] = set()
    for kind in kinds:
        rows = evidence.sql(
            f'SELECT DISTINCT state_a, state_b FROM "{KINDS[kind].table}" WHERE kind = ? AND state_b IS NOT NULL',
            [kind],
        )
        for a, b in rows.iter_rows():
            pairs |= {(a, b), (b, a)}
    return sorted(pairs)


def _interval(asked: Sequence[tuple[Case, bool]], hypotheses: Sequence[str]) -> tuple[float, float]:
    """90 % interval of the claim's share over the mean of the rivals', by resampling pairs of states."""
    pairs = sorted({case.pair for case, _ in asked})
    place = {pair: n for n, pair in enumerate(pairs)}
    column = {h: n for n, h in enumerate(hypotheses)}
    seen = np.zeros((len(pairs), len(hypotheses)))
    units = np.zeros_like(seen)
    for case, outcome in asked:
        seen[place[case.pair], column[case.hypothesis]] += outcome
        units[place[case.pair], column[case.hypothesis]] += 1
    rng = np.random.default_rng(5)
    draws = rng.multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), _DRAWS)
    shares = rng.beta(draws @ seen + 0.5, draws @ (units - seen) + 0.5)
    shares = np.maximum(shares, 0.5 / (draws @ units + 1))  # what was never seen is not taken for impossible
    others = [n for h, n in column.items() if h != CLAIM]
    ratios = shares[:, column[CLAIM]] / shares[:, others].mean(axis=1)
    low, high = np.quantile(ratios, ((1 - _LEVEL) / 2, (1 + _LEVEL) / 2))
    middle = _middle({h: Share(int(seen[:, n].sum()), int(units[:, n].sum())) for h, n in column.items()})
    return float(min(low, middle)), float(max(high, middle))


def _middle(shares: Mapping[str, Share]) -> float:
    others = [s.value for h, s in shares.items() if h != CLAIM]
    return shares[CLAIM].value * len(others) / sum(others)
