"""The signed network: exact probabilities against simulation, known camps, and mirrored triangles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from made_up import make_store
from tripoint.errors import InputError, UnknownNameError
from tripoint.sources.assemble import cover
from tripoint.triad.balance.on_record import (
    LEAST_SHARE,
    balance_of_year,
    scan_triangles,
    sign_reasons,
    tie_signs,
    triangle_years,
)

#: Four standard errors of a share from 20,000 draws.
SIMULATION = 4 * 0.5 / np.sqrt(20_000)
EXACT = 1e-12
#: Between the rungs.
CUTS = np.arange(-2.5, 3)
STATES = ("AUS", "BLR", "CHN", "DEU", "EGY", "FRA")


@dataclass(frozen=True, eq=False)
class MadeUp:
    """Relations with known latent values [rungs], normal around them."""

    latent: np.ndarray
    sd: float
    states: tuple[str, ...] = STATES
    years: np.ndarray = field(default_factory=lambda: np.array([2000, 2001]))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(combinations(self.states, 2))

    @property
    def mean(self) -> np.ndarray:
        return self.latent / 3

    @property
    def chances(self) -> np.ndarray:
        above = ndtr((self.latent[..., None] - CUTS) / self.sd)
        edge = np.ones((*self.latent.shape, 1)) * np.where(np.isnan(self.latent), np.nan, 1)[..., None]
        return -np.diff(np.concatenate([edge, above, 0 * edge], axis=-1), axis=-1)

    def shares(self, a: str, b: str, year: int) -> dict[str, float]:
        return {}

    def row(self, a: str, b: str) -> int:
        pair = (min(a, b), max(a, b))
        if pair not in self.pairs:
            raise UnknownNameError(f"unknown pair {pair}")
        return self.pairs.index(pair)

    def column(self, year: int) -> int:
        return int(year - self.years[0])


def made_up(camps: str, sd: float, *, odd: tuple[tuple[str, str], ...] = ()) -> MadeUp:
    """Two camps, friends within and enemies across, but for the odd pairs, whose sign is the other one."""
    side = dict(zip(STATES, camps, strict=True))
    level = [(3.0 if side[a] == side[b] else -3.0) * (-1 if (a, b) in odd else 1) for a, b in combinations(STATES, 2)]
    return MadeUp(np.repeat(np.array(level)[:, None], 2, axis=1), sd)


def test_probabilities_are_those_of_simulation() -> None:
    rng = np.random.default_rng(1)
    found = MadeUp(rng.normal(0, 1.5, (15, 2)), 0.8)
    draws = found.latent + rng.normal(0, found.sd, (20_000, *found.latent.shape))
    value = np.clip(np.rint(draws), -3, 3) / 3
    for band in (0.25, 1 / 3):
        signs = tie_signs(found, band=band)
        np.testing.assert_allclose(signs.probability[..., 0], (value > 0.25).mean(axis=0), rtol=0, atol=SIMULATION)
        np.testing.assert_allclose(signs.probability[..., 2], (value < -0.25).mean(axis=0), rtol=0, atol=SIMULATION)
        np.testing.assert_allclose(signs.probability.sum(axis=-1), 1, rtol=0, atol=EXACT)


def test_a_higher_band_asks_for_a_higher_rung() -> None:
    found = MadeUp(np.linspace(-3, 3, 30).reshape(15, 2), 0.5)
    friendly = [tie_signs(found, band=band).probability[..., 0] for band in (0.0, 1 / 3, 0.5, 0.9)]
    np.testing.assert_allclose(friendly[0], friendly[1], rtol=0, atol=EXACT)
    assert (friendly[1] > friendly[2]).all()
    assert (friendly[2] > friendly[3]).all()
    np.testing.assert_allclose(friendly[3], found.chances[..., -1], rtol=0, atol=EXACT)


def test_two_camps_are_found_and_nothing_is_frustrated() -> None:
    found = balance_of_year(made_up("001101", 0.01), 2000, draws=5)
    assert found.likely.index == 0
    assert found.lines == (0.0, 0.0, 0.0)
    assert found.balance[0] == found.triangles[0] == found.likely.balance == 1.0
    first = found.camp == found.camp[0]
    assert "".join(str(int(not f)) for f in first) == "001101"
    assert set(found.camp) == {0.0, 1.0}
    assert not found.strain.any()


def test_the_one_tie_out_of_place_is_under_strain() -> None:
    found = balance_of_year(made_up("000111", 0.01, odd=(("AUS", "BLR"),)), 2000, draws=5)
    assert found.likely.index == 1
    strained = dict(zip(found.pairs, found.strain, strict=True))
    assert strained[("AUS", "BLR")] == 1.0
    assert sum(found.strain) == 1.0


def test_the_camps_are_the_best_of_all_splits() -> None:
    found = balance_of_year(MadeUp(np.random.default_rng(3).normal(0, 3, (15, 2)), 0.01), 2001, draws=1)
    fewest = min(
        sum((split[i] != split[j]) == (s > 0) for (i, j), s in zip(found.edges, found.signs, strict=True))
        for split in product((0, 1), repeat=len(found.states))
    )
    assert found.likely.index == fewest > 0


def test_uncertain_signs_spread_the_index() -> None:
    sure, unsure = (balance_of_year(made_up("000111", sd), 2000, draws=40) for sd in (0.01, 3.0))
    assert sure.lines == (0.0, 0.0, 0.0)
    assert unsure.lines[1] < unsure.lines[0] < unsure.lines[2]
    assert ((unsure.camp > 0) & (unsure.camp < 1)).any()


def test_a_state_that_does_not_exist_yet_is_left_out() -> None:
    found = made_up("000111", 0.01)
    latent = found.latent.copy()
    latent[[i for i, p in enumerate(found.pairs) if "FRA" in p], 0] = np.nan
    gone = MadeUp(latent, 0.01)
    assert balance_of_year(gone, 2000, draws=2).states == STATES[:-1]
    assert balance_of_year(gone, 2001, draws=2).states == STATES
    triangle = triangle_years(gone, "AUS", "BLR", "FRA")
    assert np.isnan(triangle.menage[0])
    assert np.isfinite(triangle.menage[1])


def test_a_triangle_turned_round_is_the_same_triangle() -> None:
    found = MadeUp(np.random.default_rng(5).normal(0, 2, (15, 2)), 0.7)
    one = triangle_years(found, "AUS", "CHN", "DEU")
    other = triangle_years(found, "DEU", "AUS", "CHN")
    for name, value in one.by_type().items():
        np.testing.assert_allclose(value, other.by_type()[name], rtol=0, atol=EXACT)
    np.testing.assert_allclose(one.pivot[:, [2, 0, 1]], other.pivot, rtol=0, atol=EXACT)
    np.testing.assert_allclose(sum(one.by_type().values()), 1, rtol=0, atol=EXACT)


def test_the_pivot_is_the_state_that_both_others_court() -> None:
    found = made_up("000111", 0.01, odd=(("AUS", "BLR"),))
    triangle = triangle_years(found, "AUS", "BLR", "CHN")
    np.testing.assert_allclose(triangle.pivot[0], [0, 0, 1], rtol=0, atol=1e-6)


def test_scanning_third_states_gives_each_triangle() -> None:
    found = MadeUp(np.random.default_rng(7).normal(0, 2, (15, 2)), 0.7)
    others, all_of_them = scan_triangles(found, "DEU", "BLR")
    assert others == ("AUS", "CHN", "EGY", "FRA")
    for k, third in enumerate(others):
        alone = triangle_years(found, "DEU", "BLR", third)
        np.testing.assert_allclose(all_of_them.pivot[k], alone.pivot, rtol=0, atol=EXACT)
        np.testing.assert_allclose(all_of_them.marriage[k], alone.marriage, rtol=0, atol=EXACT)


def test_bad_input() -> None:
    found = made_up("000111", 0.1)
    with pytest.raises(InputError, match="band 1"):
        tie_signs(found, band=1.0)
    with pytest.raises(InputError, match="three states, not"):
        triangle_years(found, "AUS", "AUS", "CHN")
    with pytest.raises(InputError, match="one draw"):
        balance_of_year(found, 2000, draws=0)


class Told(MadeUp):
    """Relations whose shares are given."""

    def shares(self, a: str, b: str, year: int) -> dict[str, float]:
        return {"base": 2.0, "votes": -0.4, "pacts": 0.6, "acts": LEAST_SHARE, "trade": LEAST_SHARE / 2, "arms": 0.2}


def test_reasons_are_the_largest_shares_with_facts_of_their_kinds_in_the_year(tmp_path: Path) -> None:
    ends = (("1999-01-01", "2000-01-01"), ("1999-01-01", "1999-12-31"), ("2000-12-31", None), ("2001-01-01", None))
    row = {"state_a": "AUS", "state_b": "BLR", "kind": "defense pact", "directed": False}
    pacts = [
        {**row, "instrument": f"pact {n}", "start": date.fromisoformat(a), "end": b and date.fromisoformat(b)}
        for n, (a, b) in enumerate(ends)
    ]
    evidence = make_store(tmp_path, one=({"commitments": pacts}, [cover("defense pact", 1990, 2020, silence="none")]))
    made = made_up("000111", 1.0)
    told = Told(made.latent, made.sd)
    found = sign_reasons(evidence, told, "AUS", "BLR", 2000)
    assert [(r.indicator, r.contribution) for r in found] == [
        ("pacts", 0.6),
        ("votes", -0.4),
        ("arms", 0.2),
        ("acts", LEAST_SHARE),
    ]
    assert found[0].fact_ids == ("one@1.0#commitments 0", "one@1.0#commitments 2")
    assert (found[0].sources, found[2].fact_ids) == (("one",), ())
    assert [r.indicator for r in sign_reasons(evidence, told, "AUS", "BLR", 2000, most=1)] == ["pacts"]


def test_a_year_is_drawn_a_hundred_times_unless_asked_otherwise() -> None:
    found = balance_of_year(made_up("000111", 0.01), 2000)
    assert (found.draws, found.seed) == (100, 0)
