"""``tripoint tension A B``: claims, rivalry, disputes, war and sanctions, year by year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, write_figure

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.dyad.tension import Tension


@click.command("tension")
@click.argument("a")
@click.argument("b")
@click.option("--since", type=int, default=1990, show_default=True, help="First year.")
@click.option("--until", type=int, help="Last year (default: as far as the evidence reaches).")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Draw to this .svg, .png or .html.")
@home_option
@row_options
def tension_command(
    a: str,
    b: str,
    since: int,
    until: int | None,
    figure: Path | None,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Show the tension between A and B from 0 to 1, by component, apart from their cooperation.

    \b
    Example:
      tripoint tension IND CHN --since 2000
    """
    from tripoint.dyad.tension import build_tension
    from tripoint.pipeline import open_evidence

    answer = build_tension(open_evidence(home), a, b, start=since, end=until)
    if figure:
        write_figure(tension_figure(answer), figure)
    if form or output:
        print_rows(answer.frame(), form, output)
    elif not figure:
        _print(answer)


def tension_figure(answer: Tension) -> Figure:
    """Tension over time with the range over leaving each component out."""
    from tripoint import states
    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band
    from tripoint.errors import CoverageError

    names = " and ".join(states.find(s).name for s in (answer.state_a, answer.state_b))
    table = answer.frame()
    known = table.drop_nulls("tension")
    if known.is_empty():
        raise CoverageError(
            f"no year in which half of the components of tension between {names} were searched; load more: "
            "tripoint load ucdp-acd cow-mid tss-rivalries eusanct"
        )
    seen = known.with_columns(series=known["state_a"] + "-" + known["state_b"])
    last = known.row(-1, named=True)
    return Figure(
        line_band(seen, x="year", y="tension", series="series", low="low", high="high", domain=(0, 1)),
        title=f"Tension between {names}",
        subtitle="Weighted mean of war, clashes, disputes, rivalry, claims and sanctions [0-1]; "
        "band: leaving each out in turn",
        source=f"evidence {answer.evidence_hash[:12]}; facts: tripoint dyad {answer.state_a} {answer.state_b}",
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


def _print(answer: Tension) -> None:
    out = console()
    out.print(f"[bold]Tension of {answer.state_a} and {answer.state_b}[/bold] [0-1]", highlight=False)
    names = list(answer.components)
    out.print(f"{'year':<6}{'tension':>9}{'range':>14}{'seen':>7}" + "".join(f"{n:>11}" for n in names))
    for row in answer.frame().iter_rows(named=True):
        span = "" if row["low"] is None else f"{row['low']:.2f}-{row['high']:.2f}"
        cells = "".join(f"{_cell(row[n]):>11}" for n in names)
        mark = "|" if row["break_before"] else " "
        line = f"{row['year']:<6}{mark}{_cell(row['tension']):>8}{span:>14}{row['weight_seen']:>7.0%}{cells}"
        out.print(line, markup=False)
    out.print(_trend(answer), markup=False)
    out.print(
        "[dim]- = not covered, not zero; seen = share of the weights with evidence (the mean needs half); "
        "range = leaving each component out; | = a mean of other components than the year before: no rise or fall[/dim]"
    )
    out.print("searched: " + "; ".join(f"{n}: {s}" for n, s in answer.searched.items()), markup=False)
    out.print(_news(answer), markup=False)


def _trend(answer: Tension) -> str:
    import numpy as np

    from tripoint.dyad.tension import TREND_YEARS

    known = np.flatnonzero(np.isfinite(answer.trend))
    if not known.size:
        return f"no trend: fewer than half of the weights are covered in each of {TREND_YEARS} consecutive years"
    t = int(known[-1])
    last = int(answer.years[t])
    span = f", {answer.trend_low[t]:+.3f} to {answer.trend_high[t]:+.3f} leaving each out"
    return (
        f"trend {last - TREND_YEARS + 1}-{last}: {answer.trend[t]:+.3f} a year"
        f"{span if np.isfinite(answer.trend_low[t]) else ''}; on {', '.join(answer.trend_on[t])}, "
        "which are covered in every year of it"
    )


def _news(answer: Tension) -> str:
    from tripoint.dyad.hostile_news import FEWEST_DAYS

    news = answer.news
    if not news.sources:
        return "coded news: not loaded (tripoint load gdelt); it would stand beside the mean, not in it"
    told = [
        f"{year} {share:.0%} of {events:,}"
        for year, share, events in zip(answer.years, news.share, news.events, strict=True)
        if share == share
    ]
    if told:
        return f"coded news that is conflict, beside the mean ({', '.join(news.sources)}): " + ", ".join(told[-8:])
    return (
        f"coded news: at most {news.days.max()} days a year loaded ({', '.join(news.sources)}), "
        f"{news.events.sum():,} events of the two; a share needs {FEWEST_DAYS} days"
    )


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
