"""From an address to bytes: the same for a server and for a folder of files."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tripoint import ask
from tripoint.answers import registry
from tripoint.errors import TripointError, UnknownNameError
from tripoint.web.addresses import FORMS, address_of, question_at, split_form
from tripoint.web.drawing import template
from tripoint.web.forms import in_form
from tripoint.web.pages import Page, page_of
from tripoint.web.site import FILES, Site, form_address

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.answers.question import Question
    from tripoint.evidence.query import Evidence

HTML = "text/html; charset=utf-8"
_FILE_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
#: Seconds after which the store is looked at again for newer evidence.
LOOK_AGAIN = 1.0
#: Bytes of evidence up to which a folder of pages is written from memory.
HELD = 100_000_000
#: Bytes of finished pages that are kept.
MOST_KEPT = 64_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent: status, type, body, and where to go instead (for 301)."""

    status: int
    media: str
    body: bytes
    location: str = ""
    lasting: bool = False


class Service:
    """Answers addresses from one store of evidence.

    Parameters
    ----------
    home
        Folder of the store; None for the default.
    site
        Where links lead.
    today
        Day on which pages are read; a function, since a server outlives a day.
    keep
        Whether pages, and answers that took long, are kept; not where each is asked for once.
    """

    def __init__(
        self,
        home: Path | None = None,
        site: Site | None = None,
        today: Callable[[], date] = date.today,
        *,
        keep: bool = True,
    ) -> None:
        self.home = home
        self.site = site or Site()
        self.today = today
        self.keep = keep
        self._own = threading.local()
        self._kept: OrderedDict[tuple[str, ...], Reply] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def evidence(self) -> Evidence:
        """The evidence as it stands in the store, opened once a thread and again when it changes."""
        from tripoint.pipeline import open_evidence

        own = self._own
        now = time.monotonic()
        if getattr(own, "evidence", None) is None or now - own.looked > LOOK_AGAIN:
            opened = open_evidence(self.home)
            if getattr(own, "evidence", None) is None or opened.hash != own.evidence.hash:
                own.evidence = opened if self.keep else _in_memory(opened)
            own.looked = now
        evidence: Evidence = own.evidence
        return evidence

    def answer(self, question: Question) -> Answer:
        """Answer a question from this thread's evidence; the last is held, since its forms are asked for next."""
        evidence, own = self.evidence(), self._own
        key = (evidence.hash, str(self.today()), question)
        if getattr(own, "last", None) is None or own.last[0] != key:
            made = ask.answer(evidence, question) if self.keep else registry.answer(evidence, question)
            own.last = (key, made)
        found: Answer = own.last[1]
        return found

    def reply(self, path: str, query: str = "") -> Reply:
        """Return what stands at an address; an error of ours becomes a page that says it."""
        if path.startswith(FILES + "/"):
            return _file(path.removeprefix(FILES + "/"))
        try:
            key = (path, query, self.evidence().hash, str(self.today()))
            if (kept := self._kept_reply(key)) is not None:
                return kept
            made = self._reply(path, query)
        except UnknownNameError as error:
            return self._error(404, "Nothing here", str(error), path)
        except TripointError as error:
            return self._error(400, "This question cannot be answered", str(error), path)
        if self.keep:
            self._keep(key, made)
        return made

    def _reply(self, path: str, query: str) -> Reply:
        from tripoint.web import arrange, claim_page, scenario_page, special

        stem, form = split_form(path)
        if (other := special.page_at(self, stem, form, query)) is not None:
            return other
        own = claim_page.own_values(stem, query, self) or scenario_page.own_ranges(stem, query)
        if own is not None:
            return Reply(301, HTML, b"", own)
        steps = stem.strip("/").split("/", 1)
        question, at = question_at(steps[0], steps[1] if len(steps) > 1 else "", query)
        canonical = address_of(question)
        wanted = form_address(canonical, form) if form else canonical
        if at:
            wanted += f"{'&' if '?' in canonical else '?'}at={at}"
        if unquote(wanted) != unquote(path + (f"?{query}" if query else "")):
            return Reply(301, HTML, b"", wanted)
        if form == "atom" and question.subject == "changes":
            return Reply(200, FORMS[form], special.feed(self, question).encode())
        answer = self.answer(question)
        if form:
            return Reply(200, FORMS[form], in_form(answer, form))
        page = page_of(answer, self.site, today=self.today(), asked_at=at)
        return self.html(arrange.template_of(question.subject), arrange.arranged(page, answer, self))

    def html(self, name: str, page: Page, status: int = 200) -> Reply:
        """A page drawn by a template."""
        return Reply(status, HTML, template(name).render(page=page, site=self.site).encode())

    def _error(self, status: int, heading: str, words: str, path: str) -> Reply:
        form = split_form(path)[1]
        if form:
            return Reply(status, "text/plain; charset=utf-8", (words + "\n").encode())
        return self.html("error.html", Page("error", heading, heading, dek=words), status)

    def _kept_reply(self, key: tuple[str, ...]) -> Reply | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: tuple[str, ...], reply: Reply) -> None:
        if len(reply.body) > MOST_KEPT // 20:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = reply
            self._size += len(reply.body)
            while self._size > MOST_KEPT:
                self._size -= len(self._kept.popitem(last=False)[1].body)


def _in_memory(evidence: Evidence) -> Evidence:
    """Evidence held in memory, where it is small enough: every page of it will be asked for."""
    from tripoint.evidence.in_memory import hold_in_memory
    from tripoint.record import TABLES

    size = sum(
        (evidence.home / "store" / edition.folder / part.file).stat().st_size
        for edition in evidence.editions
        for table in TABLES
        if (part := edition.parts.get(table)) is not None
    )
    return hold_in_memory(evidence, since=1, until=9998) if size <= HELD else evidence


def static_files() -> dict[str, Any]:
    """The files that pages link to, by name: style, script, mark and fonts."""
    static = resources.files("tripoint.web") / "static"
    fonts = resources.files("tripoint.chart") / "fonts"
    found = {f.name: f for f in static.iterdir() if Path(f.name).suffix in _FILE_TYPES}
    return found | {f.name: f for f in fonts.iterdir() if f.name.endswith(".woff2")}


def _file(name: str) -> Reply:
    found = static_files().get(name)
    if found is None:
        return Reply(404, "text/plain; charset=utf-8", b"No such file.\n")
    return Reply(200, _FILE_TYPES[Path(name).suffix], found.read_bytes(), lasting=True)
