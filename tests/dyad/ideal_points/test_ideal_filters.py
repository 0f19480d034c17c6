"""Which votes are used."""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.dyad.ideal_points import agenda, published_votes
from tripoint.errors import InputError


def test_published_rules_one_by_one():
    rows = [  # state, session, year, choice, paragraph, amendment, kept
        (2, 1, 1946, 1, 1, 0, True),
        (2, 19, 1964, 1, 0, 0, False),
        (511, 18, 1963, 3, 0, 0, False),
        (560, 48, 1993, 1, 0, 0, False),
        (560, 49, 1994, 1, 0, 0, True),
        (2, 45, 1990, 1, 1, 0, False),
        (2, 45, 1990, 1, np.nan, 1, False),
        (2, 45, 1990, 1, np.nan, np.nan, True),
        (2, 44, 1989, 1, 0, 1, True),
        (2, 60, 2005, 8, 0, 0, False),
        (2, 60, 2005, 2, 0, 0, True),
    ]
    columns = list(zip(*rows, strict=True))
    assert published_votes(*columns[:6]).tolist() == list(columns[6])


PUBLISHED_VOTES = 797_453
PUBLISHED_ITEMS = 4_784
PUBLISHED_UNITS = 10_469


def test_published_filters_give_the_published_size(mirror):
    import polars as pl

    from tripoint.dyad.ideal_points.ballots import read_ballots

    rolls = pl.read_csv(mirror / "un_votes" / "rollcalls_s01_s75.csv", infer_schema_length=10_000)
    votes = pl.read_parquet(mirror / "un_votes" / "votes_s01_s75_long.parquet").join(rolls, on="rcid")
    kept = published_votes(*(votes[c] for c in ("ccode", "session", "year", "vote", "para", "amend")))
    votes = votes.filter(kept).select(state="ccode", session="session", item="rcid", choice="vote")
    ballots = read_ballots(votes, sessions=(1, 74), bridges=pl.read_csv(mirror / "ideal_points" / "Matches.csv"))
    assert len(ballots.choice) == PUBLISHED_VOTES
    assert len(ballots.items) == PUBLISHED_ITEMS
    assert len(np.unique(ballots.state * 100 + ballots.session)) == PUBLISHED_UNITS


ITEMS = ["a", "b", "c", "d"]
TITLES = ["Nuclear disarmament", "The right to food", None, "Human rights in Iran"]


def test_words_match_whole_words_in_any_case():
    assert agenda(ITEMS, title=TITLES, words=["RIGHT"]).tolist() == ["b"]
    assert agenda(ITEMS, title=TITLES, words=["right*", "nuclear"]).tolist() == ["a", "b", "d"]


def test_issues_important_and_emergency_combine():
    assert agenda(ITEMS, issues=[[1, 0, 0, 0], [0, 0, 0, 1]]).tolist() == ["a", "d"]
    assert agenda(ITEMS, important=[1, 1, np.nan, 0], emergency=[0, 1, 0, 0]).tolist() == ["a"]


def test_bad_agendas_are_refused():
    with pytest.raises(InputError, match="no item is left"):
        agenda(ITEMS, title=TITLES, words=["whales"])
    with pytest.raises(InputError, match="need one title"):
        agenda(ITEMS, words=["food"])
    with pytest.raises(InputError, match="important has 2 entries for 4 items"):
        agenda(ITEMS, important=[1, 0])
