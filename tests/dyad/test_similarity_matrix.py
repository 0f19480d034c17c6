import numpy as np
import pytest

from tripoint.dyad.similarity import s_score, scott_pi, tau_b, weighted_kappa
from tripoint.dyad.similarity.matrix import contested, similarity_matrix
from tripoint.errors import InputError, UnknownNameError

#: Weighted sums pass through square roots of the weights.
ROUNDING = 1e-9
NAMES = ("s", "s_w", "kappa_squared", "kappa_linear_pair", "pi_nominal", "tau_b")


def profiles(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.choice([0.0, 1.0, 2.0, 3.0, np.nan], (7, 15), p=[0.5, 0.1, 0.1, 0.2, 0.1])
    return p, rng.uniform(0, 1, 15)


def test_all_pairs_equal_one_pair_at_a_time() -> None:
    p, w = profiles()
    scale = (0, 1, 2, 3)
    found = similarity_matrix(p, NAMES, levels=scale, weights=w)
    assert found.first.size == 21
    for k, (i, j) in enumerate(zip(found.first, found.second, strict=True)):
        x, y = p[i], p[j]
        single = {
            "s": s_score(x, y, levels=scale, draws=0),
            "s_w": s_score(x, y, levels=scale, weights=w, draws=0),
            "kappa_squared": weighted_kappa(x, y, levels=scale, draws=0),
            "kappa_linear_pair": weighted_kappa(x, y, levels=scale, metric="linear", categories="pair", draws=0),
            "pi_nominal": scott_pi(x, y, levels=scale, draws=0),
            "tau_b": tau_b(x, y, levels=scale, draws=0),
        }
        for name in NAMES:
            assert found.values[name][k] == pytest.approx(single[name].value, abs=ROUNDING, nan_ok=True)
        assert found.items[k] == single["s"].items


def test_order_of_states_does_not_matter() -> None:
    p, w = profiles(1)
    order = np.random.default_rng(0).permutation(7)
    one = similarity_matrix(p, NAMES, levels=(0, 1, 2, 3), weights=w)
    two = similarity_matrix(p[order], NAMES, levels=(0, 1, 2, 3), weights=w)
    for name in NAMES:
        assert two.matrix(name) == pytest.approx(one.matrix(name)[np.ix_(order, order)], abs=ROUNDING, nan_ok=True)


def test_bootstrap_of_all_pairs_is_the_bootstrap_of_one() -> None:
    p = np.random.default_rng(2).choice([1.0, 2.0, 3.0], (3, 30))
    found = similarity_matrix(p, ("s",), levels=(1, 2, 3), draws=100, seed=5)
    single = s_score(p[0], p[1], levels=(1, 2, 3), draws=100, seed=5)
    assert found.low["s"][0] == pytest.approx(single.low, abs=ROUNDING)
    assert found.high["s"][0] == pytest.approx(single.high, abs=ROUNDING)


def test_votes_on_one_text_are_drawn_together() -> None:
    rng = np.random.default_rng(1)
    texts = rng.choice([0.0, 2.0], (3, 6))
    votes, groups = np.repeat(texts, 5, axis=1), np.repeat(np.arange(6), 5)
    plain = similarity_matrix(votes, ["s"], levels=(0, 1, 2), draws=400)
    whole = similarity_matrix(votes, ["s"], levels=(0, 1, 2), groups=groups, draws=400)
    width = [(m.high["s"] - m.low["s"]).max() for m in (plain, whole)]
    assert width[1] > 1.8 * width[0], "thirty votes on six texts are no thirty texts"


def test_contested_votes() -> None:
    votes = np.array([[1, 1, np.nan, np.nan], [1, 2, 3, np.nan], [1, 1, 3, np.nan]])
    assert contested(votes).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: similarity_matrix([[0, 1]], ("s",), levels=(0, 1)), InputError, "two states at least"),
        (lambda: similarity_matrix(np.eye(2), (), levels=(0, 1)), InputError, "one measure"),
        (lambda: similarity_matrix(np.eye(2), ("s_w",), levels=(0, 1)), InputError, "no weights were given"),
        (lambda: similarity_matrix(np.eye(2), ("s",), levels=(0, 1), draws=-1), InputError, "draws -1"),
        (lambda: similarity_matrix(np.eye(2), ("t",), levels=(0, 1)), UnknownNameError, "similarity measure"),
        (lambda: similarity_matrix(np.eye(2), ("s",), levels=(0, 1)).matrix("a"), UnknownNameError, "computed measure"),
    ],
)
def test_bad_input(call, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        call()
