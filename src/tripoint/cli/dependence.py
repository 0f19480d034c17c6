"""``tripoint exposure A B``: what two states send each other, and what a cut would cost whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, to_json, write_text

if TYPE_CHECKING:
    from tripoint.dyad.dependence import Dependence, Exposure, Flow


@click.command("exposure")
@click.argument("a")
@click.argument("b")
@click.option("--since", type=int, default=1990, show_default=True, help="First year.")
@click.option("--until", type=int, help="Last year (default: this year).")
@click.option("--flows", is_flag=True, help="Rows of the flows each way instead of what a cut would cost.")
@home_option
@row_options
def exposure_command(
    a: str, b: str, since: int, until: int | None, flows: bool, home: Path | None, form: str | None, output: Path | None
) -> None:
    """Show trade, arms, energy and finance between A and B as shares of each one's totals.

    \b
    Example:
      tripoint exposure RUS CHN --since 2014
    """
    from tripoint.dyad.dependence import build_dependence, exposure_frame, flow_frame
    from tripoint.pipeline import open_evidence

    answer = build_dependence(open_evidence(home), a, b, start=since, end=until)
    if form == "json" or (form is None and output is not None and output.suffix == ".json"):
        write_text(to_json(as_json(answer)), output)
    elif form or output:
        print_rows(flow_frame(answer) if flows else exposure_frame(answer), form, output)
    else:
        _print(answer)


def as_json(answer: Dependence) -> dict[str, Any]:
    """The whole answer as plain values."""
    from dataclasses import asdict

    return asdict(answer)


def _print(answer: Dependence) -> None:
    from tripoint import states

    out = console()
    a, b = answer.state_a, answer.state_b
    out.print(f"[bold]{states.find(a).name} and {states.find(b).name}[/bold], evidence {answer.evidence_hash[:12]}")
    for kind, status in answer.searched.items():
        flows = [f for f in answer.flows if f.kind == kind]
        if not flows:
            out.print(f"\n[bold]{kind}[/bold]  {status}")
            continue
        out.print(f"\n[bold]{kind}[/bold]")
        for unit, item in dict.fromkeys((f.unit, f.item) for f in flows):
            _print_series(out, [f for f in flows if (f.unit, f.item) == (unit, item)])
    out.print("\n[bold]What a cut would cost, latest year with known totals[/bold]")
    known = answer.latest()
    for e in known:
        out.print(f"  {_cost(e, a, b)}", markup=False)
    if not known:
        out.print("  No source in the store covers the totals of either state: shares are not covered, not zero.")
        out.print("  Load one that does, such as: tripoint load cow-trade imf-trade sipri-arms", markup=False)
    out.print("\n[dim]All years: --csv; flows each way: --flows --csv; everything: --json.[/dim]")


_YEARS = 4


def _print_series(out: Any, flows: list[Flow]) -> None:
    for way in dict.fromkeys((f.sender, f.receiver) for f in flows):
        mine = [f for f in flows if (f.sender, f.receiver) == way]
        what = f" {mine[0].item}" if mine[0].item else ""
        out.print(f"  {way[0]} > {way[1]}{what} [{mine[0].unit}]", markup=False)
        for f in mine[-_YEARS:]:
            out.print(f"    {f.year}  {f.value:>12,.6g}  {_shares(f)}  ({_origin(f)})", markup=False)


def _shares(f: Flow) -> str:
    parts = [
        f"{_percent(f.sender_share)} of what {f.sender} sends, {_percent(f.receiver_share)} of what {f.receiver} gets"
    ]
    if f.partial:
        return "part of the year"
    if f.receiver_partners is not None:
        parts.append(f"{f.receiver} has {f.receiver_partners:.1f} effective senders")
    if f.sender_share is None and f.receiver_share is None:
        parts = ["totals not covered"]
    return "; ".join(parts)


def _origin(f: Flow) -> str:
    others = f"; also in {', '.join(f.other_sources)}" if f.other_sources else ""
    return f"{f.source_id}{f', reported by {f.reporter}' if f.reporter else ''}{others}"


def _cost(e: Exposure, a: str, b: str) -> str:
    gdp = ""
    if e.gdp_a is not None or e.gdp_b is not None:
        gdp = f"; of GDP {a} {_percent(e.gdp_a)}, {b} {_percent(e.gdp_b)}"
    lean = "" if e.asymmetry is None else f"; asymmetry {e.asymmetry:+.2f} ({a if e.asymmetry > 0 else b} depends more)"
    return f"{e.kind} {e.year}: {_percent(e.stake_a)} of {a}'s total, {_percent(e.stake_b)} of {b}'s{gdp}{lean}"


def _percent(share: float | None) -> str:
    return "?" if share is None else f"{100 * share:.1f} %"
