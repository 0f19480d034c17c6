"""The brief in a real browser: no violations of accessibility rules, no sideways scroll, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tripoint.briefs.compose import build_brief
from tripoint.briefs.dossier import build_pair
from tripoint.briefs.render import render_html
from tripoint.briefs.state import build_state
from tripoint.briefs.triangle import build_triangle
from tripoint.claims.files import read_claims
from tripoint.claims.library import shipped
from tripoint.pipeline import open_evidence


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("brief")
    brief = build_brief(
        read_claims(shipped("russia-china-india")), open_evidence(folder / "home"), command="tripoint brief"
    )
    path = folder / "brief.html"
    path.write_text(render_html(brief), "utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    asked: list[str] = []
    opened = browser.new_page(viewport={"width": 1100, "height": 900}, bypass_csp=True)
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(address)
    yield opened
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    opened.close()


@pytest.mark.parametrize("width", [375, 1100])
def test_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 375, 768, 1100])
def test_no_sideways_scroll(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_type_is_ours(page: Page) -> None:
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"IBM Plex Serif\"'))")


def test_the_table_behind_a_figure_opens_without_scripts(page: Page, tmp_path: Path) -> None:
    details = page.locator("details.figure-table").first
    details.locator("summary").click()
    assert details.locator("table").is_visible()


@pytest.mark.parametrize("states", ["IND", "RUS UKR", "IND RUS CHN"])
@pytest.mark.parametrize("width", [375, 1280])
def test_dossiers_have_no_violation_and_fetch_nothing(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, states: str, width: int
) -> None:
    evidence, day, ids = open_evidence(tmp_path_factory.getbasetemp() / "dossiers"), date(2026, 6, 30), states.split()
    if len(ids) == 1:
        brief = build_state(evidence, ids[0], as_of=day)
    elif len(ids) == 2:
        brief = build_pair(evidence, ids[0], ids[1], as_of=day)
    else:
        brief = build_triangle(evidence, ids, as_of=day)
    path = tmp_path / "dossier.html"
    path.write_text(render_html(brief), "utf-8")
    asked: list[str] = []
    opened = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(path.as_uri())
    results = Axe().run(opened)
    assert results.violations_count == 0, results.generate_report()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    opened.close()
