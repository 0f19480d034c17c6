"""Columns on made-up rows: what an act, a war and help to an enemy are worth to a pair."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tripoint.dyad.relation import acts, flows, ties, votes
from tripoint.dyad.relation.world import World

START, END = 2010, 2016


@pytest.fixture
def world() -> World:
    return World(None, START, END)  # type: ignore[arg-type]  # every row that is asked for is written down below


def put(world: World, kind: str, *rows: tuple[str, str, int, int, int, str]) -> None:
    """Rows of ``state_a state_b first last members words``."""
    places = [(world.place[a], world.place[b]) for a, b, *_ in rows]
    world.memory[f"rows {kind}"] = pl.DataFrame(
        {
            "pair": [int(world.number[p]) for p in places],
            "a": [a for a, _ in places],
            "b": [b for _, b in places],
            "first": [r[2] for r in rows],
            "last": [r[3] for r in rows],
            "value": [1.0] * len(rows),
            "members": [r[4] for r in rows],
            "words": [r[5] for r in rows],
            "source_id": ["s"] * len(rows),
        },
        schema_overrides={"members": pl.Int32, "words": pl.String, "pair": pl.Int64},
    )


def at(world: World, values: np.ndarray, a: str, b: str, year: int) -> float:
    return float(values[world.number[world.place[a], world.place[b]], year - START])


def test_an_act_of_an_organization_is_shared_among_its_members(world: World) -> None:
    put(world, "protest", ("GEO", "HUN", 2012, 2012, 28, ""), ("GEO", "USA", 2012, 2012, 2, ""))
    total = acts._sum(world, {"protest": 0.27})
    assert at(world, total, "GEO", "HUN", 2012) == pytest.approx(0.01)
    assert at(world, total, "GEO", "USA", 2012) == pytest.approx(0.27)
    assert at(world, total, "GEO", "USA", 2013) == 0


def test_arms_count_against_a_third_only_where_the_two_are_at_war(world: World) -> None:
    put(world, "aid to adversary", ("BLR", "UKR", 2012, 2012, 2, ""))
    n = len(world.states)
    given = np.zeros((n, n, world.years.size), np.float32)
    given[world.place["USA"], world.place["PAK"]] = 400
    given[world.place["RUS"], world.place["SYR"]] = 400
    war = world.zeros()
    war[world.number[world.place["SYR"], world.place["ISR"]], 3] = 1
    fighting = world.zeros()
    fighting[world.number[world.place["IND"], world.place["PAK"]]] = 0.5
    world.memory.update({"help": given, "at war": war, "battles": np.maximum(war, fighting)})
    helped = flows.help_to_enemy_at_war(world)
    assert at(world, helped, "USA", "IND", 2013) == 0, "a border that is shot at is no war"
    assert at(world, helped, "RUS", "ISR", 2013) == pytest.approx(np.log1p(400))
    assert at(world, helped, "RUS", "ISR", 2014) == 0
    given[world.place["RUS"], world.place["ISR"]] = 140
    world.memory.pop("help to enemy")
    assert at(world, flows.help_to_enemy_at_war(world), "RUS", "ISR", 2013) == 0, "who arms both sides helps neither"
    named = [at(world, helped, "BLR", "UKR", year) for year in range(2011, 2016)]
    assert named == pytest.approx([0, *[np.log1p(100)] * 3, 0]), "help without an amount stands for three years"


def test_a_ban_on_products_is_no_sanction_on_a_state(world: World) -> None:
    put(
        world,
        "sanction",
        ("CAN", "IRL", 2011, END, 2, "GSDB case 8: products"),
        ("USA", "COD", 2011, END, 2, "GSDB case 768: dealings"),
        ("USA", "IRN", 2011, END, 2, "GSDB case 9: trade, financial"),
    )
    every, trade = ties.sanctions()(world), ties.sanctions("trade")(world)
    assert [at(world, every, *p, 2013) > 0 for p in (("CAN", "IRL"), ("USA", "COD"), ("USA", "IRN"))] == [
        False,
        True,
        True,
    ]
    assert [at(world, trade, *p, 2013) > 0 for p in (("CAN", "IRL"), ("USA", "COD"), ("USA", "IRN"))] == [
        False,
        False,
        True,
    ]


def test_a_vote_on_a_state_counts_by_how_that_state_votes_and_fades(world: World) -> None:
    who = ("UKR", "POL", "BLR", "CHN")
    at_, choices = np.array([world.place[s] for s in who]), np.array([1.0, 1.0, -1.0, 0.0])
    world.memory["ballots"] = {2014: (at_, np.zeros(4, int), choices, 1)}
    world.memory["causes"] = {2014: [(0, world.place["UKR"])]}
    world.memory["votes"] = {"agreement": np.where(world.years >= 2012, 0.5, np.nan) * np.ones(world.shape)}
    value = votes.own_causes(world)
    # Poland is 1 near, Belarus 0, China a half: less their mean, drawn halfway to 0 as if by one more vote
    assert [at(world, value, s, "UKR", 2014) for s in who[1:]] == pytest.approx([0.25, -0.25, 0])
    assert at(world, value, "BLR", "UKR", 2015) == pytest.approx(-0.5 * 0.8 / 1.8)
    assert at(world, value, "BLR", "POL", 2014) == 0, "nothing names either"
    assert at(world, value, "BLR", "UKR", 2013) == 0
    assert np.isnan(at(world, value, "BLR", "UKR", 2011)), "no votes are on record"
