import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.errors import InputError
from tripoint.triad.autonomy.positions import betweenness, bloc_evenness, contradictions, equidistance

positive = st.floats(0.01, 100)


@given(positive, positive)
def test_equidistance_is_symmetric_and_bounded(a: float, b: float) -> None:
    assert equidistance(a, b) == equidistance(b, a)
    assert 0 <= equidistance(a, b) <= 1
    assert equidistance(a, a) == 1
    assert equidistance(a, 0) == 0


def test_equidistance_of_nothing_is_not_a_number() -> None:
    assert np.isnan(equidistance(0, 0))
    assert equidistance(3, 1) == pytest.approx(0.5)
    with pytest.raises(InputError):
        equidistance(-1, 1)


def test_bloc_evenness() -> None:
    values = [2, 1, 1, 50]
    assert bloc_evenness(values, [[0], [1, 2]]) == pytest.approx(1)
    assert bloc_evenness([1, 0, 0], [[0], [1], [2]]) == 0
    with pytest.raises(InputError, match="partner 1 is in two blocs"):
        bloc_evenness(values, [[0, 1], [1, 2]])
    with pytest.raises(InputError, match="two blocs"):
        bloc_evenness(values, [[0]])


def test_betweenness_at_known_places() -> None:
    assert betweenness(0.5, 0.0, 2.0).value == pytest.approx(0.25)
    assert betweenness(0.0, 0.0, 2.0).value == 0
    assert betweenness(2.0, 0.0, 2.0).value == 1
    assert betweenness(3.0, 0.0, 2.0).value == pytest.approx(1.5)


def test_betweenness_carries_the_draws() -> None:
    rng = np.random.default_rng(0)
    at, a, b = (m + 0.1 * rng.standard_normal(4000) for m in (0.5, 0.0, 1.0))
    found = betweenness(at, a, b)
    # Near the middle the ratio's standard deviation is sqrt(1.5) times .1.
    assert found.high - found.low == pytest.approx(2 * 1.645 * 0.1 * np.sqrt(1.5), rel=0.1)
    assert (found.p_between > 0.99, found.p_ordered) == (True, 1.0)
    swapped = betweenness(at, b, a)
    assert swapped.value == pytest.approx(1 - found.value)
    assert (swapped.low, swapped.high) == pytest.approx((1 - found.high, 1 - found.low))
    near = betweenness(at, a, a + 0.05 * rng.standard_normal(4000))
    assert near.p_ordered < 0.6


def test_contradictions() -> None:
    # Quad with the USA; SCO with Russia and China; the United Nations with all.
    held = [[0, 0, 1], [1, 1, 0], [1, 1, 1]]
    rivals = [[0, 0, 1], [0, 0, 1], [1, 1, 0]]
    assert contradictions(held, rivals) == ((0, 1),)
    assert contradictions(held, np.zeros((3, 3))) == ()
    with pytest.raises(InputError, match="symmetric"):
        contradictions(held, [[0, 1, 0], [0, 0, 0], [0, 0, 0]])


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (([1, 2], [1], [2]), "same draws"),
        (([np.nan], [1.0], [2.0]), "missing"),
        (([0.0], [1.0], [1.0]), "same point in 1 draws"),
    ],
)
def test_bad_positions(args: tuple, match: str) -> None:
    with pytest.raises(InputError, match=match):
        betweenness(*args)


def test_a_place_at_a_pole_is_not_between_and_the_order_of_poles_is_a_share() -> None:
    found = betweenness([0.0, 1.0, 0.5, 0.5], [0.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0])
    assert found.p_between == 0.5
    assert found.p_ordered == 0.75
    assert betweenness([0.5, 0.5], [1.0, 1.0], [0.0, 0.0]).p_ordered == 1.0
    with pytest.raises(InputError, match="at one and the same point in 1 draws"):
        betweenness([0.5, 0.5], [1.0, 1.0], [1.0, 0.0])


def test_only_what_ties_to_rivals_of_each_other_contradicts() -> None:
    """Poles: A and B at odds, C with nobody."""
    rivals = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], bool)
    with_a, with_b, with_c, with_all = [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]
    assert contradictions([with_a, with_b], rivals) == ((0, 1),)
    assert contradictions([with_a, with_c], rivals) == ()
    # What joins rivals contradicts nothing, on either side, and takes nothing from the others.
    assert contradictions([with_all, with_b, with_a], rivals) == ((1, 2),)
    assert contradictions([with_a, [0, 1, 1], with_all], rivals) == ((0, 1),)
    assert contradictions([[1, 0, 1], [0, 1, 1]], rivals) == (), "one pole is in both"
    assert contradictions([with_a, with_a, with_b, with_b], rivals) == ((0, 2), (0, 3), (1, 2), (1, 3))
