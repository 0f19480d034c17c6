"""A claim file that was written to do harm: every face prints it as text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tripoint.cli.main import main
from tripoint.errors import InputError

BAD = """
title = "<script>alert(1)</script> & q {{7*7}}"
published = 2026-01-01
author = "A<img src=x onerror=alert(2)>"
link = "https://example.org/"
question = "</title></style><script>window.PWN=1</script>"
key = ["a"]
[[claim]]
id = "a"
text = "Russia <script>window.PWN=4</script> | [l](javascript:alert(1)) </script>"
states = ["RUS", "CHN"]
if_true = "=HYPERLINK(1)"
if_false = "@SUM(1)"
[[claim.rival]]
id = "r"
text = "<script>window.PWN=5</script>"
[[claim.test]]
id = "t"
see = "<script>window.PWN=6</script>"
when = 'ties("nonaggression pact", RUS, CHN) >= 1'
likelihood = { claim = 0.9, r = 0.1 }
reason = "<b>why</b>"
range = [2, 30]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(line: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(line)
    found = capsys.readouterr()
    assert ended.value.code in (0, None), found.err
    return found.out + found.err


@pytest.mark.parametrize("form", [[], ["--explain"], ["--csv"], ["--json"]])
def test_a_claim_is_text_in_every_form(
    form: list[str],
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRIPOINT_HOME", str(home))
    path = tmp_path / "bad.toml"
    path.write_text(BAD, "utf-8")
    said = run(["weigh", str(path), *form], capsys)
    assert not [c for c in said if ord(c) < 32 and c not in "\t\n"]
    if form == ["--json"]:
        json.loads(said)
    if form == ["--csv"]:
        assert not [cell for line in said.splitlines() for cell in line.split(",") if cell.startswith(("=", "@"))]


def test_a_link_that_runs_is_refused() -> None:
    from tripoint.claims.files import parse_claims

    with pytest.raises(InputError, match="link"):
        parse_claims(BAD.replace("https://example.org/", "javascript:alert(1)"))


def test_control_characters_are_refused() -> None:
    from tripoint.claims.files import parse_claims

    with pytest.raises(InputError, match="control character"):
        parse_claims(BAD.replace("Russia <", "Russia \\u001b]0;PWNED\\u0007 <"))


def test_a_review_can_stand_in_a_script_block(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIPOINT_HOME", str(home))
    path = tmp_path / "bad.toml"
    path.write_text(BAD, "utf-8")
    said = run(["claims", "review", str(path), "--url", "https://example.org/a"], capsys)
    assert "<" not in said
    assert "<script>window.PWN=4</script>" in json.dumps(json.loads(said))
    with pytest.raises(SystemExit) as ended:
        main(["claims", "review", str(path), "--url", "javascript:alert(1)"])
    assert ended.value.code == 1
    assert "no address on the web" in capsys.readouterr().err
