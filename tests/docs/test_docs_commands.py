"""Every command line of the docs is one that the program takes: its words, subcommands and options exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tripoint.cli.main import app

TOP = Path(__file__).parents[2]
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").rglob("*.md"))]
_LINE = re.compile(r"^\$ (.*\btripoint .*)$", re.M)


def lines() -> list[tuple[str, str]]:
    """Command lines that begin with a prompt, each part of a chain by itself, with the page that shows it."""
    return [
        (str(page.relative_to(TOP)), part.strip())
        for page in PAGES
        for line in _LINE.findall(page.read_text("utf-8").replace("\\\n", " "))
        for part in re.split(r"&&|\||;|\s#\s", line)
        if re.match(r"(\w+=\S+ )*tripoint\b", part.strip())
    ]


LINES = lines()


def test_the_docs_show_commands() -> None:
    assert len(LINES) > 50


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{page}: {line}" for page, line in LINES])
def test_a_command_of_the_docs_exists_with_its_options(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    words = words[words.index("tripoint") + 1 :]
    command: click.Command = app
    context = click.Context(app)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{page}: no command '{words[0]}' in: {line}"
        command, words = found, words[1:]
    taken = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help", "-h", "--debug"}
    given = [word.partition("=")[0] for word in words if re.match(r"-[a-z]$|--[a-z]", word)]
    assert not [o for o in given if o not in taken], f"{page}: {line}"
