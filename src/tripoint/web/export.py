"""The site as a folder: the same pages, with relative links, for any static host or none."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from tripoint.answers.registry import read
from tripoint.errors import InputError, TripointError
from tripoint.web.addresses import FORMS, address_of, split_form
from tripoint.web.service import Service, static_files
from tripoint.web.site import FILES, Site, file_of

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Forms that are written beside each page of a pair, a state or an argument; others are had from a server.
WRITTEN = ("json", "csv")
#: Subjects whose pages are written without other forms, since there are thousands of them.
BARE = frozenset({"fact"})


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    pages: int
    bytes: int
    folder: Path


def export(home: Path | None, folder: Path, *, base: str = "", today: date | None = None) -> Exported:
    """Write the whole site of a store to a folder.

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

    Raises
    ------
    InputError
        The folder holds something else.
    """
    stamp = folder / ".tripoint-site"
    if folder.exists() and any(folder.iterdir()) and not stamp.exists():
        raise InputError(f"{folder} holds other files; name an empty or new folder")
    day = today or date.today()
    service = Service(home, today=lambda: day)
    pages = tuple(dict.fromkeys(addresses(service)))
    known = {split_form(urlsplit(p).path)[0] for p in pages}
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(service.evidence().hash + "\n", "utf-8")
    written = 0
    for address in pages:
        written += _write_page(service, address, folder, known)
    for name, file in static_files().items():
        written += _write(folder / "-" / "files" / name, file.read_bytes())
    written += _write(folder / "sitemap.xml", _sitemap(pages, base, day).encode())
    written += _write(folder / "llms.txt", _llms(service, pages).encode())
    written += _write(folder / "-" / "search.json", _index(service, pages).encode())
    return Exported(len(pages), written, folder)


def addresses(service: Service) -> Iterable[str]:
    """Addresses of all pages that a folder holds."""
    evidence = service.evidence()
    yield "/"
    yield from ("/states", "/pairs", "/arguments", "/sources", "/coverage", "/method", "/search")
    from tripoint.web import docs

    yield from (f"/method/{name}" for name in docs.titles())
    for subject, given in _questions(evidence):
        try:
            yield address_of(read(subject, given))
        except TripointError:
            continue


def _questions(evidence: Evidence) -> Iterable[tuple[str, dict[str, str]]]:
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import library

    pairs = evidence.sql(
        "SELECT DISTINCT state_a, state_b FROM (SELECT state_a, state_b FROM commitments UNION ALL "
        "SELECT state_a, state_b FROM events) WHERE state_b IS NOT NULL ORDER BY 1, 2"
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
    for table in ("commitments", "events", "positions", "flows", "attributes"):
        for (fact,) in evidence.sql(f'SELECT fact_id FROM "{table}" ORDER BY 1').iter_rows():
            yield "fact", {"fact": fact}


def _write_page(service: Service, address: str, folder: Path, known: set[str]) -> int:
    here = file_of(address)
    target = folder / (here if here.name == "index.html" else here.parent / (here.name + ".html"))
    service.site = Site(lambda to: _relative(to, address, known))
    path, _, query = address.partition("?")
    reply = service.reply(path, query)
    if reply.status == 301:
        return 0
    size = _write(target, reply.body)
    subject = path.strip("/").partition("/")[0]
    if subject in BARE or reply.status != 200:
        return size
    for form in WRITTEN:
        other = service.reply(f"{path}.{form}", query)
        if other.status == 200:
            size += _write(folder / f"{here}.{form}", other.body)
    return size


def _relative(to: str, here: str, known: set[str]) -> str:
    """Relative link from a page to an address; empty where the folder holds nothing there."""
    parts = urlsplit(to)
    if parts.path.startswith(FILES):
        target = str(file_of(to))
    else:
        stem, form = split_form(parts.path)
        if stem not in known or (form and form not in WRITTEN):
            return ""
        held = file_of(stem)
        target = f"{held}.{form}" if form else str(held if held.name == "index.html" else f"{held}.html")
    start = posixpath.dirname(str(file_of(here)))
    link = posixpath.relpath(target, start or ".")
    return link.replace("%", "%25") + (f"#{parts.fragment}" if parts.fragment else "")


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


def _index(service: Service, pages: Iterable[str]) -> str:
    """Words and page of all states, pairs, arguments, claims and sources."""
    from tripoint import states

    rows = []
    for page in pages:
        subject, _, name = page.strip("/").partition("/")
        if subject == "state":
            rows.append([states.find(name).name, _html(page)])
        elif subject == "pair":
            rows.append([" and ".join(states.find(s).name for s in name.split("-")), _html(page)])
        elif subject in ("claim", "argument", "source", "method"):
            rows.append([f"{subject}: {name}", _html(page)])
    return json.dumps(rows, ensure_ascii=False, indent=0) + "\n"


__all__ = ["FORMS", "Exported", "addresses", "export"]
