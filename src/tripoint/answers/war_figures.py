"""Four figures of a war: settlement range, belief path, outcome fan, policy map.

A figure of one path needs one set of assumptions. It is the draw nearest the middle of the region in which the
first theory has the sides fighting, because a path of a war that is settled at once shows nothing; the figure says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.chart import theme
from tripoint.chart.figure import Figure
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.bargain.policy import Policy, War
    from tripoint.bargain.report import WarReport
    from tripoint.bargain.scenario_schema import Scenario
    from tripoint.bargain.war_solution import WarSolution

# Points along each side of the policy map: few enough that a cell can carry its number.
_SIDE = 9
# A path is drawn while at least this part of the wars goes on.
_GOING = 0.01


@dataclass(frozen=True, slots=True)
class Drawn:
    """The war that the figures show, solved, and in words which one it is."""

    scenario: Scenario
    theory: str
    values: Mapping[str, float]
    war: War
    solution: WarSolution
    words: str

    @property
    def source(self) -> str:
        """Source line of the figures."""
        return f"assumptions of the scenario '{self.scenario.id}', solved by Tripoint"

    @property
    def note(self) -> str:
        """What a reader could get wrong."""
        return f"One set of assumptions, {self.words}: a path, not a conclusion. {self.scenario.caution}".strip()


def war_figures(got: WarReport) -> dict[str, Figure]:
    """Draw the figures of a war report, by name; no policy map where the scenario has no policy."""
    shown = choose_draw(got)
    figures = {
        "settlement-range": settlement_figure(shown),
        "belief-path": belief_figure(shown),
        "outcome-fan": outcome_figure(shown),
    }
    if got.scenario.policies:
        figures["policy-map"] = map_figure(shown)
    return figures


def choose_draw(got: WarReport) -> Drawn:
    """Pick the draw nearest the middle of the region in which fighting goes on, under the first theory that has one.

    Raises
    ------
    InputError
        Where the report holds no theory of war.
    """
    from tripoint.bargain.scenario_schema import NO_POLICY
    from tripoint.bargain.sweep import apply_theory, build_war, sweep

    s = got.scenario
    theories = list(dict.fromkeys(cell.theory for cell in got.cells))
    if not theories:
        raise InputError(f"scenario '{s.id}' names no theory of a whole war; add 'learning' to its theories")
    points = sweep(s, got.draws, got.seed)
    chosen, theory, fights = 0, theories[0], False
    for name in theories:
        on = [k for k, o in enumerate(got.outcomes[name, NO_POLICY]) if not o.settles_at_once]
        if on:
            chosen, theory, fights = min(on, key=lambda k: _far(s, points[k])), name, True
            break
    else:
        chosen = min(range(len(points)), key=lambda k: _far(s, points[k]))
    values = points[chosen]
    war, offers = apply_theory(s, build_war(s, values), theory, values)
    where = "in which fighting goes on" if fights else "(no draw has the fighting go on)"
    words = f"the draw nearest the middle of the region {where} under the theory '{theory}'"
    return Drawn(s, theory, values, war, war.solve(offers), words)


def _far(s: Scenario, values: Mapping[str, float]) -> float:
    return sum(((values[q.name] - q.mid) / (q.high - q.low)) ** 2 for q in s.assumptions.values() if q.high > q.low)


def settlement_figure(shown: Drawn) -> Figure:
    """What both would take rather than fight to the finish, at every position of the front."""
    import polars as pl

    from tripoint.bargain.figures import settlement_range
    from tripoint.chart.kinds import step_band

    got = settlement_range(shown.war)
    a, b = _names(shown)
    table = pl.DataFrame({"held_percent": 100.0 * got.held, "low": got.low, "high": got.high, "open": got.open})
    cut = [pl.when("open").then(c).alias(c) for c in ("low", "high")]
    drawn = table.with_columns(cut).drop("open")
    held = shown.war.n / shown.war.N
    k = shown.war.n - 1
    points = [(100.0 * held, held, "the front")]
    if not got.open[k]:  # without a band, show how far apart the two ends are
        points += [(100.0 * held, float(got.low[k]), f"{a} takes no less")]
        points += [(100.0 * held, float(got.high[k]), f"{b} leaves no more")]
    marks = pl.DataFrame(points, schema=["x", "y", "label"], orient="row")
    spec = step_band(drawn, x="held_percent", low="low", high="high", marks=marks, y_title=f"{a}'s share")
    now = f"{got.low[k]:.2f} to {got.high[k]:.2f}" if got.open[k] else "nothing"
    return Figure(
        spec,
        title=f"What {a} and {b} could settle on, by where the front stands",
        subtitle=f"Share of the pie for {a} [0-1] that both prefer to fighting to the finish, by percent of the forts "
        "it holds; no band where there is none",
        source=shown.source,
        alt=f"At the front as it is, {held:.2f} held, both prefer {now} to fighting to the finish. Such a share exists "
        f"at {int(got.open.sum())} of {len(got.open)} positions.",
        table=table,
        note=shown.note,
    )


def belief_figure(shown: Drawn) -> Figure:
    """What each side believes about A's chance in a battle, while the war lasts."""
    import polars as pl

    from tripoint.bargain.figures import belief_path
    from tripoint.chart.kinds import line_band

    got = belief_path(shown.solution)
    a, b = _names(shown)
    kept = got.going >= _GOING
    kept[0] = True
    columns = {"battle": got.battles[kept], "going": got.going[kept]}
    sides = ((f"{a} believes", got.mean_a, got.low_a, got.high_a), (f"{b} believes", got.mean_b, got.low_b, got.high_b))
    table = pl.concat(
        pl.DataFrame({**columns, "series": name, "belief": mean[kept], "low": low[kept], "high": high[kept]})
        for name, mean, low, high in sides
    ).with_columns(pl.col("belief", "low", "high").fill_nan(None))
    paint = dict(zip((f"{a} believes", f"{b} believes"), _colors(shown), strict=True))
    spec = line_band(
        table, x="battle", y="belief", series="series", low="low", high="high", colors=paint, domain=(0, 1)
    )
    last = int(got.battles[kept][-1])
    return Figure(
        spec,
        title=f"What the sides believe about {a}'s chance in a battle",
        subtitle="Mean belief [0-1] by battles fought, over the wars still going on; band: 5th to 95th percentile",
        source=shown.source,
        alt=f"At the start {a} believes {got.mean_a[0]:.2f} and {b} {got.mean_b[0]:.2f}; the lines end after battle "
        f"{last}, when fewer than 1 in 100 wars go on.",
        table=table,
        note=shown.note,
    )


def outcome_figure(shown: Drawn) -> Figure:
    """How the wars have ended after each battle, and A's share in those that have."""
    import polars as pl

    from tripoint.bargain.figures import outcome_fan
    from tripoint.chart.kinds import line_band

    got = outcome_fan(shown.solution)
    a, _ = _names(shown)
    kept = got.battles <= next((int(t) for t in got.battles if got.going[t] < _GOING), int(got.battles[-1]))
    share, ended = f"{a}'s share", "wars ended"
    over = 1.0 - got.going[kept]
    rows = ((share, got.share_middle[kept], got.share_low[kept], got.share_high[kept]), (ended, over, over, over))
    table = pl.concat(
        pl.DataFrame({"battle": got.battles[kept], "series": name, "value": mid, "low": low, "high": high})
        for name, mid, low, high in rows
    ).with_columns(pl.col("value", "low", "high").fill_nan(None))
    paint = {share: _colors(shown)[0], ended: theme.OTHER}
    spec = line_band(table, x="battle", y="value", series="series", low="low", high="high", colors=paint, domain=(0, 1))
    return Figure(
        spec,
        title=f"How the war ends, by battles fought: {a}'s share",
        subtitle=f"{a}'s share of the pie in wars ended so far, middle and 5th to 95th percentile; part ended [0-1]",
        source=shown.source,
        alt=f"In the end {got.settled[-1]:.0%} of the wars are settled, {got.a_won[-1]:.0%} won by A, "
        f"{got.b_won[-1]:.0%} by B, and {got.going[-1]:.0%} undecided; A's share runs from {got.share_low[-1]:.2f} to "
        f"{got.share_high[-1]:.2f}.",
        table=table,
        note=shown.note,
    )


def map_figure(shown: Drawn) -> Figure:
    """Where the first policy does better than the second, over two assumptions; the rest as in the draw shown."""
    import numpy as np
    import polars as pl

    from tripoint.bargain.figures import policy_map_grid
    from tripoint.bargain.policy_map import map_policies
    from tripoint.chart.kinds import ordered_matrix

    first, second = _two_policies(shown)
    ranges = _two_ranges(shown)
    criterion = "net_b" if first.target == "a" else "net_a"
    made = map_policies(shown.war, first, second, ranges, criterion=criterion, points=_SIDE**2, design="grid")
    got = policy_map_grid(made)
    most = float(np.abs(got.advantage).max())
    columns = [f"{x:.2f}" for x in got.x]
    rows = [f"{got.y_name} {y:.3f}" for y in got.y[::-1]]
    table = pl.DataFrame(
        [
            (f"{got.y_name} {got.y[j]:.3f}", columns[i], float(got.advantage[i, j]))
            for j in range(len(got.y))
            for i in range(len(got.x))
        ],
        schema={"row": pl.String, "column": pl.String, "advantage": pl.Float64},
        orient="row",
    )
    still = pl.col("advantage").abs() <= got.tie
    scaled = table.with_columns(pl.when(still).then(0.0).otherwise(pl.col("advantage") / (most or 1.0)).alias("scaled"))
    spec = ordered_matrix(scaled, row="row", column="column", value="scaled", order=[*rows, *columns])
    words = "; ".join(f"{n}: {shown.scenario.assumptions[n].meaning}" for n in ranges)
    side = _names(shown)[1 if criterion == "net_b" else 0]
    return Figure(
        _lower(spec, 30 * len(rows)),
        title=f"'{first.name}' against '{second.name}', over two assumptions",
        subtitle=f"Terms net of cost for {side}: difference over the largest ({most:.3f} of the pie), + where the "
        f"first does better; across {got.x_name}, down {got.y_name}",
        source=shown.source,
        alt=f"The map shows that {made.verdict}.",
        table=table,
        note=f"{words}. A part of a region is not a probability. Other assumptions as in {shown.words}.",
    )


def _lower(spec: dict[str, Any], height: int) -> dict[str, Any]:
    return {**spec, "height": height}


def _two_policies(shown: Drawn) -> tuple[Policy, Policy]:
    """The first policy, and the next on the same side; the case without any where there is none."""
    from tripoint.bargain.sweep import BASELINE, policies_at

    own = policies_at(shown.scenario, shown.values)[1:]
    return own[0], next((p for p in own[1:] if p.target == own[0].target), BASELINE)


def _two_ranges(shown: Drawn) -> dict[str, tuple[float, float]]:
    """Two assumptions to map over: beliefs and costs first."""
    from tripoint.bargain.policy import PARAMETERS

    wide = {q.name: (q.low, q.high) for q in shown.scenario.assumptions.values() if q.high > q.low}
    order = dict.fromkeys(("belief_a", "cost_a", "belief_b", "cost_b", "truth", *PARAMETERS))
    names = [n for n in order if n in wide and n in PARAMETERS][:2]
    if len(names) < 2:
        raise InputError(f"scenario '{shown.scenario.id}' has fewer than two assumptions with a range; a map needs two")
    return {n: wide[n] for n in names}


def _names(shown: Drawn) -> tuple[str, str]:
    return shown.scenario.side_a, shown.scenario.side_b


def _colors(shown: Drawn) -> tuple[str, str]:
    a, b = (theme.actor_color(name) for name in _names(shown))
    return (a, b) if a != b else (theme.SERIES[0], theme.SERIES[1])
