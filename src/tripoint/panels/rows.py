"""The rows of a panel's unit: which states and which year stand on each, whole or block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from tripoint.panels.base import Ints, StateYears

Unit = Literal["state-year", "dyad-year", "triad-year"]
UNITS: tuple[Unit, ...] = ("state-year", "dyad-year", "triad-year")
#: Sides of a row: the suffixes of its columns.
SIDES = {"state-year": 1, "dyad-year": 2, "triad-year": 3}


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows: the unit of every side and the year, as positions, shape (k,) each."""

    sides: tuple[Ints, ...]
    year: Ints

    @property
    def rows(self) -> int:
        """How many."""
        return int(self.year.size)

    def part(self, first: int, last: int) -> Block:
        """Rows from ``first`` up to ``last``."""
        return Block(tuple(s[first:last] for s in self.sides), self.year[first:last])


@dataclass(frozen=True)
class Rows:
    """Rows of a panel, sorted by the codes of their states and the year.

    Undirected dyads and triads stand once, in ascending order of codes; directed ones in every order.
    """

    unit: Unit
    states: StateYears
    directed: bool

    @cached_property
    def count(self) -> int:
        """How many rows, without making them."""
        if self.unit == "state-year":
            return self.states.rows
        if self.unit == "dyad-year":
            return self.states.dyads.rows // (1 if self.directed else 2)
        triples = 0
        for y in range(self.states.span):
            here = np.flatnonzero(self.states.member[:, y])
            tied = (self.states.dyads.at[here[:, None], here[None, :], y] >= 0).astype(np.float64)
            triples += round(float(((tied @ tied) * tied).sum()))
        return triples // (1 if self.directed else 6)

    def blocks(self, size: int = 1_000_000) -> Iterator[Block]:
        """Rows in order, in blocks of about ``size`` at most."""
        for block in self._triads() if self.unit == "triad-year" else iter([self._whole()]):
            for first in range(0, block.rows, size):
                yield block.part(first, first + size)

    def _whole(self) -> Block:
        if self.unit == "state-year":
            return Block((self.states.side,), self.states.year)
        pairs = self.states.dyads
        if self.directed:
            return Block((pairs.one, pairs.two), pairs.year)
        once = np.flatnonzero(pairs.one < pairs.two)
        return Block((pairs.one[once], pairs.two[once]), pairs.year[once])

    def _triads(self) -> Iterator[Block]:
        """One block a first state."""
        tied = self.states.dyads.at >= 0
        units = len(self.states.codes)
        for one in range(units):
            others = np.arange(units) if self.directed else np.arange(one + 1, units)
            others = others[tied[one, others].any(axis=1)]
            mine = tied[one, others]
            both = mine[:, None, :] & mine[None, :, :] & tied[np.ix_(others, others)]
            if not self.directed:
                both &= (others[:, None] < others[None, :])[:, :, None]
            two, three, year = np.nonzero(both)
            first = np.full(two.size, one, np.int16)
            yield Block((first, others[two].astype(np.int16), others[three].astype(np.int16)), year.astype(np.int16))
