"""Entry point of the command ``tripoint``."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from tripoint.answers.registry import QUESTIONS
from tripoint.errors import TripointError, did_you_mean

#: Commands that do something besides answering: module that holds each, and what it does.
_OWN: dict[str, tuple[str, str]] = {
    "alignment": ("tripoint.cli.asked", "Another name of relation."),
    "brief": ("tripoint.cli.brief", "A sourced brief: HTML, Markdown, PDF, BibTeX."),
    "claims": ("tripoint.cli.claims", "Draft, check, calibrate, freeze, score and review claim files."),
    "verify": ("tripoint.cli.claims", "Look one statement up in the record."),
    "changes": ("tripoint.cli.changes", "What is new, ended, revised or moved since a day or an edition."),
    "events": ("tripoint.cli.events", "Coded news: archives, counts, series, what stands out."),
    "web": ("tripoint.cli.web", "Pages of states, pairs, claims and facts, served or as a folder."),
    "mcp": ("tripoint.cli.mcp", "Nine read-only tools for an assistant."),
    "sources": ("tripoint.cli.sources", "Sources in the catalog and in the store."),
    "fetch": ("tripoint.cli.sources", "Bring the files of a source to this machine."),
    "load": ("tripoint.cli.sources", "Read sources into the evidence store."),
    "evidence": ("tripoint.cli.evidence", "Check the evidence store, and delete kept answers."),
    "states": ("tripoint.cli.states", "States: ids, codes, names, dates."),
    "panel": ("tripoint.cli.panel", "Variables of panels; a frame from R beside a panel."),
    "cite": ("tripoint.cli.sources", "How to cite sources, as text or BibTeX."),
}
#: Other names of questions, as they once were.
_ALSO = {"alignment": "relation"}

#: Command -> module that holds it, and what it does, in the order of the help page: questions first.
COMMANDS: dict[str, tuple[str, str]] = {
    **{known.word: ("tripoint.cli.asked", known.about) for known in QUESTIONS.values()},
    **_OWN,
}


class _Commands(click.Group):
    """A group that imports a command's module when the command is asked for, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if COMMANDS[cmd_name][0] == "tripoint.cli.asked":
            from tripoint.cli.asked import command_of

            return command_of(_ALSO.get(cmd_name, cmd_name), cmd_name)
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            ctx.fail(f"no command '{args[0]}'{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _keep(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    context.meta["verbose"] = wanted


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print the version; with ``--verbose`` what a report of an error needs: Python, system, libraries, store."""
    if not wanted or context.resilient_parsing:
        return
    from importlib import metadata

    click.echo(f"tripoint {metadata.version('tripoint')}")
    if context.meta.get("verbose"):
        import platform
        import re

        from tripoint.evidence.store import default_home

        click.echo(f"Python {platform.python_version()} on {platform.platform()}")
        for need in sorted(metadata.requires("tripoint") or (), key=str.lower):
            name = re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0]
            if "extra ==" not in need:
                click.echo(f"{name} {metadata.version(name)}")
        click.echo(f"evidence in {default_home()}")
    context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--verbose", is_flag=True, is_eager=True, expose_value=False, callback=_keep, help="With --version: all.")
@click.option("--version", is_flag=True, expose_value=False, callback=_version, help="Show the version and exit.")
def app() -> None:
    """Measure how states align and what would move them apart, from the public record.

    \b
    Example:
      tripoint dyad RUS CHN
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command; whatever goes wrong is one sentence on stderr and an exit code.

    0 is done, 1 failed, 2 a command that is not understood, 130 stopped by hand. ``--debug`` shows where it went wrong.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    for word in given:
        if not _is_text(word):
            _fail(f"{word!r} is not text in UTF-8; check the settings of the terminal", 2)
    try:
        try:
            return app.main([a for a in given if a != "--debug"], prog_name="tripoint")
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
        sys.exit(0)
    except (SystemExit, GeneratorExit):
        raise
    except KeyboardInterrupt:
        _fail("stopped", 130)
    except BaseException as error:  # libraries in Rust raise panics that are no Exception
        if debug:
            raise
        _fail(_sentence(error), 1)


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sentence(error: BaseException) -> str:
    """What went wrong, in one line, and what to do."""
    if isinstance(error, TripointError):
        return str(error)
    if isinstance(error, OSError):
        where = f"'{error.filename}': " if error.filename else ""
        return f"{where}{error.strerror or error}; check the name, the permissions and the space left on the disk"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; ask for fewer states or years"
    if isinstance(error, RecursionError):
        return "something given is nested too deeply to be read"
    if isinstance(error, UnicodeError):
        return f"text that cannot be read or written ({error}); use UTF-8, for example PYTHONUTF8=1"
    reason = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {reason[0][:200]}" if reason else type(error).__name__
    return f"Tripoint stumbled ({what}). This is a fault of the program: add --debug to see where, and report it"


def _fail(words: str, code: int) -> None:
    try:
        click.echo(f"Error: {words}", err=True)
    except OSError:
        _silence(sys.stderr)
    if code == 1:
        _silence_if_full(sys.stdout)
    sys.exit(code)


def _silence_if_full(stream: Any) -> None:
    """What is still held for a full disk would be tried again at exit, with a message of Python's own."""
    try:
        stream.flush()
    except (OSError, ValueError):
        _silence(stream)


def _silence(stream: Any) -> None:
    """Let what a stream still holds go nowhere."""
    import os
    from contextlib import suppress

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
