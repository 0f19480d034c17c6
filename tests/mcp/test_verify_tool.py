"""What an assistant is told: true statements with the facts that they rest on, and no false one confirmed."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import anyio
import pytest

pytest.importorskip("mcp")

from mcp import Client, StdioServerParameters
from tripoint import states
from tripoint.evidence.coverage import coverage_of
from tripoint.mcp.server import Desk

STATES = ("RUS", "CHN", "IND", "USA", "JPN", "TUR", "IRN", "ISR", "SAU", "PAK", "PRK", "KAZ", "UKR", "BLR", "ARM")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk") / "home")


def name(state: str) -> str:
    return states.find(state).name


def test_fifty_questions_come_with_the_facts_of_the_record(desk: Desk) -> None:
    evidence = desk.evidence()
    pairs = list(itertools.islice(itertools.combinations(STATES, 2), 50))
    for a, b in pairs:
        wanted = set(evidence.facts(between=(states.lineage(a), states.lineage(b)), kinds=("defense pact",))["fact_id"])
        told = desk.ask("facts", states=[a, b], kinds=["defense pact"], limit=40)
        assert set(told["facts"]) == wanted, (a, b)


def test_fifty_false_statements_are_never_confirmed(desk: Desk) -> None:
    coverage = coverage_of(desk.evidence())
    tried = 0
    for kind, (a, b) in itertools.product(("defense pact", "swap line", "war"), itertools.combinations(STATES, 2)):
        if coverage.status(kind, (a, b)).status in ("found", "last known"):
            continue
        verb = "is at war with" if kind == "war" else f"has a {kind} with"
        told = desk.ask("verify", text=f"{name(a)} {verb} {name(b)}")
        swapped = desk.ask("verify", text=f"{name(b)} {verb} {name(a)}")
        results = {t["result"]["result"] if "result" in t else "error" for t in (told, swapped)}
        assert "confirmed" not in results, (a, b, kind, told)
        assert len(results) == 1, (a, b, kind)
        tried += 1
        if tried == 50:
            break
    assert tried == 50


def test_true_statements_are_confirmed_with_their_facts(desk: Desk) -> None:
    for a, b in (("RUS", "PRK"), ("RUS", "BLR"), ("USA", "JPN"), ("USA", "TUR")):
        told = desk.ask("verify", text=f"{name(a)} has a defense pact with {name(b)}")
        assert told["result"]["result"] == "confirmed", told
        assert told["facts"]


def test_over_a_real_pipe(tmp_path: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from tripoint.cli.main import main; main(['mcp'])"],
        env={"TRIPOINT_HOME": str(tmp_path / "home"), "PYTHONPATH": ":".join(p for p in sys.path if p)},
    )

    async def ask() -> dict:
        from mcp.client.stdio import stdio_client

        async with Client(stdio_client(server)) as client:
            return (
                await client.call_tool("why_not_found", {"a": "RUS", "b": "CHN", "kind": "defense pact"})
            ).structured_content

    assert anyio.run(ask)["result"]["status"] == "none found"
