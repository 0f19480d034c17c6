"""Alignment: estimate the shipped parameters, choose the tails, predict out of sample, print and draw known cases.

    python benchmarks/alignment.py --estimate [FILE]       estimate on the loaded sources and write the parameters
    python benchmarks/alignment.py --choose                likelihood of later years by tails of the walk, to 1990
    python benchmarks/alignment.py --predict               fit to year t, predict t+1 .. t+5, against its rivals
    python benchmarks/alignment.py --cases [--figure FILE] alignment of known cases, year by year

The store must hold the sources of the indicators (tripoint load --all). Without an option, --predict and --cases run.
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
from alignment_rivals import AHEAD, compare, outcomes, rivals
from tripoint.dyad import alignment, alignment_parameters
from tripoint.dyad.alignment_model import Parameters, smooth_paths
from tripoint.dyad.indicators import build_indicators
from tripoint.dyad.pair_years import PairYears

Floats = NDArray[np.float64]

ORIGINS = (1990, 2000, 2008)
#: Origins at which the tails of the walk are chosen: what they predict ends where the reported origins begin.
EARLIER = (1960, 1965, 1970, 1975, 1980, 1985)
TAILS = (np.inf, 10.0, 5.0, 3.0, 2.5)
HELD_OUT = 700
PAIRS, ITERATIONS = 400, 45
LAST_YEAR = 2018
DRAWN = ("CHN-RUS", "ALB-RUS", "IRN-USA", "POL-RUS", "RUS-UKR", "RUS-USA")

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
    ("FRA", "RUS", (1985, 1995, 2005, 2014, 2024), "France and Russia"),
    ("BLR", "UKR", (1995, 2014, 2020, 2024), "Belarus and Ukraine"),
    ("USA", "RUS", (1950, 1975, 1985, 1992, 2007, 2015, 2024), "The cold war and after"),
)


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


def choose() -> None:
    """Log density of the next five years of pairs that the model was not estimated on, by tails of the walk."""
    evidence = tripoint.open_evidence()
    print("log density of the next five years a pair, less that of normal steps (standard error)")
    for origin in EARLIER:
        fitted = alignment_parameters.estimate_parameters(evidence, end=origin, pairs=PAIRS, max_iterations=ITERATIONS)
        heads = alignment_parameters.all_states(alignment_parameters.FIRST_YEAR, origin)
        cells = PairYears(evidence, heads, alignment_parameters.FIRST_YEAR, origin + AHEAD)
        near = alignment_parameters.relevant_pairs(cells)[:, : -AHEAD or None]
        order = np.random.default_rng(0).permutation(np.flatnonzero(near.any(axis=1)))
        rows = np.sort(order[PAIRS : PAIRS + HELD_OUT])
        values = build_indicators(cells, fitted.indicators)
        y, active, known = (a[rows] for a in alignment_parameters.model_inputs(cells, values, fitted))
        told = {}
        for tail in TAILS:
            model = alignment_parameters.with_tail(fitted, tail)
            whole = smooth_paths(y, active, known, model).loglik
            told[tail] = whole - smooth_paths(y[:, :-AHEAD], active[:, :-AHEAD], known[:, :-AHEAD], model).loglik
        gains = {tail: told[tail] - told[np.inf] for tail in TAILS[1:]}
        text = "  ".join(f"{t:g}: {g.mean():+.3f} ({g.std() / np.sqrt(g.size):.3f})" for t, g in gains.items())
        print(f"  {origin}: {rows.size} pairs, normal {told[np.inf].mean():+.3f}; tails {text}", flush=True)


def said(cells: PairYears, relevant: NDArray[np.bool_], model: Parameters) -> tuple[Floats, Floats]:
    """(p,) in the last year: alignment as a normal deviate, and less the disputes that the model expects."""
    rows = np.flatnonzero(relevant)
    inputs = alignment_parameters.model_inputs(cells, build_indicators(cells, model.indicators), model)
    paths = smooth_paths(*(a[rows] for a in inputs), model)
    latent, contact, i = paths.mean[:, -2], paths.mean[:, -1], model.indicators.index("disputes")
    out = np.full((2, relevant.size), np.nan)
    out[0, rows] = (latent - model.center) / np.sqrt(model.scale**2 + paths.cov[:, -2, -2])
    out[1, rows] = -(model.loading[i] * latent + model.contact[i] * contact)
    return out[0], out[1]


def predict() -> None:
    """The model's word is alignment for pledges, and for disputes what it expects from alignment and contact."""
    evidence = tripoint.open_evidence()
    table: dict[str, dict[str, list[str]]] = {}
    for origin in ORIGINS:
        started = time.process_time()
        normal = alignment_parameters.estimate_parameters(evidence, end=origin, pairs=PAIRS, max_iterations=ITERATIONS)
        heads = alignment_parameters.all_states(alignment_parameters.FIRST_YEAR, origin)
        cells = PairYears(evidence, heads, alignment_parameters.FIRST_YEAR, LAST_YEAR)
        relevant = alignment_parameters.relevant_pairs(cells)[:, origin - cells.start]
        past = PairYears(evidence, heads, alignment_parameters.FIRST_YEAR, origin)
        heavy = alignment_parameters.with_tail(normal, alignment_parameters.RUPTURES)
        words = [said(past, relevant, model) for model in (normal, heavy)]
        others = rivals(evidence, heads, origin)
        for outcome, (sign, risk, event) in outcomes(cells, origin).items():
            score, sharp = (w[outcome == "dispute onset"] for w in words)
            named = {"model": score, "model, with ruptures": sharp, "alignment": words[0][0], **others}
            base = relevant & risk & np.isfinite(score)
            for name, values in named.items():
                use = base & np.isfinite(values)
                if not event[use].any():
                    table.setdefault(outcome, {}).setdefault(name, []).append("")
                    continue
                rival, own, low, high = compare(sign * values[use], sign * score[use], event[use])
                count = f"({int(event[use].sum())} of {int(use.sum())})"
                text = f"{own:.3f} {count}" if name == "model" else f"{rival:.3f} / {own:.3f} [{low:+.2f}, {high:+.2f}]"
                table.setdefault(outcome, {}).setdefault(name, []).append(text)
        print(f"fitted to {origin}: {time.process_time() - started:.0f} CPU s", flush=True)
    for outcome, rows in table.items():
        print(
            f"\n**{outcome}** (AUC of the measure / of the model on the same pairs [90 % interval of the difference])\n"
        )
        print("| measure | " + " | ".join(f"from {o}" for o in ORIGINS) + " |\n|---" + "|---" * len(ORIGINS) + "|")
        for name, parts in rows.items():
            print(f"| {name} | " + " | ".join(parts) + " |")


def cases(figure: Path | None) -> None:
    from tripoint.cli.answer import aligned

    evidence = tripoint.open_evidence()
    names = sorted({s for a, b, _, _ in CASES for s in (a, b)})
    fit, sharp = (alignment.fit_alignment(evidence, names, end=2025, ruptures=r) for r in (False, True))
    for a, b, years, what in CASES:
        print(f"\n{a}-{b}  {what}")
        for word, found in (("", fit), ("ruptures: ", sharp)):
            r = found.row(a, b)
            told = ((y, *(v[r, found.column(y)] for v in (found.mean, found.low, found.high))) for y in years)
            texts = (f"{y} {aligned(m)} [{aligned(lo)},{aligned(hi)}]" for y, m, lo, hi in told if m == m)
            print(f"  {word}" + "  ".join(texts))
    if figure:
        from tripoint.cli.alignment import alignment_figure
        from tripoint.cli.output import write_figure

        write_figure(alignment_figure(fit, alignment.FIRST_YEAR, DRAWN), figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own = Path(alignment.__file__).with_name("alignment_parameters.toml")
    parser.add_argument("--estimate", nargs="?", const=own, type=Path, metavar="FILE")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--predict", action="store_true")
    parser.add_argument("--cases", action="store_true")
    parser.add_argument("--figure", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    steps: list[Callable[[], None]] = []
    if chosen.estimate:
        steps.append(lambda: estimate(chosen.estimate))
    none = not (chosen.estimate or chosen.choose or chosen.predict or chosen.cases)
    if chosen.choose:
        steps.append(choose)
    if chosen.predict or none:
        steps.append(predict)
    if chosen.cases or none:
        steps.append(lambda: cases(chosen.figure))
    for step in steps:
        began, cpu = time.perf_counter(), time.process_time()
        step()
        print(f"\n{time.perf_counter() - began:.0f} s wall, {time.process_time() - cpu:.0f} s CPU")


if __name__ == "__main__":
    main()
