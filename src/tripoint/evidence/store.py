"""The store on disk: one folder an edition of a source, and one snapshot file that says which editions count.

::

    HOME/store/
      snapshot.json                    the editions, replaced whole by an atomic rename
      <source>/<vintage>~<digest>/     Parquet files of one edition; never changed once it has its name
      .incoming-*/                     an edition being written

A load writes a new folder, renames it, and then replaces the snapshot. Until that last step readers see the
store as it was; a process killed at any moment leaves the store as it was or as it should be. Readers hold no
lock: they read the snapshot once, and the folders it names do not change.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.errors import StoreError
from tripoint.provenance import Receipt, Source, digest, file_digest, joint_digest
from tripoint.record import COVERAGE, DOCUMENTS, SET_ASIDE, TABLES, Reading, schema

if TYPE_CHECKING:
    import polars as pl

FORMAT = 2
#: Formats that can be read: 1 had no sizes of parts and no times of replacement.
READABLE = (1, 2)
#: Part of an edition's digest; changes only where equal files would make other rows.
_ROWS_FORMAT = 1
_LOCK_SECONDS = 120
_STALE_SECONDS = 86_400
_ROW_GROUP = 65_536


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of an edition."""

    file: str
    rows: int
    sha256: str
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """One vintage of one source in the store."""

    source_id: str
    vintage: str
    folder: str
    digest: str
    loaded_at: str
    rows_in: int
    rows_kept: int
    rows_aside: int
    parts: Mapping[str, Part]
    receipts: tuple[Receipt, ...] = ()
    remarks: tuple[str, ...] = field(default=())

    @property
    def facts(self) -> int:
        """Facts in all tables of the edition."""
        return sum(part.rows for name, part in self.parts.items() if name in TABLES)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The editions that count at one moment, oldest load first.

    ``replaced`` holds the folders of editions that counted before, and when they were replaced [s since 1970].
    """

    editions: tuple[Edition, ...] = ()
    replaced: Mapping[str, float] = field(default_factory=dict)

    def default(self) -> tuple[Edition, ...]:
        """The newest vintage of each source, by the order of the vintages' names, then of loading."""
        newest: dict[str, Edition] = {}
        for edition in sorted(self.editions, key=lambda e: (vintage_key(e.vintage), e.loaded_at)):
            newest[edition.source_id] = edition
        return tuple(newest[s] for s in sorted(newest))

    @property
    def hash(self) -> str:
        """SHA-256 over the default editions; equal evidence gives an equal hash on any machine."""
        return joint_digest(e.digest for e in self.default())


def default_home() -> Path:
    """Where the store is: ``TRIPOINT_HOME``, or the platform's folder for user data."""
    if folder := os.environ.get("TRIPOINT_HOME"):
        return Path(folder).expanduser()
    import platformdirs

    return platformdirs.user_data_path("tripoint", appauthor=False)


def vintage_key(vintage: str) -> tuple[tuple[int, str], ...]:
    """Order vintages as people do: ``5.1`` before ``5.10``, ``2025-02`` before ``2026-01``.

    What follows a ``+`` tells apart two files of one vintage, and orders nothing.
    """
    parts = re.split(r"[^0-9A-Za-z]+", vintage.partition("+")[0])
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in parts if p)


def edition_digest(source_id: str, reader_hash: str, receipts: Sequence[Receipt]) -> str:
    """What makes two loads the same: the source, the reader's own text, and the files' hashes."""
    files = joint_digest(f"{r.role} {r.sha256}" for r in receipts)
    return digest(f"{_ROWS_FORMAT}\n{source_id}\n{reader_hash}\n{files}")


def read_snapshot(home: Path) -> Snapshot:
    """The store's snapshot; empty where there is no store yet."""
    path = home / "store" / "snapshot.json"
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Snapshot()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}); check its permissions, "
            "or delete it and run: tripoint load --all"
        ) from error
    try:
        data = json.loads(text)
        if data["format"] not in READABLE:
            raise StoreError(
                f"{path}: written in format {data['format']!r}, this version reads {' and '.join(map(str, READABLE))}; "
                "use the version of Tripoint that wrote it, or another TRIPOINT_HOME"
            )
        if not isinstance(data["editions"], list):
            raise TypeError("editions are not a list")
        replaced = {str(name): float(at) for name, at in data.get("replaced", {}).items()}
        return Snapshot(tuple(_edition(item) for item in data["editions"]), replaced)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path}: damaged ({error}); delete it and run: tripoint load --all") from error


def find_edition(snapshot: Snapshot, source_id: str, wanted_digest: str) -> Edition | None:
    """The edition that an identical load has already stored, if any."""
    for edition in snapshot.editions:
        if edition.source_id == source_id and edition.digest == wanted_digest:
            return edition
    return None


def write_edition(
    home: Path, reading: Reading, entry: Source, receipts: Sequence[Receipt], wanted_digest: str
) -> Edition:
    """Store one reading, atomically; the same reading again changes nothing.

    Raises
    ------
    StoreError
        When the disk is full or the folder cannot be written; the store is then as it was.
    """
    store = home / "store"
    incoming = store / f".incoming-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        incoming.mkdir(parents=True)
        edition = _write_parts(incoming, reading, entry, receipts, wanted_digest)
        with _locked(store):
            _publish(store, incoming, edition)
            _sweep(store)
    except Exception as error:
        if isinstance(error, StoreError) or not _disk_refused(error):
            raise
        raise StoreError(
            f"{store}: {entry.id} {reading.vintage} was not stored ({getattr(error, 'strerror', None) or error}); "
            "the store is as it was: free space or set TRIPOINT_HOME to a writable folder"
        ) from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    return edition


def remove_edition(home: Path, source_id: str, vintage: str) -> int:
    """Take a vintage of a source out of the store; returns how many editions went."""
    store = home / "store"
    with _locked(store):
        snapshot = read_snapshot(home)
        kept = [e for e in snapshot.editions if (e.source_id, e.vintage) != (source_id, vintage)]
        gone = [e for e in snapshot.editions if e not in kept]
        _write_snapshot(store, _succeeded(snapshot, tuple(kept)))
        _sweep(store)
    return len(gone)


def _write_parts(
    folder: Path, reading: Reading, entry: Source, receipts: Sequence[Receipt], wanted_digest: str
) -> Edition:

    now = datetime.now(UTC).isoformat(timespec="seconds")
    frames: dict[str, pl.DataFrame] = {
        **{str(name): frame for name, frame in reading.tables.items()},
        "coverage": reading.coverage,
        "set_aside": reading.set_aside,
        "sources": _source_rows(reading, entry, _accessed(receipts)),
    }
    parts = {}
    for name, frame in frames.items():
        path = folder / f"{name}.parquet"
        frame.write_parquet(path, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP)
        _sync(path)
        parts[name] = Part(path.name, frame.height, file_digest(path), path.stat().st_size)
    safe = re.sub(r"[^0-9A-Za-z.-]+", "_", reading.vintage)
    return Edition(
        reading.source_id,
        reading.vintage,
        f"{reading.source_id}/{safe}~{wanted_digest[:12]}",
        wanted_digest,
        now,
        reading.rows_in,
        reading.rows_kept,
        reading.rows_aside,
        parts,
        tuple(receipts),
        reading.remarks,
    )


def _accessed(receipts: Sequence[Receipt]) -> str:
    """Day on which the files were had; empty for evidence that ships with the package, which nobody fetched."""
    return max((r.fetched_at[:10] for r in receipts if not r.origin.startswith("ships")), default="")


def _source_rows(reading: Reading, entry: Source, accessed: str) -> pl.DataFrame:
    """The source itself, and the documents that its rows name as their origin."""
    import polars as pl

    own = {
        "id": entry.id,
        "source_id": entry.id,
        "vintage": reading.vintage,
        "title": entry.title,
        "producer": entry.producer,
        "citation": entry.citation,
        "bibtex": entry.bibtex,
        "url": entry.landing,
        "doi": entry.doi,
        "kind": "dataset",
        "date": reading.vintage.partition("+")[0],
        "family": entry.family,
        "license": entry.license.name,
        "noncommercial": entry.license.noncommercial,
        "notice": entry.license.notice,
        "accessed": accessed,
        **dict.fromkeys(("archived", "language", "seen", "grade"), ""),
        "opens": bool(entry.landing),
    }
    rows = pl.DataFrame([own])
    if reading.documents is None or reading.documents.height == 0:
        return rows
    documents = reading.documents.select(
        (pl.col(c) if c in reading.documents.columns else pl.lit(None, dtype)).alias(c)
        for c, dtype in schema(DOCUMENTS).items()
    )
    more = documents.select(
        "id",
        pl.lit(entry.id).alias("source_id"),
        pl.lit(reading.vintage).alias("vintage"),
        "title",
        pl.col("publisher").alias("producer"),
        (pl.col("publisher") + ", “" + pl.col("title") + "”, " + pl.col("date").fill_null("n.d.")).alias("citation"),
        pl.lit("").alias("bibtex"),
        pl.col("url").fill_null(""),
        pl.lit("").alias("doi"),
        "kind",
        pl.col("date").fill_null(""),
        pl.col("id").alias("family"),
        pl.lit("cited").alias("license"),
        pl.lit(False).alias("noncommercial"),
        pl.lit("").alias("notice"),
        pl.lit(accessed).alias("accessed"),
        *(pl.col(c).fill_null("") for c in ("archived", "language", "seen", "grade")),
        "opens",
    )
    return pl.concat([rows, more])


def _publish(store: Path, incoming: Path, edition: Edition) -> None:
    snapshot = read_snapshot(store.parent)
    target = store / edition.folder
    known = find_edition(snapshot, edition.source_id, edition.digest)
    if known and not faults(store.parent, known, hashes=True):
        return
    target.parent.mkdir(exist_ok=True)
    if target.is_dir() and faults(store.parent, edition, hashes=True):
        target.rename(store / f".incoming-0-{uuid.uuid4().hex[:8]}")
    if not target.is_dir():  # otherwise whole already: from a load killed before the snapshot, or one since replaced
        incoming.rename(target)
    _sync(target.parent)
    same = (edition.source_id, edition.vintage)
    kept = [e for e in snapshot.editions if (e.source_id, e.vintage) != same]
    _write_snapshot(store, _succeeded(snapshot, (*kept, edition)))


def _succeeded(before: Snapshot, editions: tuple[Edition, ...]) -> Snapshot:
    """The next snapshot: editions that counted before and no longer do are noted with the time."""
    named = {e.folder for e in editions}
    replaced = {folder: at for folder, at in before.replaced.items() if folder not in named}
    now = time.time()
    replaced |= {e.folder: now for e in before.editions if e.folder not in named}
    return Snapshot(editions, replaced)


def faults(home: Path, edition: Edition, *, hashes: bool = False) -> tuple[str, ...]:
    """What is wrong with the files of an edition, by their sizes, or by their hashes; empty where nothing is.

    Sizes cost a look at each file, so that they are compared whenever evidence is opened.
    """
    found = []
    for part in edition.parts.values():
        path = home / "store" / edition.folder / part.file
        try:
            size = path.stat().st_size
        except OSError:
            found.append(f"{part.file} is missing")
            continue
        if part.bytes and size != part.bytes:
            found.append(f"{part.file} has {size:,} bytes, not {part.bytes:,}")
        elif hashes and file_digest(path) != part.sha256:
            found.append(f"{part.file} has changed since it was stored")
    return tuple(found)


def _disk_refused(error: Exception) -> bool:
    """Whether the disk is behind an error; polars has no class of its own for that."""
    return isinstance(error, OSError) or "os error" in str(error)


def _write_snapshot(store: Path, snapshot: Snapshot) -> None:
    temporary = store / f".snapshot-{uuid.uuid4().hex[:8]}.json"
    body = {"format": FORMAT, "replaced": dict(snapshot.replaced)} | {
        "editions": [asdict(e) for e in snapshot.editions]
    }
    try:
        temporary.write_text(json.dumps(body, indent=1), "utf-8")
        _sync(temporary)
        temporary.replace(store / "snapshot.json")
        _sync(store)
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(store: Path) -> None:
    """Remove what killed loads left, and editions that were replaced so long ago that no reader can hold them."""
    snapshot = read_snapshot(store.parent)
    named = {e.folder for e in snapshot.editions}
    before = time.time() - _STALE_SECONDS
    for path in [*store.glob(".incoming-*"), *store.glob(".snapshot-*.json")]:
        dead = path.name.startswith(".incoming-") and not _alive(path.name.split("-")[1])
        if dead or path.stat().st_mtime < before:
            _remove(path)
    unnoted = {}
    for path in store.glob("*/*~*"):
        folder = f"{path.parent.name}/{path.name}"
        if folder in named:
            continue
        if folder not in snapshot.replaced:  # of a load killed before the snapshot, or replaced by an earlier release
            unnoted[folder] = time.time()
        elif snapshot.replaced[folder] < before:
            _remove(path)
    still = {f: at for f, at in {**snapshot.replaced, **unnoted}.items() if (store / f).is_dir()}
    if still != dict(snapshot.replaced):
        _write_snapshot(store, Snapshot(snapshot.editions, still))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    import filelock

    store.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(store / ".lock", timeout=_LOCK_SECONDS):
            yield
    except filelock.Timeout as error:
        raise StoreError(
            f"{store}: another load has held the store for {_LOCK_SECONDS} s; wait for it, or stop it and try again"
        ) from error


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # a directory cannot be opened for syncing there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _edition(item: dict[str, Any]) -> Edition:
    for name in ("source_id", "vintage", "folder", "digest", "loaded_at"):
        if not isinstance(item[name], str):
            raise TypeError(f"{name} is {item[name]!r}, not text")
    parts = {name: Part(**part) for name, part in item.pop("parts").items()}
    inside = [item["folder"], *(part.file for part in parts.values())]
    if any(".." in Path(p).parts or Path(p).is_absolute() for p in inside):
        raise ValueError(f"{item['source_id']} names files outside the store")
    receipts = tuple(Receipt(**r) for r in item.pop("receipts"))
    return Edition(parts=parts, receipts=receipts, remarks=tuple(item.pop("remarks")), **item)


def document_schema() -> dict[str, pl.DataType]:
    """Columns of the stored sources that say how a document is had; an edition of an earlier release lacks them."""
    types = schema(DOCUMENTS)
    return {c: types[c] for c in ("archived", "language", "seen", "grade", "opens")}


def table_schemas() -> dict[str, dict[str, pl.DataType]]:
    """Schema of every stored table of facts, of coverage and of set-aside records."""
    return {**{t: schema(c) for t, c in TABLES.items()}, "coverage": schema(COVERAGE), "set_aside": schema(SET_ASIDE)}
