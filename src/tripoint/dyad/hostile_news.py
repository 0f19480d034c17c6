"""Machine-coded news of two states: what share of it is conflict, in years in which enough days were loaded.

Counts of coded news follow how much is written, by whom and about whom, and retell clashes and sanctions that have
components of their own: the share stands beside the tension of a pair and does not enter it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint.evidence.choice import choose_fullest

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]

#: Kinds of coded news: hostile, and all.
HOSTILE = ("verbal conflict news", "material conflict news")
NEWS = ("verbal cooperation news", "material cooperation news", *HOSTILE)
#: Kind whose coverage says which days a source has loaded: all four kinds come from the same files.
_COVERED = "material conflict news"
#: Days of a year that a source must have loaded, and events between the two, for a share to stand for the year.
FEWEST_DAYS = 300
FEWEST_EVENTS = 20


@dataclass(frozen=True, slots=True, eq=False)
class HostileNews:
    """Coded news of a pair over ``t`` years, each year from the source with most days loaded.

    Attributes
    ----------
    share
        (t,) share of coded events that are conflict [0-1]; NaN with fewer than ``FEWEST_DAYS`` days loaded, or fewer
        than ``FEWEST_EVENTS`` events.
    events
        (t,) coded events between the two, either way.
    days
        (t,) days of the year that are loaded; 0 where no source of news is.
    sources
        Ids of the sources used.
    """

    share: Floats
    events: NDArray[np.int64]
    days: NDArray[np.int64]
    sources: tuple[str, ...]


def build_hostile_news(evidence: Evidence, sides: Sequence[Sequence[str]], years: NDArray[np.int64]) -> HostileNews:
    """Count coded news between two states, each given by its ids, in some consecutive years."""
    loaded = _days(evidence, years)
    hostile, events = np.zeros(years.size), np.zeros(years.size, dtype=np.int64)
    rows = evidence.sql(
        'SELECT source_id, year("start")::INT AS year, kind, sum("count")::BIGINT AS n FROM events '
        "WHERE list_contains(?::VARCHAR[], kind) AND ((list_contains(?::VARCHAR[], state_a) AND "
        "list_contains(?::VARCHAR[], state_b)) OR (list_contains(?::VARCHAR[], state_a) AND "
        'list_contains(?::VARCHAR[], state_b))) AND year("start") BETWEEN ? AND ? GROUP BY ALL',
        [list(NEWS), *map(list, (*sides, *reversed(sides))), int(years[0]), int(years[-1])],
    )
    best = {
        int(year): choose_fullest(_COVERED, {source: days[t] for source, days in loaded.items()}).source
        for t, year in enumerate(years)
        if any(days[t] for days in loaded.values())
    }
    for source, year, kind, n in rows.iter_rows():
        if best.get(year) == source:
            events[year - years[0]] += n
            hostile[year - years[0]] += n if kind in HOSTILE else 0
    days = np.array([loaded[best[int(y)]][t] if int(y) in best else 0 for t, y in enumerate(years)], dtype=np.int64)
    enough = (days >= FEWEST_DAYS) & (events >= FEWEST_EVENTS)
    share = np.where(enough, hostile / np.maximum(events, 1), np.nan)
    return HostileNews(share, events, days, tuple(sorted(set(best.values()))))


def _days(evidence: Evidence, years: NDArray[np.int64]) -> dict[str, list[int]]:
    """How many days of each year each source has loaded."""
    coverage = evidence.sql('SELECT DISTINCT source_id, "start", "end" FROM coverage WHERE kind = ?', [_COVERED])
    found: dict[str, list[int]] = {}
    for source, part in coverage.group_by("source_id"):
        spans = sorted(part.select("start", "end").iter_rows())
        found[str(source[0])] = [_in_year(spans, int(year)) for year in years]
    return found


def _in_year(spans: Sequence[tuple[date, date]], year: int) -> int:
    """Days of the year in any of the spans, which may overlap; sorted by their start."""
    day, total = date(year, 1, 1), 0
    for start, end in spans:
        first, last = max(start, day), min(end, date(year, 12, 31))
        if last >= first:
            total += (last - first).days + 1
            day = last + timedelta(days=1)
    return total
