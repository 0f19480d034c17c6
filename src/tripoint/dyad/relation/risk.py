"""The chance that a militarized dispute of two states begins within a year: a ridge logit on what is observed.

One logit for each block of years with like gaps, trained with these gaps on all pairs to the year before the coding of
disputes ends. What a column adds to the log odds is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.fit import GROUPS
from tripoint.dyad.relation.flows import _distance
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.ladder import relevant_pairs
from tripoint.dyad.relation.network import weights
from tripoint.dyad.relation.world import Floats, World

#: Columns of the measure that the logit reads, beside :data:`STRUCTURE`.
COLUMNS = (
    *("dispute", "disputes", "fighting", "fought", "crisis", "rivalry", "territorial claim", "water claim"),
    *("sanctions", "opposing allies", "arms to rival", "arms to enemy", "close pact", "consultation pact"),
    *("vote distance", "institutions", "trade", "hostile acts", "relations cut", "comrades"),
)
STRUCTURE = ("contiguous", "near", "capabilities", "larger")
#: Inverse strength of the penalty; share of the pairs of no relevance that are rows, weighted back.
_C, _SHARE = 0.3, 10
_NAMES = list(INDICATORS)
_AT = [_NAMES.index(name) for name in COLUMNS]


@dataclass(frozen=True, slots=True, eq=False)
class Risk:
    """Coefficients on standardized columns, one row a block of years.

    Attributes
    ----------
    slope
        (blocks, k) coefficients.
    intercept
        (blocks,).
    middle, spread
        (blocks, k) by which columns are standardized.
    """

    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]
    middle: NDArray[np.float64]
    spread: NDArray[np.float64]

    def parts(self, block: int, rows: NDArray[Any]) -> NDArray[np.float64]:
        """(rows, k) what each column adds to the log odds."""
        with np.errstate(invalid="ignore"):
            z = np.clip((rows - self.middle[block]) / self.spread[block], -5, 5)
        return np.asarray(np.where(np.isnan(z), 0.0, z) * self.slope[block])

    def chance(self, block: int, rows: NDArray[Any]) -> NDArray[np.float64]:
        """(rows,) chance of a dispute within a year."""
        from scipy.special import expit

        return np.asarray(expit(self.parts(block, rows).sum(axis=1) + self.intercept[block]))


def structure(world: World) -> Floats:
    """(p, t, 4) contiguity, nearness, product and larger of the two states' capabilities."""
    out = np.zeros((*world.shape, len(STRUCTURE)), np.float32)
    near = world.rows("contiguity")
    out[:, :, 0] = world.held(near, 1.0 / near["value"].fill_null(1.0).clip(1))
    out[:, :, 1] = (4.3 - _distance(world))[:, None]
    weight = weights(world)
    out[:, :, 2] = weight[world.first] * weight[world.second]
    out[:, :, 3] = np.maximum(weight[world.first], weight[world.second])
    return out


def onsets(world: World) -> tuple[Floats, int]:
    """(p, t) whether a dispute begins in the year, by the sources that list all, and the last year that they cover."""
    import polars as pl

    frame = world.evidence.sql(
        "SELECT source_id, year(max(\"end\"))::INT AS last FROM coverage WHERE kind = 'dispute' AND complete "
        "AND states = '*' GROUP BY 1"
    )
    rows = world.rows("dispute").filter(pl.col("source_id").is_in(frame["source_id"].to_list()))
    last = int(frame["last"].max() or 0)  # type: ignore[arg-type]
    return (world.begun(rows) > 0).astype(np.float32), last


def columns(x: NDArray[Any], shape: NDArray[Any]) -> NDArray[np.float32]:
    """(rows, k) columns of the logit from those of the measure (rows, all) and of the structure (rows, 4)."""
    return np.hstack([np.asarray(x[:, _AT], np.float32), np.asarray(shape, np.float32)])


def fit_risk(
    world: World,
    x: Floats,
    shape: Floats,
    blocks: list[Mapping[str, int]],
    *,
    last: int | None = None,
    step: int = 2,
) -> Risk:
    """Fit one logit a block of gaps on outcomes to ``last``, the end of the coding of disputes when absent."""
    from sklearn.linear_model import LogisticRegression

    begins, known = onsets(world)
    end = min(last if last is not None else known, known, world.end) - 1
    keep = [i.keep for i in INDICATORS.values()]
    relevant = relevant_pairs(world)
    drawn = np.arange(world.shape[0]) % _SHARE == 0
    slope, intercept, middle, spread = [], [], [], []
    for gaps in blocks:
        reach = max(gaps.values(), default=0)
        years = np.arange(end, world.start + 4 + reach - 1, -step)[::-1] - world.start
        pair, at = np.nonzero(world.exists[:, years] & world.exists[:, years + 1] & (relevant | drawn)[:, None])
        year = years[at]
        rows = np.empty((pair.size, len(_NAMES)), np.float32)
        for group, places in GROUPS.items():
            gap = gaps.get(group, 0)
            for k in places:
                rows[:, k] = x[pair, year - gap, k] * keep[k] ** gap
        data = columns(rows, shape[pair, year])
        event = begins[pair, year + 1] > 0
        weight = np.where(relevant[pair], 1.0, float(_SHARE))
        with np.errstate(invalid="ignore"):
            mean = np.nanmean(data.astype(float), axis=0)
            sd = np.maximum(np.nanstd(data.astype(float), axis=0), 1e-6)
        z = np.clip((data - mean) / sd, -5, 5)
        z = np.where(np.isnan(z), 0.0, z)
        fit = LogisticRegression(C=_C, solver="newton-cholesky").fit(z, event, sample_weight=weight)
        slope.append(fit.coef_[0])
        intercept.append(float(fit.intercept_[0]))
        middle.append(mean)
        spread.append(sd)
    return Risk(np.array(slope), np.array(intercept), np.array(middle), np.array(spread))


def by_group(parts: NDArray[np.float64]) -> Mapping[str, float]:
    """Parts (k,) summed by group of indicators, and the structure."""
    out: dict[str, float] = {}
    for name, value in zip(COLUMNS, parts[: len(COLUMNS)], strict=True):
        group = INDICATORS[name].group
        out[group] = out.get(group, 0.0) + float(value)
    out["nearness and size"] = float(parts[len(COLUMNS) :].sum())
    return out
