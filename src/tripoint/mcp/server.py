"""The server: nine tools over the same questions as every other face."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from tripoint import ask
from tripoint.answers import registry
from tripoint.answers.shipped import only_shipped
from tripoint.errors import InputError, MissingExtraError, TripointError
from tripoint.mcp.bounded import bounded

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from tripoint.evidence.query import Evidence

INSTRUCTIONS = (
    "Tripoint measures how states align, from the public record. Every number comes with fact ids; quote them. "
    "'none found' means that a complete list was searched; 'searched in part' and 'not searched' prove nothing; "
    "'last known' is not now. Say the newest date with every answer, and name sources marked noncommercial."
)

State = Annotated[str, "name or code of a state"]
Measure = Literal["relation", "tension", "depth", "exposure", "autonomy", "patronage", "wedge", "triad", "demands"]


#: Largest question that is read over HTTP [bytes].
_LARGEST = 100_000


class Desk:
    """Answers the tools' questions from one store, one at a time."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._evidence: Evidence | None = None

    def ask(self, subject: str, **given: Any) -> dict[str, Any]:
        """The bounded envelope of an answer; an error of ours becomes one sentence under ``error``."""
        with self._lock:
            try:
                only_shipped(given)
                question = registry.read(subject, {k: v for k, v in given.items() if v not in (None, "", [])})
                return bounded(ask.answer(self.evidence(), question).envelope())
            except TripointError as error:
                return {"error": str(error)}

    def evidence(self) -> Evidence:
        """The evidence as it stands in the store."""
        from tripoint.pipeline import open_evidence

        opened = open_evidence(self._home)
        if self._evidence is None or opened.hash != self._evidence.hash:
            self._evidence = opened
        return self._evidence


def build_server(home: Path | None = None) -> MCPServer[Any]:
    """Return the server with its tools and resources, ready for any transport.

    Raises
    ------
    MissingExtraError
        The extra ``mcp`` is not installed.
    """
    try:
        from mcp.server import MCPServer
        from mcp_types import ToolAnnotations
    except ImportError:
        raise MissingExtraError("tools for assistants need the extra mcp. Run: pip install 'tripoint[mcp]'") from None

    from tripoint import __version__

    desk = Desk(home)
    server: MCPServer[Any] = MCPServer("tripoint", version=__version__, instructions=INSTRUCTIONS)
    harmless = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in tools(desk):
        server.tool(annotations=harmless)(tool)

    @server.resource("tripoint://fact/{fact}", mime_type="application/json")
    def fact_resource(fact: str) -> dict[str, Any]:
        """One fact with its document and source."""
        return desk.ask("fact", fact=fact)

    @server.resource("tripoint://source/{source}", mime_type="application/json")
    def source_resource(source: str) -> dict[str, Any]:
        """One source: terms, editions, what it covers."""
        return desk.ask("source", source=source)

    @server.resource("tripoint://claim-language", mime_type="text/plain")
    def claim_language() -> str:
        """The language of claims: measures, comparisons, what each may be given."""
        from tripoint.claims.measures import MEASURES

        return "\n".join(f"{name}: {measure.shape}, {measure.meaning}" for name, measure in sorted(MEASURES.items()))

    return server


def http_app(home: Path | None = None, host: str = "127.0.0.1") -> Any:
    """Return the server as an ASGI application that answers at ``/mcp``, each request for itself.

    Raises
    ------
    MissingExtraError
        The extra ``mcp`` is not installed.
    """
    return build_server(home).streamable_http_app(
        json_response=True, stateless_http=True, max_request_body_size=_LARGEST, host=host
    )


def tools(desk: Desk) -> tuple[Callable[..., dict[str, Any]], ...]:
    """Return the nine tools."""

    def find_state(name: str) -> dict[str, Any]:
        """Find a state by name, code or former name: its id, names, codes and dates."""
        return desk.ask("state", state=name)

    def on_record(a: State, b: State, since: int | None = None, kinds: list[str] | None = None) -> dict[str, Any]:
        """What is on record between two states: facts by kind with ids, and what was searched and not found."""
        if kinds:
            return desk.ask("facts", states=[a, b], kinds=kinds, since=since, limit=40)
        return desk.ask("on_record", a=a, b=b, since=since)

    def measure(
        name: Measure, states: list[str], year: int | None = None, since: int | None = None, poles: str | None = None
    ) -> dict[str, Any]:
        """One measure with its interval and newest date. States: two, in order, for relation, tension, depth, exposure,
        demands; patron, client, adversaries for patronage; target, partner, divider for wedge; three for triad;
        one and poles (such as RUS,CHN,West) for autonomy.
        """
        try:
            given = _given(name, states)
        except InputError as error:
            return {"error": str(error)}
        return desk.ask(name, **_taken(name, given | {"year": year, "since": since, "poles": poles}))

    def why_not_found(a: State, b: State, kind: str) -> dict[str, Any]:
        """Why a kind of fact is not on record between two states: none found, searched in part, or not searched."""
        return desk.ask("why", a=a, b=b, kind=kind)

    def weigh_claim(claim: str) -> dict[str, Any]:
        """A shipped claim weighed against the evidence: verdict, range, for, against, what would change it."""
        return desk.ask("claim", claim=claim)

    def verify(statement: str) -> dict[str, Any]:
        """Check one statement, such as 'A has a defense pact with B since 2001': confirmed, contradicted, outside
        coverage or not searched, with facts and what would decide it.
        """
        return desk.ask("verify", text=statement)

    def what_changed(since: str, states: list[str] | None = None) -> dict[str, Any]:
        """New facts, ended ties, moved measures and flipped verdicts since a day (2026-05-01)."""
        return desk.ask("changes", changed_since=since, states=states)

    def fact(id: str) -> dict[str, Any]:
        """One fact by its id: the row, its document with address, the source and its terms."""
        return desk.ask("fact", fact=id)

    def cite(facts: list[str]) -> dict[str, Any]:
        """How to cite the documents and sources of some facts, with terms of use."""
        return desk.ask("citations", cited=facts)

    return (find_state, on_record, measure, why_not_found, weigh_claim, verify, what_changed, fact, cite)


def _given(name: str, states: list[str]) -> dict[str, Any]:
    keys: dict[str, tuple[str, ...]] = {
        "triad": ("a", "b", "c"),
        "wedge": ("a", "b", "by"),
        "autonomy": ("state",),
        "depth": ("pairs",),
        "patronage": ("patron", "client", "against"),
    }
    wanted = keys.get(name, ("a", "b"))
    if name == "relation":
        return {"states": states}
    if name == "depth":
        if len(states) != 2:
            raise InputError("depth takes two states")
        return {"pairs": "-".join(states)}
    if name == "patronage" and len(states) > 2:
        return {"patron": states[0], "client": states[1], "against": states[2:]}
    if len(states) != len(wanted):
        raise InputError(f"{name} takes {len(wanted)} states ({', '.join(wanted)}), not {len(states)}")
    return dict(zip(wanted, states, strict=True))


def _taken(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Only the keys that the question takes; one that it does not take is refused where it was given."""
    taken = registry.asked(name).question.keys()
    return {key: value for key, value in given.items() if key in taken or value is not None}
