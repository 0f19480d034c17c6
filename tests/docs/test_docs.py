"""The docs are tested: nothing that a user meets is undocumented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tripoint.cli.main import COMMANDS
from tripoint.record import COVERAGE, DOCUMENTS, KINDS, SET_ASIDE, TABLES
from tripoint.sources.entries import catalog

DOCS = Path(__file__).parents[2] / "docs"


def text(*parts: str) -> str:
    return DOCS.joinpath(*parts).read_text("utf-8")


def test_every_command_is_documented() -> None:
    page = text("reference", "cli.md")
    assert [c for c in COMMANDS if f"`tripoint {c}" not in page] == []


def test_every_column_and_kind_is_in_the_nomenclature() -> None:
    page = text("nomenclature.md")
    columns = {c.name for t in (*TABLES.values(), COVERAGE, SET_ASIDE, DOCUMENTS) for c in t}
    assert [c for c in sorted(columns) if f"| `{c}` |" not in page] == []
    rows = [f"| {k.name} | {k.table} | {k.tone} | {k.scale} | {k.meaning} |" for k in KINDS.values()]
    assert [r for r in rows if r not in page] == []


def test_every_source_has_a_page() -> None:
    pages = "\n".join(p.read_text("utf-8") for p in (DOCS / "reference" / "sources").glob("*.md"))
    assert [s for s in catalog() if s not in pages] == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda p: str(p.relative_to(DOCS)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_project_speaks_of_itself_alone() -> None:
    """No machine's paths and no pickles or evals anywhere in the package."""
    package = DOCS.parent / "src" / "tripoint"
    code = {p: p.read_text("utf-8") for p in package.rglob("*.py")}
    assert [
        p.name for p, t in code.items() if re.search(r"\bimport pickle\b|(?<![\w.])eval\(|(?<![\w.])exec\(", t)
    ] == []
    assert [p.name for p, t in code.items() if re.search(r"[\"'](/work|/tmp|/home)/", t)] == []
