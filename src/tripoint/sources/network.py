"""From an address to a file: resumed where it broke off if it is the same version, checked, and only then named."""

from __future__ import annotations

import csv
import fnmatch
import ipaddress
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tripoint.errors import FetchError, FormatError
from tripoint.provenance import SourceFile
from tripoint.sources.tabular import check_not_html

if TYPE_CHECKING:
    import httpx

TRIES = 4
_CONNECT_SECONDS, _READ_SECONDS = 30.0, 60.0
#: Longest that one file may take in all [s], most redirects, and most bytes of a mirror's list.
_TOTAL_SECONDS = 3600.0
_MOST_REDIRECTS = 5
_MOST_LISTED = 20_000_000
#: Times its packed size that a file may have.
MOST_RATIO = 200

Progress = Callable[[str, int, int], None]


class UnreachableError(FetchError):
    """An address did not answer; what has arrived is kept and will be resumed."""


def download(address: str, target: Path, file: SourceFile, progress: Progress | None = None) -> None:
    """Bring an address to a file, whole.

    Raises
    ------
    UnreachableError
        The address did not answer, broke off at every try, or took too long.
    FetchError
        The file is larger than the catalog allows, or the way leads where it must not.
    FormatError
        A web page came instead, or the file's end is missing.
    """
    import httpx

    partial = target.with_name(target.name + ".part")
    last: Exception | None = None
    until = time.monotonic() + _TOTAL_SECONDS
    for attempt in range(TRIES):
        if attempt:
            time.sleep(min(2.0**attempt, 8.0) * 0.25)
        try:
            _stream(address, partial, file, progress, until)
        except (httpx.TransportError, httpx.HTTPStatusError, httpx.TooManyRedirects, httpx.DecodingError) as error:
            last = error
            if isinstance(error, httpx.TooManyRedirects | httpx.UnsupportedProtocol):
                break
            if isinstance(error, httpx.HTTPStatusError) and error.response.status_code in (401, 403, 404, 410):
                break
            continue
        try:
            check_not_html(partial)
            check_whole(partial, target.name)
        except FormatError:
            _discard(partial)  # else the next try would go on behind what was refused
            raise
        partial.replace(target)
        _tag_of(partial).unlink(missing_ok=True)
        return
    raise UnreachableError(f"{address}: {last}; tried {attempt + 1} times")


def _stream(address: str, partial: Path, file: SourceFile, progress: Progress | None, until: float) -> None:
    """Bring an address into a file, going on behind what has arrived of the same version."""
    import httpx

    tag, max_bytes = _read_tag(partial), file.max_bytes
    have = partial.stat().st_size if partial.exists() and (tag or file.sha256) else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    if have and tag:
        headers["If-Range"] = tag
    timeout = httpx.Timeout(_CONNECT_SECONDS, read=_READ_SECONDS)
    with _client(timeout) as client, client.stream("GET", address, headers=headers) as answer:
        _check_way(address, [str(r.url) for r in answer.history] + [str(answer.url)])
        if have and answer.status_code == 416:
            _discard(partial)
            raise httpx.RemoteProtocolError(f"nothing behind {have:,} bytes; what had arrived is given up")
        answer.raise_for_status()
        if answer.status_code == 206:
            if _range_start(answer.headers.get("Content-Range", "")) != have:
                _discard(partial)
                raise httpx.RemoteProtocolError("the server went on at another place than it was asked to")
        else:
            have = 0
        _write_tag(partial, answer.headers)
        stated = answer.headers.get("Content-Length", "")
        total = have + int(stated) if stated.isdigit() else 0
        encoded = answer.headers.get("Content-Encoding", "identity") != "identity"
        with partial.open("ab" if have else "wb") as sink:
            for chunk in answer.iter_bytes():
                have += len(chunk)
                if have > max_bytes or answer.num_bytes_downloaded * MOST_RATIO < have - total:
                    sink.close()
                    _discard(partial)
                    raise FetchError(
                        f"{address}: larger than {max_bytes:,} bytes, or inflates more than {MOST_RATIO} times; "
                        "this is not the file the catalog knows"
                    )
                if time.monotonic() > until:
                    raise httpx.ReadTimeout(f"not whole after {_TOTAL_SECONDS:.0f} s; {have:,} bytes have arrived")
                sink.write(chunk)
                if progress:
                    progress(partial.name.removesuffix(".part"), have, total)
        if total and not encoded and have != total:
            if have > total:
                _discard(partial)
            raise httpx.RemoteProtocolError(f"the connection closed after {have:,} of {total:,} bytes")


def _client(timeout: httpx.Timeout) -> httpx.Client:
    import httpx

    return httpx.Client(timeout=timeout, follow_redirects=True, max_redirects=_MOST_REDIRECTS)


def _check_way(asked: str, way: list[str]) -> None:
    """Refuse a redirect that leads from the open network into this machine or a private one, or away from https."""
    first = urlsplit(asked)
    for step in way:
        to = urlsplit(step)
        if first.scheme == "https" and to.scheme != "https":
            raise FetchError(f"{asked}: leads to {step}, which is not encrypted; it is not followed")
        if _private(to.hostname or "") and not _private(first.hostname or ""):
            raise FetchError(f"{asked}: leads to {step}, inside a private network; it is not followed")


def _private(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not found.is_global


def _range_start(header: str) -> int | None:
    unit, _, rest = header.partition(" ")
    start = rest.partition("-")[0]
    return int(start) if unit == "bytes" and start.isdigit() else None


def _tag_of(partial: Path) -> Path:
    return partial.with_name(partial.name + ".tag")


def _read_tag(partial: Path) -> str:
    """Version of what has arrived, as the server named it; empty where it named none, so that nothing is joined."""
    try:
        return _tag_of(partial).read_text("utf-8")[:500]
    except (OSError, UnicodeDecodeError):
        return ""


def _write_tag(partial: Path, headers: Mapping[str, str]) -> None:
    etag = headers.get("ETag", "")
    tag = etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")
    if tag:
        _tag_of(partial).write_text(tag, "utf-8")
    else:
        _tag_of(partial).unlink(missing_ok=True)


def _discard(partial: Path) -> None:
    partial.unlink(missing_ok=True)
    _tag_of(partial).unlink(missing_ok=True)


def check_whole(path: Path, name: str) -> None:
    """Refuse a file whose format shows that its end is missing.

    Zip archives and spreadsheets need their directory, gzip files their length, JSON and XML their closing sign. Text
    in lines cannot show it; the reader's counts and the catalog's hash do.

    Raises
    ------
    FormatError
        The end is missing.
    """
    kind = name.lower().rpartition(".")[2]
    if kind in ("zip", "xlsx", "rdata") and path.read_bytes()[:2] == b"PK" and not zipfile.is_zipfile(path):
        raise FormatError(f"{name}: a zip archive without its directory: it was cut; fetch it again")
    if kind in ("json", "geojson", "xml"):
        with path.open("rb") as handle:
            handle.seek(max(0, path.stat().st_size - 64))
            end = handle.read().rstrip()[-1:]
        if end not in (b"}", b"]", b">"):
            raise FormatError(f"{name}: ends in the middle: it was cut; fetch it again")
    if path.stat().st_size == 0:
        raise FormatError(f"{name}: the file is empty; fetch it again")


def names_at(base: str, pattern: str) -> Iterator[tuple[str, str]]:
    """Names under a URL mirror that match a glob, with hashes where the mirror publishes ``MANIFEST.tsv``."""
    import httpx

    if not any(c in pattern for c in "*?["):
        yield pattern, ""
        return
    address, body = f"{base}/MANIFEST.tsv", bytearray()
    try:
        with (
            _client(httpx.Timeout(_CONNECT_SECONDS, read=_READ_SECONDS)) as client,
            client.stream("GET", address) as answer,
        ):
            _check_way(address, [str(r.url) for r in answer.history] + [str(answer.url)])
            answer.raise_for_status()
            for chunk in answer.iter_bytes(65_536):
                body += chunk
                if len(body) > _MOST_LISTED:
                    raise FetchError(f"{address}: longer than {_MOST_LISTED:,} bytes; this is no list of files")
    except httpx.HTTPError as error:
        raise FetchError(
            f"{address}: {error}; a mirror lists its files there, or '{pattern}' cannot be found"
        ) from error
    rows = csv.DictReader(body.decode("utf-8", "replace").splitlines(), delimiter="\t")
    if not {"path", "sha256"} <= set(rows.fieldnames or ()):
        raise FetchError(f"{address}: has no columns 'path' and 'sha256'; it is no list of files")
    for row in rows:
        path = row["path"] or ""
        if fnmatch.fnmatch(path, pattern) and ".." not in PurePosixPath(path).parts:
            yield path, row["sha256"] or ""
