"""``tripoint patronage``: how far a patron helps a client against others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.answer import amount, print_sources, put, some_ids
from tripoint.cli.output import console, home_option, row_options
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.triad.patronage import Patronage
    from tripoint.triad.support import Volume


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
    from tripoint.evidence.citing import cite_facts
    from tripoint.pipeline import open_evidence
    from tripoint.triad.patronage import build_patronage, ladder_frame

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
            facts = f"{r.facts} fact{'' if r.facts == 1 else 's'}{span}"
            out.print(f"  {r.rank} {r.name}: {r.status}, {facts} {cited.marks(r.fact_ids)}", markup=False)
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
        many = "sanction" if len(p.price) == 1 else "sanctions"
        out.print(f"  price: {len(p.price)} {many} by the adversaries on {p.patron} since {p.since}")
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
    return f"{v.year} {v.kind}{item} {amount(v.value)} {v.unit}, {v.source}"
