from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.errors import InputError
from tripoint.triad.balance.triangles import triad_census, triangle_probabilities, triangle_shares, triangle_type

#: Sums of at most 27 products.
ROUNDING = 1e-12
SIGNS = (1, 0, -1)


@pytest.mark.parametrize(
    ("signs", "name"),
    [
        ((1, 1, 1), "menage a trois"),
        ((1, -1, -1), "stable marriage"),
        ((1, 1, -1), "romantic triangle"),
        ((-1, -1, -1), "unit veto"),
        ((1, 0, -1), "incomplete"),
    ],
)
def test_dittmer(signs: tuple[int, ...], name: str) -> None:
    assert triangle_type(signs) == name


tie = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda u: np.array([min(u), max(u) - min(u), 1 - max(u)]))


@given(tie, tie, tie)
def test_equals_all_27_triangles(ab: np.ndarray, bc: np.ndarray, ca: np.ndarray) -> None:
    found = triangle_probabilities(ab, bc, ca)
    by_name = dict.fromkeys(found.by_type(), 0.0)
    for i, j, k in product(range(3), repeat=3):
        by_name[triangle_type((SIGNS[i], SIGNS[j], SIGNS[k]))] += ab[i] * bc[j] * ca[k]
    for name, value in found.by_type().items():
        assert value == pytest.approx(by_name[name], abs=ROUNDING)
    assert sum(found.by_type().values()) == pytest.approx(1, abs=ROUNDING)


@given(tie, tie, tie)
def test_names_swapped_same_answer(ab: np.ndarray, bc: np.ndarray, ca: np.ndarray) -> None:
    one = triangle_probabilities(ab, bc, ca)
    two = triangle_probabilities(ab, ca, bc)  # a and b change places: b-a, a-c, c-b
    assert one.romantic == pytest.approx(two.romantic, abs=ROUNDING)
    assert one.pivot == pytest.approx(two.pivot[[1, 0, 2]], abs=ROUNDING)
    assert one.outsider == pytest.approx(two.outsider[[1, 0, 2]], abs=ROUNDING)


def test_pivot_and_outsider_by_name() -> None:
    friend, foe = [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]
    courted = triangle_probabilities(friend, foe, friend)
    assert courted.pivot.tolist() == [1, 0, 0]
    couple = triangle_probabilities(friend, foe, foe)
    assert couple.outsider.tolist() == [0, 0, 1]


def test_many_triangles_at_once_and_shares_of_draws() -> None:
    ab = np.array([[0.5, 0.2, 0.3], [1, 0, 0]])
    many = triangle_probabilities(ab, ab, ab)
    assert many.menage == pytest.approx([0.125, 1])
    # The three ties always agree: a dependence that independent ties miss.
    together = triangle_shares([[1, 1, 1], [-1, -1, -1], [1, 1, 1], [0, 0, 0]])
    assert (float(together.menage), float(together.veto), float(together.incomplete)) == (0.5, 0.25, 0.25)
    assert float(together.romantic) == 0


def test_census_equals_counting() -> None:
    rng = np.random.default_rng(0)
    every = list(combinations(range(12), 2))
    edges = [every[i] for i in rng.choice(len(every), 45, replace=False)]
    signs = rng.choice([-1, 1], 45)
    sign = {frozenset(e): s for e, s in zip(edges, signs, strict=True)}
    counts = [0, 0, 0, 0]
    for i, j, k in combinations(range(12), 3):
        three = [sign.get(frozenset(p)) for p in ((i, j), (j, k), (i, k))]
        if None not in three:
            counts[three.count(-1)] += 1
    found = triad_census(12, edges, signs)
    assert [found.ppp, found.ppm, found.pmm, found.mmm] == counts
    assert found.triangles == sum(counts)
    assert found.balance == (counts[0] + counts[2]) / sum(counts)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: triangle_type((1, 1)), "three signs"),
        (lambda: triangle_type((1, 1, 2)), "three signs"),
        (lambda: triangle_probabilities([0.5, 0.5, 0.5], [1, 0, 0], [1, 0, 0]), "tie ab"),
        (lambda: triangle_probabilities([1, 0, 0], [1.5, -0.5, 0], [1, 0, 0]), "tie bc"),
        (lambda: triangle_probabilities([1, 0, 0], [1, 0, 0], [1, 0]), "tie ca"),
        (lambda: triangle_shares([[1, 1]]), "rows of three signs"),
        (lambda: triangle_shares([[1, 1, 3]]), "rows of three signs"),
    ],
)
def test_bad_input(call, match: str) -> None:
    with pytest.raises(InputError, match=match):
        call()
