"""The rows of a panel's unit: which states and which period stand on each, whole or block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from tripoint.panels.base import Bools, StatePeriods
from tripoint.panels.periods import Grain, Ints

Unit = Literal["state-year", "dyad-year", "triad-year", "state-month", "dyad-month", "state-day", "dyad-day"]
#: Every unit, with the grain of its periods and the number of its sides: the suffixes of its columns.
UNITS: dict[Unit, tuple[Grain, int]] = {
    "state-year": ("year", 1),
    "dyad-year": ("year", 2),
    "triad-year": ("year", 3),
    "state-month": ("month", 1),
    "dyad-month": ("month", 2),
    "state-day": ("day", 1),
    "dyad-day": ("day", 2),
}
#: Directed dyads and periods beyond which a panel of pairs is made part by part.
PART = 2_500_000
#: Directed dyads and periods beyond which partners are not counted in a panel of states.
PARTNERS = 16_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows: the unit of every side and the period, as positions, shape (k,) each."""

    sides: tuple[Ints, ...]
    period: Ints

    @property
    def rows(self) -> int:
        """How many."""
        return int(self.period.size)

    def part(self, first: int, last: int) -> Block:
        """Rows from ``first`` up to ``last``."""
        return Block(tuple(s[first:last] for s in self.sides), self.period[first:last])

    def only(self, kept: Bools) -> Block:
        """Rows that are kept, shape (k,)."""
        return Block(tuple(s[kept] for s in self.sides), self.period[kept])


@dataclass(frozen=True)
class Rows:
    """Rows of a panel, sorted by the codes of their states and the period.

    Undirected dyads and triads stand once, in ascending order of codes; directed ones in every order.

    Attributes
    ----------
    unit, states, directed
        What stands on the rows.
    parts
        Lowest and highest codes of first states: the parts in which a panel of pairs is made that is too large to be
        made at once; ``states`` is then of the first part. Empty where it is made whole.
    kept
        Which of the rows a filter left, shape (rows,); None for all. In parts, which of those of the first part.
    """

    unit: Unit
    states: StatePeriods
    directed: bool
    parts: tuple[tuple[int, int], ...] = ()
    kept: Bools | None = None

    @property
    def sides(self) -> int:
        """How many states stand on a row."""
        return UNITS[self.unit][1]

    @cached_property
    def count(self) -> int:
        """How many rows, without making them."""
        if self.kept is not None:
            return int(self.kept.sum())
        if self.sides == 1:
            return self.states.rows
        if self.sides == 2:
            return self.states.dyad_rows // (1 if self.directed else 2)
        triples = 0
        for y in range(self.states.span):
            here = np.flatnonzero(self.states.member[:, y])
            tied = (self.states.dyads.at(here[:, None], here[None, :], y) >= 0).astype(np.float64)
            triples += round(float(((tied @ tied) * tied).sum()))
        return triples // (1 if self.directed else 6)

    def of_part(self, part: tuple[int, int]) -> Rows:
        """The rows of one part."""
        return replace(self, states=self.states.within(part, directed=self.directed), parts=())

    def blocks(self, size: int = 1_000_000) -> Iterator[Block]:
        """Rows in order, in blocks of about ``size`` at most; of the first part where there are parts."""
        before = 0
        for whole in self._triads() if self.sides == 3 else iter([self._whole()]):
            block = whole if self.kept is None else whole.only(self.kept[before : before + whole.rows])
            before += whole.rows
            for first in range(0, block.rows, size):
                yield block.part(first, first + size)

    def keep(self, passed: Bools) -> Rows:
        """The same rows without those that do not pass, shape (rows,)."""
        if self.kept is None:
            return replace(self, kept=passed)
        kept = self.kept.copy()
        kept[kept] = passed
        return replace(self, kept=kept)

    def kept_dyads(self) -> Bools | None:
        """Which directed dyads and periods of the panel's states a filter left; both directions of undirected ones."""
        if self.kept is None or self.sides != 2:
            return None
        pairs, block = self.states.dyads, self._whole().only(self.kept)
        rows = pairs.at(block.sides[0], block.sides[1], block.period)
        kept = np.zeros(pairs.rows, bool)
        kept[rows] = True
        if not self.directed:
            kept[pairs.mirror[rows]] = True
        return kept

    def _whole(self) -> Block:
        if self.sides == 1:
            return Block((self.states.side,), self.states.period)
        pairs = self.states.dyads
        if self.directed and self.states.part is None:
            return Block((pairs.one, pairs.two), pairs.period)
        here = self.states.in_part()[pairs.one]
        if not self.directed:
            here &= pairs.one < pairs.two
        once = np.flatnonzero(here)
        return Block((pairs.one[once], pairs.two[once]), pairs.period[once])

    def _triads(self) -> Iterator[Block]:
        """One block a first state."""
        pairs = self.states.dyads
        tied = pairs.row[pairs.pair] >= 0
        units = len(self.states.codes)
        for one in range(units):
            others = np.arange(units) if self.directed else np.arange(one + 1, units)
            others = others[tied[one, others].any(axis=1)]
            mine = tied[one, others]
            both = mine[:, None, :] & mine[None, :, :] & tied[np.ix_(others, others)]
            if not self.directed:
                both &= (others[:, None] < others[None, :])[:, :, None]
            two, three, period = np.nonzero(both)
            first = np.full(two.size, one, np.int16)
            sides = (first, others[two].astype(np.int16), others[three].astype(np.int16))
            yield Block(sides, period.astype(self.states.periods.dtype))


def parted(unit: Unit, states: StatePeriods, *, directed: bool, limit: int = PART) -> Rows:
    """Rows of a unit; a large panel of pairs comes in parts of about ``limit`` directed dyads and periods at most."""
    if UNITS[unit][1] != 2 or states.dyad_rows <= limit:
        return Rows(unit, states, directed)
    partners = states.member.sum(axis=0) - 1
    if not directed:
        partners = np.cumsum(states.member[::-1], axis=0)[::-1] - 1
    made = 2 * (states.member * partners).sum(axis=1)  # a part holds either direction
    parts, low, size = [], 0, 0
    for unit_, rows in enumerate(made):
        if size and size + rows > limit:
            parts.append((int(states.codes[low]), int(states.codes[unit_ - 1])))
            low, size = unit_, 0
        size += int(rows)
    parts.append((int(states.codes[low]), int(states.codes[-1])))
    return Rows(unit, states.within(parts[0], directed=directed), directed, tuple(parts))
