"""The only module that introduces the stages to each other: sources to the store, the store to measures."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import tripoint
from tripoint.errors import FormatError, InputError, StoreError, TripointError, unknown
from tripoint.evidence import query
from tripoint.evidence.choice import unlisted
from tripoint.evidence.store import (
    Edition,
    default_home,
    edition_digest,
    faults,
    find_edition,
    read_snapshot,
    remove_edition,
    write_edition,
)
from tripoint.provenance import Receipt, Source, file_digest
from tripoint.provenance import digest as digest_of
from tripoint.record import Reading
from tripoint.sources import assemble, entries
from tripoint.sources.receipts import forget_receipts
from tripoint.sources.starter import starter_folder
from tripoint.writing import write_whole

if TYPE_CHECKING:
    import polars as pl

    from tripoint.events.archive import Archive
    from tripoint.events.columns import Family, Period
    from tripoint.events.engines import Engine
    from tripoint.events.facts import Stored
    from tripoint.panels import Panel
    from tripoint.panels.base import System
    from tripoint.panels.comparing import Comparison
    from tripoint.panels.frame import Time
    from tripoint.panels.rows import Unit
    from tripoint.panels.variable import Group
    from tripoint.sources.fetch import Say
    from tripoint.sources.network import Progress
    from tripoint.sources.tabular import Files

STARTER = "starter"
_BESIDE: dict[Path, Edition] = {}
#: Share of records set aside from which a remark says so, and how many reasons it names.
REMARKED_SHARE = 0.01
#: Share of the records of the edition before that a new one may lack before a remark says so.
REMARKED_LOSS = 0.02
SHOWN_REASONS = 2

SELF_CITATION = f"Tripoint contributors. Tripoint {tripoint.__version__}: how states align, from the public record."
SELF_BIBTEX = f"""@software{{tripoint,
  author = {{{{Tripoint contributors}}}},
  title = {{Tripoint: how states align, from the public record}},
  version = {{{tripoint.__version__}}},
}}"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the edition now in the store, whether it was there already, and how long it took."""

    edition: Edition
    already: bool
    seconds: float


def open_evidence(
    home: Path | str | None = None, *, vintages: Mapping[str, str] | None = None, without: Iterable[str] = ()
) -> query.Evidence:
    """Open the evidence: what ships with the package, and every source that has been loaded.

    Parameters
    ----------
    home
        Folder of the store; ``TRIPOINT_HOME`` or the platform's data folder when absent.
    vintages
        Vintage to use, by source id; the newest otherwise.
    without
        Ids of sources to leave out: of a damaged one, or to see what rests on it.

    Raises
    ------
    StoreError
        When files of a source in use are missing or have another size than they were stored with; the message says
        how to mend them, and how to answer without them.
    """
    folder = Path(home) if home is not None else default_home()
    try:
        shipped = load_source(STARTER, folder).edition
    except (StoreError, InputError, OSError):
        if os.access(folder / "store" if (folder / "store").is_dir() else folder, os.W_OK):
            raise
        shipped = _beside(folder)  # a store that others look after: what ships is read from the package
    return query.connect(folder, vintages=vintages, without=without, instead=(shipped,))


def _beside(home: Path) -> Edition:
    """The edition that ships with this release, written to a folder of this process where the store is read-only."""
    import atexit
    import shutil
    import tempfile

    if home not in _BESIDE:
        folder = Path(tempfile.mkdtemp(prefix="tripoint-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        edition = load_source(STARTER, folder).edition
        _BESIDE[home] = replace(edition, folder=str(folder / "store" / edition.folder))
    return _BESIDE[home]


def repair(home: Path | str | None = None, *, say: Say | None = None) -> tuple[Loaded, ...]:
    """Read damaged editions again: from the files that were kept, else from the mirror or the producer.

    Raises
    ------
    FetchError
        When the files of a damaged edition are gone and cannot be had again; the message says how to get them by hand.
    """
    folder = Path(home) if home is not None else default_home()
    damaged = [e for e in read_snapshot(folder).editions if faults(folder, e, hashes=True)]
    made = []
    for name in dict.fromkeys(e.source_id for e in damaged):
        for edition in damaged:
            if edition.source_id == name and say:
                say(f"{name}@{edition.vintage}: {'; '.join(faults(folder, edition, hashes=True))}; reading it again")
        made.append(load_source(name, folder, say=say))
        still = [e for e in read_snapshot(folder).editions if e.source_id == name and faults(folder, e, hashes=True)]
        for edition in still:  # of files that have since been replaced by newer ones
            remove_edition(folder, name, edition.vintage)
            if say:
                say(f"{name}@{edition.vintage}: its files are no longer had; it was taken out of the store")
    return tuple(made)


def panel(
    unit: Unit,
    start: Time,
    end: Time,
    *,
    system: System = "cow",
    directed: bool = True,
    future: bool = False,
    evidence: query.Evidence | None = None,
) -> Panel:
    """Make a frame of states, dyads or triads by year, month or day; see :func:`tripoint.panels.panel`.

    Variables come from ``evidence``, or from the store as it stands.
    """
    from tripoint import panels

    return panels.panel(
        unit,
        start,
        end,
        system=system,
        directed=directed,
        future=future,
        evidence=evidence or open_evidence(),
        registry=_measured(),
    )


def _measured() -> dict[str, Group]:
    """Groups of variables that measures make."""
    from tripoint.dyad import panel_ideal_points, panel_relation, panel_similarity

    return {**panel_similarity.GROUPS, **panel_ideal_points.GROUPS, **panel_relation.GROUPS}


def panel_variables() -> pl.DataFrame:
    """List what panels can add, one row a variable: also ``tripoint.panel.variables()``.

    Columns: ``variable``, ``group``, ``meaning``, ``unit``, ``about`` (state or pair), ``source``, ``variant`` of the
    group, ``dated`` (finest period), ``missing`` (rule), ``options`` of the group, and further names.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.panel.variables().filter(variable="cinc")["group"].item()
    'capability'
    """
    from tripoint.panels.names import variables
    from tripoint.panels.registry import GROUPS

    return variables({**GROUPS, **_measured()})


def compare_panel(frame: Any, home: Path | None = None) -> Comparison:
    """Compare a frame of the R package peacesciencer with the panel of the same rows.

    Also ``tripoint.panel.compare(frame)``, of polars, pandas or Arrow. ``home`` is the folder of the store. See
    :func:`tripoint.panels.comparing.compare`.
    """
    from functools import partial

    import polars as pl

    from tripoint.errors import InputError
    from tripoint.panels.comparing import compare

    if not hasattr(frame, "columns"):
        raise InputError(f"{type(frame).__name__} is no frame; give a data frame of polars, pandas or Arrow")
    return compare(pl.DataFrame(frame), partial(panel, evidence=open_evidence(home)))


panel.compare = compare_panel  # type: ignore[attr-defined]
panel.variables = panel_variables  # type: ignore[attr-defined]


def files_folder(home: Path, source_id: str) -> Path:
    """Folder with the files of one source, as they were fetched."""
    return starter_folder() if source_id == STARTER else home / "files" / source_id


def fetch(
    name: str,
    home: Path | None = None,
    *,
    mirror: str | None = None,
    downloads: Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> tuple[Receipt, ...]:
    """Bring the files of one source to this machine; see :func:`tripoint.sources.fetch.fetch_source`."""
    from tripoint.sources.fetch import fetch_source

    entry = entries.source(name)
    folder = files_folder(home or default_home(), name)
    if name == STARTER:
        return _shipped(entry, folder)
    return fetch_source(entry, folder, mirror=mirror, downloads=downloads, refresh=refresh, progress=progress, say=say)


def load_source(
    name: str,
    home: Path | None = None,
    *,
    mirror: str | None = None,
    downloads: Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Loaded:
    """Fetch, read and store one source; the same files again change nothing.

    Raises
    ------
    UnknownNameError
        For a name that is not in the catalog.
    FetchError, FormatError
        When its files cannot be had or read.
    StoreError
        When the store cannot be written.
    """
    started = time.perf_counter()
    folder = home or default_home()
    entry = entries.source(name)
    if (archive := events_archive(entry, folder)) is not None:
        from tripoint.events.archive import open_archive
        from tripoint.events.facts import store_counts
        from tripoint.events.listing import origin_of
        from tripoint.events.sync import sync

        origin = str(downloads) if downloads is not None else origin_of(archive.family)
        if downloads is not None or not archive.ledgers:
            sync(folder, archive.family, origin)
        stored = store_counts(folder, open_archive(folder, archive.family), entry)
        return Loaded(stored.edition, stored.already, time.perf_counter() - started)
    receipts = fetch(name, folder, mirror=mirror, downloads=downloads, refresh=refresh, progress=progress, say=say)
    digest = edition_digest(name, reader_hash(entry), receipts)
    edition = find_edition(read_snapshot(folder), name, digest)
    if edition is not None and not faults(folder, edition, hashes=refresh):
        return Loaded(edition, True, time.perf_counter() - started)
    try:
        reading = read_source(entry, files_folder(folder, name), receipts)
    except FormatError:
        if name != STARTER:
            forget_receipts(files_folder(folder, name), receipts)
        raise
    before = max((e for e in read_snapshot(folder).editions if e.source_id == name), key=_loaded, default=None)
    if before is not None:
        reading = compared(reading, before.rows_in, before.vintage)
    edition = write_edition(folder, not_listed(reading), entry, receipts, digest)
    return Loaded(edition, False, time.perf_counter() - started)


def events_archive(entry: Source, home: Path) -> Archive | None:
    """The archive that a source's events are counted from: where one is kept, or the source has no other reader."""
    from tripoint.events.columns import Family

    if entry.id not in get_args(Family):
        return None
    from tripoint.events.archive import open_archive
    from tripoint.events.counts import imported

    archive = open_archive(home, cast("Family", entry.id))
    kept = bool(archive.ledgers) or any(imported(archive))
    return archive if kept or entry.reader.startswith("tripoint.events.") else None


def load_events(
    name: str,
    home: Path | None = None,
    *,
    by: Period = "month",
    engine: Engine = "duckdb",
    master: str = "local[2]",
    progress: Callable[[int, int], None] | None = None,
) -> Stored:
    """Count an archive of events and store the counts as facts; see :func:`tripoint.events.facts.store_counts`."""
    from tripoint.events.archive import open_archive
    from tripoint.events.facts import store_counts

    folder = home or default_home()
    archive = open_archive(folder, cast("Family", name))
    return store_counts(folder, archive, entries.source(name), by=by, engine=engine, master=master, progress=progress)


def read_source(entry: Source, folder: Path, receipts: Iterable[Receipt]) -> Reading:
    """Run a source's reader on its files, and check that every record is accounted for.

    Raises
    ------
    FormatError
        When more of the records are set aside than a sound file may have: then it is another file than it seems.
    """
    from tripoint.sources.fetch import files_of

    given = tuple(receipts)
    with _told(entry, given):
        reading = reader(entry)(files_of(entry, folder, given))
    if reading.rows_kept < 0 or reading.rows_in != reading.rows_kept + reading.rows_aside:
        raise StoreError(
            f"{entry.id}: {reading.rows_in} records read, {reading.rows_aside} set aside; they do not add up"
        )
    share = reading.rows_aside / reading.rows_in if reading.rows_in else 0.0
    if share <= REMARKED_SHARE:
        return reading
    words = f"{reading.rows_aside:,} of {reading.rows_in:,} records set aside ({share:.0%}), most of them: "
    words += "; ".join(f"{reason} ({n:,})" for reason, n in _reasons(reading))
    if share > entry.spares:
        raise FormatError(
            f"{entry.id}: {words}; a sound file has at most {entry.spares:.0%}: this is another file, or a layout "
            "that is not read; nothing was stored"
        )
    return replace(reading, remarks=(*reading.remarks, words))


def _loaded(edition: Edition) -> str:
    return edition.loaded_at


def compared(reading: Reading, rows_before: int, vintage: str) -> Reading:
    """Add a remark where a reading has fewer records than the edition before it: a file that ends early looks whole."""
    lost = rows_before - reading.rows_in
    if lost <= REMARKED_LOSS * rows_before:
        return reading
    words = f"{reading.rows_in:,} records, {lost:,} fewer than in {vintage}, the edition that was loaded before: "
    words += "look whether the file is whole"
    return replace(reading, remarks=(*reading.remarks, words))


def not_listed(reading: Reading) -> Reading:
    """Add a remark where the table of choice has an order for a kind that was read, and the source is not in it."""
    kinds = {str(kind) for frame in reading.tables.values() for kind in frame["kind"].unique()}
    missing = sorted(kind for kind in kinds if unlisted(kind, reading.source_id))
    if not missing:
        return reading
    words = f"not in the table of choice (evidence/choice.toml) for {', '.join(missing)}: where one source speaks, "
    words += "it comes last, and answers say so"
    return replace(reading, remarks=(*reading.remarks, words))


@contextmanager
def _told(entry: Source, receipts: Iterable[Receipt]) -> Iterator[None]:
    """Turn whatever a reader, or a library below it, stumbles on into one sentence with file and reason."""
    try:
        yield
    except (TripointError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except MemoryError as error:
        raise FormatError(f"{entry.id}: a file asks for more memory than there is; it is damaged") from error
    except BaseException as error:  # libraries in Rust raise panics that are no Exception
        names = ", ".join(r.name for r in receipts)
        reason = [*str(error).strip().splitlines(), "no reason given"][0][:200]
        raise FormatError(
            f"{entry.id}: {names}: cannot be read ({type(error).__name__}: {reason}{_at(error, entry)}); it is "
            "damaged, or in a layout that this release does not know; fetch it again with --refresh"
        ) from error


def _at(error: BaseException, entry: Source) -> str:
    """The line of the reader that stumbled, for whoever writes it; empty where none of its own did."""
    name = f"{entry.reader.partition(':')[0].rpartition('.')[2]}.py"
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).name == name]
    return f", at {name}:{lines[-1]}" if lines else ""


def _reasons(reading: Reading) -> list[tuple[str, int]]:
    """The commonest reasons for setting a record aside; what they quote is left out, so that like counts with like."""
    import polars as pl

    bare = pl.col("reason").str.replace_all(r"'[^']*'", "...").str.replace_all(r"\b\d{4}(-\d\d-\d\d)?\b", "...")
    counts = reading.set_aside.group_by(bare.alias("reason")).len().sort(["len", "reason"], descending=[True, False])
    return [(str(reason), int(n)) for reason, n in counts.head(SHOWN_REASONS).iter_rows()]


def reader(entry: Source) -> Callable[[Files], Reading]:
    """The function that a catalog entry names as its reader."""
    module, _, function = entry.reader.partition(":")
    if not module.startswith("tripoint.sources."):
        raise InputError(f"{entry.id}: reader '{entry.reader}' is not in tripoint.sources")
    named = vars(importlib.import_module(module))
    if function not in named:
        known = [name for name in named if name.startswith("read")]
        raise unknown("reader", function, known, where=f"{module}, which the catalog entry of {entry.id} names")
    found: Callable[[Files], Reading] = named[function]
    return found


def reader_hash(entry: Source) -> str:
    """Hash of the reader's own text, and of what readers share, so that an improved one makes a new edition.

    That includes the declared corrections of the source and the table of states: who bore a code is part of a reading.
    """
    module = importlib.util.find_spec(entry.reader.partition(":")[0])
    folder = Path(str(assemble.__file__)).parent
    own = [
        folder / f"{name}.py"
        for name in ("assemble", "plausible", "tabular", "resolve", "spells", "corrections", "state_years")
    ]
    own.append(folder / "corrections" / f"{entry.id}.toml")
    own += sorted(p for p in (folder.parent / "states").iterdir() if p.suffix in (".py", ".csv"))
    if module is not None and module.origin:
        own.append(Path(module.origin))
        own += sorted(folder.glob(f"{Path(module.origin).stem}_*.py"))
    return digest_of("".join(file_digest(path) for path in own if path.is_file()))


def _shipped(entry: Source, folder: Path) -> tuple[Receipt, ...]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return tuple(
        Receipt(path.name, file.role, file_digest(path), path.stat().st_size, "ships with the package", now)
        for file in entry.files
        for path in sorted(folder.glob(file.pattern))
    )


def record_terms(entry: Source, home: Path | None = None) -> bool:
    """Record that a source's terms were shown; returns whether this is the first time."""
    folder = home or default_home()
    path = folder / "terms.json"
    try:
        shown = dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}
    except (ValueError, TypeError, RecursionError):
        shown = {}
    key = digest_of(entry.license.name + entry.license.notice + entry.license.forbids)[:12]
    if shown.get(entry.id, {}).get("terms") == key:
        return False
    shown[entry.id] = {"terms": key, "shown_at": datetime.now(UTC).isoformat(timespec="seconds")}
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(shown, indent=1))
    return True


def cite(names: Iterable[str] = (), *, bibtex: bool = False, home: Path | None = None) -> str:
    """How to cite Tripoint and sources: those named, or all that are in the store."""
    wanted = [entries.source(n) for n in names] or [entries.source(e.source_id) for e in open_evidence(home).editions]
    if bibtex:
        return "\n\n".join([SELF_BIBTEX, *(entry.bibtex.strip() for entry in wanted)])
    return "\n".join([SELF_CITATION, *(f"{entry.citation.strip()}" for entry in wanted)])
