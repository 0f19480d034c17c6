"""Tension: claims, rivalry, disputes, fighting, sanctions and hostile acts between two states, year by year.

Tension is kept apart from cooperation: a pair can be high on both. Each component runs from 0 to 1 and is null
in a year that no source covers: only a source that covers the pair completely can say 0. The aggregate is a
weighted mean of the components with evidence, with stated weights (:data:`COMPONENTS`), where they have half of
the weight at least, and its interval is the range over leaving out each component in turn: it shows what hangs on
one component, not sampling error. A mean over other components than the year before says nothing of a rise or a
fall: such years are marked, and the trend rests on components that are covered in every year of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.dyad.hostile_news import HostileNews, build_hostile_news
from tripoint.dyad.pair import two_states
from tripoint.dyad.pair_years import Floats, PairYears, canonical
from tripoint.errors import InputError
from tripoint.evidence.coverage import Status, coverage_of, joint_status

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: Years over which the trend is fitted.
TREND_YEARS = 5
#: Share of the weights that must have evidence for an aggregate.
LEAST_SHARE = 0.5
#: Deaths in a clash from which it counts as much as a clash can.
_DEADLY = 1000.0
#: Level of a clash with no known deaths, and of the scale on top of it.
_CLASH = 0.5


@dataclass(frozen=True, slots=True)
class Component:
    """A component of tension: what it is made of, and its weight in the aggregate."""

    name: str
    kinds: tuple[str, ...]
    weight: float
    scale: str
    build: Callable[[PairYears], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Tension:
    """Tension of one pair over ``t`` years.

    Attributes
    ----------
    years
        (t,).
    components
        By name, (t,) level [0-1]; NaN where not covered.
    level
        (t,) weighted mean of the components with evidence [0-1]; NaN where they have less than ``LEAST_SHARE``.
    low, high
        (t,) its range over leaving out each component with evidence; NaN where fewer than two have.
    weight_seen
        (t,) share of the weights that the components with evidence have [0-1]: how much of the question was answered.
    break_before
        (t,) what the mean of the year gains and loses in components against the year before; None where nothing.
    trend, trend_low, trend_high
        (t,) slope over the last ``TREND_YEARS`` years of the mean of the components covered in all of them [a year],
        and its range over leaving out each of those; NaN where they have less than ``LEAST_SHARE`` of the weights.
    trend_on
        (t,) the components on which the trend rests; none where it is NaN.
    news
        Coded news of the pair; beside the level, not in it.
    searched
        By component, how far it was searched over the whole period.
    evidence_hash
        The evidence it rests on.
    """

    state_a: str
    state_b: str
    years: NDArray[np.int64]
    components: Mapping[str, Floats]
    level: Floats
    low: Floats
    high: Floats
    weight_seen: Floats
    break_before: tuple[str | None, ...]
    trend: Floats
    trend_low: Floats
    trend_high: Floats
    trend_on: tuple[tuple[str, ...], ...]
    news: HostileNews
    searched: Mapping[str, Status]
    evidence_hash: str

    def frame(self) -> pl.DataFrame:
        """One row a year, components as columns; null where not covered."""
        import polars as pl

        columns = {
            "state_a": [self.state_a] * self.years.size,
            "state_b": [self.state_b] * self.years.size,
            "year": self.years,
            "tension": self.level,
            "low": self.low,
            "high": self.high,
            "weight_seen": self.weight_seen,
            "break_before": list(self.break_before),
            "trend": self.trend,
            "trend_low": self.trend_low,
            "trend_high": self.trend_high,
            "trend_on": list(self.trend_on),
            **self.components,
            "hostile_news": self.news.share,
            "news_events": self.news.events,
            "news_days": self.news.days,
        }
        schema: dict[str, pl.DataType | type[pl.DataType]] = {"break_before": pl.String, "trend_on": pl.List(pl.String)}
        return pl.DataFrame(columns, schema_overrides=schema).fill_nan(None)


def build_tension(evidence: Evidence, a: str, b: str, *, start: int = 1990, end: int | None = None) -> Tension:
    """Measure tension between two states.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b
        Names, codes or ids of two states; their order does not matter.
    start, end
        First and last year; ``end`` is the last year that any source of the components covers when absent.

    Raises
    ------
    UnknownNameError
        For a name that is no state.
    NotInSystemError
        For a state that exists in none of the years.
    InputError
        When both are the same state, or the period is empty.
    """
    last = end if end is not None else _last_year(evidence)
    heads = canonical(two_states(a, b, start, last))
    cells = PairYears(evidence, heads, start, last)
    components = {c.name: c.build(cells)[0] for c in COMPONENTS.values()}
    stacked = np.stack(list(components.values()))
    weights = np.array([c.weight for c in COMPONENTS.values()])
    level, low, high, seen = aggregate(stacked, weights)
    slope, slope_low, slope_high, basis = trend(stacked, weights)
    names = list(components)
    return Tension(
        state_a=heads[0],
        state_b=heads[1],
        years=cells.years,
        components=components,
        level=level,
        low=low,
        high=high,
        weight_seen=seen,
        break_before=composition_breaks(components, level),
        trend=slope,
        trend_low=slope_low,
        trend_high=slope_high,
        trend_on=tuple(tuple(n for n, use in zip(names, column, strict=True) if use) for column in basis.T),
        news=build_hostile_news(evidence, [states.lineage(s) for s in heads], cells.years),
        searched=_searched(cells, components),
        evidence_hash=evidence.hash,
    )


def aggregate(components: Floats, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Weighted mean over components with evidence, its range over leaving each out, and the share of weight seen.

    Parameters
    ----------
    components
        (k, t) levels [0-1], NaN where not covered.
    weights
        (k,) weights > 0.

    Returns
    -------
    tuple
        (t,) mean, low, high, and share of the weights seen.
    """
    known = np.isfinite(components)
    heavy = known * weights[:, None]
    total = heavy.sum(axis=0)
    values = np.where(known, components, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.where(total > 0, (heavy * values).sum(axis=0) / total, np.nan)
        rest = total - heavy
        left = np.where(known & (rest > 1e-12), ((heavy * values).sum(axis=0) - heavy * values) / rest, np.nan)
    share = total / weights.sum()
    level = np.where(share >= LEAST_SHARE - 1e-12, level, np.nan)
    enough = (known.sum(axis=0) >= 2) & np.isfinite(level)
    low = np.where(enough, np.nanmin(np.where(enough, left, 0.0), axis=0), np.nan)
    high = np.where(enough, np.nanmax(np.where(enough, left, 0.0), axis=0), np.nan)
    return level, np.minimum(low, level), np.maximum(high, level), share


def trend(components: Floats, weights: Floats) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Least-squares slope over the last ``TREND_YEARS`` years of the mean of components covered in every one of them.

    Parameters
    ----------
    components
        (k, t) levels [0-1], NaN where not covered.
    weights
        (k,) weights > 0.

    Returns
    -------
    tuple
        (t,) slope [a year], and its lowest and highest when one of the components is left out; (k, t) whether the
        component is in it. NaN in the first years, and where the components have less than ``LEAST_SHARE`` of the
        weights; no range of a single component.
    """
    k, t = components.shape
    slope, low, high = (np.full(t, np.nan) for _ in range(3))
    used = np.zeros((k, t), dtype=bool)
    for last in range(TREND_YEARS - 1, t):
        window = components[:, last - TREND_YEARS + 1 : last + 1]
        whole = np.isfinite(window).all(axis=1)
        if weights[whole].sum() < LEAST_SHARE * weights.sum() - 1e-12:
            continue
        used[:, last] = whole
        slope[last] = _slope(window[whole], weights[whole])
        rest = [whole & (np.arange(k) != out) for out in np.flatnonzero(whole)]
        left = [_slope(window[keep], weights[keep]) for keep in rest if keep.any()]
        if left:
            low[last], high[last] = min(*left, slope[last]), max(*left, slope[last])
    return slope, low, high, used


def _slope(levels: Floats, weights: Floats) -> float:
    mean = weights @ levels / weights.sum()
    return float(np.round(np.polyfit(np.arange(mean.size), mean, 1)[0], 12)) + 0.0


def composition_breaks(components: Mapping[str, Floats], level: Floats) -> tuple[str | None, ...]:
    """What the mean of each year gains and loses in components against the last mean before; None where nothing."""
    found: list[str | None] = []
    before: set[str] | None = None
    for t in range(level.size):
        now = {name for name, values in components.items() if np.isfinite(values[t])}
        if not np.isfinite(level[t]):
            found.append(None)
            continue
        gained, lost = (
            [n for n in components if n in one - other] for one, other in ((now, before or now), (before or now, now))
        )
        words = [f"with {', '.join(gained)}"] * bool(gained) + [f"without {', '.join(lost)}"] * bool(lost)
        found.append("; ".join(words) or None)
        before = now
    return tuple(found)


def _last_year(evidence: Evidence) -> int:
    kinds = sorted({k for c in COMPONENTS.values() for k in c.kinds})
    last = evidence.sql('SELECT max("end") AS d FROM coverage WHERE list_contains(?::VARCHAR[], kind)', [kinds])["d"][0]
    if last is None:
        raise InputError("no source in the evidence covers any component of tension")
    return int(last.year)


def _searched(cells: PairYears, components: Mapping[str, Floats]) -> dict[str, Status]:
    coverage, days = coverage_of(cells.evidence), (date(cells.start, 1, 1), date(cells.end, 12, 31))
    out = {}
    for c in COMPONENTS.values():
        some = bool((components[c.name] > 0).any())
        parts = [coverage.searched(kind, cells.states, *days).status for kind in c.kinds]
        out[c.name] = "found" if some else joint_status(parts)
    return out


def _claims(cells: PairYears) -> Floats:
    """A claim to land counts whole, to waters or a river half."""
    parts = [(cells.held(k), w) for k, w in (("territorial claim", 1.0), ("maritime claim", 0.5), ("river claim", 0.5))]
    found = np.fmax.reduce([np.where(held > 0, w, np.nan) for held, w in parts])
    none = np.all([held == 0 for held, _ in parts], axis=0)
    return np.where(np.isnan(found) & none, 0.0, found)


def _war(cells: PairYears) -> Floats:
    """A minor armed conflict (UCDP intensity 1, below 1,000 deaths a year) is half a war."""
    return np.fmax(cells.held("war"), cells.held("armed conflict", level=2.0))


def _clashes(cells: PairYears) -> Floats:
    out = cells.empty()
    out[cells.complete("clash")] = 0.0
    for pair, first, last, deaths in cells.facts("clash").select("pair", "first", "last", "value").iter_rows():
        height = _CLASH + (1 - _CLASH) * min(np.log1p(deaths or 0.0) / np.log1p(_DEADLY), 1.0)
        years = out[pair, first - cells.start : last - cells.start + 1]
        np.fmax(years, height, out=years)
    return out


#: Components and their weights. Force weighs most, then what it is about, then pressure short of it.
COMPONENTS: Mapping[str, Component] = {
    c.name: c
    for c in (
        Component("war", ("war", "armed conflict"), 3.0, "1 war, 0.5 minor armed conflict", _war),
        Component("clashes", ("clash",), 1.0, "0.5, up to 1 at 1,000 deaths", _clashes),
        Component("disputes", ("dispute",), 2.0, "hostility over 5", lambda c: c.held("dispute", level=5.0)),
        Component(
            "rivalry",
            ("rivalry",),
            2.0,
            "1 coded rivals, for five years after coding ends",
            lambda c: c.held("rivalry"),
        ),
        Component(
            "claims", ("territorial claim", "maritime claim", "river claim"), 1.0, "1 to land, 0.5 to waters", _claims
        ),
        Component("sanctions", ("sanction",), 1.0, "1 sanctions either way", lambda c: c.held("sanction")),
    )
}
