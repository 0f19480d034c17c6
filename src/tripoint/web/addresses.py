"""Questions as addresses and back: the whole state of a page is in its address, spelled in one way.

``/pair/CHN-RUS?since=2000`` is the question ``pair`` with ``a=CHN``, ``b=RUS``, ``since=2000``. What names the page
stands in the path, what changes it behind the question mark, in the order of the question's own keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote, urlencode

from tripoint.answers.keys import KEYS
from tripoint.answers.listing import OF
from tripoint.answers.question import Question
from tripoint.answers.registry import QUESTIONS, asked
from tripoint.answers.shipped import only_shipped
from tripoint.errors import InputError, unknown

#: Keys of each question that stand in the path; several are joined with a hyphen. Others stand behind "?".
IN_PATH: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pair": ("a", "b"),
        "relation": ("states",),
        "exposure": ("a", "b"),
        "tension": ("a", "b"),
        "on_record": ("a", "b"),
        "demands": ("a", "b"),
        "wedge": ("a", "b"),
        "why": ("a", "b"),
        "triad": ("a", "b", "c"),
        "patronage": ("patron", "client"),
        "state": ("state",),
        "autonomy": ("state",),
        "fact": ("fact",),
        "source": ("source",),
        "claim": ("claim",),
        "argument": ("argument",),
        "war": ("scenario",),
        "council": ("scenario",),
        "brief": ("states",),
        "listing": ("of",),
    }
)
#: Questions whose answer is the same for (a, b) and (b, a): their address names the two in alphabetical order.
EITHER_WAY = frozenset({"pair", "relation", "exposure", "tension", "on_record", "triad", "wedge", "why"})
#: Endings of an address and what is sent there instead of a page.
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
        "svg": "image/svg+xml",
        "png": "image/png",
        "md": "text/markdown; charset=utf-8",
        "bib": "application/x-bibtex; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
    }
)
#: Key of the evidence that a permanent address names; it is no part of any question.
AT = "at"
MOST_KEYS = 40
LONGEST = 4000


def subject_of(step: str) -> str:
    """Return the subject that the first step of a path names; raises ``UnknownNameError``."""
    if step in OF:
        return "listing"
    steps = {subject: subject for subject in QUESTIONS} | {known.word: subject for subject, known in QUESTIONS.items()}
    if step not in steps:
        raise unknown("page", f"/{step}", [f"/{word}" for word in (*steps, *OF)])
    return steps[step]


def path_of(question: Question) -> str:
    """Return the path of a question, without what stands behind the question mark."""
    names = IN_PATH.get(question.subject, ())
    step = asked(question.subject).word
    if not names:
        return f"/{step}"
    held = [(name, getattr(question, name)) for name in names]
    values = ["" if value is None else KEYS[name].write(value) for name, value in held]
    if names == ("states",):
        values = [value for value in values[0].split(",") if value]
    if question.subject in EITHER_WAY:
        values = sorted(values)
    if question.subject == "listing":
        return f"/{values[0]}"
    if question.subject == "fact":
        source, _, locator = values[0].partition("#")
        return f"/fact/{quote(source, safe='@')}/{quote(locator, safe='/')}"
    return "/".join(("", step, *filter(None, ("-".join(quote(value, safe="") for value in values),))))


def query_of(question: Question) -> str:
    """Return what stands behind the question mark: keys that differ from their defaults, in the question's order."""
    names = IN_PATH.get(question.subject, ())
    given = {name: value for name, value in question.written().items() if name not in names}
    return urlencode(given, safe=",=-")


def address_of(question: Question) -> str:
    """Return the whole address of a question: one question, one spelling."""
    query = query_of(question)
    return path_of(question) + (f"?{query}" if query else "")


def split_form(path: str) -> tuple[str, str]:
    """Split a path into the page's own and the form asked for; the form is empty for the page itself."""
    stem, dot, ending = path.rpartition(".")
    return (stem, ending) if dot and ending in FORMS else (path, "")


def question_at(step: str, place: str, query: str) -> tuple[Question, str]:
    """Read an address.

    Parameters
    ----------
    step
        First step of the path: what is asked about.
    place
        The rest of the path, still quoted, without a leading slash and without an ending.
    query
        What stands behind the question mark.

    Returns
    -------
    question, at
        The question, and the hash of the evidence that the address asks for (empty where it asks for none).

    Raises
    ------
    InputError
        A key given twice, one that the question does not take, a value that it cannot be, or an address too long.
    """
    if len(query) + len(place) > LONGEST:
        raise InputError(f"the address has {len(query) + len(place):,} characters; at most {LONGEST:,} are read")
    subject = subject_of(step)
    if step in OF and not place:
        place = step
    given: dict[str, str] = {}
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) > MOST_KEYS:
        raise InputError(f"the address gives {len(pairs)} keys; at most {MOST_KEYS} are read")
    for name, value in pairs:
        if name in given:
            raise InputError(f"the address gives '{name}' twice")
        given[name] = value
    at = given.pop(AT, "")
    if at and not (at.isalnum() and len(at) <= 64):
        raise InputError(f"{AT}: '{at[:80]}' is not a hash of evidence")
    names = IN_PATH.get(subject, ())
    if names:
        given |= _from_place(subject, names, place, given)
    elif place:
        raise unknown("page", f"/{subject}/{place}", [f"/{subject}"])
    only_shipped(given)
    return asked(subject).question.read({name: value for name, value in given.items() if value != ""}), at


def _from_place(subject: str, names: tuple[str, ...], place: str, given: Mapping[str, str]) -> dict[str, str]:
    for name in names:
        if name in given:
            raise InputError(f"'{name}' stands in the path of /{subject}/..., not behind the question mark")
    if subject == "fact":
        source, _, locator = place.partition("/")
        return {"fact": f"{unquote(source)}#{unquote(locator)}"}
    if names == ("states",):
        return {"states": ",".join(unquote(part) for part in place.split("-"))}
    if not place and len(names) == 1:  # the question says what it needs, or has a default
        return {}
    values = place.split("-") if len(names) > 1 else [place]
    if len(values) != len(names) or not all(values):
        example = "-".join(("CHN", "RUS", "IND")[: len(names)])
        raise InputError(f"/{subject}/{unquote(place)}: write /{subject}/{example}")
    return {name: unquote(value) for name, value in zip(names, values, strict=True)}
