"""``tripoint balance``, ``triad`` and ``wedge``: camps, triangles, and what would part two states."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.answer import aligned, number, plain, print_sources, put, signed, some_ids
from tripoint.cli.output import console, home_option, row_options
from tripoint.cli.wedge_scan import run_scan
from tripoint.errors import CoverageError, InputError

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.triad.levers import Target
    from tripoint.triad.signed import BalanceOfYear
    from tripoint.triad.wedge import Wedge

#: States of the network unless others are named.
STATES = "AUS,BLR,BRA,CHN,DEU,FRA,GBR,IND,IRN,JPN,KAZ,KOR,PAK,PRK,RUS,SAU,TUR,UKR,USA,VNM"
_STRAINED = 12
_OPENINGS = 12


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


@click.command("balance")
@click.option("--year", type=int, default=2024, show_default=True, help="Year.")
@click.option("--states", "members", default=STATES, show_default=True, help="States of the network.")
@click.option("--band", type=float, default=1 / 3, show_default="1/3", help="Alignment beyond which a tie has a sign.")
@click.option("--draws", type=int, default=60, show_default=True, help="Networks drawn from the signs' uncertainty.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws.")
@home_option
@row_options
def balance_command(
    year: int,
    members: str,
    band: float,
    draws: int,
    seed: int,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Show the two camps of some states, and which ties fit neither and are under strain.

    \b
    Example:
      tripoint balance --year 2024
      tripoint balance --year 1975 --states USA,SUN,CHN,IND,PAK,VNM
    """
    from tripoint.dyad.relation import fit_relation, last_year
    from tripoint.evidence.citing import cite_facts
    from tripoint.pipeline import open_evidence
    from tripoint.triad.signed import balance_of_year, sign_reasons

    evidence = open_evidence(home)
    if year > (known := last_year(evidence)):
        raise CoverageError(f"the evidence of relations ends in {known}; name {known} or an earlier year, not {year}")
    alignment = fit_relation(evidence, _names(members), start=year, end=year)
    found = balance_of_year(alignment, year, band=band, draws=draws, seed=seed)
    order = sorted(range(len(found.pairs)), key=lambda i: -found.strain[i])[:_STRAINED]
    worst = [found.pairs[i] for i in order if found.strain[i] > 0]
    why = {pair: sign_reasons(evidence, alignment, *pair, year) for pair in worst}
    cited = cite_facts(evidence, (i for reasons in why.values() for r in reasons for i in r.fact_ids[:3]))
    answer = {"balance": found, "reasons": why, "indicator_sources": alignment.sources}
    put(answer, _tie_rows(found), form, output, lambda: _print_balance(found, why, cited, alignment.sources))


def _tie_rows(found: BalanceOfYear) -> list[dict[str, Any]]:
    camp = dict(zip(found.states, found.likely.camps.tolist(), strict=True))
    return [
        {
            "state_a": a,
            "state_b": b,
            "year": found.year,
            "p_friendly": float(p[0]),
            "p_no_sign": float(p[1]),
            "p_hostile": float(p[2]),
            "strain": float(s),
            "camp_a": camp[a],
            "camp_b": camp[b],
        }
        for (a, b), p, s in zip(found.pairs, found.probability, found.strain, strict=True)
    ]


def _print_balance(found: BalanceOfYear, why: dict[Any, Any], cited: Citations, sources: tuple[str, ...]) -> None:
    from tripoint.claims.likelihood import percent

    out = console()
    likely, census = found.likely, found.census
    out.print(f"[bold]Two camps among {len(found.states)} states, {found.year}[/bold]")
    for side in (0, 1):
        members = [
            f"{s} {percent(p)}"
            for s, c, p in zip(found.states, likely.camps, found.camp if side == 0 else 1 - found.camp, strict=True)
            if c == side
        ]
        out.print(f"  camp {side + 1} (probability): {', '.join(members)}", markup=False)
    alone = [s for s, c in zip(found.states, likely.camps, strict=True) if c < 0]
    if alone:
        out.print(f"  no likely tie: {', '.join(alone)}")
    exact = "exact" if likely.gap == 0 else f"gap {likely.gap:.0%}"
    out.print(
        f"  likely signs: {likely.ties} ties, {int((found.signs < 0).sum())} hostile; L {likely.index} ({exact}), "
        f"F {likely.balance:.3f}, T {census.balance:.3f}; triangles +++ {census.ppp}, ++- {census.ppm}, "
        f"+-- {census.pmm}, --- {census.mmm}",
        markup=False,
    )
    for name, (mean, low, high) in (("L", found.lines), ("F", found.balance), ("T", found.triangles)):
        out.print(f"  {name} over {found.draws} networks drawn: {mean:.2f} [{low:.2f}, {high:.2f}]", markup=False)
    out.print("\n[bold]Ties under strain[/bold] (probability of a sign that fits neither camp)")
    at = {pair: i for i, pair in enumerate(found.pairs)}
    for pair, reasons in why.items():
        strain, (friendly, _, hostile) = found.strain[at[pair]], found.probability[at[pair]]
        signs = f"friendly {percent(friendly)}, hostile {percent(hostile)}"
        out.print(f"  {pair[0]}-{pair[1]} {percent(strain)}  {signs}", markup=False)
        for r in reasons:
            marks = cited.marks(r.fact_ids[:3])
            out.print(
                f"      {r.indicator} {r.contribution:+.2f} {marks}  {some_ids(r.fact_ids) or _SERIES}", markup=False
            )
    out.print(f"\n[dim]Signs rest on: {', '.join(sources)}[/dim]", soft_wrap=True)
    print_sources(out, cited)


@click.command("triad")
@click.argument("a")
@click.argument("b")
@click.argument("c")
@click.option("--since", type=int, default=1990, show_default=True, help="First year shown.")
@click.option("--until", type=int, default=2024, show_default=True, help="Last year.")
@click.option("--band", type=float, default=1 / 3, show_default="1/3", help="Alignment beyond which a tie has a sign.")
@home_option
@row_options
def triad_command(
    a: str,
    b: str,
    c: str,
    since: int,
    until: int,
    band: float,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Show which triangle A, B and C form, year by year, with probabilities.

    \b
    Example:
      tripoint triad IND RUS CHN
    """
    from tripoint import states
    from tripoint.dyad.relation import FIRST_YEAR, fit_relation
    from tripoint.evidence.citing import cite_facts
    from tripoint.pipeline import open_evidence
    from tripoint.triad.signed import sign_reasons, tie_signs, triangle_years

    if not FIRST_YEAR <= since <= until:
        raise InputError(f"--since {since} must be {FIRST_YEAR} or later and not after --until {until}")
    evidence = open_evidence(home)
    ids = [states.lineage(states.find(s).id)[0] for s in (a, b, c)]
    if len(set(ids)) < 3:
        raise InputError(f"a triangle needs three states, not {a}, {b} and {c}")
    alignment = fit_relation(evidence, ids, end=until)
    found = triangle_years(alignment, ids[0], ids[1], ids[2], band=band)
    signs = tie_signs(alignment, band=band)
    rows = []
    for k, year in enumerate(alignment.years.tolist()):
        if year < since:
            continue
        types = {str(name): float(v[k]) for name, v in found.by_type().items()}
        row: dict[str, Any] = {"year": year}
        row.update(types)
        row |= {f"pivot {s}": float(v) for s, v in zip(ids, found.pivot[k], strict=True)}
        row |= {f"outsider {s}": float(v) for s, v in zip(ids, found.outsider[k], strict=True)}
        for i, (x, y) in enumerate(alignment.pairs):
            row |= {f"alignment {x}-{y}": float(alignment.mean[i, k]), f"sd {x}-{y}": float(alignment.sd[i, k])}
            row |= {f"P(+) {x}-{y}": float(signs.probability[i, k, 0])}
            row |= {f"P(-) {x}-{y}": float(signs.probability[i, k, 2])}
        rows.append(row)
    why = {pair: sign_reasons(evidence, alignment, *pair, until) for pair in alignment.pairs}
    cited = cite_facts(evidence, (i for reasons in why.values() for r in reasons for i in r.fact_ids[:3]))
    answer = {"states": ids, "years": rows, "reasons": why, "sources": cited.sources}

    def show() -> None:
        from tripoint.claims.likelihood import percent

        out = console()
        out.print(f"[bold]{ids[0]}, {ids[1]} and {ids[2]}[/bold]: triangles by year (Dittmer 1981), with probability")
        for row in rows:
            kinds = ("menage a trois", "romantic triangle", "stable marriage", "unit veto", "incomplete")
            best = max(kinds, key=lambda n: row[n] if row[n] == row[n] else -1.0)
            part = {"romantic triangle": "pivot", "stable marriage": "outsider"}.get(best, "")
            who = max(ids, key=lambda s: row[f"{part} {s}"]) if part else ""
            rest = ", ".join(f"{n} {percent(row[n])}" for n in kinds if n != best and row[n] >= _SHOWN)
            said = f"{best} {percent(row[best])}" + (f" ({part} {who})" if who else "")
            out.print(f"  {row['year']}  {said}{'; ' + rest if rest else ''}", markup=False)
        out.print(f"\n[bold]Signs in {until}[/bold]")
        for pair, reasons in why.items():
            name = f"{pair[0]}-{pair[1]}"
            last = rows[-1]
            out.print(
                f"  {name} alignment {aligned(last['alignment ' + name])} (sd {last['sd ' + name]:.2f})  "
                f"P(friendly) {percent(last['P(+) ' + name])}, P(hostile) {percent(last['P(-) ' + name])}",
                markup=False,
            )
            for r in reasons:
                marks = cited.marks(r.fact_ids[:3])
                out.print(
                    f"      {r.indicator} {r.contribution:+.2f} {marks}  {some_ids(r.fact_ids) or _SERIES}",
                    markup=False,
                )
        print_sources(out, cited)

    put(answer, rows, form, output, show)


_SHOWN = 0.05
#: Said of an indicator that no fact of the year stands for.
_SERIES = "(no one fact of that year: a series, or none found)"


@click.command("wedge")
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--scan", is_flag=True, help="Rank all close pairs instead of naming two states.")
@click.option("--by", required=True, help="The divider.")
@click.option("--year", type=int, default=2024, show_default=True, help="Last year used.")
@click.option(
    "--change",
    type=click.Choice(["neutralize", "detach", "realign"]),
    default="neutralize",
    show_default=True,
    help="What the target is to do.",
)
@click.option("--third", help="States in which influence is compared, such as KAZ,KGZ.")
@click.option(
    "--line", type=float, default=0.5, show_default=True, help="Alignment from which a pair is close (--scan)."
)
@click.option("--pledges", is_flag=True, help="Pairs with a pledge alone, without measuring alignment (--scan).")
@click.option("--all", "every", is_flag=True, help="Pairs without an adversary of the divider too (--scan).")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="Pairs printed (--scan).")
@home_option
@row_options
def wedge_command(
    a: str | None,
    b: str | None,
    scan: bool,
    by: str,
    year: int,
    change: Any,
    third: str | None,
    line: float,
    pledges: bool,
    every: bool,
    top: int,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Rank what a divider could use to part A and B: seams, levers, constraints, counter-evidence.

    \b
    Example:
      tripoint wedge RUS CHN --by USA
      tripoint wedge --scan --by USA --year 1972 --top 10
    """
    if scan:
        if a is not None or third is not None:
            raise InputError("--scan looks at all close pairs; leave out the two states and --third")
        run_scan(
            by,
            year=year,
            change=change,
            line=None if pledges else line,
            every=every,
            top=top,
            home=home,
            form=form,
            output=output,
        )
        return
    if a is None or b is None:
        raise InputError("name two states, as in: tripoint wedge RUS CHN --by USA; or add --scan for all close pairs")
    from tripoint.evidence.citing import cite_facts
    from tripoint.pipeline import open_evidence
    from tripoint.triad.wedge import build_wedge

    evidence = open_evidence(home)
    found = build_wedge(
        evidence, a, b, by, year=year, change=change, third=_names(third) if third is not None else None
    )
    levers = [x for t in found.targets for x in (*t.rewards, *t.punishments, *t.constraints)]
    ids = [i for s in found.seams for i in s.fact_ids[:_CITED]] + [i for x in levers for i in x.fact_ids[:_CITED]]
    cited = cite_facts(evidence, ids)
    put(found, _wedge_rows(found), form, output, lambda: _print_wedge(found, cited))


_CITED = 10


def _wedge_rows(found: Wedge) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "rank": rank,
            "seam": o.seam.name,
            "target": o.target,
            "change": o.change,
            "score": o.score,
            "low": o.low,
            "high": o.high,
            "size": o.seam.size,
            "trend": o.seam.trend,
            "until": o.seam.until,
            "finding": o.seam.finding,
            "counter": o.seam.counter,
            "sources": "|".join(o.seam.sources),
            "fact_ids": "|".join(o.seam.fact_ids[:20]),
        }
        for rank, o in enumerate(found.openings, 1)
    ]
    rows += [{"seam": u.name, "finding": f"not searched: {u.why}"} for u in found.unsearched]
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def _print_wedge(found: Wedge, cited: Citations) -> None:
    out = console()
    out.print(f"[bold]{found.divider} between {found.a} and {found.b}, {found.year}, to {found.change}[/bold]")
    out.print(f"  bound by {len(found.ties)} pacts and partnerships: {some_ids(found.ties)}", markup=False)
    for remark in found.remarks:
        out.print(f"  {remark}", markup=False)
    out.print("\n[bold]Openings[/bold] (score [0-1] orders them; it is no probability)")
    shown = [o for o in found.openings if o.score > 0][:_OPENINGS]
    for rank, o in enumerate(shown, 1):
        s = o.seam
        bounds = f" [{o.low:.2f}, {o.high:.2f}]" if o.low == o.low else " (no interval)"
        trend = f", {signed(s.trend)} in ten years" if s.trend == s.trend else ""
        out.print(f"  {rank}. {s.name}, target {o.target}: {o.score:.2f}{bounds}", markup=False)
        out.print(f"      size {s.size:.2f}{trend}; {s.finding} {cited.marks(s.fact_ids)}", markup=False)
        out.print(f"      against: {s.counter}", markup=False)
        out.print(f"      [dim]{some_ids(s.fact_ids)}[/dim]", soft_wrap=True)
    rest = [o.seam.name for o in found.openings if not o.score > 0]
    if rest:
        out.print(f"  no divergence, or no known lever: {'; '.join(dict.fromkeys(rest))}", markup=False)
    for target in found.targets:
        _print_target(out, found, target, cited)
    out.print("\n[bold]Seams not searched[/bold]")
    for u in found.unsearched:
        out.print(f"  {u.name}: {u.why}", markup=False)
    print_sources(out, cited)


def _print_target(out: Any, found: Wedge, target: Target, cited: Citations) -> None:
    out.print(f"\n[bold]{found.divider} and {target.state}[/bold]")
    for word, levers in (
        ("reward", target.rewards),
        ("punishment", target.punishments),
        ("constraint", target.constraints),
    ):
        for x in levers:
            out.print(f"  {word}: {x.name} {number(x.power)}; {x.finding} {cited.marks(x.fact_ids)}", markup=False)
    out.print(f"  in all: reward {number(target.reward)}, constraint {number(target.constraint)}", markup=False)
