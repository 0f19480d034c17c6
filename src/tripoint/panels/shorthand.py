"""Short ways to declare variables of the common shapes."""

from __future__ import annotations

from typing import Any

from tripoint.panels.variable import Variable
from tripoint.record import KINDS


def of_pair(name: str, source: str, kind: str, unit: str, meaning: str, **more: Any) -> Variable:
    """A value of a pair and year."""
    return Variable(name, meaning, unit, "dyad", source, KINDS[kind].table, kind, **more)


def step(name: str, source: str, kind: str, high: int, meaning: str, **more: Any) -> Variable:
    """A step on a scale from 0, which is the absence of the tie."""
    scale = {"low": 0.0, "high": float(high), "absent": 0.0, "dtype": "int8", **more}
    return of_pair(name, source, kind, f"0-{high}", meaning, **scale)


def held(name: str, source: str, kind: str, meaning: str, **more: Any) -> Variable:
    """A tie that is there or not."""
    return step(name, source, kind, 1, meaning, **{"measure": "held", **more})


def received(name: str, source: str, kind: str, unit: str, meaning: str, **more: Any) -> Variable:
    """What each side gets from the other."""
    return of_pair(name, source, kind, unit, meaning, **{"low": 0.0, "direction": "both", "turned": True, **more})


def counted(name: str, source: str, kind: str, meaning: str, **more: Any) -> Variable:
    """How many events began in the year."""
    rule = {"low": 0.0, "absent": 0.0, "dtype": "int16", "combine": "sum", "measure": "began", **more}
    return of_pair(name, source, kind, "number", meaning, **rule)


def of_state(name: str, source: str, kind: str, unit: str, meaning: str, **more: Any) -> Variable:
    """A value of a state and year; without one it is not known."""
    return Variable(name, meaning, unit, "state", source, KINDS[kind].table, kind, **more)


def state_held(name: str, source: str, kind: str, meaning: str, **more: Any) -> Variable:
    """Whether a state has part in something of a kind."""
    rule = {"low": 0.0, "high": 1.0, "absent": 0.0, "dtype": "int8", "measure": "held", **more}
    return of_state(name, source, kind, "0-1", meaning, **rule)
