"""The server: one guarded application over :class:`tripoint.web.service.Service`."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from tripoint.web.safety import LOCAL_NAMES, App, Guard, Receive, Scope, Send
from tripoint.web.service import HTML, Reply, Service

#: Seconds after which a reader is told that a question takes longer; the work goes on and its page is kept.
PATIENCE = 20.0
#: Questions that are worked on at once.
WORKERS = 2
_COMPRESSED = ("text/", "application/json", "image/svg+xml", "application/xml", "application/atom+xml")
_LEAST_COMPRESSED = 1000
_log = logging.getLogger("tripoint.web")


def build_app(service: Service, *, names: frozenset[str] = LOCAL_NAMES, mcp: App | None = None) -> App:
    """Return the ASGI application.

    Parameters
    ----------
    service
        What answers.
    names
        Host names that are answered.
    mcp
        Application that answers at ``/mcp``, where asked for.
    """
    limiter = anyio.CapacityLimiter(WORKERS)
    squeezed: dict[int, tuple[bytes, bytes]] = {}

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await (mcp(scope, receive, send) if mcp is not None else _lifespan(receive, send))
            return
        if scope["path"] == "/mcp" and mcp is not None:
            await mcp(scope, receive, send)
            return
        request = Request(scope)
        path = scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or "/"
        query = scope["query_string"].decode("latin-1")
        reply = await _work(service, limiter, path, query)
        body, headers = _body(reply, request, squeezed)
        response = Response(body, reply.status, headers, reply.media)
        if request.method == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    return Guard(application, names)


async def _work(service: Service, limiter: anyio.CapacityLimiter, path: str, query: str) -> Reply:
    try:
        with anyio.fail_after(PATIENCE):
            return await run_sync(partial(service.reply, path, query), abandon_on_cancel=True, limiter=limiter)
    except TimeoutError:
        words = "This question takes longer than a page waits. The answer is being made: ask again in a minute."
        return service._error(503, "Not ready yet", words, path)
    except Exception:
        _log.exception("a page failed: %s", path)
        return service._error(500, "Something is wrong on our side", "The server's log says what.", path)


def _body(reply: Reply, request: Request, squeezed: dict[int, tuple[bytes, bytes]]) -> tuple[bytes, Mapping[str, str]]:
    headers = {"cache-control": "public, max-age=31536000, immutable" if reply.lasting else "no-cache"}
    if reply.location:
        headers["location"] = reply.location
    if reply.status == 503:
        headers["retry-after"] = "30"
    body = reply.body
    plain = len(body) < _LEAST_COMPRESSED or not reply.media.startswith(_COMPRESSED)
    headers["vary"] = "accept-encoding"
    if not plain and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        # a page that is kept is squeezed once; the body itself is held beside its squeezed form, so that ids stay true
        held = squeezed.get(id(body))
        if held is None or held[0] is not body:
            if len(squeezed) > 500:
                squeezed.clear()
            held = squeezed[id(body)] = (body, gzip.compress(body, 6, mtime=0))
        body = held[1]
    return body, headers


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message: Any = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return


__all__ = ["HTML", "PATIENCE", "build_app"]
