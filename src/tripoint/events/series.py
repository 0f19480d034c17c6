"""News of two states as series that can be compared over years.

What is written grows, and what is written about a pair grows with it: levels say little. Each month is therefore set
against the whole (the pair's share of all coded events between states in the month) and against itself (the share of
the pair's events that is conflict). Repeats of one article were counted once before. What stays is the language and
the interest of the press: a source that reads mostly English sees little of what the two write of each other, and
two sources are compared by their changes, never by their levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tripoint.errors import CoverageError
from tripoint.events.columns import QUADS
from tripoint.evidence.choice import choose_fullest

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COOPERATION, CONFLICT = tuple(QUADS[q] for q in (1, 2)), tuple(QUADS[q] for q in (3, 4))
#: Two-sided 90 %.
_Z = 1.6448536269514722


@dataclass(frozen=True, slots=True, eq=False)
class NewsSeries:
    """Coded news between two states over ``t`` months, both directions together, from one source.

    Attributes
    ----------
    months
        First days of the months, from the first covered to the last.
    covered
        (t,) share of the month's days that the source covers [0-1]; numbers of a month with none are NaN or 0.
    events, cooperation, conflict
        (t,) events, and those in each two of the quad classes.
    share
        (t,) events of the pair of all events between states in the month [0-1].
    conflict_share, low, high
        (t,) conflict among the pair's events [0-1], with a 90 % Wilson interval, which knows of no mistakes of coding.
    intensity
        (t,) mean score on the source's scale.
    fact_ids
        Facts that the series rests on.
    """

    state_a: str
    state_b: str
    source: str
    months: tuple[date, ...]
    covered: Floats
    events: Ints
    cooperation: Ints
    conflict: Ints
    share: Floats
    conflict_share: Floats
    low: Floats
    high: Floats
    intensity: Floats
    fact_ids: tuple[str, ...]

    def rows(self) -> list[dict[str, Any]]:
        """One row a month, as they are printed."""
        return [
            {
                "month": month.strftime("%Y-%m"),
                "state_a": self.state_a,
                "state_b": self.state_b,
                "source_id": self.source,
                "covered": _plain(self.covered[t]),
                "events": int(self.events[t]) if self.covered[t] else None,
                "cooperation": int(self.cooperation[t]) if self.covered[t] else None,
                "conflict": int(self.conflict[t]) if self.covered[t] else None,
                "share": _plain(self.share[t]),
                "conflict_share": _plain(self.conflict_share[t]),
                "low": _plain(self.low[t]),
                "high": _plain(self.high[t]),
                "intensity": _plain(self.intensity[t]),
            }
            for t, month in enumerate(self.months)
        ]


def build_series(
    evidence: Evidence, a: Sequence[str], b: Sequence[str], *, source: str = "", since: date | None = None
) -> NewsSeries:
    """Build the monthly series of a pair from the facts of one source.

    Parameters
    ----------
    evidence
        The evidence.
    a, b
        Ids of the two, each with those of its predecessors if wanted; the first names it.
    source
        Catalog id; the one that covers most days when empty.
    since
        First month.

    Raises
    ------
    CoverageError
        No source of coded news covers any month.
    """
    chosen = source or fullest(evidence)
    days = covered_days(evidence, chosen)
    months = [m for m in sorted(days) if since is None or m >= since.replace(day=1)]
    if not months:
        raise CoverageError(
            f"no month of coded news{f' from {chosen}' if chosen else ''} is in the store; "
            "run: tripoint events sync gdelt --since 2015-02-18, or tripoint events import"
        )
    span = month_range(months[0], months[-1])
    place = {month: t for t, month in enumerate(span)}
    rows = _pair_rows(evidence, chosen, a, b)
    cooperation, conflict = np.zeros(len(span), np.int64), np.zeros(len(span), np.int64)
    weight, weighted = np.zeros(len(span)), np.zeros(len(span))
    ids = []
    for fact_id, month, kind, count, intensity in rows.iter_rows():
        if (t := place.get(month)) is None:
            continue
        ids.append(fact_id)
        (cooperation if kind in COOPERATION else conflict)[t] += count
        if intensity is not None:
            weight[t] += count
            weighted[t] += count * intensity
    total = np.zeros(len(span), np.int64)
    for month, n in _totals(evidence, chosen).iter_rows():
        if month in place:
            total[place[month]] += n
    events = cooperation + conflict
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, events / total, np.nan)
        conflict_share = np.where(events > 0, conflict / events, np.nan)
        intensity = np.where(weight > 0, weighted / weight, np.nan)
    low, high = wilson(conflict, events)
    covered = np.array([days.get(m, 0) / _length(m) for m in span])
    return NewsSeries(
        a[0], b[0], chosen, tuple(span), covered, events, cooperation, conflict, share, conflict_share, low, high,
        intensity, tuple(ids),
    )  # fmt: skip


def wilson(hits: Ints, trials: Ints) -> tuple[Floats, Floats]:
    """Interval of a share at 90 % (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    Parameters
    ----------
    hits, trials
        (n,) successes and trials.

    Returns
    -------
    tuple of arrays
        (n,) lower and upper ends [0-1]; NaN where there is no trial.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        p = hits / trials
        middle = (p + _Z**2 / (2 * trials)) / (1 + _Z**2 / trials)
        half = _Z / (1 + _Z**2 / trials) * np.sqrt(p * (1 - p) / trials + _Z**2 / (4 * trials**2))
    none = trials == 0
    return np.where(none, np.nan, np.clip(middle - half, 0, 1)), np.where(none, np.nan, np.clip(middle + half, 0, 1))


def month_range(first: date, last: date) -> list[date]:
    """First days of the months from one to another."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return [date((start + i) // 12, (start + i) % 12 + 1, 1) for i in range(count)]


def fullest(evidence: Evidence) -> str:
    """The source of coded news that covers most days; empty where none does."""
    rows = evidence.sql(
        'SELECT source_id, sum("end" - "start" + 1) AS days FROM (SELECT DISTINCT source_id, "start", "end" '
        "FROM coverage WHERE kind = ?) GROUP BY source_id",
        [QUADS[4]],
    )
    return choose_fullest(QUADS[4], dict(rows.iter_rows())).source


def covered_days(evidence: Evidence, source: str) -> dict[date, int]:
    """Days that a source covers, by month."""
    spans = evidence.sql(
        'SELECT DISTINCT "start", "end" FROM coverage WHERE kind = ? AND source_id = ? ORDER BY "start", "end"',
        [QUADS[4], source],
    )
    found: dict[date, int] = {}
    after = date.min
    for start, end in spans.iter_rows():
        for month in month_range(max(start, after), end) if end >= max(start, after) else []:
            first = max(start, after, month)
            last = min(end, month.replace(day=_length(month)))
            found[month] = found.get(month, 0) + (last - first).days + 1
        after = max(after, date.fromordinal(end.toordinal() + 1))
    return found


def _pair_rows(evidence: Evidence, source: str, a: Sequence[str], b: Sequence[str]) -> pl.DataFrame:
    return evidence.sql(
        'SELECT fact_id, date_trunc(\'month\', "start")::DATE AS month, kind, "count", intensity FROM events '
        "WHERE source_id = ? AND list_contains(?::VARCHAR[], kind) AND "
        "((list_contains(?::VARCHAR[], state_a) AND list_contains(?::VARCHAR[], state_b)) OR "
        "(list_contains(?::VARCHAR[], state_a) AND list_contains(?::VARCHAR[], state_b))) ORDER BY fact_id",
        [source, list(QUADS.values()), list(a), list(b), list(b), list(a)],
    )


def _totals(evidence: Evidence, source: str) -> pl.DataFrame:
    return evidence.sql(
        'SELECT date_trunc(\'month\', "start")::DATE AS month, sum("count")::BIGINT FROM events WHERE source_id = ? '
        "AND list_contains(?::VARCHAR[], kind) GROUP BY month",
        [source, list(QUADS.values())],
    )


def _length(month: date) -> int:
    return (date(month.year + month.month // 12, month.month % 12 + 1, 1) - month).days


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
