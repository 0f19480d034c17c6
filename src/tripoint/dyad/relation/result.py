"""The relation of pairs of states: chances of the rungs, their mean, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tripoint import states as registry
from tripoint.dyad.relation.ladder import LOWEST, RUNGS
from tripoint.errors import InputError, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Years after which the newest evidence is no evidence of now.
_NOW = 1
#: Value below which a sign that no indicator but votes supports is noise [-1..+1].
NO_ANCHOR = 0.03
#: Chance from which one value is above another beyond noise, and from which it very likely is.
BEYOND_NOISE, VERY_LIKELY = 0.95, 0.8
#: Standard deviations from the middle of a 90 % interval to its end.
_HALF_OF_90 = NormalDist().inv_cdf(0.95)

#: A value with the ends of its 90 % interval.
Span = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """How ``p`` pairs of ``n`` states stand in ``t`` years.

    Attributes
    ----------
    states
        Ids, sorted.
    pairs
        Each pair in alphabetical order, and all of them so.
    years
        (t,).
    mean, sd
        (p, t) mean and standard deviation of the rung over three [-1..+1]; NaN where a state is not in the system or
        where nothing speaks of the pair.
    low, high
        (p, t) bounds of the 90 % interval: what the measure missed, out of fold, on pairs coded later.
    chances
        (p, t, 7) chances of the rungs, from war to allied in deed; NaN as ``mean``. Empty where estimates that ship
        with the package were read.
    risk
        (p, t) chance that a militarized dispute begins within a year; NaN as ``mean``.
    newest
        (p, t) year of the newest evidence that speaks of the pair; 0 where none does.
    speaks
        (p, t) bits of the groups of indicators that speak in the year.
    sources
        Sources whose rows were available.
    hindsight
        Whether later codes informed earlier years.
    shipped
        Whether these are the estimates that ship with the package.
    evidence_hash
        The evidence it rests on.
    method
        How it was made.
    """

    states: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    years: Ints
    mean: Floats
    sd: Floats
    low: Floats
    high: Floats
    chances: Floats
    risk: Floats
    newest: Ints
    speaks: NDArray[np.uint32]
    sources: tuple[str, ...]
    hindsight: bool
    shipped: bool
    evidence_hash: str
    method: str
    _shares: Callable[[str, str, int], Mapping[str, float]] | None = field(default=None, repr=False)
    _causes: Callable[[str, str, int], Mapping[str, float]] | None = field(default=None, repr=False)

    def row(self, a: str, b: str) -> int:
        """Row of the pair of two states, in either order."""
        one, other = (registry.lineage(registry.find(name).id)[0] for name in (a, b))
        pair = (min(one, other), max(one, other))
        if pair not in self.pairs:
            raise unknown("pair", "-".join(pair), ["-".join(p) for p in self.pairs])
        return self.pairs.index(pair)

    def column(self, year: int) -> int:
        """Place of a year among the columns."""
        if not self.years[0] <= year <= self.years[-1]:
            raise InputError(f"year {year} is outside {self.years[0]}-{self.years[-1]}, the years fitted")
        return int(year - self.years[0])

    def category(self) -> NDArray[np.str_]:
        """(p, t) likeliest rung, by name; empty where there is no estimate."""
        if not self.chances.size:
            return np.where(np.isnan(self.mean), "", _nearest(self.mean))
        best = np.argmax(np.nan_to_num(self.chances, nan=-1.0), axis=2)
        return np.where(np.isnan(self.mean), "", np.array(RUNGS)[best])

    def basis(self) -> NDArray[np.str_]:
        """(p, t) what a value rests on: ``current``, ``last known``, or empty where there is no estimate."""
        age = self.years[None, :] - self.newest
        return np.where(np.isnan(self.mean), "", np.where(age <= _NOW, "current", "last known"))

    def span(self, row: int, column: int) -> Span:
        """Value, low and high of a pair's row in a year's column."""
        return tuple(float(x[row, column]) for x in (self.mean, self.low, self.high))  # type: ignore[return-value]

    def indicators(self, a: str, b: str, year: int) -> tuple[str, ...]:
        """Groups of indicators that speak of a pair in a year."""
        from tripoint.dyad.relation.speaks import names

        return names(int(self.speaks[self.row(a, b), self.column(year)]))

    def shares(self, a: str, b: str, year: int) -> Mapping[str, float]:
        """What each group of indicators and the pair's own past add to the mean; with ``base`` they sum to it.

        Empty for estimates that ship with the package, whose columns do not.
        """
        r, t = self.row(a, b), self.column(year)
        if self._shares is None or np.isnan(self.mean[r, t]):
            return {}
        return self._shares(*self.pairs[r], int(self.years[t]))

    def causes(self, a: str, b: str, year: int) -> Mapping[str, float]:
        """What each group of indicators adds to the log odds of a dispute within a year; with ``base`` they sum to it.

        Empty for estimates that ship with the package.
        """
        r, t = self.row(a, b), self.column(year)
        if self._causes is None or np.isnan(self.risk[r, t]):
            return {}
        return self._causes(*self.pairs[r], int(self.years[t]))

    def change(self, a: str, b: str, earlier: int, later: int) -> dict[str, float]:
        """What each group added to the change of the mean between two years; they sum to it."""
        one, other = self.shares(a, b, earlier), self.shares(a, b, later)
        return {name: other.get(name, 0.0) - one.get(name, 0.0) for name in other or one}

    def frame(self) -> pl.DataFrame:
        """One row a pair and year with an estimate."""
        import polars as pl

        rows, columns = np.nonzero(np.isfinite(self.mean))
        pair = np.array(self.pairs).reshape(-1, 2)[rows]
        flat: dict[str, Any] = {
            "state_a": pair[:, 0],
            "state_b": pair[:, 1],
            "year": self.years[columns],
            **{n: getattr(self, n)[rows, columns] for n in ("mean", "low", "high", "sd", "risk")},
            "category": self.category()[rows, columns],
            "basis": self.basis()[rows, columns],
            "newest": self.newest[rows, columns],
        }
        if self.chances.size:
            flat |= {name: self.chances[rows, columns, k] for k, name in enumerate(RUNGS)}
        return pl.DataFrame(flat)


def chance_above(one: Span, other: Span) -> float:
    """Chance that ``other`` is closer than ``one``: two pairs of a year, or two years of a pair.

    Each error is taken as normal and as wide as the interval is on the side that faces the other value, and the two
    errors as independent. Those of one pair in two years go together, so that the chance is nearer to one half than it
    need be.

    Examples
    --------
    >>> round(chance_above((0.0, -0.2, 0.2), (0.6, 0.2, 0.7)), 2)
    0.99
    >>> chance_above((0.5, 0.0, 1.0), (0.5, 0.2, 0.9))
    0.5
    """
    gap = other[0] - one[0]
    facing = (one[2] - one[0], other[0] - other[1]) if gap > 0 else (one[0] - one[1], other[2] - other[0])
    return NormalDist().cdf(gap * _HALF_OF_90 / max(math.hypot(*facing), 1e-9))


def _nearest(mean: Floats) -> NDArray[np.str_]:
    rung = np.clip(np.round(np.nan_to_num(mean) * 3), LOWEST, -LOWEST).astype(int)
    return np.asarray(np.array(RUNGS)[rung - LOWEST])
