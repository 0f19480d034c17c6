"""What every request and response passes: the host's name, the method, and headers that keep a page to itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Names under which a server on this machine may be asked; others are refused, which stops DNS rebinding.
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
LONGEST_TARGET = 6000

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """Refuse what is not a plain question from this host, and set the headers of every response.

    Parameters
    ----------
    app
        What is guarded.
    names
        Host names that are answered.
    """

    def __init__(self, app: App, names: frozenset[str] = LOCAL_NAMES) -> None:
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await (refused or self.app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> App | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        name = _host_name(hosts[0].decode("latin-1")) if len(hosts) == 1 else ""
        if name not in self.names:
            return PlainTextResponse("This server answers only under its own name.\n", 421)
        if scope["method"] not in ("GET", "HEAD") and scope["path"] != "/mcp":
            return PlainTextResponse("Only GET and HEAD.\n", 405, {"allow": "GET, HEAD"})
        if len(scope.get("raw_path", b"")) + len(scope.get("query_string", b"")) > LONGEST_TARGET:
            return PlainTextResponse("The address is too long.\n", 414)
        return None


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].casefold() + "]"
    return host.partition(":")[0].casefold()
