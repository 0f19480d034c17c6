"""``tripoint bargain``, ``tripoint council``: what a scenario implies, assumptions first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.output import to_json, write_figure, write_text
from tripoint.cli.text import plain, table_lines, working
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.bargain.report import CouncilReport, UltimatumReport, WarReport
    from tripoint.bargain.scenario_schema import Scenario, ScenarioPolicy
    from tripoint.bargain.sweep import Spread

_FORMS = (".svg", ".png", ".html")
_MEASURES = {
    "months": ("further months", ".0f"),
    "share_a": ("A's share in the end", ".2f"),
    "cost_a": ("cost to A", ".3f"),
    "cost_b": ("cost to B", ".3f"),
    "renewed": ("war again", ".2f"),
    "net_a": ("A's net worth", ".2f"),
    "net_b": ("B's net worth", ".2f"),
}


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."),
        click.option("--json", "as_json", is_flag=True, help="The whole result as JSON."),
        click.option("--seed", type=click.IntRange(0), help="Seed (default: the scenario's)."),
        click.option("--draws", type=click.IntRange(2), help="Draws over the assumptions (default: the scenario's)."),
        click.argument("scenario", required=False),
    ):
        function = option(function)
    return function


@click.command("bargain")
@_options
@click.option("--figures", type=click.Path(file_okay=False, path_type=Path), help="Draw four figures to this folder.")
@click.option(
    "--form", type=click.Choice([f[1:] for f in _FORMS]), default="svg", show_default=True, help="Of figures."
)
def bargain_command(
    scenario: str | None,
    draws: int | None,
    seed: int | None,
    as_json: bool,
    output: Path | None,
    figures: Path | None,
    form: str,
) -> None:
    """Run a war or an ultimatum: a TOML file, or the name of a scenario that ships. Without either, list those.

    \b
    Example:
      tripoint bargain russia-ukraine-2022 --draws 64 --figures figures
      tripoint bargain mine.toml --json -o mine.json
    """
    from tripoint.bargain.report import UltimatumReport, WarReport, report

    read = _read(scenario, "bargain")
    if read is None:
        return
    if figures and read.kind != "war":
        raise InputError(f"--figures: '{read.id}' is of kind '{read.kind}'; figures are drawn of wars")
    got = working(f"{read.id}: solving every theory and policy", lambda: report(read, draws=draws, seed=seed))
    if as_json or (output and output.suffix == ".json"):
        write_text(to_json(plain(got)), output)
    elif isinstance(got, WarReport):
        _emit(war_lines(got), output)
    elif isinstance(got, UltimatumReport):
        _emit(ultimatum_lines(got), output)
    if figures and isinstance(got, WarReport):
        _draw(got, figures, form)


@click.command("council")
@_options
def council_command(
    scenario: str | None, draws: int | None, seed: int | None, as_json: bool, output: Path | None
) -> None:
    """Run a council by two models, beside the plain weighted mean and median, with its robustness to input error.

    \b
    Example:
      tripoint council ec-emissions
      tripoint council mine.toml --draws 1000 --json
    """
    from tripoint.bargain.report import report_council

    read = _read(scenario, "council")
    if read is None:
        return
    got = working(f"{read.id}: varying the inputs", lambda: report_council(read, draws=draws, seed=seed))
    if as_json or (output and output.suffix == ".json"):
        write_text(to_json(plain(got)), output)
    else:
        _emit(council_lines(got), output)


def _read(name: str | None, command: str) -> Scenario | None:
    from tripoint.bargain.scenario import read_scenario, shipped_scenarios

    kinds = ("council",) if command == "council" else ("war", "ultimatum")
    if name is None:
        shipped = [s for s in map(read_scenario, shipped_scenarios()) if s.kind in kinds]
        click.echo("Scenarios that ship (or give the path of a TOML file):")
        for s in shipped:
            click.echo(f"  {s.id:<22} {s.kind:<10} {s.title}")
        return None
    read = read_scenario(name)
    if read.kind not in kinds:
        other = "council" if read.kind == "council" else "bargain"
        raise InputError(f"scenario '{read.id}' is of kind '{read.kind}'; run: tripoint {other} {name}")
    return read


def _emit(lines: Sequence[str], output: Path | None) -> None:
    write_text("\n".join(lines) + "\n", output)


def span(value: Spread | None, form: str = ".2f") -> str:
    """A spread as ``low-high``, or a dash."""
    return "-" if value is None else f"{value.low:{form}} to {value.high:{form}}"


def _head(s: Scenario) -> list[str]:
    lines = [s.title, s.summary]
    if s.kind != "council":
        lines.append(f"A is {s.side_a}, B is {s.side_b}. All shares are A's unless said; pies and chances [0-1].")
    if s.as_of:
        lines.append(f"Facts as of {s.as_of}.")
    if s.caution:
        lines += ["", f"Caution: {s.caution}"]
    if s.assumptions:
        lines += ["", "Assumptions (low / middle / high)"]
    for q in s.assumptions.values():
        lines.append(f"  {q.name}: {q.low:g} / {q.mid:g} / {q.high:g}   {q.meaning}")
        lines.append(f"      basis: {q.basis}")
    for row in s.issues:
        i = row.issue
        words = [f"{k} {_given(row.ranges, k, getattr(i, k))}" for k in ("weight_a", "weight_b", "held")]
        lines.append(
            f"  issue {i.name}: {', '.join(words)}; A demands {i.demand_a:g}, B's demand leaves A {i.demand_b:g}"
        )
        lines.append(f"      basis: {row.basis}")
    for policy in s.policies:
        said = ", ".join(_policy_numbers(policy)) or "nothing changed"
        lines.append(f"  policy {policy.policy.name} (on {policy.policy.target.upper()}): {said}")
        lines.append(f"      basis: {policy.basis}")
    setup = ", ".join(f"{k} {v}" for k, v in s.setup.items() if k not in ("draws", "seed"))
    return [*lines, *([f"  setup: {setup}"] if setup else [])]


def _policy_numbers(row: ScenarioPolicy) -> list[str]:
    """What a policy changes: its ranges, and its fixed numbers where they are not those of no policy."""
    from tripoint.bargain.policy import Policy

    blank = Policy(row.policy.name, target=row.policy.target)
    names = [
        f.name for f in fields(blank) if f.name in row.ranges or getattr(row.policy, f.name) != getattr(blank, f.name)
    ]
    return [f"{name} {_given(row.ranges, name, getattr(row.policy, name))}" for name in names]


def _given(ranges: Mapping[str, tuple[float, float]], key: str, value: float) -> str:
    low, high = ranges.get(key, (value, value))
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def war_lines(got: WarReport) -> list[str]:
    """The report of a war as text: assumptions, ranges, theories side by side, beliefs, convergence."""
    s = got.scenario
    lines = _head(s)
    lines += [
        "",
        "Intervals below run from the 5th to the 95th percentile over the draws. Parts of the draws are parts of",
    ]
    lines += ["a region of assumptions, not probabilities.", "", "Is there anything to agree on?"]
    ends = f"from {span(got.range_low)} up to {span(got.range_high)}" if got.range_low else "never open"
    lines.append(f"  against fighting to the finish, in {got.open_range:.0%} of the draws; then {ends}")
    if got.packages:
        lines.append(f"  trades across issues that beat fighting for both, in {got.packages.open:.0%} of the draws")
        lines += [f"    {name}: A's share {span(v)}" for name, v in got.packages.shares.items()]
    return [
        *lines,
        *_theories(got),
        *_policies(got),
        *_beliefs(got),
        *_demands(got),
        "",
        f"How it was made: {got.convergence}",
    ]


def _theories(got: WarReport) -> list[str]:
    fighting = bool(got.scenario.setup.get("fighting", False))
    shown = ("months", "share_a", "cost_a", "cost_b", "renewed")
    head = ["theory", "fighting goes on", "draws kept", *(_MEASURES[m][0] for m in shown)]
    first = [c for c in got.cells if c.policy == got.cells[0].policy] if got.cells else []
    rows = [
        [c.theory, f"{c.explains:.0%} of draws", _kept(c.measures), *(_measure(c.measures, m) for m in shown)]
        for c in first
    ]
    note = "; draws in which a theory has the sides settling at once are set aside" if fighting else ""
    lines = ["", f"Rival theories side by side (no new policy{note})", *table_lines(head, rows)] if rows else []
    own = (("no separation", got.no_separation), ("commitment", got.commitment), ("appeasement", got.appeasement))
    for name, parts in own:
        lines += [f"  {name}: {_named(got.scenario, what)}, {part:.0%}" for what, part in parts.items()]
    return lines


def _named(s: Scenario, what: str) -> str:
    """A result that begins with a side, with the side's name."""
    return {"a": s.side_a, "b": s.side_b}[what[0]] + what[1:] if what[:2] in ("a ", "b ") else what


def _kept(measures: Mapping[str, Spread]) -> str:
    return str(measures["months"].draws) if measures else "below 2"


def _measure(measures: Mapping[str, Spread], name: str) -> str:
    return span(measures.get(name), _MEASURES[name][1])


def _policies(got: WarReport) -> list[str]:
    names = list(dict.fromkeys(c.policy for c in got.cells))
    if len(names) < 2:
        return []
    shown = ("months", "share_a", "net_a", "net_b", "renewed")
    lines = ["", "Policies, theory by theory"]
    for theory in dict.fromkeys(c.theory for c in got.cells):
        rows = [[c.policy, *(_measure(c.measures, m) for m in shown)] for c in got.cells if c.theory == theory]
        lines += table_lines([theory, *(_MEASURES[m][0] for m in shown)], rows)
    return [*lines, *_better(got)]


def _better(got: WarReport) -> list[str]:
    """Pairs of policies on one side: parts in which the first and the second serve a goal better."""
    goals = list(dict.fromkeys(key[3] for key in got.better))
    rows: dict[str, list[list[str]]] = {}
    done: set[tuple[str, str, str]] = set()
    for theory, one, other, _ in got.better:
        if (theory, one, other) in done:
            continue
        done |= {(theory, one, other), (theory, other, one)}
        cells = [
            _first_second(got.better.get((theory, one, other, g)), got.better.get((theory, other, one, g)))
            for g in goals
        ]
        rows.setdefault(theory, []).append([f"{one} / {other}", *cells])
    lines = ["", "Which does better: part of the draws kept, first / second (the rest are ties)"]
    for theory, found in rows.items():
        lines += table_lines([theory, *goals], found)
    return lines


def _first_second(first: float | None, second: float | None) -> str:
    return " / ".join(f"{x:.0%}" for x in (first, second) if x is not None)


def _beliefs(got: WarReport) -> list[str]:
    if not got.beliefs:
        return []
    lines = ["", "What would have to be believed for refusing less to be rational"]
    for b in got.beliefs:
        need = f"a chance of winning the war of {span(b.victory)}" if b.victory else "no belief suffices"
        some = f" (none suffices in {b.impossible:.0%} of the draws)" if b.victory and b.impossible > 0 else ""
        name = got.scenario.side_a if b.side == "a" else got.scenario.side_b
        lines.append(
            f"  {name}, refusing less than {b.refuses} (share {span(b.demand)}): {need}{some}; "
            f"assumed {span(b.assumed)}, enough in {b.rational:.0%}"
        )
    return lines


def _demands(got: WarReport) -> list[str]:
    lines = ["", "Have the demands run ahead? (score: demand less the larger of what is held and expected)"]
    for side, m in got.maximalism.items():
        name = got.scenario.side_a if side == "a" else got.scenario.side_b
        text = ", ".join(
            f"{v:.2f} ({lo:.2f}-{hi:.2f})" for v, lo, hi in zip(m.score, m.score_low, m.score_high, strict=True)
        )
        lines.append(f"  {name}: {text}{steps_text(m)}")
    return lines if got.maximalism else []


def steps_text(m: Any) -> str:
    """How a row of demands moved, in words."""
    if m.unchanged is None:
        return "; one statement"
    parts = f"; steps unchanged {m.unchanged:.0%}, lowered {m.lowered:.0%}, raised {m.raised:.0%}"
    above = f"; above 0 for {m.time_above:.0%} of the time" if m.time_above is not None else ""
    return parts + above


def ultimatum_lines(got: UltimatumReport) -> list[str]:
    """The report of an ultimatum as text."""
    return [
        *_head(got.scenario),
        "",
        "Over the ranges (5th to 95th percentile)",
        f"  A demands {span(got.demand)} of the pie",
        f"  chance of war {span(got.chance_of_war)}",
        f"At the middle of the assumptions A demands {got.at_middle.demand:.3f}, war {got.at_middle.chance_of_war:.3f}",
        "",
        f"How it was made: {got.draws} Sobol draws over the assumptions (seed {got.seed}), each solved in closed form",
    ]


def council_lines(got: CouncilReport) -> list[str]:
    """The report of a council as text: inputs, both models beside the plain mean and median, robustness."""
    s = got.scenario
    scale = f" [{s.setup['scale']}]" if "scale" in s.setup else ""
    rows = [[a.name, f"{a.capability:g}", f"{a.position:g}", f"{a.salience:g}"] for a in s.actors]
    outcomes = [
        [
            x.name,
            f"{x.base:.3f}",
            f"{x.low:.3f} to {x.high:.3f}",
            "robust" if x.robust else "not robust",
            f"{x.near:.0%}",
        ]
        for x in got.robustness.spreads
    ]
    e = got.election
    rules = {"conditional": e.election.conditional, "uniform": e.election.uniform, "incentive": e.election.incentive}
    chances = [
        [f"{option:g}", *(f"{values[k]:.3f}" for values in rules.values())] for k, option in enumerate(e.options)
    ]
    return [
        *_head(s),
        "",
        f"Inputs{scale}",
        *table_lines(["actor", "capability", "position", "salience"], rows),
        "",
        f"Outcomes{scale}: as given, and 90 % of {got.robustness.draws} draws with {got.robustness.error:.0%} error",
        *table_lines(["measure", "as given", "under error", "verdict", "draws near"], outcomes),
        "",
        "Chances of each position in the Condorcet election, by rule",
        *table_lines(["position", *rules], chances),
        f"  means: {', '.join(f'{k} {v:.3f}' for k, v in e.means.items())}",
        "",
        got.robustness.verdict,
        "The weighted mean and median use no model. In a public backtest on 351 European issues the challenge model's",
        "error was 26.8 against the mean's 23.0: nothing here claims to forecast better than they do.",
        "",
        f"How it was made: {got.convergence}",
    ]


def _draw(got: WarReport, folder: Path, form: str) -> None:
    from tripoint.cli.bargain_figures import war_figures

    folder.mkdir(parents=True, exist_ok=True)
    drawn = working("drawing four figures", lambda: war_figures(got))
    for name, figure in drawn.items():
        path = folder / f"{got.scenario.id}-{name}.{form}"
        write_figure(figure, path)
        click.echo(str(path), err=True)
    if "policy-map" not in drawn:
        click.echo("no policy map: it compares a policy with another, and the scenario has none", err=True)
