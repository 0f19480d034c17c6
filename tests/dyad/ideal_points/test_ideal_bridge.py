"""Chains of identical resolutions, and titles that come back."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.dyad.ideal_points import ballots_of, chain_to_earliest, recurring_items
from tripoint.dyad.ideal_points.bridge import normalize_title
from tripoint.errors import InputError


def test_chains_lead_to_the_earliest_item():
    pairs = [(470, 512), (512, 545), (545, 577), (10, 20)]
    assert chain_to_earliest([577, 545, 470, 20, 99], pairs) == {577: 470, 545: 470, 470: 470, 20: 10, 99: 99}


def test_of_several_earlier_items_the_smallest_is_taken():
    assert chain_to_earliest([5389], [(5312, 5389), (5310, 5389)]) == {5389: 5310}


def test_text_ids_chain_too():
    assert chain_to_earliest(["75/1", "76/1"], [("75/1", "76/1")])["76/1"] == "75/1"


def test_circle_is_refused():
    with pytest.raises(InputError, match="circle"):
        chain_to_earliest([1], [(1, 2), (2, 1)])


def test_title_loses_case_marks_and_the_formula():
    assert normalize_title("The Right to food : resolution / adopted by the General Assembly") == "the right to food"
    assert normalize_title("Oceans, and the law of the sea ") == "oceans and the law of the sea"
    assert normalize_title(None) == ""


@pytest.fixture
def recurring():
    """Item 1 comes back unchanged as 2 and 4, changed as 3; 5 and 6 share a title in one session."""
    alike = [1] * 20 + [3] * 10
    state = np.tile(np.arange(30), 6)
    item = np.repeat([1, 2, 3, 4, 5, 6], 30)
    choice = np.concatenate([alike, alike, alike[::-1], alike, alike, alike])
    return {
        "item": [1, 2, 3, 4, 5, 6],
        "session": [70, 71, 72, 73, 74, 74],
        "title": ["The sea : resolution"] * 4 + ["Food"] * 2,
        "ballots": ballots_of(state, item, choice),
    }


def test_recurring_title_counts_only_if_states_voted_alike(recurring):
    found = recurring_items(**recurring)
    assert [(r.earlier, r.later) for r in found] == [(1, 2)]
    assert found[0].agreement == 1.0
    assert found[0].common == 30
    assert found[0].title == "the sea"


def test_nearest_earlier_occurrence_decides_even_where_a_farther_one_would_pass(recurring):
    found = recurring_items(**recurring, max_gap=3)
    assert [(r.earlier, r.later) for r in found] == [(1, 2)]


def test_after_and_gap_limit_the_search(recurring):
    assert recurring_items(**recurring, after=71) == []
    without = {k: [v[i] for i in (0, 3)] if k != "ballots" else v for k, v in recurring.items()}
    assert recurring_items(**without) == []
    assert [(r.earlier, r.later) for r in recurring_items(**without, max_gap=3)] == [(1, 4)]


def test_lengths_must_agree(recurring):
    with pytest.raises(InputError, match="differ in length"):
        recurring_items([1], [70, 71], ["a"], {})


PUBLISHED_RECALL = 0.8  # of the hand-made list's pairs into session 74, where titles are written in full
PUBLISHED_FOUND = (50, 200)


def test_titles_find_most_pairs_of_the_published_list(mirror):
    import polars as pl

    rolls = pl.read_csv(mirror / "un_votes" / "rollcalls_s01_s75.csv", infer_schema_length=10_000)
    rolls = rolls.filter(pl.col("session").is_in([73, 74]) & (pl.col("para").fill_null(0) == 0))
    votes = pl.read_parquet(mirror / "un_votes" / "votes_s01_s75_long.parquet")
    votes = votes.filter((pl.col("vote") < 4) & pl.col("rcid").is_in(rolls["rcid"].implode()))
    known = pl.read_csv(mirror / "ideal_points" / "Matches.csv")
    sessions = dict(zip(rolls["rcid"], rolls["session"], strict=True))
    listed = {
        (a, b)
        for a, b in zip(known["rcid1"], known["rcid2"], strict=True)
        if sessions.get(b) == 74 and sessions.get(a) == 73
    }
    found = recurring_items(
        rolls["rcid"],
        rolls["session"],
        rolls["short"].to_list(),
        ballots_of(votes["ccode"], votes["rcid"], votes["vote"]),
    )
    pairs = {(r.earlier, r.later) for r in found}
    assert PUBLISHED_FOUND[0] < len(pairs) < PUBLISHED_FOUND[1]
    assert len(pairs & listed) / len(listed) > PUBLISHED_RECALL
