"""Places between poles from posterior draws: by brute force, mirrored, with poles that coincide."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tripoint.dyad.ideal_points import fit_ideal_points
from tripoint.errors import CoverageError, InputError
from tripoint.triad.autonomy.by_ideal_points import betweenness_by_session
from tripoint.triad.ties.poles import Pole

#: Draws are kept in single precision.
SINGLE = 1e-6
RUS, USA = Pole("RUS", ("RUS",)), Pole("USA", ("USA",))
WEST = Pole("West", ("USA", "GBR", "FRA"))


@pytest.fixture
def points() -> Any:
    """Sessions 44 to 46: the Soviet Union votes until 45, France not in 46; Britain and Russia at nearly one point."""
    at = {"SUN": -1.0, "RUS": -1.0, "IND": -0.4, "USA": 2.0, "GBR": 1.2, "FRA": 0.9, "PRK": -1.0}
    units = [
        (s, k)
        for s in sorted(at)
        for k in (44, 45, 46)
        if (s, k) not in {("FRA", 46), ("SUN", 46), ("RUS", 44), ("RUS", 45)}
    ]
    rng = np.random.default_rng(1)
    draws = np.array([[at[s]] for s, _ in units]) + 0.2 * rng.standard_normal((400, len(units), 1))
    fit = SimpleNamespace(
        sessions=np.array([44, 45, 46]), doubtful=np.array([False, True, False]), errors_saved=np.array([0.8, 0.4, 0.7])
    )
    return SimpleNamespace(
        states=np.array([s for s, _ in units], dtype=object),
        sessions=np.array([k for _, k in units]),
        votes=np.full(len(units), 60),
        draws=draws.astype(np.float32),
        dimensions=1,
        fit=fit,
    )


def column(points: Any, state: str, session: int) -> np.ndarray:
    return points.draws[:, (points.states == state) & (points.sessions == session), 0].astype(float)


def test_places_are_those_of_the_draws_and_blocs_are_means_of_members_present(points: Any) -> None:
    found = betweenness_by_session(points, "IND", RUS, WEST)
    assert [p.session for p in found] == [44, 45, 46]
    for p in found:
        russia = column(points, "SUN" if p.session < 46 else "RUS", p.session)[:, 0]
        west = np.hstack([column(points, s, p.session) for s in ("FRA", "GBR", "USA")])
        theta = column(points, "IND", p.session)[:, 0]
        ratio = (theta - russia) / (west.mean(axis=1) - russia)
        assert p.place.value == pytest.approx(np.median(ratio), abs=SINGLE)
        assert (p.place.low, p.place.high) == pytest.approx(tuple(np.quantile(ratio, [0.05, 0.95])), abs=SINGLE)
        assert p.place.p_between == pytest.approx(np.mean((ratio > 0) & (ratio < 1)))
        assert p.distance == pytest.approx((west.mean(axis=1) - russia).mean(), abs=SINGLE)
    assert found[0].members == (("SUN",), ("FRA", "GBR", "USA"))
    assert found[2].members == (("RUS",), ("GBR", "USA"))
    assert [p.doubtful for p in found] == [False, True, False]
    assert found[1].errors_saved == pytest.approx(0.4)


def test_swapped_poles_give_the_mirror_image(points: Any) -> None:
    for one, other in zip(
        betweenness_by_session(points, "IND", RUS, USA), betweenness_by_session(points, "IND", USA, RUS), strict=True
    ):
        assert one.place.value == pytest.approx(1 - other.place.value)
        assert (one.place.low, one.place.high) == pytest.approx((1 - other.place.high, 1 - other.place.low))
        assert (one.place.p_between, one.apart) == (other.place.p_between, other.apart)


def test_poles_that_coincide_are_not_apart_and_exact_copies_are_refused(points: Any) -> None:
    near = betweenness_by_session(points, "IND", RUS, Pole("PRK", ("PRK",)))
    assert not any(p.apart for p in near)
    assert all(p.place.p_ordered < 0.95 for p in near)
    assert all(p.apart for p in betweenness_by_session(points, "IND", RUS, USA))
    copy = points.states == "PRK"
    points.draws[:, copy & (points.sessions < 46)] = points.draws[:, points.states == "SUN"]
    with pytest.raises(InputError, match="same point in 400 draws"):
        betweenness_by_session(points, "IND", RUS, Pole("PRK", ("PRK",)))


@pytest.mark.parametrize(
    ("state", "first", "second", "options", "error", "message"),
    [
        ("IND", RUS, Pole("SUN", ("RUS",)), {}, InputError, "must not overlap"),
        ("USA", RUS, WEST, {}, InputError, "USA is in two of"),
        ("IND", RUS, USA, {"dimension": 2}, InputError, "dimensions 1 to 1"),
        ("IND", RUS, Pole("TON", ("TON",)), {}, CoverageError, "same session"),
        ("TON", RUS, USA, {}, CoverageError, "same session"),
    ],
)
def test_bad_places_are_refused(
    points: Any, state: str, first: Pole, second: Pole, options: dict, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        betweenness_by_session(points, state, first, second, **options)


def test_a_fit_puts_a_state_where_it_was_simulated() -> None:
    rng = np.random.default_rng(3)
    names = [*(f"S{k:02d}" for k in range(30)), "RUS", "IND", "USA"]
    theta = np.array([*rng.standard_normal(30), -1.5, 0.0, 1.5])
    slope, cut = np.abs(1 + 0.3 * rng.standard_normal(200)), rng.standard_normal(200)
    eta = theta[:, None] * slope - cut + rng.standard_normal((33, 200))
    choice = np.where(eta < -0.3, 1, np.where(eta < 0.3, 2, 3))
    state, item = np.meshgrid(names, np.arange(200), indexing="ij")
    votes = {"state": state.ravel(), "session": np.full(state.size, 70), "item": item.ravel(), "choice": choice.ravel()}
    fit = fit_ideal_points(votes, warmup=150, draws=300, positive=("USA",))
    (found,) = betweenness_by_session(fit, "IND", RUS, USA)
    assert found.place.low < 0.5 < found.place.high
    assert found.place.high - found.place.low < 0.3
    # An item on which all vote alike says nothing and is set aside.
    assert 190 < found.votes <= 200
