"""Bring an archive up to date: fetch what is listed and not held, convert it, forget the zips."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import StoreError
from tripoint.events.archive import Archive, Bad, Batch, Held, full, open_archive, period_key, publish, writing
from tripoint.events.columns import Family
from tripoint.events.convert import Item, convert
from tripoint.events.listing import Listed, list_files, md5_of, total_bytes

if TYPE_CHECKING:
    import httpx

#: Connections at a time; GDELT is a public good.
CONNECTIONS = 6
TRIES = 4
#: A batch is this many files or bytes of one ledger: what may have to be done again after a kill.
BATCH_FILES, BATCH_BYTES = 96, 64_000_000
#: Batches fetched ahead of the one that is converted: bounds the disk that zips take.
AHEAD = 2
#: What a byte of zip becomes, and how fast, measured by benchmarks/events.py on two cores; for estimates only.
PARQUET_SHARE, BYTES_A_SECOND = 0.15, 20_000_000
_SPARE = 200_000_000
_CONNECT_SECONDS, _READ_SECONDS = 30.0, 60.0
_REFUSED = (401, 403, 404, 410)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync would do: files to fetch, their bytes, files held already, and what it would take."""

    files: tuple[Listed, ...]
    bytes: int
    held: int
    disk: int
    free: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: files, zip bytes and lines read, rows kept, files set aside, and seconds."""

    files: int
    bytes: int
    lines: int
    rows: int
    bad: tuple[Bad, ...]
    seconds: float


def plan_sync(
    home: Path, family: Family, origin: str = "", *, since: date | None = None, until: date | None = None
) -> Plan:
    """List what a sync would fetch, with its size, and how much disk and time it would take.

    Parameters are those of :func:`sync`. Size and time of what comes of it are estimates.
    """
    archive = open_archive(home, family)
    listed = list_files(family, origin, since=since, until=until)
    files = tuple(f for f in listed if not _is_held(archive, f))
    size = total_bytes(files)
    disk = int(size * PARQUET_SHARE) + min(size, (AHEAD + 1) * BATCH_BYTES)
    above = next(p for p in (archive.folder, *archive.folder.parents) if p.exists())
    return Plan(files, size, len(listed) - len(files), disk, shutil.disk_usage(above).free, size / BYTES_A_SECOND)


def sync(
    home: Path,
    family: Family,
    origin: str = "",
    *,
    since: date | None = None,
    until: date | None = None,
    connections: int = CONNECTIONS,
    progress: Progress | None = None,
) -> Synced:
    """Fetch and convert what is listed and not held; run again, it takes up what is left.

    Parameters
    ----------
    home
        Folder of the store.
    family
        ``gdelt``, ``gdelt-1``, ``icews`` or ``polecat``.
    origin
        Folder with files, or address of a place laid out as GDELT's; GDELT's own when empty.
    since, until
        First and last day.
    connections
        Files fetched at a time.
    progress
        Called with bytes done and bytes in all.

    Raises
    ------
    StoreError
        Another sync is running, or the disk is too full; what was stored stands.
    InputError, FetchError, FormatError
        There is no list, or no file.
    """
    started = time.perf_counter()
    archive = open_archive(home, family)
    with writing(archive):
        plan = plan_sync(home, family, origin, since=since, until=until)
        if plan.disk + _SPARE > plan.free:
            raise StoreError(
                f"{archive.folder}: {plan.free / 1e9:.1f} GB are free and about {(plan.disk + _SPARE) / 1e9:.1f} are "
                "needed; free space, set TRIPOINT_HOME, or take a shorter period with --since and --until"
            )
        fetcher = _Fetcher(archive, family, origin, connections, plan, progress)
        done: list[Batch] = []
        bad: list[Bad] = []
        try:
            for key, items, failed in fetcher.batches():
                batch, staged, broken = convert(archive, items)
                publish(archive, key, batch, staged, [*failed, *broken])
                done.append(batch)
                bad += [*failed, *broken]
                fetcher.forget(items, broken)
        except OSError as error:  # a full disk, while fetching
            raise full(archive, error) from error
    return Synced(
        sum(len(b.files) for b in done),
        sum(f.bytes for b in done for f in b.files),
        sum(b.lines for b in done),
        sum(p.rows for b in done for p in b.parts),
        tuple(bad),
        time.perf_counter() - started,
    )


def _is_held(archive: Archive, file: Listed) -> bool:
    held = archive.held.get(file.name)
    return held is not None and (not file.md5 or held.md5 == file.md5) and (not file.bytes or held.bytes == file.bytes)


class _Fetcher:
    """Fetches batches ahead of their conversion, a bounded number of files at a time."""

    def __init__(
        self, archive: Archive, family: Family, origin: str, connections: int, plan: Plan, progress: Progress | None
    ) -> None:
        self._incoming = archive.folder / "incoming"
        self._aside = archive.folder / "aside"
        self._held = archive.held
        self._family, self._origin = family, origin
        self._connections = connections
        self._plan = plan
        self._progress = progress
        self._arrived = 0
        self._relisted: dict[str, Listed] | None = None

    def batches(self) -> Iterator[tuple[str, list[Item], list[Bad]]]:
        """Give batches in order: the ledger's key, the files that arrived, and those that could not be had."""
        import httpx

        timeout = httpx.Timeout(_CONNECT_SECONDS, read=_READ_SECONDS)
        waiting = list(_split(self._plan.files))
        ahead: list[tuple[str, list[tuple[Listed, Future[Item]]]]] = []
        with (
            httpx.Client(timeout=timeout, follow_redirects=True) as client,
            ThreadPoolExecutor(self._connections) as pool,
        ):
            try:
                while waiting or ahead:
                    while waiting and len(ahead) <= AHEAD:
                        key, files = waiting.pop(0)
                        ahead.append((key, [(f, pool.submit(self._get, client, f)) for f in files]))
                    key, futures = ahead.pop(0)
                    items, bad = [], []
                    for file, future in futures:
                        try:
                            items.append(future.result())
                        except _NotHadError as error:
                            bad.append(Bad(file.name, str(error)))
                        self._arrived += file.bytes
                        if self._progress:
                            self._progress(self._arrived, self._plan.bytes)
                    yield key, items, bad
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def forget(self, items: Sequence[Item], broken: Sequence[Bad]) -> None:
        """Delete fetched files that are converted; those that could not be read are kept aside."""
        unread = {b.name for b in broken}
        for item in items:
            if item.path.parent != self._incoming:
                continue
            if item.file.name in unread:
                self._aside.mkdir(exist_ok=True)
                item.path.replace(self._aside / item.file.name)
            else:
                item.path.unlink(missing_ok=True)

    def _get(self, client: httpx.Client, file: Listed) -> Item:
        if (held := self._held.get(file.name)) is not None:
            raise _NotHadError(
                f"{file.name}: the archive holds a file of this name with other bytes (md5 {held.md5}); the producer "
                "has replaced it: delete the archive's month and sync again to take the new one"
            )
        if not file.where.startswith(("http://", "https://")):
            path = Path(file.where)
            return Item(path, Held(file.name, path.stat().st_size, md5_of(path)))
        return self._fetch(client, file)

    def _fetch(self, client: httpx.Client, file: Listed) -> Item:
        import httpx

        target = self._incoming / file.name
        if target.is_file() and (found := _right(target, file)):
            return Item(target, found)
        why = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(0.1 * 2.0**attempt)
            try:
                path = _stream(client, file, target)
            except httpx.HTTPStatusError as error:
                why = f"{file.where}: {error.response.status_code} {error.response.reason_phrase}"
                if error.response.status_code in _REFUSED:
                    break
                continue
            except httpx.TransportError as error:
                why = f"{file.where}: {error or type(error).__name__}"
                continue
            if found := _right(path, file):
                path.replace(target)
                return Item(target, found)
            why = _wrong(path, file)
            path.unlink()
            file = self._again(file)
        raise _NotHadError(f"{why}; tried {attempt + 1} times: run the same command again later")

    def _again(self, file: Listed) -> Listed:
        """The file as the list has it now: it may have changed since the sync began."""
        if self._relisted is None:
            try:
                self._relisted = {f.name: f for f in list_files(self._family, self._origin)}
            except Exception:
                self._relisted = {}
        return self._relisted.get(file.name, file)


class _NotHadError(Exception):
    """A file could not be had; the message says why."""


def _split(files: Sequence[Listed]) -> Iterator[tuple[str, list[Listed]]]:
    """Batches of files of one ledger, in order."""
    key, batch = "", list[Listed]()
    for file in files:
        new = period_key(file.stamp)
        if batch and (new != key or len(batch) >= BATCH_FILES or total_bytes(batch) + file.bytes > BATCH_BYTES):
            yield key, batch
            batch = []
        key = new
        batch.append(file)
    if batch:
        yield key, batch


def _stream(client: httpx.Client, file: Listed, target: Path) -> Path:
    """Fetch into ``.part``, from where it broke off."""
    import httpx

    partial = target.with_name(target.name + ".part")
    have = partial.stat().st_size if partial.exists() else 0
    if file.bytes and have >= file.bytes:
        partial.unlink()
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with client.stream("GET", file.where, headers=headers) as answer:
        answer.raise_for_status()
        resumed = have > 0 and answer.status_code == httpx.codes.PARTIAL_CONTENT
        size = have if resumed else 0
        with partial.open("ab" if resumed else "wb") as sink:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if file.bytes and size > file.bytes:
                    break
                sink.write(chunk)
    return partial


def _right(path: Path, file: Listed) -> Held | None:
    size, md5 = path.stat().st_size, md5_of(path)
    fits = (not file.bytes or size == file.bytes) and (not file.md5 or md5 == file.md5)
    return Held(file.name, size, md5) if fits else None


def _wrong(path: Path, file: Listed) -> str:
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(64).lstrip().lower()
    if head.startswith((b"<!doctype", b"<html")):
        return f"{file.name}: a web page came instead of the file"
    if file.bytes and size != file.bytes:
        return f"{file.name}: {size:,} bytes came, its list says {file.bytes:,}"
    return f"{file.name}: md5 is {md5_of(path)}, its list says {file.md5}"
