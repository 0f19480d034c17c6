"""Fixtures shared by all tests: where the reference data are, and a store of one's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# Times say nothing on a busy machine; under CI the same examples are tried every time.
settings.register_profile("tripoint", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("tripoint")


def _required(what: str) -> bool:
    return what in os.environ.get("TRIPOINT_REQUIRE", "").split(",")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder of the reference data; the test is skipped where there is none, or fails where it is required."""
    folder = os.environ.get("TRIPOINT_MIRROR", "")
    if folder and Path(folder).is_dir():
        return Path(folder)
    if _required("data"):
        pytest.fail("TRIPOINT_REQUIRE names data, but TRIPOINT_MIRROR is not a folder")
    pytest.skip("needs the reference data: set TRIPOINT_MIRROR")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; the test is skipped where there is none, or fails where a browser is required."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if _required("browser"):
        pytest.fail("TRIPOINT_REQUIRE names browser, but no Chromium is on the path")
    pytest.skip("needs Chromium")
