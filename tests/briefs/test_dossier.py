"""Dossiers of pairs, states and triangles on the evidence that ships."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tripoint.briefs.dossier import build_pair
from tripoint.briefs.paper import Brief
from tripoint.briefs.render import render_html, render_markdown
from tripoint.briefs.state import build_state
from tripoint.briefs.triangle import build_triangle
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence

DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


def words(brief: Brief) -> str:
    return render_markdown(brief)


def test_a_pact_broken_by_war_is_signed_broken_and_never_binds(evidence: Evidence) -> None:
    text = words(build_pair(evidence, "RUS", "UKR", as_of=DAY))
    assert "signed a nonaggression pact that the war of 2022 broke" in text
    assert "signed, broken by the war of 2022" in text
    assert "are bound" not in text
    assert "have promised" not in text


def test_naming_the_states_the_other_way_round_is_the_same(evidence: Evidence) -> None:
    one = build_pair(evidence, "RUS", "CHN", as_of=DAY, command="x")
    assert render_html(one) == render_html(build_pair(evidence, "China", "Russia", as_of=DAY, command="x"))
    with pytest.raises(InputError, match="same state"):
        build_pair(evidence, "RUS", "Russia", as_of=DAY)


def test_a_pair_with_nothing_on_record_says_so_and_what_to_load(evidence: Evidence) -> None:
    brief = build_pair(evidence, "BTN", "PRY", as_of=DAY)
    assert brief.answer[0].startswith("Nothing between Bhutan and Paraguay is on record")
    assert brief.warning[0] == "No fact."
    assert any("Load atop" in gap for gap in brief.gaps)
    assert brief.changes == ()


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("RUS", "CHN", "China and Russia"),
        ("ARM", "RUS", "are bound to defend each other"),
        ("TUR", "USA", "are bound to defend each other"),
        ("SAU", "IRN", "open quarrels: strike (2026), diplomats expelled (2026), rivalry (last coded in 2020)"),
        ("IND", "CHN", "Open quarrels: "),
        ("ISR", "USA", "Israel and the United States"),
        ("HRV", "SRB", "Croatia and Serbia"),
    ],
)
def test_how_they_stand_is_one_sentence(evidence: Evidence, a: str, b: str, said: str) -> None:
    brief = build_pair(evidence, a, b, as_of=DAY)
    assert said in brief.answer[0]
    assert 3 <= len(brief.key) <= 5
    assert len(brief.changes) <= 5
    assert brief.question.startswith("How do ")


def test_every_measure_speaks_where_it_can(evidence: Evidence) -> None:
    said = {s.id: s.lines for s in build_pair(evidence, "RUS", "CHN", as_of=DAY).sections}
    told = [line.text.split(":")[0].split(" since")[0] for line in said["measures"]]
    assert told == ["Depth", "Tension", "Exposure"]
    text = words(build_pair(evidence, "ARM", "RUS", as_of=DAY))
    assert "would find the best opening between Armenia and Russia in their votes" in text
    assert "best opening" not in words(build_pair(evidence, "RUS", "UKR", as_of=DAY)), "there is nothing to part"


def test_silence_of_a_search_in_part_is_no_finding(evidence: Evidence) -> None:
    lines = [k.strong for k in build_pair(evidence, "USA", "ISR", as_of=DAY).key]
    assert lines[0] == "On paper, in exercises and in quarrels: none found, but searched only in part."
    lines = [k.strong for k in build_pair(evidence, "HRV", "SRB", as_of=DAY).key]
    assert lines[0].startswith("On paper: ")


def test_an_ended_quarrel_is_not_an_open_one(evidence: Evidence) -> None:
    lines = [k.strong for k in build_pair(evidence, "RUS", "CHN", as_of=DAY).key]
    quarrels = next(line for line in lines if line.startswith("Quarrels"))
    assert "found" not in quarrels
    assert "rivalry" not in quarrels, "their rivalry ended in 1989"


def test_nothing_after_the_day_is_told(evidence: Evidence) -> None:
    brief = build_pair(evidence, "RUS", "UKR", as_of=date(2020, 1, 1))
    assert "2022" not in words(brief).split("## Sources")[0]
    assert "broke" not in brief.answer[0]


def test_a_state_by_the_record_and_by_every_measure(evidence: Evidence) -> None:
    india = build_state(evidence, "IND", as_of=DAY)
    parts = {s.id: s for s in india.sections}
    assert {"powers", "stakes", "partners", "change"} <= set(parts)
    powers, partners = parts["powers"].grid, parts["partners"].grid
    assert powers is not None
    assert partners is not None
    assert [row[0] for row in powers.rows] == ["The United States", "China", "Russia"]
    assert "China" in [row[0] for row in partners.rows]
    assert india.answer[0] == "No defense pact of India is on record."
    assert "Open quarrels are with China and Pakistan" in india.answer[2], "partners put sanctions on firms too"
    assert india.key[0].strong.startswith("India between the United States, China and Russia in 2025: ")
    assert 3 <= len(india.key) <= 5
    assert india.lead is not None
    assert len({change.text for change in india.changes}) == len(india.changes), "each event once, whoever met"
    assert any("Load" in gap for gap in india.gaps)


def test_support_is_told_of_a_state_at_war_alone(evidence: Evidence) -> None:
    ukraine = {s.id: s for s in build_state(evidence, "UKR", as_of=DAY).sections}
    said = [line.text for line in ukraine["help"].lines]
    assert said[0].startswith("From the United States, against Russia: as far as arms")
    assert not any("From Russia" in text for text in said)
    assert "help" not in {s.id for s in build_state(evidence, "IND", as_of=DAY).sections}


def test_a_war_is_told_before_sanctions(evidence: Evidence) -> None:
    (answer, *_) = build_pair(evidence, "IRN", "USA", as_of=DAY).answer
    assert "open quarrels: war (2026)" in answer


def test_a_state_with_nothing_on_record_is_a_page_of_use(evidence: Evidence) -> None:
    brief = build_state(evidence, "TUV", as_of=DAY)
    assert brief.answer
    assert render_html(brief)


def test_a_triangle(evidence: Evidence) -> None:
    triangle = build_triangle(evidence, ("IND", "RUS", "CHN"), as_of=DAY)
    assert len(triangle.answer) == 3
    assert triangle.answer[0].startswith("Russia is friendly with both of the others, who are not friends")
    assert "China and Russia, and India and Russia, have promised" in triangle.answer[2]
    assert any(
        k.strong.startswith("China and Russia: nonaggression pact since 1996; 46 exercises") for k in triangle.key
    )
    parts = {s.id: " ".join(line.text for line in s.lines) for s in triangle.sections}
    assert parts["between"].count(" between ") == 3
    strain = "Strain: the side that fits worst with the other two is that of China and India"
    assert triangle.key[-1].strong.startswith(strain)
    assert "best opening between China and India" not in parts["parting"], "they are apart already"
    assert len(triangle.gaps) == len({gap.split(":")[0] for gap in triangle.gaps}), "a line a kind"
    assert words(triangle) == words(build_triangle(evidence, ("CHN", "IND", "RUS"), as_of=DAY))
    with pytest.raises(InputError, match="three different states"):
        build_triangle(evidence, ("IND", "RUS", "IND"), as_of=DAY)


def test_a_treaty_that_one_side_froze_stands_beside_the_pact(evidence: Evidence) -> None:
    """Armenia froze its part in the Collective Security Treaty in 2024, and the pact of 1997 is in force."""
    brief = build_pair(evidence, "ARM", "RUS", as_of=DAY)
    assert "are bound to defend each other on paper, though Armenia suspended a treaty in 2024" in brief.answer[0]


@pytest.mark.parametrize(("one", "other"), [("RUS", "USA"), ("CHN", "USA"), ("GBR", "USA")])
def test_an_article_stands_once(evidence: Evidence, one: str, other: str) -> None:
    said = " ".join(build_pair(evidence, one, other, as_of=DAY).answer).lower()
    assert "the united states" in said
    assert "the the" not in said
    assert " and united" not in said
