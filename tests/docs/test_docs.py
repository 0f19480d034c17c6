"""The docs are tested: nothing that a user meets is undocumented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tripoint.cli.main import COMMANDS, app
from tripoint.record import COVERAGE, DOCUMENTS, KINDS, SET_ASIDE, TABLES
from tripoint.sources.entries import catalog
from tripoint.sources.starter import starter_folder

DOCS = Path(__file__).parents[2] / "docs"


def text(*parts: str) -> str:
    return DOCS.joinpath(*parts).read_text("utf-8")


def test_every_command_is_documented() -> None:
    page = text("reference", "cli.md")
    assert [c for c in COMMANDS if f"`tripoint {c}" not in page] == []


def test_every_question_is_in_the_reference_of_python() -> None:
    import tripoint

    text = (DOCS / "reference" / "python.md").read_text("utf-8")
    listed = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"members: \[(.*?)\]", text))))
    asked = {name for names in tripoint._ASKED.values() for name in names}
    assert not asked - listed


def test_every_column_and_kind_is_in_the_nomenclature() -> None:
    page = text("nomenclature.md")
    columns = {c.name for t in (*TABLES.values(), COVERAGE, SET_ASIDE, DOCUMENTS) for c in t}
    assert [c for c in sorted(columns) if f"| `{c}` |" not in page] == []
    rows = [f"| {k.name} | {k.table} | {k.tone} | {k.scale} | {k.meaning} |" for k in KINDS.values()]
    assert [r for r in rows if r not in page] == []


SOURCES = DOCS / "reference" / "sources"


def test_every_source_has_a_page() -> None:
    """Its own page, or a relative's page that names it in backticks; the index, made to name all, does not count."""
    pages = {p.stem: p.read_text("utf-8") for p in SOURCES.glob("*.md") if p.stem != "index"}
    assert [s for s in catalog() if s not in pages and not any(f"`{s}`" in page for page in pages.values())] == []


def test_every_source_and_page_is_in_the_index() -> None:
    index = (SOURCES / "index.md").read_text("utf-8")
    linked = dict(re.findall(r"^\| \[`([\w-]+)`\]\(([\w-]+)\.md\)", index, re.MULTILINE))
    assert sorted(linked) == sorted(catalog())
    assert sorted({p.stem for p in SOURCES.glob("*.md")} - {"index"} - set(linked.values())) == []


def test_index_marks_what_is_for_non_commercial_use() -> None:
    index = (SOURCES / "index.md").read_text("utf-8")
    marked = set(re.findall(r"^\| \[`([\w-]+)`\].*\*NC\* \|$", index, re.MULTILINE))
    assert marked == {s.id for s in catalog().values() if s.license.noncommercial}


def test_starter_page_describes_every_file_that_ships() -> None:
    page = (SOURCES / "starter.md").read_text("utf-8")
    assert [p.name for p in sorted(starter_folder().glob("*.csv")) if f"`{p.name}`" not in page] == []


def test_every_page_can_be_reached() -> None:
    """Pages are in the site's navigation; those of single sources are linked from their index."""
    nav = DOCS.parent.joinpath("mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]
    pages = {str(p.relative_to(DOCS)) for p in DOCS.rglob("*.md") if p.parent != SOURCES or p.stem == "index"}
    assert set(re.findall(r":\s+([\w/-]+\.md)$", nav, re.MULTILINE)) == pages


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda p: str(p.relative_to(DOCS)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


_ROOTS = "bin|dev|etc|home|mnt|opt|proc|root|srv|sys|tmp|usr|var|work|Users"


def test_the_project_speaks_of_itself_alone() -> None:
    """No absolute paths of a machine and no pickles or evals anywhere in the package."""
    package = DOCS.parent / "src" / "tripoint"
    code = {p: p.read_text("utf-8") for p in package.rglob("*.py")}
    assert [
        p.name for p, t in code.items() if re.search(r"\bimport pickle\b|(?<![\w.])eval\(|(?<![\w.])exec\(", t)
    ] == []
    assert [p.name for p, t in code.items() if re.search(rf"[\"']/({_ROOTS})\b", t)] == []


def test_readme_shows_what_the_command_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line of the example is in the output, in its order; only the hash of the evidence may differ."""
    monkeypatch.setenv("TRIPOINT_HOME", str(tmp_path))
    readme = DOCS.parent.joinpath("README.md").read_text("utf-8")
    example = re.search(r"```console\n\$ pip install \. && tripoint dyad RUS CHN\n(.+?)```", readme, re.DOTALL)
    assert example
    printed = CliRunner().invoke(app, ["dyad", "RUS", "CHN"]).output
    unhashed = [re.sub(r"evidence [0-9a-f]{12}", "evidence", text) for text in (example[1], printed)]
    shown = [line for line in unhashed[0].splitlines() if line.strip() not in ("", "...")]
    lines = unhashed[1].splitlines()
    assert [line for line in shown if line not in lines] == []
    assert [lines.index(line) for line in shown] == sorted(lines.index(line) for line in shown)


def test_the_documentation_has_the_fonts_and_colors_of_the_pages() -> None:
    fonts = DOCS.parent / "src" / "tripoint" / "chart" / "fonts"
    style = (DOCS / "style.css").read_text("utf-8")
    own = sorted((DOCS / "fonts").glob("*.woff2"))
    assert own
    for font in own:
        assert font.read_bytes() == (fonts / font.name).read_bytes(), font.name
        assert f"fonts/{font.name}" in style
    pages = (DOCS.parent / "src" / "tripoint" / "web" / "static" / "site.css").read_text("utf-8")
    for color in ("#1b1d21", "#5c626b", "#2c5e94", "#d9dce1", "#f5f6f8"):
        assert color in style
        assert color in pages
