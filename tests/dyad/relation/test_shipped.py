"""On the shipped evidence: the estimates that ship, their lineage, and what is said where there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tripoint.dyad.relation import RUNGS, fit_relation
from tripoint.dyad.shipped_estimates import estimates, lineage
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence

#: Chances are kept in two hundredths, values in thousandths.
ROUNDED = 0.02


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(tmp_path_factory.mktemp("home"))


def test_values_are_within_their_intervals_and_chances_make_them(shipped: Evidence) -> None:
    fit = fit_relation(shipped, ["RUS", "CHN", "USA", "IND", "FRA", "GBR"])
    known = np.isfinite(fit.mean)
    assert fit.shipped
    assert known.mean() > 0.9
    assert (fit.low[known] <= fit.mean[known]).all()
    assert (fit.high[known] >= fit.mean[known]).all()
    at_end = (fit.low[known] <= -0.999) | (fit.high[known] >= 0.999)
    assert (fit.high[known] - fit.low[known] >= np.where(at_end, 1 / 6, 1 / 3) - ROUNDED).all()  # a rung at least
    np.testing.assert_allclose(fit.chances[known].sum(axis=-1), 1, rtol=0, atol=1e-9)
    mean = fit.chances[known] @ (np.arange(len(RUNGS)) - 3) / 3
    np.testing.assert_allclose(mean, fit.mean[known], rtol=0, atol=ROUNDED)


def test_names_may_be_swapped_and_rows_shuffled(shipped: Evidence) -> None:
    one = fit_relation(shipped, ["RUS", "CHN", "USA"])
    other = fit_relation(shipped, ["United States", "China", "Soviet Union"])
    assert one.pairs == other.pairs
    np.testing.assert_array_equal(one.mean, other.mean)
    assert one.row("RUS", "CHN") == one.row("CHN", "RUS")


def test_plain_relations_have_their_sign(shipped: Evidence) -> None:
    """No threshold is fitted to these: they are the plainest there are."""
    fit = fit_relation(shipped, ["RUS", "UKR", "USA", "GBR", "FRA"])
    t = fit.column(2024)
    for a, b, sign in (
        ("RUS", "UKR", -1),
        ("RUS", "USA", -1),
        ("GBR", "USA", 1),
        ("FRA", "GBR", 1),
        ("FRA", "RUS", -1),
    ):
        r = fit.row(a, b)
        assert sign * fit.mean[r, t] > 0.3, (a, b, fit.mean[r, t])
        assert sign * fit.low[r, t] > 0 or sign * fit.high[r, t] > 0


def test_a_pair_that_the_estimates_leave_out_has_no_value(shipped: Evidence) -> None:
    fit = fit_relation(shipped, ["FJI", "MLI"])
    assert np.isnan(fit.mean).all()
    assert set(fit.basis().ravel()) == {""}


def test_bad_input_is_told(shipped: Evidence) -> None:
    with pytest.raises(InputError, match="must begin at 1946"):
        fit_relation(shipped, ["RUS", "USA"], start=1900)
    with pytest.raises(InputError, match="named twice"):
        fit_relation(shipped, ["RUS", "Russia"])
    with pytest.raises(UnknownNameError):
        fit_relation(shipped, ["RUS", "Atlantis"])
    with pytest.raises(UnknownNameError, match="the store"):
        fit_relation(shipped, ["RUS", "USA"], without=("nothing",))
    with pytest.raises(InputError, match="is outside"):
        fit_relation(shipped, ["RUS", "USA"]).column(2050)


def test_the_file_is_lean_and_has_its_lineage() -> None:
    import tripoint.evidence

    path = Path(tripoint.evidence.__file__).parent / "estimates" / "relation.parquet"
    assert path.stat().st_size < 3e6
    assert estimates("relation").height > 100_000
    assert "estimates made on 20" in lineage("relation")


def test_own_list_of_relations_is_well_formed() -> None:
    import csv

    from tripoint import states

    path = Path(__file__).parents[2] / "reference" / "relations_developed_on.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert len(rows) >= 100
    for row in rows:
        states.find(row["state_a"])
        states.find(row["state_b"])
        assert -3 <= int(row["score"]) <= 3
        assert row["reason"]
        assert row["source"]
