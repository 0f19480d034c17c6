"""From a scenario's ranges to single wars: draws over the assumptions, and one war under one theory and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import rivals
from tripoint.bargain.policy import Policy, PolicyOutcome, War, summarize_war, with_values
from tripoint.bargain.scenario_schema import NO_POLICY, Scenario
from tripoint.bargain.settlement import Issue, weigh_issues
from tripoint.bargain.war_solution import Schedule
from tripoint.errors import InputError

Array = NDArray[np.float64]
BASELINE = Policy(NO_POLICY)


@dataclass(frozen=True, slots=True)
class Spread:
    """5th, 50th and 95th percentile of a number over the sweep, and the number of draws it rests on."""

    low: float
    middle: float
    high: float
    draws: int


def spread(values: Array) -> Spread:
    """Return the percentiles of a number over the sweep."""
    low, middle, high = np.percentile(values, [5.0, 50.0, 95.0]).tolist()
    return Spread(low, middle, high, len(values))


def _ranges(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Every number of a scenario with its (low, high); those of issues and policies as ``issues.0.held``."""
    ranges = {q.name: (q.low, q.high) for q in scenario.assumptions.values()}
    wide = {
        "issues": [row.ranges for row in scenario.issues],
        "policies": [row.ranges for row in scenario.policies],
    }
    for key, rows in wide.items():
        for i, row in enumerate(rows):
            ranges |= {f"{key}.{i}.{name}": span for name, span in row.items()}
    return ranges


def sweep(scenario: Scenario, draws: int, seed: int) -> list[dict[str, float]]:
    """Draw ``draws`` sets of assumptions from a scenario's ranges: one dictionary each."""
    from scipy.stats import qmc

    ranges = _ranges(scenario)
    free = [name for name, (low, high) in ranges.items() if high > low]
    fixed = {name: low for name, (low, high) in ranges.items() if high == low}
    if not free:
        return [dict(fixed)]
    sampler = qmc.Sobol(len(free), rng=np.random.default_rng(seed))
    unit = sampler.random_base2(max((draws - 1).bit_length(), 1))[:draws]
    low = np.array([ranges[name][0] for name in free])
    high = np.array([ranges[name][1] for name in free])
    table = low + (high - low) * unit
    return [fixed | dict(zip(free, row, strict=True)) for row in table.tolist()]


def middle(scenario: Scenario) -> dict[str, float]:
    """Return the middle of every assumption: for figures of one path, never for a conclusion."""
    return {name: quantity.mid for name, quantity in scenario.assumptions.items()}


def issues_at(scenario: Scenario, values: Mapping[str, float]) -> list[Issue]:
    """Return the issues of one set of assumptions."""
    return [replace(row.issue, **_own(values, f"issues.{i}.")) for i, row in enumerate(scenario.issues)]


def policies_at(scenario: Scenario, values: Mapping[str, float]) -> list[Policy]:
    """Return the policies of one set of assumptions, the case without any first."""
    return [
        BASELINE,
        *(replace(row.policy, **_own(values, f"policies.{i}.")) for i, row in enumerate(scenario.policies)),
    ]


def _own(values: Mapping[str, float], prefix: str) -> dict[str, Any]:
    return {key.removeprefix(prefix): value for key, value in values.items() if key.startswith(prefix)}


def build_war(scenario: Scenario, values: Mapping[str, float]) -> War:
    """Return the war of one set of assumptions.

    Raises
    ------
    InputError
        Where the scenario is not of kind ``war`` or ``held`` leaves a side without a fort.
    """
    if scenario.kind != "war":
        raise InputError(f"scenario '{scenario.id}' is of kind '{scenario.kind}'; a war is needed here")
    forts = int(scenario.setup.get("forts", 40))
    base = War(
        n=min(max(round(values["held"] * forts), 1), forts - 1),
        N=forts,
        prior_a=(1.0, 1.0),
        prior_b=(1.0, 1.0),
        cost_a=values["cost_a"],
        cost_b=values["cost_b"],
        horizon=int(scenario.setup.get("horizon", 200)),
        foresight=scenario.setup.get("foresight", "settlement"),
    )
    return with_values(base, values)


def apply_theory(scenario: Scenario, war: War, theory: str, values: Mapping[str, float]) -> tuple[War, Schedule | None]:
    """Change a war to what a theory says; returns it and the standing offers that the theory adds."""
    if theory == "slow-learning":
        return replace(war, news_a=values["news"], news_b=values["news"]), None
    if theory == "disposition":
        bar_a, bar_b = (
            rivals.disposition_bar(values[f"attack_again_{other}"], values["later_war"]) for other in ("b", "a")
        )
        return replace(war, bar_a=bar_a, bar_b=bar_b), None
    if theory == "standing-firm":
        whole = weigh_issues(issues_at(scenario, values))
        offers = rivals.standing_firm(whole.demand_a, min(whole.demand_b, whole.demand_a), war.horizon)
        return replace(war, split=None), offers
    return war, None


def try_theory(scenario: Scenario, theory: str, policy: Policy, values: Mapping[str, float]) -> PolicyOutcome:
    """Solve one theory under one policy at one set of assumptions."""
    war, offers = apply_theory(scenario, build_war(scenario, values), theory, values)
    plan = policy.schedule(war.horizon)
    if offers is not None:
        plan = replace(
            plan,
            offer_a=_first(plan.offer_a, offers.offer_a),
            offer_b=_first(plan.offer_b, offers.offer_b),
        )
    return summarize_war(policy.name, war, war.solve(plan), keep=False)


def _first(own: Array | None, standing: Array | None) -> Array | None:
    if own is None or standing is None:
        return standing if own is None else own
    return np.where(np.isnan(own), standing, own)
