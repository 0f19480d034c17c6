"""Frustration index of 51 networks of states, and of networks three times as large.

Run: TRIPOINT_MIRROR=folder python benchmarks/balance.py
The folder holds signed_networks/cowList.rda, the networks of Doreian and Mrvar 2015 as R igraph objects.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
import warnings
from pathlib import Path

import numpy as np

from tripoint.triad.balance.frustration import frustration_index, triad_census

TARGET_SECONDS = 0.5
LIMIT_SECONDS = 20.0


def read_networks(path: Path) -> dict[str, tuple[int, np.ndarray, np.ndarray]]:
    """Read a list of igraph objects: nodes, edges (m, 2) and signs (m,) by name.

    An igraph object is a list of ten: 0 nodes, 2 and 3 the ends of the edges counted from 0, 8 attributes (3 of edges).
    """
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (parsed,) = rdata.parser.parse_file(path).object.value[:1]
    names = [c.value.decode() for c in parsed.attributes.value[0].value]
    networks = {}
    for name, graph in zip(names, parsed.value, strict=True):
        edges = np.column_stack([graph.value[2].value, graph.value[3].value]).astype(np.int64)
        signs = graph.value[8].value[3].value[0].value.astype(np.int64)
        networks[name] = (int(graph.value[0].value[0]), edges, signs)
    return networks


def thrice(
    networks: dict[str, tuple[int, np.ndarray, np.ndarray]], names: tuple[str, ...]
) -> tuple[int, np.ndarray, np.ndarray]:
    """Three networks side by side with as many ties again, friendly or hostile at random, between them."""
    rng = np.random.default_rng(0)
    parts = [networks[name] for name in names]
    starts = np.cumsum([0] + [n for n, _, _ in parts])
    edges = np.concatenate([e + s for (_, e, _), s in zip(parts, starts, strict=False)])
    signs = np.concatenate([s for _, _, s in parts])
    group = np.searchsorted(starts, np.arange(starts[-1]), side="right")
    between = np.unique(np.sort(rng.integers(0, starts[-1], (600, 2)), axis=1), axis=0)
    between = between[group[between[:, 0]] != group[between[:, 1]]]
    return int(starts[-1]), np.vstack([edges, between]), np.concatenate([signs, rng.choice([-1, 1], len(between))])


def main() -> None:
    networks = read_networks(Path(os.environ["TRIPOINT_MIRROR"]) / "signed_networks/cowList.rda")
    print(f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'window':>8}{'n':>5}{'m':>6}{'m-':>5}{'L':>5}{'gap':>5}{'F':>9}{'T':>9}{'median s':>10}{'CPU s':>8}")
    medians = []
    for name, (n, edges, signs) in networks.items():
        wall, cpu = [], []
        for _ in range(3):
            w, c = time.perf_counter(), time.process_time()
            found = frustration_index(n, edges, signs)
            wall.append(time.perf_counter() - w)
            cpu.append(time.process_time() - c)
        medians.append(statistics.median(wall))
        census = triad_census(n, edges, signs)
        print(
            f"{name:>8}{n:5}{len(edges):6}{int((signs < 0).sum()):5}{found.index:5}{found.gap:5.0%}{found.balance:9.5f}"
            f"{census.balance:9.5f}{medians[-1]:10.3f}{statistics.median(cpu):8.3f}"
        )
    print(f"slowest of {len(networks)}: {max(medians):.3f} s (target {TARGET_SECONDS} s)")
    for names in (("76-79", "85-88", "96-99"), ("55-58", "77-80", "90-93")):
        n, edges, signs = thrice(networks, names)
        start = time.perf_counter()
        found = frustration_index(n, edges, signs, time_limit=LIMIT_SECONDS)
        print(
            f"{'+'.join(names)} joined at random: n {n}, m {len(edges)}, best split frustrates {found.index}, "
            f"at least {found.lower} proven, gap {found.gap:.1%}, "
            f"{time.perf_counter() - start:.1f} s (limit {LIMIT_SECONDS:.0f} s)"
        )


if __name__ == "__main__":
    main()
