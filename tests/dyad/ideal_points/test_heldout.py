"""Votes left out of a fit: what is said of them knows nothing of them, and names and order do not matter."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tripoint.dyad.ideal_points import IdealPoints, LeftOut, fit_ideal_points, line_probability, neighbor_probability
from tripoint.errors import InputError

#: Chance agreement of two orders of the same sums.
ROUNDING = 1e-9


def made_up(seed: int = 4) -> pl.DataFrame:
    """Votes of 24 states on 40 items in two sessions, along two axes, so that a line misses something."""
    rng = np.random.default_rng(seed)
    place = rng.standard_normal((24, 2))
    rows = []
    for item in range(80):
        toward = rng.standard_normal(2) * 2
        z = place @ toward + rng.standard_normal(24) + rng.normal()
        rows += [(f"s{i}", item // 40 + 1, item, 1 + int(v > -0.4) + int(v > 0.4)) for i, v in enumerate(z)]
    return pl.DataFrame(rows, schema=["state", "session", "item", "choice"], orient="row")


@pytest.fixture(scope="module")
def fitted() -> tuple[IdealPoints, pl.DataFrame, np.ndarray]:
    votes = made_up()
    left = np.random.default_rng(1).random(votes.height) < 0.1
    kept = votes.filter(pl.Series(~left))
    return fit_ideal_points(kept, positive=["s0"], warmup=60, draws=80, seed=0), votes, left


pytestmark = pytest.mark.filterwarnings("ignore::tripoint.dyad.ideal_points.IdealPointWarning")


def loss(p: np.ndarray, votes: pl.DataFrame, left: np.ndarray) -> float:
    truth = votes["choice"].to_numpy()[left] - 1
    return float(-np.log(p[np.arange(truth.size), truth]).mean())


def test_neighbors_tell_more_than_item_shares(fitted: tuple[IdealPoints, pl.DataFrame, np.ndarray]) -> None:
    points, votes, left = fitted
    held = LeftOut(points, votes, left)
    line = line_probability(held)
    both = neighbor_probability(held, line, 2.0, 1.0)
    for p in (held.share, line, both):
        assert p.shape == (left.sum(), 3)
        assert (p > 0).all()
        np.testing.assert_allclose(p.sum(axis=1), 1, rtol=0, atol=ROUNDING)
    assert loss(both, votes, left) < loss(held.share, votes, left)


def test_nothing_is_known_of_the_votes_left_out(fitted: tuple[IdealPoints, pl.DataFrame, np.ndarray]) -> None:
    points, votes, left = fitted
    turned = votes.with_columns(choice=pl.when(pl.Series(left)).then(4 - pl.col("choice")).otherwise("choice"))
    for one, other in zip(answers(points, votes, left), answers(points, turned, left), strict=True):
        np.testing.assert_array_equal(one, other)


def test_shuffled_rows_change_nothing(fitted: tuple[IdealPoints, pl.DataFrame, np.ndarray]) -> None:
    points, votes, left = fitted
    order = np.random.default_rng(9).permutation(votes.height)
    back = np.argsort(order[left[order]], kind="stable")
    for one, other in zip(answers(points, votes, left), answers(points, votes[order], left[order]), strict=True):
        np.testing.assert_allclose(one, other[back], rtol=0, atol=ROUNDING)


def answers(points: IdealPoints, votes: pl.DataFrame, left: np.ndarray) -> tuple[np.ndarray, ...]:
    held = LeftOut(points, votes, left)
    return held.share, line_probability(held), neighbor_probability(held, held.share, 3.0, 0.5)


def test_an_unknown_state_or_item_gets_the_shares_of_its_item(
    fitted: tuple[IdealPoints, pl.DataFrame, np.ndarray],
) -> None:
    points, votes, _ = fitted
    more = votes.vstack(pl.DataFrame({"state": ["new"], "session": [1], "item": [0], "choice": [3]}))
    left = np.zeros(more.height, dtype=bool)
    left[-1] = True
    held = LeftOut(points, more, left)
    np.testing.assert_array_equal(line_probability(held), held.share)
    np.testing.assert_allclose(neighbor_probability(held, held.share, 3.0, 0.5), held.share, rtol=0, atol=ROUNDING)


def test_bad_input(fitted: tuple[IdealPoints, pl.DataFrame, np.ndarray]) -> None:
    points, votes, left = fitted
    with pytest.raises(InputError, match="no vote is left out"):
        LeftOut(points, votes, np.zeros(votes.height, dtype=bool))
    held = LeftOut(points, votes, left)
    with pytest.raises(InputError, match="worth 0 above 0"):
        neighbor_probability(held, held.share, 1.0, 0.0)
