"""Draw the pictures of the gallery and the README from what ships: ``python docs/build_screenshots.py``.

Needs the extras ``test`` and ``pdf``, a Chromium, and ``pdftoppm``. Pictures are of the evidence as it ships, in a store
of their own, so that they never show what only one machine has loaded.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from tripoint.cli.main import app
from tripoint.web.app import build_app
from tripoint.web.service import Service

PICTURES = Path(__file__).parent / "pictures"
#: Name -> path of the page, width, and height of the picture [px].
PAGES = {
    "start": ("/", 1280, 1180),
    "pair": ("/pair/CHN-RUS", 1280, 1180),
    "pair-phone": ("/pair/CHN-RUS", 375, 900),
    "claim": ("/claim/drill-as-allies", 1280, 1080),
    "coverage": ("/coverage", 1280, 1000),
}


def main() -> None:
    """Draw every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        pages(home)
        brief(home, Path(folder))


def pages(home: Path) -> None:
    """Pictures of pages."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(build_app(Service(home)), log_level="error", lifespan="off"))
    threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    site = f"http://127.0.0.1:{listening.getsockname()[1]}"
    chromium = next(p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name)))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (path, width, height) in PAGES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(site + path, timeout=120_000)
            page.evaluate("document.fonts.ready")
            page.screenshot(path=str(PICTURES / f"{name}.png"))
            page.close()
        browser.close()
    server.should_exit = True


def brief(home: Path, folder: Path) -> None:
    """A picture of the brief's page one."""
    pdf = folder / "brief.pdf"
    app.main(["brief", "-o", str(pdf), "--home", str(home)], standalone_mode=False)
    tool = shutil.which("pdftoppm")
    if tool is None:
        sys.exit("pdftoppm is missing; install poppler-utils")
    subprocess.run([tool, "-r", "80", "-f", "1", "-l", "1", "-png", "-singlefile", pdf, PICTURES / "brief"], check=True)


if __name__ == "__main__":
    main()
