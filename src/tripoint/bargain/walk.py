"""War as a random walk: the chance of winning and the battles it takes, in closed form.

A holds ``n`` of ``N`` forts and each battle moves one fort: to A with chance ``p``, to B otherwise. The war
ends when one side holds them all. With x = ln(p / (1 - p)),

    Pr(A wins | n) = (1 - exp(-n x)) / (1 - exp(-N x)).

Where p is not known but has a Beta prior, learning from battles leaves the chance of winning unchanged on
average, so the answer is the same formula averaged over the prior; here by the trapezoid rule in x, where the
integrand is analytic and falls off exponentially on both sides.

Smith (1998), Fighting battles, winning wars, JCR 42(3):301; Slantchev (2003), APSR 97(4):621,
doi 10.1017/S0003055403000911; Smith & Stam (2004), JCR 48(6):783, doi 10.1177/0022002704268026.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks
from tripoint.errors import InputError

Array = NDArray[np.float64]

# Below this |N x| the quotient for the number of battles loses digits and two terms of its series are exact
# to about 1e-10.
_SERIES = 1e-5
# exp(-40) is below double precision next to 1.
_TAIL = 40.0
_NODE_LIMIT = 5_000_000


def _logit(p: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def _win(n: Array, N: int, x: Array) -> Array:
    """Chance that A wins with log-odds x per battle; written in |x| so that nothing overflows."""
    size = np.abs(x)
    start = np.where(x >= 0, n, N - n)
    with np.errstate(invalid="ignore"):
        strong = np.where(size > 0, np.expm1(-start * size) / np.expm1(-N * size), start / N)
    strong = np.where(start == 0, 0.0, strong)
    return np.asarray(np.where(x >= 0, strong, 1.0 - strong))


def _battles(n: Array, N: int, x: Array) -> Array:
    """Battles until one side holds every fort, with log-odds x per battle."""
    near = np.abs(x) * N < _SERIES
    safe = np.where(near, 1.0, x)
    far = (N * _win(n, N, safe) - n) / np.tanh(safe / 2.0)
    return np.asarray(np.where(near, n * (N - n) * (1.0 + (N - 2 * n) * x / 6.0), far))


def _discounted_win(n: Array, N: int, x: Array, discount: float) -> Array:
    """Mean of discount**battles over the wars that A wins, with log-odds x per battle."""
    p = 1.0 / (1.0 + np.exp(-x))
    root = np.sqrt(1.0 - 4.0 * discount**2 * p * (1.0 - p))
    upper = (1.0 + root) / (2.0 * discount * p)
    ratio = (1.0 - root) / (1.0 + root)
    return np.asarray(upper ** (n - N) * (1.0 - ratio**n) / (1.0 - ratio**N))


def _reach(a: Array, b: Array, side: int) -> float:
    """Furthest log-odds on one side at which any Beta(a, b) density is still within exp(-40) of its top."""
    mode = np.log(a / b)
    top = a * np.logaddexp(0.0, -mode) + b * np.logaddexp(0.0, mode)
    step = np.ones_like(a)
    while True:
        x = mode + side * step
        short = a * np.logaddexp(0.0, -x) + b * np.logaddexp(0.0, x) - top < _TAIL
        if not short.any():
            return float((side * x).max() * side)
        step = np.where(short, 1.25 * step, step)


def nodes(a: Array, b: Array, N: int) -> tuple[Array, Array]:
    """Return log-odds x (shape m) and weights (shape k, m) that average over k Beta(a, b) at once.

    Weights sum to one for each prior. Good to about 1e-12 for functions with no pole nearer to the real
    line than 2 pi / N, such as the chance of winning a walk over N forts.
    """
    low, high = _reach(a, b, -1), _reach(a, b, 1)
    spread = float(np.sqrt(1.0 / a + 1.0 / b).min())
    step = min(1.0 / N, spread / 1.5, 0.25)
    size = int(np.ceil((high - low) / step)) + 1
    if size * len(a) > _NODE_LIMIT:
        raise InputError(
            f"prior Beta({a.min():g}, {b.min():g}) over {N} forts needs {size * len(a):,} nodes, more than "
            f"{_NODE_LIMIT:,}; give a prior with larger parameters or fewer forts"
        )
    x = np.linspace(low, high, size)
    logs = -a[:, None] * np.logaddexp(0.0, -x) - b[:, None] * np.logaddexp(0.0, x)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return x, weights / weights.sum(axis=1, keepdims=True)


def _average(
    f: Callable[[Array, int, Array], Array], n: int, N: int, p: float | None, prior: checks.Beta | None
) -> float:
    held, total = checks.forts(n, N)
    if (p is None) == (prior is None):
        raise InputError("give either p (known) or prior=(a, b) (Beta belief), not both and not neither")
    start = np.array([float(held)])
    if prior is None:
        chance = checks.probability("p (A's chance in one battle)", p if p is not None else 0.5)
        if chance in (0.0, 1.0):  # every battle goes one way
            sure = chance == 1.0
            if f is _win:
                return float(held > 0) if sure else float(held == total)
            return float((total - held if sure else held) if 0 < held < total else 0)
        return float(f(start, total, _logit(np.array([chance])))[0])
    a, b = checks.beta("prior", prior)
    x, weights = nodes(np.array([a]), np.array([b]), total)
    return float(weights[0] @ f(np.full_like(x, held), total, x))


def win_probability(n: int, N: int, p: float | None = None, *, prior: tuple[float, float] | None = None) -> float:
    """Chance that A, holding ``n`` of ``N`` forts, ends up with all of them [0-1].

    Parameters
    ----------
    n, N
        Forts that A holds, and all forts; 0 <= n <= N.
    p
        A's chance of winning one battle [0-1], where it is known.
    prior
        Or the Beta(a, b) belief about it; each battle then adds one to a or to b.

    Raises
    ------
    InputError
        Where a number is out of range, or both or neither of ``p`` and ``prior`` are given.

    References
    ----------
    Smith & Stam (2004), doi 10.1177/0022002704268026.
    """
    return _average(_win, n, N, p, prior)


def expected_battles(n: int, N: int, p: float | None = None, *, prior: tuple[float, float] | None = None) -> float:
    """Mean number of battles of a war fought to the finish; parameters as in :func:`win_probability`."""
    return _average(_battles, n, N, p, prior)


@dataclass(frozen=True, slots=True)
class Finish:
    """What a war fought to the finish is worth, for k states at once (arrays of shape k).

    ``win`` and ``lose`` are the discounted chances that A wins or loses, ``battles`` the discounted count of
    battles still to come. With no discounting ``win + lose`` is 1.
    """

    win: Array
    lose: Array
    battles: Array


def finish(n: Array, N: int, a: Array, b: Array, *, shift: float = 0.0, discount: float = 1.0) -> Finish:
    """Value a war fought to the finish under Beta(a, b) beliefs, with p's log-odds moved by ``shift``.

    ``n``, ``a`` and ``b`` have shape k, and 0 < n < N.
    """
    x, weights = nodes(a, b, N)
    x = x + shift
    held = n[:, None]
    if discount == 1.0:
        win = (weights * _win(held, N, x[None, :])).sum(axis=1)
        battles = (weights * _battles(held, N, x[None, :])).sum(axis=1)
        return Finish(win, 1.0 - win, battles)
    win = (weights * _discounted_win(held, N, x[None, :], discount)).sum(axis=1)
    lose = (weights * _discounted_win(N - held, N, -x[None, :], discount)).sum(axis=1)
    return Finish(win, lose, (1.0 - win - lose) / (1.0 - discount))


def disagreement(N: int, prior_a: tuple[float, float], prior_b: tuple[float, float]) -> Array:
    """A's chance of winning as A sees it less the same chance as B sees it, for n = 1 .. N - 1.

    Both priors are about A's chance in one battle. Where the gap exceeds the two sides' total cost of fighting
    on, no division satisfies both.
    """
    _, total = checks.forts(0, N)
    held = np.arange(1, total, dtype=np.float64)
    gap = []
    for name, prior in (("prior_a", prior_a), ("prior_b", prior_b)):
        a, b = checks.beta(name, prior)
        x, weights = nodes(np.array([a]), np.array([b]), total)
        gap.append(_win(held[:, None], total, x[None, :]) @ weights[0])
    return np.asarray(gap[0] - gap[1])
