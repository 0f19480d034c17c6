"""Asking from Python: kept where slow, plain results, runnable examples, the same names and keys as everywhere."""

import dataclasses
import doctest
import importlib
import inspect

import pytest

import tripoint
from tripoint import ask
from tripoint.answers import kept, registry


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return tripoint.open_evidence(tmp_path_factory.mktemp("ask-home"))


MODULES = ("tripoint.ask", "tripoint.ask.pairs", "tripoint.ask.states", "tripoint.ask.thirds", "tripoint.ask.contests")
#: Where a package has the name of the question, the function has another.
OTHER = {"triad": "triangle"}


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_run(module, evidence, monkeypatch):
    monkeypatch.setenv("TRIPOINT_HOME", str(evidence.home))
    done = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS)
    assert done.attempted > 0
    assert done.failed == 0


@pytest.mark.parametrize("subject", registry.QUESTIONS)
def test_a_function_takes_the_keys_of_its_question_with_their_defaults(subject):
    function = getattr(tripoint, OTHER.get(subject, subject))
    taken = {n: p for n, p in inspect.signature(function).parameters.items() if n not in ("evidence", "keys")}
    fields = {f.name: f for f in dataclasses.fields(registry.asked(subject).question)}
    if "keys" in inspect.signature(function).parameters:
        assert set(taken) <= set(fields)
        return
    assert set(taken) == set(fields)
    for name, parameter in taken.items():
        if parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
            default = fields[name].default
            empty = default is dataclasses.MISSING
            assert parameter.default == (inspect.Parameter.empty if empty else default), name


@pytest.mark.parametrize("subject", registry.QUESTIONS)
def test_a_function_says_what_it_is_not_for_and_has_an_example(subject):
    name = OTHER.get(subject, subject)
    text = inspect.getdoc(getattr(tripoint, name))
    assert f"tripoint.{name}(" in text
    assert "Not " in text
    assert "Error" in text or ":func:" in text
    assert name in dir(tripoint)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tripoint.tension("RUS", "Chnia"), "unknown state 'Chnia'; did you mean 'China'"),
        (lambda: tripoint.relation("RUS", "CHN", sinc=2000), "unknown key 'sinc' in a question on relation"),
        (lambda: tripoint.pair("RUS", "CHN", since=1700), "since: 1700 is not between 1816 and 2100"),
        (lambda: tripoint.autonomy("IND", poles=["RUS", "Narnia"]), "poles: unknown state 'Narnia'"),
        (lambda: tripoint.facts("RUS", kinds=["defence pact"]), "did you mean 'defense pact'"),
        (lambda: tripoint.depth("RUS", "CHN", "USA"), "'USA' is not a pair"),
        (lambda: tripoint.argument("nothing-such"), "unknown claim file 'nothing-such'"),
    ],
)
def test_errors_have_one_type_and_one_wording(call, message, evidence, monkeypatch):
    monkeypatch.setenv("TRIPOINT_HOME", str(evidence.home))
    with pytest.raises(tripoint.errors.InputError, match="(?s)" + message.replace("(", "\\(")):
        call()


def test_what_is_slow_is_kept_and_what_is_fast_is_not(evidence, monkeypatch):
    monkeypatch.setattr(ask, "SLOW", -1.0)
    first = ask.ask("tension", {"a": "RUS", "b": "CHN"}, evidence)
    monkeypatch.setattr(registry, "answer", None)
    assert ask.ask("tension", {"a": "RUS", "b": "CHN"}, evidence).to_json() == first.to_json()
    monkeypatch.undo()
    monkeypatch.setattr(ask, "SLOW", float("inf"))
    made = ask.ask("tension", {"a": "IND", "b": "CHN", "since": 2001}, evidence)
    assert kept.load(evidence, made.question) is None


def test_results_are_plain_however_they_come(evidence):
    found = ask.ask("tension", {"a": "RUS", "b": "IND"}, evidence)
    assert isinstance(found.result, dict)
