"""Two states as asked for: which questions are refused, and with what to do next."""

from __future__ import annotations

import pytest

from tripoint.dyad.pair import two_states
from tripoint.errors import InputError, NotInSystemError, UnknownNameError


def test_ids_come_back_in_the_order_asked() -> None:
    assert two_states("Russia", "CHN", 1990, 2020) == ("RUS", "CHN")
    assert two_states("CHN", "Russia", 1990, 2020) == ("CHN", "RUS")


def test_a_state_need_not_live_all_of_the_years() -> None:
    assert two_states("KAZ", "DDR", 1985, 1995) == ("KAZ", "DDR")


@pytest.mark.parametrize(
    ("a", "b", "first", "last", "error", "message"),
    [
        ("RUS", "Russia", 1990, 2020, InputError, "same state"),
        ("RUS", "SUN", 1980, 2020, InputError, "same state"),
        ("RUS", "CHN", 2020, 2010, InputError, "give an earlier first year"),
        ("RUS", "CHN", 2300, None, InputError, "last is before the first"),
        ("DDR", "USA", 2000, 2005, NotInSystemError, "DDR 1949-1990; preceded by DEU, followed by DEU"),
        ("USA", "DDR", 2000, 2005, NotInSystemError, "followed by DEU"),
        ("RUS", "Rusia", 1990, 2020, UnknownNameError, "did you mean 'Russia'"),
        ("RUS", "XQZWV", 1990, 2020, UnknownNameError, "tripoint states lists them"),
    ],
)
def test_bad_pairs_are_refused(
    a: str, b: str, first: int, last: int | None, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        two_states(a, b, first, last)
