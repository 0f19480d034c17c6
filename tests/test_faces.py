"""One error type and one wording of a wrong key, state, pole and year: terminal, Python, page, tool."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import tripoint
from tripoint.answers import registry
from tripoint.answers.keys import KEYS
from tripoint.cli import main as terminal
from tripoint.errors import InputError, TripointError, UnknownNameError
from tripoint.mcp.server import Desk
from tripoint.web.addresses import IN_PATH, question_at

#: Commands with options of their own, which say of an unknown one what their library says.
OWN = {"brief", "changes", "verify"}
FUNCTION = {"triad": "triangle"}
#: A value of each key that a question may need.
GOOD: dict[str, str] = {
    **{"a": "RUS", "b": "CHN", "c": "IND", "state": "IND", "by": "USA", "patron": "CHN", "client": "RUS"},
    **{"against": "UKR", "states": "RUS,CHN,IND", "pairs": "RUS-CHN,USA-JPN", "poles": "RUS,CHN", "kind": "dispute"},
    **{"cited": "x@1#y", "fact": "x@1#y", "source": "starter", "claim": "no-mutual-defense", "text": "Russia"},
    **{"changed_since": "2026-05-01", "scenario": "ec-emissions", "of": "states"},
}
NARNIA = {"state": "Narnia", "states": "RUS,Narnia,IND", "pairs": "RUS-Narnia", "poles": "RUS,Narnia"}


def needed(subject: str) -> dict[str, str]:
    """What a question needs, and nothing more."""
    kind = registry.asked(subject).question
    signature = inspect.signature(kind)
    return {n: GOOD[n] for n, p in signature.parameters.items() if p.default is inspect.Parameter.empty}


def by_terminal(subject: str, given: dict[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    known = registry.asked(subject)
    words = [part for n in known.question.words if n in given for part in given[n].split(",")]
    options = [
        part for n, v in given.items() if n not in known.question.words for part in (f"--{n.replace('_', '-')}", v)
    ]
    with pytest.raises(SystemExit):
        terminal.main([known.word, *words, *options])
    return capsys.readouterr().err.strip().splitlines()[-1].removeprefix("Error: ")


def by_python(subject: str, given: dict[str, str]) -> TripointError:
    function: Callable[..., Any] = getattr(tripoint, FUNCTION.get(subject, subject))
    many = {n for n, p in inspect.signature(function).parameters.items() if p.kind is inspect.Parameter.VAR_POSITIONAL}
    words = [part for n in many if n in given for part in given[n].split(",")]
    with pytest.raises(InputError) as caught:
        function(*words, **{n: v for n, v in given.items() if n not in many})
    return caught.value


def by_page(subject: str, given: dict[str, str]) -> str:
    names = IN_PATH.get(subject, ())
    place = "-".join(given[n].replace(",", "-") for n in names if n in given)
    query = "&".join(f"{n}={v}" for n, v in given.items() if n not in names)
    with pytest.raises(InputError) as caught:
        question_at(registry.asked(subject).word, place, query)
    return str(caught.value)


def by_tool(subject: str, given: dict[str, str], home: Path) -> str:
    return str(Desk(home).ask(subject, **given)["error"])


def cases() -> Iterator[tuple[str, dict[str, str], str, type[InputError]]]:
    for subject in registry.QUESTIONS:
        if subject == "lasting":  # of a file of one's own, which pages and tools do not read
            continue
        good = needed(subject)
        yield subject, {**good, "sinc": "2000"}, rf"unknown key 'sinc' in a question on {subject}", UnknownNameError
        for f in fields(registry.asked(subject).question):
            form = KEYS[f.name].form
            if form in NARNIA:
                prefix = "poles: " if form == "poles" else ""
                yield subject, {**good, f.name: NARNIA[form]}, f"{prefix}unknown state 'Narnia'", UnknownNameError
            if form in ("year", "time"):
                yield subject, {**good, f.name: "1700"}, f"{f.name}: 1700 is not between 1816 and 2100", InputError
                yield subject, {**good, f.name: "soon"}, f"{f.name}: 'soon' is not a number", InputError


CASES = [pytest.param(*case, id=f"{case[0]}-{'-'.join(f'{k}={v}' for k, v in case[1].items())}") for case in cases()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    tripoint.open_evidence(folder)
    return folder


@pytest.mark.parametrize(("subject", "given", "words", "kind"), CASES)
def test_every_face_says_the_same(
    subject: str,
    given: dict[str, str],
    words: str,
    kind: type[InputError],
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRIPOINT_HOME", str(home))
    error = by_python(subject, given)
    assert type(error) is kind
    said = str(error)
    assert re.match(words, said), said
    assert by_page(subject, given) == said
    assert by_tool(subject, given, home) == said
    if subject not in OWN:
        assert by_terminal(subject, given, capsys) == said


@pytest.mark.parametrize(
    ("subject", "key", "instead"),
    [
        ("on_record", "year", "since"),
        ("on_record", "until", "since"),
        ("pair", "year", "since"),
        ("depth", "year", "since and as_of"),
        ("depth", "until", "as_of and since"),
        ("relation", "year", "since and until"),
        ("tension", "as_of", "until and since"),
        ("wedge", "since", "year"),
        ("world", "until", "year"),
    ],
)
def test_a_question_that_takes_another_key_of_a_period_names_it(subject: str, key: str, instead: str) -> None:
    with pytest.raises(UnknownNameError, match=rf"unknown key '{key}' .*what it is asked of is given by {instead}$"):
        registry.read(subject, {**needed(subject), key: "2020"})


@pytest.mark.parametrize(
    ("subject", "given", "said"),
    [
        ("tension", {"until": "1980"}, r"since is 1990 \(the default\) and until is 1980; give an earlier since"),
        ("relation", {"until": "1980"}, r"since is 1990 \(the default\) and until is 1980; give an earlier since"),
        ("exposure", {"until": "1980"}, r"since is 1990 \(the default\) and until is 1980; give an earlier since"),
        ("triad", {"since": "2030"}, r"since is 2030 and until is 2024 \(the default\); give a later until"),
        ("depth", {"as_of": "1980-06-01"}, r"since is 1990 \(the default\) and as_of is 1980-06-01; give an earlier"),
        ("autonomy", {"since": "2030"}, r"since is 2030 and year is 2024 \(the default\); give a later year"),
        ("facts", {"since": "2020", "until": "2010"}, r"since is 2020 and until is 2010; give an earlier since"),
        ("patronage", {"since": "2024-03-01", "until": "2024-02-01"}, r"since is 2024-03-01 and until is 2024-02-01"),
    ],
)
def test_a_period_that_ends_before_it_begins_says_both_ends(subject: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=f"the period ends before it begins: {said}"):
        registry.read(subject, {**needed(subject), **given})


def test_a_year_and_a_day_of_it_are_a_period() -> None:
    asked = registry.read("depth", {"pairs": "RUS-CHN", "since": "2024", "as_of": "2024-06-01"})
    assert asked.written()["as_of"] == "2024-06-01"
