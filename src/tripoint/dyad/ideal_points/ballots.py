"""Read and check the votes that a fit is asked for: any table of columns in, integer codes out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.dyad.ideal_points.bridge import chain_to_earliest
from tripoint.errors import InputError, did_you_mean

CHOICES = {1: "yes", 2: "abstain", 3: "no"}


@dataclass(frozen=True, slots=True)
class Ballots:
    """Votes as codes 0.., shape (votes,), with what the codes stand for and what was left out."""

    state: NDArray[np.int64]
    session: NDArray[np.int64]
    item: NDArray[np.int64]
    choice: NDArray[np.int8]
    states: NDArray[Any]
    sessions: NDArray[np.int64]
    items: NDArray[Any]
    set_aside: dict[str, int]

    def sha256(self) -> str:
        """Hash of the votes in order, with the states, sessions and items they name."""
        digest = hashlib.sha256()
        for codes in (self.state, self.session, self.item, self.choice):
            digest.update(np.ascontiguousarray(codes, dtype="<i8").tobytes())
        for names in (self.states, self.sessions, self.items):
            digest.update("\n".join(str(name) for name in names.tolist()).encode())
        return digest.hexdigest()


def read_ballots(
    votes: Any,
    *,
    subset: ArrayLike | None = None,
    sessions: Iterable[int] | None = None,
    bridges: Any = None,
) -> Ballots:
    """Check votes, apply subset and sessions, follow bridges, and drop what cannot inform.

    Parameters
    ----------
    votes
        Anything with the columns ``state``, ``session`` (or ``year``), ``item`` and ``choice`` by name: a polars or
        pandas frame, an Arrow table, a mapping of arrays. One row a vote.
    subset
        Item ids to use.
    sessions
        Sessions to use: a pair (first, last) or more numbers one by one; a range or a set.
    bridges
        Pairs (earlier item, later item): an array of shape (n, 2), an iterable of pairs, or a table whose columns
        are named ``rcid1`` and ``rcid2`` or ``earlier`` and ``later``.

    Raises
    ------
    InputError
        If columns are missing, choices are not 1, 2 or 3, a state votes twice on an item, or what is left has one
        state, one item or no variation.
    """
    state, session, item, choice = _columns(votes)
    keep = np.ones(len(state), dtype=bool)
    aside: dict[str, int] = {}
    if subset is not None:
        keep &= _set_aside(aside, "item not in subset", keep, _member(item, np.asarray(subset, dtype=object)))
    if sessions is not None:
        keep &= _set_aside(aside, "session not asked for", keep, _in_sessions(session, sessions))
    if not keep.any():
        raise InputError(f"none of {len(state)} votes is left after subset and sessions: {aside}")
    state, session, item, choice = state[keep], session[keep], item[keep], choice[keep]
    names, code = np.unique(item, return_inverse=True)
    _refuse_doubles(state, code, names)
    if bridges is not None:
        root = chain_to_earliest(names.tolist(), _pairs(bridges))
        rooted = np.array([root[i] for i in names.tolist()], dtype=object)
        rooted = rooted.astype(names.dtype) if names.dtype.kind in "iu" else rooted
        names, again = np.unique(rooted, return_inverse=True)
        code = again[code]
    low = np.full(len(names), 9, dtype=np.int8)
    high = np.zeros(len(names), dtype=np.int8)
    np.minimum.at(low, code, choice)
    np.maximum.at(high, code, choice)
    divided = (low < high)[code]
    _set_aside(aside, "item on which all chose alike", np.ones(len(code), dtype=bool), divided)
    return _finish(state[divided], session[divided], code[divided], choice[divided], names, aside, len(keep))


def _finish(
    state: NDArray[Any],
    session: NDArray[np.int64],
    code: NDArray[np.int64],
    choice: NDArray[np.int8],
    names: NDArray[Any],
    aside: dict[str, int],
    total: int,
) -> Ballots:
    if not len(state):
        raise InputError(
            f"no variation: on every item all states chose alike ({total} votes); positions need items that divide"
        )
    states, who = np.unique(state, return_inverse=True)
    numbers, when = np.unique(session, return_inverse=True)
    used, what = np.unique(code, return_inverse=True)
    if len(states) < 2:
        raise InputError(f"only one state votes ({states[0]}); positions are relative and need at least two")
    if len(used) < 2:
        raise InputError(f"only one item divides the states ({names[used[0]]}); a scale needs at least two")
    return Ballots(who, when, what, choice, states, numbers.astype(np.int64), names[used], aside)


def _column(votes: Any, name: str) -> NDArray[Any]:
    try:
        return np.asarray(votes[name])
    except Exception as error:
        columns = [str(c) for c in (votes.keys() if isinstance(votes, Mapping) else getattr(votes, "columns", ()))]
        raise InputError(
            f"votes have no column '{name}'{did_you_mean(name, columns)}; needed are state, session (or year), item "
            f"and choice, there are {columns}"
        ) from error


def _columns(votes: Any) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[Any], NDArray[np.int8]]:
    named = list(votes.keys() if isinstance(votes, Mapping) else getattr(votes, "columns", ()))
    when = "year" if "session" not in named and "year" in named else "session"
    state, session, item, choice = (_column(votes, name) for name in ("state", when, "item", "choice"))
    if not len(state):
        raise InputError("votes are empty")
    for name, column in (("state", state), ("item", item)):
        if column.dtype == object and any(v is None for v in column.tolist()):
            raise InputError(f"column '{name}' has missing values; drop those rows")
    try:
        number = np.asarray(session, dtype=np.float64)
        chosen = np.asarray(choice, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"'{when}' must be whole numbers and 'choice' 1 (yes), 2 (abstain) or 3 (no): {error}"
        ) from error
    if not np.array_equal(number, np.round(number)):
        raise InputError(f"column '{when}' has values that are not whole numbers")
    odd = ~np.isin(chosen, list(CHOICES))
    if odd.any():
        values = sorted({float(v) for v in chosen[odd]})[:5]
        raise InputError(
            f"{int(odd.sum())} votes have choices other than 1 (yes), 2 (abstain), 3 (no): {values}, first in row "
            f"{int(odd.argmax())}; leave out absences and non-members (8 and 9 in the UN voting files)"
        )
    state = state.astype(str).astype(object) if state.dtype.kind in "US" else state
    item = item.astype(str).astype(object) if item.dtype.kind in "US" else item
    return _plain(state), number.astype(np.int64), _plain(item), chosen.astype(np.int8)


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """Objects that are all text become fixed-width text, which sorts fast."""
    return values.astype(str) if values.dtype == object else values


def _set_aside(
    aside: dict[str, int], reason: str, now: NDArray[np.bool_], keep: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    lost = int((now & ~keep).sum())
    if lost:
        aside[reason] = lost
    return keep


def _member(item: NDArray[Any], wanted: NDArray[np.object_]) -> NDArray[np.bool_]:
    plain = np.array([str(w) for w in wanted]) if item.dtype.kind in "US" else wanted.astype(item.dtype)
    return np.asarray(np.isin(item, plain))


def _in_sessions(session: NDArray[np.int64], wanted: Iterable[int]) -> NDArray[np.bool_]:
    if isinstance(wanted, tuple) and len(wanted) == 2:
        return np.asarray((session >= wanted[0]) & (session <= wanted[1]))
    return np.asarray(np.isin(session, list(wanted)))


def _refuse_doubles(state: NDArray[Any], code: NDArray[np.int64], names: NDArray[Any]) -> None:
    who = np.unique(state, return_inverse=True)[1]
    key = np.sort(who.astype(np.int64) * len(names) + code)
    twice = np.flatnonzero(key[1:] == key[:-1])
    if len(twice):
        where, what = divmod(int(key[twice[0]]), len(names))
        raise InputError(
            f"{len(twice)} votes are doubled: state {np.unique(state)[where]} votes more than once on item "
            f"{names[what]}; give each roll call its own item id (bridges join identical ones)"
        )


def _pairs(bridges: Any) -> list[tuple[object, object]]:
    for first, second in (("rcid1", "rcid2"), ("earlier", "later")):
        try:
            a, b = np.asarray(bridges[first]).tolist(), np.asarray(bridges[second]).tolist()
        except Exception:  # noqa: S112 - not a table with these columns
            continue
        return list(zip(a, b, strict=True))
    pairs = [tuple(np.asarray(pair, dtype=object).tolist()) for pair in bridges]
    bad = next((pair for pair in pairs if len(pair) != 2), None)
    if bad is not None:
        raise InputError(f"bridges must be pairs (earlier item, later item); got {bad!r}")
    return [(pair[0], pair[1]) for pair in pairs]
