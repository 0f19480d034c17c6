"""One store of hostile evidence, shown by every face in every form: nothing in it runs, breaks out or is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import anyio
import polars as pl
import pytest
from markdown_it import MarkdownIt
from starlette.testclient import TestClient

import made_up
from tripoint.cli.main import main
from tripoint.evidence.store import write_edition
from tripoint.provenance import License
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files
from tripoint.web.app import build_app
from tripoint.web.service import Service

#: What may be read from a source: control characters never come so far (see ``tests/sources/test_plausible.py``).
HOSTILE = (
    "</title></style><script>window.PWN=1</script>",
    '"><img src=x onerror="window.PWN=2">',
    "=HYPERLINK(0)",
    "@SUM(1+1)",
    "[link](javascript:alert(3)) ![x](http://198.51.100.7/x.png)",
    "]]></title></entry><entry>",
    "| cell | cell |\n\n# heading\n<script>window.PWN=4</script>",
    "}, title = {pwned}} @misc{pwned,",
    "{{7*7}} {% raw %} &lt;script&gt; ${7*7}",
    "name \u202edesrever\u202c \x9b31m \x85 end",
)
NAME = "hostile"
FACT = f"{NAME}@1.0#v0"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile") / "home"
    entry = replace(
        made_up.entry(NAME),
        title=HOSTILE[0],
        producer=HOSTILE[1],
        citation=HOSTILE[6] + HOSTILE[4],
        license=License(HOSTILE[2], redistribute=True),
    )
    number = len(HOSTILE)
    day = [date(2026, 1, 1 + n) for n in range(number)]
    acts = pl.DataFrame(
        {
            "locator": [f"v{n}" for n in range(number)],
            "state_a": "RUS",
            "state_b": "CHN",
            "kind": ["visit", "protest"] * (number // 2),
            "directed": True,
            "start": day,
            "end": day,
            "precision": "day",
            "title": HOSTILE,
            "note": HOSTILE[::-1],
        }
    )
    aims = pl.DataFrame(
        {
            "locator": [f"p{n}" for n in range(number)],
            "state": "RUS",
            "kind": "war aim",
            "item": HOSTILE,
            "date": day,
            "precision": "day",
            "choice": HOSTILE[::-1],
            "title": HOSTILE,
        }
    )
    reading = assemble(
        Files(entry, {}),
        {"events": acts, "positions": aims},
        rows_in=2 * number,
        coverage=[cover("visit", 2020, 2026, silence="none", note=HOSTILE[0])],
        remarks=HOSTILE,
    )
    write_edition(made, reading, entry, made_up.receipts(), made_up.digest(name=NAME))
    return made


@pytest.fixture(scope="module")
def client(home: Path) -> TestClient:
    return TestClient(build_app(Service(home), names=frozenset({"testserver"})), follow_redirects=True)


class _Page(HTMLParser):
    """What a page would run or open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.bad: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        for name, value in attrs:
            if name.startswith("on"):
                self.bad.append(f"<{tag} {name}>")
            if name in ("href", "src", "action") and re.match(r"\s*(javascript|data:text|vbscript)", value or "", re.I):
                self.bad.append(f"{name}={value}")
            if tag == "img" and (value or "").startswith(("x", "http")) and name == "src":
                self.bad.append(f"img {value}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.scripts.append(data)


def html(text: str) -> None:
    page = _Page()
    page.feed(text)
    assert not page.bad
    assert not [s for s in page.scripts if re.match(r"\s*window\.PWN", s)]
    assert "<script>window.PWN" not in text


def terminal(text: str) -> None:
    bad = {c for c in text if not c.isprintable() and c not in "\n\t "}
    assert not bad, [hex(ord(c)) for c in bad]


def table(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text)))
    assert len({len(r) for r in rows}) == 1
    assert not [c for row in rows for c in row if c.startswith(("=", "@", "+"))]


def values(text: str) -> None:
    json.loads(text)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)


def marked(text: str) -> None:
    """Markdown as a renderer that lets HTML pass would show it."""
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    html(shown)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<h1>heading" not in shown


def feed(text: str) -> None:
    root = ElementTree.fromstring(text)
    entries = root.findall("{http://www.w3.org/2005/Atom}entry")
    titles = [e.findtext("{http://www.w3.org/2005/Atom}title") or "" for e in entries]
    assert titles
    assert all(titles)
    assert not root.findall(".//{http://www.w3.org/2005/Atom}script")


def bibliography(text: str) -> None:
    """Braces balance within each entry, so that no value ends its entry."""
    assert "@misc{pwned" not in text
    depth = 0
    for character in text.replace("\\{", "").replace("\\}", ""):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0


Check = Callable[[str], None]
LINES: list[tuple[str, Check]] = [
    ("facts RUS --since 2026 --source hostile", terminal),
    ("facts RUS --since 2026 --source hostile --csv", table),
    ("facts RUS --since 2026 --source hostile --json", values),
    ("dyad RUS CHN", terminal),
    ("dyad RUS CHN --csv", table),
    ("dyad RUS CHN --json", values),
    (f"fact {FACT}", terminal),
    (f"fact {FACT} --json", values),
    ("demands RUS UKR", terminal),
    ("search window.PWN", terminal),
    ("search window.PWN --json", values),
    ("why RUS CHN visit", terminal),
    ("coverage RUS", terminal),
    ("state RUS", terminal),
    ("changes --since 2026-01-01 --states RUS,CHN", terminal),
    ("changes --since 2026-01-01 --states RUS,CHN --form json", values),
    ("changes --since 2026-01-01 --states RUS,CHN --form atom", feed),
    (f"citations {FACT}", terminal),
]
PAGES: list[tuple[str, Check]] = [
    ("/pair/CHN-RUS", html),
    ("/pair/CHN-RUS.json", values),
    ("/pair/CHN-RUS.csv", table),
    ("/pair/CHN-RUS.md", marked),
    ("/pair/CHN-RUS.bib", bibliography),
    ("/on_record/CHN-RUS", html),
    ("/on_record/CHN-RUS.md", marked),
    ("/on_record/CHN-RUS.csv", table),
    ("/demands/RUS-UKR", html),
    (f"/fact/{NAME}@1.0/v0", html),
    (f"/fact/{NAME}@1.0/v1.md", marked),
    (f"/fact/{NAME}@1.0/v6.md", marked),
    ("/search?text=window.PWN", html),
    ("/coverage", html),
    ("/sources", html),
    ("/state/RUS", html),
    ("/changes?changed_since=2026-01-01", html),
]


@pytest.mark.parametrize(("line", "check"), LINES, ids=[line for line, _ in LINES])
def test_the_command_line(line: str, check: Check, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [w if w != "window.PWN" else "window.PWN=1" for w in line.split()]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--home", str(home)])
    said = capsys.readouterr()
    assert ended.value.code in (0, None), said.err
    check(said.out)
    terminal(said.err)


@pytest.mark.parametrize(("path", "check"), PAGES, ids=[path for path, _ in PAGES])
def test_the_web(path: str, check: Check, client: TestClient) -> None:
    reply = client.get(path)
    assert reply.status_code == 200, reply.text[:300]
    check(reply.text)


@pytest.mark.parametrize(("ending", "check"), [("html", html), ("md", marked), ("bib", bibliography)])
def test_a_brief(ending: str, check: Check, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"brief.{ending}"
    with pytest.raises(SystemExit) as ended:
        main(["brief", "RUS", "CHN", "-o", str(path), "--home", str(home)])
    assert ended.value.code in (0, None), capsys.readouterr().err
    check(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("on_record", {"a": "RUS", "b": "CHN"}),
        ("fact", {"id": FACT}),
        ("why_not_found", {"a": "RUS", "b": "CHN", "kind": "visit"}),
    ],
)
def test_the_tools_of_an_assistant(tool: str, given: dict[str, Any], home: Path) -> None:
    mcp = pytest.importorskip("mcp")
    from tripoint.mcp.server import build_server

    async def ask() -> Any:
        async with mcp.Client(build_server(home)) as client:
            return await client.call_tool(tool, given)

    reply = anyio.run(ask)
    assert "error" not in reply.structured_content
    values(json.dumps(reply.structured_content))
    for part in reply.content:
        values(part.text)


def test_the_evidence_is_met(home: Path, client: TestClient) -> None:
    """The tests above would pass on a page that leaves all of it out."""
    page = client.get(f"/fact/{NAME}@1.0/v0").text
    assert "&lt;script&gt;window.PWN=1" in page
    assert "window.PWN" in client.get("/on_record/CHN-RUS").text
    assert "window.PWN" in client.get("/on_record/CHN-RUS.csv").text
