"""The pages about panels: every variable is listed, and every example runs and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from tripoint.dyad import panel_ideal_points, panel_relation, panel_similarity
from tripoint.panels import GROUPS as PANEL_GROUPS
from tripoint.panels import Group

DOCS = Path(__file__).parents[2] / "docs"
GROUPS = {**PANEL_GROUPS, **panel_similarity.GROUPS, **panel_ideal_points.GROUPS, **panel_relation.GROUPS}
TITLES = ("variable", "meaning", "unit", "about", "dated by", "absent", "source", "other names")
HEADER = f"| {' | '.join(TITLES)} |\n{'|---' * len(TITLES)}|"
ABOUT = {"none": "pair", "one": "1 to 2", "both": "both ways"}
SOURCES = {
    "dispute-onset-model": (
        "gml-mid",
        "atop",
        "cow-nmc",
        "cow-contiguity",
        "minimum-distance",
        "democracy",
    ),
    "build-a-panel": ("atop", "cow-trade", "cow-nmc", "gml-mid", "cow-contiguity", "cow-majors"),
    "first-hour": ("gml-mid", "atop", "cow-nmc", "cow-contiguity", "cow-majors", "democracy"),
    "names-of-countries": ("cow-majors",),
    "from-peacesciencer": ("atop", "cow-nmc", "gml-mid"),
}


def page_rows(group: Group) -> list[str]:
    return [
        f"| {' | '.join(cells)} |"
        for variables in group.variants.values()
        for v in variables
        for cells in [
            (
                *(f"`{v.name}`", v.meaning, v.unit, "state" if v.level == "state" else ABOUT[v.direction], v.finest),
                *("-" if v.absent is None else f"{v.absent:g}", " ".join(v.sources)),
                " ".join(f"`{a}`" for a in v.alias),
            )
        ]
    ]


@pytest.mark.parametrize("group", GROUPS)
def test_every_variable_is_on_the_page(group):
    page = (DOCS / "reference" / "variables.md").read_text("utf-8")
    section = page.split(f"\n## {group}\n")[1].split("\n## ")[0]
    assert HEADER in section
    assert [row for row in page_rows(GROUPS[group]) if row not in section] == []
    for option in GROUPS[group].accepts:
        assert f"`{option}=`" in section


@pytest.mark.parametrize("page", SOURCES)
def test_examples_run_and_print_what_the_page_says(page, mirror, tmp_path_factory, monkeypatch):
    from panel_store import load

    pytest.importorskip("statsmodels")
    evidence = load(mirror, tmp_path_factory, *SOURCES[page])
    monkeypatch.setenv("TRIPOINT_HOME", str(evidence.home))
    text = (DOCS / "how-to" / f"{page}.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", text, re.DOTALL)
    assert any(wanted for _, wanted in blocks)
    names: dict[str, object] = {}
    for code, wanted in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, page, "exec"), names)
        assert printed.getvalue() == wanted
