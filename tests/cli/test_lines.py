"""Two hundred command lines made from a seed: an answer or one sentence with a code, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from lines import lines, run_all

NUMBER, SEED = 200, 20260817


def test_two_hundred_command_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPOINT_HOME", str(tmp_path / "home"))
    here = tmp_path / "here"
    here.mkdir()
    tally = run_all(NUMBER, SEED, here)
    assert not tally.tracebacks, tally.tracebacks
    assert not tally.wordless, tally.wordless
    assert not tally.slow, tally.slow
    assert sum(tally.codes.values()) == NUMBER
    assert set(tally.codes) == {0, 1, 2}
    assert not list(here.glob("*.part"))


def test_lines_come_from_their_seed() -> None:
    assert list(lines(60, 4)) == list(lines(60, 4))
    assert list(lines(60, 4)) != list(lines(60, 5))


def test_verbose_version_names_what_a_report_needs(capsys: pytest.CaptureFixture[str]) -> None:
    from tripoint.cli.main import main

    for line in (["--version", "--verbose"], ["--verbose", "--version"]):
        with pytest.raises(SystemExit) as ended:
            main(line)
        assert ended.value.code in (0, None)
        said = capsys.readouterr().out
        assert said.startswith("tripoint ")
        assert "\nPython 3." in said
        assert "\npolars " in said
        assert "\nevidence in " in said
    with pytest.raises(SystemExit):
        main(["--version"])
    assert len(capsys.readouterr().out.splitlines()) == 1
