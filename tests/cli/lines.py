"""Command lines made from a seed: sound words and options of every command, and values that cannot be."""

from __future__ import annotations

import contextlib
import io
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from tripoint.cli.main import COMMANDS, app, main

#: Commands that serve until they are stopped, or fetch.
NOT_TRIED = {"web", "mcp", "fetch", "load", "events"}
STATES = ("RUS", "CHN", "USA", "IND", "ATLANTIS", "", "rus", "2", "365", "\udcff", "../../etc", "Côte d'Ivoire", "*")
NUMBERS = ("-5", "0", "1", "3000", "9999", "10000", "99999", "1" + "0" * 20, "nan", "inf", "-inf", "1e308", "x", "")
DAYS = ("2020-01-01", "2020-13-01", "0000-00-00", "2020", "-1", "99999", "today", "")
FILES = ("", "none/there.csv", "/dev/full", ".", "/proc/1/mem", "out.csv", "out.json", "x" * 300)


@dataclass
class Tally:
    """What became of the command lines, by exit code."""

    codes: dict[int, int] = field(default_factory=dict)
    tracebacks: list[str] = field(default_factory=list)
    wordless: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)


def commands() -> Iterator[tuple[list[str], click.Command]]:
    context = click.Context(app)
    for name in COMMANDS:
        command = app.get_command(context, name)
        if command is None or name in NOT_TRIED:
            continue
        if isinstance(command, click.Group):
            yield from (([name, below], made) for below, made in command.commands.items())
        else:
            yield [name], command


def lines(number: int, seed: int) -> Iterator[list[str]]:
    chance = random.Random(seed)
    known = list(commands())
    for turn in range(number):
        words, command = known[turn % len(known)]
        line = list(words)
        for parameter in command.params:
            if isinstance(parameter, click.Argument):
                line += [chance.choice(STATES) for _ in range(chance.choice((1, 2)) if parameter.nargs == -1 else 1)]
        options = [p for p in command.params if isinstance(p, click.Option) and p.name != "home"]
        for option in chance.sample(options, min(len(options), chance.choice((1, 1, 2, 3)))):
            name = chance.choice(option.opts)
            pool = chance.choice((NUMBERS, NUMBERS, NUMBERS, DAYS, STATES))
            if isinstance(option.type, click.Path):
                pool = FILES
            line += [name] if option.is_flag else [name, chance.choice(pool)]
        yield line


def run_all(number: int, seed: int, folder: Path, limit: float = 60.0) -> Tally:
    """Run the lines in this process, in ``folder``; a line that stumbles counts as a traceback."""
    tally = Tally()
    before = Path.cwd()
    os.chdir(folder)
    try:
        for line in lines(number, seed):
            out, err = io.StringIO(), io.StringIO()
            started, code = time.process_time(), 0
            try:
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    main(line)
            except SystemExit as ended:
                code = int(ended.code or 0)
            except BaseException as error:
                tally.tracebacks.append(f"{line}: {type(error).__name__}: {error}")
                continue
            said = err.getvalue()
            tally.codes[code] = tally.codes.get(code, 0) + 1
            if "Traceback" in said or "stumbled" in said:
                tally.tracebacks.append(f"{line}: {said.strip()[-300:]}")
            if code not in (0, 1, 2) or (code and not said.strip()):
                tally.wordless.append(f"{line}: {code}")
            if time.process_time() - started > limit:
                tally.slow.append(str(line))
    finally:
        os.chdir(before)
    return tally


if __name__ == "__main__":
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        os.environ["TRIPOINT_HOME"] = f"{name}/home"
        tally = run_all(int(sys.argv[1]), int(sys.argv[2]), Path(name))
    print("exit codes", dict(sorted(tally.codes.items())), "tracebacks", len(tally.tracebacks))
    print(*tally.tracebacks, *tally.wordless, *tally.slow, sep="\n")
