"""Compile a numeric function, keeping the machine code on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile ``function`` with numba; where no folder for its cache can be written, without a cache."""
    try:
        return cast("F", numba.njit(cache=True)(function))
    except RuntimeError:
        return cast("F", numba.njit(function))
