"""Wedges: a monotone score, seams and levers from the evidence that ships, and forecasts that know no later data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.errors import InputError, NotInSystemError, UnknownNameError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import load_source, open_evidence
from tripoint.triad.wedge.openings import CHANGES, build_wedge, wedge_score
from tripoint.triad.wedge.seams import contest, find_seams

ROUNDING = 1e-12
UNIT = st.floats(0, 1, allow_nan=False)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(tmp_path_factory.mktemp("wedge"))


@given(UNIT, UNIT, UNIT, UNIT, UNIT)
def test_the_score_is_monotone(reward: float, divergence: float, change: float, constraint: float, more: float) -> None:
    here = wedge_score(reward, divergence, change, constraint)
    assert 0 <= here <= 1
    assert wedge_score(max(reward, more), divergence, change, constraint) >= here
    assert wedge_score(reward, max(divergence, more), change, constraint) >= here
    assert wedge_score(reward, divergence, max(change, more), constraint) <= here
    assert wedge_score(reward, divergence, change, max(constraint, more)) <= here


def test_the_score_by_hand_and_out_of_range() -> None:
    assert wedge_score(0.5, 0.8, 1.0, 0.5) == pytest.approx(0.5 * 0.8 * 0.5 * 0.75, abs=ROUNDING)
    assert np.isnan(wedge_score(np.nan, 0.5, 0.5, 0.5))
    with pytest.raises(InputError, match=r"constraint must be from 0 to 1, not 1\.5"):
        wedge_score(0.5, 0.5, 0.5, 1.5)


def test_more_change_makes_every_opening_smaller(evidence: Evidence) -> None:
    scores = {}
    for change in CHANGES:
        found = build_wedge(evidence, "RUS", "CHN", "USA", change=change, draws=20)
        scores[change] = {(o.seam.name, o.target): o.score for o in found.openings}
    for key, score in scores["neutralize"].items():
        assert scores["realign"][key] <= scores["detach"][key] <= score


def test_the_order_of_the_two_does_not_matter(evidence: Evidence) -> None:
    one = build_wedge(evidence, "RUS", "CHN", "USA", draws=20)
    other = build_wedge(evidence, "China", "Russia", "United States", draws=20)
    assert {t.state: (t.reward, t.constraint) for t in one.targets} == {
        t.state: (t.reward, t.constraint) for t in other.targets
    }
    turned = {o.seam.name.replace("CHN and RUS", "RUS and CHN"): o.seam.size for o in other.openings}
    for o in one.openings:
        assert turned[o.seam.name] == pytest.approx(o.seam.size, abs=ROUNDING)


def test_one_sided_arms_have_an_interval_where_deliveries_vary(mirror: Path, tmp_path: Path) -> None:
    load_source("sipri-arms", tmp_path, mirror=str(mirror))
    store = open_evidence(tmp_path)
    one, other = (
        next(s for s in find_seams(store, a, b, 2024)[0] if s.name.startswith("one-sided arms"))
        for a, b in (("RUS", "CHN"), ("CHN", "RUS"))
    )
    assert (
        0.2 < one.low < one.size < one.high < 0.95
    )  # China has 69 % of its imports from Russia, Russia 4 % from China
    assert (one.low, one.high) == (other.low, other.high)
    alone = next(s for s in find_seams(store, "RUS", "SYR", 2024)[0] if s.name.startswith("one-sided arms"))
    assert alone.size > 0.99
    assert np.isnan(alone.low)  # all of it from one: nothing varies


def test_every_seam_names_its_facts_and_what_speaks_against_it(evidence: Evidence) -> None:
    found = build_wedge(evidence, "RUS", "CHN", "USA", draws=20)
    kinds = {s.kind for s in found.seams}
    assert {"votes", "third state", "disputes"} <= kinds
    for seam in found.seams:
        assert 0 <= seam.size <= 1
        assert seam.counter
        assert seam.sources
        for fact_id in (*seam.fact_ids[:3], *seam.counter_ids[:3]):
            assert evidence.fact(fact_id).row
    for target in found.targets:
        for lever in (*target.rewards, *target.punishments, *target.constraints):
            assert np.isnan(lever.power) or 0 <= lever.power <= 1
            assert all(evidence.fact(i).row for i in lever.fact_ids[:2])


def test_what_is_not_on_record_is_no_seam_of_size_zero(evidence: Evidence) -> None:
    found = build_wedge(evidence, "RUS", "CHN", "USA", draws=20)
    names = {u.name for u in found.unsearched}
    assert "influence in KAZ: loans" in names
    assert not names & {s.name for s in found.seams}
    ranked = [o.score for o in found.openings if np.isfinite(o.score)]
    assert ranked == sorted(ranked, reverse=True)


def test_nothing_later_than_the_year_is_used(evidence: Evidence) -> None:
    found = build_wedge(evidence, "RUS", "CHN", "USA", year=2016, draws=20)
    for seam in found.seams:
        for fact_id in seam.fact_ids:
            row = evidence.fact(fact_id).row
            assert (row.get("date") or row["start"]).year <= 2016
    assert all(lever.power <= 1 for t in found.targets for lever in t.constraints)


@pytest.mark.parametrize(("year", "counted"), [(2020, True), (2024, True), (2027, False)])
def test_a_rivalry_is_not_in_force_long_after_it_was_last_seen(evidence: Evidence, year: int, counted: bool) -> None:
    found = build_wedge(evidence, "RUS", "CHN", "USA", year=year, draws=2)
    own = next(lever for t in found.targets if t.state == "RUS" for lever in t.constraints if "own" in lever.name)
    assert np.isfinite(own.power) == counted
    assert (f"rivalry in force in {year}" in own.finding) == counted
    assert ("rivalry not known since 2020-12" in own.finding) != counted
    assert ("last seen 2020-12" in own.finding) == (year == 2024)
    assert any("own quarrel" in remark for remark in found.remarks) != counted


def test_a_quarrel_coded_out_ages_and_is_not_open(evidence: Evidence) -> None:
    sizes = {}
    for year in (2020, 2027):
        seams, _ = find_seams(evidence, "EGY", "TUR", year, third=(), draws=2)
        seam = next(s for s in seams if s.kind == "disputes")
        sizes[year] = seam.size
        assert ("not known since 2020-12" in seam.finding) == (year > 2020)
        assert f"{int(year <= 2020)} still open" in seam.finding
    assert 0 < sizes[2027] < sizes[2020]


def test_contest_is_twice_the_smaller_share() -> None:
    np.testing.assert_allclose(contest(np.array([[0.5, 0.5], [0.9, 0.0], [0.3, 0.2]])), [1, 0, 0.4], atol=ROUNDING)


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (("RUS", "Russia", "USA"), InputError, "three states"),
        (("RUS", "CHN", "RUS"), InputError, "three states"),
        (("BRA", "NPL", "USA"), InputError, "nothing to part"),
        (("RUS", "Chnia", "USA"), UnknownNameError, "did you mean"),
    ],
)
def test_bad_input(evidence: Evidence, words: tuple[str, str, str], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        build_wedge(evidence, *words, draws=5)


def test_bad_change_and_bad_year(evidence: Evidence) -> None:
    with pytest.raises(UnknownNameError, match="degree of change"):
        build_wedge(evidence, "RUS", "CHN", "USA", change="anger")  # type: ignore[arg-type]
    with pytest.raises(NotInSystemError):
        build_wedge(evidence, "KAZ", "CHN", "USA", year=1985)
