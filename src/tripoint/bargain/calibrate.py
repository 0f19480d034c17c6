"""Rates and priors from evidence: what the front's own record says about battles, and what war costs.

The one module of the package that reads evidence. Area held over time becomes battles won and lost (see
:mod:`tripoint.bargain.battles`) and these a posterior for A's chance in one battle, in the form that
:func:`tripoint.bargain.war.solve_war` takes as ``prior``, and a rate in km2 a month. No result is a single number:
every one has an interval, and :attr:`Calibration.variants` shows how it moves with the prior, the length of a
battle, the period, the producer and the treatment of runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint import states
from tripoint.bargain.battles import (
    DAYS_PER_MONTH,
    Battles,
    Estimate,
    Steps,
    count_battles,
    fit_chance,
    fit_rate,
    posterior,
    step_areas,
)
from tripoint.bargain.demands import AreaSeries, Position, Range
from tripoint.errors import CoverageError, InputError
from tripoint.evidence.citing import edition_of
from tripoint.evidence.query import NAMED

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Priors of the sensitivity table: nothing known, Jeffreys, and one that needs persuading.
PRIORS: Mapping[str, tuple[float, float]] = {"even": (1.0, 1.0), "Jeffreys": (0.5, 0.5), "skeptical": (10.0, 10.0)}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of reading the record: what was changed, and what came out."""

    varied: str
    value: str
    battles: Battles
    chance: Estimate
    rate: Estimate | None


@dataclass(frozen=True, slots=True)
class Covariate:
    """Something that moves what war costs: its values over the years on record, never one alone."""

    name: str
    unit: str
    first: int
    last: int
    low: float
    middle: float
    high: float
    values: int
    fact_ids: tuple[str, ...] = field(repr=False)
    origins: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the evidence says about a war.

    Attributes
    ----------
    a, b, place
        Who gains when the area grows, the other, and the place whose area it is.
    first, last
        Days of the first and last value.
    days, still
        Length of a battle, and change below which the front stood still [km2].
    battles, chance, rate
        The reading with the even prior: count, A's chance in one battle, km2 a month that A gains.
    prior
        The posterior's (alpha, beta), for ``prior=`` of the war functions.
    variants
        Sensitivity, the first row being the reading itself.
    chance_range, rate_range
        Least and most of the intervals of all variants.
    covariates
        Of the cost of war: ratios of spending and capability, burdens, aid.
    evidence_hash
        Of the evidence in use.
    """

    a: str
    b: str
    place: str
    first: dt.date
    last: dt.date
    days: int
    still: float
    battles: Battles
    chance: Estimate
    rate: Estimate | None
    prior: tuple[float, float]
    variants: tuple[Variant, ...]
    chance_range: tuple[float, float]
    rate_range: tuple[float, float] | None
    covariates: tuple[Covariate, ...]
    fact_ids: tuple[str, ...] = field(repr=False)
    origins: tuple[str, ...] = field(repr=False)
    evidence_hash: str = ""


# ---- reading


def read_areas(evidence: Evidence, a: str, b: str, *, until: dt.date | None = None) -> tuple[AreaSeries, ...]:
    """Read the areas that A holds of B and its regions, one series a place and producer."""
    rows = evidence.sql(
        "SELECT * FROM attributes WHERE kind = 'area held' AND state = ? AND unit = 'km2' "
        'AND (place = ? OR starts_with(place, ?)) AND "start" <= ? ORDER BY place, "start", fact_id',
        [a, b, b + "/", until or dt.date.max],
    ).to_dicts()
    groups: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
    for row in rows:
        points = groups.setdefault((row["place"], row["origin"] or row["source_id"]), [])
        end = min(row["end"], until or row["end"])
        # a month is taken at its middle; longer periods are held from the first day to the last
        days = [row["start"], end] if row["precision"] == "day" else [row["start"] + (end - row["start"]) / 2]
        points += [(float(d.toordinal()), float(row["value"]), row["fact_id"]) for d in dict.fromkeys(days)]
    series = []
    for (place, origin), points in sorted(groups.items()):
        kept = sorted({p[0]: p for p in points}.values())
        table = np.array([p[:2] for p in kept])
        series.append(AreaSeries(place, origin, table[:, 0], table[:, 1], tuple(p[2] for p in kept)))
    have = {(s.place, s.origin) for s in series}
    return tuple(s for s in series if (s.place, edition_of(s.origin)) not in have)


def read_positions(evidence: Evidence, a: str, b: str, *, until: dt.date | None = None) -> tuple[Position, ...]:
    """Read both sides' stated war aims that have a value, in order of date; reports of anonymous sources are left out.

    Raises
    ------
    CoverageError
        Where the evidence has none by one of them: a contest has two sides that speak.
    """
    rows = evidence.sql(
        "SELECT * FROM positions WHERE kind = 'war aim' AND list_contains(?::VARCHAR[], state) AND value IS NOT NULL "
        f'AND {NAMED} AND "date" <= ? ORDER BY "date", fact_id',
        [[a, b], until or dt.date.max],
    ).to_dicts()
    silent = [side for side in (a, b) if side not in {row["state"] for row in rows}]
    if silent:
        known = evidence.sql("SELECT DISTINCT state FROM positions WHERE kind = 'war aim' ORDER BY state")["state"]
        raise CoverageError(
            f"no stated war aims of {' or '.join(silent)} in the evidence; "
            f"it has those of {', '.join(known) or 'no state'}"
        )
    return tuple(
        Position(
            state=row["state"],
            item=row["item"],
            date=row["date"],
            choice=row["choice"],
            title=row["title"] or "",
            value=float(row["value"]),
            fact_id=row["fact_id"],
            origin=row["origin"] or row["source_id"],
        )
        for row in rows
    )


def read_sources(evidence: Evidence, keys: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Look up documents and data sets by key, numbered from 1 in the order given."""
    known = {row["id"]: row for row in evidence.sql("SELECT * FROM sources").to_dicts()}
    rows = (known.get(key, {"id": key, "citation": key}) for key in dict.fromkeys(keys))
    return tuple({"number": i, **row} for i, row in enumerate(rows, start=1))


# ---- calibrating


def rate_of(series: Sequence[AreaSeries], *, days: int = 30) -> Range | None:
    """Rate of one place as (low, middle, high) [km2 a month], by the producer with the most steps; or None."""
    if not series:
        return None
    got = fit_rate(max((step_areas([one], days=days) for one in series), key=lambda s: len(s.change)))
    return None if got is None else (got.low, got.mean, got.high)


def _between(series: Sequence[AreaSeries], since: float) -> list[AreaSeries]:
    kept = []
    for one in series:
        keep = one.days >= since
        if keep.sum() > 1:
            ids = tuple(i for i, k in zip(one.fact_ids, keep, strict=True) if k)
            kept.append(replace(one, days=one.days[keep], area=one.area[keep], fact_ids=ids))
    return kept


def _variants(series: Sequence[AreaSeries], days: int, still: float) -> tuple[Variant, ...]:
    base = step_areas(series, days=days)
    rows: list[Variant] = []

    def add(varied: str, value: str, steps: Steps, prior: str = "even", independent: bool = False) -> None:
        if len(steps.change):
            got = count_battles(steps, still=still)
            chance = fit_chance(got, prior=PRIORS[prior], independent=independent)
            rows.append(Variant(varied, value, got, chance, fit_rate(steps, still=still)))

    add("reading", f"even prior, {days} days, runs cut", base)
    for prior in list(PRIORS)[1:]:
        add("prior", f"{prior} {PRIORS[prior]}", base, prior)
    add("runs", "months taken as independent", base, independent=True)
    for length in (n for n in (30, 90, 180) if n != days):
        add("battle", f"{length} days", step_areas(series, days=length))
    last = max(float(s.days[-1]) for s in series)
    for months in (12, 24):
        recent = _between(series, last - months * DAYS_PER_MONTH)
        if recent:
            add("period", f"last {months} months of the record", step_areas(recent, days=days))
    producers = [s for s in series if len(s.days) > 1]
    for one in producers if len(producers) > 1 else []:
        add("producer", one.origin, step_areas([one], days=days))
    return tuple(rows)


def calibrate(
    evidence: Evidence,
    a: str,
    b: str,
    *,
    days: int = 30,
    still: float = 25.0,
    until: dt.date | None = None,
) -> Calibration:
    """Calibrate a war from the area that A holds of B.

    Parameters
    ----------
    evidence
        The store; see :func:`tripoint.pipeline.open_evidence`.
    a, b
        State ids: the one whose holdings of the other are on record, and the other.
    days
        Length of a battle [days]; set a scenario's ``days_per_battle`` to the same.
    still
        Change of the area below which neither side won [km2]; maps are rounded and redrawn.
    until
        Use nothing after this day.

    Raises
    ------
    CoverageError
        Where there are not two areas by one producer.
    InputError
        Where ``days`` or ``still`` is out of range.
    """
    if not still >= 0.0:
        raise InputError(f"still={still}: give 0 or more km2")
    one, other = states.find(a).id, states.find(b).id
    series = [s for s in read_areas(evidence, one, other, until=until) if s.place == other]
    variants = _variants(series, days, still) if series else ()
    if not variants:
        raise CoverageError(
            f"no two areas of {other} held by {one} at least {days} days apart and by one producer are in the "
            "evidence; load isw-control or deepstate (tripoint sources lists what there is), or give a range yourself"
        )
    rates = [v.rate for v in variants if v.rate]
    used = [s for s in series if len(s.days) > 1]
    base = variants[0]
    return Calibration(
        a=one,
        b=other,
        place=other,
        first=dt.date.fromordinal(int(min(s.days[0] for s in used))),
        last=dt.date.fromordinal(int(max(s.days[-1] for s in used))),
        days=days,
        still=still,
        battles=base.battles,
        chance=base.chance,
        rate=base.rate,
        prior=posterior(base.battles),
        variants=variants,
        chance_range=(min(v.chance.low for v in variants), max(v.chance.high for v in variants)),
        rate_range=(min(r.low for r in rates), max(r.high for r in rates)) if rates else None,
        covariates=read_covariates(evidence, one, other, until=until),
        fact_ids=tuple(i for s in used for i in s.fact_ids),
        origins=tuple(dict.fromkeys(s.origin for s in used)),
        evidence_hash=evidence.hash,
    )


# ---- what war costs


def read_covariates(evidence: Evidence, a: str, b: str, *, until: dt.date | None = None) -> tuple[Covariate, ...]:
    """Read what bears on the cost of war since its first recorded area: ratios, burdens, aid, by year.

    A ratio is taken within one source, unit and year. None of it is a cost in shares of what is fought over, which
    nobody has measured: it says how far the sides' costs may differ, and over which range.
    """
    limit = until or dt.date.max
    start = evidence.sql(
        "SELECT min(\"start\") AS first FROM attributes WHERE kind = 'area held' AND state = ? AND place = ?", [a, b]
    )["first"][0]
    since = start.year - 1 if start else 0
    rows = evidence.sql(
        'SELECT *, year("start") AS year FROM attributes WHERE list_contains(?::VARCHAR[], kind) AND '
        'list_contains(?::VARCHAR[], state) AND year("start") >= ? AND "start" <= ? AND year("start") = '
        "year(\"end\") AND (kind = 'capability index' OR starts_with(unit, 'current USD')) "
        'ORDER BY "start", fact_id',
        [["military spending", "capability index", "gdp"], [a, b], since, limit],
    ).to_dicts()
    have = {(row["source_id"], row["kind"], row["state"], row["year"]) for row in rows}
    rows = [r for r in rows if (edition_of(r["origin"]), r["kind"], r["state"], r["year"]) not in have]
    table: dict[tuple[str, str, str, int], dict[str, dict[str, Any]]] = {}
    for row in rows:
        origin = row["origin"] or row["source_id"]
        table.setdefault((row["kind"], origin, row["unit"], row["year"]), {})[row["state"]] = row
    found = []
    for kind in ("military spending", "capability index", "gdp"):
        pairs = [(key, got) for key, got in table.items() if key[0] == kind and a in got and b in got]
        values = [(k[3], float(g[a]["value"]) / float(g[b]["value"]), (g[a], g[b])) for k, g in pairs if g[b]["value"]]
        found.append(_covariate(f"{kind}, {a} over {b}", "[ratio]", values))
    for state in (a, b):
        values = []
        for (kind, _, unit, year), got in table.items():
            if kind != "military spending" or state not in got:
                continue
            product = [g[state] for k, g in table.items() if k[0] == "gdp" and k[2:] == (unit, year) and state in g]
            values += [(year, float(got[state]["value"]) / float(p["value"]), (got[state], p)) for p in product]
        found.append(_covariate(f"military spending of {state} over its product", "[0-1] a year", values))
    found += [_aid(evidence, state, limit) for state in (b, a)]
    return tuple(c for c in found if c is not None)


def _covariate(
    name: str, unit: str, values: Sequence[tuple[int, float, tuple[dict[str, Any], ...]]]
) -> Covariate | None:
    if not values:
        return None
    numbers = np.array([v for _, v, _ in values])
    rows = [row for _, _, used in values for row in used]
    return Covariate(
        name=name,
        unit=unit,
        first=min(y for y, _, _ in values),
        last=max(y for y, _, _ in values),
        low=float(numbers.min()),
        middle=float(np.median(numbers)),
        high=float(numbers.max()),
        values=len(numbers),
        fact_ids=tuple(row["fact_id"] for row in rows),
        origins=tuple(dict.fromkeys(row["origin"] or row["source_id"] for row in rows)),
    )


def _aid(evidence: Evidence, state: str, limit: dt.date) -> Covariate | None:
    """Military aid allocated to a state a month: by year where it is dated, else the mean over the whole period."""
    rows = evidence.sql(
        "SELECT * FROM flows WHERE kind = 'military aid' AND state_b = ? AND unit = 'EUR million' AND \"start\" <= ? "
        'ORDER BY "start", fact_id',
        [state, limit],
    ).to_dicts()
    loaded = {row["source_id"] for row in rows}
    rows = [r for r in rows if edition_of(r["origin"]) not in loaded]
    if not rows:
        return None
    dated = [r for r in rows if (r["end"] - r["start"]).days <= 366]
    first, last = min(r["start"] for r in rows), max(r["end"] for r in rows)
    values: list[tuple[int, float, tuple[dict[str, Any], ...]]] = []
    for year in sorted({r["start"].year for r in dated}):
        used = tuple(r for r in dated if r["start"].year == year)
        days = (min(dt.date(year, 12, 31), last) - max(dt.date(year, 1, 1), first)).days + 1
        values.append((year, sum(float(r["value"]) for r in used) * DAYS_PER_MONTH / days, used))
    if not values:
        total = sum(float(r["value"]) for r in rows)
        values = [(first.year, total * DAYS_PER_MONTH / ((last - first).days + 1), tuple(rows))]
    got = _covariate(f"military aid allocated to {state}", "[EUR million a month]", values)
    return None if got is None else replace(got, last=last.year)
