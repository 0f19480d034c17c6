"""The states that a text names, by any of their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from tripoint.errors import InputError, UnknownNameError
from tripoint.states.lookup import find
from tripoint.states.names import skeleton
from tripoint.states.timeline import bearers

#: Words of the longest names that are looked for, and words of a text that are read.
_LONGEST, _WORDS = 6, 400
#: Letters of abbreviations, which are names in capitals only.
_SHORT = 3
_EDGES = "?!.,;:()[]\"“”'’"


def named_in(text: str, year: int | date | None = None) -> tuple[str, ...]:
    """States that a text names, in its order, each once; the longest name counts (Papua New Guinea is not Guinea).

    Parameters
    ----------
    text
        Any text; its first 400 words are read.
    year
        Year or day of the text, so that a name means its bearer of then; None takes the present bearer.

    Returns
    -------
    tuple of str
        Ids. Codes (``RUS``), ``us`` in small letters and adjectives (``Israeli``) are no names.

    Examples
    --------
    >>> named_in("Humanitarian consequences of the aggression against Ukraine", 2022)
    ('UKR',)
    >>> named_in("Embargo imposed by the United States of America against Cuba", 1995)
    ('USA', 'CUB')
    """
    names = bearers("name")

    def named(words: str) -> str | None:
        if skeleton(words) not in names:
            return None
        try:
            return find(words, year, system="name").id
        except (UnknownNameError, InputError):
            return None

    return scan(text, named)


def scan(text: str, named: Callable[[str], str | None]) -> tuple[str, ...]:
    """Ids that ``named`` finds in a text, the longest run of words first.

    Parameters
    ----------
    text
        Any text; its first 400 words are read.
    named
        The id that a run of words stands for, or None.

    Returns
    -------
    tuple of str
        Ids in the order of the text, each once.
    """
    words = [word.strip(_EDGES) for word in re.split(r"[\s\-–—/]+", text)][:_WORDS]
    found: list[str] = []
    k = 0
    while k < len(words):
        for size in range(min(_LONGEST, len(words) - k), 0, -1):
            run = " ".join(words[k : k + size]).removesuffix("'s").removesuffix("’s")
            if (len(run) > _SHORT or run.isupper()) and (state := named(run)):
                found.append(state)
                k += size - 1
                break
        k += 1
    return tuple(dict.fromkeys(found))
