"""Tension between two states: claims, rivalry, disputes, war and sanctions, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import lines, make, names
from tripoint.answers.question import Question
from tripoint.answers.words import number

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.dyad.tension import Tension
    from tripoint.evidence.query import Evidence

_LEGEND = (
    "- = not covered, not zero; seen = share of the weights with evidence (the mean needs half); "
    "range = leaving each component out; | = a mean of other components than the year before: no rise or fall"
)


@dataclass(frozen=True, slots=True)
class TensionAsked(Question):
    """Tension between ``a`` and ``b`` from one year to another; without the last, as far as the evidence reaches."""

    subject = "tension"
    words = ("a", "b")
    about = "Show the tension between A and B from 0 to 1, by component, apart from their cooperation."
    examples = ("tripoint tension IND CHN --since 2000",)

    a: str
    b: str
    since: int = 1990
    until: int | None = None


def answer(evidence: Evidence, question: TensionAsked) -> Answer:
    """Measure tension; errors as :func:`tripoint.dyad.tension.build_tension`."""
    from tripoint.dyad.tension import build_tension

    found = build_tension(evidence, question.a, question.b, start=question.since, end=question.until)
    rows = found.frame()
    facts = _facts(evidence, found)
    known = rows.drop_nulls("tension")
    pair = names((found.state_a, found.state_b))
    first, end = int(found.years[0]), int(found.years[-1])
    headline = f"No year of {first}-{end} has evidence on half of the components of tension between {pair}."
    if not known.is_empty():
        last = known.row(-1, named=True)
        headline = (
            f"Tension between {pair} was {_ranged(last)} [0-1] in {last['year']}, the last year with enough evidence."
        )
    figure = None if known.is_empty() else tension_figure(found)
    told = (_trend(found), "searched: " + "; ".join(f"{n}: {s}" for n, s in found.searched.items()), _news(found))
    return make(
        evidence,
        question,
        headline=headline,
        result=found,
        method="tripoint.dyad.tension.build_tension",
        parts=(Part("Tension [0-1]", lines(told), _by_year(found, rows), figure),),
        rows=rows,
        facts=facts,
        parameters={"until": end},
        remarks=() if known.is_empty() else (_composition(known),),
    )


def _facts(evidence: Evidence, found: Tension) -> list[str]:
    """Ids of the facts of the kinds that the components read, in the years asked for."""
    from datetime import date

    from tripoint import states
    from tripoint.dyad.tension import COMPONENTS

    frame = evidence.facts(
        between=(states.lineage(found.state_a), states.lineage(found.state_b)),
        kinds=sorted({kind for c in COMPONENTS.values() for kind in c.kinds}),
        since=date(int(found.years[0]), 1, 1),
        until=date(int(found.years[-1]), 12, 31),
    )
    return frame["fact_id"].to_list()


def _ranged(row: dict[str, float]) -> str:
    value = f"{row['tension']:.2f}"
    return value if row["low"] is None else f"{value} ({row['low']:.2f}-{row['high']:.2f} leaving each component out)"


def _by_year(found: Tension, rows: pl.DataFrame) -> Table:
    components = list(found.components)
    body = tuple(
        (
            f"{row['year']}{'|' if row['break_before'] else ''}",
            _cell(row["tension"]),
            "" if row["low"] is None else f"{row['low']:.2f}-{row['high']:.2f}",
            f"{row['weight_seen']:.0%}",
            *(_cell(row[name]) for name in components),
        )
        for row in rows.iter_rows(named=True)
    )
    return Table("By year", ("year", "tension", "range", "seen", *components), body, _LEGEND)


def _cell(value: float | None) -> str:
    return "-" if value is None else number(value)


def tension_figure(found: Tension) -> Figure:
    """Tension over time with the range over leaving each component out; an error where no year has enough evidence."""
    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band
    from tripoint.errors import CoverageError

    pair = names((found.state_a, found.state_b))
    table = found.frame()
    known = table.drop_nulls("tension")
    if known.is_empty():
        raise CoverageError(
            f"no year in which half of the components of tension between {pair} were searched; load more: "
            "tripoint load ucdp-acd cow-mid tss-rivalries eusanct"
        )
    seen = known.with_columns(series=known["state_a"] + "-" + known["state_b"])
    last = known.row(-1, named=True)
    return Figure(
        line_band(seen, x="year", y="tension", series="series", low="low", high="high", domain=(0, 1)),
        title=f"Tension between {pair}",
        subtitle="Weighted mean of war, clashes, disputes, rivalry, claims and sanctions [0-1]; "
        "band: leaving each out in turn",
        source=f"evidence {found.evidence_hash[:12]}; facts: tripoint dyad {found.state_a} {found.state_b}",
        alt=f"From {known['tension'][0]:.2f} in {known['year'][0]} to {last['tension']:.2f} in {last['year']}.",
        table=table,
        note="Years without evidence on half of the weights are left out. Components that were not searched are left "
        f"out of the mean, not counted as 0. {_composition(known)}",
    )


def _composition(known: pl.DataFrame) -> str:
    """A sentence on the years whose mean rests on other components than the one before."""
    years = [str(y) for y in known.drop_nulls("break_before")["year"]]
    if not years:
        return "The mean rests on the same components in every year."
    return f"It rests on other components than the year before in {', '.join(years)}: no rise or fall there."


def _trend(found: Tension) -> str:
    import numpy as np

    from tripoint.dyad.tension import TREND_YEARS

    known = np.flatnonzero(np.isfinite(found.trend))
    if not known.size:
        return f"no trend: fewer than half of the weights are covered in each of {TREND_YEARS} consecutive years"
    t = int(known[-1])
    last = int(found.years[t])
    span = f", {found.trend_low[t]:+.3f} to {found.trend_high[t]:+.3f} leaving each out"
    return (
        f"trend {last - TREND_YEARS + 1}-{last}: {found.trend[t]:+.3f} a year"
        f"{span if np.isfinite(found.trend_low[t]) else ''}; on {', '.join(found.trend_on[t])}, "
        "which are covered in every year of it"
    )


def _news(found: Tension) -> str:
    from tripoint.dyad.hostile_news import FEWEST_DAYS

    news = found.news
    if not news.sources:
        return "coded news: not loaded (tripoint load gdelt); it would stand beside the mean, not in it"
    told = [
        f"{year} {part:.0%} of {events:,}"
        for year, part, events in zip(found.years, news.share, news.events, strict=True)
        if part == part
    ]
    if told:
        return f"coded news that is conflict, beside the mean ({', '.join(news.sources)}): " + ", ".join(told[-8:])
    return (
        f"coded news: at most {news.days.max()} days a year loaded ({', '.join(news.sources)}), "
        f"{news.events.sum():,} events of the two; a share needs {FEWEST_DAYS} days"
    )
