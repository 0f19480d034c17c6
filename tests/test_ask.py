"""Asking from Python: kept where slow, plain results, runnable examples."""

import doctest

import pytest

import tripoint
from tripoint import ask
from tripoint.answers import kept, registry


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return tripoint.open_evidence(tmp_path_factory.mktemp("ask-home"))


def test_the_examples_run(evidence, monkeypatch):
    monkeypatch.setenv("TRIPOINT_HOME", str(evidence.home))
    done = doctest.testmod(ask, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert done.attempted > 0
    assert done.failed == 0


def test_what_is_slow_is_kept_and_what_is_fast_is_not(evidence, monkeypatch):
    monkeypatch.setattr(ask, "SLOW", -1.0)
    first = ask.ask("tension", {"a": "RUS", "b": "CHN"}, evidence)
    monkeypatch.setattr(registry, "answer", None)
    assert ask.ask("tension", {"a": "RUS", "b": "CHN"}, evidence).to_json() == first.to_json()
    monkeypatch.undo()
    monkeypatch.setattr(ask, "SLOW", float("inf"))
    made = ask.ask("tension", {"a": "IND", "b": "CHN"}, evidence)
    assert kept.load(evidence, made.question) is None


def test_results_are_plain_however_they_come(evidence):
    found = ask.ask("tension", {"a": "RUS", "b": "IND"}, evidence)
    assert isinstance(found.result, dict)
