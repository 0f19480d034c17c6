"""The page that compares with peacesciencer: complete, and as it would be written again."""

from __future__ import annotations

import re

import cell_by_cell
import pytest
from panel_store import load

from tripoint.dyad import panel_similarity
from tripoint.panels import GROUPS
from tripoint.panels.names import owner, spoken

#: Functions of version 1.2.9 that add columns.
ADDED = [
    "archigos",
    "atop_alliance",
    "capital_distance",
    "ccode_to_gw",
    "contiguity",
    "cow_majors",
    "cow_mids",
    "cow_trade",
    "cow_wars",
    "creg_fractionalization",
    "democracy",
    "fpsim",
    "gml_mids",
    "gwcode_to_cow",
    "igos",
    "latent_territorial_threat",
    "lead",
    "lwuf",
    "minimum_distance",
    "nmc",
    "peace_years",
    "rugged_terrain",
    "sdp_gdp",
    "sim_gdp_pop",
    "spells",
    "strategic_rivalries",
    "ucdp_acd",
    "ucdp_onsets",
]


def test_every_function_has_a_counterpart_or_a_line_that_says_why_not():
    assert sorted(cell_by_cell.FUNCTIONS) == [f"add_{name}" for name in ADDED]
    registry = {**GROUPS, **panel_similarity.GROUPS}
    page = cell_by_cell.PAGE.read_text("utf-8")
    for function, (names, remark) in cell_by_cell.FUNCTIONS.items():
        assert names or remark.startswith("not here"), function
        for name in names:
            assert owner(registry, name)
        if names:
            assert owner(registry, spoken(registry, function)[0]), f"{function} is understood as a name"
        assert f"| `{function}()` |" in page
    for function in cell_by_cell.OTHERS:
        assert f"| `{function}()` |" in page


def test_the_page_is_as_the_tables_make_it(mirror, tmp_path_factory):
    made = cell_by_cell.page(mirror, lambda *sources: load(mirror, tmp_path_factory, *sources))
    assert made == cell_by_cell.PAGE.read_text("utf-8"), "run: python tests/panels/cell_by_cell.py"


@pytest.mark.parametrize("table", [t.file for t in cell_by_cell.TABLES])
def test_a_table_that_differs_says_why(table):
    name = table.rpartition("/")[2]
    line = re.search(rf"\| `{re.escape(name)}` \|.*", cell_by_cell.PAGE.read_text("utf-8"))
    assert line is not None
    _, _, _, lacking, _, off, why, _ = (cell.strip() for cell in line[0].split("|"))
    assert (lacking, off) == ("0", "0") or why
