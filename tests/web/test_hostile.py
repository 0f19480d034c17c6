"""What a reader, or nobody, would write in an address; and pages while the store changes under them."""

from __future__ import annotations

import importlib.util
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from tripoint.web.app import build_app
from tripoint.web.service import Service

PAGES = ("/", "/pair/CHN-RUS", "/state/IND", "/coverage", "/claim/no-mutual-defense", "/source/starter", "/world")


def loaded(path: Path) -> ModuleType:
    """A module of another folder, by its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    return loaded(Path(__file__).parents[2] / "benchmarks" / "web_fuzz.py")


def test_three_hundred_addresses_are_answered_without_an_error_of_ours(fuzz: ModuleType, home: Path) -> None:
    counts, failed, _ = fuzz.run(Service(home), 300, 20261201)
    assert failed == []
    assert sum(counts.values()) == 300
    assert counts[200] > 0


def test_a_page_of_a_kept_answer_is_the_page_of_a_new_one(fuzz: ModuleType, home: Path) -> None:
    def pages() -> list[tuple[int, bytes]]:
        app = build_app(Service(home), names=frozenset({"testserver"}))
        return [fuzz.ask(app, path, "") for path in PAGES]

    first, again = pages(), pages()
    assert [status for status, _ in first] == [200] * len(PAGES)
    for path, one, other in zip(PAGES, first, again, strict=True):
        assert one == other, path


def test_pages_are_served_while_two_writers_load(fuzz: ModuleType, tmp_path: Path) -> None:
    from tripoint.evidence.store import write_edition
    from tripoint.pipeline import open_evidence

    made_up = loaded(Path(__file__).parents[1] / "evidence" / "made_up.py")
    home = tmp_path / "home"
    open_evidence(home)
    service = Service(home)
    service.evidence()
    app = build_app(service, names=frozenset({"testserver"}))
    errors: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for turn in range(4):
                reading = made_up.reading(100 + 50 * turn, name=name, version=f"1.{turn}")
                entry = made_up.entry(name, reading.vintage)
                sha = f"{turn:064x}"
                write_edition(home, reading, entry, made_up.receipts(sha), made_up.digest(sha, name=name))
        except BaseException as error:  # the test reports whatever it was
            errors.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "other")]
    for writer in writers:
        writer.start()
    statuses: list[tuple[str, int]] = []
    pages = ("/state/IND", "/why/CHN-RUS?kind=visit", "/coverage", "/source/starter", "/changes")
    while any(writer.is_alive() for writer in writers) or len(statuses) < len(pages):
        path, _, query = pages[len(statuses) % len(pages)].partition("?")
        statuses.append((path, fuzz.ask(app, path, query)[0]))
    for writer in writers:
        writer.join()
    assert errors == []
    assert {status for _, status in statuses} == {200}, statuses
    service.evidence()
    assert len(open_evidence(home).editions) == 3
