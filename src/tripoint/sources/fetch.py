"""From the network, a mirror or a person's downloads to files with receipts.

Order: what is already here with the right hash; the mirror that ``TRIPOINT_MIRROR`` names (a folder or a URL);
the official address; a file that a person downloaded, recognized by its pattern. A download is resumed where
it broke off, checked, and only then given its name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from tripoint.errors import FetchError, FormatError
from tripoint.provenance import Receipt, Source, SourceFile, file_digest, joint_digest
from tripoint.sources.archives import extract
from tripoint.sources.downloads import Item, choose, matches, patterns, release_key
from tripoint.sources.network import MOST_RATIO, Progress, UnreachableError, download, names_at
from tripoint.sources.receipts import read_receipts, receipt_of, still_here, write_receipts
from tripoint.sources.tabular import Files, check_not_html

#: Longest that one process waits for another to fetch the same source [s].
_LOCK_SECONDS = 600.0
_STAMP = 8


class _MissingError(FetchError):
    """There is no place to have a file from."""


Say = Callable[[str], None]


def _quiet(_: str) -> None:
    """Say nothing."""


def fetch_source(
    entry: Source,
    folder: Path,
    *,
    mirror: str | None = None,
    downloads: Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> tuple[Receipt, ...]:
    """Bring the files of a source into ``folder`` and return a receipt for each.

    Where the source has several sets of files (a producer's own and copies), the first that can be had whole is
    taken: from what is here, then from the mirror, then from the addresses.

    Parameters
    ----------
    entry
        The source's catalog entry.
    folder
        Where its files are kept; made when absent.
    mirror
        Folder or URL laid out as the catalog says; ``TRIPOINT_MIRROR`` when absent.
    downloads
        Folder with files downloaded by hand, recognized by the entry's patterns. It is an order: a file of it that
        is not the source's is named, and a folder without any is an error.
    refresh
        Fetch again what is already here.
    progress
        Called with the file's name, bytes so far and bytes in all (0: unknown).
    say
        Called with sentences for the person: what was chosen, and what was left.

    Raises
    ------
    FetchError
        When a file could not be had, is too large, is a web page, or has another hash than the catalog knows;
        the message lists what was tried and how to download it by hand.
    """
    with _one_at_a_time(entry, folder):
        return _fetched(entry, folder, mirror, downloads, refresh, progress, say)


@contextmanager
def _one_at_a_time(entry: Source, folder: Path) -> Iterator[None]:
    """Let one process at a time fetch the files of a source."""
    import filelock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / ".lock", timeout=_LOCK_SECONDS):
            yield
    except filelock.Timeout as error:
        raise FetchError(
            f"{entry.id}: another process has been fetching it for {_LOCK_SECONDS:.0f} s; wait for it, or stop it"
        ) from error
    except OSError as error:
        raise FetchError(
            f"{folder}: {entry.id} could not be fetched ({error.strerror or error}); free space, or set TRIPOINT_HOME "
            "to a folder that can be written"
        ) from error


def _fetched(
    entry: Source,
    folder: Path,
    mirror: str | None,
    downloads: Path | None,
    refresh: bool,
    progress: Progress | None,
    say: Say | None,
) -> tuple[Receipt, ...]:
    place = os.environ.get("TRIPOINT_MIRROR", "") if mirror is None else mirror
    held = list(read_receipts(folder).values())
    kept = [] if refresh else [r for r in held if still_here(folder, r)]
    tell = say or _quiet
    if downloads is not None:
        done = _from_downloads(entry, folder, downloads, kept, place, progress, tell)
    else:
        done = _from_places(entry, folder, place, kept, progress, tell)
    if entry.grows:
        names = {r.name for r in done}
        done += [r for r in held if r.name not in names and still_here(folder, r)]
    write_receipts(folder, done)
    return tuple(done)


def _from_places(
    entry: Source, folder: Path, mirror: str, kept: list[Receipt], progress: Progress | None, tell: Say
) -> list[Receipt]:
    """The first whole set of files: those here, those of the mirror, those at their addresses.

    Where the producer's cannot be had, or is not what it should be, a copy is taken, and that is said.
    """
    have = {r.role for r in kept}
    for roles in entry.alternatives:
        if set(roles) <= have:
            return _with_optional(entry, folder, mirror, roles, kept, progress)
    failures: list[FetchError | FormatError] = []
    for use_mirror, use_address in ((True, False), (True, True)):
        for roles in entry.alternatives:
            try:
                got = [
                    r for role in roles for r in _role(entry, role, folder, kept, mirror, use_address, progress, tell)
                ]
            except _MissingError:
                continue
            except (FetchError, FormatError) as error:
                failures.append(error)
                continue
            if failures:
                tell(f"{failures[0]}; taken instead: {', '.join(r.origin for r in got)}")
            return _with_optional(entry, folder, mirror if use_mirror else "", roles, got, progress)
    if failures and not isinstance(failures[0], UnreachableError):
        raise failures[0]
    first = next(f for f in entry.files if f.role == _lacking(entry, kept))
    how = _how_by_hand(entry, first, folder, mirror)
    raise FetchError(f"{failures[0]}. {how}" if failures else how) from (failures[0] if failures else None)


def _lacking(entry: Source, kept: list[Receipt]) -> str:
    have = {r.role for r in kept}
    return next((role for role in entry.alternatives[0] if role not in have), entry.alternatives[0][0])


def _with_optional(
    entry: Source, folder: Path, mirror: str, roles: tuple[str, ...], got: list[Receipt], progress: Progress | None
) -> list[Receipt]:
    """Add what the reader can do without, where it can be had; copies of another set of files stay away."""
    elsewhere = {role for other in entry.alternatives for role in other}
    done = [r for r in got if r.role in roles or r.role not in elsewhere]
    for role in dict.fromkeys(f.role for f in entry.files):
        if role in roles or role in elsewhere or any(r.role == role for r in done):
            continue
        try:
            done += _role(entry, role, folder, [], mirror, True, progress)
        except (FetchError, FormatError):
            continue
    return done


def _role(
    entry: Source,
    role: str,
    folder: Path,
    kept: list[Receipt],
    mirror: str,
    use_address: bool,
    progress: Progress | None,
    tell: Say = _quiet,
) -> list[Receipt]:
    """Files of one role, from the first of its entries that can be had."""
    if here := [r for r in kept if r.role == role]:
        return here
    failed: FetchError | FormatError | None = None
    for file in (f for f in entry.files if f.role == role):
        try:
            if got := _fetch_file(file, folder, mirror, use_address, progress):
                if failed:
                    tell(f"{failed}; taken instead: {got[0].origin}")
                return got
        except (FetchError, FormatError) as error:
            failed = failed or error
    if failed:
        raise failed
    raise _MissingError(f"{entry.id}: no file for '{role}'")


def _from_downloads(
    entry: Source,
    folder: Path,
    downloads: Path,
    kept: list[Receipt],
    mirror: str,
    progress: Progress | None,
    say: Say,
) -> list[Receipt]:
    chosen = choose(entry, downloads)
    for remark in chosen.remarks:
        say(remark)
    done: list[Receipt] = []
    for found in chosen.by_role.values():
        for file, item in found:
            receipt = _copied(file, item, folder)
            if file.sha256 and receipt.sha256 != file.sha256:
                say(f"{item.place} is not the edition that the catalog knows; it is read as it stands")
            done.append(receipt)
    have = {r.role for r in done}
    roles = max(entry.alternatives, key=lambda roles: len(have & set(roles)))
    for role in (r for r in roles if r not in have):
        file = next(f for f in entry.files if f.role == role)
        try:
            more = _role(entry, role, folder, kept, mirror, True, progress)
        except (_MissingError, UnreachableError) as error:
            raise FetchError(
                f"{entry.id}: {downloads} has no file for '{role}' (named like {' or '.join(patterns(file)) or '?'}), "
                f"and it could not be had elsewhere; put it there too"
            ) from error
        say(f"'{role}' is not in {downloads}; {', '.join(r.name for r in more)} comes from {more[0].origin}")
        done += more
    return done


def _copied(file: SourceFile, item: Item, folder: Path) -> Receipt:
    if item.size > file.max_bytes or item.size > MOST_RATIO * max(item.packed, 1):
        raise FetchError(
            f"{item.place}: {item.size:,} bytes from {item.packed:,}; at most {file.max_bytes:,} and "
            f"{MOST_RATIO} times are accepted for '{file.role}'"
        )
    target = folder / item.name
    item.copy(target)
    check_not_html(target)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Receipt(
        item.name, file.role, file_digest(target), target.stat().st_size, f"downloaded by hand: {item.place}", now
    )


def files_of(entry: Source, folder: Path, receipts: tuple[Receipt, ...]) -> Files:
    """The fetched files by role, as a reader takes them, stamped where the catalog does not know their bytes."""
    paths: dict[str, tuple[Path, ...]] = {}
    for receipt in receipts:
        paths[receipt.role] = (*paths.get(receipt.role, ()), folder / receipt.name)
    known = {f.sha256 for f in entry.files}
    fixed = all(r.sha256 in known or r.origin.startswith("ships") for r in receipts)
    return Files(entry, paths, "" if fixed else joint_digest(f"{r.role} {r.sha256}" for r in receipts)[:_STAMP])


def _fetch_file(
    file: SourceFile, folder: Path, mirror: str, use_address: bool, progress: Progress | None
) -> list[Receipt]:
    if file.mirror and mirror.startswith(("http://", "https://")):
        base = mirror.rstrip("/")
        got = []
        for name, sha in names_at(base, file.mirror):
            target = folder / PurePosixPath(name).name
            download(f"{base}/{name}", target, file, progress)
            got.append(receipt_of(file, target, f"mirror: {name}", sha))
        if got:
            return got
    elif file.mirror and mirror and (found := sorted(Path(mirror).glob(file.mirror))):
        return [r for path in found for r in _from_mirror(file, path, folder)]
    if file.address and use_address:
        return _from_address(file, folder, progress)
    if use_address and (found := _by_hand(file, folder)):
        return [receipt_of(file, path, f"put here by hand: {path.name}") for path in found]
    return []


def _from_mirror(file: SourceFile, path: Path, folder: Path) -> list[Receipt]:
    """Take a file of a mirror; of an archive, the member that is meant."""
    origin = f"mirror: {file.mirror}"
    if path.suffix == ".zip" and file.member:
        return [receipt_of(file, p, origin) for p in extract(path, file.member, folder, file.max_bytes)]
    return [_take(file, path, folder, origin)]


def _by_hand(file: SourceFile, where: Path) -> list[Path]:
    found = sorted(
        (p for p in where.iterdir() if p.is_file() and matches(file, p.name)), key=lambda p: release_key(p.name)
    )
    return found if file.many else found[-1:]


def _from_address(file: SourceFile, folder: Path, progress: Progress | None) -> list[Receipt]:
    name = PurePosixPath(urlsplit(file.address).path).name or file.role
    target = folder / name
    download(file.address, target, file, progress)
    if not file.member:
        return [receipt_of(file, target, file.address)]
    return [
        receipt_of(file, path, f"{file.address} ({path.name})")
        for path in extract(target, file.member, folder, file.max_bytes)
    ]


def _take(file: SourceFile, path: Path, folder: Path, origin: str) -> Receipt:
    size = path.stat().st_size
    if size > file.max_bytes:
        raise FetchError(f"{path}: {size:,} bytes; at most {file.max_bytes:,} are accepted for '{file.role}'")
    check_not_html(path)
    target = folder / path.name
    if path.resolve() != target.resolve():
        partial = target.with_name(target.name + ".part")
        shutil.copyfile(path, partial)
        partial.replace(target)
    return receipt_of(file, target, origin)


def _how_by_hand(entry: Source, file: SourceFile, folder: Path, mirror: str) -> str:
    tried = ", ".join(t for t in (f"mirror {mirror}" if mirror else "", file.address) if t) or "no address to try"
    return f"{entry.id}: no file for '{file.role}' ({tried}). {by_hand(entry, file)}  (or put it into {folder})"


def by_hand(entry: Source, file: SourceFile | None = None) -> str:
    """How a person gets a file of a source: the page, the name of the file, and the command that reads it."""
    wanted = file or next(f for f in entry.files if f.role in entry.alternatives[0])
    names = " or ".join(f"'{p}'" for p in patterns(wanted))
    where = f"a copy kept by {wanted.copy}" if wanted.copy else entry.landing
    name = f" named like {names}" if names else ""
    programs = "The site does not permit programs. " if "automated downloads" in entry.license.forbids else ""
    return programs + f"Download it from {where}{name}, then run: tripoint load {entry.id} --from FOLDER"


def in_reach(entry: Source, mirror: str) -> bool:
    """Whether a program can have a whole set of a source's files: from a mirror that holds it, or without one."""
    if entry.id == "starter":
        return True
    by_role: dict[str, list[SourceFile]] = {}
    for file in entry.files:
        by_role.setdefault(file.role, []).append(file)

    def there(file: SourceFile) -> bool:
        if not mirror:
            return bool(file.address)
        if mirror.startswith(("http://", "https://")):
            return bool(file.mirror)
        return bool(file.mirror) and any(Path(mirror).glob(file.mirror))

    return any(all(any(map(there, by_role.get(role, ()))) for role in roles) for roles in entry.alternatives)
