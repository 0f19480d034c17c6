"""Members of zip archives that are not to be trusted: no name that leaves the folder, no size beyond what is stated."""

from __future__ import annotations

import fnmatch
import zipfile
from pathlib import Path, PurePosixPath

from tripoint.errors import FetchError
from tripoint.sources.network import MOST_RATIO

_MOST_MEMBERS = 2_000


def extract(archive: Path, member: str, folder: Path, max_bytes: int) -> list[Path]:
    """Take the members that match a glob out of a zip archive, by their bare names.

    Raises
    ------
    FetchError
        For a damaged archive, a member whose name leaves the folder, one that unpacks beyond ``max_bytes`` or
        beyond 200 times its packed size, or no match.
    """
    try:
        with zipfile.ZipFile(archive) as bundle:
            infos = bundle.infolist()
            if len(infos) > _MOST_MEMBERS:
                raise FetchError(f"{archive.name}: {len(infos)} members, at most {_MOST_MEMBERS} are accepted")
            chosen = [i for i in infos if not i.is_dir() and fnmatch.fnmatch(PurePosixPath(i.filename).name, member)]
            if not chosen and (inner := [i for i in infos if i.filename.lower().endswith(".zip")]):
                return [
                    path
                    for info in inner
                    for path in extract(_unpack(bundle, info, archive, folder, max_bytes), member, folder, max_bytes)
                ]
            if not chosen:
                raise FetchError(
                    f"{archive.name}: no member matches '{member}'; it holds {[i.filename for i in infos][:8]}"
                )
            return [_unpack(bundle, info, archive, folder, max_bytes) for info in chosen]
    except zipfile.BadZipFile as error:
        raise FetchError(f"{archive.name}: not a whole zip archive ({error}); delete it and fetch again") from error


def _unpack(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, archive: Path, folder: Path, max_bytes: int) -> Path:
    inner = PurePosixPath(info.filename.replace("\\", "/"))
    if inner.is_absolute() or ".." in inner.parts or ":" in inner.parts[0]:
        raise FetchError(
            f"{archive.name}: member '{info.filename}' points outside the folder; the archive is not trusted"
        )
    if info.file_size > max_bytes or info.file_size > MOST_RATIO * max(info.compress_size, 1):
        raise FetchError(
            f"{archive.name}: member '{info.filename}' unpacks to {info.file_size:,} bytes from "
            f"{info.compress_size:,}; at most {max_bytes:,} and {MOST_RATIO} times are accepted"
        )
    target = folder / inner.name
    partial = target.with_name(target.name + ".part")
    left = max_bytes
    with bundle.open(info) as source, partial.open("wb") as sink:
        while chunk := source.read(1 << 20):
            left -= len(chunk)
            if left < 0:  # the header may lie about the size
                partial.unlink()
                raise FetchError(f"{archive.name}: member '{info.filename}' is larger than {max_bytes:,} bytes")
            sink.write(chunk)
    partial.replace(target)
    return target
