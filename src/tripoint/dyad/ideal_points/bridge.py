"""Identical resolutions: items that come back are one item, which ties the sessions to one scale.

A list of pairs (earlier item, later item) is followed down to the earliest item of each chain, as Bailey,
Strezhnev and Voeten (2017, doi 10.1177/0022002715595700) do with their hand-made list of identical texts. Where no
list exists, ``recurring_items`` proposes pairs from titles that come back, kept only if the states voted
alike: a title may recur over a changed text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError

_SUFFIX = re.compile(r"\s*:\s*(draft\s+)?(resolution|decision)\b.*$", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[^a-z]+")
MIN_COMMON = 20
MIN_AGREEMENT = 0.95


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A pair of items under one title.

    Attributes
    ----------
    earlier, later
        Item ids.
    title
        The title both carry, normalized.
    agreement
        Share of the states voting on both that chose alike [0-1].
    common
        Number of states voting on both.
    """

    earlier: object
    later: object
    title: str
    agreement: float
    common: int


def chain_to_earliest(items: Sequence[object], pairs: Iterable[tuple[object, object]]) -> dict[object, object]:
    """Map each item to the first item of its chain.

    Parameters
    ----------
    items
        Items that occur in the votes.
    pairs
        (earlier, later) ids. Chains (1-2, 2-3) are followed; where a later item has several earlier ones, the
        smallest is taken. Pairs with an item outside ``items`` still carry a chain across the absence.

    Returns
    -------
    dict
        Item -> id of the earliest item of its chain (itself where it has no pair).

    Raises
    ------
    InputError
        If the pairs run in a circle.
    """
    before: dict[object, object] = {}
    for earlier, later in pairs:
        if later not in before or _sort_key(earlier) < _sort_key(before[later]):
            before[later] = earlier
    out = {}
    for item in items:
        seen = {item}
        root = item
        while root in before:
            root = before[root]
            if root in seen:
                raise InputError(
                    f"bridges run in a circle through item {root!r}; each pair must be (earlier item, later item)"
                )
            seen.add(root)
        out[item] = root
    return out


def _sort_key(item: object) -> tuple[int, float, str]:
    if isinstance(item, int | float | np.integer | np.floating):
        return (0, float(item), "")
    return (1, 0.0, str(item))


def normalize_title(title: str | None) -> str:
    """Lower case, letters only, without ``: resolution / adopted by ...``; empty for None."""
    return _NOT_LETTERS.sub(" ", _SUFFIX.sub("", title or "").casefold()).strip()


def recurring_items(
    item: ArrayLike,
    session: ArrayLike,
    title: Sequence[str | None],
    ballots: Mapping[object, Mapping[object, int]],
    *,
    after: float | None = None,
    max_gap: int = 1,
    min_agreement: float = MIN_AGREEMENT,
    min_common: int = MIN_COMMON,
) -> list[Recurrence]:
    """Propose identical resolutions from titles that come back.

    Parameters
    ----------
    item, session, title
        One entry per item, shape (items,). Titles are compared as ``normalize_title`` gives them; a title that several
        items of one session carry (paragraph votes) is ambiguous there and left alone.
    ballots
        Item -> state -> choice (1, 2, 3).
    after
        Propose only pairs whose later item belongs to a session beyond this one.
    max_gap
        Sessions that may lie between; the nearest earlier occurrence is taken.
    min_agreement, min_common
        Keep a pair if at least this share [0-1] of at least this many states voting on both chose alike.

    Returns
    -------
    list of Recurrence
        In order of the later item's session.
    """
    items = np.asarray(item, dtype=object)
    sessions = np.asarray(session)
    if not len(items) == len(sessions) == len(title):
        raise InputError(f"item, session and title differ in length: {len(items)}, {len(sessions)}, {len(title)}")
    where: dict[tuple[str, float], list[object]] = {}
    for i, s, text in zip(items, sessions, title, strict=True):
        name = normalize_title(text)
        if name:
            where.setdefault((name, float(s)), []).append(i)
    found = []
    for (name, s), here in sorted(where.items(), key=lambda kv: (kv[0][1], kv[0][0])):
        if len(here) != 1 or (after is not None and s <= after):
            continue
        for gap in range(1, max_gap + 1):
            there = where.get((name, s - gap), [])
            if not there:
                continue
            if len(there) == 1:
                share, common = _agreement(ballots.get(there[0], {}), ballots.get(here[0], {}))
                if common >= min_common and share >= min_agreement:
                    found.append(Recurrence(there[0], here[0], name, share, common))
            break
    return found


def _agreement(a: Mapping[object, int], b: Mapping[object, int]) -> tuple[float, int]:
    both = a.keys() & b.keys()
    if not both:
        return 0.0, 0
    return sum(a[s] == b[s] for s in both) / len(both), len(both)


def ballots_of(state: ArrayLike, item: ArrayLike, choice: ArrayLike) -> dict[object, dict[object, int]]:
    """Gather votes, one entry per vote, into item -> state -> choice."""
    out: dict[object, dict[object, int]] = {}
    rows: NDArray[np.object_]
    for rows in np.column_stack([np.asarray(x, dtype=object) for x in (item, state, choice)]):
        out.setdefault(rows[0], {})[rows[1]] = int(rows[2])
    return out
