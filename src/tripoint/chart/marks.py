"""The marks of knowledge: one mark and one word each, everywhere the same."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from tripoint.chart.theme import INK

_RING = f'<circle cx="8" cy="8" r="6.5" fill="none" stroke="{INK}" stroke-width="2"/>'
_DISC = f'<circle cx="8" cy="8" r="7" fill="{INK}"/>'

#: Word -> what is drawn in a field of 16 by 16.
_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "Found": _DISC,
        "Last known": f'{_RING}<path d="M8 1.5a6.5 6.5 0 0 0 0 13z" fill="{INK}"/>',
        "None found": _RING,
        "Searched in part": _RING.replace("/>", ' stroke-dasharray="3 2.1"/>'),
        "Not searched": f'<path d="M3 8h10" stroke="{INK}" stroke-width="2"/>',
        "Contested": f'<circle cx="5" cy="8" r="4.5" fill="{INK}"/>'
        f'<circle cx="11" cy="8" r="4" fill="#fff" stroke="{INK}" stroke-width="1.6"/>',
        "On record": _DISC,
        "Not on record": _RING,
    }
)
#: The five states of knowledge, in the order in which tables list them.
STATES = ("Found", "Last known", "None found", "Searched in part", "Not searched")


def mark(word: str) -> str:
    """SVG of a word's mark, empty for a word without one; hidden from screen readers, since the word follows.

    Examples
    --------
    >>> mark("None found").startswith("<svg")
    True
    >>> mark("Perhaps")
    ''
    """
    shape = _SHAPES.get(word)
    return f'<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">{shape}</svg>' if shape else ""


def marked(text: str) -> str:
    """HTML of a text, with the mark of the state of knowledge that it begins with, where it begins with one.

    Examples
    --------
    >>> marked("Foundation & more")
    'Foundation &amp; more'
    """
    for word in _SHAPES:
        if text.startswith(word) and not text[len(word) : len(word) + 1].isalnum():
            rest = escape(text[len(word) :])
            return f"{mark(word)}<b>{word}</b>{rest}" if rest else mark(word) + word
    return escape(text)
