"""No traceback reaches a user: whatever happens below, the command says one sentence and ends with its code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tripoint.cli import main as entry
from tripoint.errors import InputError


class PanicException(BaseException):
    """As libraries in Rust raise them."""


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (InputError("no such thing"), 1, "Error: no such thing"),
        (OSError(28, "No space left on device", "x.csv"), 1, "'x.csv': No space left"),
        (MemoryError(), 1, "not enough memory"),
        (RecursionError(), 1, "nested too deeply"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogate"), 1, "UTF-8"),
        (ValueError("first line\nsecond"), 1, "Tripoint stumbled (ValueError: first line)"),
        (PanicException("out of range"), 1, "PanicException: out of range"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_every_error_is_one_sentence_and_a_code(error, code, words, monkeypatch, capsys) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(entry.app, "main", stumble)
    with pytest.raises(SystemExit) as ended:
        entry.main(["dyad"])
    assert ended.value.code == code
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) == 1


def test_debug_shows_where(monkeypatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ValueError("x")

    monkeypatch.setattr(entry.app, "main", stumble)
    with pytest.raises(ValueError, match="x"):
        entry.main(["dyad", "--debug"])


def run(*arguments: str, home: Path, **given: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TRIPOINT_HOME": str(home), **given.pop("env", {})}  # type: ignore[dict-item]
    command = [sys.executable, "-c", "from tripoint.cli.main import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, **given)  # type: ignore[call-overload, no-any-return]


LINES = [
    ["dyad", "RUS", "CHN", "-o", ""],
    ["dyad", "RUS", "CHN", "--csv", "-o", "none/there.csv"],
    ["dyad", "RUS", "CHN", "--csv", "-o", "/dev/full"],
    ["depth", "RUS", "ATLANTIS"],
    ["fact", "\ufffd#x"],
    ["nonsense"],
]


def test_lines_that_once_ended_in_a_traceback(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("facts", "RUS", "--limit", "1", home=home).returncode == 0
    for line in LINES:
        found = run(*line, home=home, cwd=tmp_path)
        assert found.returncode in (1, 2), line
        assert "Traceback" not in found.stderr, line
        assert "stumbled" not in found.stderr, line
        assert "rror" in found.stderr, line
    assert [p.name for p in tmp_path.iterdir()] == ["home"]


def test_a_full_disk_a_cut_pipe_and_a_narrow_terminal_are_clean(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-c", "from tripoint.cli.main import main; main()", "dyad", "RUS", "CHN"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TRIPOINT_HOME": str(home)},
            timeout=120,
        )
    assert found.returncode == 1
    assert "No space left" in found.stderr
    assert "Traceback" not in found.stderr
    cut = f"{sys.executable} -c 'from tripoint.cli.main import main; main()' dyad RUS CHN | head -n 1"
    piped = subprocess.run(
        cut, shell=True, capture_output=True, text=True, env={**os.environ, "TRIPOINT_HOME": str(home)}, timeout=120
    )
    assert "Traceback" not in piped.stderr
    narrow = run("dyad", "RUS", "CHN", home=home, env={"COLUMNS": "40", "NO_COLOR": "1", "LC_ALL": "C"})
    assert narrow.returncode == 0, narrow.stderr
    assert "\x1b[" not in narrow.stdout


def test_a_word_given_as_an_option_is_told_apart_from_an_unknown_key(tmp_path: Path) -> None:
    said = run("scan", "--by", "USA", home=tmp_path).stderr
    assert "'--by' is a word of this command, not an option: tripoint scan BY" in said
    assert "did you mean" not in said
