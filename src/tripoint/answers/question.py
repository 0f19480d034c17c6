"""A typed question: the same in a command, an address, a tool call and Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from tripoint.answers.keys import KEYS
from tripoint.errors import InputError, UnknownNameError, unknown

#: Keys of a period, and what a question that does not take one of them may take instead.
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "since": ("year", "as_of"),
    "until": ("as_of", "year", "since"),
    "year": ("since", "until", "as_of"),
    "as_of": ("until", "year", "since"),
}
#: Keys that end a period that ``since`` begins.
_ENDS = ("until", "year", "as_of")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Each field of a subclass is a key of :data:`tripoint.answers.keys.KEYS`.

    A subclass names itself in ``subject`` and checks what its keys cannot check one by one in ``__post_init__``.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True)
    ... class Relation(Question):
    ...     subject = "relation"
    ...     a: str
    ...     b: str
    ...     since: int = 1990
    >>> asked = Relation.read({"a": "Russia", "b": "CHN", "since": "2000"})
    >>> asked
    Relation(a='RUS', b='CHN', since=2000)
    >>> asked.written()
    {'a': 'RUS', 'b': 'CHN', 'since': '2000'}
    >>> Relation.read(asked.written()) == asked
    True
    """

    subject: ClassVar[str] = ""
    #: Keys that a command takes as words, in this order; the others are options.
    words: ClassVar[tuple[str, ...]] = ()
    #: What it asks: the help of its command and the description of its tool.
    about: ClassVar[str] = ""
    #: Commands that ask it.
    examples: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Names of the keys that the question takes."""
        return tuple(f.name for f in fields(cls))

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Make the question from texts or values by key; a value of None counts as not given.

        Raises
        ------
        UnknownNameError
            A key that the question does not take, or a state that is none.
        InputError
            A key that is required and missing, a value out of its bounds, or a period that ends before it begins.
        """
        names = cls.keys()
        for name in given:
            if name not in names:
                raise cls.unknown_key(name)
        values = {name: KEYS[name].read(value) for name, value in given.items() if value is not None}
        for f in fields(cls):
            if isinstance(values.get(f.name), date) and "date" not in str(f.type):
                raise InputError(f"{f.name}: {values[f.name]} is a day; a question on {cls.subject} takes a year")
        missing = [
            f.name
            for f in fields(cls)
            if f.name not in values and f.default is MISSING and f.default_factory is MISSING
        ]
        if missing:
            raise InputError(f"a question on {cls.subject} needs {', '.join(missing)}: {KEYS[missing[0]].meaning}")
        cls._check_period(values)
        return cls(**values)

    @classmethod
    def unknown_key(cls, name: str) -> UnknownNameError:
        """What every face says of a key that the question does not take; of a period, what to write instead."""
        names = cls.keys()
        error = unknown("key", name, names, where=f"a question on {cls.subject}")
        instead = [key for key in _INSTEAD.get(name, ()) if key in names]
        if not instead:
            return error
        return UnknownNameError(f"{error}; what it is asked of is given by {' and '.join(instead)}")

    @classmethod
    def _check_period(cls, values: Mapping[str, Any]) -> None:
        """Refuse a period that ends before it begins, and say which end is a default."""
        default = {f.name: f.default for f in fields(cls)}
        since = values.get("since", default.get("since"))
        if not isinstance(since, int | date):
            return
        for name in _ENDS:
            end = values.get(name, default.get(name))
            if not isinstance(end, int | date) or not _before(end, since):
                continue
            told = [
                f"{key} is {value}{' (the default)' if value == default[key] else ''}"
                for key, value in (("since", since), (name, end))
            ]
            give = f"a later {name}" if end == default[name] else "an earlier since"
            raise InputError(f"the period ends before it begins: {' and '.join(told)}; give {give}")

    def written(self) -> dict[str, str]:
        """The keys that differ from their defaults, as text, in a fixed order."""
        return {
            f.name: KEYS[f.name].write(value)
            for f in fields(self)
            if (value := getattr(self, f.name)) is not None and (f.default is MISSING or value != f.default)
        }

    @property
    def address(self) -> str:
        """The question as one line of text: ``relation?a=RUS&b=CHN&since=2000``."""
        given = self.written()
        return f"{self.subject}?{urlencode(given)}" if given else self.subject


def _before(end: int | date, since: int | date) -> bool:
    """Whether a year or day lies before another; a year and a day of it do not."""
    if isinstance(end, date) and isinstance(since, date):
        return end < since
    return (end.year if isinstance(end, date) else end) < (since.year if isinstance(since, date) else since)
