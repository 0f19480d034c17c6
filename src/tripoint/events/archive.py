"""The archive on disk: events between two countries as Parquet by year and month, and ledgers that say what counts.

::

    HOME/events/<family>/
      ledger/2024-03.json                     what was read of the files of that month; replaced whole
      year=2024/month=03/<batch>.parquet      events of that month, from one batch of files
      incoming/                               files being fetched; aside/ holds those that cannot be read
      .staging/                               parts being written

A batch of files becomes Parquet parts, which are moved into place, and then one ledger is replaced by an atomic
rename. A part that no ledger names does not exist: a process killed at any moment leaves the archive as it was
before its last batch or after it, and the next run takes up the rest.

An event stands in the month of its day, so that repeats, which share their day, are found in one month. One whose
day cannot be right stands in the month it was added. Records without two different countries, four in five, are
counted in the ledger and not kept.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tripoint.errors import StoreError
from tripoint.events.columns import Family
from tripoint.provenance import joint_digest

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A producer's file whose records are in the archive."""

    name: str
    bytes: int
    md5: str


@dataclass(frozen=True, slots=True)
class Part:
    """A Parquet file: its path in the archive, the month (``202403``) its events stand in, and its rows."""

    path: str
    month: int
    rows: int


@dataclass(frozen=True, slots=True)
class Aside:
    """Records of a month that were not kept, by the number of the reason."""

    reason: int
    month: int
    records: int


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that could not be read, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Files read together: the parts they became, their lines, and what of them was not kept."""

    id: str
    files: tuple[Held, ...]
    parts: tuple[Part, ...]
    lines: int
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was read of the files of one period."""

    batches: tuple[Batch, ...] = ()
    bad: tuple[Bad, ...] = field(default=())


@dataclass(frozen=True)
class Archive:
    """The archive of one family of sources in a folder, as it was when opened."""

    folder: Path
    family: Family

    @cached_property
    def ledgers(self) -> dict[str, Ledger]:
        """Ledgers by period: ``2024-03``, ``1979`` or ``other``."""
        return {p.stem: _read(p) for p in sorted((self.folder / "ledger").glob("*.json"))}

    @property
    def batches(self) -> Iterator[Batch]:
        """Batches of all ledgers, by period."""
        return (batch for ledger in self.ledgers.values() for batch in ledger.batches)

    @cached_property
    def held(self) -> dict[str, Held]:
        """Files of the archive on this machine, by name."""
        return {file.name: file for batch in self.batches for file in batch.files}

    @cached_property
    def months(self) -> dict[int, tuple[Part, ...]]:
        """Parts by month of their events."""
        found: dict[int, list[Part]] = {}
        for batch in self.batches:
            for part in batch.parts:
                found.setdefault(part.month, []).append(part)
        return {month: tuple(sorted(found[month], key=lambda p: p.path)) for month in sorted(found)}

    def digest(self, month: int) -> str:
        """Hash of what a month is made of: equal files give an equal hash."""
        return joint_digest(part.path for part in self.months[month])

    def paths(self, month: int) -> list[Path]:
        """The Parquet files of a month."""
        return [self.folder / part.path for part in self.months[month]]

    def aside(self) -> dict[tuple[int, int], int]:
        """Records not kept, by reason and month."""
        total: dict[tuple[int, int], int] = {}
        for batch in self.batches:
            for row in batch.aside:
                total[row.reason, row.month] = total.get((row.reason, row.month), 0) + row.records
        return total


def open_archive(home: Path, family: Family) -> Archive:
    """Open the archive of a family in a home folder; empty where there is none."""
    return Archive(home / "events" / family, family)


@contextmanager
def writing(archive: Archive) -> Iterator[None]:
    """Hold the archive for writing, and clear what a killed run left.

    Raises
    ------
    StoreError
        Another run holds it, or the folder cannot be written.
    """
    import filelock

    try:
        for name in ("ledger", "incoming", ".staging"):
            (archive.folder / name).mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(archive.folder / ".lock", timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise StoreError(f"{archive.folder}: another run is writing this archive; wait for it or stop it") from error
    except OSError as error:
        raise StoreError(f"{archive.folder}: cannot be written ({error.strerror}); set TRIPOINT_HOME") from error
    try:
        _sweep(archive)
        yield
    finally:
        lock.release()


def publish(archive: Archive, key: str, batch: Batch, staged: Path, bad: Sequence[Bad] = ()) -> None:
    """Move a batch's parts into place and name it in its ledger; an archive opened before does not see it.

    Raises
    ------
    StoreError
        The disk is full or the folder cannot be written; the archive is then as it was.
    """
    path = archive.folder / "ledger" / f"{key}.json"
    ledger = _read(path) if path.is_file() else Ledger()
    fine = {file.name for file in batch.files}
    kept = [b for b in ledger.bad if b.name not in fine and b.name not in {n.name for n in bad}]
    batches = ledger.batches if not batch.files else (*ledger.batches, batch)
    try:
        for part in batch.parts:
            target = archive.folder / part.path
            target.parent.mkdir(parents=True, exist_ok=True)
            (staged / staged_name(part)).replace(target)
            _sync(target.parent)
        _write(path, Ledger(batches, (*kept, *bad)))
    except OSError as error:
        raise full(archive, error) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def staged_name(part: Part) -> str:
    """Name of a part while it is being written."""
    return f"{part.month}-{Path(part.path).name}"


def full(archive: Archive, error: OSError) -> StoreError:
    """The error for a disk that took no more; the archive is as it was before the batch."""
    return StoreError(
        f"{archive.folder}: a batch was not stored ({error.strerror or error}); what was stored before stands: free "
        "space, or set TRIPOINT_HOME to a folder with more, and run the same command again"
    )


def period_key(stamp: str) -> str:
    """The ledger that a file belongs to, by the digits that date it."""
    return f"{stamp[:4]}-{stamp[4:6]}" if len(stamp) >= len("200601") else stamp or "other"


def sync_file(path: Path) -> None:
    """Wait until a file is on the disk."""
    _sync(path)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> Ledger:
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["format"] != FORMAT:
            raise StoreError(f"{path}: written in format {data['format']}, this version reads {FORMAT}; sync again")
        return Ledger(tuple(_batch(b) for b in data["batches"]), tuple(Bad(**b) for b in data["bad"]))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: damaged ({error}); delete it and run: tripoint events sync") from error


def _batch(item: dict[str, Any]) -> Batch:
    return Batch(
        item["id"],
        tuple(Held(*f) for f in item["files"]),
        tuple(Part(*p) for p in item["parts"]),
        item["lines"],
        tuple(Aside(*a) for a in item["aside"]),
    )


def _write(path: Path, ledger: Ledger) -> None:
    batches = [
        {
            "id": b.id,
            "lines": b.lines,
            "parts": [[p.path, p.month, p.rows] for p in b.parts],
            "aside": [[a.reason, a.month, a.records] for a in b.aside],
            "files": [[f.name, f.bytes, f.md5] for f in b.files],
        }
        for b in ledger.batches
    ]
    body = {"format": FORMAT, "batches": batches, "bad": [asdict(b) for b in ledger.bad]}
    temporary = path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}")
    try:
        temporary.write_text(json.dumps(body), "utf-8")
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(archive: Archive) -> None:
    """Remove parts that no ledger names, and what was being written."""
    named = {part.path for batch in archive.batches for part in batch.parts}
    for path in archive.folder.glob("year=*/month=*/*.parquet"):
        if path.relative_to(archive.folder).as_posix() not in named:
            path.unlink()
    for path in [*(archive.folder / ".staging").iterdir(), *(archive.folder / "ledger").glob(".*")]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
