"""The site as files: every link leads to a file that is there, and the same evidence gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tripoint.errors import InputError
from tripoint.web import export as exporting
from tripoint.web.export import export

SOME = (
    "/",
    "/pairs",
    "/arguments",
    "/search",
    "/pair/CHN-RUS",
    "/pair/IND-RUS",
    "/state/IND",
    "/method/depth",
    "/method",
)


class Links(HTMLParser):
    """Links and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.links += [v for name in ("href", "src", "action") if (v := given.get(name)) is not None]
        if given.get("id"):
            self.ids.add(str(given["id"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of some pages, with the facts of two pairs."""
    folder = tmp_path_factory.mktemp("export")
    patch = pytest.MonkeyPatch()
    whole = exporting.fact_groups
    patch.setattr(exporting, "addresses", lambda service: SOME)
    patch.setattr(exporting, "fact_groups", lambda e: {k: v for k, v in whole(e).items() if k in ("CHN-RUS", "IND")})
    made = export(folder / "home", folder / "site", base="https://example.org/t", today=date(2026, 11, 30), workers=1)
    assert made.pages == len(SOME) + 2
    export(folder / "home", folder / "again", base="https://example.org/t", today=date(2026, 11, 30), workers=1)
    patch.undo()
    return folder / "site"


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = {p: Links(p.read_text("utf-8")) for p in site.rglob("*.html")}
    broken = []
    for page, found in pages.items():
        for link in found.links:
            parts = urlsplit(link)
            if not link:
                broken.append((str(page.relative_to(site)), "a link without an address"))
            if parts.scheme or not link or link.startswith("#"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not target.is_file() or (parts.fragment and target in pages and parts.fragment not in pages[target].ids):
                broken.append((str(page.relative_to(site)), link))
    assert broken == []


def test_facts_of_a_pair_stand_at_their_anchors(site: Path) -> None:
    text = (site / "pair" / "CHN-RUS.html").read_text("utf-8")
    assert re.search(r'href="\.\./facts/CHN-RUS\.html#[^"]+"', text)
    assert 'href="../pair/CHN-RUS.csv"' in text or 'href="CHN-RUS.csv"' in text
    assert (site / "pair" / "CHN-RUS.json").is_file()


def test_the_same_evidence_gives_the_same_bytes(site: Path) -> None:
    def sums(folder: Path) -> dict[str, str]:
        return {
            str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(folder.rglob("*"))
            if p.is_file()
        }

    assert sums(site) == sums(site.parent / "again")


def test_the_site_says_what_it_is(site: Path) -> None:
    assert "<loc>https://example.org/t/pair/CHN-RUS.html</loc>" in (site / "sitemap.xml").read_text("utf-8")
    assert "None found" in (site / "llms.txt").read_text("utf-8")
    assert "application/ld+json" in (site / "pair" / "CHN-RUS.html").read_text("utf-8")


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(InputError, match="holds other files"):
        export(None, tmp_path)
