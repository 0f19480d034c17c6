"""From the evidence to the measure: columns, ladder, the two stages under the gaps of each year, intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import CUTS, FOLDS, Array, Model, fit_model, fold_of
from tripoint.dyad.relation.flows import trade
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.intervals import Errors, fit_errors
from tripoint.dyad.relation.ladder import Ladder
from tripoint.dyad.relation.second_stage import KEPT, SecondStage, fit_second, residuals
from tripoint.dyad.relation.trees import flatten
from tripoint.dyad.relation.world import Floats, World

#: Every how many years a coded pair is a row of training; and one that was never coded but is relevant, and its weight.
STEP, SELDOM, UNCODED = 3, 9, 0.75
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
    second
        What the pair's own past adds, learned under the same gaps.
    errors
        What the two missed out of fold.
    """

    first: int
    last: int
    gaps: Mapping[str, int]
    models: tuple[Model, ...]
    second: SecondStage
    errors: Errors


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """Everything that a fit estimates: a part for each year of gaps, and where its code ends."""

    vintages: tuple[Vintage, ...]
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
    more = world.exists[:, years] & (ladder.relevant & ~ever)[:, None] & ((last - world.start - years) % SELDOM == 0)
    pair, at = np.nonzero(coded | more)
    column = years[at]
    is_coded = coded[pair, at]
    rung = np.where(is_coded, ladder.rung[pair, column], ladder.untold[pair, column])
    return pair, column, rung.astype(float), np.where(is_coded, 1.0, UNCODED)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of training of one block of years, and the first stage of each by the model that did not see its pair."""

    pair: NDArray[np.int64]
    column: NDArray[np.int64]
    rung: Array
    weight: Array
    first: Array


def train_first(
    world: World, x: Floats, ladder: Ladder, gaps: Mapping[str, int], last: int, fold: NDArray[np.int64]
) -> tuple[tuple[Model, ...], Rows]:
    """Fit the models of a block of years, one a fold, on rows up to ``last`` with the block's gaps."""
    pair, column, rung, weight = training_rows(world, ladder, last, max(gaps.values(), default=0))
    rows = np.empty((pair.size, x.shape[2]), np.float32)
    keep = [i.keep for i in INDICATORS.values()]
    for group, columns in GROUPS.items():
        gap = gaps.get(group, 0)
        for k in columns:
            rows[:, k] = x[pair, column - gap, k] * keep[k] ** gap
    models, first = [], np.empty((pair.size, 2))
    for f in range(FOLDS):
        use = fold[pair] != f
        models.append(fit_model(rows[use], rung[use], weight[use], SIGNS))
        first[~use] = models[-1].mean(rows[~use])
    return tuple(models), Rows(pair, column, rung, weight, first)


def first_stage(
    world: World, x: Floats, blocks: Sequence[tuple[int, int]], models: Sequence[tuple[Model, ...]], fold: NDArray[Any]
) -> Floats:
    """(p, t, 2) mean rung by trees and by logit of all pairs that exist, each by the models that did not see it."""
    out = np.full((*world.shape, 2), np.nan, np.float32)
    for (begin, end), of_block in zip(blocks, models, strict=True):
        a, b = max(begin - world.start, 0), end - world.start + 1
        for f, model in enumerate(of_block):
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
    blocks = spans(world, ends)
    trained = [train_first(world, x, ladder, gaps, code_end, fold) for *_, gaps in blocks]
    first = first_stage(world, x, [(a, b) for a, b, _ in blocks], [models for models, _ in trained], fold)
    left, told, age = own_past(world, ladder, first, hindsight=hindsight)
    past = residuals(ladder.rung, first.mean(axis=2))
    above = np.full((*world.shape, len(CUTS)), np.nan, np.float32)
    vintages = []
    for (begin, end, gaps), (models, rows) in zip(blocks, trained, strict=True):
        second, errors = train_second(world, ladder, rows, past, gaps, max(begin - code_end, 0))
        a = begin - world.start
        pair, at = np.nonzero(world.exists[:, a : end - world.start + 1])
        at += a
        above[pair, at] = second.above(first[pair, at].astype(float), left[pair, at], told[pair, at], age[pair, at])
        plain = tuple(replace(m, trees=flatten(m.trees)) for m in models)
        vintages.append(Vintage(begin, end, gaps, plain, second, errors))
    return Fitted(Trained(tuple(vintages), code_end), first, above, age, left, told)


def train_second(
    world: World, ladder: Ladder, rows: Rows, past: Array, gaps: Mapping[str, int], youngest: int
) -> tuple[SecondStage, Errors]:
    """Fit a block's second stage and the errors of its means, at several ages of the code and with the block's gaps.

    Parameters
    ----------
    rows
        Rows of training with their first stage.
    past
        (p, t) averaged residuals of the coded rungs.
    gaps
        By group of columns, years since the end of its coverage: what deeds tell is as old.
    youngest
        Age of the newest code in the block: younger ones do not occur in it.
    """
    parts: list[tuple[Any, ...]] = []
    at = (rows.pair, rows.column)
    for gap in (*dict.fromkeys(max(g, youngest) for g in GAPS), None):
        if gap is None:
            told, age = ladder.told_after(world, world.years.size, gaps)
            left: Array = np.zeros(rows.pair.size)
            before: Array = np.full(rows.pair.size, np.nan)
        else:
            told, age = ladder.told_after(world, gap, gaps)
            then = (rows.pair, np.maximum(rows.column - gap, 0))
            left, before = past[then] * KEPT**gap, ladder.rung[then]
        parts.append((rows.first, left, told[at].astype(float), age[at], rows.rung, rows.weight, before))
    f, r, told_, age_, y, w, b = (np.concatenate([p[i] for p in parts]) for i in range(7))
    half = np.tile(rows.column // STEP % 2 == 0, len(parts))  # neighboring rows of a pair say nearly the same
    second = fit_second(f[half], r[half], told_[half], age_[half], y[half], w[half])
    real = w == 1.0
    return second, fit_errors(second.above(f, r, told_, age_)[real], y[real], b[real], age_[real])


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
