"""One state: how it stands to whom comes first, from the one measure, and a state that is gone has its record alone."""

from __future__ import annotations

import pytest

import tripoint
from tripoint.answers import registry
from tripoint.answers.state import StateAsked
from tripoint.dyad.relation import fit_relation


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return tripoint.open_evidence(tmp_path_factory.mktemp("home"))


def test_how_it_stands_is_what_the_measure_says_of_each_pair(evidence) -> None:
    found = registry.answer(evidence, StateAsked("IND"))
    part = next(p for p in found.parts if p.heading == "How it stands")
    assert part.table is not None
    assert part.figure is not None
    rows = {row[0]: row for row in part.table.rows}
    fit = fit_relation(evidence, ["IND", "PAK", "RUS"])
    for partner, name in (("PAK", "Pakistan"), ("RUS", "Russia")):
        r = fit.row("IND", partner)
        assert rows[name][1] == fit.category()[r, -1]
        assert rows[name][2].startswith(f"{fit.mean[r, -1]:+.2f}")
    values = [float(row[2].split(" ")[0].strip("<>")) for row in part.table.rows]
    assert values == sorted(values, reverse=True), "closest first"
    assert "Pakistan" in found.headline
    assert " facts on record since 1990" in found.headline


def test_a_state_that_is_gone_has_its_record_and_no_standing(evidence) -> None:
    found = registry.answer(evidence, StateAsked("DDR", since=1950))
    assert all(p.heading != "How it stands" for p in found.parts)
    assert "on record since 1950" in found.headline
