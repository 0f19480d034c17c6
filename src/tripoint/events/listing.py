"""What there is to fetch: the producer's lists, or a folder of files had by hand."""

from __future__ import annotations

import calendar
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from tripoint.errors import FetchError, FormatError, InputError
from tripoint.events.columns import Family
from tripoint.events.layouts import family_of, stamp_of

#: Where GDELT's lists and files are.
ADDRESSES: dict[Family, str] = {
    "gdelt": "http://data.gdeltproject.org/gdeltv2",
    "gdelt-1": "http://data.gdeltproject.org/events",
}
#: Where the others are downloaded by hand.
BY_HAND: dict[Family, str] = {
    "icews": "https://doi.org/10.7910/DVN/28075",
    "polecat": "https://doi.org/10.7910/DVN/AJGVIT",
}
#: Lists of a place: the one of GDELT 2.0 has bytes, md5 and address, those of 1.0 bytes or md5, and a name.
MASTER, SIZES, SUMS = "masterfilelist.txt", "filesizes", "md5sums"
_CHUNK = 1 << 20
_SECONDS = 60.0
_MOST_BYTES = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as its list has it: name, bytes (0: unknown), md5 (empty: unknown), and where it is."""

    name: str
    bytes: int
    md5: str
    where: str

    @property
    def stamp(self) -> str:
        """The digits that date it."""
        return stamp_of(self.name)


def origin_of(family: Family) -> str:
    """Where files come from when nobody says: the folder or address of ``TRIPOINT_MIRROR`` if it has them."""
    mirror = os.environ.get("TRIPOINT_MIRROR", "").rstrip("/")
    if not mirror:
        return ""
    place = "gdelt" if family.startswith("gdelt") else family
    if mirror.startswith(("http://", "https://")):
        return f"{mirror}/{place}" if family in ADDRESSES else ""
    return str(Path(mirror) / place) if (Path(mirror) / place).is_dir() else ""


def list_files(
    family: Family, origin: str = "", *, since: date | None = None, until: date | None = None
) -> list[Listed]:
    """Files of a family, oldest first.

    Parameters
    ----------
    family
        ``gdelt``, ``gdelt-1``, ``icews`` or ``polecat``; the latter two are downloaded by hand.
    origin
        Folder with files, or address of a place laid out as GDELT's; GDELT's own when empty.
    since, until
        First and last day; a file is taken when its own day, month or year meets the period.

    Raises
    ------
    InputError
        The family has no list, or the folder no file of it.
    FetchError, FormatError
        The list cannot be had, or is none.
    """
    if origin and not origin.startswith(("http://", "https://")):
        found = sorted(_in_folder(family, Path(origin)), key=lambda f: (f.stamp, f.name))
        if not found:
            raise InputError(f"{origin}: no file named as {family} names its files; tripoint events sync --help")
    elif family not in ADDRESSES:
        raise InputError(f"{family}: download its files from {BY_HAND[family]}, then add --from FOLDER")
    else:
        found = sorted(_at_address(family, (origin or ADDRESSES[family]).rstrip("/")), key=lambda f: (f.stamp, f.name))
    return [f for f in found if _meets(f.stamp, since, until)]


def md5_of(path: Path) -> str:
    """MD5 of a file, as GDELT's lists have it; it tells damage, not intent."""
    md5 = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            md5.update(chunk)
    return md5.hexdigest()


def _in_folder(family: Family, folder: Path) -> Iterator[Listed]:
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    seen = set[str]()
    for path in sorted(folder.rglob("*")):
        plain = path.name.lower().removesuffix(".zip")  # one file, zipped and not, is one
        if path.is_file() and family_of(path.name) == family and plain not in seen:
            seen.add(plain)
            yield Listed(path.name, path.stat().st_size, "", str(path))


def _at_address(family: Family, base: str) -> list[Listed]:
    if family == "gdelt":
        return list(parse_master(_get(f"{base}/{MASTER}"), base))
    pairs = [line.split() for line in _get(f"{base}/{SUMS}").splitlines()]
    sums = {row[1]: row[0] for row in pairs if len(row) == 2}
    sizes = [line.split() for line in _get(f"{base}/{SIZES}").splitlines()]
    return [
        Listed(row[1], int(row[0]), sums.get(row[1], ""), f"{base}/{row[1]}")
        for row in sizes
        if len(row) == 2 and row[0].isdigit() and family_of(row[1]) == "gdelt-1" and _safe(row[1])
    ]


def parse_master(text: str, base: str) -> Iterator[Listed]:
    """Event files of a master list of GDELT 2.0; its addresses are taken at ``base``.

    Raises
    ------
    FormatError
        The text is no such list.
    """
    lines = 0
    for line in text.splitlines():
        row = line.split()
        if len(row) != 3 or not row[0].isdigit() or not re.fullmatch(r"[0-9a-f]{32}", row[1]):
            continue  # the real list has a few lines without a size or an address
        lines += 1
        name = PurePosixPath(row[2]).name
        if family_of(name) == "gdelt" and ".translation." not in name.lower() and _safe(name):
            yield Listed(name, int(row[0]), row[1], f"{base}/{name}")
    if not lines:
        raise FormatError(f"{base}/{MASTER}: not a list of files with bytes, md5 and address; first: '{text[:60]}'")


def _safe(name: str) -> bool:
    return re.fullmatch(r"[\w.-]+", name) is not None


def _get(address: str) -> str:
    import httpx

    try:
        answer = httpx.get(address, timeout=_SECONDS, follow_redirects=True).raise_for_status()
    except httpx.HTTPError as error:
        raise FetchError(f"{address}: {error}; check the network, or add --from FOLDER") from error
    return answer.text


def _meets(stamp: str, since: date | None, until: date | None) -> bool:
    """Whether the day, month or year of a file's stamp meets a period; a file without a stamp always does."""
    if len(stamp) < len("1979"):
        return True
    year = int(stamp[:4])
    if len(stamp) == len("1979"):
        first, last = date(year, 1, 1), date(year, 12, 31)
    else:
        month = int(stamp[4:6])
        first = date(year, month, int(stamp[6:8]) if len(stamp) >= len("19790101") else 1)
        last = first if len(stamp) >= len("19790101") else date(year, month, calendar.monthrange(year, month)[1])
    return (since is None or last >= since) and (until is None or first <= until)


def total_bytes(files: Iterable[Listed]) -> int:
    """Bytes of files in all."""
    return sum(f.bytes for f in files)
