"""Ideal points from the estimates that ship, where the store holds only the few roll calls that ship."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import lines, make
from tripoint.errors import CoverageError
from tripoint.evidence.citing import Citations

if TYPE_CHECKING:
    import polars as pl

    from tripoint.answers.ideal_points import IdealPointsAsked
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence


def answer(evidence: Evidence, question: IdealPointsAsked) -> Answer:
    """Positions from the estimates that ship; raises ``CoverageError`` where they hold none of a state.

    They were made from all roll calls of a full record by the default fit, and hold neither the joint distribution nor
    the fit by session.
    """
    import polars as pl

    from tripoint.dyad.shipped_estimates import VALUE, estimates, lineage

    last = question.until if question.until is not None else 9999
    held = estimates("ideal_points").filter(pl.col("year").is_between(question.since, last))
    thousandths = {"mean": "mean", "q05": "low", "q95": "high"}
    rows = held.select(
        "state",
        pl.col("year").cast(pl.Int64),
        pl.lit(1, pl.Int64).alias("dimension"),
        *((pl.col(source) / VALUE).alias(name) for name, source in thousandths.items()),
        pl.col("votes").cast(pl.Int64),
    )
    if missing := [s for s in question.states if s not in set(rows["state"])]:
        raise CoverageError(f"no estimates of {', '.join(missing)} in these sessions; name other states or years")
    shown = rows.filter(pl.col("state").is_in(question.states))
    year = max(shown["year"].to_list())
    now = {r["state"]: r for r in shown.filter(pl.col("year") == year).iter_rows(named=True)}
    said = "; ".join(f"{s} {_cell(now[s])}" for s in question.states if s in now)
    return make(
        evidence,
        question,
        headline=f"Ideal points in the session of {year}: {said}.",
        result={"source": "estimates", "positions": shown.to_dicts(), "method": lineage("ideal_points")},
        method="tripoint.dyad.ideal_points.fit_ideal_points",
        parts=_parts(shown, question.states),
        rows=rows if question.every else shown,
        cited=Citations((), {}),
        newest=date(year, 12, 31),
        remarks=(f"These are {lineage('ideal_points')}; load un-ga-votes to fit anew, or by issue.",),
    )


def _cell(row: dict[str, float]) -> str:
    return f"{row['mean']:+.2f} ({row['q05']:+.2f} to {row['q95']:+.2f})"


def _parts(shown: pl.DataFrame, states: Sequence[str]) -> Iterator[Part]:
    cells = {(r["state"], r["year"]): _cell(r) for r in shown.iter_rows(named=True)}
    body = tuple((str(y), *(cells.get((s, y), "-") for s in states)) for y in sorted({y for _, y in cells}))
    said = lines(("in standard deviations over all states and sessions",))
    yield Part("Ideal points", said, Table("Mean (5 % to 95 %)", ("session of", *states), body), _figure(shown, states))


def _figure(shown: pl.DataFrame, states: Sequence[str]) -> Figure:
    from tripoint.dyad.shipped_estimates import lineage

    return drawn(shown, states, source=f"Tripoint, {lineage('ideal_points')}", note="")


def drawn(rows: pl.DataFrame, shown: Sequence[str], *, source: str, note: str) -> Figure:
    """Figure of positions ``state year dimension mean q05 q95``."""
    import polars as pl

    from tripoint.chart import theme
    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band

    table = rows.filter(pl.col("dimension") == 1).select("state", "year", "mean", "q05", "q95")
    paint = {state: theme.actor_color(state) for state in shown}
    year = max(table["year"].to_list())
    last = table.filter(pl.col("year") == year)
    return Figure(
        line_band(table, x="year", y="mean", series="state", low="q05", high="q95", colors=paint),
        title=f"Where {', '.join(shown)} stand in the General Assembly",
        subtitle="Ideal point [standard deviations over all states and sessions]; band: 90 % interval",
        source=source,
        alt="; ".join(f"{r['state']} {r['mean']:.2f} ({r['q05']:.2f} to {r['q95']:.2f})" for r in last.to_dicts())
        + f" in the session of {year}.",
        table=table,
        note=note,
    )
