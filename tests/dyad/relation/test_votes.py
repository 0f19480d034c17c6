"""Votes as indicators of the relation: the fullest source of a year speaks, whatever the sources are called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.dyad.relation.votes import _squares, last_vote_year, vote_columns
from tripoint.dyad.relation.world import World
from tripoint.dyad.similarity import agreement as agreement_measure
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.roll_calls import LEVELS
from tripoint.evidence.store import write_edition
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

STATES = ("CHN", "IND", "RUS", "USA")
YES, ABSTAIN, NO = 1.0, 2.0, 3.0
_CHOICE = {YES: "y", ABSTAIN: "a", NO: "n"}


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., World]:
    def build(votes: dict[str, list[tuple[float, ...]]]) -> World:
        for name, rolls in votes.items():
            rows: list[dict[str, Any]] = [
                {"kind": "assembly vote", "item": f"A/{k}", "date": date(2020, 3, 1 + k), "precision": "day"}
                | {"state": state, "choice": _CHOICE[value], "value": value, "locator": f"{k}/{state}"}
                for k, roll in enumerate(rolls)
                for state, value in zip(STATES, roll, strict=False)
            ]
            covered = [cover("assembly vote", 1946, 2025, partners="", silence="unproven")]
            reading = assemble(
                Files(entry(name), {}), {"positions": pl.DataFrame(rows)}, rows_in=len(rows), coverage=covered
            )
            write_edition(tmp_path, reading, entry(name), receipts(), digest(name=name))
        evidence: Evidence = connect(tmp_path)
        return World(evidence, 2019, 2020)

    return build


def agreement(world: World, a: str, b: str) -> float:
    pair = world.number[world.place[a], world.place[b]]
    return float(vote_columns(world)["agreement"][pair, -1])


ROLLS = [(YES, YES, YES, NO), (NO, ABSTAIN, NO, YES), (YES, ABSTAIN, YES, NO), (YES, YES, ABSTAIN, NO)]


def test_agreement_is_one_less_half_the_mean_distance(make: Callable[..., World]) -> None:
    world = make({"un-ga-votes": ROLLS})
    assert agreement(world, "CHN", "RUS") == pytest.approx(1 - 1 / 8)
    assert agreement(world, "RUS", "USA") == pytest.approx(1 - 7 / 8)
    assert last_vote_year(world) == 2020


def test_agreement_of_all_pairs_at_once_is_the_published_measure_of_each() -> None:
    rng = np.random.default_rng(5)
    table = rng.choice([1.0, 0.0, -1.0, np.nan], size=(6, 40), p=[0.5, 0.2, 0.2, 0.1])
    _, _, square = _squares(table)
    for a in range(6):
        for b in range(6):
            one = agreement_measure(2 - table[a], 2 - table[b], levels=LEVELS, draws=0).value
            assert square[a, b] == pytest.approx(one)


def test_of_two_sources_with_as_many_votes_the_order_of_the_table_decides(make: Callable[..., World]) -> None:
    """The later name in the alphabet has the other votes: it must not be heard."""
    others = [tuple(4 - v for v in roll[:2]) + roll[2:] for roll in ROLLS]
    world = make({"un-ga-votes": ROLLS, "un-votes-voeten": others})
    assert agreement(world, "CHN", "RUS") == pytest.approx(1 - 1 / 8)


def test_a_selection_of_states_adds_no_roll_call_to_a_whole_record(make: Callable[..., World]) -> None:
    some = [*[roll[:2] for roll in ROLLS], (YES, NO)]
    alone = vote_columns(make({"un-ga-votes": ROLLS}))
    beside = vote_columns(make({"un-ga-votes": ROLLS, "starter": some}))
    for name, values in alone.items():
        np.testing.assert_array_equal(beside[name], values, err_msg=name)


def test_without_votes_there_is_no_likeness(make: Callable[..., World]) -> None:
    world = make({})
    assert np.isnan(vote_columns(world)["agreement"]).all()
    assert last_vote_year(world) is None
