"""``tripoint autonomy``: how evenly a state stands between poles, and whether an overture is lasting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.answer import amount, number, plain, print_sources, put, some_ids
from tripoint.cli.between import Placed, between_rows, place_by_ideal_points, print_between
from tripoint.cli.output import console, home_option, row_options
from tripoint.cli.text import working
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.triad.autonomy import AutonomyOnRecord
    from tripoint.triad.overtures import Overtures


@click.command("autonomy")
@click.argument("state")
@click.option("--poles", default="RUS,CHN,USA", show_default=True, help="States, named blocs (West) or A=XXX+YYY.")
@click.option("--year", type=int, default=2024, show_default=True, help="Year of the profile.")
@click.option("--since", type=int, help="First year, for one row a year from here to --year.")
@click.option("--date", help="Year of an overture, or find: is the change since then lasting?")
@click.option("--ideal-points", is_flag=True, help="Also place it between poles by ideal points (fits them; seconds).")
@click.option("--weights", help="Weights of domains, such as votes=2,arms=1; domains left out weigh 0.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the resampling.")
@home_option
@row_options
def autonomy_command(
    state: str,
    poles: str,
    year: int,
    since: int | None,
    date: str | None,
    ideal_points: bool,
    weights: str | None,
    seed: int,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Show how evenly STATE stands between poles, and whether it is autonomous by the published rule.

    \b
    Example:
      tripoint autonomy IND --poles RUS,CHN,West --year 2024
      tripoint autonomy IND --poles RUS,CHN,USA --ideal-points
      tripoint autonomy IND --poles RUS,CHN,USA --date 2024
      tripoint autonomy IND --poles RUS,CHN,USA --date find
    """
    from tripoint.evidence.citing import cite_facts
    from tripoint.pipeline import open_evidence
    from tripoint.triad.autonomy import build_years
    from tripoint.triad.overtures import fit_overtures
    from tripoint.triad.poles import parse_poles

    evidence, members = open_evidence(home), parse_poles(poles)
    if date is not None:
        when = _date(date)
        test = working("overtures", lambda: fit_overtures(evidence, state, members, when, seed=seed))
        put(test, _overture_rows(test), form, output, lambda: _print_overtures(test))
        return
    years = range(since if since is not None else year, year + 1)
    if not years:
        raise InputError(f"--since {since} is after --year {year}")
    answers = build_years(evidence, state, members, years, weights=_weights(weights), seed=seed)
    cited = cite_facts(evidence, (i for a in answers for d in a.domains for i in d.fact_ids))
    placed = place_by_ideal_points(evidence, answers, seed=seed) if ideal_points else None
    rows = [row for answer in answers for row in (*_autonomy_rows(answer), *between_rows(answer, placed))]
    whole = {"years": answers, "sources": cited.sources} | ({"ideal_points": placed} if placed else {})
    put(whole, rows, form, output, lambda: _print_autonomy(answers, cited, placed))


def _date(text: str) -> int | None:
    if text == "find":
        return None
    if not text.isdigit():
        raise InputError(f"--date '{text}' should be a year, such as 2024, or find")
    return int(text)


def _weights(text: str | None) -> dict[str, float] | None:
    if text is None:
        return None
    try:
        return {name.strip(): float(value) for name, value in (part.split("=") for part in text.split(","))}
    except ValueError:
        raise InputError(f"--weights '{text}' should look like votes=2,arms=1") from None


def _autonomy_rows(answer: AutonomyOnRecord) -> list[dict[str, Any]]:
    """One row a domain and pole, and one a pole for all domains."""
    rows = []
    for part in answer.domains:
        for k, pole in enumerate(answer.poles):
            rows.append(
                {
                    "state": answer.state,
                    "year": answer.year,
                    "pole": pole.name,
                    "domain": part.name,
                    "status": part.status,
                    "tie": plain(float(part.ties[k])),
                    "amount": plain(float(part.amounts[k])),
                    "whole": plain(part.whole),
                    "unit": part.unit,
                    "since": part.since,
                    "until": part.until,
                    "facts": len(part.fact_ids),
                    "sources": "|".join(part.sources),
                    "fact_ids": "|".join(part.fact_ids[:20]),
                }
            )
    r = answer.result
    for k, pole in enumerate(answer.poles if r else ()):
        assert r is not None  # noqa: S101
        rows.append(
            {
                "state": answer.state,
                "year": answer.year,
                "pole": pole.name,
                "domain": "all",
                "status": r.stance + (f" {r.pole}" if r.pole else ""),
                "tie": float(r.ties[k]),
                "amount": r.index,
                "low": plain(r.low),
                "high": plain(r.high),
                "unit": "index [0-1]",
                "since": answer.year,
                "until": answer.year,
                "sources": "|".join(sorted({s for d in answer.domains if d.status == "found" for s in d.sources})),
            }
        )
    return rows


def _print_autonomy(answers: tuple[AutonomyOnRecord, ...], cited: Citations, placed: Placed | None) -> None:
    out = console()
    if len(answers) > 1:
        _print_years(out, answers)
    answer = answers[-1]
    out.print(f"[bold]{answer.state} between {', '.join(p.name for p in answer.poles)}, {answer.year}[/bold]")
    for pole in answer.poles:
        if len(pole.members) > 1:
            out.print(f"  {pole.name}: {', '.join(pole.members)}", markup=False)
    for remark in answer.remarks:
        out.print(f"  {remark}", markup=False)
    out.print("\n[bold]Profile[/bold] (tie to each pole [0-1]; amounts in brackets)")
    for part in answer.domains:
        if part.status == "not searched":
            out.print(f"  {part.name}: not searched ({part.note})", markup=False)
            continue
        if not part.items and part.status == "in part":
            out.print(f"  {part.name}: searched, none found, so no shares ({part.note})", markup=False)
            continue
        cells = "  ".join(
            f"{pole.name} {number(t)} ({amount(a)})"
            for pole, t, a in zip(answer.poles, part.ties, part.amounts, strict=True)
        )
        span = str(part.until) if part.since == part.until else f"{part.since}-{part.until}"
        found = "" if part.status == "found" else "  in part, not in the index"
        extra = f"; {part.partners:.1f} effective partners" if part.partners == part.partners else ""
        out.print(
            f"  {part.name}: {cells}  {part.unit}, {span}{extra}{found} {cited.marks(part.fact_ids)}", markup=False
        )
        out.print(f"      [dim]{some_ids(part.fact_ids)}{'; ' + part.note if part.note else ''}[/dim]", soft_wrap=True)
    _print_class(out, answer)
    print_between(out, answer, placed)
    out.print("\n[bold]Commitments to poles at odds[/bold]")
    for pair in answer.contradictions:
        with_one, with_other = (", ".join(side) for side in pair.poles)
        out.print(f"  {pair.one} (with {with_one}) and {pair.other} (with {with_other})", markup=False)
        out.print(f"      [dim]{some_ids(pair.fact_ids)}[/dim]", soft_wrap=True)
    if not answer.contradictions:
        out.print("  none on record")
    print_sources(out, cited)


def _print_class(out: Any, answer: AutonomyOnRecord) -> None:
    from tripoint.claims.likelihood import LEAST, percent

    r = answer.result
    out.print("\n[bold]Class[/bold]")
    if r is None:
        out.print("  no domain has evidence about every pole, so no class; load more sources: tripoint load --all")
        return
    toward = f" {r.pole}" if r.pole else ""
    odds = ", ".join(f"{s} {percent(p)}" for s, p in r.probability.items() if p >= LEAST)
    out.print(
        f"  {r.stance}{toward}; index {r.index:.2f} [{r.low:.2f}, {r.high:.2f}]; probability: {odds}", markup=False
    )
    if r.silent:
        out.print(f"  left out for want of evidence: {', '.join(r.silent)}")
    if len(r.profile) == 1:
        out.print(f"  rests on {r.profile[0].domain} alone, so it cannot be weighed against anything")
    for reason in r.reasons:
        out.print(f"  not autonomous because {reason}", markup=False)
    if answer.sensitivity:
        s = answer.sensitivity
        turns = [name for name, stance in s.without.items() if stance != s.stance]
        out.print(
            f"  class changes under {s.changed:.0%} of weightings"
            + (f"; without {' or '.join(turns)} it would be another" if turns else "; no single domain decides")
        )
    if answer.camps:
        c = answer.camps
        out.print(
            "  some of these poles are not at odds with each other, and between them is no autonomy from rivals; "
            f"with them joined ({', '.join(c.poles)}): {f'{c.stance} {c.pole}'.strip()}; index {c.index:.2f} "
            f"[{c.low:.2f}, {c.high:.2f}]",
            markup=False,
        )
    out.print(f"  rule: {answer.rule}", markup=False)


def _print_years(out: Any, answers: tuple[AutonomyOnRecord, ...]) -> None:
    out.print("[bold]By year[/bold]: ties to " + ", ".join(p.name for p in answers[0].poles))
    for a in answers:
        r = a.result
        if r is None:
            out.print(f"  {a.year}  no domain with evidence about every pole")
            continue
        ties = "  ".join(f"{t:.2f}" for t in r.ties)
        known = ", ".join(d.name for d in a.domains if d.status == "found")
        out.print(
            f"  {a.year}  {ties}  index {r.index:.2f} [{r.low:.2f}, {r.high:.2f}]  {r.stance} {r.pole}  ({known})",
            markup=False,
        )
    out.print("")


def _overture_rows(test: Overtures) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "state": test.state,
            "pole": o.series.pole,
            "component": o.series.component,
            "source": o.series.source,
            "unit": o.series.unit,
            "start": o.start,
            "start_low": o.since,
            "start_high": o.until,
            "before": o.before,
            "after": o.after,
            "values_after": o.observed_after,
            "verdict": o.test.verdict,
            "p_none": o.test.p_none,
            "p_lasting": o.test.p_lasting,
            "p_tactical": o.test.p_tactical,
            "p_adjusted": o.p_adjusted,
        }
        for o in test.tested
    ]
    rows += [
        {"state": test.state, "pole": pole, "component": name, "verdict": f"not tested: {why}"}
        for name, pole, why in test.untested
    ]
    return rows


def _print_overtures(test: Overtures) -> None:
    from tripoint.claims.likelihood import percent

    out = console()
    what = "in any year" if test.date is None else f"in {test.date}"
    out.print(f"[bold]{test.state}: what changed {what}, and is it lasting?[/bold]")
    if test.date is None:
        out.print("  the year is the most probable one (90 % range); p-values count the search over all years")
    for o in test.tested:
        t = o.test
        when = str(o.start) if o.since == o.until else f"{o.start} ({o.since}-{o.until})"
        values = f"{o.before:.2f} before, {o.after:.2f} since {when} ({o.observed_after} values)"
        odds = (
            f"probability: none {percent(t.p_none)}, lasting {percent(t.p_lasting)}, tactical {percent(t.p_tactical)}"
        )
        out.print(
            f"  {o.series.component} toward {o.series.pole} {o.series.unit}: {values}: {t.verdict}; {odds}; "
            f"p {o.p_adjusted:.3f} for {len(test.tested)} series; {o.series.source}",
            markup=False,
        )
    out.print("\n[bold]Not tested[/bold]")
    for name, pole, why in test.untested:
        out.print(f"  {name} toward {pole}: {why}", markup=False)
    if not test.untested:
        out.print("  none")
