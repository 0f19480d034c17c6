"""Does the model of war foretell how long wars last, or who wins? Inter-state wars of 1823-2003, decade by decade.

Run: TRIPOINT_MIRROR=folder python benchmarks/war_backtest.py
The folder holds peacesciencer/cow_war_inter.rda (inter-state wars by pair and year) and capability/cow_nmc.rda.

Each war is a walk over N forts from the middle to one end, with ``pace`` battles a year. The side that began wins a
battle with a chance drawn from a Beta distribution of mean share^g / (share^g + (1 - share)^g), share being its part of
both sides' capabilities, and total s. N, pace, s and g are those of the largest likelihood on all wars that began
before the decade. One rival is the table of durations of those wars, with half a war added to each length; the other
is the same walk without capabilities (g = 0), which shows whether they tell anything of one war. Years are
calendar years of fighting, 1 to 7 and more: the record has no days in this form. Nothing was chosen on the result.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import betainc
from scipy.stats import spearmanr

from tripoint.sources.tabular import read_r

MIRROR = Path(os.environ.get("TRIPOINT_MIRROR", "TRIPOINT_MIRROR-is-not-set"))
LONGEST, FIRST, LAST = 8, 1900, 2010
FORTS, PACES, TOTALS, POWERS = (4, 8, 16, 24), (2, 4, 8, 16, 32), (2.0, 4.0, 8.0, 16.0), (0.5, 1.0, 2.0)
NODES = (np.arange(60) + 0.5) / 60


def wars() -> pl.DataFrame:
    """One row a war: first year, years (8 means 8 or more), share of capability of who began, whether that side won."""
    rows = read_r(MIRROR / "peacesciencer/cow_war_inter.rda").sort("warnum", "year")
    cinc = read_r(MIRROR / "capability/cow_nmc.rda").select("ccode", "year", "cinc").drop_nulls()
    power = {(int(c), int(y)): v for c, y, v in cinc.iter_rows()}
    found = []
    for (war,), of_war in rows.group_by("warnum", maintain_order=True):
        begun = int(of_war["year"].min())
        one = of_war.filter(pl.col("initiator1") == 1)
        side = set(one["sidea1"].to_list()) - {None}
        if len(side) != 1:
            continue
        mine = of_war.filter(pl.col("sidea1") == next(iter(side)))
        a, b = (
            sum(power.get((int(c), begun), 0.0) for c in mine[column].unique().to_list())
            for column in ("ccode1", "ccode2")
        )
        if a + b > 0 and min(a, b) > 0:
            outcome = mine["outcome1"].drop_nulls().to_list()
            won = None if not outcome or outcome[0] not in (1.0, 2.0) else outcome[0] == 1.0
            found.append((int(war), begun, min(of_war["year"].n_unique(), LONGEST), a / (a + b), won))
    return pl.DataFrame(found, schema=["war", "begun", "years", "share", "won"], orient="row").sort("begun", "war")


def ends(forts: int, pace: int) -> tuple[np.ndarray, np.ndarray]:
    """(60, 8) chance that a war ends in each year, and (60,) that A wins, by A's chance in a battle."""
    at = np.zeros((NODES.size, forts + 1))
    at[:, forts // 2] = 1.0
    gone = np.empty((NODES.size, LONGEST))
    for year in range(LONGEST - 1):
        before = at[:, 0] + at[:, -1]
        for _ in range(pace):
            new = np.zeros_like(at)
            new[:, [0, -1]] = at[:, [0, -1]]
            new[:, 2:] += at[:, 1:-1] * NODES[:, None]
            new[:, :-2] += at[:, 1:-1] * (1 - NODES[:, None])
            at = new
        gone[:, year] = at[:, 0] + at[:, -1] - before
    gone[:, -1] = 1 - gone[:, :-1].sum(axis=1)
    odds = ((1 - NODES) / NODES) ** (forts // 2)
    return gone, 1 / (1 + odds)


def mixed(values: np.ndarray, share: np.ndarray, total: float, power: float) -> np.ndarray:
    """Values by chance in a battle, averaged over each war's Beta distribution."""
    mean = share**power / (share**power + (1 - share) ** power)
    edges = np.linspace(0, 1, NODES.size + 1)
    weight = np.diff(betainc(mean[:, None] * total, (1 - mean[:, None]) * total, edges[None, :]), axis=1)
    return weight @ values


def main() -> None:
    known = wars()
    begun, years, share = (known[c].to_numpy() for c in ("begun", "years", "share"))
    won = np.array([np.nan if w is None else float(w) for w in known["won"]])
    walks = {key: ends(*key) for key in product(FORTS, PACES)}
    settings = list(product(walks, TOTALS, POWERS))
    chance = np.stack([mixed(walks[k][0], share, s, g) for k, s, g in settings])
    wins = np.stack([mixed(walks[k][1][:, None], share, s, g)[:, 0] for k, s, g in settings])
    like = np.log(np.maximum(chance[:, np.arange(years.size), years - 1], 1e-6))
    blind = np.stack([mixed(walks[k][0], share, s, 0.0) for k, s in product(walks, TOTALS)])
    blind_like = np.log(np.maximum(blind[:, np.arange(years.size), years - 1], 1e-6))
    model, table, even, win, base = (np.full(years.size, np.nan) for _ in range(5))
    expected = np.full(years.size, np.nan)
    for decade in range(FIRST, LAST, 10):
        past, now = begun < decade, (begun >= decade) & (begun < decade + 10)
        best = int(like[:, past].sum(axis=1).argmax())
        counts = np.bincount(years[past] - 1, minlength=LONGEST) + 0.5
        model[now], table[now] = like[best, now], np.log(counts / counts.sum())[years[now] - 1]
        even[now] = blind_like[int(blind_like[:, past].sum(axis=1).argmax()), now]
        expected[now] = chance[best, now] @ np.arange(1, LONGEST + 1)
        win[now], base[now] = wins[best, now], np.nanmean(won[past])
    told = np.isfinite(model)
    print(f"{known.height} wars with one initiator and capabilities on both sides; {told.sum()} forecast from {FIRST}")
    print(f"log score of the years: model {model[told].mean():.2f}, table of durations {table[told].mean():.2f}")
    for name, rival in (("the table", table), ("the walk without capabilities", even)):
        gap = (model - rival)[told]
        print(f"  against {name}: {gap.mean():+.3f} (standard error {gap.std(ddof=1) / np.sqrt(gap.size):.3f})")
    print(f"expected and actual years: Spearman {spearmanr(expected[told], years[told]).statistic:+.2f}")
    decided = told & np.isfinite(won)
    brier = [((p - won)[decided] ** 2).mean() for p in (win, base)]
    print(f"who began wins, {decided.sum()} decided: Brier model {brier[0]:.3f}, share of the past {brier[1]:.3f}")
    best = settings[int(like.sum(axis=1).argmax())]
    print(f"best on all wars: forts and battles a year {best[0]}, total {best[1]:g}, power {best[2]:g}")


if __name__ == "__main__":
    main()
