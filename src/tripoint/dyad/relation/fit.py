"""From the evidence to the measure: columns, ladder, the two stages under the gaps of each year, intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import CUTS, FOLDS, Array, Model, fit_model, fold_of
from tripoint.dyad.relation.flows import trade
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.intervals import Errors, fit_errors
from tripoint.dyad.relation.ladder import Ladder
from tripoint.dyad.relation.second_stage import SecondStage, fit_second, residuals
from tripoint.dyad.relation.trees import flatten
from tripoint.dyad.relation.world import Floats, World

#: Every how many years a pair is a row of training, and weight of a relevant pair that was never coded.
STEP, UNCODED = 3, 0.25
#: Most groups of years with gaps of their own, and gaps (years since the last code) that the second stage learns from.
VINTAGES, GAPS = 4, (0, 1, 3, 6, 10)
#: Years after which a gap is as long as it can be.
LONGEST = 12

SIGNS = np.array([i.sign for i in INDICATORS.values()])
GROUPS: Mapping[str, tuple[int, ...]] = {
    g: tuple(k for k, i in enumerate(INDICATORS.values()) if i.group == g)
    for g in dict.fromkeys(i.group for i in INDICATORS.values())
}


@dataclass(frozen=True, slots=True, eq=False)
class Vintage:
    """Years whose columns have like gaps, and the models (one a fold) that were trained with these.

    Attributes
    ----------
    first, last
        Years for which it speaks.
    gaps
        By group of columns, years since the end of its coverage.
    models
        One a fold of pairs that it did not see.
    """

    first: int
    last: int
    gaps: Mapping[str, int]
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """All that is fitted."""

    vintages: tuple[Vintage, ...]
    second: SecondStage
    errors: Errors
    code_end: int


def group_ends(world: World) -> dict[str, int | None]:
    """Last year of each group of columns: of complete sources for all pairs, else of any; None where none covers it."""
    from tripoint.dyad.relation.votes import last_vote_year

    out: dict[str, int | None] = {}
    for group, columns in GROUPS.items():
        kinds = sorted({kind for k in columns for kind in list(INDICATORS.values())[k].kinds})
        if group == "votes":
            out[group] = last_vote_year(world)
        elif group == "trade":
            trade(world)
            out[group] = world.memory["trade seen to"]
        elif group == "network":
            out[group] = world.coverage_end(["arms deliveries"])
        else:
            out[group] = world.coverage_end(kinds) or world.newest(kinds)
    return out


def aged(x: Floats, gaps: Mapping[str, int]) -> Floats:
    """(p, t, k) columns as they would stand had each group ended ``gaps`` years before each year."""
    if not any(gaps.values()):
        return x
    out = np.zeros_like(x)
    keep = [i.keep for i in INDICATORS.values()]
    for group, columns in GROUPS.items():
        gap = gaps.get(group, 0)
        for k in columns:
            out[:, gap:, k] = x[:, : x.shape[1] - gap, k] * keep[k] ** gap
    return out


def spans(world: World, ends: Mapping[str, int | None]) -> list[tuple[int, int, dict[str, int]]]:
    """Blocks of years with like gaps: first and last year, and the gaps of the middle one."""
    known = [e for e in ends.values() if e is not None]
    whole = min(min(known, default=world.end), world.end)
    blocks = [(world.start, whole)] if whole >= world.start else []
    rest = world.end - whole
    width = max(-(-rest // (VINTAGES - 1)), 1) if rest else 1
    first = whole + 1
    while first <= world.end:
        blocks.append((first, min(first + width - 1, world.end)))
        first += width
    out = []
    for a, b in blocks:
        middle = (a + b + 1) // 2
        gaps = {
            g: 0 if b <= whole else min(max(middle - (e if e is not None else middle), 0), LONGEST)
            for g, e in ends.items()
        }
        out.append((a, b, gaps))
    return out


def training_rows(
    world: World, ladder: Ladder, last: int, reach: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Array, Array]:
    """Pair, column, rung and weight of the rows of training, in every third year from the last one backwards."""
    years = np.arange(last, max(world.start + 4 + reach, world.start + 4) - 1, -STEP)[::-1] - world.start
    coded = np.isfinite(ladder.rung[:, years])
    ever = np.isfinite(ladder.code).any(axis=1)
    more = world.exists[:, years] & (ladder.relevant & ~ever)[:, None]
    pair, at = np.nonzero(coded | more)
    column = years[at]
    is_coded = coded[pair, at]
    rung = np.where(is_coded, ladder.rung[pair, column], ladder.untold[pair, column])
    return pair, column, rung.astype(float), np.where(is_coded, 1.0, UNCODED)


def train_vintage(
    world: World, x: Floats, ladder: Ladder, block: tuple[int, int, dict[str, int]], last: int, fold: NDArray[np.int64]
) -> Vintage:
    """Fit the models of a block of years on rows up to ``last`` with the block's gaps."""
    first, end, gaps = block
    pair, column, rung, weight = training_rows(world, ladder, last, max(gaps.values(), default=0))
    rows = np.empty((pair.size, x.shape[2]), np.float32)
    keep = [i.keep for i in INDICATORS.values()]
    for group, columns in GROUPS.items():
        gap = gaps.get(group, 0)
        for k in columns:
            rows[:, k] = x[pair, column - gap, k] * keep[k] ** gap
    models = []
    for f in range(FOLDS):
        use = fold[pair] != f
        models.append(fit_model(rows[use], rung[use], weight[use], SIGNS))
    return Vintage(first, end, gaps, tuple(models))


def first_stage(world: World, x: Floats, vintages: tuple[Vintage, ...], fold: NDArray[np.int64]) -> Floats:
    """(p, t, 2) mean rung by trees and by logit of all pairs that exist, each by the models that did not see it."""
    out = np.full((*world.shape, 2), np.nan, np.float32)
    for v in vintages:
        a, b = max(v.first - world.start, 0), v.last - world.start + 1
        for f, model in enumerate(v.models):
            pair, at = np.nonzero(world.exists[:, a:b] & (fold == f)[:, None])
            if pair.size:
                out[pair, at + a] = model.mean(x[pair, at + a])
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Chances of all pairs and years, and what they were made of."""

    trained: Trained
    first: Floats
    above: Floats
    age: NDArray[np.int64]
    residual: Floats
    told: Floats


def fit_all(
    world: World, x: Floats, ladder: Ladder, ends: Mapping[str, int | None], *, hindsight: bool = False
) -> Fitted:
    """Fit both stages and estimate all pairs and years; ``ends`` as :func:`group_ends` gives them."""
    coded = np.flatnonzero(np.isfinite(ladder.rung).any(axis=0))
    code_end = int(world.years[coded[-1]])
    pairs = [(world.states[i], world.states[j]) for i, j in zip(world.first, world.second, strict=True)]
    fold = fold_of(pairs)
    vintages = tuple(train_vintage(world, x, ladder, block, code_end, fold) for block in spans(world, ends))
    first = first_stage(world, x, vintages, fold)
    second, errors = train_second(world, ladder, first, code_end)
    left, told, age = own_past(world, ladder, first, hindsight=hindsight)
    pair, at = np.nonzero(world.exists)
    above = np.full((*world.shape, len(CUTS)), np.nan, np.float32)
    above[pair, at] = second.above(first[pair, at].astype(float), left[pair, at], told[pair, at], age[pair, at])
    plain = tuple(replace(v, models=tuple(replace(m, trees=flatten(m.trees)) for m in v.models)) for v in vintages)
    return Fitted(Trained(plain, second, errors, code_end), first, above, age, left, told)


def train_second(world: World, ladder: Ladder, first: Floats, last: int) -> tuple[SecondStage, Errors]:
    """Fit the second stage and the errors of its out-of-fold means, on rows to ``last`` at several ages of the code."""
    left = residuals(ladder.rung, first.mean(axis=2))
    pair, column, rung, weight = training_rows(world, ladder, last, max(GAPS))
    parts: list[tuple[Any, ...]] = []
    for gap in (*GAPS, None):
        before: Array
        if gap is None:
            told, age = ladder.untold, np.full(world.shape, 99)
            before = np.zeros(pair.size)
        else:
            told, age = ladder.told_after(world, gap)
            before = left[pair, column - gap] * 0.95**gap if gap else left[pair, column]
        at = (pair, column)
        parts.append((first[at].astype(float), before, told[at].astype(float), age[at], rung, weight))
    stacked = [np.concatenate([p[i] for p in parts]) for i in range(6)]
    use = np.isfinite(stacked[0]).all(axis=1)
    f, r, told_, age_, y, w = (s[use] for s in stacked)
    second = fit_second(f, r, told_, age_, y, w)
    real = w == 1.0
    return second, fit_errors(second.above(f, r, told_, age_)[real], y[real], told_[real], age_[real])


def own_past(
    world: World, ladder: Ladder, first: Floats, *, hindsight: bool = False
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """(p, t) averaged residual, rung told by deeds and the last code, and the age of that code."""
    mean = first.mean(axis=2)
    left = residuals(ladder.rung, mean)
    if hindsight:
        back = residuals(ladder.rung[:, ::-1], mean[:, ::-1])[:, ::-1]
        left = np.where(np.isnan(back), left, (left + back) / 2)
    told, age = ladder.told_after(world, 0)
    told = np.where(age >= 99, ladder.untold, told)
    return np.nan_to_num(left).astype(np.float32), told.astype(np.float32), age
