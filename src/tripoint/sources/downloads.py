"""A folder of downloads is an order: what of it a source takes, what it leaves, and which of several releases.

Every file is looked at, and every member of an archive, also of an archive inside it. A file belongs to the first
role of the source whose pattern its name matches, in capitals or not. Where a role takes one file and several are
there, the newest by the numbers in its name is taken. Nothing is passed over in silence: the result says which
files were left, and why.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from tripoint.errors import FetchError
from tripoint.provenance import Source, SourceFile

_DEPTH = 2
_MOST_MEMBERS = 2_000
_SHOWN = 8
_NOT_DATA = ("receipts.json",)


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the folder or a member of an archive in it: its name, where it is, and how to copy it out."""

    name: str
    place: str
    size: int
    packed: int
    copy: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was taken: items by role, and sentences about what was left."""

    by_role: dict[str, list[tuple[SourceFile, Item]]]
    left: tuple[str, ...]
    remarks: tuple[str, ...]


def patterns(file: SourceFile) -> list[str]:
    """Names by which a file of a role is known: the patterns of downloads, and the member of the archive."""
    return list(dict.fromkeys(p for p in (*file.pattern.split("|"), file.member) if p))


def matches(file: SourceFile, name: str) -> bool:
    """Whether a file of that name is one of the role, whatever its capitals."""
    return any(fnmatch.fnmatchcase(name.lower(), p.lower()) for p in patterns(file))


def choose(entry: Source, folder: Path) -> Chosen:
    """Which files of a folder are the source's, by role.

    Raises
    ------
    FetchError
        When none is; the message names what is there and what was looked for.
    """
    by_role: dict[str, list[tuple[SourceFile, Item]]] = {}
    left: list[str] = []
    for item in _items(folder, entry):
        file = next((f for f in entry.files if matches(f, item.name)), None)
        if file is None:
            left.append(item.place)
        else:
            by_role.setdefault(file.role, []).append((file, item))
    if not by_role:
        wanted = ", ".join(dict.fromkeys(p for f in entry.files for p in patterns(f))) or "nothing that comes by hand"
        what = f"it holds {_listed(left)}" if left else "it is empty"
        raise FetchError(f"{entry.id}: no file in {folder} is one of its files ({wanted}); {what}")
    remarks = []
    for role, found in by_role.items():
        if len(found) > 1 and not found[0][0].many:
            found.sort(key=lambda pair: release_key(pair[1].name))
            *older, newest = found
            by_role[role] = [newest]
            remarks.append(
                f"{len(found)} files for '{role}': {newest[1].place} is taken as the newest by its name, "
                f"{_listed([item.place for _, item in older])} left"
            )
    if left:
        remarks.append(f"not a file of {entry.id}, and left: {_listed(left)}")
    return Chosen(by_role, tuple(left), tuple(remarks))


def release_key(name: str) -> tuple[int, ...]:
    """Order names by the numbers in them: ``..._v26_1`` after ``..._v25_1``, ``2026_02_06_...`` after ``2025_...``."""
    return tuple(int(n) for n in re.findall(r"\d+", name))


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


def _items(folder: Path, entry: Source) -> Iterator[Item]:
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith(".") or path.name in _NOT_DATA:
            continue
        taken_whole = any(matches(f, path.name) for f in entry.files)
        if not taken_whole and path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
            members = list(_members(path, path.name, entry, 1))
            ours = [m for m in members if any(matches(f, m.name) for f in entry.files)]
            if ours:
                yield from ours
                continue
        yield Item(path.name, path.name, path.stat().st_size, path.stat().st_size, _copier(path))


def _copier(path: Path) -> Callable[[Path], None]:
    def copy(target: Path) -> None:
        if path.resolve() != target.resolve():
            partial = target.with_name(target.name + ".part")
            shutil.copyfile(path, partial)
            partial.replace(target)

    return copy


def _members(archive: Path | IO[bytes], place: str, entry: Source, depth: int) -> Iterator[Item]:
    """Members by their bare names; of an archive inside, its members."""
    try:
        with zipfile.ZipFile(archive) as bundle:
            infos = bundle.infolist()
            if len(infos) > _MOST_MEMBERS:
                raise FetchError(f"{place}: {len(infos)} members, at most {_MOST_MEMBERS} are accepted")
            for info in infos:
                inner = PurePosixPath(info.filename.replace("\\", "/"))
                if info.is_dir() or inner.parts[0] == "__MACOSX":
                    continue
                where = f"{place} > {inner.name}"
                taken_whole = any(matches(f, inner.name) for f in entry.files)
                if not taken_whole and inner.suffix.lower() == ".zip" and depth < _DEPTH:
                    with bundle.open(info) as stream:
                        for item in _members(stream, where, entry, depth + 1):
                            yield _inside(archive, info.filename, item)
                else:
                    yield Item(inner.name, where, info.file_size, info.compress_size, _unpacker(archive, info.filename))
    except zipfile.BadZipFile as error:
        raise FetchError(f"{place}: not a whole zip archive ({error}); download it again") from error


def _unpacker(archive: Path | IO[bytes], member: str) -> Callable[[Path], None]:
    def copy(target: Path) -> None:
        with zipfile.ZipFile(archive) as bundle, bundle.open(member) as source:
            _write(source, target, bundle.getinfo(member).file_size)

    return copy


def _inside(archive: Path | IO[bytes], member: str, item: Item) -> Item:
    """A member of an archive that lies in another: both are opened again when it is copied."""
    bare = item.name

    def copy(target: Path) -> None:
        with zipfile.ZipFile(archive) as outer, outer.open(member) as stream, zipfile.ZipFile(stream) as bundle:
            info = next(i for i in bundle.infolist() if PurePosixPath(i.filename.replace("\\", "/")).name == bare)
            with bundle.open(info) as source:
                _write(source, target, info.file_size)

    return Item(item.name, item.place, item.size, item.packed, copy)


def _write(source: IO[bytes], target: Path, size: int) -> None:
    partial = target.with_name(target.name + ".part")
    left = size
    with partial.open("wb") as sink:
        while chunk := source.read(1 << 20):
            left -= len(chunk)
            if left < 0:  # the header may lie about the size
                break
            sink.write(chunk)
    if left < 0:
        partial.unlink()
        raise FetchError(f"{target.name}: larger than its archive says; the archive is not trusted")
    partial.replace(target)
