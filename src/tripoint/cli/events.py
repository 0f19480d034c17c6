"""``tripoint events``: archives of coded news, counts made where they are, series, and what stands out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, write_figure, write_text
from tripoint.cli.show import working

if TYPE_CHECKING:
    from tripoint.events.columns import Family, Period
    from tripoint.events.engines import Dialect, Engine
    from tripoint.events.sync import Plan, Synced

_FAMILIES = ("gdelt", "gdelt-1", "icews", "polecat")
_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"])
_SHOWN_BAD = 5


@click.group("events")
def events_command() -> None:
    """Coded news at any size: GDELT, ICEWS and POLECAT.

    \b
    Example:
      tripoint events sync gdelt --since 2024-01-01 --dry-run
    """


@events_command.command("sync")
@click.argument("family", type=click.Choice(_FAMILIES))
@click.option("--since", type=_DAY, help="First day.")
@click.option("--until", type=_DAY, help="Last day.")
@click.option("--from", "origin", default="", help="Folder of files, or address laid out as GDELT's.")
@click.option("--dry-run", is_flag=True, help="Say how much there is to fetch, and stop.")
@click.option(
    "--connections", type=click.IntRange(1, 32), default=6, show_default=True, help="Files fetched at a time."
)
@click.option("--no-load", is_flag=True, help="Do not store the counts as facts afterwards.")
@click.option("--quiet", is_flag=True, help="No progress.")
@home_option
def sync_command(
    family: str,
    since: datetime | None,
    until: datetime | None,
    origin: str,
    dry_run: bool,
    connections: int,
    no_load: bool,
    quiet: bool,
    home: Path | None,
) -> None:
    """Fetch event files that are not held, and keep them as Parquet. Run it again to go on or to bring it up to date.

    \b
    Example:
      tripoint events sync gdelt --since 2024-01-01
    """
    from tripoint.events.listing import origin_of
    from tripoint.events.sync import plan_sync, sync
    from tripoint.evidence.store import default_home

    one, folder = cast("Family", family), home or default_home()
    place, span = origin or origin_of(one), {"since": _date(since), "until": _date(until)}
    if dry_run:
        click.echo(_planned(family, plan_sync(folder, one, place, **span)))
        return
    with _bar(quiet, family, download=True) as progress:
        done = sync(folder, one, place, **span, connections=connections, progress=progress)
    click.echo(_synced(family, done))
    if not no_load:
        click.echo(_load(family, folder, "month", "duckdb", "local[2]", quiet))


@events_command.command("load")
@click.argument("family", type=click.Choice(_FAMILIES))
@click.option("--by", type=click.Choice(["month", "day"]), default="month", show_default=True, help="Facts by.")
@click.option("--engine", type=click.Choice(["duckdb", "polars", "spark"]), default="duckdb", show_default=True)
@click.option("--master", default="local[2]", show_default=True, help="Master of Spark.")
@click.option("--quiet", is_flag=True, help="No progress.")
@home_option
def load_command(family: str, by: str, engine: str, master: str, quiet: bool, home: Path | None) -> None:
    """Count what the archive holds, month by month, and store the counts as facts.

    \b
    Example:
      tripoint events load gdelt --by month
    """
    from tripoint.evidence.store import default_home

    click.echo(_load(family, home or default_home(), by, engine, master, quiet))


@events_command.command("sql")
@click.option("--dialect", default="bigquery", show_default=True, help="bigquery, snowflake, trino, clickhouse, ...")
@click.option("--table", help="Table of events (default: GDELT's public one on BigQuery).")
@click.option("--by", type=click.Choice(["month", "day"]), default="month", show_default=True)
@click.option("--since", type=_DAY, help="First day of events.")
@click.option("--until", type=_DAY, help="Last day of events.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def sql_command(
    dialect: str, table: str | None, by: str, since: datetime | None, until: datetime | None, output: Path | None
) -> None:
    """Print the statement that counts, to be run where the events are; take its result with events import.

    \b
    Example:
      tripoint events sql --dialect bigquery --since 2015-02-18
    """
    from tripoint.events.codes import as_number
    from tripoint.events.engines import BIGQUERY_TABLE, statement

    first, last = _date(since), _date(until)
    text = statement(
        cast("Dialect", dialect),
        table=table or BIGQUERY_TABLE,
        by=cast("Period", by),
        since=as_number(first) if first else None,
        until=as_number(last) if last else None,
    )
    write_text(text + "\n", output)


@events_command.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--source", "family", type=click.Choice(_FAMILIES), default="gdelt", show_default=True)
@home_option
def import_command(file: Path, family: str, home: Path | None) -> None:
    """Take the result of the statement of events sql, as CSV or Parquet, and store its counts as facts.

    \b
    Example:
      tripoint events import counts.csv --source gdelt
    """
    from tripoint.events.archive import open_archive
    from tripoint.events.counts import import_counts
    from tripoint.evidence.store import default_home

    folder = home or default_home()
    import_counts(open_archive(folder, cast("Family", family)), file)
    click.echo(_load(family, folder, "month", "duckdb", "local[2]", quiet=True))


@events_command.command("show")
@click.argument("states", nargs=2, metavar="A B")
@click.option("--by", type=click.Choice(["month"]), default="month", show_default=True)
@click.option("--source", default="", help="Source of the news (default: the one that covers most days).")
@click.option("--since", type=_DAY, help="First month.")
@click.option("--changes", is_flag=True, help="Only months in which a share moved to another level.")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Draw to .svg, .png or .html.")
@home_option
@row_options
def show_command(
    states: tuple[str, str],
    by: str,
    source: str,
    since: datetime | None,
    changes: bool,
    figure: Path | None,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """News between two states by month: shares that can be compared over years, with changes of level.

    \b
    Example:
      tripoint events show RUS CHN --by month --figure news.svg
    """
    import polars as pl

    from tripoint import states as lookup
    from tripoint.events.changes import change_rows
    from tripoint.events.drawing import draw_news
    from tripoint.events.series import build_series
    from tripoint.pipeline import open_evidence

    a, b = (lookup.find(name).id for name in states)
    evidence = open_evidence(home)
    found = working("news", lambda: build_series(evidence, [a], [b], source=source, since=_date(since)))
    if figure is not None:
        write_figure(draw_news(evidence, found), figure)
    rows = change_rows(found) if changes else found.rows()
    title = f"News of {a} and {b}, {found.source}"
    print_rows(pl.DataFrame(rows, infer_schema_length=None), form, output, title=title)


@events_command.command("watch")
@click.option("--states", default="", help="Ids joined with commas: pairs with one of them (default: all).")
@click.option("--source", default="", help="Source of the news (default: the one that covers most days).")
@click.option("--month", type=_DAY, help="Month to judge (default: the last one covered).")
@click.option("--alpha", type=float, default=0.01, show_default=True, help="Share of false alarms asked for.")
@home_option
@row_options
def watch_command(
    states: str,
    source: str,
    month: datetime | None,
    alpha: float,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """List pairs whose conflict or cooperation news departs from their own history.

    \b
    Example:
      tripoint events watch --states RUS,CHN,IND
    """
    import polars as pl

    from tripoint import states as lookup
    from tripoint.events.watch import rate_sentence, rows_of, watch
    from tripoint.pipeline import open_evidence

    ids = [lookup.find(name.strip()).id for name in states.split(",") if name.strip()]
    evidence = open_evidence(home)
    found = working("watching", lambda: watch(evidence, ids, source=source, month=_date(month), alpha=alpha))
    click.echo(rate_sentence(found), err=True)
    print_rows(pl.DataFrame(rows_of(found), infer_schema_length=None), form, output, title=f"{found.month:%Y-%m}")


@events_command.command("compare")
@click.argument("sources", nargs=2, metavar="ONE OTHER")
@home_option
@row_options
def compare_command(sources: tuple[str, str], home: Path | None, form: str | None, output: Path | None) -> None:
    """Rank correlations of two sources over the pairs of each month that both cover.

    \b
    Example:
      tripoint events compare gdelt icews
    """
    import polars as pl

    from tripoint.events.compare import compare_rows
    from tripoint.pipeline import open_evidence

    evidence = open_evidence(home)
    rows = working("comparing", lambda: compare_rows(evidence, *sources))
    print_rows(pl.DataFrame(rows, infer_schema_length=None), form, output, title=f"{sources[0]} and {sources[1]}")


@events_command.command("status")
@home_option
@row_options
def status_command(home: Path | None, form: str | None, output: Path | None) -> None:
    """What the archives hold, by source and year, and files that could not be read.

    \b
    Example:
      tripoint events status
    """
    import polars as pl

    from tripoint.events.status import status_rows
    from tripoint.evidence.store import default_home

    rows = [row for family in _FAMILIES for row in status_rows(home or default_home(), cast("Family", family))]
    if not rows:
        click.echo("No archive of events yet; run: tripoint events sync gdelt --since 2024-01-01", err=True)
    print_rows(pl.DataFrame(rows, infer_schema_length=None), form, output, title="Archives of events")


def _date(when: datetime | None) -> date | None:
    return when.date() if when else None


def _planned(family: str, plan: Plan) -> str:
    enough = "enough" if plan.disk < plan.free else "NOT enough"
    return (
        f"{family}: {len(plan.files):,} files to fetch, {plan.bytes / 1e9:.2f} GB zipped; {plan.held:,} are held. "
        f"About {plan.disk / 1e9:.2f} GB of disk ({plan.free / 1e9:.0f} GB are free: {enough}) and "
        f"{_long(plan.seconds)} of work beside the network's time."
    )


def _synced(family: str, done: Synced) -> str:
    kept = f"{done.rows:,} between two countries kept" if done.lines else "nothing new"
    text = f"{family}: {done.files:,} files, {done.bytes / 1e6:,.1f} MB, {done.lines:,} records, {kept}"
    text += f" ({_long(done.seconds)})"
    if done.bad:
        text += f"\n{len(done.bad)} files set aside:" + "".join(f"\n    {b.why}" for b in done.bad[:_SHOWN_BAD])
        text += f"\n    and {len(done.bad) - _SHOWN_BAD} more" if len(done.bad) > _SHOWN_BAD else ""
    return text


def _load(family: str, home: Path, by: str, engine: str, master: str, quiet: bool) -> str:
    from tripoint.pipeline import load_events

    with _bar(quiet, "counting", download=False) as progress:
        done = load_events(
            family, home, by=cast("Period", by), engine=cast("Engine", engine), master=master, progress=progress
        )
    e = done.edition
    what = "already stored" if done.already else "stored"
    remarks = "".join(f"\n    note: {r}" for r in e.remarks)
    return f"{family}: {done.counted} of {done.months} months counted; {e.facts:,} facts {what} as {e.vintage}{remarks}"


def _long(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


@contextmanager
def _bar(quiet: bool, what: str, *, download: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar with rate and time left on a terminal; none when piped or quiet."""
    out = console(stderr=True)
    if quiet or not out.is_terminal:
        yield None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (DownloadColumn(), TransferSpeedColumn()) if download else (MofNCompleteColumn(),)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), *columns, TimeRemainingColumn(), console=out, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
