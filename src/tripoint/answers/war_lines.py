"""What a scenario implies in lines and tables: assumptions first, then theories side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Part, Table
from tripoint.answers.making import lines

if TYPE_CHECKING:
    from tripoint.bargain.report import UltimatumReport, WarReport
    from tripoint.bargain.scenario_schema import Scenario, ScenarioPolicy
    from tripoint.bargain.sweep import Spread

_MEASURES = MappingProxyType(
    {
        "months": ("further months", ".0f"),
        "share_a": ("A's share in the end", ".2f"),
        "cost_a": ("cost to A", ".3f"),
        "cost_b": ("cost to B", ".3f"),
        "renewed": ("war again", ".2f"),
        "net_a": ("A's net worth", ".2f"),
        "net_b": ("B's net worth", ".2f"),
    }
)


def span(value: Spread | None, form: str = ".2f") -> str:
    """A spread as ``low-high``, or a dash."""
    return "-" if value is None else f"{value.low:{form}} to {value.high:{form}}"


def assumption_parts(s: Scenario) -> Iterator[Part]:
    """The scenario's own words, and every assumption with its basis."""
    said = [s.summary]
    if s.kind != "council":
        said.append(f"A is {s.side_a}, B is {s.side_b}. All shares are A's unless said; pies and chances [0-1].")
    if s.as_of:
        said.append(f"Facts as of {s.as_of}.")
    yield Part("Scenario", lines(said))
    rows = tuple(
        (q.name, f"{q.low:g}", f"{q.mid:g}", f"{q.high:g}", q.meaning, q.basis) for q in s.assumptions.values()
    )
    head = ("assumption", "low", "middle", "high", "meaning", "basis")
    yield Part("Assumptions", (), Table("", head, rows, words=True) if rows else None)
    told = []
    for row in s.issues:
        i = row.issue
        words = [f"{k} {_given(row.ranges, k, getattr(i, k))}" for k in ("weight_a", "weight_b", "held")]
        told.append(
            f"issue {i.name}: {', '.join(words)}; A demands {i.demand_a:g}, B's demand leaves A {i.demand_b:g}; "
            f"basis: {row.basis}"
        )
    for policy in s.policies:
        changed = ", ".join(_policy_numbers(policy)) or "nothing changed"
        told.append(
            f"policy {policy.policy.name} (on {policy.policy.target.upper()}): {changed}; basis: {policy.basis}"
        )
    setup = ", ".join(f"{k} {v}" for k, v in s.setup.items() if k not in ("draws", "seed"))
    yield Part("Issues, policies and setup", lines([*told, *([f"setup: {setup}"] if setup else [])]))


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


def war_parts(got: WarReport) -> Iterator[Part]:
    """Ranges, theories side by side, policies, beliefs and demands of a war."""
    yield from assumption_parts(got.scenario)
    ends = f"from {span(got.range_low)} up to {span(got.range_high)}" if got.range_low else "never open"
    said = [
        "Intervals run from the 5th to the 95th percentile over the draws. Parts of the draws are parts of a region of "
        "assumptions, not probabilities.",
        f"against fighting to the finish, in {got.open_range:.0%} of the draws; then {ends}",
    ]
    if got.packages:
        said.append(f"trades across issues that beat fighting for both, in {got.packages.open:.0%} of the draws")
        said += [f"{name}: A's share {span(v)}" for name, v in got.packages.shares.items()]
    yield Part("Is there anything to agree on?", lines(said))
    yield from _theories(got)
    yield from _policies(got)
    yield Part("What would have to be believed for refusing less to be rational", lines(_beliefs(got)))
    heading = "Have the demands run ahead? (score: demand less the larger of what is held and expected)"
    yield Part(heading, lines(_demands(got)))
    yield Part("How it was made", lines((got.convergence,), tone="note"))


def _theories(got: WarReport) -> Iterator[Part]:
    fighting = bool(got.scenario.setup.get("fighting", False))
    shown = ("months", "share_a", "cost_a", "cost_b", "renewed")
    head = ("theory", "fighting goes on", "draws kept", *(_MEASURES[m][0] for m in shown))
    first = [c for c in got.cells if c.policy == got.cells[0].policy] if got.cells else []
    rows = tuple(
        (c.theory, f"{c.explains:.0%} of draws", _kept(c.measures), *(_measure(c.measures, m) for m in shown))
        for c in first
    )
    note = "Draws in which a theory has the sides settling at once are set aside." if fighting else ""
    own = (("no separation", got.no_separation), ("commitment", got.commitment), ("appeasement", got.appeasement))
    said = [f"{name}: {_named(got.scenario, what)}, {part:.0%}" for name, parts in own for what, part in parts.items()]
    table = Table("No new policy", head, rows, note) if rows else None
    yield Part("Rival theories side by side", lines(said), table)


def _named(s: Scenario, what: str) -> str:
    """A result that begins with a side, with the side's name."""
    return {"a": s.side_a, "b": s.side_b}[what[0]] + what[1:] if what[:2] in ("a ", "b ") else what


def _kept(measures: Mapping[str, Spread]) -> str:
    return str(measures["months"].draws) if measures else "below 2"


def _measure(measures: Mapping[str, Spread], name: str) -> str:
    return span(measures.get(name), _MEASURES[name][1])


def _policies(got: WarReport) -> Iterator[Part]:
    if len({c.policy for c in got.cells}) < 2:
        return
    shown = ("months", "share_a", "net_a", "net_b", "renewed")
    heading = "Policies, theory by theory"
    for theory in dict.fromkeys(c.theory for c in got.cells):
        rows = tuple((c.policy, *(_measure(c.measures, m) for m in shown)) for c in got.cells if c.theory == theory)
        yield Part(heading, (), Table("", (theory, *(_MEASURES[m][0] for m in shown)), rows))
        heading = ""
    yield from _better(got)


def _better(got: WarReport) -> Iterator[Part]:
    """Pairs of policies on one side: parts in which the first and the second serve a goal better."""
    goals = tuple(dict.fromkeys(key[3] for key in got.better))
    rows: dict[str, list[tuple[str, ...]]] = {}
    done: set[tuple[str, str, str]] = set()
    for theory, first, second, _ in got.better:
        if (theory, first, second) in done:
            continue
        done |= {(theory, first, second), (theory, second, first)}
        cells = (
            _first_second(got.better.get((theory, first, second, g)), got.better.get((theory, second, first, g)))
            for g in goals
        )
        rows.setdefault(theory, []).append((f"{first} / {second}", *cells))
    heading = "Which does better: part of the draws kept, first / second (the rest are ties)"
    for theory, found in rows.items():
        yield Part(heading, (), Table("", (theory, *goals), tuple(found)))
        heading = ""


def _first_second(first: float | None, second: float | None) -> str:
    return " / ".join(f"{x:.0%}" for x in (first, second) if x is not None)


def _beliefs(got: WarReport) -> Iterator[str]:
    for b in got.beliefs:
        need = f"a chance of winning the war of {span(b.victory)}" if b.victory else "no belief suffices"
        some = f" (none suffices in {b.impossible:.0%} of the draws)" if b.victory and b.impossible > 0 else ""
        name = got.scenario.side_a if b.side == "a" else got.scenario.side_b
        yield (
            f"{name}, refusing less than {b.refuses} (share {span(b.demand)}): {need}{some}; "
            f"assumed {span(b.assumed)}, enough in {b.rational:.0%}"
        )


def _demands(got: WarReport) -> Iterator[str]:
    for side, m in got.maximalism.items():
        name = got.scenario.side_a if side == "a" else got.scenario.side_b
        text = ", ".join(
            f"{v:.2f} ({lo:.2f}-{hi:.2f})" for v, lo, hi in zip(m.score, m.score_low, m.score_high, strict=True)
        )
        yield f"{name}: {text}{steps_text(m)}"


def steps_text(m: Any) -> str:
    """How a row of demands moved, in words."""
    if m.unchanged is None:
        return "; one statement"
    parts = f"; steps unchanged {m.unchanged:.0%}, lowered {m.lowered:.0%}, raised {m.raised:.0%}"
    above = f"; above 0 for {m.time_above:.0%} of the time" if m.time_above is not None else ""
    return parts + above


def ultimatum_parts(got: UltimatumReport) -> Iterator[Part]:
    """What an ultimatum implies."""
    yield from assumption_parts(got.scenario)
    said = (
        f"A demands {span(got.demand)} of the pie",
        f"chance of war {span(got.chance_of_war)}",
        f"At the middle of the assumptions A demands {got.at_middle.demand:.3f}, war {got.at_middle.chance_of_war:.3f}",
    )
    yield Part("Over the ranges (5th to 95th percentile)", lines(said))
    made = f"{got.draws} Sobol draws over the assumptions (seed {got.seed}), each solved in closed form"
    yield Part("How it was made", lines((made,), tone="note"))
