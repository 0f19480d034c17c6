"""Commands that ask a question: made from the question's own keys, so that no command has a spelling of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.answers.keys import KEYS, Key
from tripoint.answers.registry import QUESTIONS, Asked
from tripoint.cli.output import home_option, row_options

if TYPE_CHECKING:
    from tripoint.answers.question import Question

#: Forms of which a command takes several, one after the other or separated by commas.
_MANY = ("states", "pairs", "words")
#: Letters of the examples in a help page that are no key.
_FIGURE = "Draw to this .svg, .png or .html; several figures get their names put in."

#: Word of a command -> its question.
WORDS: Mapping[str, Asked] = {known.word: known for known in QUESTIONS.values()}


class _Ask(click.Command):
    """A command whose unknown options are unknown keys, said as everywhere."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = error.option_name.lstrip("-").replace("-", "_")
            known = WORDS[self.name or ""]
            if name in known.question.words:
                raise click.UsageError(
                    f"'{error.option_name}' is a word of this command, not an option: "
                    f"tripoint {self.name} {name.upper()}; example: {known.question.examples[0]}",
                    ctx,
                ) from None
            raise click.UsageError(str(known.question.unknown_key(name)), ctx) from None


def command_of(word: str, also: str = "") -> click.Command:
    """The command that asks the question of a word, under another name where one is given."""
    known = WORDS[word]
    question = known.question
    required = {f.name: f.default is MISSING and f.default_factory is MISSING for f in fields(question)}
    default = {f.name: f.default for f in fields(question)}
    parameters: list[click.Parameter] = []
    for name in question.words:
        key = KEYS[name]
        many = key.form in _MANY
        need = required[name] and key.form != "file"
        parameters.append(click.Argument([name], nargs=-1 if many else 1, required=need, metavar=_metavar(key, many)))
    parameters += [_option(KEYS[n], default[n], required[n]) for n in question.keys() if n not in question.words]  # noqa: SIM118

    def run(home: Path | None, form: str | None, output: Path | None, figure: Path | None, **given: Any) -> None:
        from tripoint.cli.show import answered

        answered(known, _given(given), home=home, form=form, output=output, figure=figure)

    command = _Ask(
        word,
        callback=run,
        params=parameters,
        help=_help(question).replace(f"tripoint {word}", f"tripoint {also or word}"),
        short_help=known.about,
    )
    figure = click.Option(["--figure"], type=click.Path(dir_okay=False, path_type=Path), help=_FIGURE)
    command.params.append(figure)
    row_options(home_option(command))
    return command


def _option(key: Key, default: Any, required: bool) -> click.Option:
    names = [f"--{key.name.replace('_', '-')}", *key.flags]
    if key.form == "flag":
        return click.Option([key.name, *names], is_flag=True, help=key.meaning)
    shown = "" if required or default is None or default == () else f"  [default: {key.write(default)}]"
    needed = "  [required]" if required else ""
    choices = f" One of {', '.join(key.choices)}." if key.choices else ""
    return click.Option(
        [key.name, *names],
        multiple=key.form in _MANY,
        metavar=key.form.upper(),
        help=f"{key.meaning}{choices}{shown}{needed}",
    )


def _metavar(key: Key, many: bool) -> str:
    return "A B [A B]..." if key.form == "pairs" else f"{key.name.upper()}..." if many else key.name.upper()


def _given(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was written, by key: nothing for what was not, lists taken apart at commas, files of one's own as paths."""
    from tripoint.ask import path_or_name

    read: dict[str, Any] = {}
    for name, value in given.items():
        key = KEYS[name]
        if value is None or value == () or (key.form == "flag" and not value):
            continue
        if key.form in _MANY:
            read[name] = [part.strip() for text in value for part in text.split(",") if part.strip()]
        elif key.form == "file":
            read[name] = Path(value) if name == "file" else path_or_name(value)
        else:
            read[name] = value
    return read


def _help(question: type[Question]) -> str:
    return f"{question.about}\n\n\b\nExample:\n" + "\n".join(f"  {example}" for example in question.examples)
