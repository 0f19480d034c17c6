"""The site as a folder: the same pages, with relative links, for any static host or none."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from tripoint.answers.making import names
from tripoint.answers.registry import read
from tripoint.errors import InputError, TripointError
from tripoint.evidence.in_memory import InMemory
from tripoint.web.addresses import address_of, split_form
from tripoint.web.pages import Page
from tripoint.web.service import Service, static_files
from tripoint.web.site import FILES, Site, file_of

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Forms that are written beside each page; others are had from a server.
WRITTEN = ("json", "csv")
#: Lists, and pages that are none of one state, pair or claim.
_FIXED = ("/", "/states", "/pairs", "/arguments", "/sources", "/scenarios", "/coverage", "/method", "/search")
#: JSON of an answer up to which it is written whole [bytes].
LONG_JSON = 24_000
#: Parts of a result that its rows hold too, or that stand on pages of their own.
_IN_ROWS = frozenset({"on_record", "depth", "exposure", "tests"})
_STANDING = ("states", "years", "mean", "low", "high", "newest", "method")
#: Short answers of the store that are kept between pages.
MOST_ANSWERS = 4000
#: Processes that write pages; more than there are cores gain nothing.
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: its pages and their size."""

    pages: int
    bytes: int
    folder: Path


@dataclass(frozen=True, slots=True)
class _Job:
    home: Path | None
    folder: Path
    today: date
    known: frozenset[str]
    anchors: dict[str, str]


def export(
    home: Path | None, folder: Path, *, base: str = "", today: date | None = None, workers: int = WORKERS
) -> Exported:
    """Write the whole site of a store to a folder.

    Facts stand on one page a pair or state, each at its own anchor; everything else has the page that a server gives.

    Parameters
    ----------
    home
        Folder of the store.
    folder
        Where to write; must be absent, empty, or a folder that was written so before.
    base
        Address at which the folder will be served, for ``sitemap.xml``; may be empty.
    today
        Day that pages take for today.
    workers
        Processes; 1 writes in this one.

    Raises
    ------
    InputError
        The folder holds something else.
    """
    stamp = folder / ".tripoint-site"
    if folder.exists() and any(folder.iterdir()) and not stamp.exists():
        raise InputError(f"{folder} holds other files; name an empty or new folder")
    day = today or date.today()
    service = Service(home, today=lambda: day, keep=False)
    groups = fact_groups(service.evidence())
    pages = tuple(dict.fromkeys(addresses(service)))
    known = frozenset(split_form(urlsplit(p).path)[0] for p in pages) | {f"/facts/{name}" for name in groups}
    anchors = {fact: f"/facts/{name}" for name, facts in groups.items() for fact in facts}
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(service.evidence().hash + "\n", "utf-8")
    job = _Job(home, folder, day, known, anchors)
    tasks = [*pages, *(f"/facts/{name}" for name in groups)]
    written = sum(_in_processes(job, tasks, workers))
    for name, file in static_files().items():
        written += _write(folder / "-" / "files" / name, file.read_bytes())
    written += _write(folder / "sitemap.xml", _sitemap(tasks, base, day).encode())
    written += _write(folder / "llms.txt", _llms(service, pages).encode())
    return Exported(len(tasks), written, folder)


def _in_processes(job: _Job, tasks: list[str], workers: int) -> list[int]:
    if workers == 1:
        _start(job)
        return [_task(address) for address in tasks]
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(workers, _start, (job,)) as pool:
        return pool.map(_task, tasks, chunksize=8)


_STATE: dict[str, Any] = {}


def _start(job: _Job) -> None:
    _STATE["job"] = job
    _STATE["service"] = Service(job.home, today=lambda: job.today, keep=False)
    _STATE["groups"] = fact_groups(_STATE["service"].evidence())


def _task(address: str) -> int:
    """Write one page and its forms; returns the bytes."""
    job: _Job = _STATE["job"]
    service: Service = _STATE["service"]
    if isinstance(held := service.evidence(), InMemory):
        held.forget(MOST_ANSWERS)
    service.site = Site(lambda to: _relative(to, address, job))
    here = file_of(address)
    target = job.folder / (here if here.name == "index.html" else here.parent / (here.name + ".html"))
    if address.startswith("/facts/"):
        return _write(target, facts_page(service, address, _STATE["groups"][address.removeprefix("/facts/")]))
    path, _, query = address.partition("?")
    if path == "/search":
        return _write(target, search_page(service, job.known))
    reply = service.reply(path, query)
    if reply.status == 301:
        return 0
    size = _write(target, reply.body)
    for form in WRITTEN if reply.status == 200 else ():
        other = service.reply(f"{path}.{form}", query)
        if other.status == 200:
            body = _short(other.body) if form == "json" else other.body
            size += _write(job.folder / f"{here}.{form}", body)
    return size


def _short(body: bytes) -> bytes:
    """JSON without spaces; of a long answer what no table beside it holds, and how to get the rest.

    A pair's facts are in its CSV file; what is left is how the two stand, year by year.
    """
    answer = json.loads(body)
    if len(body) > LONG_JSON and isinstance(answer["result"], dict):
        result = answer["result"]
        answer["result"] = {k: v for k, v in result.items() if k not in _IN_ROWS}
        if isinstance(relation := result.get("relation"), dict):
            answer["result"]["relation"] = {k: relation[k] for k in _STANDING if k in relation}
        answer["left_out"] = [*sorted(_IN_ROWS & result.keys()), "parts of relation"]
        answer["whole"] = f"tripoint {answer['question']['subject']} --json"
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def addresses(service: Service) -> Iterable[str]:
    """Addresses of all pages that a folder holds, facts apart."""
    from tripoint.web import docs

    yield from _FIXED
    yield from (f"/method/{name}" for name in docs.titles())
    for subject, given in _questions(service.evidence()):
        try:
            yield address_of(read(subject, given))
        except TripointError:
            continue


def _questions(evidence: Evidence) -> Iterable[tuple[str, dict[str, str]]]:
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import library

    pairs = evidence.sql(
        "SELECT DISTINCT least(state_a, state_b) AS a, greatest(state_a, state_b) AS b FROM ("
        "SELECT state_a, state_b FROM commitments UNION ALL SELECT state_a, state_b FROM events) "
        "WHERE state_b IS NOT NULL ORDER BY 1, 2"
    )
    for a, b in pairs.iter_rows():
        yield "pair", {"a": a, "b": b}
    for state in sorted({s for row in pairs.iter_rows() for s in row}):
        yield "state", {"state": state}
    for path in library():
        yield "argument", {"argument": path.stem}
        for claim in read_claims(path).claims:
            yield "claim", {"claim": claim.id}
    for edition in evidence.editions:
        yield "source", {"source": edition.source_id}


def fact_groups(evidence: Evidence) -> dict[str, list[str]]:
    """Fact ids by the page that they stand on: ``CHN-RUS`` for facts of two states, ``IND`` for those of one."""
    groups: dict[str, list[str]] = {}
    for table, sides in (
        ("commitments", "state_a, state_b"),
        ("events", "state_a, state_b"),
        ("flows", "state_a, state_b"),
        ("positions", "state, NULL"),
        ("attributes", "state, NULL"),
    ):
        for fact, a, b in evidence.sql(f'SELECT fact_id, {sides} FROM "{table}" ORDER BY fact_id').iter_rows():
            groups.setdefault("-".join(sorted(filter(None, (a, b)))), []).append(fact)
    return groups


def facts_page(service: Service, address: str, facts: list[str]) -> bytes:
    """The page of all facts of a pair or a state, each with its document, at an anchor of its own."""
    from tripoint.evidence.citing import documents_of

    evidence = service.evidence()
    documents = documents_of(evidence)
    found = evidence.facts(states=address.removeprefix("/facts/").split("-"))
    wanted = set(facts)
    rows = [
        _fact_row(row, documents.get(row["origin"] or row["source_id"]) or {}, service.today())
        for row in found.iter_rows(named=True)
        if row["fact_id"] in wanted
    ]
    rows.sort(key=lambda row: (row["when"], row["id"]), reverse=True)
    both = names(address.removeprefix("/facts/").split("-"))
    page = Page("facts", f"Facts: {both}", f"Facts on record: {both}", "Pairs", extra={"rows": rows})
    return service.html("facts.html", page).body


def _fact_row(row: Mapping[str, Any], document: Mapping[str, Any], today: date) -> dict[str, str]:
    from tripoint.answers.facts_told import when
    from tripoint.answers.pair import told

    return {
        "id": row["fact_id"],
        "anchor": anchor_of(row["fact_id"]),
        "when": when(row, today),
        "kind": row["kind"],
        "what": told(row),
        "says": row.get("says") or "",
        "document": document.get("citation") or row["source_id"],
        "url": document.get("url") or "",
        "grade": document.get("grade") or "",
    }


def search_page(service: Service, known: Iterable[str]) -> bytes:
    """A list of everything, to be filtered in the browser or searched by its own means."""
    rows = []
    for path in sorted(known):
        subject, _, name = path.strip("/").partition("/")
        words = ""
        if subject in ("state", "pair"):
            words = names(name.split("-")) + f" ({name})"
        elif subject in ("claim", "argument", "source", "method"):
            words = f"{subject}: {name}"
        if words:
            rows.append((words, service.site.href(path)))
    page = Page("search", "Search", "Search", extra={"rows": rows})
    return service.html("everything.html", page).body


def _relative(to: str, here: str, job: _Job) -> str:
    """Relative link from a page to an address; empty where the folder holds nothing there."""
    parts = urlsplit(to)
    fragment = parts.fragment
    if parts.path.startswith(FILES):
        target = str(file_of(to))
    else:
        stem, form = split_form(parts.path)
        if stem.startswith("/fact/"):
            source, _, locator = stem.removeprefix("/fact/").partition("/")
            fact = f"{unquote(source)}#{unquote(locator)}"
            stem, fragment, form = job.anchors.get(fact, ""), anchor_of(fact), ""
        if stem not in job.known or (form and form not in WRITTEN):
            return ""
        held = file_of(stem)
        target = f"{held}.{form}" if form else str(held if held.name == "index.html" else f"{held}.html")
    start = posixpath.dirname(str(file_of(here)))
    link = posixpath.relpath(target, start or ".")
    return link.replace("%", "%25") + (f"#{fragment}" if fragment else "")


def anchor_of(fact: str) -> str:
    """Id of a fact on its page."""
    return re.sub(r"[^\w.-]+", "-", fact.partition("#")[2]) or "fact"


def _write(path: Path, body: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return len(body)


def _sitemap(pages: Iterable[str], base: str, day: date) -> str:
    root = base.rstrip("/")
    rows = "".join(f"<url><loc>{escape(root + '/' + _html(p))}</loc><lastmod>{day}</lastmod></url>" for p in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>\n'


def _html(address: str) -> str:
    held = file_of(address)
    return str(held if held.name == "index.html" else f"{held}.html").replace("%", "%25")


def _llms(service: Service, pages: Iterable[str]) -> str:
    head = (
        "# Tripoint\n\n> How states align and what would move them apart, measured from the public record. "
        "Every number leads to the row and the document it came from.\n\n"
        f"Evidence {service.evidence().hash[:12]}. Each page of a pair has its data at the same address with .json or "
        '.csv. "None found" means that a complete list was searched; "not searched" means that nothing follows.\n'
    )
    wanted = [p for p in pages if p.startswith(("/pair/", "/claim/", "/argument/", "/method/"))]
    return head + "\n## Pages\n\n" + "".join(f"- [{p.strip('/')}]({_html(p)})\n" for p in wanted)
