"""How often does the test for a change cry wolf, and how often does it see one? Simulated series.

Run: python benchmarks/lasting.py [series per row]
"""

from __future__ import annotations

import platform
import sys
import time

import numpy as np

from tripoint.dyad.lasting import effect_path, fit_lasting

ALPHA = 0.05
DRAWS = 99
ROWS = ((40, 0.0), (40, 0.3), (40, 1.0), (40, 3.0), (80, 0.0))


VERDICTS = ("lasting", "tactical", "changed", "no change", "undecided")
SIZES = (2.0, 4.0)


def print_verdicts(count: int) -> None:
    """What is said of 40 periods with error of standard deviation 1 and steps of .1, changed in the 21st."""
    print(f"{'true kind':>10}{'size':>6}{'date':>9}" + "".join(f"{v:>11}" for v in VERDICTS))
    for kind in ("shift", "transient"):
        for size in SIZES:
            for date in (20, None):
                rng = np.random.default_rng(2)
                said = []
                for i in range(count):
                    y = rng.standard_normal(40) + 0.1 * np.cumsum(rng.standard_normal(40))
                    y += size * effect_path(kind, 20, 40)
                    said.append(fit_lasting(y, date=date, draws=DRAWS, seed=i, alpha=ALPHA).verdict)
                shares = "".join(f"{said.count(v) / count:11.2f}" for v in VERDICTS)
                print(f"{kind:>10}{size:6.0f}{'known' if date else 'unknown':>9}{shares}", flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print(f"{platform.machine()} {platform.system()}, Python {platform.python_version()}; {count} series a row")
    print("target: false alarms at most the nominal rate, within twice the simulation error")
    print(
        f"{'periods':>8}{'noise/step sd':>15}{'alarms':>9}{'nominal':>9}{'sim. error':>12}"
        f"{'verdict says change':>21}{'CPU s':>8}"
    )
    for n, noise in ROWS:
        rng = np.random.default_rng(1)
        start = time.process_time()
        alarms = said = 0
        for i in range(count):
            y = np.cumsum(rng.standard_normal(n)) + noise * rng.standard_normal(n)
            fit = fit_lasting(y, draws=DRAWS, seed=i, alpha=ALPHA)
            alarms += fit.p_value <= ALPHA
            said += fit.verdict in ("lasting", "tactical", "changed")
        error = np.sqrt(ALPHA * (1 - ALPHA) / count)
        cpu = time.process_time() - start
        print(
            f"{n:8}{noise:15.1f}{alarms / count:9.4f}{ALPHA:9.2f}{error:12.4f}{said / count:21.4f}{cpu:8.1f}",
            flush=True,
        )

    print(f"the verdict where there is a change, {count // 2} series a row")
    print_verdicts(count // 2)


if __name__ == "__main__":
    main()
