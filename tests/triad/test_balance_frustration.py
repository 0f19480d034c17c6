import warnings
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint.errors import InputError
from tripoint.triad.balance.frustration import frustration_index, triad_census

#: Published to five decimals.
PRINTED = 5e-6
# Recomputed from Doreian and Mrvar's networks: n, m, m-, L, F, +++, ++-, +--, ---, T.
WINDOWS = {
    "46-49": (64, 362, 42, 17, 0.90608, 1556, 63, 23, 14, 0.95350),
    "55-58": (81, 510, 84, 35, 0.86275, 1821, 260, 85, 18, 0.87271),
    "85-88": (139, 1035, 95, 34, 0.93430, 6390, 419, 56, 11, 0.93746),
}
Network = tuple[int, np.ndarray, np.ndarray]


def igraph(parsed) -> Network:
    """Read an R igraph object: 0 nodes, 2 and 3 the ends of edges from 0, 8 attributes, of which 3 are edges'."""
    parts = parsed.value
    edges = np.column_stack([parts[2].value, parts[3].value]).astype(int)
    return int(parts[0].value[0]), edges, parts[8].value[3].value[0].value.astype(int)


def parse(path: Path):
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rdata.parser.parse_file(path).object.value[0]


@pytest.fixture(scope="module")
def networks(mirror: Path) -> dict[str, Network]:
    parsed = parse(mirror / "signed_networks/cowList.rda")
    names = [c.value.decode() for c in parsed.attributes.value[0].value]
    return {name: igraph(graph) for name, graph in zip(names, parsed.value, strict=True)}


@pytest.mark.parametrize("window", WINDOWS)
def test_published_windows(networks: dict[str, Network], window: str) -> None:
    n, m, hostile, index, balance, ppp, ppm, pmm, mmm, triangles = WINDOWS[window]
    network = networks[window]
    assert (network[0], len(network[1]), int((network[2] < 0).sum())) == (n, m, hostile)
    found = frustration_index(*network)
    assert (found.index, found.lower, found.gap) == (index, index, 0.0)
    assert found.balance == pytest.approx(balance, abs=PRINTED)
    census = triad_census(*network)
    assert (census.ppp, census.ppm, census.pmm, census.mmm) == (ppp, ppm, pmm, mmm)
    assert census.balance == pytest.approx(triangles, abs=PRINTED)


def test_all_windows_are_exact_and_where_annealing_misses(networks: dict[str, Network]) -> None:
    assert len(networks) == 51
    found = {name: frustration_index(*network) for name, network in networks.items()}
    assert all(f.gap == 0 for f in found.values())
    assert found["96-99"].index == 45


def test_tribes(mirror: Path) -> None:
    n, edges, signs = igraph(parse(mirror / "signed_networks/tribes.rda"))
    assert (n, len(edges)) == (16, 58)
    assert frustration_index(n, edges, signs).index == 7


@st.composite
def small(draw: st.DrawFn) -> Network:
    n = draw(st.integers(2, 8))
    every = [(i, j) for i in range(n) for j in range(i)]
    edges = draw(st.lists(st.sampled_from(every), unique=True, max_size=20))
    signs = draw(st.lists(st.sampled_from([-1, 1]), min_size=len(edges), max_size=len(edges)))
    return n, np.array(edges, dtype=int).reshape(-1, 2), np.array(signs, dtype=int)


def brute(network: Network) -> int:
    n, edges, signs = network
    splits = np.array(list(product([0, 1], repeat=n)))
    apart = splits[:, edges[:, 0]] != splits[:, edges[:, 1]]
    return int((apart == (signs > 0)).sum(axis=1).min())


@given(small())
@settings(max_examples=80, deadline=None)
def test_equals_trying_every_split(network: Network) -> None:
    n, edges, signs = network
    found = frustration_index(n, edges, signs)
    assert (found.index, found.gap) == (brute(network), 0)
    # The camps leave exactly the ties frustrated that the result names.
    apart = found.camps[edges[:, 0]] != found.camps[edges[:, 1]]
    assert found.frustrated.tolist() == np.flatnonzero(apart == (signs > 0)).tolist()
    assert ((found.camps == -1) == ~np.isin(np.arange(n), edges)).all()


@given(small(), st.integers(0, 255), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_renaming_turning_and_switching_change_nothing(network: Network, switched: int, random) -> None:
    n, edges, signs = network
    index = frustration_index(n, edges, signs).index
    names = list(range(n))
    random.shuffle(names)
    assert frustration_index(n, np.array(names)[edges[:, ::-1]].reshape(-1, 2), signs).index == index
    # Turning all ties of some nodes around moves them to the other camp.
    side = np.array([-1 if switched >> i & 1 else 1 for i in range(n)])
    assert frustration_index(n, edges, signs * side[edges[:, 0]] * side[edges[:, 1]]).index == index


def test_without_time_the_bound_is_proven_and_the_gap_said() -> None:
    rng = np.random.default_rng(0)
    every = np.array([(i, j) for i in range(120) for j in range(i)])
    edges = every[rng.choice(len(every), 1500, replace=False)]
    signs = rng.choice([-1, 1], 1500)
    found = frustration_index(120, edges, signs, time_limit=1.0)
    assert 0 < found.lower < found.index
    assert found.gap == (found.index - found.lower) / found.index
    assert found.index == found.frustrated.size
    # Any split is an upper bound: ours is no worse than all in one camp.
    assert found.index <= int((signs < 0).sum())


def test_large_balanced_network_is_seen_at_once() -> None:
    camps = np.arange(400) % 2
    every = np.array([(i, j) for i in range(400) for j in range(i)])
    edges = every[np.random.default_rng(0).choice(len(every), 4000, replace=False)]
    signs = np.where(camps[edges[:, 0]] == camps[edges[:, 1]], 1, -1)
    found = frustration_index(400, edges, signs)
    assert (found.index, found.balance) == (0, 1.0)


def test_no_ties() -> None:
    found = frustration_index(3, [], [])
    assert (found.index, found.gap, found.camps.tolist()) == (0, 0.0, [-1, -1, -1])
    assert np.isnan(found.balance)
    assert np.isnan(triad_census(3, [], []).balance)


@pytest.mark.parametrize(
    ("edges", "signs", "match"),
    [
        ([(0, 3)], [1], "nodes 0 to 2"),
        ([(0.0, 1.0)], [1], "whole numbers"),
        ([(0, 1)], [0], "sign 0 of edge 0"),
        ([(1, 1)], [1], "ties node 1 to itself"),
        ([(0, 1), (1, 0)], [1, -1], "tied twice"),
        ([(0, 1)], [1, 1], r"edges must be \(m, 2\)"),
    ],
)
def test_bad_networks(edges: list, signs: list, match: str) -> None:
    for formula in (frustration_index, triad_census):
        with pytest.raises(InputError, match=match):
            formula(3, edges, signs)


def test_bad_time_limit() -> None:
    with pytest.raises(InputError, match="time_limit 0"):
        frustration_index(2, [(0, 1)], [1], time_limit=0)
