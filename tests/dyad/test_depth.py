"""The ladder of partnership, on the evidence that ships with the package and on small made-up coverage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from tripoint.dyad.depth import (
    FACES,
    LADDER,
    Ladder,
    build_ladder,
    build_ladders,
    ladder_frame,
    regular_years,
)
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.citing import cite_facts
from tripoint.evidence.coverage import Status, joint_status
from tripoint.evidence.query import Evidence
from tripoint.pipeline import load_source, open_evidence
from tripoint.record import KINDS


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def russia_china(evidence: Evidence) -> Ladder:
    return build_ladder(evidence, "RUS", "CHN")


def test_the_ladder_names_kinds_of_the_record_on_the_right_face() -> None:
    for rung in LADDER:
        assert all(KINDS[s.kind].table == "commitments" for s in rung.paper)
        assert all(KINDS[s.kind].table in ("events", "flows") for s in rung.practice)


def test_russia_and_china_have_no_defense_clause_and_regular_drills(russia_china: Ladder) -> None:
    clause = russia_china.cell("defense clause", "on paper")
    assert (clause.status, clause.facts, clause.current) == ("none found", 0, None)
    assert clause.searched is not None
    drills = russia_china.cell("joint drills", "in practice")
    assert (drills.status, drills.current, drills.regular) == ("found", True, True)
    treaty = russia_china.cell("confidence building", "on paper")
    assert "starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact" in treaty.fact_ids


def test_japan_and_the_united_states_have_bases_and_a_defense_clause(evidence: Evidence) -> None:
    ladder = build_ladder(evidence, "USA", "Japan")
    assert ladder.cell("defense clause", "on paper").status == "found"
    assert ladder.cell("troops or bases", "on paper").current is True


def test_names_swapped_same_cells(evidence: Evidence, russia_china: Ladder) -> None:
    other = build_ladder(evidence, "CHN", "RUS")
    assert other.cells == russia_china.cells
    assert other.facts.equals(russia_china.facts)


def test_a_face_without_a_kind_was_not_searched(russia_china: Ladder) -> None:
    for rung in LADDER:
        for face in FACES:
            if not rung.signs(face):
                assert russia_china.cell(rung.name, face).status == "not searched"


def test_restraint_of_armies_is_not_military_cooperation(evidence: Evidence) -> None:
    ladder = build_ladder(evidence, "IND", "CHN")
    restraint = set(ladder.cell("confidence building", "on paper").fact_ids)
    cooperation = set(ladder.cell("military-technical cooperation", "on paper").fact_ids)
    assert any("ind-chn-1996" in fact for fact in restraint)
    assert not restraint & cooperation


def test_a_pact_that_ended_is_found_and_not_current(evidence: Evidence) -> None:
    before = build_ladder(evidence, "RUS", "BLR", as_of=date(1996, 12, 31)).cell("troops or bases", "on paper")
    after = build_ladder(evidence, "RUS", "BLR", as_of=date(2010, 12, 31)).cell("troops or bases", "on paper")
    assert (before.status, before.current) == ("found", True)
    assert (after.status, after.current, after.last) == ("found", False, date(1997, 6, 30))


def test_nothing_after_the_day_asked_for(evidence: Evidence) -> None:
    ladder = build_ladder(evidence, "PRK", "RUS", as_of=date(2023, 12, 31))
    assert ladder.cell("defense clause", "on paper").current is False
    assert build_ladder(evidence, "PRK", "RUS").cell("defense clause", "on paper").current is True
    assert all(day <= date(2023, 12, 31) for day in ladder.facts["start"])


def test_side_by_side_every_cell_has_its_row_and_every_fact_its_source(evidence: Evidence) -> None:
    ladders = build_ladders(evidence, [("RUS", "CHN"), ("IND", "USA")])
    frame = ladder_frame(ladders)
    assert frame.height == 2 * 2 * len(LADDER)
    assert frame["pair"].unique(maintain_order=True).to_list() == ["RUS-CHN", "IND-USA"]
    numbered = {s.id for s in cite_facts(evidence, [i for x in ladders for i in x.facts["fact_id"]]).sources}
    for ladder in ladders:
        assert {row["origin"] or row["source_id"] for row in ladder.facts.to_dicts()} <= numbered


def test_bad_names_and_periods_say_what_to_do(evidence: Evidence) -> None:
    with pytest.raises(InputError, match="same state"):
        build_ladder(evidence, "RUS", "Russia")
    with pytest.raises(UnknownNameError, match="did you mean"):
        build_ladder(evidence, "RUS", "Chinna")
    with pytest.raises(InputError, match="empty"):
        build_ladder(evidence, "RUS", "CHN", since=date(2027, 1, 1))


def test_regular_is_three_of_five_years_by_brute_force() -> None:
    years = range(2000, 2009)
    for k in range(5):
        for chosen in combinations(years, k):
            brute = any(sum(y in chosen for y in range(s, s + 5)) >= 3 for s in range(1996, 2009))
            assert regular_years(chosen) == brute


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["found", "not searched"], "found"),
        (["none found", "none found"], "none found"),
        (["none found", "searched in part"], "searched in part"),
        (["none found", "not searched"], "searched in part"),
        (["not searched"], "not searched"),
        ([], "not searched"),
    ],
)
def test_statuses_join_without_claiming_more(parts: list[Status], whole: Status) -> None:
    assert joint_status(parts) == whole


def test_alliance_data_say_none_where_the_shipped_record_only_says_in_part(mirror: Path, tmp_path: Path) -> None:
    load_source("atop", tmp_path, mirror=str(mirror))
    ladder = build_ladder(open_evidence(tmp_path), "RUS", "CHN")
    assert ladder.cell("troops or bases", "on paper").status == "none found"
    assert ladder.cell("common defense policy", "on paper").status == "none found"


def test_what_is_in_force_is_known_as_far_as_sources_reach(evidence: Evidence) -> None:
    assert build_ladder(evidence, "USA", "JPN").cell("defense clause", "on paper").current is True
    later = build_ladder(evidence, "USA", "JPN", as_of=date(2040, 1, 1)).cell("defense clause", "on paper")
    assert later.status == "found"
    assert later.current is None
