"""Pairs whose news departs from their own history, with a rate of false alarms that is measured on the history.

A month's events of a pair, of all events between states, are set against the pair's own months before. How large a
departure is rare is not taken from a formula, which heavy tails and echoes in the press would mock, but from the same
departures of all pairs in the months before: an alarm at 1 % is one that one in a hundred earlier months reached.
The rate is then measured: in months that did not set the bar, how many were alarms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tripoint.errors import CoverageError, InputError
from tripoint.events.columns import QUADS
from tripoint.events.series import CONFLICT, COOPERATION, covered_days, fullest, month_range, wilson

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]

#: Months before that a month is set against, and fewest of them with news covered.
WINDOW, FEWEST = 24, 12
#: Months at the end in which the rate of alarms is measured, and departures that a bar needs before them.
MEASURED, ENOUGH = 24, 300
#: Fewest events of a pair a month, on average over the window, for its share to mean something.
FEWEST_EVENTS = 5.0
#: Bars are set among pairs written about alike: by the root of ten of their events a month.
_CLASSES = (30.0, 300.0)
_MAD = 1.482602218505602
_WHOLE = 0.9


@dataclass(frozen=True, slots=True)
class Alarm:
    """A pair and month that departs from its history.

    ``what`` is conflict or cooperation; ``events`` were coded, ``expected`` would be at the usual share; ``score``
    is the departure in robust standard deviations; ``p_value`` the share of earlier departures as large.
    """

    state_a: str
    state_b: str
    month: date
    what: str
    direction: str
    events: int
    expected: float
    score: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Watch:
    """Alarms of a month, and how often such alarms are raised.

    ``rate`` is the share of pair-months that were alarms in the ``measured`` months before, with a 90 % interval;
    ``alpha`` is the rate asked for. ``watched`` series of pairs had news enough; of these ``expected`` alarms come
    without any reason.
    """

    source: str
    month: date
    alpha: float
    alarms: tuple[Alarm, ...]
    watched: int
    expected: float
    rate: float
    rate_low: float
    rate_high: float
    pair_months: int


def watch(
    evidence: Evidence,
    states: Sequence[str] = (),
    *,
    source: str = "",
    month: date | None = None,
    alpha: float = 0.01,
) -> Watch:
    """List pairs whose conflict or cooperation news of a month departs from their own history.

    Parameters
    ----------
    evidence
        The evidence.
    states
        Ids; pairs with one of them are listed, all when empty. The bar is always set on all pairs.
    source
        Catalog id; the one that covers most days when empty.
    month
        The month; the last that is covered almost whole when absent.
    alpha
        Share of pair-months without a reason that may be alarms (0-0.5).

    Raises
    ------
    InputError
        ``alpha`` is out of range.
    CoverageError
        There are too few months to set a bar on.
    """
    if not 0 < alpha < 0.5:
        raise InputError(f"alpha {alpha}: give a share between 0 and 0.5, such as 0.01")
    chosen = source or fullest(evidence)
    days = {m: d for m, d in covered_days(evidence, chosen).items() if d >= _WHOLE * 28}
    if not days:
        raise CoverageError("no month of coded news is in the store; run: tripoint events sync")
    last = month.replace(day=1) if month else max(days)
    if last not in days:
        raise CoverageError(f"{chosen} does not cover {last:%Y-%m}; it covers {min(days):%Y-%m} to {max(days):%Y-%m}")
    months = month_range(min(days), last)
    seen = np.array([m in days for m in months])
    found = [
        _judged(*_counts(evidence, chosen, months, kinds), seen, what, months, alpha)
        for what, kinds in (("conflict", CONFLICT), ("cooperation", COOPERATION))
    ]
    alarms = [a for part in found for a in part[0] if not states or {a.state_a, a.state_b} & set(states)]
    watched = sum(1 for part in found for pair in part[1] if not states or set(pair) & set(states))
    hits, trials = sum(part[2] for part in found), sum(part[3] for part in found)
    low, high = wilson(np.array([hits]), np.array([trials]))
    return Watch(
        chosen,
        last,
        alpha,
        tuple(sorted(alarms, key=lambda a: (a.p_value, -abs(a.score), a.state_a, a.state_b))),
        watched,
        alpha * watched,
        hits / trials if trials else float("nan"),
        float(low[0]),
        float(high[0]),
        trials,
    )


def departures(counts: NDArray[np.int64], totals: NDArray[np.int64], seen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """How far each month's share departs from the pair's own months before.

    Parameters
    ----------
    counts
        (d, t) events of ``d`` pairs in ``t`` months.
    totals
        (t,) events of all pairs.
    seen
        (t,) whether the month is covered.

    Returns
    -------
    tuple of arrays
        (d, t) departures in robust standard deviations, NaN where there is too little before; and (d, t) counts
        expected at the usual share.

    Notes
    -----
    On the root of the share (Anscombe 1948, doi:10.1093/biomet/35.3-4.246), against the median of the 24 months
    before, by their median absolute deviation or the deviation that chance alone would give, whichever is larger.
    """
    pairs, length = counts.shape
    score, expected = np.full((pairs, length), np.nan), np.full((pairs, length), np.nan)
    size = np.where(seen, np.maximum(totals, 1), 1)
    root = np.sqrt((counts + 0.375) / size)
    for t in range(FEWEST, length):
        before = np.flatnonzero(seen[max(0, t - WINDOW) : t]) + max(0, t - WINDOW)
        if not seen[t] or before.size < FEWEST:
            continue
        past = root[:, before]
        middle = np.median(past, axis=1)
        spread = _MAD * np.median(np.abs(past - middle[:, None]), axis=1)
        chance = 0.5 / np.sqrt(size[t])
        scale = np.maximum(spread, chance) * np.sqrt(1 + np.pi / 2 / before.size)
        enough = counts[:, before].mean(axis=1) >= FEWEST_EVENTS
        score[enough, t] = ((root[:, t] - middle) / scale)[enough]
        expected[:, t] = middle**2 * size[t]
    return score, expected


def p_values(score: Floats, kind: NDArray[np.int64], now: int) -> Floats:
    """Share of earlier departures of pairs of the same kind that are as large, either way.

    Parameters
    ----------
    score
        (d, t) departures.
    kind
        (d,) classes of pairs.
    now
        Place of the month; months before it are the history.

    Returns
    -------
    array
        (d,) ``(1 + earlier as large) / (1 + earlier)``; NaN with fewer than 300 earlier ones.
    """
    found = np.full(score.shape[0], np.nan)
    for one in np.unique(kind):
        rows = np.flatnonzero(kind == one)
        past = np.abs(score[rows, :now])
        history = np.sort(past[np.isfinite(past)])
        if history.size < ENOUGH:
            continue
        ranks = history.size - np.searchsorted(history, np.abs(score[rows, now]), side="left")
        found[rows] = np.where(np.isfinite(score[rows, now]), (1 + ranks) / (1 + history.size), np.nan)
    return found


def _judged(
    pairs: list[tuple[str, str]],
    counts: NDArray[np.int64],
    totals: NDArray[np.int64],
    seen: NDArray[np.bool_],
    what: str,
    months: Sequence[date],
    alpha: float,
) -> tuple[list[Alarm], list[tuple[str, str]], int, int]:
    """Alarms of the last month, the pairs that had news enough, and alarms and pair-months of the months before."""
    score, expected = departures(counts, totals, seen)
    kind = np.digitize(counts[:, seen].mean(axis=1), _CLASSES)
    now = len(months) - 1
    hits = trials = 0
    for t in range(max(now - MEASURED, FEWEST), now):
        p = p_values(score, kind, t)
        trials += int(np.isfinite(p).sum())
        hits += int((p <= alpha).sum())
    p = p_values(score, kind, now)
    if not np.isfinite(p).any() and not trials:
        raise CoverageError(
            f"{int(seen.sum())} months and {len(pairs)} pairs are too few to say what is rare; at least {ENOUGH} "
            f"pair-months after {FEWEST} months of history are needed"
        )
    alarms = [
        Alarm(
            *pairs[i],
            months[now],
            what,
            "more" if score[i, now] > 0 else "less",
            int(counts[i, now]),
            float(expected[i, now]),
            float(score[i, now]),
            float(p[i]),
        )
        for i in np.flatnonzero(p <= alpha)
    ]
    return alarms, [pairs[i] for i in np.flatnonzero(np.isfinite(p))], hits, trials


def _counts(
    evidence: Evidence, source: str, months: Sequence[date], kinds: Sequence[str]
) -> tuple[list[tuple[str, str]], NDArray[np.int64], NDArray[np.int64]]:
    """Pairs, (d, t) their events of some kinds by month, both directions together, and (t,) all events."""
    rows: pl.DataFrame = evidence.sql(
        "SELECT least(state_a, state_b) AS a, greatest(state_a, state_b) AS b, "
        "date_trunc('month', \"start\")::DATE AS month, "
        'sum("count") FILTER (list_contains(?::VARCHAR[], kind))::BIGINT AS n, sum("count")::BIGINT AS every '
        "FROM events WHERE source_id = ? AND list_contains(?::VARCHAR[], kind) GROUP BY ALL ORDER BY a, b, month",
        [list(kinds), source, list(QUADS.values())],
    )
    place = {m: t for t, m in enumerate(months)}
    totals = np.zeros(len(months), np.int64)
    index: dict[tuple[str, str], int] = {}
    cells: list[tuple[int, int, int]] = []
    for a, b, month, n, every in rows.iter_rows():
        if (t := place.get(month)) is None:
            continue
        totals[t] += every
        cells.append((index.setdefault((a, b), len(index)), t, n or 0))
    counts = np.zeros((len(index), len(months)), np.int64)
    for i, t, n in cells:
        counts[i, t] = n
    return list(index), counts, totals


def rate_sentence(found: Watch) -> str:
    """How far the list may be trusted, in a sentence or two."""
    listed = (
        f"{found.source}, {found.month:%Y-%m}: {len(found.alarms)} alarms among {found.watched:,} series watched, of "
        f"which about {found.expected:.1f} would come without any reason at the {found.alpha:.1%} asked for. "
    )
    if not found.pair_months:
        return listed + "The history is too short to measure the rate of alarms."
    return (
        listed + f"Measured on {found.pair_months:,} earlier pair-months that did not set the bar, {found.rate:.1%} "
        f"[{found.rate_low:.1%}, {found.rate_high:.1%}] were alarms."
    )


def rows_of(found: Watch) -> list[dict[str, Any]]:
    """One row an alarm, as they are printed."""
    return [
        {
            "month": a.month.strftime("%Y-%m"),
            "state_a": a.state_a,
            "state_b": a.state_b,
            "what": a.what,
            "direction": a.direction,
            "events": a.events,
            "expected": a.expected,
            "score": a.score,
            "p_value": a.p_value,
            "source_id": found.source,
        }
        for a in found.alarms
    ]
