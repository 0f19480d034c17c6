"""Columns: landed variables as the rows of a panel see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tripoint.errors import unknown
from tripoint.panels.base import StatePeriods
from tripoint.panels.landing import Landed
from tripoint.panels.periods import Grain
from tripoint.panels.variable import Group, Variable


@dataclass(frozen=True, slots=True)
class Origin:
    """How a column was added: its group, the variable, the options, and how many periods before."""

    group: str
    variable: str
    options: Mapping[str, Any]
    broadcast: bool
    before: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a landed variable, seen from some sides of the row.

    ``repeated`` is the coarser period of which the value is repeated, where it is; ``vague`` is how many facts of the
    source are dated more coarsely than the periods, so that cells which they may touch are null. ``origin`` says how
    the column was added, so that it can be made for other periods; None where it cannot. ``carried`` is the first
    period whose values are those of the end of the source, and on how many states or directed pairs and periods.
    """

    name: str
    variable: Variable
    sides: tuple[int, ...]
    landed: Landed
    folded: bool = False
    repeated: Grain | None = None
    vague: int = 0
    origin: Origin | None = None
    carried: tuple[str, int] | None = None

    @property
    def bytes_a_row(self) -> float:
        """Memory of one row [bytes], with its bit for known or not."""
        return self.landed.values.itemsize + 1 / 8


def chosen(group: Group, name: str, options: Mapping[str, Any]) -> list[Variable]:
    """The variables of a group that are meant by a name and the options."""
    variant = options.get(group.choose, group.default) if group.choose in group.accepts else group.default
    if variant not in group.variants:
        raise unknown(group.choose, str(variant), group.variants, where=group.name)
    for option, accepted in group.options.items():
        if accepted and option in options and options[option] not in accepted:
            raise unknown(option, str(options[option]), [str(a) for a in accepted], where=group.name)
    if name == group.name:
        return list(group.variants[variant])
    named = {v: vs for v, vs in group.variants.items() if any(name in (x.name, *x.alias) for x in vs)}
    within = named.get(variant) or next(iter(named.values()))
    return [v for v in within if name in (v.name, *v.alias)]


def seen(variable: Variable, landed: Landed, sides: int, *, directed: bool) -> list[Column]:
    """The columns of one variable in a panel of pairs or triads: one for each side, pair or direction."""
    if variable.level == "state":
        return [Column(f"{variable.name}{k + 1}", variable, (k,), landed) for k in range(sides)]
    if sides == 2 and variable.direction != "both":
        folded = variable.direction == "one" and not directed
        return [Column(variable.name, variable, (0, 1), landed, folded)]
    if sides == 2:
        pairs = {"1": (0, 1), "2": (1, 0)}
    else:
        twice = variable.direction != "none"
        pairs = {f"{p + 1}{q + 1}": (p, q) for p in range(3) for q in range(3) if p < q or (p > q and twice)}
    turn = -1 if variable.turned else 1
    return [Column(variable.name + suffix, variable, pair[::turn], landed) for suffix, pair in pairs.items()]


def of_states(states: StatePeriods, variable: Variable, landed: Landed) -> Column | None:
    """The column of one variable in a panel of single states.

    A tie of pairs that is there or not becomes the number of partners that a state has it with, known where it is
    known for every partner; other variables about pairs have no column.
    """
    if variable.level == "state":
        return Column(variable.name, variable, (0,), landed)
    if variable.absent != 0 or variable.high != 1 or variable.direction == "both":
        return None
    row = states.at[states.dyads.one, states.dyads.period]
    count = np.bincount(row, weights=np.where(landed.known, landed.values, 0), minlength=states.rows)
    unknown_pairs = np.bincount(row, weights=~landed.known, minlength=states.rows)
    counted = replace(
        variable,
        name=f"{variable.name}_partners",
        meaning=f"number of other states 2 with: {variable.meaning}",
        unit="number",
        high=None,
        level="state",
        direction="none",
        dtype="int16",
    )
    return Column(counted.name, counted, (0,), Landed(count.astype(np.int16), unknown_pairs == 0))


def either(one: Landed, other: Landed) -> Landed:
    """Whether a pair is tied in either direction: a tie in one is enough, its absence must be known in both."""
    a, b = (np.where(x.known, x.values, 0) for x in (one, other))
    tie = np.maximum(a, b)
    return Landed(tie, (one.known & other.known) | (tie > 0))
