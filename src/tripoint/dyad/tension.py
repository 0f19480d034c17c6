"""Tension: how likely a militarized dispute is within a year, and rivalry, with the quarrels on record beside them.

Both are chances: that a dispute begins within a year, by a logit trained on all pairs to the end of the coding of
disputes (:mod:`tripoint.dyad.relation.risk`), and that the two stand at rivalry or worse
(:mod:`tripoint.dyad.relation`). They are comparable over years and pairs and have a value wherever anything is
observed: no mean is taken over components that come and go. The components run from 0 to 1 and are null in a year that
no source covers: only a source that covers the pair completely can say 0.
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

#: Deaths in a clash from which it counts as much as a clash can.
_DEADLY = 1000.0
#: Level of a clash with no known deaths, and of the scale on top of it.
_CLASH = 0.5


@dataclass(frozen=True, slots=True)
class Component:
    """A quarrel on record: what it is made of, and its scale."""

    name: str
    kinds: tuple[str, ...]
    scale: str
    build: Callable[[PairYears], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Tension:
    """Tension of one pair over ``t`` years.

    Attributes
    ----------
    years
        (t,).
    risk
        (t,) chance that a militarized dispute begins within a year [0-1]; NaN where nothing is observed.
    rivalry
        (t,) chance that the two stand at rivalry or worse [0-1]; NaN where nothing is observed.
    newest
        (t,) year of the newest evidence behind them; 0 where there is none.
    causes
        What each group of indicators adds to the log odds of a dispute in the last year with a value; with
        ``base`` they sum to it. Empty where estimates that ship with the package were read.
    components
        By name, (t,) level [0-1]; NaN where not covered.
    news
        Coded news of the pair; beside the chances, not in them.
    searched
        By component, how far it was searched over the whole period.
    shipped
        Whether the chances are estimates that ship with the package.
    evidence_hash
        The evidence it rests on.
    """

    state_a: str
    state_b: str
    years: NDArray[np.int64]
    risk: Floats
    rivalry: Floats
    newest: NDArray[np.int64]
    causes: Mapping[str, float]
    components: Mapping[str, Floats]
    news: HostileNews
    searched: Mapping[str, Status]
    shipped: bool
    evidence_hash: str

    def frame(self) -> pl.DataFrame:
        """One row a year, components as columns; null where not covered."""
        import polars as pl

        columns = {
            "state_a": [self.state_a] * self.years.size,
            "state_b": [self.state_b] * self.years.size,
            "year": self.years,
            "risk": self.risk,
            "rivalry_chance": self.rivalry,
            "newest": self.newest,
            **self.components,
            "hostile_news": self.news.share,
            "news_events": self.news.events,
            "news_days": self.news.days,
        }
        return pl.DataFrame(columns).fill_nan(None)


def build_tension(evidence: Evidence, a: str, b: str, *, start: int = 1990, end: int | None = None) -> Tension:
    """Measure tension between two states.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b
        Names, codes or ids of two states; their order does not matter.
    start, end
        First and last year; ``end`` is the last year that any source of the indicators covers when absent.

    Raises
    ------
    UnknownNameError
        For a name that is no state.
    NotInSystemError
        For a state that exists in none of the years.
    InputError
        When both are the same state, or the period is empty.

    Notes
    -----
    The risk is of any militarized dispute, threats included, as the Correlates of War project codes them to 2014.
    Do not read it as a risk of war.
    """
    from tripoint.dyad.relation import fit_relation

    if end is not None and end < start:
        raise InputError(f"years {start}-{end} end before they begin")
    pair = two_states(a, b, start, end if end is not None else start + 1)
    fit = fit_relation(evidence, pair)
    first, last = max(start, int(fit.years[0])), int(fit.years[-1]) if end is None else end
    heads = canonical(two_states(a, b, start, last))
    cells = PairYears(evidence, heads, first, last)
    components = {c.name: c.build(cells)[0] for c in COMPONENTS.values()}
    risk, rival, newest = (np.full(cells.years.size, v) for v in (np.nan, np.nan, 0))
    for k, year in enumerate(cells.years):
        if fit.years[0] <= year <= fit.years[-1]:
            t = fit.column(int(year))
            risk[k], newest[k] = fit.risk[0, t], fit.newest[0, t]
            rival[k] = min(fit.chances[0, t, :3].sum(), 1.0)
    known = np.flatnonzero(np.isfinite(risk))
    return Tension(
        state_a=heads[0],
        state_b=heads[1],
        years=cells.years,
        risk=risk,
        rivalry=rival,
        newest=newest.astype(np.int64),
        causes=fit.causes(heads[0], heads[1], int(cells.years[known[-1]])) if known.size else {},
        components=components,
        news=build_hostile_news(evidence, [states.lineage(s) for s in heads], cells.years),
        searched=_searched(cells, components),
        shipped=fit.shipped,
        evidence_hash=evidence.hash,
    )


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


#: The quarrels on record that are shown beside the chances.
COMPONENTS: Mapping[str, Component] = {
    c.name: c
    for c in (
        Component("war", ("war", "armed conflict"), "1 war, 0.5 minor armed conflict", _war),
        Component("clashes", ("clash",), "0.5, up to 1 at 1,000 deaths", _clashes),
        Component("disputes", ("dispute",), "hostility over 5", lambda c: c.held("dispute", level=5.0)),
        Component(
            "rivalry", ("rivalry",), "1 coded rivals, for five years after coding ends", lambda c: c.held("rivalry")
        ),
        Component(
            "claims", ("territorial claim", "maritime claim", "river claim"), "1 to land, 0.5 to waters", _claims
        ),
        Component("sanctions", ("sanction",), "1 sanctions either way", lambda c: c.held("sanction")),
    )
}
