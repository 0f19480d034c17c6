"""Questions asked of the evidence: what the command line, pages, assistants and Python call.

Each function of :mod:`~tripoint.ask.states`, :mod:`~tripoint.ask.pairs`, :mod:`~tripoint.ask.thirds` and
:mod:`~tripoint.ask.contests` takes the keys of one question by the names that they have everywhere, and returns an
:class:`~tripoint.answers.answer.Answer`: it shows itself in a notebook, and has ``.frame()``, ``.figure``,
``.sources``, ``.cite("bibtex")`` and ``.to_json()``. Evidence is the store as it stands unless ``evidence`` is given.
Errors are the same for all: :class:`~tripoint.errors.UnknownNameError` for a key, state, source or pole that is not
known, with the nearest ones; :class:`~tripoint.errors.InputError` for a value out of its bounds;
:class:`~tripoint.errors.CoverageError` where the evidence does not reach.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.answers import registry

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.answers.question import Question
    from tripoint.evidence.query import Evidence

#: Answers that cost more than this are kept [s of CPU time].
SLOW = 0.2


def answer(evidence: Evidence, question: Question) -> Answer:
    """Answer a question, or read the answer back where it was kept; one that reads a file of yours is made anew.

    Parameters
    ----------
    evidence
        Open evidence.
    question
        As :func:`tripoint.answers.registry.read` makes it.

    Raises
    ------
    TripointError
        As the question's own module says.

    Examples
    --------
    >>> import tripoint
    >>> from tripoint.answers.registry import read
    >>> found = answer(tripoint.open_evidence(), read("on_record", {"a": "Russia", "b": "China"}))
    >>> found.question.address
    'on_record?a=RUS&b=CHN'
    """
    from tripoint.answers import kept

    keeps = not any(isinstance(getattr(question, key), Path) for key in question.keys())  # noqa: SIM118
    if keeps and (found := kept.load(evidence, question)) is not None:
        return found
    began = time.process_time()
    found = registry.answer(evidence, question)
    if keeps and time.process_time() - began > SLOW:
        kept.keep(evidence, found)
    return found


def ask(subject: str, given: Mapping[str, Any], evidence: Evidence | None = None) -> Answer:
    """Ask about a subject by keys, as texts or values; the result holds plain values.

    Examples
    --------
    >>> ask("state", {"state": "Burma"}).headline.split(" in ")[0]
    'Myanmar'
    """
    from tripoint.answers.kept import KeptAnswer
    from tripoint.answers.plain import plain
    from tripoint.pipeline import open_evidence

    question = registry.read(subject, given)
    found = answer(evidence or open_evidence(), question)
    return found if isinstance(found, KeptAnswer) else replace(found, result=plain(found.result))


def asked_by(subject: str, given: dict[str, Any]) -> Answer:
    """Ask with the arguments of a function, ``evidence`` among them."""
    evidence = given.pop("evidence")
    return ask(subject, given, evidence)


def keyed(function: Callable[..., Answer], subject: str) -> Callable[..., Answer]:
    """The function of a question, which says of a key that it does not take what every other face says."""
    code = function.__code__
    taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    if code.co_flags & _TAKES_ANY:
        return function

    @wraps(function)
    def asked(*words: Any, **given: Any) -> Answer:
        for name in given:
            if name not in taken:
                raise registry.asked(subject).question.unknown_key(name)
        return function(*words, **given)

    return asked


#: Flag of a function's code: it takes keys by any name, and says itself which it knows.
_TAKES_ANY = 0x08


def path_or_name(text: str | Path) -> str | Path:
    """A file of the user's own as a path; anything else is the name of something that ships."""
    own = Path(text)
    return own if own.suffix or own.is_file() else str(text)
