"""Checks on the numbers a caller gives: each says what is wrong, the value, and what would do."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tripoint.errors import InputError

Beta = tuple[float, float]

# States (t, w) that one exact program may hold; 1e7 take about 340 MB and a second or two.
STATE_LIMIT = 10_000_000


def finite(name: str, value: float) -> float:
    """Return ``value`` as a float, or raise InputError where it is not a finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a number, got {value!r}") from None
    if not math.isfinite(number):
        raise InputError(f"{name} must be finite, got {value!r}")
    return number


def probability(name: str, value: float) -> float:
    """Return a number in [0, 1], or raise InputError."""
    number = finite(name, value)
    if not 0.0 <= number <= 1.0:
        raise InputError(f"{name} must lie between 0 and 1, got {number!r}; give a share, not a percentage")
    return number


def inner_probability(name: str, value: float) -> float:
    """Return a number in (0, 1), ends excluded, or raise InputError."""
    number = probability(name, value)
    if number in (0.0, 1.0):
        raise InputError(f"{name} must lie strictly between 0 and 1, got {number!r}")
    return number


def nonnegative(name: str, value: float) -> float:
    """Return a number of 0 or more, or raise InputError."""
    number = finite(name, value)
    if number < 0.0:
        raise InputError(f"{name} must not be negative, got {number!r}")
    return number


def positive(name: str, value: float) -> float:
    """Return a number above 0, or raise InputError."""
    number = finite(name, value)
    if number <= 0.0:
        raise InputError(f"{name} must be above 0, got {number!r}")
    return number


def discount_factor(name: str, value: float) -> float:
    """Return a discount factor in (0, 1], or raise InputError."""
    number = finite(name, value)
    if not 0.0 < number <= 1.0:
        raise InputError(f"{name} must be above 0 and at most 1, got {number!r}")
    return number


def count(name: str, value: int, *, least: int = 1) -> int:
    """Return a whole number of at least ``least``, or raise InputError."""
    number = finite(name, value)
    if number != int(number) or number < least:
        raise InputError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(number)


def forts(n: int, N: int) -> tuple[int, int]:
    """Return the forts that A holds and all forts, or raise InputError unless 0 <= n <= N and N >= 1."""
    total = count("N (all forts)", N)
    held = count("n (forts that A holds)", n, least=0)
    if held > total:
        raise InputError(f"n (forts that A holds) is {held}, more than all forts, N = {total}")
    return held, total


def beta(name: str, value: Sequence[float]) -> Beta:
    """Return the two parameters of a Beta prior, both above 0, or raise InputError."""
    try:
        a, b = value
    except (TypeError, ValueError):
        raise InputError(f"{name} must be two numbers (a, b) of a Beta prior, got {value!r}") from None
    return positive(f"{name}: a", a), positive(f"{name}: b", b)


def states(horizon: int) -> int:
    """Return how many states an exact program over ``horizon`` battles holds; InputError if too many."""
    size = (horizon + 1) ** 2
    if size > STATE_LIMIT:
        most = math.isqrt(STATE_LIMIT) - 1
        raise InputError(
            f"horizon of {horizon} battles needs {size:,} states (about {size * 34 / 1e6:,.0f} MB), more than "
            f"{STATE_LIMIT:,}; use a horizon of at most {most}, or simulate_wars"
        )
    return size
