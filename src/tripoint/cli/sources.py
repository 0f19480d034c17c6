"""``tripoint sources``, ``fetch``, ``load`` and ``cite``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tripoint.cli.output import Command, console, home_option, print_rows, row_options
from tripoint.errors import InputError, TripointError

if TYPE_CHECKING:
    from tripoint.provenance import Source
    from tripoint.sources.network import Progress


@click.command("sources")
@click.option("--where", is_flag=True, help="Where each file comes from: producer, copy or by hand.")
@home_option
@row_options
def sources_command(where: bool, home: Path | None, form: str | None, output: Path | None) -> None:
    """List the catalog, and what of it is in the store.

    \b
    Example:
      tripoint sources
      tripoint sources --where
    """
    from tripoint.answers.source import sources_frame
    from tripoint.pipeline import open_evidence

    if where:
        _print_where(form, output)
        return
    rows = sources_frame(open_evidence(home))
    held = rows["vintage"].count()
    columns = ("source", "title", "covers", "vintage", "facts", "license")
    print_rows(rows, form, output, title=f"{rows.height} sources, {held} in the store", columns=columns)


def _print_where(form: str | None, output: Path | None) -> None:
    """A row a file: from whom a program gets it, or by what name a person does; and whether it may be passed on."""
    import polars as pl

    from tripoint.sources.getting import places

    words = {True: "yes", False: "no", None: "not stated"}
    rows = [
        {
            "source": entry.id,
            "file": name,
            "from": file.where,
            "place": file.address or entry.landing,
            "copy of": file.copy or None,
            "checked": entry.checked or "not checked",
            "license": entry.license.name,
            "pass on": words[entry.license.redistribute],
        }
        for entry, file, name in places()
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    counts = ", ".join(f"{n} {kind}" for kind, n in frame["from"].value_counts().sort("from").iter_rows())
    shown = ("source", "file", "from", "place", "checked", "license", "pass on")
    print_rows(frame, form, output, title=f"{frame.height} files: {counts}", columns=shown)


def _names_option(names: tuple[str, ...], everything: bool) -> list[str]:
    from tripoint.sources.entries import catalog, source
    from tripoint.sources.fetch import in_reach

    if everything and names:
        raise InputError("name sources or say --all, not both")
    if not everything and not names:
        raise InputError("which source? name one or say --all; tripoint sources lists them")
    if not everything:
        return [source(n).id for n in names]
    mirror = os.environ.get("TRIPOINT_MIRROR", "")
    found = [name for name, entry in catalog().items() if in_reach(entry, mirror)]
    if left := sorted(set(catalog()) - set(found)):
        why = f"not in the mirror {mirror}" if mirror else "to be downloaded by hand"
        click.echo(f"left, because {why}: {', '.join(left)} (tripoint sources --where)", err=True)
    return found


def _which_options(function: Command) -> Command:
    """Which sources, and where their files come from: shared by ``fetch`` and ``load``."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    for option in (
        home_option,
        click.option("--quiet", is_flag=True, help="No progress, no terms."),
        click.option("--refresh", is_flag=True, help="Fetch again what is already here."),
        click.option("--from", "downloads", type=folder, help="Folder with files downloaded by hand."),
        click.option("--all", "everything", is_flag=True, help="Every source in the catalog."),
        click.argument("names", nargs=-1),
    ):
        function = option(function)
    return function


@click.command("fetch")
@_which_options
def fetch_command(
    names: tuple[str, ...], everything: bool, downloads: Path | None, refresh: bool, quiet: bool, home: Path | None
) -> None:
    """Fetch the files of sources: from TRIPOINT_MIRROR, their official address, or a folder of downloads.

    \b
    Example:
      tripoint fetch atop
    """
    from tripoint import pipeline

    def one(name: str, progress: Progress | None) -> str:
        got = pipeline.fetch(name, home, downloads=downloads, refresh=refresh, progress=progress, say=_saying(name))
        return f"{len(got)} files, {sum(r.bytes for r in got):,} bytes"

    _each(_names_option(names, everything), one, quiet, home)


@click.command("load")
@_which_options
def load_command(
    names: tuple[str, ...], everything: bool, downloads: Path | None, refresh: bool, quiet: bool, home: Path | None
) -> None:
    """Read sources into the store, fetching what is not here yet. The same files again change nothing.

    \b
    Example:
      tripoint load atop cow-trade
    """
    from tripoint import pipeline

    def one(name: str, progress: Progress | None) -> str:
        done = pipeline.load_source(
            name, home, downloads=downloads, refresh=refresh, progress=progress, say=_saying(name)
        )
        e = done.edition
        what = "already loaded" if done.already else f"{done.seconds:.1f} s"
        remarks = "".join(f"\n    note: {r}" for r in e.remarks)
        return (
            f"{e.vintage}: {e.rows_in:,} rows in = {e.rows_kept:,} kept + {e.rows_aside:,} set aside; "
            f"{e.facts:,} facts ({what}){remarks}"
        )

    _each(_names_option(names, everything), one, quiet, home)


def _saying(name: str) -> Callable[[str], None]:
    """Print what was chosen and left of a folder of downloads."""
    return lambda text: click.echo(f"{name}: {text}")


def _each(names: list[str], one: Callable[[str, Progress | None], str], quiet: bool, home: Path | None) -> None:
    """Do one thing for each source; a failure is told and does not stop the others, but the exit code says it."""
    from tripoint.sources.entries import source

    failed = 0
    with _progress(quiet) as progress:
        for name in names:
            if not quiet:
                _terms_once(source(name), home)
            try:
                text = one(name, progress)
            except TripointError as error:
                failed += 1
                click.echo(f"{name}: failed: {error}", err=True)
            else:
                click.echo(f"{name}: {text}")
    if failed:
        raise TripointError(f"{failed} of {len(names)} sources failed; the others are done, and the store is whole")


def _terms_once(entry: Source, home: Path | None) -> None:
    """Show a source's terms the first time, and record that they were shown."""
    from tripoint.pipeline import record_terms

    if record_terms(entry, home):
        terms = entry.license
        limits = " Non-commercial use only." if terms.noncommercial else ""
        forbids = f" Not allowed: {terms.forbids}." if terms.forbids else ""
        click.echo(f"{entry.id}: terms: {terms.name}.{limits}{forbids} {terms.notice} {terms.url}".rstrip(), err=True)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress | None]:
    """A progress bar on a terminal; none when piped or quiet."""
    out = console(stderr=True)
    if quiet or not out.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=out,
        transient=True,
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total or None)
            bar.update(tasks[name], completed=done, total=total or None)

        yield show


@click.command("cite")
@click.argument("names", nargs=-1)
@click.option("--bibtex", is_flag=True, help="As BibTeX.")
@home_option
def cite_command(names: tuple[str, ...], bibtex: bool, home: Path | None) -> None:
    """Print how to cite Tripoint and sources: those named, or all that are in the store.

    \b
    Example:
      tripoint cite atop --bibtex
    """
    from tripoint.pipeline import cite

    click.echo(cite(names, bibtex=bibtex, home=home))
