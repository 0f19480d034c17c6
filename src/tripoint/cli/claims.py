"""``tripoint claims``: draft claim files, check them, count their likelihoods, freeze, score and review them."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tripoint.cli.output import home_option, print_rows, row_options, to_json, write_text
from tripoint.errors import InputError

if TYPE_CHECKING:
    pass

_DAY = click.DateTime(["%Y-%m-%d"])
_SHOWN = ("claim", "kind", "verdict", "words", "low", "high", "evidence", "text")


@click.group("claims")
def claims_command() -> None:
    """Draft a claim file, check it, count its likelihoods, freeze it, and score its predictions.

    \b
    Example:
      tripoint claims draft article.txt -o claims.toml
      tripoint claims check claims.toml
      tripoint claims calibrate claims.toml --write
    """


@claims_command.command("check")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check a claim file: every measure, kind, state, likelihood, and that each test and claim can fail.

    \b
    Example:
      tripoint claims check claims.toml
    """
    from tripoint.claims.files import read_claims

    found = read_claims(file)
    tests = [t for c in found.claims for t in c.tests]
    names = sorted({call.name for t in tests for call in t.when.calls()})
    kinds = [c.kind for c in found.claims]
    bases = [t.weight.basis for c in found.claims if c.kind == "explanation" for t in c.tests]
    click.echo(f"{file}: {_many(len(found.claims), 'claim')}, {_many(len(tests), 'test')}; each can fail")
    click.echo(f"measures: {', '.join(names) or 'none'}")
    click.echo(f"kinds: {', '.join(f'{kinds.count(k)} {k}' for k in dict.fromkeys(kinds))}")
    if bases:
        click.echo(f"likelihoods: {', '.join(f'{bases.count(b)} {b}' for b in dict.fromkeys(bases))}")
    untested = [c.id for c in found.claims if not c.tests]
    if untested:
        click.echo(f"without a test, so 'cannot tell': {', '.join(untested)}")


@claims_command.command("calibrate")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write the counts beside the file, where weighing finds them.")
@click.option("--most", type=click.IntRange(50, 100_000), default=400, show_default=True, help="Most cases of a class.")
@row_options
@home_option
def calibrate_command(
    file: Path | None, write: bool, most: int, form: str | None, output: Path | None, home: Path | None
) -> None:
    """Count each test's likelihood ratio over its reference class; without FILE, of the argument that ships.

    A test names its class with count = { class = ..., X = ..., Y = ..., T = ... }. The interval is by pair of states.

    \b
    Example:
      tripoint claims calibrate claims.toml
      tripoint claims calibrate claims.toml --write
    """
    import polars as pl

    from tripoint.claims.calibrate import calibrate
    from tripoint.claims.counts import write_counts
    from tripoint.claims.export import count_row
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import shipped
    from tripoint.cli.show import working
    from tripoint.pipeline import open_evidence

    path = file or shipped("russia-china-india")
    found, evidence = read_claims(path), open_evidence(home)
    counted = working("past cases", lambda: calibrate(found, evidence, most=most))
    if write:
        kept = [(c.claim, c.test.id, c.rule, c.count) for c in counted if c.count is not None]
        beside = path.with_suffix(".counts.toml")
        write_text(
            write_counts(kept, evidence=evidence.hash, command=f"tripoint claims calibrate {path.name} --write"), beside
        )
        click.echo(f"{beside}: {_many(len(kept), 'count')}", err=True)
    frame = pl.DataFrame([count_row(c) for c in counted], infer_schema_length=None)
    print_rows(frame, form, output, title=found.title)


@claims_command.command("freeze")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@home_option
def freeze_command(file: Path, home: Path | None) -> None:
    """Freeze a claim file by its hash, before new evidence is loaded.

    \b
    Example:
      tripoint claims freeze claims.toml
    """
    from tripoint.claims.files import read_claims
    from tripoint.claims.freeze import freeze
    from tripoint.evidence.store import default_home
    from tripoint.pipeline import open_evidence

    found, evidence = read_claims(file), open_evidence(home)
    one = freeze(found, home or default_home(), evidence=evidence.hash, on=date.today())
    click.echo(
        f"{file}: frozen on {one.on} as {one.hash[:12]}, before anything newer than evidence {one.evidence[:12]}"
    )


@claims_command.command("new")
@click.argument("a")
@click.argument("b")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the claim file here.")
def new_command(a: str, b: str, output: Path | None) -> None:
    """Write a commented claim file about two states, to be edited; it can be weighed as it stands.

    \b
    Example:
      tripoint claims new IND JPN -o claims.toml
    """
    from tripoint.claims.library import new_file

    write_text(new_file(a, b, on=date.today()), output)


@claims_command.command("could-answer")
@click.argument("names", nargs=-1, required=True)
@click.option("--as-of", type=_DAY, help="Day on which the answer would be asked for (default: today).")
@row_options
@home_option
def could_answer_command(
    names: tuple[str, ...], as_of: datetime | None, form: str | None, output: Path | None, home: Path | None
) -> None:
    """List which measures have evidence for one state or for two, and how fresh it is.

    Answers are yes; at least (a list that is not complete); only then (older than its kind allows); no (a test would
    stay silent).

    \b
    Example:
      tripoint claims could-answer SAU IRN
    """
    from dataclasses import asdict

    import polars as pl

    from tripoint.claims.could_answer import could_answer
    from tripoint.pipeline import open_evidence

    found = could_answer(open_evidence(home), names, as_of=as_of.date() if as_of else date.today())
    rows = [{**asdict(c), "sources": " ".join(c.sources)} for c in found]
    print_rows(
        pl.DataFrame(rows, infer_schema_length=None), form, output, title=f"What could be asked of {' '.join(names)}"
    )


@claims_command.command("score")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", type=_DAY, help="Day up to which predictions resolve (default: today).")
@row_options
@home_option
def score_command(
    file: Path | None, as_of: datetime | None, form: str | None, output: Path | None, home: Path | None
) -> None:
    """Score the predictions of a claim file that have resolved (Brier); without FILE, of the argument that ships.

    \b
    Example:
      tripoint claims score claims.toml
    """
    import polars as pl

    from tripoint.claims.export import prediction_row
    from tripoint.claims.files import read_claims
    from tripoint.claims.freeze import find_frozen, mean_brier, resolve
    from tripoint.claims.library import shipped
    from tripoint.evidence.store import default_home
    from tripoint.pipeline import open_evidence

    found = read_claims(file or shipped("russia-china-india"))
    if not found.predictions:
        raise InputError(f"{found.path}: no prediction in it; a prediction begins with a line [[prediction]]")
    resolved = resolve(found, open_evidence(home), as_of=as_of.date() if as_of else date.today())
    print_rows(pl.DataFrame([prediction_row(r) for r in resolved]), form, output, title=found.title)
    done = sum(r.outcome is not None for r in resolved)
    score = f"; mean Brier score {mean_brier(resolved):.3f}" if done else ""
    frozen = find_frozen(found, home or default_home())
    words = f"frozen on {frozen.on}" if frozen else "never frozen here, so that nothing shows when it was written"
    click.echo(f"{done} of {_many(len(resolved), 'prediction')} resolved{score}; the file was {words}", err=True)


@claims_command.command("draft")
@click.argument("article", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the claim file here.")
@click.option("--title", default="", help="Title of the claim file.")
@click.option("--author", default="", help="Author of the article.")
@click.option("--link", default="", help="Address of the article.")
@click.option("--published", type=_DAY, help="Day of publication (default: a date in the first lines).")
@click.option("--endpoint", default="", help="OpenAI-compatible address that proposes instead of the rules.")
@click.option("--model", default="", help="Model to name to the endpoint.")
def draft(
    article: Path,
    output: Path | None,
    title: str,
    author: str,
    link: str,
    published: datetime | None,
    endpoint: str,
    model: str,
) -> None:
    """Draft a claim file from an article in English plain text (- reads standard input).

    Rules take only what is surely said: between whom, and which way. What they could not map is listed at the end of
    the file. With --endpoint a language model proposes, and the rules judge: what is not in the text, names no state
    or has no measure is dropped. Nothing is sent anywhere without it.

    \b
    Example:
      tripoint claims draft article.txt -o claims.toml
    """
    from tripoint.claims.draft import draft_claims, find_date
    from tripoint.claims.endpoint import ask
    from tripoint.claims.extract import extract
    from tripoint.claims.precise import precise

    name = "standard input" if str(article) == "-" else article.name
    text = _read(article)
    loose = extract(text, name=name)
    found = ask(loose, endpoint, model=model) if endpoint else precise(loose)
    made = draft_claims(
        found,
        name=name,
        title=title,
        author=author,
        link=link,
        published=published.date() if published else find_date(text),
        today=date.today(),
    )
    write_text(made.toml, output)
    click.echo(
        f"{name}: {_many(made.sentences, 'sentence')}; {_many(made.claims, 'claim')} drafted, {made.testable} of them "
        f"with tests; {made.unmapped} not mapped (listed at the end)",
        err=True,
    )
    if not made.claims:
        click.echo("no claim found: name states and what is between them, or write the claim file by hand", err=True)


def _read(article: Path) -> str:
    if str(article) == "-":
        return sys.stdin.read()
    try:
        return article.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{article}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{article}: byte {error.start} is not UTF-8; give plain text saved as UTF-8") from None


@click.command("verify")
@click.argument("statement")
@click.option("--as-of", type=_DAY, help="Use evidence up to this day (default: today).")
@click.option("--json", "as_json", is_flag=True, help="The look-up in full, as JSON.")
@home_option
def verify_command(statement: str, as_of: datetime | None, as_json: bool, home: Path | None) -> None:
    """Look one statement up: confirmed, contradicted, contested, outside coverage, or not searched.

    \b
    Example:
      tripoint verify "Turkey has a defense pact with the United States since 1952"
    """
    from tripoint.claims.export import verified_record
    from tripoint.claims.verify import verify
    from tripoint.pipeline import open_evidence

    found = verify(statement, open_evidence(home), as_of=as_of.date() if as_of else date.today())
    if as_json:
        write_text(to_json(verified_record(found)), None)
        return
    click.echo(f"{found.result}: {found.statement}")
    for one in found.judgement.findings:
        click.echo(f"  {one.weighed.test.when.text}: {one.words}")
    for fact in found.fact_ids[:8]:
        click.echo(f"  {fact}")
    if found.decides:
        click.echo(f"  would decide it: {found.decides}")


@claims_command.command("review")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", type=_DAY, help="Use evidence up to this day, even after publication.")
@click.option("--url", default="", help="Where the review will be published.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@home_option
def review(file: Path | None, as_of: datetime | None, url: str, output: Path | None, home: Path | None) -> None:
    """Review the claims of a file as schema.org ClaimReview, JSON-LD; without FILE, of the argument that ships.

    \b
    Example:
      tripoint claims review claims.toml --url https://example.org/review
    """
    if url and not url.startswith(("https://", "http://")):
        raise InputError(f"url '{url}' is no address on the web; give one that begins with https://")
    from tripoint.claims.export import claim_reviews
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import shipped
    from tripoint.claims.weigh import weigh_file
    from tripoint.pipeline import open_evidence

    found, evidence = read_claims(file or shipped("russia-china-india")), open_evidence(home)
    judgements = weigh_file(found, evidence, as_of=as_of.date() if as_of else None)
    text = to_json(claim_reviews(found, judgements, evidence, url=url))
    write_text(text.replace("<", "\\u003c").replace("&", "\\u0026"), output)  # it stands in a script block of a page


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
