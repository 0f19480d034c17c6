from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp")

from mcp import Client
from tripoint.mcp.bounded import MOST_CHARACTERS, bounded
from tripoint.mcp.server import build_server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mcp") / "home"


def call(home: Path, tool: str, /, **given: Any) -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        async with Client(build_server(home)) as client:
            found: dict[str, Any] = (await client.call_tool(tool, given)).structured_content
            return found

    return anyio.run(ask)


def test_the_tools_are_few_short_and_only_read(home: Path) -> None:
    async def listed() -> Any:
        async with Client(build_server(home)) as client:
            return await client.list_tools()

    found = anyio.run(listed)
    assert len(found.tools) == 9
    assert len(found.model_dump_json(exclude_none=True)) / 4 < 3000
    assert all(tool.annotations.read_only_hint and tool.description for tool in found.tools)


def test_a_result_carries_facts_sources_evidence_and_whether_it_was_cut(home: Path) -> None:
    found = call(home, "on_record", a="Russia", b="CHN")
    assert set(found) >= {"question", "headline", "evidence", "newest", "result", "facts", "sources", "truncated"}
    assert found["truncated"] is True
    assert found["facts"][0].startswith("starter@")
    assert len(json.dumps(found)) < MOST_CHARACTERS + 3000


def test_an_error_is_a_sentence(home: Path) -> None:
    assert "unknown state" in call(home, "on_record", a="Atlantis", b="CHN")["error"]
    assert "takes 3 states" in call(home, "measure", name="triad", states=["RUS"])["error"]
    assert "no fact 'none'" in call(home, "fact", id="starter@2026-11#none")["error"]
    assert "'x' is not a fact id" in call(home, "fact", id="x")["error"]


def test_what_is_not_found_says_why(home: Path) -> None:
    found = call(home, "why_not_found", a="RUS", b="CHN", kind="defense pact")
    assert found["result"]["status"] == "none found"


def test_swapped_names_give_the_same_facts(home: Path) -> None:
    one, other = (call(home, "measure", name="relation", states=s) for s in (["RUS", "CHN"], ["CHN", "RUS"]))
    assert one["facts"] == other["facts"]


def test_an_envelope_is_cut_to_size() -> None:
    whole = {
        "result": {"rows": [{"text": "x" * 100}] * 5000},
        "facts": ["f"] * 500,
        "sources": [{}] * 500,
        "remarks": [],
    }
    cut = bounded(whole | {"truncated": False})
    assert cut["truncated"] is True
    assert len(json.dumps(cut)) <= MOST_CHARACTERS + 500
    assert "Cut to size" in cut["remarks"][-1]
