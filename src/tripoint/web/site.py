"""Where links lead: to addresses of a server, or to files of a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from tripoint.answers.question import Question
from tripoint.answers.registry import QUESTIONS, read
from tripoint.errors import TripointError
from tripoint.web.addresses import AT, IN_PATH, address_of

#: Sections of the site, in the order of its head, and the address of each.
SECTIONS = (
    ("States", "/states"),
    ("Pairs", "/pairs"),
    ("Arguments", "/arguments"),
    ("Coverage", "/coverage"),
    ("Changes", "/changes"),
    ("Method", "/method"),
)
FILES = "/-/files"


@dataclass(frozen=True, slots=True)
class Site:
    """The addresses of one site.

    Attributes
    ----------
    place
        From an address of the server to what stands in a link: the same on a server, a relative path in a folder;
        empty where the folder holds no such page.
    version
        What is put behind the names of files so that browsers fetch new ones.
    """

    place: Callable[[str], str] = lambda address: address
    version: str = ""

    def href(self, address: str) -> str:
        """Link to a page of the site by its address, ``start`` for the start page."""
        return self.place("/" if address == "start" else address)

    def file(self, name: str) -> str:
        """Link to a file that ships with the pages."""
        found = self.place(f"{FILES}/{name}")
        return f"{found}?v={self.version}" if self.version else found

    def sections(self) -> tuple[tuple[str, str], ...]:
        """Names and links of the sections."""
        return tuple((name, link) for name, address in SECTIONS if (link := self.place(address)))

    def section(self, name: str) -> str:
        """Link to a section."""
        return next((self.place(address) for known, address in SECTIONS if known == name), "")

    def search(self) -> str:
        """Where the search form leads."""
        return self.place("/search")

    def address(self, question: Question) -> str:
        """Address of a question on the server."""
        return address_of(question)

    def form(self, address: str, form: str) -> str:
        """Link to a page in another form."""
        return self.place(form_address(address, form))

    def permanent(self, address: str, evidence: str) -> str:
        """The address with the evidence in it."""
        return f"{address}{'&' if '?' in address else '?'}{AT}={evidence}"

    def link(self, target: str) -> str | None:
        """Link to what a row or a line is on: ``fact/ID``, ``pair/CHN-RUS``, ``claim/ID``; None where there is none."""
        subject, _, name = target.partition("/")
        if subject not in QUESTIONS:
            return self.place(f"/{target}") or None
        try:
            keys = IN_PATH.get(subject, ())
            values = name.split("-") if len(keys) > 1 else [name]
            return self.place(address_of(read(subject, dict(zip(keys, values, strict=True))))) or None
        except (TripointError, ValueError):
            return None


def form_address(address: str, form: str) -> str:
    """Address of a page in another form: the ending stands before the question mark."""
    parts = urlsplit(address)
    path = "/start" if parts.path == "/" else parts.path
    return f"{path}.{form}" + (f"?{parts.query}" if parts.query else "")


def file_of(address: str) -> PurePosixPath:
    """File of a folder that holds the page, or the form of a page, at an address."""
    path = urlsplit(address).path
    if path == "/":
        return PurePosixPath("index.html")
    if path.startswith(FILES):
        return PurePosixPath("-/files") / path.removeprefix(FILES + "/")
    return PurePosixPath(_safe(path.lstrip("/")))


def _safe(path: str) -> str:
    """Path whose steps any file system and static host can hold; quoted characters stay quoted, colons get quoted."""
    steps = [quote(step, safe="@=,+._-") if step not in (".", "..") else "-" for step in path.split("/")]
    return "/".join(steps)
