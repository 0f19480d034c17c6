"""Kept answers are the answers that were made, and never stand in the way."""

import json
import multiprocessing
import os
import zipfile

import polars as pl
import pytest

from tripoint.answers import kept
from tripoint.answers.registry import answer, read


@pytest.fixture
def home(evidence):
    kept.clean(evidence.home)
    yield evidence.home
    kept.clean(evidence.home)


@pytest.fixture(scope="module")
def found(evidence):
    return answer(evidence, read("pair", {"a": "RUS", "b": "CHN"}))


def test_a_kept_answer_is_the_answer(evidence, found, home):
    assert kept.keep(evidence, found)
    back = kept.load(evidence, found.question)
    assert json.loads(back.to_json()) == json.loads(found.to_json())
    assert back.to_text() == found.to_text()
    assert back._repr_html_() == found._repr_html_()
    assert back.frame().equals(found.frame())
    assert back.parts[0].figure.spec == json.loads(json.dumps(found.parts[0].figure.spec))
    assert back.lineage == found.lineage
    assert (back.question, back.newest) == (found.question, found.newest)


def test_other_questions_and_other_evidence_are_not_answered(evidence, found, home, monkeypatch):
    kept.keep(evidence, found)
    assert kept.load(evidence, read("pair", {"a": "RUS", "b": "CHN", "since": 2000})) is None
    monkeypatch.setattr(type(evidence), "hash", "another")
    assert kept.load(evidence, found.question) is None


def test_changed_code_answers_anew(evidence, found, home, monkeypatch):
    kept.keep(evidence, found)
    monkeypatch.setattr(kept, "code", lambda: "another")
    assert kept.load(evidence, found.question) is None


@pytest.mark.parametrize("harm", [b"", b"PK\x03\x04 no archive", None])
def test_a_damaged_file_is_as_none(evidence, found, home, harm):
    kept.keep(evidence, found)
    path = kept.path_of(evidence, found.question)
    if harm is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("answer.json", "{}")
    else:
        path.write_bytes(harm)
    assert kept.load(evidence, found.question) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_store_that_cannot_be_written_keeps_nothing(evidence, found, home):
    evidence.home.chmod(0o500)
    try:
        assert not kept.keep(evidence, found)
    finally:
        evidence.home.chmod(0o700)


def test_a_folder_in_the_way_keeps_nothing(evidence, found, home):
    folder = kept.folder_of(evidence.home)
    if folder.is_dir():
        folder.rmdir()
    folder.write_text("in the way")
    try:
        assert not kept.keep(evidence, found)
        assert kept.load(evidence, found.question) is None
    finally:
        folder.unlink()


def test_the_least_recently_read_go_first(evidence, found, home, monkeypatch):
    others = [answer(evidence, read("state", {"state": s})) for s in ("RUS", "CHN", "IND")]
    for k, each in enumerate(others):
        kept.keep(evidence, each)
        os.utime(kept.path_of(evidence, each.question), (k, k))
    size = kept.path_of(evidence, others[0].question).stat().st_size
    monkeypatch.setattr(kept, "MOST_BYTES", 3 * size)
    kept.keep(evidence, others[2])
    assert kept.load(evidence, others[2].question) is not None
    kept.keep(evidence, found)
    assert kept.load(evidence, others[0].question) is None
    total = sum(p.stat().st_size for p in kept.folder_of(evidence.home).glob("*.zip"))
    assert total <= 3 * size


def test_clean_says_what_went(evidence, found, home):
    kept.keep(evidence, found)
    files, size = kept.clean(evidence.home)
    assert files == 1
    assert size > 1000
    assert kept.clean(evidence.home) == (0, 0)


def _read_often(home, turns):
    import tripoint

    evidence = tripoint.open_evidence(home)
    question = read("pair", {"a": "RUS", "b": "CHN"})
    for _ in range(turns):
        back = kept.load(evidence, question)
        assert back is not None
        assert back.frame().height > 0


def test_readers_never_meet_half_a_file(evidence, found, home):
    kept.keep(evidence, found)
    readers = [multiprocessing.get_context("spawn").Process(target=_read_often, args=(home, 30)) for _ in range(2)]
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        kept.keep(evidence, found)
    assert [reader.exitcode for reader in readers] == [0, 0]


def test_an_answer_without_rows_is_kept(evidence, home):
    made = answer(evidence, read("search", {"text": "zzzz"}))
    assert kept.keep(evidence, made)
    assert kept.load(evidence, made.question).frame().equals(pl.DataFrame())
