"""Tension between two states: the chance of a dispute within a year and of rivalry, with the quarrels on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import lines, make, names
from tripoint.answers.question import Question
from tripoint.answers.words import number
from tripoint.claims.likelihood import percent

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.dyad.tension import Tension
    from tripoint.evidence.query import Evidence

_LEGEND = (
    "dispute = chance that a militarized dispute begins within a year; rivals = chance of rivalry or worse; then "
    "quarrels on record from 0 to 1, - = not covered, not zero; * = nothing current speaks, last known"
)
#: Least part of the log odds that is named as a cause.
_LEAST = 0.1
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class TensionAsked(Question):
    """Tension between ``a`` and ``b`` from one year to another; without the last, as far as the evidence reaches."""

    subject = "tension"
    words = ("a", "b")
    about = (
        "Show the chance that a militarized dispute of A and B begins within a year, and of rivalry, with the quarrels "
        "on record beside them, apart from their cooperation."
    )
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
    known = rows.drop_nulls("risk")
    pair = names((found.state_a, found.state_b))
    headline = f"Nothing on record speaks of {pair}, so there is no estimate of tension."
    if not known.is_empty():
        last = known.row(-1, named=True)
        stale = "" if last["newest"] >= last["year"] - 1 else f", last known {last['newest']}"
        headline = (
            f"{pair} in {last['year']}{stale}: chance of a militarized dispute within a year {percent(last['risk'])}, "
            f"of rivalry or worse {percent(last['rivalry_chance'])}."
        )
    return make(
        evidence,
        question,
        headline=headline,
        result=found,
        method="tripoint.dyad.tension.build_tension",
        parts=(
            Part(
                "Tension, as chances",
                lines(_told(found)),
                _by_year(found, rows),
                None if known.is_empty() else tension_figure(found),
            ),
        ),
        rows=rows,
        facts=_facts(evidence, found),
        parameters={"until": int(found.years[-1])},
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


def _told(found: Tension) -> Iterator[str]:
    if found.causes:
        parts = sorted(((n, v) for n, v in found.causes.items() if n != "base"), key=lambda item: -abs(item[1]))
        said = ", ".join(f"{n} {v:+.1f}" for n, v in parts[:_SHOWN] if abs(v) >= _LEAST)
        yield f"log odds of a dispute in the last year: {found.causes['base']:+.1f} for the middle pair, {said}"
    elif found.shipped:
        yield "the chances are estimates that ship with the package; load the record to see what moves them"
    yield "searched: " + "; ".join(f"{n}: {s}" for n, s in found.searched.items())
    yield _news(found)


def _by_year(found: Tension, rows: pl.DataFrame) -> Table:
    components = list(found.components)
    body = tuple(
        (
            f"{row['year']}{'*' if row['risk'] is not None and row['newest'] < row['year'] - 1 else ''}",
            *("-" if row[n] is None else percent(row[n]) for n in ("risk", "rivalry_chance")),
            *("-" if row[name] is None else number(row[name]) for name in components),
        )
        for row in rows.iter_rows(named=True)
    )
    return Table("By year", ("year", "dispute", "rivals", *components), body, _LEGEND)


def tension_figure(found: Tension) -> Figure:
    """Both chances over time; an error where there is no estimate."""
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band
    from tripoint.errors import CoverageError

    pair = names((found.state_a, found.state_b))
    table = found.frame()
    known = table.drop_nulls("risk")
    if known.is_empty():
        raise CoverageError(f"nothing on record speaks of {pair}; load more: tripoint load cow-mid peace-scale")
    parts = [
        known.select("year", chance=column, series=pl.lit(name))
        for name, column in (("dispute within a year", "risk"), ("rivalry or worse", "rivalry_chance"))
    ]
    seen = pl.concat(parts).with_columns(low="chance", high="chance")
    first, last = known.row(0, named=True), known.row(-1, named=True)
    return Figure(
        line_band(seen, x="year", y="chance", series="series", low="low", high="high", domain=(0, 1)),
        title=f"Tension between {pair}",
        subtitle="Chance [0-1] that a militarized dispute begins within a year, and of rivalry or worse",
        source=f"evidence {found.evidence_hash[:12]}; facts: tripoint dyad {found.state_a} {found.state_b}",
        alt=f"Dispute {percent(first['risk'])} in {first['year']}, {percent(last['risk'])} in {last['year']}; rivalry "
        f"{percent(first['rivalry_chance'])} and {percent(last['rivalry_chance'])}.",
        table=table,
        note="Disputes are militarized interstate disputes, threats included, as coded to 2014.",
    )


def _news(found: Tension) -> str:
    from tripoint.dyad.hostile_news import FEWEST_DAYS

    news = found.news
    if not news.sources:
        return "coded news: not loaded (tripoint load gdelt); it would stand beside the chances, not in them"
    told = [
        f"{year} {percent(part)} of {events:,}"
        for year, part, events in zip(found.years, news.share, news.events, strict=True)
        if part == part
    ]
    if told:
        return f"coded news that is conflict, beside the chances ({', '.join(news.sources)}): " + ", ".join(told[-8:])
    return (
        f"coded news: at most {news.days.max()} days a year loaded ({', '.join(news.sources)}), "
        f"{news.events.sum():,} events of the two; a share needs {FEWEST_DAYS} days"
    )
