from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tripoint.web.app import build_app
from tripoint.web.service import Service


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with what ships."""
    return tmp_path_factory.mktemp("web") / "home"


@pytest.fixture(scope="session")
def client(home: Path) -> Iterator[TestClient]:
    app = build_app(Service(home), names=frozenset({"testserver"}))
    yield TestClient(app, follow_redirects=False)
