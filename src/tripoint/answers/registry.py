"""Every question that can be asked, by subject: one table for the command line, pages, assistants and Python.

A question's module is imported when it is first asked for; this module costs nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tripoint.answers.question import Question
from tripoint.errors import unknown

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be asked.

    Attributes
    ----------
    subject
        Its noun: the function in Python, the first word of its address.
    name
        Name of its class in its module.
    about
        What it asks, in one line.
    command
        Its word on the command line, where that is another.
    module
        Where it is asked and answered, where that is another than ``tripoint.answers.<subject>``.
    """

    subject: str
    name: str
    about: str
    command: str = ""
    module: str = ""

    @property
    def word(self) -> str:
        """Its word on the command line."""
        return self.command or self.subject.replace("_", "-")

    @property
    def question(self) -> type[Question]:
        """The class whose fields are the keys of the question."""
        found: type[Question] = getattr(self._module, self.name)
        return found

    @property
    def answer(self) -> Callable[[Evidence, Any], Answer]:
        """The function that answers it."""
        found: Callable[[Evidence, Any], Answer] = self._module.answer
        return found

    @property
    def _module(self) -> Any:
        return importlib.import_module(self.module or f"tripoint.answers.{self.subject}")


_ASKED = (
    Asked("on_record", "OnRecordAsked", "What is on record between two states.", "dyad"),
    Asked("depth", "DepthAsked", "How deep a partnership goes, on paper and in practice."),
    Asked("tension", "TensionAsked", "Claims, rivalry, disputes, war, sanctions, year by year."),
    Asked("relation", "RelationAsked", "How pairs stand, from war to allied in deed, and what moved it."),
    Asked("exposure", "ExposureAsked", "Trade, arms, energy, finance: what a cut would cost whom."),
    Asked("ideal_points", "IdealPointsAsked", "Positions of states from their votes, with intervals."),
    Asked("autonomy", "AutonomyAsked", "How evenly a state stands between poles."),
    Asked("patronage", "PatronageAsked", "How far one state helps another against a third."),
    Asked("balance", "BalanceAsked", "Two camps, and the ties that fit neither."),
    Asked("triad", "TriadAsked", "Which triangle three states form, year by year."),
    Asked("wedge", "WedgeAsked", "What a divider could use to part two states."),
    Asked("scan", "ScanAsked", "All close pairs, ranked by a divider's best opening."),
    Asked("demands", "DemandsAsked", "What each side demands, holds and could expect; what the front supports."),
    Asked("war", "WarAsked", "How a contest may end, by assumption: a war or an ultimatum.", "bargain"),
    Asked("council", "CouncilAsked", "How many actors settle one issue, by two models and without."),
    Asked("lasting", "LastingAsked", "Is a change in a series of your own lasting or tactical."),
    Asked("argument", "ArgumentAsked", "Claims weighed against the evidence, with rivals and reasons.", "weigh"),
    Asked("claim", "ClaimAsked", "One claim weighed, with every test."),
    Asked("facts", "FactsAsked", "Facts, filtered by state, kind, time and source."),
    Asked("fact", "FactAsked", "One fact, with the source row that it comes from."),
    Asked("source", "SourceAsked", "One source: terms, what it covers, what was set aside."),
    Asked("state", "StateAsked", "One state: names, codes, dates, and what is on record of it."),
    Asked("coverage", "CoverageAsked", "Who is known until when, by kind of fact."),
    Asked("search", "SearchAsked", "States, pairs, sources and facts by what they are called."),
    Asked("verify", "VerifyAsked", "One statement looked up in the record."),
    Asked("changes", "ChangesAsked", "What changed since a day or an earlier state of the evidence."),
    Asked("world", "WorldAsked", "How many states stand to each other in one year."),
    Asked("why", "WhyAsked", "Why a kind of fact is or is not on record: who looked, until when."),
    Asked("citations", "CitationsAsked", "How to cite what some facts rest on."),
    Asked("listing", "ListingAsked", "What there is to ask about: states, pairs, arguments, sources."),
    Asked("pair", "PairAsked", "Two states on one page: standing, newest facts, depth, quarrels, gaps."),
    Asked("compare", "CompareAsked", "Pairs or states side by side."),
    Asked("brief", "BriefAsked", "A sourced brief on states or an argument.", module="tripoint.briefs.asked"),
)

#: Subject -> what can be asked of it.
QUESTIONS: Mapping[str, Asked] = MappingProxyType({asked.subject: asked for asked in _ASKED})


def asked(subject: str) -> Asked:
    """What can be asked of a subject; raises ``UnknownNameError`` with the nearest names."""
    if subject not in QUESTIONS:
        raise unknown("question", subject, QUESTIONS)
    return QUESTIONS[subject]


def read(subject: str, given: Mapping[str, Any]) -> Question:
    """Make a question from texts or values by key; raises as :meth:`tripoint.answers.question.Question.read`."""
    return asked(subject).question.read(given)


def answer(evidence: Evidence, question: Question) -> Answer:
    """Answer a question from some evidence; nothing is kept."""
    return asked(question.subject).answer(evidence, question)
