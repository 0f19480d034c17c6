"""How well the relation measure does out of time, beside persistence and simple rivals.

usage: python benchmarks/relation.py [--home STORE] [--origins 1990,2000,2010] [--list FILE] [--risk] [--stress]

At each origin everything is fitted on codes and columns to the origin; columns are then read to ten years on, as a
nowcast would, and the coded rungs of that year, or the bare peace-scale codes, are the truth. ``strict`` gives the
second stage the rung of the origin; ``read`` what the deeds of the target year tell with the code of the origin, as the
measure does.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import Any

import numpy as np
import sklearn.ensemble  # noqa: F401  # limits hold for libraries that are loaded
from scipy.stats import spearmanr
from threadpoolctl import threadpool_limits

from tripoint import states as registry
from tripoint.dyad.relation import first_stage as one
from tripoint.dyad.relation import fit_relation
from tripoint.dyad.relation.fit import SIGNS, training_rows
from tripoint.dyad.relation.indicators import INDICATORS, build_columns
from tripoint.dyad.relation.intervals import fit_errors
from tripoint.dyad.relation.ladder import Ladder, build_ladder
from tripoint.dyad.relation.second_stage import KEPT, fit_second, residuals
from tripoint.dyad.relation.world import FIRST_YEAR, World
from tripoint.pipeline import open_evidence

AHEAD = 10
CUTS = np.asarray(one.CUTS)
#: Columns of the ridge logit of sixteen.
SIXTEEN = (
    *("vote distance", "vote agreement", "defense pact", "close pact", "consultation pact", "institutions"),
    *("arms share", "arms to rival", "opposing allies", "fighting", "fought", "dispute", "disputes", "rivalry"),
    *("sanctions", "trade"),
)
NAMES = list(INDICATORS)


def rps(above: np.ndarray, rung: np.ndarray) -> float:
    """Ranked probability score: mean over thresholds of the squared gap of cumulative chance and outcome."""
    return float(((above - (rung[:, None] > CUTS)) ** 2).mean())


def auc(score: np.ndarray, event: np.ndarray) -> float:
    """Area under the curve; NaN without both outcomes."""
    if event.all() or not event.any():
        return float("nan")
    order = np.argsort(np.argsort(score, kind="stable"), kind="stable") + 1.0
    for value in np.unique(score):
        same = score == value
        order[same] = order[same].mean()
    n = event.sum()
    return float((order[event].sum() - n * (n + 1) / 2) / (n * (~event).sum()))


def report(name: str, above: np.ndarray, rung: np.ndarray, before: np.ndarray) -> None:
    mean = one.expected(above)
    moved = rung - before
    change = spearmanr(mean - before, moved)[0] if np.ptp(mean - before) > 0 else float("nan")
    print(
        f"  {name:32s} RPS {rps(above, rung):.4f}  change {change:5.2f}  AUC down "
        f"{auc(before - mean, moved < 0):.2f} up {auc(mean - before, moved > 0):.2f}  "
        f"level {spearmanr(mean, rung)[0]:.2f}"
    )


def steps(rung: np.ndarray) -> np.ndarray:
    """Cumulative chances of a certain rung."""
    return (rung[:, None] > CUTS).astype(float)


class Origin:
    """All that is fitted to an origin, on the ladder or on the bare code."""

    def __init__(self, world: World, x: np.ndarray, ladder: Ladder, origin: int, *, bare: bool) -> None:
        self.world, self.x, self.origin, self.bare = world, x, origin, bare
        scale = np.where(np.isnan(ladder.code), np.nan, ladder.code * 4 - 2)
        truth = scale if bare else ladder.rung
        known = truth.copy()
        known[:, origin - world.start + 1 :] = np.nan
        code = ladder.code.copy()
        code[:, origin - world.start + 1 :] = np.nan
        self.truth, self.known = truth, known
        self.ladder = Ladder(code, known, ladder.untold, ladder.relevant)
        pairs = [(world.states[i], world.states[j]) for i, j in zip(world.first, world.second, strict=True)]
        self.fold = one.fold_of(pairs)
        self.pair, self.column, rung, self.weight = training_rows(world, self.ladder, origin, max(GAPS))
        self.rung = np.where(self.weight == 1, known[self.pair, self.column], rung) if not bare else rung
        if bare:
            keep = self.weight == 1
            self.pair, self.column, self.weight = (v[keep] for v in (self.pair, self.column, self.weight))
            self.rung = known[self.pair, self.column]
        t, o = origin + AHEAD - world.start, origin - world.start
        self.test = np.flatnonzero(np.isfinite(truth[:, t]) & np.isfinite(truth[:, o]))
        self.t, self.o = t, o

    def first(self, columns: list[int]) -> np.ndarray:
        """(p, t, 2) first stage of pairs with rows, by the model that did not see them."""
        out = np.full((*self.world.shape, 2), np.nan, np.float32)
        rows = self.x[self.pair, self.column][:, columns]
        use = np.zeros(self.world.shape[0], bool)
        use[self.pair] = use[self.test] = True
        for f in range(one.FOLDS):
            train = self.fold[self.pair] != f
            model = one.fit_model(rows[train], self.rung[train], self.weight[train], SIGNS[columns])
            pair, at = np.nonzero(self.world.exists[:, : self.t + 1] & (use & (self.fold == f))[:, None])
            out[pair, at] = model.mean(self.x[pair, at][:, columns])
        return out

    def told(self, gap: int, *, read: bool) -> tuple[np.ndarray, np.ndarray]:
        """(p, t) rung told with a code that is older by a gap."""
        if read:
            return self.ladder.told_after(self.world, gap)
        late, age = np.full(self.world.shape, np.nan), np.full(self.world.shape, 99)
        carried, since = self.known.copy(), np.where(np.isnan(self.known), 99, 0)
        for t in range(1, carried.shape[1]):
            gone = np.isnan(carried[:, t])
            carried[gone, t] = carried[gone, t - 1]
            since[gone, t] = np.minimum(since[gone, t - 1] + 1, 99)
        late[:, gap:], age[:, gap:] = carried[:, : carried.shape[1] - gap], since[:, : carried.shape[1] - gap] + gap
        return np.nan_to_num(late), np.where(np.isnan(late), 99, np.minimum(age, 99))

    def second(self, first: np.ndarray, *, read: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Chances of the test pairs, and bounds of their mean rung, with the code of the origin."""
        left = residuals(self.known, first.mean(axis=2))
        parts: list[tuple[Any, ...]] = []
        for gap in GAPS:
            told, age = self.told(gap, read=read)
            at = (self.pair, self.column)
            then = (self.pair, self.column - gap)
            before, was = left[then] * KEPT**gap, self.known[then]
            parts.append(
                (first[at].astype(float), before, told[at].astype(float), age[at], self.rung, self.weight, was)
            )
        f, r, told_, age_, y, w, was = (np.concatenate([p[i] for p in parts]) for i in range(7))
        use = np.isfinite(f).all(axis=1) & np.isfinite(told_)
        f, r, told_, age_, y, w, was = (v[use] for v in (f, r, told_, age_, y, w, was))
        model = fit_second(f, r, told_, age_, y, w)
        real = w == 1
        errors = fit_errors(model.above(f, r, told_, age_)[real], y[real], was[real], age_[real])
        told, age = self.told(0, read=read)
        above = model.above(
            first[self.test, self.t].astype(float), left[self.test, self.t], told[self.test, self.t],
            age[self.test, self.t],
        )  # fmt: skip
        low, high = errors.bounds(above, age[self.test, self.t])
        return above, low, high, age[self.test, self.t]


GAPS = (0, 3, 6, 10)


def transitions(origin: Origin) -> np.ndarray:
    """Chances by the last rung alone: how pairs at that rung stood ten years on, before the origin."""
    past, later = origin.known[:, :-AHEAD].ravel(), origin.known[:, AHEAD:].ravel()
    use = np.isfinite(past) & np.isfinite(later)
    before = origin.truth[origin.test, origin.o]
    out = np.zeros((before.size, CUTS.size))
    for rung in np.unique(before):
        there = use & (past == rung)
        out[before == rung] = steps(later[there]).mean(axis=0) if there.any() else steps(np.array([rung]))
    return out


#: Edges of the bins of chances of the table of reliability.
BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)


def reliability(above: np.ndarray, rung: np.ndarray) -> None:
    """Chances beside what came: of rivalry or worse, and of warm peace or better, pooled over the origins."""
    for name, chance, event in (
        ("rivalry or worse", 1 - above[:, 2], rung <= -1),
        ("warm peace or better", above[:, 3], rung >= 1),
    ):
        place = np.clip(np.searchsorted(BINS, chance, side="right") - 1, 0, len(BINS) - 2)
        parts = [
            f"{chance[place == b].mean():.2f} / {event[place == b].mean():.2f} ({(place == b).sum():,})"
            for b in range(len(BINS) - 1)
            if (place == b).any()
        ]
        print(f"reliability, {name}, forecast / came (pairs): {', '.join(parts)}")


def at_origin(world: World, x: np.ndarray, ladder: Ladder, year: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Print the scores of an origin; chances of the ladder, strict, and what came."""
    kept = []
    every = list(range(len(NAMES)))
    for bare in (False, True):
        made = Origin(world, x, ladder, year, bare=bare)
        rung, before = made.truth[made.test, made.t], made.truth[made.test, made.o]
        print(
            f"{year} -> {year + AHEAD}, {'bare code' if bare else 'ladder'}: {rung.size} pairs, "
            f"{(rung < before).sum()} down, {(rung > before).sum()} up"
        )
        report("persistence", steps(before), rung, before)
        report("transition table", transitions(made), rung, before)
        votes = made.first([0])
        above, *_ = made.second(votes, read=False)
        report("ideal points (votes) + last", above, rung, before)
        logit = made.first([NAMES.index(n) for n in SIXTEEN])
        logit[..., 0] = logit[..., 1]
        above, *_ = made.second(logit, read=False)
        report("ridge logit of 16 + last", above, rung, before)
        first = made.first(every)
        for name, read in (("relation, strict", False), *(() if bare else (("relation, deeds read", True),))):
            above, low, high, _ = made.second(first, read=read)
            report(name, above, rung, before)
            if not bare and not read:
                kept.append((above, rung))
            inside = (rung >= low - 1e-9) & (rung <= high + 1e-9)
            sets = _sets(above, rung)
            moved = rung != before
            print(
                f"    90 % interval covers {inside.mean():.3f}, of changed pairs {inside[moved].mean():.3f}; "
                f"90 % set of rungs {sets.mean():.3f}, of changed {sets[moved].mean():.3f}"
            )
        for k, name in ((0, "trees alone, no past"), (1, "logit alone, no past")):
            mean = first[made.test, made.t, k]
            print(f"    {name}: change {spearmanr(mean - before, rung - before)[0]:.2f}")
    return kept


def _sets(above: np.ndarray, rung: np.ndarray) -> np.ndarray:
    """Whether the rung is in the smallest set of rungs with a chance of 90 %."""
    chance = -np.diff(np.hstack([np.ones((len(above), 1)), above, np.zeros((len(above), 1))]), axis=1)
    order = np.argsort(-chance, axis=1)
    total = np.cumsum(np.take_along_axis(chance, order, axis=1), axis=1)
    place = np.argmax(order == (rung[:, None].astype(int) + 3), axis=1)
    return np.asarray(place <= (total < 0.9).sum(axis=1))


def on_list(evidence: Any, path: Path) -> None:
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    fit = fit_relation(evidence)
    place = {p: i for i, p in enumerate(fit.pairs)}
    got, want, year = [], [], []
    wrong = sure = 0
    for row in rows:
        a, b = sorted(registry.lineage(registry.find(row[k]).id)[0] for k in ("state_a", "state_b"))
        r, t, s = place.get((a, b)), int(row["year"]) - int(fit.years[0]), int(row["score"])
        if r is None or not np.isfinite(fit.mean[r, t]):
            continue
        got.append(fit.mean[r, t])
        want.append(s)
        year.append(int(row["year"]))
        if abs(s) >= 2 and fit.mean[r, t] * s <= 0:
            wrong += 1
            sure += int(fit.low[r, t] * fit.high[r, t] > 0)
            print("   wrong sign:", a, b, row["year"], s, f"{fit.mean[r, t]:+.2f}")
    g, w, y = np.array(got), np.array(want), np.array(year)
    parts = [f"{spearmanr(g[(y >= i) & (y <= j)], w[(y >= i) & (y <= j)])[0]:.3f}" for i, j in PERIODS]
    print(
        f"{path.name}: rank correlation {spearmanr(g, w)[0]:.3f} on {g.size} of {len(rows)} "
        f"(to 1990, 1991-2014, from 2015: "
        f"{', '.join(parts)}); wrong sign {wrong} of {(abs(w) >= 2).sum()} plain ones, {sure} beyond the interval"
    )


def of_risk(evidence: Any) -> None:
    """Chance of a dispute within a year, out of time: trained on outcomes before the origin."""
    from sklearn.linear_model import LogisticRegression

    from tripoint.dyad.relation.ladder import relevant_pairs
    from tripoint.dyad.relation.risk import columns, fit_risk, onsets, structure

    world = World(evidence, FIRST_YEAR, 2020)
    x, shape, near = build_columns(world), structure(world), relevant_pairs(world)
    begins, last = onsets(world)
    for origin, end in ((1990, 2000), (2000, last), (2008, last)):
        model = fit_risk(world, x, shape, [{}], last=origin)
        parts = []
        for t in range(origin - world.start, end - world.start):
            use = np.flatnonzero(world.exists[:, t] & world.exists[:, t + 1])
            parts.append((model.chance(0, columns(x[use, t], shape[use, t])), begins[use, t + 1] > 0, near[use]))
        chance, event, close = (np.concatenate([p[i] for p in parts]) for i in range(3))
        odds = np.log(chance / (1 - chance))[:, None]
        slope = LogisticRegression(C=1e6).fit(odds, event).coef_[0, 0]
        print(
            f"dispute within a year, {origin}-{end - 1}: {event.size:,} pair-years, {event.sum()} begin; AUC "
            f"{auc(chance, event):.3f}, of relevant pairs {auc(chance[close], event[close]):.3f}; calibration slope "
            f"{slope:.2f}; forecast over observed {chance.mean() / event.mean():.2f}"
        )


def of_stress(evidence: Any) -> None:
    """Overwrite all that is observed of a friendly pair in 2022-24 with what is observed of the most hostile ones."""
    from tripoint.dyad.relation import last_year
    from tripoint.dyad.relation.door import _number, whole_fit

    fit = whole_fit(evidence, last_year(evidence))
    span = fit.end - fit.start + 1
    for a, b in (("GBR", "USA"), ("CHN", "RUS"), ("FRA", "GBR")):
        at = _number(fit.states.index(a), fit.states.index(b), len(fit.states)) * span + 2024 - fit.start
        cell = int(np.searchsorted(fit.cells, at))
        vintage = next(v for v in fit.trained.vintages if v.first <= 2024 <= v.last)
        model = vintage.models[int(one.fold_of([(a, b)])[0])]
        now = np.asarray(fit.x[fit.cells % span == 2024 - fit.start], np.float32)
        row = np.asarray(fit.x[[cell]], np.float32)
        worst = np.where(SIGNS < 0, np.nanquantile(now, 0.999, axis=0), np.nanmin(now, axis=0)).astype(np.float32)
        peace = worst.copy()
        for name in ("fighting", "fought"):
            peace[NAMES.index(name)] = row[0, NAMES.index(name)]
        told = float(fit.told[cell])
        cases = (
            ("as it is", row, told),
            ("all but fighting; the warm code of 2020 holds", peace[None], 2.0),
            ("all but fighting; deeds tell rivalry", peace[None], -1.0),
            ("all; deeds tell severe rivalry", worst[None], -2.0),
        )
        for name, x, tells in cases:
            above = vintage.second.above(
                model.mean(x), fit.residual[[cell]].astype(float), np.array([tells]), fit.age[[cell]]
            )
            print(f"{a}-{b} 2024, {name}: {one.expected(above)[0] / 3:+.2f}")


PERIODS = ((1946, 1990), (1991, 2014), (2015, 2100))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--origins", default="1990,2000,2010")
    parser.add_argument("--list", type=Path, help="a CSV of state_a, state_b, year, score")
    parser.add_argument("--stress", action="store_true", help="of overwritten observations")
    parser.add_argument("--risk", action="store_true", help="of disputes within a year")
    options = parser.parse_args()
    evidence = open_evidence(options.home)
    began, cpu = time.perf_counter(), time.process_time()
    if options.list:
        on_list(evidence, options.list)
        return
    if options.stress:
        of_stress(evidence)
        return
    if options.risk:
        of_risk(evidence)
        return
    world = World(evidence, FIRST_YEAR, 2020)
    x = build_columns(world)
    ladder = build_ladder(world)
    kept = [part for y in options.origins.split(",") for part in at_origin(world, x, ladder, int(y))]
    reliability(np.concatenate([a for a, _ in kept]), np.concatenate([r for _, r in kept]))
    print(f"{time.perf_counter() - began:.0f} s wall, {time.process_time() - cpu:.0f} s of processor")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
