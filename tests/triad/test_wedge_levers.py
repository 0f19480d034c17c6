"""What a divider weighs: by the table of choice, whatever a source is called, and the answer says who spoke."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from made_up import make_store
from tripoint.sources.assemble import cover
from tripoint.triad.wedge.levers import _weight

LINES = [cover("gdp", 2000, 2025, partners="", silence="unproven")]


def gdp(usa: float, chn: float, year: int = 2024) -> dict[str, list[dict[str, Any]]]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31), "precision": "year"}
    row = {"kind": "gdp", "unit": "current USD million", **days}
    return {"attributes": [{**row, "state": "USA", "value": usa}, {**row, "state": "CHN", "value": chn}]}


@pytest.mark.parametrize("name", ["imf_gdp", "toy_gdp", "aaa"])
def test_a_new_source_of_any_name_moves_no_lever_and_is_named(tmp_path: Path, name: str) -> None:
    evidence = make_store(tmp_path, starter=(gdp(61, 39), LINES), **{name: (gdp(1, 99), LINES)})
    lever = _weight(evidence, "USA", "CHN", 2024)
    assert (lever.power, lever.sources) == (pytest.approx(0.61), ("starter",))
    assert f"not in the table of choice: {name.replace('_', '-')}" in lever.finding


def test_the_newest_year_comes_before_the_first_source(tmp_path: Path) -> None:
    evidence = make_store(tmp_path, wb_gdp=(gdp(50, 50, 2023), LINES), starter=(gdp(61, 39, 2024), LINES))
    assert _weight(evidence, "USA", "CHN", 2024).power == pytest.approx(0.61)
    assert _weight(evidence, "USA", "CHN", 2023).power == pytest.approx(0.5)
    assert _weight(evidence, "USA", "RUS", 2024).sources == ()


def test_both_states_must_come_from_one_source(tmp_path: Path) -> None:
    one, other = gdp(60, 40), gdp(60, 40)
    one["attributes"].pop()
    evidence = make_store(tmp_path, wb_gdp=(one, LINES), starter=(other, LINES))
    assert _weight(evidence, "USA", "CHN", 2024).sources == ("starter",)
