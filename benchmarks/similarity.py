"""Similarity of all pairs of states: alliances 1816-2018, eight measures, and votes 1946-2025.

Run: TRIPOINT_MIRROR=folder python benchmarks/similarity.py
The folder holds atop/atop5_1m.csv, state_system/peacesciencer/cow_states.rda, capability/cow_nmc.rda and
un_votes/unga_votes_YAN_1946_2025.parquet.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import polars as pl

from tripoint.dyad.similarity import s_score, tau_b
from tripoint.dyad.similarity.matrix import contested, similarity_matrix

FIRST, LAST = 1816, 2018
#: The state-system file ends here; states in it then are taken to last.
SYSTEM_END = 2016
ALLIANCE = ("s", "s_squared", "s_w", "kappa_squared", "kappa_squared_pair", "pi_nominal", "tau_b", "a")
VOTES = ("s", "s_squared", "kappa_nominal", "kappa_squared", "pi_nominal", "tau_b", "agreement", "a")
REPEATS = 3
#: The reference leaves out the few pairs of states that share a year but never a day; they are kept here.
REFERENCE_ROWS = 1_988_010


def read_rda(path: Path) -> pl.DataFrame:
    """Read the one data frame of an R file."""
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (frame,) = rdata.read_rda(path).values()
    return pl.DataFrame({c: np.asarray(frame[c]) for c in frame.columns if frame[c].dtype != object})


def alliance_profiles(folder: Path) -> list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """Return for each year the states, their ties and their capabilities.

    Ties: 3 defense or offense, 2 neutrality or consultation, 1 non-aggression, 0 none.
    """
    system = read_rda(folder / "state_system/peacesciencer/cow_states.rda")
    cinc = read_rda(folder / "capability/cow_nmc.rda").select("ccode", "year", "cinc")
    member = pl.read_csv(folder / "atop/atop5_1m.csv", infer_schema_length=None, encoding="utf8-lossy").select(
        "atopid", "member", "yrent", "yrexit", "defense", "offense", "neutral", "consul", "nonagg"
    )
    some = lambda *c: pl.any_horizontal([pl.col(x) == 1 for x in c])  # noqa: E731
    member = member.with_columns(
        pl.when(pl.col("yrexit") == 0).then(LAST).otherwise(pl.col("yrexit")).alias("yrexit"),
        tie=pl.when(some("defense", "offense"))
        .then(3)
        .when(some("neutral", "consul"))
        .then(2)
        .when(some("nonagg"))
        .then(1)
        .otherwise(0),
    )
    pairs = (
        member.join(member, on="atopid", suffix="_2")
        .filter(pl.col("member") != pl.col("member_2"))
        .with_columns(
            start=pl.max_horizontal("yrent", "yrent_2"),
            end=pl.min_horizontal("yrexit", "yrexit_2"),
            tie=pl.min_horizontal("tie", "tie_2"),
        )
        .filter(pl.col("start") <= pl.col("end"), pl.col("tie") > 0)
        .select("member", "member_2", "start", "end", "tie")
        .to_numpy()
    )
    ccode, first, last = (system[c].to_numpy().astype(int) for c in ("ccode", "styear", "endyear"))
    last = np.where(last == SYSTEM_END, LAST, last)
    years = []
    for year in range(FIRST, LAST + 1):
        states = np.unique(ccode[(first <= year) & (year <= last)])
        live = pairs[(pairs[:, 2] <= year) & (year <= pairs[:, 3])]
        live = live[np.isin(live[:, 0], states) & np.isin(live[:, 1], states)]
        ties = np.zeros((states.size, states.size))
        np.maximum.at(ties, (np.searchsorted(states, live[:, 0]), np.searchsorted(states, live[:, 1])), live[:, 4])
        np.fill_diagonal(ties, 3)
        now = cinc.filter(pl.col("year") == min(year, 2016)).drop_nulls()
        share = dict(zip(now["ccode"].to_list(), now["cinc"].to_list(), strict=True))
        weight = np.nan_to_num(np.array([share.get(float(s), share.get(int(s), 0.0)) for s in states]))
        years.append((year, states, ties, weight if weight.sum() > 0 else np.ones(states.size)))
    return years


def vote_profiles(folder: Path) -> list[tuple[int, np.ndarray]]:
    """Return for each calendar year the states x contested votes matrix, NaN where a state did not vote."""
    votes = pl.read_parquet(folder / "un_votes/unga_votes_YAN_1946_2025.parquet").with_columns(
        year=pl.col("date").cast(pl.String).str.slice(0, 4).cast(pl.Int32)
    )
    years = []
    for (year,), part in votes.sort("year").group_by("year", maintain_order=True):
        states, i = np.unique(part["ccode"].to_numpy(), return_inverse=True)
        items, j = np.unique(part["resid"].to_numpy(), return_inverse=True)
        matrix = np.full((states.size, items.size), np.nan)
        matrix[i, j] = part["vote"].to_numpy()
        years.append((int(year), matrix[:, contested(matrix)]))
    return years


def megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024**2)


def run_alliances(years: list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
    out: dict[str, list[np.ndarray]] = {m: [] for m in ALLIANCE}
    for _, _, ties, weight in years:
        result = similarity_matrix(ties, ALLIANCE, levels=(0, 1, 2, 3), weights=weight)
        for m in ALLIANCE:
            out[m].append(result.values[m])
    return {m: np.concatenate(v) for m, v in out.items()}


def run_votes(years: list[tuple[int, np.ndarray]]) -> int:
    rows = 0
    for _, matrix in years:
        if matrix.shape[1]:
            rows += similarity_matrix(matrix, VOTES, levels=(1, 2, 3)).first.size
    return rows


def timed(what, *args):
    wall, cpu = [], []
    for _ in range(REPEATS):
        w, c = time.perf_counter(), time.process_time()
        result = what(*args)
        wall.append(time.perf_counter() - w)
        cpu.append(time.process_time() - c)
    return result, statistics.median(wall), statistics.median(cpu)


def main() -> None:
    folder = Path(os.environ["TRIPOINT_MIRROR"])
    print(
        f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, numpy {np.__version__}"
    )
    start = time.perf_counter()
    years = alliance_profiles(folder)
    before = megabytes()
    print(f"reading ATOP, states and capabilities: {time.perf_counter() - start:.2f} s, peak {before:.0f} MB")
    values, wall, cpu = timed(run_alliances, years)
    rows = 2 * values["s"].size
    print(
        f"alliances {FIRST}-{LAST}: {rows:,} directed dyad-years (reference {REFERENCE_ROWS:,}), "
        f"{len(ALLIANCE)} measures"
    )
    print(
        f"  wall {wall:.2f} s, CPU {cpu:.2f} s (median of {REPEATS}; target 5 s), "
        f"peak {megabytes():.0f} MB (target 500)"
    )
    pair, scale = values["kappa_squared_pair"], values["kappa_squared"]
    both = ~np.isnan(pair) & ~np.isnan(scale)
    gap = np.abs(pair - scale)[both]
    print(
        f"  kappa by the pair's categories against the scale's: differs (by more than 1e-9) "
        f"for {np.mean(gap > 1e-9):.1%} "
        f"of dyads where defined, by up to {gap.max():.3f}; undefined for {np.mean(~both):.1%}"
    )
    start = time.perf_counter()
    sessions = vote_profiles(folder)
    print(f"reading votes: {time.perf_counter() - start:.2f} s")
    count, wall, cpu = timed(run_votes, sessions)
    print(f"votes 1946-2025: {2 * count:,} directed dyad-years, {len(VOTES)} measures")
    print(f"  wall {wall:.2f} s, CPU {cpu:.2f} s (median of {REPEATS}; target 20 s), peak {megabytes():.0f} MB")
    matrix = sessions[-1][1]
    one, _, cpu = timed(lambda: s_score(matrix[0], matrix[1], levels=(1, 2, 3)))
    print(f"one pair on {one.items} votes with 1,000 bootstrap draws: S {1e3 * cpu:.1f} ms CPU", end="")
    _, _, cpu = timed(lambda: tau_b(matrix[0], matrix[1], levels=(1, 2, 3)))
    print(f", tau-b {1e3 * cpu:.1f} ms CPU")
    _, _, cpu = timed(lambda: similarity_matrix(matrix, ("s",), levels=(1, 2, 3), draws=200))
    print(
        f"all {matrix.shape[0] * (matrix.shape[0] - 1) // 2:,} pairs of the last year "
        f"with 200 draws, S: {cpu:.1f} s CPU"
    )


if __name__ == "__main__":
    main()
