from itertools import permutations

import numpy as np
import pytest
from scipy.stats import kendalltau

from tripoint.dyad.similarity.tables import MEASURES, Measure, encode, evaluate, measure_named
from tripoint.errors import UnknownNameError

SCALE = np.array([0.0, 1.0, 3.0, 4.0])
#: Sums in another order.
ROUNDING = 1e-12


def by_hand(measure: Measure, x: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    """Each formula from its definition, item by item and pair by pair."""
    w = w / w.sum()
    if measure.kind == "tau_b":
        pairs = list(permutations(range(x.size), 2))
        up = sum(w[i] * w[j] * np.sign(x[i] - x[j]) * np.sign(y[i] - y[j]) for i, j in pairs)
        in_x = sum(w[i] * w[j] * (x[i] != x[j]) for i, j in pairs)
        in_y = sum(w[i] * w[j] * (y[i] != y[j]) for i, j in pairs)
        return up / np.sqrt(in_x * in_y)
    where = SCALE
    if measure.categories == "pair":
        seen = np.unique(np.concatenate([x[w > 0], y[w > 0]]))
        x, y, where = np.searchsorted(seen, x), np.searchsorted(seen, y), np.arange(seen.size)
    width = where[-1] - where[0]

    def apart(a: float, b: float) -> float:
        if measure.metric == "nominal":
            return float(a != b)
        return float(abs(a - b) / width) ** (1 if measure.metric == "linear" else 2)

    n = range(x.size)
    observed = sum(w[i] * apart(x[i], y[i]) for i in n)
    if measure.kind == "s":
        return 1 - 2 * observed
    if measure.kind == "agreement":
        return 1 - observed
    if measure.kind == "pi":
        both, twice = np.concatenate([x, y]), np.concatenate([w, w]) / 2
        expected = sum(
            twice[i] * twice[j] * apart(both[i], both[j]) for i in range(both.size) for j in range(both.size)
        )
    else:
        expected = sum(w[i] * w[j] * apart(x[i], y[j]) for i in n for j in n)
    return 2 * (expected - observed) if measure.kind == "a" else 1 - observed / expected


@pytest.mark.parametrize("name", MEASURES)
def test_tables_equal_the_definitions(name: str) -> None:
    rng = np.random.default_rng(0)
    measure = MEASURES[name]
    for _ in range(5):
        x, y = rng.choice(SCALE, 12), rng.choice(SCALE[[0, 2, 3]], 12)
        w = rng.uniform(0, 1, 12) if measure.weighted else np.ones(12)
        table = np.zeros((4, 4, 1))
        np.add.at(table[..., 0], (encode(x, SCALE), encode(y, SCALE)), w)
        assert evaluate(measure, table, SCALE)[0] == pytest.approx(by_hand(measure, x, y, w), abs=ROUNDING)


def test_tau_b_equals_scipy() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.choice(SCALE, 40), rng.choice(SCALE, 40)
    table = np.zeros((4, 4, 1))
    np.add.at(table[..., 0], (encode(x, SCALE), encode(y, SCALE)), 1)
    found = evaluate(MEASURES["tau_b"], table, SCALE)[0]
    assert found == pytest.approx(kendalltau(x, y).statistic, abs=ROUNDING)


def test_unknown_measure_suggests() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'kappa_squared'"):
        measure_named("kapa_squared")
