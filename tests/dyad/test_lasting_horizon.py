import numpy as np
import pytest

from tripoint.dyad.lasting import effect_path
from tripoint.dyad.lasting_horizon import observations_to_decide
from tripoint.errors import InputError


def series(periods_after: int, size: float = 4.0, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n = 30 + periods_after
    return 0.5 * rng.standard_normal(n) + size * effect_path("shift", 30, n)


def test_a_fresh_change_needs_more_and_an_old_one_none() -> None:
    fresh = observations_to_decide(series(1), 30)
    assert fresh.lasting_now == pytest.approx(0.5, abs=1e-6)
    assert fresh.needed is not None
    assert fresh.needed > 1
    old = observations_to_decide(series(12), 30)
    assert old.needed == 0
    assert old.lasting_now > 0.9


def test_power_grows_with_the_horizon() -> None:
    found = observations_to_decide(series(1), 30, horizons=(1, 4, 16))
    # Shares of 200 futures: one standard error is 3.5 points.
    assert found.right_if_lasting[-1] >= found.right_if_lasting[0] - 0.07
    assert found.right_if_tactical[-1] > found.right_if_tactical[0]
    assert max(found.wrong) < 0.2


def test_a_small_change_calls_for_more_observations() -> None:
    clear, small = (observations_to_decide(series(1, size=size), 30, error_var=0.01) for size in (4.0, 1.0))
    assert clear.needed is not None
    assert small.needed is None or small.needed > clear.needed


def test_seeded_and_checked() -> None:
    one, two = (observations_to_decide(series(1), 30, horizons=(2, 6), draws=50, seed=1) for _ in range(2))
    assert one == two
    for bad in ({"odds": 0.4}, {"power": 1.0}, {"draws": 0}, {"horizons": (0,)}, {"horizons": ()}):
        with pytest.raises(InputError):
            observations_to_decide(series(1), 30, **bad)
    with pytest.raises(InputError, match="date 31"):
        observations_to_decide(series(1), 31)
