import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.errors import InputError
from tripoint.numerics.concentration import effective_partners, evenness, hhi, shares

amounts = st.lists(st.floats(0, 1e6), min_size=2, max_size=8).filter(lambda x: sum(x) > 1e-3)


def test_published_cases() -> None:
    assert hhi([0.5, 0.3, 0.2]) == pytest.approx(0.38)
    assert effective_partners([0.5, 0.3, 0.2]) == pytest.approx(2.6316, abs=5e-5)
    assert hhi([1, 1, 1]) == pytest.approx(1 / 3)
    assert effective_partners([1, 1, 1]) == pytest.approx(3)
    assert evenness([1, 0, 0]) == 0
    assert evenness([1, 1, 1]) == pytest.approx(1)


@given(amounts)
def test_bounds_and_indifference_to_order_and_unit(x: list[float]) -> None:
    rounding = 1e-9
    k = len(x)
    assert 1 / k - rounding <= hhi(x) <= 1 + rounding
    assert 1 - rounding <= effective_partners(x) <= k + rounding
    assert -rounding <= evenness(x) <= 1 + rounding
    assert hhi(x[::-1]) == pytest.approx(hhi(x))
    assert hhi([7 * v for v in x]) == pytest.approx(hhi(x))


def test_nothing_to_share_and_missing_are_not_zero() -> None:
    assert np.isnan(shares([0, 0])).all()
    assert np.isnan(shares([1, np.nan])).all()
    assert hhi([[1, 1], [0, 0]]) == pytest.approx([0.5, np.nan], nan_ok=True)


def test_refuses_negative_amounts_and_no_parts() -> None:
    with pytest.raises(InputError, match="-1"):
        shares([2, -1])
    with pytest.raises(InputError, match="one part"):
        shares([])
    with pytest.raises(InputError, match="two parts"):
        evenness([3])
