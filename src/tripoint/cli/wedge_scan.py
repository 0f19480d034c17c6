"""``tripoint wedge --scan``: every close pair, ranked by a divider's best opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.cli.answer import aligned, number, plain, print_sources, put, signed, some_ids
from tripoint.cli.output import console

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.triad.wedge_scan import Scanned, WedgeScan

_CITED = 10
_IDS_IN_A_ROW = 20


def run_scan(
    by: str,
    *,
    year: int,
    change: Any,
    line: float | None,
    every: bool,
    top: int,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Scan and print the first ``top`` pairs, or write all of them."""
    from tripoint.evidence.citing import cite_facts
    from tripoint.pipeline import open_evidence
    from tripoint.triad.wedge_scan import scan_wedges

    evidence = open_evidence(home)
    found = scan_wedges(evidence, by, year=year, change=change, line=line, every=every, watch=watched)
    shown = [s for s in found.pairs if s.best][:top]
    cited = cite_facts(evidence, (i for s in shown for i in _cited(s)))
    put(found, scan_rows(found), form, output, lambda: _print(found, shown, cited))


def _cited(pair: Scanned) -> Iterable[str]:
    return (*pair.ties[:_CITED], *(pair.best.seam.fact_ids[:_CITED] if pair.best else ()))


def watched(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Go through the pairs with a progress bar on a terminal."""
    err = console(stderr=True)
    if not err.is_terminal:
        yield from pairs
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        yield from progress.track(pairs, description="close pairs")


def scan_rows(found: WedgeScan) -> list[dict[str, Any]]:
    """One row a pair, best opening first; pairs without one, and pairs that are apart, last."""
    rows: list[dict[str, Any]] = []
    for rank, s in enumerate(found.pairs, 1):
        row: dict[str, Any] = {
            "rank": rank if s.best else None,
            "state_a": s.a,
            "state_b": s.b,
            "year": found.year,
            "divider": found.divider,
            "change": found.change,
            "status": "opening" if s.best else "no opening",
            "bound_by": "|".join(s.kinds),
            "alignment": s.alignment,
            "alignment_sd": s.alignment_sd,
            "bound_to_divider": "|".join(s.friends),
            "ties": "|".join(s.ties[:_IDS_IN_A_ROW]),
        }
        if s.best:
            seam = s.best.seam
            row |= {
                "target": s.best.target,
                "score": s.best.score,
                "low": s.best.low,
                "high": s.best.high,
                "seam": seam.name,
                "size": seam.size,
                "trend": seam.trend,
                "until": seam.until,
                "reward": s.reward,
                "constraint": s.constraint,
                "finding": seam.finding,
                "counter": seam.counter,
                "sources": "|".join(seam.sources),
                "fact_ids": "|".join(seam.fact_ids[:_IDS_IN_A_ROW]),
            }
        else:
            row["finding"] = s.why
        rows.append({name: plain(value) for name, value in row.items()})
    for a, b in found.apart:
        rows.append({"state_a": a, "state_b": b, "year": found.year, "divider": found.divider, "status": "apart"})
    return rows


def _print(found: WedgeScan, shown: list[Scanned], cited: Citations) -> None:
    out = console()
    with_one = sum(s.best is not None for s in found.pairs)
    out.print(f"[bold]{found.divider} among {len(found.pairs)} close pairs, {found.year}, to {found.change}[/bold]")
    line = "" if found.line is None else f", or alignment of {found.line:g} or more"
    out.print(f"  close: a pledge or partnership in force{line}", markup=False)
    out.print(f"  {found.own} close pairs of {found.divider} itself are left out")
    if found.easy:
        out.print(f"  {found.easy} with neither of whom {found.divider} is at odds on record are left out (--all)")
    out.print(
        f"\n[bold]Best openings[/bold], {len(shown)} of {with_one} (score [0-1] orders them; it is no probability)"
    )
    for rank, s in enumerate(shown, 1):
        assert s.best is not None  # noqa: S101
        seam, bounds = s.best.seam, "(no interval)"
        if s.best.low == s.best.low:
            bounds = f"[{s.best.low:.2f}, {s.best.high:.2f}]"
        out.print(
            f"  {rank}. {s.a}-{s.b}, target {s.best.target}: {s.best.score:.2f} {bounds}  {seam.name}", markup=False
        )
        trend = f", {signed(seam.trend)} in ten years" if seam.trend == seam.trend else ""
        out.print(f"      size {seam.size:.2f}{trend}; {seam.finding} {cited.marks(seam.fact_ids)}", markup=False)
        out.print(f"      against: {seam.counter}; reward {number(s.reward)}, constraint {number(s.constraint)}")
        measured = f"alignment {aligned(s.alignment)} (sd {s.alignment_sd:.2f})" if s.alignment == s.alignment else ""
        bound = "; ".join(x for x in (", ".join(s.kinds) or "no pledge", measured) if x)
        friends = f"; {', '.join(s.friends)} bound to {found.divider} too" if s.friends else ""
        out.print(f"      bound by: {bound}{friends} {cited.marks(s.ties)}", markup=False)
        out.print(f"      [dim]{some_ids(seam.fact_ids)}[/dim]", soft_wrap=True)
    without: dict[str, list[str]] = {}
    for s in found.pairs:
        if not s.best:
            without.setdefault(s.why, []).append(f"{s.a}-{s.b}")
    out.print(f"\n[bold]Without an opening on record[/bold]: {len(found.pairs) - with_one}")
    for why, pairs in without.items():
        out.print(f"  {why}: {', '.join(pairs)}", markup=False)
    if found.apart:
        out.print(f"\n[bold]A pledge in force, but alignment below 0[/bold]: {len(found.apart)}, left out")
        out.print("  " + ", ".join(f"{a}-{b}" for a, b in found.apart), markup=False)
    print_sources(out, cited)
