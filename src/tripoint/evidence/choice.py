"""Which source speaks for a kind of record, by a table that stands in one place: ``evidence/choice.toml``.

Sources of one kind differ in what they cover and how. A measure that takes the first that comes would change with the
names of sources; so the order is data, with its reasons, and a source that the table does not know comes last and is
named. No measure names a source itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tripoint.errors import CoverageError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Choice:
    """The source that speaks, and why.

    Attributes
    ----------
    source
        Id of the source; empty where none has anything.
    because
        Why this one, in words.
    passed_over
        Sources that have something too, in the order in which they would have been asked.
    unlisted
        Those among all of them that the table of choice does not know.
    """

    source: str
    because: str
    passed_over: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether any source speaks."""
        return bool(self.source)

    @property
    def words(self) -> str:
        """The choice in one sentence."""
        if not self.source:
            return "no source has anything"
        others = f"; not used: {', '.join(self.passed_over)}" if self.passed_over else ""
        unlisted = f"; not in the table of choice: {', '.join(self.unlisted)}" if self.unlisted else ""
        return f"{self.source} speaks: {self.because}{others}{unlisted}"


@dataclass(frozen=True, slots=True)
class _Place:
    source: str
    whole: bool
    because: str
    fitted: bool


def listed(kind: str, *, fitted: bool = False) -> tuple[str, ...]:
    """Sources of a kind in the order in which they are asked.

    ``fitted``: only those with which the parameters of fitted measures were estimated.
    """
    return tuple(p.source for p in _places(kind) if p.fitted or not fitted)


def reference(kind: str) -> str:
    """The first source of a kind that is about all states of its time: what a measure of all pairs rests on.

    Raises
    ------
    CoverageError
        Where the table of choice has none.
    """
    for place in _places(kind):
        if place.whole:
            return place.source
    raise CoverageError(f"no source of '{kind}' in the table of choice is about all states; see evidence/choice.toml")


def ranked(kind: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Some sources in the order in which they are asked; those that the table does not know last, by name."""
    order = {source: place for place, source in enumerate(listed(kind))}
    return tuple(sorted(set(sources), key=lambda s: (order.get(s, len(order)), s)))


def unlisted(kind: str, source: str) -> bool:
    """Whether the table of choice has an order for a kind, and a source is not in it."""
    known = listed(kind)
    return bool(known) and source not in known


def choose(kind: str, sources: Iterable[str]) -> Choice:
    """Choose the source that speaks for a kind among those that have something.

    Parameters
    ----------
    kind
        Kind of record.
    sources
        Ids of the sources that have something for the states and the period asked about.

    Examples
    --------
    >>> choose("gdp", ["wb-gdp", "my-gdp"]).source
    'wb-gdp'
    """
    order = ranked(kind, sources)
    if not order:
        return Choice("", "")
    why = {p.source: p.because for p in _places(kind)}
    because = why.get(order[0], "no source that the table of choice lists has any; this one it does not know")
    return Choice(order[0], because, order[1:], tuple(s for s in order if s not in why))


def choose_fullest(kind: str, fullness: Mapping[str, float]) -> Choice:
    """Choose the source that has most for a kind; the table's order settles ties.

    Parameters
    ----------
    kind
        Kind of record.
    fullness
        How much each source has: what counts is in the table of choice, such as roll calls on which both voted.
    """
    if not fullness:
        return Choice("", "")
    first = choose(kind, fullness)
    most = max(fullness.values())
    source = next(s for s in (first.source, *first.passed_over) if fullness[s] == most)
    if len(fullness) == 1 or (source == first.source and list(fullness.values()).count(most) > 1):
        return first
    others = tuple(s for s in (first.source, *first.passed_over) if s != source)
    return Choice(source, f"it {fuller(kind)}", others, first.unlisted)


def advised(kind: str) -> str:
    """The source to load first for a kind: the one that the table advises, otherwise the one about all states."""
    return str(_table().get(kind, {}).get("advised") or reference(kind))


def only_whether(kind: str) -> tuple[str, ...]:
    """Sources of a kind that say only whether there was any, and not how much."""
    return tuple(row["id"] for row in _table().get(kind, {}).get("sources", ()) if row.get("whether"))


def fuller(kind: str) -> str:
    """What makes a source of a kind the fuller one, in words."""
    return str(_table().get(kind, _table()["default"])["fuller"])


def compiled(source: str) -> bool:
    """Whether a source was put together by hand; its rows come after those of whole data sets."""
    return source in _table()["default"]["compiled"]


def by_hand(rows: pl.DataFrame) -> pl.Series:
    """Which rows come from a source that was put together by hand."""
    import polars as pl

    return pl.Series([compiled(s) for s in rows["source_id"]], dtype=pl.Boolean)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("tripoint.evidence") / "choice.toml").read_text("utf-8"))


@cache
def _places(kind: str) -> tuple[_Place, ...]:
    rows = _table().get(kind, {}).get("sources", ())
    return tuple(_Place(row["id"], row["whole"], row["because"], row.get("fitted", True)) for row in rows)
