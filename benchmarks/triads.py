"""Autonomy of hedgers and aligned states, and the time it takes: ``python benchmarks/triads.py [HOME]``.

Needs a store with the full sources (``tripoint load --all``). The two lists were fixed before the first run.
"""

from __future__ import annotations

import platform
import resource
import sys
import time

import numpy as np

from tripoint.errors import TripointError
from tripoint.pipeline import open_evidence
from tripoint.triad.autonomy import build_autonomy
from tripoint.triad.poles import parse_poles

#: States that the literature on hedging names as hedgers (Kuik 2008, 2016; Lim and Cooper 2015; Koga 2018 on
#: Southeast Asia and India; Contessi 2015 on Kazakhstan and Mongolia; Fulton 2022 on the Gulf), and states with a
#: standing commitment to one side.
HEDGERS = ("SGP", "MYS", "THA", "IDN", "VNM", "BRN", "IND", "KAZ", "UZB", "MNG", "ARE", "SAU")
ALIGNED = ("GBR", "CAN", "AUS", "JPN", "KOR", "DEU", "POL", "EST", "BLR", "ARM", "PRK", "CUB")
POLES = "RUS,CHN,West"


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    positive, negative = scores[labels], scores[~labels]
    wins = (positive[:, None] > negative[None, :]).mean() + 0.5 * (positive[:, None] == negative[None, :]).mean()
    return float(wins)


def autonomy(home: str | None, year: int) -> None:
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
    print(
        f"AUC of the index {auc(index, labels):.3f}; of the class autonomous {auc(autonomous.astype(float), labels):.3f}"
    )
    print(f"class: {int((autonomous & labels).sum())} of {int(labels.sum())} hedgers autonomous, ", end="")
    print(f"{int((autonomous & ~labels).sum())} of {int((~labels).sum())} aligned autonomous; {cpu:.1f} CPU s")
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


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else None
    print(f"{platform.platform()}, Python {platform.python_version()}")
    for when in (2010, 2024):
        autonomy(where, when)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
