"""Rules that hold across modules: no measure names a source, none reads numbers out of prose, none sorts sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tripoint
import tripoint.bargain as tripoint_bargain
from tripoint.answers.registry import QUESTIONS
from tripoint.sources import entries

ROOT = Path(tripoint.__file__).parent
#: Where sources are read, chosen, cited or declared as what a variable of a panel is made of.
AT_HOME = ("sources", "evidence", "events", "panels", "pipeline.py")
#: Words that are ids of sources and something else as well: a kind of attribute.
WORDS = {"democracy"}
MEASURES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if path.relative_to(ROOT).parts[0] not in AT_HOME
    and path.relative_to(ROOT) != Path("cli/events.py")  # its options name the archives of news that it reads
    and not path.name.startswith("panel_")  # variables of panels say what they are made of, as those of the registry
)
IDS = sorted(set(entries.catalog()) - WORDS)
_QUOTED = re.compile("'(" + "|".join(map(re.escape, IDS)) + ")'")
_PROSE = re.compile(
    r"""(regexp_\w+\(\s*(note|title|locator)\b|\b(note|title|locator)\s+(NOT\s+)?I?LIKE\b"""
    r"""|col\("(note|title|locator)"\)(\.fill_null\([^)]*\))?\.str\.(extract|contains|replace|split|starts_with))"""
)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """String constants of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_no_measure_names_a_source() -> None:
    named = [
        f"{where(path, line)} names {text.strip()[:60]!r}"
        for path in MEASURES
        for line, text in strings(path)
        if text in IDS or _QUOTED.search(text)
    ]
    assert not named, "ask tripoint.evidence.choice instead: " + "; ".join(named)


def test_agreement_on_votes_is_one_formula() -> None:
    """Written once in ``dyad.similarity``, and once for all pairs at a time, which a test holds against it."""
    written = re.compile(r"\b1(\.0)? - [^#\n]*(abs\(|_gaps\()[^#\n]*/ *\(?2\b")
    found = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if written.search(path.read_text("utf-8"))} - {
        "dyad/similarity/pairs.py"
    }
    assert found == {"dyad/relation/votes.py"}


def test_no_measure_reads_prose() -> None:
    """Faces and answers may search words for a reader; what is counted is in columns."""
    found = [
        where(path, number)
        for path in MEASURES
        if path.relative_to(ROOT).parts[0] != "answers"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if _PROSE.search(line)
    ]
    assert not found, "give the table a column that the reader fills: " + ", ".join(found)


#: What takes the first or last source by name: of several with as much, or of those that have a row at all.
_ALPHABET = re.compile(
    r"""ORDER BY [^"']*\bDESC,\s*source_id|ORDER BY [^"']*\bsource_id\b[^"']*\bLIMIT\b|\bDISTINCT ON\b[^"']*source_id"""
    r"""|\b(arg_m(ax|in)|m(ax|in)(_by)?|mode|any_value|first|last)\(\s*source_id\b"""
    r"""|\.sort\((?:[^()]*,)?\s*"source_id",\s*descending|\bcol\("source_id"\)\.(first|last|max|min|mode)\("""
    r"""|\b(max|min)\(sorted\([^#]*key=lambda s(ource)?:"""
    r"""|\bsorted\([^#]*key=lambda \w+: \(?\w+(\["source_id"\]|\.source_id)(?!\))"""
    r"""|\b(max|min)\([^#]*key=lambda \w+: (?![^#]*\bindex\()[^#]*(\["source_id"\]|\.source_id)"""
)
#: What reads roll calls past the one module that tells second records of one from others, and why it may.
_READS_VOTES = {"claims/compute.py": "one item, from every source that has it, in the order of the table"}


def test_no_measure_lets_the_alphabet_choose_a_source() -> None:
    """``ORDER BY ... source_id`` ahead of a first row, an ``arg_max`` of it, a sort by it where the last row stays."""
    found = [
        where(path, number)
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in ("sources", "panels")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if _ALPHABET.search(line)
    ]
    assert not found, "ask tripoint.evidence.choice instead: " + ", ".join(found)


def test_roll_calls_are_read_in_one_place() -> None:
    reads = re.compile(r"FROM positions\b(?s:.)*'assembly vote'|'assembly vote'(?s:.)*\bFROM positions")
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in ("sources", "evidence")
        for _, text in strings(path)
        if reads.search(text)
    }
    assert found == set(_READS_VOTES), "ask tripoint.evidence.roll_calls instead"


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ('"best AS (SELECT year, arg_max(source_id, (votes, source_id)) AS source_id FROM n GROUP BY year) "', True),
        ('"GROUP BY source_id ORDER BY days DESC, source_id LIMIT 1",', True),
        ("'ORDER BY year, source_id LIMIT 1'", True),
        ('for row in sorted(rows, key=lambda r: (r["source_id"], r["fact_id"])):', True),
        ('best = max(rows, key=lambda row: (row["count"], row["source_id"]))', True),
        ('pl.col("source_id").first()', True),
        ("max(sorted(loaded), key=lambda source: loaded[source][t])", True),
        ('"SELECT * FROM events ORDER BY source_id, fact_id"', False),
        ('sources=tuple(sorted(mine["source_id"].unique()))', False),
        ('sorted(rows, key=lambda r: (-order.index(r["source_id"]), r["fact_id"]))', False),
    ],
)
def test_the_search_for_the_alphabet_finds_what_it_should(line: str, caught: bool) -> None:
    assert bool(_ALPHABET.search(line)) is caught


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ('pl.col("note").str.extract("x")', True),
        ("SELECT regexp_extract(note, 'x')", True),
        ("WHERE note LIKE '%renewed%'", True),
        ('pl.col("note").alias("note")', False),
        ("SELECT note FROM events", False),
    ],
)
def test_the_search_for_prose_finds_what_it_should(line: str, caught: bool) -> None:
    assert bool(_PROSE.search(line)) is caught


def test_no_file_carries_two_versions_of_itself() -> None:
    marks = re.compile(r"^(<{7} |={7}$|>{7} )", re.M)
    top = ROOT.parent.parent
    kinds = {".py", ".md", ".toml", ".csv", ".html", ".css", ".js", ".yml", ".cff", ".ipynb"}
    files = [
        path
        for folder in ("src", "docs", "tests", "benchmarks", "changelog.d", ".github")
        for path in (top / folder).rglob("*")
        if path.suffix in kinds
    ] + [path for path in top.iterdir() if path.suffix in kinds]
    assert files
    assert not [str(path.relative_to(top)) for path in files if marks.search(path.read_text("utf-8"))]


#: Pages whose numbers have a zero before the point, as answers print them.
_PAGES = sorted((ROOT.parent.parent / "docs" / "explanation").glob("*.md"))
_NO_ZERO = re.compile(r"(?<![0-9A-Za-z_.\])/])\.(?=\d)")
#: Still to be written so.
_OLD = {"claims.md", "relation.md"}


@pytest.mark.parametrize("page", [p for p in _PAGES if p.name not in _OLD], ids=lambda p: p.name)
def test_numbers_on_a_page_are_written_as_answers_print_them(page: Path) -> None:
    """``0.34``, never ``.34``; what stands in code is left as it is."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.S)
    assert not [line for line in prose.splitlines() if _NO_ZERO.search(line)]


#: Modules that no command, page, reader or documented function reaches, and why they are in the package.
_UNREACHED = {"tripoint.dyad.estimates": "writes what ships with the package; benchmarks/estimates.py runs it"}


def _imports() -> dict[str, set[str]]:
    """Modules of the package -> those that each names, deferred imports and names in strings included."""
    modules = {
        ".".join(("tripoint", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in ROOT.rglob("*.py")
    }
    found: dict[str, set[str]] = {}
    for name, path in modules.items():
        said: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                said |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                said |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value.split(":")[0])
        found[name] = said & modules.keys()
    return found


def test_every_module_is_reached_from_a_command_a_reader_or_the_reference() -> None:
    imports = _imports()
    page = (ROOT.parent.parent / "docs" / "reference" / "python.md").read_text("utf-8")
    waiting = [
        *("tripoint", "tripoint.cli.main", "tripoint.cli.__main__", "tripoint.web.serve", "tripoint.mcp.server"),
        *(f"tripoint.answers.{subject}" for subject in QUESTIONS),
        *(entry.reader.partition(":")[0] for entry in entries.catalog().values()),
        *re.findall(r"^::: (tripoint[\w.]+)", page, re.M),
    ]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in imports and name not in reached:
            reached.add(name)
            waiting += [*imports[name], name.rpartition(".")[0]]
    lazily = {f"tripoint.bargain.{name}" for name in tripoint_bargain.__all__}
    assert imports.keys() - reached - lazily == _UNREACHED.keys()
