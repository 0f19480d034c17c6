"""``tripoint autonomy`` and ``tripoint patronage``: a state between poles, and a patron's support."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.answer import number, plain, print_sources, put, some_ids
from tripoint.cli.output import console, home_option, row_options
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.triad.autonomy import AutonomyOnRecord
    from tripoint.triad.overtures import Overtures
    from tripoint.triad.patronage import Patronage
    from tripoint.triad.sourcing import Citations
    from tripoint.triad.support import Volume


@click.command("autonomy")
@click.argument("state")
@click.option("--poles", default="RUS,CHN,USA", show_default=True, help="States, named blocs (West) or A=XXX+YYY.")
@click.option("--year", type=int, default=2024, show_default=True, help="Year of the profile.")
@click.option("--since", type=int, help="First year, for one row a year from here to --year.")
@click.option("--date", type=int, help="Year of an overture: is the change since then lasting?")
@click.option("--weights", help="Weights of domains, such as votes=2,arms=1; domains left out weigh 0.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the resampling.")
@home_option
@row_options
def autonomy_command(
    state: str,
    poles: str,
    year: int,
    since: int | None,
    date: int | None,
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
      tripoint autonomy IND --poles RUS,CHN,USA --date 2024
    """
    from tripoint.pipeline import open_evidence
    from tripoint.triad.autonomy import build_years
    from tripoint.triad.overtures import fit_overtures
    from tripoint.triad.poles import parse_poles
    from tripoint.triad.sourcing import cite_facts

    evidence, members = open_evidence(home), parse_poles(poles)
    if date is not None:
        test = fit_overtures(evidence, state, members, date, seed=seed)
        put(test, _overture_rows(test), form, output, lambda: _print_overtures(test))
        return
    years = range(since if since is not None else year, year + 1)
    if not years:
        raise InputError(f"--since {since} is after --year {year}")
    answers = build_years(evidence, state, members, years, weights=_weights(weights), seed=seed)
    cited = cite_facts(evidence, (i for a in answers for d in a.domains for i in d.fact_ids))
    rows = [row for answer in answers for row in _autonomy_rows(answer, cited)]
    put({"years": answers, "sources": cited.sources}, rows, form, output, lambda: _print_autonomy(answers, cited))


def _weights(text: str | None) -> dict[str, float] | None:
    if text is None:
        return None
    try:
        return {name.strip(): float(value) for name, value in (part.split("=") for part in text.split(","))}
    except ValueError:
        raise InputError(f"--weights '{text}' should look like votes=2,arms=1") from None


def _autonomy_rows(answer: AutonomyOnRecord, cited: Citations) -> list[dict[str, Any]]:
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
                "unit": "index [0-1]",
                "since": answer.year,
                "until": answer.year,
            }
        )
    return rows


def _print_autonomy(answers: tuple[AutonomyOnRecord, ...], cited: Citations) -> None:
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
        cells = "  ".join(
            f"{pole.name} {number(t)} ({number(a, ',.4g')})"
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
    for place in answer.between:
        b = place.place
        out.print(
            f"  votes from {place.first} (0) to {place.second} (1): {b.value:.2f} [{b.low:.2f}, {b.high:.2f}], "
            f"{place.items} roll calls on which they differ",
            markup=False,
        )
    out.print("\n[bold]Commitments to poles at odds[/bold]")
    for pair in answer.contradictions:
        with_one, with_other = (", ".join(side) for side in pair.poles)
        out.print(f"  {pair.one} (with {with_one}) and {pair.other} (with {with_other})", markup=False)
        out.print(f"      [dim]{some_ids(pair.fact_ids)}[/dim]", soft_wrap=True)
    if not answer.contradictions:
        out.print("  none on record")
    print_sources(out, cited)


def _print_class(out: Any, answer: AutonomyOnRecord) -> None:
    r = answer.result
    out.print("\n[bold]Class[/bold]")
    if r is None:
        out.print("  no domain has evidence about every pole, so no class; load more sources: tripoint load --all")
        return
    toward = f" {r.pole}" if r.pole else ""
    odds = ", ".join(f"{s} {p:.2f}" for s, p in r.probability.items() if p > 0)
    out.print(
        f"  {r.stance}{toward}; index {r.index:.2f} [{r.low:.2f}, {r.high:.2f}]; probability: {odds}", markup=False
    )
    if r.silent:
        out.print(f"  left out for want of evidence: {', '.join(r.silent)}")
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
            f"  poles not at odds joined ({', '.join(c.poles)}): {c.stance} {c.pole}; index {c.index:.2f} "
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
    out = console()
    out.print(f"[bold]{test.state}: what changed in {test.date}, and is it lasting?[/bold]")
    for o in test.tested:
        t = o.test
        values = f"{o.before:.2f} before, {o.after:.2f} since {o.start} ({o.observed_after} values)"
        odds = f"P(none) {t.p_none:.2f}, P(lasting) {t.p_lasting:.2f}, P(tactical) {t.p_tactical:.2f}"
        out.print(
            f"  {o.series.component} toward {o.series.pole} {o.series.unit}: {values}: {t.verdict}  {odds}, "
            f"p {o.p_adjusted:.3f} for {len(test.tested)} series; {o.series.source}",
            markup=False,
        )
    out.print("\n[bold]Not tested[/bold]")
    for name, pole, why in test.untested:
        out.print(f"  {name} toward {pole}: {why}", markup=False)


@click.command("patronage")
@click.argument("patron")
@click.argument("client")
@click.option("--against", required=True, help="Adversaries of the client, such as UKR,USA.")
@click.option("--since", default="2022-02-24", show_default=True, help="First day or year.")
@click.option("--until", default="2025-12-31", show_default=True, help="Last day or year.")
@click.option("--compare", multiple=True, help="Another pair beside it, PATRON:CLIENT or PATRON:CLIENT:ADVERSARY+...")
@home_option
@row_options
def patronage_command(
    patron: str,
    client: str,
    against: str,
    since: str,
    until: str,
    compare: tuple[str, ...],
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Show how far PATRON helps CLIENT against others: nine rungs, amounts, price, risk, dependence.

    \b
    Example:
      tripoint patronage CHN RUS --against UKR,USA --compare PRK:RUS --compare USA:UKR:RUS
    """
    from tripoint.pipeline import open_evidence
    from tripoint.triad.patronage import build_patronage, ladder_frame
    from tripoint.triad.sourcing import cite_facts

    evidence, foes = open_evidence(home), [a.strip() for a in against.split(",") if a.strip()]
    pairs = [(patron, client, foes), *(_pair(text, foes) for text in compare)]
    span = {"since": _day(since, last=False), "until": _day(until, last=True)}
    profiles = [build_patronage(evidence, p, c, a, **span) for p, c, a in pairs]
    cited = cite_facts(evidence, (i for p in profiles for i in _patronage_facts(p)))
    rows = ladder_frame(profiles).to_dicts()
    put({"profiles": profiles, "sources": cited.sources}, rows, form, output, lambda: _print_patronage(profiles, cited))


def _pair(text: str, foes: list[str]) -> tuple[str, str, list[str]]:
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(parts):
        raise InputError(f"--compare '{text}' should look like PRK:RUS or USA:UKR:RUS")
    return parts[0], parts[1], parts[2].split("+") if len(parts) == 3 else foes


def _day(text: str, *, last: bool) -> Any:
    from datetime import date

    try:
        return date(int(text), 12 if last else 1, 31 if last else 1) if text.isdigit() else date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is no day or year; write 2022 or 2022-02-24") from None


def _patronage_facts(profile: Patronage) -> list[str]:
    rungs = [i for r in profile.rungs for i in r.fact_ids[:_FACTS_CITED]]
    return [*rungs, *(i for v in profile.returns for i in v.fact_ids[:1]), *profile.price]


#: Facts of a rung whose documents are listed; all ids are in --json.
_FACTS_CITED = 40


def _print_patronage(profiles: list[Patronage], cited: Citations) -> None:
    out = console()
    for p in profiles:
        out.print(f"[bold]{p.patron} to {p.client} against {', '.join(p.against)}, {p.since} to {p.until}[/bold]")
        for r in reversed(p.rungs):
            span = "" if r.first is None else f"  {r.first} .. {r.last}"
            out.print(f"  {r.rank} {r.name}: {r.status}, {r.facts} facts{span} {cited.marks(r.fact_ids)}", markup=False)
            for v in r.volumes:
                out.print(f"      {_volume(v)} {cited.marks(v.fact_ids)}", markup=False)
            if r.note:
                out.print(f"      {r.note}", markup=False)
            if r.fact_ids:
                out.print(f"      [dim]{some_ids(r.fact_ids)}[/dim]", soft_wrap=True)
        where = f"{p.below_line} below" if p.below_line > 0 else f"{-p.below_line} beyond" if p.below_line else "at"
        out.print(f"  highest rung found: {p.highest or 'none'}; distance from the line: {where} the rung of arms")
        if p.unknown_above:
            out.print(f"  above it not searched, or in part: {', '.join(p.unknown_above)}")
        out.print(f"  price: {len(p.price)} sanctions by the adversaries on {p.patron} since {p.since}")
        for i in p.price:
            out.print(f"      {i} {cited.marks([i])}", markup=False)
        out.print(f"  what {p.patron} gets from {p.client}" + ("" if p.returns else ": no amounts on record"))
        for v in p.returns:
            out.print(f"      {_volume(v)} {cited.marks(v.fact_ids)}", markup=False)
        out.print("  who depends on whom")
        for name, state, partner, part in p.dependence:
            share = f"{part.ties[0]:.1%} in {part.until}" if part.status == "found" else f"not known ({part.note})"
            out.print(f"      {state}'s {name} with {partner}: {share}", markup=False)
        out.print("")
    print_sources(out, cited)


def _volume(v: Volume) -> str:
    item = f" ({v.item})" if v.item and v.item != "goods" else ""
    return f"{v.year} {v.kind}{item} {v.value:,.6g} {v.unit}, {v.source}"
