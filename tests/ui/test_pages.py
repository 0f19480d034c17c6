"""Pages in a real browser: accessible, without sideways scroll, without scripts, by keyboard, from this host alone."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tripoint.web.app import build_app
from tripoint.web.service import Service

FACT = "/fact/starter@2026-11/t-rus-chn-2001/CHN-RUS/nonaggression%20pact"
PAGES = ("/", "/pair/CHN-RUS", "/pair/ARM-VEN", "/state/IND", "/coverage", "/search?text=china+russia", FACT)
MORE = (
    "/claim/drill-as-allies?chance=0.2,0.6",
    "/claim/no-mutual-defense",
    "/compare?pairs=CHN-RUS,JPN-USA",
    "/bargain/fearon-ultimatum",
    "/changes?changed_since=2026-05-01",
    "/pairs",
    "/sources",
    "/source/starter",
    "/method/depth",
    "/-/patterns",
    "/why/CHN-RUS?kind=defense+pact",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = build_app(Service(tmp_path_factory.mktemp("ui") / "home"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.mark.parametrize("path", (*PAGES, *MORE))
def test_a_page_is_accessible_narrow_and_keeps_its_policy(browser: Browser, site: str, path: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=False)
    page.set_default_timeout(60_000)
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + path)
    for width in (1280, 768, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    assert said == []
    page.close()
    plain = browser.new_page(viewport={"width": 375, "height": 900}, bypass_csp=True)
    plain.goto(site + path)
    results = Axe().run(plain)
    plain.close()
    assert results.violations_count == 0, results.generate_report()


def test_without_scripts_search_leads_to_a_pair_and_its_data(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 900})
    page = context.new_page()
    page.goto(site + "/")
    page.fill("main input[type=search]", "china russia")
    page.click("main button.first >> nth=0")
    assert "/search?text=china+russia" in page.url
    page.click("main a[href='/pair/CHN-RUS']")
    assert page.locator("h1").inner_text() == "China and Russia"
    row = page.locator("a[href^='/fact/']").first
    row.click()
    assert page.locator("h1").count() == 1
    page.goto(site + "/pair/CHN-RUS")
    with page.expect_download() as download:
        page.click("footer a[href='/pair/CHN-RUS.csv']", no_wait_after=True)
    assert Path(download.value.path()).stat().st_size > 1000
    context.close()


def test_by_keyboard(browser: Browser, site: str) -> None:
    page: Page = browser.new_page()
    page.goto(site + "/pair/CHN-RUS")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.closest('#sources') !== null")
    page.close()
