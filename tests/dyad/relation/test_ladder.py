"""The ladder: each rung by its definition, on codes and deeds that are written down here."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.dyad.relation.ladder import RUNGS, _carried, _rung

_DEEDS = ("war", "severe", "broken", "measures", "split", "quarrel", "close", "deed", "partner", "rival", "restored")


def rung(code: float | None, *deeds: str) -> float:
    found = {name: np.array([[name in deeds]]) for name in _DEEDS}
    return float(_rung(np.array([[np.nan if code is None else code]], np.float32), found)[0, 0])


@pytest.mark.parametrize(
    ("code", "deeds", "want"),
    [
        (0.0, (), -2),
        (0.25, (), -1),
        (0.5, (), 0),
        (0.75, (), 1),
        (1.0, (), 2),
        (None, (), 0),
        (None, ("rival",), -1),
        (0.5, ("rival",), 0),
        (0.5, ("measures",), -1),
        (0.5, ("measures", "close"), 1),
        (0.5, ("measures", "deed", "partner"), 1),
        (0.5, ("close",), 1),
        (0.5, ("partner",), 1),
        (0.5, ("close", "deed", "partner"), 2),
        (0.75, ("close", "deed", "partner"), 3),
        (1.0, ("close", "deed", "partner"), 3),
        (0.5, ("close", "split"), 0),
        (0.5, ("close", "deed", "quarrel"), -1),
        (0.5, ("severe",), -2),
        (0.75, ("severe",), 1),
        (0.75, ("broken",), -2),
        (1.0, ("close", "deed", "war"), -3),
    ],
)
def test_each_rung_is_its_definition(code: float | None, deeds: tuple[str, ...], want: int) -> None:
    assert rung(code, *deeds) == want


def test_more_enmity_never_raises_and_more_friendship_never_lowers_a_rung() -> None:
    for code in (None, 0.0, 0.25, 0.5, 0.75, 1.0):
        for base in ((), ("close",), ("partner",), ("measures",), ("close", "deed", "partner")):
            for worse in ("war", "severe", "broken", "measures", "quarrel"):
                assert rung(code, *base, worse) <= rung(code, *base), (code, base, worse)
            for better in ("close", "partner"):
                assert rung(code, *base, better) >= rung(code, *base), (code, base, better)


def test_a_code_is_carried_only_where_coding_ends() -> None:
    nan = np.nan
    code = np.array([[nan, 0.5, nan, 1.0, nan, nan], [0.0, 0.0, nan, nan, nan, nan]], np.float32)
    value, age = _carried(code)
    np.testing.assert_array_equal(value, [[nan, 0.5, nan, 1.0, 1.0, 1.0], [0.0, 0.0, nan, nan, nan, nan]])
    np.testing.assert_array_equal(age, [[99, 0, 99, 0, 1, 2], [0, 0, 99, 99, 99, 99]])


def test_the_rungs_are_seven() -> None:
    assert len(RUNGS) == 7
