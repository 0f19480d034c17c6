"""Addresses that nobody would write: ``python benchmarks/web_fuzz.py [REQUESTS] [SEED]``, store in ``TRIPOINT_HOME``.

Hypothesis makes paths and queries from the typed keys of every question, right and wrong, and from noise, and asks the
application in process. Prints how many were asked, the count of each status, the slowest, and every address that was
answered with 500 or more. A status of 503 is a question that took longer than a page waits: it is listed apart.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tripoint.answers.keys import KEYS
from tripoint.answers.registry import QUESTIONS
from tripoint.web.addresses import FORMS, IN_PATH
from tripoint.web.app import build_app
from tripoint.web.safety import App
from tripoint.web.service import Service

_STATES = ["RUS", "CHN", "IND", "USA", "russia", "Côte d'Ivoire", "YUG", "ZZZ", "", "RUS-", "-", "cow:365", "365"]
_WORDS = [
    "defense pact",
    "starter",
    "no-mutual-defense",
    "find",
    "..",
    "/etc/passwd",
    "%2e%2e",
    "<b>",
    "'",
    '"; DROP',
    "\x00",
]
_NUMBERS = ["0", "1", "-1", "1990", "2024", "99999", "1e9", "nan", "inf", "0.5", "０", "2200-01-01", "2024-02-30"]

noise = st.text(max_size=40)
state = st.sampled_from(_STATES)
value = st.one_of(state, st.sampled_from(_WORDS), st.sampled_from(_NUMBERS), noise)
#: Values that a key of each form would take.
fitting = {
    "state": state,
    "states": st.lists(state, max_size=5).map(",".join),
    "pairs": st.lists(st.tuples(state, state).map("-".join), max_size=4).map(",".join),
    "poles": st.sampled_from(["RUS,CHN,West", "RUS,CHN", "A=B", "West", "RUS,CHN,Asia=JPN+KOR"]),
    "year": st.sampled_from(_NUMBERS),
    "time": st.sampled_from(_NUMBERS),
    "day": st.sampled_from(_NUMBERS),
    "count": st.sampled_from(_NUMBERS),
    "number": st.sampled_from(_NUMBERS),
    "range": st.sampled_from(["0.1-0.5", "0.5-0.1", "1", "-", "0-2"]),
    "flag": st.sampled_from(["yes", "no", "true", "2"]),
}
#: Questions whose work grows with their numbers: asked with small ones, since what they bound is tested elsewhere.
_HEAVY = {"war", "council", "ideal_points", "lasting", "argument", "scan", "world", "brief", "balance"}


@st.composite
def addresses(draw: st.DrawFn) -> tuple[str, str]:
    """A path and a query."""
    if draw(st.integers(0, 9)) == 0:
        return "/" + quote(draw(noise)), quote(draw(noise), safe="=&")
    subject = draw(st.sampled_from([s for s in sorted(QUESTIONS) if s not in _HEAVY or draw(st.integers(0, 19)) == 0]))
    known = QUESTIONS[subject]
    names = IN_PATH.get(subject, ())

    def one(name: str) -> str:
        form = KEYS[name].form
        return draw(fitting[form]) if form in fitting and draw(st.integers(0, 4)) else draw(value)

    place = "-".join(quote(one(name), safe="") for name in names)
    path = f"/{known.word}" + (f"/{place}" if names else "")
    if draw(st.integers(0, 3)) == 0:
        path += "." + draw(st.sampled_from([*FORMS, "exe"]))
    others = [name for name in known.question.keys() if name not in names]  # noqa: SIM118
    chosen = draw(st.lists(st.sampled_from(others), max_size=3, unique=True)) if others else []
    query = {name: one(name) for name in chosen}
    if draw(st.integers(0, 9)) == 0:
        query[draw(noise)] = draw(value)
    return path, urlencode(query)


def ask(app: App, path: str, query: str, host: bytes = b"testserver") -> tuple[int, bytes]:
    """Ask the application for one address, without a server; returns status and body."""
    status, body = 0, bytearray()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: object) -> None:
        nonlocal status
        assert isinstance(message, dict)
        status = message.get("status", status)
        body.extend(message.get("body", b""))

    raw = path.encode("latin-1", "replace")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": raw,
        "query_string": query.encode("latin-1", "replace"),
        "headers": [(b"host", host)],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    return status, bytes(body)


def run(service: Service, requests: int, start: int) -> tuple[Counter[int], list[tuple[int, str]], tuple[float, str]]:
    """Ask for that many addresses; returns the count of each status, failures, and the slowest."""
    app = build_app(service, names=frozenset({"testserver"}))
    counts: Counter[int] = Counter()
    failed: list[tuple[int, str]] = []
    slowest = (0.0, "")

    @seed(start)
    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(addresses())
    def each(address: tuple[str, str]) -> None:
        nonlocal slowest
        path, query = address
        began = time.perf_counter()
        status, body = ask(app, path, query)
        slowest = max(slowest, (time.perf_counter() - began, f"{path}?{query}"))
        counts[status] += 1
        if status >= 500 or b"Traceback" in body:
            failed.append((status, f"{path}?{query}"))

    each()
    return counts, failed, slowest


def main() -> None:
    """Ask and print."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.process_time()
    counts, failed, slowest = run(Service(), requests, start)
    print(
        f"{sum(counts.values()):,} requests in {time.process_time() - began:,.0f} s CPU: {dict(sorted(counts.items()))}"
    )
    print(f"slowest {slowest[0]:.1f} s: {slowest[1]}")
    errors = [(status, address) for status, address in failed if status != 503]
    print(f"{len(errors)} errors of the server, {len(failed) - len(errors)} not ready in time")
    for status, address in failed[:50]:
        print(status, address)
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
