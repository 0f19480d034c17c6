"""Which votes to use: any agenda subset, and the published series' own rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError

#: Rules of the published series (correlates-of-war codes): session without real votes, a state of two votes, ...
PUBLISHED_DROPPED_SESSION = 19
PUBLISHED_DROPPED_STATE = 511
PUBLISHED_DROPPED_STATE_SESSION = (560, 48)
PUBLISHED_LAST_YEAR_WITH_PARAGRAPHS = 1989
_YES_TO_NO = (1, 2, 3)


def published_votes(
    state: ArrayLike, session: ArrayLike, year: ArrayLike, choice: ArrayLike, paragraph: ArrayLike, amendment: ArrayLike
) -> NDArray[np.bool_]:
    """Say which votes the published series rests on (before unanimous items are dropped, which fitting does).

    Dropped are: anything but yes, abstain and no; votes on paragraphs and amendments after 1989; session 19;
    Zanzibar (511); South Africa (560) in session 48.

    Parameters
    ----------
    state
        COW codes, shape (votes,).
    session, year, choice
        Shape (votes,).
    paragraph, amendment
        1 where the item is a vote on a paragraph or an amendment; 0 or missing otherwise, shape (votes,).

    Returns
    -------
    array of bool, shape (votes,)

    References
    ----------
    Bailey, Strezhnev and Voeten (2017), Journal of Conflict Resolution 61:430, doi 10.1177/0022002715595700.
    """
    who = np.asarray(state)
    when = np.asarray(session)
    part = (_flag(paragraph) | _flag(amendment)) & (np.asarray(year) > PUBLISHED_LAST_YEAR_WITH_PARAGRAPHS)
    odd_state, odd_session = PUBLISHED_DROPPED_STATE_SESSION
    keep = np.isin(np.asarray(choice), _YES_TO_NO) & (when != PUBLISHED_DROPPED_SESSION)
    keep &= (who != PUBLISHED_DROPPED_STATE) & ~((who == odd_state) & (when == odd_session)) & ~part
    return np.asarray(keep)


def _flag(values: ArrayLike) -> NDArray[np.bool_]:
    return np.asarray(np.asarray(values, dtype=float) == 1.0)


def agenda(
    item: ArrayLike,
    *,
    title: Sequence[str | None] | None = None,
    words: Sequence[str] = (),
    issues: Sequence[ArrayLike] = (),
    important: ArrayLike | None = None,
    emergency: ArrayLike | None = None,
) -> NDArray[np.object_]:
    """Return the ids of the items that belong to an agenda, for ``fit_ideal_points(subset=...)``.

    Parameters
    ----------
    item
        Item ids, shape (items,).
    title, words
        Keep items whose title has one of the words (whole words, any case; a trailing ``*`` matches any ending).
    issues
        Flags per item, each of shape (items,): keep items with any of them (the six issue codes, say).
    important
        Flag per item: keep these only.
    emergency
        Flag per item: leave these out (emergency special sessions).

    Raises
    ------
    InputError
        If lengths differ, words come without titles, or nothing is left.
    """
    ids = np.asarray(item, dtype=object)
    keep = np.ones(len(ids), dtype=bool)
    columns = [("important", important), ("emergency", emergency), *(("issues", flag) for flag in issues)]
    for name, flag in columns:
        if flag is not None and len(np.asarray(flag)) != len(ids):
            raise InputError(f"{name} has {len(np.asarray(flag))} entries for {len(ids)} items")
    if words:
        if title is None or len(title) != len(ids):
            raise InputError(f"words={list(words)!r} need one title per item ({len(ids)})")
        pattern = _word_pattern(words)
        keep &= np.array([bool(pattern.search(text or "")) for text in title], dtype=bool)
    if issues:
        keep &= np.any([_flag(flag) for flag in issues], axis=0)
    if important is not None:
        keep &= _flag(important)
    if emergency is not None:
        keep &= ~_flag(emergency)
    if not keep.any():
        raise InputError(f"no item is left of {len(ids)}: loosen words, issues or important")
    return np.asarray(ids[keep])


def _word_pattern(words: Sequence[str]) -> re.Pattern[str]:
    parts = [re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w) for w in words]
    return re.compile(r"\b(?:" + "|".join(parts) + r")\b", re.IGNORECASE)
