"""Names of states as data sets write them, brought to one form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Cyrillic letters drawn like Latin ones. Both sides of every comparison are folded, so that a Russian name is
# found with Latin letters in it, and an English name with Cyrillic ones.
_LOOK_ALIKES = str.maketrans("авекмнорстухіјѕ", "abekmhopctyxijs")
# Styles that tell no two states apart. "Democratic Republic of" does, so it is spelled out in the table.
_STYLES = frozenset(
    ("republic", "republic of", "rep of", "islamic republic of", "federal democratic republic of", "kingdom of")
)
# Styles before a name, in the order in which a formal name is tried without them; a formal name that stands in the
# table (Republic of Korea, Republic of China) is found there first.
_LEADING = re.compile(
    r"^(?:islamic |federative |federal |plurinational |bolivarian |socialist )?"
    r"(?:republic|kingdom|state|sultanate|principality|grand duchy|commonwealth|union) of "
)
_NOT_A_WORD = re.compile(r"[^\w]+")


@lru_cache(maxsize=8192)
def skeleton(name: str) -> str:
    """Fold case, accents, punctuation, articles and look-alike letters of two alphabets.

    Examples
    --------
    >>> skeleton("Côte d’Ivoire") == skeleton("COTE D'IVOIRE")
    True
    >>> skeleton("Bosnia & Herzegovina")
    'bosnia and herzegovina'
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LOOK_ALIKES)
    plain = re.sub(r"['’‘`ʻ.]", "", plain.replace("&", " and "))
    words = _NOT_A_WORD.sub(" ", plain).split()
    return " ".join(w for w in words if w != "the")


def readings(name: str) -> tuple[str, ...]:
    """Return the forms under which ``name`` may stand in the table, likeliest first.

    ``Korea, Republic of`` is also read as ``Republic of Korea``; ``Poland, Republic of`` and ``Republic of Poland`` are
    also read as ``Poland``.
    """
    first = skeleton(name)
    head, comma, tail = name.rpartition(",")
    if not comma:
        bare = _LEADING.sub("", first)
        return (first, bare) if bare != first else (first,)
    turned = skeleton(f"{tail} {head}")
    return (first, turned, skeleton(head)) if skeleton(tail) in _STYLES else (first, turned)
