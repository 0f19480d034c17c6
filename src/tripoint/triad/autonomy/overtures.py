"""Is an overture lasting? Each component of a state's ties to a pole, year by year, put to the shift test.

A series comes from one source throughout, so that a change of source cannot pass for a change of policy. Counts
of events are used only where the source says that a year without an entry had none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.dyad.lasting import Lasting, fit_lasting
from tripoint.errors import CoverageError, InputError
from tripoint.evidence.choice import choose_fullest, ranked
from tripoint.evidence.coverage import coverage_of
from tripoint.evidence.roll_calls import KIND
from tripoint.numerics.resample import holm
from tripoint.triad.ties.domains import pi_with, vote_weights
from tripoint.triad.ties.poles import Pole, resolve_poles
from tripoint.triad.ties.record import Gathered, gather

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]

#: Kinds of event counted a year.
COUNTED = ("joint exercise", "visit")
#: Kinds of flow shared a year.
SHARED = {"arms": "arms deliveries", "trade": "goods trade"}
#: Fewest yearly values on which a change is tested.
FEWEST_YEARS = 8
#: Probability that the years given for a date that was searched for hold.
DATES_HELD = 0.9
#: Values before the date that are averaged for comparison.
BEFORE = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One component toward one pole, by year.

    Attributes
    ----------
    component, pole
        What, toward whom.
    years, values, error_var
        (n,) years, values (NaN where the source is silent) and variances of measurement error.
    unit, source
        Unit, and the one source.
    facts
        Facts counted.
    """

    component: str
    pole: str
    years: tuple[int, ...]
    values: Floats
    error_var: Floats
    unit: str
    source: str
    facts: int


@dataclass(frozen=True, slots=True)
class Overture:
    """A component toward a pole, and whether its change at the date is lasting.

    Attributes
    ----------
    series
        The component.
    start
        First year from the date on that has a value; the most probable year where the date was searched for.
    since, until
        First and last of the fewest years that hold 90 % of the probability of the date, given that there was a
        change; ``start`` twice where the date was named.
    before, after
        Mean of the last five values before it, and of the values since.
    observed_after
        Values since.
    test
        The change test at ``start``; its verdict rests on the p-value corrected by the plain Bonferroni rule.
    p_adjusted
        The p-value corrected by Holm's rule over all components.
    """

    series: Series
    start: int
    since: int
    until: int
    before: float
    after: float
    observed_after: int
    test: Lasting
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Overtures:
    """What a date changed, component by component, and the components that could not be tested, with the reason."""

    state: str
    date: int | None
    tested: tuple[Overture, ...]
    untested: tuple[tuple[str, str, str], ...]
    draws: int
    seed: int
    evidence_hash: str


def fit_overtures(
    evidence: Evidence,
    state: str,
    poles: Mapping[str, Sequence[str]],
    date: int | None,
    *,
    since: int = 1992,
    until: int = 2025,
    draws: int = 999,
    seed: int = 0,
) -> Overtures:
    """Test each component toward each pole for a lasting change that begins in the year ``date``, or in any year.

    Parameters
    ----------
    evidence, state, poles
        As in :func:`tripoint.triad.autonomy.on_record.build_autonomy`.
    date
        Year in which the overture began; None searches all years, and the p-values are those of the largest
        statistic over all of them in series without a change.
    since, until
        Years of the series.
    draws, seed
        Series without a change to simulate, and their seed. P-values are corrected for the number of components.

    Raises
    ------
    InputError
        A date outside the years.
    CoverageError
        When no component has enough yearly values around the date.
    """
    if date is not None and not since < date <= until:
        raise InputError(f"date {date} must lie after {since} and not after {until}")
    at = until if date is None else date
    subject = states.find(states.find(state, year=at).id).id
    resolved, _ = resolve_poles(poles, subject, at)
    series, untested = [], []
    for item in yearly_series(evidence, subject, resolved, since, until):
        reason = _cannot(item, date)
        if reason:
            untested.append((item.component, item.pole, reason))
        else:
            series.append(item)
    if not series:
        why = "; ".join(f"{c} toward {p}: {r}" for c, p, r in untested)
        when = "for a change in any year" if date is None else f"at {date}"
        raise CoverageError(f"no component of {subject} can be tested {when} ({why}); load more sources")
    tested = _test(series, date, max(draws, 20 * len(series)), seed)
    return Overtures(subject, date, tested, tuple(untested), draws, seed, evidence.hash)


def _test(series: Sequence[Series], date: int | None, draws: int, seed: int) -> tuple[Overture, ...]:
    """Fit every series at its first value from the date on, or at all; p-values by Holm's rule over all series."""
    fits = [
        fit_lasting(
            s.values,
            date=None if date is None else _start(s, date),
            error_var=s.error_var,
            series_count=len(series),
            draws=draws,
            seed=seed + k,
        )
        for k, s in enumerate(series)
    ]
    adjusted = holm([fit.p_value for fit in fits])
    return tuple(_overture(s, fit, float(p)) for s, fit, p in zip(series, fits, adjusted, strict=True))


def _overture(item: Series, fit: Lasting, p_adjusted: float) -> Overture:
    at = int(np.argmax(fit.date_weight))
    order = np.argsort(-fit.date_weight, kind="stable")
    enough = int(np.searchsorted(np.cumsum(fit.date_weight[order]), DATES_HELD)) + 1
    held = order[:enough]
    earlier = item.values[:at][np.isfinite(item.values[:at])]
    return Overture(
        item,
        item.years[at],
        item.years[int(held.min())],
        item.years[int(held.max())],
        float(earlier[-BEFORE:].mean()),
        float(np.nanmean(item.values[at:])),
        int(np.isfinite(item.values[at:]).sum()),
        fit,
        p_adjusted,
    )


def _start(item: Series, date: int) -> int:
    """Place of the first value from the date on, at most a year later; -1 where there is none."""
    years = np.array(item.years)
    at = np.flatnonzero(np.isfinite(item.values) & (years >= date) & (years <= date + 1))
    return int(at[0]) if at.size else -1


def _cannot(item: Series, date: int | None) -> str:
    """Why a series cannot be tested at a date, or at any; empty where it can."""
    known = np.isfinite(item.values)
    years = np.array(item.years)
    if not known.any():
        return "no source records every year" if not item.source else f"{item.source} has nothing in these years"
    if date is not None and _start(item, date) < 0:
        return f"{item.source} has no value for {date} or {date + 1}; the last is for {years[known].max()}"
    if known.sum() < FEWEST_YEARS or (date is not None and not known[years < date].any()):
        return f"{int(known.sum())} yearly values, at least {FEWEST_YEARS} are needed"
    if np.ptp(item.values[known]) == 0:
        return f"the same value, {item.values[known][0]:g}, in every year"
    return ""


def yearly_series(
    evidence: Evidence, subject: str, poles: Sequence[Pole], since: int, until: int, *, draws: int = 200
) -> tuple[Series, ...]:
    """Every component toward every pole, year by year.

    ``votes`` Scott's pi [-1..+1] of the year with the members, mean; ``arms`` and ``trade`` shares [0-1] of the
    year; ``joint exercise`` and ``visit`` counts. ``draws`` resamplings of roll calls give the error of ``votes``.
    """
    g = gather(evidence, subject, poles, since, until)
    found = []
    for k, pole in enumerate(poles):
        found.append(_vote_series(g, pole, since, until, draws))
        found += [_share_series(g, k, name, since, until) for name in SHARED]
        found += [_count_series(evidence, g, pole, kind, since, until) for kind in COUNTED]
    return tuple(found)


def _vote_series(g: Gathered, pole: Pole, since: int, until: int, draws: int) -> Series:
    import polars as pl

    years = range(since, until + 1)
    values, errors = np.full(len(years), np.nan), np.zeros(len(years))
    for k, year in enumerate(years):
        votes = g.votes.filter(pl.col("year") == year)
        if votes.is_empty():
            continue
        weights = vote_weights(votes, draws, seed=year)
        own = votes["own"].to_numpy()
        each = np.array([pi_with(own, votes[m].cast(pl.Float64).to_numpy(), weights) for m in pole.members])
        have = np.isfinite(each[:, 0])
        if have.any():
            mean = np.nanmean(each[have], axis=0)
            values[k], errors[k] = mean[0], float(np.nanvar(mean[1:]))
    sources = ranked(KIND, g.votes["source_id"].unique())
    return Series("votes", pole.name, tuple(years), values, errors, "[-1..+1]", ", ".join(sources), int(g.votes.height))


def _share_series(g: Gathered, place: int, name: str, since: int, until: int) -> Series:
    import polars as pl

    own, years = list(states.lineage(g.state)), range(since, until + 1)
    rows = g.flows.filter(
        (pl.col("kind") == SHARED[name]) & (pl.col("start").dt.year() == pl.col("end").dt.year())
    ).with_columns(pl.col("start").dt.year().alias("year"))
    rows = rows.filter(pl.col("state_b").is_in(own)) if name == "arms" else rows
    whole = coverage_of(g.evidence).with_all(SHARED[name], g.state, date.min, date.max)
    rows = rows.filter(pl.col("source_id").is_in(list(whole)))
    values = np.full(len(years), np.nan)
    counts = (
        rows.filter(pl.col("year").is_between(since, until))
        .group_by("source_id")
        .agg(pl.col("year").n_unique().alias("years"), pl.col("partner").n_unique().alias("partners"))
    )
    years_of = dict(counts.filter(pl.col("partners") > 1).select("source_id", "years").iter_rows())
    source = choose_fullest(SHARED[name], years_of).source
    used = rows.filter(pl.col("source_id") == source)
    sums = used.group_by("year").agg(
        pl.col("value").sum().alias("whole"), pl.col("value").filter(pl.col("pole") == place).sum().alias("here")
    )
    for row in sums.iter_rows(named=True):
        if since <= row["year"] <= until and row["whole"] > 0:
            values[row["year"] - since] = row["here"] / row["whole"]
    zero = np.zeros(len(years))
    return Series(name, g.poles[place].name, tuple(years), values, zero, "[0-1]", source, used.height)


def _count_series(evidence: Evidence, g: Gathered, pole: Pole, kind: str, since: int, until: int) -> Series:

    own, years = set(states.lineage(g.state)), range(since, until + 1)
    cover: dict[str, set[int]] = {}
    lines = [coverage_of(evidence).of(kind, (g.state, member)) for member in pole.members]
    for line in set(lines[0]).intersection(*lines[1:]):
        if line.complete:
            span = range(max(since, line.start.year), min(until, line.end.year) + 1)
            cover.setdefault(line.source_id, set()).update(span)
    source = choose_fullest(kind, {s: len(years_of) for s, years_of in cover.items()}).source
    values = np.full(len(years), np.nan)
    zero = np.zeros(len(years))
    if not source:
        return Series(kind, pole.name, tuple(years), values, zero, "[a year]", "", 0)
    facts = evidence.sql(
        """
        SELECT year("start") AS year, sum(coalesce(count, 1))::DOUBLE AS n, count(*) AS facts FROM events
        WHERE kind = ? AND source_id = ? AND (
          (list_contains(?::VARCHAR[], state_a) AND list_contains(?::VARCHAR[], state_b))
          OR (list_contains(?::VARCHAR[], state_b) AND list_contains(?::VARCHAR[], state_a)))
        GROUP BY 1
        """,
        [kind, source, list(own), list(pole.ids), list(own), list(pole.ids)],
    )
    counted = dict(zip(facts["year"], facts["n"], strict=True))
    for year in cover[source]:
        values[year - since] = counted.get(year, 0.0)
    return Series(kind, pole.name, tuple(years), values, zero, "[a year]", source, int(facts["facts"].sum() or 0))
