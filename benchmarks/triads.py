"""Leads of all states, hedgers, forecasts of strain, triads of one pair: ``python benchmarks/triads.py [HOME [PNG]]``.

Needs a store with the full sources (``tripoint load --all``). The two lists were fixed before the first run.
"""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections import Counter

import numpy as np

from tripoint import states
from tripoint.dyad.relation import fit_relation
from tripoint.errors import TripointError
from tripoint.evidence.in_memory import hold_in_memory
from tripoint.pipeline import open_evidence
from tripoint.triad.autonomy.on_record import AutonomyOnRecord, build_autonomy
from tripoint.triad.autonomy.rule import ISOLATED_BELOW, LEANING_LEAD
from tripoint.triad.balance.on_record import scan_triangles
from tripoint.triad.strain.forecast import draw_calibration, forecast_strain, strain_path
from tripoint.triad.strain.panel import FEATURES, HORIZON, build_strain_panel
from tripoint.triad.ties.poles import parse_poles

#: States that the literature on hedging names as hedgers (Kuik 2008, 2016; Lim and Cooper 2015; Koga 2018 on
#: Southeast Asia and India; Contessi 2015 on Kazakhstan and Mongolia; Fulton 2022 on the Gulf), and states with a
#: standing commitment to one side.
HEDGERS = ("SGP", "MYS", "THA", "IDN", "VNM", "BRN", "IND", "KAZ", "UZB", "MNG", "ARE", "SAU")
ALIGNED = ("GBR", "CAN", "AUS", "JPN", "KOR", "DEU", "POL", "EST", "BLR", "ARM", "PRK", "CUB")
POLES = "RUS,CHN,West"
SOURCES = "ATOP 5.1; UN General Assembly votes; Thompson, Sakuwa and Suhas 2021; GML MID; NMC; V-Dem; COW trade"


#: Years whose whole system of states gives the distribution of leads, before the two that are judged.
REFERENCE = (2000, 2005)


def reference(home: str | None) -> float:
    """The lead that a third of all states stayed below in the reference years; poles left out."""
    evidence, poles, leads = open_evidence(home), parse_poles(POLES), []
    held = {m for members in poles.values() for m in members}
    for year in REFERENCE:
        shared, stances = hold_in_memory(evidence, since=year - 6, until=year), Counter()
        for state in sorted({states.find(m).id for m in states.members(year)} - held):
            result = build_autonomy(shared, state, poles, year, draws=100).result
            if result is not None:
                leads.append(1 - result.index)
                stances[result.stance] += 1
                if result.stance == "isolated":
                    print(f"  isolated in {year}: {state}, ties {np.round(result.ties, 2).tolist()}")
        print(f"{year}: {sum(stances.values())} states, {dict(stances)}")
    third, half, two_thirds = np.quantile(leads, [1 / 3, 1 / 2, 2 / 3])
    below = (np.array(leads) < LEANING_LEAD).mean()
    print(f"lead over all states: thirds at {third:.2f} and {two_thirds:.2f}, median {half:.2f}; ", end="")
    print(f"{below:.0%} are below {LEANING_LEAD:g}")
    return float(third)


def at_threshold(answer: AutonomyOnRecord, lead: float) -> bool:
    """Whether a state would be autonomous if leaning began at another lead."""
    r = answer.result
    tied = sum(bool(facts) for facts in answer.bound.values()) == 1
    return 1 - r.index < lead and not tied and r.ties.max() >= ISOLATED_BELOW


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    positive, negative = scores[labels], scores[~labels]
    wins = (positive[:, None] > negative[None, :]).mean() + 0.5 * (positive[:, None] == negative[None, :]).mean()
    return float(wins)


def autonomy(home: str | None, year: int, third: float) -> None:
    evidence, rows = open_evidence(home), []
    started = time.process_time()
    for group, members in (("hedger", HEDGERS), ("aligned", ALIGNED)):
        for state in members:
            try:
                answer = build_autonomy(evidence, state, parse_poles(POLES), year)
            except TripointError as error:
                print(f"{state}: {error}")
                continue
            if answer.result is not None:
                rows.append((group, state, answer))
    cpu = time.process_time() - started
    rows.sort(key=lambda row: -row[2].result.index)
    print(f"\n{year}: index by state (poles {POLES})")
    for group, state, answer in rows:
        r, s = answer.result, answer.sensitivity
        domains = ",".join(d.name for d in answer.domains if d.status == "found")
        changed = "" if s is None else f" changed {s.changed:.2f}"
        print(
            f"{state} {group:8} index {r.index:.2f} [{r.low:.2f}, {r.high:.2f}] {r.stance:10} {r.pole:5} "
            f"ties {np.round(r.ties, 2).tolist()}{changed}  {domains}"
        )
    labels = np.array([group == "hedger" for group, _, _ in rows])
    index = np.array([a.result.index for _, _, a in rows])
    autonomous = np.array([a.result.stance == "autonomous" for _, _, a in rows])
    print(f"AUC of the index {auc(index, labels):.3f}; of the class {auc(autonomous.astype(float), labels):.3f}")
    print(f"class: {int((autonomous & labels).sum())} of {int(labels.sum())} hedgers autonomous, ", end="")
    print(f"{int((autonomous & ~labels).sum())} of {int((~labels).sum())} aligned autonomous; {cpu:.1f} CPU s")
    loose = np.array([at_threshold(a, third) for _, _, a in rows])
    print(f"if leaning began at {third:.2f}: {int((loose & labels).sum())} hedgers and ", end="")
    print(f"{int((loose & ~labels).sum())} aligned autonomous")
    chance = np.array([a.result.probability["autonomous"] for _, _, a in rows])
    print(f"mean probability of autonomous: hedgers {chance[labels].mean():.2f}, aligned {chance[~labels].mean():.2f}")
    camps = np.array([(a.camps or a.result).index for _, _, a in rows])
    stance = [(a.camps or a.result).stance for _, _, a in rows]
    print(f"with poles that are not at odds joined: AUC {auc(camps, labels):.3f}; ", end="")
    both = [
        sum(s == "autonomous" and g == group for s, (g, _, _) in zip(stance, rows, strict=True))
        for group in ("hedger", "aligned")
    ]
    print(f"{both[0]} hedgers and {both[1]} aligned autonomous")
    print("  " + " ".join(f"{s} {c:.2f} {k}" for c, k, (_, s, _) in zip(camps, stance, rows, strict=True)))
    for name in ("votes", "treaties", "arms", "trade", "exercises", "institutions"):
        parts = [(label, d) for label, (_, _, a) in zip(labels, rows, strict=True) for d in a.domains if d.name == name]
        known = [(label, np.sort(d.ties)[::-1]) for label, d in parts if d.status == "found" and d.ties.sum() > 0]
        if len({label for label, _ in known}) == 2:
            even = np.array([1 - (t[0] - t[1]) / (t[0] + t[1]) for _, t in known])
            score = auc(even, np.array([label for label, _ in known]))
            print(f"  equidistance in {name} alone: AUC {score:.3f} on {len(known)} states")


def forecasts(home: str | None, figure: str | None) -> None:
    started = time.process_time()
    panel = build_strain_panel(open_evidence(home))
    print(f"\nStrain panel: {panel.year.size:,} pair-years, {time.process_time() - started:.1f} CPU s")
    runs_out = panel.features[:, FEATURES.index("term runs out in 5 years")] > 0
    for name, some in (("a term runs out", runs_out), ("none does", ~runs_out)):
        rows = panel.resolved & some & (panel.year >= 1950) & (panel.year <= 2013)
        print(f"where {name}: {panel.ended[rows].sum()} of {rows.sum():,} pledges ended in {HORIZON} years, 1950-2013")
    late = panel.resolved & panel.bilateral & panel.ended & (panel.year >= 1980) & (panel.year <= 2013)
    ended = sorted({f"{panel.states[a]}-{panel.states[b]}" for a, b in panel.pair[late]})
    print(f"two-party pledges that ended after 1980: {len(ended)} pairs: {' '.join(ended)}")
    for outcome in ("any", "ended", "hollowed", "onset"):
        for name, only in (("all pledges", None), ("two parties only", panel.bilateral)):
            for start, end, use in ((1955, 1979, "chosen on"), (1980, 2013, "held out")):
                try:
                    found = forecast_strain(panel, only=only, outcome=outcome, start=start, end=end)
                except TripointError as error:
                    print(f"{outcome}, {name}, {start}-{end}: {error}")
                    continue
                print(f"{outcome}, {name}, {start}-{end} ({use}), within {HORIZON} years")
                for s in found.scores:
                    print(
                        f"  {s.model:26} {s.rows:6} pair-years {s.events:5} cases  Brier {s.brier:.4f} "
                        f"[{s.brier_low:.4f}, {s.brier_high:.4f}]  skill {s.skill:+.3f}  AUC {s.auc:.3f} "
                        f"[{s.auc_low:.3f}, {s.auc_high:.3f}]  log loss {s.log_loss:.4f}  forecast/came {s.ratio:.2f}"
                    )
                print("  calibration (forecast, came true): ", end="")
                print(" ".join(f"{p:.3f} {y:.3f};" for p, y, *_ in found.calibration))
                weights = {k: round(v, 2) for k, v in found.coefficients.items() if abs(v) >= 0.005}
                print(f"  coefficients, last block: {weights}")
                if figure and outcome == "any" and only is None and start == 1980:
                    drawn = draw_calibration(found, f"Strain, {start}-{end}: forecasts and what came", SOURCES)
                    drawn.to_png(figure)
                    print(f"  drawn in {figure}")
    for a, b in (("RUS", "CHN"), ("RUS", "EGY"), ("USA", "IRN"), ("ALB", "CHN")):
        path = strain_path(panel, a, b)
        told = " ".join(f"{y} {p:.2f}/{base:.2f}{'*' if came else ''}" for y, p, base, came in path) or "no pledge"
        print(f"{a}-{b} (strain/base rate, * any within {HORIZON} years): {told}")


def scan(home: str | None) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    alignment = fit_relation(open_evidence(home), start=1990, end=2024)
    fitted = time.perf_counter() - wall
    others, found = scan_triangles(alignment, "RUS", "CHN")
    print(
        f"\nAll triads of RUS and CHN, 1990-2024: {len(others)} third states, {found.romantic.size:,} triangles; "
        f"{time.perf_counter() - wall:.1f} s wall, of which alignment {fitted:.1f}; "
        f"{time.process_time() - cpu:.1f} CPU s; target 30 s, 2 GB"
    )


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else None
    picture = sys.argv[2] if len(sys.argv) > 2 else None
    print(f"{platform.platform()}, Python {platform.python_version()}")
    lowest_third = reference(where)
    for when in (2010, 2024):
        autonomy(where, when, lowest_third)
    scan(where)
    print(f"peak memory to here {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    forecasts(where, picture)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
