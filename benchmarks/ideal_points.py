"""Ideal points: all votes of the General Assembly, the published series, and coverage, beside their targets.

Run: TRIPOINT_MIRROR=folder python benchmarks/ideal_points.py [PART ...]
Parts: default, bridges, coverage, plane, long, published, heldout
(default and bridges if nothing is named; coverage, plane and heldout take a minute or two, long and published many).
The folder holds un_votes/ (votes, roll calls) and ideal_points/ (the published series, list of identical resolutions).

For comparison, as others report them: MCMCpack's MCMCdynamicIRT1d takes 276 s for 9 voters and 485 binary votes; a
rerun of the published sampler reached r = .99932 with the published means in 712 s.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from tripoint.dyad.ideal_points import (
    IdealPoints,
    IdealPointWarning,
    LeftOut,
    ballots_of,
    chain_to_earliest,
    fit_ideal_points,
    line_probability,
    neighbor_probability,
    published_votes,
    recurring_items,
)

MIRROR = Path(os.environ.get("TRIPOINT_MIRROR", "TRIPOINT_MIRROR-is-not-set"))
LONG = {"warmup": 400, "draws": 2000}
#: Sessions of the test on left-out votes, the last one on which anything is chosen, and the share left out.
HELD, CHOSEN_TO, SHARE = (66, 80), 70, 0.08
#: How fast a neighbor's vote fades with distance, and how many votes the line counts for: chosen among these.
FADES, WORTHS = (4.0, 8.0, 12.0, 18.0, 27.0), (0.1, 0.25, 0.5, 1.0, 2.0)


def timed(name: str, job: Callable[[], IdealPoints]) -> IdealPoints:
    """Run once, print wall and CPU seconds and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", IdealPointWarning)
        wall, cpu = time.perf_counter(), time.process_time()
        result = job()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    run = result.convergence
    print(f"{name}: {wall:.1f} s wall, {cpu:.1f} CPU s; {run.chains} chains of {run.warmup} + {run.draws} sweeps")
    print(
        f"  {result.votes_used} votes, {len(result.states)} positions, {len(result.items.item)} items; "
        f"R-hat above 1.1: {run.share_above:.1%}, median ESS {run.ess_median:.0f}"
    )
    for warning in caught:
        print(f"  warned: {warning.message}")
    return result


def all_votes() -> tuple[pl.DataFrame, list[tuple[object, object]]]:
    """All votes 1946-2025, and identical resolutions: the published list, then recurring titles."""
    votes = pl.read_parquet(MIRROR / "un_votes/unga_votes_YAN_1946_2025.parquet")
    item = pl.when(pl.col("rcid") > 0).then(pl.col("rcid")).otherwise(pl.col("resid"))
    votes = votes.with_columns(item=item)
    table = votes.select(state="ccode", session="session", item="item", choice="vote")
    known = pl.read_csv(MIRROR / "ideal_points/Matches.csv")
    pairs: list[tuple[object, object]] = list(zip(known["rcid1"], known["rcid2"], strict=True))

    old = pl.read_csv(MIRROR / "un_votes/rollcalls_s01_s75.csv", infer_schema_length=10_000)
    old = old.filter((pl.col("session") >= 74) & (pl.col("para").fill_null(0) == 0))
    new = pl.read_csv(MIRROR / "un_votes/unga_2025_resolutions.csv", infer_schema_length=0)
    new = votes.unique("item").join(new.select(unres="Resolution", title="Title"), on="unres")
    ids = old["rcid"].to_list() + new["item"].to_list()
    late = votes.filter(pl.col("item").is_in(ids))
    found = recurring_items(
        np.array(ids, dtype=object),
        old["session"].to_list() + new["session"].to_list(),
        old["short"].to_list() + new["title"].to_list(),
        ballots_of(late["ccode"], late["item"], late["vote"]),
        after=74,
        max_gap=6,
        min_agreement=0.9,
    )
    return table, pairs + [(r.earlier, r.later) for r in found]


def default(long: bool) -> None:
    """Time the default model; with ``long``, compare with a long run of the same sampler."""
    table, pairs = all_votes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit_ideal_points(table, sessions=(1, 2), bridges=pairs, warmup=2, draws=4)  # compilation
        fit_ideal_points(table, sessions=(1, 2), bridges=pairs, warmup=2, draws=4, prior="bsv")
    result = timed("default model, all votes 1946-2025", lambda: fit_ideal_points(table, bridges=pairs, seed=1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"  targets: 15 s wall on 2 free cores; 1.5 GB (peak {memory:.2f} GB)")
    fit = result.fit
    print(f"  votes called {fit.called_overall:.3f}, errors saved {fit.errors_saved_overall:.3f}")
    print(f"  doubtful sessions: {fit.sessions[fit.doubtful].tolist()}")
    for state in (2, 365, 710, 750, 200):
        row = (result.states == state) & (result.sessions == 74)
        low, high = result.quantiles[row, 0][0, [0, 4]]
        print(f"  session 74, state {state}: {result.mean[row, 0][0]:.3f} [{low:.3f}, {high:.3f}]")
    same, theirs = beside_published(result)
    print(f"  r with the published series (another prior, other filters): {correlation(same, theirs):.4f}")
    if long:
        slow = timed("long run of the same model", lambda: fit_ideal_points(table, bridges=pairs, seed=99, **LONG))
        gap = result.mean - slow.mean
        r = correlation(result.mean[:, 0], slow.mean[:, 0])
        ratio = np.median(result.sd / slow.sd)
        print(f"  r with it {r:.5f} (target .999), RMSE {np.sqrt(np.mean(gap**2)):.4f}, median ratio of sd {ratio:.3f}")


def published() -> None:
    """Rerun the published model on its own votes."""
    rolls = pl.read_csv(MIRROR / "un_votes/rollcalls_s01_s75.csv", infer_schema_length=10_000)
    votes = pl.read_parquet(MIRROR / "un_votes/votes_s01_s75_long.parquet").join(rolls, on="rcid")
    kept = published_votes(*(votes[c] for c in ("ccode", "session", "year", "vote", "para", "amend")))
    table = votes.filter(kept).select(state="ccode", session="session", item="rcid", choice="vote")
    bridges = pl.read_csv(MIRROR / "ideal_points/Matches.csv")
    result = timed(
        "published model, sessions 1-74",
        lambda: fit_ideal_points(table, prior="bsv", sessions=(1, 74), bridges=bridges, seed=1),
    )
    ours, theirs = beside_published(result)
    rmse = np.sqrt(np.mean((ours - theirs) ** 2))
    print(f"  {len(ours)} of 10469 positions: r {correlation(ours, theirs):.5f}, RMSE {rmse:.4f}")
    print("  targets: r .999, RMSE .04, 300 s wall on 2 free cores")
    sessions = np.unique(result.sessions)
    level = ours.copy()
    within = []
    for session in sessions:
        now = result.sessions == session
        within.append(correlation(ours[now], theirs[now]))
        level[now] += (theirs[now] - ours[now]).mean()
    print(f"  r within a session: median {np.median(within):.5f}, least {min(within):.4f}")
    print(f"  r with each session's mean set to the published one: {correlation(level, theirs):.5f}")
    first = result.sessions == 1
    by_chain = np.split(result.draws[:, first, 0].mean(axis=1), result.convergence.chains)
    quarters = [[round(float(part.mean()), 2) for part in np.array_split(chain, 4)] for chain in by_chain]
    print(f"  mean of session 1: published {theirs[first].mean():.2f}; quarters of each chain {quarters}")


def beside_published(result: IdealPoints) -> tuple[np.ndarray, np.ndarray]:
    """Means of a fit and of the published series where both have one."""
    table = pl.read_csv(
        MIRROR / "ideal_points/IdealpointestimatesAll_Apr2020.csv", encoding="latin1", infer_schema_length=20_000
    )
    known = {(s, t): v for s, t, v in table.select("ccode", "session", "IdealPoint").iter_rows()}
    keys = list(zip(result.states.tolist(), result.sessions.tolist(), strict=True))
    rows = [i for i, key in enumerate(keys) if key in known]
    return result.mean[rows, 0], np.array([known[keys[i]] for i in rows])


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's r."""
    return float(np.corrcoef(a, b)[0, 1])


def plane() -> None:
    """One dimension against two in two stretches of sessions."""
    table, pairs = all_votes()
    for sessions in ((20, 40), (70, 80)):
        for dimensions in (1, 2):
            points = timed(
                f"sessions {sessions[0]}-{sessions[1]}, {dimensions} dimensions",
                lambda s=sessions, d=dimensions: fit_ideal_points(
                    table, bridges=pairs, sessions=s, dimensions=d, seed=2
                ),
            )
            fit = points.fit
            print(
                f"  votes called {fit.called_overall:.3f}, errors saved {fit.errors_saved_overall:.3f}, structure "
                f"{np.median(fit.structure):.2f} (median of sessions)"
            )


def bridges() -> None:
    """Recurring titles against the published list of identical resolutions."""
    rolls = pl.read_csv(MIRROR / "un_votes/rollcalls_s01_s75.csv", infer_schema_length=10_000)
    votes = pl.read_parquet(MIRROR / "un_votes/votes_s01_s75_long.parquet").filter(pl.col("vote") < 4)
    known = pl.read_csv(MIRROR / "ideal_points/Matches.csv")
    listed_all = set(zip(known["rcid1"], known["rcid2"], strict=True))
    print("recurring titles against the published list (pairs into these sessions)")
    for first, last in ((60, 64), (65, 69), (70, 73), (74, 74)):
        some = rolls.filter(pl.col("session").is_between(first - 1, last) & (pl.col("para").fill_null(0) == 0))
        cast = votes.filter(pl.col("rcid").is_in(some["rcid"].implode()))
        found = recurring_items(
            some["rcid"],
            some["session"],
            some["short"].to_list(),
            ballots_of(cast["ccode"], cast["rcid"], cast["vote"]),
        )
        inside = set(some.filter(pl.col("session") >= first)["rcid"])
        listed = {pair for pair in listed_all if pair[1] in inside}
        pairs = {(r.earlier, r.later) for r in found}
        both = len(pairs & listed)
        print(f"  {first}-{last}: found {len(pairs)}, listed {len(listed)}, in both {both}")


def simulate(seed: int, states: int, sessions: int, items: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Votes drawn from the model, and the standardized truth (states, sessions)."""
    rng = np.random.default_rng(seed)
    steps = 0.3 * rng.standard_normal((states, sessions))
    steps[:, 0] = rng.standard_normal(states)
    theta = steps.cumsum(axis=1)
    theta = (theta - theta.mean()) / theta.std()
    shape = (sessions, items)
    beta, middle, half = rng.standard_normal(shape), rng.normal(0, 0.8, shape), rng.uniform(0.1, 0.5, shape)
    z = theta.T[:, :, None] * beta[:, None, :] + rng.standard_normal((sessions, states, items))
    y = 1 + (z > (middle - half)[:, None, :]) + (z > (middle + half)[:, None, :])
    t, i, j = np.indices(y.shape)
    votes = {"state": i.ravel(), "session": t.ravel() + 1, "item": (t * items + j).ravel(), "choice": y.ravel()}
    return votes, theta


def coverage() -> None:
    """Share of nominal 90 % intervals that hold the truth, over replications."""
    for states, sessions, items in ((30, 8, 30), (60, 5, 40), (20, 15, 15)):
        inside, right = [], []
        for seed in range(24):
            votes, theta = simulate(seed, states, sessions, items)
            top = np.argsort(theta.mean(axis=1))[-3:].tolist()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", IdealPointWarning)
                points = fit_ideal_points(votes, positive=top, warmup=300, draws=600, seed=seed)
            truth = theta[points.states, points.sessions - 1]
            inside.append(np.mean((truth >= points.quantiles[:, 0, 0]) & (truth <= points.quantiles[:, 0, 4])))
            right.append(correlation(truth, points.mean[:, 0]))
        error = np.std(inside) / np.sqrt(len(inside))
        print(
            f"coverage, {states} states, {sessions} sessions, {items} items each, 24 replications: "
            f"{np.mean(inside):.3f} +- {error:.3f} (target .87-.93); mean r with the truth {np.mean(right):.3f}"
        )


def heldout() -> None:
    """Log loss of left-out votes by session: the line and the plane, alone and with the neighbors' votes."""
    table, pairs = all_votes()
    table = table.filter(pl.col("session").is_between(*HELD) & pl.col("choice").is_in([1, 2, 3]))
    chain = chain_to_earliest(table["item"].unique().to_list(), pairs)
    left = np.random.default_rng(8).random(table.height) < SHARE
    session = table["session"].to_numpy()[left]
    chosen = session <= CHOSEN_TO
    truth = table["choice"].to_numpy()[left].astype(int) - 1
    rows: dict[str, np.ndarray] = {}

    def loss(p: np.ndarray) -> np.ndarray:
        return -np.log(np.maximum(p[np.arange(truth.size), truth], 1e-6))

    for dimensions, name in ((1, "line"), (2, "plane")):
        points = timed(
            name,
            lambda d=dimensions: fit_ideal_points(
                table.filter(pl.Series(~left)), bridges=pairs, sessions=HELD, dimensions=d, seed=3
            ),
        )
        votes = LeftOut(points, table, left, chain)
        model = line_probability(votes)
        rows[name] = model
        fade = min(FADES, key=lambda k: loss(neighbor_probability(votes, votes.share, k, 0.02))[chosen].mean())
        rows[f"neighbors on the {name}, fade {fade:g}"] = neighbor_probability(votes, votes.share, fade, 0.02)
        grid = [(k, w) for k in FADES for w in WORTHS]
        fade, worth = min(grid, key=lambda g: loss(neighbor_probability(votes, model, *g))[chosen].mean())
        rows[f"{name} and neighbors, fade {fade:g}, worth {worth:g}"] = neighbor_probability(votes, model, fade, worth)
        rows.setdefault("neighbors on the line, fade 18", neighbor_probability(votes, votes.share, 18.0, 0.02))
        rows.setdefault("item shares", votes.share)
    for label, use in ((f"chosen on, to {CHOSEN_TO}", chosen), (f"reported, from {CHOSEN_TO + 1}", ~chosen)):
        print(f"{label}: {use.sum()} left-out votes; log loss, votes called")
        for name, p in rows.items():
            print(f"  {name:45} {loss(p)[use].mean():.3f}  {(p.argmax(axis=1) == truth)[use].mean():.3f}")
    print("log loss by session: " + ", ".join(rows))
    for t in np.unique(session):
        print(
            f"  {t}: {(session == t).sum():5} " + " ".join(f"{loss(p)[session == t].mean():.3f}" for p in rows.values())
        )


def main() -> None:
    wanted = sys.argv[1:] or ["default", "bridges"]
    print(f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if "default" in wanted or "long" in wanted:
        default("long" in wanted)
    if "bridges" in wanted:
        bridges()
    if "coverage" in wanted:
        coverage()
    if "plane" in wanted:
        plane()
    if "published" in wanted:
        published()
    if "heldout" in wanted:
        heldout()


if __name__ == "__main__":
    main()
