"""Autonomy from the evidence that ships: mirrored answers, brute force, silence said, and bad input."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from tripoint.dyad.similarity import scott_pi
from tripoint.errors import CoverageError, InputError, NotInSystemError, UnknownNameError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import load_source, open_evidence
from tripoint.triad.autonomy import overtures
from tripoint.triad.autonomy.on_record import build_autonomy, on_domains
from tripoint.triad.autonomy.overtures import Series, fit_overtures
from tripoint.triad.ties.domains import DOMAINS, domain
from tripoint.triad.ties.poles import BLOCS, parse_poles, resolve_poles
from tripoint.triad.ties.record import gather

#: Sums of some hundred products in another order.
ROUNDING = 1e-12
POLES = {"RUS": ("RUS",), "CHN": ("CHN",), "USA": ("USA",)}
DRAWS = 60


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(tmp_path_factory.mktemp("autonomy"))


def test_poles_are_read_from_text() -> None:
    poles = parse_poles("RUS, west ,Asia=JPN+KOR")
    assert poles == {"RUS": ("RUS",), "West": BLOCS["West"], "Asia": ("JPN", "KOR")}


@pytest.mark.parametrize(
    ("poles", "error", "message"),
    [
        ("RUS,RUS", InputError, "named twice"),
        ("RUS,,CHN", InputError, "empty"),
        ("RUS", InputError, "two poles"),
        ("West,USA", InputError, "must not overlap"),
        ("RUS,IND", InputError, "no member but IND"),
        ("RUS,Chnia", UnknownNameError, "did you mean 'China'"),
    ],
)
def test_bad_poles_are_refused(poles: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        resolve_poles(parse_poles(poles), "IND", 2020)


def test_a_pole_that_did_not_exist_is_refused_and_a_member_left_out() -> None:
    with pytest.raises(NotInSystemError):
        resolve_poles(parse_poles("KAZ,USA"), "IND", 1985)
    poles, remarks = resolve_poles(parse_poles("Bloc=KAZ+TUR,USA"), "IND", 1985)
    assert poles[0].members == ("TUR",)
    assert "KAZ is left out" in remarks[0]


def test_a_state_is_left_out_of_its_own_bloc() -> None:
    poles, remarks = resolve_poles(parse_poles("RUS,West"), "JPN", 2020)
    assert "JPN" not in poles[1].members
    assert len(poles[1].members) == len(BLOCS["West"]) - 1
    assert "JPN is left out of West" in remarks[0]


def test_russia_before_1991_is_the_soviet_union() -> None:
    (rus, _), _ = resolve_poles(parse_poles("RUS,USA"), "IND", 1980)
    assert set(rus.ids) == {"RUS", "SUN"}


def test_a_predecessor_named_in_a_later_year_is_its_successor_and_that_is_said() -> None:
    poles, remarks = resolve_poles(parse_poles("SUN,USA"), "IND", 2020)
    assert poles[0].members == ("RUS",)
    assert remarks == ("SUN is RUS in 2020",)
    with pytest.raises(InputError, match="must not overlap"):
        resolve_poles(parse_poles("SUN,RUS"), "IND", 2020)


def test_the_order_of_poles_and_their_names_do_not_matter(evidence: Evidence) -> None:
    one = build_autonomy(evidence, "IND", POLES, 2024, draws=DRAWS)
    swapped = {"United States": ("United States",), "Russia": ("Russia",), "China": ("China",)}
    other = build_autonomy(evidence, "India", swapped, 2024, draws=DRAWS)
    turn = [1, 2, 0]
    for a, b in zip(one.domains, other.domains, strict=True):
        np.testing.assert_allclose(a.ties, b.ties[turn], rtol=0, atol=ROUNDING)
        assert a.sources == b.sources
    assert one.result is not None
    assert other.result is not None
    assert one.result.index == pytest.approx(other.result.index, abs=ROUNDING)
    assert (one.result.stance, one.result.pole) == (other.result.stance, other.result.pole)
    assert one.odds.keys() == {("RUS", "USA"), ("CHN", "USA")}
    pairs = {p.first + p.second: p.place.value for p in one.between}
    mirrored = {p.first + p.second: p.place.value for p in other.between}
    assert pairs["RUSUSA"] == pytest.approx(1 - mirrored["USARUS"], abs=ROUNDING)


def test_votes_are_scotts_pi_of_the_divided_roll_calls(evidence: Evidence) -> None:
    answer = build_autonomy(evidence, "IND", POLES, 2023, draws=DRAWS)
    votes = answer.domains[DOMAINS.index("votes")]
    rows = evidence.sql(
        """
        SELECT x.value AS x, y.value AS y FROM positions x JOIN positions y USING (item, kind)
        WHERE kind = 'assembly vote' AND x.state = 'IND' AND y.state = 'CHN' AND year(x."date") BETWEEN 2021 AND 2023
          AND item IN (SELECT item FROM positions GROUP BY item HAVING min(value) < max(value))
        """
    )
    pi = scott_pi(rows["x"], rows["y"], levels=(1, 2, 3), metric="linear", draws=0)
    assert votes.ties[1] == pytest.approx(max(0.0, pi.value), abs=ROUNDING)


def test_quad_and_sco_contradict_each_other_and_a_bank_that_joins_rivals_does_not(evidence: Evidence) -> None:
    answer = build_autonomy(evidence, "IND", {**POLES, "USA": BLOCS["West"]}, 2024, draws=DRAWS)
    pairs = {frozenset((c.one, c.other)) for c in answer.contradictions}
    assert frozenset(("QUAD", "SCO")) in pairs
    assert not any("AIIB" in pair for pair in pairs)
    found = next(c for c in answer.contradictions if {c.one, c.other} == {"QUAD", "SCO"})
    assert all(evidence.fact(i).row["kind"] == "membership" for i in found.fact_ids)


def test_what_no_source_records_whole_is_said_and_left_out(evidence: Evidence) -> None:
    answer = build_autonomy(evidence, "IND", POLES, 2024, draws=DRAWS)
    by_name = {d.name: d for d in answer.domains}
    assert by_name["trade"].status == "in part"
    assert np.isnan(by_name["trade"].ties).all()
    assert by_name["trade"].amounts[0] > 0
    assert answer.result is not None
    assert {"trade", "energy", "arms"} <= set(answer.result.silent)


def test_a_state_without_evidence_gets_no_class(evidence: Evidence) -> None:
    answer = build_autonomy(evidence, "TON", POLES, 2024, draws=DRAWS)
    assert answer.result is None
    assert {d.status for d in answer.domains} == {"not searched"}


def test_an_ally_bound_to_one_pole_is_not_autonomous(evidence: Evidence) -> None:
    answer = build_autonomy(evidence, "JPN", POLES, 2024, draws=DRAWS)
    assert answer.result is not None
    assert answer.result.pole == "USA"
    assert answer.result.stance in ("leaning", "aligned")
    assert answer.bound["USA"]
    assert not answer.bound["CHN"]


def test_poles_that_are_not_at_odds_are_joined_for_a_second_look(evidence: Evidence) -> None:
    answer = build_autonomy(evidence, "PRK", POLES, 2024, draws=DRAWS)
    assert answer.camps is not None
    assert answer.camps.poles == ("RUS+CHN", "USA")
    assert answer.camps.stance == "aligned"


def test_weights_shift_the_index_and_unknown_domains_are_refused(evidence: Evidence) -> None:
    only = build_autonomy(evidence, "IND", POLES, 2024, weights={"votes": 1.0}, draws=DRAWS)
    assert only.result is not None
    votes = only.domains[DOMAINS.index("votes")]
    np.testing.assert_allclose(only.result.ties, votes.draws.mean(axis=0), rtol=0, atol=ROUNDING)
    with pytest.raises(InputError, match="'vots' is unknown"):
        build_autonomy(evidence, "IND", POLES, 2024, weights={"vots": 1.0})


def test_agreements_on_bases_and_cooperation_are_ties_and_pledges_between_rivals_are_not(evidence: Evidence) -> None:
    found = build_autonomy(evidence, "IND", {"USA": ["USA"], "CHN": ["CHN"], "RUS": ["RUS"]}, 2024, draws=20)
    treaties = next(d for d in found.domains if d.name == "treaties")
    usa, chn, rus = treaties.ties
    assert usa == rus > 0  # COMCASA, LEMOA and BECA as much as a pledge to consult
    assert chn == 0  # pledges about a border in dispute
    before = build_autonomy(evidence, "IND", {"USA": ["USA"], "CHN": ["CHN"], "RUS": ["RUS"]}, 2015, draws=20)
    assert next(d for d in before.domains if d.name == "treaties").ties[0] == 0


def test_two_years_are_compared_on_the_domains_that_both_have(evidence: Evidence) -> None:
    found = build_autonomy(evidence, "IND", {"USA": ["USA"], "RUS": ["RUS"]}, 2024, draws=20)
    assert found.result is not None
    names = [p.domain for p in found.result.profile]
    assert on_domains(found, names).index == pytest.approx(found.result.index, abs=0.05)
    assert [p.domain for p in on_domains(found, names[:1]).profile] == names[:1]


def test_an_overture_that_nothing_can_test_says_why(evidence: Evidence) -> None:
    with pytest.raises(CoverageError, match="load more sources"):
        fit_overtures(evidence, "IND", POLES, 2024)
    with pytest.raises(InputError, match="must lie after"):
        fit_overtures(evidence, "IND", POLES, 1980)


def test_a_change_is_found_at_its_date_and_the_search_is_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    years, rng = tuple(range(1992, 2026)), np.random.default_rng(5)
    steady = 0.05 * rng.standard_normal(len(years))
    moved = steady + np.where(np.array(years) >= 2010, 1.0, 0.0)

    def two_series(*_: object) -> tuple[Series, ...]:
        zero = np.zeros(len(years))
        return tuple(
            Series(name, "RUS", years, values, zero, "[0-1]", "made up", 34)
            for name, values in (("steady", steady), ("moved", moved))
        )

    monkeypatch.setattr(overtures, "yearly_series", two_series)
    nothing = SimpleNamespace(hash="")
    find = fit_overtures(nothing, "IND", POLES, None, draws=199)  # type: ignore[arg-type]
    named = fit_overtures(nothing, "IND", POLES, 2010, draws=199)  # type: ignore[arg-type]
    by_name = {o.series.component: o for o in find.tested}
    assert find.date is None
    assert (by_name["moved"].start, by_name["moved"].since, by_name["moved"].until) == (2010, 2010, 2010)
    assert by_name["moved"].test.verdict == "lasting"
    assert by_name["moved"].after - by_name["moved"].before == pytest.approx(1.0, abs=0.1)
    assert by_name["steady"].test.verdict == "no change"
    assert by_name["steady"].until > by_name["steady"].since
    for a, b in zip(find.tested, named.tested, strict=True):
        assert a.test.statistic >= b.test.statistic
    # Noise at the best of all dates: the p-value counts the search.
    assert by_name["steady"].test.p_value > 0.05


def test_draws_in_which_all_votes_are_alike_say_nothing() -> None:
    poles, _ = resolve_poles(parse_poles("RUS,CHN"), "IND", 2005)
    alike = [1.0] * 11 + [3.0]
    frame = pl.DataFrame(
        {
            "source_id": "s",
            "item": [f"i{k}" for k in range(12)],
            "group": [f"i{k}" for k in range(12)],
            "date": [date(2005, 1, 1)] * 12,
            "own": alike,
            "fact_id": [f"f{k}" for k in range(12)],
            "RUS": alike,
            "CHN": [1.0, 3.0] * 6,
            "year": 2005,
        }
    )
    part = domain(SimpleNamespace(state="IND", poles=poles, votes=frame), "votes", 2005, draws=400)  # type: ignore[arg-type]
    # The one vote against is missing from a third of the samples, and pi is undefined in them.
    assert part.status == "found"
    assert np.isfinite(part.draws).all()
    assert (part.draws[:, 0] == 1.0).all()
    assert part.draws[:, 1].std() > 0


def test_arms_are_shares_of_five_years_of_imports(mirror: Path, tmp_path: Path) -> None:
    load_source("sipri-arms", tmp_path, mirror=str(mirror))
    evidence = open_evidence(tmp_path)
    poles, _ = resolve_poles(parse_poles("RUS,West"), "IND", 2012)
    part = domain(gather(evidence, "IND", poles, 2012, 2012), "arms", 2012, draws=DRAWS)
    totals = evidence.sql(
        """
        SELECT sum(value) AS whole, sum(value) FILTER (WHERE state_a = 'RUS') AS rus FROM flows
        WHERE source_id = 'sipri-arms' AND state_b = 'IND' AND year("start") BETWEEN 2008 AND 2012
        """
    ).row(0, named=True)
    assert part.status == "found"
    assert part.ties[0] == pytest.approx(totals["rus"] / totals["whole"], rel=1e-9)
    test = fit_overtures(evidence, "IND", {"RUS": ("RUS",), "FRA": ("FRA",)}, 2021, draws=199)
    assert {o.series.component for o in test.tested} == {"arms"}
    assert any(why == "no source records every year" for _, _, why in test.untested)
