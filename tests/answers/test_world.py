from __future__ import annotations

import polars as pl
import pytest

import tripoint
from tripoint.answers import registry
from tripoint.answers.world import friends_together
from tripoint.errors import CoverageError, InputError


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return tripoint.open_evidence(tmp_path_factory.mktemp("world") / "home")


def test_friends_stand_together_whatever_the_order_of_rows():
    rows = [("A", "B", 0.9), ("C", "D", 0.8), ("A", "C", -0.9), ("A", "D", -0.8), ("B", "C", -0.7), ("B", "D", -0.9)]
    frame = pl.DataFrame(rows, schema=["state_a", "state_b", "mean"], orient="row")
    order = friends_together(frame)
    assert abs(order.index("A") - order.index("B")) == 1
    assert abs(order.index("C") - order.index("D")) == 1
    assert order == friends_together(frame.reverse())


def test_the_matrix_of_a_year(evidence):
    made = registry.answer(evidence, registry.read("world", {"states": "RUS,UKR,USA,GBR", "year": 2023}))
    means = {(r["state_a"], r["state_b"]): r["mean"] for r in made.rows.iter_rows(named=True)}
    assert means["GBR", "USA"] > 0 > means["RUS", "UKR"]
    assert made.figure is not None


def test_years_and_states_that_were_not(evidence):
    with pytest.raises(InputError, match="two or more"):
        registry.read("world", {"states": "RUS"})
    with pytest.raises(CoverageError, match="fewer than two"):
        registry.answer(evidence, registry.read("world", {"states": "UKR,KAZ", "year": 1950}))
