"""``tripoint alignment A B [C...]``: where pairs stand, from opposed to aligned, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.answer import aligned
from tripoint.cli.output import console, home_option, print_rows, row_options, write_figure
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.dyad.alignment import Alignment

_FIGURE_PAIRS = 6
_SHOWN = 4


@click.command("alignment")
@click.argument("states", nargs=-1, required=True)
@click.option("--since", type=int, default=1990, show_default=True, help="First year shown.")
@click.option("--until", type=int, help="Last year (default: as far as the evidence reaches).")
@click.option("--without", multiple=True, metavar="SOURCE", help="Leave a source out; may be repeated.")
@click.option("--refit", is_flag=True, help="Estimate the model on these pairs instead of the shipped one.")
@click.option("--ruptures", is_flag=True, help="Heavy-tailed steps: sharp breaks, too narrow on thin evidence.")
@click.option("--why", nargs=2, type=int, metavar="YEAR YEAR", help="What moved each pair between two years.")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Draw to this .svg, .png or .html.")
@home_option
@row_options
def alignment_command(
    states: tuple[str, ...],
    since: int,
    until: int | None,
    without: tuple[str, ...],
    refit: bool,
    ruptures: bool,
    why: tuple[int, int] | None,
    figure: Path | None,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Measure the alignment of every pair of STATES, with 90 % intervals and what each value rests on.

    Years in which no indicator was seen are smoothed (between years seen) or extrapolated (before or after them).

    \b
    Example:
      tripoint alignment RUS CHN IND --since 2000
    """
    import polars as pl

    from tripoint.dyad.alignment import fit_alignment
    from tripoint.pipeline import open_evidence

    fit = fit_alignment(open_evidence(home), states, end=until, without=without, refit=refit, ruptures=ruptures)
    if not fit.years[0] <= since <= fit.years[-1]:
        raise InputError(f"--since {since} is outside {fit.years[0]}-{fit.years[-1]}, the years with evidence")
    if figure:
        write_figure(alignment_figure(fit, since), figure)
    if form or output:
        print_rows(fit.frame().filter(pl.col("year") >= since), form, output)
    elif not figure:
        _print(fit, since, why)


def alignment_figure(fit: Alignment, since: int, drawn: Sequence[str] = ()) -> Figure:
    """Alignment over time with its 90 % interval, one line a pair, dashed where nothing was seen.

    ``drawn`` names pairs, such as CHN-RUS; all when empty.
    """
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band

    names = list(drawn) or ["-".join(p) for p in fit.pairs]
    if len(names) > _FIGURE_PAIRS:
        raise InputError(f"{len(names)} pairs in one figure, at most {_FIGURE_PAIRS}; name fewer states")
    table = fit.frame().with_columns(pair=pl.col("state_a") + "-" + pl.col("state_b"), seen=pl.col("basis") == "seen")
    seen = table.filter((pl.col("year") >= since) & pl.col("pair").is_in(names))
    ends = [
        f"{pair}: {aligned(rows['mean'][0])} in {rows['year'][0]}, {aligned(rows['mean'][-1])} in {rows['year'][-1]}."
        for (pair,), rows in seen.group_by("pair", maintain_order=True)
    ]
    return Figure(
        line_band(
            seen.select("pair", "year", "mean", "low", "high", "seen"),
            x="year",
            y="mean",
            series="pair",
            low="low",
            high="high",
            domain=(-1, 1),
            signed=True,
            solid="seen",
        ),
        title=f"Alignment of {', '.join(names)}",
        subtitle="One latent behind votes, pacts, trade, arms, exercises and quarrels [-1..+1]; band: 90 % interval",
        source=f"{', '.join(fit.sources)}; evidence {fit.evidence_hash[:12]}",
        alt=" ".join(ends),
        table=seen.select("state_a", "state_b", "year", "mean", "low", "high", "sd", "basis", "indicators_seen"),
        note="0 is the mean of pairs that are contiguous or include a major power, since 1946. Dashed: no indicator "
        "was seen in the year.",
    )


def _print(fit: Alignment, since: int, why: tuple[int, int] | None) -> None:
    out = console()
    out.print(f"[bold]Alignment[/bold] -1 opposed .. +1 aligned, 90 % interval; evidence {fit.evidence_hash[:12]}")
    weights = ", ".join(f"{n} {v:+.2f}" for n, v in zip(fit.indicators, fit.loadings, strict=True))
    out.print(f"[dim]loadings: {weights}[/dim]")
    basis = fit.basis()
    for r, pair in enumerate(fit.pairs):
        out.print(f"\n[bold]{'-'.join(pair)}[/bold]")
        for t, year in enumerate(fit.years):
            if year >= since and fit.mean[r, t] == fit.mean[r, t]:
                _print_year(out, fit, r, t, str(basis[r, t]))
        if why:
            _print_change(out, fit, pair, why)


def _print_year(out: Any, fit: Alignment, r: int, t: int, basis: str) -> None:
    import numpy as np

    parts = fit.contributions[r, t]
    order = np.argsort(-np.abs(parts))[:_SHOWN]
    because = ", ".join(f"{fit.indicators[i]} {parts[i]:+.2f}" for i in order if abs(parts[i]) >= 0.005)
    seen = int(np.isfinite(fit.observed[r, t]).sum())
    value = f"{aligned(fit.mean[r, t])} [{aligned(fit.low[r, t])}, {aligned(fit.high[r, t])}]"
    rests = f"{seen:>2} of {len(fit.indicators)} indicators" if seen else f"{basis}, nothing seen this year"
    out.print(f"  {fit.years[t]}  {value}  {rests}; {because}", markup=False)


def _print_change(out: Any, fit: Alignment, pair: tuple[str, str], why: tuple[int, int]) -> None:
    moved = fit.change(*pair, *why)
    total = sum(moved.values())
    parts = sorted(moved.items(), key=lambda item: -abs(item[1]))
    because = ", ".join(f"{name} {value:+.2f}" for name, value in parts if abs(value) >= 0.005)
    out.print(f"  {why[0]} to {why[1]}: {total:+.2f} = {because}", markup=False)
