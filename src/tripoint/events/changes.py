"""Months in which a share moved to another level and stayed there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.errors import InputError, needs
from tripoint.events.series import NewsSeries

Floats = NDArray[np.float64]

#: Fewest months between two changes, and fewest of a series.
SHORTEST, FEWEST = 6, 24
#: Factor of the penalty, chosen on simulated series; how often it finds a change where there is none is tested.
PENALTY = 4.0
_MAD = 1.482602218505602
_MOST_CORRELATED = 0.8


@dataclass(frozen=True, slots=True)
class Change:
    """A change of level: the place of its first month, and the mean share before and after, to the next change."""

    place: int
    before: float
    after: float


def change_points(share: Floats) -> tuple[Change, ...]:
    """Find changes of level in a monthly share.

    Parameters
    ----------
    share
        (t,) share [0-1]; NaN where a month is not covered, and is passed over.

    Returns
    -------
    tuple of Change
        Earliest first; empty where there is none.

    Raises
    ------
    InputError
        Fewer than 24 months are known.

    Notes
    -----
    PELT with squared loss (Killick, Fearnhead and Eckley 2012, doi:10.1080/01621459.2012.737745), in the library
    ruptures (Truong, Oudre and Vayatis 2020), on the arcsine of the root of the share, whose variance hardly depends
    on its level. The penalty grows with the long-run variance, estimated from differences at lags 1 and 2, since
    news of one month runs on into the next.

    When not to use it: for changes that fade (``tripoint lasting``), or to date a change to the month where few
    events are coded.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> level = np.repeat([0.3, 0.6], 40)
    >>> [c.place for c in change_points(level + rng.normal(0, 0.03, 80))]
    [40]
    """
    needs("ruptures")
    import ruptures

    known = np.flatnonzero(np.isfinite(share))
    if known.size < FEWEST:
        raise InputError(f"{known.size} months are known; changes of level need at least {FEWEST}")
    y = 2 * np.arcsin(np.sqrt(np.clip(share[known], 0, 1)))
    penalty = PENALTY * np.log(y.size) * max(long_run_variance(y), 1e-12)
    ends = ruptures.KernelCPD(kernel="linear", min_size=SHORTEST).fit(y[:, None]).predict(pen=penalty)
    edges = [0, *ends]
    means = [float(share[known[i:j]].mean()) for i, j in pairwise(edges)]
    return tuple(Change(int(known[end]), means[k], means[k + 1]) for k, end in enumerate(ends[:-1]))


def change_rows(series: NewsSeries) -> list[dict[str, Any]]:
    """Changes of level in the two shares of a pair's news, one row each."""
    shares = {"conflict_share": series.conflict_share, "share": series.share}
    return [
        {
            "state_a": series.state_a,
            "state_b": series.state_b,
            "source_id": series.source,
            "what": name,
            "month": series.months[change.place].strftime("%Y-%m"),
            "before": change.before,
            "after": change.after,
        }
        for name, values in shares.items()
        for change in change_points(np.where(series.covered > 0, values, np.nan))
    ]


def long_run_variance(y: Floats) -> float:
    """Variance of a series without its changes of level, for sums over many of its values.

    For a first-order autoregression differences at lag 2 have ``1 + rho`` times the variance of those at lag 1. Both
    are taken from the median of absolute differences, which a few changes of level do not move.
    """
    one, two = (float((_MAD * np.median(np.abs(y[lag:] - y[:-lag]))) ** 2) for lag in (1, 2))
    if one == 0:
        return float(np.var(np.diff(y)) / 2)
    rho = float(np.clip(two / one - 1, 0, _MOST_CORRELATED))
    return one / (2 * (1 - rho)) * (1 + rho) / (1 - rho)
