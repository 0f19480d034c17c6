from __future__ import annotations

import pytest

from tripoint.answers.compare import CompareAsked, answer
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    from tripoint.pipeline import open_evidence

    return open_evidence(tmp_path_factory.mktemp("compare") / "home")


def test_pairs_are_told_by_the_same_rows_as_their_own_pages(shipped):
    from tripoint.answers.pair import PairAsked
    from tripoint.answers.pair import answer as pair_answer

    found = answer(shipped, CompareAsked((("RUS", "CHN"), ("USA", "JPN"))))
    rows = found.rows.to_dicts()
    assert [(r["state_a"], r["state_b"]) for r in rows] == [("CHN", "RUS"), ("JPN", "USA")]
    own = pair_answer(shipped, PairAsked("CHN", "RUS")).result["relation"]
    assert rows[0]["mean"] == own.mean[0, -1]
    assert found.figure is not None
    closer = "Japan and the United States stand closer than China and Russia"
    assert closer in found.headline or "noise" in found.headline
    assert found.facts


def test_a_difference_is_said_only_where_the_intervals_part(shipped):
    apart = answer(shipped, CompareAsked((("JPN", "USA"), ("RUS", "UKR"))))
    assert apart.headline.startswith("Japan and the United States stand closer than Russia and Ukraine")
    noise = answer(shipped, CompareAsked((("CHN", "RUS"), ("IND", "RUS"))))
    assert "beyond noise" in noise.headline


def test_a_pair_of_which_nothing_is_known_is_not_drawn_as_zero(shipped):
    found = answer(shipped, CompareAsked((("ARM", "VEN"), ("CHN", "RUS"))))
    assert found.rows["mean"].to_list()[0] is None
    assert any("Armenia and Venezuela: nothing on record" in remark for remark in found.remarks)
    assert any("No current evidence" in cell for cell in found.tables[0].rows[0])


def test_states_are_held_against_the_same_poles(shipped):
    found = answer(shipped, CompareAsked(states=("IND", "TUR")))
    assert found.rows.height == 6
    assert found.tables[0].head == ("Measure", "India", "Turkey")
    among = answer(shipped, CompareAsked(states=("USA", "CHN", "RUS")))
    assert "the same state" in {cell for row in among.tables[0].rows for cell in row}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"pairs": (("CHN", "RUS"),)},
        {"pairs": (("CHN", "RUS"), ("RUS", "CHN"))},
        {"pairs": (("CHN", "RUS"), ("JPN", "USA")), "states": ("IND", "TUR")},
        {"states": ("IND", "TUR", "BRA", "CHN", "RUS", "USA", "JPN")},
    ],
)
def test_what_cannot_be_compared_is_refused(given):
    with pytest.raises(InputError):
        CompareAsked(**given)
