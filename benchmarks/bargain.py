"""How long the bargaining models take, beside their targets. Run: python benchmarks/bargain.py

Every job runs once untimed (compilation) and then several times; the median counts. Wall time and CPU seconds.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np

from tripoint.bargain.council import Actor
from tripoint.bargain.policy import Policy, War
from tripoint.bargain.policy_map import map_policies
from tripoint.bargain.robustness import vary_council
from tripoint.bargain.scenario import read_scenario
from tripoint.bargain.war import simulate_wars, solve_war


def measure(name: str, target: float, job: Callable[[], object], runs: int) -> None:
    """Run a job and print the median beside the target."""
    job()
    wall, cpu = [], []
    for _ in range(runs):
        start, busy = time.perf_counter(), time.process_time()
        job()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    middle = statistics.median(wall)
    verdict = "met" if middle <= target else "MISSED"
    print(f"{name:<58} {middle:8.3f} s wall {statistics.median(cpu):8.3f} s CPU  target {target:6.1f} s  {verdict}")


def main() -> None:
    """Print the machine and every measurement."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}")
    rng = np.random.default_rng(40)
    many = [Actor(str(i), *row) for i, row in enumerate(rng.random((40, 3)).tolist())]
    emissions = read_scenario("ec-emissions").actors
    optimists = {"prior_a": (60, 40), "prior_b": (40, 60), "cost_a": 0.0005, "cost_b": 0.0005}

    def program() -> object:
        return solve_war(20, 40, horizon=200, **optimists)

    long_war = solve_war(20, 40, horizon=2000, truth=(5, 5), split=None, **optimists)
    war = War(4, 10, (6, 4), (4, 6), 0.01, 0.01, truth=0.5, horizon=200)
    press, offer = Policy("press", cost=0.01, own_cost=0.003), Policy("offer", offer=0.4, offer_stop=5)
    ranges = {"belief_a": (0.45, 0.65), "cost_a": (0.002, 0.02)}

    measure("exact program: 40 forts, 200 battles, two priors", 0.2, program, 21)
    measure("1,000,000 simulated wars, 40 forts, to the finish", 5.0, lambda: simulate_wars(long_war, 10**6, seed=1), 3)
    measure(
        "policy map, 10,000 points (20,000 wars)",
        60.0,
        lambda: map_policies(war, press, offer, ranges, points=10_000, design="grid"),
        1,
    )
    measure(
        "emission standards, 10,000 draws, 10 rounds", 3.0, lambda: vary_council(emissions, draws=10_000, seed=1), 3
    )
    measure(
        "emission standards, 10,000 draws, 30 rounds",
        3.0,
        lambda: vary_council(emissions, draws=10_000, seed=1, rounds=30),
        3,
    )
    measure(
        "council: 40 actors, 100 rounds, 1,000 draws",
        30.0,
        lambda: vary_council(many, draws=1000, seed=1, rounds=100),
        1,
    )


if __name__ == "__main__":
    main()
