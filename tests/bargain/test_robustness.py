"""Councils under input error: reproducible, honest about what is not robust."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.bargain.council import Actor, solve_challenge
from tripoint.bargain.robustness import vary_council
from tripoint.bargain.scenario import read_scenario
from tripoint.errors import InputError

ACTORS = read_scenario("ec-emissions").actors


def test_emission_standards_are_robust_by_the_mean_and_not_by_challenges():
    got = vary_council(ACTORS, draws=2000, seed=1)
    spread = {s.name: s for s in got.spreads}
    assert list(spread) == ["challenge", "condorcet", "weighted mean", "weighted median"]
    assert spread["weighted mean"].robust
    assert not spread["challenge"].robust
    assert "challenge: not robust" in got.verdict
    assert "weighted mean: robust" in got.verdict
    assert got.at_rest < 0.5
    for s in got.spreads:
        assert s.low <= s.middle <= s.high
        assert len(s.draws) == 2000


def test_the_same_seed_gives_the_same_draws():
    one, two, other = (vary_council(ACTORS, draws=50, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.spreads[0].draws, two.spreads[0].draws)
    assert not np.array_equal(one.spreads[0].draws, other.spreads[0].draws)


def test_draws_are_what_solving_each_council_gives():
    got = vary_council(ACTORS, draws=3, seed=9, rounds=4)
    rng = np.random.default_rng(9)
    c, x, s = (np.array([getattr(a, k) for a in ACTORS]) for k in ("capability", "position", "salience"))
    shape = (3, len(ACTORS))
    capability = c * rng.uniform(0.9, 1.1, shape)
    position = x + 6 * rng.uniform(-0.1, 0.1, shape)
    salience = np.minimum(s * rng.uniform(0.9, 1.1, shape), 1.0)
    for d in range(3):
        rows = zip(capability[d], position[d], salience[d], strict=True)
        actors = [Actor(str(i), *map(float, row)) for i, row in enumerate(rows)]
        assert got.spreads[0].draws[d] == pytest.approx(solve_challenge(actors, rounds=4).outcome, abs=1e-9)


def test_refuses_too_much_work_and_impossible_errors():
    with pytest.raises(InputError, match="steps"):
        vary_council(ACTORS, draws=10**8, seed=1)
    with pytest.raises(InputError, match="strictly between"):
        vary_council(ACTORS, draws=10, seed=1, error=0.0)
