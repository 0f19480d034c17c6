"""``tripoint exposure A B``: what two states send each other, and what a cut would cost whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, to_json, write_text

if TYPE_CHECKING:
    from tripoint.dyad.dependence import Dependence, Exposure, Flow
    from tripoint.dyad.dependence_series import Change


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
    """The whole answer as plain values, with the changes within each unbroken series."""
    from dataclasses import asdict

    return {**asdict(answer), "changes": [asdict(c) for c in answer.changes()]}


def _print(answer: Dependence) -> None:
    from tripoint import states

    out = console()
    a, b = answer.state_a, answer.state_b
    out.print(f"[bold]{states.find(a).name} and {states.find(b).name}[/bold], evidence {answer.evidence_hash[:12]}")
    changes = answer.changes()
    for kind, status in answer.searched.items():
        flows = [f for f in answer.flows if f.kind == kind]
        if not flows:
            out.print(f"\n[bold]{kind}[/bold]  {status}")
            continue
        out.print(f"\n[bold]{kind}[/bold]")
        for way in ((a, b), (b, a)):
            for unit, item in dict.fromkeys((f.unit, f.item) for f in flows):
                mine = [f for f in flows if (f.sender, f.receiver, f.unit, f.item) == (*way, unit, item)]
                _print_flow(out, mine, changes)
    out.print("\n[bold]What a cut would put at stake, latest year known[/bold]")
    lines = [*(_cost(e, a, b) for e in answer.latest()), *_one_way(answer)]
    for line in lines:
        out.print(f"  {line}", markup=False)
    if not any(e.stake_a is not None or e.stake_b is not None for e in answer.latest()):
        out.print("  No source in the store covers the totals of either state: shares are not covered, not zero.")
        out.print("  Load one that does, such as: tripoint load cow-trade imf-trade sipri-arms", markup=False)
    out.print("\n[dim]All years: --csv; flows each way: --flows --csv; everything: --json.[/dim]")


_YEARS = 4


def _print_flow(out: Any, flows: list[Flow], changes: tuple[Change, ...]) -> None:
    """One direction: each unbroken series from end to end, then the last years, with breaks marked."""
    if not flows:
        return
    f = flows[0]
    out.print(f"  {f.sender} > {f.receiver}{f' {f.item}' if f.item else ''} [{f.unit}]", markup=False)
    for number in dict.fromkeys(f.series for f in flows):
        mine = [f for f in flows if f.series == number]
        own = [
            c
            for c in changes
            if (c.kind, c.sender, c.unit, c.item, c.series) == (f.kind, f.sender, f.unit, f.item, number)
        ]
        if own:
            out.print(f"    {_span(own)} in one series ({_origin(mine)}): {_over_time(own)}", markup=False)
    for f in flows[-_YEARS:]:
        if f.break_before:
            out.print(f"    ----  break: {f.break_before}; do not compare across it", markup=False)
        others = f"; also in {', '.join(f.other_sources)}" if f.other_sources else ""
        out.print(f"    {f.year}  {_amount(f.value):>12}  {_shares(f)}  ({_origin([f])}{others})", markup=False)


def _span(changes: list[Change]) -> str:
    return f"{min(c.first_year for c in changes)}-{max(c.last_year for c in changes)}"


def _over_time(changes: list[Change]) -> str:
    parts = []
    for c in changes:
        years = (
            "" if (c.first_year, c.last_year) == (changes[0].first_year, changes[0].last_year) else f" ({_span([c])})"
        )
        if c.measure == "value":
            parts.append(f"{_amount(c.first)} to {_amount(c.last)}{years}")
        else:
            whose = f"what {c.sender} sends" if c.measure == "sender_share" else f"what {c.receiver} gets"
            parts.append(f"{100 * c.first:.1f} to {_percent(c.last)} of {whose}{years}")
    return "; ".join(parts)


def _shares(f: Flow) -> str:
    if f.partial:
        return "part of the year"
    parts = []
    for state, verb, share, total in (
        (f.sender, "sends", f.sender_share, f.sender_total),
        (f.receiver, "gets", f.receiver_share, f.receiver_total),
    ):
        if share is not None:
            parts.append(f"{_percent(share)} of what {state} {verb}")
        elif total == 0:
            parts.append(f"{state} {verb} none at all")
    if not parts:
        return "totals not covered"
    if f.receiver_partners is not None:
        parts.append(f"{f.receiver} has {f.receiver_partners:.1f} effective senders")
    return "; ".join(parts)


def _origin(flows: list[Flow]) -> str:
    told = next((f for f in reversed(flows) if f.reporter), flows[-1])
    document = f": {told.origin}" if told.origin else ""
    return f"{told.source_id}{document}{f', reported by {told.reporter}' if told.reporter else ''}"


def _cost(e: Exposure, a: str, b: str) -> str:
    way = f", {e.ways[0].replace('>', ' > ')} alone" if len(e.ways) == 1 else ""
    stakes = [
        f"{_percent(stake)} of {state}'s total"
        for state, stake in ((a, e.stake_a), (b, e.stake_b))
        if stake is not None
    ]
    missing = [s for s, stake in ((a, e.stake_a), (b, e.stake_b)) if stake is None]
    if missing:
        stakes.append(f"total of {' and '.join(missing)} not covered")
    gdp = [f"{state} {_percent(g)}" for state, g in ((a, e.gdp_a), (b, e.gdp_b)) if g is not None]
    if gdp:
        stakes.append(f"of GDP {', '.join(gdp)}")
    if e.asymmetry is not None:
        more = "neither depends more" if e.asymmetry == 0 else f"{a if e.asymmetry > 0 else b} depends more"
        stakes.append(f"asymmetry {e.asymmetry:+.2f} ({more})")
    return f"{e.kind} {e.year}{way}: {'; '.join(stakes)} ({e.source_id})"


def _one_way(answer: Dependence) -> list[str]:
    """The last known shares of each direction where no stake of both is known as late."""
    both = {(e.kind, e.unit): e.year for e in answer.exposures if e.stake_a is not None or e.stake_b is not None}
    last = {
        (f.kind, f.unit, f.item, f.sender): f
        for f in answer.flows
        if f.facts and not f.partial and (f.sender_share is not None or f.receiver_share is not None)
    }
    return [
        f"{f.kind} {f.year}, {f.sender} > {f.receiver} alone: {_shares(f)} ({f.source_id})"
        for f in last.values()
        if f.year > both.get((f.kind, f.unit), 0)
    ]


def _percent(share: float | None) -> str:
    if share is None:
        return "?"
    return f"{100 * share:.1f} %" if share == 0 or share >= 0.0005 else "<0.1 %"


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.5g}"
