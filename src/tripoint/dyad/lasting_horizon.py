"""How many more observations would tell a lasting from a tactical change, by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.dyad.lasting import Kind, dates_to_try, effect_path
from tripoint.errors import InputError
from tripoint.numerics.interventions import regress, scan
from tripoint.numerics.local_level import check_series, maximize

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Horizon:
    """How many more observations would tell a lasting from a tactical change.

    Attributes
    ----------
    needed
        Fewest further observations tried with which at least ``power`` of the simulated futures are decided
        rightly under both readings; 0 where the series decides already; None where the longest horizon is too short.
    lasting_now
        Weight of a shift against a transient in the series as it is [0-1].
    horizons
        Further observations tried.
    right_if_lasting, right_if_tactical
        Share of futures decided rightly at each horizon [0-1].
    wrong
        Largest share of futures decided wrongly at each horizon, under either reading [0-1].
    power, odds
        Share asked for, and the probability from which a future counts as decided.
    draws, seed
        Simulated futures of each reading, and their seed.
    """

    needed: int | None
    lasting_now: float
    horizons: tuple[int, ...]
    right_if_lasting: tuple[float, ...]
    right_if_tactical: tuple[float, ...]
    wrong: tuple[float, ...]
    power: float
    odds: float
    draws: int
    seed: int


def observations_to_decide(
    series: ArrayLike,
    date: int,
    *,
    error_var: ArrayLike | None = None,
    horizons: Sequence[int] = (1, 2, 3, 4, 6, 8, 12, 16, 24, 36),
    odds: float = 0.9,
    power: float = 0.8,
    draws: int = 200,
    seed: int = 0,
) -> Horizon:
    """Simulate futures in which the change lasts, and in which it fades, and see when they can be told apart.

    Parameters
    ----------
    series, error_var
        As in :func:`tripoint.dyad.lasting.fit_lasting`; future measurement error is taken to be the mean of the known.
    date
        Period in which the change began.
    horizons
        Further observations to try, each > 0.
    odds
        Probability of lasting against tactical (given a change, shift against transient) from which a future
        counts as decided, in (0.5, 1).
    power
        Share of futures that should be decided rightly, in (0, 1).
    draws, seed
        Futures of each reading, and their seed.

    Raises
    ------
    InputError
        A series or date that :func:`tripoint.dyad.lasting.fit_lasting` would refuse, or an option out of range.

    Notes
    -----
    Futures continue the observed series: its last level and the size of the change are drawn from what the
    data say under each reading (shift, transient), the variances being held at their estimates for that
    reading. Then both readings are fitted anew to each longer series. Where one reading is refuted already
    (``needed`` 0), futures under that reading say little.
    """
    y, known, observed = check_series(series, error_var)
    (date,) = dates_to_try(date, observed)
    if not (0.5 < odds < 1 and 0 < power < 1 and draws > 0) or min(horizons, default=0) < 1:
        raise InputError("odds must be in (0.5, 1), power in (0, 1), draws > 0, horizons whole numbers > 0")
    rng = np.random.default_rng(seed)
    longest = max(horizons)
    futures = {kind: _futures(kind, date, y, observed, known, longest, draws, rng) for kind in ("shift", "transient")}
    right: dict[str, list[float]] = {"shift": [], "transient": []}
    wrong = []
    for h in sorted(horizons):
        missed = []
        for kind, paths in futures.items():
            lasting = _shift_weight(paths[: y.size + h], date, observed, known, h)
            hit, miss = lasting >= odds, lasting <= 1 - odds
            if kind == "transient":
                hit, miss = miss, hit
            right[kind].append(float(hit.mean()))
            missed.append(float(miss.mean()))
        wrong.append(max(missed))
    now = float(_shift_weight(y[:, None], date, observed, known, 0)[0])
    enough = [0] if max(now, 1 - now) >= odds else []
    enough += [h for h, a, b in zip(sorted(horizons), *right.values(), strict=True) if min(a, b) >= power]
    return Horizon(
        needed=enough[0] if enough else None,
        lasting_now=now,
        horizons=tuple(sorted(horizons)),
        right_if_lasting=tuple(right["shift"]),
        right_if_tactical=tuple(right["transient"]),
        wrong=tuple(wrong),
        power=power,
        odds=odds,
        draws=draws,
        seed=seed,
    )


def _futures(
    kind: Kind,
    date: int,
    y: Floats,
    observed: Bools,
    error_var: Floats | None,
    longest: int,
    draws: int,
    rng: np.random.Generator,
) -> Floats:
    """The series and ``longest`` further periods under one reading, (n + longest, draws)."""
    columns = np.column_stack([y, effect_path(kind, date, y.size)])
    point, _, parts = maximize(columns, observed, error_var)
    effect, variance = regress(parts)
    size = effect + np.sqrt(variance) * rng.standard_normal(draws)
    last = parts.final[0, 0] - size * parts.final[0, 1]
    last = last + np.sqrt(parts.final_var[0]) * rng.standard_normal(draws)
    steps = np.sqrt(point.drift[0]) * rng.standard_normal((longest, draws))
    noise = point.irregular[0] + (0.0 if error_var is None else float(error_var[observed].mean()))
    ahead = effect_path(kind, date, y.size + longest)[y.size :]
    future = last + np.cumsum(steps, axis=0) + ahead[:, None] * size
    future += np.sqrt(noise) * rng.standard_normal((longest, draws))
    return np.vstack([np.repeat(y[:, None], draws, axis=1), future])


def _shift_weight(paths: Floats, date: int, observed: Bools, error_var: Floats | None, further: int) -> Floats:
    """Weight of a shift against a transient (equal priors) for each simulated series, (draws,)."""
    seen = np.concatenate([observed, np.ones(further, dtype=bool)])
    known = error_var
    if known is not None:
        known = np.concatenate([known, np.full(further, known[observed].mean())])
    kinds = np.stack([effect_path(kind, date, len(paths)) for kind in ("shift", "transient")], axis=1)
    gain = scan(np.where(seen[:, None], paths, 0.0), kinds, seen, known, None)
    return np.asarray(np.exp(-np.logaddexp(0.0, gain[1] - gain[0])))
