"""``tripoint dyad A B``: what is on record between two states."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, to_json, write_text

if TYPE_CHECKING:
    import polars as pl

    from tripoint.dyad.on_record import KindOnRecord, OnRecord


@click.command("dyad")
@click.argument("a")
@click.argument("b")
@click.option("--since", type=int, default=1990, show_default=True, help="First year.")
@click.option("--all", "everything", is_flag=True, help="List every fact, not the latest of each kind.")
@home_option
@row_options
def dyad_command(
    a: str, b: str, since: int, everything: bool, home: Path | None, form: str | None, output: Path | None
) -> None:
    """Show what is on record between states A and B, with fact ids and numbered sources.

    \b
    Example:
      tripoint dyad RUS CHN --since 2000
    """
    from tripoint.dyad.on_record import build_on_record
    from tripoint.pipeline import open_evidence

    answer = build_on_record(open_evidence(home), a, b, since=date(since, 1, 1))
    if form == "json" or (form is None and output is not None and output.suffix == ".json"):
        write_text(to_json(as_json(answer)), output)
    elif form or output:
        print_rows(answer.facts, form, output)
    else:
        _print(answer, everything)


def as_json(answer: OnRecord) -> dict[str, Any]:
    """The whole answer as plain values: every fact with its ``fact_id``."""
    from dataclasses import asdict

    return {
        "state_a": answer.state_a,
        "state_b": answer.state_b,
        "since": answer.since,
        "as_of": answer.as_of,
        "evidence_hash": answer.evidence_hash,
        "kinds": [asdict(k) for k in answer.kinds],
        "memberships": [asdict(m) for m in answer.memberships],
        "votes": [asdict(v) for v in answer.votes],
        "facts": answer.facts.to_dicts(),
        "sources": answer.sources.to_dicts(),
    }


_SHOWN = 3
_INSTITUTIONS = 20


def _print(answer: OnRecord, everything: bool) -> None:
    from tripoint import states

    out = console()
    one, other = states.find(answer.state_a), states.find(answer.state_b)
    out.print(f"[bold]{one.name} and {other.name}[/bold], on record since {answer.since.year}")
    counts = f"{answer.facts.height:,} facts, {answer.sources.height} sources"
    out.print(f"[dim]{counts}, evidence {answer.evidence_hash[:12]}[/dim]")
    numbers = dict(zip(answer.sources["id"], answer.sources["number"], strict=True))
    for tone, heading in (("cooperative", "Ties and cooperation"), ("hostile", "Quarrels"), ("neutral", "Setting")):
        found = [k for k in answer.of("found") if k.tone == tone]
        if found:
            out.print(f"\n[bold]{heading}[/bold]")
        for kind in found:
            _print_kind(out, answer, kind, numbers, everything)
    _print_memberships(out, answer)
    _print_votes(out, answer)
    _print_gaps(out, answer)
    out.print("\n[bold]Sources[/bold]")
    for row in answer.sources.iter_rows(named=True):
        text = row["citation"] or row["id"]
        terms = "  (non-commercial use)" if row["noncommercial"] else ""
        out.print(f"[{row['number']}] {text}{terms}", markup=False)
    out.print("\n[dim]One fact with its source row: tripoint fact ID. All facts: --all, --csv or --json.[/dim]")


def _print_kind(out: Any, answer: OnRecord, kind: KindOnRecord, numbers: dict[str, int], everything: bool) -> None:
    import polars as pl

    rows = answer.facts.filter(pl.col("kind") == kind.kind)
    first, last = _year(kind.first), _year(kind.last)
    span = first if first == last else f"{first}-{last}"
    force = f", {kind.in_force} in force" if kind.in_force else ""
    if kind.last_seen:
        force += f", {kind.unended} not known since {kind.last_seen:%Y-%m}"
    out.print(f"  [bold]{kind.kind}[/bold]  {kind.facts:,} ({span}{force})")
    if not everything:
        rows = _yearly(rows) if kind.table == "flows" else rows
    for row in rows.head(rows.height if everything else _SHOWN).iter_rows(named=True):
        number = numbers.get(row["origin"] or row["source_id"], "?")
        out.print(f"    {fact_line(row, answer.as_of)} [{number}]", markup=False)
        out.print(f"      [dim]{row['fact_id']}[/dim]", soft_wrap=True)
    if not everything and rows.height > _SHOWN:
        out.print(f"    [dim]... {rows.height - _SHOWN:,} more[/dim]")


def _yearly(rows: pl.DataFrame) -> pl.DataFrame:
    """Flows of one period, direction, unit and source as one line; the ids say how many facts it sums."""
    import polars as pl

    one = ["start", "end", "precision", "state_a", "state_b", "unit", "source_id", "origin", "table", "directed"]
    summed = rows.group_by(one, maintain_order=True).agg(
        pl.col("value").sum(),
        pl.when(pl.len() == 1).then(pl.col("what").first()).alias("what"),
        pl.when(pl.len() == 1)
        .then(pl.col("fact_id").first())
        .otherwise(pl.format("{} and {} more", pl.col("fact_id").first(), pl.len() - 1))
        .alias("fact_id"),
    )
    return summed.sort("start", descending=True, maintain_order=True)


def fact_line(row: dict[str, Any], as_of: date) -> str:
    """One fact on one line: when, between whom, how much, what; a tie not coded to the day says to when it was."""
    from tripoint.record import KINDS

    arrow = ">" if row["directed"] else "-"
    when = _when(row, as_of)
    amount = "" if row["value"] is None or row["table"] not in ("flows",) else f" {row['value']:,.6g} {row['unit']}"
    level = (
        f" {row['value']:g} {KINDS[row['kind']].scale}"
        if row["table"] in ("commitments", "events") and row["value"] not in (None, 1.0)
        else ""
    )
    what = f" {row['what']}" if row["what"] else ""
    return f"{when}  {row['state_a']}{arrow}{row['state_b']}{amount}{level}{what}"


def _when(row: dict[str, Any], as_of: date) -> str:
    start, end, precision = row["start"], row["end"], row["precision"]
    length = {"day": 10, "month": 7, "year": 4}[precision]
    first = str(start)[:length] if start else "?"
    if end is None:
        seen, holds_to = row["seen"], row["holds_to"]
        if seen is None or holds_to is None:
            return first
        if as_of > holds_to:
            return f"{first} .. not known since {seen:%Y-%m}, no end on record"
        return f"{first} .. in force, last seen {min(seen, as_of):%Y-%m}"
    last = str(end)[:length]
    return first if first == last else f"{first} .. {last}"


def _print_memberships(out: Any, answer: OnRecord) -> None:
    if not answer.memberships:
        return
    out.print("\n[bold]Institutions of both[/bold]")
    still = [m for m in answer.memberships if m.end is None]
    if len(still) > _INSTITUTIONS:
        out.print(f"  {len(still)} now, {len(answer.memberships) - len(still)} in the past; list: --json")
        return
    for m in answer.memberships:
        until = "" if m.end is None else f" .. {m.end}"
        out.print(
            f"  {m.institution} since {m.start}{until}  [dim]{m.fact_ids[0]}, {m.fact_ids[1]}[/dim]", soft_wrap=True
        )


def _print_votes(out: Any, answer: OnRecord) -> None:
    if not answer.votes:
        return
    items = sum(v.items for v in answer.votes)
    mean = sum(v.agreement * v.items for v in answer.votes) / items
    opposed = sum(v.opposed for v in answer.votes)
    years = f"{answer.votes[0].year}-{answer.votes[-1].year}"
    out.print("\n[bold]General Assembly[/bold]")
    out.print(
        f"  {items:,} divided roll calls {years}: agreement {mean:.2f} [0-1], opposed in {opposed:,}", markup=False
    )
    out.print("  " + "  ".join(f"{v.year} {v.agreement:.2f}" for v in answer.votes[-8:]), markup=False)


def _print_gaps(out: Any, answer: OnRecord) -> None:
    out.print("\n[bold]Searched and not found[/bold]")
    for kind in answer.of("none found"):
        out.print(f"  {kind.kind}: none {_searched(answer, kind)} in {', '.join(kind.sources)}")
    out.print("\n[bold]Searched in part, nothing found[/bold]")
    for kind in answer.of("searched in part"):
        out.print(f"  {kind.kind}: {_searched(answer, kind)} in {', '.join(kind.sources)}")
    out.print("\n[bold]Not searched[/bold]")
    names = [k.kind for k in answer.of("not searched")]
    out.print("  " + (", ".join(names) if names else "nothing"))
    out.print("\n[bold]Where the evidence ends[/bold]")
    by_year: dict[str, list[str]] = {}
    for kind in answer.kinds:
        if kind.searched:
            by_year.setdefault(_year(kind.searched[1]), []).append(kind.kind)
    for year in sorted(by_year):
        out.print(f"  {year}: {', '.join(by_year[year])}")


def _searched(answer: OnRecord, kind: KindOnRecord) -> str:
    """Years that were searched, from the first that was asked for."""
    first, last = kind.searched or (None, None)
    return f"{_year(max(first, answer.since) if first else None)}-{_year(last)}"


def _year(day: date | None) -> str:
    return str(day.year) if day else "?"
