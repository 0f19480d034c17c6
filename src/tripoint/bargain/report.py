"""What a scenario implies: structured results that a command, a page or a brief can print.

:func:`report` takes a scenario of any kind. Nothing here prints or draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tripoint.bargain.council import ChallengeSolution, CondorcetSolution, condorcet, solve_challenge
from tripoint.bargain.report_war import WarReport, report_war
from tripoint.bargain.robustness import CouncilRobustness, vary_council
from tripoint.bargain.scenario_schema import Scenario
from tripoint.bargain.sweep import Spread, middle, spread, sweep
from tripoint.bargain.ultimatum import UltimatumSolution, solve_ultimatum
from tripoint.errors import InputError

__all__ = [
    "CouncilReport",
    "Spread",
    "UltimatumReport",
    "WarReport",
    "report",
    "report_council",
    "report_ultimatum",
    "report_war",
]


@dataclass(frozen=True, slots=True)
class CouncilReport:
    """What a council scenario implies: both models, their robustness, and the plain weighted mean and median."""

    _shown: ClassVar[tuple[str, ...]] = ("convergence",)

    scenario: Scenario
    challenge: ChallengeSolution
    election: CondorcetSolution
    robustness: CouncilRobustness

    @property
    def convergence(self) -> str:
        """One sentence on both models."""
        return f"challenge: {self.challenge.convergence}; {self.robustness.convergence}"


def report_council(scenario: Scenario, *, draws: int | None = None, seed: int | None = None) -> CouncilReport:
    """Solve a council scenario by both models and vary its inputs.

    Raises
    ------
    InputError
        Where the scenario is not of kind ``council``.
    """
    if scenario.kind != "council":
        raise InputError(f"scenario '{scenario.id}' is of kind '{scenario.kind}'; use it with `tripoint bargain`")
    setup = scenario.setup
    rounds, exponent = int(setup.get("rounds", 10)), float(setup.get("exponent", 2.0))
    return CouncilReport(
        scenario=scenario,
        challenge=solve_challenge(scenario.actors, rounds=rounds),
        election=condorcet(scenario.actors, exponent=exponent),
        robustness=vary_council(
            scenario.actors,
            draws=int(draws if draws is not None else setup.get("draws", 1000)),
            seed=int(seed if seed is not None else setup.get("seed", 0)),
            error=float(setup.get("error", 0.1)),
            rounds=rounds,
            exponent=exponent,
        ),
    )


@dataclass(frozen=True, slots=True)
class UltimatumReport:
    """What an ultimatum scenario implies: the solution at the middle, and intervals over the sweep."""

    scenario: Scenario
    at_middle: UltimatumSolution
    demand: Spread
    chance_of_war: Spread
    draws: int
    seed: int


def report_ultimatum(scenario: Scenario, *, draws: int | None = None, seed: int | None = None) -> UltimatumReport:
    """Solve an ultimatum scenario over its ranges."""
    if scenario.kind != "ultimatum":
        raise InputError(f"scenario '{scenario.id}' is of kind '{scenario.kind}'; an ultimatum is needed here")
    size = int(draws if draws is not None else scenario.setup.get("draws", 1024))
    start = int(seed if seed is not None else scenario.setup.get("seed", 0))
    points = sweep(scenario, size, start)
    solved = [solve_ultimatum(v["p"], v["cost_a"], v["cost_b_max"]) for v in points]
    mid = middle(scenario)
    return UltimatumReport(
        scenario=scenario,
        at_middle=solve_ultimatum(mid["p"], mid["cost_a"], mid["cost_b_max"]),
        demand=spread(np.array([s.demand for s in solved])),
        chance_of_war=spread(np.array([s.chance_of_war for s in solved])),
        draws=len(points),
        seed=start,
    )


def report(
    scenario: Scenario, *, draws: int | None = None, seed: int | None = None
) -> WarReport | CouncilReport | UltimatumReport:
    """Report on a scenario of any kind."""
    if scenario.kind == "war":
        return report_war(scenario, draws=draws, seed=seed)
    if scenario.kind == "council":
        return report_council(scenario, draws=draws, seed=seed)
    return report_ultimatum(scenario, draws=draws, seed=seed)
