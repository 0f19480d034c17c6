"""What a war scenario implies, theory by theory and policy by policy.

Nothing here gives one number for an outcome. Every assumption is a range; the ranges are swept by a low-discrepancy
sequence, and each result is an interval over that sweep, theory by theory and policy by policy. Parts of the sweep
are parts of a region of assumptions, not probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import rivals
from tripoint.bargain.commitment import solve_commitment
from tripoint.bargain.maximalism import Maximalism, measure_maximalism
from tripoint.bargain.policy import Policy, PolicyOutcome, RequiredBelief, War, required_belief
from tripoint.bargain.scenario_schema import NO_POLICY, Scenario
from tripoint.bargain.settlement import Weighted, solve_package, weigh_issues
from tripoint.bargain.sweep import (
    BASELINE,
    Spread,
    build_war,
    issues_at,
    middle,
    policies_at,
    spread,
    sweep,
    try_theory,
)
from tripoint.bargain.walk import win_probability
from tripoint.errors import InputError

Array = NDArray[np.float64]
MEASURES = ("months", "share_a", "cost_a", "cost_b", "settled", "renewed", "net_a", "net_b")
_DAYS_PER_MONTH = 365.2425 / 12
_DEFAULT_DRAWS = 64
Goal = Literal["better terms, net of cost", "shorter war", "less renewed war"]
GOALS: tuple[Goal, ...] = ("better terms, net of cost", "shorter war", "less renewed war")
Comparison = tuple[str, str, str, Goal]  # theory, first policy, second policy, goal
# Difference below which neither policy counts as better [share, battles or chance].
_TIE = 1e-3


@dataclass(frozen=True, slots=True)
class Cell:
    """One theory and one policy: each measure over the draws that can be.

    Attributes
    ----------
    theory, policy
        Their names.
    measures
        By name, over the draws kept; empty where fewer than two were.
    explains
        Part of the sweep in which the theory, without any policy, has the sides fighting rather than settling at
        once [0-1]. Where the scenario says that the war is going on, only those draws are kept.
    settles_at_once
        Part of the draws kept in which the sides settle before the next battle under this policy [0-1].
    undecided
        Mean chance that a war is still undecided at the horizon: what is not computed [0-1].
    """

    theory: str
    policy: str
    measures: Mapping[str, Spread]
    explains: float
    settles_at_once: float
    undecided: float


@dataclass(frozen=True, slots=True)
class BeliefNeeded:
    """What a side must believe about winning the war for refusing less to be rational, over the sweep.

    Attributes
    ----------
    side
        ``"a"`` or ``"b"``.
    refuses
        What it refuses anything less than: ``"its demand"``, or ``"what it holds"`` (a stop where things stand).
    demand
        That as a share of the pie, by its own weights [0-1].
    victory
        Least belief in winning the whole war, over the draws where some belief suffices; None where none does.
    impossible
        Part of the draws in which no belief suffices [0-1].
    assumed
        The belief that the assumptions give it [0-1].
    rational
        Part of the draws in which the assumed belief is enough [0-1].
    """

    side: Literal["a", "b"]
    refuses: Literal["its demand", "what it holds"]
    demand: Spread
    victory: Spread | None
    impossible: float
    assumed: Spread
    rational: float


@dataclass(frozen=True, slots=True)
class Packages:
    """Trades across issues that both sides prefer to fighting to the finish.

    Attributes
    ----------
    open
        Part of the sweep in which there is one [0-1].
    shares
        A's share of each issue in the package with the largest product of gains, over those draws [0-1].
    """

    open: float
    shares: Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class WarReport:
    """What a war scenario implies.

    Attributes
    ----------
    scenario
        The assumptions.
    draws, seed
        The sweep: scrambled Sobol points from this seed.
    open_range
        Part of the sweep in which, at the start, some division beats fighting to the finish for both [0-1].
    range_low, range_high
        Ends of that range in the draws in which it is open (None where it never is).
    cells
        Every war theory with every policy.
    beliefs
        What each side would have to believe.
    no_separation, commitment, appeasement
        Results of the theories that are models of their own: by name, the part of the sweep; empty where the
        scenario does not name the theory.
    packages
        Trades across issues, or None without issues.
    maximalism
        By side, over its statements.
    better
        For each theory, each pair of policies on one side and each goal of the side that acts: part of the draws
        kept in which the first policy serves the goal better [0-1]. What is left is ties and the reverse.
    """

    _shown: ClassVar[tuple[str, ...]] = ("convergence",)

    scenario: Scenario
    draws: int
    seed: int
    open_range: float
    range_low: Spread | None
    range_high: Spread | None
    cells: tuple[Cell, ...]
    beliefs: tuple[BeliefNeeded, ...]
    no_separation: Mapping[str, float]
    commitment: Mapping[str, float]
    appeasement: Mapping[str, float]
    packages: Packages | None
    maximalism: Mapping[str, Maximalism]
    better: Mapping[Comparison, float]
    outcomes: Mapping[tuple[str, str], tuple[PolicyOutcome, ...]] = field(repr=False)

    @property
    def convergence(self) -> str:
        """One sentence on how the numbers were made."""
        worst = max((cell.undecided for cell in self.cells), default=0.0)
        return (
            f"{self.draws} Sobol draws over the assumptions (seed {self.seed}), each war solved exactly; at most "
            f"{worst:.1%} of a cell's probability is undecided at the horizon"
        )


def _months(values: Mapping[str, float]) -> float:
    return values.get("days_per_battle", _DAYS_PER_MONTH) / _DAYS_PER_MONTH


def _cell(
    theory: str,
    policy: str,
    outcomes: tuple[PolicyOutcome, ...],
    points: list[dict[str, float]],
    explains: float,
    kept: NDArray[np.int_],
) -> Cell:
    columns = {name: np.array([getattr(outcomes[i], name) for i in kept]) for name in MEASURES if name != "months"}
    columns["months"] = np.array([outcomes[i].battles * _months(points[i]) for i in kept])
    some = len(kept) > 1
    return Cell(
        theory=theory,
        policy=policy,
        measures={name: spread(columns[name]) for name in MEASURES} if some else {},
        explains=explains,
        settles_at_once=float(np.mean([outcomes[i].settles_at_once for i in kept])) if some else float("nan"),
        undecided=float(np.mean([outcomes[i].undecided for i in kept])) if some else 0.0,
    )


def _beliefs(scenario: Scenario, points: list[dict[str, float]]) -> tuple[BeliefNeeded, ...]:
    if not scenario.issues:
        return ()
    asked: tuple[tuple[Literal["a", "b"], Literal["its demand", "what it holds"]], ...] = (
        ("a", "its demand"),
        ("b", "its demand"),
        ("a", "what it holds"),
        ("b", "what it holds"),
    )
    wars = [(build_war(scenario, v), weigh_issues(issues_at(scenario, v))) for v in points]
    results = []
    for side, refuses in asked:
        needed = [_needed(war, whole, side, refuses == "its demand") for war, whole in wars]
        found = [x.victory for x in needed if x.victory is not None]
        results.append(
            BeliefNeeded(
                side=side,
                refuses=refuses,
                demand=spread(np.array([x.demand for x in needed])),
                victory=spread(np.array(found)) if found else None,
                impossible=1.0 - len(found) / len(needed),
                assumed=spread(np.array([x.believed_victory for x in needed])),
                rational=float(np.mean([x.rational for x in needed])),
            )
        )
    return tuple(results)


def _needed(war: War, whole: Weighted, side: Literal["a", "b"], demanded: bool) -> RequiredBelief:
    if side == "a":
        goal = whole.demand_a if demanded else whole.held_a
        return required_belief(war.n, war.N, goal, war.cost_a, war.prior_a)
    goal = 1.0 - (whole.demand_b if demanded else whole.held_b)
    return required_belief(war.N - war.n, war.N, goal, war.cost_b, (war.prior_b[1], war.prior_b[0]))


def _separation(scenario: Scenario, points: list[dict[str, float]]) -> dict[str, float]:
    cannot, fights = [], []
    for values in points:
        war = build_war(scenario, values)
        got = rivals.solve_separation(
            war.N,
            values["truth"],
            aim=values["limited_aim"],
            doubt=values["doubt"],
            cost_total=war.cost_a,
            cost_b=war.cost_b,
        )
        cannot.append(not got.separable[war.n - 1])
        fights.append(got.chance_of_fighting[war.n - 1])
    return {
        "no offer tells limited from total aims": float(np.mean(cannot)),
        "mean chance of another battle": float(np.mean(fights)),
    }


def _commitment(scenario: Scenario, points: list[dict[str, float]]) -> dict[str, float]:
    fights: dict[str, list[bool]] = {"a": [], "b": []}
    for values in points:
        war = build_war(scenario, values)
        now = win_probability(war.n, war.N, values["truth"])
        for side, p1, cost in (("a", now, war.cost_a), ("b", 1.0 - now, war.cost_b)):
            p2 = max(p1 - values["shift_ahead"], 0.0)
            fights[side].append(solve_commitment(p1, p2, values["patience"], cost).fights)
    return {f"{side} fights if it is the side that declines": float(np.mean(x)) for side, x in fights.items()}


def _appeasement(points: list[dict[str, float]]) -> dict[str, float]:
    yields, hopeless = [], []
    for v in points:
        got = rivals.solve_appeasement(
            [1.0, v["stake_elsewhere"]],
            [min(v["win_without"], v["win_with_means"]), v["win_with_means"]],
            cost=v["fight_cost"],
            arrival=v["arrival"],
            deterrence=v["deterrence"],
        )
        yields.append(got.yields_first)
        hopeless.append(got.deterrence_needed is None)
    return {
        "the defender yields here to keep its means": float(np.mean(yields)),
        "it would yield however much fighting deterred": float(np.mean(hopeless)),
    }


def _maximalism(scenario: Scenario, values: Mapping[str, float]) -> dict[str, Maximalism]:
    results = {}
    war = build_war(scenario, values)
    outlook = win_probability(war.n, war.N, values["truth"])
    low, high = (
        win_probability(war.n, war.N, p)
        for p in (scenario.assumptions["truth"].low, scenario.assumptions["truth"].high)
    )
    for side in ("a", "b"):
        rows = sorted((s for s in scenario.statements if s.side == side), key=lambda s: s.date)
        if rows:
            hope = (outlook, low, high) if side == "a" else (1.0 - outlook, 1.0 - high, 1.0 - low)
            days = [s.date.toordinal() for s in rows]
            runs = [
                measure_maximalism(
                    days,
                    [pick(s.demand) for s in rows],
                    [pick(s.held) for s in rows],
                    [hope[0]] * len(rows),
                    expected_interval=([hope[1]] * len(rows), [hope[2]] * len(rows)),
                )
                for pick in (lambda x: sum(x) / 2.0, min, max)
            ]
            results[side] = replace(runs[0], score_low=runs[1].score_low, score_high=runs[2].score_high)
    return results


def report_war(scenario: Scenario, *, draws: int | None = None, seed: int | None = None) -> WarReport:
    """Sweep a war scenario's assumptions, under every theory and policy that it names.

    Parameters
    ----------
    scenario
        Of kind ``war``.
    draws, seed
        By default the scenario's own.
    """
    size = int(draws if draws is not None else scenario.setup.get("draws", _DEFAULT_DRAWS))
    start = int(seed if seed is not None else scenario.setup.get("seed", 0))
    if size < 2:
        raise InputError(f"draws must be at least 2, got {size}")
    points = sweep(scenario, size, start)
    theories = [t for t in scenario.theories if t not in ("no-separation", "commitment", "appeasement")]
    choices = [policies_at(scenario, values) for values in points]
    policies = [BASELINE, *(p.policy for p in scenario.policies)]
    outcomes = {
        (theory, policy.name): tuple(
            try_theory(scenario, theory, choice[k], v) for choice, v in zip(choices, points, strict=True)
        )
        for theory in theories
        for k, policy in enumerate(policies)
    }
    fights = {t: np.array([not o.settles_at_once for o in outcomes[t, NO_POLICY]]) for t in theories}
    on = bool(scenario.setup.get("fighting", False))
    kept = {t: np.flatnonzero(row) if on else np.arange(len(points)) for t, row in fights.items()}
    ranges = [_finish_range(build_war(scenario, v)) for v in points]
    is_open = [(low, high) for low, high in ranges if low <= high]
    return WarReport(
        scenario=scenario,
        draws=len(points),
        seed=start,
        open_range=len(is_open) / len(points),
        range_low=spread(np.array([r[0] for r in is_open])) if is_open else None,
        range_high=spread(np.array([r[1] for r in is_open])) if is_open else None,
        cells=tuple(_cell(t, p, got, points, float(fights[t].mean()), kept[t]) for (t, p), got in outcomes.items()),
        beliefs=_beliefs(scenario, points),
        no_separation=_separation(scenario, points) if "no-separation" in scenario.theories else {},
        commitment=_commitment(scenario, points) if "commitment" in scenario.theories else {},
        appeasement=_appeasement(points) if "appeasement" in scenario.theories else {},
        packages=_packages(scenario, points, ranges),
        maximalism=_maximalism(scenario, middle(scenario)),
        better=_pairs(policies, outcomes, kept),
        outcomes=outcomes,
    )


def _packages(scenario: Scenario, points: list[dict[str, float]], ranges: list[tuple[float, float]]) -> Packages | None:
    if not scenario.issues:
        return None
    found = []
    for values, (low, high) in zip(points, ranges, strict=True):
        got = solve_package(issues_at(scenario, values), min(low, 1.0), min(max(1.0 - high, 0.0), 1.0))
        if got.nash is not None:
            found.append(got.nash.shares)
    table = np.array(found)
    names = [row.issue.name for row in scenario.issues]
    shares = {name: spread(table[:, k]) for k, name in enumerate(names)} if found else {}
    return Packages(open=len(found) / len(points), shares=shares)


def _finish_range(war: War) -> tuple[float, float]:
    solved = war.solve()
    low = min(max(float(solved.finish_a[0, 0]), 0.0) * solved.bars[0], 1.0)
    return low, max(1.0 - max(float(solved.finish_b[0, 0]), 0.0) * solved.bars[1], 0.0)


def _pairs(
    policies: list[Policy],
    outcomes: Mapping[tuple[str, str], tuple[PolicyOutcome, ...]],
    kept: Mapping[str, NDArray[np.int_]],
) -> dict[Comparison, float]:
    table = {}
    for theory, rows in kept.items():
        for one in policies[1:]:
            rest = [p for p in policies if p.name != one.name and (p is policies[0] or p.target == one.target)]
            for other in rest if len(rows) > 1 else []:
                first, second = outcomes[theory, one.name], outcomes[theory, other.name]
                for goal in GOALS:
                    gap = np.array([_score(first[i], goal, one) - _score(second[i], goal, one) for i in rows])
                    table[theory, one.name, other.name, goal] = float((gap > _TIE).mean())
    return table


def _score(outcome: PolicyOutcome, goal: Goal, policy: Policy) -> float:
    """How well an outcome serves a goal of the side that acts: higher is better."""
    if goal == "better terms, net of cost":
        return outcome.net_b if policy.target == "a" else outcome.net_a
    return -outcome.battles if goal == "shorter war" else -outcome.renewed
