"""Alignment: estimate the shipped parameters, predict out of sample, print known cases.

    python benchmarks/alignment.py --estimate [FILE]   estimate on the loaded sources and write the parameters
    python benchmarks/alignment.py --predict           fit to year t, predict t+1 .. t+5, against single indicators
    python benchmarks/alignment.py --cases             alignment of known cases, year by year

The store must hold the sources of the indicators (tripoint load --all). Without an option, all but --estimate run.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import tripoint
from tripoint.dyad import alignment, alignment_parameters
from tripoint.dyad.indicator_columns import alliance_levels, alliance_measure, vote_measure
from tripoint.dyad.indicators import INDICATORS, build_indicators
from tripoint.dyad.pair_years import PairYears

Floats = NDArray[np.float64]

ORIGINS = (1990, 2000, 2008)
AHEAD = 5
PAIRS, ITERATIONS = 400, 45
LAST_PLEDGE, LAST_DISPUTE = 2018, 2014

CASES = (
    ("RUS", "CHN", (1950, 1956, 1963, 1970, 1982, 1991, 2001, 2024), "Sino-Soviet split, and reconciliation"),
    ("USA", "CHN", (1951, 1968, 1973, 1980, 1990, 2001, 2024), "Sino-US rapprochement"),
    ("RUS", "ALB", (1950, 1958, 1962, 1970, 1988), "Albania leaves the Soviet camp, 1961"),
    ("CHN", "ALB", (1955, 1962, 1970, 1976, 1980), "Albania and China, to 1978"),
    ("RUS", "YUG", (1947, 1949, 1956, 1970, 1988), "Yugoslavia expelled, 1948"),
    ("RUS", "EGY", (1954, 1960, 1971, 1978, 1990), "Egypt leaves the Soviet Union, 1972-76"),
    ("USA", "EGY", (1950, 1957, 1968, 1975, 1980, 2020), "Egypt turns to the United States"),
    ("USA", "IRN", (1950, 1970, 1978, 1980, 1990, 2024), "Iran's revolution, 1979"),
    ("ISR", "EGY", (1950, 1967, 1973, 1980, 2000, 2024), "Camp David, 1978"),
    ("USA", "CUB", (1950, 1958, 1961, 1980, 2016, 2024), "Cuba's revolution, 1959"),
    ("CHN", "VNM", (1955, 1965, 1975, 1980, 1992, 2024), "China and Vietnam, war of 1979"),
    ("ETH", "RUS", (1970, 1976, 1979, 1988, 1995), "Ethiopia turns to the Soviet Union, 1977"),
    ("RUS", "UKR", (1992, 2003, 2010, 2014, 2022, 2024), "Russia and Ukraine"),
    ("RUS", "GEO", (1993, 2003, 2008, 2015, 2024), "Russia and Georgia"),
    ("IND", "USA", (1965, 1972, 1998, 2005, 2015, 2024), "India and the United States"),
    ("IND", "CHN", (1950, 1958, 1963, 1988, 2005, 2019, 2021, 2024), "India and China"),
    ("RUS", "POL", (1950, 1980, 1988, 1992, 2000, 2014, 2024), "Poland leaves the Soviet camp, 1989"),
    ("USA", "RUS", (1950, 1975, 1985, 1992, 2007, 2015, 2024), "The cold war and after"),
)


def auc(score: Floats, event: NDArray[np.bool_]) -> float:
    """Share of pairs of an event and a non-event that the score puts in the right order, ties one half."""
    from scipy.stats import rankdata

    positive, negative = int(event.sum()), int((~event).sum())
    if not positive or not negative:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[event].sum() - positive * (positive + 1) / 2) / (positive * negative))


def estimate(target: Path) -> None:
    evidence = tripoint.open_evidence()
    fitted = alignment_parameters.estimate_parameters(evidence, end=2024, pairs=PAIRS, max_iterations=ITERATIONS)
    lines = (
        "Parameters of the alignment model (tripoint.dyad.alignment_model), in standardized units.",
        "Estimated by: python benchmarks/alignment.py --estimate",
        f"{PAIRS} pairs that are contiguous or include a major power, 1946-2024, seed 0.",
        f"Evidence {evidence.hash[:12]}.",
    )
    target.write_text(alignment_parameters.parameters_text(fitted, lines), "utf-8")
    for name, value in zip(fitted.indicators, alignment_parameters.correlations(fitted), strict=True):
        print(f"  {name:<14} correlation with alignment {value:+.2f}")


def outcomes(cells: PairYears, origin: int) -> dict[str, tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]]:
    """By outcome: sign of alignment that foretells it, pairs at risk, pairs in which it came in the years ahead."""
    t = origin - cells.start
    ahead = slice(t + 1, t + 1 + AHEAD)
    dispute = cells.held("dispute")
    pact = alliance_levels(cells)
    alive = cells.exists[:, t]
    return {
        "dispute onset": (-1.0, alive & (dispute[:, t] == 0), np.nanmax(dispute[:, ahead], axis=1, initial=0) > 0),
        "new defense pact": (1.0, alive & (pact[:, t] < 3), np.nanmax(pact[:, ahead], axis=1, initial=0) >= 3),
        "new entente or defense": (1.0, alive & (pact[:, t] < 2), np.nanmax(pact[:, ahead], axis=1, initial=0) >= 2),
        "ended pledge": (
            -1.0,
            alive & (pact[:, t] >= 2),
            np.nanmin(np.where(cells.exists[:, ahead], pact[:, ahead], np.inf), axis=1, initial=9) < pact[:, t],
        ),
    }  # type: ignore[return-value]


def rivals(cells: PairYears, origin: int) -> dict[str, Floats]:
    """Single measures of the year (or the last year up to five before it), each signed so that more is closer."""

    def recent(values: Floats) -> Floats:
        t = origin - cells.start
        out = values[:, t].copy()
        for back in range(1, AHEAD):
            out = np.where(np.isnan(out), values[:, t - back], out)
        return out

    votes = INDICATORS["votes"].sources
    found = {
        "S of votes": recent(vote_measure(cells, votes, "s")),
        "kappa of votes": recent(vote_measure(cells, votes, "kappa_linear")),
        "S of alliances": recent(alliance_measure(cells, "s")),
        "kappa of alliances": recent(alliance_measure(cells, "kappa_squared")),
    }
    values = build_indicators(cells)
    for i, (name, indicator) in enumerate(INDICATORS.items()):
        found[name] = indicator.sign * recent(values[:, :, i])
    return found


def predict() -> None:
    """The model's word is alignment for pledges, and for disputes what it expects from alignment and contact."""
    evidence = tripoint.open_evidence()
    last = max(LAST_PLEDGE, LAST_DISPUTE)
    table: dict[str, dict[str, list[tuple[float, float, int, int]]]] = {}
    for origin in ORIGINS:
        started = time.process_time()
        fitted = alignment_parameters.estimate_parameters(evidence, end=origin, pairs=PAIRS, max_iterations=ITERATIONS)
        heads = alignment_parameters.all_states(alignment_parameters.FIRST_YEAR, origin)
        fit = alignment.fit_alignment(evidence, heads, end=origin, parameters=fitted)
        cells = PairYears(evidence, heads, alignment_parameters.FIRST_YEAR, last)
        relevant = alignment_parameters.relevant_pairs(cells)[:, origin - cells.start]
        score = fit.mean[:, -1]
        calm = -fit.expected("disputes")[:, -1]
        others = rivals(PairYears(evidence, heads, origin - AHEAD, origin), origin)
        for outcome, (sign, risk, event) in outcomes(cells, origin).items():
            base = relevant & risk & np.isfinite(score)
            own = calm if outcome == "dispute onset" else score
            for name, values in {"model": own, "alignment": score, **others}.items():
                use = base & np.isfinite(values)
                row = (auc(sign * values[use], event[use]), auc(sign * own[use], event[use]))
                table.setdefault(outcome, {}).setdefault(name, []).append((*row, int(use.sum()), int(event[use].sum())))
        print(f"fitted to {origin}: {time.process_time() - started:.0f} CPU s", flush=True)
    for outcome, rows in table.items():
        print(f"\n{outcome}: AUC of the measure / of the model on the same pairs (pairs, events), fitted to {ORIGINS}")
        for name, cells_ in rows.items():
            line = "  ".join(f"{a:.3f} / {b:.3f} ({n}, {k})" for a, b, n, k in cells_)
            ahead = sum(b > a for a, b, _, _ in cells_)
            verdict = "" if name == "model" else f"  model ahead in {ahead} of {len(cells_)}"
            print(f"  {name:<20}{line}{verdict}")


def cases() -> None:
    evidence = tripoint.open_evidence()
    names = sorted({s for a, b, _, _ in CASES for s in (a, b)})
    fit = alignment.fit_alignment(evidence, names, end=2025)
    for a, b, years, what in CASES:
        r = fit.row(a, b)
        cells = [(y, fit.mean[r, fit.column(y)], fit.low[r, fit.column(y)], fit.high[r, fit.column(y)]) for y in years]
        print(f"\n{a}-{b}  {what}")
        print("  " + "  ".join(f"{y} {m:+.2f} [{lo:+.2f},{hi:+.2f}]" for y, m, lo, hi in cells if m == m))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own = Path(alignment.__file__).with_name("alignment_parameters.toml")
    parser.add_argument("--estimate", nargs="?", const=own, type=Path, metavar="FILE")
    parser.add_argument("--predict", action="store_true")
    parser.add_argument("--cases", action="store_true")
    chosen = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    steps: list[Callable[[], None]] = []
    if chosen.estimate:
        steps.append(lambda: estimate(chosen.estimate))
    if chosen.predict or not (chosen.estimate or chosen.cases):
        steps.append(predict)
    if chosen.cases or not (chosen.estimate or chosen.predict):
        steps.append(cases)
    for step in steps:
        began, cpu = time.perf_counter(), time.process_time()
        step()
        print(f"\n{time.perf_counter() - began:.0f} s wall, {time.process_time() - cpu:.0f} s CPU")


if __name__ == "__main__":
    main()
